"""Decisions, and the anchors by which they find their event when it is read anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, Final, Literal

import msgspec

from comity.model import Record

Kind = Literal["correct", "reject", "confirm", "merge", "split", "add", "undo"]
KINDS: Final = ("correct", "reject", "confirm", "merge", "split", "add", "undo")
BY_HAND: Final = "by hand"
"""The run of events that no reader found, but somebody added."""
ANCHORS: Final = 20
"""Reports of an event that are kept as its anchors at most."""
FIELDS: Final = (
    "type", "mode", "cameo", "status", "sources", "targets", "date_start", "date_end", "precision", "speaker_name",
    "speaker_state", "place_name", "place_country", "place_lat", "place_lon", "count", "participants",
)  # fmt: skip
"""What a correction can set: columns of `reports`, and of `events` but for the speaker and the participants.

``participants`` are a list of objects with role, name, state and office; see `comity.record.decided.sides`.
"""
OF_REPORTS: Final = frozenset({"speaker_name", "speaker_state", "participants"})
"""Fields that only reports have."""


class Reading(Record, frozen=True):
    """An event as it stood when somebody decided on it; days are dates, ``confidence`` 0 to 1."""

    type: str | None
    status: str | None
    mode: str | None = None
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    date_start: date | None = None
    date_end: date | None = None
    precision: str | None = None
    confidence: float | None = None


class Anchor(Record, frozen=True, omit_defaults=True):
    """Where one report stood: its document, its sentence, the word of the act, who, what and when.

    ``key`` is where the document came from, ``run`` the run that read it; offsets are in
    characters of the text of the document.  An imported report has only its id and its fields.
    """

    report: str
    type: str | None
    status: str | None
    document: str | None = None
    key: str | None = None
    run: str | None = None
    start: int | None = None
    end: int | None = None
    evidence: str = ""
    word_start: int | None = None
    word_end: int | None = None
    word: str = ""
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    date_start: date | None = None
    date_end: date | None = None


class Added(Record, frozen=True, omit_defaults=True):
    """An event that no reader found: where it stands, and what it says (`FIELDS`, and ``symmetric``).

    ``report`` is the id of its report, ``anchor`` the sentence; ``founder`` of the event is the report.
    """

    anchor: Anchor
    fields: dict[str, Any] = msgspec.field(default_factory=dict)


class Subject(Record, frozen=True):
    """One event that a decision is about: its id at that time, and its anchors, the founder's first."""

    event: str
    anchors: tuple[Anchor, ...] = ()


class Change(Record, frozen=True, omit_defaults=True):
    """What a decision says.

    ``set`` holds the corrected fields (`FIELDS`), ``subjects`` the event, of a merge all events,
    the one that stays first; ``reports`` are those that a split takes out; ``undoes`` is a decision,
    ``added`` an event.
    """

    set: dict[str, Any] = msgspec.field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()
    reports: tuple[Anchor, ...] = ()
    undoes: str | None = None
    read: Reading | None = None
    added: Added | None = None


class Decision(Record, frozen=True):
    """One decision.  ``event`` is the id of the event at that time, ``time`` is UTC."""

    id: str
    event: str
    kind: Kind
    change: Change
    author: str
    time: datetime
    reason: str

    def row(self) -> dict[str, Any]:
        """As a row of the table."""
        return {
            "id": self.id,
            "event": self.event,
            "kind": self.kind,
            "change": msgspec.json.encode(self.change).decode(),
            "author": self.author,
            "time": self.time,
            "reason": self.reason,
        }

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """All anchors."""
        added = (self.change.added.anchor,) if self.change.added else ()
        return (*(a for s in self.change.subjects for a in s.anchors), *self.change.reports, *added)


def decision(kind: Kind, event: str, change: Change, author: str, time: datetime, reason: str) -> Decision:
    """A decision with its id, which follows from all that it says."""
    return Decision(
        id=decision_id(kind, event, change, author, time, reason),
        event=event, kind=kind, change=change, author=author, time=time, reason=reason,
    )  # fmt: skip


def decision_id(kind: str, event: str, change: Change, author: str, time: datetime, reason: str) -> str:
    """The id of a decision: a hash of its content and time."""
    said = msgspec.json.encode(change).decode()
    text = "\x00".join((kind, event, said, author, time.astimezone(UTC).isoformat(), reason))
    return "j-" + blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def from_row(row: Mapping[str, Any]) -> Decision:
    """A decision from a row of the table."""
    return Decision(
        id=row["id"],
        event=row["event"] or "",
        kind=row["kind"],
        change=msgspec.json.decode(row["change"] or "{}", type=Change),
        author=row["author"] or "",
        time=row["time"],
        reason=row["reason"] or "",
    )


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """By time, then by id."""
    return sorted(decisions, key=lambda d: (d.time, d.id))


def undone(decisions: Iterable[Decision]) -> dict[str, str]:
    """Each decision that is undone, and which one in force undoes it; an undoing can be undone too."""
    gone: dict[str, str] = {}
    for one in reversed(in_order(decisions)):  # an undoing is always later than what it undoes
        if one.kind == "undo" and one.id not in gone and one.change.undoes:
            gone.setdefault(one.change.undoes, one.id)
    return gone
