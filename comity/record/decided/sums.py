"""Sums over all events or reports that a decision does not make anew.

A decision touches a few events, and a sum over a million of them takes as long after it as before.  What was read
stays as it is until documents are added, so that its sums are worked out once for each connection (temporary tables
live as long as that, see `Store.database`), and a question only looks at the few rows that decisions hide or lay over
the others (`comity.record.decided.views`).  The result is exact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import pyarrow as pa

from comity.record.index import Database

if TYPE_CHECKING:
    from comity.record.store import Store

MOST = 200
"""Kept tables of a connection; all are made anew when there are more."""
LISTS = 30
"""Kept lists of events of a connection, which can be long."""
Rows = Literal["events", "reports"]


def summed(
    store: Store, query: str, keys: str, counts: Sequence[str], values: Sequence[Any] = (), of: Rows = "events"
) -> pa.Table:
    """The answer to a query that groups ``{rows}`` by ``keys`` and counts into ``counts``, as they are shown now.

    Groups whose counts are all 0 are left out.
    """
    parts = parted(store, query, keys, counts, values, of)
    sums = ", ".join(f"sum({c})::bigint as {c}" for c in counts)
    some = " or ".join(f"sum({c}) <> 0" for c in counts)
    return store.query(f"select {keys}, {sums} from {parts} group by all having {some}")


def parted(
    store: Store, query: str, keys: str, counts: Sequence[str], values: Sequence[Any] = (), of: Rows = "events"
) -> str:
    """The same before it is summed: a table in SQL, with negative counts for what is hidden."""
    database = store.database()
    name = hashlib.blake2b(repr((query, of, list(values))).encode(), digest_size=10).hexdigest()
    made(database, f"sums_{name}", query.format(rows=f"raw_{of}"), values, "sums_", MOST)
    if not decided(store, of):
        return f"sums_{name}"
    minus = ", ".join(f"-{c} as {c}" for c in counts)
    changed = (
        f"select {keys}, {minus} from ({query.format(rows=f'hidden_rows_{of}')}) "
        f"union all by name ({query.format(rows=f'laid_{of}')})"
    )
    made(database, f"now_{name}", changed, [*values, *values])
    return f"(select * from sums_{name} union all by name select * from now_{name})"


def listed(store: Store, where: str, key: str, values: Sequence[Any] = ()) -> tuple[str, list[Any]]:
    """A table in SQL of id and ``page_key`` (the expression ``key``) of the events that meet a condition, and its
    values: those that were read are kept."""
    database = store.database()
    name = hashlib.blake2b(repr((where, key, list(values))).encode(), digest_size=10).hexdigest()
    query = f"select id, {key} as page_key from {{}} where {where}"
    made(database, f"list_{name}", query.format("raw_events"), values, "list_", LISTS)
    if not decided(store):
        return f"(select * from list_{name})", []
    return (
        f"(select * from list_{name} l where not exists (select 1 from hidden_events h where h.name = l.id) "
        f"union all {query.format('laid_events')})"
    ), list(values)


def made(
    database: Database, name: str, query: str, values: Sequence[Any], kind: str = "", most: int = 0
) -> None:
    """Make a temporary table of a query where there is none of this name, and room for it among those of its kind."""
    try:
        database.run(f"select 1 from {name} limit 0")
    except duckdb.CatalogException:
        if kind:
            drop(database, kind, most)
        database.run(f"create temp table {name} as {query}", list(values))


def drop(database: Database, begins: str, most: int) -> None:
    """Drop the tables whose names begin so where there are that many."""
    names = database.rows("select table_name from duckdb_tables() where starts_with(table_name, ?)", [begins])
    for (name,) in names if len(names) >= most else ():
        database.run(f"drop table {name}")


def decided(store: Store, of: Rows = "events") -> bool:
    """Whether decisions hide or change rows now; those that are hidden, as they were read, are in ``hidden_rows_``."""
    database, now = store.database(), store.manifest.generation
    if not store.manifest.of("decisions"):
        return False
    state = f"hidden_rows_{of}_state"
    try:
        if database.rows(f"select generation from {state}") == [(now,)]:
            return True
    except duckdb.CatalogException:
        pass
    drop(database, "now_", 1)
    database.run(
        f"create or replace temp table hidden_rows_{of} as select t.* from raw_{of} t "
        f"semi join hidden_{of} h on h.name = t.id"
    )
    database.run(f"create or replace temp table {state} as select ? as generation", [now])
    return True
