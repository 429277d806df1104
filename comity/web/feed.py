"""Atom feeds (RFC 4287) of events, so that any search can be watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

SAFE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))
"""Characters that XML 1.0 does not allow."""


def atom(cards: Sequence[Mapping[str, Any]], *, title: str, path: str) -> str:
    """A feed of event cards; ``path`` is the address of what was asked for, without the host.

    Ids are tags of the events; links are relative to the server.
    """
    newest = max((c["first_seen"] or c["date"]["start"] or date.min for c in cards), default=date(1970, 1, 1))
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{text(title)}</title><id>tag:comity,2026:{text(path)}</id><updated>{moment(newest)}</updated>"
        f'<author><name>Comity</name></author><link rel="self" href={quoteattr(clean(path))}/>\n'
    )
    return head + "".join(entry(c) for c in cards) + "</feed>\n"


def entry(card: Mapping[str, Any]) -> str:
    """One event."""
    told = (card["evidence"] or {}).get("text") or ""
    line = f"{card['status']} {card['date']['text']}: {card['title']}"
    seen = card["first_seen"] or card["date"]["start"] or date(1970, 1, 1)
    return (
        f"<entry><title>{text(line)}</title><id>tag:comity,2026:{text(card['id'])}</id>"
        f"<updated>{moment(seen)}</updated><link href={quoteattr('/event/' + clean(card['id']))}/>"
        f"<category term={quoteattr(clean(card['type'] or ''))}/><summary>{text(told)}</summary></entry>\n"
    )


def clean(given: str) -> str:
    """Text that XML can hold."""
    return given.translate(SAFE).encode("utf-8", "replace").decode()


def text(given: str) -> str:
    """Text as the content of an element."""
    return escape(clean(" ".join(given.split())))


def moment(day: date) -> str:
    """A day as a time."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat().replace("+00:00", "Z")
