"""The records of meetings: who was asked for, each meeting, what texts claim in total."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import msgspec
import pyarrow as pa

from comity.model import Record

Form = Literal["visit", "third-party", "multilateral", "in person", "video", "phone", "unknown"]
FORMS: tuple[Form, ...] = ("visit", "third-party", "multilateral", "in person", "video", "phone", "unknown")
"""``visit``: one travels to the other; ``third-party``: on the ground or through the offices of a third;
``multilateral``: among many; ``in person``: they sat together, no more is told; ``unknown``: the text does not say."""


class Party(Record, frozen=True):
    """Somebody who meets: a person (``id`` is his, in capitals) or an actor (``id`` is its code).

    ``codes`` are the actors that he acts or acted for; ``names`` the folded names under which reports name a person.
    """

    id: str
    name: str
    kind: Literal["person", "actor"]
    codes: tuple[str, ...]
    names: frozenset[str] = frozenset()


class Told(Record, frozen=True):
    """One report of a meeting: its sentence, where it stands, the outlet, and on whose word."""

    report: str
    evidence: str | None
    document: str | None
    start: int | None = None
    end: int | None = None
    published: date | None = None
    outlet: str | None = None
    speaker: str | None = None


class Meeting(Record, frozen=True):
    """One meeting of all who were asked for.

    ``events`` are the merged events of it, the first gives days and place; ``people`` the persons whom reports name
    (name, code); ``told`` the reports, the surest first, of which ``evidence`` is the first sentence.
    """

    events: tuple[str, ...]
    start: date | None
    end: date | None
    precision: str
    form: Form
    place: str | None
    country: str | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    reports: int
    outlets: int
    confidence: float | None
    told: tuple[Told, ...]
    imported_from: str | None = None

    @property
    def evidence(self) -> str | None:
        """The sentence of the surest report that has one."""
        return next((t.evidence for t in self.told if t.evidence), None)

    def row(self) -> dict[str, Any]:
        """One flat row; see `SCHEMA`."""
        first = next((t for t in self.told if t.evidence), None)
        return {
            "date_start": self.start, "date_end": self.end, "precision": self.precision, "form": self.form,
            "place": self.place, "country": self.country, "sources": list(self.sources), "targets": list(self.targets),
            "people": [n for n, _ in self.people], "reports": self.reports, "outlets": self.outlets,
            "confidence": self.confidence, "events": list(self.events), "evidence": self.evidence,
            "document": first.document if first else None, "imported_from": self.imported_from,
        }  # fmt: skip


class Claim(Record, frozen=True):
    """What a text says of the number of their meetings: ``count`` in the days ``start`` to ``end``, on whose word.

    ``held`` is how many meetings of those days the record has; ``by`` the day of the text; ``level`` is ``states``
    where the text tells of the states alone while persons were asked for.
    """

    event: str
    count: int
    start: date | None
    end: date | None
    precision: str
    by: date | None
    level: Literal["parties", "states"]
    held: int
    difference: str
    reports: int
    told: tuple[Told, ...]

    @property
    def speaker(self) -> str | None:
        """On whose word, None where the text says it itself."""
        return next((t.speaker for t in self.told if t.speaker), None)

    def row(self) -> dict[str, Any]:
        """One flat row."""
        first = self.told[0] if self.told else None
        return {
            "event": self.event, "count": self.count, "start": self.start, "end": self.end, "by": self.by,
            "level": self.level, "held": self.held, "difference": self.difference, "speaker": self.speaker,
            "reports": self.reports, "evidence": first.evidence if first else None,
            "document": first.document if first else None,
        }  # fmt: skip


_LISTS = ("sources", "targets", "people", "events")
COLUMNS = (
    "date_start", "date_end", "precision", "form", "place", "country", "sources", "targets", "people", "reports",
    "outlets", "confidence", "events", "evidence", "document", "imported_from",
)  # fmt: skip
_KINDS: dict[str, Any] = {
    "date_start": pa.date32(), "date_end": pa.date32(), "reports": pa.int32(), "outlets": pa.int32(),
    "confidence": pa.float64(), **dict.fromkeys(_LISTS, pa.list_(pa.string())),
}  # fmt: skip
SCHEMA = pa.schema([(c, _KINDS.get(c, pa.string())) for c in COLUMNS])
"""The table of `Meetings.to_arrow`: one row a meeting."""


class Meetings(Record, frozen=True):
    """All meetings of some parties, oldest first, and what texts claim of their number.

    ``years`` and ``forms`` count meetings (years as text, ``undated`` for those without a day); ``unnamed`` counts
    talks of the same states that do not name the persons asked for.
    """

    parties: tuple[Party, ...]
    items: tuple[Meeting, ...]
    claims: tuple[Claim, ...]
    years: dict[str, int]
    forms: dict[str, int]
    unnamed: int = 0

    def __iter__(self) -> Iterator[Meeting]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, at: int) -> Meeting:
        return self.items[at]

    def to_arrow(self) -> pa.Table:
        """One row a meeting, columns of `SCHEMA`."""
        return pa.Table.from_pylist([m.row() for m in self.items], schema=SCHEMA)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "parties": [{"id": p.id, "name": p.name, "kind": p.kind, "codes": p.codes} for p in self.parties],
            "meetings": [m.row() | {"told": msgspec.to_builtins(m.told), "people": named(m.people)} for m in self],
            "claims": [c.row() | {"told": msgspec.to_builtins(c.told)} for c in self.claims],
            "total": len(self.items), "by_year": self.years, "by_form": self.forms, "unnamed": self.unnamed,
        }  # fmt: skip


def named(people: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """People for JSON."""
    return [{"name": n, "state": s} for n, s in people]
