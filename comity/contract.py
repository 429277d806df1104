"""What the commands print: plain objects with fixed names, described in ``docs/output.md``."""

from __future__ import annotations

from typing import Any

from comity.model import Document, Event, Participant, Place, Quote, Span, Speaker, Timex


def document_object(document: Document, *, passed: bool = False) -> dict[str, Any]:
    """One document with everything found in it; ``passed`` adds what was passed over."""
    shown: dict[str, Any] = {
        "document": {
            "id": document.id,
            "name": document.name,
            "title": document.title,
            "published": document.published.isoformat() if document.published else None,
            "source": document.source,
            "url": document.url,
            "language": document.language,
            "text": document.text,
        },
        "events": [event_object(e, document.text) for e in document.events],
        "quotes": [quote_object(q) for q in document.quotes],
        "dates": [timex_object(t) for t in document.timexes],
    }
    if passed:
        shown["passed"] = [
            {"start": p.start, "end": p.end, "text": document.text[p.start : p.end], "reason": p.reason}
            for p in document.passed
        ]
    return shown


def event_object(event: Event, text: str) -> dict[str, Any]:
    """One event; ``evidence.text`` is ``text[start:end]``."""
    date = event.date
    start, end = event.evidence.start, event.evidence.end
    return {
        "id": event.id,
        "type": event.type,
        "mode": event.mode,
        "cameo": event.cameo,
        "status": event.status,
        "sources": list(event.sources),
        "targets": list(event.targets),
        "participants": [participant_object(p) for p in event.participants],
        "date": {
            "start": date.start.isoformat() if date.start else None,
            "end": date.end.isoformat() if date.end else None,
            "precision": date.precision,
        },
        "speaker": speaker_object(event.speaker),
        "count": event.count,
        "place": place_object(event.place),
        "symmetric": event.symmetric,
        "confidence": event.confidence,
        "evidence": {"start": start, "end": end, "text": text[start:end]},
        "anchor": {
            "start": event.anchor.start,
            "end": event.anchor.end,
            "text": text[event.anchor.start : event.anchor.end],
        }
        if event.anchor
        else None,
        "why": list(event.why),
    }


def participant_object(part: Participant) -> dict[str, Any]:
    """One actor's part in an event."""
    return {
        "role": part.role,
        "name": part.name,
        "state": part.state,
        "office": part.office,
        "sector": part.sector,
        "start": part.start,
        "end": part.end,
    }


def speaker_object(speaker: Speaker | None) -> dict[str, Any] | None:
    """Whoever says something, or null."""
    return {"name": speaker.name, "state": speaker.state, "office": speaker.office} if speaker else None


def place_object(place: Place | None) -> dict[str, Any] | None:
    """Where it happened, or null."""
    return {"name": place.name, "country": place.country, "lat": place.lat, "lon": place.lon} if place else None


def quote_object(quote: Quote) -> dict[str, Any]:
    """One quotation."""
    return {
        "speaker": speaker_object(quote.speaker),
        "addressee": speaker_object(quote.addressee),
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "kind": quote.kind,
        "cue": quote.cue,
        "cue_start": quote.cue_start,
        "speaker_span": span_object(quote.speaker_span),
        "parts": [{"start": p.start, "end": p.end} for p in quote.parts],
        "confidence": quote.confidence,
    }


def span_object(span: Span | None) -> dict[str, int] | None:
    """A stretch of the text, or null."""
    return {"start": span.start, "end": span.end} if span else None


def timex_object(timex: Timex) -> dict[str, Any]:
    """One time expression."""
    return {
        "text": timex.text,
        "start": timex.start,
        "end": timex.end,
        "type": timex.kind,
        "value": timex.value,
        "from": timex.low.isoformat() if timex.low else None,
        "to": timex.high.isoformat() if timex.high else None,
        "precision": timex.precision,
    }
