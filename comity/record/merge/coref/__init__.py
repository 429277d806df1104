"""Coreference of events from text alone: reading mentions, telling stories apart, scoring pairs, clustering."""
