"""Phoenix: the daily files of tabs without a head, and the historical files with one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from comity.exchange.codes import Coded, Codes
from comity.exchange.model import PART, Layout
from comity.exchange.sets.common import headed, place_country

DAILY = (
    "eventid", "date", "year", "month", "day", "sourceactorfull", "sourceactorentity", "sourceactorrole",
    "sourceactorattribute", "targetactorfull", "targetactorentity", "targetactorrole", "targetactorattribute",
    "eventcode", "eventrootcode", "pentaclass", "goldsteinscore", "issues", "lat", "lon", "locationname",
    "statename", "countrycode", "sentenceid", "urls", "newssources",
)  # fmt: skip

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "own": "v(eventid)",
        "day": 'v("date")',
        "what": "v(eventcode)",
        "source": "parts(sourceactorentity, sourceactorfull, null)",
        "source_name": "v(sourceactorfull)",
        "source_sector": "v(sourceactorrole)",
        "target": "parts(targetactorentity, targetactorfull, null)",
        "target_name": "v(targetactorfull)",
        "target_sector": "v(targetactorrole)",
        "lat": "v(lat)",
        "lon": "v(lon)",
        "place": "coalesce(v(locationname), v(statename))",
        "country": "v(countrycode)",
        "url": "v(urls)",
    }
)
EXTRA: Mapping[str, str] = MappingProxyType(
    {
        "goldstein": "v(goldsteinscore)",
        "issues": "v(issues)",
        "sentence": "v(sentenceid)",
        "outlets": "v(newssources)",
        "file": "v(process)",
    }
)
HISTORICAL: Mapping[str, str] = MappingProxyType(
    {
        "eid": "eventid",
        "story_date": "date",
        "source": "sourceactorfull",
        "source_root": "sourceactorentity",
        "source_agent": "sourceactorrole",
        "source_others": "sourceactorattribute",
        "target": "targetactorfull",
        "target_root": "targetactorentity",
        "target_agent": "targetactorrole",
        "target_others": "targetactorattribute",
        "code": "eventcode",
        "root_code": "eventrootcode",
        "quad_class": "pentaclass",
        "goldstein": "goldsteinscore",
        "joined_issues": "issues",
        "placename": "locationname",
        "countryname": "countrycode",
        "aid": "sentenceid",
    }
)


class Phoenix:
    """Actors by CAMEO codes of countries and bodies."""

    name = "phoenix"
    title = "Phoenix"

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """See `EventSet`."""
        needed = ("date", "sourceactorfull", "targetactorfull", "eventcode")
        found = headed("Phoenix with a head", first, delimiter, needed, FIELDS, EXTRA, spelling=HISTORICAL)
        if found is not None or len(first) != len(DAILY) or delimiter != "\t":
            return found
        return Layout(name="Phoenix daily", columns=DAILY, fields=FIELDS, extra=EXTRA)

    def act(self, codes: Codes, what: str) -> Coded | None:
        """See `EventSet`."""
        return codes.act(what) if what.isdigit() else None

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """See `EventSet`."""
        entity, full, _ = key.split(PART)
        for code in (entity, full):
            thirds = [code[n : n + 3] for n in range(0, len(code), 3)]
            if code[:3] in ("IGO", "NGO", "NGM", "MNC", "IMG"):
                found = next((g for t in reversed(thirds[1:]) if (g := codes.group(t))), None)
            else:
                found = codes.country(code[:3]) or codes.group(code[:3])
            if found:
                return (found,)
        return ()

    def country(self, codes: Codes, text: str) -> str | None:
        """See `EventSet`."""
        return place_country(codes, text)
