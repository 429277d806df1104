"""The formats of export: one module each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from comity.exchange.exporting import Format
from comity.exchange.formats.ftm import Ftm
from comity.exchange.formats.gdelt import Gdelt
from comity.exchange.formats.geojson import GeoJson
from comity.exchange.formats.graphml import GraphMl
from comity.exchange.formats.icews import Icews
from comity.exchange.formats.plain import Csv, JsonLines, Parquet
from comity.exchange.formats.polecat import Polecat
from comity.exchange.formats.prov import Prov

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Csv(),
        "parquet": Parquet(),
        "jsonl": JsonLines(),
        "gdelt": Gdelt(),
        "icews": Icews(),
        "polecat": Polecat(),
        "geojson": GeoJson(),
        "graphml": GraphMl(),
        "ftm": Ftm(),
        "prov": Prov(),
    }
)
