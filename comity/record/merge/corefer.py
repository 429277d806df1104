"""Which mentions of events in text are of one event, told from the text alone.

For passages with a marked trigger where no actors are coded: the word of the act (its lemma, its
family, its frame types), the words, names and numbers around it, and how like the documents are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from comity.errors import BadMergeModel
from comity.model import Record
from comity.record.merge.clustering import Pair, cluster, components, pair
from comity.record.merge.mentions import EventMention, document_likeness, read_mention
from comity.record.merge.terms import DATA, cosine, idf, rarest

TEXT_FEATURES: Final = (
    "lemma same", "base same", "form same", "kind same", "word other", "common word", "context", "near", "names",
    "names apart", "numbers same", "numbers apart", "document likeness", "same document", "same date", "other date",
)  # fmt: skip
MOST_FREQUENT: Final = 4000
"""Mentions of one family of words in one group of documents beyond which it is not compared whole."""


LIKE: Final = 0.5
"""Likeness from which all mentions of two documents are compared, whatever their words."""


class TextModel(Record, frozen=True):
    """Weights of the text features, the bias, and the threshold of the clustering."""

    weights: Mapping[str, float]
    bias: float
    threshold: float
    note: str = ""


@cache
def text_model() -> TextModel:
    """The weights of the package.  Raises `BadMergeModel` when they do not fit this program."""
    path = DATA / "text_weights.json"
    model = msgspec.json.decode(path.read_bytes(), type=TextModel)
    if set(model.weights) != set(TEXT_FEATURES):
        raise BadMergeModel("features do not agree", about=str(path), fix="restore the file from the package")
    return model


def corefer(mentions: Sequence[Mapping[str, Any]], *, model: TextModel | None = None) -> list[int]:
    """A cluster number for each mention, counted from 0 by first appearance.

    Each mention is ``{"doc", "text", "start", "end"}``: the passage and the characters of the word
    that tells the event, half open.  Optional: ``date`` (of the event or else of the document, ISO)
    and ``group`` (documents of other groups are never compared).  Raises `BadUsage` for a trigger
    outside its text.
    """
    used = model or text_model()
    read = [read_mention(number, item) for number, item in enumerate(mentions)]
    scores = dict(scored(read, likeness_of(mentions), used))
    edges = [p for p, s in scores.items() if s >= used.threshold]
    apart = one_sentence(read)
    label: dict[str, int] = {}
    groups = []
    by_name: dict[str, list[tuple[Pair, float]]] = {}
    for found, value in scores.items():
        by_name.setdefault(found[0], []).append((found, value))
    for names in components([m.id for m in read], edges):
        inside = set(names)
        own = {p: s for n in names for p, s in by_name.get(n, ()) if p[1] in inside}
        groups += cluster(
            names, own, used.threshold, apart=[p for n in names for p in apart.get(n, ()) if p[1] in inside]
        )
    for number, names in enumerate(sorted(groups)):
        label.update(dict.fromkeys(names, number))
    return [label[m.id] for m in read]


def one_sentence(read: Sequence[EventMention]) -> dict[str, list[Pair]]:
    """Pairs of different words of one passage, by their first mention: they tell different events."""
    passages: dict[tuple[str, str], list[EventMention]] = {}
    for mention in read:
        passages.setdefault((mention.doc, mention.passage), []).append(mention)
    apart: dict[str, list[Pair]] = {}
    for found in passages.values():
        for at, a in enumerate(found):
            for b in found[at + 1 :]:
                if a.base != b.base:
                    apart.setdefault(pair(a.id, b.id)[0], []).append(pair(a.id, b.id))
    return apart


class Likeness:
    """How like two documents are, 0 to 1."""

    def __init__(self, rows: Mapping[str, int], matrix: npt.NDArray[np.float32]) -> None:
        self.rows = rows
        self.matrix = matrix

    def __call__(self, first: str, second: str) -> float:
        return float(self.matrix[self.rows[first], self.rows[second]])


def likeness_of(mentions: Sequence[Mapping[str, Any]]) -> Likeness:
    """The likeness of the documents, from the different passages that their mentions stand in."""
    passages: dict[str, dict[str, None]] = {}
    for item in mentions:
        passages.setdefault(str(item["doc"]), {})[str(item["text"])] = None
    return Likeness(*document_likeness({doc: list(found) for doc, found in passages.items()}))


def scored(read: Sequence[EventMention], like: Likeness, model: TextModel) -> Iterator[tuple[Pair, float]]:
    """Scores of the pairs that have a word family or a frame in common."""
    weights = [model.weights[name] for name in TEXT_FEATURES]
    for first, second in comparable(read, like):
        total = model.bias + sum(w * v for w, v in zip(weights, text_features(first, second, like), strict=True))
        yield pair(first.id, second.id), 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def comparable(read: Sequence[EventMention], like: Likeness) -> Iterator[tuple[EventMention, EventMention]]:
    """Pairs of one group with the same word, word family or frame form, or of like documents, each once."""
    blocks: dict[tuple[str, str], list[int]] = {}
    by_doc: dict[tuple[str, str], list[int]] = {}
    for at, mention in enumerate(read):
        by_doc.setdefault((mention.group, mention.doc), []).append(at)
        for key in {"b " + mention.base, *("f " + form for form in mention.forms)}:
            blocks.setdefault((mention.group, key), []).append(at)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        if len(members) <= MOST_FREQUENT:
            seen.update((a, b) for place, a in enumerate(members) for b in members[place + 1 :])
    docs = sorted(by_doc)
    for place, first in enumerate(docs):
        for second in docs[place + 1 :]:
            if first[0] == second[0] and like(first[1], second[1]) >= LIKE:
                seen.update((min(a, b), max(a, b)) for a in by_doc[first] for b in by_doc[second])
    for a, b in sorted(seen):
        yield read[a], read[b]


def text_features(a: EventMention, b: EventMention, like: Likeness) -> tuple[float, ...]:
    """The features of a pair, in the order of `TEXT_FEATURES`; the same whichever comes first."""
    shared = a.names & b.names
    rare = sum(idf(n) for n in shared) / (4 * rarest())
    numbers = a.numbers & b.numbers
    return (
        float(a.lemma == b.lemma),
        float(a.base == b.base and a.lemma != b.lemma),
        float(bool(a.forms & b.forms)),
        float(bool(a.kinds & b.kinds)),
        float(a.base != b.base and not a.kinds & b.kinds),
        1 - idf(a.lemma) / rarest(),
        cosine(a.context, b.context),
        cosine(a.near, b.near),
        min(1.0, rare),
        float(bool(a.names) and bool(b.names) and not shared),
        min(1.0, len(numbers) / 2),
        float(bool(a.numbers) and bool(b.numbers) and not numbers),
        like(a.doc, b.doc),
        float(a.doc == b.doc),
        float(a.day is not None and a.day == b.day),
        min(1.0, abs((a.day - b.day).days) / 7) if a.day and b.day else 0.0,
    )
