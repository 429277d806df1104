"""`Guard`: what every request passes before anything looks at it, and the headers of every answer."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity.errors import BadRequest, ComityError, LoginNeeded, NotAllowed, PasswordNeeded, TooLong, TooOften
from comity.web.problems import problem
from comity.web.rates import Rate
from comity.web.render import FORMATS
from comity.web.settings import Settings
from comity.web.who import Door, Tokens, Who

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
API_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OPEN = frozenset({"/api/session", "/api/login", "/api/logout", "/api/health", "/api/errors"})
"""What may be asked before the login."""
PASSWORD = "/api/password"
"""What may be asked besides by one who must change the password."""
TOKEN = "x-csrf-token"


class Guard:
    """An ASGI application before another one."""

    def __init__(self, app: ASGIApp, settings: Settings, door: Door, tokens: Tokens) -> None:
        self.app = app
        self.settings = settings
        self.door = door
        self.tokens = tokens
        self.rate = Rate(settings.per_minute)
        self.reads = Rate(settings.reads_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a problem."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        send = self._with_headers(scope, send)
        try:
            wait = self._pass(scope)
        except ComityError as error:
            await problem(error)(scope, receive, send)
            return
        if wait:
            late = TooOften("too many requests", fix=f"wait {wait} seconds")
            await problem(late, wait=wait)(scope, receive, send)
            return
        await self.app(scope, _limited(receive, self._most(scope["path"])), send)

    def _pass(self, scope: Scope) -> int:
        """Check a request; seconds to wait where it comes too often."""
        connection = HTTPConnection(scope)
        self._host(connection)
        who = self.door.who(connection)
        scope.setdefault("state", {})["who"] = who
        path = scope["path"]
        name = who.user or (connection.client.host if connection.client else "")
        wait = self.rate.wait(name)
        if wait:
            return wait
        if path.startswith("/api/"):
            _suffix(scope)
            if who.role is None and scope["path"] not in OPEN:
                raise LoginNeeded("nobody is logged in", fix="log in at /login")
            if who.must_change and scope["path"] not in (*OPEN, PASSWORD):
                raise PasswordNeeded("the password is one that an admin has set", fix="set one of your own first")
        if scope["method"] not in ("GET", "HEAD"):
            self._written(connection, who)
            if path == "/api/read":
                return self.reads.wait(name)
        return 0

    def _host(self, connection: HTTPConnection) -> None:
        """Refuse other names, or a page of somebody else could have this server for its own (DNS rebinding)."""
        given = connection.headers.get("host", "")
        name = hostname(given)
        allowed = {"localhost", "127.0.0.1", "::1", self.settings.host, *self.settings.allow_hosts}
        if name is None or name not in {a.lower() for a in allowed}:
            raise NotAllowed(
                f"this server does not go by the name '{given[:100]}'",
                fix="ask for 127.0.0.1 or localhost, or start it with --allow-host NAME",
            )

    def _written(self, connection: HTTPConnection, who: Who) -> None:
        """Refuse what another site's page could make a browser send."""
        origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site")
        if origin is not None and urlsplit(origin).netloc.lower() != connection.headers.get("host", "").lower():
            raise NotAllowed("this request comes from another site", fix="send it from the page of this server")
        if site not in (None, "same-origin", "none"):
            raise NotAllowed("this request comes from another site", fix="send it from the page of this server")
        if not self.tokens.fits(who, connection.headers.get(TOKEN)):
            raise NotAllowed("the token is missing or old", fix="take `csrf` of /api/session as header X-CSRF-Token")
        kind = connection.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise BadRequest("the body must be JSON", fix="send it with Content-Type: application/json")

    def _most(self, path: str) -> int:
        return self.settings.read_bytes if path == "/api/read" else self.settings.body_bytes

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        api = scope["path"].startswith("/api/")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = API_POLICY if api else PAGE_POLICY
                if self.settings.https:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return sending


def hostname(given: str) -> str | None:
    """The name in a Host header, without the port; None where it is none."""
    try:
        parts = urlsplit("//" + given)
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if not (parts.path or parts.query or parts.fragment or parts.username) else None


def _suffix(scope: Scope) -> None:
    """``/api/events.csv`` is ``/api/events?format=csv``."""
    path, _, form = scope["path"].rpartition(".")
    if form in FORMATS and path and not scope["path"].endswith("/openapi.json"):
        asked = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
                 if k != "format"]  # fmt: skip
        scope["path"] = path
        scope["raw_path"] = scope.get("raw_path", b"").rpartition(b".")[0]
        scope["query_string"] = urlencode([*asked, ("format", form)]).encode()


def _limited(receive: Receive, most: int) -> Receive:
    """Receive a body no longer than allowed.  Raises `TooLong` to whoever reads it."""
    got = 0

    async def receiving() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise TooLong(f"the body is longer than {most:,} bytes", fix="send less at once")
        return message

    return receiving
