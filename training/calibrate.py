"""Fit the decisions between frames and the learned reader: python training/calibrate.py [GOLD_FOLDER ...].

Every event that either proposes for the gold articles is right or wrong (the gold has it, as ``must`` or ``may``,
with a status it allows).  Two logistic regressions turn what is known of a proposal into the probability that it
is right; they are written to ``comity/understand/learned.json``.  Only ``dev`` gold is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402
import numpy as np  # noqa: E402

from comity.contract import event_object  # noqa: E402
from comity.evaluate.articles import agrees, dyads  # noqa: E402
from comity.evaluate.passages import as_gold  # noqa: E402
from comity.model import Document  # noqa: E402
from comity.read import read_bytes  # noqa: E402
from comity.reader import Reader  # noqa: E402
from comity.understand.events import Candidate, EventFinder  # noqa: E402

TARGET = ROOT / "comity" / "understand" / "learned.json"
PENALTY, TYPE_PENALTY = 1.0, 15.0
FRESH = 3.0
"""Weight of articles by which the frames were not tuned, where they show how often they are really right."""


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


def truth(candidate: Candidate, document: Document, gold: dict[str, Any]) -> float | None:
    """The share of the event's dyads that the gold has, None without a dyad of two actors."""
    shown = event_object(candidate.event, document.text)
    pairs = [p for p in dyads(shown) if None not in p]
    if not pairs:
        return None
    return sum(any(agrees(row, shown, p) for row in gold["events"]) for p in pairs) / len(pairs)


def fit(rows: list[dict[str, float]], right: np.ndarray, weight: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Logistic regression with a small ridge, by Newton steps."""
    names = sorted({k for r in rows for k in r})
    x = np.array([[r.get(n, 0.0) for n in names] for r in rows])
    w = np.zeros(len(names))
    # a type's own leaning is learned from few proposals and must be plain to count
    penalty = np.array([TYPE_PENALTY if n.startswith("is ") else PENALTY for n in names])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - right)) + penalty * w
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return {n: round(float(v), 4) for n, v in zip(names, w, strict=True)}, 1 / (1 + np.exp(-x @ w))


def main() -> None:
    """Fit, show reliability, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--dry", action="store_true")
    options = parser.parse_args()
    folders = options.gold or [ROOT / "gold" / "dev", ROOT / "gold" / "sentences" / "dev.jsonl"]
    reader = Reader()
    finder = next(stage for name, stage in reader.stages if name == "events")
    assert isinstance(finder, EventFinder)
    rows: dict[str, list[dict[str, float]]] = {"frame": [], "learned": []}
    labels: dict[str, list[float]] = {"frame": [], "learned": []}
    weights: dict[str, list[float]] = {"frame": [], "learned": []}
    for document, gold, weight in documents(reader, folders):
        for _, candidates in finder.candidates(document):
            for candidate in candidates:
                right = truth(candidate, document, gold)
                if right is not None:
                    rows[candidate.origin].append(candidate.features)
                    labels[candidate.origin].append(right)
                    weights[candidate.origin].append(weight)
    data = json.loads(TARGET.read_text("utf-8"))
    for origin in rows:
        y = np.array(labels[origin])
        data[origin], p = fit(rows[origin], y, np.array(weights[origin]))
        print(origin, len(y), "proposals,", f"{y.mean():.3f} right", data[origin])
        for low in np.arange(0, 1, 0.1):
            inside = (p >= low) & (p < low + 0.1)
            if inside.sum():
                print(f"  {low:.1f}-{low + 0.1:.1f}: {inside.sum():5d} proposals, {y[inside].mean():.2f} right")
    if not options.dry:
        TARGET.write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
