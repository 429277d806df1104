"""The answers that are lists: actors, events, search, pledges, meetings, sources."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from comity.web.models.pages import Kind
from comity.web.models.parts import (
    Body,
    Channel,
    Decision,
    Event,
    Ids,
    Listing,
    Month,
    Names,
    Number,
    Part,
    Pledge,
    Quotation,
    Share,
    Stretch,
)


class Suggestion(Part, frozen=True):
    """An actor that may be meant."""

    code: str
    name: str
    kind: Kind | None
    events: Number
    matched: str


class SuggestedPerson(Part, frozen=True):
    """A person who may be meant."""

    person: str
    name: str
    state: str
    title: str
    since: date | None
    until: date | None


class SuggestedPair(Part, frozen=True):
    """A pair that may be meant."""

    a: str
    b: str
    events: Number


class Suggestions(Body, frozen=True):
    """What somebody may mean."""

    actors: list[Suggestion]
    people: list[SuggestedPerson]
    pairs: list[SuggestedPair]
    types: list[str]


class ActorRow(Part, frozen=True):
    """An actor with counts of its events."""

    code: str
    name: str
    kind: Kind | None
    events: Number
    cooperation: Number
    conflict: Number
    partners: Number
    first: date | None
    last: date | None


class Actors(Listing, frozen=True):
    """Actors that have events."""

    items: list[ActorRow]


class Events(Listing, frozen=True):
    """Events."""

    items: list[Event]


class ListedDocument(Part, frozen=True):
    """A document of a list."""

    id: str
    title: str | None
    published: date | None
    source: str | None
    url: str | None
    language: str | None
    name: str | None
    added: datetime | None
    story: str | None
    events: Number
    quotations: Number


class Documents(Listing, frozen=True):
    """Documents, newest first."""

    items: list[ListedDocument]


class Quotations(Listing, frozen=True):
    """Quotations, newest first."""

    items: list[Quotation]


class Hit(Part, frozen=True):
    """A sentence that has all the words, with its event; with ``in=quotations`` a quotation alone."""

    marks: list[Stretch]
    event: Event | msgspec.UnsetType | None = msgspec.UNSET
    report: str | msgspec.UnsetType = msgspec.UNSET
    document: str | msgspec.UnsetType | None = msgspec.UNSET
    evidence: str | msgspec.UnsetType | None = msgspec.UNSET
    score: float | msgspec.UnsetType = msgspec.UNSET
    title: str | msgspec.UnsetType | None = msgspec.UNSET
    source: str | msgspec.UnsetType | None = msgspec.UNSET
    published: date | msgspec.UnsetType | None = msgspec.UNSET
    quotation: Quotation | msgspec.UnsetType = msgspec.UNSET


class WordHits(Part, frozen=True):
    """How many sentences have a word."""

    word: str
    hits: Number


class Hits(Listing, frozen=True):
    """What a search found, events or quotations; ``words`` where nothing has them all."""

    items: list[Hit]
    words: list[WordHits] | msgspec.UnsetType = msgspec.UNSET


class StateCount(Part, frozen=True):
    """How many pledges are in a state."""

    state: str
    count: Number


class Pledges(Listing, frozen=True):
    """What was announced, and what became of it."""

    items: list[Pledge]
    states: list[StateCount]
    as_of: date
    news_day: date


class TrustRow(Part, frozen=True):
    """How often what an actor announced came true, with an interval of 90 per cent."""

    actor: str
    other: str | None
    channel: Channel
    pledges: Number
    fulfilled: Number
    broken: Number
    overtaken: Number
    lapsed: Number
    open: Number
    doubtful: Number
    share: Share | None
    low: Share | None
    high: Share | None
    least: Share | None
    coverage: Share | None


class Trust(Body, frozen=True):
    """How often announcements came true."""

    items: list[TrustRow]


class MeetingRow(Part, frozen=True):
    """One meeting."""

    date_start: date | None
    date_end: date | None
    precision: str
    form: str
    place: str | None
    country: str | None
    sources: list[str]
    targets: list[str]
    people: list[str]
    reports: Number
    outlets: Number
    confidence: Share | None
    events: Ids
    evidence: str | None
    document: str | None
    imported_from: str | None


class ClaimRow(Part, frozen=True):
    """What a text says of the number of meetings."""

    event: str
    count: int
    start: date | None
    end: date | None
    by: date | None
    level: str
    held: int | None
    difference: int | None
    speaker: str | None
    reports: Number
    evidence: str | None
    document: str | None


class PartyRow(Part, frozen=True):
    """Somebody who meets."""

    id: str
    name: str
    kind: Literal["person", "actor"]
    codes: list[str]


class Meetings(Listing, frozen=True):
    """Meetings, newest first, with what texts claim of their number."""

    items: list[MeetingRow]
    claims: list[ClaimRow]
    parties: list[PartyRow]
    years: dict[str, int]
    forms: dict[str, int]
    unnamed: Number


class Decisions(Listing, frozen=True):
    """Decisions, newest first."""

    items: list[Decision]


class Decided(Part, frozen=True):
    """A decision that was taken, and the event to look at now."""

    decision: Decision
    event: str
    names: Names
    generation: Number


class OutletRow(Part, frozen=True):
    """An outlet with what it told."""

    source: str | None
    documents: Number
    events: Number
    first: date | None
    last: date | None
    languages: list[str | None]


class FeedRow(Part, frozen=True):
    """A feed that is read again."""

    url: str
    name: str | None
    kind: str | None
    last_read: datetime | None


class ImportRow(Part, frozen=True, rename={"origin": "from"}):
    """A set that was imported."""

    origin: str
    events: Number
    first: date | None
    last: date | None


class RunRow(Part, frozen=True):
    """A run of the reader."""

    id: str
    started: datetime | None
    ended: datetime | None
    program: str | None
    model: str | None
    knowledge: str | None
    command: str | None
    counts: dict[str, Any]


class SkippedRow(Part, frozen=True):
    """What could not be read, and what to do about it."""

    key: str
    code: str | None
    message: str | None
    fix: str | None


class Sources(Body, frozen=True):
    """Where the record comes from."""

    outlets: list[OutletRow]
    feeds: list[FeedRow]
    imported: list[ImportRow]
    runs: list[RunRow]
    skipped: list[SkippedRow]
    months: list[Month]
