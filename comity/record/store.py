"""`open_record` and `Store`: one record, to read from and to write to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from comity.errors import BadUsage, DamagedSegment, NoRecord, RecordNotWritable
from comity.paths import same_everywhere
from comity.record import index, segments
from comity.record.decided import views as decided
from comity.record.decided.methods import Deciding
from comity.record.lock import WriterLock
from comity.record.manifest import MANIFEST, TWIN, Manifest, Segment, load, not_writable, now, save, sync_folder
from comity.record.query import Filter, listing, period, statuses, terms
from comity.record.schema import table

if TYPE_CHECKING:
    from comity.record.add import Summary
    from comity.record.check import Report
    from comity.record.explain import Explanation
    from comity.record.names import Names

_OURS = frozenset({"lock", "index.lock", segments.FOLDER, MANIFEST + ".part", ".scratch"})


def default_path() -> Path:
    """The record that is meant where none is named: COMITY_RECORD, else ``record`` in the current folder."""
    return Path(os.environ.get("COMITY_RECORD") or "record")


def open_record(path: str | Path | None = None, create: bool = True) -> Store:
    """Open the record in a folder; with ``create`` it is made when absent.

    Raises `NoRecord`, `DamagedManifest`, `RecordTooNew`, `RecordOutdated`, `RecordNotWritable`; `BadUsage` for a name
    that the locale of this process has no letters for.
    """
    folder = Path(path) if path is not None else default_path()
    if not same_everywhere(folder):
        raise BadUsage(
            "the database cannot open a folder of this name here",
            about=str(folder),
            fix="name it in letters of ASCII, or set a locale of UTF-8 (LC_ALL=C.UTF-8)",
        )
    if create and not (folder / MANIFEST).exists() and not (folder / TWIN).exists():
        _create(folder)
    return Store(folder, load(folder))


def _create(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = sorted(p.name for p in folder.iterdir() if p.name not in _OURS)
    except OSError as error:
        raise not_writable(folder, error) from error
    if others:
        raise NoRecord(
            f"this folder is no record and is not empty (it holds {others[0]})",
            about=str(folder),
            fix="name an empty or a new folder with --record",
        )
    with WriterLock(folder):
        if not (folder / MANIFEST).exists():
            save(folder, Manifest(created=now().isoformat(timespec="seconds")))


class Batch:
    """Rows of several tables that are committed together, or not at all."""

    def __init__(self) -> None:
        self.rows: dict[str, list[pa.Table]] = {}

    def append(self, name: str, rows: pa.Table | Iterable[Mapping[str, Any]]) -> None:
        """Add rows to a table: an Arrow table or dicts.  Missing columns are null, unknown ones `BadUsage`."""
        found = table(name).rows(rows)
        if found.num_rows:
            self.rows.setdefault(name, []).append(found)

    def remove(self, name: str, keys: Iterable[Sequence[Any] | str]) -> None:
        """Remove the rows of these primary keys."""
        columns = table(name).key
        self.append(
            name,
            [
                {**dict(zip(columns, (k,) if isinstance(k, str) else k, strict=True)), "deleted": True}
                for k in keys
            ],
        )


class Store(Deciding):
    """One record.  Reading needs no lock and sees whole commits; one process writes at a time.

    A store serves one thread.  `events` and the like return Arrow tables:
    ``record.events(pair="RUS-UKR").to_pandas()``.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.path = folder
        self._manifest = manifest
        self._stamp = self._file_stamp()
        self._database: index.Database | None = None
        self._shown: int | None = None
        self._base: tuple[int | None, tuple[Segment, ...]] = (None, ())
        self._names: Names | None = None
        self._still = False
        self._lock = WriterLock(folder)

    # -- what is there

    @property
    def manifest(self) -> Manifest:
        """The newest manifest; within `still` the one of its beginning."""
        if self._still:
            return self._manifest
        stamp = self._file_stamp()
        if stamp != self._stamp:
            self._manifest, self._stamp = load(self.path), stamp
        return self._manifest

    @property
    def names(self) -> Names:
        """The names of actors and types, for questions in words."""
        from comity.record.names import Names

        if self._names is None:
            self._names = Names()
        return self._names

    def count(self, name: str) -> int:
        """Rows of a table that are in force."""
        return int(self.query(f"select count(*) from {table(name).name}").column(0)[0].as_py())

    def counts(self) -> dict[str, int]:
        """Rows in force of the tables that people ask for."""
        names = ("documents", "reports", "events", "quotations", "runs", "decisions")
        return {name: self.count(name) for name in names}

    def size(self) -> int:
        """Bytes on disk of the segments (the index, which can be made again, is not counted)."""
        return sum(s.size for s in self.manifest.segments)

    def __repr__(self) -> str:
        manifest = self.manifest
        told = ", ".join(f"{manifest.rows(n):,} {n}" for n in ("documents", "reports") if manifest.rows(n))
        return f"Store({str(self.path)!r}: {told or 'empty'}, generation {manifest.generation})"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{k}</td><td>{v:,}</td></tr>" for k, v in self.counts().items())
        return f"<b>Record</b> {escape(str(self.path))}<table>{rows}</table>"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        if self._database is not None:
            self._database.close()
            self._database, self._shown = None, None

    @contextmanager
    def still(self) -> Iterator[None]:
        """Show the same commit to all questions inside, whatever is written meanwhile: their answers fit together."""
        self.database()
        before, self._still = self._still, True
        try:
            yield
        finally:
            self._still = before

    def interrupt(self) -> None:
        """Break off the query that runs, from another thread: it raises `duckdb.InterruptException`."""
        if self._database is not None:
            self._database.connection.interrupt()

    # -- questions

    def query(self, sql: str, values: Sequence[Any] = ()) -> pa.Table:
        """The answer to a query in DuckDB's SQL over the tables of `comity.record.schema`."""
        return self.database().table(sql, values)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The same as rows by the names of their columns: for answers of few rows."""
        return self.database().dicts(sql, values)

    def events(
        self,
        pair: str | Sequence[str] | None = None,
        actor: str | None = None,
        type: str | Sequence[str] | None = None,
        status: str | Sequence[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        min_confidence: float | None = None,
        limit: int | None = None,
        directed: bool = False,
    ) -> pa.Table:
        """Merged events, oldest first; with ``limit`` the newest so many.

        Actors are codes or names ("RUS", "Russia"); a pair is two of them or "RUS-USA".
        Days are inclusive; an event counts when any of its days does.
        """
        asked = self.filter(
            pair=pair, actor=actor, type=type, status=status, since=since, until=until,
            min_confidence=min_confidence, directed=directed,
        )  # fmt: skip
        return self._selected("events", asked, limit)

    def reports(self, event: str | None = None, document: str | None = None, limit: int | None = None) -> pa.Table:
        """Reports: one event as one document tells it, with the ``event`` that it belongs to."""
        parts = [(c, v) for c, v in (("l.event", event), ("r.document", document)) if v is not None]
        where = " and ".join(f"{c} = ?" for c, _ in parts) or "true"
        sql = (
            "select l.event, r.* exclude (words), l.score, l.why as link_why from reports r "
            f"left join report_events l on l.report = r.id where {where} order by r.date_start, r.id"
        )
        return self.query(sql + _limit(limit), [v for _, v in parts])

    def documents(self, limit: int | None = None) -> pa.Table:
        """Documents without their text, with their story; see `text` for one text."""
        return self.query(
            "select d.* exclude (generation), s.story from documents d left join stories s on s.document = d.id "
            "order by d.published, d.id" + _limit(limit)
        )

    def quotations(self, limit: int | None = None) -> pa.Table:
        """Quotations and reported speech."""
        return self.query("select * exclude (words) from quotations order by document, start" + _limit(limit))

    def runs(self) -> pa.Table:
        """Runs, oldest first."""
        return self.query("select * from runs order by started, id")

    def search(self, text: str, limit: int | None = 100) -> pa.Table:
        """Reports whose evidence has all the words: "phrases" in quotation marks, begin* for beginnings.

        Accents and capitals do not matter.  Short sentences that have the words often come first.
        """
        wanted = terms(text)
        where = " and ".join("contains(r.words, ?)" for _ in wanted) or "false"
        hits = " + ".join("(length(r.words) - length(replace(r.words, ?, ''))) / length(?)" for _ in wanted) or "0"
        sql = (
            "select r.id as report, l.event, r.document, r.type, r.status, r.sources, r.targets, r.date_start, "
            f"r.date_end, r.precision, r.evidence, r.confidence, ({hits}) / length(r.words) as score from reports r "
            f"left join report_events l on l.report = r.id where {where} order by score desc, r.date_start desc, r.id"
        )
        values = [v for term in wanted for v in (term, term)] + wanted
        return self.query(sql + _limit(limit), values)

    def text(self, document: str) -> str | None:
        """The stored text of a document, None where there is none."""
        found = self.query("select generation from documents where id = ?", [document])
        if not found.num_rows:
            return None
        at = found.column("generation")[0].as_py()
        for segment in reversed(self.manifest.of("documents")):
            if segment.first <= at <= segment.last:
                rows = segments.read_segment(self.path, segment, ["id", "text"])
                texts = [t for i, t in zip(*(c.to_pylist() for c in rows.columns), strict=True) if i == document]
                if texts:
                    return str(texts[-1])
        return None

    def explain(self, event: str) -> Explanation:
        """One event with all its reports, their sentences in context, and the reasons.  Raises `UnknownEvent`."""
        from comity.record.explain import explain

        return explain(self, event)

    def filter(
        self,
        *,
        pair: str | Sequence[str] | None = None,
        actor: str | None = None,
        type: str | Sequence[str] | None = None,
        status: str | Sequence[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        min_confidence: float | None = None,
        directed: bool = False,
    ) -> Filter:
        """A checked filter from what a person asks for."""
        first, last = period(since, until)
        return Filter(
            pair=self.names.pair(pair) if pair is not None else None,
            directed=directed,
            actor=self.names.actor(actor) if actor is not None else None,
            types=tuple(self.names.type(t) for t in listing(type)),
            statuses=statuses(status),
            since=first,
            until=last,
            min_confidence=min_confidence,
        )

    def _selected(self, name: str, asked: Filter, limit: int | None) -> pa.Table:
        where, values = asked.where()
        sql = f"select * from {name} where {where}"
        if limit is not None:
            sql = f"select * from ({sql} order by date_start desc nulls last, id desc limit {int(limit)})"
        return self.query(sql + " order by date_start, id", values)

    # -- the index

    def database(self) -> index.Database:
        """A connection that shows the newest commit."""
        manifest = self.manifest
        if self._database is not None and self._shown == manifest.generation:
            return self._database
        try:
            return self._show(manifest)
        except DamagedSegment:  # perhaps a writer united segments meanwhile
            fresh = load(self.path)
            if fresh.generation == manifest.generation:
                raise
            self._manifest = fresh
            return self._show(fresh)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise DamagedSegment(
                f"the segments cannot be read: {error}", about=str(self.path), fix="see `comity check`"
            ) from error

    def _show(self, manifest: Manifest) -> index.Database:
        covered, shown = self._base
        others = tuple(s for s in manifest.segments if s.table != "decisions")
        if self._database is not None and others == shown:  # somebody decided, and nothing else happened
            index.overlay(self._database, manifest, covered, decided.RAW, only=("decisions",))
            decided.apply(self._database)
            self._shown = manifest.generation
            return self._database
        return self._show_all(manifest, others)

    def _show_all(self, manifest: Manifest, others: tuple[Segment, ...]) -> index.Database:
        self.close()
        database = index.Database(self.path)
        covered = index.attach(database)
        if covered is not None and covered > manifest.generation:  # the record was put back from an older copy
            database.run("detach idx")
            covered = None
        late = sum(s.rows for s in manifest.segments if covered is None or s.last > covered)
        base = sum(s.rows for s in manifest.segments) - late
        if late > max(index.LAYER_ROWS, base // 20):
            database.close()
            self.refresh()
            database = index.Database(self.path)
            covered = index.attach(database)
        index.overlay(database, manifest, covered, decided.RAW)
        decided.apply(database)
        self._database, self._shown, self._base = database, manifest.generation, (covered, others)
        return database

    def refresh(self, *, anew: bool = False) -> bool:
        """Bring the index up to date where this process may; ``anew`` makes all of it again."""
        with index.index_lock(self.path) as ours:
            if not ours:
                return False
            manifest = self.manifest
            probe = index.Database(self.path)
            covered = None if anew else index.attach(probe)
            probe.close()
            if covered == manifest.generation:
                return True
            rows = sum(s.rows for s in manifest.segments)
            late = sum(s.rows for s in manifest.segments if covered is None or s.last > covered)
            if covered is not None and (covered > manifest.generation or 2 * late > rows):
                covered = None
            with suppress(RecordNotWritable):
                index.build(self.path, manifest, covered)
                return True
            return False

    def rebuild(self) -> None:
        """Make the index again from the segments; bring older tables up to date.  Raises `RecordNotWritable`."""
        from comity.record import nearby
        from comity.record.migrations import migrate

        self.close()
        migrate(self.path)
        with suppress(FileNotFoundError):
            (self.path / index.FILE).unlink()
        nearby.drop(self.path)
        index.build(self.path, self.manifest, None)

    def check(self, *, repair: bool = False) -> Report:
        """Verify the manifest, every segment and every offset; with ``repair`` mend what can be mended."""
        from comity.record.check import check

        return check(self.path, repair=repair)

    # -- writing

    def add(self, items: Any, **options: Any) -> Summary:
        """Read documents into the record: paths, URLs, or items of `comity.read`; see `comity.record.add.add`."""
        from comity.record.add import add

        return add(self, items, **options)

    def lock(self) -> WriterLock:
        """The writer's lock, as a context: `RecordBusy` where another process has it."""
        return self._lock

    def append(self, name: str, rows: pa.Table | Iterable[Mapping[str, Any]]) -> None:
        """Commit rows of one table."""
        with self.write() as batch:
            batch.append(name, rows)

    @contextmanager
    def write(self) -> Iterator[Batch]:
        """Commit the rows of several tables together when the block ends, nothing when it fails.

        Raises `RecordBusy`, `RecordNotWritable`.
        """
        with self._lock:
            batch = Batch()
            yield batch
            if batch.rows:
                self._commit(batch)

    def _commit(self, batch: Batch) -> None:
        old = load(self.path)
        generation = old.generation + 1
        written: list[Segment] = []
        try:
            for name, rows in batch.rows.items():
                found = pa.concat_tables(rows)
                written.append(segments.write_segment(self.path, table(name), found, (generation, generation)))
            kept, retired = self._united([*old.segments, *written], list(batch.rows))
            written += [s for s in kept if s not in old.segments and s not in written]
            sync_folder(self.path / segments.FOLDER)
            new = Manifest(generation=generation, created=old.created, segments=tuple(kept), retired=tuple(retired))
            save(self.path, new)
        except BaseException as error:
            if load(self.path).generation < generation:
                for segment in written:
                    with suppress(OSError):
                        (self.path / segments.FOLDER / segment.file).unlink()
            if isinstance(error, OSError):
                raise not_writable(self.path, error) from error
            raise
        for file in old.retired:
            with suppress(OSError):
                (self.path / segments.FOLDER / file).unlink()

    def _united(self, listed: list[Segment], names: Iterable[str]) -> tuple[list[Segment], list[str]]:
        """The segments with long tails of small ones united; and the files that are no longer needed."""
        retired: list[str] = []
        for name in names:
            tail = segments.tail_to_unite([s for s in listed if s.table == name])
            if tail:
                united = segments.unite(self.path, table(name), tail)
                listed = [s for s in listed if s not in tail] + [united]
                retired += [s.file for s in tail]
        return listed, retired

    def _file_stamp(self) -> tuple[int, int, int] | None:
        try:
            found = (self.path / MANIFEST).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def _limit(limit: int | None) -> str:
    return "" if limit is None else f" limit {int(limit)}"
