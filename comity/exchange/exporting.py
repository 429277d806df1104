"""Selections of a record out into files: whole or not at all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import pyarrow as pa

from comity.errors import BadUsage, CannotWrite
from comity.exchange.codes import Codes
from comity.model import Record
from comity.paths import as_text, put

if TYPE_CHECKING:
    from comity.record.store import Store

BATCH = 5_000


class Selection(Record, frozen=True):
    """Which events, in the words of `Store.events`."""

    pair: str | tuple[str, str] | None = None
    actor: str | None = None
    type: str | tuple[str, ...] | None = None
    status: str | tuple[str, ...] | None = None
    since: date | str | None = None
    until: date | str | None = None
    min_confidence: float | None = None
    directed: bool = False
    limit: int | None = None

    def asked(self) -> dict[str, Any]:
        """The conditions that are set."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) not in (None, False)}


class ExportSummary(Record, frozen=True):
    """What was written: events of the selection, rows or lines of the file, and events that the format cannot hold."""

    format: str
    path: str
    events: int
    written: int
    left_out: int
    why_left_out: str
    size: int
    seconds: float


class Source:
    """The events of a selection, and what formats ask about them."""

    def __init__(self, store: Store, selection: Selection, watch: Callable[[int, int], None] | None = None) -> None:
        self.store, self.selection = store, selection
        self.codes = Codes(store.names.knowledge)
        self.table: pa.Table = store.events(**{f: getattr(selection, f) for f in selection.__struct_fields__})
        self.left_out = 0
        self.why = ""
        self._watch = watch

    def rows(self) -> Iterator[dict[str, Any]]:
        """The events as dicts, oldest first."""
        done = 0
        for batch in self.table.to_batches(max_chunksize=BATCH):
            yield from batch.to_pylist()
            done += batch.num_rows
            if self._watch is not None:
                self._watch(done, self.table.num_rows)

    def occurred(self) -> Iterator[dict[str, Any]]:
        """For formats that have no status: what occurred, or what was asked for by status; others are left out."""
        for row in self.rows():
            if self.selection.status is None and row["status"] not in (None, "occurred"):
                self.leave_out("the format has no status, so only what occurred is in it (or ask with --status)")
            elif row["date_start"] is None:
                self.leave_out("the format needs a day")
            elif not row["sources"] and not row["targets"]:
                self.leave_out("no actor has a code")
            else:
                yield row

    def leave_out(self, why: str) -> None:
        """Count an event that the format cannot hold."""
        self.left_out += 1
        self.why = self.why or why

    def name(self, code: str) -> str:
        """The name of an actor."""
        return self.codes.knowledge.actor_name(code)

    def reports(self) -> pa.Table:
        """The reports of the events of the selection, with their event."""
        return self.store.database().joined(
            self.table.select(["id"]),
            "select l.event, r.* exclude (words) from reports r join report_events l on l.report = r.id "
            "join asked on asked.id = l.event order by l.event, r.id",
        )


class Format(Protocol):
    """One format."""

    suffix: str
    about: str

    def write(self, source: Source, out: BinaryIO) -> int:
        """Write the events; the number of rows, lines or things written."""


def export(
    store: Store,
    name: str,
    path: str | Path,
    selection: Selection | None = None,
    *,
    watch: Callable[[int, int], None] | None = None,
) -> ExportSummary:
    """Write a selection of a record to a file, or with ``bundle`` to a folder or ZIP archive.

    Raises `BadUsage` for a format or a name that is not known, `CannotWrite`.
    """
    from comity.exchange.formats import FORMATS, bundle

    began = time.monotonic()
    target = Path(path)
    if name not in FORMATS and name != "bundle":
        raise BadUsage(f"there is no format '{name}'", fix=f"use one of {', '.join([*FORMATS, 'bundle'])}")
    if str(path) == "-":
        raise BadUsage("an export goes to a file", fix="name one with --out; /dev/stdout is one")
    source = Source(store, selection or Selection(), watch)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        written = bundle.write(source, target) if name == "bundle" else put(
            target, lambda file: FORMATS[name].write(source, file)
        )  # fmt: skip
    except OSError as error:
        raise CannotWrite(
            f"cannot be written: {error.strerror or error}", about=str(path), fix="choose another place with --out"
        ) from error
    return ExportSummary(
        format=name,
        path=as_text(path),
        events=source.table.num_rows,
        written=written,
        left_out=source.left_out,
        why_left_out=source.why,
        size=size_of(target),
        seconds=round(time.monotonic() - began, 2),
    )


def size_of(path: Path) -> int:
    """Bytes of a file or of all files of a folder."""
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size


def put_folder(partial: Path, target: Path) -> None:
    """Put a finished folder in its place, over an older one."""
    old = target.with_name(target.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)
    os.replace(partial, target)
    shutil.rmtree(old, ignore_errors=True)


def pairs_of(row: dict[str, Any]) -> Sequence[tuple[str, str]]:
    """Every source with every target; a side that is not told is empty."""
    return [(s, t) for s in row["sources"] or [""] for t in row["targets"] or [""]]
