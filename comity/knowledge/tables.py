"""Reading a CSV table row by row, each value checked, each fault with file and line."""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from comity.errors import BadKnowledge

T = TypeVar("T")

_DATE = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in a table."""

    file: str
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        fix = f" ({self.fix})" if self.fix else ""
        return f"{self.file}:{self.line}: {self.message}{fix}"


class RowFault(ValueError):
    """A value of the row at hand is wrong; `read_table` turns it into a `Fault`."""

    def __init__(self, message: str, fix: str = "") -> None:
        self.message = message
        self.fix = fix
        super().__init__(message)


class Row:
    """One row of a table, with typed and checked access to its columns."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = cells

    def text(self, column: str) -> str:
        """The value, possibly empty."""
        return self._cells.get(column, "").strip()

    def need(self, column: str) -> str:
        """The value, which must not be empty."""
        value = self.text(column)
        if not value:
            raise RowFault(f"column {column!r} is empty", f"fill in {column}")
        return value

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """The value, which must be one of the allowed words."""
        value = self.need(column)
        if value not in allowed:
            raise RowFault(f"{column} {value!r} is unknown", f"use one of {', '.join(allowed)}")
        return value

    def many(self, column: str) -> tuple[str, ...]:
        """The |-separated values, without doubles, in order."""
        return tuple(dict.fromkeys(v for part in self.text(column).split("|") if (v := part.strip())))

    def yes(self, column: str) -> bool:
        """A yes or no."""
        return self.one_of(column, ("yes", "no")) == "yes"

    def since(self, column: str = "from") -> date | None:
        """The first day meant by YYYY, YYYY-MM or YYYY-MM-DD."""
        value = self.text(column)
        return day_range(value)[0] if value else None

    def until(self, column: str = "until") -> date | None:
        """The last day meant by YYYY, YYYY-MM or YYYY-MM-DD."""
        value = self.text(column)
        return day_range(value)[1] if value else None

    def span(self) -> tuple[date | None, date | None]:
        """``from`` and ``until``, which must be in order."""
        since, until = self.since(), self.until()
        if since and until and since > until:
            raise RowFault(f"from {since} lies after until {until}", "exchange the dates or correct one")
        return since, until

    def number(self, column: str, low: float, high: float) -> float:
        """A number within bounds."""
        value = self.need(column)
        try:
            found = float(value)
        except ValueError:
            raise RowFault(f"{column} {value!r} is no number") from None
        if not low <= found <= high:
            raise RowFault(f"{column} {value} lies outside {low:g} to {high:g}")
        return found


def day_range(text: str) -> tuple[date, date]:
    """The first and last day meant by YYYY, YYYY-MM or YYYY-MM-DD."""
    match = _DATE.match(text)
    if not match:
        raise RowFault(f"date {text!r} cannot be read", "write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, int(month), 1), date(year, int(month), monthrange(year, int(month))[1])
        exact = date(year, int(month), int(day))
    except (ValueError, IndexError):
        raise RowFault(f"date {text!r} does not exist", "write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return exact, exact


def rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their line numbers; a wrong header is an error at once."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            header = next(reader, [])
            missing = [c for c in columns if c not in header]
            if missing:
                raise BadKnowledge(
                    f"lacks the column {', '.join(missing)}", about=f"{path.name}:1",
                    fix=f"the header is {','.join(columns)}",
                )  # fmt: skip
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(header):
                    raise BadKnowledge(
                        f"has {len(cells)} cells, the header {len(header)}",
                        about=f"{path.name}:{reader.line_num}", fix="quote values with commas",
                    )  # fmt: skip
                yield reader.line_num, dict(zip(header, cells, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadKnowledge(f"cannot be read: {error}", about=path.name, fix="it must be UTF-8 CSV") from error


def read_table(
    path: Path, columns: Sequence[str], build: Callable[[Row], T], faults: list[Fault]
) -> tuple[T, ...]:
    """Build a record from each row; rows that are wrong go to ``faults`` and are left out."""
    out: list[T] = []
    for line, cells in rows(path, columns):
        try:
            out.append(build(Row(cells)))
        except RowFault as fault:
            faults.append(Fault(file=path.name, line=line, message=fault.message, fix=fault.fix))
    return tuple(out)
