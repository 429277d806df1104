"""Whom a name means: a person or an actor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from rapidfuzz import fuzz, process

from comity.errors import UnknownName
from comity.knowledge import Knowledge, fold
from comity.record.persons import called, listed
from comity.relations.meetings.model import Party

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.record.store import Store

NEAR = 65
_NAMED = (
    "select distinct r.participants from reports r where r.type = 'CONSULT' "
    "and contains(strip_accents(lower(r.participants)), ?)"
)


def party(store: Store, text: str) -> Party:
    """A person by id (XI-JINPING), full name, surname or alias, an actor by code or name.

    Persons whom the tables do not know are looked for in the reports.  Raises `UnknownName` with suggestions.
    """
    names, plain = store.names, text.strip()
    known = names.knowledge
    try:
        code = names.code(plain)
        return Party(id=code, name=names.name(code), kind="actor", codes=(code,))
    except UnknownName as error:
        unknown = error
    found = called(known, plain)
    if len(found) == 1:
        return person(known, found[0])
    if found:
        raise UnknownName(f"'{text}' may be {listed(known, found)}", fix="give the name in full, or the id")
    told = in_reports(store, fold(plain.replace("-", " ")))
    if told is not None:
        return told
    if "may be" in unknown.message:
        raise unknown
    raise UnknownName(f"no person and no actor is called '{text}'", fix=suggestion(names, plain))


def person(known: Knowledge, name: str) -> Party:
    """A person of the tables."""
    terms = known.terms_of(name)
    called = {fold(n) for t in terms for n in (t.name, *t.aliases)}
    codes = dict.fromkeys(t.state for t in terms)
    return Party(id=name.upper(), name=terms[0].name, kind="person", codes=tuple(codes), names=frozenset(called))


def in_reports(store: Store, key: str) -> Party | None:
    """Somebody whom the tables do not know and reports of talks name."""
    words = key.split()
    if not words or len(key) < 4:
        return None
    rows = store.query(_NAMED, [max(words, key=len)]).column(0).to_pylist()
    found: dict[str, tuple[str, set[str]]] = {}
    for row in rows:
        for one in msgspec.json.decode(row or "[]"):
            if fold(one["name"].replace("-", " ")) == key and is_person(one):
                found.setdefault(key, (one["name"], set()))[1].add(one.get("state") or "")
    if not found:
        return None
    name, states = found[key]
    called = {fold(name), key}
    slug = re.sub(r"[^\w]+", "-", key).upper()
    return Party(id=slug, name=name, kind="person", codes=tuple(sorted(states - {""})), names=frozenset(called))


def is_person(participant: dict[str, Any]) -> bool:
    """Whether a participant is named as a person, not as a state, body or office."""
    return bool(participant.get("office")) and not participant.get("sector")


def suggestion(names: Names, text: str) -> str:
    """Persons and actors whose names are near."""
    known, key = names.knowledge, fold(text.replace("-", " "))
    people = {fold(t.name): f"{t.name} ({t.person.upper()})" for t in known.leaders}
    actors = {
        fold(entry.name): f"{entry.name} ({code})"
        for table in (known.states, known.organisations, known.groups)
        for code, entry in table.items()
    }
    choices = actors | people
    best = process.extract(key, list(choices), scorer=fuzz.ratio, limit=4, score_cutoff=NEAR)
    if not best:
        return "give a name, an id such as XI-JINPING or a code such as RUS"
    return "did you mean " + ", ".join(choices[found] for found, _, _ in best) + "?"
