"""Tables in UTF-16 as streams of UTF-8; others as they stand."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, Final, cast

_PIECE: Final = 1 << 16
_LOOK: Final = 64
"""Bytes by which UTF-16 without a mark is known: half of them are null in any table that is mostly Latin."""


def utf16_of(head: bytes) -> str | None:
    """The UTF-16 codec that the first bytes show, None where they are something else."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:_LOOK:2], head[1:_LOOK:2]
    if len(odd) >= 4 and 2 * odd.count(0) > len(odd) and not even.count(0):
        return "utf-16-le"
    if len(even) >= 4 and 2 * even.count(0) > len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def as_utf8(stream: BinaryIO, known: str | None = None) -> tuple[BinaryIO, str | None]:
    """The stream in UTF-8, and the UTF-16 codec it was in; ``known`` is that of an earlier stretch of the table."""
    head = b""
    while len(head) < _LOOK and (part := stream.read(_LOOK - len(head))):
        head += part
    codec = known or utf16_of(head)
    if codec == "utf-16" and head.startswith(codecs.BOM_UTF16_LE):
        codec, head = "utf-16-le", head[2:]
    elif codec == "utf-16":
        codec, head = "utf-16-be", head[2:]
    raw = _Recoded(head, stream, codec)
    return cast(BinaryIO, io.BufferedReader(raw, _PIECE)), codec


class _Recoded(io.RawIOBase):
    """First the bytes that were looked at, then the rest of the stream, in UTF-8; broken pairs become U+FFFD."""

    def __init__(self, head: bytes, stream: BinaryIO, codec: str | None) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder(codec)("replace") if codec else None
        self._ready = self._recoded(head)
        self._ended = False

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer as far as there is something."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._ready and not self._ended:
            piece = self._stream.read(_PIECE)
            self._ended = not piece
            self._ready = self._recoded(piece)
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _recoded(self, piece: bytes) -> bytes:
        if self._decode is None:
            return piece
        return self._decode.decode(piece, not piece).encode("utf-8", "replace")
