"""The index: a DuckDB file made from the segments, which answers questions and can always be made again.

It covers the record up to one generation.  What was committed later is read from
its segments into memory and laid over it, so that a reader never waits for a
writer, and the file is made anew (beside the old one, then renamed) when that
layer grows.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from comity.errors import RecordNotWritable
from comity.model import Record
from comity.record.manifest import Manifest, Segment, not_writable
from comity.record.schema import TABLES, Table
from comity.record.segments import FOLDER, damaged, hash_file

FILE = "index.duckdb"
LAYOUT = 1
"""The version of what follows; another one on disk is made anew."""
LAYER_ROWS = 20_000
"""Rows that a reader lays over the index at least before he makes it anew."""
_BIG = 200_000
_COUNTED = 10_000_000
LOOKED_UP = (("events", "id"), ("reports", "id"), ("report_events", "report"), ("report_events", "event"))
"""Columns by which single rows are asked for, by pages and by decisions."""
LOOKED_UP_ROWS = 3_000_000
"""Rows up to which a table has an index for that; it is held in memory while it is made."""

MEMORY = "1GB"
"""What the making may use before it spills to the disk: without a limit 50 million events take 5 GB."""

WORDS = r"trim(regexp_replace(strip_accents(lower({})), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"
"""Text as words in small letters without accents, one blank between them."""


class Target(Record, frozen=True):
    """A table of the index: rows of ``source``, chosen by ``select``; ``link`` holds the key columns of the source."""

    name: str
    source: str
    select: str
    link: tuple[str, ...]


def _targets() -> tuple[Target, ...]:
    selects = {
        "documents": "* exclude (text, deleted)",
        "reports": "* exclude (keys, window_low, window_high, deleted), "
        f"' ' || {WORDS.format('evidence')} || ' ' words",
        "stories": "* exclude (marks, deleted)",
        "quotations": f"* exclude (deleted), ' ' || {WORDS.format('text')} || ' ' words",
    }
    plain = tuple(
        Target(name=t.name, source=t.name, select=selects.get(t.name, "* exclude (deleted)"), link=t.key)
        for t in TABLES.values()
    )
    keys = Target(
        name="report_keys",
        source="reports",
        select="unnest(keys) as key, id as report, window_low as low, window_high as high",
        link=("report",),
    )
    marks = Target(
        name="story_marks", source="stories", select="unnest(marks) as mark, document", link=("document",)
    )
    return (*plain, keys, marks)


TARGETS = _targets()


class Database:
    """A DuckDB connection in memory, with the index of a record attached where there is one."""

    def __init__(self, folder: Path, file: Path | None = None) -> None:
        self.folder = folder
        self.connection = duckdb.connect(str(file) if file else ":memory:")
        self.run("set preserve_insertion_order = true")
        self.run("set enable_progress_bar = false")
        scratch = folder / ".scratch"
        if os.access(folder, os.W_OK):
            self.run(f"set temp_directory = {quoted(str(scratch))}")

    def run(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> None:
        """Carry out a statement."""
        self.connection.execute(sql, values or None).fetchall()

    def table(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> pa.Table:
        """The answer to a query as an Arrow table."""
        return self.connection.sql(sql, params=values or None).to_arrow_table()

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The answer to a query as tuples."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql, values or None).fetchall()
        return found

    def dicts(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """The answer to a query as rows by the names of their columns; for few rows cheaper than an Arrow table."""
        found = self.connection.execute(sql, values or None)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def joined(self, asked: pa.Table, sql: str) -> pa.Table:
        """The answer to a query over the tables and ``asked``."""
        self.connection.register("asked", asked)
        try:
            return self.table(sql)
        finally:
            self.connection.unregister("asked")

    def close(self) -> None:
        """Let go of all files."""
        self.connection.close()
        scratch = self.folder / ".scratch"
        with suppress(OSError):
            scratch.rmdir()


def quoted(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def load_sources(
    database: Database, segments: dict[str, list[Segment]], *, keep: bool, only: Collection[str] = TABLES
) -> None:
    """Define ``src_T`` for each table: the newest row of every key in these segments, removed ones with ``deleted``.

    With ``keep`` the rows are loaded into memory, else they are views of the files; ``only`` some of the tables.
    """
    for table in (t for t in TABLES.values() if t.name in only):
        found = segments.get(table.name, [])
        kind = "temp table" if keep else "temp view"
        database.run(f"create or replace {kind} src_{table.name} as {_newest(database, table, found)}")


def _newest(database: Database, table: Table, segments: list[Segment]) -> str:
    """The query of the newest rows; ``generation`` is the one under which the text of a document is found."""
    at = ", generation" if table.name == "documents" else ""
    if not segments:
        columns = ", ".join(f'cast(null as {_sql_type(f.type)}) as "{f.name}"' for f in table.schema)
        at = ", cast(null as bigint) as generation" if at else ""
        return f"select {columns}{at} where false"
    files = [str(database.folder / FOLDER / s.file) for s in segments]
    database.run(f"create or replace temp table pos_{table.name} (file varchar, pos bigint, generation bigint)")
    for pos, (file, segment) in enumerate(zip(files, segments, strict=True)):
        database.run(f"insert into pos_{table.name} values (?, ?, ?)", [file, pos, segment.last])
    listed = "[" + ", ".join(quoted(re.sub(r"([\[*?])", r"[\1]", f)) for f in files) + "]"  # no pattern is meant
    columns = ", ".join(f's."{f.name}"' for f in table.schema)
    source = (
        f"(select {columns}, p.pos, p.generation, s.file_row_number as line from "
        f"read_parquet({listed}, filename = true, file_row_number = true) s "
        f"join pos_{table.name} p on s.filename = p.file)"
    )
    names = ", ".join(f'"{f.name}"' for f in table.schema) + at
    key = ", ".join(f'"{k}"' for k in table.key)
    order = f"qualify row_number() over (partition by {key} order by pos desc, line desc) = 1"
    if sum(s.rows for s in segments) < _BIG:
        return f"select {names} from {source} {order}"
    # A window over many million rows is slow: only keys that occur more than once go through it.  They are counted in
    # passes, each over the keys of one remainder, since counting a hundred million at once does not fit into memory.
    passes = 1 + sum(s.rows for s in segments) // _COUNTED
    for one in range(passes):
        share = f"where hash({key}) % {passes} = {one} " if passes > 1 else ""
        made = f"insert into dup_{table.name}" if one else f"create or replace temp table dup_{table.name} as"
        database.run(f"{made} select {key} from read_parquet({listed}) {share}group by {key} having count(*) > 1")
    return (
        f"select {names} from {source} s anti join dup_{table.name} using ({key}) union all "
        f"select {names} from (select s.* from {source} s semi join dup_{table.name} using ({key})) {order}"
    )


def _sql_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return _sql_type(kind.value_type) + "[]"
    names = {
        pa.string(): "varchar",
        pa.int32(): "integer",
        pa.float64(): "double",
        pa.date32(): "date",
        pa.bool_(): "boolean",
        pa.uint64(): "ubigint",
        pa.binary(): "blob",
    }
    return names.get(kind, "timestamptz")


def verify(folder: Path, segments: Sequence[Segment]) -> None:
    """Raise `DamagedSegment` for the first segment whose bytes are not those that were committed."""
    for segment in segments:
        path = folder / FOLDER / segment.file
        try:
            if path.stat().st_size != segment.size or hash_file(path) != segment.sha256:
                raise damaged(path, "was cut or changed after it was written")
        except FileNotFoundError:
            raise damaged(path, "is missing") from None
        except OSError as error:
            raise damaged(path, f"cannot be read: {error.strerror}") from error


def _grouped(segments: Sequence[Segment]) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for segment in segments:
        found.setdefault(segment.table, []).append(segment)
    return found


def build(folder: Path, manifest: Manifest, covered: int | None) -> None:
    """Make the index of this manifest; from the old one where that covers generation ``covered``."""
    if "?" in str(folder):  # DuckDB takes what follows for options: such a record is read from its segments
        return
    target, partial = folder / FILE, folder / (FILE + ".part")
    late = [s for s in manifest.segments if covered is None or s.last > covered]
    verify(folder, late)
    try:
        _remove(partial)
        if covered is not None:
            shutil.copyfile(target, partial)
        database = Database(folder, partial)
        try:
            database.run(f"set memory_limit = '{MEMORY}'")
            load_sources(database, _grouped(late), keep=covered is not None)
            for one in TARGETS:
                _fill(database, one, fresh=covered is None)
            database.run("create or replace table meta as select ? as generation, ? as layout", [
                manifest.generation, LAYOUT,
            ])  # fmt: skip
            _look_up(database)
            database.run("checkpoint")
        finally:
            database.close()
        partial.replace(target)
    except (OSError, duckdb.IOException) as error:
        _remove(partial)
        if isinstance(error, OSError):
            raise not_writable(target, error) from error
        raise RecordNotWritable(f"the index cannot be written: {error}", about=str(target), fix="free some space") \
            from error  # fmt: skip


def _fill(database: Database, target: Target, *, fresh: bool) -> None:
    rows = f"select {target.select} from src_{target.source} where deleted is distinct from true"
    if fresh:
        database.run(f"create table {target.name} as {rows}")
        return
    table = TABLES[target.source]
    match = " and ".join(f't."{a}" = s."{b}"' for a, b in zip(target.link, table.key, strict=True))
    database.run(f"delete from {target.name} t using src_{target.source} s where {match}")
    database.run(f"insert into {target.name} {rows}")


def _look_up(database: Database) -> None:
    """Have single rows found at once: in a million events 4 ms instead of 100, for 57 bytes and 1 microsecond each."""
    for table, column in LOOKED_UP:
        if database.rows(f"select count(*) from {table}")[0][0] <= LOOKED_UP_ROWS:
            database.run(f"create index if not exists {table}_by_{column} on {table} ({column})")


def _remove(path: Path) -> None:
    for one in (path, path.with_name(path.name + ".wal")):
        with suppress(FileNotFoundError):
            one.unlink()


def attach(database: Database) -> int | None:
    """Attach the index for reading; the generation it covers, or None where there is none that can be used."""
    path = database.folder / FILE
    if not path.exists():
        return None
    try:
        database.run(f"attach {quoted(str(path))} as idx (read_only)")
        generation, layout = database.rows("select generation, layout from idx.meta")[0]
    except (duckdb.Error, IndexError):  # it is only a cache: a damaged one is made anew
        with suppress(duckdb.Error):
            database.run("detach idx")
        return None
    if layout != LAYOUT:
        database.run("detach idx")
        return None
    return int(generation)


def overlay(
    database: Database, manifest: Manifest, covered: int | None, named: Mapping[str, str] = MappingProxyType({}),
    only: Collection[str] = TABLES,
) -> None:  # fmt: skip
    """Define a view of every table: the index, with what was committed later laid over it.

    ``named`` gives other names to some of the views; ``only`` leaves the views of other tables as they are.
    """
    late = [s for s in manifest.segments if s.table in only and (covered is None or s.last > covered)]
    verify(database.folder, late)
    load_sources(database, _grouped(late), keep=True, only=only)
    for target in (t for t in TARGETS if t.source in only):
        view = named.get(target.name, target.name)
        new = f"select {target.select} from src_{target.source} where deleted is distinct from true"
        if covered is None:
            database.run(f"create or replace temp table {view} as {new}")
        elif any(s.table == target.source for s in late):
            database.run(f"create or replace temp table new_{target.name} as {new}")
            table = TABLES[target.source]
            match = " and ".join(f't."{a}" = s."{b}"' for a, b in zip(target.link, table.key, strict=True))
            database.run(
                f"create or replace temp view {view} as select t.* from idx.{target.name} t "
                f"where not exists (select 1 from src_{target.source} s where {match}) "
                f"union all by name select * from new_{target.name}"
            )
        else:
            database.run(f"create or replace temp view {view} as select * from idx.{target.name}")


@contextmanager
def index_lock(folder: Path) -> Iterator[bool]:
    """Whether this process may make the index: not where another does, nor in a read-only folder."""
    try:
        handle = os.open(folder / "index.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
    finally:
        os.close(handle)
