"""FollowTheMoney entities, one JSON object a line: events, and the bodies and persons in them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha1
from typing import Any, BinaryIO

import msgspec

from comity.exchange.exporting import Source
from comity.exchange.formats.graphml import kind_of

_SCHEMA = {"state": "PublicBody", "organisation": "Organization", "group": "Organization", "unknown": "LegalEntity"}


class Ftm:
    """Entities by the public names of schemata: Event, PublicBody, Organization, Person."""

    suffix = ".ftm.json"
    about = "FollowTheMoney entities, for Aleph and OpenSanctions' tools"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        people = _people(source)
        told: set[str] = set()
        number = 0
        for row in source.rows():
            for entity in _entities(row, source, people.get(row["id"], [])):
                if entity["id"] not in told:
                    told.add(entity["id"])
                    out.write(msgspec.json.encode(entity) + b"\n")
                    number += 1
        return number


def _people(source: Source) -> dict[str, list[dict[str, Any]]]:
    """Named persons of each event: participants who hold an office."""
    found: dict[str, list[dict[str, Any]]] = {}
    table = source.reports().select(["event", "participants"])
    for row in table.to_pylist():
        parts = msgspec.json.decode(row["participants"]) if row["participants"] else []
        found.setdefault(row["event"], []).extend(p for p in parts if p.get("office") and p.get("name"))
    return found


def _entities(row: dict[str, Any], source: Source, people: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    codes = dict.fromkeys([*(row["sources"] or ()), *(row["targets"] or ())])
    for code in codes:
        yield _actor(code, source)
    persons = {p["name"]: _person(p, source) for p in people}
    yield from persons.values()
    roles = {"source": row["sources"] or (), "target": row["targets"] or ()}
    what = (row["type"] or row["cameo"] or "event").lower() + (f", {row['mode']}" if row["mode"] else "")
    sides = [", ".join(source.name(c) for c in side) or "?" for side in roles.values()]
    properties = {
        "name": [f"{sides[0]} - {sides[1]}: {what}"],
        "summary": [f"{row['status']}: {what}"],
        "startDate": _day(row["date_start"]),
        "endDate": _day(row["date_end"]),
        "location": [row["place_name"]] if row["place_name"] else [],
        "country": _country(row["place_country"], source),
        "organizer": [_id("actor", c) for c in roles["source"]],
        "involved": [_id("actor", c) for c in roles["target"]] + [p["id"] for p in persons.values()],
        "keywords": [k for k in (row["type"], row["mode"], row["status"], row["imported_from"]) if k],
    }
    yield {"id": row["id"], "schema": "Event", "properties": {k: v for k, v in properties.items() if v}}


def _actor(code: str, source: Source) -> dict[str, Any]:
    kind = kind_of(code, source)
    properties = {"name": [source.name(code)], "country": _country(code, source), "weakAlias": [code]}
    return {
        "id": _id("actor", code),
        "schema": _SCHEMA[kind],
        "properties": {k: v for k, v in properties.items() if v},
    }


def _person(part: dict[str, Any], source: Source) -> dict[str, Any]:
    properties = {
        "name": [part["name"]],
        "position": [part["office"]],
        "country": _country(part.get("state"), source),
    }
    return {
        "id": _id("person", f"{part['name']}|{part.get('state') or ''}"),
        "schema": "Person",
        "properties": {k: v for k, v in properties.items() if v},
    }


def _country(code: str | None, source: Source) -> list[str]:
    """FollowTheMoney writes countries in small letters; three-letter codes are read by its cleaning."""
    return [code.lower()] if code and code in source.codes.knowledge.states else []


def _day(day: Any) -> list[str]:
    return [day.isoformat()] if day else []


def _id(kind: str, text: str) -> str:
    return f"comity-{kind}-{sha1(text.encode(), usedforsecurity=False).hexdigest()[:20]}"
