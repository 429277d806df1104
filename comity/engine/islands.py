"""Merging in pieces: which reports may meet at all, and the merging of those that hang together.

Reports are put into blocks by actor and month.  Within a block, pairs are scored that the merger of one machine would
score; a pair that reaches the threshold of merging (or of being a pledge or a dispute) is an edge.  What hangs together
by edges is an island.  Each island is then merged by that same merger, document after document in the order of the
run, so that it comes to the same events as one machine: what lies in other islands could not have changed them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec

from comity.engine.records import Told
from comity.record.merge import (
    Link,
    MemoryNeighbourhood,
    MergedEvent,
    Merger,
    NewDocument,
    ReportRow,
    Ruling,
    StoryRow,
    window_of,
)
from comity.record.merge.compare import Side, may_match, side_of
from comity.record.merge.follow import DISPUTED
from comity.record.merge.score import Scorer
from comity.record.merge.stories import same_story
from comity.record.rows import event_row

MONTH: Final = 32
"""Days of a block."""
CLIQUE: Final = 64
"""Documents with one mark of which every pair is compared; of copies of one text only the first is."""
Pair = tuple[str, str]


def blocks_of(report: ReportRow) -> list[str]:
    """The blocks of a report: each of its actors in each month that its window touches."""
    low, high = window_of(report)
    months = range(low.toordinal() // MONTH, high.toordinal() // MONTH + 1)
    return [f"{code}@{month}" for code in sorted({*report.sources, *report.targets}) for month in months]


def edges_in(block: str, reports: Sequence[Told], scorer: Scorer) -> Iterator[Pair]:
    """The pairs of one block that hang together.  A pair that shares several blocks is looked at in the first."""
    sides = {t.report.id: side_of(t.report) for t in reports}
    blocks = {t.report.id: set(blocks_of(t.report)) for t in reports}
    by_key: dict[str, list[str]] = {}
    for told in reports:
        for key in sides[told.report.id].keys:
            by_key.setdefault(key, []).append(told.report.id)
    done: set[Pair] = set()
    for told in reports:
        name = told.report.id
        for other in {n for key in sides[name].lookup for n in by_key.get(key, ())} - {name}:
            pair = (min(name, other), max(name, other))
            if pair in done or min(blocks[name] & blocks[other]) != block:
                continue
            done.add(pair)
            if hang_together(sides[name], sides[other], scorer):
                yield pair


def hang_together(first: Side, second: Side, scorer: Scorer) -> bool:
    """Whether two reports may become one event, a pledge and its fulfilment, or an act and its denial."""
    if first.report.status == second.report.status:
        return may_match(first, second) and scorer.score(first, second) >= scorer.model.threshold
    statuses = {first.report.status, second.report.status}
    if "occurred" not in statuses or not (first.low <= second.high and second.low <= first.high):
        return False
    least = scorer.model.pledge if "announced" in statuses else DISPUTED
    return scorer.score(first, second) >= least


def like(stories: Sequence[StoryRow], others: Sequence[StoryRow]) -> list[Pair]:
    """The pairs of documents of one story, of pairs given side by side."""
    return [(a.document, b.document) for a, b in zip(stories, others, strict=True) if same_story(a, b)]


def pairs_of_mark(mark: str, documents: Sequence[str]) -> list[Pair]:
    """The pairs of documents with one mark that are compared."""
    found = sorted(set(documents))
    if mark.startswith("x:") or len(found) > CLIQUE:  # copies: compared with the first, and with their neighbour
        return sorted({(found[0], b) for b in found[1:]} | set(pairwise(found)))
    return [(a, b) for at, a in enumerate(found) for b in found[at + 1 :]]


class Sea(MemoryNeighbourhood):
    """The neighbourhood of one island; the stories of its documents are known beforehand."""

    def __init__(self, stories: Mapping[str, str], cameo: Mapping[str, str | None]) -> None:
        super().__init__()
        self.told = stories
        self.cameo = cameo

    def near(self, marks: Sequence[str]) -> list[StoryRow]:
        """Rows of the documents asked for by name, and of no others: stories are made elsewhere."""
        names = [m.removeprefix("d:") for m in marks if m.startswith("d:")]
        rows = [self.rows[n] for n in names if n in self.rows]
        return [msgspec.structs.replace(r, story=self.told.get(r.document, r.story)) for r in rows]


class Outcome(msgspec.Struct):
    """Rows of events and links that changed, and how many events are new."""

    events: list[dict[str, Any]]
    links: list[dict[str, Any]]
    made: int = 0


def merge_island(told: Sequence[Told], stories: Mapping[str, str], rulings: Sequence[Ruling], run: str) -> Outcome:
    """The events of one island: known ones brought up to date, new ones made; ``stories`` of all its documents."""
    sea = Sea(stories, {t.report.id: t.cameo for t in told})
    _recall(sea, told)
    before = dict(sea.events)
    named = {t.report.id for t in told}
    ruled = [r for r in rulings if r.first in named and r.second in named]
    merger = Merger(sea, rulings=(lambda _: ruled) if ruled else None)
    links: dict[str, Link] = {}
    for document in _documents(told):
        changes = merger.add([document])
        sea.apply([document], changes)
        links |= {link.report: link for link in changes.links}
    events = {name: _recounted(sea, event, stories) for name, event in sea.events.items()}
    rows = [_event(sea, e, run) for name, e in sorted(events.items()) if before.get(name) != e]
    rows += [{"id": name, "deleted": True} for name in sorted(before.keys() - events.keys())]
    told_links = [
        {"report": k.report, "event": k.event, "score": k.score, "why": list(k.why)} for _, k in sorted(links.items())
    ]
    return Outcome(events=rows, links=told_links, made=len(events.keys() - before.keys()))


def _recall(sea: Sea, told: Sequence[Told]) -> None:
    """Put in what the record has already."""
    for one in told:
        if one.event is None:
            continue
        sea._remember(one.report)
        sea.event_of[one.report.id] = one.event
        sea.members.setdefault(one.event, set()).add(one.report.id)
        if one.known is not None:
            sea.events[one.event] = one.known


def _documents(told: Sequence[Told]) -> Iterator[NewDocument]:
    """The new documents in the order of the run, with those of their reports that lie here."""
    new: dict[tuple[int, str], list[ReportRow]] = {}
    for one in told:
        if one.event is None:
            new.setdefault((one.order, one.report.document), []).append(one.report)
    for (_, name), reports in sorted(new.items()):
        first = reports[0]
        yield NewDocument(
            id=name, text="", outlet=first.outlet, published=first.published, reports=tuple(reports)
        )


def _recounted(sea: Sea, event: MergedEvent, stories: Mapping[str, str]) -> MergedEvent:
    """An event with the number of its stories as they are in the end."""
    names = {sea.reports[r].document for r in sea.members[event.id]}
    return msgspec.structs.replace(event, stories=len({stories.get(d, d) for d in names}))


def _event(sea: Sea, event: MergedEvent, run: str) -> dict[str, Any]:
    confidence = max((sea.reports[r].confidence for r in sea.members[event.id]), default=0.0)
    return event_row(event, {"run": run, "cameo": sea.cameo.get(event.founder), "confidence": confidence})
