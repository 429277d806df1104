"""From a row of each table to its record."""

from __future__ import annotations

from typing import Final

from comity.knowledge.folding import fold, slug
from comity.knowledge.records import (
    BLOCKER_KINDS,
    GROUP_KINDS,
    NAME_KINDS,
    OFFICE_ROLES,
    ORGANISATION_KINDS,
    PLURAL_KINDS,
    ROLE_KINDS,
    STATE_KINDS,
    TERM_ROLES,
    WORD_KINDS,
    Blocker,
    City,
    Group,
    Land,
    Name,
    Office,
    Organisation,
    PastAct,
    Plural,
    Role,
    State,
    StateClass,
    Term,
    Word,
)
from comity.knowledge.tables import Row, RowFault

STATES: Final = (
    "code", "name", "official", "kind", "from", "until", "region", "subregion", "successors", "parent",
    "leads", "note", "source",
)  # fmt: skip
NAMES: Final = ("actor", "surface", "kind", "lang", "from", "until", "ambiguous", "case", "source")
ORGANISATIONS: Final = (
    "code", "name", "kind", "aliases", "seat_city", "seat_state", "from", "until", "members", "ambiguous",
    "part_of", "source",
)  # fmt: skip
GROUPS: Final = ("code", "name", "aliases", "state", "kind", "from", "until", "ambiguous", "source")
OFFICES: Final = ("surface", "role", "states", "acts_for_state", "plural", "sector", "source")
ROLES: Final = ("surface", "kind", "sector", "acts_for_state", "source")
PAIRS: Final = ("surface", "kind", "members", "source")
BLOCKERS: Final = ("surface", "kind", "source")
CITIES: Final = ("name", "ascii", "country", "lat", "lon", "population", "capital", "alternates")
WORDS: Final = ("class", "word")
LANDS: Final = ("state", "lat", "lon", "neighbours", "sea", "source")
PAST_ACTS: Final = ("nouns", "sources", "targets", "words", "from", "until", "name", "source")
CLASSES: Final = ("word", "members", "source")
LEADERS: Final = ("state", "role", "title", "name", "from", "until", "aliases", "gender", "source")


def _code(row: Row, column: str = "code") -> str:
    value = row.need(column)
    if not (value.isalnum() and value == value.upper() and value.isascii()):
        raise RowFault(f"{column} {value!r} is no code", "use capitals and digits")
    return value


def _key(row: Row) -> str:
    key = fold(row.need("surface"))
    if not key:
        raise RowFault("surface has no letters to match")
    return key


def state(row: Row) -> State:
    """A row of states.csv."""
    since, until = row.span()
    return State(
        code=_code(row),
        name=row.need("name"),
        official=row.need("official"),
        kind=row.one_of("kind", STATE_KINDS),  # type: ignore[arg-type]
        since=since,
        until=until,
        region=row.text("region"),
        subregion=row.text("subregion"),
        successors=row.many("successors"),
        parent=row.text("parent") or None,
        leads=row.one_of("leads", ("head_of_state", "head_of_government")),
        note=row.text("note"),
    )


def name(row: Row) -> Name:
    """A row of names.csv or names_foreign.csv."""
    since, until = row.span()
    return Name(
        actor=row.text("actor"),
        surface=row.need("surface"),
        kind=row.one_of("kind", NAME_KINDS),
        key=_key(row),
        lang=row.need("lang"),
        since=since,
        until=until,
        ambiguous=row.many("ambiguous"),
        case=row.one_of("case", ("exact", "any")),  # type: ignore[arg-type]
    )


def organisation(row: Row) -> Organisation:
    """A row of organisations.csv."""
    since, until = row.span()
    return Organisation(
        code=_code(row),
        name=row.need("name"),
        kind=row.one_of("kind", ORGANISATION_KINDS),
        aliases=row.many("aliases"),
        seat_city=row.text("seat_city"),
        seat_state=row.text("seat_state"),
        since=since,
        until=until,
        members=row.many("members"),
        ambiguous=row.many("ambiguous"),
        part_of=row.text("part_of"),
    )


def group(row: Row) -> Group:
    """A row of groups.csv."""
    since, until = row.span()
    return Group(
        code=_code(row),
        name=row.need("name"),
        kind=row.one_of("kind", GROUP_KINDS),
        aliases=row.many("aliases"),
        state=row.text("state"),
        since=since,
        until=until,
        ambiguous=row.many("ambiguous"),
    )


def office(row: Row) -> Office:
    """A row of offices.csv."""
    return Office(
        surface=row.need("surface"),
        key=_key(row),
        role=row.one_of("role", OFFICE_ROLES),
        states=row.many("states"),
        acts_for_state=row.yes("acts_for_state"),
        plural=row.text("plural"),
        sector=row.need("sector"),
    )


def role(row: Row) -> Role:
    """A row of roles.csv."""
    return Role(
        surface=row.need("surface"),
        key=_key(row),
        kind=row.one_of("kind", ROLE_KINDS),  # type: ignore[arg-type]
        sector=row.text("sector"),
        acts_for_state=row.yes("acts_for_state"),
    )


def plural(row: Row) -> Plural:
    """A row of pairs.csv."""
    kind, members = row.one_of("kind", PLURAL_KINDS), row.many("members")
    if (kind == "fixed") != bool(members):
        raise RowFault("members go with the kind fixed, and only with it")
    return Plural(surface=row.need("surface"), key=_key(row), kind=kind, members=members)


def blocker(row: Row) -> Blocker:
    """A row of blockers.csv."""
    return Blocker(surface=row.need("surface"), key=_key(row), kind=row.one_of("kind", BLOCKER_KINDS))


def city(row: Row) -> City:
    """A row of cities.csv."""
    return City(
        name=row.need("name"),
        ascii=row.text("ascii") or row.need("name"),
        country=_code(row, "country"),
        lat=row.number("lat", -90, 90),
        lon=row.number("lon", -180, 180),
        population=int(row.number("population", 0, 1e8)),
        capital=row.one_of("capital", ("0", "1")) == "1",
        alternates=row.many("alternates"),
    )


def term(row: Row) -> Term:
    """A row of leaders_*.csv."""
    since, until = row.span()
    if since is None:
        raise RowFault("column 'from' is empty", "a term needs its first day, month or year")
    person = slug(row.need("name"))
    if not person:
        raise RowFault(f"name {row.need('name')!r} has no Latin letters")
    if row.text("gender") not in ("", "m", "f"):
        raise RowFault(f"gender {row.text('gender')!r} is unknown", "use m, f or nothing")
    return Term(
        person=person,
        state=_code(row, "state"),
        role=row.one_of("role", TERM_ROLES),
        title=row.text("title"),
        name=row.need("name"),
        since=since,
        until=until,
        aliases=row.many("aliases"),
        gender=row.text("gender"),
    )


def land(row: Row) -> Land:
    """A row of neighbours.csv."""
    return Land(
        state=_code(row, "state"),
        lat=row.number("lat", -90, 90),
        lon=row.number("lon", -180, 180),
        neighbours=row.many("neighbours"),
        sea=row.many("sea"),
    )


def state_class(row: Row) -> StateClass:
    """A row of state_classes.csv."""
    return StateClass(word=row.need("word"), members=row.many("members"))


def past_act(row: Row) -> PastAct:
    """A row of past_acts.csv."""
    since, until = row.span()
    if since is None:
        raise RowFault("column 'from' is empty", "fill in from")
    return PastAct(
        nouns=row.many("nouns"), sources=row.many("sources"), targets=row.many("targets"), words=row.many("words"),
        since=since, until=until, name=row.need("name"),
    )  # fmt: skip


def word(row: Row) -> Word:
    """A row of ``actor_words.csv``."""
    return Word(kind=row.one_of("class", WORD_KINDS), text=row.need("word"))
