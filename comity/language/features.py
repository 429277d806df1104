"""Features of words that an uncased encoder cannot see: case and known names.

Training and reading call the same `Features.of`, and the tables it reads are
part of the model: change one and the model must be trained again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHAPES: Final = ("lower", "title", "upper", "mixed", "digit", "alnum", "other", "initial")
FLAGS: Final = (
    "state_b", "state_i", "adjective", "place_b", "place_i", "capital", "city_b", "city_i",
    "first_name", "surname", "org_word", "title_word", "place_word", "calendar", "hyphen_name",
)  # fmt: skip
PLACE: Final = ("first", "quoted", "all_lower", "all_upper", "all_title")
SIZE: Final = len(SHAPES) + len(FLAGS) + len(PLACE)
N_SHAPES: Final = len(SHAPES)
GAZETTEER: Final = slice(N_SHAPES, N_SHAPES + len(FLAGS))

_BIT: Final = {name: 1 << (N_SHAPES + i) for i, name in enumerate(FLAGS)}
_PLACE_BIT: Final = {name: 1 << (N_SHAPES + len(FLAGS) + i) for i, name in enumerate(PLACE)}
_LISTS: Final = {
    "first_names": "first_name", "surnames": "surname", "org_words": "org_word",
    "title_words": "title_word", "place_words": "place_word", "calendar_words": "calendar",
}  # fmt: skip
_KINDS: Final = {"state": "state", "region": "place", "capital": "capital", "bigcity": "city", "city": "city"}
_MAX_PHRASE: Final = 5
_CACHE_LIMIT: Final = 200_000
_QUOTES: Final = frozenset("\"“”„«»'‘’`") | {"``", "''"}
_CURLY: Final = str.maketrans("’‘`´ʼ", "'''''")
_INITIAL: Final = re.compile(r"(?:[A-Z]\.)+[A-Z]?\.?|[A-Z]")


def rows_of(name: str) -> list[list[str]]:
    text = (files("comity.language") / "names" / f"{name}.csv").read_text("utf-8")
    return [row for row in csv.reader(text.splitlines()[1:]) if row]


def shape(word: str) -> int:
    """The index in `SHAPES` of the case pattern of ``word``."""
    if word.islower():
        return 0 if word.isalpha() or not any(c.isdigit() for c in word) else 5
    if any(c.isdigit() for c in word):
        return 5 if any(c.isalpha() for c in word) else 4
    if not any(c.isalpha() for c in word):
        return 6
    if _INITIAL.fullmatch(word):
        return 7
    if word.isupper():
        return 2
    return 1 if word[:1].isupper() and word[1:].islower() else 3


class Features:
    """Looks words up in the name tables and describes their case."""

    def __init__(self) -> None:
        self._single: dict[str, int] = {}
        self._phrases: dict[str, str] = {}
        self._starts: set[str] = set()
        self._cache: dict[str, int] = {}
        for table, flag in _LISTS.items():
            for row in rows_of(table):
                self._single[row[0]] = self._single.get(row[0], 0) | _BIT[flag]
        for name, kinds in ((row[0], row[1].split()) for row in rows_of("places")):
            self._add_place(name, kinds)

    def _add_place(self, name: str, kinds: list[str]) -> None:
        if "adjective" in kinds:
            self._single[name] = self._single.get(name, 0) | _BIT["adjective"]
        groups = [_KINDS[k] for k in kinds if k in _KINDS]
        words = name.split()
        if not groups:
            return
        if len(words) == 1:
            for group in groups:
                bit = _BIT[group] if group == "capital" else _BIT[f"{group}_b"]
                self._single[name] = self._single.get(name, 0) | bit
        elif len(words) <= _MAX_PHRASE:
            self._starts.add(words[0])
            self._phrases[name] = "state" if "state" in groups else "place" if "place" in groups else "city"

    def _word(self, word: str) -> int:
        known = self._cache.get(word)
        if known is not None:
            return known
        low = word.lower().translate(_CURLY)
        bits = 1 << shape(word)
        bits |= self._single.get(low, 0)
        if "-" in low[1:-1] and low not in self._single:
            parts = [self._single.get(part, 0) for part in low.split("-")]
            names = _BIT["first_name"] | _BIT["surname"] | _BIT["state_b"]
            bits |= _BIT["hyphen_name"] if any(p & names for p in parts) else 0
        if len(self._cache) > _CACHE_LIMIT:
            self._cache.clear()
        self._cache[word] = bits
        return bits

    def _mark_phrases(self, words: Sequence[str], bits: list[int]) -> None:
        low = [w.lower().translate(_CURLY) for w in words]
        at, end = 0, len(low)
        while at < end:
            step = 1
            if low[at] in self._starts:
                for size in range(min(_MAX_PHRASE, end - at), 1, -1):
                    group = self._phrases.get(" ".join(low[at : at + size]))
                    if group:
                        bits[at] |= _BIT[f"{group}_b"]
                        for i in range(at + 1, at + size):
                            bits[i] |= _BIT[f"{group}_i"]
                        step = size
                        break
            at += step

    def of(self, words: Sequence[str]) -> NDArray[np.uint8]:
        """One row of zeros and ones a word, `SIZE` columns."""
        bits = [self._word(word) for word in words]
        self._mark_phrases(words, bits)
        self._mark_sentence(words, bits)
        packed = np.array(bits, dtype="<u4").view(np.uint8).reshape(len(bits), 4)
        return np.unpackbits(packed, axis=1, bitorder="little")[:, :SIZE]

    def _mark_sentence(self, words: Sequence[str], bits: list[int]) -> None:
        start = 0
        while start < len(words) - 1 and words[start] in _QUOTES:
            start += 1
        if start < len(bits):
            bits[start] |= _PLACE_BIT["first"]
        for i in range(1, len(words)):
            if words[i - 1] in _QUOTES:
                bits[i] |= _PLACE_BIT["quoted"]
        letters = [b & 0xFF for b, w in zip(bits, words, strict=True) if len(w) > 3 and w.isalpha()]
        if len(letters) < 2:
            return
        whole = 0
        if all(b == 1 for b in letters):
            whole = _PLACE_BIT["all_lower"]
        elif all(b == 4 for b in letters):
            whole = _PLACE_BIT["all_upper"]
        elif len(letters) > 3 and sum(b in (2, 4, 8, 128) for b in letters) >= 0.95 * len(letters):
            whole = _PLACE_BIT["all_title"]
        if whole:
            for i in range(len(bits)):
                bits[i] |= whole
