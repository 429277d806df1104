"""Whether a text tells history: of times long past, and nothing that counts from its publication.

In such a text, an article of an encyclopedia or a chapter of a book, "in March" is the March that follows what was
told last, however many years ago that was; in the news it is the one nearest to publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from comity.understand.dates.antiquity import before_our_era
from comity.understand.dates.scan import Found

PAST: Final = 2
"""From so many years before publication on a year is long past."""
EARLY: Final = re.compile(r"\b(?:[Ii]n|[Ll]ate|[Ee]arly|[Bb]y|[Uu]ntil) [1-9]\d\d\b")
FEWEST: Final = 3
"""A text of fewer dates tells no history."""
FEWEST_EARLY: Final = 2
"""So many years of three figures make a text one of the first thousand years."""
MOSTLY: Final = 0.7
"""The share of the years told that must be long past."""
SELDOM: Final = 0.2
"""How many expressions may count from publication, for one with a year."""
TIMELESS: Final = frozenset({"reference", "named", "period"})
FROM_TODAY: Final = frozenset(
    {"day_word", "tonight", "ago_day", "from_day", "weekday", "weekday_of", "weekend", "present"}
)
OF_NOW: Final = frozenset({"this", "last", "past", "current", "coming"})
COUNTED: Final = frozenset({"ago", "rel_unit", "rel_units", "part"})


def may_be_early(found: Sequence[Found], text: str) -> bool:
    """Whether a text that tells no year of four figures is worth reading as one of the first thousand years."""
    return not any(f.explicit for f in found) and EARLY.search(text) is not None


def is_early(told: Sequence[Found]) -> bool:
    """Whether such a text, read as a history, begins with a year of three figures and tells another."""
    dates = _dates(told)
    early = sum(f.rule == "early_year" for f in dates)
    return early >= FEWEST_EARLY and dates[0].rule == "early_year" and not any(map(_counts_from_today, dates))


def is_history(found: Sequence[Found], published: date) -> bool:
    """Whether the expressions of a text, read as those of news, are those of a history.

    It begins with a year long past, tells hardly another, and nothing is "yesterday" or "last week" in it.
    """
    dates = _dates(found)
    years = [year_of(f) for f in dates if f.explicit]
    if len(dates) < FEWEST or not years or not _is_past(dates[0], published):
        return False
    past = sum(year <= published.year - PAST for year in years)
    return past >= MOSTLY * len(years) and sum(map(_counts_from_today, dates)) <= SELDOM * len(years)


def _dates(found: Sequence[Found]) -> list[Found]:
    """The expressions that tell when."""
    return [f for f in found if f.meaning.kind in {"DATE", "TIME"} and f.rule not in TIMELESS]


def year_of(item: Found) -> int:
    """The year in which an expression begins, negative before our era."""
    before = before_our_era(item.meaning.value)
    if before is not None:
        return -before
    return item.meaning.low.year if item.meaning.low is not None else 0


def _is_past(item: Found, published: date) -> bool:
    told = item.explicit or item.rule in {"decade", "century"}
    return told and year_of(item) <= published.year - PAST


def _counts_from_today(item: Found) -> bool:
    why = item.meaning.why
    this = item.rule == "season" and why.split(" ")[0] in OF_NOW
    return item.rule in FROM_TODAY or this or (item.rule in COUNTED and why.endswith("publication"))
