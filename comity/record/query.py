"""Questions to a record as SQL: filters, searches, and the names of what is asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from comity.errors import BadPeriod, BadUsage
from comity.model import Record

STATUSES = ("occurred", "announced", "possible", "negated")


class Filter(Record, frozen=True):
    """Which events: codes of actors, types, statuses, first and last day (inclusive), least confidence.

    ``pair`` is met in either direction, with ``directed`` only from the first to the second.
    """

    pair: tuple[str, str] | None = None
    directed: bool = False
    actor: str | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    min_confidence: float | None = None

    def where(self) -> tuple[str, list[Any]]:
        """A condition over `events` or `reports`, and its values."""
        parts: list[str] = []
        values: list[Any] = []
        self._actors(parts, values)
        for column, wanted in (("type", self.types), ("status", self.statuses)):
            if wanted:
                parts.append(f"{column} in ({', '.join('?' * len(wanted))})")
                values += wanted
        if self.since:
            parts.append("coalesce(date_end, date_start) >= ?")
            values.append(self.since)
        if self.until:
            parts.append("coalesce(date_start, date_end) <= ?")
            values.append(self.until)
        if self.min_confidence is not None:
            parts.append("confidence >= ?")
            values.append(self.min_confidence)
        return " and ".join(parts) or "true", values

    def _actors(self, parts: list[str], values: list[Any]) -> None:
        if self.pair:
            first, second = self.pair
            there = "(list_contains(sources, ?) and list_contains(targets, ?))"
            values += [first, second]
            if not self.directed:
                there = f"({there} or {there})"
                values += [second, first]
            parts.append(there)
        if self.actor:
            parts.append("(list_contains(sources, ?) or list_contains(targets, ?))")
            values += [self.actor, self.actor]


def day(value: date | str | None, *, end: bool = False) -> date | None:
    """A day from a date, "2021-12-15", "2021-12" or "2021"; with ``end`` the last day of that month or year."""
    if value is None or isinstance(value, date):
        return value
    text = value.strip()
    try:
        if re.fullmatch(r"\d{4}", text):
            return date(int(text), 12, 31) if end else date(int(text), 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}", text):
            year, month = int(text[:4]), int(text[5:])
            if not end:
                return date(year, month, 1)
            date(year, month, 1)  # refuses a 13th month, which the next line would take for January
            following = date(year + month // 12, month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return date.fromisoformat(text)
    except ValueError:
        raise BadUsage(f"'{value}' is no day", fix="write 2021-12-15, 2021-12 or 2021") from None


def period(since: date | str | None, until: date | str | None) -> tuple[date | None, date | None]:
    """The first and the last day, each as `day` takes it.  Raises `BadUsage`, `BadPeriod` where none lies between."""
    first, last = day(since), day(until, end=True)
    if first and last and last < first:
        told = f"the last day, {last}, lies before the first, {first}"
        raise BadPeriod(told, fix="give a first day (--since) that is not after the last (--until)")
    return first, last


def statuses(given: Sequence[str] | str | None) -> tuple[str, ...]:
    """Statuses as asked for, checked."""
    listed = listing(given)
    for one in listed:
        if one not in STATUSES:
            raise BadUsage(f"there is no status '{one}'", fix=f"use {', '.join(STATUSES)}")
    return listed


def listing(given: Sequence[str] | str | None) -> tuple[str, ...]:
    """One or several words, also with commas between them."""
    if given is None:
        return ()
    texts = [given] if isinstance(given, str) else list(given)
    return tuple(part.strip() for text in texts for part in text.split(",") if part.strip())


def words(text: str) -> str:
    """Text as `index.WORDS` makes it: words in small letters without accents, one blank between them."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def terms(query: str) -> list[str]:
    """What must be found for a search: every word, every "phrase in quotation marks", every begin*."""
    found: list[str] = []
    for phrase, word in re.findall(r"[\"“”]([^\"“”]+)[\"“”]|(\S+)", query):
        plain = words(phrase or word)
        if plain:
            found.append(f" {plain}" if word.endswith("*") else f" {plain} ")
    return found
