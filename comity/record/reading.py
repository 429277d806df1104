"""Reading of items into documents, in this process or in several, with the results in the order of the items."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from comity.errors import ReaderCrashed, ReadersDied, SkipDocument
from comity.model import Document, Record
from comity.read import Limits, read_bytes
from comity.read.item import Item, ItemKind
from comity.record.rows import identity, slim

T = TypeVar("T")
R = TypeVar("R")
ReadDocument = Callable[[Document], Document]
AHEAD: Final = 6
"""Documents a process that may be under way at each stage, so that none waits while a batch is written."""
AHEAD_BYTES: Final = 64_000_000
"""Bytes of inputs, or characters of documents, that may be under way at each stage."""
ASK: Final = 0.1
"""Seconds after which whoever waits for a result asks whether to stop."""
MOST_CRASHES: Final = 5
"""Documents in a row at which a process may die before the whole run is thought to be at fault."""


class Task(Record, frozen=True):
    """The bytes of one item, and what its source tells of it."""

    name: str
    data: bytes
    kind: ItemKind = "auto"
    url: str | None = None
    title: str | None = None
    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    any_language: bool = False


def task_of(item: Item, data: bytes, *, any_language: bool) -> Task:
    """The task to read an item whose bytes are loaded."""
    return Task(
        name=item.name,
        data=data,
        kind=item.kind,
        url=item.url,
        title=item.title,
        published=item.published,
        outlet=item.outlet,
        language=item.language,
        any_language=any_language,
    )


class Skip(Record, frozen=True):
    """Why a document was skipped: an error as a value, so that it passes between processes."""

    code: str
    message: str
    about: str = ""
    fix: str = ""


class ReaderFactory:
    """Makes the reader of a process; another one with the same two methods can stand in its place.

    ``actors`` is a file with a user's own actors; with ``first_look`` what can hold no event is not parsed.
    """

    def __init__(self, actors: Path | None = None, first_look: bool = False) -> None:
        self.actors = actors
        self.first_look = first_look

    def __call__(self) -> ReadDocument:
        """The reader."""
        from comity.reader import Reader

        return Reader(actors=self.actors, first_look=self.first_look)

    def versions(self) -> dict[str, str]:
        """Versions of the model and of the knowledge, as they go into a run."""
        from comity.knowledge import load, load_actors, with_actors
        from comity.language.encoder import Encoder

        known = load()
        known = with_actors(known, load_actors(self.actors)) if self.actors else known
        return {"model": Encoder.load().version, "knowledge": known.version}


def prepare(task: Task, limits: Limits | None = None) -> Document | Skip:
    """Bytes to a document with its identity, before anything is looked for in it."""
    try:
        document = read_bytes(
            task.data,
            name=task.name,
            published=task.published,
            any_language=task.any_language,
            limits=limits or Limits(),
            kind=task.kind,
        )
    except SkipDocument as error:
        return skip_of(error)
    told = {
        "url": task.url,
        "title": task.title,
        "source": task.outlet,
        "language": task.language,
    }
    document = msgspec.structs.replace(document, **{k: v for k, v in told.items() if v})
    return msgspec.structs.replace(document, id=identity(document))


class Stopped(Exception):
    """Whoever runs the readers was asked to stop while a result was waited for."""


class Readers:
    """One or several readers.  Use as a context; processes end with it, and with the process that made them.

    A document at which a reading process is killed is skipped (C112); the others that were under way
    are read again, each alone.  Raises `ReadersDied` where that happens to several in a row, and `Stopped`
    once ``stop`` says so while several processes read: what they have under way is given up.
    """

    def __init__(
        self,
        factory: Callable[[], ReadDocument],
        jobs: int = 1,
        limits: Limits | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.factory = factory
        self.jobs = jobs
        self.limits = limits or Limits()
        self.stop = stop
        self._whole = False
        self._pool: ProcessPoolExecutor | None = None
        self._lone: ProcessPoolExecutor | None = None
        self._crashes = 0
        self._reader: ReadDocument | None = None

    def __enter__(self) -> Readers:
        if self.jobs > 1:
            self._pool = self._new_pool(self.jobs)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the processes: at once where something is still under way."""
        for pool in (self._pool, self._lone):
            if pool is not None:
                if kind is not None or not self._whole:
                    _kill(pool)
                pool.shutdown(wait=True, cancel_futures=True)

    def prepared(self, tasks: Iterable[tuple[T, Task | None]]) -> Iterator[tuple[T, Document | Skip | None]]:
        """Each task as a document with its identity; None stays None."""
        work = partial(prepare, limits=self.limits)
        return self._in_order(work, work, tasks)

    def read(self, documents: Iterable[tuple[T, Document | None]]) -> Iterator[tuple[T, Document | Skip | None]]:
        """Each document with all that is found in it, `slim`; None stays None."""
        yield from self._in_order(self._read_here, _read_there, documents)
        self._whole = True

    def _read_here(self, document: Document) -> Document | Skip:
        if self._reader is None:
            self._reader = self.factory()
        return _read(self._reader, document)

    def _new_pool(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(self.factory,)
        )

    def _in_order(
        self, here: Callable[[Any], R], there: Callable[[Any], R], given: Iterable[tuple[T, Any]]
    ) -> Iterator[tuple[T, R | Skip | None]]:
        if self._pool is None:
            for label, value in given:
                yield label, None if value is None else here(value)
            return
        waiting: deque[tuple[T, Any, Future[Any] | None]] = deque()
        held = 0
        for label, value in given:
            waiting.append((label, value, None if value is None else self._submit(there, value)))
            held += _size(value)
            while waiting and (len(waiting) > AHEAD * self.jobs or held > AHEAD_BYTES or waiting[0][2] is None):
                held -= _size(waiting[0][1])
                yield self._result(there, waiting.popleft())
        while waiting:
            yield self._result(there, waiting.popleft())

    def _submit(self, there: Callable[[Any], R], value: Any) -> Future[R]:
        """A task under way; a pool that lost a process is replaced, since it takes no more."""
        assert self._pool is not None
        try:
            return self._pool.submit(there, value)
        except BrokenProcessPool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self._new_pool(self.jobs)
            return self._pool.submit(there, value)

    def _result(
        self, there: Callable[[Any], R], waiting: tuple[T, Any, Future[Any] | None]
    ) -> tuple[T, R | Skip | None]:
        label, value, future = waiting
        if future is None:
            return label, None
        try:
            return label, self._awaited(future)
        except (BrokenProcessPool, CancelledError):
            return label, self._alone(there, value)

    def _awaited(self, future: Future[R]) -> R:
        """The result of a task; `Stopped` where that is asked for first."""
        while True:
            try:
                return future.result(timeout=ASK)
            except TimeoutError:
                if future.done():
                    raise  # it is the task's own
                if self.stop is not None and self.stop():
                    raise Stopped from None

    def _alone(self, there: Callable[[Any], R], value: Any) -> R | Skip:
        """What was under way when a process died, in a process of its own: if that dies too, it is to blame."""
        if self._lone is None:
            self._lone = self._new_pool(1)
        try:
            found = self._awaited(self._lone.submit(there, value))
        except BrokenProcessPool as error:
            self._lone.shutdown(wait=False, cancel_futures=True)
            self._lone = None
            self._crashes += 1
            if self._crashes >= MOST_CRASHES:
                raise ReadersDied(
                    f"reading processes were ended from outside {MOST_CRASHES} times, perhaps for want of memory",
                    fix="run the same command again with fewer --jobs; what was committed is kept",
                ) from error
            return _crashed(value)
        self._crashes = 0
        return found


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool without waiting for what they do: they hold nothing."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.kill()


def _size(value: Any) -> int:
    """How much a task holds: bytes of its input, or characters."""
    return len(value.data) if isinstance(value, Task) else len(value.text) if isinstance(value, Document) else 0


def _crashed(value: Task | Document) -> Skip:
    error = ReaderCrashed(
        "the process that read it was killed",
        about=value.name,
        fix="it may need more memory than there is: try it alone with --jobs 1, and report it with the file",
    )
    return skip_of(error)


def _read(reader: ReadDocument, document: Document) -> Document | Skip:
    try:
        return slim(reader(document))
    except SkipDocument as error:
        return skip_of(error)


def skip_of(error: SkipDocument) -> Skip:
    """An error as a value."""
    return Skip(code=error.code, message=error.message, about=error.about, fix=error.fix)


_MINE: dict[str, ReadDocument] = {}
"""The reader of a reading process: the one place where a pool lets its processes keep something."""


def _begin(factory: Callable[[], ReadDocument]) -> None:
    for asked in (signal.SIGINT, signal.SIGTERM):  # both may reach the whole group: the parent decides when to stop
        signal.signal(asked, signal.SIG_IGN)
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
