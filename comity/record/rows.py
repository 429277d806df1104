"""A document that was read, as rows of the tables of a record."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from comity.contract import participant_object
from comity.model import Document, Event, Mention, Quote, Span
from comity.record.merge import MergedEvent, ReportRow, StoryRow, keys_of, report_row, window_of
from comity.understand.overlooked import REASONS

Rows = dict[str, list[dict[str, Any]]]


def content_hash(data: bytes) -> str:
    """The hash of the bytes of an input."""
    return blake2b(data, digest_size=12).hexdigest()


def identity(document: Document) -> str:
    """The id of a document: of its words (blanks do not count), its day and its outlet, wherever it lies."""
    words = " ".join(document.text.split())
    day = document.published.isoformat() if document.published else ""
    key = "\x00".join((words, day, (document.source or "").casefold()))
    return "d-" + blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()


def undated(document: Document) -> str:
    """The id that the same words have where no day is known: an older version may have found none in them."""
    return identity(msgspec.structs.replace(document, published=None))


def slim(document: Document) -> Document:
    """A document with only what a record keeps: no tokens, no map of offsets, no passed sentences.

    That it was passed over as a whole, at first look, is kept.
    """
    spans = [e.evidence for e in document.events] + [Span(start=q.start, end=q.end) for q in document.quotes]
    parts = [p for e in document.events for p in e.participants]
    return msgspec.structs.replace(
        document,
        sentences=tuple(
            msgspec.structs.replace(s, tokens=(), paragraph=n)  # the number of the sentence goes with it
            for n, s in enumerate(document.sentences)
            if any(s.start < p.end and p.start < s.end for p in spans)
        ),
        mentions=tuple(m for m in document.mentions if any(_names(m, p.start, p.end) for p in parts)),
        origin=(),
        timexes=(),
        passed=tuple(p for p in document.passed if p.reason in REASONS),
    )


def _names(mention: Mention, start: int | None, end: int | None) -> bool:
    return start is not None and end is not None and mention.start < end and start < mention.end


def document_rows(document: Document, facts: Mapping[str, Any]) -> Rows:
    """Rows of one `slim` document; ``facts`` are key, content_hash, added and run."""
    run = {"run": facts.get("run")}
    return {
        "documents": [
            {
                "id": document.id,
                "name": document.name,
                "title": document.title,
                "published": document.published,
                "source": document.source,
                "url": document.url,
                "language": document.language,
                "text": document.text,
                **facts,
            }
        ],
        "sentences": [
            {"document": document.id, "number": s.paragraph, "start": s.start, "end": s.end, "kind": s.kind}
            for s in document.sentences
        ],
        "mentions": _mentions(document),
        "reports": [_report(document, e) | run for e in document.events],
        "quotations": [_quotation(document, q) | run for q in document.quotes],
    }


def _mentions(document: Document) -> list[dict[str, Any]]:
    pairs = [(m, a) for m in document.mentions for a in m.actors]
    return [
        {
            "document": document.id,
            "number": n,
            "start": m.start,
            "end": m.end,
            "actor": a.name,
            "state": a.state,
            "how": m.how,
            "confidence": m.confidence,
        }
        for n, (m, a) in enumerate(pairs)
    ]


def _report(document: Document, event: Event) -> dict[str, Any]:
    row = report_row(document, event)
    low, high = window_of(row)
    speaker, anchor = event.speaker, event.anchor
    return _row_of(row) | {
        "cameo": event.cameo,
        "participants": msgspec.json.encode([participant_object(p) for p in event.participants]).decode(),
        "evidence_start": event.evidence.start,
        "evidence_end": event.evidence.end,
        "anchor_start": anchor.start if anchor else None,
        "anchor_end": anchor.end if anchor else None,
        "speaker_name": speaker.name if speaker else None,
        "speaker_state": speaker.state if speaker else None,
        "speaker_office": speaker.office if speaker else None,
        "why": list(event.why),
        "keys": list(keys_of(row)),
        "window_low": low,
        "window_high": high,
    }


def _row_of(report: ReportRow) -> dict[str, Any]:
    found = {f: getattr(report, f) for f in report.__struct_fields__ if f not in {"outlet", "published"}}
    return found | {"sources": list(report.sources), "targets": list(report.targets)}


def _quotation(document: Document, quote: Quote) -> dict[str, Any]:
    key = f"{document.id}|{quote.start}|{quote.end}|{quote.kind}"
    return {
        "id": "q-" + blake2b(key.encode(), digest_size=8).hexdigest(),
        "document": document.id,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "kind": quote.kind,
        "speaker_name": quote.speaker.name if quote.speaker else None,
        "speaker_state": quote.speaker.state if quote.speaker else None,
        "addressee_name": quote.addressee.name if quote.addressee else None,
        "addressee_state": quote.addressee.state if quote.addressee else None,
        "cue": quote.cue,
    }


def event_row(event: MergedEvent, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A merged event as a row; ``facts`` are cameo, confidence and run."""
    return msgspec.structs.asdict(event) | dict(facts)


def story_columns(story: StoryRow) -> dict[str, Any]:
    """What is kept of a document to find its near-duplicates, as a row."""
    return msgspec.structs.asdict(story)


REPORT_FIELDS = tuple(f for f in ReportRow.__struct_fields__ if f not in {"outlet", "published"})
"""The fields of `ReportRow` that are columns of ``reports``; the others are those of the document."""
