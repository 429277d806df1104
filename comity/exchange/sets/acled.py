"""ACLED: the CSV of its export tool, of this and of earlier years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType

from comity.exchange.codes import Coded, Codes, plain, rows
from comity.exchange.model import PART, Layout
from comity.exchange.sets.common import headed, listed, place_country

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "coalesce(v(event_id_cnty), v(data_id))",
        "day": "v(event_date)",
        "precision": "case v(time_precision) when '2' then 'week' when '3' then 'month' else 'day' end",
        "what": "v(event_type) || chr(31) || coalesce(v(sub_event_type), '')",
        "source": "parts(actor1, country, null)",
        "source_name": "v(actor1)",
        "source_sector": "v(inter1)",
        "target": "parts(actor2, country, null)",
        "target_name": "v(actor2)",
        "target_sector": "v(inter2)",
        "lat": "v(latitude)",
        "lon": "v(longitude)",
        "place": 'coalesce(v("location"), v(admin1))',
        "country": "coalesce(v(country), v(iso3))",
        "evidence": "v(notes)",
    }
)
EXTRA: Mapping[str, str] = MappingProxyType(
    {
        "event": "v(event_type)",
        "sub_event": "v(sub_event_type)",
        "fatalities": "v(fatalities)",
        "publisher": "v(source)",
        "with_source": "v(assoc_actor_1)",
        "with_target": "v(assoc_actor_2)",
    }
)


class Acled:
    """Actors by name; whoever names no state acts in the country of the event and gets no code of his own."""

    name = "acled"
    title = "ACLED"

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """See `EventSet`."""
        return headed("ACLED events", first, delimiter, ("event_date", "event_type", "actor1"), FIELDS, EXTRA)

    @cached_property
    def _table(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        return {(plain(r["event"]), plain(r["sub_event"])): r for r in rows("acled.csv")}

    def act(self, codes: Codes, what: str) -> Coded | None:
        """See `EventSet`."""
        event, _, sub = what.partition(PART)
        row = self._table.get((plain(event), plain(sub))) or self._table.get((plain(event), ""))
        if row is None:
            return None
        became = f"{row['type']}{', ' + row['mode'] if row['mode'] else ''}" if row["type"] else "no type of PLOVER"
        why = f"ACLED {event}{f', {sub}' if sub else ''}: {became}"
        return Coded(type=row["type"] or None, mode=row["mode"] or None, status=row["status"], cameo=None, why=why)

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """See `EventSet`."""
        name, _, _ = key.split(PART)
        return listed(codes.body(name)) if name else ()

    def country(self, codes: Codes, text: str) -> str | None:
        """See `EventSet`."""
        return place_country(codes, text)
