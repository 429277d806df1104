"""Decisions on events: asked for, checked, appended, listed."""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field

from comity.errors import BadDecision, BadRequest, DecidedMeanwhile, UnknownEvent
from comity.model import Record
from comity.record.decisions import find
from comity.record.store import Store
from comity.web.asked import Paged, Text
from comity.web.cards import decision, naming
from comity.web.cursors import page
from comity.web.offsets import Units
from comity.web.render import Answer

COLUMNS = ("id", "time", "author", "kind", "state", "event", "events", "summary", "reason", "undone_by")
FIELDS = (
    "type", "mode", "source", "target", "status", "date", "date_end", "speaker", "place", "count", "participants",
)  # fmt: skip
Word = Annotated[str, msgspec.Meta(max_length=400)]
Names = tuple[Annotated[str, msgspec.Meta(max_length=100)], ...]


class Named(Record, frozen=True, forbid_unknown_fields=True):
    """Somebody who takes part in an event, on one side of it; ``state`` is the actor that he acts for."""

    role: Literal["source", "target"]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    office: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    state: Annotated[str, msgspec.Meta(max_length=100)] | None = None


class Correction(Record, frozen=True, forbid_unknown_fields=True):
    """Fields to set; null leaves a field, "none" empties each but type and status.

    ``place`` is "Tripoli, Lebanon", or with degrees "NAME, STATE, LAT, LON"; the sides follow from ``participants``
    where they are not given.
    """

    type: Word | None = None
    mode: Word | None = None
    source: Names | Word | None = None
    target: Names | Word | None = None
    status: Word | None = None
    date: Word | None = None
    date_end: Word | None = None
    speaker: Word | None = None
    place: Word | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | Literal["none"] | None = None
    participants: Annotated[tuple[Named, ...], msgspec.Meta(max_length=50)] | None = None


class Judgement(Record, frozen=True, forbid_unknown_fields=True):
    """What somebody decides.

    ``set`` goes with correct and add, ``events`` with merge, ``reports`` with split, ``decision`` with undo; add also
    takes ``document``, ``start`` and ``end`` (in ``offsets``), and ``symmetric`` where both sides act.  ``after`` is
    the newest decision on these events that the author has seen ("" for none): the decision is refused when there is
    a newer one.
    """

    kind: Literal["correct", "reject", "confirm", "merge", "split", "add", "undo"]
    reason: Annotated[str, msgspec.Meta(max_length=2000)]
    event: Word | None = None
    events: Names = ()
    reports: Names = ()
    decision: Word | None = None
    set: Correction = Correction()
    document: Word | None = None
    start: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] | None = None
    end: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] | None = None
    offsets: Literal["characters", "utf16"] = "characters"
    symmetric: bool = False
    author: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    after: Word | None = None


class DecisionList(Paged):
    """A page of decisions."""

    event: Annotated[Text | None, Field(description="Only those on this event.")] = None
    author: Annotated[Text | None, Field(description="Only those of one author.")] = None
    kind: Literal["correct", "reject", "confirm", "merge", "split", "add", "undo"] | None = None
    state: Literal["in force", "undone", "orphaned"] | None = None


def judgement(body: bytes) -> Judgement:
    """A decision from JSON.  Raises `BadRequest`."""
    try:
        return msgspec.json.decode(body, type=Judgement)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"this is no decision: {error}", fix="see /api/docs for its form") from None


def decide(store: Store, asked: Judgement, author: str) -> dict[str, Any]:
    """Carry out a decision; it, the event to look at now, and the new commit.

    Raises `BadDecision`, `UnknownEvent`, `UnknownDecision`, `UnknownName`, `DecidedMeanwhile`, `RecordBusy`.
    """
    with store.lock():
        fresh(store, asked)
        made = carried_out(store, asked, author)
    rows = [r for r in store.decisions() if r["id"] == made.id]
    found = decision(rows[0], store.names)
    return {
        "decision": found,
        "event": (found["events"] or [found["event"]])[0],
        "names": naming(store.names, found),
        "generation": store.manifest.generation,
    }


def carried_out(store: Store, asked: Judgement, author: str) -> Any:
    """The decision of the record."""
    said = {"reason": asked.reason, "author": author}
    if asked.kind == "undo":
        return store.undo(needed(asked.decision, "decision"), **said)
    if asked.kind == "merge":
        return store.merge(*(needed(e, "events") for e in asked.events), **said)
    if asked.kind == "add":
        return added(store, asked, said)
    event = needed(asked.event, "event")
    if asked.kind == "correct":
        return store.correct(event, **said, **fields_of(asked.set))
    if asked.kind == "split":
        return store.split(event, asked.reports, **said)
    return store.reject(event, **said) if asked.kind == "reject" else store.confirm(event, **said)


def fields_of(given: Correction) -> dict[str, Any]:
    """The fields that are given, as the record takes them."""
    fields = {f: v for f in FIELDS if (v := getattr(given, f)) is not None}
    for side in ("source", "target"):
        if fields.get(side) == ():
            fields[side] = "none"
    if given.participants is not None:
        fields["participants"] = [msgspec.to_builtins(one) for one in given.participants]
    return fields


def added(store: Store, asked: Judgement, said: dict[str, Any]) -> Any:
    """An event that the reader missed."""
    document = needed(asked.document, "document")
    if asked.start is None or asked.end is None:
        raise BadDecision("'start' and 'end' are missing", fix="mark the words that tell the event")
    start, end = asked.start, asked.end
    if asked.offsets == "utf16":
        units = Units(store.text(document) or "", "utf16")
        start, end = units.character(start), units.character(end)
    return store.add_event(document, start, end, **said, symmetric=asked.symmetric, **fields_of(asked.set))


def needed(value: str | None, name: str) -> str:
    """A field that must be there.  Raises `BadDecision`."""
    if value is None or len(value.strip()) < 3:
        raise BadDecision(f"'{name}' is missing", fix="name what the decision is about by its id")
    return value.strip()


def fresh(store: Store, asked: Judgement) -> None:
    """Refuse a decision on events that somebody has decided on since the page was shown."""
    if asked.after is None or asked.kind == "undo":
        return
    names = {event_id(store, e) for e in (asked.event, *asked.events) if e}
    about = [r for r in store.decisions() if names & {r["event"], *r["events"]}]
    newest = about[-1] if about else None
    if newest is not None and newest["id"] != asked.after:
        raise DecidedMeanwhile(
            f"{newest['author']} has decided on this event meanwhile ({newest['kind']}: {newest['reason'][:100]})",
            about=str(newest["event"]),
            fix="look at it again",
        )


def event_id(store: Store, given: str) -> str:
    """The id of an event as it is now, what was given where there is none."""
    try:
        return str(find(store, given)["id"])
    except UnknownEvent:
        return given


def decisions(store: Store, asked: DecisionList, most: int) -> Answer:
    """A page of decisions, newest first: also the audit log."""
    rows = store.decisions(asked.event) if asked.event else store.decisions()
    wanted = (("author", asked.author), ("kind", asked.kind), ("state", asked.state))
    rows = [r for r in reversed(rows) if all(v is None or r[f] == v for f, v in wanted)]
    limit = min(asked.limit or (50 if asked.format == "json" else most), most)
    part, following = page(rows, asked.cursor, limit)
    items = [decision(r, store.names) for r in part]
    body = {"items": items, "next": following, "total": len(rows), "names": naming(store.names, items)}
    flat = [i | {"time": i["time"].astimezone(UTC).isoformat()} for i in items]
    return Answer(body=body, rows=flat, columns=COLUMNS, more=following)
