"""Kinship of words that tell events: what they are derived from and how near their meanings are.

The tables in ``data/kin`` are the project's own, written by hand: a row is a concept with the words that can
tell it and one broader concept; a verb with its particle and a compound are joined by a low line (``take_off``,
``heart_attack``); ``families.csv`` lists derivations that no rule of spelling finds.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from comity.language.inflection import forms
from comity.model import Record
from comity.record.merge.terms import DATA

FOLDER: Final = DATA / "kin"
FAMILIES: Final = "families.csv"
UP: Final = 0.6
"""What a concept weighs for a word of the next narrower one."""
DERIVED: Final = 0.6
"""What the concepts of a verb weigh for what is derived from it."""
LEAST_SHARED: Final = 0.6
"""The share of a verb's letters with which what is derived from it begins."""
ENDINGS: Final = {
    "ation": ("", "e", "ate"), "ition": ("e", "ite"), "tion": ("t", "te"), "sion": ("d", "de", "s", "se", "t"),
    "ment": ("",), "al": ("", "e"), "ance": ("", "e"), "ence": ("", "e"), "ure": ("", "e"), "age": ("", "e"),
    "ery": ("", "er", "e"), "y": ("", "e"),
}  # fmt: skip
"""Endings of nouns, and what the verb may have in their place."""
NO_WORDS: frozenset[str] = frozenset()
Word = tuple[str, str]
"""A lemma and its part of speech, ``n`` or ``v``; adjectives and participles count as ``n``."""


class Kin(Record, frozen=True):
    """The verbs that a word is derived from, and its concepts with weights (length one, or none at all).

    ``senses`` are the same concepts, the rarest of a word's own rows weighing one however many senses it has.
    """

    verbs: frozenset[str]
    concepts: Mapping[int, float]
    senses: Mapping[int, float]


class Concept(Record, frozen=True):
    """What a row says: a name, the name of a broader concept or "", and words."""

    name: str
    broader: str
    words: frozenset[Word]


@cache
def concepts(folder: Path = FOLDER) -> tuple[Concept, ...]:
    """The rows of all tables of concepts."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        if path.name == FAMILIES:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = {(w, "v") for w in row["verbs"].split()}
                words |= {(w, "n") for w in (*row["nouns"].split(), *row["others"].split())}
                found.append(Concept(name=row["concept"], broader=row["broader"], words=frozenset(words)))
    return tuple(found)


@cache
def table() -> Mapping[Word, Kin]:
    """Kinship by lemma and part of speech (``n`` or ``v``)."""
    rows = concepts()
    verbs = roots(rows)
    meant = meanings(rows, verbs)
    spread = Counter(name for own in meant.values() for name in own)
    numbers = {name: n for n, name in enumerate(sorted(spread))}
    rare = {c: math.log(len(meant) / count) for c, count in spread.items()}
    rarest = max(rare.values())
    found = {}
    for word, own in meant.items():
        weighed = {numbers[c]: w * rare[c] for c, w in sorted(own.items())}
        length = math.sqrt(sum(w * w for w in weighed.values())) or 1.0
        found[word] = Kin(
            verbs=verbs.get(word, NO_WORDS),
            concepts={c: w / length for c, w in weighed.items()},
            senses={numbers[c]: w * math.sqrt(rare[c] / rarest) for c, w in sorted(own.items())},
        )
    return MappingProxyType(found)


def roots(rows: Sequence[Concept]) -> dict[Word, frozenset[str]]:
    """The verbs of each word, in one spelling: itself, those of its rows it is derived from, those listed."""
    known = {word for row in rows for word, pos in row.words if pos == "v"}
    found: dict[Word, set[str]] = defaultdict(set)
    with (FOLDER / FAMILIES).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            for word in (line["verb"], *line["words"].split()):
                found[word, "n"].add(line["verb"])
    for row in rows:
        own = [word for word, pos in row.words if pos == "v"]
        for word, pos in row.words:
            found[word, pos] |= nearest(word, own) if pos == "n" else {word}
            found[word, pos] |= {word} & known
    return {word: frozenset(one_spelling(v) for v in verbs) for word, verbs in found.items() if verbs}


def nearest(word: str, verbs: Sequence[str]) -> set[str]:
    """Those of a row's verbs that a word is derived from: they have most letters in common with it, and enough."""
    shared = {verb: common(word, verb) for verb in verbs if derived(word, verb)}
    return {verb for verb, letters in shared.items() if letters == max(shared.values())}


def common(first: str, second: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def derived(word: str, verb: str) -> bool:
    """Whether a word of the verb's row may be of its family: it begins with enough of the verb's letters."""
    word, verb = word.replace("-", ""), verb.replace("_", "")
    stem = verb.rstrip("ey") if len(verb) > 3 else verb
    least = max(min(3, len(stem)), math.ceil(LEAST_SHARED * len(stem)))
    return common(word, stem) >= least


def one_spelling(verb: str) -> str:
    """British spelling in ``-ise`` and ``-our`` as ``-ize`` and ``-or``; a name for comparing, no word to show."""
    if len(verb) > len("raise") and verb.endswith(("ise", "yse")):
        return verb[:-2] + "ze"
    return verb.replace("our", "or")


def meanings(rows: Sequence[Concept], verbs: Mapping[Word, frozenset[str]]) -> dict[Word, dict[str, float]]:
    """Concepts of each word before they are weighed by rarity: its rows, broader ones, those of its verbs."""
    above = {row.name: row.broader for row in rows}
    found: dict[Word, dict[str, float]] = defaultdict(dict)
    for row in rows:
        for word in row.words:
            name, weight = row.name, 1.0
            while name:
                found[word][name] = max(found[word].get(name, 0.0), weight)
                name, weight = above[name], weight * UP
    own = {word: dict(part) for word, part in found.items()}
    for word in list(verbs):
        for verb in verbs[word]:
            for name, weight in own.get((verb, "v"), {}).items():
                found[word][name] = max(found[word].get(name, 0.0), weight * DERIVED)
    return {word: part for word, part in found.items() if part}


def kin_of(lemma: str, verbal: bool) -> Kin:
    """The kinship of a word, as the other part of speech where the table lacks its own.

    A word that the table lacks has the verbs that its ending allows, and the concepts of those it knows.
    """
    known = table()
    first, second = ("v", "n") if verbal else ("n", "v")
    for word in (lemma, lemma.replace("-", "")):
        found = known.get((word, first)) or known.get((word, second))
        if found:
            return found
    possible = tuple(dict.fromkeys(underived(lemma)))
    for verb in possible:
        if (verb, "v") in known:
            return Kin(verbs=frozenset((one_spelling(verb),)), concepts=known[verb, "v"].concepts,
                       senses=known[verb, "v"].senses)
    return Kin(verbs=frozenset(one_spelling(v) for v in possible), concepts={}, senses={})


def is_listed(word: str, verbal: bool) -> bool:
    """Whether the tables have a word as this part of speech."""
    return (word, "v" if verbal else "n") in table()


def underived(word: str) -> Iterator[str]:
    """Verbs that a word may be derived from, by its ending."""
    if word.endswith("ing"):
        yield from forms(word, "VBG")
    if word.endswith("ed"):
        yield from forms(word, "VBD")
    for ending, ways in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending) + 3:
            yield from (word[: -len(ending)] + way for way in ways)


def family(lemma: str, verbal: bool) -> frozenset[str]:
    """The verbs that a word belongs to, and itself where none is sure."""
    return kin_of(lemma, verbal).verbs or frozenset((lemma,))


def nearness(words: Sequence[tuple[str, bool]]) -> npt.NDArray[np.float32]:
    """Cosine likeness of the concepts of words (lemma, is it a verb), words x words."""
    kins = [kin_of(lemma, verbal) for lemma, verbal in words]
    columns = {node: at for at, node in enumerate(sorted({n for k in kins for n in k.concepts}))}
    matrix = np.zeros((len(words), max(1, len(columns))), np.float32)
    for row, found in enumerate(kins):
        for node, weight in found.concepts.items():
            matrix[row, columns[node]] = weight
    return np.asarray(np.minimum(matrix @ matrix.T, 1.0), np.float32)


def nearest_senses(words: Sequence[tuple[str, bool]]) -> npt.NDArray[np.float32]:
    """How near the one sense of each two words is in which they are nearest, words x words.

    Unlike in `nearness`, the other senses of a word take nothing away.
    """
    unique = {word: at for at, word in enumerate(dict.fromkeys(words))}
    holders: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (lemma, verbal), at in unique.items():
        for concept, weight in kin_of(lemma, verbal).senses.items():
            holders[concept].append((at, weight))
    best = np.zeros((len(unique), len(unique)), np.float32)
    for held in holders.values():
        rows = np.array([at for at, _ in held])
        weights = np.array([weight for _, weight in held], np.float32)
        place = np.ix_(rows, rows)
        best[place] = np.maximum(best[place], np.multiply.outer(weights, weights))
    order = [unique[word] for word in words]
    return np.asarray(best[np.ix_(order, order)], np.float32)
