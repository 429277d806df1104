"""Mentions of events in text alone: the word that tells the act, the words around it, the document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import simplemma

from comity.errors import BadUsage
from comity.knowledge.frames import load_frames
from comity.model import Record
from comity.record.merge.terms import NUMBERS, idf, rarest, stem, words

AROUND: Final = 8
"""Words on either side of the trigger that may be its arguments."""
BASE: Final = 5
"""Letters that a noun and its verb have in common (acquire, acquisition)."""
DIMENSIONS: Final = 1 << 13
NEIGHBOURS: Final = 3
LEAST_NEAREST: Final = 0.12
"""Likeness of the nearest documents below which a document has no neighbours to be scaled by."""
PARTICLES: Final = frozenset("up down off out over away back in on through apart".split())
EMPTY: Final = frozenset(
    "the a an and or of to in on at by for with from as that this it its his her their he she they was were is are be "
    "been has have had will would not but who which after before when into about than one".split()
)


class EventMention(Record, frozen=True):
    """A mention made ready for comparing.

    ``lemma`` is that of the trigger's main word, ``base`` its first letters, ``kinds`` the PLOVER
    types and forms of its frames; ``passage`` is the whole text, ``context`` weighs its other words,
    ``near`` those within `AROUND` words of the trigger.
    """

    id: str
    doc: str
    group: str
    lemma: str
    base: str
    kinds: frozenset[str]
    forms: frozenset[str]
    context: Mapping[str, float]
    near: Mapping[str, float]
    names: frozenset[str]
    numbers: frozenset[str]
    day: date | None
    passage: str


def read_mention(number: int, item: Mapping[str, Any]) -> EventMention:
    """One mention from ``{doc, text, start, end}`` with optional ``date`` and ``group``.

    Raises `BadUsage` when the trigger does not lie in the text.
    """
    try:
        text, start, end = str(item["text"]), int(item["start"]), int(item["end"])
        doc = str(item["doc"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadUsage(f"mention {number} lacks {error}", fix="give doc, text, start and end") from None
    if not 0 <= start < end <= len(text):
        raise BadUsage(f"the trigger {start}:{end} of mention {number} is not in its text", fix="count in characters")
    trigger, before, after = words(text[start:end]), words(text[:start]), words(text[end:])
    lemma = head_lemma(tuple(w.casefold() for w in trigger))
    kinds, forms = frame_kinds(lemma)
    around = [*before, *after]
    return EventMention(
        id=f"{number:07d}",
        doc=doc,
        group=str(item.get("group") or ""),
        lemma=lemma,
        base=lemma[:BASE],
        kinds=kinds,
        forms=forms,
        context=_weighed(around),
        near=_weighed([*before[-AROUND:], *after[:AROUND]]),
        names=frozenset(stem(w) for w in around if w[0].isupper() and w.casefold() not in EMPTY),
        numbers=frozenset(s for w in around if (s := stem(w))[:1].isdigit()),
        day=_day(item.get("date")),
        passage=text,
    )


@lru_cache(maxsize=1 << 16)
def head_lemma(trigger: tuple[str, ...]) -> str:
    """The lemma of the trigger's main word: the last that a frame knows, else the last that says something."""
    lemmas = [simplemma.lemmatize(w, lang="en") for w in trigger] or [""]
    telling = [at for at, w in enumerate(lemmas) if w not in EMPTY and w not in PARTICLES and w not in NUMBERS]
    known = [at for at in telling if frame_kinds(lemmas[at])[0]]
    at = (known or telling or [len(lemmas) - 1])[-1]
    return lemmas[at].casefold()


@cache
def frame_kinds(lemma: str) -> tuple[frozenset[str], frozenset[str]]:
    """The PLOVER types of the frames of a verb or noun, and the same with mode and CAMEO code."""
    frames = [f for pos in ("v", "n") for f in load_frames().frames.get((pos, lemma), ())]
    return frozenset(f.type for f in frames), frozenset(f"{f.type} {f.mode} {f.cameo}" for f in frames)


def _weighed(found: Iterable[str]) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for word in found:
        term = stem(word)
        if term not in EMPTY:
            weights[term] = idf(term)
    length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    return {t: w / length for t, w in weights.items()}


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def document_likeness(texts: Mapping[str, Sequence[str]]) -> tuple[dict[str, int], npt.NDArray[np.float32]]:
    """Cosine likeness of documents: the row of each, and the matrix.

    ``texts`` are the different passages of each document.  Words weigh by how few of these
    documents and how little general English use them.
    """
    counts: dict[str, dict[str, int]] = {}
    spread: dict[str, int] = {}
    for doc, passages in texts.items():
        own: dict[str, int] = {}
        for word in (w for passage in passages for w in words(passage)):
            term = stem(word)
            own[term] = own.get(term, 0) + 1
        counts[doc] = own
        for term in own:
            spread[term] = spread.get(term, 0) + 1
    rows = {doc: at for at, doc in enumerate(sorted(texts))}
    vectors = np.zeros((len(rows), DIMENSIONS), dtype=np.float32)
    columns = {term: at for at, term in enumerate(sorted(spread))}
    for doc, own in counts.items():
        for term, count in own.items():
            rare = math.log((len(rows) + 1) / spread[term]) * idf(term) / rarest()
            vectors[rows[doc], columns[term] % DIMENSIONS] += (1 + math.log(count)) * rare
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return rows, _scaled(vectors @ vectors.T)


def _scaled(matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Likeness in proportion to how like each document's nearest neighbours are, at most 1.

    Long documents are liker than short ones whatever they tell, so that a fixed measure fits neither.
    """
    np.fill_diagonal(matrix, 0.0)
    few = min(NEIGHBOURS, len(matrix) - 1)
    if few < 1:
        return matrix + np.eye(len(matrix), dtype=np.float32)
    nearest = np.partition(matrix, -few, axis=1)[:, -few:].mean(axis=1)
    scale = np.sqrt(np.maximum(nearest, LEAST_NEAREST))
    matrix = np.minimum(matrix / scale[:, None] / scale[None, :], 1.0)
    np.fill_diagonal(matrix, 1.0)
    return matrix
