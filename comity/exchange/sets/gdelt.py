"""GDELT 1.0 and 2.0: the daily and quarter-hourly export files, with 57, 58 or 61 columns and no head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from comity.exchange.codes import Coded, Codes
from comity.exchange.model import PART, Layout
from comity.exchange.sets.common import headed, listed, slug

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_ACT = (
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def columns(number: int) -> tuple[str, ...]:
    """The columns of a file that has so many: 57, 58 (with the address) or 61 (GDELT 2.0)."""
    geo = tuple(g for g in _GEO if number == 61 or g != "ADM2Code")
    found: tuple[str, ...] = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")
    found += tuple(f"Actor{n}{c}" for n in (1, 2) for c in _ACTOR) + _ACT
    found += tuple(f"{p}Geo_{g}" for p in ("Actor1", "Actor2", "Action") for g in geo)
    return (*found, "DATEADDED", "SOURCEURL")[:number]


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "v(globaleventid)",
        "day": "v(sqldate)",
        "what": "v(eventcode)",
        "source": "parts(actor1knowngroupcode, actor1countrycode, actor1name)",
        "source_name": "v(actor1name)",
        "source_sector": "v(actor1type1code)",
        "target": "parts(actor2knowngroupcode, actor2countrycode, actor2name)",
        "target_name": "v(actor2name)",
        "target_sector": "v(actor2type1code)",
        "lat": "v(actiongeo_lat)",
        "lon": "v(actiongeo_long)",
        "place": "v(actiongeo_fullname)",
        "country": "v(actiongeo_countrycode)",
        "url": "v(sourceurl)",
        "mentions": "v(nummentions)",
        "outlets": "v(numsources)",
        "articles": "v(numarticles)",
    }
)
EXTRA: Mapping[str, str] = MappingProxyType({"goldstein": "v(goldsteinscale)", "tone": "v(avgtone)"})


class Gdelt:
    """Actors by CAMEO codes of countries and groups, places by FIPS 10-4."""

    name = "gdelt"
    title = "GDELT"

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """See `EventSet`."""
        found = headed(
            "GDELT with a head", first, delimiter, ("globaleventid", "sqldate", "eventcode"), FIELDS, EXTRA,
            spelling={"day": "sqldate"} if "sqldate" not in [slug(c) for c in first] else None,
        )  # fmt: skip
        if found is not None or len(first) not in (57, 58, 61) or delimiter != "\t":
            return found
        name = "GDELT 2.0" if len(first) == 61 else "GDELT 1.0"
        return Layout(
            name=f"{name}, {len(first)} columns",
            columns=tuple(slug(c) for c in columns(len(first))),
            fields=FIELDS,
            extra=EXTRA,
        )

    def act(self, codes: Codes, what: str) -> Coded | None:
        """See `EventSet`."""
        return codes.act(what) if what.isdigit() else None

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """See `EventSet`."""
        group, country, name = key.split(PART)
        found = (codes.group(group) if group else None) or (codes.country(country) if country else None)
        return listed(found or (codes.named(name) if name and not country else None))

    def country(self, codes: Codes, text: str) -> str | None:
        """See `EventSet`."""
        return codes.fips(text)
