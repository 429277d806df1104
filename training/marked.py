"""What the whole reader tells of marked stories, sentence by sentence: python training/marked.py [FILE ...].

Gold articles say what an article tells of two actors, not by which sentence: an act that no sentence tells can still
meet a row of theirs, where the two are what the article is about.  The marks of a story tell of each sentence which
acts it tells.  The stories in ``training/marked`` are kept out of all training of weights.  This prints how many of the
events kept are told where they are read from, and how many of the acts told are found; ``calibrate.py`` fits its last
decision to the same truth, beside that of the gold articles.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from as_read import Read, headlines, stories_of  # noqa: E402
from pairs import Passage, Told, read_file  # noqa: E402

from comity.model import Document, Event  # noqa: E402
from comity.reader import Reader  # noqa: E402
from comity.understand.deciding import brevity  # noqa: E402
from comity.understand.events import EventFinder  # noqa: E402

STORIES = HERE / "marked"


class Marked:
    """A story as the reader prepared it, and what its marks say of an event."""

    def __init__(self, read: Read) -> None:
        self.document: Document = read.document
        self.acts = [read.acts_of(record) for record in read.of_story]
        self.number = read.number
        self._starts = read.starts

    def record_of(self, position: int) -> int:
        """The record that holds this character; -1 in the headline."""
        return sum(start <= position for start in self._starts) - 1

    def truth(self, event: Event) -> float | None:
        """The share of the event's dyads that its sentence tells; None where the marks leave it open."""
        at = self.record_of((event.anchor or event.evidence).start)
        if at < 0:
            return None  # headlines are not marked
        found = [self._told(event, s, t, self.acts[at]) for s in event.sources for t in event.targets]
        known = [f for f in found if f is not None]
        return sum(known) / len(known) if known else None

    def _told(self, event: Event, source: str, target: str, acts: Sequence[Told]) -> bool | None:
        """Whether an act of the dyad is told so; None where it may be."""
        one, two = self.number.get(source, -1), self.number.get(target, -1)
        ways = {(one, two), (two, one)} if event.symmetric else {(one, two)}
        alike = [a for a in acts if a.type == event.type and fits(a, ways)]
        if any(a.status == event.status and not a.optional and 0 not in (a.source, a.target) for a in alike):
            return True
        return None if any(a.optional or 0 in (a.source, a.target) for a in alike) else False

    def missed(self, kept: Sequence[Event]) -> Iterator[tuple[Told, bool]]:
        """Every act that the marks tell for certain, and whether an event has it."""
        for at, acts in enumerate(self.acts):
            here = [e for e in kept if self.record_of((e.anchor or e.evidence).start) == at]
            for act in acts:
                if not act.optional and 0 not in (act.source, act.target):
                    yield act, any(self._has(e, act) for e in here)

    def _has(self, event: Event, act: Told) -> bool:
        pairs = [(self.number.get(s, -1), self.number.get(t, -1)) for s in event.sources for t in event.targets]
        ways = {*pairs, *(p[::-1] for p in pairs)} if event.symmetric else set(pairs)
        return (event.type, event.status) == (act.type, act.status) and fits(act, ways)


def fits(act: Told, ways: set[tuple[int, int]]) -> bool:
    """Whether an act is one of these ordered pairs'; a side that it leaves unsaid may be anybody."""
    own = {(act.source, act.target), *([(act.target, act.source)] if act.symmetric else [])}
    return any((a in (0, x)) and (b in (0, y)) for a, b in own for x, y in ways)


def marked(files: Sequence[Path], reader: Reader) -> Iterator[Marked]:
    """Every story of some files, read up to its events."""
    for path in files:
        stories = stories_of(p for p in read_file(path) if isinstance(p, Passage))
        heads = dict(headlines([path.name], path.parent))
        for article, records in stories.items():
            yield Marked(Read(heads[article], records, reader))


def kept_out() -> list[Path]:
    """The files that no weights are trained on."""
    return sorted(STORIES.glob("*.txt"))


def main() -> None:
    """Print precision and recall, in all and by type."""
    reader = Reader()
    finder = next(stage for name, stage in reader.stages if name == "events")
    assert isinstance(finder, EventFinder)
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    found: Counter[str] = Counter()
    told: Counter[str] = Counter()
    stories = 0
    for story in marked([Path(name) for name in sys.argv[1:]] or kept_out(), reader):
        stories += 1
        brief = brevity(story.document)
        kept = [c.event for _, listed in finder.candidates(story.document) for c in finder.kept(listed, brief)]
        for event in kept:
            truth = story.truth(event)
            if truth is not None:
                given[event.type] += 1
                right[event.type] += truth > 0.5
        for act, has in story.missed(kept):
            told[act.type] += 1
            found[act.type] += has
    show(stories, right, given, found, told)


def show(stories: int, right: Counter[str], given: Counter[str], found: Counter[str], told: Counter[str]) -> None:
    """The table."""
    print(f"{stories} stories")
    for name in ["all", *sorted(told)]:
        r, g, f, t = (c.total() if name == "all" else c[name] for c in (right, given, found, told))
        print(f"{name:10} told where read {r / max(g, 1):.3f} of {g:5}   found {f / max(t, 1):.3f} of {t:5}")


if __name__ == "__main__":
    main()
