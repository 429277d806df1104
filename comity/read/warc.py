"""Web archives (WARC, WARC.gz): the pages in them, each checked against the lengths and digests it came with."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from comity.errors import CutArchive, DamagedArchive, DocumentTooLarge, PartialDocument, SkipDocument
from comity.read.blob import Blob
from comity.read.decoding import dechunked, unpacked
from comity.read.gz import Gzip, Member
from comity.read.item import Item, ItemOptions
from comity.read.limits import Limits
from comity.read.rows import given_up

_VERSION = re.compile(rb"WARC/\d\.\d{1,2}\r?\n")
_NEXT = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z-]{4,40}:")
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^warc-type[ \t]*:[ \t]*([\w-]{1,40})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")
_MOST_HEADER = 65_536
_PIECE = 1 << 16


class Found(NamedTuple):
    """One record with the mark of its offset, or the error that stands for a stretch of it."""

    at: str
    head: bytes
    body: bytes
    error: SkipDocument | None = None


def warc_items(blob: Blob, options: ItemOptions) -> Iterator[Item]:
    """The pages of a WARC file that is not packed."""
    with blob.open() as stream:
        yield from _items(Records(stream, blob.name, options.limits), blob.key, blob.name, options)


def warc_gz_items(blob: Blob, options: ItemOptions) -> Iterator[Item]:
    """The pages of a WARC.gz file, whether its records are packed one by one or all together."""
    with blob.seekable(options.limits.max_unpacked) as stream:
        file = Gzip(stream, blob.name, options.limits)
        damages = 0
        try:
            for member in file.members():
                if member.state in ("ok", "cut") or (options.doubtful and member.state == "bad"):
                    yield from _member_items(file, member, blob, options)
                if member.state != "ok":
                    damages += 1
                    yield Item.failed(f"{blob.key}@{member.start}", blob.name, file.error(member))
                if damages >= options.limits.max_damages:
                    yield given_up(blob.key, blob.name, damages)
                    return
        except SkipDocument as error:
            yield Item.failed(f"{blob.key}#rest", blob.name, error)


def _member_items(file: Gzip, member: Member, blob: Blob, options: ItemOptions) -> Iterator[Item]:
    """The pages of one member; keys count from its own offset."""
    with file.open(member) as stream:
        records = Records(stream, blob.name, options.limits, base=member.start)
        cut = member.state == "cut"  # the cut itself is told once, by the caller
        found = (f for f in records if not (cut and isinstance(f.error, CutArchive)))
        yield from _items(found, blob.key, blob.name, options)


def _items(records: Iterable[Found], key: str, name: str, options: ItemOptions) -> Iterator[Item]:
    damages = 0
    for record in records:
        at = f"{key}@{record.at}"
        try:
            if record.error is not None:
                raise record.error
            item = _page(record, at, f"{name} at byte {record.at}", options)
        except SkipDocument as error:
            yield Item.failed(at, name, error)
            damages += 1
            if damages >= options.limits.max_damages:
                yield given_up(key, name, damages)
                return
            continue
        if item is not None:
            yield item


class Records:
    """The records of an unpacked stream, read on behind damaged ones.

    A record is whole when the blank lines behind it stand where its length says.
    An offset is marked "1234"; in a member of a packed file, which begins at
    ``base``, "1234+56": the byte of the file, and the byte of what the member holds.
    """

    def __init__(self, stream: BinaryIO, name: str, limits: Limits, *, base: int | None = None) -> None:
        self._stream = stream
        self._name = name
        self._most = limits.max_bytes + _MOST_HEADER
        self._base = base
        self._buffer = bytearray()
        self._at = 0
        self._ended = False

    def __iter__(self) -> Iterator[Found]:
        while self._fill(1):
            if self._buffer[:1] in b"\r\n":
                self._drop(1)
            elif self._fill(12) and _VERSION.match(self._buffer):
                yield from self._record()
            else:
                yield self._damage("no record begins here", 0)

    def _record(self) -> Iterator[Found]:
        start = self._mark()
        end = self._header_end()
        if end is None:
            yield (
                self._cut()
                if self._ended and len(self._buffer) < _MOST_HEADER
                else self._damage("its header has no end", 1)
            )
            return
        head = bytes(self._buffer[:end])
        length = _LENGTH.search(head)
        if length is None:
            yield self._damage("its header tells no length", 1)
            return
        size = int(length.group(1))
        if end + size > self._most:
            yield from self._large(start, end + size)
            return
        if not self._fill(end + size):
            yield self._cut() if (next_at := self._next(1)) < 0 else self._skip_to(next_at, _too_long(size))
            return
        self._fill(end + size + 4)
        tail = bytes(self._buffer[end + size : end + size + 4])
        if tail[:4] != b"\r\n\r\n" and tail[:2] != b"\n\n":
            if len(tail) < 4 and b"\r\n\r\n".startswith(tail):
                yield Found(start, head, bytes(self._buffer[end : end + size]))
                yield self._cut()
            else:
                yield self._damage(f"it has not the {size:,} bytes that its header tells", 1)
            return
        yield Found(start, head, bytes(self._buffer[end : end + size]))
        self._drop(end + size + (4 if tail[:2] == b"\r\n" else 2))

    def _header_end(self) -> int | None:
        known = 0
        while True:
            match = _BLANK.search(self._buffer, max(0, known - 4), _MOST_HEADER)
            if match is not None:
                return match.end()
            known = len(self._buffer)
            if known >= _MOST_HEADER or not self._fill(known + 1):
                return None

    def _large(self, start: str, size: int) -> Iterator[Found]:
        """Pass a record that is too large to be a page; its end must be where its length says."""
        kind = _TYPE.search(bytes(self._buffer[:_MOST_HEADER]))
        passed = 0
        while passed < size:
            self._fill(_PIECE)
            if not self._buffer:
                yield Found(start, b"", b"", self._cut_error(start))
                return
            found = self._next(1 if passed == 0 else 0)
            if 0 <= found < size - passed:
                yield self._skip_to(found, _too_long(size), start)
                return
            step = min(size - passed, max(1, len(self._buffer) - 64 if not self._ended else len(self._buffer)))
            passed += step
            self._drop(step)
        if kind is not None and kind.group(1).lower() == b"response":
            about = f"{self._name} at byte {start}"
            yield Found(
                start,
                b"",
                b"",
                DocumentTooLarge(f"a record of {size:,} bytes", about=about, fix="raise the limit max_bytes"),
            )

    def _damage(self, what: str, skip: int) -> Found:
        """Report damage here and go to the next record."""
        while (found := self._next(skip)) < 0:
            if self._ended:
                found = len(self._buffer)
                break
            keep = min(len(self._buffer), 64)
            return self._search_on(what, keep)
        return self._skip_to(found, what)

    def _search_on(self, what: str, keep: int) -> Found:
        """The next record is not in the buffer: read on without keeping what is passed."""
        start = self._mark()
        while True:
            self._drop(len(self._buffer) - keep)
            self._fill(_PIECE)
            found = self._next(0)
            if found >= 0 or self._ended:
                break
        self._drop(found if found >= 0 else len(self._buffer))
        return Found(start, b"", b"", self._error(start, what))

    def _skip_to(self, offset: int, what: str, start: str | None = None) -> Found:
        start = start or self._mark()
        self._drop(offset)
        return Found(start, b"", b"", self._error(start, what))

    def _error(self, start: str, what: str) -> DamagedArchive:
        end = self._mark()
        return DamagedArchive(
            f"a record is damaged from byte {start} to {end}: {what}",
            about=f"{self._name} at byte {start}",
            fix="get the file again; what follows was read",
        )

    def _cut(self) -> Found:
        start = self._mark()
        self._drop(len(self._buffer))
        return Found(start, b"", b"", self._cut_error(start))

    def _cut_error(self, start: str) -> CutArchive:
        return CutArchive(
            "the file ends inside a record", about=f"{self._name} at byte {start}", fix="get the file again"
        )

    def _mark(self) -> str:
        if self._base is None:
            return str(self._at)
        return f"{self._base}+{self._at}" if self._at else str(self._base)

    def _next(self, skip: int) -> int:
        """The offset in the buffer of the next record at the start of a line, or -1."""
        match = _NEXT.search(self._buffer, skip)
        return match.start() if match else -1

    def _fill(self, size: int) -> bool:
        """Have ``size`` bytes in the buffer; False at the end of the stream."""
        while len(self._buffer) < size and not self._ended:
            piece = self._stream.read(max(_PIECE, min(size - len(self._buffer), 1 << 20)))
            self._ended = not piece
            self._buffer += piece
        return len(self._buffer) >= size

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._at += size


def _too_long(size: int) -> str:
    return f"its length of {size:,} bytes reaches into the next record"


def _page(record: Found, key: str, name: str, options: ItemOptions) -> Item | None:
    """The page that a record holds, None where it holds something else."""
    kind = _TYPE.search(record.head)
    if kind is None or kind.group(1).lower() != b"response":
        return None
    from fastwarc.warc import WarcRecord

    try:
        parsed = WarcRecord.from_bytes(record.head + record.body + b"\r\n\r\n")
        if not parsed.is_http:
            return None
        headers = {k.lower(): v for k, v in parsed.headers.items()}
        parsed.parse_http(auto_decode="none", strict_mode=False)
        http = parsed.http_headers
        content_type = (parsed.http_content_type or "").lower()
    except (OSError, ValueError, RuntimeError, UnicodeError) as error:
        raise DamagedArchive(f"a record cannot be parsed: {error}", about=name, fix="get the file again") from None
    _check_digest(headers, record.body, name)
    if http is None or http.status_code is None:
        raise DamagedArchive("a response without an HTTP header", about=name, fix="get the file again")
    if http.status_code != 200 or content_type not in _PAGES:
        return None
    url = (headers.get("warc-target-uri") or "").strip("<> ") or None
    about = f"{name} ({url})"
    if headers.get("warc-truncated"):
        raise PartialDocument("the crawler kept only a part of this page", about=about, fix="get the page again")
    body = _http_body(parsed, {k.lower(): v for k, v in http.items()}, options.limits.max_bytes, about)
    return Item(key, about, lambda: body, kind="html", url=url, published=options.published)


def _http_body(parsed: object, http: dict[str, str], most: int, about: str) -> bytes:
    """The body of a response with its codings undone; `PartialDocument` where it is not whole."""
    body: bytes = parsed.reader.read()  # type: ignore[attr-defined]
    told = http.get("content-length", "")
    chunked = "chunked" in http.get("transfer-encoding", "").lower()
    if told.isdigit() and not chunked and len(body) < int(told):
        raise PartialDocument(
            f"{len(body):,} of the {int(told):,} bytes of this page are there", about=about, fix="get the page again"
        )
    if chunked:
        body = dechunked(body, about)
    return unpacked(body, http.get("content-encoding"), most, about)


def _check_digest(headers: dict[str, str], block: bytes, name: str) -> None:
    """Compare a block with the digest that came with it; unknown kinds of digests are passed."""
    algorithm, _, told = (headers.get("warc-block-digest") or "").strip().partition(":")
    if algorithm.lower() not in ("sha1", "sha256", "md5") or not told:
        return
    digest = hashlib.new(algorithm.lower(), block, usedforsecurity=False)
    if told.lower() != digest.hexdigest() and told.upper().rstrip("=") != base64.b32encode(
        digest.digest()
    ).decode().rstrip("="):
        raise DamagedArchive("the digest of a record does not fit what it holds", about=name, fix="get the file again")
