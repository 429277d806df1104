"""Years before our era: beyond the calendar in use here; they have values and no days, and are counted apart."""

from __future__ import annotations

import re
from typing import Final

from comity.understand.dates.context import Context, Hit, Meaning
from comity.understand.dates.quantity import quantity
from comity.understand.dates.relative import AHEAD, plain, step

VALUE: Final = re.compile(r"BC(\d{2,4})")
CENTURY: Final = 2
"""Figures of the value of a century: BC04."""
UNTOLD: Final = "XXXX"
ONWARD: Final = frozenset({"month_day", "month", "season", "the_unit"})


def before_our_era(value: str) -> int | None:
    """The year before our era that a value tells (of a century its number), None for other values."""
    told = VALUE.match(value)
    return int(told[1]) if told else None


def counted(hit: Hit, rule: str, meaning: Meaning, context: Context) -> Meaning:
    """What goes on from a year before our era, with that year: "1 October", "the following summer", "two years later".

    Remembers the year that was told last.
    """
    told = VALUE.match(meaning.value)
    if told and len(told[1]) > CENTURY:
        context.before_christ = int(told[1])
    elif meaning.low is not None:
        context.before_christ = None
    year = context.before_christ
    if told or year is None:
        return meaning
    later = _later(hit, rule, meaning)
    if later is None or year - later < 1:
        return meaning
    context.before_christ = year - later
    value = f"BC{year - later:04d}{meaning.value[4:] if rule in ONWARD else ''}"
    return Meaning(kind="DATE", value=value, why="onward from a year before our era")


def _later(hit: Hit, rule: str, meaning: Meaning) -> int | None:
    """How many years after the one told last an expression lies; None where it does not count in years from it."""
    if rule in ONWARD:
        ahead = rule != "the_unit" and plain(hit.words("r")) in AHEAD
        return int(ahead) if meaning.value.startswith(UNTOLD) else None
    if rule == "rel_unit" and hit.value("u") == "Y":
        return step(plain(hit.words("r"))) if meaning.value == UNTOLD else None
    if rule == "ago" and hit.value("u") == "Y" and hit.has("q") and hit.kind("a") in {"Later", "Earlier"}:
        number = quantity(hit.pieces, *hit.match.span("q"))
        return int(float(number)) * (1 if hit.kind("a") == "Later" else -1) if number not in {"", "X"} else None
    return None
