"""The stages that workers run on rows, free of Daft: opening, reading, writing of segments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from comity.engine.records import Opened, Settings, Told, Work, packed
from comity.engine.sources import opened
from comity.errors import SkipDocument
from comity.model import Document
from comity.read.item import Item, ItemOptions
from comity.record.add import PASSED_OVER
from comity.record.merge import StoryRow, new_document, report_row
from comity.record.merge.signature import story_row
from comity.record.reading import Skip, prepare, skip_of, task_of
from comity.record.rows import content_hash, document_rows, slim
from comity.record.schema import table
from comity.record.segments import write_segment
from comity.understand.overlooked import why_passed_over

Row = dict[str, Any]
KEPT, DUPLICATE = "kept", "duplicate"
DOCUMENT_TABLES = ("documents", "sentences", "mentions", "reports", "quotations")


def open_work(work: Work, settings: Settings) -> Iterator[Row]:
    """Every item of a work: its order, key, hash, id, and the prepared document or the reason why there is none."""
    options = ItemOptions(columns=settings.columns, published=settings.published, follow=False)
    for order, item in opened(work, options):
        content, found = _prepared(item, settings, options)
        document = found if isinstance(found, Document) else None
        told = Opened(
            key=item.key,
            name=item.name,
            content=content,
            document=msgspec.structs.replace(document, origin=()) if document else None,
            skip=found if isinstance(found, Skip) else None,
        )
        yield {
            "order": order,
            "key": item.key,
            "content": content,
            "id": document.id if document else None,
            "body": packed(told),
        }


def _prepared(item: Item, settings: Settings, options: ItemOptions) -> tuple[str, Document | Skip]:
    try:
        data = item.load()
    except SkipDocument as error:
        return "", skip_of(error)
    task = task_of(item, data, any_language=settings.any_language)
    return content_hash(data), prepare(task, options.limits)


def read_body(reader: Callable[[Document], Document], body: bytes) -> bytes:
    """A prepared document read: `slim`, or with the reason why it was skipped."""
    told = msgspec.msgpack.decode(body, type=Opened)
    assert told.document is not None
    try:
        found = msgspec.structs.replace(told, document=slim(reader(told.document)))
    except SkipDocument as error:
        found = msgspec.structs.replace(told, document=None, skip=skip_of(error))
    return packed(found)


def write_documents(bodies: Sequence[bytes], settings: Settings) -> Iterator[str]:
    """Segments of all that is read from these documents; each as JSON of its row in the manifest."""
    added = datetime.fromisoformat(settings.added)
    rows: dict[str, list[Row]] = {name: [] for name in DOCUMENT_TABLES}
    inputs: list[Row] = []
    for told in (msgspec.msgpack.decode(b, type=Opened) for b in bodies):
        document = told.document
        if document is None:
            continue
        facts = {"key": told.key, "content_hash": told.content, "added": added, "run": settings.run}
        for name, found in document_rows(document, facts).items():
            rows[name] += found
        outcome = PASSED_OVER if why_passed_over(document) else KEPT
        inputs.append(_input(told.key, told.content, document.id, outcome, settings.run))
    yield from written({**rows, "inputs": inputs}, settings)


def _input(key: str, content: str, document: str, outcome: str, run: str) -> Row:
    return {"key": key, "content_hash": content, "document": document, "outcome": outcome, "run": run}


def write_duplicates(rows: Iterable[tuple[str, str, str]], settings: Settings) -> Iterator[str]:
    """Segments of inputs (key, hash, document) that are in the record already, or twice in the run."""
    yield from written({"inputs": [_input(*row, DUPLICATE, settings.run) for row in rows]}, settings)


def written(rows: dict[str, list[Row]], settings: Settings) -> Iterator[str]:
    """Rows of several tables as segments.  The same rows give the same file: a worker that is tried again after it
    was killed replaces what it wrote, and nothing is in the record before the head names it."""
    generations = (settings.generation, settings.generation)
    for name, found in rows.items():
        if found:
            segment = write_segment(Path(settings.folder), table(name), table(name).rows(found), generations)
            yield msgspec.json.encode(segment).decode()


def tally(body: bytes) -> Row:
    """What the summary counts of one document that was read."""
    told = msgspec.msgpack.decode(body, type=Opened)
    document = told.document
    return {
        "skip": packed((told.key, told.content, told.name, told.skip)) if told.skip else None,
        "passed_over": why_passed_over(document) if document else None,
        "reports": len(document.events) if document else 0,
        "quotations": len(document.quotes) if document else 0,
    }


def story_of(body: bytes) -> Row | None:
    """What finds the near-duplicates of one document."""
    document = msgspec.msgpack.decode(body, type=Opened).document
    if document is None:
        return None
    row = story_row(new_document(document))
    return {"document": row.document, "marks": list(row.marks), "story": packed(row)}


def reports_of(order: int, body: bytes) -> list[Row]:
    """The reports of one document, each with its document."""
    document = msgspec.msgpack.decode(body, type=Opened).document
    if document is None:
        return []
    return [
        {
            "report": event.id,
            "document": document.id,
            "told": packed(Told(report=report_row(document, event), order=order, cameo=event.cameo)),
        }
        for event in document.events
    ]


def story_from(data: bytes) -> StoryRow:
    """A packed `StoryRow`."""
    return msgspec.msgpack.decode(data, type=StoryRow)
