"""Time expressions: found by a grammar over word classes, resolved against publication and story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from comity.model import Timex
from comity.understand.dates.calendar import FIRST_YEAR, LAST_YEAR
from comity.understand.dates.context import Context
from comity.understand.dates.history import is_early, is_history, may_be_early
from comity.understand.dates.lexer import Pieces
from comity.understand.dates.scan import scan, timex
from comity.understand.dates.signals import ranges, signal_before

__all__ = ["dates_of", "find_timexes", "ranges", "signal_before"]


def find_timexes(
    text: str,
    published: date | None,
    *,
    sentences: Sequence[tuple[int, int]] | None = None,
    tense: Callable[[int], str] | None = None,
) -> tuple[Timex, ...]:
    """The time expressions of a text, in order, none within another.

    ``tense`` tells "past", "future", "present" or "" for the clause around an
    offset; without it the tense is guessed from the words near by.
    """
    if published is not None and not FIRST_YEAR <= published.year <= LAST_YEAR:
        published = None
    pieces = Pieces(text)
    found = scan(pieces, Context(pieces, published, sentences, tense))
    long_past = published is not None and is_history(found, published)
    if long_past or (published is not None and may_be_early(found, text)):
        told = scan(pieces, Context(pieces, published, sentences, tense, history=True))
        found = told if long_past or is_early(told) else found
    return tuple(timex(pieces, item) for item in found)


def dates_of(text: str, published: date | None) -> list[dict[str, object]]:
    """What ``comity dates`` prints: TIMEX3 has no value for named periods such as the Cold War, so none here."""
    return [
        {
            "text": timex.text, "start": timex.start, "end": timex.end, "value": timex.value,
            "from": timex.low.isoformat() if timex.low else None, "to": timex.high.isoformat() if timex.high else None,
        }
        for timex in find_timexes(text, published)
        if timex.why != "named period"
    ]  # fmt: skip
