"""Which later acts fulfil a pledge or break it: the table ``acts.csv``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from comity.model import Record
from comity.record.merge.keys import COMPATIBLE

By = Literal["pledger", "target", "either"]


class Rule(Record, frozen=True):
    """How much an act that occurred speaks for the fulfilment or the breach, and who of the pair must do it."""

    kind: Literal["fulfil", "break"]
    by: By
    weight: float


@cache
def table() -> Mapping[tuple[str, str, str, str], Rule]:
    """Rules by told type, its mode, later type and its mode ('' for any)."""
    with files("comity.relations.pledges").joinpath("acts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found: dict[tuple[str, str, str, str], Rule] = {}
    for row in rows:
        rule = Rule(kind=row["kind"], by=row["by"], weight=float(row["weight"]))  # type: ignore[arg-type]
        found[row["told"], row["told_mode"], row["later"], row["later_mode"]] = rule
    return MappingProxyType(found)


def rule(told: str, told_mode: str | None, later: str, later_mode: str | None) -> Rule | None:
    """The rule for two acts, the most exact one first."""
    known = table()
    for first in (told_mode or "", ""):
        for second in (later_mode or "", ""):
            one = known.get((told, first, later, second))
            if one is not None:
                return one
    return None


@cache
def later_types(told: str) -> tuple[str, ...]:
    """The types of later events that may settle an act of this type; its own first."""
    found = {later for first, _, later, _ in table() if first == told} | set(COMPATIBLE.get(told, ()))
    found |= {"ACCUSE"} if found else set()  # an accusation may say that a word was broken
    return tuple(sorted(found, key=lambda t: (t != told, t)))
