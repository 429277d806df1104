"""Which language a text is written in."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from comity.language.tables import column

_WORD = re.compile(r"[^\W\d_]+")
_LOOK = 6_000
_FEWEST_LETTERS = 60
# Names tell little of a short text's language: English that is as likely as the best guess is taken for it.
_AS_LIKELY = 10.0


def language(text: str) -> str:
    """ISO 639-1 code.  Plain English is told by its small words, anything else by py3langid.

    A text too short to judge counts as English.
    """
    words = _WORD.findall(text[:_LOOK])
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return "en" if all(word.isascii() for word in words) else _classified(text)
    common = [low for word in words if (low := word.lower()) in column("common_words.csv")]
    share = len(common) / len(words)
    if share >= 0.16 and len(set(common)) >= min(6, len(words) // 8) and "the" in common:
        return "en"
    code = _classified(text)
    return "en" if share >= 0.12 and len(set(common)) >= 4 else code


def _classified(text: str) -> str:
    ranked = _langid().rank(text[:_LOOK])
    best, likelihood = ranked[0]
    english = next(score for code, score in ranked if code == "en")
    return "en" if likelihood - english <= _AS_LIKELY else str(best)


@cache
def _langid() -> Any:
    import py3langid

    return py3langid
