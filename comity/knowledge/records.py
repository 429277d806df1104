"""The records of the knowledge tables: one frozen type a table.

``since`` and ``until`` are the first and last day meant; ``None`` is an open end.
``key`` is the folded surface (see `comity.knowledge.folding.fold`).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

STATE_KINDS = ("un_member", "state_like", "dissolved", "territory")
NAME_KINDS = (
    "name", "official", "adjective", "demonym", "demonym_plural", "capital", "seat", "government", "foreign",
    "foreign_capital", "acronym", "epithet", "territory", "region", "combining",
)  # fmt: skip
ORGANISATION_KINDS = ("igo", "ngo", "court", "alliance", "bank", "media", "company", "party")
GROUP_KINDS = (
    "rebel", "terrorist", "militia", "paramilitary", "party_militia", "pirate", "criminal", "separatist",
    "movement",
)  # fmt: skip
TERM_ROLES = (
    "head_of_state", "head_of_government", "foreign_minister", "defence_minister", "igo_head", "deputy",
    "envoy", "other",
)  # fmt: skip
OFFICE_ROLES = (
    "head_of_state", "head_of_government", "head", "foreign_minister", "defence_minister", "other_minister",
    "minister", "deputy", "diplomat", "envoy", "spokesman", "legislator", "military", "police", "judge",
    "monarch", "royal", "sub_national", "opposition", "igo_head", "party_head", "security_adviser",
    "intelligence", "central_bank", "group_head", "religious", "business", "adviser", "other",
)  # fmt: skip
ROLE_KINDS = ("person", "collective")
WORD_KINDS = (
    "title", "leader", "game", "american", "he", "she", "it", "they", "first", "second", "counterpart",
    "participle", "definite", "group", "leaders", "several", "opponents", "neutral", "guest", "placename",
    "told-only", "modifier", "abstract", "figure", "react", "topple", "folk", "impersonal", "deed",
)  # fmt: skip
PLURAL_KINDS = ("pair", "three", "four", "five", "fixed", "vague")
BLOCKER_KINDS = ("place", "treaty", "media", "thing", "event", "organisation")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows."""


class State(Entry, frozen=True):
    """A state or what acts like one.  ``leads`` is the role of "the X leader".

    ``parent`` is the state a territory or a breakaway region belongs to in law.
    """

    code: str
    name: str
    official: str
    kind: Literal["un_member", "state_like", "dissolved", "territory"]
    since: date | None = None
    until: date | None = None
    region: str = ""
    subregion: str = ""
    successors: tuple[str, ...] = ()
    parent: str | None = None
    leads: str = "head_of_state"
    note: str = ""


class Name(Entry, frozen=True):
    """One surface that stands for an actor (``actor`` empty: known, but of no single state).

    ``since``/``until`` say when the surface stood for this actor; a later text may
    still use an old name, so prefer by date, do not forbid.  ``case`` "exact": only
    as written ("US", "Chad"); ``ambiguous`` names what else the surface may be.
    """

    actor: str
    surface: str
    kind: str
    key: str
    lang: str = "en"
    since: date | None = None
    until: date | None = None
    ambiguous: tuple[str, ...] = ()
    case: Literal["exact", "any"] = "any"


class Organisation(Entry, frozen=True):
    """An international organisation, court, bank, alliance or news outlet.

    ``part_of`` names the organisation whose organ it is and whose code its acts carry.
    """

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    seat_city: str = ""
    seat_state: str = ""
    since: date | None = None
    until: date | None = None
    members: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    part_of: str = ""

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The name and all its aliases."""
        return (self.name, *self.aliases)


class Group(Entry, frozen=True):
    """An armed group, a movement or a people that news treat as an actor."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    state: str = ""
    since: date | None = None
    until: date | None = None
    ambiguous: tuple[str, ...] = ()

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The name and all its aliases."""
        return (self.name, *self.aliases)


class Office(Entry, frozen=True):
    """A title; ``states`` empty means that it has this role anywhere."""

    surface: str
    key: str
    role: str
    states: tuple[str, ...] = ()
    acts_for_state: bool = True
    plural: str = ""
    sector: str = "GOV"


class Role(Entry, frozen=True):
    """A word for a person or a body that takes its state from its neighbours."""

    surface: str
    key: str
    kind: Literal["person", "collective"]
    sector: str
    acts_for_state: bool = True


class Plural(Entry, frozen=True):
    """A reference to several actors: "the two countries", "the Baltic states"."""

    surface: str
    key: str
    kind: str
    members: tuple[str, ...] = ()


class Blocker(Entry, frozen=True):
    """Words that contain a name and are no actor: "South China Sea", "Dayton accords"."""

    surface: str
    key: str
    kind: str


class Word(Entry, frozen=True):
    """A word by its part in naming actors: a title, a pronoun, a cue of sport."""

    kind: str
    text: str


class Land(Entry, frozen=True):
    """Where a state lies (degrees, the middle of its towns), which states border on it, and which over a narrow sea."""

    state: str
    lat: float
    lon: float
    neighbours: tuple[str, ...]
    sea: tuple[str, ...] = ()


class StateClass(Entry, frozen=True):
    """A word for a kind of state and those that are of it: "island", "kingdom", "Baltic"."""

    word: str
    members: tuple[str, ...]


class PastAct(Entry, frozen=True):
    """A well-known act of one of ``sources`` towards one of ``targets`` that texts recall by one of ``nouns`` alone.

    Where ``words`` are given one of them stands in the sentence.  Without ``until`` it lasts.
    """

    nouns: tuple[str, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    words: tuple[str, ...]
    since: date
    until: date | None
    name: str


class City(Entry, frozen=True):
    """A city with its place; ``country`` is a state code."""

    name: str
    ascii: str
    country: str
    lat: float
    lon: float
    population: int = 0
    capital: bool = False
    alternates: tuple[str, ...] = ()


class Term(Entry, frozen=True):
    """One person in one office; ``person`` is the slug of the name."""

    person: str
    state: str
    role: str
    title: str
    name: str
    since: date | None = None
    until: date | None = None
    aliases: tuple[str, ...] = ()
    gender: str = ""

    def covers(self, on: date) -> bool:
        """Whether the person was in office on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
