"""The manifest: the one file of a record that changes, replaced by atomic rename.

It names every segment with its hash.  A twin of it, written just after, is what
`comity check --repair` goes back to when the manifest itself is damaged.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from comity.errors import DamagedManifest, NoRecord, RecordNotWritable, RecordOutdated, RecordTooNew
from comity.model import Record
from comity.record.schema import VERSION

MANIFEST = "manifest.json"
TWIN = "manifest.prev.json"


class Segment(Record, frozen=True):
    """One file of rows of one table.

    It holds the rows that were committed in generations ``first`` to ``last``
    (inclusive); ``size`` is in bytes, ``sha256`` of the whole file.
    """

    file: str
    table: str
    rows: int
    size: int
    sha256: str
    first: int
    last: int
    created: str


class Manifest(Record, frozen=True):
    """All that a record holds.  ``retired`` are files that were united into others by this generation."""

    schema: int = VERSION
    generation: int = 0
    created: str = ""
    segments: tuple[Segment, ...] = ()
    retired: tuple[str, ...] = ()

    def of(self, table: str) -> list[Segment]:
        """The segments of a table, oldest first."""
        return [s for s in self.segments if s.table == table]

    def rows(self, table: str) -> int:
        """Rows of a table in all segments, replaced ones included."""
        return sum(s.rows for s in self.of(table))


class _Sealed(Record, frozen=True):
    """The manifest as it lies on disk, with the hash that shows a cut or changed one."""

    seal: str
    manifest: Manifest


def now() -> datetime:
    """The time, UTC, with microseconds."""
    return datetime.now(UTC)


def load(folder: Path, name: str = MANIFEST) -> Manifest:
    """The manifest of a record: `NoRecord`, `DamagedManifest`, `RecordTooNew`, `RecordOutdated`."""
    path = folder / name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if (folder / TWIN).exists() and name == MANIFEST:
            raise _damaged(path, "is missing") from None
        raise NoRecord(
            "there is no record here", about=str(folder), fix="make one with `comity add SOURCE...`, or name another"
        ) from None
    except OSError as error:
        raise _damaged(path, error.strerror or "cannot be read") from error
    return parse(data, path)


def parse(data: bytes, path: Path) -> Manifest:
    """The manifest in these bytes; ``path`` is for the messages."""
    try:
        version = msgspec.json.decode(data).get("manifest", {}).get("schema")
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError) as error:
        raise _damaged(path, "is cut or overwritten") from error
    if isinstance(version, int) and version > VERSION:
        raise RecordTooNew(
            f"this record has tables of version {version}, this program knows {VERSION}",
            about=str(path.parent),
            fix="install a newer Comity",
        )
    if isinstance(version, int) and version < VERSION:
        raise RecordOutdated(
            f"this record has tables of version {version}, this program writes {VERSION}",
            about=str(path.parent),
            fix="bring it up to date with `comity rebuild`; the old files are kept",
        )
    try:
        sealed = msgspec.json.decode(data, type=_Sealed)
    except msgspec.DecodeError as error:
        raise _damaged(path, "is cut or overwritten") from error
    if sealed.seal != _seal(sealed.manifest):
        raise _damaged(path, "was changed by hand or by a fault of the disk")
    return sealed.manifest


def save(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest; when this returns it is on the disk, when it fails the old one stands."""
    sealed = _Sealed(seal=_seal(manifest), manifest=manifest)
    data = msgspec.json.format(msgspec.json.encode(sealed), indent=1) + b"\n"
    replace_file(folder / MANIFEST, data)
    replace_file(folder / TWIN, data)


def replace_file(path: Path, data: bytes) -> None:
    """Write a whole file in place of another: all of it or nothing, and on the disk."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise not_writable(path, error) from error


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_writable(path: Path, error: OSError) -> RecordNotWritable:
    """The error of a record that cannot be written; what was committed before stays."""
    fix = "free some space; what was committed is kept, the same command goes on from there"
    if error.errno not in (28, 122):  # neither ENOSPC nor EDQUOT
        fix = "check the permissions of the folder, or name another with --record"
    return RecordNotWritable(f"cannot be written: {error.strerror or error}", about=str(path), fix=fix)


def _seal(manifest: Manifest) -> str:
    return hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()[:16]


def _damaged(path: Path, how: str) -> DamagedManifest:
    return DamagedManifest(
        f"the manifest {how}", about=str(path), fix="`comity check --repair` goes back to its twin, the data are intact"
    )
