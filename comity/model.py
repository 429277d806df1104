"""The records that pass between the stages: one frozen type a concept.

Every offset is in characters (code points) of ``Document.text``, the stored
text, half open: ``document.text[start:end]`` is the span.  Stages take a
record and return a new one; nothing here is changed in place.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

Status = Literal["occurred", "announced", "possible", "negated"]
"""What the text says of an event: see the contract in ``docs/codebook.md``."""

Precision = Literal["day", "week", "month", "season", "year", "decade", "century", "unknown"]

SentenceKind = Literal["body", "headline", "boilerplate", "dateline"]

ActorKind = Literal["state", "person", "organisation", "group", "sector"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Base of all records: immutable, compared by value."""


class Span(Record, frozen=True):
    """A half-open range of characters of the stored text."""

    start: int
    end: int


class Token(Record, frozen=True):
    """One syntactic word as the parser sees it.

    ``head`` is the index of the governing token in the same sentence, -1 at
    the root.  ``entity`` is a BIO tag over PER, LOC and ORG.  Noise (a stray
    full stop inside a sentence) is no token, so offsets may leave gaps.
    """

    text: str
    start: int
    end: int
    lemma: str = ""
    upos: str = "X"
    xpos: str = ""
    head: int = -1
    deprel: str = "dep"
    entity: str = "O"


class Sentence(Record, frozen=True):
    """A sentence of the stored text with its tokens and dependency tree.

    ``vectors`` carries its word embeddings from the parser to the reader of pairs, and is dropped there.
    """

    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    kind: SentenceKind = "body"
    paragraph: int = 0
    vectors: Any = None


class Actor(Record, frozen=True):
    """Somebody who can act or be acted upon.

    ``state`` is the code that events carry: ISO 3166 alpha-3 for a state and
    for whoever acts for it, the short name of an international organisation
    (``EU``, ``NATO``), the code of an armed group.  ``sector`` is the PLOVER
    agent code where one is told (GOV, MIL, COP, JUD, OPP, REB, CVL ...).
    """

    id: str
    name: str
    kind: ActorKind
    state: str | None = None
    office: str | None = None
    sector: str | None = None


class Mention(Record, frozen=True):
    """A stretch of text that refers to one actor or, in the plural, several.

    ``first`` and ``last`` are token indices (inclusive) in sentence number
    ``sentence``; ``head`` is the token that governs the others.  ``how`` names
    the rule: name, adjective, demonym, capital, seat, person, surname, office,
    epithet, counterpart, pronoun, plural, organisation, group, sector, damaged.
    """

    start: int
    end: int
    sentence: int
    first: int
    last: int
    head: int
    actors: tuple[Actor, ...]
    how: str
    confidence: float = 1.0
    why: str = ""


class Timex(Record, frozen=True):
    """A time expression with its TIMEX3 value and the days it covers.

    ``low`` and ``high`` are the first and last day meant (inclusive), None for
    durations, sets and vague references.  ``kind`` is the TIMEX3 type.
    """

    start: int
    end: int
    text: str
    kind: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str
    low: date | None = None
    high: date | None = None
    precision: Precision = "unknown"
    why: str = ""


class Speaker(Record, frozen=True):
    """Whoever says something; ``state`` is the code he speaks for, if known."""

    name: str
    state: str | None = None
    office: str | None = None


class Quote(Record, frozen=True):
    """Direct or reported speech.  ``start:end`` covers ``text`` itself.

    A direct quotation that is interrupted by its cue ("...", he said, "...")
    is one record: ``text`` is ``document.text[start:end]`` of the whole range
    only when ``parts`` is empty; otherwise ``parts`` lists the spoken spans.
    ``speaker_span`` covers the words that name the speaker at the cue.
    """

    start: int
    end: int
    text: str
    kind: Literal["direct", "indirect"]
    speaker: Speaker | None = None
    addressee: Speaker | None = None
    cue: str = ""
    cue_start: int | None = None
    parts: tuple[Span, ...] = ()
    confidence: float = 1.0
    why: str = ""
    speaker_span: Span | None = None


class EventDate(Record, frozen=True):
    """The days in which an event lies, inclusive, as far as the text tells."""

    start: date | None = None
    end: date | None = None
    precision: Precision = "unknown"


class Place(Record, frozen=True):
    """Where it happened.  ``country`` is an actor code, degrees are WGS 84."""

    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


class Participant(Record, frozen=True):
    """One actor's part in one event, with the words that name him there."""

    role: Literal["source", "target"]
    name: str
    state: str | None = None
    office: str | None = None
    sector: str | None = None
    start: int | None = None
    end: int | None = None


class Event(Record, frozen=True):
    """Who did what to whom, when, how surely, on whose word, and why so coded."""

    id: str
    type: str
    mode: str | None
    cameo: str | None
    status: Status
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    participants: tuple[Participant, ...]
    date: EventDate
    evidence: Span
    speaker: Speaker | None = None
    count: int | None = None
    place: Place | None = None
    symmetric: bool = False
    confidence: float = 1.0
    why: tuple[str, ...] = ()
    anchor: Span | None = None


class Passed(Record, frozen=True):
    """A stretch of text that was read without confidence, and why."""

    start: int
    end: int
    reason: str


class Run(Record, frozen=True):
    """One run of the offset map: ``text[at:at+length]`` came from raw ``[raw:raw_end]``."""

    at: int
    length: int
    raw: int
    raw_end: int


class Document(Record, frozen=True):
    """An article on its way through the stages.

    ``text`` is the stored text; ``origin`` maps it back to the bytes of the
    input, one `Run` after another, in order.
    """

    id: str
    text: str
    name: str = ""
    title: str | None = None
    published: date | None = None
    source: str | None = None
    url: str | None = None
    language: str = "en"
    origin: tuple[Run, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    timexes: tuple[Timex, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    passed: tuple[Passed, ...] = ()
