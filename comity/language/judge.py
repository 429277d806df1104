"""The learned reader of pairs: what a sentence says that a source does to a target, with probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.errors import BadModel
from comity.knowledge.frame_records import Lexicon
from comity.language.encoder import WEIGHTS, Vectors, session_of
from comity.language.hints import Hints
from comity.language.pairing import PairInputs, Within, WordRange, pair_inputs
from comity.model import Record, Token

FILE: Final = "events.int8.onnx"
NOTHING: Final = "NONE"
OUTPUTS: Final = ("kinds", "each", "statuses", "tells", "by_kind")
MOST_PAIRS: Final = 72
BATCH_ROWS: Final = 64
"""Pieces and pairs read at once: small batches stay in the cache and are padded little."""


class Statuses(Mapping[str, Mapping[str, float]]):
    """How likely each status is if the act has a type; made for the types that somebody asks for.

    ``rows`` have one row a type, all types but the last (nothing).
    """

    def __init__(self, types: Sequence[str], statuses: Sequence[str], rows: Sequence[Sequence[float]]) -> None:
        self._types, self._statuses, self._rows = types, statuses, rows

    def __getitem__(self, kind: str) -> Mapping[str, float]:
        if kind not in self._types[:-1]:
            raise KeyError(kind)
        return dict(zip(self._statuses, self._rows[self._types.index(kind)], strict=True))

    def __iter__(self) -> Iterator[str]:
        return iter(self._types[:-1])

    def __len__(self) -> int:
        return len(self._types) - 1


class Verdict(Record, frozen=True):
    """What the network says of one ordered pair of a sentence.

    ``types`` are the probabilities of the types and of nothing at all (sum 1), ``statuses`` those of the statuses
    for every type, ``told`` the share of every word in telling what is told.  One sentence can tell several acts of
    a pair: ``likely`` is the probability of every type by itself, whatever else is told, and ``words`` the word that
    tells it.
    """

    types: dict[str, float]
    statuses: Mapping[str, Mapping[str, float]]
    told: tuple[float, ...]
    likely: dict[str, float]
    words: dict[str, int]


class Question(NamedTuple):
    """A row of words, its actors as ranges of words, and the ordered pairs of them (indices) that are asked about.

    An actor without ranges stands for a side that the row leaves unsaid.  A row of several sentences has its
    governors as ``heads`` (-1 at a root) and for every pair the sentence that it is asked of (``within``).
    """

    tokens: Sequence[Token]
    vectors: Vectors
    actors: Sequence[Sequence[WordRange]]
    pairs: Sequence[tuple[int, int]]
    heads: Sequence[int] | None = None
    within: Sequence[Within] | None = None


class Item(NamedTuple):
    """What the network takes in of one question."""

    pieces: NDArray[np.float32]
    firsts: list[int]
    inputs: PairInputs
    actors: NDArray[np.float32]
    hints: NDArray[np.float32]
    within: Sequence[Within]

    @property
    def size(self) -> tuple[int, int]:
        """Pairs and pieces."""
        return len(self.inputs.roles), len(self.pieces)


class _Labels(msgspec.Struct, frozen=True):
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    unsaid: bool = False
    """Whether the network was trained on acts with a side that no word names."""
    rows: bool = False
    """Whether it was trained on sentences with those beside them."""


class PairJudge:
    """Judges pairs of actors of single sentences; one session, one thread."""

    def __init__(self, session: Any, labels: _Labels, hints: Hints) -> None:
        self._session = session
        self._labels = labels
        self._hints = hints

    @classmethod
    def load(cls, lexicon: Lexicon, folder: Path | None = None) -> PairJudge:
        """The network in ``folder``, by default the one shipped in the package."""
        home = folder or WEIGHTS
        try:
            labels = msgspec.json.decode((home / "events.json").read_bytes(), type=_Labels)
            session = session_of(home / FILE)
        except Exception as error:
            raise BadModel(
                f"the reader of pairs cannot be loaded: {error}", about=str(home), fix="install the package again"
            ) from error
        return cls(session, labels, Hints(lexicon))

    @property
    def unsaid(self) -> bool:
        """Whether it can be asked about a side that the sentence does not name."""
        return self._labels.unsaid

    @property
    def rows(self) -> bool:
        """Whether it can be asked about a sentence in a row with others."""
        return self._labels.rows

    def __call__(self, questions: Sequence[Question]) -> list[list[Verdict]]:
        """One `Verdict` a pair for every question, in the order given."""
        items = [item_of(q, self._hints) for q in questions]
        answers: list[list[Verdict]] = [[] for _ in items]
        for batch in batches_of(items):
            self._run([items[k] for k in batch], [answers[k] for k in batch])
        return answers

    def _run(self, items: Sequence[Item], answers: Sequence[list[Verdict]]) -> None:
        kinds, each, statuses, tells, by_kind = self._session.run(OUTPUTS, feed_of(items))
        names = self._labels
        for n, (item, answer) in enumerate(zip(items, answers, strict=True)):
            p, t = item.inputs.roles.shape
            told = np.add.reduceat(tells[n, :p, :t], item.firsts, axis=1).tolist()
            of_types = np.add.reduceat(tells[n, :p, None, :t] * by_kind[n, None, :, :t], item.firsts, axis=2)
            likely = np.maximum(each[n, :p], kinds[n, :p, :-1]).tolist()
            words = [(of_types[i, :, a:b].argmax(-1) + a).tolist() for i, (a, b) in enumerate(item.within[:p])]
            rows = zip(kinds[n, :p].tolist(), statuses[n, :p].tolist(), told, likely, words, strict=True)
            answer.extend(
                Verdict(
                    types=dict(zip(names.types, of_pair, strict=True)),
                    statuses=Statuses(names.types, names.statuses, of_statuses),
                    told=tuple(of_words),
                    likely=dict(zip(names.types, of_likely, strict=False)),  # all types but the last, nothing
                    words=dict(zip(names.types, at, strict=False)),
                )
                for of_pair, of_statuses, of_words, of_likely, at in rows
            )


def item_of(question: Question, hints: Hints) -> Item:
    """A question as the network takes it in."""
    vectors, actors = question.vectors, question.actors
    heads = question.heads or [t.head for t in question.tokens]
    size = len(vectors.states)
    return Item(
        pieces=vectors.states,
        firsts=vectors.firsts,
        inputs=pair_inputs(heads, vectors.firsts, size, actors, question.pairs[:MOST_PAIRS], question.within),
        actors=_marked(vectors, actors),
        hints=vectors.spread(hints.of(question.tokens)),
        within=question.within or [(0, len(question.tokens))] * len(question.pairs),
    )


def batches_of(items: Sequence[Item]) -> Iterator[list[int]]:
    """Numbers of items of like size that are read at once."""
    batch: list[int] = []
    for i in sorted(range(len(items)), key=lambda i: items[i].size):
        widest = [max(sizes) for sizes in zip(*(items[k].size for k in [*batch, i]), strict=True)]
        if batch and (len(batch) + 1) * sum(widest) > BATCH_ROWS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def feed_of(items: Sequence[Item]) -> dict[str, NDArray[Any]]:
    """Several items as one input of the network, padded."""
    count, width = len(items), max(len(i.pieces) for i in items)
    most = max(len(i.inputs.roles) for i in items)
    feed: dict[str, NDArray[Any]] = {
        "pieces": np.zeros((count, width, items[0].pieces.shape[1]), np.float32),
        "mask": np.zeros((count, width), np.float32),
        "sources": np.zeros((count, most, width), np.float32),
        "targets": np.zeros((count, most, width), np.float32),
        "roles": np.zeros((count, most, width), np.int64),
        "actors": np.zeros((count, width), np.float32),
        "hints": np.zeros((count, width, items[0].hints.shape[1]), np.float32),
    }
    for n, item in enumerate(items):
        p, t = item.inputs.roles.shape
        feed["pieces"][n, :t], feed["mask"][n, :t] = item.pieces, 1.0
        feed["actors"][n, :t], feed["hints"][n, :t] = item.actors, item.hints
        for name in ("sources", "targets", "roles"):
            feed[name][n, :p, :t] = getattr(item.inputs, name)
    return feed


def _marked(vectors: Vectors, actors: Sequence[Sequence[WordRange]]) -> NDArray[np.float32]:
    """1 at every piece of a mention."""
    bounds = vectors.bounds
    marks = np.zeros(len(vectors.states), np.float32)
    for mentions in actors:
        for first, last, _ in mentions:
            marks[bounds[first] : bounds[last + 1]] = 1.0
    return marks
