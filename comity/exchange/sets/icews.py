"""ICEWS: the weekly and yearly files of tabs, and the benchmark file with the columns sn, rn, on, a, b."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from comity.exchange.codes import Coded, Codes
from comity.exchange.model import PART, Layout
from comity.exchange.sets.common import headed, listed, place_country, who

COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
    "City", "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "v(event_id)",
        "day": "v(event_date)",
        "what": "coalesce(v(cameo_code), v(event_text))",
        "source": "parts(source_country, source_name, null)",
        "source_name": "v(source_name)",
        "source_sector": "v(source_sectors)",
        "target": "parts(target_country, target_name, null)",
        "target_name": "v(target_name)",
        "target_sector": "v(target_sectors)",
        "lat": "v(latitude)",
        "lon": "v(longitude)",
        "place": "coalesce(v(city), v(district), v(province), v(country))",
        "country": "v(country)",
    }
)
EXTRA: Mapping[str, str] = MappingProxyType(
    {"intensity": "v(intensity)", "story": "v(story_id)", "sentence": "v(sentence_number)", "publisher": "v(publisher)"}
)
BENCHMARK: Mapping[str, str] = MappingProxyType(
    {
        "day": 'v("date")',
        "what": "v(rn)",
        "source": "parts(a, sn, null)",
        "source_name": "v(sn)",
        "target": 'parts(b, "on", null)',
        "target_name": 'v("on")',
    }
)


class Icews:
    """Actors by their names and the names of their countries."""

    name = "icews"
    title = "ICEWS"

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """See `EventSet`."""
        found = headed(
            "ICEWS events", first, delimiter, ("event_date", "source_name", "target_name", "event_text"), FIELDS, EXTRA
        )
        if found is None:
            found = headed("ICEWS benchmark", first, delimiter, ("sn", "rn", "on", "date"), BENCHMARK, {})
        return found

    def act(self, codes: Codes, what: str) -> Coded | None:
        """See `EventSet`."""
        return codes.act(what)

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """See `EventSet`."""
        country, name, _ = key.split(PART)
        return listed(who(codes, name, place_country(codes, country) if country else None, on))

    def country(self, codes: Codes, text: str) -> str | None:
        """See `EventSet`."""
        return place_country(codes, text)
