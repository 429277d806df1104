"""A pair: its lines, moments, what was said and announced, as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec
from pydantic import Field

from comity.errors import BadUsage
from comity.record.query import period
from comity.record.store import Store
from comity.relations.figure import svg
from comity.relations.pairfacts import gathered
from comity.relations.relation import Relation, relation
from comity.web.asked import Asked, By, Text
from comity.web.cards import cards_of, naming
from comity.web.pairs import OCCURRED, news_day
from comity.web.pledges import of_pair
from comity.web.quotations import said
from comity.web.render import Answer

SAID = 20
PERIODS = 2_600
"""Periods of a line at most: 50 years of weeks."""
LEAST_DAYS = {"week": 7, "month": 30, "year": 365}
LAST_YEAR = 2200


class RelationAsked(Asked):
    """Which part of a relation."""

    since: Annotated[Text | None, Field(description="First day.")] = None
    until: Annotated[Text | None, Field(description="Last day.")] = None
    by: Annotated[By, Field(description="Length of a period.")] = "month"
    moments: Annotated[int, Field(ge=0, le=20, description="Key moments at most.")] = 5


def relation_page(store: Store, asked: RelationAsked, a: str, b: str) -> Answer:
    """All of a pair."""
    found = related(store, asked, a, b)
    points = found.points()
    if asked.format == "svg":
        return Answer(other={"svg": svg(found)})
    named = {e for m in (*found.moments, *((found.latest,) if found.latest else ())) for e in m.events}
    beside = [r["id"] for r in (*found.last, *found.next)]
    cards = cards_of(store, [*named, *beside])
    last, following = ([cards[r["id"]] for r in rows if r["id"] in cards] for rows in (found.last, found.next))
    quotations = said(store, found.a, found.b, SAID) if found.coverage.documents else []
    body = {
        **lines_object(found, points),
        "direction": msgspec.to_builtins(dict(found.direction)),
        "latest": moment_object(found.latest) if found.latest else None,
        "last": list(last), "next": list(following), "announced": found.announced, "possible": found.possible,
        "citation": found.citation.as_dict(), "named": msgspec.to_builtins(found.named),
        "coverage": msgspec.to_builtins(found.coverage) | {"periods": len(points)},
        "events": cards, "quotations": quotations, "pledges": of_pair(store, found.a, found.b, SAID),
    }  # fmt: skip
    body["names"] = naming(store.names, {k: v for k, v in body.items() if k != "points"})
    return Answer(body=body, rows=points, columns=tuple(points[0]) if points else ("period",))


def lines(store: Store, asked: RelationAsked, a: str, b: str) -> Answer:
    """Only the lines and moments of a pair, for comparison."""
    found = related(store, asked, a, b)
    points = found.points()
    body = lines_object(found, points)
    body["names"] = naming(store.names, {k: v for k, v in body.items() if k != "points"})
    return Answer(body=body, rows=points, columns=tuple(points[0]) if points else ("period",))


def related(store: Store, asked: RelationAsked, a: str, b: str) -> Relation:
    """The relation.  Raises `BadUsage` for one actor with itself."""
    first, second = store.names.actor(a), store.names.actor(b)
    if first == second:
        raise BadUsage(f"both are {store.names.name(first)}", fix="give two different actors")
    since, until = bounded(store, asked, first, second)
    return relation(store, first, second, since=since, until=until, by=asked.by, limit=asked.moments)


def bounded(store: Store, asked: RelationAsked, a: str, b: str) -> tuple[date | None, date | None]:
    """First and last day, so that there are no more than `PERIODS` periods.

    Without a first day that was asked for, the newest periods are taken.  Raises `BadUsage`.
    """
    since, until = period(asked.since, asked.until)
    end = until or news_day(store)
    if end.year > LAST_YEAR:
        raise BadUsage(f"{end} lies too far ahead", fix=f"give a last day before {LAST_YEAR + 1}")
    first = since
    if first is None:
        facts = gathered(store, min(a, b), max(a, b))
        first = store.query(f"select min(day) as day from {facts} where {OCCURRED}").column(0)[0].as_py()
    if first is None or (end - first).days <= PERIODS * LEAST_DAYS[asked.by]:
        return since, until
    if since is not None:
        number = (end - since).days // LEAST_DAYS[asked.by]
        raise BadUsage(
            f"{since} to {end} is {number:,} periods, more than {PERIODS:,}",
            fix="give a later first day, or ask by=year",
        )
    return end - timedelta(days=PERIODS * LEAST_DAYS[asked.by]), until


def lines_object(found: Relation, points: list[dict[str, Any]]) -> dict[str, Any]:
    """Lines and moments."""
    return {
        "a": found.a, "b": found.b, "by": found.by, "points": points,
        "moments": [moment_object(m) for m in found.moments],
    }  # fmt: skip


def moment_object(moment: Any) -> Mapping[str, Any]:
    """A moment as plain values."""
    plain: Mapping[str, Any] = msgspec.to_builtins(moment)
    return plain
