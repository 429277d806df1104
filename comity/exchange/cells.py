"""Values as they go into tables of text, so that no spreadsheet takes one for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def cell(value: Any) -> Any:
    """One value of CSV: lists with blanks between, nothing for null, texts guarded; numbers stay numbers."""
    if isinstance(value, list | tuple):
        value = " ".join(str(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return guarded(value) if isinstance(value, str) else value


def write_csv(out: BinaryIO, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> int:
    """CSV as in RFC 4180 with a head, in UTF-8; the number of rows."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([cell(row.get(c)) for c in columns])
        number += 1
    text.detach()
    return number


def tab(value: Any) -> str:
    """One value of a file of tabs, which has no quotation marks: no tab or line end inside it."""
    if value is None:
        return ""
    return guarded(" ".join(str(value).split())) if isinstance(value, str) else str(value)


def write_tabs(out: BinaryIO, rows: Iterable[Sequence[Any]]) -> int:
    """Lines with tabs between; the number of rows."""
    number = 0
    for row in rows:
        out.write(("\t".join(tab(v) for v in row) + "\n").encode())
        number += 1
    return number
