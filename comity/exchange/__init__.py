"""Event data sets of others into the record, and selections of the record out: one module a format."""
