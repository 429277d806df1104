"""Event sets of others into a record: streamed, in few commits, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pyarrow as pa

from comity.errors import SkipDocument
from comity.exchange.codes import Codes
from comity.exchange.convert import Converter
from comity.exchange.files import found_files, raw_rows
from comity.exchange.model import ImportSummary, Odd
from comity.exchange.sets import event_set
from comity.paths import as_text
from comity.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from comity.record.store import Store

COMMIT = 400_000
"""Events that are committed together."""
_ACTORS_SHOWN = 20

Watch = Callable[["Path", int, int, int], None]
"""Told after each stretch: the file, how much of it is done, of how much, and rows so far."""


def import_events(
    store: Store | None,
    name: str,
    paths: Sequence[str],
    *,
    again: bool = False,
    watch: Watch | None = None,
    command: str = "",
) -> ImportSummary:
    """Bring the event set ``name`` from files into a record; without a record only say what would come.

    With ``again`` rows that the record has are replaced, for use after the tables of codes have changed.
    Raises `NoEventFiles`, `BadUsage`; a file that cannot be read is told in the summary and the others go on.
    """
    files = found_files(paths)
    work = _Import(store, name, command, again=again)
    for path in files:
        try:
            work.file(path, watch)
        except SkipDocument as error:
            work.failed[as_text(path)] = str(error)
    return work.finish(len(files))


class _Import:
    """One run of importing."""

    def __init__(self, store: Store | None, name: str, command: str, *, again: bool) -> None:
        self.store, self.command = store, command
        self.began, self.started = time.monotonic(), datetime.now(UTC)
        self.kind = event_set(name)
        self.run = "r-" + uuid4().hex[:12]
        self.codes = Codes(store.names.knowledge if store is not None else None)
        self.converter = Converter(self.kind, self.codes, self.run)
        if store is not None and not again and store.manifest.rows("events"):
            known = store.query(
                "select hash(substr(id, 3)) as h from events where imported_from = ?", [self.kind.name]
            )
            self.converter.know(known)
        self.odd = Odd()
        self.failed: dict[str, str] = {}
        self.layouts: dict[str, str] = {}
        self.rows = self.added = self.known = self.untyped = 0
        self._waiting: dict[str, list[pa.Table]] = {}
        self._held = 0

    def file(self, path: Path, watch: Watch | None) -> None:
        """Take in one file; what was read of a file that then breaks off is kept."""
        try:
            for raw in raw_rows(path, self.kind, self.odd):
                self.layouts[as_text(path)] = raw.layout.name
                self.rows += raw.table.num_rows
                found, known, untyped = self.converter.convert(raw, self.odd)
                self.known += known
                self.untyped += untyped
                self._hold(found)
                if watch is not None:
                    watch(path, raw.done, raw.total, self.rows)
        finally:
            self._commit()

    def _hold(self, found: Mapping[str, pa.Table]) -> None:
        for name, rows in found.items():
            self._waiting.setdefault(name, []).append(rows)
        if found:
            self._held += found["events"].num_rows
        if self._held >= COMMIT:
            self._commit()

    def _commit(self) -> None:
        if self._held and self.store is not None:
            with self.store.write() as batch:
                for name, tables in self._waiting.items():
                    batch.append(name, pa.concat_tables(tables))
        self.added += self._held
        self._waiting, self._held = {}, 0

    def finish(self, files: int) -> ImportSummary:
        """Note the run, and tell what became of it."""
        unknown = sorted(self.converter.unknown.items(), key=lambda i: (-i[1], i[0]))
        types = self.converter.types
        summary = ImportSummary(
            set=self.kind.name,
            files=files,
            rows=self.rows + sum(o.count for o in self.odd.listed() if _unparsed(o.kind)),
            added=self.added,
            known=self.known,
            untyped=self.untyped,
            dropped=self.odd.dropped,
            seconds=round(time.monotonic() - self.began, 2),
            oddities=self.odd.listed(),
            layouts=self.layouts,
            failed=self.failed,
            actors_unknown=dict(unknown[:_ACTORS_SHOWN]),
            types={t: types[t] for t in sorted(types, key=lambda t: -types[t])},
            dry=self.store is None,
        )
        if self.store is not None and self.added:
            self.store.append("runs", [self._run(summary)])
        return summary

    def _run(self, summary: ImportSummary) -> dict[str, Any]:
        kept = {n: getattr(summary, n) for n in ("set", "files", "rows", "added", "known", "untyped", "dropped")}
        oddities = {o.kind: o.count for o in summary.oddities}
        return {
            "id": self.run,
            "started": self.started,
            "ended": datetime.now(UTC),
            "program": VERSION,
            "model": None,
            "knowledge": self.codes.knowledge.version,
            "command": self.command,
            "counts": msgspec.json.encode(kept | {"oddities": oddities}).decode(),
        }


def _unparsed(kind: str) -> bool:
    """Whether rows of this oddity never became rows of a table."""
    return kind.startswith(("wrong number of columns", "quotation mark", "line too long"))
