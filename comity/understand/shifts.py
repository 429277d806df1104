"""Events dated by other events: "a week after the video call", "two days before the vote of 20 September"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from comity.model import EventDate, Record, Timex
from comity.understand.dates.calendar import interval, shift, unit_value
from comity.understand.timing import is_pluperfect, own
from comity.understand.tree import Tree

DURATION: Final = re.compile(r"P(?:(\d+)DE)?(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")
LENGTH: Final = re.compile(r"P(\d+|X)(DE|CE|Y|M|W|D)$")
DAYS: Final = MappingProxyType({"CE": 36525, "DE": 3653, "Y": 366, "M": 31, "W": 7, "D": 1})
SEVERAL: Final = 3
"""How many "years", "months" are taken to be where no number is told."""
DAYS_OF_A_MONTH: Final = 28
PASSED: Final = (["has", "passed"], ["have", "passed"])
"""Words between a length of time and "since": "a year has passed since"."""


class Distance(Record, frozen=True):
    """A length of time between what governs a phrase and the phrase: "[two days] before [the vote]"."""

    timex: Timex
    word: str
    phrase: int


def distances(tree: Tree, timexes: Sequence[tuple[Timex, int]]) -> Iterator[Distance]:
    """The lengths of time of a sentence that stand right before "after" or "before"."""
    for index in range(len(tree)):
        if tree.low(index) not in {"after", "before", "since"} or tree.head(index) < 0:
            continue
        for timex, _ in timexes:
            between = [t for t in tree.tokens[:index] if t.start >= timex.end]
            near = len(between) == 0 or (tree.low(index) == "since" and [t.text for t in between] in PASSED)
            if timex.end <= tree.tokens[index].start and near and timex.value.startswith("P"):
                yield Distance(timex=timex, word=tree.low(index), phrase=tree.head(index))


def dated_by(
    tree: Tree, timexes: Sequence[tuple[Timex, int]], predicate: int, carrier: int, told: Timex | date | None
) -> tuple[EventDate, str] | None:
    """The date of an event that is told by its distance from another.

    ``told`` is the time from which a distance counts where its sentence does not tell.
    """
    for found in distances(tree, timexes):
        below = set(tree.subtree(found.phrase))
        inner = [(t, h) for t, h in timexes if h in below and t is not found.timex]
        anchor = own(tree, inner, found.phrase, found.phrase)
        if anchor is None and tree.tokens[found.phrase].upos == "NOUN" and isinstance(told, Timex):
            anchor = told  # "five days after her death": what the passage has told of
        if found.phrase in {predicate, carrier, tree.first_conjunct(predicate)}:
            if anchor is not None:
                continue  # "a day after Algiers broke off relations on August 24"
            above = tree.clause(tree.head(found.phrase)) if tree.head(found.phrase) >= 0 else -1
            main = own(tree, timexes, above, above) if above >= 0 else None
            past = is_pluperfect(tree, found.phrase)
            known = main is not None and main.low is not None and (found.word != "since" or past)
            later = found.word == "before" and not (not known and past)
            moved = move(main if known else told, found.timex.value, later, known)
        elif (
            anchor is not None
            and found.word != "since"
            and tree.clause(tree.head(found.phrase))
            in {
                tree.clause(predicate),
                tree.first_conjunct(tree.clause(predicate)),
            }
        ):
            moved = move(anchor, found.timex.value, found.word == "after")
        else:
            continue
        if moved is not None:
            return moved, f"'{found.timex.text} {found.word}'"
    return None


def lasting(tree: Tree, timexes: Sequence[tuple[Timex, int]], predicate: int, published: date) -> EventDate | None:
    """The time of what has gone on for a while: "have fought for more than a decade", "fights since years"."""
    perfect = {"has", "have", "ve"} & {tree.low(k).strip("'’") for k in tree.kids(predicate, "aux")}
    for timex, head in timexes:
        length = LENGTH.match(timex.value) if timex.kind == "DURATION" else None
        led = tree.case(head)
        if length is None or tree.head(head) != predicate:
            continue
        if led != "since" and not (perfect and led in {"for", "over"}):
            continue
        days = DAYS[length[2]] * (int(length[1]) if length[1].isdigit() else SEVERAL)
        return EventDate(start=published - timedelta(days=days), end=published, precision="unknown")
    return None


def move(anchor: Timex | date | None, value: str, later: bool, loose: bool = True) -> EventDate | None:
    """A time moved by a TIMEX3 duration; years and months give no day.

    Years that are not ``loose`` are counted to the month, as reports of anniversaries do.
    """
    match = DURATION.match(value)
    low = anchor.low if isinstance(anchor, Timex) else anchor
    high = anchor.high if isinstance(anchor, Timex) else anchor
    if match is None or low is None or high is None:
        return None
    decades, years, months, weeks, days = (int(g or 0) for g in match.groups())
    sign = 1 if later else -1
    if decades:
        day = shift(low, "M", sign * decades * 120)
        return _about(day.year) if day else None
    if isinstance(anchor, Timex) and anchor.precision in {"month", "season", "year"} and (years or months):
        first = shift(low, "M", sign * (years * 12 + months))
        last = shift(high, "M", sign * (years * 12 + months))
        return EventDate(start=first, end=last, precision=anchor.precision) if first and last else None
    if years or months:
        day = shift(low, "M", sign * (years * 12 + months))
        span = interval(unit_value(day, "M" if months or years == 1 or not loose else "Y")) if day else None
        return EventDate(start=span[0], end=span[1], precision=span[2]) if span else None
    total = weeks * 7 + days
    if not total:
        return None
    if isinstance(anchor, Timex) and anchor.precision not in {"day", "week", "month"} and total < DAYS_OF_A_MONTH:
        return EventDate(start=low, end=high, precision=anchor.precision)
    slack = timedelta(days=0 if days else total // 7)
    by = timedelta(days=sign * total)
    return EventDate(start=low + by - slack, end=high + by + slack, precision="week" if total >= 7 else "day")


def _about(year: int) -> EventDate:
    """A year, and those beside it: decades are told roundly."""
    low, high = date(max(date.min.year, year - 1), 1, 1), date(min(date.max.year, year + 1), 12, 31)
    return EventDate(start=low, end=high, precision="year")
