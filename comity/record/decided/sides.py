"""Participants and places as people write them, checked; and participants as each report holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from comity.errors import BadDecision, UnknownName
from comity.knowledge import fold

if TYPE_CHECKING:
    from comity.knowledge.records import City
    from comity.record.names import Names

ROLES = ("source", "target")
_FORM = 'write "source: Wang Yi, minister of foreign affairs, CHN": role, name, office, state'


def participants(names: Names, given: Iterable[str | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Participants with role, name, office and state (a code or None).  Raises `BadDecision`, `UnknownName`.

    Each is an object, or "role: name", "role: name, state", "role: name, office, state".
    """
    found = [_participant(names, one if isinstance(one, Mapping) else _parts(one)) for one in given]
    return list({tuple(one.values()): one for one in found}.values())


def _parts(text: str) -> dict[str, Any]:
    role, _, rest = text.partition(":")
    parts = [p.strip() for p in rest.split(",") if p.strip()]
    if not parts or len(parts) > 3:
        raise BadDecision(f"'{text}' is no participant", fix=_FORM)
    state = parts.pop() if len(parts) > 1 else None
    office = parts[1] if len(parts) > 1 else None
    return {"role": role.strip().lower(), "name": parts[0], "office": office, "state": state}


def _participant(names: Names, given: Mapping[str, Any]) -> dict[str, Any]:
    role, name = str(given.get("role") or ""), str(given.get("name") or "").strip()
    if role not in ROLES or not name or len(name) > 200:
        raise BadDecision(f"'{role}: {name[:80]}' is no participant", fix=_FORM)
    state = str(given.get("state") or "").strip()
    code: str | None = names.code(state) if state else _own(names, name)
    return {"role": role, "name": name, "office": str(given.get("office") or "").strip() or None, "state": code}


def _own(names: Names, name: str) -> str | None:
    """The code of a participant that is an actor itself."""
    try:
        return names.code(name)
    except UnknownName:
        return None


def codes(listed: Sequence[Mapping[str, Any]], role: str) -> list[str]:
    """The actors for which the participants of a side act."""
    return list(dict.fromkeys(p["state"] for p in listed if p["role"] == role and p["state"]))


def anchored(listed: Sequence[Mapping[str, Any]], row: Mapping[str, Any]) -> str:
    """Participants as JSON of a report, with their place in its sentence where they are named there.

    Of one who was read in the report the sector and the place stay.
    """
    read = {(p["role"], p["name"]): p for p in msgspec.json.decode(row.get("participants") or "[]")}
    found = []
    for one in listed:
        before = read.get((one["role"], one["name"]))
        start, end = (before["start"], before["end"]) if before else _place(one["name"], row)
        sector = before["sector"] if before else None
        found.append({**{f: one.get(f) for f in ("role", "name", "state", "office")}, "sector": sector,
                      "start": start, "end": end})  # fmt: skip
    return msgspec.json.encode(found).decode()


def _place(name: str, row: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Where a report names somebody, whole or by the last name; in characters of the document."""
    text, begin = row.get("evidence") or "", row.get("evidence_start")
    for part in (name, *name.split()[-1:]):
        at = text.find(part) if len(part) > 2 else -1
        if at >= 0 and begin is not None:
            return begin + at, begin + at + len(part)
    return None, None


def place(names: Names, given: str | None) -> dict[str, Any]:
    """A place: "Beijing", "Tripoli, Lebanon", a state, or with coordinates "NAME, STATE, 47.51, 34.58"; None is none.

    Raises `BadDecision` where the place is not known and no state is named, `UnknownName`.
    """
    empty = dict.fromkeys(("place_name", "place_country", "place_lat", "place_lon"))
    if given is None:
        return empty
    parts = [p.strip() for p in given.split(",") if p.strip()]
    if not 1 <= len(parts) <= 4 or len(parts) == 3 or len(parts[0]) > 200:
        raise BadDecision(f"'{given[:80]}' is no place", fix='write "Tripoli, Lebanon" or "Name, UKR, 47.51, 34.58"')
    country = names.code(parts[1]) if len(parts) > 1 else None
    if len(parts) == 4:
        lat, lon = _degrees(parts[2], 90), _degrees(parts[3], 180)
        return {"place_name": parts[0], "place_country": country, "place_lat": lat, "place_lon": lon}
    town = _town(parts[0], country)
    if town is not None:
        return {
            "place_name": parts[0], "place_country": town.country or None, "place_lat": town.lat, "place_lon": town.lon,
        }  # fmt: skip
    own = country or _own(names, parts[0])
    if own is None:
        raise BadDecision(f"no place '{parts[0]}' is known", fix=f'name its state: "{parts[0]}, UKR"')
    return empty | {"place_name": parts[0], "place_country": own}


def _town(name: str, country: str | None) -> City | None:
    from comity.knowledge.towns import towns

    found = [t for t in towns().get(fold(name), ()) if country in (None, t.country)]
    return found[0] if found else None


def _degrees(text: str, most: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise BadDecision(f"'{text}' is no number of degrees", fix=f"give a number from -{most} to {most}")
    return value
