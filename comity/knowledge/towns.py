"""The gazetteer of places: towns, seas, straits, islands, regions and bases, by folded name.

Names here say where something happened and stand for no state.  The table is read when it is first asked.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from comity.errors import BadKnowledge
from comity.knowledge.folding import fold
from comity.knowledge.loader import FOLDER, load
from comity.knowledge.records import City


@cache
def towns() -> Mapping[str, tuple[City, ...]]:
    """All places of ``towns.csv`` and ``cities.csv`` by folded name, capitals and large ones first.

    A place with an empty country belongs to no single state (a sea).  Raises `BadKnowledge` for a broken row.
    """
    found: dict[str, dict[str, City]] = defaultdict(dict)
    for city in load().cities:
        for name in {_key(n) for n in (city.name, city.ascii, *city.alternates)}:
            found[name].setdefault(city.country, city)
    path = FOLDER / "towns.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.reader(stream)):
            if number == 0:
                continue
            try:
                name, country, lat, lon, people, others = row
                town = City(
                    name=name,
                    ascii=name,
                    country=country,
                    lat=float(lat),
                    lon=float(lon),
                    population=int(people) * 1000,
                )
            except ValueError as error:
                raise BadKnowledge(str(error), about=f"towns.csv:{number + 1}", fix="build the table again") from error
            for key in map(_key, (name, *others.split("|")) if others else (name,)):
                found[key].setdefault(country, town)
    return MappingProxyType({name: _ranked(name, places) for name, places in found.items()})


def _key(name: str) -> str:
    """The folded name; plain names, which are most, without the slow way."""
    return name.lower() if name.isascii() and name.replace(" ", "").isalpha() else fold(name)


def _ranked(name: str, places: Mapping[str, City]) -> tuple[City, ...]:
    """Places of one name: a sea alone, else capitals, those of that very spelling, and the largest first."""
    if "" in places:
        return (places[""],)
    if len(places) == 1:
        return tuple(places.values())
    return tuple(
        sorted(places.values(), key=lambda c: (-c.capital, name not in {fold(c.name), fold(c.ascii)}, -c.population))
    )
