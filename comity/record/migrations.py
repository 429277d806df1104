"""Steps that bring the tables of an older record up to the version of this program.

A step takes the rows of one table as the older version wrote them and gives them as the
next version has them.  All segments are written anew and named by one new manifest, so
that a fault in between leaves the old record as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import pyarrow as pa

from comity.errors import RecordOutdated
from comity.record.lock import WriterLock
from comity.record.manifest import MANIFEST, Manifest, Segment, save, sync_folder
from comity.record.schema import VERSION, table
from comity.record.segments import FOLDER, read_segment, write_segment

Step = Callable[[str, pa.Table], pa.Table]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""By the version that a step starts from.  Version 1 is the first."""


def version_of(folder: Path) -> int:
    """The version of the tables of a record, whatever it is; 0 where the manifest does not tell."""
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes())["manifest"]["schema"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        return 0
    return found if isinstance(found, int) else 0


def migrate(folder: Path, steps: Mapping[int, Step] | None = None, to: int = VERSION) -> bool:
    """Bring a record up to version ``to``; whether there was anything to do.

    Raises `RecordOutdated` where a step is missing, `RecordBusy`, `DamagedSegment`.
    """
    begin = version_of(folder)
    if not 0 < begin < to:
        return False
    known = STEPS if steps is None else steps
    missing = [v for v in range(begin, to) if v not in known]
    if missing:
        raise RecordOutdated(
            f"there is no step from version {missing[0]} of the tables",
            about=str(folder),
            fix="install the version of Comity that made this record, or one that knows it",
        )
    with WriterLock(folder):
        old = _older(folder)
        generation = old.generation + 1
        segments = tuple(_renewed(folder, s, known, range(begin, to), generation) for s in old.segments)
        sync_folder(folder / FOLDER)
        retired = tuple(s.file for s in old.segments)
        save(
            folder,
            Manifest(schema=to, generation=generation, created=old.created, segments=segments, retired=retired),
        )
    return True


def _older(folder: Path) -> Manifest:
    """The manifest of an older version: of the same form so far."""
    held = msgspec.json.decode((folder / MANIFEST).read_bytes())["manifest"]
    return msgspec.convert(held, Manifest)


def _renewed(folder: Path, segment: Segment, steps: Mapping[int, Step], versions: range, generation: int) -> Segment:
    """One segment in the new form; it keeps the generations whose rows it holds, with a name of its own."""
    rows = read_segment(folder, segment)
    for version in versions:
        rows = steps[version](segment.table, rows)
    found = table(segment.table).rows(rows)
    mark = hashlib.sha256(f"{generation}".encode()).hexdigest()[:4]
    marked = found.replace_schema_metadata({"renewed": mark})
    return write_segment(folder, table(segment.table), marked, (segment.first, segment.last))
