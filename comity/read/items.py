"""Sources of all kinds to items: files, folders, patterns, standard input, addresses, archives, tables, feeds."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from comity.errors import DamagedFeed, NestedTooDeep, SkipDocument, UnknownKind, WrongContent
from comity.paths import as_text
from comity.read.archives import Rows, gzip_items, tar_items, zip_items
from comity.read.blob import Blob, file_key, read_fully
from comity.read.csvs import CsvTable
from comity.read.feeds import Entry, content_of, feed_fault, read_feed, read_opml, read_sitemap
from comity.read.fetch.client import PAGES, Fetched, Fetcher
from comity.read.folders import walk
from comity.read.item import Item, ItemKind, ItemOptions
from comity.read.jsons import json_items
from comity.read.kinds import SOURCE_SUFFIXES, Guess, Kind, guess, is_url, of_name, suffix, url_label
from comity.read.rows import Place, jsonl_items, parquet_items
from comity.read.sources import missing, too_large, unreadable
from comity.read.warc import warc_items

__all__ = ["Item", "ItemKind", "ItemOptions", "describe", "files_of", "open_items"]

_STDIN = "-"
_MOST_LEVELS = 5
"""How far a list of feeds or a map of a site may lead to further ones."""


def open_items(sources: Sequence[str], options: ItemOptions | None = None) -> Iterator[Item]:
    """One `Item` after another for all sources, in their order; errors come as items too.

    Nothing is fetched and no file is opened before its turn.  A file that is
    named twice is given once.
    """
    opener = Opener(options or ItemOptions())
    for source in sources:
        yield from opener.source(source)


def files_of(sources: Sequence[str]) -> Iterator[Path]:
    """The files of local sources in the order in which `open_items` opens them, each once; what is missing too.

    A folder that cannot be read, or has nothing to read, stands for itself: whoever opens it says what is wrong.
    """
    seen: set[Path] = set()
    for source in sources:
        named = glob.glob(source, recursive=True) if glob.has_magic(source) and not os.path.exists(source) else [source]
        for path in (Path(n) for n in sorted(named) or [source]):
            errors: list[OSError] = []
            found = [*_files_below(path, errors)] if path.is_dir() else [path]
            for file in [*found, *(Path(e.filename or path) for e in errors)] or [path]:
                if file.resolve() not in seen:
                    seen.add(file.resolve())
                    yield file


def describe(sources: Sequence[str]) -> list[tuple[str, Kind, str]]:
    """What each source is taken for, and why; nothing is fetched, of files only the head is read."""
    return [(as_text(source), *_described(source)) for source in sources]


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

    def __init__(self, options: ItemOptions, fetcher: Fetcher | None = None) -> None:
        self.options = options
        self.seen: set[str] = set()
        self._fetcher = fetcher
        self._level = 0

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
            yield Item.failed(f"file:{as_text(os.path.abspath(source))}", as_text(source), missing(source))

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
            yield Item.failed(f"file:{as_text(os.path.abspath(about))}", as_text(about), unreadable(about, error))
        if empty and not errors:
            fix = f"{', '.join(sorted(SOURCE_SUFFIXES))} are read"
            nothing = UnknownKind("there is nothing to read in this folder", about=str(folder), fix=fix)
            yield Item.failed(file_key(folder), as_text(folder), nothing)

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
        """The items of an address: its page, or what the feed, map, table or archive there holds."""
        try:
            answer = self.fetcher.get(url)
        except SkipDocument as error:
            yield Item.failed(f"url:{url}", url, error)
            return
        yield from self.fetched(url, answer)

    def fetched(self, url: str, answer: Fetched) -> Iterator[Item]:
        """The items of an answer that was fetched before."""
        found = guess(url_label(url) or "page.html", answer.body[:8192])
        blob = Blob.of_bytes(f"url:{url}", url, url_label(url), answer.body)
        if found.kind not in ("html", "text"):
            yield from self.of_kind(found.kind, blob, 0, answer.url)
        elif answer.content_type and answer.content_type not in PAGES:
            wrong = WrongContent(f"it is {answer.content_type}", about=url, fix="give the address of an article")
            yield Item.failed(blob.key, url, wrong)
        else:
            kind: ItemKind = "html" if found.kind == "html" else "auto"
            item = self.article(blob, kind)
            item.url = answer.url
            yield item

    @property
    def fetcher(self) -> Fetcher:
        """The one fetcher of this run, made when it is needed."""
        if self._fetcher is None:
            self._fetcher = Fetcher(self.options.fetch)
        return self._fetcher

    def page(self, url: str) -> bytes:
        """The bytes of an article's page."""
        return self.fetcher.page(url)

    def blob(self, blob: Blob, depth: int = 0) -> Iterator[Item]:
        """The items of named bytes; ``depth`` counts the archives around them."""
        try:
            found = guess(blob.label, blob.head())
        except SkipDocument as error:
            yield Item.failed(blob.key, blob.name, error)
            return
        yield from self.of_kind(found.kind, blob, depth)

    def of_kind(self, kind: Kind, blob: Blob, depth: int, base: str = "") -> Iterator[Item]:
        """The items of named bytes of a known kind; ``base`` is the address that they came from."""
        try:
            yield from self._of_kind(kind, blob, depth, base)
        except SkipDocument as error:
            yield Item.failed(f"{blob.key}#rest", blob.name, error)
        except OSError as error:
            yield Item.failed(f"{blob.key}#rest", blob.name, unreadable(blob.name, error))

    def _of_kind(self, kind: Kind, blob: Blob, depth: int, base: str) -> Iterator[Item]:
        options = self.options
        if kind in ("jsonl", "json", "csv"):
            with blob.open() as stream:
                yield from self.table(kind)(stream, Place(blob.key, blob.name), lambda: False)
        elif kind == "parquet":
            yield from parquet_items(blob, options, self.page)
        elif kind == "warc":
            yield from warc_items(blob, options)
        elif kind == "zip":
            yield from zip_items(blob, options, depth, self.blob)
        elif kind == "tar":
            yield from tar_items(blob, options, depth, self.blob)
        elif kind == "gzip":
            yield from gzip_items(blob, options, depth, self.blob, self.table)
        elif kind in ("feed", "opml", "sitemap"):
            yield from self.links(kind, blob, base)
        else:
            yield self.article(blob, "html" if kind == "html" else "auto")

    def table(self, kind: str) -> Rows:
        """What reads a table of this kind."""
        if kind == "csv":
            return CsvTable(self.options, self.page)
        if kind == "json":
            return lambda stream, place, damaged: json_items(stream, place, self.options, self.page, damaged)
        return lambda stream, place, damaged: jsonl_items(stream, place, self.options, self.page)

    def links(self, kind: str, blob: Blob, base: str) -> Iterator[Item]:
        """What a feed, a list of feeds or a map of a site leads to."""
        limits = self.options.limits
        if kind == "feed":
            with blob.open() as stream:
                data = read_fully(stream, limits.max_feed + 1)
            entries = read_feed(data, blob.name, limits, base)
            fault = feed_fault(data, blob.name)
            if fault is not None and not self.options.follow:
                entries = entries[:-1]  # the last one may be cut
            for entry in entries:
                yield self.entry(entry, blob.key)
            if fault is not None:
                yield Item.failed(f"{blob.key}#rest", blob.name, fault)
        elif kind == "opml":
            with blob.open() as stream:
                for address in read_opml(stream, blob.name, limits):
                    yield from self._below(address)
        else:
            with blob.open() as stream:
                for link in read_sitemap(stream, blob.name, limits):
                    if link.map:
                        yield from self._below(link.entry.id)
                    else:
                        yield self.entry(link.entry, blob.key)

    def _below(self, address: str) -> Iterator[Item]:
        """What a list or map leads to, each address once."""
        if f"url:{address}" in self.seen or len(self.seen) > self.options.limits.max_links:
            return
        self.seen.add(f"url:{address}")
        if self._level >= _MOST_LEVELS:
            deep = NestedTooDeep(f"lists name lists, {_MOST_LEVELS} deep", about=address, fix="give its own address")
            yield Item.failed(f"url:{address}", address, deep)
            return
        self._level += 1
        try:
            yield from self.url(address)
        finally:
            self._level -= 1

    def entry(self, entry: Entry, key: str) -> Item:
        """The article of one entry: its page, or without following what the feed holds of it."""
        published = entry.published or self.options.published
        told: dict[str, Any] = {
            "title": entry.title,
            "outlet": entry.outlet,
            "language": entry.language,
            "url": entry.url,
        }
        name = entry.url or f"{key}#{entry.id}"
        if self.options.follow and entry.url:
            url = entry.url
            return Item(f"url:{url}", name, lambda: self.page(url), published=published, **told)
        own = f"url:{entry.url}" if entry.url else f"{key}#{entry.id}"
        if not entry.content.strip():
            none = DamagedFeed("the feed holds nothing of this article", about=name, fix="let its page be fetched")
            return Item.failed(own, name, none)
        return Item(own, name, lambda: content_of(entry), kind="text", published=published, **told)

    def article(self, blob: Blob, kind: ItemKind) -> Item:
        """Bytes that are one article."""
        most = self.options.limits.max_bytes

        def load() -> bytes:
            try:
                with blob.open() as stream:
                    data = read_fully(stream, most + 1)
            except OSError as error:
                raise unreadable(blob.name, error) from error
            if len(data) > most:
                raise too_large(blob.name, most)
            return data

        return Item(blob.key, blob.name, load, kind=kind, published=self.options.published)


def _files_below(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """Files that may be read, in the order of their names."""
    for root, names in walk(folder, errors):
        yield from (root / name for name in names if suffix(name) in SOURCE_SUFFIXES)
