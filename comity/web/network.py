"""All actors and how each two stand: nodes with a place to draw them, edges with a sign."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from comity.record.decided.sums import summed
from comity.record.query import period, statuses
from comity.record.store import Store
from comity.relations.balance import Balance, balance
from comity.relations.blocs import blocs as blocs_of
from comity.relations.network import PRIOR, Edge, matrices
from comity.web.actors import kind_of
from comity.web.asked import Asked, Text
from comity.web.cards import naming
from comity.web.pairs import pairs
from comity.web.render import Answer

EDGES = ("a", "b", "events", "cooperation", "conflict", "sign", "last")
NODES = ("code", "name", "kind", "events", "cooperation", "conflict", "degree", "bloc", "x", "y")
SHUFFLES = 40
"""Shuffles of the signs behind the interval of the balance: fewer than `comity network` takes, for the page waits."""
STEPS = 120
"""Steps of the drawing."""
KEPT = 16
"""Networks of which drawing, blocs and balance are kept: other questions often have the same edges."""


class NetworkAsked(Asked):
    """Which part of the network."""

    since: Annotated[Text | None, Field(description="First day.")] = None
    until: Annotated[Text | None, Field(description="Last day.")] = None
    status: Annotated[Text, Field(description="occurred, announced, possible, negated; with commas.")] = "occurred"
    channel: Literal["cooperation", "conflict"] | None = None
    actor: Annotated[Text | None, Field(description="Only this actor, its partners, and what is between them.")] = None
    min_events: Annotated[int, Field(ge=1, description="Events of an edge at least.")] = 1
    limit: Annotated[int, Field(ge=1, le=2000, description="Edges at most, the busiest.")] = 300
    table: Annotated[Literal["edges", "nodes"], Field(description="The table of CSV and Parquet.")] = "edges"


def network(store: Store, asked: NetworkAsked) -> Answer:
    """The network of a period.  ``cooperation`` and ``conflict`` of edges and nodes are sums of weights."""
    edges = edges_of(store, asked)
    nodes = nodes_of(store, edges)
    blocs, balanced = grouped(nodes, edges)
    years = summed(
        store, "select year(date_start) as year, count(*) as events from {rows} where status = 'occurred' and "
        "date_start is not null group by all", "year", ("events",),
    ).to_pylist()  # fmt: skip
    years.sort(key=lambda y: y["year"])
    body: dict[str, Any] = {"nodes": nodes, "edges": edges, "blocs": blocs, "balance": balanced, "years": years}
    body["names"] = naming(store.names, edges)
    rows, columns = (edges, EDGES) if asked.table == "edges" else (nodes, NODES)
    return Answer(body=body, rows=rows, columns=columns)


def edges_of(store: Store, asked: NetworkAsked) -> list[dict[str, Any]]:
    """The busiest pairs; ``sign`` is (C - F) / (C + F + K) of the weights."""
    since, until = period(asked.since, asked.until)
    code = store.names.actor(asked.actor) if asked.actor is not None else None
    rows = store.query(
        f"""
        with edges as (
            select a, b, count(*) as events, coalesce(sum(weight) filter (channel = 'cooperation'), 0) as cooperation,
                coalesce(sum(weight) filter (channel = 'conflict'), 0) as conflict,
                max(last) as last
            from {pairs(store)} where status in (select unnest(?)) and (? is null or channel = ?)
                and (? is null or last >= ?) and (? is null or day <= ?) group by all having count(*) >= ?),
        near as (select if(a = ?, b, a) as code from edges where ? in (a, b) union select ?)
        select * from edges where ? is null or (a in (select code from near) and b in (select code from near))
        order by events desc, a, b limit ?
        """,
        [
            list(statuses(asked.status)), asked.channel, asked.channel, since, since, until, until, asked.min_events,
            code, code, code, code, asked.limit,
        ],
    ).to_pylist()
    return [{**r, "sign": sign(r["cooperation"], r["conflict"])} for r in rows]


def sign(cooperation: float, conflict: float) -> float:
    """How two stand, -1 to 1; a few events say little, so that they stay near 0 (`comity.relations.network`)."""
    return round((cooperation - conflict) / (cooperation + conflict + PRIOR), 3)


def grouped(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], Any]:
    """Blocs of more than one actor, the largest first, which nodes are told of, and the balance of triads."""
    codes = tuple(n["code"] for n in nodes)
    kept = ("a", "b", "events", "cooperation", "conflict", "sign")
    labels, balanced = divided(codes, tuple(Edge(error=0.0, **{k: e[k] for k in kept}) for e in edges))
    members: dict[int, list[str]] = {}
    for node, label in zip(nodes, labels, strict=True):
        node["bloc"] = label
        members.setdefault(label, []).append(node["code"])
    listed = [{"bloc": n, "members": m} for n, m in sorted(members.items()) if len(m) > 1]
    signed = {"balanced": balanced.ppp + balanced.pnn, "unbalanced": balanced.ppn + balanced.nnn}  # what pages print
    return listed, msgspec.to_builtins(balanced) | signed


@lru_cache(maxsize=KEPT)
def divided(codes: tuple[str, ...], edges: tuple[Edge, ...]) -> tuple[tuple[int, ...], Balance]:
    """The bloc of each actor, and the balance of triads."""
    weights, signs = matrices(codes, edges)
    labels = blocs_of(np.maximum(weights, 0), np.maximum(-weights, 0)).tolist() if codes else []
    return tuple(labels), balance(signs, SHUFFLES)


def nodes_of(store: Store, edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The actors of these edges, with sums over the edges and a place in the unit square around 0."""
    codes = sorted({c for e in edges for c in (e["a"], e["b"])})
    at = {code: n for n, code in enumerate(codes)}
    found = [
        {"code": c, "name": store.names.name(c), "kind": kind_of(store.names.knowledge, c), "events": 0,
         "cooperation": 0.0, "conflict": 0.0, "degree": 0, "bloc": None}
        for c in codes
    ]  # fmt: skip
    for edge in edges:
        for side in ("a", "b"):
            node = found[at[edge[side]]]
            for field in ("events", "cooperation", "conflict"):
                node[field] += edge[field]
            node["degree"] += 1
    places = drawn(len(codes), tuple((at[e["a"]], at[e["b"]], e["events"], e["sign"]) for e in edges))
    for node, (x, y) in zip(found, places, strict=True):
        node["x"], node["y"] = round(float(x), 4), round(float(y), 4)
    return found


@lru_cache(maxsize=KEPT)
def drawn(number: int, edges: tuple[tuple[int, int, int, float], ...]) -> NDArray[np.float64]:
    """Places of nodes, shape (n, 2), within -1 to 1: friends near, foes far (Fruchterman & Reingold 1991).

    Begins on a circle in the order of the codes, so that the same edges give the same picture.  Not to be changed:
    the same array is given for the same edges.
    """
    angle = np.arange(number) * 2 * np.pi * 0.381966  # the golden angle spreads neighbours in the alphabet
    radius = np.sqrt((np.arange(number) + 1) / max(number, 1))
    place = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    if number < 2 or not edges:
        return place * 0 if number < 2 else place
    pull = np.zeros((number, number))
    for a, b, events, sign in edges:
        pull[a, b] = pull[b, a] = np.log1p(events) * (1 + sign) / 2 + 0.05
    ideal = 1.5 / np.sqrt(number)
    for step in range(STEPS):
        apart = place[:, None, :] - place[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        force = ideal**2 / distance**2 - pull * distance / ideal * 0.3
        move = (apart * force[:, :, None]).sum(axis=1) - place * 0.05
        length = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        place = place + move / length * np.minimum(length, 0.2 * (1 - step / STEPS))
    place -= place.mean(axis=0)
    return np.asarray(place / max(float(np.abs(place).max()), 1e-9))
