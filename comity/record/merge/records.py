"""The records that go into merging and come out of it.

A *report* is one event as one document tells it; a *story* is a cluster of documents that tell
the same; a *merged event* is what all reports of one event agree on.  ``keys``, ``marks`` and the
``window`` are opaque to the store: it keeps them beside a row and finds rows by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from comity.model import Document, Event, Precision, Record, Status


class ReportRow(Record, frozen=True):
    """One event as one document tells it.

    ``sources`` and ``targets`` are actor codes; ``evidence`` is the sentence, ``anchor`` the word
    that tells the act.  ``published`` and ``outlet`` are those of the document.
    """

    id: str
    document: str
    type: str
    status: Status
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mode: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    precision: Precision = "unknown"
    place_name: str | None = None
    place_country: str | None = None
    place_lat: float | None = None
    place_lon: float | None = None
    evidence: str = ""
    anchor: str = ""
    count: int | None = None
    symmetric: bool = False
    confidence: float = 1.0
    outlet: str | None = None
    published: date | None = None


class StoryRow(Record, frozen=True):
    """What is kept of a document to find its near-duplicates.

    ``signature`` is a MinHash over word shingles (64 values below 2**32) packed little-endian,
    ``shingles`` the number of distinct shingles, ``content`` the hash of the normalised text.
    ``entities``, ``quotations`` and ``acts`` are sorted 64-bit hashes for the weaker evidence.
    ``marks`` are the strings under which the document is found: see `Neighbourhood.near`.
    """

    document: str
    story: str
    content: str
    signature: bytes
    shingles: int
    published: date | None = None
    outlet: str | None = None
    entities: tuple[int, ...] = ()
    quotations: tuple[int, ...] = ()
    acts: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()


class NewDocument(Record, frozen=True):
    """A document as it comes to the merger, with its reports; ``quotations`` are verbatim."""

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: date | None = None
    quotations: tuple[str, ...] = ()
    reports: tuple[ReportRow, ...] = ()


class MergedEvent(Record, frozen=True):
    """What the reports of one event agree on.

    ``founder`` is the report after which ``id`` is named: an event keeps its id as long as that
    report is its own.  ``pledge`` is the announced event that this one fulfils, ``disputes`` are
    events that tell the same act with another status (one says it happened, one denies it).
    """

    id: str
    founder: str
    type: str
    status: Status
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    mode: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    precision: Precision = "unknown"
    place_name: str | None = None
    place_country: str | None = None
    place_lat: float | None = None
    place_lon: float | None = None
    count: int | None = None
    symmetric: bool = False
    reports: int = 1
    outlets: int = 0
    stories: int = 1
    documents: int = 1
    first_seen: date | None = None
    pledge: str | None = None
    disputes: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


class KnownEvent(Record, frozen=True):
    """A merged event of the record with all its reports."""

    event: MergedEvent
    reports: tuple[ReportRow, ...]


class Link(Record, frozen=True):
    """That a report belongs to an event: how surely (0 to 1) and why, in words."""

    report: str
    event: str
    score: float
    why: tuple[str, ...] = ()


class Lookup(Record, frozen=True):
    """A question to the store: reports under one of ``keys`` whose window meets ``low..high`` (inclusive)."""

    keys: tuple[str, ...]
    low: date
    high: date


class Ruling(Record, frozen=True):
    """A decision of a person: two reports are, or are not, of one event."""

    first: str
    second: str
    same: bool


class MergeChanges(Record, frozen=True):
    """What adding documents changed.

    ``stories`` maps each document whose story is new or has changed (also earlier ones) to its
    story.  ``signatures`` are the rows to keep of the new documents.  ``links`` replace earlier
    links of the same report.  ``deleted`` lists events that are no more (united with another).
    ``removed`` lists reports that no longer exist because their document was read again.
    """

    stories: Mapping[str, str] = msgspec.field(default_factory=dict)
    signatures: tuple[StoryRow, ...] = ()
    new: tuple[MergedEvent, ...] = ()
    updated: tuple[MergedEvent, ...] = ()
    deleted: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[MergedEvent, ...]:
        """All rows to write: new and updated."""
        return self.new + self.updated


def report_row(document: Document, event: Event) -> ReportRow:
    """The report of one event in a document that was read."""
    place, anchor = event.place, event.anchor
    return ReportRow(
        id=event.id,
        document=document.id,
        type=event.type,
        status=event.status,
        sources=event.sources,
        targets=event.targets,
        mode=event.mode,
        date_start=event.date.start,
        date_end=event.date.end,
        precision=event.date.precision,
        place_name=place.name if place else None,
        place_country=place.country if place else None,
        place_lat=place.lat if place else None,
        place_lon=place.lon if place else None,
        evidence=document.text[event.evidence.start : event.evidence.end],
        anchor=document.text[anchor.start : anchor.end] if anchor else "",
        count=event.count,
        symmetric=event.symmetric,
        confidence=event.confidence,
        outlet=document.source,
        published=document.published,
    )


def new_document(document: Document) -> NewDocument:
    """A document that was read, as it goes into the merger."""
    return NewDocument(
        id=document.id,
        text=document.text,
        title=document.title,
        outlet=document.source,
        published=document.published,
        quotations=tuple(q.text for q in document.quotes if q.kind == "direct"),
        reports=tuple(report_row(document, e) for e in document.events),
    )


SLACK = {"day": 2, "week": 3, "month": 5, "season": 15, "year": 31, "decade": 366, "century": 366}
OPEN_DAYS = 92
LONGEST = timedelta(days=366)


def window_of(report: ReportRow) -> tuple[date, date]:
    """The days (inclusive) in which the event may lie, widened by the usual slips of dating.

    A report without a date lies in the fortnight before its publication; one that is announced
    without an end lies open for a quarter of a year.  Without any date: the first day of all.
    Stretches of more than a year are cut to their last year, so that "since 1949" finds little.
    """
    start, end = report.date_start or report.date_end, report.date_end or report.date_start
    slack = timedelta(days=SLACK.get(report.precision, 5))
    if start is None or end is None:
        if report.published is None:
            return date.min, date.min
        start = end = report.published
        slack = timedelta(days=14)
    if report.status in ("announced", "possible") and (report.date_end is None or report.precision == "unknown"):
        end = max(end, start + timedelta(days=OPEN_DAYS))
    if end - start > LONGEST:
        start = end - LONGEST
    return _shift(start, -slack), _shift(end, slack)


def _shift(day: date, by: timedelta) -> date:
    """A day moved, within the calendar."""
    try:
        return day + by
    except OverflowError:
        return day


__all__ = [
    "KnownEvent", "Link", "Lookup", "MergeChanges", "MergedEvent", "NewDocument", "ReportRow", "Ruling", "StoryRow",
    "new_document", "report_row", "window_of",
]  # fmt: skip
