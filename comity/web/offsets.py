"""Offsets in the unit that is asked for: code points, or UTF-16 units as in JavaScript."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any


class Units:
    """Turns offsets in code points of a text into those of a unit."""

    def __init__(self, text: str, unit: str) -> None:
        self._wide = [n for n, c in enumerate(text) if ord(c) > 0xFFFF] if unit == "utf16" else []

    def __call__(self, at: int | None) -> int | None:
        """One offset: each character beyond the first plane before it counts twice in UTF-16."""
        return at if at is None or not self._wide else at + bisect_left(self._wide, at)

    def character(self, at: int) -> int:
        """The code point at an offset of the unit."""
        seen = 0
        for wide in self._wide:
            if wide + seen >= at:
                break
            seen += 1
        return at - seen

    def span(self, start: int | None, end: int | None) -> dict[str, Any]:
        """A start and an end."""
        return {"start": self(start), "end": self(end)}

    def moved(self, value: Any) -> Any:
        """An object in which every ``start`` and ``end`` that is a number stands in the unit."""
        if isinstance(value, dict):
            return {
                k: self(v) if k in ("start", "end") and isinstance(v, int) else self.moved(v) for k, v in value.items()
            }
        return [self.moved(v) for v in value] if isinstance(value, list | tuple) else value
