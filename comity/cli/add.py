"""``comity add``: sources into a record."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from comity.cli.options import ActorsOption, JsonSummaryOption, LanguageOption, QuietOption, RecordOption
from comity.errors import BadUsage
from comity.record.wording import many

if TYPE_CHECKING:
    from comity.read.items import ItemOptions
    from comity.record.add import Outcome, Summary
    from comity.record.store import Store

COUNTING = 3.0
"""Seconds that counting beforehand may take; without a count there is a rate but no end in sight."""
RATE = 8.0
"""Documents a second and process where no run of the record tells a rate."""
Sources = Annotated[list[str], typer.Argument(help="Files, folders, patterns, addresses, archives, or -.")]


class Engine(StrEnum):
    """What drives the stages of a run."""

    own = "own"
    daft = "daft"


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="add")(add)


def add(
    sources: Sources,
    record: RecordOption = None,
    published: Annotated[str | None, typer.Option(help="Day of texts that tell none (YYYY-MM-DD).")] = None,
    actors: ActorsOption = None,
    any_language: LanguageOption = False,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="Columns of tables: text=body,published=date.")
    ] = None,
    no_fetch: Annotated[
        bool, typer.Option("--no-fetch", help="Take the text that feeds themselves hold; fetch no pages for it.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be read, and how long it may take.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that read.")] = 1,
    engine: Annotated[
        Engine, typer.Option(help="What drives them: this program, or Daft (with the extra cluster).")
    ] = Engine.own,
    address: Annotated[
        str | None, typer.Option(help="Ray cluster for --engine daft (auto: the one that runs here).")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Read documents once more that the record has.")] = False,
    no_first_look: Annotated[
        bool, typer.Option("--no-first-look", help="Parse every article, even one that names no two actors.")
    ] = False,
    quiet: QuietOption = False,
    json_out: JsonSummaryOption = False,
) -> None:
    """Read sources into a record; the same command again goes on where it stopped and adds nothing twice."""
    from comity.cli.main import day
    from comity.cli.output import typed
    from comity.read.columns import parse_mapping
    from comity.read.items import ItemOptions
    from comity.record.store import open_record

    options = ItemOptions(columns=parse_mapping(",".join(columns or ())), published=day(published), follow=not no_fetch)
    check_engine(engine, address, again)
    if dry_run:
        raise typer.Exit(dry(sources, options, record, jobs, json_out))
    errors = Console(stderr=True, highlight=False)
    given: dict[str, Any] = {"actors": actors, "any_language": any_language, "first_look": not no_first_look}
    with open_record(record) as store, stopping(errors) as stop:
        given |= {"options": options, "stop": stop, "command": typed()}
        if engine is Engine.daft:
            summary = on_cluster(store, sources, workers=jobs, address=address, **given)
        else:
            with watching(sources, options, errors, quiet) as watch:
                summary = store.add(sources, again=again, jobs=jobs, watch=watch, **given)
        if json_out:
            from comity.cli.output import write_json

            write_json(msgspec.to_builtins(summary))
        if not quiet:
            tell(store, summary, errors)
    raise typer.Exit(130 if summary.interrupted else 1 if summary.skipped else 0)


def on_cluster(store: Store, sources: list[str], **given: Any) -> Summary:
    """Add by the cluster engine, and part from the cluster."""
    from comity.engine import add_distributed, leave

    try:
        return add_distributed(store, sources, **given)
    finally:
        leave()


def check_engine(engine: Engine, address: str | None, again: bool) -> None:
    """Refuse options that the chosen engine does not have."""
    if engine is Engine.own and address is not None:
        raise BadUsage("--address is of --engine daft", fix="add --engine daft, or leave --address away")
    if engine is Engine.daft and again:
        raise BadUsage("--engine daft does not read documents again", fix="leave --engine away for --again")


@contextmanager
def stopping(errors: Console) -> Iterator[Callable[[], bool]]:
    """Ctrl-C ends the run after the document at hand and commits; a second one ends it at once."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        errors.print("Stopping after this document; once more to stop at once.")

    before = {s: signal.signal(s, ask) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def watching(
    sources: list[str], options: ItemOptions, errors: Console, quiet: bool
) -> Iterator[Callable[[Outcome, Summary], None] | None]:
    """What is told while reading: on a terminal a bar with rate and time left, and always what is skipped."""
    if quiet:
        yield None
        return

    def skipped(outcome: Outcome, summary: Summary) -> None:
        if outcome.skip is not None:
            skip = outcome.skip
            where = f"{skip.about}: " if skip.about else f"{outcome.item.name}: "
            fix = f" ({skip.fix})" if skip.fix else ""
            errors.print(f"skipped [{skip.code}] {where}{skip.message}{fix}", markup=False, soft_wrap=True)

    if not sys.stderr.isatty():
        yield skipped
        return
    shown = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*shown, TimeRemainingColumn(), console=errors, transient=True) as progress:
        task = progress.add_task("reading", total=count(sources, options, COUNTING), rate="")
        began = time.monotonic()

        def watch(outcome: Outcome, summary: Summary) -> None:
            skipped(outcome, summary)
            rate = summary.read / max(time.monotonic() - began, 0.001)
            progress.update(task, completed=summary.seen, rate=f"{rate:.1f} a second")

        yield watch


def count(sources: list[str], options: ItemOptions, seconds: float) -> int | None:
    """How many items local sources have, None where that takes too long or is on the web or in a pipe."""
    from comity.read.items import open_items
    from comity.read.kinds import is_url

    if any(is_url(s) or s == "-" for s in sources):
        return None
    end = time.monotonic() + seconds
    number = 0
    for _ in open_items(sources, options):
        number += 1
        if time.monotonic() > end:
            return None
    return number


def dry(sources: list[str], options: ItemOptions, record: Path | None, jobs: int, json_out: bool) -> int:
    """Say what each source is taken for, how many items there are and how long they may take; write nothing."""
    from comity.read.items import describe

    kinds = [{"source": s, "kind": k, "why": why} for s, k, why in describe(sources)]
    number = count(sources, options, 60.0)
    rate = known_rate(record) * jobs
    seconds = round(number / rate, 1) if number is not None else None
    if json_out:
        from comity.cli.output import write_json

        write_json({"sources": kinds, "items": number, "documents_per_second": round(rate, 2), "seconds": seconds})
        return 0
    console = Console(highlight=False)
    for one in kinds:
        console.print(f"{one['source']}: {one['kind']} ({one['why']})", markup=False, soft_wrap=True)
    if number is None or seconds is None:
        console.print("How many items there are is known once they are fetched.")
    else:
        console.print(f"{many(number, 'item')}; at {rate:.1f} a second about {span(seconds)}. Nothing was written.")
    return 0


def known_rate(record: Path | None) -> float:
    """Documents a second of the last run of a record, else a usual value."""
    from comity.errors import ComityError
    from comity.record.store import open_record

    try:
        with open_record(record, create=False) as store:
            counts = [msgspec.json.decode(c) for c in store.runs().column("counts").to_pylist() if c]
    except ComityError:
        return RATE
    told = [c["kept"] / c["seconds"] for c in counts if c.get("seconds") and c.get("kept", 0) >= 10]
    return float(told[-1]) if told else RATE


def span(seconds: float) -> str:
    """A time in words."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5_400 else f"{seconds / 3600:.1f} hours"


def tell(store: Store, summary: Summary, errors: Console) -> None:
    """The summary: what was read, kept, double, skipped; and how to go on."""
    parts: list[Any] = [f"{summary.kept:,} kept"]
    if summary.passed_over:
        why = ", ".join(f"{n:,} {reason}" for reason, n in sorted(summary.passed_over.items()))
        parts[0] += f" ({sum(summary.passed_over.values()):,} of them passed over: {why})"
    if summary.duplicate:
        parts.append(f"{summary.duplicate:,} duplicate")
    if summary.known:
        parts.append(f"{summary.known:,} known from earlier")
    if summary.skipped:
        reasons = ", ".join(f"{n:,} {code}" for code, n in sorted(summary.skipped.items()))
        parts.append(f"{sum(summary.skipped.values()):,} skipped ({reasons})")
    told = f"{many(summary.reports, 'report')} of events, {many(summary.quotations, 'quotation')}"
    errors.print(f"{summary.read:,} read: {', '.join(parts)}. {told}.", markup=False, soft_wrap=True)
    if summary.interrupted:
        errors.print("Stopped; all that was read is committed. The same command goes on from here.")
    elif not summary.kept and not summary.known and not summary.duplicate:
        errors.print("Nothing was added.")
    else:
        quick = summary.kept / summary.seconds if summary.seconds else 0
        rate = f"; {quick:.1f} documents were read a second" if quick else ""
        text = f"The record {store.path} holds {held(store)}{rate}."
        errors.print(f"{text} See `comity show` or `comity search WORDS`.", markup=False, soft_wrap=True)


def held(store: Store) -> str:
    """What a record holds, counted as `comity doctor` and the page count it."""
    counts = store.counts()
    return (
        f"{many(counts['documents'], 'document')} with {many(counts['reports'], 'report')} of "
        f"{many(counts['events'], 'event')} and {many(counts['quotations'], 'quotation')}"
    )
