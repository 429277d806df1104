"""Segments: immutable Parquet files, each of one table, on the disk before a manifest names them."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from comity.errors import DamagedSegment
from comity.record.manifest import Manifest, Segment, not_writable, now
from comity.record.schema import Table

FOLDER = "segments"
LEVELS = ((1_000_000, 24), (8_000_000, 8), (64_000_000, 8))
"""Segments below so many bytes are united when there are so many of that level, the smaller ones behind them included.
Every row is so written once a level, whatever the size of the record, and the manifest names few segments."""
LEAST_OF_A_ROW = 128
"""Bytes that a row counts at least: half a million short rows are a segment of the last level, or uniting a few of them
would need gigabytes of memory (20 million imported events took 6)."""
ROW_GROUP = 262_144


class _Hashing(io.RawIOBase):
    """A file that is hashed while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:  # type: ignore[no-untyped-def]
        self.digest.update(data)
        self.size += len(data)
        self.file.write(data)
        return len(data)


def write_segment(folder: Path, table: Table, rows: pa.Table, generations: tuple[int, int]) -> Segment:
    """Write rows to a new segment and have them on the disk; its name is, once the folder is synced.

    Raises `RecordNotWritable`.
    """
    first, last = generations
    target = folder / FOLDER
    partial = target / f"{table.name}-{last:08d}-{os.getpid()}-{os.urandom(4).hex()}.part"  # others may write beside
    try:
        target.mkdir(exist_ok=True)
        with partial.open("wb") as file:
            sink = _Hashing(file)
            pq.write_table(
                rows, pa.PythonFile(sink, "w"), compression="zstd", row_group_size=ROW_GROUP, write_page_checksum=True
            )
            file.flush()
            os.fsync(file.fileno())
        sha256 = sink.digest.hexdigest()
        name = f"{table.name}-{last:08d}-{sha256[:12]}.parquet"
        partial.replace(target / name)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise not_writable(target, error) from error
    return Segment(
        file=name,
        table=table.name,
        rows=rows.num_rows,
        size=sink.size,
        sha256=sha256,
        first=first,
        last=last,
        created=now().isoformat(timespec="seconds"),
    )


def read_segment(folder: Path, segment: Segment, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a segment.  Raises `DamagedSegment`."""
    path = folder / FOLDER / segment.file
    try:
        return pq.ParquetFile(path, page_checksum_verification=True).read(
            columns=list(columns) if columns is not None else None
        )
    except FileNotFoundError as error:
        raise damaged(path, "is missing") from error
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, f"cannot be read: {str(error).splitlines()[0][:120]}") from error


def damaged(path: Path, how: str) -> DamagedSegment:
    """The error of one segment that is not as it was written."""
    return DamagedSegment(
        f"this segment {how}",
        about=str(path),
        fix="put the file back from a copy, or set it aside with `comity check --repair`; other data are intact",
    )


def hash_file(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def orphans(folder: Path, manifest: Manifest) -> list[Path]:
    """Files among the segments that the manifest does not name: of commits that were cut short."""
    named = {s.file for s in manifest.segments} | set(manifest.retired)
    target = folder / FOLDER
    return sorted(p for p in target.iterdir() if p.name not in named) if target.is_dir() else []


def tail_to_unite(segments: Sequence[Segment]) -> list[Segment]:
    """The segments at the end of a table that are to be united: see `LEVELS`."""
    below = 0
    for limit, many in LEVELS:
        tail: list[Segment] = []
        for segment in reversed(segments):
            if _weight(segment) >= limit:
                break
            tail.append(segment)
        if sum(_weight(s) >= below for s in tail) >= many:
            return tail[::-1]
        below = limit
    return []


def _weight(segment: Segment) -> int:
    """The bytes that a segment counts when it is to be united."""
    return max(segment.size, segment.rows * LEAST_OF_A_ROW)


def unite(folder: Path, table: Table, segments: Sequence[Segment]) -> Segment:
    """One segment in place of several, with their rows in order; of derived tables, the newest rows only."""
    rows = pa.concat_tables([read_segment(folder, s) for s in segments])
    if table.derived:
        rows = newest(rows, table.key)
    return write_segment(folder, table, rows, (segments[0].first, segments[-1].last))


def newest(rows: pa.Table, key: Iterable[str]) -> pa.Table:
    """The last row of each primary key, in the order of these last rows."""
    names = list(key)
    numbered = rows.select(names).append_column("_at", pa.array(np.arange(rows.num_rows)))
    last = numbered.group_by(names, use_threads=False).aggregate([("_at", "max")])["_at_max"].to_numpy()
    return rows if len(last) == rows.num_rows else rows.take(pa.array(np.sort(last)))
