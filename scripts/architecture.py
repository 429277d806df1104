"""The picture of the parts and who imports whom, made from the code: docs/architecture.svg, and the table beside it.

    python scripts/architecture.py [--check]

Rows are the layers of the import rules in pyproject.toml, top to bottom; an arrow is an import that does not follow
from others (the table in docs/architecture.md has all).  With ``--check`` nothing is written; exit status 1 when the
picture or the table is out of date.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE, PAGE = ROOT / "docs" / "architecture.svg", ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- imports: made by scripts/architecture.py -->", "<!-- end of imports -->"
PURPOSES = {
    "cli": "commands: parse, call, render",
    "evaluate": "gold, scores, floors, benches",
    "mcp": "tools for language models",
    "web": "API and page",
    "exchange": "event sets in, selections out",
    "relations": "series, moments, pledges, ties",
    "record": "segments, merging, decisions",
    "reader": "the stages in order",
    "understand": "who, when, what, how surely",
    "read": "bytes to documents, fetching",
    "language": "text, parse, tags, entities",
    "knowledge": "states, names, offices, acts",
    "model": "records between stages",
    "errors": "every error, with its code",
    "version": "of the program",
    "engine": "many machines",
    "paths": "names of files as text",
}
WIDTH, BOX, HIGH, ROW, TOP = 880, 232, 52, 98, 20


def layers() -> list[list[str]]:
    """The layers of the import rules, top first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    rows = [line.replace("|", ":").split(":") for line in contract["layers"]]
    return [[name.strip().removeprefix("comity.") for name in row] for row in rows]


def files(part: str) -> Iterator[Path]:
    """The modules of a part."""
    folder = ROOT / "comity" / part
    yield from sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def imports(part: str, known: Sequence[str]) -> set[str]:
    """The other parts that a part imports, also inside functions, but not for types alone."""
    found: set[str] = set()
    for path in files(part):
        tree = ast.parse(path.read_text("utf-8"))
        for node in _run(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.module == "comity":
                names = [f"comity.{a.name}" for a in node.names]
            found |= {name.split(".")[1] for name in names if name.startswith("comity.")}
    return (found & set(known)) - {part}


def _run(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that are carried out when the program runs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from _run(node)


def reduced(graph: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The graph without arrows that follow from others."""

    def reached(part: str) -> set[str]:
        found: set[str] = set()
        waiting = [part]
        while waiting:
            new = graph[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    return {
        part: {one for one in near if not any(one in reached(other) and part not in reached(other) for other in near)}
        for part, near in graph.items()
    }


def picture(rows: Sequence[Sequence[str]], graph: Mapping[str, set[str]]) -> str:
    """The picture as SVG; black on white, so that it can stand on any ground."""
    at = {
        part: ((WIDTH - len(row) * BOX - (len(row) - 1) * 40) / 2 + i * (BOX + 40), TOP + number * ROW)
        for number, row in enumerate(rows)
        for i, part in enumerate(row)
    }
    height = TOP * 2 + (len(rows) - 1) * ROW + HIGH
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-label="The parts of Comity in layers, with arrows to what each imports" font-family="sans-serif">',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#46607a"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#fff"/>',
    ]
    for part, near in reduced(graph).items():
        lines += [arrow(at[part], at[other]) for other in sorted(near, key=lambda o: at[o])]
    for part, (x, y) in at.items():
        lines.append(
            f'<rect x="{x:g}" y="{y}" width="{BOX}" height="{HIGH}" rx="5" fill="#eef3f8" stroke="#46607a"/>'
            f'<text x="{x + BOX / 2:g}" y="{y + 22}" text-anchor="middle" font-size="16" font-weight="bold" '
            f'fill="#16202a">{escape(part)}</text><text x="{x + BOX / 2:g}" y="{y + 41}" text-anchor="middle" '
            f'font-size="13" fill="#33424f">{escape(PURPOSES.get(part, ""))}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A line from the lower edge of a box to the upper edge of another, around the boxes between; or to the side."""
    (x, y), (u, v) = start, end
    if y == v:
        x, u = (x + BOX, u) if x < u else (x, u + BOX)
        return f'<path d="M{x:g} {y + HIGH / 2:g}L{u:g} {v + HIGH / 2:g}" stroke="#46607a" marker-end="url(#a)"/>'
    x, y, u = x + BOX / 2, y + HIGH, u + BOX / 2
    style = 'fill="none" stroke="#46607a" stroke-width="1.4" marker-end="url(#a)"'
    if v - y <= ROW:
        return f'<path d="M{x:g} {y}L{u:g} {v}" {style}/>'
    side = WIDTH - 60 if x + u >= WIDTH else 60
    return f'<path d="M{x:g} {y}C{side} {y + 40},{side} {v - 40},{u:g} {v}" {style}/>'


def table(rows: Sequence[Sequence[str]], graph: Mapping[str, set[str]]) -> str:
    """All imports as a table of Markdown."""
    order = [part for row in rows for part in row]
    lines = ["| part | what for | imports |", "|---|---|---|"]
    for part in order:
        told = ", ".join(f"`{o}`" for o in order if o in graph[part]) or "nothing of ours"
        lines.append(f"| `{part}` | {PURPOSES.get(part, '')} | {told} |")
    return "\n".join(lines)


def between(page: str, text: str) -> str:
    """A page with the text between its two marks."""
    before, rest = page.split(BEGIN, 1)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}"


def made() -> dict[Path, str]:
    """The files as they ought to be."""
    rows = layers()
    known = [part for row in rows for part in row]
    graph = {part: imports(part, known) for part in known}
    place = {part: number for number, row in enumerate(rows) for part in row}
    for part, near in graph.items():  # lint-imports says more; a picture with arrows upwards would be a lie
        assert all(place[part] <= place[other] for other in near), f"{part} imports upwards: {near}"
    return {PICTURE: picture(rows, graph), PAGE: between(PAGE.read_text("utf-8"), table(rows, graph))}


def main() -> int:
    """Write or check; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    old = [path for path, text in made().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in old:
        print(f"{path.relative_to(ROOT)} {'is out of date' if given.check else 'written'}")
        if not given.check:
            path.write_text(made()[path], "utf-8")
    return int(given.check and bool(old))


if __name__ == "__main__":
    sys.exit(main())
