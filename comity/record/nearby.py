"""What merging asks of a record, beside it on disk, found by hash: see `comity.record.runs`.

The folder ``near`` is only a cache.  It covers the record up to one generation; what was committed later is read from
its segments, and when it is missing, damaged or of another record all of it is made again.  Only who holds the
writer's lock may use it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from types import GenericAlias
from typing import Any, Final, TypeVar, get_type_hints

import msgspec
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from comity.model import Record
from comity.record.manifest import Manifest, Segment, not_writable, replace_file
from comity.record.merge import MergedEvent, ReportRow, StoryRow, keys_of, window_of
from comity.record.merge.neighbourhood import MOST_MARKED
from comity.record.merge.signature import hash64
from comity.record.runs import Files, Run, row_of, sorted_links, sorted_rows
from comity.record.segments import FOLDER as SEGMENTS

FOLDER: Final = "near"
LISTING: Final = "near.json"
LAYOUT: Final = 3
IMPORTED: Final = "imported_from"
ROWS: Final = 20_000
"""Rows of a segment that are taken in at once."""
SPANS: Final = (6, 12, 32, 128, 1200)
"""Classes of windows by their days; a report stands in one bucket of the class its window fits in."""
_MASK: Final = (1 << 63) - 1
T = TypeVar("T")


class Known(Record, frozen=True):
    """A report or an event with what the record keeps beside its own fields."""

    row: Any
    cameo: str | None
    event: str = ""


class _Listing(Record, frozen=True):
    layout: int
    created: str
    generation: int
    serial: int
    runs: dict[str, tuple[Run, ...]]


class _Codec:
    """Rows of one kind as bytes and back: the values of the fields, without their names."""

    def __init__(self, kind: type[Any]) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.names = kind.__struct_fields__
        columns = (str | None, str, *(hints[name] for name in self.names))
        self.decoder: Any = msgspec.msgpack.Decoder(GenericAlias(tuple, columns))

    def encode(self, row: Any, cameo: str | None = None, event: str = "") -> bytes:
        """A row as bytes."""
        return msgspec.msgpack.encode((cameo, event, *msgspec.structs.astuple(row)))

    def decode(self, data: bytes) -> Known:
        """The row in these bytes."""
        cameo, event, *values = self.decoder.decode(data)
        return Known(row=self.kind(**dict(zip(self.names, values, strict=True))), cameo=cameo, event=event)


class Nearby:
    """The rows of documents, reports and events by their ids, and who stands under a mark, a key, a story, an event."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.record = folder
        self.folder = folder / FOLDER
        self.codecs = {"d": _Codec(StoryRow), "r": _Codec(ReportRow), "e": _Codec(MergedEvent)}
        self.serial = 0
        self.generation = 0
        self._begin(self._listing(manifest))
        try:
            self.folder.mkdir(exist_ok=True)
            self._catch_up(manifest)
        except OSError as error:
            raise not_writable(self.folder, error) from error

    def rows(self, kind: str, names: Iterable[int]) -> Iterator[Known]:
        """The newest rows with these hashes of ids, in order of hash; unknown and removed ones are left out."""
        asked = np.unique(np.fromiter((_kin(kind, n) for n in names), np.uint64))
        found: list[bytes] = [b""] * len(asked)
        for values, rows, low, high in self.files["rows"].ranges(asked):
            for n in np.flatnonzero(high > low).tolist():
                found[n] = row_of(values, rows, int(low[n]))
        for data in found:
            if data:
                yield self.codecs[kind].decode(data)

    def linked(self, keys: Sequence[int]) -> Any:
        """The hashes that stand under any of these keys, each once."""
        asked = np.unique(np.array(keys, np.uint64))
        found = [np.zeros(0, np.uint64)]
        for values, _, low, high in self.files["links"].ranges(asked):
            found += [values[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True) if b > a]
        return np.unique(np.concatenate(found))

    def marked(self, marks: Sequence[str]) -> list[list[int]]:
        """The hashes of the first documents with each of these marks."""
        asked = np.array([hash64(m) for m in marks], np.uint64)
        found: list[list[int]] = [[] for _ in marks]
        for values, _, low, high in self.files["marks"].ranges(asked):
            for n in np.flatnonzero(high > low).tolist():
                found[n] += values[low[n] : high[n]].tolist()
        return [list(dict.fromkeys(one))[:MOST_MARKED] for one in found]

    def keep(
        self,
        documents: Iterable[StoryRow],
        reports: Iterable[tuple[ReportRow, str | None, str]],
        events: Iterable[tuple[MergedEvent, str | None]],
        gone: Iterable[tuple[str, str]] = (),
        generation: int | None = None,
    ) -> None:
        """Write rows in place of earlier ones; reports come with CAMEO code and event, ``gone`` are kinds and ids.

        With ``generation`` all that was committed up to it has been kept.
        """
        rows: dict[int, bytes] = {_kin(kind, hash64(name)): b"" for kind, name in gone}
        links: list[tuple[int, int]] = []
        marks: list[tuple[int, int]] = []
        for row in documents:
            name = hash64(row.document)
            rows[_kin("d", name)] = self.codecs["d"].encode(row)
            links.append((hash64("s:" + row.story), name))
            marks += [(hash64(m), name) for m in row.marks]
        for report, cameo, event in reports:
            name = hash64(report.id)
            rows[_kin("r", name)] = self.codecs["r"].encode(report, cameo, event)
            links += [(hash64("d:" + report.document), name), (hash64("e:" + event), name)]
            links += [(key, name) for key in kept_under(report)]
        for merged, cameo in events:
            rows[_kin("e", hash64(merged.id))] = self.codecs["e"].encode(merged, cameo)
        self._write(rows, links, marks, generation)

    def close(self) -> None:
        """Let go of all files."""
        for files in self.files.values():
            files.close()

    # -- files

    def _listing(self, manifest: Manifest) -> _Listing:
        """What is on disk, where it is of this record and whole."""
        nothing = _Listing(layout=LAYOUT, created=manifest.created, generation=0, serial=0, runs={})
        try:
            found = msgspec.json.decode((self.folder / LISTING).read_bytes(), type=_Listing)
        except (OSError, msgspec.DecodeError):
            return nothing
        same = (found.layout, found.created) == (LAYOUT, manifest.created) and found.generation <= manifest.generation
        whole = all(Files(self.folder, kind, runs).sound() for kind, runs in found.runs.items())
        return found if same and whole else nothing

    def _begin(self, listing: _Listing) -> None:
        self.serial, self.generation, self.created = listing.serial, listing.generation, listing.created
        self.files = {
            kind: Files(self.folder, kind, listing.runs.get(kind, ()), MOST_MARKED if kind == "marks" else None)
            for kind in ("rows", "links", "marks")
        }
        named = {run.name for files in self.files.values() for run in files.listed}
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name != LISTING and path.stem not in named:
                    path.unlink(missing_ok=True)

    def _write(
        self,
        rows: dict[int, bytes],
        links: list[tuple[int, int]],
        marks: list[tuple[int, int]],
        generation: int | None,
    ) -> None:
        try:
            self.serial += 1
            self.files["rows"].write(self.serial, *sorted_rows(rows))
            self.files["links"].write(self.serial, *sorted_links(links))
            self.files["marks"].write(self.serial, *sorted_links(marks))
            gone = [name for files in self.files.values() for name in files.unite(self.serial)]
            self.generation = self.generation if generation is None else generation
            self._list()
        except OSError as error:
            raise not_writable(self.folder, error) from error
        for name in gone:
            for ending in ("keys", "values", "rows"):
                (self.folder / f"{name}.{ending}").unlink(missing_ok=True)

    def _list(self) -> None:
        listing = _Listing(
            layout=LAYOUT, created=self.created, generation=self.generation, serial=self.serial,
            runs={kind: tuple(files.listed) for kind, files in self.files.items()},
        )  # fmt: skip
        replace_file(self.folder / LISTING, msgspec.json.encode(listing))

    # -- from segments

    def _catch_up(self, manifest: Manifest) -> None:
        """Take in what was committed since; a start that is cut short is begun again."""
        if self.generation == manifest.generation and self.folder.joinpath(LISTING).exists():
            return
        late = [s for s in manifest.segments if s.last > self.generation]
        takers: tuple[tuple[str, Callable[[list[dict[str, Any]]], None]], ...] = (
            ("stories", self._stories), ("reports", self._reports), ("report_events", self._report_events),
            ("events", self._events),
        )  # fmt: skip
        for table, take in takers:
            for segment in (s for s in late if s.table == table):
                for rows in self._read(segment, table):
                    take(rows)
        self._write({}, [], [], manifest.generation)

    def _read(self, segment: Segment, table: str) -> Iterator[list[dict[str, Any]]]:
        """The rows of a segment that merging can ask for: those of imported events it cannot."""
        file = pq.ParquetFile(self.record / SEGMENTS / segment.file)
        groups = [n for n in range(file.num_row_groups) if table != "events" or _some_own(file, n)]
        for batch in file.iter_batches(ROWS, row_groups=groups):
            if table == "events":
                batch = batch.filter(batch.column(IMPORTED).is_null())
            elif table == "reports":
                batch = batch.filter(pc.or_(batch.column("keys").is_valid(), batch.column("deleted").fill_null(False)))
            if batch.num_rows:
                yield batch.to_pylist()

    def _stories(self, rows: list[dict[str, Any]]) -> None:
        told, gone = _last(rows, "document")
        self.keep([_struct(StoryRow, r) for r in told], (), (), [("d", name) for name in gone])

    def _reports(self, rows: list[dict[str, Any]]) -> None:
        told, gone = _last(rows, "id")
        beside = {k.row.document: k.row for k in self.rows("d", {hash64(r["document"]) for r in told})}
        before = {k.row.id: k.event for k in self.rows("r", {hash64(r["id"]) for r in told})}
        reports = []
        for r in told:
            story = beside.get(r["document"])
            facts = {"outlet": story.outlet, "published": story.published} if story else {}
            reports.append((_struct(ReportRow, r | facts), r["cameo"], before.get(r["id"], "")))
        self.keep((), reports, (), [("r", name) for name in gone])

    def _report_events(self, rows: list[dict[str, Any]]) -> None:
        event = {r["report"]: r["event"] for r in _last(rows, "report")[0]}
        known = self.rows("r", {hash64(name) for name in event})
        self.keep((), [(k.row, k.cameo, event[k.row.id]) for k in known if k.event != event[k.row.id]], ())

    def _events(self, rows: list[dict[str, Any]]) -> None:
        told, gone = _last(rows, "id")
        self.keep((), (), [(_struct(MergedEvent, r), r["cameo"]) for r in told], [("e", name) for name in gone])


def drop(folder: Path) -> None:
    """Have it made again when next needed."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)


def _some_own(file: Any, group: int) -> bool:
    """Whether a row group of events may hold one that was not imported."""
    meta = file.metadata.row_group(group)
    column = next(c for n in range(meta.num_columns) if (c := meta.column(n)).path_in_schema == IMPORTED)
    return not (column.statistics and column.statistics.has_null_count and column.statistics.null_count == 0)


def kept_under(report: ReportRow) -> list[int]:
    """The hashes under which a report stands: its keys, with the bucket of its window."""
    low, high = (d.toordinal() for d in window_of(report))
    span = next((s for s in SPANS if high - low < s), SPANS[-1])
    return [_bucket(hash64("k:" + key), span, low // span) for key in keys_of(report)]


def looked_under(keys: Iterable[str], low: date, high: date) -> list[int]:
    """The hashes under which all reports with one of these keys stand whose windows may meet these days."""
    first, last = low.toordinal(), high.toordinal()
    spans = [(s, n) for s in SPANS for n in range(max(0, (first - s) // s), last // s + 1)]
    buckets = np.array([n * 4096 + s for s, n in spans], np.uint64)
    hashed = np.array([hash64("k:" + k) for k in keys], np.uint64)
    found: list[int] = _mixed(hashed[:, None] ^ buckets[None, :]).ravel().tolist()
    return found


def _bucket(key: int, span: int, number: int) -> int:
    return int(_mixed(key ^ (number * 4096 + span)))


def _kin(kind: str, name: int) -> int:
    """The hash of an id among those of its kind."""
    return name ^ (ord(kind) << 40)


def _mixed(value: Any) -> Any:
    """Spread, for a number or an array of them: the same for both, as what passes 63 bits is cut off."""
    value = ((value ^ (value >> 31)) * 0x7FB5D329728EA185) & _MASK
    return ((value ^ (value >> 27)) * 0x81DADEF4BC2DD44D) & _MASK


def _last(rows: Sequence[dict[str, Any]], key: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The last row of each key, and the keys whose last row removes it."""
    last = {r[key]: r for r in rows}
    return [r for r in last.values() if not r["deleted"]], [k for k, r in last.items() if r["deleted"]]


def _struct(kind: Callable[..., T], row: dict[str, Any]) -> T:
    """A record of what a row tells; lists become tuples, nulls are left to the default."""
    names: tuple[str, ...] = kind.__struct_fields__  # type: ignore[attr-defined]
    told = ((f, row.get(f)) for f in names)
    return kind(**{f: tuple(v) if isinstance(v, list) else v for f, v in told if v is not None})
