"""ZIP archives: members found by the directory and, where that fails, by their own headers; checksums checked."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from comity.errors import ArchiveTooLarge, CutArchive, DamagedArchive, LockedMember, SkipDocument
from comity.read.limits import Limits

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"
_DESCRIPTOR = b"PK\x07\x08"
_PIECE = 1 << 16
_STORED, _DEFLATED = 0, 8


class Entry(NamedTuple):
    """A member as a header tells of it; ``size`` and ``crc`` are None where they follow the data."""

    name: str
    at: int
    packed: int | None
    size: int | None
    crc: int | None
    method: int
    locked: bool


class ZipMember(NamedTuple):
    """A file of a ZIP archive, checked; or the error that stands for a member or a stretch.

    ``end`` is 0 where nothing whole was read; a member that is whole can have
    an error too, of the directory.  ``data`` is None where it is too large to
    keep: `Zip.open` reads it again.
    """

    name: str
    at: int
    data: bytes | None
    error: SkipDocument | None = None
    entry: Entry | None = None
    start: int = 0
    end: int = 0


class Zip:
    """A ZIP archive in a stream that can seek."""

    def __init__(self, stream: BinaryIO, name: str, limits: Limits) -> None:
        self.stream = stream
        self.name = name
        self.limits = limits
        self.length = stream.seek(0, io.SEEK_END)
        self._told: dict[int, Entry] = {}

    def members(self) -> Iterator[ZipMember]:
        """One member after another in the order of their places; damaged stretches among them."""
        problem = self._read_directory()
        total = 0
        at = self._first()
        while at is not None:
            member = self._member(at)
            if member.entry is not None and member.entry.size:
                total += member.entry.size
            if total > self.limits.max_unpacked:
                yield ZipMember("", at, None, self._too_much())
                return
            yield member
            at = self._following(member)
        yield from self._missing()
        if problem is not None:
            yield ZipMember("", self.length, None, problem)

    def open(self, member: ZipMember) -> BinaryIO:
        """What a checked member holds, as a stream."""
        if member.data is not None:
            return io.BytesIO(member.data)
        assert member.entry is not None
        return io.BufferedReader(_Unzipping(self, member), _PIECE)

    def _too_much(self) -> ArchiveTooLarge:
        told = f"more than the {self.limits.max_unpacked:,} bytes allowed once unpacked"
        return ArchiveTooLarge(told, about=self.name, fix="raise the limit max_unpacked")

    # The directory at the end

    def _read_directory(self) -> SkipDocument | None:
        """Read what the directory tells of each member; the error where it cannot be read in full."""
        found = self._directory_place()
        if found is None:
            return CutArchive(
                "the directory at the end of the archive is lacking", about=self.name, fix="get the archive again"
            )
        at, size, count = found
        if count > self.limits.max_members:
            told = f"{count:,} members, more than the {self.limits.max_members:,} allowed"
            return ArchiveTooLarge(told, about=self.name, fix="raise the limit max_members")
        end = at + size
        read = 0
        while at + 46 <= end:
            self.stream.seek(at)
            head = self.stream.read(46)
            if head[:4] != _CENTRAL or len(head) < 46:
                break
            entry, at = self._central(head, at)
            read += 1
            if entry.at in self._told:
                return self._directory_error("two members lie in one place")
            self._told[entry.at] = entry
        if read != count:
            return self._directory_error(f"it tells of {read:,} of {count:,} members")
        return None

    def _directory_error(self, what: str) -> DamagedArchive:
        told = f"the directory of the archive is damaged: {what}"
        return DamagedArchive(told, about=self.name, fix="get the archive again; what follows its own headers was read")

    def _directory_place(self) -> tuple[int, int, int] | None:
        """Offset, size and number of members of the directory."""
        low = max(0, self.length - 65_557)
        self.stream.seek(low)
        tail = self.stream.read()
        found = tail.rfind(_END)
        if found < 0 or len(tail) - found < 22:
            return None
        count, size, at = struct.unpack("<10xHII2x", tail[found : found + 22])
        wide = tail.rfind(_END64, 0, found)
        if wide >= 0 and len(tail) - wide >= 56 and (count == 0xFFFF or 0xFFFFFFFF in (size, at)):
            count, size, at = struct.unpack("<32xQQQ", tail[wide : wide + 56])
        return (at, size, count) if at + size <= self.length else None

    def _central(self, head: bytes, at: int) -> tuple[Entry, int]:
        flags, method, crc, packed, size, n, m, k, place = struct.unpack("<8xHH4xIIIHHH8xI", head)
        name = self.stream.read(n)
        packed, size, place = _wide(self.stream.read(m), packed, size, place)
        entry = Entry(_name(name, flags), place, packed, size, crc, method, bool(flags & 1))
        return entry, at + 46 + n + m + k

    # Members by their own headers

    def _first(self) -> int | None:
        return self._search(0)

    def _search(self, at: int) -> int | None:
        """The offset of the next header of a member at or behind this one."""
        while at < self.length:
            self.stream.seek(at)
            piece = self.stream.read(_PIECE + 3)
            found = piece.find(_LOCAL)
            if 0 <= found < _PIECE:
                return at + found
            at += _PIECE
        return None

    def _following(self, member: ZipMember) -> int | None:
        """Where to go on: right behind what was read whole, else at the next header that stands in the file."""
        if member.end:
            return self._search(member.end)
        following = self._search(member.at + 4)
        if following is not None and self._told:
            places = [at for at in self._told if at > member.at]
            following = max(following, min(places)) if places and following not in self._told else following
        return following

    def _member(self, at: int) -> ZipMember:
        entry, start = self._local(at)
        if entry is None:
            return self._damaged("", at, "its header cannot be read")
        central = self._told.pop(at, None)
        if entry.locked:
            locked = LockedMember("it is encrypted", about=f"{self.name}!{entry.name}", fix="unpack it first")
            return ZipMember(entry.name, at, None, locked, entry)
        if entry.method not in (_STORED, _DEFLATED):
            return self._damaged(entry.name, at, f"packed by method {entry.method}, which is not known")
        member = self._checked(entry, central, start)
        if central is not None and central.name != entry.name and member.error is None:
            other = self._damaged(entry.name, at, f"the directory calls it {central.name!r}")
            return member._replace(error=other.error)
        return member

    def _local(self, at: int) -> tuple[Entry | None, int]:
        self.stream.seek(at)
        head = self.stream.read(30)
        if len(head) < 30:
            return None, at
        flags, method, crc, packed, size, n, m = struct.unpack("<6xHH4xIIIHH", head)
        name, extra = self.stream.read(n), self.stream.read(m)
        if len(extra) < m or not name:
            return None, at
        packed, size, _ = _wide(extra, packed, size, 0)
        later = bool(flags & 8) and not packed
        entry = Entry(
            _name(name, flags),
            at,
            None if later else packed,
            None if later else size,
            None if later else crc,
            method,
            bool(flags & 1),
        )
        return entry, at + 30 + n + m

    def _checked(self, entry: Entry, central: Entry | None, start: int) -> ZipMember:
        """Unpack a member and compare its length and checksum with every header that tells them."""
        if entry.packed is None and entry.method == _STORED and central is not None:
            entry = entry._replace(packed=central.packed, size=central.size, crc=central.crc)
        if entry.packed is None and entry.method == _STORED:
            return self._damaged(entry.name, entry.at, "nothing tells its length")
        try:
            data, size, crc, end, eof = self._unpack(entry, start)
        except zlib.error as error:
            return self._damaged(entry.name, entry.at, str(error).rsplit(": ", 1)[-1])
        except ArchiveTooLarge as error:
            return ZipMember(entry.name, entry.at, None, error, entry)
        if not eof:
            about = f"{self.name}!{entry.name}"
            if end >= self.length:
                cut = CutArchive("the archive ends inside this member", about=about, fix="get the archive again")
                return ZipMember(entry.name, entry.at, None, cut, entry)
            return self._damaged(entry.name, entry.at, "its data goes on behind its end")
        told = [e for e in (entry, central) if e is not None and e.crc is not None]
        if entry.packed is None:
            end, described = self._descriptor(end, entry)
            told += [described] if described is not None else []
        if not told:
            return self._damaged(entry.name, entry.at, "nothing tells its checksum")
        fitting = [e for e in told if e.crc == crc and e.size == size]
        wrong = self._damaged(entry.name, entry.at, "its length or checksum does not fit what it holds")
        if not fitting:
            return wrong
        # One header that fits proves the data; another that does not is damaged itself, and told.
        odd = wrong.error if len(fitting) < len(told) else None
        return ZipMember(entry.name, entry.at, data, odd, entry._replace(size=size, crc=crc), start, end)

    def _unpack(self, entry: Entry, start: int) -> tuple[bytes | None, int, int, int, bool]:
        """Data (None where too much), length, checksum, offset behind it, and whether its end was seen."""
        size = crc = 0
        kept: list[bytes] | None = []
        reader = Inflater(self.stream, start, entry, self.length)
        for part in reader:
            size += len(part)
            crc = zlib.crc32(part, crc)
            if size > self.limits.ratio_from and size > (reader.at - start) * self.limits.max_ratio:
                told = f"it grows more than {self.limits.max_ratio}-fold when unpacked, like a bomb"
                raise ArchiveTooLarge(
                    told, about=f"{self.name}!{entry.name}", fix="raise the limit max_ratio if it is none"
                )
            if kept is not None:
                kept.append(part)
                kept = kept if size <= self.limits.max_bytes else None
        return (b"".join(kept) if kept is not None else None), size, crc, reader.at, reader.eof

    def _descriptor(self, at: int, entry: Entry) -> tuple[int, Entry | None]:
        """The lengths and the checksum that follow a member's data."""
        self.stream.seek(at)
        head = self.stream.read(24)
        skip = 4 if head.startswith(_DESCRIPTOR) else 0
        if len(head) < skip + 12:
            return at, None
        crc, packed, size = struct.unpack("<III", head[skip : skip + 12])
        wide = len(head) >= skip + 20 and head[skip + 8 : skip + 12] == b"\0\0\0\0" and packed != 0
        if wide:
            packed, size = struct.unpack("<QQ", head[skip + 4 : skip + 20])
        return at + skip + (20 if wide else 12), entry._replace(crc=crc, size=size, packed=packed)

    def _missing(self) -> Iterator[ZipMember]:
        """Members that the directory tells of and that were not found."""
        for entry in sorted(self._told.values(), key=lambda e: e.at):
            yield self._damaged(entry.name, entry.at, "it is not where the directory says")

    def _damaged(self, name: str, at: int, what: str) -> ZipMember:
        about = f"{self.name}!{name}" if name else f"{self.name} at byte {at:,}"
        told = f"damaged at byte {at:,}: {what}"
        return ZipMember(name, at, None, DamagedArchive(told, about=about, fix="get the archive again"))


class Inflater:
    """The pieces of a member's data; ``at`` is the offset behind what was used, ``eof`` whether its end was seen."""

    def __init__(self, stream: BinaryIO, start: int, entry: Entry, length: int) -> None:
        self.at = start
        self.eof = False
        self._stream = stream
        self._entry = entry
        self._limit = length if entry.packed is None else start + entry.packed

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stored() if self._entry.method == _STORED else self._deflated()

    def _pieces(self) -> Iterator[bytes]:
        while self.at < self._limit:
            self._stream.seek(self.at)
            piece = self._stream.read(min(_PIECE, self._limit - self.at))
            if not piece:
                return
            self.at += len(piece)
            yield piece

    def _stored(self) -> Iterator[bytes]:
        yield from self._pieces()
        self.eof = self.at == self._limit

    def _deflated(self) -> Iterator[bytes]:
        unpack = zlib.decompressobj(-15)
        for piece in self._pieces():
            while piece and not unpack.eof:
                yield unpack.decompress(piece, 1 << 20)
                piece = unpack.unconsumed_tail
            if unpack.eof:
                self.at -= len(unpack.unused_data)
                break
        self.eof = unpack.eof and (self._entry.packed is None or self.at == self._limit)


class _Unzipping(io.RawIOBase):
    """A checked member, unpacked again."""

    def __init__(self, archive: Zip, member: ZipMember) -> None:
        assert member.entry is not None
        self._parts = iter(Inflater(archive.stream, member.start, member.entry, archive.length))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        out, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(out)] = out
        return len(out)


def _name(raw: bytes, flags: int) -> str:
    """A member's name: UTF-8 where that is told or fits, else the code page of the first PCs."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace") if flags & 0x800 else raw.decode("cp437")


def _wide(extra: bytes, packed: int, size: int, place: int) -> tuple[int, int, int]:
    """Sizes and place beyond 4 GB from the extra field."""
    while len(extra) >= 4:
        tag, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if tag != 1:
            continue
        numbers = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field) - 7, 8)]
        if size == 0xFFFFFFFF and numbers:
            size = numbers.pop(0)
        if packed == 0xFFFFFFFF and numbers:
            packed = numbers.pop(0)
        if place == 0xFFFFFFFF and numbers:
            place = numbers.pop(0)
    return packed, size, place
