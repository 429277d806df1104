"""``comity check``: is everything as it was written, and do all offsets lead to their words?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from comity.errors import ComityError, DamagedManifest, DamagedSegment
from comity.model import Record
from comity.record import index, nearby
from comity.record.lock import WriterLock
from comity.record.manifest import MANIFEST, TWIN, Manifest, Segment, load, not_writable, save
from comity.record.segments import FOLDER, orphans, read_segment

ASIDE = "damaged"
"""Folder into which repairs put what cannot be used; nothing is deleted but leftovers of cut commits."""
MOST = 20


class Fault(Record, frozen=True):
    """One thing that is not as it should be; ``mended`` says what was done about it."""

    code: str
    about: str
    message: str
    mended: str | None = None


class Report(Record, frozen=True):
    """What a check looked at and what it found.  ``lost`` counts rows of segments that were set aside, by table."""

    generation: int
    segments: int
    rows: int
    faults: tuple[Fault, ...]
    lost: dict[str, int]

    @property
    def sound(self) -> bool:
        """Whether nothing is left to mend."""
        return all(f.mended for f in self.faults)


def check(folder: Path, *, repair: bool = False) -> Report:
    """Verify the record in a folder; with ``repair`` mend it under the writer's lock.

    A damaged manifest is put back from its twin, segments that cannot be used
    are set aside into ``damaged/``, leftovers of commits that were cut short are
    removed, and the index is made again.  Raises `RecordBusy`, `NoRecord`.
    """
    if repair:
        with WriterLock(folder):
            return _Check(folder, repair=True).run()
    return _Check(folder, repair=False).run()


class _Check:
    def __init__(self, folder: Path, *, repair: bool) -> None:
        self.folder = folder
        self.repair = repair
        self.faults: list[Fault] = []
        self.lost: dict[str, int] = {}

    def run(self) -> Report:
        manifest = self._manifest()
        whole, broken = self._segments(manifest)
        if broken and self.repair:
            manifest = self._set_aside(manifest, whole, broken)
        self._orphans(manifest)
        self._index(manifest, anew=bool(self.faults) and self.repair)
        if not broken or self.repair:
            self.faults += self._offsets(whole)
            self.faults += self._links(manifest)
        return Report(
            generation=manifest.generation,
            segments=len(manifest.segments),
            rows=sum(s.rows for s in manifest.segments),
            faults=tuple(self.faults),
            lost=self.lost,
        )

    def _manifest(self) -> Manifest:
        try:
            return load(self.folder)
        except DamagedManifest as error:
            twin = load(self.folder, TWIN)
            mended = None
            if self.repair:
                with suppress(FileNotFoundError):
                    self._aside(self.folder / MANIFEST)
                save(self.folder, twin)
                mended = f"put back from its twin, generation {twin.generation}"
            self._fault(error, mended)
            return twin

    def _segments(self, manifest: Manifest) -> tuple[list[Segment], list[Segment]]:
        whole, broken = [], []
        for segment in manifest.segments:
            try:
                index.verify(self.folder, [segment])
                whole.append(segment)
            except DamagedSegment as error:
                broken.append(segment)
                self._fault(error, f"set aside with {segment.rows:,} rows" if self.repair else None)
        return whole, broken

    def _set_aside(self, manifest: Manifest, whole: list[Segment], broken: list[Segment]) -> Manifest:
        for segment in broken:
            self.lost[segment.table] = self.lost.get(segment.table, 0) + segment.rows
            with suppress(FileNotFoundError):
                self._aside(self.folder / FOLDER / segment.file)
        new = Manifest(
            generation=manifest.generation + 1,
            created=manifest.created,
            segments=tuple(whole),
            retired=manifest.retired,
        )
        save(self.folder, new)
        with suppress(FileNotFoundError):
            (self.folder / index.FILE).unlink()
        nearby.drop(self.folder)
        return new

    def _orphans(self, manifest: Manifest) -> None:
        for path in orphans(self.folder, manifest):
            if self.repair:
                path.unlink(missing_ok=True)
            self.faults.append(
                Fault(
                    code="leftover",
                    about=str(path),
                    message="left by a commit that was cut short; it is not part of the record",
                    mended="removed" if self.repair else "ignored",
                )
            )

    def _index(self, manifest: Manifest, *, anew: bool) -> None:
        path = self.folder / index.FILE
        probe = index.Database(self.folder)
        usable = index.attach(probe) is not None
        probe.close()
        if path.exists() and not usable:
            self.faults.append(
                Fault(code="index", about=str(path), message="cannot be read", mended="made again when next asked")
            )
            anew = self.repair
        if anew:
            index.build(self.folder, manifest, None)

    def _offsets(self, whole: list[Segment]) -> Iterator[Fault]:
        """Evidence and anchors that are not what stands at their offsets."""
        wanted: dict[str, list[tuple[str, int, int, str]]] = {}
        columns = ["id", "document", "evidence_start", "evidence_end", "evidence"]
        columns += ["anchor_start", "anchor_end", "anchor"]
        for segment in (s for s in whole if s.table == "reports"):
            for name, document, *spans in _tuples(read_segment(self.folder, segment, columns)):
                for start, end, said in (spans[:3], spans[3:]):
                    if document and start is not None and said is not None:
                        wanted.setdefault(document, []).append((name, start, end, said))
        found = 0
        for segment in (s for s in whole if s.table == "documents"):
            for document, text in _tuples(read_segment(self.folder, segment, ["id", "text"])):
                for name, start, end, said in wanted.get(document, ()):
                    if text is not None and text[start:end] != said and found < MOST:
                        found += 1
                        message = f"characters {start} to {end} of the text are not the words that are kept"
                        yield Fault(code="offset", about=f"{document} {name}", message=message)

    def _links(self, manifest: Manifest) -> Iterator[Fault]:
        """Rows that name a row which is not there."""
        database = index.Database(self.folder)
        try:
            covered = index.attach(database)
            if covered is not None and covered > manifest.generation:
                database.run("detach idx")
                covered = None
            index.overlay(database, manifest, covered)
            for message, sql in _LINKS:
                for (name,) in database.rows(sql + f" limit {MOST}"):
                    yield Fault(code="link", about=str(name), message=message)
        finally:
            database.close()

    def _aside(self, path: Path) -> None:
        target = self.folder / ASIDE
        try:
            target.mkdir(exist_ok=True)
            shutil.move(path, target / path.name)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise not_writable(target, error) from error

    def _fault(self, error: ComityError, mended: str | None) -> None:
        self.faults.append(Fault(code=error.code, about=error.about, message=error.message, mended=mended))


_LINKS = (
    (
        "this report is of a document that is not there",
        "select r.id from reports r where r.document is not null and not exists "
        "(select 1 from documents d where d.id = r.document) order by 1",
    ),
    (
        "this report belongs to no event",
        "select r.id from reports r where not exists (select 1 from report_events l where l.report = r.id) order by 1",
    ),
    (
        "this event has no report",
        "select e.id from events e where not exists (select 1 from report_events l where l.event = e.id) order by 1",
    ),
    (
        "this report belongs to an event that is not there",
        "select l.report from report_events l where not exists (select 1 from events e where e.id = l.event) "
        "order by 1",
    ),
)


def _tuples(rows: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(c.to_pylist() for c in rows.columns), strict=True)
