"""Days and confidence in few words, for people."""

from __future__ import annotations

from datetime import date, timedelta

from comity.model import EventDate


def sureness(confidence: float) -> str:
    """A word for a confidence."""
    return "sure" if confidence >= 0.8 else "likely" if confidence >= 0.6 else "unsure"


def many(number: int, noun: str, nouns: str = "") -> str:
    """``1 event``, ``2,000 events``, ``3 countries`` (the plural where it is not the noun with an s)."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def long_day(day: date) -> str:
    """``16 December 2021``."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """``16 Dec 2021``."""
    return f"{day.day} {day:%b %Y}"


def when(dated: EventDate, status: str) -> str:
    """A date range in few words, after its precision."""
    start, end = dated.start, dated.end
    if start is None:
        return "undated"
    if end is None:
        return f"from {short_day(start)}" if status in {"announced", "possible"} else short_day(start)
    if start == end:
        return short_day(start)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}-{end.year}"
    if start.day == 1 and (end + timedelta(days=1)).day == 1 and (start.year, start.month) == (end.year, end.month):
        return f"{start:%b %Y}"
    if end - start <= timedelta(days=3) and dated.precision == "day":
        return f"about {short_day(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%b} - {short_day(end)}"
    return f"{short_day(start)} - {short_day(end)}"
