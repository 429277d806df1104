"""Which of the 16 types relates two marked spans of a text.

The acts of the text are read as always, with the two spans as the only named
sides.  Where no act links them, the acts nearest to both count, at lower scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from comity.errors import NoText
from comity.knowledge.frames import Lexicon
from comity.language.encoder import Vectors
from comity.language.judge import NOTHING, PairJudge, Question, Verdict
from comity.language.pairing import WordRange, word_range
from comity.model import Actor, Document, Mention, Span, Token
from comity.understand.actors.phrases import make_mention
from comity.understand.acts import Act, ActFinder
from comity.understand.arguments import Arguments
from comity.understand.status import StatusReader
from comity.understand.supplying import codes, split
from comity.understand.tree import Tree

SOURCE, TARGET = "*SOURCE*", "*TARGET*"
COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID"})
FALLBACK = "CONSULT"

Prepare = Callable[[str], Document]
Row = Callable[[Document], tuple[tuple[Token, ...], Vectors | None]]
FRAME_SHARE = 0.25
"""How much the frames' shares count beside the learned reader's."""


class Classifier:
    """Classifies pairs.

    ``prepare`` turns a text into a document with sentences and mentions, ``row`` gives its words as one parsed row
    for the learned reader of pairs; without a ``judge`` frames alone decide.
    """

    def __init__(
        self, prepare: Prepare, lexicon: Lexicon, row: Row | None = None, judge: PairJudge | None = None
    ) -> None:
        self.prepare = prepare
        self.lexicon = lexicon
        self.row = row
        self.judge = judge

    def __call__(self, text: str, source: Any, target: Any) -> dict[str, Any]:
        """The type, the status and a score for each type, for spans or plain strings."""
        one, two = span_of(text, source), span_of(text, target)
        document = self.prepare(text)
        mentions = self._marked(document, one, two)
        scores, statuses = self._framed(document, mentions, one, two)
        verdict = self._judged(document, mentions, one, two)
        if verdict is not None:
            scores, statuses = joined(scores, statuses, verdict)
        best = max(scores, key=lambda k: scores[k]) if any(scores.values()) else FALLBACK
        total = sum(scores.values())
        shares = {k: round(v / total, 4) if total else round(1 / len(scores), 4) for k, v in scores.items()}
        return {"type": best, "status": statuses.get(best, "occurred"), "scores": shares}

    def _framed(
        self, document: Document, mentions: Sequence[Mention], one: Span, two: Span
    ) -> tuple[dict[str, float], dict[str, str]]:
        """The best score of a frame for every type, and the status told with it."""
        scores: dict[str, float] = dict.fromkeys(self.lexicon.types, 0.0)
        statuses: dict[str, str] = {}
        for number, sentence in enumerate(document.sentences):
            tree = Tree(sentence, number)
            arguments = Arguments(tree, [m for m in mentions if m.sentence == number], self.lexicon.act_nouns)
            reader = StatusReader(tree, arguments, self.lexicon)
            for act in ActFinder(tree, arguments, self.lexicon).acts():
                status = reader.read(act.predicate, act.default).status
                kind = plover(act.type, status)
                score = act.weight * linked(act) * near(tree, act, one, two)
                if score > scores[kind]:
                    scores[kind], statuses[kind] = score, status
        return scores, statuses

    def _judged(self, document: Document, mentions: Sequence[Mention], one: Span, two: Span) -> Verdict | None:
        """What the learned reader says of the pair, the other actors of the text being its rivals."""
        if self.judge is None or self.row is None:
            return None
        tokens, vectors = self.row(document)
        if vectors is None:
            return None
        groups = [[word_range(tokens, s.start, s.end)] for s in (one, two)]
        others: dict[str, list[WordRange | None]] = {}
        for mention in mentions:
            for actor in mention.actors:
                if actor.state and actor.state not in {SOURCE, TARGET}:
                    others.setdefault(actor.state, []).append(word_range(tokens, mention.start, mention.end))
        ranges = [[r for r in group if r is not None] for group in [*groups, *others.values()]]
        if not ranges[0] or not ranges[1]:
            return None
        return self.judge([Question(tokens, vectors, [r for r in ranges if r], [(0, 1)])])[0][0]

    def _marked(self, document: Document, one: Span, two: Span) -> list[Mention]:
        """The document's mentions with those of the two spans put in the place of what overlaps them."""
        marks: list[Mention] = []
        for span, code in ((one, SOURCE), (two, TARGET)):
            for number, sentence in enumerate(document.sentences):
                inside = [i for i, t in enumerate(sentence.tokens) if t.start < span.end and span.start < t.end]
                if inside:
                    actor = Actor(id=code, name=code, kind="state", state=code)
                    marks.append(make_mention(sentence, number, inside[0], inside[-1], (actor,), "name", 1.0, ""))
        aliases = {
            a.state: m.actors[0]
            for m in marks
            for old in document.mentions
            if old.sentence == m.sentence and old.first <= m.last and m.first <= old.last
            for a in old.actors
        }
        rest = [
            rename(m, aliases)
            for m in document.mentions
            if not any(m.sentence == k.sentence and m.first <= k.last and k.first <= m.last for k in marks)
        ]
        return [*marks, *rest]


def joined(
    framed: Mapping[str, float], statuses: Mapping[str, str], verdict: Verdict
) -> tuple[dict[str, float], dict[str, str]]:
    """Both opinions as one: the learned shares of the types by PLOVER's rule for the future, and the frames'."""
    something = 1.0 - verdict.types[NOTHING] + 1e-9
    learned = dict.fromkeys(framed, 0.0)
    told = dict(statuses)
    for kind in framed:
        share = verdict.types[kind] / something
        for status, part in verdict.statuses[kind].items():
            learned[plover(kind, status)] += share * part
        told[kind] = max(verdict.statuses[kind], key=lambda s: verdict.statuses[kind][s])
    total = sum(framed.values())
    weight = FRAME_SHARE * max(framed.values(), default=0.0)
    shares = {k: (1 - weight) * learned[k] + (weight * framed[k] / total if total else 0.0) for k in framed}
    return shares, told


def rename(mention: Mention, aliases: Mapping[str | None, Actor]) -> Mention:
    """Pronouns and other names of a marked side stand for it too."""
    actors = tuple(aliases.get(a.state, a) if a.state else a for a in mention.actors)
    return msgspec.structs.replace(mention, actors=actors)


def span_of(text: str, given: Any) -> Span:
    """A span from offsets or from a string that occurs in the text."""
    if isinstance(given, str) and given:
        at = text.find(given)
        at = text.lower().find(given.lower()) if at < 0 else at
        if at >= 0:
            return Span(start=at, end=at + len(given))
    if isinstance(given, dict) and {"start", "end"} <= set(given):
        start, end = int(given["start"]), int(given["end"])
        if 0 <= start < end <= len(text):
            return Span(start=start, end=end)
    raise NoText(f"the span {given!r} is not in the text", fix='give {"start", "end"} or a string found in the text')


def plover(kind: str, status: str) -> str:
    """PLOVER's rule for the future: cooperation only promised is AGREE, a promised retreat CONCEDE."""
    if status == "announced" and kind in COOPERATIVE:
        return "AGREE"
    if status == "announced" and kind == "RETREAT":
        return "CONCEDE"
    return kind


def linked(act: Act) -> float:
    """1 when the act leads from source to target, less for one side or the wrong way round."""
    best = 0.12
    for sources, targets in split(act) or [(act.sources, act.targets)]:
        left, right = set(codes(sources)), set(codes(targets))
        if SOURCE in left and TARGET in right:
            return 1.0
        if SOURCE in right and TARGET in left:
            best = max(best, 0.9 if act.symmetric else 0.5)
        elif (SOURCE in left and not right) or (TARGET in right and not left):
            best = max(best, 0.6)
        elif SOURCE in left or TARGET in right:
            best = max(best, 0.4)
        elif {SOURCE, TARGET} & (left | right):
            best = max(best, 0.25)
    return best


def near(tree: Tree, act: Act, one: Span, two: Span) -> float:
    """A little less for acts far from both spans; keeps the order of otherwise equal acts."""
    at = tree.tokens[act.predicate].start
    gap = min(abs(at - one.start), abs(at - two.start)) + max(abs(at - one.start), abs(at - two.start)) / 4
    return 1.0 - min(gap, 400.0) / 2000.0
