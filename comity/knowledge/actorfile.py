"""Actors that a user adds: a CSV or TOML file of states, organisations and groups."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from comity.errors import BadActorFile
from comity.knowledge.book import Knowledge
from comity.knowledge.folding import fold, slug
from comity.knowledge.records import Group, Name, Organisation, State, Term

COLUMNS: Final = ("code", "name", "kind", "aliases", "adjectives", "capital", "leaders")
_CODE: Final = re.compile(r"^[A-Z][A-Z0-9_]{1,23}$")
_MAX_BYTES: Final = 4_000_000


class UserActor(msgspec.Struct, frozen=True, kw_only=True):
    """One actor of a user's file; ``leaders`` lead it at any date."""

    code: str
    name: str
    kind: Literal["state", "organisation", "group"] = "state"
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()


def load_actors(path: Path) -> tuple[UserActor, ...]:
    """Read the file of the option ``--actors``: CSV, or TOML with one ``[[actor]]`` each."""
    try:
        data = path.read_bytes()
        text = data[:_MAX_BYTES].decode("utf-8-sig")
    except OSError as error:
        raise BadActorFile(f"cannot be opened: {error.strerror}", about=path.name) from error
    except UnicodeDecodeError as error:
        raise BadActorFile("is not UTF-8", about=path.name, fix="save it as UTF-8") from error
    if len(data) > _MAX_BYTES:
        raise BadActorFile("is larger than 4 MB", about=path.name, fix="split it")
    entries = _toml(path, text) if path.suffix.lower() == ".toml" else _csv(path, text)
    found: dict[str, UserActor] = {}
    for where, values in entries:
        actor = _actor(where, values)
        if actor.code in found:
            raise BadActorFile(f"code {actor.code} occurs twice", about=where, fix="join the two rows")
        found[actor.code] = actor
    if not found:
        raise BadActorFile("has no actor", about=path.name, fix=f"columns are {','.join(COLUMNS)}")
    return tuple(found.values())


def _csv(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        missing = [c for c in ("code", "name") if c not in header]
        unknown = [c for c in header if c not in COLUMNS]
        if missing or unknown:
            wrong = f"lacks the column {missing[0]}" if missing else f"has an unknown column {unknown[0]!r}"
            raise BadActorFile(wrong, about=f"{path.name}:1", fix=f"the header is {','.join(COLUMNS)}")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path.name}:{reader.line_num}"
            if len(cells) > len(header):
                raise BadActorFile("has too many cells", about=where, fix="quote values with commas")
            yield where, dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise BadActorFile(f"is no CSV: {error}", about=f"{path.name}:{reader.line_num}") from error


def _toml(path: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadActorFile(f"is no TOML: {error}", about=path.name, fix="see the line it names") from error
    entries = tables.get("actor")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadActorFile("has no [[actor]] table", about=path.name, fix="write one [[actor]] per actor")
    for number, entry in enumerate(entries, start=1):
        where = f"{path.name}: actor {number}"
        for key in entry:
            if key not in COLUMNS:
                raise BadActorFile(f"unknown key {key!r}", about=where, fix=f"keys are {', '.join(COLUMNS)}")
        yield where, entry


def _actor(where: str, values: Mapping[str, Any]) -> UserActor:
    code, name = _word(where, values, "code"), _word(where, values, "name")
    if not _CODE.match(code):
        raise BadActorFile(
            f"code {code!r} is no code", about=where, fix="2 to 24 capitals and digits, a capital first"
        )
    if not fold(name):
        raise BadActorFile("has no name", about=where, fix="fill in name")
    kind = _word(where, values, "kind") or "state"
    if kind not in ("state", "organisation", "group"):
        raise BadActorFile(f"kind {kind!r} is unknown", about=where, fix="use state, organisation or group")
    return UserActor(
        code=code,
        name=name,
        kind=kind,  # type: ignore[arg-type]
        aliases=_many(where, values, "aliases"),
        adjectives=_many(where, values, "adjectives"),
        capitals=_many(where, values, "capital"),
        leaders=_many(where, values, "leaders"),
    )


def _word(where: str, values: Mapping[str, Any], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise BadActorFile(f"{key} is no text", about=where, fix="put it in quotation marks")
    return value.strip()


def _many(where: str, values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = values.get(key, "")
    parts = value.split("|") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise BadActorFile(f"{key} is no list of texts", about=where, fix="write a|b or a list")
    return tuple(dict.fromkeys(v for part in parts if (v := part.strip()) and fold(v)))


def with_actors(knowledge: Knowledge, actors: Sequence[UserActor]) -> Knowledge:
    """The same knowledge with the user's actors; theirs replace ours of the same code and surface."""
    states, organisations = dict(knowledge.states), dict(knowledge.organisations)
    groups = dict(knowledge.groups)
    taken = {name.key for actor in actors for name in _names(actor)}
    names = [name for name in knowledge.names if name.key not in taken]
    leaders = list(knowledge.leaders)
    for actor in actors:
        if actor.kind == "organisation":
            organisations[actor.code] = Organisation(
                code=actor.code, name=actor.name, kind="igo", aliases=actor.aliases
            )
        elif actor.kind == "group":
            groups[actor.code] = Group(code=actor.code, name=actor.name, kind="rebel", aliases=actor.aliases)
        else:
            old = states.get(actor.code)
            states[actor.code] = old or State(
                code=actor.code, name=actor.name, official=actor.name, kind="state_like", note="user"
            )
        names += _names(actor)
        leaders += [_term(actor, leader) for leader in actor.leaders if slug(leader)]
    digest = hashlib.sha256(knowledge.version.encode() + msgspec.json.encode(actors)).hexdigest()[:12]
    return msgspec.structs.replace(
        knowledge,
        version=digest,
        states=MappingProxyType(states),
        organisations=MappingProxyType(organisations),
        groups=MappingProxyType(groups),
        names=tuple(names),
        leaders=tuple(leaders),
    )


def _names(actor: UserActor) -> tuple[Name, ...]:
    surfaces = [(s, "name") for s in (actor.name, *actor.aliases)]
    surfaces += [(s, "adjective") for s in actor.adjectives]
    surfaces += [(s, "capital") for s in actor.capitals]
    return tuple(
        Name(actor=actor.code, surface=s, kind=kind, key=fold(s))
        for s, kind in {pair[0]: pair for pair in reversed(surfaces)}.values()
    )


def _term(actor: UserActor, leader: str) -> Term:
    role = "igo_head" if actor.kind == "organisation" else "head_of_state"
    return Term(person=slug(leader), state=actor.code, role=role, title="leader", name=leader)
