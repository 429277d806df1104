"""What may be read: sizes that a document must keep to."""

from __future__ import annotations

from comity.model import Record


class Limits(Record, frozen=True):
    """Limits of one document; the reader skips what goes beyond them."""

    max_bytes: int = 25_000_000
    max_text: int = 1_000_000
    max_depth: int = 1_000
    max_markup: int = 10_000_000
    """Longest page (HTML) in bytes: its tree takes many times that in memory."""
