"""Cursors: where a page of a list ends, as a word that goes into an address."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from comity.errors import BadRequest


def packed(*values: Any) -> str:
    """A cursor of some plain values."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def unpacked(cursor: str, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    """The values of a cursor.  Raises `BadRequest` when it is none of these kinds."""
    try:
        data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return tuple(msgspec.json.decode(data, type=tuple.__class_getitem__(kinds)))
    except (ValueError, msgspec.DecodeError):
        raise BadRequest("this cursor is none", fix="take `next` of the page before as it stands") from None


def offset(cursor: str | None) -> int:
    """The row where a page of a short list begins."""
    if cursor is None:
        return 0
    (at,) = unpacked(cursor, (int,))
    if not 0 <= at <= 10_000_000:
        raise BadRequest("this cursor is none", fix="take `next` of the page before as it stands")
    return int(at)


def page(rows: list[Any], cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
    """A page of a list that is held whole, and the cursor of the next one."""
    at = offset(cursor)
    return rows[at : at + limit], packed(at + limit) if at + limit < len(rows) else None
