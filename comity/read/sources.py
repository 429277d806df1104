"""Where articles come from: files, folders, patterns, standard input."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from comity.errors import DocumentTooLarge, MissingFile, SkipDocument, UnreadableFile
from comity.paths import as_text
from comity.read.folders import walk
from comity.read.limits import Limits

SUFFIXES = frozenset({".txt", ".html", ".htm", ".xhtml", ".md"})
"""What is read of a folder; a file that is named is read whatever its suffix."""

_STDIN = "-"


class Source:
    """One article to be read: its name, and its bytes or the error that stands for them."""

    def __init__(self, name: str, load: Callable[[int], bytes], *, path: Path | None = None) -> None:
        self.name = name
        self.path = path
        self.error: SkipDocument | None = None
        self._load = load

    @classmethod
    def failed(cls, name: str, error: SkipDocument) -> Source:
        """A source that cannot be read: `read` raises the error."""
        source = cls(name, lambda most: b"")
        source.error = error
        return source

    def read(self, limits: Limits | None = None) -> bytes:
        """The bytes, or `MissingFile`, `UnreadableFile`, `DocumentTooLarge`."""
        if self.error is not None:
            raise self.error
        most = (limits or Limits()).max_bytes
        data = self._load(most)
        if len(data) > most:
            raise too_large(self.name, most)
        return data

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


def too_large(name: str, most: int, size: int | None = None) -> DocumentTooLarge:
    """The error of a document beyond the limit."""
    told = f"{size:,} bytes, " if size else ""
    return DocumentTooLarge(
        f"{told}more than the {most:,} bytes allowed", about=name, fix="split it, or raise the limit"
    )


def open_sources(paths: Sequence[str]) -> Iterator[Source]:
    """One `Source` after another for files, folders, patterns and "-"; errors come as sources too."""
    seen: set[str] = set()
    for path in paths:
        for source in _sources(path):
            key = os.path.realpath(source.path) if source.path else ""
            if key and key in seen:
                continue
            seen.add(key)
            yield source


def _sources(path: str) -> Iterator[Source]:
    if path == _STDIN:
        yield Source("stdin", _from_stdin)
    elif os.path.isdir(path):
        yield from _of_folder(Path(path))
    elif os.path.exists(path):
        yield _of_file(Path(path))
    elif glob.has_magic(path) and (found := sorted(glob.glob(path, recursive=True))):
        for match in found:
            if os.path.isdir(match):
                yield from _of_folder(Path(match))
            else:
                yield _of_file(Path(match))
    else:
        yield Source.failed(as_text(path), missing(path))


def missing(path: str) -> MissingFile:
    """The error of a path that leads nowhere."""
    if glob.has_magic(path):
        return MissingFile("no file matches this pattern", about=path, fix="check the folder and the pattern")
    folder = os.path.dirname(path) or "."
    where = "check the spelling" if os.path.isdir(folder) else f"the folder {folder} does not exist"
    return MissingFile("there is no such file", about=path, fix=where)


def _of_folder(folder: Path) -> Iterator[Source]:
    """All articles below a folder in the order of their names; hidden ones and linked folders are passed."""
    found = False
    errors: list[OSError] = []
    for root, names in walk(folder, errors):
        for name in names:
            if Path(name).suffix.lower() in SUFFIXES:
                found = True
                yield _of_file(root / name)
    for error in errors:
        about = str(error.filename or folder)
        yield Source.failed(as_text(about), unreadable(about, error))
    if not found and not errors:
        suffixes = ", ".join(sorted(SUFFIXES))
        missing = MissingFile(
            "there is no article in this folder", about=str(folder), fix=f"{suffixes} are read"
        )
        yield Source.failed(as_text(folder), missing)


def unreadable(about: str, error: OSError) -> UnreadableFile:
    """The error of a file that cannot be opened or read."""
    return UnreadableFile(error.strerror or "cannot be read", about=about, fix="check its permissions")


def _of_file(path: Path) -> Source:
    return Source(as_text(path), lambda most: _from_file(path, most), path=path)


def _from_file(path: Path, most: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > most:
            raise too_large(str(path), most, size)
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise missing(str(path)) from None
    except OSError as error:
        raise unreadable(str(path), error) from error


def _from_stdin(most: int) -> bytes:
    return sys.stdin.buffer.read(most + 1)
