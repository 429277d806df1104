"""`Clerk`: takes a request to the desk and sends the answer, or the one kept from before."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Concatenate, ParamSpec, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from comity.record.store import Store
from comity.web.asked import Asked
from comity.web.desk import Desk
from comity.web.kept import Kept, Key
from comity.web.render import Answer, Rendered, render

P = ParamSpec("P")
A = TypeVar("A", bound=Asked)


class Clerk:
    """Answers requests from a record."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = Kept(desk.settings.cache_bytes)
        self._generation = -1
        self._under_way: dict[Key, asyncio.Future[Rendered]] = {}

    async def answer(
        self,
        request: Request,
        function: Callable[Concatenate[Store, A, P], Answer],
        asked: A,
        *args: P.args,
        **named: P.kwargs,
    ) -> Response:
        """The answer to a request: the same as before while the record is the same and the day too."""
        generation = self.desk.generation
        if generation != self._generation:
            self.kept.clear()
            self._generation = generation
        words = tuple(sorted(request.query_params.multi_items()))
        key: Key = (generation, date.today(), request.url.path, words, asked.format)
        tag = '"' + hashlib.blake2b(repr(key).encode("utf-8", "replace"), digest_size=12).hexdigest() + '"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
        found = self.kept.get(key)
        if found is None:
            found = await self._once(key, function, asked, *args, **named)
            self.kept.put(key, found)
        headers = {**found.headers, "ETag": tag, "Cache-Control": "private, no-cache"}
        more = headers.get("X-Comity-More")
        if more is not None:
            following = request.url.include_query_params(cursor=more)
            headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return Response(found.data, headers=headers, media_type=found.media)

    async def _once(self, key: Key, function: Any, asked: Asked, *args: Any, **named: Any) -> Rendered:
        """Work out an answer; who asks the same meanwhile waits for it."""
        running = self._under_way.get(key)
        if running is None:
            asking = self.desk.ask(_rendered, function, asked, file_name(str(key[2])), *args, **named)
            running = asyncio.ensure_future(asking)
            self._under_way[key] = running
            running.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(running)


def _rendered(store: Store, function: Any, asked: Asked, name: str, *args: Any, **named: Any) -> Rendered:
    with store.still():
        answer = function(store, asked, *args, **named)
        if isinstance(answer.body, Mapping):
            answer = Answer(
                body={**answer.body, "generation": store.manifest.generation},
                rows=answer.rows, columns=answer.columns, more=answer.more, other=answer.other,
            )  # fmt: skip
    return render(answer, asked.format, name)


def file_name(path: str) -> str:
    """A name for a file of an answer, from the path that was asked for."""
    path = path.removeprefix("/api/")
    return "comity-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in path)[:80].strip("-")
