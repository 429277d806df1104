"""The answers about the record, a relation, an actor, a person."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from comity.web.models.parts import (
    Body,
    Change,
    Channel,
    Citation,
    Event,
    Moment,
    Month,
    Number,
    PairCount,
    Part,
    Pledge,
    Point,
    Quotation,
    Share,
    Status,
    Stretch,
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
