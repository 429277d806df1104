"""Counts: how many events of what kind two actors had in each period.

One row a pair (two codes in order of the alphabet), direction, period, channel, type and status::

    a, b        codes, a < b
    direction   a, b (who acts) or both (symmetric acts)
    period      first day of the week (Monday), month or year
    channel     cooperation or conflict, by the PLOVER quad of the type
    type, status
    events      merged events (an event of several states counts once for each pair)
    weight      sum of the weights of `comity.relations.weights`;  weight2  sum of their squares
    documents, imported      documents behind them, events of them that were imported

An event counts in the period of its first day when its days fit into a span no longer than the period; others are
too vaguely dated for a line.  Volumes count facts (an event of several states counts once for each two of them).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import pyarrow as pa

from comity.errors import BadPeriod
from comity.model import Record
from comity.relations.cubefile import prepare
from comity.relations.facts import define, inside, pair_where

if TYPE_CHECKING:
    from comity.record.store import Store

By = Literal["week", "month", "year"]
PERIODS: tuple[By, ...] = ("week", "month", "year")
DAYS = {by: inside(by) for by in PERIODS}
Ask = Callable[[str, Sequence[Any]], pa.Table]
COLUMNS = (
    "a", "b", "direction", "period", "channel", "type", "status", "events", "weight", "weight2", "documents",
    "imported",
)  # fmt: skip


class Cube(Record, frozen=True):
    """Counts (Arrow, columns `COLUMNS`) and volumes (period, actor, events).

    ``volumes`` counts occurred events by period: of all pairs (actor '') and of each actor asked for.
    """

    by: By
    counts: Any
    volumes: Any


def from_store(store: Store, by: By, pair: tuple[str, str] | None = None) -> Cube:
    """The cube of a record, of all pairs or of one.  Raises `BadPeriod`."""
    prepare(store)
    return make(store.query, by, pair)


def from_table(events: pa.Table, by: By, pair: tuple[str, str] | None = None) -> Cube:
    """The cube of a table with the columns sources, targets (lists), type, date_start; others of `events` may lack."""
    have = set(events.column_names)
    defaults = {
        "id": "cast(row_number() over () as varchar)", "mode": "null::varchar", "status": "'occurred'",
        "date_end": "date_start", "symmetric": "false", "precision": "'day'", "reports": "1", "documents": "1",
        "imported_from": "null::varchar",
    }  # fmt: skip
    columns = ["sources", "targets", "type", "date_start"] + [f'"{c}"' for c in defaults if c in have]
    added = [f'{sql} as "{name}"' for name, sql in defaults.items() if name not in have]
    connection = duckdb.connect()
    connection.register("given", events)

    def ask(sql: str, values: Sequence[Any]) -> pa.Table:
        return connection.sql(sql, params=list(values) or None).to_arrow_table()

    connection.execute(f"create table events as select {', '.join(columns + added)} from given")
    define(connection.execute)
    return make(ask, by, pair)


def make(ask: Ask, by: By, pair: tuple[str, str] | None, facts: str = "rel_facts") -> Cube:
    """The cube by two questions to a database in which the tables of `comity.relations.facts` are defined.

    ``facts`` names another table that holds those of the pair.
    """
    if by not in PERIODS:
        raise BadPeriod(f"there is no period '{by}'", fix=f"use {', '.join(PERIODS)}")
    where, values = pair_where(pair)
    order = "order by a, b, period, channel, type, status, direction"
    if by == "month" and facts == "rel_facts":
        counts = f"select * rename (month as period) from {'rel_pairs' if pair else 'rel_months'} where {where}"
    else:
        counts = f"""
            select a, b, direction, date_trunc('{by}', day)::date as period, channel, type, status,
                count(*) as events, sum(weight) as weight, sum(weight ** 2) as weight2,
                sum(documents)::bigint as documents, count(imported) as imported
            from {facts} where day is not null and span < {inside(by)} and {where} group by all
        """
    actors = "and actor in ('', ?, ?)" if pair else ""
    volumes = f"""
        select date_trunc('{by}', day)::date as period, actor, sum(events)::bigint as events from rel_volumes
        where span <= {inside(by)} {actors} group by all order by all
    """
    found = ask(f"select {', '.join(COLUMNS)} from ({counts}) {order}", values)
    return Cube(by=by, counts=found, volumes=ask(volumes, values))


def periods(first: date, last: date, by: By) -> list[date]:
    """The first days of all periods from the one of a day to the one of another."""
    at = floor(first, by)
    found = []
    while at <= last:
        found.append(at)
        at = following(at, by)
    return found


def floor(day: date, by: By) -> date:
    """The first day of the period in which a day lies."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day.replace(month=1, day=1)


def following(start: date, by: By) -> date:
    """The first day of the next period."""
    if by == "week":
        return start + timedelta(days=7)
    if by == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return date(start.year + 1, 1, 1)
