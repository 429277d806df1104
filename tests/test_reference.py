"""The reference is what the program is, and every setting is told of in docs/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from comity import errors
from comity.cli.reference import main, reference
from comity.read.fetch.settings import FetchSettings
from comity.read.limits import Limits
from comity.web.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def test_the_page_is_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = DOCS / "commands.md"
    assert page.read_text("utf-8") == reference(), "run python -m comity.cli.reference"
    assert main(["--check", str(page)]) == 0
    other = tmp_path / "old.md"
    other.write_text("# Reference of last year\n")
    assert main(["--check", str(other)]) == 1 and "out of date" in capsys.readouterr().out
    assert main([str(other)]) == 0 and other.read_text("utf-8") == page.read_text("utf-8")


def test_every_error_has_a_code_of_its_own_a_meaning_and_a_place_in_the_tree() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.ComityError)]
    codes = [k.code for k in kinds]
    assert len(set(codes)) == len(codes)
    page, tree = reference(), errors.__doc__ or ""
    for kind in kinds:
        if kind in (errors.ComityError, errors.SkipDocument, errors.StopRun):
            continue
        assert kind.__doc__ and re.search(rf"^\s+{kind.__name__}\s+{kind.code}$", tree, re.MULTILINE), kind
        assert f"| {kind.code} | {kind.__name__} |" in page


def settings() -> list[str]:
    """Every variable of the environment in the code, and every field of the classes of settings."""
    code = "\n".join(p.read_text("utf-8") for p in (ROOT / "comity").rglob("*.py"))
    variables = set(re.findall(r'"(COMITY_[A-Z_]*[A-Z])"', code))
    web = {PREFIX + name.upper() for name in Settings.__struct_fields__ if name != "record"}
    return sorted(variables | web | {*Limits.__struct_fields__, *FetchSettings.__struct_fields__})


@pytest.mark.parametrize("name", settings())
def test_every_setting_is_documented(name: str) -> None:
    told = "\n".join(p.read_text("utf-8") for p in DOCS.rglob("*.md"))
    assert re.search(rf"`(?:[^`\n]*\W)?{re.escape(name)}(?:\W[^`\n]*)?`", told), f"{name} is nowhere in docs/"
