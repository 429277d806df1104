"""GeoJSON (RFC 7946) of the events that have a place on the map."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from comity.exchange.exporting import Source

_KEPT = (
    "type", "mode", "cameo", "status", "sources", "targets", "date_start", "date_end", "precision", "place_name",
    "place_country", "count", "confidence", "reports", "outlets", "imported_from",
)  # fmt: skip


class GeoJson:
    """One feature an event: a point in degrees, longitude first."""

    suffix = ".geojson"
    about = "GeoJSON points, for maps"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        out.write(b'{"type":"FeatureCollection","features":[')
        number = 0
        for row in source.rows():
            if row["place_lat"] is None or row["place_lon"] is None:
                source.leave_out("no place with coordinates")
                continue
            out.write((b",\n" if number else b"\n") + msgspec.json.encode(_feature(row)))
            number += 1
        out.write(b"\n]}\n")
        return number


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": {"type": "Point", "coordinates": [row["place_lon"], row["place_lat"]]},
        "properties": {k: row[k] for k in _KEPT},
    }
