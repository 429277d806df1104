"""The decisions as methods of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from comity.record.decided.records import Decision
    from comity.record.store import Store


class Deciding:
    """Methods that append decisions; each takes ``reason``, and ``author`` where it is not the usual one."""

    def correct(self, event: str, *, reason: str, author: str | None = None, **fields: Any) -> Decision:
        """Correct type, mode, sides, status, days, speaker, place, count or participants: see `decisions.correct`."""
        from comity.record import decisions

        return decisions.correct(cast("Store", self), event, reason=reason, author=author, **fields)

    def reject(self, event: str, *, reason: str, author: str | None = None) -> Decision:
        """Say that an event is none."""
        from comity.record import decisions

        return decisions.reject(cast("Store", self), event, reason=reason, author=author)

    def confirm(self, event: str, *, reason: str = "read right", author: str | None = None) -> Decision:
        """Say that an event was read right."""
        from comity.record import decisions

        return decisions.confirm(cast("Store", self), event, reason=reason, author=author)

    def merge(self, *events: str, reason: str, author: str | None = None) -> Decision:
        """Say that events are one."""
        from comity.record import decisions

        return decisions.merge(cast("Store", self), events, reason=reason, author=author)

    def split(self, event: str, reports: Sequence[str], *, reason: str, author: str | None = None) -> Decision:
        """Make an event of its own of some reports of an event."""
        from comity.record import decisions

        return decisions.split(cast("Store", self), event, reports, reason=reason, author=author)

    def add_event(
        self, document: str, start: int, end: int, *, reason: str, author: str | None = None, **fields: Any
    ) -> Decision:
        """Add an event that the reader missed in a stretch of a document."""
        from comity.record import decisions

        return decisions.add(cast("Store", self), document, start, end, reason=reason, author=author, **fields)

    def undo(self, decision: str, *, reason: str, author: str | None = None) -> Decision:
        """Take a decision back."""
        from comity.record import decisions

        return decisions.undo(cast("Store", self), decision, reason=reason, author=author)

    def decisions(self, event: str | None = None, *, orphaned: bool = False) -> list[dict[str, Any]]:
        """Decisions in order, with what became of each."""
        from comity.record import decisions

        return decisions.decisions(cast("Store", self), event, orphaned=orphaned)
