"""Sources into a record: read, merged with what is there, committed in small batches."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from comity.errors import SkipDocument
from comity.model import Document
from comity.read.items import Item, ItemOptions, open_items
from comity.record.decided.rulings import rulings
from comity.record.ledger import Ledger
from comity.record.manifest import now
from comity.record.merge.score import Scorer
from comity.record.merging import Merging
from comity.record.nearby import Nearby
from comity.record.neighbours import KeptNeighbourhood
from comity.record.reading import ReaderFactory, Readers, Skip, Stopped, Task, skip_of, task_of
from comity.record.rows import content_hash, document_rows, undated
from comity.understand.overlooked import why_passed_over
from comity.version import VERSION

if TYPE_CHECKING:
    from comity.record.store import Batch, Store

DOCUMENTS = 50
SECONDS = 20.0
OUTCOMES = 2_000
"""A batch is committed after so many documents, seconds, or inputs of any outcome."""
PASSED_OVER = "passed over"
"""The outcome of an input that was kept without being parsed."""
UNDER_WAY = 10_000
"""Ids of documents under way from which on those that the ledger knows meanwhile are forgotten."""
FORGET = 5_000
"""After so many documents what merging asks for goes to the runs beside the record, and memory is emptied."""


class Summary(msgspec.Struct, kw_only=True):
    """What a run did.  ``known`` were taken in by an earlier run, ``skipped`` counts by code.

    ``passed_over`` counts, by reason, those of the ``kept`` that were not parsed: see `comity.understand.firstlook`.
    """

    run: str = ""
    read: int = 0
    kept: int = 0
    duplicate: int = 0
    known: int = 0
    skipped: dict[str, int] = msgspec.field(default_factory=dict)
    passed_over: dict[str, int] = msgspec.field(default_factory=dict)
    reports: int = 0
    new_events: int = 0
    quotations: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def seen(self) -> int:
        """Inputs of every outcome."""
        return self.kept + self.duplicate + self.known + sum(self.skipped.values())


class Factory(Protocol):
    """What makes readers: see `ReaderFactory`."""

    def __call__(self) -> Callable[[Document], Document]: ...

    def versions(self) -> dict[str, str]: ...


class Outcome(NamedTuple):
    """One input and what became of it so far."""

    item: Item
    content: str
    state: str
    document: str | None = None
    skip: Skip | None = None


Watch = Callable[[Outcome, Summary], None]


def add(
    store: Store,
    sources: Sequence[str | Path] | str | Path | Iterable[Item],
    *,
    options: ItemOptions | None = None,
    actors: Path | None = None,
    any_language: bool = False,
    again: bool = False,
    first_look: bool = True,
    jobs: int = 1,
    factory: Factory | None = None,
    watch: Watch | None = None,
    stop: Callable[[], bool] | None = None,
    command: str = "",
) -> Summary:
    """Read sources (paths, addresses, or items) into a record.

    Every batch is on the disk when it is acknowledged: a run that is killed
    loses what it had not yet committed, and the same call goes on from there.
    ``again`` reads known documents once more.  ``jobs`` processes give the same
    record as one.  Without ``first_look`` articles are parsed even where no two
    actors seem to be named.  ``stop`` is asked after every input whether to end early.
    """
    items = _items(sources, options)
    with store.lock():
        run = _Run(store, factory or ReaderFactory(actors, first_look), command, watch)
        reading = _Reading(run.ledger, any_language=any_language, again=again)
        with Readers(run.factory, jobs, options.limits if options else None, stop) as readers:
            try:
                for outcome, document in reading.outcomes(readers, items):
                    run.take(outcome, document)
                    if stop is not None and stop():
                        raise Stopped
            except Stopped:
                run.summary.interrupted = True
        run.end()
    return run.summary


def _items(sources: Any, options: ItemOptions | None) -> Iterable[Item]:
    if isinstance(sources, str | Path):
        sources = [sources]
    listed = sources if isinstance(sources, Iterator) else list(sources)
    if isinstance(listed, list) and all(isinstance(s, str | Path) for s in listed):
        return open_items([str(s) for s in listed], options)
    return listed


class _Reading:
    """The way of items through the readers: known ones are left out before and after they are unpacked."""

    def __init__(self, ledger: Ledger, *, any_language: bool, again: bool) -> None:
        self.ledger = ledger
        self.any_language = any_language
        self.again = again
        self._under_way: set[str] = set()
        self._room = UNDER_WAY

    def outcomes(self, readers: Readers, items: Iterable[Item]) -> Iterator[tuple[Outcome, Document | None]]:
        """Every item with its outcome, in order; kept ones with their document."""
        prepared = readers.prepared(self._loaded(items))
        for outcome, found in readers.read(self._new(prepared)):
            if isinstance(found, Skip):
                yield outcome._replace(state="skipped", skip=found), None
            else:
                yield outcome, found

    def _loaded(self, items: Iterable[Item]) -> Iterator[tuple[Outcome, Task | None]]:
        for item in items:
            try:
                data = item.load()
            except SkipDocument as error:
                yield Outcome(item, "", "skipped", skip=skip_of(error)), None
                continue
            content = content_hash(data)
            if not self.again and self.ledger.has_input(item.key, content):
                yield Outcome(item, content, "known"), None
                continue
            yield Outcome(item, content, "kept"), task_of(item, data, any_language=self.any_language)

    def _new(
        self, prepared: Iterable[tuple[Outcome, Document | Skip | None]]
    ) -> Iterator[tuple[Outcome, Document | None]]:
        for outcome, found in prepared:
            if found is None:
                yield outcome, None
            elif isinstance(found, Skip):
                yield outcome._replace(state="skipped", skip=found), None
            elif found.id in self._under_way or (not self.again and self._has(found)):
                yield outcome._replace(state="duplicate", document=found.id), None
            else:
                self._note(found.id)
                yield outcome._replace(document=found.id), found

    def _has(self, document: Document) -> bool:
        """Whether the record has these words, be it from a version that did not find their day."""
        has = self.ledger.has_document
        return has(document.id) or (document.published is not None and has(undated(document)))

    def _note(self, document: str) -> None:
        """Remember that a document is under way; what the ledger has taken over need not be known twice."""
        self._under_way.add(document)
        if not self.again and len(self._under_way) >= self._room:
            self._under_way = {d for d in self._under_way if not self.ledger.has_document(d)}
            self._room = max(UNDER_WAY, 2 * len(self._under_way))


class _Run:
    """One run: outcomes come in, batches go to the disk."""

    def __init__(self, store: Store, factory: Factory, command: str, watch: Watch | None) -> None:
        self.store = store
        self.factory = factory
        self.watch = watch
        self.started = now()
        self.summary = Summary(run=f"r-{self.started:%Y%m%d-%H%M%S}-{os.urandom(2).hex()}")
        self.ledger = Ledger(store)
        self.command = command
        self.versions: dict[str, str] | None = None
        self.documents: list[tuple[Outcome, Document]] = []
        self.others: list[Outcome] = []
        self.nearby = Nearby(store.path, store.manifest)
        self.neighbourhood = KeptNeighbourhood(self.nearby, store.database())
        self.scorer = Scorer()
        self.rulings = rulings(store.database())
        self.remembered = 0
        self.committed = False
        self._clock = time.monotonic()
        self._began = self._clock

    def take(self, outcome: Outcome, document: Document | None) -> None:
        """One outcome; a full batch is committed."""
        self._count(outcome, document)
        if document is not None:
            self.documents.append((outcome, document))
        elif outcome.state != "known":
            self.others.append(outcome)
        if self.watch is not None:
            self.watch(outcome, self.summary)
        late = time.monotonic() - self._clock > SECONDS
        if len(self.documents) >= DOCUMENTS or len(self.others) >= OUTCOMES or late:
            self.commit()

    def end(self) -> None:
        """Commit what is left and close the run."""
        self.commit()
        if self.remembered:
            self._keep()
        self.nearby.close()
        self.summary.seconds = round(time.monotonic() - self._began, 3)
        if self.committed:
            self.store.append("runs", [self._run_row(ended=now())])

    def commit(self) -> None:
        """Write the batch.  Nothing is acknowledged before this returns."""
        self._clock = time.monotonic()
        if not self.documents and not self.others:
            return
        with self.store.write() as batch:
            self._write_documents(batch)
            self._write_outcomes(batch)
            if batch.rows and not self.committed:
                batch.append("runs", [self._run_row(ended=None)])
        self.committed = self.committed or bool(batch.rows)
        self.remembered += len(self.documents)
        self.documents, self.others = [], []
        if self.remembered >= FORGET:
            self._keep()

    def _keep(self) -> None:
        """Write what merging asks for to the runs beside the record, and begin with an empty memory."""
        self.neighbourhood.keep(self.store.manifest.generation)
        self.neighbourhood = KeptNeighbourhood(self.nearby, self.neighbourhood.database)
        self.remembered = 0

    def _count(self, outcome: Outcome, document: Document | None) -> None:
        summary = self.summary
        summary.read += outcome.state != "known"
        if outcome.skip is not None:
            summary.skipped[outcome.skip.code] = summary.skipped.get(outcome.skip.code, 0) + 1
        else:
            setattr(summary, outcome.state, getattr(summary, outcome.state) + 1)
        if document is not None:
            if (reason := why_passed_over(document)) is not None:
                summary.passed_over[reason] = summary.passed_over.get(reason, 0) + 1
            summary.reports += len({e.id for e in document.events})
            summary.quotations += len({(q.start, q.end, q.kind) for q in document.quotes})

    def _write_documents(self, batch: Batch) -> None:
        added = now()
        rows: dict[str, list[dict[str, Any]]] = {}
        for outcome, document in self.documents:
            facts = {
                "key": outcome.item.key,
                "content_hash": outcome.content,
                "added": added,
                "run": self.summary.run,
            }
            for name, found in document_rows(document, facts).items():
                rows.setdefault(name, []).extend(found)
            self.ledger.note_document(document.id)
        for name, found in rows.items():
            batch.append(name, found)
        merging = Merging(self.neighbourhood, self.rulings, self.scorer)
        merging.add([d for _, d in self.documents])
        merging.write(batch, self.summary.run)
        self.summary.new_events += merging.made

    def _write_outcomes(self, batch: Batch) -> None:
        passed_over = {d.id for _, d in self.documents if why_passed_over(d) is not None}
        taken = [o for o, _ in self.documents] + [o for o in self.others if o.skip is None]
        for one in taken:
            self.ledger.note_input(one.item.key, one.content)
        batch.append(
            "inputs",
            [
                {
                    "key": o.item.key,
                    "content_hash": o.content,
                    "document": o.document,
                    "outcome": PASSED_OVER if o.document in passed_over and o.state == "kept" else o.state,
                    "run": self.summary.run,
                }
                for o in taken
            ],
        )
        skipped = [(o.item.key, o.content, o.skip) for o in self.others if o.skip is not None]
        batch.append(
            "skipped",
            [
                {
                    "key": key,
                    "content_hash": content,
                    "run": self.summary.run,
                    "code": skip.code,
                    "message": skip.message,
                    "fix": skip.fix,
                }
                for key, content, skip in skipped
                if not self.ledger.has_skipped(key, content, skip.code)
            ],
        )

    def _run_row(self, ended: datetime | None) -> dict[str, Any]:
        if self.versions is None:
            self.versions = self.factory.versions()
        return {
            "id": self.summary.run,
            "started": self.started,
            "ended": ended,
            "program": VERSION,
            **self.versions,
            "command": self.command,
            "counts": msgspec.json.encode(self.summary).decode(),
        }
