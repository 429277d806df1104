"""Bytes that are read as a stream: a file, a member of an archive, what was fetched."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from comity.errors import ArchiveTooLarge, UnreadableFile
from comity.paths import as_text

_IN_MEMORY = 8_000_000


class Blob:
    """Named bytes that can be opened any number of times, while what holds them is open.

    ``key`` is its stable identity, ``name`` what messages call it, ``label``
    its own file name, from which its kind is guessed.
    """

    def __init__(
        self,
        key: str,
        name: str,
        label: str,
        start: Callable[[], BinaryIO],
        *,
        seekable: bool = True,
        path: Path | None = None,
    ) -> None:
        self.key = key
        self.name = name
        self.label = label
        self.path = path
        self._start = start
        self._seekable = seekable

    @classmethod
    def of_file(cls, path: Path) -> Blob:
        """A file on disk."""

        def start() -> BinaryIO:
            try:
                return path.open("rb")
            except OSError as error:
                told = error.strerror or "cannot be read"
                raise UnreadableFile(told, about=str(path), fix="check its permissions") from error

        return cls(file_key(path), as_text(path), as_text(path.name), start, path=path)

    @classmethod
    def of_bytes(cls, key: str, name: str, label: str, data: bytes) -> Blob:
        """Bytes in memory."""
        return cls(key, name, label, lambda: io.BytesIO(data))

    def open(self) -> BinaryIO:
        """A stream from the first byte on; it may not be able to seek."""
        return self._start()

    def head(self, size: int = 8192) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return read_fully(stream, size)

    @contextmanager
    def seekable(self, most: int) -> Iterator[BinaryIO]:
        """A stream that can seek; what cannot is written to a temporary file of at most ``most`` bytes."""
        with self.open() as stream:
            if self._seekable:
                yield stream
                return
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
                copied = copy(stream, cast(IO[bytes], spool), most)
                if copied > most:
                    raise ArchiveTooLarge(
                        f"more than the {most:,} bytes allowed once unpacked", about=self.name, fix="raise the limit"
                    )
                spool.seek(0)
                yield cast(BinaryIO, spool)


def file_key(path: Path) -> str:
    """The stable identity of a file: its real path."""
    return f"file:{as_text(path.resolve())}"


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Up to ``size`` bytes: fewer only at the end of the stream."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def copy(stream: BinaryIO, target: IO[bytes], most: int) -> int:
    """Copy a stream and return how many bytes it had; stops one piece beyond ``most``."""
    copied = 0
    while part := stream.read(1 << 16):
        copied += len(part)
        if copied > most:
            break
        target.write(part)
    return copied
