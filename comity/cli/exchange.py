"""``comity import`` and ``comity export``: event sets of others in, selections of the record out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from comity.cli.options import (
    ConfidenceOption,
    DirectedOption,
    JsonSummaryOption,
    QuietOption,
    RecordOption,
    SinceOption,
    StatusOption,
    TypeOption,
    UntilOption,
    WhoArgument,
)
from comity.cli.output import many, typed, write_json

if TYPE_CHECKING:
    from comity.exchange.exporting import ExportSummary
    from comity.exchange.model import ImportSummary



def register(app: typer.Typer) -> None:
    """Give the commands to an application."""
    app.command(name="import")(import_)
    app.command(name="export")(export)


def import_(
    set_: Annotated[str, typer.Argument(metavar="SET", help="gdelt, icews, polecat, phoenix or acled.")],
    files: Annotated[list[str], typer.Argument(help="Files, folders or patterns: text, gzip, ZIP, Parquet.")],
    record: RecordOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come; write nothing.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Replace events that the record has, after the tables of codes changed.")
    ] = False,
    quiet: QuietOption = False,
    json_out: JsonSummaryOption = False,
) -> None:
    """Bring an event set of others into the record; the same file again adds nothing."""
    from comity.exchange.files import found_files
    from comity.exchange.importing import import_events
    from comity.exchange.sets import event_set
    from comity.record.store import open_record

    event_set(set_)  # before a record is made for nothing
    found_files(files)
    errors = Console(stderr=True, highlight=False)
    with nullcontext(None) if dry_run else open_record(record) as store, watching(errors, quiet, "rows") as watch:

        def step(path: Path, done: int, total: int, rows: int) -> None:
            if watch is not None:
                watch(path.name, done, total, rows)

        summary = import_events(
            store, set_, files, again=again, watch=step, command=typed()
        )
    if json_out:
        write_json(msgspec.to_builtins(summary))
    for path, problem in summary.failed.items():
        errors.print(f"skipped {problem}" if path in problem else f"skipped {path}: {problem}",
                     markup=False, soft_wrap=True)  # fmt: skip
    if not quiet and not json_out:
        tell_import(summary, errors)
    raise typer.Exit(1 if summary.failed else 0)


def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write; with bundle a folder or a .zip.")],
    who: WhoArgument = None,
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            help="csv, parquet, jsonl, gdelt, icews, polecat, geojson, graphml, ftm, prov or bundle.",
        ),
    ] = "csv",
    type: TypeOption = None,
    status: StatusOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_confidence: ConfidenceOption = None,
    directed: DirectedOption = False,
    limit: Annotated[int | None, typer.Option(min=0, help="At most so many, the newest.")] = None,
    record: RecordOption = None,
    quiet: QuietOption = False,
    json_out: JsonSummaryOption = False,
) -> None:
    """Write a selection of the record to a file."""
    from comity.cli.show import asked
    from comity.exchange.exporting import Selection
    from comity.exchange.exporting import export as run
    from comity.record.store import open_record

    errors = Console(stderr=True, highlight=False)
    with open_record(record, create=False) as store, watching(errors, quiet, "events") as watch:
        pair, actor = asked(store.names, who or [])
        selection = Selection(
            pair=pair,
            actor=actor,
            type=tuple(type) if type else None,
            status=tuple(status) if status else None,
            since=since,
            until=until,
            min_confidence=min_confidence,
            directed=directed,
            limit=limit or None,
        )
        step = (lambda done, total: watch(out.name, done, total, done)) if watch is not None else None
        summary = run(store, as_.lower(), out, selection, watch=step)
    if json_out:
        write_json(msgspec.to_builtins(summary))
    elif not quiet:
        tell_export(summary, errors)


@contextmanager
def watching(errors: Console, quiet: bool, noun: str) -> Iterator[Callable[[str, int, int, int], None] | None]:
    """On a terminal a bar with the rate and the time left."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    shown = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*shown, TimeRemainingColumn(), console=errors, transient=True) as progress:
        task = progress.add_task("opening", total=None, rate="")
        began = time.monotonic()

        def watch(name: str, done: int, total: int, number: int) -> None:
            rate = number / max(time.monotonic() - began, 0.001)
            progress.update(
                task, description=name, completed=done, total=total, rate=f"{number:,} {noun}, {rate:,.0f} a second"
            )

        yield watch


def tell_import(summary: ImportSummary, errors: Console) -> None:
    """What came, what was odd, and which actors have no code."""

    def say(text: str) -> None:
        errors.print(text, markup=False, soft_wrap=True)

    for layout in dict.fromkeys(summary.layouts.values()):
        say(f"{layout}: {many(sum(v == layout for v in summary.layouts.values()), 'file')}")
    verb = "would be added" if summary.dry else "added"
    parts = [f"{summary.added:,} {verb}"]
    if summary.known:
        parts.append(f"{summary.known:,} known")
    if summary.dropped:
        parts.append(f"{summary.dropped:,} left out")
    rate = f" ({summary.rows / summary.seconds:,.0f} rows a second)" if summary.seconds else ""
    say(f"{many(summary.rows, 'row')}: {', '.join(parts)}, in {summary.seconds:.1f} s{rate}.")
    if summary.untyped:
        say(f"{summary.untyped:,} of them have no type of PLOVER (statements and the like); they keep their code.")
    for oddity in summary.oddities:
        say(f"  {'left out' if oddity.dropped else 'noted'}: {oddity.count:,} {oddity.kind}")
        for example in oddity.examples:
            say(f"    {example}")
    if summary.actors_unknown:
        listed = ", ".join(f"{n} ({c:,})" for n, c in list(summary.actors_unknown.items())[:5])
        say(f"Actors without a code, most often: {listed}.")
    if summary.dry:
        say("Nothing was written.")
    elif not summary.added:
        say("Nothing was added.")


def tell_export(summary: ExportSummary, errors: Console) -> None:
    """What was written and what the format could not hold."""
    if not summary.events:
        errors.print("No event is so: the file has no rows. Leave out some of the conditions.", soft_wrap=True)
    text = f"{many(summary.events, 'event')}, {summary.written:,} written to {summary.path} ({summary.size:,} bytes)."
    errors.print(text, markup=False, soft_wrap=True)
    if summary.left_out:
        errors.print(f"{summary.left_out:,} left out: {summary.why_left_out}.", markup=False, soft_wrap=True)
