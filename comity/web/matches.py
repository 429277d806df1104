"""Which actors a few letters may mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rapidfuzz import fuzz, process

from comity.knowledge import Knowledge, fold
from comity.web.shared import Shared

Names = Mapping[str, str]
"""The actor of every folded name and code."""


def named(known: Knowledge, shared: Shared) -> Names:
    """The actor of every folded name and code; made once."""
    return shared.always("names", lambda: all_names(known))


def all_names(known: Knowledge) -> Names:
    """The same, made now."""
    names: dict[str, str] = {}
    for table in (known.states, known.organisations, known.groups):
        for code, entry in table.items():
            for name in (code, entry.name, *getattr(entry, "aliases", ())):
                names.setdefault(fold(name), code)
    for row in known.names:
        if row.actor:
            names.setdefault(row.key, row.actor)
    return MappingProxyType(names)


def matching(names: Names, text: str, limit: int) -> list[tuple[str, str]]:
    """Codes of actors whose code or some name begins with a text, else has a word that does, else is like it."""
    key = fold(text.strip())
    if not key:
        return []
    first = sorted((n for n in names if n.startswith(key)), key=lambda n: (n != key, len(n), n))
    inside = sorted((n for n in names if f" {key}" in n), key=lambda n: (len(n), n))
    found = {names[n]: n for n in reversed([*first, *inside])}
    ordered = list(dict.fromkeys(names[n] for n in (*first, *inside)))
    if not ordered and len(key) > 2:
        likely = process.extract(key, list(names), scorer=fuzz.ratio, limit=5, score_cutoff=70)
        ordered = list(dict.fromkeys(names[n] for n, _, _ in likely))
        found = {names[n]: n for n, _, _ in reversed(likely)}
    return [(code, found[code]) for code in ordered[:limit]]


def begins(names: Names, text: str) -> bool:
    """Whether a name or code of an actor begins so."""
    key = fold(text.strip())
    return any(n.startswith(key) for n in names)
