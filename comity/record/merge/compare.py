"""How like two reports are: named features of a pair, the same whichever comes first."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from comity.model import Record
from comity.record.merge.akin import akin
from comity.record.merge.keys import compatible, keys_of, lookup_keys
from comity.record.merge.records import ReportRow, window_of
from comity.record.merge.terms import Terms, cosine, idf, rarest, stem, terms_of

FEATURES: Final = (
    "type same", "mode same", "mode apart", "actors", "other side", "side akin", "direction", "anchor same",
    "same day", "one day apart", "few days apart", "days apart",
    "told at once", "told a day later", "told days later", "told otherwise", "told together", "told apart",
    "within", "outside", "undated", "published apart",
    "place same", "place apart", "count same", "count apart",
    "words", "names", "names apart", "often done", "numbers same", "numbers apart", "same document",
)  # fmt: skip
FEW_DAYS: Final = 3
DISCRIMINATING: Final = 2.0
"""Rarest names in common from which they count fully."""
OFTEN: Final = frozenset({"ASSAULT", "ACCUSE", "REQUEST", "THREATEN", "REJECT", "MOBILIZE", "COERCE", "SANCTION"})
"""Acts of which one actor may do several to another on one day; visits and treaties are seldom doubled."""
_ONES: Final = tuple(tuple(float(at == place) for place in range(13)) for at in range(13))


class Side(Record, frozen=True):
    """What of a report is compared, worked out once; ``keys`` and ``lookup`` are its `keys_of` and `lookup_keys`."""

    report: ReportRow
    actors: frozenset[str]
    day: date | None
    assumed: bool
    low: date
    high: date
    terms: Terms
    anchor: str
    year: frozenset[str]
    keys: tuple[str, ...]
    lookup: tuple[str, ...]


def side_of(report: ReportRow) -> Side:
    """A report made ready for comparing."""
    low, high = window_of(report)
    exact = report.precision == "day" and report.date_start is not None and report.date_end in (None, report.date_start)
    if report.status in ("announced", "possible") and report.date_end is None:
        exact = False
    years = {str(d.year) for d in (report.date_start, report.published) if d}
    return Side(
        report=report,
        actors=frozenset({*report.sources, *report.targets}),
        day=report.date_start if exact else None,
        assumed=report.precision == "unknown" and report.date_start is not None and report.status != "announced",
        low=low,
        high=high,
        terms=terms_of(report.evidence),
        anchor=stem(report.anchor.split()[0]) if report.anchor.strip() else "",
        year=frozenset(years),
        keys=keys_of(report),
        lookup=lookup_keys(report),
    )


def may_match(first: Side, second: Side) -> bool:
    """Whether two reports can be of one event at all: status, type, an actor in common, windows that meet."""
    return (
        first.report.status == second.report.status
        and compatible(first.report.type, second.report.type)
        and first.low <= second.high
        and second.low <= first.high
        and not first.actors.isdisjoint(second.actors)
        and not _told_apart(first, second)
    )


def _told_apart(first: Side, second: Side) -> bool:
    """Two different days told exactly in one document are two events."""
    return (
        first.report.document == second.report.document
        and first.day is not None
        and second.day is not None
        and first.day != second.day
    )


def features(first: Side, second: Side) -> tuple[float, ...]:
    """The features of a pair, in the order of `FEATURES`, each about 0 to 1."""
    a, b = first.report, second.report
    return (
        float(a.type == b.type),
        float(a.mode is not None and a.mode == b.mode),
        float(a.mode is not None and b.mode is not None and a.mode != b.mode),
        len(first.actors & second.actors) / (len(first.actors | second.actors) or 1),
        *_other_side(first, second),
        _direction(a, b),
        float(bool(first.anchor) and first.anchor == second.anchor),
        *_dates(first, second),
        _published(a.published, b.published),
        *_places(a, b),
        float(a.count is not None and a.count == b.count),
        float(a.count is not None and b.count is not None and a.count != b.count),
        *_words(first, second),
        float(a.document == b.document),
    )


def _other_side(first: Side, second: Side) -> tuple[float, float]:
    """Whether one side of the act is named in both reports and is somebody else in each: the first is 1 where the two
    have nothing to do with each other, the second where one may stand for the other, or is where it happened."""
    a, b = first.report, second.report
    if not (a.sources and a.targets and b.sources and b.targets):
        return (0.0, 0.0)
    if a.symmetric or b.symmetric:
        shared = first.actors & second.actors
        other = len(shared) < min(2, len(first.actors), len(second.actors))
    else:
        along = set(a.sources).isdisjoint(b.sources) or set(a.targets).isdisjoint(b.targets)
        across = set(a.sources).isdisjoint(b.targets) or set(a.targets).isdisjoint(b.sources)
        other = along and across
    if not other:
        return (0.0, 0.0)
    return (0.0, 1.0) if _akin(first, second) else (1.0, 0.0)


def _akin(first: Side, second: Side) -> bool:
    """Whether those whom only one of two reports names may be one another, or the place of the other report."""
    own, theirs = first.actors - second.actors, second.actors - first.actors
    if not own or not theirs or second.report.place_country in own or first.report.place_country in theirs:
        return True
    return any(akin(a, b) for a in own for b in theirs)


def _direction(a: ReportRow, b: ReportRow) -> float:
    """1 when the same side acts (or neither is told apart), 0 when the sides are turned round."""
    if a.symmetric or b.symmetric or not a.targets or not b.targets:
        return 1.0
    along = bool(set(a.sources) & set(b.sources)) + bool(set(a.targets) & set(b.targets))
    across = bool(set(a.sources) & set(b.targets)) + bool(set(a.targets) & set(b.sources))
    return 1.0 if along >= across else 0.0


def _dates(first: Side, second: Side) -> tuple[float, ...]:
    """Thirteen features of the days told, of which at most one is 1.

    Two exact days: the same, one, a few or more days apart.  A report without a date of its own has
    that of its publication, and the other an exact day: told on the day, the day after, within some
    days, or at another time.  Two such reports: told within a day of each other or not.  Vague
    dates (a month, a year): within each other or not.  No date at all.
    """
    a, b = first.report.date_start, second.report.date_start
    if a is None or b is None:
        return _one(12)
    if first.day is not None and second.day is not None:
        apart = abs((first.day - second.day).days)
        return _one(0 if apart == 0 else 1 if apart == 1 else 2 if apart <= FEW_DAYS else 3)
    if first.assumed and second.assumed:
        return _one(8 if abs((a - b).days) <= 1 else 9)
    if (first.assumed and second.day is not None) or (second.assumed and first.day is not None):
        later = (a - b).days if first.assumed else (b - a).days
        return _one(4 if later == 0 else 5 if later == 1 else 6 if 1 < later <= FEW_DAYS else 7)
    return _one(10 if _meets(first.report, second.report) else 11)


def _one(at: int) -> tuple[float, ...]:
    return _ONES[at]


def _meets(a: ReportRow, b: ReportRow) -> bool:
    """Whether the told days of two reports meet, without any slack."""
    a_start, b_start = a.date_start or date.min, b.date_start or date.min
    a_end = a.date_end or (date.max if a.status in ("announced", "possible") else a_start)
    b_end = b.date_end or (date.max if b.status in ("announced", "possible") else b_start)
    return a_start <= b_end and b_start <= a_end


def _published(a: date | None, b: date | None) -> float:
    """0 for the same day, about 1 for a year."""
    return math.log1p(abs((a - b).days)) / math.log(366) if a and b else 0.3


def _places(a: ReportRow, b: ReportRow) -> tuple[float, float]:
    if not a.place_name or not b.place_name:
        return (0.0, 0.0)
    if a.place_name.casefold() == b.place_name.casefold():
        return (1.0, 0.0)
    if a.place_country and b.place_country and a.place_country != b.place_country:
        return (0.0, 1.0)
    return (0.0, 0.5)


def _words(first: Side, second: Side) -> tuple[float, ...]:
    """Likeness of the sentences; rare names in common and at odds; an act that is done often, told
    without a rare word in common; numbers in common and at odds."""
    a, b = first.terms, second.terms
    shared = a.rare_names & b.rare_names
    years = first.year | second.year
    left, right = a.numbers - years, b.numbers - years
    often = first.report.type in OFTEN and second.report.type in OFTEN
    return (
        cosine(a.weights, b.weights),
        min(1.0, sum(map(idf, shared)) / (DISCRIMINATING * rarest())) if shared else 0.0,
        float(bool(a.rare_names) and bool(b.rare_names) and not shared),
        float(often and a.rare.isdisjoint(b.rare)),
        min(1.0, len(left & right) / 2),
        float(bool(left) and bool(right) and not left & right),
    )
