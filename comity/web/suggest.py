"""Suggestions while somebody types: actors, people, pairs, types."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from comity.knowledge import Knowledge, fold
from comity.record.names import TYPES
from comity.record.store import Store
from comity.relations.cubefile import prepare
from comity.web.actors import kind_of, term
from comity.web.asked import Asked, Text
from comity.web.cards import naming
from comity.web.matches import Names, begins, matching, named
from comity.web.pairs import OCCURRED, pairs
from comity.web.render import Answer
from comity.web.shared import Shared


class Suggested(Asked):
    """What somebody has typed so far."""

    q: Text = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 8


def suggest(store: Store, asked: Suggested, shared: Shared) -> Answer:
    """Actors, people, pairs and types that somebody may mean."""
    known = store.names.knowledge
    names = named(known, shared)
    counts = shared.of(store, "volumes", lambda: volumes(store))
    parts = sides(store, names, asked.q) if asked.q.strip() else []
    found = [match for part in parts[:2] for match in matching(names, part, asked.limit * 4)]
    found.sort(key=lambda m: (fold(m[0]) != fold(asked.q.strip()), not counts.get(m[0]), -counts.get(m[0], 0)))
    listed = [
        {"code": c, "name": known.actor_name(c), "kind": kind_of(known, c), "events": counts.get(c, 0), "matched": n}
        for c, n in dict(found).items()
    ]
    body = {
        "actors": listed[: asked.limit], "people": people(known, asked.q, asked.limit),
        "pairs": pairs_meant(store, names, parts, asked.limit),
        "types": [t for t in TYPES if asked.q.strip() and t.startswith(asked.q.strip().upper())],
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    return Answer(body=body)


def volumes(store: Store) -> dict[str, int]:
    """How many dated events that occurred each actor has a part in."""
    prepare(store)
    rows = store.query("select actor, sum(events)::bigint as events from rel_volumes where actor <> '' group by actor")
    return dict(zip(*(c.to_pylist() for c in rows.columns), strict=True))


def sides(store: Store, names: Names, text: str) -> list[str]:
    """One name, or the two names of a pair, also where only a blank stands between them."""
    parts = store.names.parts(text)
    words = text.split()
    if len(parts) > 1 or len(words) < 2 or begins(names, text):
        return parts
    for n in range(1, len(words)):
        two = [" ".join(words[:n]), " ".join(words[n:])]
        if all(begins(names, one) for one in two):
            return two
    return parts


def people(known: Knowledge, text: str, limit: int) -> list[dict[str, Any]]:
    """Leaders and ministers whose name has words that begin so."""
    words = fold(text).split()
    if not words or len(words[-1]) < 2:
        return []
    whole = len(words[-1]) == 2  # Xi, Li: two letters are a name or nothing yet
    found = []
    for terms in known.people.values():
        name = fold(terms[0].name).split()
        if all(any(n == w if whole else n.startswith(w) for n in name) for w in words):
            found.append(terms[0])
    found.sort(key=lambda t: (t.until is not None, -(t.since or date.min).toordinal(), t.person))
    return [term(t) | {"person": t.person, "name": t.name} for t in found[:limit]]


def pairs_meant(store: Store, names: Names, parts: list[str], limit: int) -> list[dict[str, Any]]:
    """Pairs with events: of the two actors named, else the busiest of the one."""
    codes = [[c for c, _ in matching(names, p, 6)] for p in parts[:2]]
    if not codes or not all(codes):
        return []
    first, second = codes[0], codes[1] if len(codes) > 1 else None
    rows = store.query(
        f"select a, b, count(*) as events from {pairs(store)} where {OCCURRED} and ("
        "(a in (select unnest(?)) and (? is null or b in (select unnest(?)))) or "
        "(b in (select unnest(?)) and (? is null or a in (select unnest(?))))) "
        f"group by a, b order by events desc, a, b limit {limit}",
        [first, second, second, first, second, second],
    ).to_pylist()
    return [r if r["a"] in first else {**r, "a": r["b"], "b": r["a"]} for r in rows]
