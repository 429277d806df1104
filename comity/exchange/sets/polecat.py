"""POLECAT: files with a head, by tabs or commas; types and modes are PLOVER's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from comity.exchange.codes import Coded, Codes
from comity.exchange.model import PART, Layout
from comity.exchange.sets.common import headed, listed, place_country, who
from comity.record.names import TYPES

COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name",
    "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw",
    "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector",
    "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City",
    "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "v(event_id)",
        "day": "v(event_date)",
        "what": "v(event_type) || chr(31) || coalesce(v(event_mode), '')",
        "source": "parts(actor_country, actor_name, null)",
        "source_name": "v(actor_name)",
        "source_sector": "v(primary_actor_sector)",
        "target": "parts(recipient_country, recipient_name, null)",
        "target_name": "v(recipient_name)",
        "target_sector": "v(primary_recipient_sector)",
        "lat": "v(latitude)",
        "lon": "v(longitude)",
        "place": "coalesce(v(placename), v(city), v(district), v(province), v(country))",
        "country": "v(country)",
    }
)
EXTRA: Mapping[str, str] = MappingProxyType(
    {
        "contexts": "v(contexts)",
        "intensity": "v(intensity)",
        "publisher": "v(source)",
        "published": "v(publication_date)",
    }
)


class Polecat:
    """Actors by name and ISO 3166 code; several in one cell are separated by semicolons."""

    name = "polecat"
    title = "POLECAT"

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """See `EventSet`."""
        needed = ("event_date", "event_type", "actor_name", "recipient_name")
        return headed("POLECAT events", first, delimiter, needed, FIELDS, EXTRA)

    def act(self, codes: Codes, what: str) -> Coded | None:
        """See `EventSet`."""
        type_, _, mode = what.partition(PART)
        type_, mode = type_.strip().upper(), mode.strip().lower()
        if type_ not in TYPES:
            return None
        why = f"coded {type_}{f', {mode}' if mode else ''} by POLECAT"
        return Coded(type=type_, mode=mode or None, status="occurred", cameo=None, why=why)

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """See `EventSet`."""
        countries, names, _ = key.split(PART)
        states = [c.strip() for c in countries.split(";")] if countries else []
        people = [n.strip() for n in names.split(";")] if names else []
        if len(states) > 1 and len(people) != len(states):  # which belongs to whom is not told
            return listed(*(place_country(codes, s) for s in states))
        pairs = [(p, states[n] if n < len(states) else "") for n, p in enumerate(people)]
        pairs = pairs or [("", s) for s in states]
        return listed(*(who(codes, p, place_country(codes, s) if s else None, on) for p, s in pairs))

    def country(self, codes: Codes, text: str) -> str | None:
        """See `EventSet`."""
        return place_country(codes, text)
