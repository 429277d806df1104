"""GDELT 2.0's export file: 61 columns by tabs, no head, one row a source and target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, BinaryIO

from comity.exchange.cells import write_tabs
from comity.exchange.exporting import Source
from comity.exchange.formats.cameo import QUAD, Backwards, coded
from comity.exchange.sets.gdelt import columns


class Gdelt:
    """Statuses, participants and evidence are lost; ids are numbers made from the ids of the record."""

    suffix = ".export.CSV"
    about = "GDELT 2.0 event table"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        return write_tabs(out, _rows(source))


def _rows(source: Source) -> Iterator[Sequence[Any]]:
    names = columns(61)
    back = Backwards(source.codes)
    for row, code, first, second in coded(source, back):
        values = _event(row, code.code, code.goldstein)
        values |= _actor(1, first, source, back) | _actor(2, second, source, back) | _place(row, source)
        values["GLOBALEVENTID"] = number(f"{row['id']}|{first}|{second}")
        yield [values.get(n, "") for n in names]


def _event(row: dict[str, Any], code: str, goldstein: float | None) -> dict[str, Any]:
    day = row["date_start"]
    root = code[:2]
    return {
        "SQLDATE": f"{day:%Y%m%d}",
        "MonthYear": f"{day:%Y%m}",
        "Year": day.year,
        "FractionDate": f"{day.year + (day.timetuple().tm_yday - 1) / 365:.4f}",
        "IsRootEvent": 1,
        "EventCode": code,
        "EventBaseCode": code[:3],
        "EventRootCode": root,
        "QuadClass": QUAD.get(row["type"] or "", 1),
        "GoldsteinScale": goldstein,
        "NumMentions": row["reports"] or 1,
        "NumSources": row["outlets"] or 1,
        "NumArticles": row["documents"] or 1,
        "DATEADDED": f"{row['first_seen'] or day:%Y%m%d}000000",
    }


def _actor(side: int, code: str, source: Source, back: Backwards) -> dict[str, Any]:
    if not code:
        return {}
    country, group = back.actor(code)
    return {
        f"Actor{side}Code": country or group,
        f"Actor{side}Name": source.name(code).upper(),
        f"Actor{side}CountryCode": country,
        f"Actor{side}KnownGroupCode": group,
    }


def _place(row: dict[str, Any], source: Source) -> dict[str, Any]:
    if row["place_name"] is None and row["place_lat"] is None:
        return {}
    return {
        "ActionGeo_Type": 4,
        "ActionGeo_FullName": row["place_name"],
        "ActionGeo_CountryCode": source.codes.fips_of.get(row["place_country"] or "", ""),
        "ActionGeo_Lat": row["place_lat"],
        "ActionGeo_Long": row["place_lon"],
    }


def number(text: str) -> int:
    """A positive number of at most fifteen digits from a text, the same each time."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % 10**15
