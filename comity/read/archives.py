"""Archives to what they hold: ZIP, tar and gzip, one in another up to a limit, as streams."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from comity.errors import ArchiveTooLarge, SkipDocument
from comity.read.blob import Blob, read_fully
from comity.read.gz import Gzip, Stretch, Whole, stretches
from comity.read.item import Item, ItemOptions
from comity.read.kinds import SOURCE_SUFFIXES, Guess, guess, inner_label, suffix
from comity.read.rows import Place, given_up
from comity.read.tar import read_tar
from comity.read.warc import warc_gz_items
from comity.read.zipfiles import Zip, ZipMember

Nested = Callable[[Blob, int], Iterator[Item]]
"""Gives the items of a member, at a depth."""
Rows = Callable[[BinaryIO, Place, Callable[[], bool]], Iterator[Item]]
"""Gives the items of one stretch of a table; the last argument says at its end whether it ends in damage."""


def zip_items(blob: Blob, options: ItemOptions, depth: int, nested: Nested) -> Iterator[Item]:
    """What the members of a ZIP archive hold."""
    if (refused := too_deep(blob, options, depth)) is not None:
        yield refused
        return
    with blob.seekable(options.limits.max_unpacked) as stream:
        archive = Zip(stream, blob.name, options.limits)
        names = _Names()
        damages = 0
        for members, member in enumerate(archive.members(), 1):
            if member.end and wanted(member.name):
                yield from nested(_zip_blob(archive, member, blob, names), depth + 1)
            if member.error is not None:
                damages += 1
                yield Item.failed(_damage_key(blob, member.name, member.at), blob.name, member.error)
            if damages >= options.limits.max_damages or members > options.limits.max_members:
                yield given_up(blob.key, blob.name, damages)
                return


class _Names:
    """Names of members; one that comes again is told apart by its offset."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def mark(self, name: str, at: int) -> str:
        """The name, with its offset where it was seen before."""
        if name in self._seen:
            return f"{name}@{at}"
        self._seen.add(name)
        return name


def _zip_blob(archive: Zip, member: ZipMember, blob: Blob, names: _Names) -> Blob:
    key, name = f"{blob.key}!{names.mark(member.name, member.at)}", f"{blob.name}!{member.name}"
    if member.data is not None:
        return Blob.of_bytes(key, name, member.name, member.data)
    return Blob(key, name, member.name, lambda: archive.open(member), seekable=False)


def _damage_key(blob: Blob, member: str, at: int) -> str:
    return f"{blob.key}!{member}@{at}" if member else f"{blob.key}@{at}"


def tar_items(blob: Blob, options: ItemOptions, depth: int, nested: Nested) -> Iterator[Item]:
    """What the members of a tar archive hold."""
    if (refused := too_deep(blob, options, depth)) is not None:
        yield refused
        return
    with blob.open() as stream:
        yield from _tar_stream(stream, blob, options, depth, nested)


def _tar_stream(
    stream: BinaryIO, blob: Blob, options: ItemOptions, depth: int, nested: Nested, *, base: int | None = None
) -> Iterator[Item]:
    """The members in one stream; ``base`` is where it begins behind a damaged stretch."""
    most = options.limits.max_bytes
    names = _Names()
    damages = 0
    for members, member in enumerate(read_tar(stream, blob.name, most, headless=bool(base)), 1):
        if member.error is not None:
            damages += 1
            key = _damage_key(blob, member.name, member.at) + (f"+{base}" if base else "")
            yield Item.failed(key, blob.name, member.error)
        elif wanted(member.name):
            key, name = f"{blob.key}!{names.mark(member.name, member.at)}", f"{blob.name}!{member.name}"
            yield from nested(Blob.of_bytes(key, name, member.name, member.data), depth + 1)
        if damages >= options.limits.max_damages or members > options.limits.max_members:
            yield given_up(blob.key, blob.name, damages)
            return


def gzip_items(
    blob: Blob, options: ItemOptions, depth: int, nested: Nested, table: Callable[[str], Rows]
) -> Iterator[Item]:
    """What a gzip file holds: a web archive, a table, a tar archive, or one thing more."""
    if (refused := too_deep(blob, options, depth)) is not None:
        yield refused
        return
    try:
        label, found = inner(blob)
    except SkipDocument as error:
        yield Item.failed(blob.key, blob.name, error)
        return
    if found.kind == "warc":
        yield from warc_gz_items(blob, options)
    elif found.kind in ("jsonl", "json", "csv", "tar"):
        with blob.seekable(options.limits.max_unpacked) as stream:
            yield from _stretched(found.kind, stream, blob, options, depth, nested, table)
    else:
        whole = Blob(blob.key, blob.name, label, lambda: whole_stream(blob, options), seekable=False)
        yield from nested(whole, depth + 1)


def inner(blob: Blob) -> tuple[str, Guess]:
    """The name and kind of what a gzip file holds, by its first bytes, which are not checked yet."""
    import zlib

    label = inner_label(blob.label)
    unpack = zlib.decompressobj(31)
    try:
        head = unpack.decompress(blob.head(65_536), 8_192)
    except zlib.error:
        head = b""
    return label, guess(label, head)


def whole_stream(blob: Blob, options: ItemOptions) -> BinaryIO:
    """All that a gzip file holds; reading raises where it is damaged anywhere."""
    stream = blob.open()
    if not stream.seekable():
        stream = io.BytesIO(read_fully(stream, options.limits.max_bytes))
    return cast(BinaryIO, io.BufferedReader(Whole(stream, blob.name, options.limits)))


def _stretched(
    kind: str,
    stream: BinaryIO,
    blob: Blob,
    options: ItemOptions,
    depth: int,
    nested: Nested,
    table: Callable[[str], Rows],
) -> Iterator[Item]:
    """A table or a tar archive in gzip: the undamaged stretches, and the damage between them."""
    file = Gzip(stream, blob.name, options.limits)
    damages = 0
    rows = table(kind)
    for at, stretch in stretches(file, options.doubtful):
        opened = cast(BinaryIO, io.BufferedReader(stretch, 1 << 16))
        if kind == "tar":
            yield from _tar_stream(opened, blob, options, depth, nested, base=at or None)
        else:
            place = Place(blob.key, blob.name, f"{at}+" if at else "")
            yield from rows(opened, place, lambda s=stretch: s.error is not None)  # type: ignore[misc]
        yield from _told(stretch, blob)
        damages += stretch.damage is not None
        if damages >= options.limits.max_damages:
            yield given_up(blob.key, blob.name, damages)
            return


def _told(stretch: Stretch, blob: Blob) -> Iterator[Item]:
    while stretch.read(1 << 16):  # what the reader of the stretch left
        pass
    if stretch.error is not None:
        at = stretch.damage.start if stretch.damage else "rest"
        yield Item.failed(f"{blob.key}@{at}", blob.name, stretch.error)


def wanted(member: str) -> bool:
    """Whether a member may be an article or hold some; hidden files and those of archivers are passed."""
    parts = member.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return not member.endswith("/") and not hidden and "__MACOSX" not in parts and suffix(member) in SOURCE_SUFFIXES


def too_deep(blob: Blob, options: ItemOptions, depth: int) -> Item | None:
    """The error item of an archive that lies too deep in others."""
    if depth < options.limits.max_nesting:
        return None
    told = f"archives lie more than {options.limits.max_nesting} deep in one another"
    return Item.failed(blob.key, blob.name, ArchiveTooLarge(told, about=blob.name, fix="raise the limit max_nesting"))
