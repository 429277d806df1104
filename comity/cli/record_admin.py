"""``comity check``, ``rebuild``, ``doctor``, ``runs`` and ``diff``: the care of a record."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from comity.cli.options import CsvOption, JsonOption, RecordOption
from comity.cli.output import write_csv, write_json
from comity.cli.show import NARROW, screen
from comity.errors import ComityError
from comity.record.wording import many
from comity.version import VERSION

RUN_COLUMNS = ("id", "started", "ended", "program", "model", "knowledge", "command", "counts")
CHANGE_COLUMNS = ("kind", "document", "report", "fields", "evidence")
PACKAGES = ("duckdb", "pyarrow", "onnxruntime", "tokenizers", "numpy", "trafilatura", "fastwarc", "rensa")


def register(app: typer.Typer) -> None:
    """Give the commands to an application."""
    app.command(name="check")(check)
    app.command(name="rebuild")(rebuild)
    app.command(name="doctor")(doctor)
    app.command(name="runs")(runs)
    app.command(name="diff")(diff)


def folder_of(record: Path | None) -> Path:
    """The folder that is meant."""
    from comity.record.store import default_path

    return record if record is not None else default_path()


def check(
    record: RecordOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    json_out: JsonOption = False,
) -> None:
    """Verify every hash, offset and link of a record; with --repair mend it."""
    from comity.record.check import check as run

    found = run(folder_of(record), repair=repair)
    if json_out:
        write_json(msgspec.to_builtins(found) | {"sound": found.sound})
    else:
        console = Console(highlight=False)
        for fault in found.faults:
            done = f": {fault.mended}" if fault.mended else ""
            console.print(f"[{fault.code}] {fault.about}: {fault.message}{done}", markup=False, soft_wrap=True)
        for name, rows in found.lost.items():
            console.print(f"Set aside in damaged/: {many(rows, 'row')} of {name}; put the file back from a copy, "
                          "or add the sources again.", markup=False, soft_wrap=True)  # fmt: skip
        state = "sound" if found.sound else "not sound; `comity check --repair` mends what can be mended"
        size = f"{many(found.segments, 'segment')}, {many(found.rows, 'row')}"
        console.print(f"Generation {found.generation}: {size}, {state}.")
    raise typer.Exit(0 if found.sound else 1)


def rebuild(record: RecordOption = None, json_out: JsonOption = False) -> None:
    """Make the index again from the segments, and bring older tables up to date."""
    from comity.record.migrations import migrate
    from comity.record.store import open_record

    folder = folder_of(record)
    migrated = migrate(folder)
    with open_record(folder, create=False) as store:
        store.rebuild()
        counts = store.counts()
    if json_out:
        write_json({"migrated": migrated, "rows": counts})
        return
    told = ", ".join(many(n, name.removesuffix("s")) for name, n in counts.items() if n)
    line = f"The index of {folder} was made again: {told or 'the record is empty'}."
    Console(highlight=False).print(line, markup=False, soft_wrap=True)


def runs(record: RecordOption = None, json_out: JsonOption = False, csv_out: CsvOption = False) -> None:
    """The runs of a record, with the versions that read."""
    from comity.record.store import open_record

    with open_record(record, create=False) as store:
        rows = store.runs().to_pylist()
    if json_out:
        write_json([row | {"counts": _counts(row)} for row in rows])
    elif csv_out:
        write_csv(rows, RUN_COLUMNS)
    elif not rows:
        Console(stderr=True).print("No run yet: read something with `comity add SOURCE...`.", markup=False)
    else:
        console = screen()
        versions = ("program", "model", "knowledge")[: 1 if console.width < NARROW else 3]  # so ids are whole, to copy
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("", "run", "started", "kept", "skipped", *versions):
            table.add_column(column, no_wrap=True, overflow="fold")
        for number, row in enumerate(rows, 1):
            counts = _counts(row)
            table.add_row(
                str(number), row["id"], f"{row['started']:%Y-%m-%d %H:%M}" + ("" if row["ended"] else " (cut short)"),
                str(counts.get("kept", "")), str(sum(counts.get("skipped", {}).values())),
                *(row[v] or "" for v in versions),
            )  # fmt: skip
        console.print(table)


def diff(
    first: Annotated[str, typer.Argument(help="A run: its id, the beginning of it, its number, or last.")],
    second: Annotated[str, typer.Argument(help="The later run.")],
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """What two runs read differently in the documents that both of them read (see comity add --again)."""
    from comity.record.diff import diff as compare
    from comity.record.store import open_record

    with open_record(record, create=False) as store:
        found = compare(store, first, second)
    if json_out:
        write_json(msgspec.to_builtins(found))
        return
    if csv_out:
        rows = [msgspec.to_builtins(c) | {"fields": " ".join(c.fields)} for c in found.changes]
        write_csv(rows, CHANGE_COLUMNS)
        return
    console = Console(highlight=False)
    for change in found.changes:
        fields = "; ".join(f"{name}: {was} -> {now}" for name, (was, now) in change.fields.items())
        evidence = " ".join(change.evidence.split())
        console.print(f"{change.kind}  {change.report}  {fields}", markup=False, soft_wrap=True)
        console.print(f"  {evidence}", markup=False, soft_wrap=True)
    for name, (was, now) in found.versions.items():
        console.print(f"{name}: {was} -> {now}", markup=False)
    same = f"{many(found.same, 'report')} the same, {len(found.changes):,} not"
    console.print(f"{many(found.both, 'document')} read by both: {same}.")
    if not found.both:
        console.print("Read documents again with `comity add SOURCE... --again` to compare.", markup=False)


def doctor(record: RecordOption = None, json_out: JsonOption = False) -> None:
    """Is everything here that Comity needs, and is the record well?"""
    lines = list(_examined(folder_of(record)))
    if json_out:
        write_json([{"what": what, "well": well, "told": told} for what, well, told in lines])
    else:
        console = Console(highlight=False)
        for what, well, told in lines:
            console.print(f"{'well  ' if well else 'NOT   '} {what}: {told}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if all(well for _, well, _ in lines) else 1)


def _examined(folder: Path) -> Iterator[tuple[str, bool, str]]:
    yield "comity", True, f"{VERSION}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    for name in PACKAGES:
        try:
            yield name, True, version(name)
        except PackageNotFoundError:
            yield name, False, "is not installed: install Comity again"
    yield _tried("knowledge", _knowledge)
    yield _tried("model", _model)
    if not folder.exists():
        yield "record", True, f"there is none in {folder} yet; `comity add SOURCE...` makes one"
        return
    free = shutil.disk_usage(folder).free
    yield "disk", free > 500_000_000, f"{free / 1e9:.1f} GB free"
    writable = os.access(folder, os.W_OK)
    yield "folder", writable, f"{folder} can{'' if writable else 'not'} be written"
    yield _tried("record", lambda: _record(folder))


def _tried(what: str, examine: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return what, True, examine()
    except ComityError as error:
        return what, False, str(error)


def _knowledge() -> str:
    from comity.knowledge import load

    known = load()
    return f"version {known.version}, {len(known.states)} states, {len(known.names):,} names"


def _model() -> str:
    from comity.reader import Reader

    reader = Reader()
    reader.text("Russia and China signed an agreement in Moscow on Monday.")
    return f"version {reader.encoder.version}, reads"


def _record(folder: Path) -> str:
    from comity.record.check import check as run
    from comity.record.store import open_record

    found = run(folder)
    if not found.sound:
        raise ComityError(many(len(found.faults), "fault"), about=str(folder), fix="see `comity check`")
    with open_record(folder, create=False) as store:
        counts = ", ".join(many(n, name.removesuffix("s")) for name, n in store.counts().items() if n)
        return f"{folder}: {counts or 'empty'}; {store.size() / 1e6:.1f} MB in {many(found.segments, 'segment')}, sound"


def _counts(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(row["counts"] or "{}")
    return found
