"""A cheap first look: can an article hold an event at all, before it is parsed?

Most of what a crawl of the web brings is sport, recipes and local news.  Names of actors are looked up word by word
in the tables of the reader, and every sentence gets a small score of how much it sounds like dealings between
states: a logistic model over its words (`first_look.csv`, fitted by ``training/first_look.py``) and the number of
actors in it.  An article in which no two actors are named, or too little scores, is passed over.

It errs towards reading: names need not fit the day, one reading of a word is enough, and an article with a single
actor is read where it sounds like dealings all the same ("Moscow bombed the city", "police beat protesters in Cairo").
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from comity.knowledge import Knowledge, fold
from comity.model import Document
from comity.understand.actors.gazetteer import Entry, Gazetteer
from comity.understand.overlooked import NO_ACT, NO_TWO

WORD: Final = re.compile(r"[^\W_]+")
SENTENCE: Final = re.compile(r"[.!?;][\"'”’)\]]*\s+|\n+")
FEWEST: Final = 3
"""A sentence of fewer words says nothing: "Iran attacked Israel" has three."""
FEWEST_LETTERS: Final = 4
"""A shorter surname says nothing by itself."""
UNCODED: Final = frozenset({"office", "role", "plural", "blocker"})
SHORT: Final = 7
"""Names of one word with two capitals ("US", "LeT"), shorter than this, are looked for as written."""
LARGE: Final = 0.6
"""Share of capital letters from which a text is written in capitals, so that they tell nothing."""
SHARE: Final = 0.2
"""Share of the sentences that must tell dealings, counting each by its probability ..."""
SEVERAL: Final = 1.5
"""... or so many sentences that name two actors, in a long article about other things too."""

Reading = tuple[frozenset[str], frozenset[str]]
Tails = tuple[tuple[int, ...], Mapping[tuple[str, ...], Reading]]


class Glance(NamedTuple):
    """What is seen: codes of actors that may be named, and how many sentences there are.

    ``told`` and ``mutual`` are how many of those that name an actor, or two, are expected to tell dealings.
    """

    codes: frozenset[str]
    told: float
    mutual: float
    sentences: int

    @property
    def telling(self) -> bool:
        """Whether it sounds like an article about dealings between states."""
        return bool(self.codes) and (self.told >= SHARE * self.sentences or self.mutual >= SEVERAL)


class Traits(NamedTuple):
    """One sentence: its words in small letters, the codes of actors, and whether an office is named."""

    words: Sequence[str]
    codes: frozenset[str]
    office: bool


class FirstLook:
    """Says of an article why it need not be read, or None.  Keeps nothing."""

    def __init__(self, knowledge: Knowledge, gazetteer: Gazetteer, weights: Mapping[str, float] | None = None) -> None:
        self.weights = weights if weights is not None else load_weights()
        self._table = _table(knowledge, gazetteer, self.weights)

    def __call__(self, document: Document) -> str | None:
        """Why the document can hold no event; None when it must be read."""
        glance = self.glance(document.text)
        if glance.telling:
            return None
        return NO_ACT if len(glance.codes) >= 2 else NO_TWO

    def glance(self, text: str) -> Glance:
        """All actors that may be named, and how much sounds like dealings between them."""
        codes: set[str] = set()
        told = mutual = 0.0
        number = 0
        for sentence in self.sentences(text):
            number += 1
            if sentence.codes:
                codes |= sentence.codes
                likely = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(sentence)))))
                told += likely
                mutual += likely if len(sentence.codes) > 1 else 0.0
        return Glance(frozenset(codes), told, mutual, number)

    def score(self, sentence: Traits) -> float:
        """The log odds that a sentence tells dealings between actors."""
        weights = self.weights
        return (
            weights["#bias"]
            + weights[f"#actors {min(2, len(sentence.codes))}"]
            + (weights["#office"] if sentence.office else 0.0)
            + sum([weights[w] for w in set(sentence.words) if w in weights])
        )

    def sentences(self, text: str) -> Iterator[Traits]:
        """The sentences of a text, roughly cut."""
        plain = _caseless(text)
        for part in SENTENCE.split(text):
            words = WORD.findall(part)
            if len(words) >= FEWEST:
                low = WORD.findall(part.lower()) if part.isascii() else [fold(w) for w in words]
                yield self._traits(words, low if len(low) == len(words) else [fold(w) for w in words], plain)

    def _traits(self, words: Sequence[str], low: Sequence[str], plain: bool) -> Traits:
        codes: set[str] = set()
        office = False
        skip = 0
        for at in [n for n, word in enumerate(low) if word in self._table]:
            if at < skip:
                continue
            sizes, tails = self._table[low[at]]
            for size in sizes:
                end = at + 1 + size
                reading = tails.get(tuple(low[at + 1 : end]))
                if reading is None or end > len(low):
                    continue
                found, written = reading
                if not found:
                    office = True
                elif not plain and not ("".join(words[at:end]) in written if written else words[at][0].isupper()):
                    continue
                codes |= found
                skip = end
                break
        return Traits(low, frozenset(codes), office)


@cache
def load_weights() -> Mapping[str, float]:
    """The shipped weights of words, and of ``#bias``, ``#actors N`` and ``#office``."""
    text = (files("comity.understand") / "first_look.csv").read_text(encoding="utf-8")
    rows = (line.rpartition(",") for line in text.splitlines()[1:] if line)
    return {word: float(weight) for word, _, weight in rows}


def _caseless(text: str) -> bool:
    """Whether capitals tell nothing: a text in small letters, or in capitals."""
    head = text[:4_000]
    letters = sum(map(str.isalpha, head)) or 1
    large = sum(map(str.isupper, head))
    return large == 0 or large / letters < 0.005 or large / letters > LARGE


def _table(knowledge: Knowledge, gazetteer: Gazetteer, ordinary: Collection[str]) -> Mapping[str, Tails]:
    """Surfaces by their first word: how many words follow (most first), and for those the codes, and how
    they must be written, if so.

    Surnames that are ``ordinary`` words too ("He", "Do") say nothing by themselves.
    """
    terms: dict[str, set[str]] = {}
    for term in knowledge.leaders:
        terms.setdefault(term.person, set()).add(term.state)
    found: dict[str, dict[tuple[str, ...], list[Entry]]] = {}
    for key, entries in gazetteer.surfaces():
        first, *tail = WORD.findall(" ".join(key)) or [""]
        common = not tail and (first in ordinary or len(first) < FEWEST_LETTERS)
        known = [e for e in entries if e.kind != "blocker" and not (common and e.kind == "surname")]
        if first and known:
            found.setdefault(first, {}).setdefault(tuple(tail), []).extend(known)
    return {
        first: (
            tuple(sorted({len(tail) for tail in tails}, reverse=True)),
            {
                tail: (frozenset(c for e in known for c in _codes(e, terms)), _written(known))
                for tail, known in tails.items()
            },
        )
        for first, tails in found.items()
    }


def _codes(entry: Entry, terms: Mapping[str, set[str]]) -> Iterable[str]:
    if entry.kind in {"person", "surname"}:
        return terms.get(entry.code, ())
    return () if entry.kind in UNCODED or not entry.code else (entry.code,)


def _written(entries: Sequence[Entry]) -> frozenset[str]:
    """The spellings that count where all readings are short names with two capitals, else nothing."""
    plain = ["".join(WORD.findall(e.surface)) for e in entries]
    short = all(len(p) < SHORT and sum(map(str.isupper, p)) >= 2 for p in plain)
    return frozenset(plain) if short else frozenset()
