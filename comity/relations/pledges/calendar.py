"""Pledges as an iCalendar file (RFC 5545): one all-day event for each pledge that tells a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from comity.record.wording import many, short_day
from comity.relations.pledges.model import Pledge
from comity.relations.pledges.windows import DAY, after
from comity.version import VERSION

WIDE = timedelta(days=7)
"""A pledge due within more days than these stands on its last day, as a deadline."""
FOLD = 75
"""Octets of a line at most."""
STATUS = {"open": "TENTATIVE", "lapsed": "TENTATIVE", "fulfilled": "CONFIRMED", "broken": "CANCELLED",
          "overtaken": "CANCELLED"}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def calendar(pledges: Iterable[Pledge], naming: Callable[[str], str] = str, title: str = "Pledges") -> bytes:
    """The file: UTF-8, CRLF, folded lines.  ``naming`` gives the display name of an actor's code.

    The UID is that of the announced event, so that a newer file replaces the entries of an older one.  Pledges
    without a day are left out.
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Comity//Comity {VERSION}//EN", "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(title)}",
    ]  # fmt: skip
    for pledge in pledges:
        if pledge.due_start is not None and pledge.due_end is not None:
            lines += entry(pledge, naming)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) for line in lines).encode()


def entry(pledge: Pledge, naming: Callable[[str], str]) -> Iterator[str]:
    """The lines of one entry."""
    act = pledge.act
    first, last = pledge.due_start or date.min, pledge.due_end or date.max
    wide = last - first > WIDE
    start = last if wide else first
    by = f" (by {short_day(last)})" if wide else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(act.id)}@comity"
    yield f"DTSTAMP:{basic(pledge.as_of)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{basic(start)}"
    yield f"DTEND;VALUE=DATE:{basic(after(last, DAY))}"
    yield f"SUMMARY:{escaped(summary(pledge, naming) + by)}"
    yield f"DESCRIPTION:{escaped(description(pledge))}"
    yield f"CATEGORIES:{escaped(pledge.state)},{escaped(act.type)}"
    yield f"STATUS:{STATUS[pledge.state]}"
    if act.place:
        yield f"LOCATION:{escaped(act.place)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def summary(pledge: Pledge, naming: Callable[[str], str]) -> str:
    """Who does what to whom, and how it stands."""
    act = pledge.act
    sides = [", ".join(naming(c) for c in side) or "?" for side in (act.sources, act.targets)]
    arrow = "and" if act.symmetric else "to"
    did = act.type.lower() + (f", {act.mode}" if act.mode else "")
    doubt = "?" if pledge.doubtful and pledge.state != "open" else ""
    return f"[{pledge.state}{doubt}] {sides[0]} {arrow} {sides[1]}: {did}"


def description(pledge: Pledge) -> str:
    """The sentence, on whose word, why it stands so, and the sentence that settles it."""
    act = pledge.act
    parts = [f"“{act.evidence.text}”" if act.evidence else ""]
    speaker = act.speaker or act.speaker_state
    first = f"first told {short_day(pledge.made)}"
    told = [f"told by {speaker}" if speaker else "", first, many(act.reports, "report")]
    parts.append(", ".join(t for t in told if t))
    parts.append(f"{pledge.state} ({pledge.score:.2f}): " + "; ".join(pledge.reasons))
    if pledge.settled and pledge.settled.act.evidence:
        parts.append(f"“{pledge.settled.act.evidence.text}”")
    return "\n".join(p for p in parts if p)


def basic(day: date) -> str:
    """A day as YYYYMMDD, with all four digits of the year."""
    return day.isoformat().replace("-", "")


def escaped(text: str) -> str:
    """Text as a value: no control characters, backslash, semicolon, comma and line end escaped."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for raw in ("\\", ";", ","):
        plain = plain.replace(raw, "\\" + raw)
    return plain.replace("\n", "\\n")


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, none of them inside a character."""
    pieces: list[str] = []
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode("utf-8", "replace"))
        if size + width > FOLD:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += width
    pieces.append(piece)
    return "\r\n".join(pieces) + "\r\n"
