"""What the learned reader of pairs says of a sentence, beside the frames: second opinions and acts of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from statistics import fmean as mean
from typing import Final, NamedTuple

import msgspec

from comity.knowledge.frames import Lexicon
from comity.language.encoder import Vectors
from comity.language.judge import NOTHING, PairJudge, Question, Verdict
from comity.language.pairing import WordRange
from comity.model import Mention, Status
from comity.understand.acts import Act
from comity.understand.arguments import Hit
from comity.understand.sides import TOWNS
from comity.understand.status import Reading
from comity.understand.tree import Tree

PLACED: Final = frozenset({"in", "at", "near", "outside", "around", "across", "through", "inside", "throughout"})
MUTUAL: Final = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT", "ASSAULT"})
MOST_ACTORS: Final = 8
MOST_SAID: Final = 2
"""Where more actors are named, the other side of an act is nearly always among them: nothing unsaid is asked about."""
MOST_NAMED: Final = 3
MOST_BEFORE: Final = 2
"""Where at most so many actors are named, the last so many of the sentences before are asked about, too."""
MOST_PIECES: Final = 130
"""Pieces and pairs of the sentences that are read in one row."""
SUPPLIED: Final = 3
"""Hits of this depth were not found in the sentence but supplied from the story."""
TINY: Final = 1e-4
TYPE_KNOWN: Final = 0.2
LEARNED: Final = "learned from examples"
UNSAID: Final = ""
"""The code of a side that the sentence leaves unsaid."""


class Weights(msgspec.Struct, frozen=True):
    """Coefficients of the decisions, fitted by ``training/calibrate.py``.

    ``frame`` and ``learned`` decide within a sentence what is proposed beside what, ``last`` (for each of the two)
    what is kept once the whole document has been read; ``brief``: by how much its log odds are stretched and shifted
    for a passage that stands alone.
    """

    frame: dict[str, float]
    learned: dict[str, float]
    last: dict[str, dict[str, float]]
    brief: dict[str, tuple[float, float]]
    status: float


def load_weights() -> Weights:
    """The shipped coefficients."""
    data = (files("comity.understand") / "learned.json").read_bytes()
    return msgspec.json.decode(data, type=Weights)


class Opinions:
    """The verdicts on all pairs of actors that one sentence names, and of these with who was named before.

    ``mentions`` are those of the sentence by actor code, ``before`` those of the sentences read in a row with it
    that it does not name itself, the latest first.
    """

    def __init__(self, tree: Tree, mentions: Mapping[str, list[Mention]], unsaid: bool = False) -> None:
        self.tree = tree
        self.mentions = mentions
        self.before: dict[str, list[Mention]] = {}
        self.pairs: dict[tuple[str, str], Verdict] = {}
        self._unsaid = unsaid

    def remember(self, earlier: Sequence[Opinions]) -> None:
        """Take along the last actors of the sentences before that this one does not name."""
        if not 0 < len(self.mentions) <= MOST_NAMED:
            return
        for opinions in reversed(earlier):
            for code, found in opinions.mentions.items():
                if code not in self.mentions and code not in self.before and len(self.before) < MOST_BEFORE:
                    self.before[code] = found

    @property
    def names(self) -> list[str]:
        """The actors that are asked about: those named here, those named before, and the unsaid side."""
        unsaid = self._unsaid and 0 < len(self.mentions) <= MOST_SAID
        return [*self.mentions, *self.before, *([UNSAID] if unsaid else [])]

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Every ordered pair of actors that are asked about, at least one of them named here."""
        names = self.names
        return [(a, b) for a in names for b in names if a != b and (a in self.mentions or b in self.mentions)]

    def answered(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdicts in the order of the pairs asked."""
        self.pairs = dict(zip(self.asked, verdicts, strict=False))

    def of(self, kind: str, sources: Iterable[str], targets: Sequence[str], symmetric: bool) -> list[Verdict]:
        """The verdicts on the dyads of an event; of a symmetric one the better direction."""
        found = []
        for source in sources:
            for target in targets:
                ways = [(source, target), (target, source)] if symmetric else [(source, target)]
                known = [self.pairs[w] for w in map(self._as_asked, ways) if w in self.pairs]
                if known:
                    found.append(max(known, key=lambda v: v.likely.get(kind, 0.0)))
        return found

    def _as_asked(self, pair: tuple[str, str]) -> tuple[str, str]:
        """A pair with what the sentence does not name as its unsaid side."""
        source, target = (code if code in self.mentions or code in self.before else UNSAID for code in pair)
        return source, target

    def partner(self, kind: str, source: str) -> str:
        """Whom the act of a source is most surely towards, named here or before; empty where nobody surely."""
        named = (*self.before, *self.mentions)
        shares = {c: self.pairs[source, c].likely[kind] for c in named if (source, c) in self.pairs}
        best = max(shares, key=lambda c: shares[c], default="")
        return best if best and shares[best] >= TYPE_KNOWN else ""

    def nearer(self, kind: str, source: str, target: str) -> float:
        """The greatest share of a type where somebody named nearer is in the place of a side.

        In the place of the unsaid side whoever was named before, in the place of one named before whoever the sentence
        names itself; 0 where it names both.
        """
        others = self.before if UNSAID in (source, target) else self.mentions
        if source not in self.mentions:
            ways = [(c, target) for c in others]
        elif target not in self.mentions:
            ways = [(source, c) for c in others]
        else:
            return 0.0
        return max((self.pairs[w].likely[kind] for w in ways if w in self.pairs), default=0.0)

    def reversed(self, kind: str, source: str, target: str) -> bool:
        """Whether the other direction is the likelier one for this type."""
        there, back = self.pairs.get((source, target)), self.pairs.get((target, source))
        return there is not None and back is not None and back.likely[kind] > there.likely[kind]


def opinions_of(judge: PairJudge | None, trees: Sequence[Tree], mentions: Sequence[Mention]) -> list[Opinions]:
    """The opinions on every sentence of a document, all asked at once; ``trees`` follow one another as in the text."""
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    unsaid = judge is not None and judge.unsaid
    found = [Opinions(tree, grouped(tree, by_sentence.get(tree.number, ())), unsaid) for tree in trees]
    if judge is not None:
        rows = [row for row in in_rows(found, most=MOST_PIECES if judge.rows else 0) if row.asked]
        for row, verdicts in zip(rows, judge([row.question() for row in rows]), strict=True):
            row.answered(verdicts)
    return found


class Row:
    """Sentences that the learned reader takes in together; the first ``context`` are only what was said before."""

    def __init__(self, sentences: Sequence[Opinions], context: int) -> None:
        self.sentences = sentences
        lengths = [len(o.tree.tokens) for o in sentences]
        self.starts = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
        self.asked: list[tuple[int, str, str]] = []
        for n, opinions in enumerate(sentences[context:], context):
            opinions.remember(sentences[:n])
            if len(opinions.names) > 1:
                self.asked += [(n, *pair) for pair in opinions.asked]

    def question(self) -> Question:
        """What the learned reader is asked of the row."""
        ranges: dict[str, list[WordRange]] = {UNSAID: []}
        heads: list[int] = []
        for start, opinions in zip(self.starts, self.sentences, strict=False):
            heads += [t.head + start if t.head >= 0 else -1 for t in opinions.tree.tokens]
            for code, mentions in opinions.mentions.items():
                ranges.setdefault(code, []).extend((m.first + start, m.last + start, m.head + start) for m in mentions)
        place = {code: i for i, code in enumerate(ranges)}
        return Question(
            tokens=[t for o in self.sentences for t in o.tree.tokens],
            vectors=Vectors.joined([v for o in self.sentences if (v := o.tree.sentence.vectors) is not None]),
            actors=list(ranges.values()),
            pairs=[(place[a], place[b]) for _, a, b in self.asked],
            heads=heads,
            within=[(self.starts[n], self.starts[n + 1]) for n, _, _ in self.asked],
        )

    def answered(self, verdicts: Sequence[Verdict]) -> None:
        """Give every sentence its verdicts."""
        for n, opinions in enumerate(self.sentences):
            start, end = self.starts[n], self.starts[n + 1]
            mine = (v for (asked, _, _), v in zip(self.asked, verdicts, strict=False) if asked == n)
            own = [_in_sentence(v, start, end) for v in mine]
            if own:
                opinions.answered(own)


def _in_sentence(verdict: Verdict, start: int, end: int) -> Verdict:
    """A verdict with the words of the row numbered as those of the sentence."""
    words = {kind: word - start for kind, word in verdict.words.items()}
    return msgspec.structs.replace(verdict, told=verdict.told[start:end], words=words)


def in_rows(opinions: Sequence[Opinions], most: int) -> list[Row]:
    """The sentences in rows of at most ``most`` pieces and pairs, each row behind the sentence before it.

    A longer sentence is a row of its own; one that the language model could not take in at once is left out.
    """
    found: list[Row] = []
    row: list[Opinions] = []
    context = size = 0
    for one in opinions:
        vectors = one.tree.sentence.vectors
        if vectors is None:
            row, context, size = [], 0, 0
            continue
        cost = len(vectors.states) + len(one.asked)
        if row[context:] and size + cost > most:
            found.append(Row(row, context))
            row, context, size = row[-1:] if most else [], 1 if most else 0, 0
        row, size = [*row, one], size + cost
    return [*found, Row(row, context)] if row[context:] else found


def grouped(tree: Tree, mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """The mentions of every actor code of a sentence; towns where something merely took place are none."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        if mention.how in TOWNS and tree.case(mention.head) in PLACED:
            continue
        for actor in mention.actors:
            if actor.state:
                found.setdefault(actor.state, []).append(mention)
    return dict(list(found.items())[:MOST_ACTORS])


def hits_of(opinions: Opinions, code: str) -> tuple[Hit, ...]:
    """The mentions of one code as an act's side; none of the unsaid one."""
    here = opinions.mentions.get(code)
    return tuple(
        Hit(actor=actor, mention=mention, depth=0 if here else SUPPLIED)
        for mention in here or opinions.before.get(code, ())[-1:]
        for actor in mention.actors
        if actor.state == code
    )


def acts_of(opinions: Opinions, lexicon: Lexicon, least: float) -> list[Act]:
    """Acts that the learned reader finds with at least this probability, one a pair of actors and type.

    What both sides of a pair do to each other is one act where the type is mutual.
    """
    found: list[Act] = []
    for (source, target), verdict in opinions.pairs.items():
        back = opinions.pairs.get((target, source))
        for kind, share in verdict.likely.items():
            if share < least:
                continue
            if share < opinions.nearer(kind, source, target):
                continue  # a side that the sentence leaves open is rather somebody named nearer
            mutual = kind in MUTUAL and back is not None and back.likely[kind] >= least
            if mutual and back is not None and (back.likely[kind], target) > (share, source):
                continue  # told by the other direction
            found.append(_act(opinions, lexicon, kind, source, target, mutual))
    return found


def deeds_of(
    opinions: Opinions, lexicon: Lexicon, source: str, target: str, kinds: Iterable[str], least: float
) -> list[Act]:
    """Acts of these types between two actors of the sentence, with at least this probability."""
    verdict = opinions.pairs.get((source, target))
    if verdict is None or source not in opinions.mentions or target not in opinions.mentions:
        return []
    told = [kind for kind in kinds if kind in verdict.likely and verdict.likely[kind] >= least]
    return [_act(opinions, lexicon, kind, source, target, False) for kind in told]


def _act(opinions: Opinions, lexicon: Lexicon, kind: str, source: str, target: str, mutual: bool) -> Act:
    tree, verdict = opinions.tree, opinions.pairs[source, target]
    word, share = verdict.words[kind], verdict.likely[kind]
    return Act(
        predicate=word,
        carrier=word,
        lemma=tree.lemma(word),
        type=kind,
        mode=None,
        cameo=lexicon.cameo(kind, "") or None,
        sources=hits_of(opinions, source),
        targets=hits_of(opinions, target),
        symmetric=mutual,
        weight=share,
        default=None,
        why=(f"{LEARNED}: '{tree.tokens[word].text}' tells {kind} ({share:.2f})",),
    )


def logit(p: float) -> float:
    """The log odds of a probability, kept finite."""
    p = min(max(p, TINY), 1 - TINY)
    return math.log(p / (1 - p))


def frame_features(confidence: float, kind: str, verdicts: Sequence[Verdict], supplied: bool) -> dict[str, float]:
    """What the decision on a frame's event is made from."""
    features = {"bias": 1.0, "frame": logit(confidence), "supplied": float(supplied), f"is {kind}": 1.0}
    return features | ({"asked": 1.0, **shares_of(kind, verdicts)} if verdicts else {})


def learned_features(kind: str, verdicts: Sequence[Verdict], certainty: float, setting: Setting) -> dict[str, float]:
    """What the decision on an act of the learned reader is made from."""
    return {
        "bias": 1.0, "told": mean(max(v.told) for v in verdicts), "actors": logit(certainty), f"is {kind}": 1.0,
        **shares_of(kind, verdicts), **{k: float(v) for k, v in setting._asdict().items()},
    }  # fmt: skip


class Setting(NamedTuple):
    """What else is told where the learned reader finds an act.

    ``rival``: a frame tells another act of the pair; ``echo``: the word is that of a frame's event with one of the
    actors; ``reverse``: the other direction is the likelier one; ``crowd``: how many actors the sentence names;
    ``unsaid``: one side is not named and supplied from the story.
    """

    rival: bool
    echo: bool
    reverse: bool
    crowd: int
    unsaid: bool


def shares_of(kind: str, verdicts: Sequence[Verdict]) -> dict[str, float]:
    """The log odds of the type, of the type by itself, of nothing at all and of the likeliest other type;
    whether the type is the likeliest; how sure its status is."""
    share, nothing = mean(v.types[kind] for v in verdicts), mean(v.types[NOTHING] for v in verdicts)
    other = mean(max(p for k, p in v.types.items() if k not in {kind, NOTHING}) for v in verdicts)
    return {
        "type": logit(share), "likely": logit(mean(v.likely[kind] for v in verdicts)), "nothing": logit(nothing),
        "other": logit(other), "top": float(share > other),
        "status": mean(max(v.statuses[kind].values()) for v in verdicts),
    }  # fmt: skip


def decide(
    weights: Mapping[str, float], features: Mapping[str, float], level: tuple[float, float] = (1.0, 0.0)
) -> float:  # fmt: skip
    """The calibrated probability that an event is right; its log odds stretched and shifted by ``level``."""
    z = sum(weights.get(k, 0.0) * v for k, v in features.items())
    z = level[0] * z + level[1]
    return 1.0 / (1.0 + math.exp(-max(min(z, 30.0), -30.0)))


def status_of(kind: str, verdicts: Sequence[Verdict], rule: Reading, weight: float) -> tuple[Status, str]:
    """The status by both opinions: the learned probabilities, and the rule's answer with a weight in log odds."""
    if not verdicts or kind not in verdicts[0].statuses:
        return rule.status, ""
    if mean(v.likely[kind] for v in verdicts) < TYPE_KNOWN:
        return rule.status, ""  # of a type that it does not see it knows no status
    shares = {s: mean(v.statuses[kind][s] for v in verdicts) for s in verdicts[0].statuses[kind]}
    scores = {s: math.log(max(p, TINY)) + (weight if s == rule.status else 0.0) for s, p in shares.items()}
    best = max(scores, key=lambda s: scores[s])
    if best == rule.status:
        return rule.status, ""
    return best, f"{LEARNED}: {best} ({shares[best]:.2f})"  # type: ignore[return-value]
