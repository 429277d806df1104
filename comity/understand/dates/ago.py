"""Resolvers of distances from the publication or from what was told: two weeks ago, a year earlier, years ago."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from comity.model import Precision
from comity.understand.dates.calendar import shift, unit_value
from comity.understand.dates.context import RANK, Context, Hit, Meaning, Reference, dated
from comity.understand.dates.quantity import duration_value, quantity
from comity.understand.dates.relative import UNIT_PRECISION, VAGUE, share

GOES_ON = frozenset({"and", "but", "when", "that", "in", "at", "on", "with", "as", "by"})


def ago(hit: Hit, context: Context) -> Meaning | None:
    """Two weeks ago, a year earlier, three days later, the day before."""
    unit = hit.value("h") if hit.kind("h") in {"Unit"} else hit.value("u")
    number = _count(hit)
    if hit.has("s"):
        unit, number = share(unit, {"Half": 0.5, "Quarter": 0.25}[hit.kind("s")])
    kind = hit.kind("a")
    if not number or not unit or (number == "1" and hit.words("u").endswith("s")):
        return None
    if kind in {"Before", "After"} and not _ends_here(hit):
        return None
    if hit.words("a") == "behind" and not hit.closes():
        return None  # "two weeks behind" is translated for ago, "two weeks behind schedule" is not
    from_now = kind in {"Ago", "Hence", "Back", "From"}
    again = None if from_now or number == "X" else _told_again(hit, context, unit, float(number))
    if again is not None:
        return again
    direction = 1 if kind in {"Later", "After", "Hence", "From"} else -1
    told = None if from_now else context.told_day(hit) if unit == "D" else context.told()
    if kind == "Later" and unit != "D" and told is not None:
        told = _finer(context, unit, told) or told
    today = context.published if from_now else (told.low if told else None)
    if number == "X":
        return _vague(unit, direction, today, from_now)
    if kind == "Later" and context.reference is None:
        today = None  # later than something that is not told of by its time
    clock = unit in {"TH", "TM", "TS"}
    precision = UNIT_PRECISION.get(unit, "day")
    coarse = told is not None and RANK[told.precision] > RANK[precision]
    if coarse and told and told.precision == "season" and unit in {"M"}:
        coarse = False
    moved = shift(today, unit, direction * float(number)) if today else None
    if moved is None or coarse or (clock and not from_now):
        why = "counted from what was told"
        return Meaning(kind="DURATION", value=duration_value(number, unit), why=why)
    why = f"{number} {unit} {'after' if direction > 0 else 'before'} {'publication' if from_now else 'what was told'}"
    if told is not None and told.precision == "season" and unit == "Y" and not context.history:
        return dated(unit_value(moved, "3M"), why)
    if told is not None and told.precision == "month" and unit == "Y" and kind == "Earlier" and number == "1":
        return dated(unit_value(moved, "M"), why)  # figures of a month beside those of "a year earlier"
    found = dated(unit_value(moved, "D" if clock else "Y" if unit in {"DE", "CE", "ML"} else unit), why)
    if from_now and unit == "Y" and number == "1" and hit.start == hit.match.start("q") and not hit.has("h"):
        near = dated(unit_value(moved, "M"), why)  # the value of a year, but the month is meant
        return msgspec.structs.replace(found, low=near.low, high=near.high, precision=near.precision)
    return found


def _finer(context: Context, unit: str, told: Reference) -> Reference | None:
    """What was told before a mere year told in passing.

    "Found in May 2019 that it had erred in 1965, and the Assembly demanded three months later".
    """
    earlier, size = context.earlier, RANK[UNIT_PRECISION.get(unit, "day")]
    if earlier is None or RANK[told.precision] <= size or told.high >= earlier.low:
        return None
    return earlier if earlier.explicit and RANK[earlier.precision] <= size else None


def _told_again(hit: Hit, context: Context, unit: str, number: float) -> Meaning | None:
    """A day told again by its distance from what was told before it: "on 7 April, three days before, he had gone"."""
    day, earlier = context.reference, context.earlier
    if day is None or earlier is None or hit.before() != "Comma" or hit.word_after() != ",":
        return None
    moved = shift(earlier.low, unit, number if hit.kind("a") in {"Later", "After"} else -number)
    near = hit.start - day.end <= 1 and day.precision == "day"
    if not near or moved is None or unit_value(moved, unit) != unit_value(day.low, unit):
        return None
    return dated(day.low.isoformat(), "the day just told")


def ago_day(hit: Hit, context: Context) -> Meaning | None:
    """Ten years ago today."""
    number, today = quantity(hit.pieces, *hit.match.span("q")), context.published
    if number in {"", "X"} or today is None:
        return None
    moved = shift(today + timedelta(days=int(hit.value("d"))), hit.value("u"), -float(number))
    return dated(moved.isoformat(), f"{number} {hit.value('u')} before publication, to the day") if moved else None


def from_day(hit: Hit, context: Context) -> Meaning | None:
    """A week from today, two weeks from tomorrow."""
    number, today = quantity(hit.pieces, *hit.match.span("q")), context.published
    if number in {"", "X"} or today is None:
        return None
    moved = shift(today + timedelta(days=int(hit.value("d"))), hit.value("u"), float(number))
    return dated(moved.isoformat(), f"{number} {hit.value('u')} after publication, to the day") if moved else None


def _count(hit: Hit) -> str:
    if hit.has("q"):
        number = quantity(hit.pieces, *hit.match.span("q"))
        return f"{float(number) + 0.5:g}" if hit.has("h") and number not in {"", "X"} else number
    return "1"


def _ends_here(hit: Hit) -> bool:
    """Whether "two years before" is not followed by an event."""
    return hit.closes() or hit.word_after().lower() in GOES_ON


def _vague(unit: str, direction: int, today: date | None, from_now: bool) -> Meaning:
    """A few days ago: PAST_REF, as annotators write it, with the days that it may mean."""
    size = VAGUE.get(unit, 5)
    near = shift(today, unit, 2 * direction) if today else None
    far = shift(today, unit, size * direction) if today else None
    if not from_now:
        return Meaning(kind="DURATION", value=duration_value("X", unit), why="vague time from what was told")
    value = "FUTURE_REF" if direction > 0 else "PAST_REF"
    if near is None or far is None:
        return Meaning(kind="DATE", value=value, why="vague")
    coarser: Precision = "week" if unit == "D" else "month" if unit == "W" else "year" if unit == "M" else "decade"
    return Meaning(kind="DATE", value=value, low=min(near, far), high=max(near, far),
                   precision="day" if unit in {"TH", "TM"} else coarser, why="a few before publication")  # fmt: skip


def vague_ago(hit: Hit, context: Context) -> Meaning | None:
    """Years ago, long ago, months later."""
    kind = hit.kind("a")
    if kind == "Ago":
        return Meaning(kind="DATE", value="PAST_REF", why="vague past")
    if kind in {"Hence", "Ahead"}:
        return Meaning(kind="DATE", value="FUTURE_REF", why="vague future")
    if not hit.has("u"):
        return None
    return Meaning(kind="DURATION", value=duration_value("X", hit.value("u")), why="vague time from what was told")
