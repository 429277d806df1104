"""What the merger asks of the store, and a store in memory that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import Final, Protocol

import msgspec

from comity.record.merge.keys import keys_of
from comity.record.merge.records import (
    KnownEvent,
    Lookup,
    MergeChanges,
    MergedEvent,
    NewDocument,
    ReportRow,
    StoryRow,
    window_of,
)

MOST_MARKED: Final = 64
"""Documents that are looked at of all that carry one mark: the first ones.  Copies find one another through these,
and a line that stands under every article of an outlet does not bring all of them."""


class Neighbourhood(Protocol):
    """Finds what already lies in the record near to new documents.

    A store keeps, beside each report, the strings of `keys_of` and the two days of `window_of`;
    beside each document, the row of `StoryRow` with its ``marks``.
    """

    def candidates(self, lookups: Sequence[Lookup]) -> Iterable[KnownEvent]:
        """Events of which a report answers one of the lookups, each once, with all their reports."""
        ...

    def near(self, marks: Sequence[str]) -> Iterable[StoryRow]:
        """The first `MOST_MARKED` documents that have one of the marks, each once, with their current story."""
        ...

    def stories(self, stories: Sequence[str]) -> Iterable[StoryRow]:
        """All documents of these stories."""
        ...

    def of_documents(self, documents: Sequence[str]) -> Iterable[KnownEvent]:
        """Events of which a report is from one of these documents, each once, with all their reports."""
        ...

    def of_reports(self, reports: Sequence[str]) -> Iterable[KnownEvent]:
        """Events to which one of these reports belongs, each once, with all their reports.  Asked for
        only when a ruling names reports that lie nowhere near."""
        ...


class MemoryNeighbourhood:
    """A record in memory: for tests, for measuring, and as the pattern for a store."""

    def __init__(self) -> None:
        self.rows: dict[str, StoryRow] = {}
        self.reports: dict[str, ReportRow] = {}
        self.events: dict[str, MergedEvent] = {}
        self.event_of: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}
        self.by_key: dict[str, set[str]] = {}
        self.by_mark: dict[str, dict[str, None]] = {}
        self.by_story: dict[str, set[str]] = {}
        self.by_document: dict[str, set[str]] = {}
        self.windows: dict[str, tuple[date, date]] = {}

    def candidates(self, lookups: Sequence[Lookup]) -> list[KnownEvent]:
        """See `Neighbourhood.candidates`."""
        found: set[str] = set()
        for lookup in lookups:
            for report in {r for key in lookup.keys for r in self.by_key.get(key, ())}:
                start, end = self.windows[report]
                if start <= lookup.high and end >= lookup.low:
                    found.add(self.event_of[report])
        return [self._known(event) for event in sorted(found)]

    def near(self, marks: Sequence[str]) -> list[StoryRow]:
        """See `Neighbourhood.near`."""
        found = {document for mark in marks for document in islice(self.by_mark.get(mark, ()), MOST_MARKED)}
        return [self.rows[document] for document in sorted(found)]

    def stories(self, stories: Sequence[str]) -> list[StoryRow]:
        """See `Neighbourhood.stories`."""
        return [self.rows[d] for s in sorted(set(stories)) for d in sorted(self.by_story.get(s, ()))]

    def of_documents(self, documents: Sequence[str]) -> list[KnownEvent]:
        """See `Neighbourhood.of_documents`."""
        found = {self.event_of[r] for d in documents for r in self.by_document.get(d, ()) if r in self.event_of}
        return [self._known(event) for event in sorted(found)]

    def of_reports(self, reports: Sequence[str]) -> list[KnownEvent]:
        """See `Neighbourhood.of_reports`."""
        return [self._known(e) for e in sorted({self.event_of[r] for r in reports if r in self.event_of})]

    def apply(self, documents: Sequence[NewDocument], changes: MergeChanges) -> None:
        """Write what the merger said, as a store does after `Merger.add`."""
        for row in changes.signatures:
            self.rows[row.document] = row
            for mark in row.marks:
                self.by_mark.setdefault(mark, {})[row.document] = None
        for document, story in changes.stories.items():
            self._move(document, story)
        for gone in changes.removed:
            self._forget(gone)
        linked = {link.report: link.event for link in changes.links}
        for report in (r for d in documents for r in d.reports if r.id in linked):
            self._remember(report)
        for report_id, event in linked.items():
            earlier = self.event_of.get(report_id)
            if earlier is not None and earlier in self.members:
                self.members[earlier].discard(report_id)
            self.event_of[report_id] = event
            self.members.setdefault(event, set()).add(report_id)
        for event_id in changes.deleted:
            self.events.pop(event_id, None)
            self.members.pop(event_id, None)
        for merged in changes.events:
            self.events[merged.id] = merged

    def clusters(self) -> dict[str, str]:
        """The event of each report."""
        return dict(self.event_of)

    def _known(self, event: str) -> KnownEvent:
        return KnownEvent(event=self.events[event], reports=tuple(self.reports[r] for r in sorted(self.members[event])))

    def _move(self, document: str, story: str) -> None:
        row = self.rows[document]
        self.by_story.get(row.story, set()).discard(document)
        self.rows[document] = msgspec.structs.replace(row, story=story)
        self.by_story.setdefault(story, set()).add(document)

    def _remember(self, report: ReportRow) -> None:
        self.reports[report.id] = report
        self.windows[report.id] = window_of(report)
        self.by_document.setdefault(report.document, set()).add(report.id)
        for key in keys_of(report):
            self.by_key.setdefault(key, set()).add(report.id)

    def _forget(self, report_id: str) -> None:
        report = self.reports.pop(report_id, None)
        if report is None:
            return
        for key in keys_of(report):
            self.by_key.get(key, set()).discard(report_id)
        self.by_document.get(report.document, set()).discard(report_id)
        self.windows.pop(report_id, None)
        event = self.event_of.pop(report_id, None)
        if event is not None and event in self.members:
            self.members[event].discard(report_id)
