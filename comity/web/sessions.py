"""Who is logged in: the session, the login, the logout; and decisions, which need to know."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from comity.errors import BadRequest, NotAllowed, NotFound
from comity.model import Record
from comity.web.asked import Asked
from comity.web.decisions import Judgement, decide, judgement
from comity.web.described import told as told_of
from comity.web.desk import Desk
from comity.web.models.lists import Decided
from comity.web.models.small import Log, Session
from comity.web.render import Answer, json_bytes, render
from comity.web.schemas import body_of
from comity.web.settings import Settings
from comity.web.team import TeamDoor
from comity.web.who import COOKIE, Door, Tokens, Who, session_object

R = TypeVar("R", bound=Record)
LOGGED = ("time", "user", "what", "about", "address")


class LogAsked(Asked):
    """How much of the log."""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 200


class NewPassword(Record, frozen=True, forbid_unknown_fields=True):
    """The password until now, and the one from now on."""

    old: Annotated[str, msgspec.Meta(max_length=1000)]
    new: Annotated[str, msgspec.Meta(max_length=1000)]


class Login(Record, frozen=True, forbid_unknown_fields=True):
    """A name and a password."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    password: Annotated[str, msgspec.Meta(max_length=1000)]


def router(desk: Desk, settings: Settings, door: Door, tokens: Tokens, author: str) -> APIRouter:
    """What is not the same for all."""
    routes = APIRouter()

    def told(who: Who, status: int = 200) -> Response:
        body = json_bytes(session_object(who, tokens, door.team, author))
        return Response(body, status, {"Cache-Control": "no-store"}, "application/json")

    @routes.get("/session", summary="Who asks, and the token for POST requests",
                responses=told_of(Session))  # fmt: skip
    async def session(request: Request) -> Response:
        return told(request.state.who)

    @routes.post("/login", summary="Log in", openapi_extra=body_of(Login),
                 responses=told_of(Session, failures=(404, 413)))  # fmt: skip
    async def login(request: Request) -> Response:
        if not isinstance(door, TeamDoor):
            raise NotFound("this server has no users", fix="start it with --team")
        given = parsed(await request.body(), Login)
        who, secret = await asyncio.to_thread(door.login, given.name, given.password, address(request))
        if old := request.cookies.get(COOKIE):
            await asyncio.to_thread(door.users.end, old)  # a new login leaves no other session of this browser behind
        return begun(who, secret)

    def begun(who: Who, secret: str) -> Response:
        answer = told(who)
        answer.set_cookie(COOKIE, secret, httponly=True, samesite="strict", secure=settings.https, path="/")
        return answer

    @routes.post("/password", summary="Change the own password; all sessions of the user end, and a new one begins",
                 openapi_extra=body_of(NewPassword), responses=told_of(Session, failures=(404, 413)))  # fmt: skip
    async def password(request: Request) -> Response:
        who: Who = request.state.who
        if not isinstance(door, TeamDoor) or who.user is None or who.key == "proxy":
            raise NotFound("there is no password here", fix="whoever lets you in knows it")
        given = parsed(await request.body(), NewPassword)
        new, secret = await asyncio.to_thread(door.change, who.user, given.old, given.new, address(request))
        return begun(new, secret)

    @routes.post("/logout", summary="Log out", responses=told_of(Session))
    async def logout(request: Request) -> Response:
        if isinstance(door, TeamDoor):
            await asyncio.to_thread(door.logout, request.cookies.get(COOKIE, ""), address(request))
        answer = told(door.who_without(request) if isinstance(door, TeamDoor) else door.who(request))
        answer.headers["Clear-Site-Data"] = '"cache"'
        answer.delete_cookie(COOKIE, path="/", secure=settings.https, httponly=True, samesite="strict")
        return answer

    @routes.post("/decisions", status_code=201, summary="Correct, reject, confirm, merge, split or undo",
                 openapi_extra=body_of(Judgement),
                 responses=told_of(Decided, status=201, failures=(404, 409, 413)))  # fmt: skip
    async def decided(request: Request) -> Response:
        who: Who = request.state.who
        if not who.can_decide:
            raise NotAllowed("readers may not decide", fix="ask an admin for the role of reviewer")
        asked = judgement(await request.body())
        name = who.user or (asked.author or "").strip() or author
        found = await desk.write(decide, asked, name)
        if isinstance(door, TeamDoor):
            note = f"{found['decision']['kind']} {found['decision']['id']}"
            await asyncio.to_thread(door.users.note, who.user, "decision", note, address(request))
        return Response(json_bytes(found), 201, {"Cache-Control": "no-store"}, "application/json")

    @routes.get("/log", summary="Logins, users and decisions of a team, newest first, for admins",
                responses=told_of(Log, forms=("csv", "parquet"), failures=(404,)))  # fmt: skip
    async def log(request: Request, asked: Annotated[LogAsked, Query()]) -> Response:
        who: Who = request.state.who
        if who.role != "admin":
            raise NotAllowed("the log is for admins", fix="ask an admin")
        lines = await asyncio.to_thread(door.users.log, asked.limit) if isinstance(door, TeamDoor) else []
        found = render(Answer(body={"items": lines}, rows=lines, columns=LOGGED), asked.format, "comity-log")
        return Response(found.data, headers={**found.headers, "Cache-Control": "no-store"}, media_type=found.media)

    return routes


def address(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def parsed(body: bytes, kind: type[R]) -> R:
    """A body as a record.  Raises `BadRequest`."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"the body is not as it should be: {error}", fix="see /api/docs for its form") from None
