"""Sources and coverage: outlets, feeds, imported sets, runs, what was skipped, and months."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

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
        "imported": store.query(
            'select imported_from as "from", count(*) as events, min(date_start) as first, max(date_end) as last '
            "from events where imported_from is not null group by all order by events desc"
        ).to_pylist(),
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
            "select d.source, count(distinct d.id) as documents, count(distinct l.event) as events, "
            "min(d.published) as first, max(d.published) as last, "
            "coalesce(list_sort(list_distinct(list(d.language))), []) as languages from documents d "
            "left join reports r on r.document = d.id left join report_events l on l.report = r.id "
            "group by d.source order by documents desc, d.source limit 1000"
        ).to_pylist()
    )


def months(store: Store) -> list[dict[str, Any]]:
    """Documents by month of publication; events by month of their first day."""
    return list(
        store.query(
            "with d as (select strftime(published, '%Y-%m') as month, count(*) as documents from documents "
            "where published is not null group by all), "
            "e as (select strftime(date_start, '%Y-%m') as month, count(*) as events, count(imported_from) as imported "
            "from events where date_start is not null and status = 'occurred' group by all) "
            "select month, coalesce(documents, 0) as documents, coalesce(events, 0) as events, "
            "coalesce(imported, 0) as imported from d full join e using (month) order by month"
        ).to_pylist()
    )
