"""Fit the decisions between frames and the learned reader: python training/calibrate.py [GOLD_FOLDER ...].

Every event that either proposes for the gold articles is right or wrong (the gold has it, as ``must`` or ``may``,
with a status it allows), and so is every one proposed for the marked stories (its own sentence tells it or not: what an
article tells of two actors is often met by luck).  Logistic regressions turn what is known of a proposal into the
probability that it is right, within its sentence and, for the last word, within its document; they are written to
``comity/understand/learned.json``.  Only ``dev`` gold is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(HERE))

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
from marked import kept_out, marked  # noqa: E402

from comity.contract import event_object  # noqa: E402
from comity.evaluate.articles import agrees, dyads  # noqa: E402
from comity.evaluate.passages import as_gold  # noqa: E402
from comity.model import Document, Event  # noqa: E402
from comity.read import read_bytes  # noqa: E402
from comity.reader import Reader  # noqa: E402
from comity.understand.deciding import brevity  # noqa: E402
from comity.understand.events import EventFinder, is_judged, rows_of  # noqa: E402
from comity.understand.learned import decide  # noqa: E402

TARGET = ROOT / "comity" / "understand" / "learned.json"
PENALTY, TYPE_PENALTY, LAST_PENALTY = 1.0, 15.0, 300.0
RARE, FOLDS, TINY = 15, 6, 1e-3
Row = dict[str, float]


class Judged(NamedTuple):
    """A prepared document, what is right in it, its weight, and whether its sentences are asked (a marked story)."""

    document: Document
    truth: Callable[[Event], float | None]
    weight: float
    told: bool


class Proposal(NamedTuple):
    """Features within the sentence, all features, whether it is right, and of its document weight, number and kind.

    ``brief``: whether the document is a passage that stands alone.
    """

    first: Row
    last: Row
    right: float
    weight: float
    number: int
    told: bool
    brief: bool


FRESH = 3.0
"""Weight of articles by which the frames were not tuned, where they show how often they are really right."""
TOLD = 8.0
"""Weight of the marked stories in the last decision."""


def documents(reader: Reader, folders: list[Path]) -> Iterator[tuple[Document, dict[str, Any], float]]:
    """Prepared documents with their gold and a weight."""
    for folder in folders:
        if folder.suffix == ".jsonl":
            for line in folder.read_bytes().splitlines():
                row = msgspec.json.decode(line)
                document = Document(id=row["id"], text=row["text"], published=day(row["published"]))
                yield prepared(reader, document), as_gold(row), 1.0
            continue
        fresh = (folder / "fresh.txt").read_text("utf-8").split()
        for path in sorted(folder.glob("*.gold.json")):
            gold = msgspec.json.decode(path.read_bytes())
            stem = path.name.removesuffix(".gold.json")
            text = next(p for p in (path.with_name(stem + s) for s in (".txt", ".html", ".htm")) if p.exists())
            document = read_bytes(text.read_bytes(), name=text.name, any_language=True)
            if document.published is None and gold.get("published"):
                document = msgspec.structs.replace(document, published=day(gold["published"]))
            yield prepared(reader, document), gold, FRESH if stem in fresh else 1.0


def day(value: str) -> date:
    return date.fromisoformat(value)


def prepared(reader: Reader, document: Document) -> Document:
    """Everything but the events."""
    for _, stage in reader.stages[:-1]:
        document = stage(document)
    return document


def truth(event: Event, document: Document, gold: dict[str, Any]) -> float | None:
    """The share of the event's dyads that the gold has, None without a dyad of two actors."""
    shown = event_object(event, document.text)
    pairs = [p for p in dyads(shown) if None not in p]
    if not pairs:
        return None
    return sum(any(agrees(row, shown, p) for row in gold["events"]) for p in pairs) / len(pairs)


def of_articles(reader: Reader, folders: list[Path]) -> Iterator[Judged]:
    """The gold articles."""
    for document, gold, weight in documents(reader, folders):
        yield Judged(document, partial(truth, document=document, gold=gold), weight, told=False)


def of_stories(reader: Reader) -> Iterator[Judged]:
    """The marked stories."""
    for story in marked(kept_out(), reader):
        yield Judged(story.document, story.truth, TOLD, told=True)


def proposals(finder: EventFinder, judged: Iterable[Judged]) -> dict[str, list[Proposal]]:
    """Everything that frames and the learned reader propose and of which one knows whether it is right."""
    found: dict[str, list[Proposal]] = {"frame": [], "learned": []}
    for number, one in enumerate(judged):
        candidates = [c for _, listed in finder.proposals(one.document) for c in listed]
        for candidate, row in zip(candidates, rows_of(one.document, candidates), strict=True):
            right = one.truth(candidate.event)
            if right is not None and is_judged(candidate.event):
                brief = brevity(one.document) == 1
                proposal = Proposal(candidate.features, row, right, one.weight, number, one.told, brief)
                found[candidate.origin].append(proposal)
    return found


def ridge(x: np.ndarray, right: np.ndarray, weight: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Logistic regression with a small ridge, by Newton steps."""
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - right)) + penalty * w
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def fit(rows: list[Row], right: np.ndarray, weight: np.ndarray) -> Row:
    """The decision within a sentence, from few features as they are."""
    names = sorted({k for r in rows for k in r})
    x = np.array([[r.get(n, 0.0) for n in names] for r in rows])
    # a type's own leaning is learned from few proposals and must be plain to count
    penalty = np.array([TYPE_PENALTY if n.startswith("is ") else PENALTY for n in names])
    return {n: round(float(v), 4) for n, v in zip(names, ridge(x, right, weight, penalty), strict=True)}


def scaled_fit(rows: list[Row], right: np.ndarray, weight: np.ndarray, told: np.ndarray) -> Row:
    """The same with all features scaled alike first, for the many features of the last decision.

    ``told`` is 1 for proposals of marked stories: fewer of them are right, since more is asked of them, and that alone
    must not weigh on the features.
    """
    seen = Counter(k for r in rows for k in r)
    names = sorted(k for k, n in seen.items() if n >= RARE and k != "bias")
    x = np.array([[r.get(n, 0.0) for n in names] for r in rows])
    mean, spread = x.mean(0), x.std(0)
    spread[spread < 1e-9] = 1.0
    penalty = np.r_[np.full(len(names), LAST_PENALTY), np.full(2, TINY)]
    *w, _, bias = ridge(np.c_[(x - mean) / spread, told, np.ones(len(x))], right, weight, penalty)
    found = {n: round(float(v), 5) for n, v in zip(names, np.array(w) / spread, strict=True)}
    return {"bias": round(float(bias - (np.array(w) * mean / spread).sum()), 5), **found}


def chances(weights: Row, rows: list[Row]) -> np.ndarray:
    """What a fitted decision says of rows of features."""
    return np.array([decide(weights, r) for r in rows])


def left_out(
    rows: list[Row], right: np.ndarray, weight: np.ndarray, groups: np.ndarray, told: np.ndarray
) -> np.ndarray:  # fmt: skip
    """The chance of every proposal by a decision fitted without its article or story."""
    fold = np.random.RandomState(0).randint(0, FOLDS, groups.max() + 1)[groups]
    found = np.zeros(len(right))
    for k in range(FOLDS):
        rest, here = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        weights = scaled_fit([rows[i] for i in rest], right[rest], weight[rest], told[rest])
        found[here] = chances(weights, [rows[i] for i in here])
    return found


def level_of(right: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """By how much to stretch and shift the log odds so that of what is left out as much is right as was promised.

    Platt (1999), "Probabilistic outputs for support vector machines".
    """
    odds = np.log(chance / (1 - chance))
    slope, shift = ridge(np.c_[odds, np.ones(len(odds))], right, weight, np.full(2, TINY))
    return float(slope), float(shift)


def moved(chance: np.ndarray, level: tuple[float, float]) -> np.ndarray:
    """Chances with their log odds stretched and shifted."""
    return 1 / (1 + np.exp(-level[0] * np.log(chance / (1 - chance)) - level[1]))


def show(name: str, right: np.ndarray, chance: np.ndarray) -> None:
    """The reliability table of one decision."""
    print(name, len(right), "proposals,", f"{right.mean():.3f} right")
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1)
        if inside.sum():
            print(f"  {low:.1f}-{low + 0.1:.1f}: {inside.sum():5d} proposals, {right[inside].mean():.2f} right")


def main() -> None:
    """Fit, show reliability, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--dry", action="store_true")
    parser.add_argument("--first", action="store_true", help="fit the decisions within a sentence as well")
    options = parser.parse_args()
    folders = options.gold or [
        ROOT / "gold" / "dev",
        ROOT / "gold" / "dev3",
        ROOT / "gold" / "dev4",
        ROOT / "gold" / "sentences" / "dev.jsonl",
    ]
    reader = Reader()
    finder = next(stage for name, stage in reader.stages if name == "events")
    assert isinstance(finder, EventFinder)
    data = json.loads(TARGET.read_text("utf-8"))
    found = proposals(finder, chain(of_articles(reader, folders), of_stories(reader)))
    for origin, proposed in found.items():
        rows = [p.last for p in proposed]
        right, weights = np.array([p.right for p in proposed]), np.array([p.weight for p in proposed])
        group, told = np.array([p.number for p in proposed]), np.array([float(p.told) for p in proposed])
        of_gold, brief = told == 0, np.array([p.brief for p in proposed])
        whole, alone = of_gold & ~brief, of_gold & brief
        if options.first:
            firsts = [p.first for p in proposed if not p.told]
            data[origin] = fit(firsts, right[of_gold], weights[of_gold])
        chance = left_out(rows, right, weights, group, told)
        level = level_of(right[whole], chance[whole], weights[whole])
        fitted = {k: round(level[0] * v, 5) for k, v in scaled_fit(rows, right, weights, told).items()}
        data["last"][origin] = fitted | {"bias": round(fitted["bias"] + level[1], 5)}
        chance = moved(chance, level)
        level = level_of(right[alone], chance[alone], weights[alone])
        data["brief"][origin] = [round(x, 4) for x in level]
        chance = np.where(alone, moved(chance, level), chance)
        for name, part in (("articles", whole), ("passages", alone), ("stories", ~of_gold)):
            show(f"{origin}, {name}, each read by a decision fitted without it:", right[part], chance[part])
    if not options.dry:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
