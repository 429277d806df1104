"""The reference page, made from the commands and the errors: python -m comity.cli.reference [--check] [FILE]."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import typer

from comity.errors import ComityError, SkipDocument, StopRun

PAGE: Final = Path("docs") / "commands.md"
# ruff: noqa: E501 - a paragraph of the page is one line
HEAD: Final = """# Commands, environment, errors

Made by `python -m comity.cli.reference` from the program itself; a test fails when it is out of date. Guides: [tutorial](tutorial.md), [how-to pages](how-to). Settings of the server: [serve](serve.md); of reading and fetching: [sources](sources.md).

Every command ends with status 0 when all went well, 1 when a document was skipped or something was found wrong, 2 when it could not be carried out, 130 when it was interrupted. `--json` and `--csv` go to standard output, everything for people beside them to standard error.

"""
ENVIRONMENT: Final = (
    ("COMITY_RECORD", "Folder of the record where `--record` is not given; without it `record/` in the current folder."),
    ("COMITY_AUTHOR", "Who decides where `--author` is not given; without it the name that git knows, else the user's."),
    ("COMITY_ALLOW_LOOPBACK", "1 lets pages of this machine's own addresses be fetched, for tests with your own server."),
    ("COMITY_SHARED", "Folder with further gold sets for `comity evaluate`."),
    ("COMITY_WEB_...", "Settings of `comity serve`, one by one in [serve](serve.md)."),
)  # fmt: skip


def reference() -> str:
    """The page as Markdown."""
    from comity.cli.main import app

    group: Any = typer.main.get_command(app)
    parts = [HEAD, "## Commands\n\n", *_index(group.commands)]
    for name in sorted(group.commands):
        parts += _command(name, group.commands[name])
    parts += ["## Environment\n\n", "| Variable | Meaning |\n|---|---|\n"]
    parts += [f"| `{name}` | {told} |\n" for name, told in ENVIRONMENT]
    parts += ["\n", *_errors()]
    return "".join(parts)


def _index(commands: Any) -> Iterator[str]:
    yield " · ".join(f"[{name}](#comity-{name})" for name in sorted(commands)) + "\n\n"


def _command(name: str, command: Any) -> Iterator[str]:
    """One command: what it does, its arguments and options."""
    yield f"### comity {name}\n\n{' '.join((command.help or '').split())}\n\n"
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join(["comity", name, *(_usage(a) for a in arguments), *(["[OPTIONS]"] if options else [])])
    yield f"    {usage}\n\n"
    if command.params:
        yield "| | Default | Meaning |\n|---|---|---|\n"
        for one in (*arguments, *options):
            yield f"| {_named(one)} | {_default(one)} | {_cell(one.help or '')} |\n"
        yield "\n"


def _usage(argument: Any) -> str:
    text = (argument.metavar or argument.name.strip("_").upper()) + ("..." if argument.nargs == -1 else "")
    return text if argument.required else f"[{text}]"


def _named(one: Any) -> str:
    if one.param_type_name == "argument":
        return f"`{(one.metavar or one.name.strip('_').upper())}`"
    value = "" if one.is_flag else " " + _value(one)
    names = sorted(one.opts, key=len)
    return ", ".join(f"`{n}{value if n == names[-1] else ''}`" for n in names)


def _value(one: Any) -> str:
    kind = getattr(getattr(one, "type_descriptor", None), "annotation", str)
    return {int: "N", float: "X", Path: "PATH"}.get(kind, "TEXT")


def _default(one: Any) -> str:
    if one.required:
        return "needed"
    if one.default is None or one.is_flag or callable(one.default) or one.default in ((), []):
        return ""
    return f"`{one.default}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _errors() -> Iterator[str]:
    """All codes in their order, with what happens."""
    yield "## Errors\n\nA message says what is wrong, where, and what to do. Codes below C200 are of one document, "
    yield "which is skipped; from C200 on the run stops.\n\n"
    yield "| Code | Name | What happens | Meaning |\n|---|---|---|---|\n"
    for kind in sorted(_kinds(ComityError), key=lambda k: k.code):
        if kind in (SkipDocument, StopRun):
            continue
        what = "skipped" if issubclass(kind, SkipDocument) else "stops"
        yield f"| {kind.code} | {kind.__name__} | {what} | {_cell(kind.__doc__ or '')} |\n"


def _kinds(kind: type[ComityError]) -> Iterable[type[ComityError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


def main(words: list[str]) -> int:
    """Write the page, or with --check say whether it is up to date; the exit status."""
    check = "--check" in words
    path = next((Path(w) for w in words if not w.startswith("-")), PAGE)
    text = reference()
    if check:
        same = path.exists() and path.read_text("utf-8") == text
        print(f"{path} is up to date" if same else f"{path} is out of date: run python -m comity.cli.reference")
        return 0 if same else 1
    path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
