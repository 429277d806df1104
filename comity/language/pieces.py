"""Words cut into the pieces the encoder reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer

MAX_PIECES: Final = 8
"""Pieces kept of one word; a web address has dozens that say nothing."""

_CACHE_LIMIT: Final = 200_000


class Pieces:
    """Cuts single words into piece numbers, remembering what it has seen."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cache: dict[str, list[int]] = {}
        self.start = self._number("[CLS]")
        self.end = self._number("[SEP]")
        self.unknown = self._number("[UNK]")

    def _number(self, piece: str) -> int:
        number = self._tokenizer.token_to_id(piece)
        if number is None:
            raise ValueError(f"the tokeniser has no {piece}")
        return int(number)

    def of(self, words: Sequence[str]) -> list[list[int]]:
        """The piece numbers of every word, never none."""
        return [self._cache.get(word) or self._cut(word) for word in words]

    def _cut(self, word: str) -> list[int]:
        ids = self._tokenizer.encode(word[:200], add_special_tokens=False).ids[:MAX_PIECES]
        ids = list(ids) or [self.unknown]
        if len(self._cache) > _CACHE_LIMIT:
            self._cache.clear()
        self._cache[word] = ids
        return ids
