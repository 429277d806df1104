"""The language model: tags, lemmas, trees and entities of sentences cut into words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from comity.errors import BadModel
from comity.language.features import SIZE, Features
from comity.language.lemmas import Lemmas
from comity.language.pieces import Pieces
from comity.language.trees import entity_paths, follow_table, mended, trees
from comity.model import Record, Token

WEIGHTS: Final = Path(__file__).parent / "weights"
MODEL_FILE: Final = "model.int8.onnx"
MAX_WORDS: Final = 250
MAX_PIECES: Final = 480
# Small batches stay in the processor's cache: 128 pieces were a tenth faster than 256, and 512 slower still.
_BATCH_PIECES: Final = 128
_BATCH_SENTENCES: Final = 32
_LOOK_BACK: Final = 60
_BREAKS: Final = frozenset(".;:!?,") | {"...", "--", "—", "–"}
_NEVER: Final = np.float32(-1e9)
# Sum and norm as one operator take seven times as long as the norm alone: an eighth of both networks' time.
_SLOW_FUSION: Final = "SkipLayerNormFusion"
_NAMES: Final = ("upos", "xpos", "lemma", "entity", "arcs", "label_dep", "label_head")

Floats = NDArray[np.float32]


class Parse(Record, frozen=True):
    """What the model says of one sentence, a column a word.

    ``heads`` are indices in the sentence, -1 at the root; ``entities`` are
    BIO tags in which every entity begins with B.
    """

    lemmas: tuple[str, ...] = ()
    upos: tuple[str, ...] = ()
    xpos: tuple[str, ...] = ()
    heads: tuple[int, ...] = ()
    deprels: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()


class Vectors:
    """The pieces of one sentence as the encoder takes them in, for a second reader with layers of its own.

    ``states`` is pieces x width (word embeddings, with the two edges), ``firsts`` the first piece of every word.
    All are equal, so that records which carry them are compared by what was read.
    """

    __slots__ = ("firsts", "states")

    def __init__(self, states: Floats, firsts: list[int]) -> None:
        self.states = states
        self.firsts = firsts

    @property
    def bounds(self) -> list[int]:
        """The first piece of every word, and the one behind the last word."""
        return [*self.firsts, len(self.states) - 1]

    def spread(self, rows: Floats) -> Floats:
        """Rows of words as rows of pieces, zero at the edges."""
        out = np.zeros((len(self.states), rows.shape[1]), np.float32)
        bounds = self.bounds
        out[bounds[0] : bounds[-1]] = np.repeat(rows, np.diff(bounds), axis=0)
        return out

    @classmethod
    def joined(cls, parts: Sequence[Vectors]) -> Vectors:
        """Several sentences in one row, with the edges of the first and the last only."""
        if len(parts) == 1:
            return parts[0]
        inner = [part.states[1:-1] for part in parts]
        states = np.concatenate([parts[0].states[:1], *inner, parts[-1].states[-1:]])
        firsts, at = [], 0
        for part, rows in zip(parts, inner, strict=True):
            firsts += [first + at for first in part.firsts]
            at += len(rows)
        return cls(states, firsts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vectors)

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"Vectors({self.states.shape[0]} pieces)"


class _Labels(msgspec.Struct, frozen=True):
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    lemma: tuple[str, ...]
    label: tuple[str, ...]
    entity: tuple[str, ...]
    features: int
    label_weight: list[list[float]]
    label_bias: list[float]
    lexicon: dict[str, str] = {}
    verbs: frozenset[str] = frozenset()


class _Item(msgspec.Struct):
    """One window of a sentence, ready for the encoder."""

    words: Sequence[str]
    ids: list[int]
    firsts: list[int]
    features: NDArray[np.uint8]
    parse: Parse = Parse()
    vectors: Vectors | None = None


def session_of(path: Path, threads: int = 1) -> Any:
    """A session over a network's file, of one thread by default; raises whatever is wrong with the file."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW_FUSION]
    )


class Encoder:
    """Reads sentences with the shipped weights; one session, one thread by default."""

    def __init__(self, session: Any, labels: _Labels, pieces: Pieces, model: Path) -> None:
        self._session = session
        self._labels = labels
        self._pieces = pieces
        self._features = Features()
        self._lemmas = Lemmas(labels.lexicon, labels.verbs)
        self._model = model
        self._follow = follow_table(labels.entity)
        self._root = labels.label.index("root")
        self._weight = np.ascontiguousarray(np.array(labels.label_weight, np.float32).T)
        self._bias = np.array(labels.label_bias, np.float32)

    @classmethod
    def load(cls, folder: Path | None = None, threads: int = 1) -> Encoder:
        """The model in ``folder``, by default the one shipped in the package."""
        home = folder or WEIGHTS
        model = home / MODEL_FILE
        try:
            labels = msgspec.json.decode((home / "labels.json").read_bytes(), type=_Labels)
            pieces = Pieces(home / "tokenizer.json")
            session = session_of(model, threads)
        except Exception as error:
            raise BadModel(
                f"the language model cannot be loaded: {error}", about=str(home), fix=_FIX
            ) from error
        if labels.features != SIZE:
            raise BadModel("the model was trained with other word features", about=str(home), fix=_FIX)
        return cls(session, labels, pieces, model)

    @cached_property
    def version(self) -> str:
        """A short hash of the weights."""
        return hashlib.sha256(self._model.read_bytes()).hexdigest()[:12]

    def parse(self, sentences: Sequence[Sequence[str]]) -> list[Parse]:
        """One `Parse` a sentence, in the order given."""
        return [parse for parse, _ in self._read(sentences, _NAMES)]

    def parse_with_vectors(self, sentences: Sequence[Sequence[str]]) -> list[tuple[Parse, Vectors | None]]:
        """The same with the `Vectors` of each sentence; None where it had to be read in several windows."""
        return self._read(sentences, (*_NAMES, "pieces"))

    def _read(
        self, sentences: Sequence[Sequence[str]], names: Sequence[str]
    ) -> list[tuple[Parse, Vectors | None]]:
        windows: list[list[_Item]] = [list(self._windows(words)) for words in sentences]
        items = sorted((item for group in windows for item in group), key=lambda item: len(item.ids))
        for batch in _batches(items):
            self._run(batch, names)
        return [
            (_joined([item.parse for item in group]), group[0].vectors if len(group) == 1 else None)
            for group in windows
        ]

    def _windows(self, words: Sequence[str]) -> Iterator[_Item]:
        if not words:
            return
        cut = self._pieces.of(words)
        rows = self._features.of(words)
        start = 0
        for end in _ends(words, [len(c) for c in cut]):
            ids, firsts = [self._pieces.start], [0]
            for pieces in cut[start:end]:
                firsts.append(len(ids))
                ids += pieces
            ids.append(self._pieces.end)
            features = np.zeros((len(ids), SIZE), np.uint8)
            features[1:-1] = np.repeat(rows[start:end], [len(c) for c in cut[start:end]], axis=0)
            yield _Item(words[start:end], ids, firsts, features)
            start = end

    def _run(self, batch: list[_Item], names: Sequence[str]) -> None:
        lengths = [len(item.words) for item in batch]
        count, width = len(batch), max(len(item.ids) for item in batch)
        ids = np.zeros((count, width), np.int64)
        features = np.zeros((count, width, SIZE), np.uint8)
        firsts = np.zeros((count, max(lengths) + 1), np.int64)
        for i, item in enumerate(batch):
            ids[i, : len(item.ids)] = item.ids
            features[i, : len(item.ids)] = item.features
            firsts[i, : len(item.firsts)] = item.firsts
        feed = {"ids": ids, "features": features, "firsts": firsts}
        upos, xpos, lemma, entity, arcs, dep, head, *pieces = self._session.run(list(names), feed)
        outside = np.arange(max(lengths) + 1)[None, :] > np.array(lengths)[:, None]
        arcs = np.where(outside[:, None, :], _NEVER, arcs)
        heads = trees(arcs, lengths)
        tags = entity_paths(entity, lengths, self._follow)
        deprels = self._deprels(dep, head, heads)
        for i, item in enumerate(batch):
            n = lengths[i]
            item.parse = self._parse(
                item.words, upos[i, :n], xpos[i, :n], lemma[i, :n], heads[i], deprels[i], tags[i, :n]
            )
            if pieces:
                item.vectors = Vectors(pieces[0][i, : len(item.ids)].copy(), item.firsts[1:])

    def _deprels(self, dep: Floats, head: Floats, heads: Sequence[list[int]]) -> list[list[str]]:
        """The best label of every word under its head; ``root`` at the root and nowhere else.

        All sentences of the batch are scored by one product: one for each took four times as long.
        """
        rows = np.concatenate([dep[i, : len(tree)] for i, tree in enumerate(heads)])
        chosen = np.concatenate([head[i, np.array(tree) + 1] for i, tree in enumerate(heads)])
        half = dep.shape[2] // 2
        joined = np.concatenate(
            [np.maximum(rows[:, :half] + chosen[:, :half], 0.0), rows[:, half:] * chosen[:, half:]], axis=1
        )
        scores = joined @ self._weight + self._bias
        scores[:, self._root] = _NEVER
        names = self._labels.label
        best = iter(scores.argmax(1).tolist())
        return [["root" if at < 0 else names[b] for at, b in zip(tree, best, strict=False)] for tree in heads]

    def _parse(
        self, words: Sequence[str], upos: NDArray[Any], xpos: NDArray[Any], lemma: NDArray[Any],
        heads: list[int], deprels: list[str], tags: NDArray[Any],
    ) -> Parse:  # fmt: skip
        sets = self._labels
        coarse = tuple(sets.upos[i] for i in upos.tolist())
        fine = tuple(sets.xpos[i] for i in xpos.tolist())
        scripts = (sets.lemma[i] for i in lemma.tolist())
        return Parse(
            lemmas=tuple(map(self._lemmas.of, words, coarse, fine, scripts)),
            upos=coarse,
            xpos=fine,
            heads=tuple(heads),
            deprels=tuple(deprels),
            entities=tuple(sets.entity[i] for i in tags.tolist()),
        )


_FIX: Final = "install the package again, or train the model as training/README.md says"


def annotate(tokens: Sequence[Token], parse: Parse) -> tuple[Token, ...]:
    """The tokens with the columns of their sentence's parse filled in."""
    columns = zip(
        tokens, parse.lemmas, parse.upos, parse.xpos, parse.heads, parse.deprels, parse.entities, strict=True
    )
    return tuple(
        Token(
            text=t.text, start=t.start, end=t.end, lemma=lemma, upos=upos, xpos=xpos,
            head=head, deprel=deprel, entity=entity,
        )
        for t, lemma, upos, xpos, head, deprel, entity in columns
    )  # fmt: skip


def _ends(words: Sequence[str], sizes: Sequence[int]) -> list[int]:
    """Where to cut a sentence that is too long: the end of every window."""
    ends: list[int] = []
    start, pieces, at = 0, 0, 0
    while at < len(words):
        if at - start >= MAX_WORDS or pieces + sizes[at] > MAX_PIECES:
            low = max(start, at - _LOOK_BACK)
            breaks = [i + 1 for i in range(low, at) if words[i] in _BREAKS]
            at = breaks[-1] if breaks else at
            ends.append(at)
            start, pieces = at, 0
        pieces += sizes[at]
        at += 1
    return [*ends, len(words)]


def _batches(items: list[_Item]) -> Iterator[list[_Item]]:
    """Items of like length together, so that little is spent on padding."""
    batch: list[_Item] = []
    for item in items:
        full = (len(batch) + 1) * len(item.ids) > _BATCH_PIECES or len(batch) >= _BATCH_SENTENCES
        if batch and full:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _joined(parts: list[Parse]) -> Parse:
    """The windows of one sentence as one tree: later roots hang on the first."""
    if len(parts) <= 1:
        return parts[0] if parts else Parse()
    heads: list[int] = []
    deprels: list[str] = []
    first = parts[0].heads.index(-1)
    for part in parts:
        at = len(heads)
        heads += [first if h < 0 and at else h + at if h >= 0 else -1 for h in part.heads]
        deprels += ["parataxis" if d == "root" and at else d for d in part.deprels]
    return Parse(
        lemmas=tuple(x for p in parts for x in p.lemmas),
        upos=tuple(x for p in parts for x in p.upos),
        xpos=tuple(x for p in parts for x in p.xpos),
        heads=tuple(heads),
        deprels=tuple(deprels),
        entities=mended([x for p in parts for x in p.entities]),
    )
