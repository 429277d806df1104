"""What the reports of one event agree on: the fields of the merged event."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from comity.record.merge.records import MergedEvent, ReportRow

T = TypeVar("T")
EXACT: Final = ("day", "week", "month", "season", "year", "decade", "century", "unknown")
SIDE_SHARE: Final = 0.34
"""Share of the weight that must name an actor for him to stand in the merged event."""


def event_id(founder: str) -> str:
    """The id of the event that is named after a report."""
    return "e-" + hashlib.blake2b(founder.encode(), digest_size=8).hexdigest()


def merged(
    founder: str, reports: Sequence[ReportRow], story_of: Mapping[str, str], why: tuple[str, ...]
) -> MergedEvent:
    """The merged event of these reports (one at least), whatever their order."""
    rows = sorted(reports, key=lambda r: r.id)
    kind = _most(rows, lambda r: r.type) or rows[0].type
    alike = [r for r in rows if r.type == kind]
    sources, targets = _sides(alike)
    start, end, precision = _date(rows)
    placed = [r for r in rows if r.place_name]
    name = _most(placed, lambda r: r.place_name)
    place = max((r for r in placed if r.place_name == name), key=lambda r: (r.confidence, r.id), default=None)
    documents = {r.document for r in rows}
    seen = [r.published for r in rows if r.published]
    return MergedEvent(
        id=event_id(founder),
        founder=founder,
        type=kind,
        status=rows[0].status,
        sources=sources,
        targets=targets,
        mode=_most([r for r in alike if r.mode], lambda r: r.mode),
        date_start=start,
        date_end=end,
        precision=precision,  # type: ignore[arg-type]
        place_name=place.place_name if place else None,
        place_country=place.place_country if place else None,
        place_lat=place.place_lat if place else None,
        place_lon=place.place_lon if place else None,
        count=_most([r for r in rows if r.count is not None], lambda r: r.count),
        symmetric=bool(_most(alike, lambda r: "yes" if r.symmetric else "no") == "yes"),
        reports=len(rows),
        outlets=len({r.outlet for r in rows if r.outlet}),
        stories=len({story_of.get(d, d) for d in documents}),
        documents=len(documents),
        first_seen=min(seen, default=None),
        why=why,
    )


def _most(rows: Iterable[ReportRow], value: Callable[[ReportRow], T]) -> T | None:
    """The value with the most confidence behind it; equal ones by their text."""
    weights: dict[T, float] = {}
    for row in rows:
        weights[value(row)] = weights.get(value(row), 0.0) + row.confidence
    return max(weights, key=lambda v: (round(weights[v], 6), str(v)), default=None)


def _sides(rows: Sequence[ReportRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Actors that enough reports name, on the side where most of them stand, the most named first."""
    sides: dict[str, list[float]] = {}
    total = sum(r.confidence for r in rows) or 1.0
    for row in rows:
        for code in row.sources:
            sides.setdefault(code, [0.0, 0.0])[0] += row.confidence
        for code in row.targets:
            sides.setdefault(code, [0.0, 0.0])[1] += row.confidence
    ranked = sorted(sides, key=lambda code: (-round(sum(sides[code]), 6), code))
    kept = [c for c in ranked if sum(sides[c]) >= SIDE_SHARE * total]
    if not kept:
        first = rows[0]
        return first.sources, first.targets
    # domestic acts name one code on both sides
    both = {c for c in kept if min(sides[c]) >= SIDE_SHARE * total and len(kept) == 1}
    return (
        tuple(c for c in kept if sides[c][0] >= sides[c][1] or c in both),
        tuple(c for c in kept if sides[c][1] > sides[c][0] or c in both),
    )


def _date(rows: Sequence[ReportRow]) -> tuple[date | None, date | None, str]:
    """The most precise date, and of equally precise ones that with the most confidence behind it."""
    dated = [r for r in rows if r.date_start or r.date_end]
    if not dated:
        return (None, None, "unknown")
    finest = min(EXACT.index(r.precision) for r in dated)
    best = [r for r in dated if EXACT.index(r.precision) == finest]
    told = _most(best, lambda r: (r.date_start, r.date_end))
    return (*told, EXACT[finest]) if told else (None, None, "unknown")
