"""Which documents tell the same story: a logistic model over likeness by words, names, numbers and days."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np

from comity.record.merge.coref.linking import Weights, average_link, sigmoid
from comity.record.merge.coref.reading import CONTENT, Floats, Reading, tokens_of
from comity.record.merge.terms import idf, rarest, stem

FEATURES: Final = (
    "words",
    "shared words",
    "names",
    "numbers",
    "common words",
    "length",
    "days known",
    "gap",
    "near",
    "month",
)
COLUMNS: Final = 1 << 13
"""Columns that terms are folded into, so that memory does not grow with the vocabulary."""
NEAR, MONTH = 3, 30
LENGTHS: Final = (20, 160)
"""Terms of a document between which its length was seen in training; beyond, the nearer counts."""
LENIENT: Final = (0.2, 0.35, 0.5, 0.7, 0.9)
"""Mean likeness from which documents are compared; the next is taken while a block has too many mentions."""

Terms = tuple[dict[str, int], dict[str, int], dict[str, int]]
"""Counts of the names, the numbers and the other telling stems of a document."""


def document_terms(reading: Reading) -> list[Terms]:
    """The terms of every document."""
    found: list[Terms] = [({}, {}, {}) for _ in reading.groups]
    for text in reading.texts:
        for token in tokens_of(text):
            if token.upos in CONTENT:
                term = stem(token.text)
                own = found[text.doc][0 if token.upos == "PROPN" else 1 if term[:1].isdigit() else 2]
                own[term] = own.get(term, 0) + 1
    return found


def cosines(terms: Sequence[Terms], kinds: Sequence[int], least: int) -> Floats:
    """Cosine likeness by terms of these kinds that ``least`` of the documents have, documents x documents.

    A term weighs by how few of these documents and how little general English use it.
    """
    spread: dict[str, int] = {}
    for own in terms:
        for term in {t for kind in kinds for t in own[kind]}:
            spread[term] = spread.get(term, 0) + 1
    kept = sorted(term for term, count in spread.items() if count >= least)
    columns = {term: at % COLUMNS for at, term in enumerate(kept)}
    matrix = np.zeros((len(terms), min(COLUMNS, len(kept)) + 1), np.float32)
    for row, own in enumerate(terms):
        for kind in kinds:
            for term, count in own[kind].items():
                if term in columns:
                    rare = math.log((len(terms) + 1) / spread[term]) * (OVER_ALL + idf(term) / rarest())
                    matrix[row, columns[term]] += (1 + math.log(count)) * rare
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
    return np.asarray(matrix @ matrix.T, np.float32)


OVER_ALL: Final = 0.3


def document_features(terms: Sequence[Terms], days: Sequence[date | None]) -> list[Floats]:
    """One matrix a feature, documents x documents, in the order of `FEATURES`.

    Long documents are liker than short ones whatever they tell: ``length`` (log of the terms of the shorter) makes up
    for it.
    """
    known = np.array([d is not None for d in days])
    number = np.array([d.toordinal() if d else 0 for d in days], np.float32)
    gap = np.abs(number[:, None] - number[None, :])
    dated = known[:, None] & known[None, :]
    lengths = np.log(np.clip([sum(map(len, own)) for own in terms], *LENGTHS)).astype(np.float32)
    told = [np.where(dated, value, 0).astype(np.float32) for value in (1.0, np.log1p(gap), gap <= NEAR, gap <= MONTH)]
    return [
        cosines(terms, (0, 1, 2), 1), cosines(terms, (0, 1, 2), 2), cosines(terms, (0,), 2), cosines(terms, (1,), 2),
        cosines(terms, (2,), 2), np.minimum.outer(lengths, lengths), *told,
    ]  # fmt: skip


def same_story(terms: Sequence[Terms], days: Sequence[date | None], weights: Weights) -> Floats:
    """How surely each two documents tell the same story, documents x documents; 1 for a document and itself."""
    total = np.full((len(terms), len(terms)), weights.bias, np.float32)
    for name, matrix in zip(FEATURES, document_features(terms, days), strict=True):
        total += np.float32(weights.weights[name]) * matrix
    sure = sigmoid(total)
    np.fill_diagonal(sure, 1.0)
    return sure


def blocks(sure: Floats, size: Callable[[Sequence[int]], int], most: int) -> list[list[int]]:
    """Documents that are compared: clusters by lenient mean likeness, of ``most`` mentions where that may be."""
    return list(_cut(sure, list(range(len(sure))), size, most, 0))


def _cut(
    sure: Floats, docs: list[int], size: Callable[[Sequence[int]], int], most: int, level: int
) -> Sequence[list[int]]:
    found: dict[int, list[int]] = {}
    for doc, label in zip(docs, average_link(sure[np.ix_(docs, docs)], LENIENT[level]), strict=True):
        found.setdefault(label, []).append(doc)
    cut: list[list[int]] = []
    for part in found.values():
        large = size(part) > most and len(part) > 1
        if large and level + 1 < len(LENIENT):
            cut += _cut(sure, part, size, most, level + 1)
        elif large:
            step = max(1, len(part) * most // size(part))
            cut += [part[at : at + step] for at in range(0, len(part), step)]
        else:
            cut.append(part)
    return cut
