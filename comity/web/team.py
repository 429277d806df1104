"""The door of a team: by a session, or by the header of a reverse proxy."""

from __future__ import annotations

import threading

from starlette.requests import HTTPConnection

from comity.errors import LoginNeeded, TooOften
from comity.web.rates import Rate
from comity.web.settings import Settings
from comity.web.users import User, Users
from comity.web.who import COOKIE, Who


class TeamDoor:
    """Tells who asks from the cookie of a session, or from the header that a trusted proxy sets."""

    team = True

    def __init__(self, settings: Settings, users: Users) -> None:
        self.settings = settings
        self.users = users
        self._attempts = Rate(settings.logins_per_minute)
        self._lock = threading.Lock()

    def who(self, connection: HTTPConnection) -> Who:
        """Whoever sent a request; without a role where nobody is logged in."""
        named = self._by_proxy(connection)
        if named is not None:
            return named
        secret = connection.cookies.get(COOKIE)
        user = self.users.of_session(secret, self.settings.session_hours) if secret else None
        if user is None or secret is None:
            return self.who_without(connection)
        return whoever(user, secret)

    def who_without(self, connection: HTTPConnection) -> Who:
        """One who is not logged in."""
        return Who(user=None, role=None, key="nobody")

    def _by_proxy(self, connection: HTTPConnection) -> Who | None:
        header = self.settings.trust_header
        if header is None or connection.client is None or connection.client.host not in self.settings.trust_from:
            return None
        name = connection.headers.get(header, "").strip()
        user = self.users.get(name) if name else None
        return Who(user=user.name, role=user.role, key="proxy") if user else None

    def login(self, name: str, password: str, address: str) -> tuple[Who, str]:
        """Begin a session.  Raises `LoginNeeded` where name or password is wrong, `TooOften`."""
        self._slow_down(name, address)
        user = self.users.verified(name, password)
        if user is None:
            self.users.note(name[:80], "login refused", "", address)
            raise LoginNeeded("name or password is wrong", fix="try again, or ask an admin for a new password")
        secret = self.users.begin(user.name, self.settings.session_hours)
        self.users.note(user.name, "login", "", address)
        return whoever(user, secret), secret

    def change(self, name: str, old: str, new: str, address: str) -> tuple[Who, str]:
        """Give a user another password; his sessions end, and a new one begins.  Raises `BadUser`, `TooOften`."""
        self._slow_down(name, address)
        self.users.change(name, old, new)
        self.users.note(name, "password changed", "", address)
        user = self.users.get(name)
        if user is None:
            raise LoginNeeded("there is no such user any longer", fix="ask an admin")
        secret = self.users.begin(name, self.settings.session_hours)
        return whoever(user, secret), secret

    def _slow_down(self, name: str, address: str) -> None:
        """Count an attempt.  Raises `TooOften`."""
        with self._lock:
            wait = max(self._attempts.wait(f"name {name}"), self._attempts.wait(f"address {address}"))
        if wait:
            raise TooOften("too many attempts", fix=f"wait {wait} seconds")

    def logout(self, secret: str, address: str) -> None:
        """End a session."""
        user = self.users.of_session(secret, self.settings.session_hours) if secret else None
        if user is not None:
            self.users.end(secret)
            self.users.note(user.name, "logout", "", address)


def whoever(user: User, secret: str) -> Who:
    """A user of a session."""
    return Who(user=user.name, role=user.role, key=secret, must_change=user.first_until is not None)
