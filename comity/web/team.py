"""The door of a team: by a session, or by the header of a reverse proxy."""

from __future__ import annotations

import threading

from starlette.requests import HTTPConnection

from comity.errors import LoginNeeded, TooOften
from comity.web.rates import Rate
from comity.web.settings import Settings
from comity.web.users import Users
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
        return Who(user=user.name, role=user.role, key=secret)

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
        with self._lock:
            wait = max(self._attempts.wait(f"name {name}"), self._attempts.wait(f"address {address}"))
        if wait:
            raise TooOften("too many attempts to log in", fix=f"wait {wait} seconds")
        user = self.users.verified(name, password)
        if user is None:
            self.users.note(name[:80], "login refused", "", address)
            raise LoginNeeded("name or password is wrong", fix="try again, or ask an admin for a new password")
        secret = self.users.begin(user.name, self.settings.session_hours)
        self.users.note(user.name, "login", "", address)
        return Who(user=user.name, role=user.role, key=secret), secret

    def logout(self, secret: str, address: str) -> None:
        """End a session."""
        user = self.users.of_session(secret, self.settings.session_hours) if secret else None
        if user is not None:
            self.users.end(secret)
            self.users.note(user.name, "logout", "", address)
