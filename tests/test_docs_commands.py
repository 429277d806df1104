"""Every command that the guides show is one that the program takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from comity.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
GROUP: Any = typer.main.get_command(app)


def lines(text: str) -> Iterator[str]:
    """Indented, fenced and quoted lines that begin with the command."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        if (fenced or line.startswith("    ")) and re.match(r"\s*(?:\$ )?comity \S", line):
            yield line.strip().removeprefix("$ ")
        elif not line.startswith("    "):
            yield from re.findall(r"`(comity [a-z]+ [^`]+)`", line)


def commands(line: str) -> Iterator[list[str]]:
    """The words of a line; without what is said beside it, and one for each of several names ("correct|reject")."""
    plain = re.split(r"\s{2,}|\s[<|]\s", line)[0].replace("...", "")
    plain = plain.replace(" [", " ").replace("]", "")
    first = plain.split()[1]
    for name in first.split("|"):
        words = shlex.split(plain)
        yield [name, *(w.split("|")[0] for w in words[2:])]


def all_commands() -> list[tuple[str, str]]:
    return sorted({(p.relative_to(ROOT).as_posix(), line) for p in PAGES for line in lines(p.read_text("utf-8"))})


def test_there_are_commands_on_every_page() -> None:
    found = {page for page, _ in all_commands()}
    assert found == {p.relative_to(ROOT).as_posix() for p in PAGES} and len(all_commands()) > 90


NEED = ("correct", "reject", "merge", "split", "undo", "diff")
"""README names these together, without what each of them takes."""


@pytest.mark.parametrize(("page", "line"), all_commands())
def test_the_program_takes_it(page: str, line: str) -> None:
    for name, *words in commands(line):
        assert name in GROUP.commands, f"there is no command {name}"
        if page == "README.md" and name in NEED and len(words) < 2:
            continue
        GROUP.commands[name].make_context(name, list(words))  # raises where it is not taken


def test_a_wrong_option_would_be_found() -> None:
    with pytest.raises(Exception, match=r"(?i)no such option"):
        test_the_program_takes_it("docs/tutorial.md", "comity show Russia --sinse 2021")
    with pytest.raises(AssertionError, match="no command"):
        test_the_program_takes_it("docs/tutorial.md", "comity shew Russia")
