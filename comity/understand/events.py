"""Acts become events: actors to codes, status, date, speaker, count, and one record each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple, TypeVar

import msgspec

from comity.knowledge import Knowledge
from comity.knowledge.frames import Lexicon
from comity.language.judge import PairJudge, Verdict
from comity.model import (
    Document,
    Event,
    EventDate,
    Mention,
    Participant,
    Passed,
    Sentence,
    Span,
    Status,
)
from comity.understand.acts import GIVEN, Act, ActFinder
from comity.understand.arguments import Arguments, Hit
from comity.understand.charged import DEEDS, charges, is_charge
from comity.understand.claims import charged_with, speaker_of
from comity.understand.counts import count_of
from comity.understand.deciding import Candidate, Story, brevity, dyads, inside, shown
from comity.understand.domestic import Parties, at_home, domestic_opinions, is_new, names_side, same_word
from comity.understand.learned import (
    SUPPLIED,
    Opinions,
    Setting,
    Weights,
    acts_of,
    decide,
    deeds_of,
    frame_features,
    hits_of,
    learned_features,
    load_weights,
    opinions_of,
    status_of,
)
from comity.understand.lookback import WHY as LOOKED_BACK
from comity.understand.lookback import is_looked_back_on, is_recent, without_day
from comity.understand.modes import with_mode
from comity.understand.places import Gazette
from comity.understand.recalled import Recaller
from comity.understand.retelling import event_id, merge, united
from comity.understand.status import Reading, StatusReader, compose
from comity.understand.supplying import Two, among_themselves, codes, split, strength, supply, worth
from comity.understand.topic import Topic
from comity.understand.tree import Tree
from comity.understand.unanswered import unanswered
from comity.understand.unreal import Unreal
from comity.understand.when import Clock, Dated

# An event is kept from this probability on: F1 of articles left out of the fit is flat from 0.5 to 0.65, what is told
# where it was read is not.
FLOOR = 0.6
# In a passage that stands alone F1 is flat from 0.4 to 0.6, and with its acts their places are lost.
LESS_FOR_PASSAGES = 0.05
# What frames alone propose counts from here, within the sentence and where there is no learned reader.
FLOOR_OF_FRAMES = 0.5
# What the parties of one state are said to do to one another, by the learned reader alone.
FLOOR_INSIDE = 0.6
# A war wrongly reported costs more than one overlooked.
MORE_FOR_FORCE = 0.1
FORCE = frozenset({"ASSAULT", "COERCE"})
PASSED_FLOOR = 0.3
DECIDING = frozenset({"decide", "choose", "opt", "vow", "pledge", "prefer", "resolve", "elect", "swear"})
# Verbal acts whose recipient may be named only by what he did.
ABOUT_ACTS = frozenset({"ACCUSE", "REJECT", "SUPPORT", "REQUEST", "THREATEN"})
TOGETHER = frozenset({"CONSULT", "COOPERATE"})
HOSTILE = frozenset({"PROTEST", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "THREATEN"})
# A learned act of less than this probability is not even considered.
LEAST = 0.1
# But for what a sentence is known to accuse of.
LEAST_CHARGED = 0.004
DENIED, TURNED, AWAY = 0.005, 0.5, 0.5
"""A frame's act that the learned reader holds for less likely than the first is not told, whatever else speaks for it;
nor a learned one that it holds for less than the second as likely as the same act the other way round, or than the
third as likely as what the same word tells of the same doer and somebody else."""

SURER = 0.1
"""How much surer a learned act must be than what a frame takes the same word to tell of the pair, to replace it."""

Telling = tuple[Span | None, frozenset[str]]
Found = TypeVar("Found")
Told = tuple[str, Sequence[Hit], tuple[str, ...]]


class Scene(NamedTuple):
    """One sentence with everything that its events are read from.

    Many proposals share a word; what depends on the word alone is worked out ``once``.
    """

    document: Document
    tree: Tree
    clock: Clock
    topic: Topic
    reader: StatusReader
    unreal: Unreal
    idle: frozenset[int]
    opinions: Opinions
    known: dict[tuple[Hashable, ...], Any]

    def quoted(self, word: int) -> bool:
        """Whether a word stands in a direct quotation."""
        at = self.tree.tokens[word].start
        return any(q.kind == "direct" and inside(q, at) for q in self.document.quotes)

    def once(self, make: Callable[..., Found], *key: Hashable) -> Found:
        """``make(*key)``, remembered."""
        name = (make.__qualname__, *key)
        if name not in self.known:
            self.known[name] = make(*key)
        found: Found = self.known[name]
        return found


class EventFinder:
    """Turns the acts of a document's sentences into events.

    Frames and the learned reader of pairs each propose acts; every proposal is judged by both, and its
    ``confidence`` is the calibrated probability that a careful reader would record it.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        knowledge: Knowledge,
        judge: PairJudge | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.gazette = Gazette(knowledge)
        self.recaller = Recaller(knowledge)
        self.parties = Parties(knowledge, lexicon)
        self.judge = judge
        self.weights = weights or load_weights()

    def __call__(self, document: Document) -> Document:
        """The document with its events, and with what was passed over.

        Needs sentences, mentions, time expressions and quotations.
        """
        events: list[Event] = []
        passed: list[Passed] = list(document.passed)
        brief = brevity(document)
        scenes = list(self._scenes(document))
        weighed = self._weighed(document, [(scene.tree.sentence, candidates) for scene, candidates in scenes])
        parties = domestic_opinions(self.judge, self.parties, document, [scene.tree for scene, _ in scenes])
        for (scene, _), (sentence, candidates), domestic in zip(scenes, weighed, parties, strict=True):
            kept = self.kept(candidates, brief)
            told = [c.event for c in kept if c.origin == "frame"]
            told += united(document.id, [c.event for c in kept if c.origin == "learned"])
            told = [with_mode(event, scene.tree, self.lexicon) for event in told]
            events.extend(without_day(e) for e in told_again(document.id, told, kept))
            domestic_told = self._inside(scene, domestic, told)
            events.extend(with_mode(event, scene.tree, self.lexicon) for event in domestic_told)
            doubtful = [c.event for c in candidates if c.event.confidence >= PASSED_FLOOR]
            if doubtful and not kept:
                passed.append(Passed(start=sentence.start, end=sentence.end, reason=doubt(document, doubtful[-1])))
        events = self.recaller(document, merge(events))
        bare = tuple(msgspec.structs.replace(s, vectors=None) for s in document.sentences)
        return msgspec.structs.replace(document, sentences=bare, events=tuple(events), passed=tuple(passed))

    def kept(self, candidates: Sequence[Candidate], brief: float) -> list[Candidate]:
        """What is believed of all that is proposed for one sentence of a document so ``brief`` (`brevity`)."""
        judged = self.judge is not None
        believed = [
            c for c in candidates if c.event.confidence >= floor_of(c.event, judged, brief) and not is_denied(c)
        ]
        believed = surest_of_a_word(towards(apart(one_way(believed))))
        return told_once([*believed, *charges(candidates, believed)])

    def candidates(self, document: Document) -> list[tuple[Sentence, list[Candidate]]]:
        """Every sentence that can tell something, with all events proposed for it, each with its probability."""
        return self._weighed(document, list(self.proposals(document)))

    def _weighed(
        self, document: Document, listed: list[tuple[Sentence, list[Candidate]]]
    ) -> list[tuple[Sentence, list[Candidate]]]:
        if self.judge is None:
            return listed
        rows = iter(rows_of(document, [c for _, candidates in listed for c in candidates]))
        brief = brevity(document)
        return [(s, [decided(c, self.weights, next(rows), brief) for c in candidates]) for s, candidates in listed]

    def proposals(self, document: Document) -> Iterator[tuple[Sentence, list[Candidate]]]:
        """The same before the story and the proposals for other sentences are weighed."""
        for scene, candidates in self._scenes(document):
            yield scene.tree.sentence, candidates

    def _scenes(self, document: Document) -> Iterator[tuple[Scene, list[Candidate]]]:
        trees = [Tree(sentence, n) for n, sentence in enumerate(document.sentences)]
        topic = Topic(document)
        told: list[Told] = []
        clock = Clock(document.text, document.published, document.sentences, trees, document.timexes)
        telling = [t for t in trees if t.sentence.kind not in {"boilerplate", "dateline"} and t.tokens]
        for tree, opinions in zip(telling, opinions_of(self.judge, telling, document.mentions), strict=True):
            yield self._sentence(document, tree, clock, topic, told, opinions)

    def _sentence(
        self, document: Document, tree: Tree, clock: Clock, topic: Topic, told: list[Told], opinions: Opinions
    ) -> tuple[Scene, list[Candidate]]:
        mentions = [m for m in document.mentions if m.sentence == tree.number]
        arguments = Arguments(tree, mentions, self.lexicon.act_nouns)
        scene = Scene(
            document=document,
            tree=tree,
            clock=clock,
            topic=topic,
            reader=StatusReader(tree, arguments, self.lexicon),
            unreal=Unreal(tree, self.lexicon, text_after(document, tree.number)),
            idle=unanswered(tree),
            opinions=opinions,
            known={},
        )
        found: list[Candidate] = []
        dates = [(t.start, t.end) for t in document.timexes]
        for act in ActFinder(tree, arguments, self.lexicon).acts():
            if act.predicate in scene.idle or any(a <= tree.tokens[act.predicate].start < b for a, b in dates):
                continue  # the month of March is no march
            if among_themselves(act):
                act = msgspec.structs.replace(act, symmetric=True)
            for told_sides in split(act) or [(act.sources, act.targets)]:
                sides = self._recalled(told_sides, act, tree, told) or supply(
                    told_sides, act, topic, mentions, tree.number, self._unsaid_on_purpose(act, tree),
                    partial(partner_of, opinions, act.type),
                )  # fmt: skip
                candidate = self._by_frame(scene, act, sides)
                if candidate is None:
                    continue
                found.append(candidate)
                event = candidate.event
                if event.confidence >= floor_of(event, judged=False) and event.status == "occurred":
                    told.append((event.type, sides[0], event.targets))
        found.extend(self._learned(scene, found))
        return scene, [self._charging(scene, c, found) if c.event.type == "ACCUSE" else c for c in found]

    def _charging(self, scene: Scene, accusation: Candidate, beside: Sequence[Candidate]) -> Candidate:
        """An accusation with what its words may tell of the accused."""
        event, words = accusation.event, {t.start: i for i, t in enumerate(scene.tree.tokens)}
        anchors = {c.event.anchor for c in beside if c.event.anchor} - {event.anchor}
        blame = words[event.anchor.start] if event.anchor else 0
        charged = partial(charged_with, scene.tree, scene.reader.arguments, blame)
        lemma = scene.tree.lemma(blame)
        doubted = any(e.effect == "possible" for k in "vn" for e in self.lexicon.embedders.get((k, lemma), ()))
        deeds: list[Candidate] = []
        for source, target in product(event.targets, event.sources):
            for act in deeds_of(scene.opinions, self.lexicon, source, target, DEEDS, LEAST_CHARGED):
                deed = self._event(scene, act, (act.sources, act.targets)) if charged(act.predicate) else None
                if deed is not None and is_charge(deed, event):
                    status = "possible" if doubted and deed.status == "occurred" else deed.status
                    deed = msgspec.structs.replace(deed, status=status, confidence=round(act.weight, 4))
                    deeds.append(Candidate(event=deed, origin="learned", features={}, sentence=scene.tree.number))
        about = frozenset(a for a in anchors if charged(words[a.start]))
        return msgspec.structs.replace(accusation, charges=tuple(deeds), about=about)

    def _inside(self, scene: Scene, domestic: Sequence[Opinions], told: Sequence[Event]) -> Iterator[Event]:
        """What the parties of one state do to one another, but what is told of that state by frames already."""
        for opinions in domestic:
            proposed = list(self._learned(scene._replace(opinions=opinions), ()))
            believed = [c for c in one_way(proposed) if c.event.confidence >= FLOOR_INSIDE and not names_side(c.event)]
            found = [at_home(scene.document.id, c.event) for c in surest_of_a_word(believed) if is_new(c.event)]
            yield from (e for e in united(scene.document.id, found) if not any(same_word(e, t) for t in told))

    def _by_frame(self, scene: Scene, act: Act, sides: Two) -> Candidate | None:
        """The event of a frame's act, judged by the learned reader too."""
        event = self._event(scene, act, sides)
        if event is None:
            return None
        verdicts = scene.opinions.of(event.type, event.sources, event.targets, event.symmetric)
        supplied = any(h.depth >= SUPPLIED for side in sides for h in side)
        features = frame_features(event.confidence, event.type, verdicts, supplied)
        confidence = round(decide(self.weights.frame, features), 3) if is_judged(event) else event.confidence
        why = event.why
        if verdicts:
            share = sum(v.types[event.type] for v in verdicts) / len(verdicts)
            why = (*why, f"the learned reader gives {event.type} {share:.2f}")
        event = msgspec.structs.replace(event, confidence=confidence, why=why)
        return Candidate(
            event=event, origin="frame", features=features, sentence=scene.tree.number, embeds=act.embeds,
            again=self._dated(scene, act, event.status).again,
            shown=self._shown(scene, act, event, sides, verdicts) | features,
        )  # fmt: skip

    def _shown(self, scene: Scene, act: Act, event: Event, sides: Two, verdicts: Sequence[Verdict]) -> dict[str, float]:
        back = scene.opinions.of(event.type, event.targets, event.sources, False) if event.targets else []
        return shown(scene.tree, event, sides, act.predicate, verdicts, back, scene.document.quotes)

    def _learned(self, scene: Scene, framed: Sequence[Candidate]) -> Iterator[Candidate]:
        """Events of the learned reader that no frame proposed."""
        believed = (c for c in framed if not is_denied(c))
        sure = [c.event for c in believed if c.event.confidence >= floor_of(c.event, judged=False)]
        known = {(event.type, pair) for event in sure for pair in dyads_of(event)}
        rivals = {pair for c in framed for pair in dyads_of(c.event)}
        words = {(e.anchor.start, code) for e in sure if e.anchor for code in (*e.sources, *e.targets)}
        for act in acts_of(scene.opinions, self.lexicon, LEAST):
            sides = with_unsaid(scene, act)
            if sides is None or act.predicate in scene.idle:
                continue
            event = self._event(scene, act, sides)
            if event is None or all((event.type, pair) in known for pair in dyads_of(event)):
                continue
            if any(is_kept_out(event, act.predicate, c, scene.tree) for c in framed):
                continue
            verdicts = scene.opinions.of(act.type, event.sources, event.targets, act.symmetric)
            at = event.anchor.start if event.anchor else -1
            setting = Setting(
                rival=bool(rivals & set(dyads_of(event))),
                echo=any((at, code) in words for code in (*event.sources, *event.targets)),
                reverse=not act.symmetric and scene.opinions.reversed(act.type, event.sources[0], event.targets[0]),
                crowd=len(scene.opinions.mentions),
                unsaid=any(h.depth >= SUPPLIED for side in sides for h in side),
            )
            if setting.unsaid and setting.echo:
                continue  # the word has both its sides in the sentence: nobody is left unsaid
            features = learned_features(act.type, verdicts, strength(sides), setting)
            confidence = round(decide(self.weights.learned, features), 3)
            event = msgspec.structs.replace(event, confidence=confidence)
            yield Candidate(
                event=event, origin="learned", features=features, sentence=scene.tree.number,
                again=self._dated(scene, act, event.status).again,
                shown=self._shown(scene, act, event, sides, verdicts) | features | {"learned": 1.0},
            )  # fmt: skip

    def _unsaid_on_purpose(self, act: Act, tree: Tree) -> bool:
        """Acts whose missing side the story cannot supply.

        Nouns deep inside a phrase, and calls for an act against somebody ("pushed for a boycott").
        """
        if tree.rel(act.predicate).startswith("nmod"):
            return True
        whole = bool(act.sources) and all(h.actor.kind == "organisation" for h in act.sources)
        if act.type == "CONSULT" and whole and tree.tokens[act.predicate].upos == "NOUN":
            return True  # "a summit of the African Union": an assembly of its own
        called_for = [k for k in tree.kids(act.predicate, "obj", "obl") if tree.tokens[k].upos == "NOUN"]
        return act.type == "REQUEST" and any(
            f.type in HOSTILE for k in called_for for f in self.lexicon.frames.get(("n", tree.lemma(k)), ())
        )

    def _recalled(
        self, sides: tuple[Sequence[Hit], Sequence[Hit]], act: Act, tree: Tree, told: Sequence[Told]
    ) -> tuple[Sequence[Hit], Sequence[Hit]] | None:
        """ "condemned the invasion": whoever did what was told before is the recipient."""
        if sides[1] or not sides[0] or act.type not in ABOUT_ACTS:
            return None
        objects = tree.kids(act.predicate, "obj", "obl", "nsubj:pass")
        kinds = {f.type for k in objects for f in self.lexicon.frames.get(("n", tree.lemma(k)), ())}
        own = set(codes(sides[0]))
        for kind, doers, targets in reversed(told):
            answered = act.type == "REJECT" and bool(own & set(targets))
            if (answered or kind in kinds) and codes(doers) and not own & set(codes(doers)):
                return sides[0], [msgspec.structs.replace(h, depth=3) for h in doers]
        return None

    def _dated(self, scene: Scene, act: Act, status: Status) -> Dated:
        """When an act was, by the word that tells it."""
        quoted = scene.once(scene.quoted, act.predicate)
        return scene.once(scene.clock.date_of, scene.tree.number, act.predicate, act.carrier, status, quoted)

    def _looking_back(self, scene: Scene, act: Act, status: Status, dated: Dated) -> tuple[str, ...]:
        """The reason for which an act of force loses its day once it is believed (`without_day`)."""
        recent = is_recent(dated.date.start, scene.document.published)
        if act.type not in FORCE or status != "occurred" or not recent:
            return ()
        start, end = scene.tree.sentence.start, scene.tree.sentence.end
        times = [t for t in scene.document.timexes if start <= t.start < end]
        words = self.lexicon.classes["looking-back"]
        return (LOOKED_BACK,) if is_looked_back_on(scene.tree, act.predicate, words, times) else ()

    def _event(self, scene: Scene, act: Act, sides: Two) -> Event | None:
        document, tree, reader = scene.document, scene.tree, scene.reader
        sources, targets = (codes(side) for side in sides)
        if not worth(act, sources, targets, sides):
            return None
        if scene.once(scene.unreal.invented, act.predicate, act.type):
            return None
        if any(scene.unreal.excepted(h.mention, act.predicate) for side in sides for h in side):
            return None
        reading = scene.once(reader.read, act.predicate, act.default, act.type)
        retracted = scene.once(scene.unreal.retracted, act.predicate)
        if retracted:
            reading = taken_back(reading, retracted)
        verdicts = scene.opinions.of(act.type, sources, targets, act.symmetric)
        read, learned = status_of(act.type, () if reading.firm else verdicts, reading, self.weights.status)
        status = light_status(act, read)
        unasked = act.embeds and (act.type, act.mode) == ("REQUEST", "meet") and reading.status == "negated"
        refused = unasked or (  # "did not invite them" is a rebuff, as "did not agree to" is
            status == "negated"
            and ((act.type in GIVEN and will_not(tree, act.carrier)) or (act.type == "AGREE" and act.embeds))
        )
        speaker = speaker_of(document, tree, reader.arguments, act, reading)
        dated = self._dated(scene, act, status)
        status, why = settle(status, dated.date, document, dated.explicit, reading)
        confidence = round(act.weight * strength(sides) * reading.certainty, 3)
        start, end = tree.sentence.start, tree.sentence.end
        anchor = tree.tokens[act.predicate]
        return Event(
            id=event_id(document.id, "REJECT" if refused else act.type, status, sources, targets, anchor.start),
            type="REJECT" if refused else act.type,
            mode=None if refused else act.mode,
            cameo="120" if refused else act.cameo,
            status="occurred" if refused else status,
            sources=sources,
            targets=targets,
            participants=tuple(participants(sides)),
            date=dated.date,
            evidence=Span(start=start, end=end),
            speaker=speaker,
            count=count_of(tree, act),
            place=scene.once(self.gazette.place, tree, reader.arguments, act.predicate, act.carrier),
            symmetric=act.symmetric and not refused,
            confidence=confidence,
            why=(
                *reasons(act, reading, dated.why, sides, why or learned),
                *self._looking_back(scene, act, status, dated),
            ),
            anchor=Span(start=anchor.start, end=anchor.end),
        )


def text_after(document: Document, number: int) -> str:
    """The sentence behind one."""
    following = document.sentences[number + 1 : number + 2]
    return document.text[following[0].start : following[0].end] if following else ""


def taken_back(reading: Reading, why: str) -> Reading:
    """What was reported by mistake has not been."""
    status = compose("negated", reading.status)
    return msgspec.structs.replace(reading, status=status, firm=True, why=(*reading.why, why))


def told_again(document: str, events: Sequence[Event], candidates: Sequence[Candidate]) -> Iterator[Event]:
    """Events, each once for every time at which its word tells that it happened."""
    times = {c.event.anchor: c.again for c in candidates if c.event.status == "occurred"}
    for event in events:
        yield event
        for timex in times.get(event.anchor, ()) if event.status == "occurred" else ():
            yield msgspec.structs.replace(
                event,
                id=event_id(document, event.type, event.status, event.sources, event.targets, timex.start),
                date=EventDate(start=timex.low, end=timex.high, precision=timex.precision),
                why=(*(w for w in event.why if not w.startswith("date: ")), f"date: again, '{timex.text}'"),
            )


def rows_of(document: Document, candidates: Sequence[Candidate]) -> list[dict[str, float]]:
    """What the last decision on each candidate is made from."""
    story = Story(document, candidates)
    return [story.features(c) for c in candidates]


def is_judged(event: Event) -> bool:
    """Whether the gold says which such events are right: it is silent on acts inside one state, and of nobody named.

    Of those it is silent on the frame's own figure stands.
    """
    return bool(event.sources and event.targets) and event.sources != event.targets


def decided(candidate: Candidate, weights: Weights, row: dict[str, float], brief: float) -> Candidate:
    """The candidate with its last probability, where there is one (`is_judged`), in a document so ``brief``."""
    event = candidate.event
    if not is_judged(event):
        return candidate
    slope, shift = weights.brief[candidate.origin]
    level = 1.0 + brief * (slope - 1.0), brief * shift
    chance = round(decide(weights.last[candidate.origin], row, level), 3)
    return msgspec.structs.replace(candidate, event=msgspec.structs.replace(event, confidence=chance))


def one_way(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same without learned acts of which their word tells the far likelier other direction.

    "Traded accusations" tells both as likely, "recalled its envoy from" one.
    """
    likely: dict[tuple[Span | None, str, str, str], float] = {}
    for candidate in (c for c in candidates if not c.event.symmetric):
        event = candidate.event
        for source, target in dyads_of(event):
            way = event.anchor, event.type, source, target
            likely[way] = max(likely.get(way, 0.0), candidate.shown.get("by itself", 0.0))

    def turned(candidate: Candidate) -> bool:
        event, share = candidate.event, candidate.shown.get("by itself", 0.0)
        back = ((event.anchor, event.type, target, source) for source, target in dyads_of(event))
        return any(share < TURNED * likely.get(way, 0.0) for way in back)

    return [c for c in candidates if c.origin != "learned" or c.event.symmetric or not turned(c)]


def apart(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same without learned support between those who together support somebody else, as a frame has it.

    "France and Italy welcomed Libya's return" tells nothing of France and Italy; what else several do to somebody
    they may do to one another, too ("recalled their ambassadors").
    """
    framed = [c.event for c in candidates if c.origin == "frame" and c.event.type == "SUPPORT" and c.event.targets]

    def together(event: Event) -> bool:
        both = {*event.sources, *event.targets}
        return event.type == "SUPPORT" and any(both <= set(f.sources) for f in framed)

    return [c for c in candidates if c.origin != "learned" or not together(c.event)]


def towards(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same without learned acts of which their word tells the far likelier recipient.

    "Sent police to Honiara, not to Beijing": who only stands near is proposed too; members of a list are as likely.
    """

    def away(candidate: Candidate) -> bool:
        event, share = candidate.event, candidate.shown.get("by itself", 0.0)
        sides = {*event.sources, *event.targets}
        return any(
            share < AWAY * other.shown.get("by itself", 0.0)
            for other in candidates
            if (other.event.anchor, other.event.type) == (event.anchor, event.type)
            and set(event.sources) & set(other.event.sources)
            and sides != {*other.event.sources, *other.event.targets}
        )

    return [c for c in candidates if c.origin != "learned" or not away(c)]


def surest_of_a_word(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same with one act for what the learned reader takes a word to tell of a pair beside something else.

    Of several learned types the surest stays, and none of which a believed frame is surer that the word tells another;
    the frame goes where the learned act is clearly surer ("called her" is a talk, not a call for something).
    """
    best: dict[Telling, Event] = {}
    framed: dict[Telling, list[Event]] = {}
    for candidate in sorted(candidates, key=lambda c: (c.event.confidence, c.event.type)):
        for telling in tellings(candidate.event):
            if candidate.origin == "learned":
                best[telling] = candidate.event
            else:
                framed.setdefault(telling, []).append(candidate.event)

    def surer(one: Event, than: Event | None, by: float = 0.0) -> bool:
        return than is None or than.type == one.type or than.confidence < one.confidence - by

    def stays(candidate: Candidate) -> bool:
        event, told = candidate.event, tellings(candidate.event)
        if candidate.origin == "learned":
            others = [f for t in told for f in framed.get(t, ())]
            return all(best[t].type == event.type for t in told) and all(surer(event, f) for f in others)
        return any(t not in best or surer(event, best[t], -SURER) for t in told)

    return [c for c in candidates if stays(c)]


def told_once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same without promises of what is told itself, as announced: "promised to visit Oslo" is one act."""
    announced = [c.event for c in candidates if c.event.status == "announced" and not c.embeds]

    def again(candidate: Candidate) -> bool:
        promise = candidate.event
        return candidate.embeds and promise.type == "AGREE" and any(dyads(promise) & dyads(e) for e in announced)

    return [c for c in candidates if not again(c)]


def tellings(event: Event) -> list[Telling]:
    """The word of an event with each of its pairs."""
    return [(event.anchor, dyad) for dyad in dyads(event)]


def with_unsaid(scene: Scene, act: Act) -> Two | None:
    """The sides of a learned act, one that no word names supplied from the story; None where it supplies nobody."""
    if act.sources and act.targets:
        return act.sources, act.targets
    known = codes(act.sources or act.targets)
    other = scene.topic.counterpart(known[0], scene.tree.number, frozenset(scene.opinions.mentions))
    if other is None:
        return None
    return (act.sources, [other]) if act.sources else ([other], act.targets)


def partner_of(opinions: Opinions, kind: str, code: str) -> Hit | None:
    """Whom, as the learned reader takes it, an act of one actor is towards that a frame leaves unsaid."""
    return next(iter(hits_of(opinions, opinions.partner(kind, code))), None)


def is_kept_out(event: Event, word: int, refusal: Candidate, tree: Tree) -> bool:
    """ "Did not invite them to the summit, which was held in May": who is kept out of a meeting does not take part."""
    kept_out = refusal.event
    asked = kept_out.type == "REQUEST" and kept_out.mode == "meet" and kept_out.status == "negated"
    refused = asked or (kept_out.type == "REJECT" and refusal.embeds)
    if not refused or event.type not in TOGETHER or event.status != "occurred":
        return False
    anchor = kept_out.anchor.start if kept_out.anchor else -1
    above = any(tree.tokens[k].start == anchor for k in tree.ancestors(word))
    pairs = {frozenset(pair) for pair in dyads_of(kept_out)}
    return above and any(frozenset(pair) in pairs for pair in dyads_of(event))


def dyads_of(event: Event) -> list[tuple[str, str]]:
    """The ordered pairs of an event; of a symmetric one both orders."""
    pairs = [(s, t) for s in event.sources for t in event.targets]
    return [*pairs, *((t, s) for s, t in pairs)] if event.symmetric else pairs


def doubt(document: Document, event: Event) -> str:
    """Why a sentence was passed over."""
    word = document.text[event.anchor.start : event.anchor.end] if event.anchor else ""
    return f"'{word}' may be {event.type}, but not surely ({event.confidence:.2f})"


def floor_of(event: Event, judged: bool = True, brief: float = 0.0) -> float:
    """The confidence that an event needs; ``judged``: after the last decision, not by its frame alone."""
    force = event.type in FORCE and event.status == "occurred"
    floor = FLOOR - brief * LESS_FOR_PASSAGES if judged else FLOOR_OF_FRAMES
    return floor + (MORE_FOR_FORCE if force else 0.0)


def will_not(tree: Tree, i: int) -> bool:
    """ "will not meet": declining to do what one could do is a refusal."""
    auxiliaries = {tree.low(k) for k in tree.kids(i, "aux")}
    denied = {tree.low(k) for k in tree.kids(i, "advmod")} & {"not", "n't", "never", "n’t"}
    decided = tree.rel(i) == "xcomp" and tree.lemma(tree.head(i)) in DECIDING
    return bool(denied) and (decided or bool(auxiliaries & {"will", "wo", "would", "'ll"}))


def light_status(act: Act, status: Status) -> Status:
    """Participles on the noun ("sanctions imposed", "talks cancelled") act like verbs above it."""
    if act.light in {"cancel", "refuse"} and status == "occurred":
        return "negated"
    return status


def is_denied(candidate: Candidate) -> bool:
    """Whether the learned reader all but rules out what a frame tells of two actors."""
    asked = candidate.origin == "frame" and is_judged(candidate.event)
    return asked and candidate.shown.get("by itself", 1.0) < DENIED


def settle(status: Status, when: EventDate, document: Document, explicit: bool, reading: Reading) -> tuple[Status, str]:
    """What is dated after publication cannot have occurred."""
    if document.published and explicit and when.start and status == "occurred" and (when.start > document.published):
        return "announced", "dated after publication"
    return status, ""


def participants(sides: tuple[Sequence[Hit], Sequence[Hit]]) -> Iterable[Participant]:
    """The actors of both sides with the words that name them."""
    seen = set()
    for role, side in (("source", sides[0]), ("target", sides[1])):
        for hit in side:
            key = (role, hit.actor.id)
            if key in seen:
                continue
            seen.add(key)
            actor = hit.actor
            yield Participant(
                role="source" if role == "source" else "target",
                name=actor.name,
                state=actor.state,
                office=actor.office,
                sector=actor.sector,
                start=hit.mention.start,
                end=hit.mention.end,
            )


def reasons(
    act: Act, reading: Reading, dated: str, sides: tuple[Sequence[Hit], Sequence[Hit]], settled: str
) -> Iterable[str]:
    """Short reasons a person can follow: frame, actors, status, date."""
    yield from act.why
    for role, side in (("source", sides[0]), ("target", sides[1])):
        for hit in side:
            yield f"{role} {hit.actor.state}: {describe(hit.mention)}"
    if reading.why:
        yield f"status {reading.status}: " + "; ".join(reading.why)
    if settled:
        yield f"status: {settled}"
    yield f"date: {dated}"


def describe(mention: Mention) -> str:
    """How a mention was resolved, for people."""
    return f"{mention.how}" + (f" ({mention.why})" if mention.why else "")
