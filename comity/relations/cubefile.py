"""The facts and the cube on disk, beside the index of a record, and what came later laid over them.

``relations.duckdb`` holds the tables of `comity.relations.facts` as they were at one generation, facts in the order
of pair and day, months in that of time and, for questions about one pair, once more in that of pairs. It is only a
cache: made when a question finds none or a stale one, renamed into place, never changed. Later commits are read from
their segments into memory and laid over it, as the index does:

    rel_gone    keys of events that changed since, or that decisions touch
    rel_new     their facts now        rel_old    their facts in the file

A small record, and one whose folder cannot be written, is asked without the file.
"""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from comity.record.index import Database, index_lock, quoted
from comity.record.manifest import Manifest, Segment
from comity.record.segments import FOLDER
from comity.relations import weights
from comity.relations.facts import FACT, MONTH, define, facts, months, volumes

if TYPE_CHECKING:
    from comity.record.store import Store

FILE = "relations.duckdb"
LAYOUT = 2
"""The version of what follows; another one on disk is made anew."""
DIRECT = 50_000
"""A record with fewer rows of events is asked without the file; so many later rows are laid over it at least."""
SHARE = 50
"""The file is made anew when more than one in so many rows came later."""
PAIR_MONTH = "a, b, month, direction, channel, type, status"
MEMORY = "800MB"
"""What the making may use before it spills to the disk."""


def prepare(store: Store) -> None:
    """Define the tables of `comity.relations.facts` in the database of a store, as they are now."""
    database = store.database()
    manifest = store.manifest
    with suppress(duckdb.CatalogException):
        if database.rows("select generation from rel_state") == [(manifest.generation,)]:
            return
    if manifest.rows("events") < DIRECT:
        define(database.run)
    else:
        covered = attach(database, manifest)
        if covered is None and build(store):
            covered = attach(database, manifest)
        if covered is None:
            define(database.run)
        else:
            overlay(database, manifest, covered)
    database.run("create or replace temp table rel_state as select ? as generation", [manifest.generation])


def stamp() -> int:
    """The version of layout, weights and the hash that keys are made with: a file with another one is made anew."""
    return LAYOUT * 1_000_000 + zlib.crc32(f"{weights.values()} {duckdb.__version__}".encode()) % 1_000_000


def late(manifest: Manifest, covered: int) -> list[Segment]:
    """Segments of events with rows that came after a generation."""
    return [s for s in manifest.of("events") if s.last > covered]


def attach(database: Database, manifest: Manifest) -> int | None:
    """Attach the file as ``rel``; the generation it covers, None where there is none that can be used."""
    path = database.folder / FILE
    if not path.exists() or "?" in str(path):
        return None
    with suppress(duckdb.Error):
        database.run("detach rel")
    try:
        database.run(f"attach {quoted(str(path))} as rel (read_only)")
        found, kind = database.rows("select generation, stamp from rel.meta")[0]
    except (duckdb.Error, IndexError):
        found, kind = manifest.generation + 1, 0
    rows = sum(s.rows for s in late(manifest, found))
    if kind == stamp() and found <= manifest.generation and rows <= max(DIRECT, manifest.rows("events") // SHARE):
        return int(found)
    with suppress(duckdb.Error):
        database.run("detach rel")
    return None


def build(store: Store) -> bool:
    """Make the file from the events as they are shown; whether it was made."""
    target = store.path / FILE
    partial = target.with_name(FILE + ".part")
    if "?" in str(target):
        return False
    with index_lock(store.path) as ours:
        if not ours:
            return False
        database = store.database()
        before = database.rows("select current_setting('memory_limit')")[0][0]
        try:
            clear(partial)
            database.run(f"attach {quoted(str(partial))} as made")
            database.run(f"set memory_limit = '{MEMORY}'")
            fill(database, store.manifest)
            database.run("detach made")
            partial.replace(target)
        except (OSError, duckdb.IOException):
            with suppress(duckdb.Error):
                database.run("detach made")
            clear(partial)
            return False
        finally:
            database.run(f"set memory_limit = {quoted(before)}")
    return True


def fill(database: Database, manifest: Manifest) -> None:
    """The tables of the file."""
    database.run("set preserve_insertion_order = false")
    try:
        database.run(f"create table made.facts as select * from ({facts()}) order by a, b, day, event")
    finally:
        database.run("set preserve_insertion_order = true")
    database.run(f"create table made.months as select * from ({months('made.facts')}) order by {MONTH}")
    database.run(f"create table made.pairs as select * from made.months order by {PAIR_MONTH}")
    database.run(f"create table made.volumes as select * from ({volumes('made.facts')}) order by actor, day, span")
    database.run(f"create table made.decided as {decided(database)}")
    database.run("create table made.meta as select ? as generation, ? as stamp", [manifest.generation, stamp()])
    database.run("checkpoint made")


def decided(database: Database) -> str:
    """The query of the keys of events that decisions touch."""
    if not database.rows("select 1 from decisions limit 1"):
        return "select hash('') as key where false"
    return "select hash(name) as key from hidden_events union select hash(id) from laid_events"


def overlay(database: Database, manifest: Manifest, covered: int) -> None:
    """Define the tables as the file with what is otherwise now laid over it."""
    segments = late(manifest, covered)
    touched = database.rows("select 1 from rel.decided limit 1") or database.rows("select 1 from decisions limit 1")
    if not segments and not touched:
        for name in ("facts", "months", "pairs", "volumes"):
            database.run(f"create or replace temp view rel_{name} as select * from rel.{name}")
        return
    database.run(f"create or replace temp table rel_late as {newest(database.folder, segments)}")
    keys = f"select hash(id) as key from rel_late union {decided(database)} union select key from rel.decided"
    database.run(f"create or replace temp table rel_gone as {keys}")
    if touched:  # what decisions changed is found in the view of events alone
        database.run(f"create or replace temp table rel_kept as {kept(database)}")
    else:
        database.run(
            "create or replace temp view rel_kept as select * from rel_late where deleted is distinct from true"
        )
    database.run(f"create or replace temp table rel_new as {facts('rel_kept')}")
    # The keys alone are read of all facts, the other columns of those few that they find.
    found = "select rowid from rel.facts where key in (select key from rel_gone)"
    database.run(f"create or replace temp table rel_old as select {FACT} from rel.facts where rowid in ({found})")
    define_laid(database)


def kept(database: Database) -> str:
    """The query of the events, as they are shown, that changed since or that decisions touch.

    Those of older decisions are known by their hash alone, and looked for among all events.
    """
    if database.rows("select 1 from rel.decided limit 1"):
        return "select * from events where hash(id) in (select key from rel_gone)"
    return (
        "select * from laid_events union all by name select * exclude (deleted) from rel_late l where deleted is "
        "distinct from true and not exists (select 1 from hidden_events h where h.name = l.id)"
    )


def define_laid(database: Database) -> None:
    """The tables from the file, the new facts and the old ones."""
    database.run(
        f"create or replace temp view rel_facts as select {FACT} from rel.facts f where not exists "
        f"(select 1 from rel_gone g where g.key = f.key) union all select {FACT} from rel_new"
    )
    sums = "sum(events)::bigint as events, sum(weight) as weight, sum(weight2) as weight2, " \
        "sum(documents)::bigint as documents, sum(imported)::bigint as imported"  # fmt: skip
    minus = "-events as events, -weight as weight, -weight2 as weight2, -documents as documents, -imported as imported"
    # Sums of what changed are small and are made once; a question then adds them to those of the file.
    database.run(
        f"create or replace temp table rel_month_change as select {MONTH}, {sums} from (select * from "
        f"({months('rel_new')}) union all by name select {MONTH}, {minus} from ({months('rel_old')})) group by all"
    )
    for name in ("months", "pairs"):
        database.run(
            f"create or replace temp view rel_{name} as select {MONTH}, {sums} from (select * from rel.{name} "
            f"union all by name select * from rel_month_change) group by {MONTH} having sum(events) <> 0"
        )
    database.run(
        f"create or replace temp table rel_volume_change as select * from ({volumes('rel_new')}) union all "
        f"select actor, day, span, -events from ({volumes('rel_old')})"
    )
    database.run(
        "create or replace temp view rel_volumes as select * from rel.volumes union all by name "
        "select * from rel_volume_change"
    )


def newest(folder: Path, segments: list[Segment]) -> str:
    """The query of the newest row of each event in these segments, removed ones with ``deleted``."""
    if not segments:
        return "select *, false as deleted from events where false"
    files = [str(folder / FOLDER / s.file) for s in segments]
    listed = ", ".join(quoted(re.sub(r"([\[*?])", r"[\1]", f)) for f in files)
    order = ", ".join(f"({quoted(f)}, {n})" for n, f in enumerate(files))
    return (
        f"select s.* exclude (filename, file_row_number) from read_parquet([{listed}], filename = true, "
        f"file_row_number = true) s join (values {order}) p(file, pos) on s.filename = p.file "
        "qualify row_number() over (partition by id order by pos desc, file_row_number desc) = 1"
    )


def clear(path: Path) -> None:
    """Remove a database file and its log."""
    for one in (path, path.with_name(path.name + ".wal")):
        with suppress(OSError):
            one.unlink()
