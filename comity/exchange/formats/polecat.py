"""POLECAT's file of tabs: its columns with a head, one row an event; several actors have semicolons between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from comity.exchange.cells import write_tabs
from comity.exchange.exporting import Source
from comity.exchange.formats.cameo import QUAD
from comity.exchange.sets.polecat import COLUMNS

_QUADS = ("", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")


class Polecat:
    """Statuses, participants' words and evidence are lost; types and modes stay."""

    suffix = ".txt"
    about = "POLECAT events"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        out.write(("\t".join(COLUMNS) + "\n").encode())
        return write_tabs(out, _rows(source))


def _rows(source: Source) -> Iterator[Sequence[Any]]:
    for row in source.occurred():
        if row["type"] is None:
            source.leave_out("what happened has no type of PLOVER")
            continue
        values = {
            "Event ID": row["id"],
            "Event Date": row["date_start"].isoformat(),
            "Event Type": row["type"],
            "Event Mode": row["mode"],
            "Quad Code": _QUADS[QUAD.get(row["type"], 0)],
            **_side("Actor", row["sources"] or [], source),
            **_side("Recipient", row["targets"] or [], source),
            "Placename": row["place_name"],
            "Country": row["place_country"],
            "Latitude": row["place_lat"],
            "Longitude": row["place_lon"],
            "Version": "Comity",
        }
        yield [values.get(n, "") for n in COLUMNS]


def _side(side: str, codes: Sequence[str], source: Source) -> dict[str, str]:
    """Names and countries in the same order; whoever is no state has an empty country."""
    states = source.codes.knowledge.states
    return {
        f"{side} Name": "; ".join(source.name(c) for c in codes),
        f"{side} Country": "; ".join(c if c in states else "" for c in codes),
    }
