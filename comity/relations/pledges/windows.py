"""When a pledge is due, from when and until when an event may settle it, and when it lapses."""

from __future__ import annotations

from datetime import date, timedelta

from comity.model import Record
from comity.relations.pledges.model import Act

TOLERANCE = {"day": 3, "week": 5, "month": 10, "season": 30, "year": 45, "decade": 365, "century": 365}
"""Days by which an event may miss the days told and still be in time: dates of news are off by so much."""
GRACE = {"day": 14, "week": 21, "month": 45, "season": 75, "year": 120, "decade": 730, "century": 730}
"""Days after the last day told in which word of it may still come; after them the pledge has lapsed."""
UNDATED = 365
"""Days after which a pledge without a day counts as lapsed, doubtfully."""
LATE = 2
"""A late event may come up to so many times the grace after the last day."""
DAY = timedelta(days=1)


class Window(Record, frozen=True):
    """The days of a pledge.

    ``made``; ``start`` and ``end`` when it is due (None where no day was told); ``tolerance`` in days; ``lapses`` the
    last day of grace; ``horizon`` the last day of an event that may settle it, however late.
    """

    made: date
    start: date | None
    end: date | None
    tolerance: int
    lapses: date
    horizon: date


def window(act: Act) -> Window:
    """The days of an announced event.

    The reader gives an announcement that tells no day that of the publication, with precision ``unknown`` or without
    an end.  A day before the news is when the promise was made ("offered on Monday"), not when it is due.
    """
    told = act.known or act.start or date.min
    start, end = act.start, act.end or (act.start if act.precision != "unknown" else None)
    if start is None or act.precision == "unknown" or end is None:
        made = told if start is None else min(told, start)
        return _open(made)
    if end < told:
        return _open(start)
    tolerance = TOLERANCE.get(act.precision, 10)
    grace = timedelta(days=GRACE.get(act.precision, 45))
    return Window(
        made=told, start=start, end=end, tolerance=tolerance, lapses=after(end, grace),
        horizon=after(end, LATE * grace),
    )  # fmt: skip


def _open(made: date) -> Window:
    """The days of a pledge that tells none."""
    end = after(made, timedelta(days=UNDATED))
    return Window(made=made, start=None, end=None, tolerance=0, lapses=end, horizon=end)


def after(day: date, span: timedelta) -> date:
    """A day later, at most the last there is."""
    try:
        return day + span
    except OverflowError:
        return date.max


def before(day: date, span: timedelta) -> date:
    """A day earlier, at least the first there is."""
    try:
        return day - span
    except OverflowError:
        return date.min


def days_of(act: Act) -> tuple[date | None, date | None]:
    """First and last day on which an event may have been; of an undated one up to the day it was told."""
    start = act.start or act.known
    end = act.end or act.start or act.known
    return start, end
