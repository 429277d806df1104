"""Kinship of words that tell events: what they are derived from and how near their meanings are.

The table ``kin.csv`` is made from WordNet 3.0 by ``training/merge_text_kin.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from comity.model import Record
from comity.record.merge.terms import DATA

NO_WORDS: frozenset[str] = frozenset()


class Kin(Record, frozen=True):
    """The verbs that a word is derived from, and its concepts with weights (length one, or none at all)."""

    verbs: frozenset[str]
    concepts: Mapping[int, float]


@cache
def table() -> Mapping[tuple[str, str], Kin]:
    """Kinship by lemma and part of speech (``n`` or ``v``)."""
    found = {}
    with (DATA / "kin.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pairs = (item.split(":") for item in row["concepts"].split())
            found[row["lemma"], row["pos"]] = Kin(
                verbs=frozenset(row["verbs"].split()), concepts={int(node): float(weight) for node, weight in pairs}
            )
    return MappingProxyType(found)


def kin_of(lemma: str, verbal: bool) -> Kin:
    """The kinship of a word, as the other part of speech where the table lacks its own."""
    known = table()
    first, second = ("v", "n") if verbal else ("n", "v")
    return known.get((lemma, first)) or known.get((lemma, second)) or Kin(verbs=NO_WORDS, concepts={})


def family(lemma: str, verbal: bool) -> frozenset[str]:
    """The verbs that a word belongs to; itself where none is known."""
    return kin_of(lemma, verbal).verbs or frozenset((lemma,))


def nearness(words: Sequence[tuple[str, bool]]) -> npt.NDArray[np.float32]:
    """Cosine likeness of the concepts of words (lemma, is it a verb), words x words."""
    kins = [kin_of(lemma, verbal) for lemma, verbal in words]
    columns = {node: at for at, node in enumerate(sorted({n for k in kins for n in k.concepts}))}
    matrix = np.zeros((len(words), max(1, len(columns))), np.float32)
    for row, found in enumerate(kins):
        for node, weight in found.concepts.items():
            matrix[row, columns[node]] = weight
    return np.asarray(np.minimum(matrix @ matrix.T, 1.0), np.float32)
