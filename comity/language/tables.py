"""The small tables of this layer, read once from ``comity/language/data``."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """All rows of one table."""
    text = (files("comity.language") / "data" / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def column(name: str) -> frozenset[str]:
    """The first column of a table, as a set."""
    return frozenset(next(iter(row.values())) for row in rows(name))


@cache
def abbreviations() -> dict[str, str]:
    """Abbreviations written with a point (without it), and the kind of each."""
    return {row["form"]: row["kind"] for row in rows("abbreviations.csv")}


@cache
def languages() -> dict[str, str]:
    """The English names of languages by their codes."""
    return {row["code"]: row["name"] for row in rows("languages.csv")}


@cache
def merged() -> dict[str, int]:
    """Words written together that are two ("cannot"), with the length of the first."""
    return {row["form"]: int(row["cut"]) for row in rows("merged.csv")}
