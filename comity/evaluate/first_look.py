"""The first look: how many events it would lose, and what it passes over.

    python -m comity.evaluate.first_look [--part dev] [--json]

Events are those of the gold: they are lost where the article that tells them is passed over.  Every article is looked
at clean, under every kind of damage and under all of them together; reports of the merging gold and single sentences
stand for the shortest of articles.  What is passed over is counted on the articles of ``gold/web``, on those in odd
places (on which words were fitted) and in even places apart.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from comity.evaluate.checkout import ROOT
from comity.evaluate.damage import CLEAN, MIXED, damaged, gold_articles
from comity.evaluate.damaging import KINDS
from comity.evaluate.goldfile import gold_rows
from comity.knowledge import load
from comity.model import Document, Record
from comity.read import read_bytes
from comity.understand.actors.gazetteer import Gazetteer
from comity.understand.firstlook import SENTENCE, FirstLook

WEB = ROOT / "gold" / "web"
LENGTH = 2_500
"""Characters of a usual web article."""


class Kept(Record, frozen=True):
    """Texts of one sort, how many of them are read on, and how many of their events that keeps."""

    sort: str
    texts: int
    read: int
    events: int
    kept: int


def looker() -> FirstLook:
    """The first look with the shipped tables."""
    known = load()
    return FirstLook(known, Gazetteer(known))


def measured(look: FirstLook, sort: str, texts: Iterable[tuple[str, int]]) -> Kept:
    """What the look does to texts, each with the number of its events."""
    seen = [(look(Document(id="", text=text)) is None, events) for text, events in texts]
    return Kept(
        sort=sort,
        texts=len(seen),
        read=sum(read for read, _ in seen),
        events=sum(events for _, events in seen),
        kept=sum(events for read, events in seen if read),
    )


def gold(look: FirstLook, part: str) -> Iterator[Kept]:
    """The gold of whole articles, clean and damaged, and that of short texts."""
    articles = gold_articles(ROOT / "gold" / part)
    for kind in (CLEAN, *KINDS, MIXED):
        copies = [damaged(a, kind) for a in articles]
        texts = [(_cleaned(c.text), len(c.gold["events"])) for c in copies]
        yield measured(look, f"articles, {kind}", texts)
    reports = _lines(ROOT / "gold" / "merge" / part / "reports.jsonl")
    yield measured(look, "reports of one or two sentences", [(r["text"], 1) for r in reports])
    sentences = _lines(ROOT / "gold" / "sentences" / f"{part}.jsonl")
    yield measured(look, "passages in unusual words", [(s["text"], len(s["events"])) for s in sentences])


def web(look: FirstLook) -> Iterator[Kept]:
    """The articles that are not about politics, by half, and all of them at the length of usual ones; and some in
    which a stretch of a political article of so many sentences stands."""
    for half, name in enumerate(("fitted on", "kept apart")):
        yield measured(look, f"other web articles, {name}", [(text, 0) for _, text in web_articles(half)])
    others = web_texts()
    yield measured(look, "other web articles, lengthened", [(text, 0) for text in others])
    articles = gold_articles(ROOT / "gold" / "dev")
    for number in (2, 4, 8):
        mixed = []
        for at, article in enumerate(articles):
            stretch = SENTENCE.split(article.text)[4 : 4 + number]
            mixed.append((". ".join(stretch) + ".\n" + others[at % len(others)], 1))
        yield measured(look, f"the same with {number} political sentences", mixed)


def web_texts() -> list[str]:
    """The articles of ``gold/web``, lengthened to the length of usual ones by others of their kind."""
    articles = web_articles()
    made = []
    for at, (kind, text) in enumerate(articles):
        more = [t for k, t in articles if k == kind and t != text]
        while len(text) < LENGTH and more:
            text += "\n" + more.pop(at % len(more)).partition("\n")[2]
        made.append(text)
    return made


def web_articles(half: int | None = None) -> list[tuple[str, str]]:
    """The articles of ``gold/web`` with their kind: all, those in odd places (0) or in even ones (1)."""
    found = []
    for path in sorted(WEB.glob("*.txt")):
        parts = re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        found += [(path.stem, part) for part in (parts if half is None else parts[half::2])]
    return found


def _cleaned(text: str) -> str:
    return read_bytes(text.encode(), any_language=True).text


def _lines(path: Path) -> list[dict[str, Any]]:
    return gold_rows(path) if path.exists() else []


def main() -> int:
    """Print the table; 1 when articles lose more than a hundredth of their events."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    look = looker()
    found = [*gold(look, given.part), *web(look)]
    if given.json:
        print(msgspec.json.encode(found).decode())
    else:
        Console(highlight=False).print(_table(found))
    articles = [k for k in found if k.sort.startswith("articles")]
    return int(any(k.kept < 0.99 * k.events for k in articles))


def _table(found: Sequence[Kept]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("texts", "number", "read on", "share", "events", "kept", "recall"):
        table.add_column(column, justify="left" if column == "texts" else "right")
    for k in found:
        recall = f"{k.kept / k.events:.3f}" if k.events else ""
        share = f"{k.read / k.texts:.2f}" if k.texts else ""
        table.add_row(k.sort, str(k.texts), str(k.read), share, str(k.events or ""), str(k.kept or ""), recall)
    return table


if __name__ == "__main__":
    raise SystemExit(main())
