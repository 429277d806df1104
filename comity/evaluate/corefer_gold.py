"""Gold of coreference from text alone: topics of short documents with marked mentions of events.

A topic is one file in a plain mark-up, read line by line:

    = quakes                        the topic
    == amatrice                     a story in it: the events of one story are not those of another
    @ wire-a 2016-08-24             a document: its outlet (invented) and day of publication
    A [quake|q] [struck|q] Italy.   its text; ``[words|chain]`` marks a mention

Chains are named within their story; ``.`` is a mention of its own chain.  Run
``python -m comity.evaluate.corefer_gold [FOLDER ...]`` to check the files and count what they hold.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from comity.errors import BadMergeGold
from comity.evaluate.checkout import ROOT
from comity.model import Record

MARK: Final = re.compile(r"\[([^\[\]|]+)\|([A-Za-z0-9]+|\.)\]")
ALONE: Final = "."


class GoldMention(Record, frozen=True):
    """A marked mention: characters of its document's text, half open, and the chain (unique in all topics)."""

    start: int
    end: int
    chain: str


class GoldDocument(Record, frozen=True):
    """A document with its mentions in the order of the text."""

    id: str
    topic: str
    story: str
    published: date
    text: str
    mentions: tuple[GoldMention, ...]


def read_topics(folder: Path) -> list[GoldDocument]:
    """The documents of all topics of a folder, by file.  Raises `BadMergeGold` for a file that breaks the format."""
    found = [document for path in sorted(folder.glob("*.txt")) for document in read_topic(path)]
    if not found:
        raise BadMergeGold("holds no topics", about=str(folder), fix="name a folder with topics")
    return found


def read_topic(path: Path) -> Iterator[GoldDocument]:
    """The documents of one file.  Raises `BadMergeGold` with the line that breaks the format."""
    topic = story = ""
    head: tuple[int, str, date] | None = None
    body: list[str] = []
    number = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(("=", "@")):
            if head:
                yield _document(path, topic, story, head, body)
            head, body = None, []
        if line.startswith("== "):
            story = line[3:].strip()
        elif line.startswith("= "):
            topic = line[2:].strip()
        elif line.startswith("@ "):
            head = (number, *_head(path, number, line))
        elif line.strip():
            if not head:
                raise _bad(path, number, "text before the first document")
            body.append(line.strip())
    if head:
        yield _document(path, topic, story, head, body)


def _head(path: Path, number: int, line: str) -> tuple[str, date]:
    try:
        outlet, day = line[2:].split()
        return outlet, date.fromisoformat(day)
    except ValueError:
        raise _bad(path, number, "no outlet and day") from None


def _document(path: Path, topic: str, story: str, head: tuple[int, str, date], body: Sequence[str]) -> GoldDocument:
    number, outlet, day = head
    if not topic or not story or not body:
        raise _bad(path, number, "a document without topic, story or text")
    marked = "\n".join(body)
    parts: list[str] = []
    mentions = []
    at = length = 0
    name = f"{topic}/{story}/{number}"
    for mark in MARK.finditer(marked):
        before = marked[at : mark.start()]
        parts += [before, mark[1]]
        start = length + len(before)
        length = start + len(mark[1])
        own = f"{name}/{start}" if mark[2] == ALONE else f"{topic}/{story}/{mark[2]}"
        mentions.append(GoldMention(start=start, end=length, chain=own))
        at = mark.end()
    text = "".join([*parts, marked[at:]])
    if "[" in text or "|" in text:
        raise _bad(path, number, "a mark that is not closed or has no chain")
    return GoldDocument(
        id=f"{name}/{outlet}", topic=topic, story=story, published=day, text=text, mentions=tuple(mentions)
    )


def _bad(path: Path, number: int, what: str) -> BadMergeGold:
    return BadMergeGold(f"line {number}: {what}", about=str(path), fix="see docs/corefer.md for the format")


def chains(documents: Iterable[GoldDocument]) -> dict[str, list[str]]:
    """The words of every chain, in the order of the documents."""
    found: dict[str, list[str]] = {}
    for document in documents:
        for mention in document.mentions:
            found.setdefault(mention.chain, []).append(document.text[mention.start : mention.end])
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Check folders (dev and test without arguments) and count; ``--chains`` lists the words of each chain."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    named = [Path(a) for a in given if not a.startswith("--")]
    for folder in named or [ROOT / "gold" / "corefer" / part for part in ("dev", "test")]:
        documents = read_topics(folder)
        found = chains(documents)
        many = [words for words in found.values() if len(words) > 1]
        counts = {
            "topics": len({d.topic for d in documents}),
            "stories": len({(d.topic, d.story) for d in documents}),
            "documents": len(documents),
            "mentions": sum(map(len, found.values())),
            "events": len(found),
            "chains of several": len(many),
            "mentions in them": sum(map(len, many)),
        }
        print(f"{folder.name}: " + ", ".join(f"{number} {name}" for name, number in counts.items()))
        if "--chains" in given:
            for chain, words in found.items():
                if len(words) > 1:
                    print(f"  {chain}: {' | '.join(words)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
