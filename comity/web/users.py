"""Users of a team, their sessions, and the log of what they did: one SQLite file beside the record."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comity.errors import BadUser, CannotServe
from comity.model import Record
from comity.web.passwords import checked
from comity.web.who import ROLES, Role

TABLES = """
create table if not exists users (name text primary key, role text not null, password text, created text not null,
  first_until real);
create table if not exists sessions (secret text primary key, user text not null, made real not null,
  used real not null);
create table if not exists log (time text not null, user text, what text not null, about text, address text);
"""
FIRST_DAYS = 7
"""Days for which a password that an admin has set lets its user in; with it he must set his own."""


class User(Record, frozen=True):
    """One user; ``password`` is the argon2 hash, None for users whom only a proxy lets in.

    ``first_until`` is the time (seconds) until which the password of an admin lets him in, None where it is his own.
    """

    name: str
    role: Role
    password: str | None = None
    first_until: float | None = None


class Users:
    """The users of a file.  Raises `CannotServe` where it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            path.touch(mode=0o600)
            self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._database.executescript("pragma journal_mode = wal; pragma synchronous = full;" + TABLES)
            if not any(row[1] == "first_until" for row in self._database.execute("pragma table_info(users)")):
                self._database.execute("alter table users add column first_until real")
        except (OSError, sqlite3.Error) as error:
            raise CannotServe(
                f"the file of users cannot be opened: {error}", about=str(path), fix="name another with --users"
            ) from None

    def add(self, name: str, role: str, password: str | None, *, own: bool = False) -> User:
        """Add a user, or give one another role and password.  Raises `BadUser`.

        The password holds for the first login, within `FIRST_DAYS`, unless it is the user's ``own``.
        """
        plain = name.strip()
        if not plain or len(plain) > 80 or any(not c.isprintable() for c in plain):
            raise BadUser(f"'{name[:80]}' is no name of a user", fix="use up to 80 letters, figures and signs")
        if role not in ROLES:
            raise BadUser(f"there is no role '{role}'", fix=f"use {', '.join(ROLES)}")
        hashed = hasher().hash(checked(password, plain)) if password is not None else None
        until = None if own or password is None else time.time() + FIRST_DAYS * 86400
        with self._asking() as database:
            database.execute(
                "insert into users (name, role, password, created, first_until) values (?, ?, ?, ?, ?) on conflict "
                "(name) do update set role = excluded.role, first_until = iif(excluded.password is null, first_until, "
                "excluded.first_until), password = coalesce(excluded.password, password)",
                (plain, role, hashed, stamp(), until),
            )
            database.execute("delete from sessions where user = ?", (plain,))
        self.note(plain, "user added", role, "")
        return User(name=plain, role=role, password=hashed)

    def change(self, name: str, old: str, new: str) -> None:
        """Give a user the password of his choice, and end all his sessions.  Raises `BadUser`."""
        if self.verified(name, old) is None:
            raise BadUser("the old password is wrong", fix="type the password that you logged in with")
        if old == new:
            raise BadUser("this is the old password", fix="choose another one")
        hashed = hasher().hash(checked(new, name))
        with self._asking() as database:
            database.execute("update users set password = ?, first_until = null where name = ?", (hashed, name))
            database.execute("delete from sessions where user = ?", (name,))

    def remove(self, name: str) -> None:
        """Remove a user and end his sessions.  Raises `BadUser`."""
        with self._asking() as database:
            gone = database.execute("delete from users where name = ?", (name,)).rowcount
            database.execute("delete from sessions where user = ?", (name,))
        if not gone:
            raise BadUser(f"there is no user '{name}'", fix="see `comity serve --list-users`")
        self.note(name, "user removed", "", "")

    def all(self) -> list[User]:
        """All users by name."""
        with self._asking() as database:
            rows = database.execute("select name, role, password from users order by name").fetchall()
        return [User(name=n, role=r, password=p) for n, r, p in rows]

    def get(self, name: str) -> User | None:
        """One user."""
        with self._asking() as database:
            row = database.execute(
                "select name, role, password, first_until from users where name = ?", (name,)
            ).fetchone()
        return User(name=row[0], role=row[1], password=row[2], first_until=row[3]) if row else None

    def verified(self, name: str, password: str) -> User | None:
        """The user whose password this is; takes as long where there is none of this name.

        A password that an admin has set lets nobody in after its time.
        """
        from argon2.exceptions import Argon2Error, InvalidHashError

        user = self.get(name)
        known = user.password if user is not None else None
        try:
            hasher().verify(known or _NOBODY, password)
        except (Argon2Error, InvalidHashError):
            return None
        late = user is not None and user.first_until is not None and user.first_until < time.time()
        return user if known and not late else None

    def begin(self, user: str, hours: float) -> str:
        """Begin a session; its secret, of which only the hash is kept.  Old sessions are forgotten."""
        secret, now = secrets.token_urlsafe(32), time.time()
        with self._asking() as database:
            database.execute("delete from sessions where used < ?", (now - hours * 3600,))
            database.execute("insert into sessions values (?, ?, ?, ?)", (hashed_secret(secret), user, now, now))
        return secret

    def of_session(self, secret: str, hours: float) -> User | None:
        """The user of a session that goes on."""
        now, key = time.time(), hashed_secret(secret)
        with self._asking() as database:
            row = database.execute(
                "select u.name, u.role, s.used, u.first_until from sessions s join users u on u.name = s.user "
                "where s.secret = ? and s.used > ?", (key, now - hours * 3600),
            ).fetchone()  # fmt: skip
            if row and now - row[2] > 60:
                database.execute("update sessions set used = ? where secret = ?", (now, key))
        return User(name=row[0], role=row[1], first_until=row[3]) if row else None

    def end(self, secret: str) -> None:
        """End a session."""
        with self._asking() as database:
            database.execute("delete from sessions where secret = ?", (hashed_secret(secret),))

    def note(self, user: str | None, what: str, about: str, address: str) -> None:
        """Write a line into the log."""
        with self._asking() as database:
            database.execute("insert into log values (?, ?, ?, ?, ?)", (stamp(), user, what, about, address))

    def log(self, limit: int) -> list[dict[str, Any]]:
        """The newest lines of the log, newest first."""
        with self._asking() as database:
            rows = database.execute(
                "select time, user, what, about, address from log order by rowid desc limit ?", (limit,)
            ).fetchall()
        return [dict(zip(("time", "user", "what", "about", "address"), r, strict=True)) for r in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._database


_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""A hash that no password has."""


def hasher() -> Any:
    """Argon2id with the parameters of its library (RFC 9106, low memory)."""
    from argon2 import PasswordHasher

    return PasswordHasher()


def hashed_secret(secret: str) -> str:
    """The hash of a session's secret; the secret is random, so a fast one will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def stamp() -> str:
    """The time."""
    return datetime.now(UTC).isoformat(timespec="seconds")
