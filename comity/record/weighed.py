"""What else the sentence of a report was weighed to tell: its document read again, with all that was proposed.

Reading takes the model of today: where the record was read by an older one, this is what the newer one weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.errors import BadKnowledge, BadModel, NoText, SkipDocument
from comity.model import Document, Record, Sentence
from comity.record.explain import Explanation, Told

if TYPE_CHECKING:
    from comity.knowledge.frames import Lexicon
    from comity.reader import Reader
    from comity.record.store import Store
    from comity.understand.deciding import Candidate
    from comity.understand.events import EventFinder

    Reading = tuple[Document, list[tuple[Sentence, list[Candidate]]]]

REPORTS: Final = 3
"""Reports of an event that are weighed anew at most, the surest first."""
TYPES: Final = 4
"""Types of a pair that are told, the likeliest first."""
LEAST: Final = 0.02
"""A type less likely than this is not told."""
_POS: Final = ("v", "n", "a")


class Proposal(Record, frozen=True):
    """An event that was proposed for a sentence.

    ``origin`` is ``frame`` or ``learned``, ``word`` the word that tells the act; the proposal is taken when
    ``confidence`` reaches ``needed`` (both 0 to 1) and the same word tells nothing surer of the pair.  ``why`` are
    the reasons of the reader.
    """

    type: str
    mode: str | None
    status: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    symmetric: bool
    word: str
    origin: str
    confidence: float
    needed: float
    taken: bool
    why: tuple[str, ...] = ()


class PairTypes(Record, frozen=True):
    """What the learned reader thinks that a source does to a target: probabilities, NONE for nothing at all."""

    source: str
    target: str
    types: dict[str, float]


class Sense(Record, frozen=True):
    """A frame of the word that tells the act which was not taken."""

    frame: str
    word: str
    type: str
    mode: str | None
    example: str


class Weighed(Record, frozen=True):
    """What was considered for the sentence of one report; ``note`` says why nothing can be told."""

    report: str
    proposals: tuple[Proposal, ...] = ()
    pairs: tuple[PairTypes, ...] = ()
    senses: tuple[Sense, ...] = ()
    note: str = ""


def weigh(
    store: Store, found: Explanation, make: Callable[[], Reader] | None = None, most: int = REPORTS
) -> tuple[Weighed, ...]:
    """What else the sentences of an event's reports were weighed to tell, the surest reports first.

    ``make`` gives the reader, by default the shipped one.  Imported reports have no sentence and are left out.
    Raises nothing for want of a model: the answer then holds a note.
    """
    told = [t for t in found.told if t.document and t.report["evidence_start"] is not None]
    told.sort(key=lambda t: -(t.report["confidence"] or 0.0))
    if not told:
        return ()
    try:
        reader = (make or _shipped)()
    except (BadModel, BadKnowledge) as error:
        return (Weighed(report=told[0].report["id"], note=str(error)),)
    read: dict[str, Reading] = {}
    return tuple(_weighed(store, reader, one, read) for one in told[:most])


def _shipped() -> Reader:
    from comity.reader import Reader

    return Reader()


def _weighed(store: Store, reader: Reader, told: Told, read: dict[str, Reading]) -> Weighed:
    from comity.understand.deciding import brevity

    report, facts = told.report, told.document or {}
    finder: EventFinder = dict(reader.stages)["events"]  # type: ignore[assignment]
    name = str(facts["id"])
    try:
        if name not in read:
            read[name] = _read(store, reader, finder, facts)
    except SkipDocument as error:
        return Weighed(report=report["id"], note=str(error))
    document, listed = read[name]
    start, end = report["evidence_start"], report["evidence_end"]
    here = [(s, c) for s, c in listed if s.start < end and start < s.end]
    brief = brevity(document)
    proposals: list[Proposal] = []
    for _, candidates in here:
        kept = finder.kept(candidates, brief)  # what an accusation tells is among them with a probability of its own
        rest = {c.event.id for c in kept} - {c.event.id for c in candidates if c in kept}
        proposals += [_proposal(document, brief, c, True) for c in kept]
        proposals += [
            _proposal(document, brief, c, False) for c in candidates if c not in kept and c.event.id not in rest
        ]
    return Weighed(
        report=report["id"],
        proposals=tuple(sorted(proposals, key=lambda p: (-p.confidence, p.type, p.sources, p.targets))),
        pairs=tuple(_pairs(finder, document, [s for s, _ in here], report)),
        senses=tuple(_senses(reader.lexicon, [s for s, _ in here], report)),
        note="" if here else "this sentence is not read as one that can tell an event today",
    )


def _read(store: Store, reader: Reader, finder: EventFinder, facts: dict[str, Any]) -> Reading:
    """The document with everything but its events, and what is proposed for each of its sentences."""
    text = store.text(facts["id"])
    if text is None:
        raise NoText("the text of the document is not in the record", about=facts["id"], fix="see `comity check`")
    document = Document(
        id=facts["id"], text=text, name=facts.get("name") or "", title=facts.get("title"),
        published=facts.get("published"), source=facts.get("source"), url=facts.get("url"),
    )  # fmt: skip
    for _, stage in reader.stages[:-1]:
        document = stage(document)
    return document, list(finder.candidates(document))


def _proposal(document: Document, brief: float, candidate: Candidate, taken: bool) -> Proposal:
    from comity.understand.events import floor_of

    event = candidate.event
    return Proposal(
        type=event.type, mode=event.mode, status=event.status, sources=event.sources, targets=event.targets,
        symmetric=event.symmetric, word=document.text[event.anchor.start : event.anchor.end] if event.anchor else "",
        origin=candidate.origin, confidence=event.confidence, needed=floor_of(event, brief=brief), taken=taken,
        why=event.why,
    )  # fmt: skip


def _pairs(
    finder: EventFinder, document: Document, sentences: Sequence[Sentence], report: dict[str, Any]
) -> Iterable[PairTypes]:
    """The likeliest types of the report's own pairs, both ways."""
    from comity.understand.learned import opinions_of
    from comity.understand.tree import Tree

    starts = {s.start for s in sentences}
    trees = [Tree(s, n) for n, s in enumerate(document.sentences) if s.start in starts and s.tokens]
    sides = [(a, b) for a in report["sources"] or () for b in report["targets"] or () if a != b]
    asked = dict.fromkeys(pair for a, b in sides for pair in ((a, b), (b, a)))
    for opinions in opinions_of(finder.judge, trees, document.mentions):
        for source, target in asked:
            verdict = opinions.pairs.get((source, target))
            if verdict is not None:
                likely = sorted(verdict.types.items(), key=lambda item: (-item[1], item[0]))[:TYPES]
                types = {kind: round(share, 3) for kind, share in likely if share >= LEAST}
                yield PairTypes(source=source, target=target, types=types)


def _senses(lexicon: Lexicon, sentences: Sequence[Sentence], report: dict[str, Any]) -> Iterable[Sense]:
    """Frames of the report's word with another type than the report has."""
    start, end = report["anchor_start"], report["anchor_end"]
    if start is None:
        return
    words = [t for s in sentences for t in s.tokens]
    lemmas = dict.fromkeys(t.lemma for t in words if t.lemma and t.start < end and start < t.end)
    for lemma in lemmas:
        for pos in _POS:
            for frame in lexicon.frames.get((pos, lemma), ()):
                if frame.type != report["type"]:
                    yield Sense(
                        frame=frame.id, word=lemma, type=frame.type, mode=frame.mode or None, example=frame.example
                    )


def as_dict(weighed: Sequence[Weighed]) -> list[dict[str, Any]]:
    """Plain objects, ready for JSON."""
    found: list[dict[str, Any]] = msgspec.to_builtins(weighed)
    return found
