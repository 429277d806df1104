"""Codes of other event sets: CAMEO to PLOVER, countries, organisations and groups to the codes of a record."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from importlib.resources import files

from comity.knowledge import Knowledge, load
from comity.model import Record

_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*$")
_FORCES = re.compile(r"\b(?:forces|police|government|army|navy|guard) of (?:the )?([^()]+)", re.IGNORECASE)
_AGENT = re.compile(r"^(?:IGO|NGO|NGM|MNC|IMG)(?=[A-Z0-9]{3})")


class Coded(Record, frozen=True):
    """What an event is: its PLOVER type and mode (null where PLOVER has none), its status, its CAMEO code, and why."""

    type: str | None
    mode: str | None
    status: str
    cameo: str | None
    why: str


class Cameo(Record, frozen=True):
    """One row of the table of CAMEO; ``goldstein`` is its score between -10 and 10."""

    code: str
    name: str
    type: str | None
    mode: str | None
    status: str
    goldstein: float | None


def rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of a table in ``data``."""
    text = files("comity.exchange").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def plain(text: str) -> str:
    """A name for comparing: small letters and digits, one blank between words."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


class Codes:
    """The tables, and the look-ups that the formats need.  One object serves one import or export."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self.knowledge = knowledge or load()

    @cached_property
    def cameo(self) -> Mapping[str, Cameo]:
        """The table of CAMEO by code; roots have two digits."""
        return {
            r["cameo"]: Cameo(
                code=r["cameo"],
                name=r["name"],
                type=r["type"] or None,
                mode=r["mode"] or None,
                status=r["status"],
                goldstein=float(r["goldstein"]) if r["goldstein"] else None,
            )
            for r in rows("cameo.csv")
        }

    @cached_property
    def _cameo_by_name(self) -> Mapping[str, Cameo]:
        found: dict[str, Cameo] = {}
        for row in sorted(self.cameo.values(), key=lambda r: len(r.code) == 2):
            found.setdefault(plain(row.name), row)
        return found

    @cached_property
    def _actors(self) -> Mapping[tuple[str, str], str]:
        return {
            (r["scheme"], plain(r["key"]) if r["scheme"] == "name" else r["key"]): r["code"]
            for r in rows("actors.csv")
        }

    @cached_property
    def _fips(self) -> Mapping[str, str]:
        return {r["fips"]: r["code"] for r in rows("fips.csv")}

    @cached_property
    def fips_of(self) -> Mapping[str, str]:
        """FIPS 10-4 code of a state's code, the first of several."""
        found: dict[str, str] = {}
        for fips, code in self._fips.items():
            found.setdefault(code, fips)
        return found

    @cached_property
    def group_of(self) -> Mapping[str, str]:
        """CAMEO code of an organisation or armed group, the first of several."""
        found: dict[str, str] = {}
        for (scheme, key), code in self._actors.items():
            if scheme == "group":
                found.setdefault(code, key)
        return found

    # -- what happened

    def act(self, given: str) -> Coded | None:
        """A CAMEO code ("043", "0431x" by its beginning) or event name, None where there is no such."""
        text = given.strip()
        row = self._by_code(text) if text.isdigit() else self._cameo_by_name.get(plain(text))
        if row is None:
            return None
        became = f"{row.type}{f', {row.mode}' if row.mode else ''}" if row.type else "no type of PLOVER"
        why = f"CAMEO {text if text.isdigit() else row.code} {row.name}: {became}"
        return Coded(type=row.type, mode=row.mode, status=row.status, cameo=row.code, why=why)

    def _by_code(self, code: str) -> Cameo | None:
        if len(code) < 2 or len(code) > 5:
            return None
        return next((self.cameo[code[:n]] for n in (4, 3, 2) if code[:n] in self.cameo), None)

    # -- who

    def country(self, code: str) -> str | None:
        """An actor from a country code of CAMEO or ISO 3166, by three letters."""
        text = code.strip().upper()
        found = self._actors.get(("country", text))
        return found or (text if text in self.knowledge.states else None)

    def fips(self, code: str) -> str | None:
        """An actor from a FIPS 10-4 code, by two letters."""
        return self._fips.get(code.strip().upper())

    def group(self, code: str) -> str | None:
        """An organisation or armed group from a CAMEO code ("UNO", "IGOUNO") or a code of the record."""
        text = _AGENT.sub("", code.strip().upper())
        found = self._actors.get(("group", text))
        known = self.knowledge
        return found or (text if text in known.organisations or text in known.groups else None)

    def named(self, name: str) -> str | None:
        """An actor from the name of a state, organisation or group, as long as it means only one."""
        found = self._actors.get(("name", plain(name)))
        if found:
            return found
        actors = {n.actor for n in self.knowledge.named(name) if n.actor}
        if len(actors) == 1:
            return actors.pop()
        return self._titles.get(plain(name))

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        known = self.knowledge
        found: dict[str, str] = {}
        for table in (known.states, known.organisations, known.groups):
            for code, entry in table.items():
                found.setdefault(plain(entry.name), code)
        return found

    def body(self, name: str) -> str | None:
        """An actor from what sets call a body: "Police (India)", "Military Forces of Russia (2000-)", a name."""
        whole = self.named(name)
        if whole:
            return whole
        found = _FORCES.search(name)
        if found and (state := self.named(found.group(1).strip())):
            return state
        inside = _IN_BRACKETS.search(name)
        before = name[: inside.start()].strip() if inside else ""
        if before and (group := self.named(before)) and group not in self.knowledge.states:
            return group
        return self.named(inside.group(1)) if inside else None

    def person(self, name: str, on: date) -> str | None:
        """The state or organisation of a leader or minister by his full name, in office near that day."""
        if " " not in name.strip():
            return None
        terms = self.knowledge.persons_on(name, on)
        states = {t.state for t in terms}
        return states.pop() if len(states) == 1 else None
