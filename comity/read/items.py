"""Sources of all kinds to items: files, folders, patterns, standard input, addresses, archives, tables, feeds."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from comity.errors import SkipDocument, UnknownKind
from comity.read.blob import Blob, read_fully
from comity.read.item import Item, ItemKind, ItemOptions
from comity.read.kinds import SOURCE_SUFFIXES, Guess, Kind, guess, is_url, of_name, suffix, url_label
from comity.read.rows import Place, jsonl_items, parquet_items
from comity.read.sources import missing, too_large, unreadable

__all__ = ["Item", "ItemKind", "ItemOptions", "describe", "open_items"]

_STDIN = "-"


def open_items(sources: Sequence[str], options: ItemOptions | None = None) -> Iterator[Item]:
    """One `Item` after another for all sources, in their order; errors come as items too.

    Nothing is fetched and no file is opened before its turn.  A file that is
    named twice is given once.
    """
    opener = Opener(options or ItemOptions())
    for source in sources:
        yield from opener.source(source)


def describe(sources: Sequence[str]) -> list[tuple[str, Kind, str]]:
    """What each source is taken for, and why; nothing is fetched, of files only the head is read."""
    return [(source, *_described(source)) for source in sources]


def _described(source: str) -> Guess:
    if source == _STDIN:
        return Guess("stdin", "a bare - is standard input")
    if is_url(source):
        named = of_name(url_label(source))
        told = f"; {named.why}, so probably {named.kind}" if named.kind != "unknown" else ""
        return Guess("url", f"it is an address{told}; its kind is known when it is fetched")
    if os.path.isdir(source):
        return Guess("folder", f"it is a folder with {sum(1 for _ in _files_below(Path(source), []))} files to read")
    if os.path.exists(source):
        try:
            return guess(source, Blob.of_file(Path(source)).head())
        except SkipDocument as error:
            return Guess("unknown", error.message)
    if glob.has_magic(source) and (found := glob.glob(source, recursive=True)):
        return Guess("pattern", f"it matches {len(found)} paths")
    return Guess("missing", missing(source).message)


class Opener:
    """Opens sources and what lies in them; one run each."""

    def __init__(self, options: ItemOptions) -> None:
        self.options = options
        self.seen: set[str] = set()

    def source(self, source: str) -> Iterator[Item]:
        """The items of one source as the user names it."""
        if source == _STDIN:
            yield from self.stdin()
        elif is_url(source):
            yield from self.url(source)
        elif os.path.isdir(source):
            yield from self.folder(Path(source))
        elif os.path.exists(source):
            yield from self.file(Path(source))
        elif glob.has_magic(source) and (found := sorted(glob.glob(source, recursive=True))):
            for match in found:
                yield from self.folder(Path(match)) if os.path.isdir(match) else self.file(Path(match))
        else:
            yield Item.failed(f"file:{os.path.abspath(source)}", source, missing(source))

    def file(self, path: Path) -> Iterator[Item]:
        """The items of a file."""
        blob = Blob.of_file(path)
        if blob.key not in self.seen:
            self.seen.add(blob.key)
            yield from self.blob(blob)

    def folder(self, folder: Path) -> Iterator[Item]:
        """The items of all files below a folder; hidden ones and linked folders are passed."""
        errors: list[OSError] = []
        empty = True
        for path in _files_below(folder, errors):
            empty = False
            yield from self.file(path)
        for error in errors:
            about = str(error.filename or folder)
            yield Item.failed(f"file:{os.path.abspath(about)}", about, unreadable(about, error))
        if empty and not errors:
            fix = f"{', '.join(sorted(SOURCE_SUFFIXES))} are read"
            nothing = UnknownKind("there is nothing to read in this folder", about=str(folder), fix=fix)
            yield Item.failed(f"file:{folder.resolve()}", str(folder), nothing)

    def stdin(self) -> Iterator[Item]:
        """The items of standard input: an article, or lines of JSON; its key is made of its bytes."""
        from hashlib import blake2b

        most = self.options.limits.max_bytes
        head = read_fully(sys.stdin.buffer, most + 1)
        if len(head) > most:
            yield Item.failed("stdin:", "stdin", too_large("stdin", most))
            return
        key = "stdin:" + blake2b(head, digest_size=8).hexdigest()
        yield from self.blob(Blob.of_bytes(key, "stdin", "stdin", head))

    def url(self, url: str) -> Iterator[Item]:
        """The items of an address."""
        raise NotImplementedError

    def page(self, url: str) -> bytes:
        """A page on the web."""
        raise NotImplementedError

    def blob(self, blob: Blob, depth: int = 0) -> Iterator[Item]:
        """The items of named bytes; ``depth`` counts the archives around them."""
        try:
            found = guess(blob.label, blob.head())
        except SkipDocument as error:
            yield Item.failed(blob.key, blob.name, error)
            return
        yield from self.of_kind(found.kind, blob, depth)

    def of_kind(self, kind: Kind, blob: Blob, depth: int) -> Iterator[Item]:
        """The items of named bytes of a known kind."""
        if kind == "jsonl":
            with blob.open() as stream:
                yield from jsonl_items(stream, Place(blob.key, blob.name), self.options, self.page)
        elif kind == "parquet":
            yield from parquet_items(blob, self.options, self.page)
        else:
            yield self.article(blob, "html" if kind == "html" else "auto")

    def article(self, blob: Blob, kind: ItemKind) -> Item:
        """Bytes that are one article."""
        most = self.options.limits.max_bytes

        def load() -> bytes:
            with blob.open() as stream:
                data = read_fully(stream, most + 1)
            if len(data) > most:
                raise too_large(blob.name, most)
            return data

        return Item(blob.key, blob.name, load, kind=kind, published=self.options.published)


def _files_below(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """Files that may be read, in the order of their names."""
    for root, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and suffix(name) in SOURCE_SUFFIXES:
                yield Path(root) / name
