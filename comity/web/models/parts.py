"""What answers are made of: events, quotations, pledges, moments, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from comity.model import Record

Status = Literal["occurred", "announced", "possible", "negated"]
Channel = Literal["cooperation", "conflict"]
Sureness = Literal["sure", "likely", "unsure"]
Support = Literal["strong", "fair", "weak"]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Number = Annotated[int, msgspec.Meta(ge=0)]
Names = dict[str, str]
Ids = list[str]


class Part(Record, frozen=True, forbid_unknown_fields=True):
    """A part of an answer."""


class Body(Part, frozen=True):
    """A whole answer.  ``generation`` is the commit of the record as of which it holds."""

    names: Names
    generation: Number


class Listing(Body, frozen=True):
    """A page of a list: ``next`` is the cursor of the page that follows, ``total`` told with the first page."""

    next: str | None
    total: Number | None


class Stretch(Part, frozen=True):
    """A half-open stretch of a text."""

    start: int
    end: int


class Days(Part, frozen=True):
    """First and last day, and how exactly they are known."""

    start: dt.date | None
    end: dt.date | None
    precision: str


class When(Days, frozen=True):
    """The same, with the words in which people say it."""

    text: str


class Place(Part, frozen=True):
    """Where; ``country`` is a code."""

    name: str
    country: str | None
    lat: float | None
    lon: float | None


class Evidence(Part, frozen=True):
    """The sentence of a report; offsets are code points of the document."""

    text: str
    document: str | None
    report: str
    start: int | None
    end: int | None


class Event(Part, frozen=True):
    """One merged event, as every list shows it."""

    id: str
    type: str
    mode: str | None
    cameo: str | None
    status: Status
    channel: Channel | None
    weight: float | None
    sources: list[str]
    targets: list[str]
    symmetric: bool
    date: When
    title: str
    count: int | None
    place: Place | None
    confidence: Share | None
    sureness: Sureness | None
    reports: Number | None
    outlets: Number | None
    stories: Number | None
    documents: Number | None
    first_seen: dt.date | None
    pledge: str | None
    disputes: Ids
    imported_from: str | None
    evidence: Evidence | None
    decided: bool
    added: bool


class Person(Part, frozen=True):
    """Somebody by name and the actor that he acts for."""

    name: str | None
    state: str | None


class Speaker(Person, frozen=True):
    """Somebody on whose word a report is told."""

    office: str | None


class Quotation(Part, frozen=True):
    """Words of somebody, with where they stand."""

    id: str
    text: str | None
    kind: Literal["direct", "indirect"] | None
    speaker: Person | None
    addressee: Person | None
    cue: str | None
    document: str | None
    title: str | None
    source: str | None
    published: dt.date | None
    start: int | None
    end: int | None


class Participant(Part, frozen=True):
    """One side of a report by name; offsets are code points of the document, null where it is not in the sentence."""

    role: str
    name: str
    state: str | None
    office: str | None
    sector: str | None
    start: int | None
    end: int | None


class Mark(Stretch, frozen=True):
    """A marked part of a sentence."""

    role: Literal["source", "target", "act", "date", "speaker"]
    label: str


class Settling(Part, frozen=True):
    """What settles a pledge, or may; ``late`` in days."""

    kind: Literal["fulfilled", "broken", "overtaken"]
    score: float
    late: int | None
    reasons: list[str]
    by: list[str]
    event: Event | None


class Pledge(Part, frozen=True):
    """An announced event, and what became of it."""

    id: str
    state: Literal["open", "fulfilled", "broken", "overtaken", "lapsed"]
    overdue: bool
    doubtful: bool
    score: float
    event: Event
    due: Days | None
    made: dt.date | None
    lapses: dt.date | None
    fulfilled_by: list[Event]
    settled: Settling | None
    rivals: list[Settling]
    speaker: Person | None
    confidence: Share | None
    why: str
    reasons: list[str]


class Point(Part, frozen=True):
    """One period of a line: levels with bands of 90 per cent, what was seen, and what stands behind it."""

    period: dt.date
    cooperation_level: float
    cooperation_low: float
    cooperation_high: float
    cooperation_observed: float
    cooperation_events: Number
    conflict_level: float
    conflict_low: float
    conflict_high: float
    conflict_observed: float
    conflict_events: Number
    net: float
    net_low: float
    net_high: float
    exposure: float
    documents: Number
    imported: Number


class Shift(Part, frozen=True):
    """How one channel changed at a moment."""

    channel: Channel
    before: float
    after: float
    factor: float
    low: float
    high: float
    probability: Share


class Moment(Part, frozen=True):
    """When a relation turned."""

    at: dt.date
    began: dt.date
    until: dt.date
    day: dt.date | None
    channel: Channel
    change: Literal["up", "down"]
    sign: Literal["+", "-"]
    pace: Literal["sudden", "gradual", "passing"]
    score: float
    probability: Share
    support: Support
    shifts: list[Shift]
    events: Ids
    reason: str


class Change(Part, frozen=True):
    """How one pair stood in the last days against before."""

    a: str
    b: str
    direction: Literal["up", "down", "steady"]
    channel: Channel
    change: Literal["up", "down"]
    score: float
    probability: Share
    support: Support
    events: Number
    before: float
    after: float
    first: dt.date
    last: dt.date
    reason: str
    event: str | None
    named: Ids


class PairCount(Part, frozen=True):
    """Counts of events of a pair."""

    a: str
    b: str
    events: Number
    cooperation: Number
    conflict: Number
    last: dt.date | None


class Month(Part, frozen=True):
    """What was published and what occurred in a month."""

    month: str
    documents: Number
    events: Number
    imported: Number


class Citation(Part, frozen=True):
    """How to cite what is shown."""

    selection: str
    generation: int
    data: str
    events: int
    program: str
    line: str


class Said(Part, frozen=True):
    """What a decision sets, and what it undoes."""

    set: dict[str, Any]
    undoes: str | None


class Decision(Part, frozen=True):
    """One decision on events."""

    id: str
    kind: Literal["correct", "reject", "confirm", "merge", "split", "add", "undo"]
    event: str
    events: Ids
    change: Said
    summary: str
    author: str
    time: dt.datetime
    reason: str
    state: Literal["in force", "undone", "orphaned"] | None
    undone_by: str | None
