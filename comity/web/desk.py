"""`Desk`: questions to the record from many requests at once, each answered by a thread with its own connection."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb

from comity.errors import RecordBusy, TooBusy
from comity.record.store import Store, open_record
from comity.relations.cubefile import prepare
from comity.web.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
NICE = 10
"""How much the thread for what nobody waits for gives way (0 to 19)."""
RETRY = 0.1
"""Seconds between attempts to write while another process writes."""


class Job:
    """A question that is being answered: where it can be broken off."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.store: Store | None = None

    def stop(self) -> None:
        """Break off the query that runs, if one does."""
        with self.lock:
            if self.store is not None:
                self.store.interrupt()


class Desk:
    """Answers questions: ``await desk.ask(function, ...)`` calls ``function(store, ...)`` in one of a few threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pool = ThreadPoolExecutor(settings.threads, thread_name_prefix="comity-ask")
        self._later = ThreadPoolExecutor(1, thread_name_prefix="comity-later", initializer=_yielding)
        self._mine = threading.local()
        self._all: list[Store] = []
        self._free = asyncio.Semaphore(settings.threads)
        self._writing = asyncio.Lock()
        self._head = open_record(settings.record, create=False)

    @property
    def generation(self) -> int:
        """The newest commit; asked in the thread of the event loop only."""
        return self._head.manifest.generation

    @property
    def folder_name(self) -> str:
        """The name of the folder of the record, without the way to it."""
        return self.settings.record.resolve().name

    async def ask(self, function: Callable[Concatenate[Store, P], T], *args: P.args, **named: P.kwargs) -> T:
        """What the function answers.  Raises `TooBusy` when it takes too long, and what the function raises."""
        seconds = self.settings.seconds
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise TooBusy("too many questions at once", fix="ask again in a moment") from None
        job = Job()
        running = asyncio.wrap_future(self._begin(job, function, args, named))
        done, _ = await asyncio.wait({running}, timeout=seconds)
        if not done:
            job.stop()
            running.add_done_callback(_forget)
            raise TooBusy(
                f"the question took more than {seconds:g} seconds",
                fix="ask for less: a shorter period, a pair, a smaller limit",
            )
        return running.result()

    async def later(self, function: Callable[Concatenate[Store, P], T], *args: P.args, **named: P.kwargs) -> T:
        """The same for what nobody waits for: in a thread of its own that gives way to all others, as long as it takes.

        Raises what the function raises.
        """
        return await asyncio.wrap_future(self._later.submit(self._answer, Job(), function, args, named))

    async def write(self, function: Callable[Concatenate[Store, P], T], *args: P.args, **named: P.kwargs) -> T:
        """The same for a function that writes: one after the other, waiting for other programs meanwhile."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.settings.seconds
        async with self._writing:
            while True:
                try:
                    return await self.ask(function, *args, **named)
                except RecordBusy:
                    if loop.time() > end:
                        raise
                    await asyncio.sleep(RETRY)

    async def warm(self) -> None:
        """Have every thread open the record, so that the first questions need not wait for it."""
        await asyncio.gather(*(self.ask(_opened) for _ in range(self.settings.threads)), return_exceptions=True)

    def _begin(self, job: Job, function: Callable[..., T], args: Any, named: Any) -> Future[T]:
        loop = asyncio.get_running_loop()
        future = self._pool.submit(self._answer, job, function, args, named)
        future.add_done_callback(lambda _: _quietly(loop, self._free.release))
        return future

    def _answer(self, job: Job, function: Callable[..., T], args: Any, named: Any) -> T:
        store = self._store()
        with job.lock:
            job.store = store
        try:
            return function(store, *args, **named)
        except duckdb.InterruptException:
            raise TooBusy("the question was broken off", fix="ask for less") from None
        finally:
            with job.lock:
                job.store = None

    def _store(self) -> Store:
        """The record as this thread has it open."""
        found: Store | None = getattr(self._mine, "store", None)
        if found is None:
            found = open_record(self.settings.record, create=False)
            self._mine.store = found
            self._all.append(found)
        return found

    def close(self) -> None:
        """End the threads and let go of the record."""
        for pool in (self._pool, self._later):
            pool.shutdown(wait=True, cancel_futures=True)
        for store in (*self._all, self._head):
            store.close()


def _yielding() -> None:
    """Have the thread that calls this give way to others, where the system knows of such a thing for one thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _opened(store: Store) -> None:
    """Open what most questions need."""
    store.names.name("RUS")
    prepare(store)


def _quietly(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(call)


def _forget(running: asyncio.Future[Any]) -> None:
    """Take note of what became of a question that nobody waits for any longer."""
    if not running.cancelled():
        running.exception()
