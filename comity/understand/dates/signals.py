"""Prepositions before time expressions, and pairs that are ranges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from comity.model import Timex

REACH: Final = 48
SIGNAL: Final = re.compile(
    r"\b(as of|as early as|as late as|prior to|ahead of|since|from|until|till|by|before|after|following|during|"
    r"throughout|in|on|at|between|to|through|within|for|over|around|about|and)\s+"
    r"(?:(?:the|a|an|early|earlier|late|later|mid|about|around|nearly|almost|end|beginning|start|middle|of|more|than|at"
    r"|least|just|this|that)[\s-]+){0,4}$",
    re.IGNORECASE,
)
LINK: Final = re.compile(r"\s*(-|–|—|to|until|till|through|and)\s*(?:the\s+)?", re.IGNORECASE)


def signal_before(text: str, start: int) -> str:
    """The preposition that leads to the time expression at ``start``, in small letters, or empty."""
    match = SIGNAL.search(text, max(0, start - REACH), start)
    return re.sub(r"\s+", " ", match[1].lower()) if match else ""


def ranges(text: str, timexes: Sequence[Timex]) -> tuple[tuple[Timex, Timex], ...]:
    """Pairs of expressions that are the ends of one range: "from A to B", "between A and B", "A-B"."""
    found = []
    for first, second in pairwise(timexes):
        link = LINK.fullmatch(text, first.end, second.start)
        if link is None or first.low is None or second.low is None or first.low > second.low:
            continue
        word = link[1].lower()
        signal = signal_before(text, first.start)
        if word != "and" or signal == "between":
            found.append((first, second))
    return tuple(found)
