"""Scores the dates of single predicates against own gold, apart from whether their events are found.

    python -m comity.evaluate.when_score [gold/dates/when.jsonl]

A date is right when its days lie within the gold interval.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from comity.evaluate.checkout import ROOT
from comity.evaluate.goldfile import gold_rows
from comity.model import Document, EventDate
from comity.reader import Reader
from comity.understand.tree import Tree
from comity.understand.when import Clock, Dated

GOLD = ROOT / "gold" / "dates" / "when.jsonl"
STAGES = 3  # sentences, parse, time expressions


def score_when(path: Path, reader: Reader) -> tuple[int, int, list[str]]:
    """How many dates are right, how many there are, and each difference in words."""
    right = asked = 0
    notes = []
    for row in gold_rows(path):
        for event, dated in _dates(row, reader):
            asked += 1
            if fits(event, dated):
                right += 1
            else:
                days = (
                    f"{dated.date.start} to {dated.date.end}" if dated.date.start != dated.date.end else dated.date.end
                )
                notes.append(
                    f"{row['name']} {event['word']}: gold {event['date']}, {days} ({dated.why}): {row['text']}"
                )
    return right, asked, notes


def _dates(row: dict[str, Any], reader: Reader) -> Iterator[tuple[dict[str, Any], Dated]]:
    document = Document(id="text", text=row["text"], published=date.fromisoformat(row["published"]))
    for _, stage in reader.stages[:STAGES]:
        document = stage(document)
    trees = [Tree(sentence, number) for number, sentence in enumerate(document.sentences)]
    clock = Clock(document.text, document.published, document.sentences, trees, document.timexes)
    for event in row["events"]:
        quoted = row["text"][: event["start"]].count('"') % 2 == 1
        for tree in trees:
            for index, token in enumerate(tree.tokens):
                if token.start == event["start"]:
                    yield event, clock.date_of(tree.number, index, index, event["status"], quoted)


def fits(event: dict[str, Any], dated: Dated) -> bool:
    """Whether a date lies within the gold interval."""
    low, high = (date.fromisoformat(day) for day in event["date"])
    return within(dated.date, low, high)


def within(when: EventDate, low: date, high: date) -> bool:
    """Whether a date lies between two days, both included."""
    start, end = when.start or when.end, when.end or when.start
    return start is not None and end is not None and low <= start and end <= high


def main(arguments: Sequence[str]) -> None:
    """Print the share of right dates and the differences."""
    right, asked, notes = score_when(Path(arguments[0]) if arguments else GOLD, Reader(judge="none"))
    sys.stdout.write("".join(f"{note}\n" for note in notes) + f"{right} of {asked} right ({right / asked:.3f})\n")


if __name__ == "__main__":
    main(sys.argv[1:])
