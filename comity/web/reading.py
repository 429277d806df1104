"""Texts that are pasted or dropped, read at once and not kept; and what a record does not keep of a document."""

from __future__ import annotations

import base64
import binascii
import time
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from comity.contract import document_object
from comity.errors import BadRequest, EmptyDocument, TooLong
from comity.model import Document, Event, EventDate, Record
from comity.read import Limits, read_bytes
from comity.record.names import Names
from comity.record.store import Store
from comity.record.wording import sureness, when
from comity.web.cards import naming, title, weighed
from comity.web.documents import document_row
from comity.web.offsets import Units
from comity.web.settings import Settings
from comity.web.warm import Warm


class ReadAsked(Record, frozen=True, forbid_unknown_fields=True):
    """A text, or a file (``base64``) with its name; ``published`` is the day that "yesterday" goes by."""

    text: str | None = None
    base64: str | None = None
    name: Annotated[str, msgspec.Meta(max_length=300)] = ""
    title: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    published: date | None = None
    any_language: bool = False
    offsets: Literal["characters", "utf16"] = "characters"


def asked_of(body: bytes) -> ReadAsked:
    """What is asked for.  Raises `BadRequest`."""
    try:
        return msgspec.json.decode(body, type=ReadAsked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"the body is not as it should be: {error}", fix="see /api/docs for its form") from None


def understood(warm: Warm, names: Names, asked: ReadAsked, settings: Settings) -> dict[str, Any]:
    """The text with everything found in it.  Raises `SkipDocument`, `TooLong`, `TooBusy`, `BadRequest`."""
    began = time.monotonic()
    document = taken(asked, settings)
    found = warm.read(document)
    return shown(found, names, asked.offsets) | {"seconds": round(time.monotonic() - began, 3)}


def taken(asked: ReadAsked, settings: Settings) -> Document:
    """The document before it is read."""
    if asked.base64 is not None:
        try:
            data = base64.b64decode(asked.base64, validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("the file is not in base64", fix="send its bytes in base64") from None
    else:
        data = (asked.text or "").encode()
    if not data.strip():
        raise EmptyDocument("there is no text", fix="paste an article")
    limits = Limits(max_bytes=settings.read_bytes, max_markup=settings.read_bytes, max_text=settings.read_characters)
    document = read_bytes(
        data, name=asked.name or "text", published=asked.published, any_language=asked.any_language, limits=limits
    )
    if len(document.text) > settings.read_characters:
        raise TooLong(
            f"the text has {len(document.text):,} characters, more than {settings.read_characters:,}",
            fix="read it in parts, or add it to the record with `comity add`",
        )
    named = msgspec.structs.replace(document, id="text", title=asked.title or document.title)
    return msgspec.structs.replace(named, published=asked.published) if asked.published else named


def shown(document: Document, names: Names, unit: str) -> dict[str, Any]:
    """A document that was read, as the page shows it."""
    units = Units(document.text, unit)
    plain = document_object(document, passed=True)
    text = plain["document"].pop("text")
    both = zip(plain["events"], document.events, strict=True)
    events = [{**told, **card(event, names), "marks": marks(event)} for told, event in both]
    mentions = [
        {"start": m.start, "end": m.end, "actor": a.name, "state": a.state, "how": m.how, "confidence": m.confidence}
        for m in document.mentions
        for a in m.actors
    ]
    found = {
        "events": events, "quotes": plain["quotes"], "dates": plain["dates"], "mentions": mentions,
        "passed": plain["passed"],
    }  # fmt: skip
    body = {"document": plain["document"] | {"characters": len(text)}, "text": text, **units.moved(found)}
    body["names"] = naming(names, body)
    return body


def card(event: Event, names: Names) -> dict[str, Any]:
    """What the page adds to an event."""
    channel, weight = weighed(event.type, event.mode)
    row = {
        "symmetric": event.symmetric, "sources": event.sources, "targets": event.targets, "type": event.type,
        "mode": event.mode, "count": event.count,
    }  # fmt: skip
    day: EventDate = event.date
    dated = {"start": day.start, "end": day.end, "precision": day.precision, "text": when(day, event.status)}
    return {
        "channel": channel, "weight": weight, "title": title(row, names), "date": dated,
        "sureness": sureness(event.confidence),
    }  # fmt: skip


def marks(event: Event) -> list[dict[str, Any]]:
    """Actors and act in the text."""
    found = [
        {"start": p.start, "end": p.end, "role": p.role, "label": f"{p.name} ({p.state})" if p.state else p.name}
        for p in event.participants
        if p.start is not None and p.end is not None
    ]
    if event.anchor is not None:
        found.append({"start": event.anchor.start, "end": event.anchor.end, "role": "act", "label": event.type.lower()})
    return found


def stored(store: Store, name: str) -> Document:
    """A document of the record, to be read anew.  Raises `NotFound`."""
    row = document_row(store, name)
    return Document(
        id=name, name=row["name"] or "", title=row["title"], published=row["published"], source=row["source"],
        text=store.text(name) or "", language=row["language"] or "en",
    )  # fmt: skip


def beside(document: Document, unit: str) -> dict[str, Any]:
    """What a record does not keep: time expressions, and what was passed over."""
    plain = document_object(document, passed=True)
    units = Units(document.text, unit)
    return {"dates": units.moved(plain["dates"]), "passed": units.moved(plain["passed"])}
