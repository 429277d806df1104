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
MAX_PIECES = 230
MOST_BEFORE = 2
WINDOW_WORDS = (40, 110)


class Sample(NamedTuple):
    """One passage ready for the network.

    ``pieces`` numbers the pieces of the row (the encoder must be a `material.Numbering`); numbers are kept small, since
    a pass has tens of thousands of samples.  ``types`` (pairs x 17): 1 wanted, 0 wrong, 2 neither; ``statuses`` (pairs x types): the number of the status,
    -1 where none is known; ``tells`` (pairs x pieces): where an act of the pair is told, all zero where that is not
    known; ``words``: pair, type, first piece and the piece behind the last, of the word that tells one act.
    """

    name: str
    pieces: np.ndarray
    inputs: PairInputs
    actors: np.ndarray
    hints: np.ndarray
    types: np.ndarray
    statuses: np.ndarray
    tells: np.ndarray
    words: tuple[tuple[int, int, int, int], ...]


class Group(NamedTuple):
    """Records that are read in one row: those of an article one after another, or one that stands alone.

    The first ``context`` of them are only what was said before: nothing is asked about them.
    """

    records: tuple[Passage, ...]
    context: int = 0


def words_of(text: str) -> list[Token]:
    """The words of all sentences of a passage in one row, as `comity classify` reads it."""
    return [t for s in sentences(text) for t in s.tokens]


def alone(passages: Iterable[Passage]) -> list[Group]:
    """Every record for itself."""
    return [Group((p,)) for p in passages]


def grouped(passages: Sequence[Passage], rng: random.Random, single: float) -> list[Group]:
    """Records of an article in windows of random lengths, each with the record before it; the rest alone.

    ``single`` is the share of records of articles that are read alone, too.
    """
    found: list[Group] = []
    articles: dict[str, list[Passage]] = {}
    for p in passages:
        if p.article:
            articles.setdefault(p.article, []).append(p)
        if not p.article or rng.random() < single:
            found.append(Group((p,)))
    for records in articles.values():
        found.extend(_windows(records, rng))
    return found


def within_articles(kept: Sequence[Passage], passages: Sequence[Passage]) -> list[Group]:
    """Every kept record of an article behind what the article says before it."""
    articles: dict[str, list[Passage]] = {}
    for p in passages:
        articles.setdefault(p.article, []).append(p)
    found = []
    for p in kept:
        if p.article:
            records = articles[p.article]
            at = next(i for i, r in enumerate(records) if r.where == p.where)
            before = records[max(0, at - 2) : at]
            found.append(Group((*before, p), len(before)))
    return found


def _windows(records: Sequence[Passage], rng: random.Random) -> Iterator[Group]:
    at = 0
    while at < len(records):
        most, size, end = rng.randint(*WINDOW_WORDS), 0, at
        while end < len(records) and (end == at or size + len(records[end].text.split()) <= most):
            size += len(records[end].text.split())
            end += 1
        before = max(0, at - 1)
        yield Group(tuple(records[before:end]), at - before)
        at = end


def samples(groups: Sequence[Group], reader: Reader, unasked: frozenset[str] = frozenset()) -> Iterator[Sample]:
    """Every group that fits, as a sample; nothing is asked of the records in ``unasked`` (places)."""
    rows = [[words_of(p.text) for p in group.records] for group in groups]
    flat = [row for group in rows for row in group]
    parsed = iter(reader.encoder.parse_with_vectors([[t.text for t in r] for r in flat]))
    hints = Hints(reader.lexicon)
    for group, group_rows in zip(groups, rows, strict=True):
        parts: list[Part] = []
        for passage, row in zip(group.records, group_rows, strict=True):
            parse, vectors = next(parsed)
            if vectors is not None and row:
                asked = len(parts) >= group.context and passage.where not in unasked
                parts.append(Part(passage, reader.lemmas(annotate(row, parse)), vectors, asked))
        if len(parts) == len(group.records) and sum(len(p.vectors.states) for p in parts) <= MAX_PIECES:
            made = sample(parts, hints)
            if made is not None:
                yield made


class Part(NamedTuple):
    """One record of a group, parsed; ``asked``: whether its acts are targets."""

    passage: Passage
    row: Sequence[Token]
    vectors: Vectors
    asked: bool


class Pair(NamedTuple):
    """An ordered pair of actors (indices into the actors of the row) asked of one record (its number)."""

    record: int
    source: int
    target: int


Key = tuple[int, int]
"""An actor: the record that numbers it (-1 where the whole article does) and its number."""


def sample(parts: Sequence[Part], hints: Hints) -> Sample | None:
    """One group with its targets."""
    starts = np.cumsum([0, *(len(p.row) for p in parts)]).tolist()
    actors = _actors(parts, starts)
    keys = list(actors)
    pairs = [pair for n, part in enumerate(parts) if part.asked for pair in _asked(n, parts, keys)]
    if not pairs:
        return None
    vectors = Vectors.joined([p.vectors for p in parts])
    pieces = len(vectors.states)
    ranges = [actors[k] for k in keys]
    heads = [t.head + starts[n] if t.head >= 0 else -1 for n, p in enumerate(parts) for t in p.row]
    within = [(starts[p.record], starts[p.record + 1]) for p in pairs]
    inputs = pair_inputs(heads, vectors.firsts, pieces, ranges, [(p.source, p.target) for p in pairs], within)
    bounds = vectors.bounds
    marked = np.zeros(pieces, np.float32)
    for group in ranges:
        for first, last, _ in group:
            marked[bounds[first] : bounds[last + 1]] = 1.0
    targets = Targets(pairs, keys, pieces)
    for n, part in enumerate(parts):
        if part.asked:
            targets.enter(n, part, bounds[starts[n] : starts[n + 1] + 1])
    name = parts[-1].passage.where
    rows = vectors.spread(np.concatenate([hints.of(p.row) for p in parts]))
    small = PairInputs(inputs.sources.astype(np.float16), inputs.targets.astype(np.float16), inputs.roles.astype(np.uint8))
    return Sample(
        name, vectors.states[:, 0].astype(np.uint16), small, marked, rows.astype(np.float16),
        targets.types.astype(np.int8), targets.statuses.astype(np.int8), targets.tells.astype(np.float16),
        tuple(targets.words),
    )  # fmt: skip


def _actors(parts: Sequence[Part], starts: Sequence[int]) -> dict[Key, list[WordRange]]:
    """The mentions of every actor in the row, and the side that no word names."""
    found: dict[Key, list[WordRange]] = {}
    for n, part in enumerate(parts):
        for mark in part.passage.marks:
            span = word_range(part.row, mark.start, mark.end)
            for number in mark.actors if span else ():
                first, last, head = span
                moved = (first + starts[n], last + starts[n], head + starts[n])
                found.setdefault(_key(n, part.passage, number), []).append(moved)
    found[NOBODY] = []
    return found


NOBODY: Key = (-1, UNSAID)


def _key(n: int, passage: Passage, number: int) -> Key:
    return (-1 if passage.story or number == UNSAID else n, number)


def _own(n: int, parts: Sequence[Part]) -> list[Key]:
    """The actors that a record marks."""
    passage = parts[n].passage
    return sorted({_key(n, passage, a) for m in passage.marks for a in m.actors})


def _asked(n: int, parts: Sequence[Part], keys: Sequence[Key]) -> Iterator[Pair]:
    """The pairs asked of a record: of its actors, and of each with the sides that it leaves unsaid."""
    own = [k for k in _own(n, parts) if k in keys]
    others: list[Key] = []
    if parts[n].passage.unsaid and own and (parts[n].passage.story or len(parts) == 1):
        others = [NOBODY]  # other files do not tell whether the side is named in the row
    if parts[n].passage.story:
        before = [k for i in range(n - 1, -1, -1) for k in _own(i, parts) if k in keys and k not in own]
        others += list(dict.fromkeys(before))[:MOST_BEFORE]
    for source in [*own, *others]:
        for target in [*own, *others]:
            if source != target and (source in own or target in own):
                yield Pair(n, keys.index(source), keys.index(target))


class Targets:
    """What is wanted of the pairs of a row."""

    def __init__(self, pairs: Sequence[Pair], keys: Sequence[Key], pieces: int) -> None:
        self.types = np.zeros((len(pairs), len(TYPES) + 1), np.int64)
        self.types[:, NOTHING] = 1
        self.statuses = np.full((len(pairs), len(TYPES)), -1, np.int64)
        self.tells = np.zeros((len(pairs), pieces), np.float32)
        self.words: list[tuple[int, int, int, int]] = []
        self._place = {(p.record, keys[p.source], keys[p.target]): i for i, p in enumerate(pairs)}

    def enter(self, n: int, part: Part, bounds: Sequence[int]) -> None:
        """Write the acts of one record."""
        passage = part.passage
        for act in sorted(passage.acts, key=lambda a: a.optional):
            for a, b in [(act.source, act.target)] + ([(act.target, act.source)] if act.symmetric else []):
                at = self._at(n, _key(n, passage, a), _key(n, passage, b))
                if at is not None:
                    self._enter(act, at, part.row, bounds)
        if passage.where.startswith("frame:"):  # only the marked pair of an example is known
            self.types[self.types[:, NOTHING] == 1] = UNTOLD

    def _at(self, n: int, source: Key, target: Key) -> int | None:
        """The pair of an act; an actor that the row does not name is its unsaid side."""
        ways = [(source, target), (source, NOBODY), (NOBODY, target)]
        return next((self._place[(n, *w)] for w in ways if (n, *w) in self._place), None)

    def _enter(self, act: Told, n: int, row: Sequence[Token], bounds: Sequence[int]) -> None:
        kind = TYPES.index(act.type)
        if act.optional:
            if self.types[n, kind] == 0:
                self.types[n, kind] = UNTOLD
            return
        self.types[n, kind] = 1
        self.types[n, NOTHING] = 0
        self.statuses[n, kind] = STATUSES.index(act.status)
        for i, token in enumerate(row):
            if act.trigger and token.start < act.trigger[1] and act.trigger[0] < token.end:
                self.tells[n, bounds[i] : bounds[i + 1]] = 1.0
                self.words.append((n, kind, bounds[i], bounds[i + 1]))


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

    def group(self, group: Group, rng: random.Random) -> Group:
        """A group with every known state exchanged for another, the same in all its records."""
        other: dict[str, str] = {}
        free = rng.sample(sorted(self.forms), 16)
        return group._replace(records=tuple(self.swapped(p, other, free, rng) for p in group.records))

    def swapped(self, passage: Passage, other: dict[str, str], free: Sequence[str], rng: random.Random) -> Passage:
        """The passage with every known state exchanged for the ``other``, which is taken from the ``free`` ones."""

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
        return passage._replace(text=text, marks=marks, acts=acts)


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
