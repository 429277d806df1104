"""Samples for the reader of pairs: our own passages and the frames' examples, cut, parsed and numbered."""

from __future__ import annotations

import csv
import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pairs import STATUSES, TYPES, UNSAID, Mark, Passage, Told

from comity.language.encoder import Vectors, annotate
from comity.language.hints import Hints
from comity.language.pairing import PairInputs, WordRange, pair_inputs, word_range
from comity.language.sentences import sentences
from comity.model import Token
from comity.reader import Reader

HERE = Path(__file__).parent
DATA = HERE.parent / "comity" / "knowledge" / "data"
NOTHING = len(TYPES)
UNTOLD = 2  # a pair whose type is not asked for
MAX_PIECES = 170


class Sample(NamedTuple):
    """One passage ready for the network.

    ``types`` (pairs x 17): 1 wanted, 0 wrong, 2 neither; ``statuses`` (pairs x types): the number of the status,
    -1 where none is known; ``tells`` (pairs x pieces): where the act is told, all zero where that is not known.
    """

    name: str
    states: np.ndarray
    inputs: PairInputs
    actors: np.ndarray
    hints: np.ndarray
    types: np.ndarray
    statuses: np.ndarray
    tells: np.ndarray


def words_of(text: str) -> list[Token]:
    """The words of all sentences of a passage in one row, as `comity classify` reads it."""
    return [t for s in sentences(text) for t in s.tokens]


def samples(passages: Sequence[Passage], reader: Reader) -> Iterator[Sample]:
    """Every passage that fits, as a sample."""
    rows = [words_of(p.text) for p in passages]
    parses = reader.encoder.parse_with_vectors([[t.text for t in r] for r in rows])
    hints = Hints(reader.lexicon)
    for passage, row, (parse, vectors) in zip(passages, rows, parses, strict=True):
        if vectors is None or len(vectors.states) > MAX_PIECES:
            continue
        made = sample(passage, reader.lemmas(annotate(row, parse)), vectors, hints)
        if made is not None:
            yield made


def sample(passage: Passage, row: Sequence[Token], vectors: Vectors, hints: Hints) -> Sample | None:
    """One passage with its targets."""
    numbers = sorted({a for m in passage.marks for a in m.actors})
    ranges: list[list[WordRange]] = []
    kept: list[int] = []
    for number in numbers:
        found = [word_range(row, m.start, m.end) for m in passage.marks if number in m.actors]
        good = [r for r in found if r is not None]
        if good:
            kept.append(number)
            ranges.append(good)
    if passage.unsaid and kept:
        kept.append(UNSAID)
        ranges.append([])
    pairs = [(i, j) for i in range(len(kept)) for j in range(len(kept)) if i != j]
    if not pairs:
        return None
    pieces = len(vectors.states)
    inputs = pair_inputs([t.head for t in row], vectors.firsts, pieces, ranges, pairs)
    bounds = vectors.bounds
    actors = np.zeros(pieces, np.float32)
    for group in ranges:
        for first, last, _ in group:
            actors[bounds[first] : bounds[last + 1]] = 1.0
    types = np.zeros((len(pairs), len(TYPES) + 1), np.int64)
    types[:, NOTHING] = 1
    statuses = np.full((len(pairs), len(TYPES)), -1, np.int64)
    tells = np.zeros((len(pairs), pieces), np.float32)
    place = {(kept[i], kept[j]): n for n, (i, j) in enumerate(pairs)}
    for act in sorted(passage.acts, key=lambda a: a.optional):
        ways = [(act.source, act.target)] + ([(act.target, act.source)] if act.symmetric else [])
        for way in ways:
            if way in place:
                _enter(act, place[way], types, statuses, tells, row, bounds)
    if passage.where.startswith("frame:"):  # only the marked pair of an example is known
        for n in range(len(pairs)):
            if types[n, NOTHING] == 1:
                types[n] = UNTOLD
    return Sample(passage.where, vectors.states, inputs, actors, vectors.spread(hints.of(row)), types, statuses, tells)


def _enter(
    act: Told, n: int, types: np.ndarray, statuses: np.ndarray, tells: np.ndarray, row: Sequence[Token], bounds: list[int]
) -> None:
    """Write one act into the targets of its pair."""
    kind = TYPES.index(act.type)
    if act.optional:
        if types[n, kind] == 0:
            types[n, kind] = UNTOLD
        return
    types[n, kind] = 1
    types[n, NOTHING] = 0
    statuses[n, kind] = STATUSES.index(act.status)
    if act.trigger:
        for i, token in enumerate(row):
            if token.start < act.trigger[1] and act.trigger[0] < token.end:
                tells[n, bounds[i] : bounds[i + 1]] = 1.0


class Swapper:
    """Other states in the place of the marked ones, so that no pair is learned by heart."""

    def __init__(self) -> None:
        forms: dict[str, dict[str, list[str]]] = {}
        with (DATA / "names.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                today = row["lang"] == "en" and not row["until"]
                if row["kind"] in {"name", "adjective", "capital"} and today:
                    forms.setdefault(row["actor"], {}).setdefault(row["kind"], []).append(row["surface"])
        self.forms = {k: v for k, v in forms.items() if len(k) == 3 and {"name", "adjective", "capital"} <= set(v)}
        self.known = {s: (k, kind) for k, v in self.forms.items() for kind, names in v.items() for s in names}
        longest = sorted(self.known, key=len, reverse=True)
        self.pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest)) + r")(?!\w)")

    def swapped(self, passage: Passage, rng: random.Random) -> Passage:
        """The passage with every known state exchanged for another."""
        other: dict[str, str] = {}
        free = rng.sample(sorted(self.forms), 12)

        def new(match: re.Match[str]) -> str:
            state, kind = self.known[match[1]]
            if state not in other:
                other[state] = free[len(other) % len(free)]
            return rng.choice(self.forms[other[state]][kind][:2])

        text, at, moves = "", 0, []
        for match in self.pattern.finditer(passage.text):
            text += passage.text[at : match.start()]
            fresh = new(match)
            moves.append((match.start(), match.end(), len(text), len(text) + len(fresh)))
            text += fresh
            at = match.end()
        text += passage.text[at:]

        def moved(offset: int) -> int:
            shift = 0
            for start, end, _, new_end in moves:
                if offset >= end:
                    shift = new_end - end
                elif offset > start:
                    return new_end
            return offset + shift

        marks = tuple(Mark(moved(m.start), moved(m.end), m.actors) for m in passage.marks)
        acts = tuple(
            a._replace(trigger=(moved(a.trigger[0]), moved(a.trigger[1])) if a.trigger else None) for a in passage.acts
        )
        return Passage(passage.where, text, marks, acts, passage.unsaid)


_EXAMPLE = re.compile(r"\[([ST]):([^\]]+)\]")


def frame_examples() -> list[Passage]:
    """The frames' own examples: one sure pair each."""
    found = []
    with (DATA / "frames.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            passage = _of_example(row)
            if passage is not None:
                found.append(passage)
    return found


def _of_example(row: dict[str, str]) -> Passage | None:
    if row["type"] not in TYPES:
        return None
    text, at, marks = "", 0, []
    for match in _EXAMPLE.finditer(row["example"]):
        text += row["example"][at : match.start()]
        marks.append(Mark(len(text), len(text) + len(match[2]), (1 if match[1] == "S" else 2,)))
        text += match[2]
        at = match.end()
    text += row["example"][at:]
    if {a for m in marks for a in m.actors} != {1, 2}:
        return None
    symmetric = row["symmetric"] in {"1", "true", "True"}
    status = row["default_status"] or "occurred"
    told = Told(1, 2, row["type"], status, symmetric, False, None)
    return Passage(f"frame:{row['id']}", text, tuple(marks), (told,))


def held_out(passages: Iterable[Passage]) -> tuple[list[Passage], list[Passage]]:
    """One passage in sixteen, chosen by its text, is kept for development."""
    train, dev = [], []
    for passage in passages:
        digest = hashlib.blake2b(passage.text.encode(), digest_size=1).digest()[0]
        (dev if digest % 16 == 7 else train).append(passage)
    return train, dev
