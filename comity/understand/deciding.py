"""What the last decision on a proposed event is made from: its word, its actors, its story, and the other proposals.

Frames and the learned reader of pairs propose acts sentence by sentence (`comity.understand.events`).  Whether a
careful reader would record one depends on more than the two opinions of it: how the word stands in the sentence, how
surely and how near its actors were found, whether the pair is what the story is about, what else the same word was
taken to tell.  A logistic regression for the proposals of either reader, fitted by ``training/calibrate.py`` on the
dev gold with all features scaled alike and held small (ridge), turns all of it into one probability.  Boosted trees
over the same features ordered proposals better, but mostly by telling what is told twice: whole articles read so were
no better, and fresh ones worse (docs/learned.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from comity.language.judge import NOTHING, Verdict
from comity.model import Document, Event, Mention, Quote, Record, Span, Timex
from comity.understand.arguments import Hit
from comity.understand.tree import Tree, base

FAR: Final = 40.0
"""The distance, in words, of an actor that the sentence does not name."""
BRIEF, WHOLE = 3, 10
"""Sentences up to which a text is a passage, and from which on it is an article."""
Features = dict[str, float]
Dyad = frozenset[str]


class Candidate(Record, frozen=True):
    """An event before it is decided on, with what the decision is made from.

    ``origin`` is ``frame`` or ``learned``; ``features`` are those of `comity.understand.learned`,
    ``shown`` what the sentence itself shows (`shown`), ``sentence`` its number in the document;
    ``embeds``: its word governs what else is told, as a promise does what is promised; ``again``: further times at
    which it happened; of an accusation ``about``: the words of acts that stand in what it is about, and
    ``charges``: deeds that these words may tell (`comity.understand.charged`).
    """

    event: Event
    origin: str
    features: Features
    shown: Features = msgspec.field(default_factory=dict)
    sentence: int = 0
    embeds: bool = False
    again: tuple[Timex, ...] = ()
    charges: tuple[Candidate, ...] = ()
    about: frozenset[Span | None] = frozenset()


def shown(
    tree: Tree, event: Event, sides: tuple[Sequence[Hit], Sequence[Hit]], word: int, verdicts: Sequence[Verdict],
    back: Sequence[Verdict], quotes: Iterable[Quote],
) -> Features:  # fmt: skip
    """What the sentence itself shows of a proposal: the word that tells it, its actors, and what the network says.

    ``word`` is the token that tells the act; ``verdicts`` are those on its dyads, ``back`` those the other way round.
    """
    token = tree.tokens[word]
    found: Features = {
        f"word {token.upos}": 1.0, f"tag {token.xpos}": 1.0, f"as {base(token.deprel)}": 1.0,
        "depth": float(sum(1 for _ in tree.ancestors(word))), "words": float(len(tree)),
        "headline": float(tree.sentence.kind == "headline"),
        "quoted": float(any(inside(q, token.start) for q in quotes)),
        f"status {event.status}": 1.0, f"is {event.type}": 1.0, "mutual": float(event.symmetric),
        "sources": float(len(event.sources)), "targets": float(len(event.targets)),
        "speaker": float(event.speaker is not None), "count": float(event.count is not None),
        "place": float(event.place is not None), "mode": float(event.mode is not None),
        "dated": float(event.date.start is not None), "by a date": float(_dated_by(event)),
        "day": float(event.date.precision == "day"),
    }  # fmt: skip
    for role, side in zip(("source", "target"), sides, strict=True):
        found |= _side(tree, role, side, word)
    return found | _network(event, word, verdicts, back)


def inside(quote: Quote, position: int) -> bool:
    """Whether a position lies in the words quoted."""
    spans = quote.parts or (Span(start=quote.start, end=quote.end),)
    return any(s.start <= position < s.end for s in spans)


def _dated_by(event: Event) -> bool:
    return any(why.startswith("date: dated by") for why in event.why)


def _side(tree: Tree, role: str, side: Sequence[Hit], word: int) -> Features:
    """How one side was found, and how far it stands from the word."""
    if not side:
        return {f"no {role}": 1.0, f"{role} away": FAR}
    best = max(side, key=lambda h: (h.mention.confidence, -h.depth))
    here = [h for h in side if h.mention.sentence == tree.number]
    away = min((abs(h.mention.head - word) for h in here), default=FAR)
    return {
        f"{role} {best.mention.how}": 1.0, f"{role} {best.actor.kind}": 1.0, f"{role} sure": best.mention.confidence,
        f"{role} deep": float(best.depth), f"{role} away": float(min(away, FAR)),
        f"{role} before": float(any(h.mention.head < word for h in here)),
    }  # fmt: skip


def _network(event: Event, word: int, verdicts: Sequence[Verdict], back: Sequence[Verdict]) -> Features:
    """What the reader of pairs says of the type, of nothing, of the rest, of the word, and the other way round."""
    if not verdicts:
        return {"unasked": 1.0}
    kind = event.type
    ordered = sorted(_mean(v.types[k] for v in verdicts) for k in verdicts[0].types if k not in {kind, NOTHING})
    return {
        "share": _mean(v.types[kind] for v in verdicts), "none": _mean(v.types[NOTHING] for v in verdicts),
        "by itself": _mean(v.likely[kind] for v in verdicts), "rival share": ordered[-1],
        "at word": _mean(v.told[word] for v in verdicts),
        "at best word": _mean(max(v.told) for v in verdicts),
        "its status": _mean(v.statuses[kind][event.status] for v in verdicts if kind in v.statuses),
        "back share": _mean(v.types[kind] for v in back), "back none": _mean(v.types[NOTHING] for v in back),
    }  # fmt: skip


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def brevity(document: Document) -> float:
    """How far a document is a passage (1) and not an article (0).

    An article mostly tells something of its main actors in some sentence, so that of what is proposed for them more is
    right than a sentence by itself bears out.
    """
    return min(1.0, max(0.0, (WHOLE - len(document.sentences)) / (WHOLE - BRIEF)))


class Story:
    """What one document shows of each of its proposals: who it is about, and what else was proposed."""

    def __init__(self, document: Document, proposals: Sequence[Candidate]) -> None:
        self._size = max(1, len(document.sentences))
        self._seen = _named(document.mentions)
        self._all = sum(self._seen.values()) or 1
        self._together = _together(document.mentions)
        self._of_sentence: dict[int, list[Candidate]] = defaultdict(list)
        for proposal in proposals:
            self._of_sentence[proposal.sentence].append(proposal)
        self._proposals = len(proposals)

    def features(self, proposal: Candidate) -> Features:
        """All that the decision on one proposal is made from."""
        event, own = proposal.event, dyads(proposal.event)
        beside = [p.event for p in self._of_sentence[proposal.sentence] if p is not proposal]
        word = event.anchor.start if event.anchor else -1
        of_pair = [e for e in beside if own & dyads(e)]
        shares = [self._seen[code] / self._all for code in (*event.sources, *event.targets)] or [0.0]
        return proposal.shown | {
            "beside": float(len(beside)),
            "at its word": float(sum(e.anchor is not None and e.anchor.start == word for e in beside)),
            "of the pair": float(len(of_pair)),
            "same type beside": float(sum(e.type == event.type for e in of_pair)),
            "least named": min(shares),
            "most named": max(shares),
            "together": max((self._together[d] for d in own), default=0.0) / self._size,
            "proposals": self._proposals / self._size,
        }


def dyads(event: Event) -> set[Dyad]:
    """The unordered pairs of an event's sides."""
    return {frozenset((s, t)) for s in event.sources for t in event.targets}


def _named(mentions: Iterable[Mention]) -> Counter[str]:
    return Counter(a.state for m in mentions for a in m.actors if a.state)


def _together(mentions: Iterable[Mention]) -> Counter[Dyad]:
    """In how many sentences two codes are named together."""
    by_sentence: dict[int, set[str]] = defaultdict(set)
    for mention in mentions:
        by_sentence[mention.sentence].update(a.state for a in mention.actors if a.state)
    found: Counter[Dyad] = Counter()
    for codes in by_sentence.values():
        found.update(frozenset((a, b)) for a in codes for b in codes if a < b)
    return found
