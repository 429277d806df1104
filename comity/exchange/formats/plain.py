"""CSV, Parquet and JSON Lines: the columns of the record's events as they are."""

from __future__ import annotations

from typing import BinaryIO

import msgspec
import pyarrow.parquet as pq

from comity.exchange.cells import write_csv
from comity.exchange.exporting import Source


class Csv:
    """Comma-separated values with a head; lists have blanks between, no cell begins a formula."""

    suffix = ".csv"
    about = "CSV, UTF-8, for spreadsheets and statistics"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        return write_csv(out, source.rows(), source.table.column_names)


class Parquet:
    """Apache Parquet, with types and lists."""

    suffix = ".parquet"
    about = "Apache Parquet, for pandas, polars, R and DuckDB"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        pq.write_table(source.table, out, compression="zstd")
        return int(source.table.num_rows)


class JsonLines:
    """One JSON object a line."""

    suffix = ".jsonl"
    about = "JSON Lines"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        number = 0
        for row in source.rows():
            out.write(msgspec.json.encode(row) + b"\n")
            number += 1
        return number
