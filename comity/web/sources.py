"""Sources and coverage: outlets, feeds, imported sets, runs, what was skipped, and months."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from comity.record.decided.sums import summed
from comity.record.store import Store
from comity.web.asked import Asked
from comity.web.render import Answer

Named = Literal["outlets", "months", "runs", "skipped", "imported", "feeds"]
COLUMNS: dict[str, tuple[str, ...]] = {
    "outlets": ("source", "documents", "events", "first", "last", "languages"),
    "months": ("month", "documents", "events", "imported"),
    "runs": ("id", "started", "ended", "program", "model", "knowledge", "command", "counts"),
    "skipped": ("key", "code", "message", "fix"),
    "imported": ("from", "events", "first", "last"),
    "feeds": ("url", "name", "kind", "last_read"),
}


class SourcesAsked(Asked):
    """Which table goes out as CSV or Parquet."""

    table: Annotated[Named, Field(description="The table that goes out as CSV or Parquet.")] = "outlets"


def sources(store: Store, asked: SourcesAsked) -> Answer:
    """Everything about where the record comes from."""
    runs = store.query("select * from runs order by started desc, id limit 200").to_pylist()
    body: dict[str, Any] = {
        "outlets": outlets(store),
        "feeds": store.query("select url, name, kind, last_read from sources order by url limit 1000").to_pylist(),
        "imported": imported(store),
        "runs": [{**r, "counts": msgspec.json.decode(r["counts"] or "{}")} for r in runs],
        "skipped": store.query(
            "select key, code, message, fix from skipped order by run desc, key limit 50"
        ).to_pylist(),
        "months": months(store), "names": {},
    }  # fmt: skip
    rows = [{**r, "counts": r.get("counts") and msgspec.json.encode(r["counts"]).decode()} for r in body[asked.table]]
    return Answer(body=body, rows=rows, columns=COLUMNS[asked.table])


def outlets(store: Store) -> list[dict[str, Any]]:
    """Outlets with what they told, the busiest first."""
    return list(
        store.query(
            # Reports of imported events have no document: they are left out before anything is joined.
            "with told as materialized (select id, document from reports where document is not null), "
            "linked as (select t.document, l.event from report_events l join told t on t.id = l.report) "
            "select d.source, count(distinct d.id) as documents, count(distinct l.event) as events, "
            "min(d.published) as first, max(d.published) as last, "
            "coalesce(list_sort(list_distinct(list(d.language))), []) as languages from documents d "
            "left join linked l on l.document = d.id "
            "group by d.source order by documents desc, d.source limit 1000"
        ).to_pylist()
    )


def months(store: Store) -> list[dict[str, Any]]:
    """Documents by month of publication; events by month of their first day."""
    told = store.query(
        "select strftime(published, '%Y-%m') as month, count(*) as documents from documents "
        "where published is not null group by all"
    )
    done = summed(
        store, "select strftime(date_start, '%Y-%m') as month, count(*) as events, count(imported_from) as imported "
        "from {rows} where date_start is not null and status = 'occurred' group by all", "month",
        ("events", "imported"),
    )  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for row in (*told.to_pylist(), *done.to_pylist()):
        found.setdefault(row["month"], {"documents": 0, "events": 0, "imported": 0}).update(row)
    return [{"month": m, **{k: found[m][k] for k in ("documents", "events", "imported")}} for m in sorted(found)]


def imported(store: Store) -> list[dict[str, Any]]:
    """Events of the sets that were imported, the largest first, with their first and last day."""
    rows = summed(
        store, 'select imported_from as "from", date_start as first, date_end as last, count(*) as events from '
        "{rows} where imported_from is not null group by all", '"from", first, last', ("events",),
    ).to_pylist()  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row["from"], {"from": row["from"], "events": 0, "first": None, "last": None})
        one["events"] += row["events"]
        one["first"] = min((d for d in (one["first"], row["first"]) if d), default=None)
        one["last"] = max((d for d in (one["last"], row["last"]) if d), default=None)
    return sorted(found.values(), key=lambda r: (-r["events"], r["from"]))
