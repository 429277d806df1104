"""Scores time expressions against a gold set, in the manner of TempEval-3.

An expression found counts as right in extent if it overlaps one of the gold
(relaxed; each of the gold is used once), and as right in value if the TIMEX3
values are the same as well; ``exact`` asks for the same extent too.  Precision,
recall and F1 are over all texts.

    python -m comity.evaluate.dates_score gold/dates/dev2.jsonl [--detail]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from comity.evaluate.goldfile import gold_rows
from comity.model import Record
from comity.understand.dates import dates_of

Finder = Callable[[str, date | None], Sequence[Mapping[str, Any]]]


class Counts(Record, frozen=True):
    """How many are in the gold, were found, overlap, agree in extent, in value, in both."""

    gold: int = 0
    found: int = 0
    relaxed: int = 0
    strict: int = 0
    value: int = 0
    exact: int = 0

    def plus(self, other: Counts) -> Counts:
        """The sum of two counts."""
        return Counts(gold=self.gold + other.gold, found=self.found + other.found,
                      relaxed=self.relaxed + other.relaxed, strict=self.strict + other.strict,
                      value=self.value + other.value, exact=self.exact + other.exact)  # fmt: skip

    def f1(self, right: int) -> float:
        """F1 of that many right ones."""
        return 2.0 * right / (self.gold + self.found) if self.gold + self.found else 1.0


class Miss(Record, frozen=True):
    """One difference between gold and answer."""

    name: str
    wanted: str
    answered: str
    around: str


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The passages of a folder, one JSON file each, or of a JSONL file; their offsets are checked."""
    texts = list(_passages(path))
    for text in texts:
        for item in text["dates"]:
            if text["text"][item["start"] : item["end"]] != item["text"]:
                raise ValueError(f"{text['name']}: {item['text']!r} does not stand at {item['start']}")
    return texts


def _passages(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        yield from gold_rows(path)
        return
    for file in sorted(path.glob("*.json")):
        yield {**json.loads(file.read_text(encoding="utf-8")), "name": file.stem}


def score_folder(folder: Path, find: Finder = dates_of) -> tuple[dict[str, float], list[str]]:
    """Figures and, in words, the differences for the passages of a folder."""
    counts, misses = score(read_gold(folder), find)
    notes = [f"{m.name}: gold {m.wanted or 'none'}, found {m.answered or 'none'}: {m.around}" for m in misses]
    return figures(counts), notes


def score(texts: Iterable[Mapping[str, Any]], find: Finder = dates_of) -> tuple[Counts, list[Miss]]:
    """Counts over all texts, and each difference."""
    total = Counts()
    misses: list[Miss] = []
    for text in texts:
        published = date.fromisoformat(text["published"]) if text.get("published") else None
        counts, missed = compare(text, find(text["text"], published))
        total = total.plus(counts)
        misses += missed
    return total, misses


def compare(text: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> tuple[Counts, list[Miss]]:
    """Counts and differences for one text."""
    free = list(found)
    relaxed = strict = value = exact = 0
    misses = []
    for wanted in text["dates"]:
        answer = _overlapping(wanted, free)
        if answer is not None:
            free.remove(answer)
            relaxed += 1
            same = (answer["start"], answer["end"]) == (wanted["start"], wanted["end"])
            strict += same
            value += answer["value"] == wanted["value"]
            exact += same and answer["value"] == wanted["value"]
        if answer is None or answer["value"] != wanted["value"] or answer["text"] != wanted["text"]:
            misses.append(_miss(text, wanted, answer))
    misses += [_miss(text, None, extra) for extra in free]
    counts = Counts(gold=len(text["dates"]), found=len(found), relaxed=relaxed, strict=strict, value=value,
                    exact=exact)  # fmt: skip
    return counts, misses


def _overlapping(wanted: Mapping[str, Any], free: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    fits = [f for f in free if f["start"] < wanted["end"] and wanted["start"] < f["end"]]
    same = [f for f in fits if f["value"] == wanted["value"]]
    return next(iter(same or fits), None)


def _miss(text: Mapping[str, Any], wanted: Mapping[str, Any] | None, answer: Mapping[str, Any] | None) -> Miss:
    at = wanted or answer
    assert at is not None
    around = text["text"][max(0, at["start"] - 40) : at["end"] + 30].replace("\n", " ")
    return Miss(name=str(text.get("name", "")), around=around,
                wanted=f"{wanted['text']} = {wanted['value']}" if wanted else "",
                answered=f"{answer['text']} = {answer['value']}" if answer else "")  # fmt: skip


def figures(counts: Counts) -> dict[str, float]:
    """The figures that are reported, between 0 and 1."""
    return {
        "expressions": float(counts.gold),
        "found": float(counts.found),
        "relaxed_f1": round(counts.f1(counts.relaxed), 3),
        "strict_f1": round(counts.f1(counts.strict), 3),
        "value_f1": round(counts.f1(counts.value), 3),
        "exact_f1": round(counts.f1(counts.exact), 3),
        "value_accuracy": round(counts.value / counts.relaxed, 3) if counts.relaxed else 0.0,
    }


def main(arguments: Sequence[str]) -> None:
    """Print the figures of folders or files of gold, and with --detail each difference."""
    for name in [a for a in arguments if not a.startswith("-")]:
        scores, notes = score_folder(Path(name))
        sys.stdout.write("".join(f"{note}\n" for note in notes if "--detail" in arguments))
        sys.stdout.write(f"{name}: {json.dumps(scores)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
