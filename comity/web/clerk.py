"""`Clerk`: takes a request to the desk and sends the answer, or the one kept from before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from comity.errors import ComityError
from comity.record.store import Store
from comity.web.asked import Asked
from comity.web.desk import Desk
from comity.web.kept import Entry, Kept, Key
from comity.web.questions import QUESTIONS, Question
from comity.web.render import Answer, Rendered, render
from comity.web.scopes import Scope, Touched, shown
from comity.web.shared import Shared
from comity.web.watch import Watch

HOME = "/api/home"
PAUSE = 5.0
"""Seconds after a decision until the first page is worked out anew: decisions often come one upon another."""
SLOW = 0.25
"""Seconds: an answer from the whole record that takes longer is shown for a while after a decision."""


class Clerk:
    """Answers requests from a record."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = Kept(desk.settings.cache_bytes)
        self.shared = Shared()
        self._watch = Watch()
        self._generation = -1
        self._looking: asyncio.Future[None] | None = None
        self._under_way: dict[Key, asyncio.Future[Entry]] = {}
        self._one_late = asyncio.Semaphore(1)
        self._late: set[asyncio.Task[None]] = set()
        self._renewing: set[Key] = set()

    async def answer(self, request: Request, question: Question, asked: Asked, *names: str) -> Response:
        """What a request asks for: the answer from before, while nothing that it hangs on has changed."""
        await self._follow()
        words = tuple(sorted(request.query_params.multi_items()))
        key: Key = (date.today(), request.url.path, words, asked.format)
        found = self.kept.get(key)
        if found is None and "no-cache" not in request.headers.get("cache-control", ""):
            found = self.kept.late(key, self.desk.settings.late_seconds)
        if found is None:
            found = (await self._once(key, question, asked, names)).answer
        return sent(request, found)

    async def warm(self) -> None:
        """Work the first page out before anybody asks for it."""
        with suppress(ComityError):
            await self._follow()
            question = next(q for q in QUESTIONS if q.path == "/home")
            await self._once((date.today(), HOME, (), "json"), question, question.asked(), ())

    async def _follow(self) -> None:
        """Find out what newer commits have touched, and let go of the answers that hang on it."""
        while self.desk.generation != self._generation:
            if self._looking is None:
                self._looking = asyncio.ensure_future(self._look())
                self._looking.add_done_callback(self._looked)
            await asyncio.shield(self._looking)

    def _looked(self, done: asyncio.Future[None]) -> None:
        self._looking = None

    async def _look(self) -> None:
        generation = self.desk.generation
        try:
            found = await self.desk.ask(self._watch.look)
        except ComityError:
            self._watch = Watch()
            self.kept.clear()
            found = Touched(generation=generation, whole=True)
        self.shared.touch(found)
        for key, entry in self.kept.touch(found):
            if entry.again is not None:
                self._renew(key, entry.again)
        self._generation = max(generation, found.generation)

    def _renew(self, key: Key, again: Callable[[], Any]) -> None:
        """Have an answer worked out anew while the one from before is still shown, once."""
        if key[1] != HOME or key in self._renewing:  # others are made anew when somebody asks for them
            return
        self._renewing.add(key)
        task = asyncio.ensure_future(self._again(key, again))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _again(self, key: Key, again: Callable[[], Any]) -> None:
        """Work an answer out anew, and again where somebody has decided meanwhile; one at a time."""
        try:
            while self.kept.get(key) is None:
                await asyncio.sleep(PAUSE)
                async with self._one_late:
                    with suppress(ComityError):
                        await again()
        finally:
            self._renewing.discard(key)

    def close(self) -> None:
        """Give up what is worked out in advance."""
        for task in self._late:
            task.cancel()

    async def _once(
        self, key: Key, question: Question, asked: Asked, names: tuple[str, ...], waited: bool = True
    ) -> Entry:
        """Work out an answer and keep it; who asks the same meanwhile waits for it.

        ``waited`` is false where nobody waits for it yet.
        """
        place = (self._generation, *key)
        running = self._under_way.get(place)
        if running is None:
            running = asyncio.ensure_future(self._made(key, question, asked, names, waited))
            self._under_way[place] = running
            running.add_done_callback(lambda _: self._under_way.pop(place, None))
        return await asyncio.shield(running)

    async def _made(
        self, key: Key, question: Question, asked: Asked, names: tuple[str, ...], waited: bool
    ) -> Entry:
        gives = [self.shared if g == "shared" else self.desk.settings if g == "settings" else
                 self.desk.settings.table_rows for g in question.gives]  # fmt: skip
        ask = self.desk.ask if waited else self.desk.later
        entry = await ask(made, question, asked, file_name(str(key[1])), names, gives)
        lasts = question.whole and entry.seconds > SLOW

        def again() -> Any:
            return self._once(key, question, asked, names, waited=False)

        entry = msgspec.structs.replace(entry, lasts=lasts, again=again if lasts else None)
        self.kept.put(key, entry)
        return entry


def made(
    store: Store, question: Question, asked: Asked, name: str, names: tuple[str, ...], gives: list[Any]
) -> Entry:
    """An answer with what it hangs on."""
    began = time.perf_counter()
    with store.still():
        answer = question.function(store, asked, *names, *gives)
        generation = store.manifest.generation
        if isinstance(answer.body, Mapping):
            answer = Answer(
                body={**answer.body, "generation": generation},
                rows=answer.rows, columns=answer.columns, more=answer.more, other=answer.other,
            )  # fmt: skip
        scope: Scope = question.about(store, asked, answer.body, *names)
    listed = asked.format == "json"
    events = frozenset(shown(answer.body)) if listed else frozenset()
    scope = msgspec.structs.replace(scope, events=events, listed=listed)
    found = render(answer, asked.format, name)
    return Entry(answer=found, generation=generation, scope=scope, seconds=time.perf_counter() - began)


def sent(request: Request, found: Rendered) -> Response:
    """An answer as it goes out: nothing where the asker has it, in gzip where he takes that."""
    headers = {**found.headers, "ETag": found.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    more = headers.get("X-Comity-More")
    if more is not None:
        following = request.url.include_query_params(cursor=more)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media)
    return Response(found.data, headers=headers, media_type=found.media)


def file_name(path: str) -> str:
    """A name for a file of an answer, from the path that was asked for."""
    path = path.removeprefix("/api/")
    return "comity-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in path)[:80].strip("-")
