"""Scores of places: where the events of a passage happened, by name, country and distance.

A gold file has one passage a line: ``id``, ``published``, ``text`` and ``place``: null where none is told, else
``names`` and ``countries`` (all that are accepted; null for the open sea), ``lat`` and ``lon`` in degrees.  A passage
is *right* when the likeliest event that has a place with coordinates lies within ``NEAR`` km (``NEAR_SEA`` in a sea)
and in an accepted country; a passage without a place when no event has one with coordinates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from comity.evaluate.command import run
from comity.evaluate.goldfile import gold_rows, hash_of
from comity.model import Place
from comity.reader import Reader

Row = Mapping[str, Any]
NEAR, NEAR_SEA = 60.0, 600.0
EARTH = 6371.0


def score_places(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Shares of passages with an event, with the right place and country, the mistakes, and the hash of the gold."""
    counts: Counter[str] = Counter()
    notes: list[str] = []
    rows = gold_rows(path)
    for row in rows:
        events = reader.text(row["text"], published=date.fromisoformat(row["published"])).events
        located = [e for e in events if e.place is not None and e.place.lat is not None]
        best = max(located, key=lambda e: e.confidence, default=None)
        found = best.place if best is not None else None
        counts["with an event"] += bool(events)
        counts["right"] += is_right(row["place"], found)
        counts["told"] += row["place"] is not None
        counts["found"] += row["place"] is not None and found is not None
        if not is_right(row["place"], found):
            wanted = row["place"]["names"][0] if row["place"] else "nowhere"
            notes.append(f"{row['id']}: {wanted} read as {found}, {len(events)} events | {row['text']}")
    scores = {
        "passages": len(rows),
        "accuracy": round(counts["right"] / (len(rows) or 1), 3),
        "found_of_told": round(counts["found"] / (counts["told"] or 1), 3),
        "with_an_event": round(counts["with an event"] / (len(rows) or 1), 3),
    }
    return scores, notes, hash_of(path)


def is_right(gold: Row | None, found: Place | None) -> bool:
    """Whether the place is the gold's: near enough and of an accepted country."""
    if gold is None or found is None:
        return gold is None and found is None
    assert found.lat is not None and found.lon is not None
    sea = None in gold["countries"]
    near = distance((gold["lat"], gold["lon"]), (found.lat, found.lon)) <= (NEAR_SEA if sea else NEAR)
    return near and found.country in gold["countries"]


def distance(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Kilometres between two points given as latitude and longitude in degrees."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *two))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))


def main() -> None:
    """``python -m comity.evaluate.places_score FILE [--detail]``."""
    run("Score where events happened.", "passages with their places", score_places, judge=True)


if __name__ == "__main__":
    main()
