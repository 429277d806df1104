"""The small answers: sessions, the log, errors, texts that are read at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from comity.web.models.parts import (
    Names,
    Part,
    Stretch,
)


class May(Part, frozen=True):
    """What a user may do."""

    decide: bool
    read: bool
    administer: bool


class Session(Part, frozen=True):
    """Who asks, and the token for requests that change something."""

    user: str | None
    role: Literal["reader", "reviewer", "admin"] | None
    csrf: str
    team: bool
    author: str | None
    must_change: bool
    can: May


class LogRow(Part, frozen=True):
    """A line of the log."""

    time: datetime
    user: str | None
    what: str
    about: str | None
    address: str | None


class Log(Part, frozen=True):
    """The log, newest first."""

    items: list[LogRow]


class ErrorRow(Part, frozen=True):
    """A code of an error; ``skips`` where it concerns one document and a run goes on."""

    code: str
    name: str
    skips: bool


class Errors(Part, frozen=True):
    """All codes of errors."""

    items: list[ErrorRow]


class Health(Part, frozen=True):
    """That the server answers."""

    ok: bool


class Timex(Stretch, frozen=True, rename={"low": "from", "high": "to"}):
    """A time expression."""

    text: str
    type: str
    value: str
    low: date | None
    high: date | None
    precision: str | None


class Passed(Stretch, frozen=True):
    """What was passed over, and why."""

    text: str
    reason: str


class Reading(Part, frozen=True):
    """What the record does not keep of a document."""

    dates: list[Timex]
    passed: list[Passed]


class Understood(Part, frozen=True):
    """A text with everything found in it; events and quotes as in docs/output.md."""

    document: dict[str, Any]
    text: str
    events: list[dict[str, Any]]
    quotes: list[dict[str, Any]]
    dates: list[Timex]
    mentions: list[dict[str, Any]]
    passed: list[Passed]
    names: Names
    seconds: float


class Problem(Part, frozen=True):
    """Why a request was not answered (RFC 9457): the code, what is wrong, and what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fix: str
    about: str
