"""What the lexicon of acts knows of single words, as features for the learned reader of pairs.

A small network cannot have seen every verb; the lexicon lists thousands with the acts they may tell.  For every
word: the shares of the types among its frames, what it makes of a clause it governs, what it does as a light verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.knowledge.frame_records import UPOS, Lexicon
from comity.knowledge.frames import EFFECTS, MEANINGS
from comity.model import Token

_POS: Final = {upos: pos for pos, names in UPOS.items() for upos in names}


class Hints:
    """Features of words: types in the lexicon's order, then effects, then meanings."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.types = tuple(lexicon.types)
        self.size = len(self.types) + len(EFFECTS) + len(MEANINGS)
        self._lexicon = lexicon
        self._known: dict[tuple[str, str], NDArray[np.float32]] = {}

    def of(self, tokens: Sequence[Token]) -> NDArray[np.float32]:
        """One row a word (words x size)."""
        return np.array([self._row(_POS.get(t.upos, ""), t.lemma.lower()) for t in tokens], np.float32).reshape(
            len(tokens), self.size
        )

    def _row(self, pos: str, lemma: str) -> NDArray[np.float32]:
        key = (pos, lemma)
        if key not in self._known:
            self._known[key] = self._made(pos, lemma)
        return self._known[key]

    def _made(self, pos: str, lemma: str) -> NDArray[np.float32]:
        row = np.zeros(self.size, np.float32)
        frames = self._lexicon.frames.get((pos, lemma), ())
        embedders = self._lexicon.embedders.get((pos, lemma), ())
        told = [f.type for f in frames] + [e.own_type for e in embedders if e.own_type]
        for kind in told:
            row[self.types.index(kind)] += 1.0 / len(told)
        start = len(self.types)
        for embedder in embedders:
            row[start + EFFECTS.index(embedder.effect)] = 1.0
        light = self._lexicon.lights.get(lemma) if pos == "v" else None
        if light is not None:
            row[start + len(EFFECTS) + MEANINGS.index(light.meaning)] = 1.0
        return row
