"""Where it happened: places with their events, and sums by state for a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from comity.record.decided.sums import summed
from comity.record.store import Store
from comity.web.asked import EventFilter
from comity.web.cards import naming
from comity.web.events import conditions, of_events
from comity.web.pairs import channel, counts
from comity.web.render import Answer

MOST = 5_000
PLACES = ("name", "country", "lat", "lon", "events", "cooperation", "conflict", "last", "event")
STATES = ("code", "events", "cooperation", "conflict", "net")


class MapAsked(EventFilter):
    """Which events."""

    table: Annotated[Literal["places", "states"], Field(description="The table of CSV and Parquet.")] = "places"


def places(store: Store, asked: MapAsked) -> Answer:
    """Places with their counts, sums by state, and how many events have no place; of what occurred unless asked."""
    if asked.status is None:
        asked = asked.model_copy(update={"status": "occurred"})
    where, values = conditions(store, asked)
    found = store.query(
        "select place_name as name, place_country as country, round(place_lat, 4) as lat, "
        f"round(place_lon, 4) as lon, {counts()}, arg_max(id, coalesce(date_start, date '0001-01-01')) as event "
        f"from (select *, {channel()} as channel from events where {where}) where place_lat is not null and "
        f"place_lon is not null group by 1, 2, 3, 4 order by events desc, name, country limit {MOST}",
        values,
    ).to_pylist()
    placeless = f"select 0 as there, count(*) as events from {{rows}} where {where} and place_lat is null group by 1"
    unplaced = counted(store, asked, placeless, "there", ("events",), values)
    states = states_of(store, asked, where, values)
    body: dict[str, Any] = {
        "places": found, "states": states, "unplaced": unplaced[0]["events"] if unplaced else 0,
    }  # fmt: skip
    body["names"] = naming(store.names, body)
    rows, columns = (found, PLACES) if asked.table == "places" else (states, STATES)
    return Answer(body=body, rows=rows, columns=columns)


def counted(
    store: Store, asked: MapAsked, query: str, keys: str, counts: Sequence[str], values: list[Any]
) -> list[dict[str, Any]]:
    """The answer to a query that counts ``{rows}``; what hangs on reports or decisions too is asked anew."""
    if not of_events(asked):
        return list(store.query(query.format(rows="events"), values).to_pylist())
    return list(summed(store, query, keys, counts, values).to_pylist())


def states_of(store: Store, asked: MapAsked, where: str, values: list[Any]) -> list[dict[str, Any]]:
    """Counts of the events in which a state takes part; ``net`` is (C - F) / (C + F) of the counts."""
    alike = (  # many events have the same sides: they are counted before the sides are taken apart
        f"select sources, targets, {channel()} as channel, count(*) as number from {{rows}} where {where} group by all"
    )
    query = (
        "select code, sum(number)::bigint as events, "
        "coalesce(sum(number) filter (channel = 'cooperation'), 0)::bigint as cooperation, "
        "coalesce(sum(number) filter (channel = 'conflict'), 0)::bigint as conflict from (select *, "
        f"unnest(list_distinct(list_concat(sources, targets))) as code from ({alike})) group by code"
    )
    rows = counted(store, asked, query, "code", ("events", "cooperation", "conflict"), values)
    rows.sort(key=lambda r: (-r["events"], r["code"]))
    known = store.names.knowledge.states
    return [{**r, "net": net(r["cooperation"], r["conflict"])} for r in rows if r["code"] in known]


def net(cooperation: int, conflict: int) -> float:
    """(C - F) / (C + F)."""
    total = cooperation + conflict
    return round((cooperation - conflict) / total, 3) if total else 0.0
