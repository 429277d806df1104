"""The answers about one event, one document, the network and the map."""

from __future__ import annotations

from datetime import date, datetime

from comity.web.models.pages import Kind
from comity.web.models.parts import (
    Body,
    Decision,
    Event,
    Ids,
    Mark,
    Number,
    Part,
    Participant,
    Place,
    Quotation,
    Share,
    Speaker,
    Status,
    Stretch,
    When,
)


class Report(Part, frozen=True):
    """One report of an event, its sentence in context with the parts of it marked."""

    start: int | None
    end: int | None
    id: str
    document: str | None
    title: str | None
    source: str | None
    published: date | None
    url: str | None
    before: str
    evidence: str
    after: str
    marks: list[Mark]
    type: str
    mode: str | None
    cameo: str | None
    status: Status
    date: When
    sources: list[str]
    targets: list[str]
    symmetric: bool
    participants: list[Participant]
    speaker: Speaker | None
    count: int | None
    place: Place | None
    confidence: Share | None
    why: list[str]
    score: float | None
    link_why: list[str]


class Alternative(Part, frozen=True):
    """How else reports of the event were read."""

    type: str
    status: Status
    confidence: Share


class EventBody(Body, frozen=True):
    """One event in full."""

    event: Event
    why: list[str]
    rejected: bool
    speaker: Speaker | None
    participants: list[Participant]
    reports: list[Report]
    pledge: Event | None
    fulfilled_by: list[Event]
    disputes: list[Event]
    nearby: list[Event]
    alternatives: list[Alternative]
    decisions: list[Decision]


class DocumentRow(Part, frozen=True):
    """What is known of a document."""

    id: str
    name: str | None
    title: str | None
    published: date | None
    source: str | None
    url: str | None
    language: str | None
    added: datetime | None
    run: str | None
    story: str | None
    characters: Number


class FoundEvent(Event, frozen=True):
    """An event of a document, with the place where it is told."""

    report: str
    start: int | None
    end: int | None
    anchor: Stretch | None
    participants: list[Participant]


class Mention(Part, frozen=True):
    """Somebody named in a text."""

    start: int
    end: int
    actor: str | None
    state: str | None
    how: str | None
    confidence: Share | None


class Copy(Part, frozen=True):
    """Another document of the same story."""

    id: str
    title: str | None
    source: str | None
    published: date | None


class DocumentBody(Body, frozen=True):
    """A document with everything found in it."""

    document: DocumentRow
    text: str
    events: list[FoundEvent]
    quotations: list[Quotation]
    mentions: list[Mention]
    copies: list[Copy]


class Node(Part, frozen=True):
    """An actor of the network with a place in the unit square around 0."""

    code: str
    name: str
    kind: Kind | None
    events: Number
    cooperation: float
    conflict: float
    degree: Number
    bloc: int | None
    x: float
    y: float


class Edge(Part, frozen=True):
    """How two actors stand; ``sign`` from -1 to 1."""

    a: str
    b: str
    events: Number
    cooperation: float
    conflict: float
    last: date | None
    sign: float


class Bloc(Part, frozen=True):
    """Actors that stand together."""

    bloc: int
    members: Ids


class Balance(Part, frozen=True):
    """The balance of triads; shares are null without any."""

    triads: Number
    ppp: Number
    ppn: Number
    pnn: Number
    nnn: Number
    balanced: Number
    unbalanced: Number
    share: float | None
    expected: float | None
    low: float | None
    high: float | None
    deviation: float | None


class YearEvents(Part, frozen=True):
    """Events of a year."""

    year: int
    events: Number


class Network(Body, frozen=True):
    """All actors and how each two stand."""

    nodes: list[Node]
    edges: list[Edge]
    blocs: list[Bloc]
    balance: Balance | None
    years: list[YearEvents]


class MapPlace(Part, frozen=True):
    """A place with counts of its events; ``event`` is the newest."""

    name: str
    country: str | None
    lat: float
    lon: float
    events: Number
    cooperation: Number
    conflict: Number
    last: date | None
    event: str


class MapState(Part, frozen=True):
    """Counts of a state."""

    code: str
    events: Number
    cooperation: Number
    conflict: Number
    net: float


class MapBody(Body, frozen=True):
    """Where it happened."""

    places: list[MapPlace]
    states: list[MapState]
    unplaced: Number
