"""Scores of single agency sentences, between states and inside them: `comity read` and `comity classify` on each.

One JSON object a line: ``text``, ``published`` and ``events`` with ``need``, ``types``, ``status``, ``modes``,
``source`` and ``target`` (every code that is right), ``symmetric``; those asked for (``must``) have the words of either
side too (``from``, ``to``: start and end), which are given to `comity classify`.  What may be told beside them need
name no type; where a sentence is ``open``, it tells more than is listed, and nothing else is wrong.  Unlike in the
articles (`comity.evaluate.articles`), what happens inside one state counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from comity.evaluate.goldfile import gold_rows, hash_of
from comity.model import Event, Record
from comity.reader import Reader
from comity.understand.classify import Classifier, plover

Row = Mapping[str, Any]


class Told(Record, frozen=True):
    """One read event between one source and one target."""

    event: Event
    source: str
    target: str


def score_leads(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Acts with both sides as read from raw sentences, and the types of marked pairs."""
    classifier = Classifier(reader.prepare, reader.lexicon, reader.row, reader.judge)
    counts: Counter[str] = Counter()
    notes: list[str] = []
    for row in gold_rows(path):
        document = reader.text(row["text"], published=date.fromisoformat(row["published"]), name=row["id"])
        found = told(document.events)
        wrong = [] if row.get("open") else [t for t in found if not any(allows(g, t) for g in row["events"])]
        counts["given"] += len(found)
        counts["right"] += len(found) - len(wrong)
        missed = [n for g in row["events"] if g["need"] == "must" for n in _missed(g, found, counts)]
        typed = [n for g in row["events"] if g["need"] == "must" for n in _typed(classifier, row["text"], g, counts)]
        extra = [f"wrong {t.event.type} {t.event.status} {t.source}>{t.target}" for t in wrong]
        if missed or typed or extra:
            notes.append(f"{row['id']}: {'; '.join([*missed, *extra, *typed])} | {row['text']}")
    precision, recall = _share(counts, "right", "given"), _share(counts, "found", "asked")
    scores = {
        "acts": counts["asked"],
        "precision": precision,
        "recall": recall,
        "f1": round(2 * precision * recall / (precision + recall), 3) if precision + recall else 0.0,
        "status_accuracy": _share(counts, "status", "found"),
        "mode_accuracy": _share(counts, "mode", "moded"),
        "accuracy": _share(counts, "typed", "asked"),
    }
    return scores, notes, hash_of(path)


def told(events: Sequence[Event]) -> list[Told]:
    """The events as pairs of one source and one target, inside one state too."""
    return [Told(event=e, source=s, target=t) for e in events for s in e.sources for t in e.targets]


def agrees(gold: Row, one: Told) -> bool:
    """Whether a read act has the type and both sides of a gold one."""
    if "types" in gold and one.event.type not in gold["types"]:
        return False
    straight = one.source in gold["source"] and one.target in gold["target"]
    turned = one.source in gold["target"] and one.target in gold["source"]
    return straight or (turned and bool(gold.get("symmetric")))


def allows(gold: Row, one: Told) -> bool:
    """Whether it agrees, and has a status that the gold one allows."""
    return agrees(gold, one) and one.event.status in gold.get("status", (one.event.status,))


def _missed(gold: Row, found: Sequence[Told], counts: Counter[str]) -> list[str]:
    """What is wrong with how an act is read, if anything; counts what is right."""
    counts["asked"] += 1
    name = f"{'/'.join(gold['types'])} {'/'.join(gold['source'])}>{'/'.join(gold['target'])}"
    hits = [t for t in found if agrees(gold, t)]
    if not hits:
        others = sorted({t.event.type for t in found if agrees({**gold, "types": (t.event.type,)}, t)})
        return [f"missed {name}" + (f" (pair found as {', '.join(others)})" if others else "")]
    counts["found"] += 1
    statused = [t for t in hits if t.event.status in gold["status"]]
    counts["status"] += bool(statused)
    wrong = [] if statused else [f"status {hits[0].event.status} of {name}"]
    if gold.get("modes"):
        right = any(t.event.mode in gold["modes"] for t in hits)
        counts["moded"] += 1
        counts["mode"] += right
        wrong += [] if right else [f"mode {hits[0].event.mode} for {'/'.join(gold['modes'])} of {name}"]
    return wrong


def _typed(classifier: Classifier, text: str, gold: Row, counts: Counter[str]) -> list[str]:
    """The type given for the marked pair, where it is wrong."""
    one, two = ({"start": gold[side][0], "end": gold[side][1]} for side in ("from", "to"))
    answer = classifier(text, one, two)["type"]
    right = answer in {plover(kind, status) for kind in gold["types"] for status in gold["status"]}
    counts["typed"] += right
    return [] if right else [f"marked pair {answer} for {'/'.join(gold['types'])}"]


def _share(counts: Counter[str], a: str, b: str) -> float:
    return round(counts[a] / counts[b], 3) if counts[b] else 0.0
