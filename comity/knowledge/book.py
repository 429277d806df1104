"""`Knowledge`: all tables together, with the look-ups that readers need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import msgspec
from rapidfuzz.distance import Levenshtein

from comity.knowledge.folding import fold
from comity.knowledge.records import (
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
from comity.knowledge.skeleton import skeleton
from comity.knowledge.surnames import surnames

K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    """Values by key, without doubles, in order."""
    out: dict[K, dict[V, None]] = defaultdict(dict)
    for key, value in pairs:
        out[key][value] = None
    return MappingProxyType({key: tuple(values) for key, values in out.items()})


def _newest_first(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda t: (t.since or date.min, t.person), reverse=True))


class Knowledge(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What Comity knows before it reads.  ``version`` is a hash of the tables."""

    version: str
    states: Mapping[str, State]
    names: tuple[Name, ...] = ()
    leaders: tuple[Term, ...] = ()
    organisations: Mapping[str, Organisation] = MappingProxyType({})
    groups: Mapping[str, Group] = MappingProxyType({})
    offices: tuple[Office, ...] = ()
    roles: tuple[Role, ...] = ()
    plurals: tuple[Plural, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    cities: tuple[City, ...] = ()
    words: tuple[Word, ...] = ()
    lands: tuple[Land, ...] = ()
    classes: tuple[StateClass, ...] = ()
    past_acts: tuple[PastAct, ...] = ()

    @property
    def persons(self) -> tuple[Role, ...]:
        """The words for a person who stands for a state ("strongman", "tenant")."""
        return tuple(r for r in self.roles if r.kind == "person")

    @cached_property
    def people(self) -> Mapping[str, tuple[Term, ...]]:
        """All terms of each person, by person id, newest first."""
        found = _grouped((t.person, t) for t in self.leaders)
        return MappingProxyType({person: _newest_first(terms) for person, terms in found.items()})

    @cached_property
    def full_names(self) -> Mapping[str, tuple[str, ...]]:
        """Person ids by folded full name or alias of more than one word."""
        return _grouped((fold(n), t.person) for t in self.leaders for n in (t.name, *t.aliases) if " " in n)

    @cached_property
    def short_names(self) -> Mapping[str, tuple[str, ...]]:
        """Person ids by folded surname or one-word alias."""
        return _grouped(
            (fold(n), t.person)
            for t in self.leaders
            for n in (*surnames(t.name, t.state), *(a for a in (t.name, *t.aliases) if " " not in a))
        )

    @cached_property
    def _terms_by_office(self) -> Mapping[tuple[str, str], tuple[Term, ...]]:
        return _grouped(((t.state, t.role), t) for t in self.leaders)

    @cached_property
    def _names_by_key(self) -> Mapping[str, tuple[Name, ...]]:
        return _grouped((n.key, n) for n in self.names)

    @cached_property
    def _cities_by_key(self) -> Mapping[str, tuple[City, ...]]:
        found = _grouped((fold(n), c) for c in self.cities for n in (c.name, c.ascii, *c.alternates))
        largest = lambda c: (-c.capital, -c.population)  # noqa: E731
        return MappingProxyType({key: tuple(sorted(places, key=largest)) for key, places in found.items()})

    @cached_property
    def _words_by_kind(self) -> Mapping[str, frozenset[str]]:
        kinds = {w.kind for w in self.words}
        return MappingProxyType({k: frozenset(w.text for w in self.words if w.kind == k) for k in kinds})

    @cached_property
    def land_of(self) -> Mapping[str, Land]:
        """Where each state lies and what borders on it, by code."""
        return MappingProxyType({land.state: land for land in self.lands})

    @cached_property
    def state_classes(self) -> Mapping[str, frozenset[str]]:
        """The states of each kind, by the folded word for it ("island", "kingdom", "baltic")."""
        return MappingProxyType({fold(c.word): frozenset(c.members) for c in self.classes})

    def words_of(self, kind: str) -> frozenset[str]:
        """The words of one class of ``actor_words.csv``."""
        return self._words_by_kind.get(kind, frozenset())

    def named(self, text: str) -> tuple[Name, ...]:
        """The rows of the table of names that match this surface."""
        return self._names_by_key.get(fold(text), ())

    def cities_named(self, text: str) -> tuple[City, ...]:
        """The cities of this name: capitals first, then by size."""
        return self._cities_by_key.get(fold(text), ())

    def is_actor(self, code: str) -> bool:
        """Whether some table has this code."""
        return code in self.states or code in self.organisations or code in self.groups

    def actor_name(self, code: str) -> str:
        """The display name of a code; the code itself if it is unknown."""
        found = self.states.get(code) or self.organisations.get(code) or self.groups.get(code)
        return found.name if found else code

    def holders(self, state: str, role: str, on: date) -> tuple[Term, ...]:
        """Who held the office on that day, newest first (two on the day of a handover)."""
        terms = self._terms_by_office.get((state, role), ())
        return _newest_first(t for t in terms if t.covers(on))

    def leader(self, state: str, on: date) -> Term | None:
        """Whom "the X leader" means on that day."""
        titled = [t for t in self.holders(state, "head_of_state", on) if "Leader" in t.title]
        if titled:
            return titled[0]
        known = self.states.get(state)
        first = known.leads if known else "igo_head"
        for role in dict.fromkeys((first, "head_of_state", "head_of_government", "igo_head", "other")):
            held = self.holders(state, role, on)
            if held:
                return held[0]
        return None

    def terms_of(self, person: str) -> tuple[Term, ...]:
        """All terms of a person, newest first."""
        return self.people.get(person, ())

    def office_of(self, person: str, on: date) -> Term | None:
        """The office a person held on that day, the newest if several."""
        return next((t for t in self.terms_of(person) if t.covers(on)), None)

    def nearest_office(self, person: str, on: date) -> Term | None:
        """The office on that day or else the one nearest to it: the last before, or the first after."""
        held = self.office_of(person, on)
        if held:
            return held
        terms = self.terms_of(person)
        past = [t for t in terms if t.until and t.until < on]
        if past:
            return max(past, key=lambda t: t.until or date.min)
        return terms[-1] if terms else None

    @cached_property
    def _terms_by_sound(self) -> Mapping[tuple[str, str], tuple[Term, ...]]:
        return _grouped(
            ((t.state, skeleton(short)), t) for t in self.leaders for short in surnames(t.name, t.state) if short
        )

    def sounding_like(self, name: str, states: Iterable[str], on: date) -> Term | None:
        """Who of these states, in office within three years of the day, has a name that sounds like this full name.

        For other transliterations and damaged names ("Omar el-Bechir", "Idriss Dby").
        """
        first, last = name.split()[0], name.split()[-1]
        key = skeleton(last)
        if len(key) < _SHORTEST_SOUND or " " not in name:
            return None
        near = [
            t
            for state in states
            for t in self._terms_by_sound.get((state, key), ())
            if _distance(t, on) <= _NEAR_OFFICE and skeleton(t.name.split()[0]) == skeleton(first)
        ]
        return min(near, key=lambda t: _distance(t, on), default=None)

    @cached_property
    def _rulers_by_letters(self) -> Mapping[tuple[str, str], tuple[tuple[str, Term], ...]]:
        """Folded full names and surnames of the most heard of, by initial and skeleton."""
        found = (
            ((name[0], skeleton(name)), (name, t))
            for t in self.leaders
            if t.role in _HEARD
            for name in {fold(n) for n in (t.name, *surnames(t.name, t.state)) if n}
            if len(name) >= _SHORTEST_TITLED - 1
        )
        return _grouped(found)

    def spelt_like(self, name: str, on: date, *, titled: bool = False) -> Term | None:
        """The ruler or foreign minister in office on that day whose name is this but for a letter or two.

        A short name counts only behind a title ("the president Buch").  None unless exactly one person fits.
        """
        key = fold(name)
        if len(key) < (_SHORTEST_TITLED if titled else _SHORTEST_MISSPELT):
            return None
        slips = 1 if len(key) < _SHORTEST_MISSPELT else 3 if len(key) >= _LONG_NAME else 2
        near = {
            t.person: t
            for known, t in self._rulers_by_letters.get((key[0], skeleton(key)), ())
            if t.covers(on) and known != key and Levenshtein.distance(known, key, score_cutoff=slips) <= slips
        }
        return next(iter(near.values())) if len(near) == 1 else None

    @cached_property
    def _long_state_names(self) -> tuple[tuple[str, str], ...]:
        """Folded names of states of one long word, with their codes."""
        return tuple(
            (fold(n.surface), n.actor)
            for n in self.names
            if n.kind == "name" and n.actor in self.states
            if " " not in n.surface and len(n.surface) >= _SHORTEST_STATE
        )

    def state_spelt_like(self, name: str) -> str | None:
        """The state whose name is this but for one letter ("Ecuator"); None unless exactly one fits."""
        key = fold(name)
        if len(key) < _SHORTEST_STATE:
            return None
        near = {
            code
            for known, code in self._long_state_names
            if known[0] == key[0] and Levenshtein.distance(known, key, score_cutoff=1) == 1
        }
        return next(iter(near)) if len(near) == 1 else None

    def persons_on(self, name: str, on: date) -> tuple[Term, ...]:
        """Whom a full name, alias or surname may mean, with the office nearest to that day.

        Those in office on the day come first, then by distance in time.
        """
        key = fold(name)
        ids = self.full_names.get(key) or self.short_names.get(key, ())
        found = [t for person in ids if (t := self.nearest_office(person, on))]
        return tuple(sorted(found, key=lambda t: (_distance(t, on), _RANK.get(t.role, 9), t.person)))


_SHORTEST_SOUND = 2
_SHORTEST_MISSPELT = 6
_SHORTEST_TITLED = 4
_LONG_NAME = 12
_SHORTEST_STATE = 6
_HEARD = frozenset({"head_of_state", "head_of_government", "foreign_minister", "igo_head"})
_NEAR_OFFICE = 3 * 365
_RANK = MappingProxyType({"head_of_state": 0, "head_of_government": 1, "igo_head": 2, "foreign_minister": 3})


def _distance(term: Term, on: date) -> int:
    """Days between a term and a day; 0 within the term."""
    if term.covers(on):
        return 0
    if term.since and on < term.since:
        return (term.since - on).days
    return (on - (term.until or on)).days
