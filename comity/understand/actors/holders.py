"""Who holds an office: from an office or role word and a state to the person or body of that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from comity.knowledge import Knowledge, Office, Term
from comity.model import Actor, Token
from comity.understand.actors.gazetteer import Entry
from comity.understand.actors.memory import PLURAL_TAGS

RULERS = ("head_of_state", "head_of_government")
STATE_OFFICES = frozenset(
    {*RULERS, "head", "foreign_minister", "defence_minister", "other_minister", "minister"}
)  # fmt: skip
"""Offices whose bearers, named without a state, are those of the story's own state."""

RANKS = frozenset({"military", "monarch", "royal", "religious"})
"""Titles that a text gives to a person named before without them."""
BORN_RANKS = frozenset({"monarch", "royal", "religious"})
"""Titles that nobody has who is known by another one: no president is "the king"."""
KEPT_RANKS = frozenset(
    {"general", "admiral", "marshal", "field marshal", "colonel", "commander in chief",
     "commander-in-chief", "supreme commander"}
)  # fmt: skip
"""High ranks, by which rulers and ministers who bear them go on being called."""

MANY = frozenset({"envoy", "diplomat", "adviser"})
"""Offices that several bear at once: the one in the table is meant only by a word of the table's title."""

ELECTED = ("-elect", "-designate")
SOON_SWORN = 180
"""Days within which whoever was elected takes office."""
SOON = 1
"""Years before a term in which somebody may already be told of with its office: tables and texts differ a little."""


class Holders:
    """Resolves offices at one day."""

    def __init__(self, knowledge: Knowledge, on: date) -> None:
        self.knowledge = knowledge
        self.on = on

    def hold(self, entry: Entry, state: Actor, last: Token) -> Actor | None:
        """Who is meant by an office or role word of a state; ``last`` is the word's last token."""
        term = None if entry.many else self._term(entry, state.state or "", last)
        if term is not None:
            return person_of(term, state.state or term.state)
        return nameless(state, entry.surface, sector_of(entry), office=entry.office is not None)

    def _term(self, entry: Entry, state: str, last: Token) -> Term | None:
        if entry.surface.endswith(ELECTED):
            return self._elected(entry, state)
        if entry.office is not None:
            return None if entry.office.role.startswith("other") else self._holder(entry.office, state)
        ruling = entry.role is not None and entry.role.kind == "person"
        if ruling and entry.surface in self.knowledge.words_of("leader") and last.xpos not in PLURAL_TAGS:
            return self.knowledge.leader(state, self.on) if state else None
        return None

    def _elected(self, entry: Entry, state: str) -> Term | None:
        """ "The president-elect": who holds the office next, where that is soon."""
        title = entry.surface.rpartition("-")[0].split()[-1]
        for days in range(30, SOON_SWORN + 1, 30):
            held = [t for role in RULERS for t in self.knowledge.holders(state, role, self.on + timedelta(days))]
            coming = [t for t in held if t.since and t.since > self.on and title in t.title.lower()]
            if coming:
                return coming[0]
        return None

    def _holder(self, office: Office, state: str) -> Term | None:
        if office.role == "head":
            return self.knowledge.leader(state, self.on)
        held = self.knowledge.holders(state, office.role, self.on)
        if not held and office.role in {"monarch", "royal"}:
            held = self.knowledge.holders(state, "head_of_state", self.on)
        if office.role in BORN_RANKS:
            titled = [t for role in (*RULERS, "other") for t in self.knowledge.holders(state, role, self.on)]
            held = tuple(t for t in (*held, *titled) if is_titled(t, office)) or held
        if office.role in MANY:
            held = tuple(t for t in held if is_titled(t, office))
        if office.surface == "president":
            held = tuple(t for t in self._ruling(state) if "resident" in t.title) or held
        return held[0] if held else None

    def _ruling(self, state: str) -> Iterator[Term]:
        for role in RULERS:
            yield from self.knowledge.holders(state, role, self.on)

    def same_office(self, actor: Actor, state: str) -> Term | None:
        """Who holds at ``state`` the office that a person holds elsewhere."""
        for term in self.knowledge.terms_of(actor.id.partition(":")[2]):
            if term.title == actor.office:
                if term.role in RULERS:
                    return self.knowledge.leader(state, self.on)
                held = self.knowledge.holders(state, term.role, self.on)
                return held[0] if held else None
        return None


def person_of(term: Term, state: str, on: date = date.max) -> Actor:
    """The actor of a term, acting for ``state``; more than a year before the term without its office."""
    office = term.title if term.since is None or on.year + SOON >= term.since.year else None
    return Actor(id="person:" + term.person, name=term.name, kind="person", state=state, office=office)


def nameless(state: Actor, words: str, sector: str | None, *, office: bool) -> Actor:
    """Somebody of a state who is called by an office or a role alone."""
    return Actor(
        id=f"{state.id}:{sector or words}", name=f"{state.name} {words}", kind="sector", state=state.state,
        office=words if office else None, sector=sector,
    )  # fmt: skip


def sector_of(entry: Entry) -> str | None:
    """The sector of an office or role word."""
    return entry.office.sector if entry.office else entry.role.sector if entry.role else None


def is_titled(term: Term, office: Office) -> bool:
    """Whether somebody is called by that word in his title or in one of his names ("Ayatollah Khomeini")."""
    told = {w for s in (term.title, *term.aliases) for w in s.lower().split()}
    return office.surface.lower().split()[-1] in told


def may_be_called(knowledge: Knowledge, actor: Actor, office: Office) -> bool:
    """Whether a person named before may be meant by a title that the text has not given to him.

    Who holds an office by the tables may be a general too, but is no officer, soldier or pilot.
    """
    terms = knowledge.terms_of(actor.id.partition(":")[2])
    if office.role in BORN_RANKS:
        return not terms or any(t.role == office.role or is_titled(t, office) for t in terms)
    if office.role != "military" or office.surface in KEPT_RANKS:
        return True
    return not any(t.title == actor.office for t in terms)


def acts_for_state(entry: Entry) -> bool:
    """Whether what the bearer does is done by the state."""
    return entry.office.acts_for_state if entry.office else bool(entry.role and entry.role.acts_for_state)
