"""What a record costs: documents a second with merging, bytes on disk, time to the first answer, peak memory.

    python -m comity.evaluate.bench_record [--documents 500] [--events 1000000] [--real] [--json]

Documents are the example articles with the words of their numbers changed, so
that no two are the same; ``--stub`` leaves the reader out, which shows what the
store and the merging alone can do.  Each measurement runs in a process of its
own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from comity.evaluate.apart import apart, peak_mb, print_figures
from comity.evaluate.checkout import ROOT
from comity.model import Document, Event, EventDate, Sentence, Span
from comity.read.items import Item
from comity.record.reading import ReaderFactory
from comity.record.store import Store, open_record

TYPES = ("CONSULT", "AGREE", "SUPPORT", "ACCUSE", "THREATEN", "SANCTION", "ASSAULT", "AID")
CODES = ("RUS USA CHN IRN IND PAK FRA DEU TUR EGY SAU ISR UKR GBR JPN KOR PRK SYR IRQ AFG VEN CUB COL MEX BRA ARG NGA "
         "ETH SDN SSD KEN UGA COD RWA ZAF MOZ AGO MLI NER TCD").split()  # fmt: skip
STEP = 1_000_000


class SeededReader:
    """Five events a document from the hash of its text: about as many as the reader finds, at no cost."""

    def __call__(self, document: Document) -> Document:
        """The document with events over its first sentences."""
        draw = random.Random(document.id)
        day = document.published or date(2021, 1, 1)
        events = []
        for n in range(5):
            source, target = draw.sample(CODES, 2)
            start = 40 * n
            events.append(
                Event(
                    id=f"e-{document.id[2:]}-{n}",
                    type=draw.choice(TYPES),
                    mode=None,
                    cameo=None,
                    status="occurred",
                    sources=(source,),
                    targets=(target,),
                    participants=(),
                    date=EventDate(start=day, end=day, precision="day"),
                    evidence=Span(start=start, end=start + 120),
                    anchor=Span(start=start + 5, end=start + 10),
                    confidence=0.7,
                    why=("seeded",),
                )
            )
        return msgspec.structs.replace(document, events=tuple(events), sentences=(Sentence(start=0, end=120),))


class StubFactory:
    """Makes `SeededReader`s."""

    def __call__(self) -> Callable[[Document], Document]:
        """A reader."""
        return SeededReader()

    def versions(self) -> dict[str, str]:
        """No model, no knowledge."""
        return {"model": "stub", "knowledge": "stub"}


def articles(number: int) -> Iterator[Item]:
    """So many articles, made of the examples: each with its own day and with some words left out."""
    texts = [p.read_text(errors="replace") for p in sorted((ROOT / "examples").glob("*.txt"))]
    draw = random.Random(3)
    for n in range(number):
        words = texts[n % len(texts)].split(" ")
        kept = [w for w in words if draw.random() > 0.03]
        day = date(2015, 1, 1) + timedelta(days=draw.randrange(2500))
        data = " ".join(kept).encode()
        yield Item(f"bench:{n}", f"{n}.txt", lambda data=data: data, published=day)  # type: ignore[misc]


def bench_add(folder: str, number: int, stub: bool) -> dict[str, Any]:
    """Documents a second into a record with merging, and bytes on disk."""
    factory: Any = StubFactory() if stub else ReaderFactory()
    with open_record(Path(folder)) as store:
        summary = store.add(articles(number), factory=factory, any_language=True)
        events = store.count("events")
        size = store.size()
        return {
            "documents": summary.kept,
            "reports": summary.reports,
            "events": events,
            "seconds": summary.seconds,
            "documents_per_second": round(summary.kept / summary.seconds, 2),
            "bytes_per_document": round(size / max(1, summary.kept)),
            "bytes_per_event": round(size / max(1, events)),
            "peak_memory_mb": peak_mb(),
        }


def bench_again(folder: str, number: int, stub: bool) -> dict[str, Any]:
    """Time to find that nothing is new."""
    factory: Any = StubFactory() if stub else ReaderFactory()
    began = time.perf_counter()
    with open_record(Path(folder)) as store:
        summary = store.add(articles(number), factory=factory, any_language=True)
    return {"known": summary.known, "seconds": round(time.perf_counter() - began, 3), "peak_memory_mb": peak_mb()}


def bench_import(folder: str, number: int) -> dict[str, Any]:
    """Made-up imported events straight into segments, and the index of them."""
    with open_record(Path(folder)) as store:
        began = time.perf_counter()
        for start in range(0, number, STEP):
            write_made_up(store, start, min(STEP, number - start))
        written = time.perf_counter() - began
        store.rebuild()
        indexed = time.perf_counter() - began - written
        index = (Path(folder) / "index.duckdb").stat().st_size
        return {
            "events": number,
            "write_seconds": round(written, 2),
            "index_seconds": round(indexed, 2),
            "bytes_per_event": round(store.size() / number, 1),
            "index_bytes_per_event": round(index / number, 1),
            "peak_memory_mb": peak_mb(),
        }


def bench_answer(folder: str) -> dict[str, Any]:
    """Time from opening a record to the first answer, and of further questions, in a fresh process."""
    began = time.perf_counter()
    store = open_record(Path(folder), create=False)
    found = store.events(pair="RUS-USA", limit=50).num_rows
    first = time.perf_counter() - began
    more = {}
    for name, asked in (
        ("pair", {"pair": "CHN-IND"}),
        ("actor_of_a_month", {"actor": "IRN", "since": "2016-05", "until": "2016-05"}),
        ("type_and_period", {"type": "SANCTION", "since": "2014", "limit": 100}),
    ):
        start = time.perf_counter()
        store.events(**asked)
        more[f"{name}_seconds"] = round(time.perf_counter() - start, 3)
    return {"rows": found, "first_answer_seconds": round(first, 3), **more, "peak_memory_mb": peak_mb()}


def write_made_up(store: Store, start: int, number: int) -> None:
    """Commit one step of made-up events with a report each, as an import of GDELT would."""
    draw = np.random.default_rng(start)
    codes, types = pa.array(CODES), pa.array(TYPES)

    def sides() -> pa.Array:
        chosen = codes.take(pa.array(draw.integers(0, len(CODES), number)))
        return pa.ListArray.from_arrays(pa.array(np.arange(number + 1), pa.int32()), chosen)

    ids = pa.array([f"gdelt-{n}" for n in range(start, start + number)])
    days = pa.array(draw.integers(8_000, 18_000, number).astype("int32")).cast(pa.date32())
    common = {
        "id": ids,
        "type": types.take(pa.array(draw.integers(0, len(TYPES), number))),
        "status": pa.repeat("occurred", number),
        "sources": sides(),
        "targets": sides(),
        "date_start": days,
        "date_end": days,
        "precision": pa.repeat("day", number),
        "confidence": pa.array(np.round(draw.random(number), 2)),
    }
    with store.write() as batch:
        batch.append("reports", pa.table(common))
        batch.append("events", pa.table(common | {"imported_from": pa.repeat("gdelt", number)}))
        batch.append("report_events", pa.table({"report": ids, "event": ids}))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What a record costs.")
    parser.add_argument("--documents", type=int, default=200, help="documents to add")
    parser.add_argument("--events", type=int, default=1_000_000, help="imported events, 0 for none")
    parser.add_argument("--stub", action="store_true", help="leave the reader out")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, Any] = {}
        read, imported = f"{folder}/read", f"{folder}/imported"
        if given.documents:
            figures["add"] = apart(bench_add, read, given.documents, given.stub)
            figures["add_again"] = apart(bench_again, read, given.documents, given.stub)
        if given.events:
            figures["import"] = apart(bench_import, imported, given.events)
            figures["answer"] = apart(bench_answer, imported)
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir()
    print_figures(figures, as_json=given.json)


if __name__ == "__main__":
    main()
