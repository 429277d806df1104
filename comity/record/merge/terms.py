"""Words of a sentence as they count for likeness: stems, names, numbers, and how rare each is."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from comity.model import Record

DATA = Path(__file__).parent / "data"
WORD = re.compile(r"([^\W_]+(?:[.,]\d+)*)(?:['’][^\W_]+)?")
NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"dozen": "12", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"}
ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ations", "ate"), ("ation", "ate"), ("ings", ""), ("ing", ""), ("ied", "y"),
    ("ers", "er"), ("ed", ""), ("es", ""), ("s", ""),
)  # fmt: skip
SHORTEST = 4
MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
DAY = r"\d\d?(?:st|nd|rd|th)?"
WRITTEN_DAY = re.compile(
    rf"\b(?:\d{{4}}-\d\d?-\d\d?|{DAY}\s+(?:of\s+)?{MONTH}|{MONTH}\s+{DAY})(?!\w)(?:,?\s+\d{{4}}\b)?"
)
"""A day as it stands in a text: it says no more than the date of the report does."""


RARE: Final = 0.75
"""The share of the greatest weight from which on general English seldom uses a stem."""


class Terms(Record, frozen=True):
    """The terms of one text: tf-idf weights of length one, names (capitalised stems) and numbers; those of all terms
    and of the names that are `rare`."""

    weights: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]
    rare: frozenset[str]
    rare_names: frozenset[str]


def words(text: str) -> list[str]:
    """Words and numbers of a text as written, possessive endings cut."""
    return WORD.findall(text)


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without its usual English endings, in small letters; numbers in digits."""
    low = word.casefold()
    if low in NUMBERS:
        return NUMBERS[low]
    if low[:1].isdigit():
        return low.replace(",", "")
    for ending, put in ENDINGS:
        if low.endswith(ending) and not low.endswith("ss") and len(low) - len(ending) + len(put) >= SHORTEST:
            low = low[: len(low) - len(ending)] + put
            break
    if len(low) > SHORTEST and low[-1] == low[-2] and low[-1] not in "aeiouls":
        low = low[:-1]
    return low[:-1] if len(low) > SHORTEST and low.endswith("e") else low


@cache
def rarity() -> Mapping[str, float]:
    """Inverse document frequency of common stems, from general English; what is not listed is rare."""
    path = DATA / "idf.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["stem"]: float(row["idf"]) for row in csv.DictReader(file)})


@cache
def rarest() -> float:
    """The weight of a stem that is not listed."""
    return max(rarity().values(), default=1.0)


def idf(term: str) -> float:
    """How rare a stem is: about 0 for ``the``, `rarest` for what is not listed."""
    return rarity().get(term, rarest())


@lru_cache(maxsize=1 << 15)
def terms_of(text: str) -> Terms:
    """The terms of one text without the days that it names, kept for the next question."""
    weights: dict[str, float] = {}
    names, numbers = set(), set()
    for at, word in enumerate(words(WRITTEN_DAY.sub(" ", text))):
        term = stem(word)
        weights[term] = weights.get(term, 0.0) + idf(term)
        if term[:1].isdigit():
            numbers.add(term)
        elif word[0].isupper() and (at or not term.isalpha() or idf(term) >= 0.9 * rarest()):
            names.add(term)
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    seldom = rare(weights)
    return Terms(
        weights={t: w / length for t, w in weights.items()}, names=frozenset(names), numbers=frozenset(numbers),
        rare=seldom, rare_names=seldom & names,
    )  # fmt: skip


def rare(terms: Iterable[str]) -> frozenset[str]:
    """The terms that general English seldom uses."""
    least = RARE * rarest()
    return frozenset(t for t in terms if idf(t) >= least)


def cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Likeness of two weighted sets of terms of length one, 0 to 1."""
    if len(second) < len(first):
        first, second = second, first
    return min(1.0, sum(weight * second.get(term, 0.0) for term, weight in first.items()))
