"""The encoder of mentions: a vector of every mention in its sentence.

Six MiniLM layers over the parser's word embeddings, written by ``training/export_mentions.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from comity.errors import BadModel
from comity.language.encoder import WEIGHTS, Vectors, session_of
from comity.record.merge.coref.reading import WIDTH, Floats, Reading

NAME: Final = "mentions.int8.onnx"
BATCH: Final = 128
"""Pieces read at once: small batches stay in the cache and are padded little."""


class MentionVectors:
    """Reads sentences by their word embeddings; one session, one thread."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    def load(cls, folder: Path | None = None) -> MentionVectors:
        """The network in ``folder``, by default the one shipped in the package."""
        home = folder or WEIGHTS
        try:
            return cls(session_of(home / NAME))
        except Exception as error:
            raise BadModel(
                f"the encoder of mentions cannot be loaded: {error}", about=str(home), fix="install the package again"
            ) from error

    def __call__(self, reading: Reading) -> Floats:
        """Vectors of length one, mentions x width; nothing but zeros where a sentence is too long for the parser."""
        rows: dict[tuple[int, int], list[int]] = {}
        for at, mention in enumerate(reading.mentions):
            rows.setdefault((mention.passage, mention.sentence), []).append(at)
        found: list[tuple[Vectors, list[int]]] = []
        for (passage, number), inside in rows.items():
            sentences = reading.texts[passage].sentences
            vectors = sentences[number].vectors if number < len(sentences) else None
            if vectors is not None:
                found.append((vectors, inside))
        found.sort(key=lambda item: len(item[0].states))
        out = np.zeros((len(reading.mentions), WIDTH), np.float32)
        batch: list[tuple[Vectors, list[int]]] = []
        for item in found:
            if batch and (len(batch) + 1) * len(item[0].states) > BATCH:
                self._run(batch, reading, out)
                batch = []
            batch.append(item)
        if batch:
            self._run(batch, reading, out)
        return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6), np.float32)

    def _run(self, batch: Sequence[tuple[Vectors, list[int]]], reading: Reading, out: Floats) -> None:
        width = max(len(v.states) for v, _ in batch)
        pieces = np.zeros((len(batch), width, WIDTH), np.float32)
        mask = np.zeros((len(batch), width), np.float32)
        for row, (vectors, _) in enumerate(batch):
            pieces[row, : len(vectors.states)], mask[row, : len(vectors.states)] = vectors.states, 1.0
        (states,) = self._session.run(["states"], {"pieces": pieces, "mask": mask})
        for row, (_, inside) in enumerate(batch):
            for at in inside:
                low, high = reading.mentions[at].pieces
                out[at] = states[row, low:high].mean(axis=0)
