"""`relation`: everything about one pair of a record, each part with its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.model import Record
from comity.record.query import day
from comity.relations.cube import By, Cube, from_store
from comity.relations.level import Direction, Line, Net, directions, lines, net
from comity.relations.moments import Moment, latest, moments
from comity.relations.reasons import explained, placed
from comity.relations.series import Series, series
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

    ``announced`` and ``possible`` are rows of events, apart from what occurred; ``last`` the newest that occurred,
    ``next`` what is announced for later than the newest news.
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
            "coverage": msgspec.to_builtins(self.coverage),
        }  # fmt: skip


def relation(
    store: Store, a: str, b: str, since: date | str | None = None, until: date | str | None = None,
    by: By = "month", limit: int = 5,
) -> Relation:  # fmt: skip
    """How two actors of a record stand, over the periods asked for.

    ``a`` and ``b`` are codes or names.  Raises `UnknownName` (with suggestions), `BadPeriod`, `BadSeries`, `BadUsage`.
    """
    first, second = store.names.pair((a, b))
    cube = from_store(store, by, (first, second))
    found = series(cube, first, second, day(since), day(until, end=True))
    both = lines(found)
    rows = store.events(pair=(first, second), since=since, until=until).to_pylist()
    texts = sentences(store, first, second)
    listed = [explained(m, rows, by, store.names.name, texts) for m in moments(found, both, limit)]
    now = latest(found, both)
    news = max((r["period"] for r in cube.volumes.to_pylist()), default=None)
    return Relation(
        a=first, b=second, names=(store.names.name(first), store.names.name(second)), by=by, series=found, lines=both,
        net=net(both), direction=directions(within(cube, found), first, second), moments=tuple(listed),
        latest=explained(now, rows, by, store.names.name, texts) if now else None,
        last=tuple(occurred(rows)[-LAST:]), next=tuple(ahead(rows, news)[:LAST]),
        announced=sum(r["status"] == "announced" for r in rows),
        possible=sum(r["status"] == "possible" for r in rows),
        coverage=coverage(store, first, second, found, rows, by),
    )  # fmt: skip


def within(cube: Cube, found: Series) -> Cube:
    """The part of a cube that lies in the periods of a series."""
    if not found.starts:
        return cube
    rows = [r for r in cube.counts.to_pylist() if found.starts[0] <= r["period"] <= found.starts[-1]]
    return msgspec.structs.replace(cube, counts=type(cube.counts).from_pylist(rows, schema=cube.counts.schema))


def occurred(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What occurred and has a day, oldest first."""
    kept = [r for r in rows if r["status"] == "occurred" and r["date_start"]]
    return sorted(kept, key=lambda r: (r["date_end"] or r["date_start"], r["id"]))


def ahead(rows: Sequence[Mapping[str, Any]], news: date | None) -> list[Mapping[str, Any]]:
    """What is announced and does not lie before the period of the newest news, the soonest first, undated last."""
    kept = [r for r in rows if r["status"] == "announced" and not past(r, news)]
    return sorted(kept, key=lambda r: (r["date_start"] or date.max, r["id"]))


def past(row: Mapping[str, Any], news: date | None) -> bool:
    """Whether an announced event should have happened before the newest news."""
    end = row["date_end"] or row["date_start"]
    return bool(news and end and end < news)


def sentences(store: Store, a: str, b: str) -> dict[str, str]:
    """A sentence of evidence for each event of a pair that has one: that of the surest report."""
    rows = store.query(
        "select l.event, arg_max(r.evidence, r.confidence) as evidence from reports r join report_events l "
        "on l.report = r.id where list_has_any(r.sources, [?, ?]) and list_has_any(r.targets, [?, ?]) "
        "and r.evidence is not null group by l.event",
        [a, b, a, b],
    ).to_pylist()
    return {r["event"]: r["evidence"] for r in rows}


def coverage(store: Store, a: str, b: str, found: Series, rows: Sequence[Mapping[str, Any]], by: By) -> Coverage:
    """What stands behind the lines of a pair."""
    told = store.query(
        "select count(distinct d.id) as documents, count(distinct d.source) as outlets, "
        "list_sort(list_distinct(list(d.language))) as languages from reports r join documents d on d.id = r.document "
        "where list_has_any(r.sources, [?, ?]) and list_has_any(r.targets, [?, ?]) and "
        "((list_contains(r.sources, ?) and list_contains(r.targets, ?)) or "
        "(list_contains(r.sources, ?) and list_contains(r.targets, ?)))",
        [a, b, a, b, a, b, b, a],
    ).to_pylist()[0]
    events = sum(np.asarray(found.events[c]) for c in CHANNELS)
    on_line = int(np.sum(events))
    return Coverage(
        documents=told["documents"], outlets=told["outlets"], languages=tuple(told["languages"] or ()),
        sources=tuple(sorted({r["imported_from"] for r in rows if r["imported_from"]})), events=on_line,
        vague=sum(r["status"] == "occurred" and not placed(r, by) for r in rows),
        silent=int(np.sum(np.asarray(events) == 0)) if found.starts else 0,
    )  # fmt: skip
