"""Gzip files member by member: each is checked to its last byte before anything of it is given.

zlib tells a wrong checksum only at the end of a member and a cut one not at
all, so a member is unpacked once to check it; a small one is kept meanwhile,
a large one is unpacked a second time to be read.  Behind a damaged member
reading goes on at the next member that is whole.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple, cast

from comity.errors import ArchiveTooLarge, CutArchive, DamagedArchive, SkipDocument
from comity.read.limits import Limits

_PIECE = 1 << 16
_KEEP = 4_000_000
_MAGIC = b"\x1f\x8b\x08"
_LEAST_CUT = 64
"""A member that is cut and gives fewer bytes than this is chance, not a member."""


class Member(NamedTuple):
    """One stretch of a gzip file, ``[start, end)``: a member that is whole, one that is cut, or damaged bytes.

    ``data`` is what it holds, None where that is too much to keep; ``size`` is its length.
    """

    start: int
    end: int
    state: Literal["ok", "cut", "bad", "bomb"]
    size: int
    data: bytes | None
    detail: str = ""


class Gzip:
    """A gzip file in a stream that can seek."""

    def __init__(self, stream: BinaryIO, name: str, limits: Limits) -> None:
        self.stream = stream
        self.name = name
        self.limits = limits
        self.length = stream.seek(0, io.SEEK_END)
        self._failures = 0

    def members(self, start: int = 0) -> Iterator[Member]:
        """One stretch after another, from offset ``start``; damaged ones among them.

        Raises `ArchiveTooLarge` where there is no end to what it holds.
        """
        total = 0
        at = start
        while at < self.length and not self._padding(at):
            member = self._member(at)
            total += member.size
            if total > self.limits.max_unpacked:
                raise ArchiveTooLarge(
                    f"more than the {self.limits.max_unpacked:,} bytes allowed once unpacked",
                    about=self.name,
                    fix="raise the limit max_unpacked",
                )
            yield member
            at = member.end

    def error(self, member: Member) -> SkipDocument:
        """The error that tells of a stretch that is not whole."""
        about = f"{self.name} at byte {member.start:,}"
        if member.state == "bomb":
            return ArchiveTooLarge(
                f"it grows more than {self.limits.max_ratio}-fold when unpacked, like a bomb",
                about=about,
                fix="raise the limit max_ratio if it is none",
            )
        if member.state == "cut":
            return CutArchive("the gzip file ends inside a member", about=about, fix="get the file again")
        return DamagedArchive(
            f"gzip is damaged from byte {member.start:,} to {member.end:,}: {member.detail}",
            about=about,
            fix="get the file again; what follows was read",
        )

    def open(self, member: Member) -> BinaryIO:
        """What a member holds, as a stream."""
        if member.data is not None:
            return io.BytesIO(member.data)
        return cast(BinaryIO, io.BufferedReader(_Inflating(self.stream, member.start, member.size), _PIECE))

    def _padding(self, at: int) -> bool:
        """Whether only zeros follow, as tape blocks leave them."""
        self.stream.seek(at)
        while piece := self.stream.read(_PIECE):
            if piece.count(0) != len(piece):
                return False
        return True

    def _member(self, at: int) -> Member:
        """The stretch that begins here; one that is not whole reaches to the next that is."""
        member = self._probe(at)
        if member.state == "ok":
            return member
        following = self._resync(at + 1)
        if following is None:
            return member._replace(end=self.length)
        if member.state == "cut":
            member = member._replace(state="bad", detail="it runs into the next member", data=None)
        return member._replace(end=following)

    def _resync(self, at: int) -> int | None:
        """The offset of the next member that is whole, or, at the end of the file, of one that is cut."""
        for candidate in self._candidates(at):
            member = self._probe(candidate)
            if member.state == "ok" or (member.state == "cut" and member.size >= _LEAST_CUT):
                return candidate
            self._failures += 1
            if self._failures >= self.limits.max_damages:
                return None
        return None

    def _candidates(self, at: int) -> Iterator[int]:
        """Offsets where the first bytes of a member stand."""
        overlap = 10
        while at < self.length:
            self.stream.seek(at)
            piece = self.stream.read(_PIECE + overlap)
            found = piece.find(_MAGIC)
            while 0 <= found < _PIECE:
                head = piece[found : found + 10]
                if len(head) == 10 and not head[3] & 0xE0 and head[8] in (0, 2, 4) and (head[9] < 14 or head[9] == 255):
                    yield at + found
                found = piece.find(_MAGIC, found + 1)
            at += _PIECE

    def _probe(self, start: int) -> Member:
        """Unpack a member to its end without keeping more than a little."""
        unpack = zlib.decompressobj(31)
        self.stream.seek(start)
        read = size = 0
        kept: list[bytes] | None = []
        try:
            while not unpack.eof:
                piece = self.stream.read(_PIECE)
                if not piece:
                    data = b"".join(kept) if kept is not None else None
                    return Member(start, self.length, "cut", size, data)
                read += len(piece)
                while piece and not unpack.eof:
                    out = unpack.decompress(piece, 1 << 20)
                    size += len(out)
                    if kept is not None:
                        kept.append(out)
                        kept = kept if size <= _KEEP else None
                    if size > self.limits.ratio_from and size > read * self.limits.max_ratio:
                        return Member(start, start + read, "bomb", size, None)
                    piece = unpack.unconsumed_tail
        except zlib.error as error:
            told = str(error).rsplit(": ", 1)[-1]
            return Member(start, start + read, "bad", size, None, told)
        end = start + read - len(unpack.unused_data)
        return Member(start, end, "ok", size, b"".join(kept) if kept is not None else None)


class _Inflating(io.RawIOBase):
    """A member that was checked before, unpacked again; ends after ``size`` bytes or where it is damaged."""

    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream = stream
        self._at = start
        self._left = size
        self._unpack = zlib.decompressobj(31)
        self._tail = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        out = b""
        while not out and self._left > 0 and not self._unpack.eof:
            packed = self._tail or self._packed()
            if not packed:
                break
            try:
                out = self._unpack.decompress(packed, min(len(buffer), self._left))
            except zlib.error:  # only in a damaged member that is read all the same
                break
            self._tail = self._unpack.unconsumed_tail
        self._left -= len(out)
        buffer[: len(out)] = out
        return len(out)

    def _packed(self) -> bytes:
        self._stream.seek(self._at)
        piece = self._stream.read(_PIECE)
        self._at += len(piece)
        return piece


class Stretch(io.RawIOBase):
    """What consecutive members hold, as one stream; it ends at the first damage, told in ``damage``."""

    def __init__(self, file: Gzip, members: Iterator[Member], doubtful: bool) -> None:
        self.damage: Member | None = None
        self.error: SkipDocument | None = None
        self.done = False
        self._file = file
        self._members = members
        self._doubtful = doubtful
        self._current: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        while True:
            if self._current is not None:
                if part := self._current.read(len(buffer)):
                    buffer[: len(part)] = part
                    return len(part)
                self._current = None
            if self.damage is not None or self.done or not self._next():
                return 0

    def _next(self) -> bool:
        try:
            member = next(self._members, None)
        except SkipDocument as error:
            self.error, self.done = error, True
            return False
        if member is None:
            self.done = True
            return False
        if member.state != "ok":
            self.damage, self.error = member, self._file.error(member)
        if member.state in ("ok", "cut") or (self._doubtful and member.state == "bad" and member.size):
            self._current = self._file.open(member)
            return True
        return False


def stretches(file: Gzip, doubtful: bool = False) -> Iterator[tuple[int, Stretch]]:
    """Streams of undamaged bytes with the offset of each; read one to its end before the next is asked for."""
    members = file.members()
    at = 0
    while True:
        stretch = Stretch(file, members, doubtful)
        yield at, stretch
        if stretch.damage is None or stretch.done:
            return
        at = stretch.damage.end


class Whole(io.RawIOBase):
    """All that a gzip file holds, for what can be read only as a whole: damage raises."""

    def __init__(self, stream: BinaryIO, name: str, limits: Limits) -> None:
        self._file = Gzip(stream, name, limits)
        self._stretch = Stretch(self._file, self._file.members(), False)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        count = self._stretch.readinto(buffer)
        if self._stretch.error is not None:
            raise self._stretch.error
        return count

    def close(self) -> None:
        """Close the file below as well."""
        self._file.stream.close()
        super().close()
