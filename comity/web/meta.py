"""What the server and its record are."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import Any

from comity.knowledge.frames import FOLDER
from comity.record.query import STATUSES
from comity.record.store import Store
from comity.version import VERSION
from comity.web.asked import Asked
from comity.web.cards import weighed
from comity.web.render import Answer
from comity.web.settings import Settings

LIMITS = ("page_rows", "table_rows", "read_characters", "seconds", "per_minute", "reads_per_minute")


def meta(store: Store, asked: Asked, settings: Settings) -> Answer:
    """Versions, counts, limits, and the table of types."""
    days = store.query(
        "select min(date_start) as first_day, max(coalesce(date_end, date_start)) as last_day from events "
        "where status = 'occurred'"
    ).to_pylist()[0]
    newest = store.query("select max(published) as day from documents").column(0)[0].as_py()
    run = store.query("select model, knowledge from runs order by started desc limit 1").to_pylist()
    body = {
        "program": "comity", "version": VERSION, "record": settings.record.resolve().name, "counts": store.counts(),
        **days, "newest_document": newest, "types": types(), "statuses": STATUSES,
        "limits": {name: getattr(settings, name) for name in LIMITS}, "team": settings.team,
        "model": run[0]["model"] if run else None, "knowledge": run[0]["knowledge"] if run else None,
    }  # fmt: skip
    return Answer(body=body)


def types() -> list[dict[str, Any]]:
    """The 16 types with their channel, weight, definition, example and modes."""
    modes: dict[str, list[str]] = defaultdict(list)
    for row in _rows("modes.csv"):
        modes[row["type"]].append(row["mode"])
    found = []
    for row in _rows("types.csv"):
        channel, weight = weighed(row["type"], None)
        found.append({
            "type": row["type"], "channel": channel, "weight": weight, "definition": row["definition"],
            "example": row["example"], "modes": modes[row["type"]],
        })  # fmt: skip
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
