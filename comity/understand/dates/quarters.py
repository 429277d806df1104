"""Resolvers of quarters and halves of a year, with and without their year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from comity.understand.dates.absolute import year_of
from comity.understand.dates.calendar import interval, quarter_value, shift
from comity.understand.dates.context import MONTHS, Context, Hit, Meaning, dated

JUST_ENDED: Final = timedelta(days=100)
OF_A_YEAR: Final = frozenset({"In", "Until", "By", "For", "During", "Since", "Before", "Through"})
SPORTS: Final = frozenset("goal goals match game games score scored scorer minute minutes coach penalty halftime play"
                          " played team side defeat ball cup league kick striker".split())  # fmt: skip


def quarter(hit: Hit, context: Context) -> Meaning | None:
    """The third quarter of 2019, Q3, the first half of last year, third-quarter."""
    number = int(hit.value("o"))
    kind = hit.kind("o")
    half = hit.kind("q") == "Half" or kind == "Halfly"
    last = 2 if half else 4
    number = last if number == -1 else number
    if not 1 <= number <= last or (hit.has("v") and hit.value("v") != "Y"):
        return None
    part = f"{'H' if half else 'Q'}{number}"
    if hit.has("y"):
        return dated(f"{int(hit.value('y')):04d}-{part}", "part of a year")
    if hit.has("k"):
        year = year_of(hit.words("k"), context, hit)
        return dated(f"{year:04d}-{part}" if year else f"XXXX-{part}", "part of a year")
    hyphened = hit.has("q") and hit.match.start("q") - hit.match.start("o") > 1
    if half and kind != "Halfly" and not hyphened and not _half_of_a_year(hit, context):
        return None
    return _nearest(part, hit, context)


def _half_of_a_year(hit: Hit, context: Context) -> bool:
    """Whether "in the second half" is of a year and not of a match."""
    if hit.before() not in OF_A_YEAR or hit.after() == "Of" or hit.pieces.word(hit.start).lower() != "the":
        return False
    low, high = context.sentence(hit.offsets()[0])
    return not SPORTS & set(hit.pieces.text[low:high].lower().split())


def _nearest(part: str, hit: Hit, context: Context) -> Meaning | None:
    """The part of a year by tense; what has just ended is meant even where its figures are still to come."""
    today = context.today(hit)
    if today is None:
        return Meaning(kind="DATE", value=f"XXXX-{part}", why="no year told")
    values = [f"{today.year + n:04d}-{part}" for n in (-1, 0, 1)]
    spans = [(value, span) for value in values if (span := interval(value))]
    ended = [value for value, span in spans if span[1] < today <= span[1] + JUST_ENDED]
    if context.tense(hit) == "future" and not ended:
        return dated(next(v for v, span in spans if span[1] >= today), "next such part of a year")
    return dated([v for v, span in spans if span[0] <= today][-1], "last such part of a year")


def named_quarter(hit: Hit, context: Context) -> Meaning | None:
    """The July-September quarter, the June quarter."""
    month = int(hit.value("m"))
    if month % 3:
        return None
    if hit.has("y"):
        return dated(f"{int(hit.value('y')):04d}-Q{month // 3}", "part of a year")
    return _nearest(f"Q{month // 3}", hit, context)


def quarter_to(hit: Hit, context: Context) -> Meaning | None:
    """The quarter ended Sept. 30; a length of time where it is no quarter of the calendar."""
    month = hit.pieces.values[hit.end + 1] if hit.after(1) in MONTHS else ""
    if month and int(month) % 3 == 0:
        return _nearest(f"Q{int(month) // 3}", hit, context)
    return Meaning(kind="DURATION", value="P3M", why="length of time to a day told")


def same_quarter(hit: Hit, context: Context) -> Meaning | None:
    """The same quarter of 1999."""
    told = _told_quarter(context)
    return dated(f"{int(hit.value('y')):04d}{told[4:]}", "the quarter told of, in that year") if told else None


def year_ago_quarter(hit: Hit, context: Context) -> Meaning | None:
    """The year-ago quarter: a year before the quarter told of."""
    told = _told_quarter(context)
    if hit.value("u") != "Y" or not told:
        return None
    if hit.kind("q") == "Span" and (context.reference is None or context.reference.precision != "season"):
        return dated(f"{int(told[:4]) - 1:04d}", "the year before")
    return dated(f"{int(told[:4]) - 1:04d}{told[4:]}", "a year before the quarter told of")


def _told_quarter(context: Context) -> str:
    """The value of the quarter told of, else of the last one that is over; empty without a date."""
    if context.reference is not None and context.reference.precision == "season":
        return quarter_value(context.reference.low)
    before: date | None = shift(context.published, "3M", -1) if context.published else None
    return quarter_value(before) if before else ""
