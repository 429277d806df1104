"""The records of pledges: what was announced, what settles it, and how it stands on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal, overload

import msgspec
import pyarrow as pa

from comity.model import Record

State = Literal["open", "fulfilled", "broken", "overtaken", "lapsed"]
STATES: tuple[State, ...] = ("open", "fulfilled", "broken", "overtaken", "lapsed")
Kind = Literal["fulfilled", "broken", "overtaken"]


class Evidence(Record, frozen=True):
    """A sentence, with the document and report it stands in and its characters there."""

    text: str
    document: str | None = None
    report: str | None = None
    start: int | None = None
    end: int | None = None


class Act(Record, frozen=True):
    """One merged event as it matters here.

    ``known`` is the day on which it was first told (that of an imported event is its own day), ``last_told`` the
    newest document that tells it; ``speaker`` and ``speaker_state`` say on whose word; ``people`` are those who are
    named on either side; ``link`` is the announced event that the merger has named for it.
    """

    id: str
    type: str
    mode: str | None
    status: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    symmetric: bool = False
    start: date | None = None
    end: date | None = None
    precision: str = "unknown"
    place: str | None = None
    known: date | None = None
    last_told: date | None = None
    reports: int = 1
    outlets: int = 0
    documents: int = 0
    confidence: float | None = None
    link: str | None = None
    speaker: str | None = None
    speaker_state: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    evidence: Evidence | None = None


class Settling(Record, frozen=True):
    """A later event that settles a pledge, or may: what it makes of it, how surely (0 to 1), why, and by whom.

    ``late`` counts the days after the last day told, 0 when it was in time.
    """

    kind: Kind
    act: Act
    score: float
    reasons: tuple[str, ...]
    by: tuple[str, ...] = ()
    late: int = 0


class Pledge(Record, frozen=True):
    """What was announced and how it stands on the day ``as_of``.

    ``made`` is the day on which it was made or first told, ``due_start`` and ``due_end`` the days in which it was to
    be, inclusive (None where no day was told), ``lapses`` the day after which it counts as lapsed.  ``score`` says
    how sure the state is, 0 to 1; ``doubtful`` that it is not sure, or that another event speaks against it.
    ``overdue``: open though its days have passed.  ``settled`` is the event that settled it, ``rivals`` other events
    that could have, the surest first.
    """

    act: Act
    channel: str
    state: State
    as_of: date
    made: date
    due_start: date | None
    due_end: date | None
    precision: str
    lapses: date | None
    score: float
    doubtful: bool
    overdue: bool
    reasons: tuple[str, ...]
    settled: Settling | None = None
    rivals: tuple[Settling, ...] = ()

    @property
    def id(self) -> str:
        """The id of the announced event."""
        return self.act.id

    def row(self) -> dict[str, Any]:
        """One flat row; see `SCHEMA`."""
        a, s = self.act, self.settled
        told, done = a.evidence, s.act.evidence if s else None
        return {
            "id": a.id, "state": self.state, "doubtful": self.doubtful, "overdue": self.overdue,
            "score": round(self.score, 3), "due_start": self.due_start, "due_end": self.due_end,
            "precision": self.precision, "made": self.made, "first_told": a.known, "last_told": a.last_told,
            "lapses": self.lapses, "sources": list(a.sources), "targets": list(a.targets), "symmetric": a.symmetric,
            "people": [n for n, _ in a.people], "type": a.type, "mode": a.mode, "channel": self.channel,
            "place": a.place, "speaker": a.speaker, "speaker_state": a.speaker_state, "reports": a.reports,
            "outlets": a.outlets, "documents": a.documents, "confidence": a.confidence,
            "evidence": told.text if told else None, "document": told.document if told else None,
            "settled_by": s.act.id if s else None, "settled_on": (s.act.start or s.act.known) if s else None,
            "settled_told": s.act.known if s else None, "settled_type": s.act.type if s else None,
            "settled_status": s.act.status if s else None, "late": s.late if s else None,
            "settled_evidence": done.text if done else None, "settled_document": done.document if done else None,
            "reasons": list(self.reasons), "as_of": self.as_of,
        }  # fmt: skip


_TEXT, _DAY, _INT, _REAL, _FLAG = pa.string(), pa.date32(), pa.int32(), pa.float64(), pa.bool_()
_KINDS = {
    "doubtful": _FLAG, "overdue": _FLAG, "symmetric": _FLAG, "score": _REAL, "confidence": _REAL, "reports": _INT,
    "outlets": _INT, "documents": _INT, "late": _INT, "sources": pa.list_(_TEXT), "targets": pa.list_(_TEXT),
    "people": pa.list_(_TEXT), "reasons": pa.list_(_TEXT),
} | dict.fromkeys(
    ("due_start", "due_end", "made", "first_told", "last_told", "lapses", "settled_on", "settled_told", "as_of"), _DAY
)  # fmt: skip
COLUMNS = (
    "id", "state", "doubtful", "overdue", "score", "due_start", "due_end", "precision", "made", "first_told",
    "last_told", "lapses", "sources", "targets", "symmetric", "people", "type", "mode", "channel", "place", "speaker",
    "speaker_state", "reports", "outlets", "documents", "confidence", "evidence", "document", "settled_by",
    "settled_on", "settled_told", "settled_type", "settled_status", "late", "settled_evidence", "settled_document",
    "reasons", "as_of",
)  # fmt: skip
SCHEMA = pa.schema([(c, _KINDS.get(c, _TEXT)) for c in COLUMNS])
"""The table of `Pledges.to_arrow`: one row a pledge."""


class Pledges(Record, frozen=True):
    """Pledges by the day on which they are due, those without a day last; ``counts`` of their states.

    ``counts`` is over all that were asked for but the choice of states, so that a list of one state still tells the
    others.
    """

    items: tuple[Pledge, ...]
    as_of: date
    counts: dict[str, int]

    def __iter__(self) -> Iterator[Pledge]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, at: int) -> Pledge: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pledge]: ...
    def __getitem__(self, at: int | slice) -> Pledge | Sequence[Pledge]:
        return self.items[at]

    def to_arrow(self) -> pa.Table:
        """One row a pledge, columns of `SCHEMA`."""
        return pa.Table.from_pylist([p.row() for p in self.items], schema=SCHEMA)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"as_of": self.as_of, "counts": self.counts, "pledges": [plain(p) for p in self.items]}


def plain(pledge: Pledge) -> dict[str, Any]:
    """A pledge for JSON: its row with the settling event and the rivals in full."""
    found = pledge.row()
    found["people"] = [{"name": n, "state": s} for n, s in pledge.act.people]
    found["settled"] = msgspec.to_builtins(pledge.settled)
    found["rivals"] = msgspec.to_builtins(pledge.rivals)
    return found
