"""Types of PLOVER back to codes of CAMEO, and actors to its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from comity.exchange.codes import Cameo, Codes
from comity.exchange.exporting import Source, pairs_of

QUAD: Mapping[str, int] = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}
"""Quad classes: verbal and material cooperation, verbal and material conflict."""


def coded(source: Source, back: Backwards) -> Iterator[tuple[dict[str, Any], Cameo, str, str]]:
    """Each event that happened with its code, once for every source with every target; what has no code is told."""
    for row in source.occurred():
        code = back.code(row)
        if code is None:
            source.leave_out("what happened has no code of CAMEO")
            continue
        for first, second in pairs_of(row):
            yield row, code, first, second


class Backwards:
    """From the record to CAMEO, so that coming back gives the same type and actors."""

    def __init__(self, codes: Codes) -> None:
        self.codes = codes

    @cached_property
    def _first(self) -> Mapping[tuple[str | None, str | None], Cameo]:
        """The shortest code of each type and mode, and of each type."""
        found: dict[tuple[str | None, str | None], Cameo] = {}
        rows = sorted((r for r in self.codes.cameo.values() if len(r.code) > 2), key=lambda r: (len(r.code), r.code))
        for row in rows:
            found.setdefault((row.type, row.mode), row)
        for row in rows:
            found.setdefault((row.type, None), row)
        return found

    def code(self, row: Mapping[str, Any]) -> Cameo | None:
        """The row's own code where it means the row's type, else that of its type and mode, else of its type."""
        own = self.codes.cameo.get(row["cameo"] or "")
        if own is not None and own.type == row["type"] and len(own.code) > 2:
            return own
        if row["type"] is None:
            return None
        return self._first.get((row["type"], row["mode"])) or self._first.get((row["type"], None))

    def actor(self, code: str) -> tuple[str, str]:
        """The country code and the group code of an actor; both are empty where CAMEO has none."""
        if not code:
            return "", ""
        if self.codes.country(code) == code:
            return code, ""
        group = self.codes.group_of.get(code, code)
        return "", group if self.codes.group(group) == code else ""
