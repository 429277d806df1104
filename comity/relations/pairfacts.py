"""What a record holds of one pair, in small questions: counts, events near a day, the last, the next, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb

from comity.relations.cube import By
from comity.relations.cubefile import prepare
from comity.relations.facts import FACT, inside
from comity.relations.told import documents

if TYPE_CHECKING:
    from comity.record.store import Store

Row = Mapping[str, Any]
NEAR = 3_000
"""Events near a moment that are looked at, the heaviest."""
WHOLE = 2_000_000
"""In a record with more rows of events their rows are not looked up: what facts hold of them is shown."""
EVENT = (
    "id", "type", "mode", "status", "sources", "targets", "date_start", "date_end", "precision", "symmetric", "reports",
    "documents", "imported_from",
)  # fmt: skip


def gathered(store: Store, low: str, high: str) -> str:
    """The name of a table with the facts of one pair (codes, low < high), which holds until another one is gathered."""
    prepare(store)
    database, now = store.database(), store.manifest.generation
    with suppress(duckdb.CatalogException):
        if database.rows("select low, high, generation from rel_pair_state") == [(low, high, now)]:
            return "rel_pair"
    database.run("drop table if exists rel_pair_state")  # where what follows is broken off, nothing holds
    database.run(
        f"create or replace temp table rel_pair as select {FACT} from rel_facts where a = ? and b = ?", [low, high]
    )
    database.run(
        "create or replace temp table rel_pair_state as select ? as low, ? as high, ? as generation", [low, high, now]
    )
    return "rel_pair"


class PairFacts:
    """Questions about a pair of a record between two days (inclusive), where they are given."""

    def __init__(self, store: Store, a: str, b: str, since: date | None = None, until: date | None = None) -> None:
        prepare(store)
        self.store = store
        self.facts = "rel_facts"
        self.low, self.high = sorted((a, b))
        self.where = "a = ? and b = ?"
        self.values: list[Any] = [self.low, self.high]
        if since:
            self.where += " and coalesce(last >= ?, false)"
            self.values.append(since)
        if until:
            self.where += " and coalesce(day <= ?, false)"
            self.values.append(until)

    def gather(self) -> None:
        """Have the facts of the pair set apart for many questions: see `gathered`."""
        self.facts = gathered(self.store, self.low, self.high)

    def numbers(self, by: By) -> dict[str, Any]:
        """Events by what is not on the line, documents behind all, and sets that were imported."""
        return self._ask(
            f"""
            select count(*) filter (status = 'announced') as announced,
                count(*) filter (status = 'possible') as possible,
                count(*) filter (status = 'occurred' and (day is null or span >= {inside(by)})) as vague,
                coalesce(sum(documents), 0)::bigint as documents,
                list_sort(list_distinct(list(imported) filter (imported is not null))) as sources
            from {self.facts} where {self.where}
            """,
            (),
        )[0]

    def near(self, first: date, end: date, by: By) -> list[Row]:
        """What is on the line from one day to before another, the heaviest where there is very much."""
        return self._rows(
            f"status = 'occurred' and day >= ? and day < ? and span < {inside(by)}",
            (first, end),
            f"weight * ln(1 + reports) desc, day, event limit {NEAR}",
        )

    def last(self, number: int) -> tuple[Row, ...]:
        """The newest that occurred and have a day, oldest first."""
        rows = self._rows("status = 'occurred' and day is not null", (), f"last desc, event desc limit {number}")
        return self._whole(rows[::-1])

    def ahead(self, news: date | None, number: int) -> tuple[Row, ...]:
        """What is announced and does not lie before the newest news, the soonest first, undated last."""
        later = "status = 'announced'" + (" and coalesce(last >= ?, true)" if news else "")
        rows = self._rows(later, (news,) if news else (), f"day nulls last, event limit {number}")
        return self._whole(rows)

    def evidence(self, rows: Iterable[Row]) -> dict[str, str]:
        """A sentence of evidence for each event that has one: that of the surest report."""
        ids = [r["id"] for r in rows]
        if not ids:
            return {}
        found = self.store.rows(
            "select l.event, arg_max(r.evidence, r.confidence) as evidence from report_events l join reports r "
            "on l.report = r.id where l.event in (select unnest(?)) and r.evidence is not null group by l.event",
            [ids],
        )
        return {r["event"]: r["evidence"] for r in found}

    def documents(self) -> dict[str, Any]:
        """Documents that tell of the pair, their outlets and languages."""
        return self.store.rows(
            "select count(*) as documents, count(distinct d.source) as outlets, "
            "list_sort(list_distinct(list(d.language))) as languages from documents d "
            f"where d.id in ({documents(self.store)})",
            [self.low, self.high],
        )[0]

    def _rows(self, where: str, values: tuple[Any, ...], order: str) -> list[Row]:
        low, high = (f"'{c.replace(chr(39), chr(39) * 2)}'" for c in (self.low, self.high))
        return list(
            self._ask(
                f"""
                select event as id, type, mode, status, case when direction = 'b' then [{high}] else [{low}] end
                    as sources, case when direction = 'b' then [{low}] else [{high}] end as targets,
                    day as date_start, last as date_end, precision, direction = 'both' as symmetric, reports, documents,
                    imported as imported_from, weight, channel
                from {self.facts} where {self.where} and {where} order by {order}
                """,
                values,
            )
        )

    def _whole(self, rows: list[Row]) -> tuple[Row, ...]:
        """The rows of these events as the record has them, in order; in a very large record as facts have them."""
        if not rows or self.store.manifest.rows("events") > WHOLE:
            return tuple({c: r[c] for c in EVENT} for r in rows)
        sql = "select * from events where id in (select unnest(?))"
        found = {r["id"]: r for r in self.store.rows(sql, [[r["id"] for r in rows]])}
        return tuple(found[r["id"]] for r in rows if r["id"] in found)

    def _ask(self, sql: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        return self.store.rows(sql, [*self.values, *values])
