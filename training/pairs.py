"""Our own sentences with marked actors and the acts between them: the format, its reader and its check.

    [1 Moscow] recalled its ambassador from [2 Sofia] on Friday after [2 Bulgaria] expelled two [1 Russian] attaches.
    1>2 SANCTION occurred @recalled
    2>1 SANCTION occurred @expelled

A record is one line of text and the lines of its acts; an empty line ends it.  ``[n words]`` marks a mention of
actor n, ``[1,2 the two countries]`` one of several.  ``a>b TYPE status @word`` is an act of a towards b, told by
``word`` (``@word#2`` for its second occurrence); ``a=b`` an act of both; ``~`` in front: may be coded so or not.
``none`` stands for a text without an act between its actors.  Pairs that are not listed do nothing to each other.
In a file that begins with ``# unsaid``, actor 0 is a side that no word names and the story supplies (``1>0 SANCTION
occurred @recalled``); in other files such acts are simply not told.  A line ``# article: ...`` begins an article; its
records follow one another as they do in the text.  In a file that begins with ``# story`` actors keep their numbers
through an article, and the unsaid side of an act is given by the number of an actor marked earlier (0 where none was).

    python training/pairs.py training/pairs/*.txt     checks files and counts what they hold
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
STATUSES = ("occurred", "announced", "possible", "negated")
FOLDER = Path(__file__).parent / "pairs"
UNSAID = 0

_MARK = re.compile(r"\[([1-9]\d?(?:,[1-9]\d?)*) ([^\[\]]+)\]")
_ACT = re.compile(r"(~?)(\d{1,2})([>=])(\d{1,2}) ([A-Z]+) ([a-z]+)(?: @(\S+?)(?:#(\d))?)?$")


class Mark(NamedTuple):
    """A mention: characters of the text and the actors it stands for."""

    start: int
    end: int
    actors: tuple[int, ...]


class Told(NamedTuple):
    """An act of ``source`` towards ``target``; ``trigger`` is where the text tells it, if marked."""

    source: int
    target: int
    type: str
    status: str
    symmetric: bool
    optional: bool
    trigger: tuple[int, int] | None


class Passage(NamedTuple):
    """One record of a file."""

    where: str
    text: str
    marks: tuple[Mark, ...]
    acts: tuple[Told, ...]
    unsaid: bool = False
    """Whether acts with a side that no word names are listed, as of actor 0 or of an actor of the story."""
    article: str = ""
    """The article that the record is a part of: file and line of its beginning; empty where it stands alone."""
    story: bool = False
    """Whether actors have the same numbers through the article."""


class BadRecord(ValueError):
    """A record that is not in the format."""


def read_file(path: Path) -> Iterator[Passage | BadRecord]:
    """The records of one file, with an error in the place of each bad one."""
    block: list[str] = []
    first, place = 1, Place(path.name)
    for number, line in enumerate([*path.read_text("utf-8").splitlines(), ""], 1):
        line = line.strip()
        if line.startswith("#"):
            place = place.after(line, number)
        elif line:
            first = first if block else number
            block.append(line)
        elif block:
            try:
                found = passage(f"{path.name}:{first}", block, place)
                place = place.knowing(found)
                yield found
            except BadRecord as error:
                yield error
            block = []


class Place(NamedTuple):
    """Where in a file, in what kind of file, and the actors that its article has named so far."""

    file: str
    unsaid: bool = False
    story: bool = False
    article: str = ""
    known: frozenset[int] = frozenset()

    def after(self, comment: str, number: int) -> Place:
        """The place behind a line of comment."""
        if comment.startswith("# article"):
            return self._replace(article=f"{self.file}:{number}", known=frozenset())
        story = self.story or comment == "# story"
        return self._replace(story=story, unsaid=story or self.unsaid or comment == "# unsaid")

    def knowing(self, found: Passage) -> Place:
        """The place behind a record."""
        return self._replace(known=self.known | {a for m in found.marks for a in m.actors}) if self.story else self


def passage(where: str, block: list[str], place: Place) -> Passage:
    """One record from its lines."""
    text, marks = unmarked(where, block[0])
    if not marks and not place.story:
        raise BadRecord(f"{where}: no mark: {text[:80]}")
    known = {a for m in marks for a in m.actors} | place.known | ({UNSAID} if place.unsaid else set())
    if len(block) < 2:
        raise BadRecord(f"{where}: no act and no 'none' below the text: {text[:60]}")
    acts = () if block[1:] == ["none"] else tuple(act(where, text, line, known) for line in block[1:])
    return Passage(where, text, marks, acts, place.unsaid, place.article, place.story)


def unmarked(where: str, line: str) -> tuple[str, tuple[Mark, ...]]:
    """The plain text and its marks."""
    text, marks, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        marks.append(Mark(len(text), len(text) + len(found[2]), tuple(int(n) for n in found[1].split(","))))
        text += found[2]
        at = found.end()
    text += line[at:]
    if "[" in text or "]" in text:
        raise BadRecord(f"{where}: a bracket that marks nothing: {text[:80]}")
    return text, tuple(marks)


def act(where: str, text: str, line: str, known: set[int]) -> Told:
    """One act line."""
    found = _ACT.match(line)
    if not found:
        raise BadRecord(f"{where}: not an act: {line[:80]}")
    optional, source, way, target, kind, status, word, nth = found.groups()
    if kind not in TYPES or status not in STATUSES:
        raise BadRecord(f"{where}: unknown type or status: {line}")
    if not {int(source), int(target)} <= known or source == target:
        raise BadRecord(f"{where}: an actor that is not marked, or one against itself: {line}")
    trigger = None
    if word:
        spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
        if len(spans) < int(nth or 1):
            raise BadRecord(f"{where}: '{word}' is not a word of the text: {line}")
        trigger = spans[int(nth or 1) - 1]
    return Told(int(source), int(target), kind, status, way == "=", bool(optional), trigger)


def read_all(folder: Path = FOLDER) -> list[Passage]:
    """Every good record of a folder."""
    return [p for path in sorted(folder.glob("*.txt")) for p in read_file(path) if isinstance(p, Passage)]


def main(paths: list[str]) -> int:
    """Print errors and counts; exit status 1 when a record is bad."""
    good: list[Passage] = []
    bad = 0
    for path in map(Path, paths):
        for record in read_file(path):
            if isinstance(record, Passage):
                good.append(record)
            else:
                bad += 1
                print(record)
    acts = [a for p in good for a in p.acts if not a.optional]
    types, statuses = Counter(a.type for a in acts), Counter(a.status for a in acts)
    print(f"{len(good)} good records, {bad} bad; {len(acts)} acts, {sum(not p.acts for p in good)} without an act")
    print("  " + ", ".join(f"{k} {types[k]}" for k in TYPES))
    print("  " + ", ".join(f"{k} {statuses[k]}" for k in STATUSES))
    same = [t for t, n in Counter(p.text for p in good).items() if n > 1]
    print(f"  {len(same)} texts stand twice")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
