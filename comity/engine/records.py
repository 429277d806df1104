"""What passes between the stages of the cluster engine: as MessagePack in one binary column."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from comity.model import Document, Record
from comity.record.merge import MergedEvent, ReportRow
from comity.record.reading import Skip


class Work(Record, frozen=True):
    """Files that one worker opens: of each every ``parts``-th item, beginning with number ``part``.

    ``first`` is the number of the first file in the run, from which the order of items follows; ``names`` are what
    the user called the files.
    """

    first: int
    sources: tuple[str, ...]
    names: tuple[str, ...]
    part: int = 0
    parts: int = 1


class Opened(Record, frozen=True):
    """One input as it was opened: a document that waits to be read, or why there is none."""

    key: str
    name: str
    content: str
    document: Document | None = None
    skip: Skip | None = None


class Told(Record, frozen=True):
    """One report on its way to its event; ``known`` is the event it founded, where the record has that already.

    ``event`` is the event to which a report of the record belongs; new reports have none.
    """

    report: ReportRow
    order: int
    cameo: str | None = None
    event: str | None = None
    known: MergedEvent | None = None


class Settings(Record, frozen=True):
    """What the workers must know of a run; the days are those that a user gave."""

    folder: str
    generation: int
    run: str
    added: str
    any_language: bool = False
    published: date | None = None
    columns: dict[str, str] = msgspec.field(default_factory=dict)


def packed(value: Any) -> bytes:
    """A record as bytes."""
    return msgspec.msgpack.encode(value)
