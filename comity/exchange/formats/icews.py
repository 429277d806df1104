"""ICEWS's file of tabs: 20 columns with a head, one row a source and target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from comity.exchange.cells import write_tabs
from comity.exchange.exporting import Source
from comity.exchange.formats.cameo import Backwards, coded
from comity.exchange.formats.gdelt import number
from comity.exchange.sets.icews import COLUMNS


class Icews:
    """Statuses, participants and evidence are lost."""

    suffix = ".tab"
    about = "ICEWS coded events"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        out.write(("\t".join(COLUMNS) + "\n").encode())
        return write_tabs(out, _rows(source))


def _rows(source: Source) -> Iterator[Sequence[Any]]:
    for row, code, first, second in coded(source, Backwards(source.codes)):
        values = {
            "Event ID": number(f"{row['id']}|{first}|{second}"),
            "Event Date": row["date_start"].isoformat(),
            "Event Text": code.name,
            "CAMEO Code": code.code,
            "Intensity": code.goldstein,
            "Source Name": source.name(first) if first else "",
            "Source Country": _country(first, source),
            "Target Name": source.name(second) if second else "",
            "Target Country": _country(second, source),
            "City": row["place_name"],
            "Country": source.name(row["place_country"]) if row["place_country"] else "",
            "Latitude": row["place_lat"],
            "Longitude": row["place_lon"],
        }
        yield [values.get(n, "") for n in COLUMNS]


def _country(code: str, source: Source) -> str:
    return source.name(code) if code in source.codes.knowledge.states else ""
