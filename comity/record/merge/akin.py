"""Actors of which one may stand for the other: an alliance and its members, an armed group and its state, heirs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from comity.knowledge.loader import FOLDER

UNIVERSAL: Final = 60
"""Members from which on an organisation stands for none of them."""
Rows = Mapping[str, Mapping[str, str]]


def akin(first: str, second: str) -> bool:
    """Whether two codes may be told for one another in reports of one act."""
    return second in kin_of().get(first, ()) or first in kin_of().get(second, ())


def stands_for_others(code: str) -> bool:
    """Whether a code is that of an alliance, an armed group, a dependency or a dissolved state, which others may be
    told for."""
    return code in kin_of()


@cache
def kin_of() -> Mapping[str, frozenset[str]]:
    """For each organisation, group and dissolved state of the package's tables those it may stand for.

    Three small tables alone are read: whoever merges needs no other, and all of them take half a second.
    """
    found: dict[str, frozenset[str]] = {}
    for code, row in _rows("organisations.csv").items():
        members = _many(row["members"])
        found[code] = frozenset([*(members if len(members) < UNIVERSAL else ()), *_many(row["part_of"])])
    for code, row in _rows("groups.csv").items():
        found[code] = frozenset(_many(row["state"]))
    states = _rows("states.csv")
    for code, row in states.items():
        found[code] = frozenset([*_heirs(states, code), *_many(row["parent"])])
    return MappingProxyType({code: others for code, others in found.items() if others})


def _heirs(states: Rows, code: str) -> Iterator[str]:
    """The states that followed one, and those that followed them."""
    for heir in _many(states[code]["successors"]):
        yield heir
        yield from _heirs(states, heir)


def _rows(name: str) -> Rows:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _many(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
