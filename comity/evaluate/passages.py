"""Scores of single passages, one JSON object a line; see ``docs/gold.md`` for the format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from comity.contract import document_object
from comity.evaluate.articles import ArticleScore, score_article
from comity.reader import Reader

KEPT = ("recall", "precision", "f1", "status_accuracy")


def score_passages(reader: Reader, path: Path) -> Iterator[tuple[Mapping[str, Any], ArticleScore]]:
    """Every passage with its score, as that of an article of its own."""
    for line in path.read_bytes().splitlines():
        row = msgspec.json.decode(line)
        document = reader.text(row["text"], published=date.fromisoformat(row["published"]), name=row["id"])
        yield row, score_article(as_gold(row), document_object(document))


def as_gold(row: Mapping[str, Any]) -> dict[str, Any]:
    """The passage in the terms of a gold article."""
    events = [
        {
            "id": f"{row['id']}.{number}",
            "sources": [event["source"]],
            "targets": [event["target"]],
            **{k: event[k] for k in ("need", "types", "status", "symmetric") if k in event},
        }
        for number, event in enumerate(row["events"])
    ]
    return {"events": events, "quotes": [], "never": []}
