"""Corrections as people write them, checked: types, modes, statuses, codes and days as the tables hold them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process

from comity.errors import BadDecision, UnknownName
from comity.knowledge.frames import FOLDER
from comity.record.decided import sides
from comity.record.query import day, listing, statuses

if TYPE_CHECKING:
    from comity.record.names import Names

NOTHING = ("none", "-", "")
"""What is written to empty a field."""
_PRECISION = MappingProxyType({4: "year", 7: "month", 10: "day"})


def checked(
    names: Names,
    now: Mapping[str, Any],
    *,
    type: str | None = None,
    mode: str | None = None,
    source: str | Sequence[str] | None = None,
    target: str | Sequence[str] | None = None,
    status: str | None = None,
    date: str | date | None = None,
    date_end: str | date | None = None,
    speaker: str | None = None,
    place: str | None = None,
    count: int | str | None = None,
    participants: str | Sequence[str | Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The fields to set on an event that stands as ``now``; "none" empties each but type and status.

    ``participants`` name who is meant on both sides (see `comity.record.decided.sides`); the sides follow from them
    where ``source`` and ``target`` are not given.

    Raises `BadDecision`, `BadUsage`, `UnknownName`, each with what may be meant.
    """
    found: dict[str, Any] = {}
    _act(names, now, type, mode, found)
    if status is not None:
        one = statuses(status)
        if len(one) != 1:
            raise BadDecision(f"'{status}' is not one status", fix="give one of occurred, announced, possible, negated")
        found["status"] = one[0]
    if participants is not None:
        found |= _participants(names, now, participants)
    for field, given in (("sources", source), ("targets", target)):
        if given is not None:
            found[field] = _codes(names, given)
    if place is not None:
        found |= sides.place(names, None if _empty(place) else place)
    if count is not None:
        found["count"] = _count(count)
    _days(now, date, date_end, found)
    if speaker is not None:
        found |= _speaker(names, speaker)
    changed = {k: v for k, v in found.items() if k not in now or plain(now[k]) != v}
    if not changed:
        same = "the event says so already" if found else "nothing is to be changed"
        raise BadDecision(same, fix="name a field and its value: --type, --source, --date, --place, --count and others")
    return changed


def _act(names: Names, now: Mapping[str, Any], kind: str | None, mode: str | None, found: dict[str, Any]) -> None:
    """Type and mode, with the CAMEO code that goes with them."""
    if kind is None and mode is None:
        return
    types, modes = acts()
    name = names.type(kind) if kind is not None else now["type"]
    if mode is not None:
        mode = None if mode.strip().lower() in NOTHING else mode.strip().lower()
        known = [m for t, m in modes if t == name]
        if mode is not None and mode not in known:
            best = process.extractOne(mode, known, scorer=fuzz.ratio, score_cutoff=55) if known else None
            near = f"did you mean {best[0]}? " if best else ""
            raise BadDecision(f"{name} has no mode '{mode}'", fix=f"{near}its modes are {', '.join(known) or 'none'}")
    else:
        mode = now["mode"] if (name, now["mode"]) in modes else None
    found |= {"type": name, "mode": mode, "cameo": modes.get((name, mode or "")) or types.get(name)}


@cache
def acts() -> tuple[Mapping[str, str], Mapping[tuple[str, str], str]]:
    """The CAMEO code of each type, and of each type and mode, in the order of the tables."""

    def rows(name: str) -> list[dict[str, str]]:
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    types = {r["type"]: r["cameo"] for r in rows("types.csv")}
    modes = {(r["type"], r["mode"]): r["cameo"] for r in rows("modes.csv")}
    return MappingProxyType(types), MappingProxyType(modes)


def _codes(names: Names, given: str | Sequence[str]) -> list[str]:
    listed = [g for g in listing(given) if g.lower() not in NOTHING]
    return list(dict.fromkeys(names.code(g) for g in listed))


def _participants(
    names: Names, now: Mapping[str, Any], given: str | Sequence[str | Mapping[str, Any]]
) -> dict[str, Any]:
    """Participants, and the sides that they make: without those for whom nobody acts any longer, with the new ones."""
    listed = [given] if isinstance(given, str) else [g for g in given if not (isinstance(g, str) and _empty(g))]
    if isinstance(given, str) and _empty(given):
        listed = []
    found = sides.participants(names, listed)
    made: dict[str, Any] = {"participants": found}
    for role in sides.ROLES:
        before, after = (sides.codes(listed, role) for listed in (now.get("participants") or (), found))
        gone = {*before, *(c for other in sides.ROLES if other != role for c in sides.codes(found, other))} - {*after}
        stay = [c for c in now.get(f"{role}s") or () if c not in gone]
        if found and before != after:
            made[f"{role}s"] = list(dict.fromkeys([*stay, *after]))
    return made


def _count(given: int | str) -> int | None:
    """How often, or None.  Raises `BadDecision`."""
    if isinstance(given, str) and _empty(given):
        return None
    try:
        number = int(given)
    except ValueError:
        number = 0
    if not 1 <= number <= 1_000_000:
        raise BadDecision(f"'{given}' is no count", fix="give how often it happened: 1 or more, or none")
    return number


def _days(now: Mapping[str, Any], first: str | date | None, last: str | date | None, found: dict[str, Any]) -> None:
    """The days; "2021-12" is the whole month, "2021" the year."""
    if first is not None:
        if _empty(first):
            found |= {"date_start": None, "date_end": None, "precision": "unknown"}
        else:
            found |= {
                "date_start": _iso(day(first)),
                "date_end": _iso(day(first, end=True)),
                "precision": _PRECISION.get(len(str(first).strip()), "day"),
            }
    if last is not None:
        found["date_end"] = None if _empty(last) else _iso(day(last, end=True))
    start, end = (found.get(f, plain(now[f])) for f in ("date_start", "date_end"))
    if (first is not None or last is not None) and start and end and end < start:
        raise BadDecision(f"it would end on {end}, before it begins on {start}", fix="give --date and --date-end")


def _speaker(names: Names, given: str) -> dict[str, Any]:
    """A speaker by name; a code or the name of an actor gives his state too."""
    name = given.strip()
    if name.lower() in NOTHING:
        return {"speaker_name": None, "speaker_state": None}
    try:
        code = names.code(name)
    except UnknownName:
        return {"speaker_name": name, "speaker_state": None}
    return {"speaker_name": names.name(code) if name == code else name, "speaker_state": code}


def _empty(given: str | date) -> bool:
    return isinstance(given, str) and given.strip().lower() in NOTHING


def _iso(given: date | None) -> str | None:
    return given.isoformat() if given else None


def plain(given: Any) -> Any:
    """A value of a row as it stands in a decision."""
    if isinstance(given, date):
        return given.isoformat()
    return list(given) if isinstance(given, list | tuple) else given
