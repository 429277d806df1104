"""The commonest mistakes on the dev articles, sorted by rule: ``python -m comity.evaluate.mistakes [--write]``.

Every missed or wrong dyad of ``comity evaluate --only articles-dev --detail`` falls into one kind; kinds are counted
and shown with an example, so that the next step is known.  ``--write`` writes ``docs/mistakes.md``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.evaluate import articles
from comity.evaluate.checkout import ROOT
from comity.reader import Reader

DEV = ROOT / "gold" / "dev"
PAGE = ROOT / "docs" / "mistakes.md"
SHOWN = 20
LONGEST = 150

_MISSED = re.compile(r"^(\S+): missed: (\S+) (\S+) \('(\w+)', '(\w+)'\)(.*)$", re.S)
_WRONG = re.compile(r"^(\S+): wrong: (\w+) \('(\w+)', '(\w+)'\) (\w+) at '(.*?)': (.*)$", re.S)
_OTHER = re.compile(r"^(\S+): (VIOLATED|missed: quote)")


def kind_of(note: str, pairs: Mapping[str, dict[tuple[str, str], set[str]]]) -> Iterator[str]:
    """The kinds of one note; ``pairs`` are the types that the gold allows for each pair of every article."""
    if found := _MISSED.match(note):
        yield from _missed(found[3].split("/")[0], found[6])
    elif found := _WRONG.match(note):
        name, kind, source, target, status = found.group(1, 2, 3, 4, 5)
        there, back = pairs[name].get((source, target), set()), pairs[name].get((target, source), set())
        if kind in there:
            yield f"read with a status that the gold does not allow ({status})"
        elif kind in back:
            yield f"{kind} read in the wrong direction"
        elif there | back:
            yield f"{kind} read where the gold has other acts of the pair"
        else:
            yield f"{kind} read between two for whom the gold has nothing"
    elif found := _OTHER.match(note):
        yield "what must never be read" if found[2] == "VIOLATED" else "a quotation missed or given to another"


def _missed(kind: str, rest: str) -> Iterator[str]:
    if "found, but wrong" in rest:
        for aspect in re.findall(r"'(status|date|speaker|count)': ", rest):
            yield (
                f"found, but with a wrong {aspect}"
                if aspect != "speaker"
                else "found, but without its speaker or with another"
            )
    elif "pair found as" in rest:
        yield f"{kind} missed, the pair found with other acts only"
    else:
        yield f"{kind} missed, nothing found of the pair"


def allowed(folder: Path) -> dict[str, dict[tuple[str, str], set[str]]]:
    """The types that the gold of every article allows for each ordered pair, ``must`` and ``may`` alike."""
    found: dict[str, dict[tuple[str, str], set[str]]] = {}
    for path in folder.glob("*.gold.json"):
        pairs: dict[tuple[str, str], set[str]] = found.setdefault(path.name.removesuffix(".gold.json"), {})
        for row in msgspec.json.decode(path.read_bytes())["events"]:
            if row["need"] == "never":
                continue
            for way in _ways(row):
                pairs.setdefault(way, set()).update(row["types"])
    return found


def _ways(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in row["sources"]:
        for target in row["targets"]:
            yield source, target
            if row.get("symmetric"):
                yield target, source


def counted(folder: Path = DEV) -> list[tuple[str, int, str]]:
    """Kinds with their counts and the first example, the commonest first."""
    result = articles(Reader(), "articles-dev", folder)
    pairs = allowed(folder)
    counts: dict[str, int] = {}
    examples: dict[str, str] = {}
    for note in result.notes:
        for kind in kind_of(note, pairs):
            counts[kind] = counts.get(kind, 0) + 1
            examples.setdefault(kind, " ".join(note.split())[:LONGEST])
    return sorted(((k, n, examples[k]) for k, n in counts.items()), key=lambda row: (-row[1], row[0]))


def page(rows: list[tuple[str, int, str]]) -> str:
    """The page for the docs."""
    head = (
        "# The twenty commonest mistakes\n\n"
        "Made by `python -m comity.evaluate.mistakes --write` from the dev articles (78, most of them tuned on). A\n"
        "dyad that is found with two wrong aspects counts in both. *Wrong* means: not in the gold, neither as\n"
        "`must` nor as `may`; some of these are true and were overlooked by the annotator.\n\n"
        "| | mistake | how often | an example (article: what) |\n|---|---|---|---|\n"
    )
    lines = [
        f"| {n} | {kind} | {count} | {example.replace('|', '/')} |\n"
        for n, (kind, count, example) in enumerate(rows[:SHOWN], 1)
    ]
    rest = sum(count for _, count, _ in rows[SHOWN:])
    return head + "".join(lines) + f"\nFurther kinds: {len(rows[SHOWN:])}, together {rest}.\n"


def main(arguments: list[str]) -> None:
    """Print the page, or write it."""
    text = page(counted())
    if "--write" in arguments:
        PAGE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
