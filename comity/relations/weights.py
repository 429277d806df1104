"""What an act weighs in its channel: the table ``data/weights.csv``, absolute scores of PLOVER (manual, 2024 draft),
in the manner of Goldstein (1992, Journal of Conflict Resolution 36)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files

from comity.model import Record

CHANNELS = ("cooperation", "conflict")


class Weight(Record, frozen=True):
    """The channel of a type (or of one mode of it) and its weight: the absolute PLOVER score, 0.5 to 10."""

    type: str
    mode: str | None
    channel: str
    weight: float


def weights() -> tuple[Weight, ...]:
    """All rows of the table; a mode that is not listed weighs what its type weighs."""
    with files("comity.relations").joinpath("data", "weights.csv").open(encoding="utf-8") as file:
        return tuple(
            Weight(type=r["type"], mode=r["mode"] or None, channel=r["channel"], weight=float(r["weight"]))
            for r in csv.DictReader(file)
        )


def channel_of() -> Mapping[str, str]:
    """The channel of each of the 16 types."""
    return {w.type: w.channel for w in weights() if w.mode is None}


def values() -> str:
    """The table as a list of rows for SQL, columns type, mode ('' for the type itself), channel, weight."""
    rows = (f"('{w.type}', '{w.mode or ''}', '{w.channel}', {w.weight})" for w in weights())
    return f"(values {', '.join(rows)}) as w(type, mode, channel, weight)"
