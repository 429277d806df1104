"""Who asks, and what they may do."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, Literal, Protocol

from starlette.requests import HTTPConnection

from comity.model import Record

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("reader", "reviewer", "admin")
COOKIE = "comity_session"


class Who(Record, frozen=True):
    """One who asks.  ``role`` is None before the login; ``key`` is what the token against forged requests hangs on."""

    user: str | None
    role: Role | None
    key: str
    must_change: bool = False
    """Whether they must set a password of their own before anything else."""

    @property
    def can_decide(self) -> bool:
        """Whether they may correct, reject, merge, split, add and undo."""
        return self.role in ("reviewer", "admin")


class Door(Protocol):
    """Tells who asks."""

    team: bool

    def who(self, connection: HTTPConnection) -> Who:
        """Whoever sent a request."""


class OpenDoor:
    """No team: whoever reaches the server, on this machine only, may do everything."""

    team = False

    def who(self, connection: HTTPConnection) -> Who:
        """Always the same one."""
        return Who(user=None, role="admin", key="")


class Tokens:
    """Tokens that a page of this server can read and one of another cannot; they end with the process."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def of(self, who: Who) -> str:
        """The token of one who asks."""
        return hmac.new(self._secret, f"{who.key}\0{who.user or ''}".encode(), hashlib.sha256).hexdigest()

    def fits(self, who: Who, given: str | None) -> bool:
        """Whether a token is that of one who asks."""
        return hmac.compare_digest(self.of(who).encode(), (given or "").encode("utf-8", "replace"))


def session_object(who: Who, tokens: Tokens, team: bool, author: str) -> dict[str, Any]:
    """What a page learns of its user."""
    return {
        "user": who.user,
        "role": who.role,
        "csrf": tokens.of(who),
        "team": team,
        "author": who.user or author,
        "must_change": who.must_change,
        "can": {"decide": who.can_decide, "read": who.role is not None, "administer": who.role == "admin"},
    }
