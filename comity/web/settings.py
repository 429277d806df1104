"""Every limit of the server, as one record that the environment can change."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.errors import BadRequest
from comity.model import Record

PREFIX = "COMITY_WEB_"


class Settings(Record, frozen=True):
    """How the server behaves.  Each field but the record can be set in the environment: COMITY_WEB_ and its name.

    Times are seconds, sizes bytes unless said otherwise; 0 takes away a limit of rate.
    """

    record: Path
    host: str = "127.0.0.1"
    port: int = 8377
    allow_hosts: tuple[str, ...] = ()
    """Further names under which the server may be asked (in the environment: with commas between)."""
    static: Path | None = None
    """Folder of the page, where it is not the one in the package."""
    team: bool = False
    users: Path | None = None
    """File of users and sessions; beside the record where it is not given."""
    trust_header: str | None = None
    """Header in which a reverse proxy names the user; it is believed from `trust_from` only."""
    trust_from: tuple[str, ...] = ("127.0.0.1", "::1")
    https: bool = False
    """The server is reached by HTTPS (through a proxy): cookies are marked Secure, browsers told to stay."""
    author: str | None = None
    """Who decides, where there is no team."""
    threads: int = max(2, min(4, os.cpu_count() or 2))
    """Questions that are answered at the same time, each with its own connection to the record."""
    seconds: float = 10.0
    """Longest time of one question, waiting for a free thread included twice at most."""
    page_rows: int = 500
    """Most rows of one page of a list."""
    table_rows: int = 100_000
    """Most rows of one table as CSV or Parquet."""
    body_bytes: int = 200_000
    """Longest body of a request, but for `read_bytes`."""
    read_bytes: int = 4_000_000
    """Longest body of a request to read a text."""
    read_characters: int = 200_000
    """Longest text that is read at once."""
    read_seconds: float = 30.0
    """Longest time of reading one text."""
    read_waiting: int = 8
    """Texts that may wait for the reader."""
    warm: bool = False
    """Whether record and reader are loaded at the start, not with the first question (about 250 MB of memory)."""
    per_minute: int = 6_000
    """Requests a minute of one user, or of one address where nobody has logged in."""
    reads_per_minute: int = 60
    """Texts a minute that one user may have read."""
    logins_per_minute: int = 10
    """Attempts a minute to log in under one name."""
    cache_bytes: int = 64_000_000
    """Memory for answers that are kept until what they hang on changes."""
    late_seconds: float = 10.0
    """How long an answer from the whole record is shown after a decision while it is worked out anew, at most."""
    session_hours: float = 12.0
    """A session ends when it is not used for so long."""

    @property
    def users_file(self) -> Path:
        """Where users are kept."""
        name = self.record.resolve()
        return self.users or name.with_name(name.name + ".users.sqlite")


def from_environment(given: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from what is given (None: not given), the environment, and the defaults.

    Raises `BadRequest` for a value that is none.
    """
    there = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        text = there.get(PREFIX + name.upper()) if name != "record" else None
        if given.get(name) is not None:
            found[name] = given[name]
        elif text is not None:
            found[name] = [t.strip() for t in text.split(",")] if name in ("allow_hosts", "trust_from") else text
    plain = {k: str(v) if isinstance(v, Path) else v for k, v in found.items()}
    try:
        return msgspec.convert(plain, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise BadRequest(f"a setting is wrong: {error}", fix="see docs/serve.md for all of them") from None


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)
