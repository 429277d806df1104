"""`make_app`: the server as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from comity.errors import BadRequest, ComityError, NotFound
from comity.record.decisions import default_author
from comity.version import VERSION
from comity.web import readings, routes, sessions
from comity.web.clerk import Clerk
from comity.web.described import describe, told
from comity.web.desk import Desk
from comity.web.guard import Guard
from comity.web.manual import manual
from comity.web.models import small
from comity.web.pages import Pages
from comity.web.problems import all_errors, problem
from comity.web.render import json_bytes
from comity.web.settings import Settings
from comity.web.team import TeamDoor
from comity.web.users import Users
from comity.web.warm import Warm, WarmReader
from comity.web.who import Door, OpenDoor, Tokens


def make_app(settings: Settings, warm: Warm | None = None) -> FastAPI:
    """The application over one record; ``warm`` reads texts.  Raises `NoRecord`, `CannotServe`."""
    desk = Desk(settings)
    clerk = Clerk(desk)
    reader = warm or WarmReader(settings.read_seconds, settings.read_waiting)
    door: Door = TeamDoor(settings, Users(settings.users_file)) if settings.team else OpenDoor()
    tokens = Tokens()

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        opening = asyncio.ensure_future(warmed(desk, clerk)) if settings.warm else None
        if settings.warm and isinstance(reader, WarmReader):
            asyncio.get_running_loop().run_in_executor(None, reader.warm)
        yield
        if opening is not None:
            await opening
        reader.close()
        clerk.close()
        desk.close()
        if isinstance(door, TeamDoor):
            door.users.close()

    app = FastAPI(
        title="Comity", version=VERSION, lifespan=running, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", description="How states deal with one another, with the sentence behind it.",
        max_body_size=max(settings.read_bytes, settings.body_bytes) + 1,
    )  # fmt: skip
    app.include_router(routes.router(clerk), prefix="/api", tags=["record"])
    author = settings.author or default_author()
    app.include_router(sessions.router(desk, settings, door, tokens, author), prefix="/api", tags=["people"])
    app.include_router(readings.router(desk, settings, reader), prefix="/api", tags=["reading"])
    add_plain(app, Pages(settings.static))
    add_errors(app)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    app.add_middleware(GZipMiddleware, minimum_size=1500, compresslevel=5)
    app.add_middleware(Guard, settings=settings, door=door, tokens=tokens)
    return app


async def warmed(desk: Desk, clerk: Clerk) -> None:
    """Have the record opened and the first page made."""
    await desk.warm()
    await clerk.warm()


def add_plain(app: FastAPI, pages: Pages) -> None:
    """What hangs on nothing: health, errors, and the page."""

    @app.get("/api/health", tags=["server"], summary="Whether the server answers", responses=told(small.Health))
    async def health() -> Response:
        return Response(json_bytes({"ok": True}), media_type="application/json")

    @app.get("/api/errors", tags=["server"], summary="All codes of errors", responses=told(small.Errors))
    async def errors() -> Response:
        return Response(json_bytes({"items": all_errors()}), media_type="application/json")

    @app.get("/api/docs", tags=["server"], summary="This description as a page", response_class=HTMLResponse)
    async def docs() -> Response:
        return Response(manual(describe(app)), media_type="text/html; charset=utf-8")

    @app.get("/api/{rest:path}", include_in_schema=False)
    async def nothing(rest: str) -> Response:
        raise NotFound("there is nothing of this name", about=rest[:200], fix="see /api/docs")

    @app.get("/{rest:path}", include_in_schema=False)
    async def page(request: Request) -> Response:
        return pages.respond(request)


def add_errors(app: FastAPI) -> None:
    """Every error as problem JSON."""

    @app.exception_handler(ComityError)
    async def known(_: Request, error: ComityError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def asked(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"][1:]) or "the request"
        return problem(BadRequest(f"{where}: {first['msg']}", fix="see /api/docs for what can be asked"))

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> Response:
        return problem(ComityError("a fault of the server", fix="please report it with what you asked"))

    @app.exception_handler(HTTPException)
    async def other(_: Request, error: HTTPException) -> Response:
        answer = problem(NotFound(str(error.detail), fix="see /api/docs"))
        answer.status_code = error.status_code
        answer.headers.update(error.headers or {})
        return answer
