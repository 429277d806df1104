"""Tables for people, JSON for programs, CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from comity.exchange.cells import cell
from comity.paths import as_text
from comity.record.wording import many

__all__ = ["cell", "many", "typed", "write_csv", "write_json", "write_text"]


def write_json(value: Any) -> None:
    """One JSON value, indented."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
    sys.stdout.buffer.flush()


def write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """CSV with a head.  A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row.get(c)) for c in columns])
    write_text(buffer.getvalue())


def typed() -> str:
    """The command as it was typed, to be kept with what it did."""
    return as_text(" ".join(["comity", *sys.argv[1:]]))


def write_text(text: str) -> None:
    """Data for programs, in UTF-8 whatever the terminal can show."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
