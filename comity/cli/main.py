"""The commands.  Exit status: 0 done, 1 a document failed, 2 wrong usage."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from comity.cli import (
    add,
    corefer,
    decide,
    exchange,
    forecast,
    mcp,
    meetings,
    moments,
    network,
    pledges,
    record_admin,
    relation,
    serve,
    show,
    watch,
)
from comity.cli.options import ActorsOption, LanguageOption, QuietOption
from comity.errors import BadUsage, CannotWrite, ComityError, SkipDocument
from comity.paths import put, undecoded
from comity.version import VERSION

app = typer.Typer(
    name="comity",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Reads the news about states and keeps a dated, sourced record of how they deal with one another.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
FORMATS = ("brief", "json", "jsonl", "table")

add.register(app)
show.register(app)
record_admin.register(app)
watch.register(app)
decide.register(app)
exchange.register(app)
relation.register(app)
moments.register(app)
pledges.register(app)
meetings.register(app)
network.register(app)
forecast.register(app)
serve.register(app)
mcp.register(app)
corefer.register(app)


def main() -> None:
    """The entry point: library errors become one line and an exit status."""
    # numpy's products here are small: further threads mostly wait, and take the cores of other processes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows "?" in its place
    try:
        app()
    except ComityError as error:
        typer.echo(f"comity: {error}", err=True)
        raise SystemExit(1 if isinstance(error, SkipDocument) else 2) from None
    except UnicodeEncodeError:
        if not any(map(undecoded, [*sys.argv, os.environ.get("COMITY_AUTHOR", "")])):
            raise
        typer.echo("comity: this locale has no letters for what was typed (set one of UTF-8: LC_ALL=C.UTF-8)", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        typer.echo(f"comity: what is printed cannot be written: {error.strerror} (send it elsewhere)", err=True)
        os._exit(1)  # what stands in the buffer would fail once more at the end of the program
    except KeyboardInterrupt:
        typer.echo("comity: interrupted", err=True)
        raise SystemExit(130) from None


def show_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        typer.echo(f"comity {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Options of all commands."""


@app.command()
def read(
    sources: Annotated[list[str], typer.Argument(help="Files, folders, globs, or - for standard input.")],
    published: Annotated[
        str | None, typer.Option(help="Publication date where the text has none (YYYY-MM-DD).")
    ] = None,
    format: Annotated[str, typer.Option(help="brief, json, jsonl or table.")] = "brief",
    whole: Annotated[
        int | None, typer.Option(min=0, help="Briefs of the first so many documents; of each other one a line.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for one NAME.json per document.")] = None,
    explain: Annotated[bool, typer.Option(help="Show why each event was made, and what was passed over.")] = False,
    actors: ActorsOption = None,
    any_language: LanguageOption = False,
    fast: Annotated[
        bool, typer.Option("--fast", help="Frames alone, without the learned reader: faster, and it finds less.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Read articles into events, quotations and dates."""
    from comity.cli.reading import ReadJob

    if format not in FORMATS:
        raise BadUsage(f"unknown format '{format}'", fix=f"use one of {', '.join(FORMATS)}")
    if whole is not None and (format != "brief" or out is not None):
        raise BadUsage("--whole is for briefs on the screen", fix="leave out --format and --out")
    job = ReadJob(
        sources=sources,
        published=day(published),
        format=format,
        whole=whole,
        out=out,
        explain=explain,
        actors=actors,
        any_language=any_language,
        quiet=quiet,
        fast=fast,
    )
    raise typer.Exit(job.run())


@app.command()
def dates() -> None:
    """Find time expressions: {"text", "published"} a line in, {"dates": [...]} a line out."""
    from comity.understand.dates import dates_of

    each_line(lambda item: {"dates": dates_of(text_of(item), day(item.get("published")))})


@app.command()
def classify(
    actors: ActorsOption = None,
) -> None:
    """What a source does to a target: {"text", "source", "target"} a line in, {"type", "status", "scores"} out."""
    from comity.reader import Reader
    from comity.understand.classify import Classifier

    reader = Reader(actors=actors)
    classifier = Classifier(reader.prepare, reader.lexicon, reader.row, reader.judge)
    each_line(lambda item: classifier(text_of(item), item.get("source"), item.get("target")))


@app.command()
def parse(
    pretokenized: Annotated[bool, typer.Option("--pretokenized", help="Words are separated by blanks.")] = False,
) -> None:
    """Parse {"text"} lines to CoNLL-U: tags, lemmas, tree, entities in MISC."""
    from comity.cli.conllu import conllu
    from comity.cli.output import write_text
    from comity.language.encoder import Encoder

    encoder = Encoder.load()
    for item in lines():
        for block in conllu(encoder, text_of(item), pretokenized):
            write_text(block + "\n")


@app.command()
def evaluate(
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    floors: Annotated[bool, typer.Option("--floors", help="Fail when a score is below its floor.")] = False,
    only: Annotated[str | None, typer.Option(help="Only sets whose name contains this.")] = None,
    shared: Annotated[Path | None, typer.Option(help="Folder with the shared gold sets.")] = None,
    detail: Annotated[bool, typer.Option("--detail", help="List what was missed and what was wrong.")] = False,
    own: Annotated[
        Path | None, typer.Option(help="Score the reader by the decisions in this record of yours instead.")
    ] = None,
) -> None:
    """Score every gold set that is found."""
    if own is not None:
        from comity.evaluate.own_gold import report_own

        raise typer.Exit(report_own(own, json_out=json_out))
    from comity.evaluate import report

    raise typer.Exit(report(json_out=json_out, floors=floors, only=only, shared=shared, detail=detail))


@app.command()
def bench(
    repeat: Annotated[int, typer.Option(min=1, help="How often the articles are read.")] = 5,
    json_out: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Frames alone, without the learned reader.")] = False,
) -> None:
    """Speed of reading whole articles on one core, with the time by stage."""
    from comity.evaluate.bench import bench as run

    run(repeat=repeat, json_out=json_out, fast=fast)


@app.command(name="next")
def what_next() -> None:
    """What to try after the demonstration."""
    from comity.cli.brief import NEXT

    Console().print(NEXT, markup=False, highlight=False)


def day(value: Any) -> date | None:
    """A date from YYYY-MM-DD; `BadUsage` when it is none."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise BadUsage(f"'{value}' is no date", fix="write it as YYYY-MM-DD") from None


def lines() -> Iterator[dict[str, Any]]:
    """The JSON objects on standard input, one a line."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            yield decoded(line, number)


def decoded(line: bytes, number: int) -> dict[str, Any]:
    """The JSON object of a line; `BadUsage` when it is none."""
    try:
        item = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise BadUsage(f"line {number} is no JSON: {error}", fix="one JSON object a line") from None
    if not isinstance(item, dict):
        raise BadUsage(f"line {number} is no JSON object", fix='write {"text": "..."}')
    return item


def text_of(item: dict[str, Any]) -> str:
    """The field ``text``."""
    text = item.get("text")
    if not isinstance(text, str):
        raise BadUsage("a line has no text", fix='write {"text": "..."}')
    return text


def each_line(answer: Any) -> None:
    """Answer each line of standard input with one line; a bad line gets an error object, and status 1 at the end."""
    failed = False
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            result = answer(decoded(line, number))
        except (SkipDocument, BadUsage) as error:
            failed = True
            result = {"error": {"line": number, "code": error.code, "message": str(error)}}
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(1)


def write_file(path: Path, data: bytes) -> None:
    """Write a whole file or nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, lambda file: file.write(data))
    except OSError as error:
        raise CannotWrite(
            f"cannot be written: {error.strerror}", about=str(path), fix="choose another folder with --out"
        ) from None


def failures(errors: Iterable[ComityError]) -> int:
    """Exit status for these errors."""
    return 1 if list(errors) else 0
