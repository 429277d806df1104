"""The score of a pair of reports: a logistic model over its features, and why in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from comity.errors import BadMergeModel
from comity.model import Record
from comity.record.merge.compare import FEATURES, Side, features, side_of
from comity.record.merge.records import ReportRow
from comity.record.merge.terms import DATA

WORDS: Mapping[str, str] = {
    "type same": "same kind of act",
    "mode same": "same form",
    "mode apart": "another form",
    "actors": "actors in common",
    "other side": "another actor on one side",
    "side akin": "a kindred actor on one side",
    "direction": "same side acts",
    "anchor same": "same word for the act",
    "same day": "same day",
    "one day apart": "one day apart",
    "few days apart": "a few days apart",
    "days apart": "more than three days apart",
    "told at once": "told on the day",
    "told a day later": "told the day after",
    "told days later": "told within days",
    "told otherwise": "told at another time",
    "told together": "undated, told within a day",
    "told apart": "undated, told on other days",
    "within": "vague date fits",
    "outside": "vague date does not fit",
    "undated": "one is undated",
    "published apart": "published at different times",
    "place same": "same place",
    "place apart": "another place",
    "count same": "same count",
    "count apart": "another count",
    "words": "like wording",
    "names": "rare names in common",
    "names apart": "other names",
    "often done": "an act done often, no rare word in common",
    "numbers same": "same numbers",
    "numbers apart": "other numbers",
    "same document": "told in one document",
}
TOLD = 0.25
"""Parts of the score below this are not worth a word."""
KEPT = 100_000
"""Scores that are kept at once (with their sides some 60 MB)."""


class MergeModel(Record, frozen=True):
    """The fitted weights: one a feature, the bias, and the threshold of the clustering."""

    weights: Mapping[str, float]
    bias: float
    threshold: float = 0.5
    pledge: float = 0.5
    note: str = ""

    def vector(self) -> tuple[float, ...]:
        """The weights in the order of `FEATURES`."""
        return tuple(self.weights[name] for name in FEATURES)


def read_model(path: Path) -> MergeModel:
    """The weights in a JSON file.  Raises `BadMergeModel` when it does not fit this program."""
    fix = "restore the file from the package, or fit it again with training/merge_weights.py"
    try:
        model = msgspec.json.decode(path.read_bytes(), type=MergeModel)
    except (OSError, msgspec.DecodeError) as error:
        raise BadMergeModel(f"the weights cannot be read: {error}", about=str(path), fix=fix) from None
    if set(model.weights) != set(FEATURES):
        odd = ", ".join(sorted(set(model.weights) ^ set(FEATURES)))
        raise BadMergeModel(f"features do not agree: {odd}", about=str(path), fix=fix)
    return model


@cache
def shipped_model() -> MergeModel:
    """The weights of the package."""
    return read_model(DATA / "weights.json")


class Scorer:
    """Scores pairs of reports with one model; a pure function of the pair.

    Whoever adds document after document meets the same reports of an event again with each of them, so that `side` and
    `kept_score` keep what they worked out, until `KEPT` scores or sides are there.
    """

    def __init__(self, model: MergeModel | None = None) -> None:
        self.model = model or shipped_model()
        self.vector = self.model.vector()
        self._sides: dict[str, Side] = {}
        self._scores: dict[tuple[str, str], tuple[Side, Side, float]] = {}

    def side(self, report: ReportRow) -> Side:
        """The report made ready for comparing; the same object as before as long as the report is the same."""
        known = self._sides.get(report.id)
        if known is None or known.report != report:
            self._make_room()
            known = self._sides[report.id] = side_of(report)
        return known

    def _make_room(self) -> None:
        if max(len(self._scores), len(self._sides)) >= KEPT:
            self._scores.clear()
            self._sides.clear()

    def kept_score(self, first: Side, second: Side) -> float:
        """`score` of two sides from `side`, worked out once."""
        if second.report.id < first.report.id:
            first, second = second, first
        key = (first.report.id, second.report.id)
        known = self._scores.get(key)
        if known is not None and known[0] is first and known[1] is second:
            return known[2]
        self._make_room()
        found = self.score(first, second)
        self._scores[key] = (first, second, found)
        return found

    def score(self, first: Side, second: Side) -> float:
        """How surely two reports are of one event, 0 to 1; the order does not matter."""
        total = self.model.bias
        for weight, value in zip(self.vector, features(first, second), strict=True):
            total += weight * value
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def why(self, first: Side, second: Side) -> tuple[str, ...]:
        """The parts of the score that weigh most, in words, the weightiest first."""
        parts = [
            (weight * value, WORDS[name])
            for name, weight, value in zip(FEATURES, self.vector, features(first, second), strict=True)
        ]
        parts.sort(key=lambda part: (-abs(part[0]), part[1]))
        return tuple(f"{'for' if v > 0 else 'against'}: {words} ({v:+.1f})" for v, words in parts if abs(v) >= TOLD)
