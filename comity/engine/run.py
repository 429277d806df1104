"""A run of the cluster engine: rounds of work, each opened, read, merged and committed."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.engine import known
from comity.engine.commit import take_in
from comity.engine.flow import Flow, choose_runner
from comity.engine.records import Settings, Work
from comity.engine.round import Round
from comity.engine.sources import works
from comity.errors import BadUsage, ClusterFailed, ComityError
from comity.read.item import ItemOptions
from comity.record.add import Factory, Summary
from comity.record.decided.rulings import rulings
from comity.record.manifest import now
from comity.record.reading import ReaderFactory
from comity.version import VERSION

if TYPE_CHECKING:
    from comity.record.store import Store

FOLDER: Final = ".cluster"
"""Where the tables of a round lie, inside the record; the workers must see it under the same path."""
ROUND: Final = 64
"""Pieces of work a worker and round: what is lost when a run is killed."""
TRIES: Final = 3
"""How often a round is begun before the run is given up."""


def add_distributed(
    store: Store,
    sources: Sequence[str | Path] | str | Path,
    *,
    options: ItemOptions | None = None,
    actors: Path | None = None,
    any_language: bool = False,
    first_look: bool = True,
    workers: int = 1,
    address: str | None = None,
    factory: Factory | None = None,
    stop: Callable[[], bool] | None = None,
    command: str = "",
) -> Summary:
    """Add files and objects to a record with ``workers`` reading processes, on this machine or on a Ray cluster.

    The events are those of `comity.record.add.add`.  The folder of the record must lie on a file system that all
    machines see under one path.  A worker that dies is replaced; a round that fails is begun anew; nothing counts
    before the head has committed it.  Raises `NoEngine`, `ClusterFailed`, `RecordBusy`, `BadUsage`.
    """
    named = [str(s) for s in ([sources] if isinstance(sources, str | Path) else sources)]
    listed = works(named)
    with redirect_stdout(sys.stderr), store.lock():  # Ray tells of lost workers on the standard output
        choose_runner(address)
        run = _Run(store, factory or ReaderFactory(actors, first_look), workers, address is not None, command)
        run.settings = msgspec.structs.replace(
            run.settings,
            any_language=any_language,
            published=options.published if options else None,
            columns=dict(options.columns) if options else {},
        )
        for works_of_round in _rounds(listed, workers):
            if stop is not None and stop():
                run.summary.interrupted = True
                break
            run.round(works_of_round)
        run.end()
    return run.summary


def _rounds(listed: Sequence[Work], workers: int) -> Iterator[Sequence[Work]]:
    size = ROUND * workers
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


class _Run:
    """What one run knows; rounds go through it one after the other."""

    def __init__(self, store: Store, factory: Factory, workers: int, spread: bool, command: str) -> None:
        if workers < 1:
            raise BadUsage("there must be a worker", fix="give --jobs 1 or more")
        self.store = store
        self.factory = factory
        self.workers = workers
        self.spread = spread
        self.command = command
        self.committed = False
        self.started = now()
        self.began = time.monotonic()
        name = f"r-{self.started:%Y%m%d-%H%M%S}-{os.urandom(2).hex()}"
        self.summary = Summary(run=name)
        self.settings = Settings(
            folder=str(store.path.resolve()), generation=0, run=name, added=self.started.isoformat()
        )

    def round(self, listed: Sequence[Work]) -> None:
        """One round, tried anew where the cluster fails."""
        for attempt in range(1, TRIES + 1):
            try:
                self._once(listed)
                return
            except ComityError:
                raise
            except Exception as error:
                if attempt == TRIES:
                    raise ClusterFailed(
                        f"a round failed {TRIES} times, at last with {type(error).__name__}: {str(error)[:300]}",
                        fix="see the logs of the workers; what was committed is kept, the same command goes on",
                    ) from error

    def _once(self, listed: Sequence[Work]) -> None:
        database = self.store.database()
        settings = msgspec.structs.replace(self.settings, generation=self.store.manifest.generation + 1)
        folder = self.store.path.resolve() / FOLDER
        try:
            made = Round(
                Flow(folder, self.workers, self.spread), settings, self.factory, database, rulings(database)
            ).run(self.store.manifest, listed)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        skipped = known.not_noted(self.store.database(), made.skipped)
        if made.segments or skipped:
            take_in(self.store, made.segments, {"skipped": skipped, "runs": [self._row(ended=False)]})
            self.committed = True
        self._count(made.summary)

    def _count(self, more: Summary) -> None:
        total = self.summary
        for name in ("read", "kept", "duplicate", "known", "reports", "new_events", "quotations"):
            setattr(total, name, getattr(total, name) + getattr(more, name))
        for name in ("skipped", "passed_over"):
            counts = getattr(total, name)
            for key, number in getattr(more, name).items():
                counts[key] = counts.get(key, 0) + number

    def end(self) -> None:
        """Close the run."""
        self.summary.seconds = round(time.monotonic() - self.began, 3)
        if self.committed:
            self.store.append("runs", [self._row(ended=True)])

    def _row(self, ended: bool) -> dict[str, Any]:
        return {
            "id": self.summary.run,
            "started": self.started,
            "ended": now() if ended else None,
            "program": VERSION,
            **self.factory.versions(),
            "command": self.command,
            "counts": msgspec.json.encode(self.summary).decode(),
        }
