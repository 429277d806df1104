"""Numbers in words and figures, and the TIMEX3 value of a length of time."""

from __future__ import annotations

from typing import Final

from comity.understand.dates.context import name_of
from comity.understand.dates.lexer import Pieces

LONG_UNITS: Final = {"2W": ("W", 2.0), "3M": ("M", 3.0), "6M": ("M", 6.0)}


def quantity(pieces: Pieces, start: int, end: int) -> str:
    """The number that pieces start to end tell: digits, ``X`` if vague, empty if none."""
    total: float | None = None
    for at in range(start, end):
        kind, value = name_of(pieces.of(at)), pieces.values[at]
        if kind in {"Few", "Some", "MultPl", "Number"}:
            return "X"
        if kind in {"To", "Or", "Dash"} or (kind == "Hy" and total is not None and not _joins(pieces, at)):
            total = None
        elif kind == "An":
            total = 1.0 if total is None else total
        elif kind == "Mult":
            total = (total or 1.0) * float(value)
        elif kind == "Fraction":
            total = (0.0 if total is None else total) + float(value)
        elif kind == "Half":
            total = (0.0 if total is None else total) + 0.5
        elif kind in {"NumWord", "DayNum", "Count", "Year", "Decimal", "Couple"} and value:
            total = float(value) + (total if total is not None and kind == "NumWord" and total >= 20 else 0.0)
    return "" if total is None else f"{total:.10g}"


def _joins(pieces: Pieces, at: int) -> bool:
    """Whether a hyphen is inside a number (twenty-five, two-and-a-half, 2-1/2), not between two."""
    after = name_of(pieces.of(at + 1))
    if after == "Fraction":
        return True
    tens = pieces.values[at - 1].isdigit() and int(pieces.values[at - 1]) >= 20
    return after in {"And", "An", "Half"} or (after == "NumWord" and tens and int(pieces.values[at + 1]) < 10)


def duration_value(number: str, unit: str) -> str:
    """P2W, PT3H, P1DE, PXD."""
    if unit in LONG_UNITS:
        base, factor = LONG_UNITS[unit]
        return f"P{number if number == 'X' else f'{float(number) * factor:.10g}'}{base}"
    if unit.startswith("T"):
        return f"PT{number}{unit[1]}"
    return f"P{number}{unit}"
