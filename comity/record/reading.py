"""Reading of items into documents, in this process or in several, with the results in the order of the items."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from comity.errors import ReadersDied, SkipDocument
from comity.model import Document, Record
from comity.read import Limits, read_bytes
from comity.record.rows import identity, slim

T = TypeVar("T")
R = TypeVar("R")
ReadDocument = Callable[[Document], Document]


class Task(Record, frozen=True):
    """The bytes of one item, and what its source tells of it."""

    name: str
    data: bytes
    kind: str = "auto"
    url: str | None = None
    title: str | None = None
    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    any_language: bool = False


class Skip(Record, frozen=True):
    """Why a document was skipped: an error as a value, so that it passes between processes."""

    code: str
    message: str
    about: str = ""
    fix: str = ""


class ReaderFactory:
    """Makes the reader of a process; another one with the same two methods can stand in its place.

    ``actors`` is a file with a user's own actors.
    """

    def __init__(self, actors: Path | None = None) -> None:
        self.actors = actors

    def __call__(self) -> ReadDocument:
        """The reader."""
        from comity.reader import Reader

        return Reader(actors=self.actors)

    def versions(self) -> dict[str, str]:
        """Versions of the model and of the knowledge, as they go into a run."""
        from comity.knowledge import load, load_actors, with_actors
        from comity.language.encoder import Encoder

        known = load()
        known = with_actors(known, load_actors(self.actors)) if self.actors else known
        return {"model": Encoder.load().version, "knowledge": known.version}


def prepare(task: Task) -> Document | Skip:
    """Bytes to a document with its identity, before anything is looked for in it."""
    try:
        document = read_bytes(
            task.data, name=task.name, published=task.published, any_language=task.any_language, limits=Limits()
        )
    except SkipDocument as error:
        return _skip(error)
    told = {
        "url": task.url,
        "title": task.title,
        "source": task.outlet,
        "language": task.language,
    }
    document = msgspec.structs.replace(document, **{k: v for k, v in told.items() if v})
    return msgspec.structs.replace(document, id=identity(document))


class Readers:
    """One or several readers.  Use as a context; processes end with it, and with the process that made them."""

    def __init__(self, factory: Callable[[], ReadDocument], jobs: int = 1) -> None:
        self.factory = factory
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._reader: ReadDocument | None = None

    def __enter__(self) -> Readers:
        if self.jobs > 1:
            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(self.factory,)
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def prepared(self, tasks: Iterable[tuple[T, Task | None]]) -> Iterator[tuple[T, Document | Skip | None]]:
        """Each task as a document with its identity; None stays None."""
        return self._in_order(prepare, prepare, tasks)

    def read(self, documents: Iterable[tuple[T, Document | None]]) -> Iterator[tuple[T, Document | Skip | None]]:
        """Each document with all that is found in it, `slim`; None stays None."""
        return self._in_order(self._read_here, _read_there, documents)

    def _read_here(self, document: Document) -> Document | Skip:
        if self._reader is None:
            self._reader = self.factory()
        return _read(self._reader, document)

    def _in_order(
        self, here: Callable[[Any], R], there: Callable[[Any], R], given: Iterable[tuple[T, Any]]
    ) -> Iterator[tuple[T, R | None]]:
        if self._pool is None:
            for label, value in given:
                yield label, None if value is None else here(value)
            return
        waiting: deque[tuple[T, Future[Any] | None]] = deque()
        try:
            for label, value in given:
                waiting.append((label, None if value is None else self._pool.submit(there, value)))
                if len(waiting) > 3 * self.jobs:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        except BrokenProcessPool as error:
            raise ReadersDied(
                "a reading process was ended from outside, perhaps for want of memory",
                fix="run the same command again with fewer --jobs; what was committed is kept",
            ) from error


def _result(waiting: tuple[T, Future[Any] | None]) -> tuple[T, Any]:
    label, future = waiting
    return label, None if future is None else future.result()


def _read(reader: ReadDocument, document: Document) -> Document | Skip:
    try:
        return slim(reader(document))
    except SkipDocument as error:
        return _skip(error)


def _skip(error: SkipDocument) -> Skip:
    return Skip(code=error.code, message=error.message, about=error.about, fix=error.fix)


_MINE: dict[str, ReadDocument] = {}
"""The reader of a reading process: the one place where a pool lets its processes keep something."""


def _begin(factory: Callable[[], ReadDocument]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _MINE["reader"] = factory()


def _end_with_parent() -> None:
    """A parent that is killed cannot end its processes: they notice."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_there(document: Document) -> Document | Skip:
    return _read(_MINE["reader"], document)
