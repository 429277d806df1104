"""The tables of time words, names and tense cues, read once a process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import comity.knowledge
from comity.errors import BadKnowledge
from comity.knowledge.tables import day_range, rows
from comity.model import Record

FOLDER: Final = Path(comity.knowledge.__file__).parent / "data"

# One letter a class, so that a text becomes a string over which the grammar is plain regular expressions.
LETTERS: Final = "".join(chr(n) for n in range(0x41, 0x180) if chr(n).isalpha())
OTHER: Final = "."
FORMS: Final = (
    "Year", "DayNum", "Count", "Decimal", "OrdNum", "Decade", "ShortDecade", "Iso", "IsoMonth", "Slashed",
    "YearPair", "Clock", "Comma", "Hy", "Dash", "Poss", "Stop", "Break", "Open", "Close", "Holiday", "Period",
    "Named", "Money", "Fraction", "ShortYear",
)  # fmt: skip

PIECE: Final = re.compile(r"[^\W\d_]+|\d+(?:/\d+)?|['’]s\b|[^\s\w]")


class Name(Record, frozen=True):
    """A row of the table of named days and periods, as a sequence of pieces."""

    pieces: tuple[str, ...]
    kind: str
    rule: str
    low: date | None
    high: date | None
    next: frozenset[str]


class Lexicon(Record, frozen=True):
    """Time words by their written form: class letter, value, whether a name may begin with it; and the names."""

    classes: Mapping[str, str]
    words: Mapping[str, tuple[str, str, bool]]
    names: Mapping[str, tuple[Name, ...]]
    attacks: tuple[Name, ...]
    tense: Mapping[str, frozenset[str]]
    quantities: frozenset[str]


def _cased(word: str, case: str) -> tuple[str, ...]:
    if case == "lower":
        return (word,)
    capital = word[:1].upper() + word[1:]
    if case == "capital":
        return (word, word.upper()) if word[:1].isupper() else (capital, word.upper())
    return (word, capital, word.upper())


def _words(classes: dict[str, str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line, row in rows(FOLDER / "time_words.csv", ("word", "class", "value", "case")):
        if row["case"] not in {"any", "lower", "capital"}:
            raise BadKnowledge("case is any, lower or capital", about=f"time_words.csv:{line}")
        letter = classes.setdefault(row["class"], LETTERS[len(classes)])
        for form in _cased(row["word"], row["case"]):
            found.setdefault(form, (letter, row["value"]))
    return found


def _names() -> list[Name]:
    found = []
    for _, row in rows(FOLDER / "time_names.csv", ("phrase", "kind", "rule", "from", "until", "next")):
        low = day_range(row["from"])[0] if row["from"] else None
        high = day_range(row["until"])[1] if row["until"] else None
        found.append(Name(
            pieces=tuple(p.replace("’", "'") for p in PIECE.findall(row["phrase"])), kind=row["kind"],
            rule=row["rule"], low=low, high=high, next=frozenset(row["next"].lower().split()),
        ))  # fmt: skip
    return found


@cache
def lexicon() -> Lexicon:
    """The tables, read and checked."""
    classes = {name: LETTERS[n] for n, name in enumerate(FORMS)}
    plain = _words(classes)
    names = _names()
    first: dict[str, list[Name]] = {}
    for name in names:
        if name.kind != "attack":
            first.setdefault(name.pieces[0], []).append(name)
    words = {w: (*plain.get(w, (OTHER, "")), w in first) for w in plain.keys() | first.keys()}
    tense: dict[str, set[str]] = {}
    for _, row in rows(FOLDER / "time_tense.csv", ("word", "tense")):
        tense.setdefault(row["word"], set()).add(row["tense"])
    quantities = frozenset(row["word"] for _, row in rows(FOLDER / "time_quantities.csv", ("word",)))
    return Lexicon(
        classes=MappingProxyType(classes),
        words=words,
        names=MappingProxyType({k: tuple(sorted(v, key=lambda n: -len(n.pieces))) for k, v in first.items()}),
        attacks=tuple(n for n in names if n.kind == "attack"),
        tense=MappingProxyType({k: frozenset(v) for k, v in tense.items()}),
        quantities=quantities,
    )
