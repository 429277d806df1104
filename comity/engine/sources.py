"""Sources of a cluster run: local files and objects of an S3 store, listed by the head and opened by the workers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from comity.engine.records import Work
from comity.errors import BadUsage
from comity.paths import as_path, as_text
from comity.read.blob import Blob
from comity.read.item import Item, ItemOptions
from comity.read.items import Opener, files_of
from comity.read.kinds import SOURCE_SUFFIXES, is_url, suffix
from comity.read.sources import missing

S3: Final = "s3://"
PART_BYTES: Final = 64_000_000
"""A file is opened by as many workers as it has stretches of so many bytes ..."""
MOST_PARTS: Final = 16
"""... up to this many: each must pass over what the others take."""
TOGETHER_BYTES: Final = 16_000_000
TOGETHER: Final = 200
"""Small files are opened together, up to so many bytes and files."""


def object_store() -> Any:
    """The S3 file system that the environment names: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, and for
    stores of other makers AWS_ENDPOINT_URL."""
    from pyarrow.fs import S3FileSystem

    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    scheme, _, host = endpoint.rpartition("://")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    given = {"endpoint_override": host, "scheme": scheme or "https"} if endpoint else {}
    return S3FileSystem(region=region, **given)


def works(sources: Sequence[str]) -> list[Work]:
    """All files of these sources in their order, each once, cut and bundled for the workers."""
    once: dict[str, tuple[str, int]] = {}
    for name, size in (file for source in sources for file in _files(str(source))):
        once.setdefault(name if name.startswith(S3) else os.path.realpath(name), (name, size))
    found: list[Work] = []
    bundle: list[tuple[int, str, int]] = []
    for number, (name, size) in enumerate(once.values()):
        if size > TOGETHER_BYTES:
            found += _bundled(bundle)
            bundle = []
            parts = max(1, min(MOST_PARTS, size // PART_BYTES))
            whole = Work(first=number, sources=(_everywhere(name),), names=(name,), parts=parts)
            found += [msgspec.structs.replace(whole, part=p) for p in range(parts)]
            continue
        bundle.append((number, name, size))
        if len(bundle) >= TOGETHER or sum(s for _, _, s in bundle) >= TOGETHER_BYTES:
            found += _bundled(bundle)
            bundle = []
    return found + _bundled(bundle)


def _bundled(bundle: Sequence[tuple[int, str, int]]) -> list[Work]:
    names = tuple(name for _, name, _ in bundle)
    return [Work(first=bundle[0][0], sources=tuple(map(_everywhere, names)), names=names)] if bundle else []


def _everywhere(name: str) -> str:
    """A path that means the same in whatever folder a worker runs."""
    return name if name.startswith(S3) else os.path.abspath(name)


def _files(source: str) -> Iterator[tuple[str, int]]:
    """Files or objects of one source with their sizes, in the order in which one machine would read them."""
    if source.startswith(S3):
        yield from _objects(source)
    elif source == "-" or is_url(source):
        raise BadUsage(
            f"a cluster reads files and objects, not '{source}'", fix="fetch it first, or leave --engine away"
        )
    else:
        for path in files_of([source]):
            yield as_text(path), path.stat().st_size if path.exists() else 0


def _objects(source: str) -> Iterator[tuple[str, int]]:
    from pyarrow.fs import FileSelector, FileType

    store, path = object_store(), source.removeprefix(S3).rstrip("/")
    try:
        told = store.get_file_info(path)
    except OSError as error:
        raise BadUsage(
            f"the object store does not answer: {str(error).splitlines()[0][:200]}",
            about=source,
            fix="check the bucket's name, the credentials and the network (docs/scale.md)",
        ) from error
    if told.type == FileType.File:
        yield source, told.size
        return
    infos = store.get_file_info(FileSelector(path, recursive=True, allow_not_found=True))
    found = [i for i in infos if i.type == FileType.File and suffix(i.path) in SOURCE_SUFFIXES]
    if not found:
        yield source, 0  # whoever opens it says that it is missing
    for info in sorted(found, key=lambda i: str(i.path)):
        yield S3 + info.path, info.size


def opened(work: Work, options: ItemOptions) -> Iterator[tuple[int, Item]]:
    """The items of a work with their place in the order of the run."""
    for number, (source, name) in enumerate(zip(work.sources, work.names, strict=True), work.first):
        with _items(source, options) as items:
            for place, item in enumerate(items):
                if place % work.parts == work.part:
                    item.name = item.name.replace(source, name, 1)
                    yield (number << 32) + place, item


@contextmanager
def _items(source: str, options: ItemOptions) -> Iterator[Iterator[Item]]:
    if not source.startswith(S3):
        yield Opener(options).source(as_path(source))
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.rpartition("/")[2]
        try:
            _fetch(source, copy)
        except OSError:
            yield iter([Item.failed(source, source, missing(source))])
            return
        blob = Blob(source, source, copy.name, lambda: copy.open("rb"), path=copy)
        yield Opener(options).blob(blob)


def _fetch(source: str, target: Path) -> None:
    """An object into a file, piece by piece."""
    with object_store().open_input_stream(source.removeprefix(S3)) as stream, target.open("wb") as file:
        while part := stream.read(1 << 20):
            file.write(part)
