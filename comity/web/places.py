"""Where it happened: places with their events, and sums by state for a map."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from comity.record.store import Store
from comity.web.asked import EventFilter
from comity.web.cards import naming
from comity.web.events import conditions
from comity.web.pairs import CHANNELS_COUNTED, channel, counts, each
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
    unplaced = store.query(f"select count(*) from events where {where} and place_lat is null", values)
    states = states_of(store, where, values)
    body: dict[str, Any] = {"places": found, "states": states, "unplaced": unplaced.column(0)[0].as_py()}
    body["names"] = naming(store.names, body)
    rows, columns = (found, PLACES) if asked.table == "places" else (states, STATES)
    return Answer(body=body, rows=rows, columns=columns)


def states_of(store: Store, where: str, values: list[Any]) -> list[dict[str, Any]]:
    """Counts of the events in which a state takes part; ``net`` is (C - F) / (C + F) of the counts."""
    rows = store.query(
        f"select code, count(*) as events, {CHANNELS_COUNTED} from {each(where)} group by code "
        "order by events desc, code",
        values,
    ).to_pylist()
    known = store.names.knowledge.states
    return [{**r, "net": net(r["cooperation"], r["conflict"])} for r in rows if r["code"] in known]


def net(cooperation: int, conflict: int) -> float:
    """(C - F) / (C + F)."""
    total = cooperation + conflict
    return round((cooperation - conflict) / total, 3) if total else 0.0
