"""Our stories as the reader itself sees them: its own mentions in the place of the marks made by hand.

The reader overlooks actors, takes words for actors that are none, and at times takes one for another ("it", "the
ministry").  A network that has only seen faultless marks believes them all; here it learns what it will be given.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from pairs import FOLDER, Mark, Passage, Told

from comity.model import Document, Mention
from comity.reader import Reader
from comity.understand.learned import grouped
from comity.understand.tree import Tree

SURE = frozenset({"name", "adjective", "demonym", "capital", "person", "surname", "organisation", "group", "damaged"})
"""Ways of mentioning that tell by themselves who is meant."""
STRANGERS = 100
"""From this number on: actors of the reader's that no mark knows."""
_PUBLISHED = re.compile(r"published (\d{4}-\d\d-\d\d)")


def as_read(passages: Iterable[Passage], reader: Reader, folder: Path = FOLDER) -> dict[str, Passage]:
    """Every record of the stories of a folder, by its place, with the reader's mentions as marks."""
    stories = stories_of(passages)
    heads = dict(headlines({article.split(":")[0] for article in stories}, folder))
    return {
        record.where: record
        for article, records in stories.items()
        for record in Read(heads[article], records, reader).records()
    }


def stories_of(passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    """The records of each story, in order."""
    found: dict[str, list[Passage]] = defaultdict(list)
    for p in passages:
        if p.story and p.article:
            found[p.article].append(p)
    return found


def headlines(files: Iterable[str], folder: Path = FOLDER) -> Iterator[tuple[str, str]]:
    """The line of comment that begins each article of some files."""
    for name in files:
        for number, line in enumerate((folder / name).read_text("utf-8").splitlines(), 1):
            if line.startswith("# article:"):
                yield f"{name}:{number}", line.removeprefix("# article:").strip()


class Read:
    """A story read: which number each of the reader's codes is, and which code it gives to each number."""

    def __init__(self, head: str, records: Sequence[Passage], reader: Reader) -> None:
        title, told = head.split("|")[0].strip(), _PUBLISHED.search(head)
        title = "" if title.startswith("published") else title
        text, self.starts = title + "\n\n" if title else "", list[int]()
        for n, record in enumerate(records):
            self.starts.append(len(text))
            text += record.text + ("\n\n" if n % 2 else " ")
        document = Document(id=title, text=text, published=date.fromisoformat(told[1]) if told else None)
        for _, stage in reader.stages[:-1]:
            document = stage(document)
        self.of_story, self.document = records, document
        self.found = list(_mentions(document))
        self.marks = [
            Mark(m.start + start, m.end + start, m.actors)
            for record, start in zip(records, self.starts, strict=True)
            for m in record.marks
        ]
        votes: dict[str, Counter[int]] = defaultdict(Counter)
        self.codes: dict[int, Counter[str]] = defaultdict(Counter)
        for mark in (m for m in self.marks if len(m.actors) == 1):
            for mention, code in self.found:
                if mention.start < mark.end and mark.start < mention.end:
                    self.codes[mark.actors[0]][code] += 1
                    if mention.how in SURE:
                        votes[code][mark.actors[0]] += 1
        self.number = {code: most.most_common(1)[0][0] for code, most in votes.items()}
        self.known = frozenset(self.number.values())

    def marked(self, start: int, end: int) -> set[int]:
        """The numbers of the last mark that holds these characters or lies in them."""
        over = [m for m in self.marks if (m.start <= start and end <= m.end) or (start <= m.start and m.end <= end)]
        return set(over[-1].actors) if over else set()

    def records(self) -> list[Passage]:
        """The story's records with the reader's marks and the acts under its numbers."""
        return [self._record(r, start) for r, start in zip(self.of_story, self.starts, strict=True)]

    def _of(self, code: str) -> int:
        """The number of a code; a stranger's where no mark has it."""
        return self.number.setdefault(code, STRANGERS + len(self.number))

    def _standing_for(self, number: int) -> int:
        """The number under which the reader has an actor: a court may be its state to him."""
        if number in self.known or number not in self.codes:
            return number
        return self.number.get(self.codes[number].most_common(1)[0][0], number)

    def acts_of(self, record: Passage) -> list[Told]:
        """The acts of a record as the reader may tell them.

        That of one whom it takes for the state he belongs to is neither right nor wrong.
        """
        found = []
        for act in record.acts:
            source, target = self._standing_for(act.source), self._standing_for(act.target)
            loose = act.optional or (source, target) != (act.source, act.target)
            if source != target:
                found.append(act._replace(source=source, target=target, optional=loose))
        return found

    def _record(self, record: Passage, start: int) -> Passage:
        """The record with the reader's marks."""
        spans: dict[tuple[int, int], list[int]] = defaultdict(list)
        for mention, code in self.found:
            if start <= mention.start and mention.end <= start + len(record.text):
                spans[mention.start - start, mention.end - start].append(self._of(code))
        marks = tuple(Mark(a, b, tuple(dict.fromkeys(numbers))) for (a, b), numbers in sorted(spans.items()))
        return record._replace(marks=marks, acts=tuple(self.acts_of(record)))


def _mentions(document: Document) -> Iterator[tuple[Mention, str]]:
    """Every mention with a code of its actors, those left out that the reader of pairs is not asked about."""
    by_sentence: dict[int, list[Mention]] = defaultdict(list)
    for mention in document.mentions:
        by_sentence[mention.sentence].append(mention)
    for number, mentions in by_sentence.items():
        for code, ours in grouped(Tree(document.sentences[number], number), mentions).items():
            yield from ((m, code) for m in ours)
