"""What the sentences of two acts have in common, and words that say what became of a promise."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from comity.record.merge.terms import idf, stem, terms_of, words

Cue = Literal["moved", "cancelled", "breach", "kept", "off"]
_COMMON = 4.5
"""Stems below this rarity say nothing: meet, visit, talk, country."""
_SAYING = frozenset(
    stem(w)
    for w in "announce announced promise promised pledge pledged agree agreed vow vowed plan planned schedule "
    "scheduled expect expected confirm confirmed declare declared president minister leader leaders foreign prime "
    "premier government spokesman january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday week month later according statement "
    "counterpart".split()
)
_TIME = re.compile(r"(?:\d{1,2}|(?:19|20)\d\d)(?:st|nd|rd|th)?")


@cache
def pattern(kind: Cue) -> re.Pattern[str]:
    """The words of ``cues.csv``: of putting off, of not keeping, of alleged breach, of keeping, and
    the plainest of calling and putting off."""
    with files("comity.relations.pledges").joinpath("cues.csv").open(encoding="utf-8") as file:
        found = [row["pattern"] for row in csv.DictReader(file) if row["kind"] == kind]
    return re.compile(rf"\b(?:{'|'.join(found)})\b", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def says(kind: Cue, text: str) -> bool:
    """Whether a sentence has a word of this kind."""
    return pattern(kind).search(text) is not None


@lru_cache(maxsize=1 << 16)
def telling(text: str) -> frozenset[str]:
    """The stems of a sentence that tell one matter from another: rare ones, numbers that are no dates, no names.

    The first word is left out: whether it is a name does not show.
    """
    names = terms_of(text).names
    found = set()
    for word in words(text)[1:]:
        term = stem(word)
        if term in _SAYING or term in names or _TIME.fullmatch(term):
            continue
        if term[:1].isdigit() or (idf(term) >= _COMMON and len(term) > 2):
            found.add(term)
    return frozenset(found)


def common(first: str, second: str) -> tuple[str, ...]:
    """Stems that tell one matter from another and stand in both sentences, by name."""
    return tuple(sorted(telling(first) & telling(second)))
