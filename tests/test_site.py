"""The pages of the site: links lead somewhere, the picture fits the code, the checker sees what it should."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from loading import script

from comity.model import Precision, Status

ROOT = Path(__file__).parents[1]


site, architecture, codebook = (script(f"scripts/{name}.py") for name in ("site", "architecture", "codebook"))


def anchors(text: str) -> set[str]:
    """The places of a page of Markdown that a link may name."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head)).strip().lower() for head in heads)
    return {re.sub(r"[\s-]+", "-", head) for head in plain}


@pytest.mark.parametrize("path", sorted(site.pages().values()), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for _, _, address in site.LINK.findall(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", address):
            continue
        where, _, anchor = address.partition("#")
        target = (path.parent / where).resolve() if where else path
        assert target.exists(), address
        if anchor:
            assert anchor in anchors(target.read_text("utf-8")), address


def test_the_picture_and_the_table_fit_the_imports() -> None:
    old = [p.name for p, text in architecture.made().items() if p.read_text("utf-8") != text]
    assert old == [], "run: python scripts/architecture.py"


def test_the_codebook_has_every_type_mode_and_status() -> None:
    page = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    for row in codebook.rows("types.csv"):
        told = f"{row['definition']} *{row['quad'].capitalize()}*, score {row['score']}, CAMEO {row['cameo']}."
        assert f"### {row['type']}\n\n{told}" in page, "run: python scripts/codebook.py"
    for row in codebook.rows("modes.csv"):
        assert f"| `{row['mode']}` | {row['score']} | {row['cameo']} | {row['definition']} | **" in page
    for word in (*get_args(Status), *get_args(Precision)):
        assert f"`{word}`" in page


def test_examples_name_their_sides() -> None:
    assert codebook.shown("[S:Peru] met [T:Chile].") == "**Peru**<sub>S</sub> met **Chile**<sub>T</sub>."
    frames = [
        {"pos": "v", "type": "AID", "mode": "", "default_status": "", "weight": ".9", "example": "[S:Peru] helped."},
        {
            "pos": "v",
            "type": "AID",
            "mode": "",
            "default_status": "",
            "weight": ".8",
            "example": "[S:Peru] fed [T:Chile].",
        },
        {
            "type": "AID",
            "mode": "",
            "default_status": "negated",
            "weight": "1",
            "example": "[S:A] left [T:B] to starve.",
        },
    ]
    assert "fed" in codebook.example(frames, "AID", "")


def test_only_arrows_that_do_not_follow_from_others_are_drawn() -> None:
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert architecture.reduced(graph) == {"a": {"b"}, "b": {"c"}, "c": set()}


def test_every_page_is_in_the_navigation_once() -> None:
    names = set(site.pages())
    told = re.findall(r'"([^"]+\.md)"', str(site.navigation(names)).replace("'", '"'))
    assert sorted(told) == sorted(names)


def test_links_out_of_the_site_become_words(tmp_path: Path) -> None:
    known = {path.resolve(): name for name, path in site.pages().items()}
    text = "[code](../pyproject.toml), [how](decisions/README.md#x), [root](../README.md), [web](https://a.example/)"
    told = site.rewritten(text, "api.md", ROOT / "docs" / "api.md", known)
    assert told == "code, [how](decisions/README.md#x), [root](index.md), [web](https://a.example/)"


def test_a_page_that_loads_or_leads_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<h1 id="x"><a href="#x">x</a><a href="#y">y</a><a href="b.html">b</a><a href="https://a.example/">out</a>'
        '<img src="https://a.example/i.png">'
    )
    (tmp_path / "a.css").write_text("@font-face{src:url(https://a.example/f.woff2)}")
    found = list(site.faults(tmp_path))
    assert len(found) == 4
    assert [word in "\n".join(found) for word in ("i.png", "#y", "b.html", "a.css")] == [True] * 4
