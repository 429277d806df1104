"""Scores of the speaker and the count of events, on passages of one to four sentences.

A gold file has one passage a line: ``id``, ``text``, ``published`` and ``events`` with ``types`` (every accepted
one), ``source``, ``target``, ``symmetric``, ``speaker`` (accepted names and codes; empty where the article tells it
on its own word; absent where it is not judged) and ``count`` (null where none is told; absent where not judged).
Only the events that a passage lists are judged, and only those that are found with one of their types, so that the
finding of events and that of their sources stay apart: ``found`` is the share of events found; ``speaker`` and
``count`` are right among the found that have one; ``own_word`` and ``uncounted`` those that rightly have none;
``speaker_of_all`` counts a missed event as a missed speaker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from comity.contract import document_object
from comity.evaluate.articles import name_fits
from comity.evaluate.command import run
from comity.evaluate.goldfile import gold_rows, hash_of
from comity.reader import Reader

Row = Mapping[str, Any]


def score_claims(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """The figures of a gold file, its single mistakes in words, and the hash of the gold."""
    counts: Counter[str] = Counter()
    notes: list[str] = []
    for row in gold_rows(path):
        document = reader.text(row["text"], published=date.fromisoformat(row["published"]), name=row["id"])
        given = document_object(document)["events"]
        for event in row["events"]:
            notes.extend(f"{row['id']}: {note}" for note in judge(event, given, counts))
    return figures(counts), notes, hash_of(path)


def judge(gold: Row, given: list[Row], counts: Counter[str]) -> list[str]:
    """Count one gold event; its mistakes in words."""
    label = f"{'/'.join(gold['types'])} {gold['source']} {gold['target']}"
    counts["events"] += 1
    counts["claimed of all"] += bool(gold.get("speaker"))
    same = [e for e in given if e["type"] in gold["types"] and _same_sides(gold, e)]
    if not same:
        return [f"missed {label}"]
    counts["found"] += 1
    notes: list[str] = []
    best = max(same, key=lambda e: sum(verdict(gold, e).values()))
    for aspect, right in verdict(gold, best).items():
        counts[aspect] += 1
        counts[f"{aspect} right"] += right
        if not right:
            field = "speaker" if aspect in {"speaker", "own_word"} else "count"
            got = (best["speaker"] or {}).get("name") if field == "speaker" and best.get("speaker") else best.get(field)
            notes.append(f"{aspect} {got} for {gold[field]}: {label} at '{(best.get('anchor') or {}).get('text')}'")
    return notes


def verdict(gold: Row, event: Row) -> dict[str, bool]:
    """Which aspects of an event are judged, and whether each is right."""
    found: dict[str, bool] = {}
    if "speaker" in gold:
        told = bool(gold["speaker"])
        right = name_fits(gold["speaker"], event.get("speaker")) if told else event.get("speaker") is None
        found["speaker" if told else "own_word"] = right
    if "count" in gold:
        found["count" if gold["count"] else "uncounted"] = event.get("count") == gold["count"]
    return found


def _same_sides(gold: Row, event: Row) -> bool:
    one, two = gold["source"], gold["target"]
    sources, targets = event.get("sources") or [], event.get("targets") or []
    there = one in sources and two in targets
    either = {one, two} <= {*sources, *targets}
    return there or (bool(gold.get("symmetric")) and either)


def figures(counts: Counter[str]) -> dict[str, float]:
    """The shares, from 0 to 1."""

    def ratio(a: str, b: str) -> float:
        return round(counts[a] / counts[b], 3) if counts[b] else 0.0

    shown = {"events": float(counts["events"]), "found": ratio("found", "events")}
    for aspect in ("speaker", "own_word", "count", "uncounted"):
        shown[aspect] = ratio(f"{aspect} right", aspect)
    return {**shown, "speaker_of_all": ratio("speaker right", "claimed of all")}


def main() -> None:
    """``python -m comity.evaluate.claims_score FILE [--detail]``."""
    run("Score the speakers and counts of events.", "passages with events", score_claims, judge=True)


if __name__ == "__main__":
    main()
