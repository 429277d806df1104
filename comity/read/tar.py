"""Tar archives as streams: headers checked by their sums, members by what follows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from comity.errors import ArchiveTooLarge, CutArchive, DamagedArchive, SkipDocument

BLOCK = 512
_ZERO = bytes(BLOCK)
_MOST_NAME = 65_536
_PIECE = 1 << 16


class TarMember(NamedTuple):
    """A file of a tar archive, with its bytes; or the error that stands for a stretch of it."""

    name: str
    at: int
    data: bytes
    error: SkipDocument | None = None


class _Header(NamedTuple):
    name: str
    size: int
    kind: bytes


def read_tar(stream: BinaryIO, name: str, most: int, *, headless: bool = False) -> Iterator[TarMember]:
    """The files of a tar archive of at most ``most`` bytes each; larger ones are errors.

    ``headless`` says that the stream may begin in the middle of a member, as
    behind a damaged stretch.
    """
    yield from _Tar(stream, name, most, headless)


class _Tar:
    def __init__(self, stream: BinaryIO, name: str, most: int, headless: bool) -> None:
        self._stream = stream
        self._name = name
        self._most = most
        self._buffer = bytearray()
        self._at = 0
        self._ended = False
        self._closed = False
        self._headless = headless

    def __iter__(self) -> Iterator[TarMember]:
        if self._headless:
            self._search()
        long_name: str | None = None
        long_size: int | None = None
        while self._fill(1):
            if not self._fill(BLOCK):
                if any(self._buffer):
                    yield self._cut(self._at, "")
                return
            block = bytes(self._buffer[:BLOCK])
            self._closed = block == _ZERO
            if self._closed:
                self._drop(BLOCK)
                continue
            header = parse_header(block)
            if header is None:
                yield self._damage("a header does not fit its checksum")
                continue
            if header.kind in b"LxgKX" and header.size <= _MOST_NAME:
                extension = self._extension(header)
                if isinstance(extension, TarMember):
                    yield extension
                    continue
                long_name, long_size = (
                    extension[0] or long_name,
                    extension[1] if extension[1] is not None else long_size,
                )
                continue
            header = _Header(long_name or header.name, header.size if long_size is None else long_size, header.kind)
            long_name = long_size = None
            yield from self._member(header)
        if not self._closed:
            yield self._cut(self._at, "")

    def _extension(self, header: _Header) -> tuple[str | None, int | None] | TarMember:
        """A longer name or size for the member that follows."""
        end = BLOCK + _padded(header.size)
        if not self._fill(end):
            return self._cut(self._at, header.name)
        data = bytes(self._buffer[BLOCK : BLOCK + header.size])
        self._drop(end)
        if header.kind == b"L":
            return data.rstrip(b"\0").decode("utf-8", "replace"), None
        return pax(data) if header.kind in b"xX" else (None, None)

    def _member(self, header: _Header) -> Iterator[TarMember]:
        start = self._at
        size = header.size if header.kind in b"0\x007" else 0
        if BLOCK + size > self._most + BLOCK:
            yield from self._large(header, start)
            return
        end = BLOCK + _padded(size)
        whole = self._fill(end)
        embedded = self._wrong_end(end) if size >= BLOCK or not whole else -1
        if embedded >= 0 or (whole and not self._sound(size, end)):
            about = f"{self._name}!{header.name}"
            self._drop(embedded if embedded >= 0 else BLOCK)
            if embedded < 0:
                self._search()
            yield TarMember(header.name, start, b"", _damaged(about, start, self._at, _length(size)))
            return
        if not self._fill(BLOCK + size):
            yield self._cut(start, header.name)
            return
        data = bytes(self._buffer[BLOCK : BLOCK + size])
        self._drop(min(end, len(self._buffer)))
        if header.kind in b"0\x007" and not header.name.endswith("/"):
            yield TarMember(header.name, start, data)

    def _sound(self, size: int, end: int) -> bool:
        """Whether a member can end where its length says: zeros fill its last block, and no text goes on behind."""
        if any(self._buffer[BLOCK + size : end]):
            return False
        data = self._buffer[BLOCK : BLOCK + size]
        if data[-1:] == b"\0" and (bare := data.rstrip(b"\0")) and b"\0" not in bare:
            return False
        if end > BLOCK + size:
            return True
        behind = bytes(self._buffer[end : end + BLOCK])
        return len(behind) < BLOCK or behind == _ZERO or _like_header(behind)

    def _wrong_end(self, end: int) -> int:
        """Where a member's length is wrong, the offset of the first header inside it; else -1.

        A member that holds a header has swallowed its followers, unless it is
        a tar archive itself: that begins with a header, and a header, zeros or
        the end of the archive follow it.
        """
        self._fill(end + BLOCK)
        inside = self._header_within(end)
        if inside == BLOCK:
            behind = bytes(self._buffer[end : end + BLOCK])
            short = len(behind) < BLOCK and len(self._buffer) >= end
            if short or behind == _ZERO or (len(behind) == BLOCK and parse_header(behind) is not None):
                return -1
        return inside

    def _header_within(self, end: int) -> int:
        """The offset of the first header in the data of a member, or -1."""
        at = self._buffer.find(b"ustar", BLOCK + 257)
        while 0 <= at < end:
            if (at - 257) % BLOCK == 0 and parse_header(bytes(self._buffer[at - 257 : at - 257 + BLOCK])) is not None:
                return at - 257
            at = self._buffer.find(b"ustar", at + 1)
        return -1

    def _large(self, header: _Header, start: int) -> Iterator[TarMember]:
        """Pass a member that is too large to be read; a header inside it shows that its length is wrong."""
        about = f"{self._name}!{header.name}"
        self._drop(BLOCK)
        left = _padded(header.size)
        while left > 0 and self._fill(1):
            self._fill(_PIECE)
            for at in range(0, min(left, len(self._buffer)) - BLOCK + 1, BLOCK):
                if self._buffer[at + 257 : at + 262] == b"ustar" and parse_header(bytes(self._buffer[at : at + BLOCK])):
                    self._drop(at)
                    yield TarMember(header.name, start, b"", _damaged(about, start, self._at, _length(header.size)))
                    return
            step = min(left, len(self._buffer))
            left -= step
            self._drop(step)
        if left > 0:
            yield self._cut(start, header.name)
        elif header.kind in b"0\x007":
            error = ArchiveTooLarge(
                f"{header.size:,} bytes, more than the {self._most:,} allowed", about=about, fix="raise the limit"
            )
            yield TarMember(header.name, start, b"", error)

    def _damage(self, what: str) -> TarMember:
        start = self._at
        self._drop(1)
        self._search()
        return TarMember("", start, b"", _damaged(f"{self._name} at byte {start:,}", start, self._at, what))

    def _search(self) -> None:
        """Go to the next header, wherever it begins."""
        while self._fill(BLOCK):
            at = self._buffer.find(b"ustar", 257)
            while at >= 0 and self._fill(at - 257 + BLOCK):
                if parse_header(bytes(self._buffer[at - 257 : at - 257 + BLOCK])) is not None:
                    self._drop(at - 257)
                    return
                at = self._buffer.find(b"ustar", at + 1)
            if self._ended:
                break
            self._drop(max(0, len(self._buffer) - 262))
            self._fill(_PIECE)
        self._drop(len(self._buffer))

    def _cut(self, start: int, member: str) -> TarMember:
        self._drop(len(self._buffer))
        about = f"{self._name}!{member}" if member else f"{self._name} at byte {start:,}"
        told = "the archive ends inside a member" if member else "the archive ends without the mark of its end"
        return TarMember(member, start, b"", CutArchive(told, about=about, fix="get the archive again"))

    def _fill(self, size: int) -> bool:
        while len(self._buffer) < size and not self._ended:
            piece = self._stream.read(max(_PIECE, min(size - len(self._buffer), 1 << 20)))
            self._ended = not piece
            self._buffer += piece
        return len(self._buffer) >= size

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._at += size


def parse_header(block: bytes) -> _Header | None:
    """A header, None where the block is none: its checksum and its numbers must fit."""
    told = _number(block[148:156])
    if told is None or len(block) < BLOCK:
        return None
    if sum(block) - sum(block[148:156]) + 8 * 32 != told:
        return None
    size = _number(block[124:136])
    if size is None or size < 0:
        return None
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500].split(b"\0", 1)[0] if block[257:263] == b"ustar\0" else b""
    whole = prefix + b"/" + name if prefix else name
    return _Header(whole.decode("utf-8", "replace"), size, block[156:157])


def _like_header(block: bytes) -> bool:
    """Whether a block is a header, maybe a damaged one: its fields of numbers hold digits."""
    digits = sum(byte in b"01234567" for byte in block[100:156])
    return digits >= 20 and digits + sum(byte in b" \0" for byte in block[100:156]) >= 48


def _number(field: bytes) -> int | None:
    """A number in octal, or in base 256 where its first bit is set."""
    if field[:1] and field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0")
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        return None


def pax(data: bytes) -> tuple[str | None, int | None]:
    """The name and the size that a pax header tells."""
    name: str | None = None
    size: int | None = None
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data):
            break
        key, _, found = data[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        if key == b"path":
            name = found.decode("utf-8", "replace")
        elif key == b"size" and found.isdigit():
            size = int(found)
        data = data[int(length) :]
    return name, size


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _length(size: int) -> str:
    return f"its length of {size:,} bytes does not fit what follows"


def _damaged(about: str, start: int, end: int, what: str) -> DamagedArchive:
    told = f"the archive is damaged from byte {start:,} to {end:,}: {what}"
    return DamagedArchive(told, about=about, fix="get the archive again; what follows was read")
