"""`relation`: everything about one pair of a record, each part with its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.model import Record
from comity.record.query import period
from comity.relations.changes import last_day
from comity.relations.citation import Citation, cite
from comity.relations.cube import By, Cube, following, make
from comity.relations.level import Direction, Line, Net, directions, lines, net
from comity.relations.moments import Moment, latest, moments, scanned
from comity.relations.pairfacts import PairFacts
from comity.relations.reasons import explained
from comity.relations.series import Series, series
from comity.relations.turnings import Named, named
from comity.relations.weights import CHANNELS

if TYPE_CHECKING:
    from comity.record.store import Store

LAST = 3
"""Events that are shown as the last and the next."""


class Coverage(Record, frozen=True):
    """What stands behind the lines.  Silence is not peace: few documents say little either way.

    ``documents`` of the pair (one that tells two events counts once), ``outlets``, ``languages``, ``sources`` imported
    from, ``events`` that occurred and are on the line, ``vague`` ones that are dated too vaguely for it, ``silent``
    periods without any event of the pair.
    """

    documents: int
    outlets: int
    languages: tuple[str, ...]
    sources: tuple[str, ...]
    events: int
    vague: int
    silent: int


class Relation(Record, frozen=True):
    """How two actors stand.  ``a`` and ``b`` in the order asked for; arrays have one entry a period of `Series`.

    ``announced`` and ``possible`` count events, apart from what occurred; ``last`` are the newest that occurred,
    ``next`` what is announced for later than the newest news, ``named`` turning points that texts name.
    """

    a: str
    b: str
    names: tuple[str, str]
    by: By
    series: Series
    lines: Mapping[str, Line]
    net: Net
    direction: Mapping[str, Direction]
    moments: tuple[Moment, ...]
    latest: Moment | None
    last: tuple[Mapping[str, Any], ...]
    next: tuple[Mapping[str, Any], ...]
    announced: int
    possible: int
    coverage: Coverage
    citation: Citation
    named: tuple[Named, ...] = ()

    def points(self) -> list[dict[str, Any]]:
        """One row a period: levels with bands, observed sums, events, net, exposure, coverage."""
        found: list[dict[str, Any]] = []
        for t, start in enumerate(self.series.starts):
            row: dict[str, Any] = {"period": start}
            for c in CHANNELS:
                one = self.lines[c]
                for name in ("level", "low", "high", "observed"):
                    row[f"{c}_{name}"] = round(float(getattr(one, name)[t]), 4)
                row[f"{c}_events"] = int(self.series.events[c][t])
            for name in ("value", "low", "high"):
                row["net" if name == "value" else f"net_{name}"] = round(float(getattr(self.net, name)[t]), 4)
            row["exposure"] = round(float(self.series.exposure[t]), 4)
            row["documents"], row["imported"] = int(self.series.documents[t]), int(self.series.imported[t])
            found.append(row)
        return found

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "a": self.a, "b": self.b, "names": self.names, "by": self.by, "points": self.points(),
            "direction": msgspec.to_builtins(dict(self.direction)),
            "dispersion": {c: one.model.alpha for c, one in self.lines.items() if one.model},
            "moments": msgspec.to_builtins(self.moments), "latest": msgspec.to_builtins(self.latest),
            "last": list(self.last), "next": list(self.next), "announced": self.announced, "possible": self.possible,
            "coverage": msgspec.to_builtins(self.coverage), "citation": self.citation.as_dict(),
            "named": msgspec.to_builtins(self.named),
        }  # fmt: skip


def relation(
    store: Store, a: str, b: str, since: date | str | None = None, until: date | str | None = None,
    by: By = "month", limit: int = 5,
) -> Relation:  # fmt: skip
    """How two actors of a record stand, over the periods asked for.

    ``a`` and ``b`` are codes or names.  Raises `UnknownName` (with suggestions), `BadPeriod`, `BadSeries`, `BadUsage`.
    """
    first, second = store.names.pair((a, b))
    start, end = period(since, until)
    asked = PairFacts(store, first, second, start, end)
    asked.gather()
    cube = make(store.query, by, (first, second), asked.facts)
    found = series(cube, first, second, start, end)
    both = lines(found)
    naming = store.names.name
    scans = scanned(found)
    now = latest(found, both, scans)
    listed = explain(asked, [*moments(found, both, limit, scans), *((now,) if now else ())], by, naming)
    news = newest(store)
    numbers = asked.numbers(by)
    told = coverage(asked, found, numbers)
    return Relation(
        a=first, b=second, names=(naming(first), naming(second)), by=by, series=found, lines=both, net=net(both),
        direction=directions(within(cube, found), first, second), moments=listed[:-1] if now else listed,
        latest=listed[-1] if now else None, last=asked.last(LAST), next=asked.ahead(news, LAST),
        announced=numbers["announced"], possible=numbers["possible"], coverage=told,
        citation=cite(store, {"pair": f"{first}-{second}", "since": since, "until": until, "by": by}),
        named=named(store, first, second) if told.documents else (),
    )  # fmt: skip


def newest(store: Store) -> date | None:
    """The newest day of news: of a document, else (imported events have none) of what occurred."""
    found: date | None = store.query("select max(published)::date as day from documents").to_pylist()[0]["day"]
    return found or last_day(store)


def compare(
    store: Store, pairs: Sequence[tuple[str, str]], since: date | str | None = None, until: date | str | None = None,
    by: By = "month", limit: int = 5,
) -> tuple[Relation, ...]:  # fmt: skip
    """Several pairs over the same periods, from the first dated event of any to the last, so that they can be drawn
    on one scale.  Raises what `relation` raises."""
    found = [relation(store, a, b, since, until, by, limit) for a, b in pairs]
    starts = [day for one in found for day in one.series.starts]
    if not starts:
        return tuple(found)
    since = since or min(starts)
    until = until or max(starts)
    return tuple(relation(store, a, b, since, until, by, limit) for a, b in pairs)


def explain(
    asked: PairFacts, turns: Sequence[Moment], by: By, naming: Callable[[str], str]
) -> tuple[Moment, ...]:
    """The moments with their events and reasons; their evidence is asked for at once."""
    near = [asked.near(m.at, following(following(m.until, by), by), by) for m in turns]
    evidence = asked.evidence({r["id"]: r for rows in near for r in rows if r["documents"]}.values())
    return tuple(explained(m, rows, by, naming, evidence) for m, rows in zip(turns, near, strict=True))


def within(cube: Cube, found: Series) -> Cube:
    """The part of a cube that lies in the periods of a series."""
    if not found.starts:
        return cube
    rows = [r for r in cube.counts.to_pylist() if found.starts[0] <= r["period"] <= found.starts[-1]]
    return msgspec.structs.replace(cube, counts=type(cube.counts).from_pylist(rows, schema=cube.counts.schema))


def coverage(asked: PairFacts, found: Series, numbers: Mapping[str, Any]) -> Coverage:
    """What stands behind the lines of a pair."""
    nothing: dict[str, Any] = {"documents": 0, "outlets": 0, "languages": ()}
    told = asked.documents() if numbers["documents"] else nothing
    events = sum(np.asarray(found.events[c]) for c in CHANNELS)
    return Coverage(
        documents=told["documents"], outlets=told["outlets"], languages=tuple(told["languages"] or ()),
        sources=tuple(numbers["sources"] or ()), events=int(np.sum(events)), vague=numbers["vague"],
        silent=int(np.sum(np.asarray(events) == 0)) if found.starts else 0,
    )  # fmt: skip
