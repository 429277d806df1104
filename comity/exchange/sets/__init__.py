"""The event sets that can be imported: one module each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from comity.errors import BadUsage
from comity.exchange.model import EventSet
from comity.exchange.sets.acled import Acled
from comity.exchange.sets.gdelt import Gdelt
from comity.exchange.sets.icews import Icews
from comity.exchange.sets.phoenix import Phoenix
from comity.exchange.sets.polecat import Polecat

SETS: Mapping[str, EventSet] = MappingProxyType(
    {s.name: s for s in (Gdelt(), Icews(), Polecat(), Phoenix(), Acled())}
)


def event_set(name: str) -> EventSet:
    """The set of this name, or `BadUsage`."""
    found = SETS.get(name.lower())
    if found is None:
        raise BadUsage(f"there is no event set '{name}'", fix=f"use one of {', '.join(SETS)}")
    return found
