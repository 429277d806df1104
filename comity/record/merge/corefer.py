"""Which mentions of events in text are of one event, told from the text alone.

For passages with a marked trigger where no actors are coded.  Documents that tell the same story are found
first; within them small networks score every two mentions by the kinship of their words, their vectors in
the sentence, who acts on whom, days, numbers and names; clusters are made by mean score.  The method and
its sources: docs/corefer.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from comity.language.encoder import Encoder
from comity.model import Record
from comity.record.merge.coref import pairs, second, stories
from comity.record.merge.coref.linking import CorefModel, average_link, checked, coref_model
from comity.record.merge.coref.reading import Floats, Reading, Telling, read
from comity.record.merge.coref.vectors import MentionVectors

MOST: Final = 1200
"""Mentions of one block of documents beyond which it is cut at surer likeness of documents."""
REASONS: Final = 3
LEAST_REASON: Final = 0.15
TINY: Final = 1e-6


class Linked(Record, frozen=True):
    """A cluster number for each mention, counted from 0 by first appearance, and reasons a person can follow."""

    clusters: tuple[int, ...]
    why: tuple[tuple[str, ...], ...]


class Linker:
    """Clusters mentions; holds the parser and the encoder of mentions, which are loaded once."""

    def __init__(self, encoder: Encoder, vectors: MentionVectors, model: CorefModel) -> None:
        self._encoder = encoder
        self._vectors = vectors
        self._model = checked(model, stories.FEATURES, pairs.FEATURES, second.FEATURES)

    def __call__(self, mentions: Sequence[Mapping[str, Any]], *, reasons: bool = True) -> Linked:
        """Clusters of mentions ``{doc, text, start, end}``; without ``reasons`` those are empty."""
        if not mentions:
            return Linked(clusters=(), why=())
        reading = read(mentions, self._encoder)
        return link(reading, self._vectors(reading), self._model, reasons=reasons)


def link(reading: Reading, contextual: Floats, model: CorefModel, *, reasons: bool = True) -> Linked:
    """Clusters of mentions that are read, with their vectors of length one (mentions x width)."""
    labels: list[tuple[int, int]] = [(0, 0)] * len(reading.mentions)
    why: list[tuple[str, ...]] = [()] * len(reading.mentions)
    for number, (inside, alike) in enumerate(compared(reading, model)):
        found = [reading.mentions[at] for at in inside]
        valued = pairs.matrices(found, alike, contextual[inside])
        scores = judged(found, valued, model)
        own = average_link(scores, model.threshold)
        for at, label in zip(inside, own, strict=True):
            labels[at] = (number, label)
        if reasons:
            told = explained(found, own, scores, valued, model, reading.names)
            for at, lines in zip(inside, told, strict=True):
                why[at] = lines
    numbers: dict[tuple[int, int], int] = {}
    return Linked(clusters=tuple(numbers.setdefault(x, len(numbers)) for x in labels), why=tuple(why))


def judged(found: Sequence[Telling], valued: Sequence[pairs.Matrix], model: CorefModel) -> Floats:
    """How surely each two mentions of a block are of one event: the mean of the first look and the second."""
    first = pairs.scores(valued, model.pairs)
    looked = second.second_look(first, found)
    return np.asarray((first + pairs.scores([*valued, *looked], model.second)) / 2, np.float32)


@cache
def shipped() -> Linker:
    """The linker of the package."""
    return Linker(Encoder.load(), MentionVectors.load(), coref_model())


def linked(mentions: Sequence[Mapping[str, Any]], *, linker: Linker | None = None) -> Linked:
    """Clusters with reasons; the fields of a mention are those of `corefer`."""
    return (linker or shipped())(mentions)


def corefer(mentions: Sequence[Mapping[str, Any]], *, linker: Linker | None = None) -> list[int]:
    """A cluster number for each mention, counted from 0 by first appearance.

    Each mention is ``{"doc", "text", "start", "end"}``: the passage (a sentence or the whole document) and
    the characters of the words that tell the event, half open.  Optional: ``date`` (of the document, ISO)
    and ``group`` (documents of other groups are never compared).  Raises `BadUsage` for a trigger
    outside its text.
    """
    return list((linker or shipped())(mentions, reasons=False).clusters)


def compared(reading: Reading, model: CorefModel) -> Iterator[tuple[list[int], Floats]]:
    """Mentions that are compared with each other, and how surely their documents tell the same story."""
    terms = stories.document_terms(reading)
    own: dict[int, list[int]] = {}
    for at, mention in enumerate(reading.mentions):
        own.setdefault(mention.doc, []).append(at)
    groups: dict[str, list[int]] = {}
    for doc, group in enumerate(reading.groups):
        groups.setdefault(group, []).append(doc)
    for docs in groups.values():
        sure = stories.same_story([terms[d] for d in docs], [reading.days[d] for d in docs], model.stories)
        sizes = [len(own.get(d, ())) for d in docs]
        for block in stories.blocks(sure, lambda part, sizes=sizes: sum(sizes[p] for p in part), MOST):  # type: ignore[misc]
            rows = [p for p in block for _ in range(sizes[p])]
            yield [at for p in block for at in own[docs[p]]], sure[np.ix_(rows, rows)]


def explained(
    found: Sequence[Telling],
    labels: Sequence[int],
    scores: Floats,
    valued: Sequence[pairs.Matrix],
    model: CorefModel,
    names: Sequence[str],
) -> Iterator[tuple[str, ...]]:
    """For each mention the one it is likest, of its cluster where that has several, and what spoke for it."""
    size = len(found)
    if size < 2:
        yield from [("alone in its story",)] * size
        return
    label = np.array(labels)
    pool = np.where(label[:, None] == label[None, :], scores + 1, scores)
    np.fill_diagonal(pool, -1)
    best = pool.argmax(axis=1)
    rows = np.arange(size)
    parts = spoken(np.stack([matrix[rows, best] for matrix in valued], axis=-1).astype(np.float32), model)
    for at, other in enumerate(best.tolist()):
        together = labels[at] == labels[other]
        head = "likest" if together else "kept apart from the likest"
        lines = [f"{head}: '{found[other].words}' in {names[found[other].doc]} ({scores[at, other]:.2f})"]
        for sign, word in ((1, "for"), (-1, "against")):
            own_parts = zip(parts[at].tolist(), pairs.FEATURES, strict=True)
            told = sorted(((part * sign, name) for part, name in own_parts), reverse=True)[:REASONS]
            said = [f"{n} ({sign * v:+.1f})" for v, n in told if v > LEAST_REASON]
            lines += [f"{word}: {'; '.join(said)}"] if said else []
        yield tuple(lines)


def spoken(given: Floats, model: CorefModel) -> Floats:
    """By how much each feature of some pairs (pairs x features) moves their log odds from where its mean would."""
    standard = model.pairs.standard(given)
    columns = range(standard.shape[-1])
    ways = np.repeat(standard[None], len(columns) + 1, axis=0)  # as it is, then without each feature
    for column in columns:
        ways[column + 1, :, column] = 0.0
    chance = np.clip(model.pairs.chances(ways), TINY, 1 - TINY)
    odds = np.log(chance / (1 - chance))
    return np.asarray((odds[0] - odds[1:]).T, np.float32)
