"""Actors of which one may stand for the other: an alliance and its members, an armed group and its state, heirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from comity.knowledge import State, load

UNIVERSAL: Final = 60
"""Members from which on an organisation stands for none of them."""


def akin(first: str, second: str) -> bool:
    """Whether two codes may be told for one another in reports of one act."""
    return second in kin_of().get(first, ()) or first in kin_of().get(second, ())


@cache
def kin_of() -> Mapping[str, frozenset[str]]:
    """For each organisation, group and dissolved state of the package's tables those it may stand for."""
    known = load()
    found: dict[str, frozenset[str]] = {}
    for code, organisation in known.organisations.items():
        members = organisation.members if len(organisation.members) < UNIVERSAL else ()
        found[code] = frozenset({*members, *filter(None, [organisation.part_of])})
    for code, group in known.groups.items():
        found[code] = frozenset(filter(None, [group.state]))
    for code, state in known.states.items():
        found[code] = frozenset({*_heirs(known.states, code), *filter(None, [state.parent])})
    return MappingProxyType({code: others for code, others in found.items() if others})


def _heirs(states: Mapping[str, State], code: str) -> Iterator[str]:
    """The states that followed one, and those that followed them."""
    for heir in states[code].successors:
        yield heir
        yield from _heirs(states, heir)
