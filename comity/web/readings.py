"""The addresses that read a text now."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from comity.record.names import Names
from comity.web.described import told
from comity.web.desk import Desk
from comity.web.documents import DocumentAsked
from comity.web.kept import Entry, Kept
from comity.web.models.small import Reading, Understood
from comity.web.reading import ReadAsked, asked_of, beside, stored, understood
from comity.web.render import MEDIA, finished, json_bytes
from comity.web.schemas import body_of
from comity.web.scopes import Scope
from comity.web.settings import Settings
from comity.web.warm import Warm

ROOM = 8_000_000
"""Bytes of readings that are kept."""


def router(desk: Desk, settings: Settings, warm: Warm) -> APIRouter:
    """Read a pasted text, and read a document of the record anew."""
    routes = APIRouter()
    names, kept = Names(), Kept(ROOM)

    @routes.post("/read", summary="Read a text at once; nothing is kept", openapi_extra=body_of(ReadAsked),
                 responses=told(Understood, failures=(413,)))  # fmt: skip
    async def read(request: Request) -> Response:
        asked = asked_of(await request.body())
        found = await asyncio.to_thread(understood, warm, names, asked, settings)
        return Response(json_bytes(found), headers={"Cache-Control": "no-store"}, media_type=MEDIA["json"])

    @routes.get("/document/{name}/reading", summary="Time expressions of a document, and what was passed over",
                responses=told(Reading, failures=(404, 413)))  # fmt: skip
    async def reading(name: str, asked: Annotated[DocumentAsked, Query()]) -> Response:
        key = (name, asked.offsets)
        found = kept.get(key)
        if found is None:
            document = await desk.ask(stored, name)
            body = beside(await asyncio.to_thread(warm.read, document), asked.offsets)
            found = finished(json_bytes(body), MEDIA["json"])
            kept.put(key, Entry(answer=found, generation=0, scope=Scope(actors=())))
        return Response(found.data, headers={"Cache-Control": "private, no-cache"}, media_type=found.media)

    return routes
