"""Meetings of two or more, and what is expected of a pair, as the page shows them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from comity.record.query import listing
from comity.record.store import Store
from comity.relations.forecast import forecast
from comity.relations.meetings import meetings
from comity.relations.meetings.model import COLUMNS as MET
from comity.web.asked import Asked, By, Paged, Text
from comity.web.cards import naming
from comity.web.cursors import page
from comity.web.render import Answer

EXPECTED = ("channel", "period", "mean", "q05", "q25", "q50", "q75", "q95", "none")


class MeetingList(Paged):
    """Whose meetings."""

    who: Annotated[Text, Field(description="Two or more persons or actors with commas: Xi Jinping,RUS.")] = ""
    since: Annotated[Text | None, Field(description="First day.")] = None
    until: Annotated[Text | None, Field(description="Last day.")] = None


class ForecastAsked(Asked):
    """How far ahead."""

    by: Annotated[By, Field(description="Length of a period.")] = "month"
    ahead: Annotated[int, Field(ge=1, le=60, description="Periods ahead.")] = 6


def meeting_list(store: Store, asked: MeetingList, most: int) -> Answer:
    """A page of meetings, newest first, with what texts claim of their number.  Raises `BadUsage`, `UnknownName`."""
    found = meetings(store, *listing(asked.who), since=asked.since, until=asked.until)
    rows = [m.row() for m in sorted(found.items, key=lambda m: m.start or date.min, reverse=True)]
    limit = min(asked.limit or (50 if asked.format == "json" else most), most)
    part, following = page(rows, asked.cursor, limit)
    body: dict[str, Any] = {
        "items": part, "next": following, "total": len(rows), "claims": [c.row() for c in found.claims],
        "parties": [{"id": p.id, "name": p.name, "kind": p.kind, "codes": list(p.codes)} for p in found.parties],
        "years": found.years, "forms": found.forms, "unnamed": found.unnamed,
    }  # fmt: skip
    body["names"] = naming(store.names, part)
    return Answer(body=body, rows=part, columns=MET, more=following)


def forecast_page(store: Store, asked: ForecastAsked, a: str, b: str) -> Answer:
    """What is expected of a pair in the coming periods, by channel, and the type of its next event."""
    found = forecast(store, a, b, ahead=asked.ahead, by=asked.by)
    plain = found.as_dict()
    rows = [{"channel": channel, **step} for channel, steps in plain["steps"].items() for step in steps]
    body = {**plain, "names": {found.a: found.names[0], found.b: found.names[1]}}
    return Answer(body=body, rows=rows, columns=EXPECTED)
