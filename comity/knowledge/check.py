"""A second look at the tables: gaps and contradictions that do not stop a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from comity.knowledge.book import Knowledge
from comity.knowledge.folding import fold
from comity.knowledge.records import Name, Term

NEEDED: Final = ("name", "adjective", "demonym_plural", "capital")
"""The kinds of names that each member of the United Nations must have."""

_LONGEST_HANDOVER: Final = timedelta(days=370)


def counts(knowledge: Knowledge) -> dict[str, int]:
    """How many rows each table has."""
    tables = {
        "states": knowledge.states,
        "names": knowledge.names,
        "organisations": knowledge.organisations,
        "groups": knowledge.groups,
        "offices": knowledge.offices,
        "roles": knowledge.roles,
        "plurals": knowledge.plurals,
        "blockers": knowledge.blockers,
        "cities": knowledge.cities,
        "terms": knowledge.leaders,
        "people": knowledge.people,
    }
    return {name: len(rows) for name, rows in tables.items()}


def problems(knowledge: Knowledge) -> Iterator[str]:
    """All that looks wrong, one line each."""
    yield from missing_names(knowledge)
    yield from unmarked_clashes(knowledge)
    yield from overlapping_terms(knowledge)


def missing_names(knowledge: Knowledge) -> Iterator[str]:
    """Members of the United Nations that lack a name, adjective, plural demonym or capital."""
    have: dict[str, set[str]] = defaultdict(set)
    for name in knowledge.names:
        have[name.actor].add(name.kind)
    for state in knowledge.states.values():
        if state.kind == "un_member":
            for kind in NEEDED:
                if kind not in have[state.code]:
                    yield f"{state.code} has no {kind}"


def unmarked_clashes(knowledge: Knowledge) -> Iterator[str]:
    """Surfaces that name two actors at one time, with no word that they are ambiguous."""
    by_key: dict[str, list[Name]] = defaultdict(list)
    for name in (*knowledge.names, *_aliases(knowledge)):
        if name.actor and not name.ambiguous:
            by_key[name.key].append(name)
    for key, names in by_key.items():
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                if one.actor != other.actor and _meet(one, other):
                    yield f"{key!r} is {one.actor} ({one.kind}) and {other.actor} ({other.kind})"


def _aliases(knowledge: Knowledge) -> Iterator[Name]:
    for table in (knowledge.organisations, knowledge.groups):
        for entry in table.values():
            for surface in entry.surfaces:
                yield Name(
                    actor=entry.code, surface=surface, kind="alias", key=fold(surface),
                    since=None, until=None, ambiguous=entry.ambiguous,
                )  # fmt: skip


def overlapping_terms(knowledge: Knowledge) -> Iterator[str]:
    """Two people in the same top office for more than a year at a time."""
    by_office: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    for term in knowledge.leaders:
        if term.role in ("head_of_state", "head_of_government", "foreign_minister", "igo_head"):
            by_office[term.state, term.role, term.title].append(term)
    for (state, role, _), terms in by_office.items():
        terms.sort(key=lambda t: t.since or date.min)
        for one, other in pairwise(terms):
            if one.person != other.person and _both(one, other) > _LONGEST_HANDOVER:
                yield f"{state} {role}: {one.name} and {other.name} from {other.since}"


def _both(one: Term, other: Term) -> timedelta:
    end = min(one.until or date.max, other.until or date.max)
    return end - max(one.since or date.min, other.since or date.min)


def _meet(one: Name, other: Name) -> bool:
    first, last = max(one.since or date.min, other.since or date.min), date.max
    return first <= min(one.until or last, other.until or last)
