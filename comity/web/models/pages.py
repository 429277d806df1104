"""The answers about one thing: the first page, a relation, an actor, an event, a document, the network, the map."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from comity.web.models.parts import (
    Body,
    Change,
    Channel,
    Citation,
    Decision,
    Event,
    Ids,
    Mark,
    Moment,
    Month,
    Number,
    PairCount,
    Part,
    Participant,
    Place,
    Pledge,
    Point,
    Quotation,
    Share,
    Speaker,
    Status,
    Stretch,
    When,
)

By = Literal["week", "month", "year"]
Kind = Literal["state", "organisation", "group"]


class TypeRow(Part, frozen=True):
    """One of the 16 types."""

    type: str
    channel: Channel | None
    weight: float | None
    definition: str
    example: str
    modes: list[str]


class Meta(Part, frozen=True):
    """Versions, counts, limits, and the table of types."""

    program: str
    version: str
    record: str
    counts: dict[str, int]
    first_day: date | None
    last_day: date | None
    newest_document: date | None
    types: list[TypeRow]
    statuses: list[str]
    limits: dict[str, float]
    team: bool
    model: str | None
    knowledge: str | None
    generation: Number


class Spans(Part, frozen=True):
    """Changes of the last week and of the last month."""

    week: list[Change]
    month: list[Change]


class HomeCoverage(Part, frozen=True):
    """What stands behind everything."""

    documents: Number
    outlets: Number
    languages: list[str | None]
    first: date | None
    last: date | None
    imported: Number
    by_month: list[Month]


class Home(Body, frozen=True):
    """The first page."""

    news_day: date | None
    new: list[Event]
    changed: Spans
    pledges_due: list[Pledge]
    coverage: HomeCoverage
    pairs: list[PairCount]


class Lines(Body, frozen=True):
    """Lines and moments of a pair."""

    a: str
    b: str
    by: By
    points: list[Point]
    moments: list[Moment]


class Direction(Part, frozen=True):
    """Who acts: events of a towards b, of b towards a, of both; ``share`` of a with its interval."""

    a: Number
    b: Number
    both: Number
    share: Share
    low: Share
    high: Share


class NamedTurn(Stretch, frozen=True):
    """A turning point as a text names it."""

    first: date
    last: date
    when: str
    sign: Literal["+", "-", "?"]
    change: str
    sentence: str
    document: str
    title: str | None
    outlet: str | None
    published: date | None


class RelationCoverage(Part, frozen=True):
    """What stands behind the lines of a pair."""

    documents: Number
    outlets: Number
    languages: list[str | None]
    sources: list[str]
    events: Number
    vague: Number
    silent: Number
    periods: Number


class RelationBody(Lines, frozen=True):
    """All of a pair."""

    direction: dict[str, Direction]
    latest: Moment | None
    last: list[Event]
    next: list[Event]
    announced: Number
    possible: Number
    citation: Citation
    named: list[NamedTurn]
    coverage: RelationCoverage
    events: dict[str, Event]
    quotations: list[Quotation]
    pledges: list[Pledge]


class Step(Part, frozen=True):
    """What is expected of one coming period."""

    period: date
    mean: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    none: Share


class NextType(Part, frozen=True):
    """A type that the next event may have."""

    type: str
    channel: Channel
    probability: Share
    past: Number


class Forecast(Body, frozen=True):
    """What is expected of a pair."""

    a: str
    b: str
    by: By
    known: date | None
    periods: Number
    steps: dict[str, list[Step]]
    types: list[NextType]
    citation: Citation


class Partner(Part, frozen=True):
    """Dealings with one partner."""

    code: str
    events: Number
    cooperation: Number
    conflict: Number
    sent: Number
    received: Number
    both: Number
    net: float
    last: date | None


class TypeCount(Part, frozen=True):
    """Counts of one type and status by who acts."""

    type: str
    status: Status
    sent: Number
    received: Number
    both: Number


class YearCount(Part, frozen=True):
    """Counts of a year by channel."""

    year: int
    cooperation: Number
    conflict: Number


class Term(Part, frozen=True):
    """An office and its days."""

    state: str
    role: str
    title: str
    since: date | None
    until: date | None


class Office(Term, frozen=True):
    """An office of an actor and who holds it; ``now`` on the day asked for."""

    person: str
    name: str
    now: bool


class Actor(Body, frozen=True):
    """One state, organisation or group."""

    code: str
    name: str
    kind: Kind | None
    subkind: str | None
    official: str | None
    region: str | None
    subregion: str | None
    since: date | None
    until: date | None
    parent: str | None
    note: str
    successors: list[str]
    members: list[Any]
    state: str | None
    seat_city: str | None
    part_of: str | None
    partners: list[Partner]
    types: list[TypeCount]
    years: list[YearCount]
    offices: list[Office]
    on: date | None
    leader: str | None
    quotations: list[Quotation]
    events: list[Event]


class PersonBody(Body, frozen=True):
    """One leader or minister."""

    person: str
    name: str
    aliases: list[str]
    offices: list[Term]
    quotations: list[Quotation]
    events: list[Event]


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
