"""Gold of merging laid together in time and among few states, as a record of a crowded month is.

The stories of the gold mostly keep apart from each other: other states, other years.  In a large record many acts of
one kind between one pair of states lie within days.  `crowded` makes such a record of the same reports: each story is
moved by whole weeks (weekdays in the text stay true) into the same few weeks, and its most active states are exchanged
for those of a small pool (not those of which another actor of the story is kin, as an alliance and its member are).
Which reports are of one event does not change.  The texts keep their words, so that two stories have as few words in
common as two stories have; who reads names in the text as well finds it easier than a real crowd.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from comity.record.merge import ReportRow
from comity.record.merge.akin import akin

if TYPE_CHECKING:
    from comity.evaluate.merge_score import GoldReport

POOL: Final = ("USA", "RUS", "CHN", "IRN", "ISR")
"""The states that stand for the most active ones of every story."""
FIRST: Final = date(2020, 1, 6)
"""The Monday of the first week."""
WEEKS: Final = 4
"""Weeks in one of which each story begins."""


def crowded(gold: Sequence[GoldReport], seed: int = 1, weeks: int = WEEKS) -> list[GoldReport]:
    """The same reports with their stories laid upon one another; the same seed gives the same crowd."""
    draw = random.Random(seed)
    stories: dict[str, list[GoldReport]] = {}
    for report in gold:
        stories.setdefault(report.story, []).append(report)
    found = []
    for _, reports in sorted(stories.items()):
        shift = _shift(reports, draw.randrange(weeks))
        others = _exchange([g.row for g in reports], draw)
        found += [msgspec.structs.replace(g, row=_moved(g.row, shift, others)) for g in reports]
    return found


def _shift(reports: Sequence[GoldReport], week: int) -> timedelta:
    """Whole weeks by which the first publication comes to lie in this week."""
    first = min(g.row.published for g in reports if g.row.published)
    monday = first - timedelta(days=first.weekday())
    return FIRST + timedelta(weeks=week) - monday


def _exchange(rows: Sequence[ReportRow], draw: random.Random) -> Mapping[str, str]:
    """Who stands for each actor of a story: states of the pool for its most active ones, others for its rest."""
    counted = Counter(code for row in rows for code in (*row.sources, *row.targets))
    alone = [code for code in counted if not any(akin(code, other) for other in counted)]
    ordered = sorted(alone, key=lambda code: (-counted[code], code))
    pool = draw.sample(POOL, len(POOL))
    others = dict(zip(ordered, pool, strict=False))
    return others | {code: f"{code}'" for code in counted if code in POOL and code not in others}


def _moved(row: ReportRow, shift: timedelta, others: Mapping[str, str]) -> ReportRow:
    return msgspec.structs.replace(
        row,
        sources=tuple(others.get(c, c) for c in row.sources),
        targets=tuple(others.get(c, c) for c in row.targets),
        date_start=row.date_start + shift if row.date_start else None,
        date_end=row.date_end + shift if row.date_end else None,
        published=row.published + shift if row.published else None,
        place_country=others.get(row.place_country, row.place_country) if row.place_country else None,
    )
