"""Bodies as HTTP sends them: chunked, packed; undone within a limit, and only as a whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from comity.errors import FetchTooLarge, PartialDocument, SkipDocument

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_PIECE = 1 << 16


class Unpacker:
    """Undoes one content coding piece by piece, and knows at the end whether the stream was whole.

    ``coding`` is gzip, x-gzip, deflate, br or identity.
    """

    def __init__(self, coding: str) -> None:
        self.coding = coding
        self._first = True
        self._whole = coding == "identity"
        self._zlib = zlib.decompressobj(31 if "gzip" in coding else 15)
        self._brotli = _brotli() if coding == "br" else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What this piece unpacks to, in pieces of a bounded size; `zlib.error` or `ValueError` where damaged."""
        if self.coding == "identity":
            yield data
        elif self._brotli is not None:
            yield from self._brotli_pieces(data)
        else:
            yield from self._zlib_pieces(data)

    def whole(self) -> bool:
        """Whether the end of the packed stream was seen and its checksum held."""
        if self._brotli is not None:
            return bool(self._brotli.is_finished())
        return self._whole or self._zlib.eof

    def _zlib_pieces(self, data: bytes) -> Iterator[bytes]:
        if self._first and self.coding == "deflate" and data and (data[0] & 0x0F) != 8:
            self._zlib = zlib.decompressobj(-15)
        self._first = False
        while data and not self._zlib.eof:
            yield self._zlib.decompress(data, _PIECE)
            data = self._zlib.unconsumed_tail

    def _brotli_pieces(self, data: bytes) -> Iterator[bytes]:
        assert self._brotli is not None
        piece = self._brotli.process(data, output_buffer_limit=_PIECE)
        while piece:
            yield piece
            piece = self._brotli.process(b"", output_buffer_limit=_PIECE)


def _brotli() -> Any:
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:
        raise ValueError("brotli is not installed") from None
    return brotli.Decompressor()


def codings(header: str | None) -> list[str]:
    """The content codings of a header, in the order in which they are undone."""
    named = [c.strip().lower() for c in (header or "").split(",")]
    return [c for c in reversed(named) if c and c != "identity"]


def unpacked(body: bytes, header: str | None, most: int, about: str) -> bytes:
    """A body with its content codings undone.

    A body that was stored unpacked under its old header is taken as it
    stands.  Raises `PartialDocument` where it is damaged or cut,
    `FetchTooLarge` where it grows beyond ``most`` bytes.
    """
    for coding in codings(header):
        if coding not in ("gzip", "x-gzip", "deflate", "br"):
            raise PartialDocument(f"packed as '{coding}', which is not known", about=about, fix="get the page again")
        if "gzip" in coding and not body.startswith(b"\x1f\x8b"):
            continue
        body = _undone(body, coding, most, about)
    return body


def _undone(body: bytes, coding: str, most: int, about: str) -> bytes:
    try:
        unpacker = Unpacker(coding)
        parts: list[bytes] = []
        size = 0
        for at in range(0, len(body), _PIECE):
            for part in unpacker.feed(body[at : at + _PIECE]):
                size += len(part)
                if size > most:
                    raise grows(about, most)
                parts.append(part)
    except SkipDocument:
        raise
    except Exception as error:  # brotli.error has no stable home
        raise PartialDocument(f"its packing is damaged: {error}", about=about, fix="get the page again") from None
    if not unpacker.whole():
        raise PartialDocument("its packed body is cut", about=about, fix="get the page again")
    return b"".join(parts)


def grows(about: str, most: int) -> FetchTooLarge:
    """The error of a body that is too large once unpacked."""
    return FetchTooLarge(f"more than the {most:,} bytes allowed once unpacked", about=about, fix="raise the limit")


def dechunked(body: bytes, about: str) -> bytes:
    """A chunked body in one piece; one that is not chunked, as crawlers store some, as it stands."""
    parts: list[bytes] = []
    at = 0
    while (match := _CHUNK.match(body, at)) is not None:
        size = int(match.group(1), 16)
        if size == 0:
            return b"".join(parts)
        start, at = match.end(), match.end() + size
        parts.append(body[start:at])
        if at > len(body):
            break
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    if not parts:
        return body
    raise PartialDocument("its chunked body is cut or damaged", about=about, fix="get the page again")
