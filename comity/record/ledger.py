"""What a record has already taken in: inputs by where they come from and what they hold, documents by id."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.record.store import Store


class Ledger:
    """Answers whether an input or a document is known: a number of 64 bits each, 70 to 80 bytes as a member of a set.

    Two entries a document: ten million documents take some 1.5 GB.
    """

    def __init__(self, store: Store) -> None:
        self._inputs: set[int] = set()
        self._documents: set[int] = set()
        self._skipped: dict[int, int] = {}
        inputs = store.query("select key, content_hash from inputs")
        self._inputs.update(
            _short(k, h) for k, h in zip(*(inputs.column(n).to_pylist() for n in (0, 1)), strict=True)
        )
        self._documents.update(_short(d) for d in store.query("select id from documents").column(0).to_pylist())
        skipped = store.query("select key, content_hash, code from skipped")
        for key, content, code in zip(*(skipped.column(n).to_pylist() for n in (0, 1, 2)), strict=True):
            self._skipped[_short(key)] = _short(content or "", code)

    def has_input(self, key: str, content: str) -> bool:
        """Whether the same bytes from the same place were taken in."""
        return _short(key, content) in self._inputs

    def has_document(self, document: str) -> bool:
        """Whether a document of this id is in the record, or about to be."""
        return _short(document) in self._documents

    def has_skipped(self, key: str, content: str, code: str) -> bool:
        """Whether the same was skipped before for the same reason."""
        return self._skipped.get(_short(key)) == _short(content, code)

    def note_input(self, key: str, content: str) -> None:
        """Remember an input."""
        self._inputs.add(_short(key, content))

    def note_document(self, document: str) -> None:
        """Remember a document."""
        self._documents.add(_short(document))


def _short(*parts: str) -> int:
    return int.from_bytes(blake2b("\x00".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), "little")
