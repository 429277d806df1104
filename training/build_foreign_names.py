"""Builds comity/knowledge/data/names_foreign.csv: names of states in other languages, from CLDR (babel).

    python training/build_foreign_names.py

Badly translated text keeps foreign names ("Pequín", "Russie").  Left out: names that are the
same as an English one of that state, and those that are English words.  Names which some other
actor has too are marked ambiguous.  CLDR is under the Unicode licence.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pycountry
import simplemma
from babel import Locale

from comity.knowledge import Knowledge, fold, inspect

FOLDER = Path(__file__).parents[1] / "comity" / "knowledge" / "data"
LANGUAGES = ("es", "fr", "de", "it", "pt", "ca", "nl", "sv", "pl", "tr", "id", "ro")
HEADER = ("actor", "surface", "kind", "lang", "from", "until", "ambiguous", "case", "source")
SOURCE = "CLDR via babel"
KOSOVO = ("XK", "XKX")


def build(knowledge: Knowledge) -> list[tuple[str, ...]]:
    """One row a name; a name that several languages share is listed under the first."""
    english: dict[str, set[str]] = {}
    for name, actor in by_hand():
        english.setdefault(name, set()).add(actor)
    taken = {key for o in knowledge.organisations.values() for key in map(fold, o.surfaces)}
    taken |= {key for g in knowledge.groups.values() for key in map(fold, g.surfaces)}
    codes = [(c.alpha_2, c.alpha_3) for c in pycountry.countries] + [KOSOVO]
    found: dict[tuple[str, str], tuple[str, str, bool]] = {}
    for lang in LANGUAGES:
        territories = Locale(lang).territories
        for short, code in codes:
            surface = territories.get(short, "").split(" (")[0].split(" [")[0].strip()
            key = fold(surface)
            if code not in knowledge.states or len(key) < 4 or "," in surface or code in english.get(key, ()):
                continue
            word = surface.isascii() and simplemma.is_known(key, lang="en") and not _country_like(key)
            if not word:
                found.setdefault((code, key), (surface, lang, simplemma.is_known(key, lang="en")))
    actors: dict[str, set[str]] = {}
    for code, key in found:
        actors.setdefault(key, set()).add(code)
    rows = []
    for (code, key), (surface, lang, known) in sorted(found.items()):
        clash = len(actors[key] | english.get(key, set())) > 1 or key in taken
        marks = [mark for mark, on in (("other-place", clash), ("common-word", known)) if on]
        rows.append((code, surface, "foreign", lang, "", "", "|".join(marks), "exact", SOURCE))
    return rows


def by_hand() -> list[tuple[str, str]]:
    """Key and actor of each row of names.csv, which this script must not repeat."""
    with (FOLDER / "names.csv").open(encoding="utf-8", newline="") as stream:
        return [(fold(row["surface"]), row["actor"]) for row in csv.DictReader(stream)]


def _country_like(key: str) -> bool:
    """Foreign names that the word list of English knows only as names."""
    return key.endswith(("ia", "stan", "land", "landia")) and len(key) > 6


def main() -> None:
    """Write the table."""
    knowledge, _ = inspect(FOLDER)
    rows = build(knowledge)
    path = FOLDER / "names_foreign.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} names")


if __name__ == "__main__":
    main()
