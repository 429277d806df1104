"""Acts become events: actors to codes, status, date, speaker, count, and one record each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from comity.knowledge import Knowledge
from comity.knowledge.frames import Lexicon
from comity.language.judge import PairJudge
from comity.model import (
    Document,
    Event,
    EventDate,
    Mention,
    Participant,
    Passed,
    Quote,
    Record,
    Sentence,
    Span,
    Status,
)
from comity.understand.acts import GIVEN, Act, ActFinder
from comity.understand.arguments import Arguments, Hit
from comity.understand.claims import speaker_of
from comity.understand.counts import count_of
from comity.understand.learned import (
    Opinions,
    Setting,
    Weights,
    acts_of,
    decide,
    frame_features,
    learned_features,
    load_weights,
    opinions_of,
    status_of,
)
from comity.understand.places import Gazette
from comity.understand.sides import TOWNS
from comity.understand.status import Reading, StatusReader
from comity.understand.topic import Topic
from comity.understand.tree import Tree
from comity.understand.when import Clock

# An event is kept from this probability on: F1 on the dev gold is flat between 0.4 and 0.55.
FLOOR = 0.5
# Between 0.45 and 0.65 the F1 of whole articles is nearly the same, and precision on single sentences speaks for more.
FLOOR_OF_LEARNED = 0.6
# A war wrongly reported costs more than one overlooked.
FLOOR_OF_FORCE = 0.6
FORCE = frozenset({"ASSAULT", "COERCE", "MOBILIZE"})
PASSED_FLOOR = 0.3
# How sure the word alone must be before its other side is supplied from the story.
SURE = 0.5
# What actors of one state do to one another is kept where it is an act against somebody.
DOMESTIC = frozenset({"PROTEST", "COERCE", "ASSAULT", "MOBILIZE", "SANCTION", "ACCUSE", "THREATEN"})
GUESSED = 0.6
DECIDING = frozenset({"decide", "choose", "opt", "vow", "pledge", "prefer", "resolve", "elect", "swear"})
FORCES = frozenset({"MIL", "COP"})
# Verbal acts whose recipient may be named only by what he did.
ABOUT_ACTS = frozenset({"ACCUSE", "REJECT", "SUPPORT", "REQUEST", "THREATEN"})
# A recipient is not supplied for a longer list of sources.
MOST_SUPPLIED = 4
HOSTILE = frozenset({"PROTEST", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "THREATEN"})
# A meeting of more than these names no pairs.
MOST_MUTUAL = 6
# Types that several actors named together do with one another when no other side is told.
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
# Types that are told of their target alone ("sanctions on Iran"), without anybody named who does them.
RECEIVED = frozenset({"SANCTION", "COERCE", "AID"})
# Hits of this depth were not found in the sentence but supplied from the story.
SUPPLIED = 3
# A learned act of less than this probability is not even considered.
LEAST = 0.3

Told = tuple[str, Sequence[Hit], tuple[str, ...]]
Two = tuple[Sequence[Hit], Sequence[Hit]]


class Scene(NamedTuple):
    """One sentence with everything that its events are read from."""

    document: Document
    tree: Tree
    clock: Clock
    topic: Topic
    reader: StatusReader
    opinions: Opinions


class Candidate(Record, frozen=True):
    """An event before it is decided on, with what the decision is made from.

    ``origin`` is ``frame`` or ``learned``; the features are those of `comity.understand.learned`.
    """

    event: Event
    origin: str
    features: dict[str, float]


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
        self.judge = judge
        self.weights = weights or load_weights()

    def __call__(self, document: Document) -> Document:
        """The document with its events, and with what was passed over.

        Needs sentences, mentions, time expressions and quotations.
        """
        events: list[Event] = []
        passed: list[Passed] = list(document.passed)
        for sentence, candidates in self.candidates(document):
            kept = [c for c in candidates if c.event.confidence >= floor_of(c.event, c.origin)]
            events.extend(c.event for c in kept if c.origin == "frame")
            events.extend(united(document.id, [c.event for c in kept if c.origin == "learned"]))
            doubtful = [c.event for c in candidates if c.event.confidence >= PASSED_FLOOR]
            if doubtful and not kept:
                passed.append(Passed(start=sentence.start, end=sentence.end, reason=doubt(document, doubtful[-1])))
        bare = tuple(msgspec.structs.replace(s, vectors=None) for s in document.sentences)
        return msgspec.structs.replace(
            document, sentences=bare, events=tuple(merge(events)), passed=tuple(passed)
        )

    def candidates(self, document: Document) -> Iterator[tuple[Sentence, list[Candidate]]]:
        """Every sentence that can tell something, with all events proposed for it."""
        trees = [Tree(sentence, n) for n, sentence in enumerate(document.sentences)]
        topic = Topic(document)
        told: list[Told] = []
        clock = Clock(document.text, document.published, document.sentences, trees, document.timexes)
        telling = [t for t in trees if t.sentence.kind not in {"boilerplate", "dateline"} and t.tokens]
        for tree, opinions in zip(telling, opinions_of(self.judge, telling, document.mentions), strict=True):
            yield tree.sentence, self._sentence(document, tree, clock, topic, told, opinions)

    def _sentence(
        self, document: Document, tree: Tree, clock: Clock, topic: Topic, told: list[Told], opinions: Opinions
    ) -> list[Candidate]:
        mentions = [m for m in document.mentions if m.sentence == tree.number]
        arguments = Arguments(tree, mentions, self.lexicon.act_nouns)
        scene = Scene(
            document=document,
            tree=tree,
            clock=clock,
            topic=topic,
            reader=StatusReader(tree, arguments, self.lexicon),
            opinions=opinions,
        )
        found: list[Candidate] = []
        dates = [(t.start, t.end) for t in document.timexes]
        for act in ActFinder(tree, arguments, self.lexicon).acts():
            if any(a <= tree.tokens[act.predicate].start < b for a, b in dates):
                continue  # the month of March is no march
            if among_themselves(act):
                act = msgspec.structs.replace(act, symmetric=True)
            for told_sides in split(act) or [(act.sources, act.targets)]:
                sides = self._recalled(told_sides, act, tree, told) or supply(
                    told_sides, act, topic, mentions, tree.number, self._unsaid_on_purpose(act, tree)
                )
                candidate = self._by_frame(scene, act, sides)
                if candidate is None:
                    continue
                found.append(candidate)
                event = candidate.event
                if event.confidence >= floor_of(event) and event.status == "occurred":
                    told.append((event.type, sides[0], event.targets))
        found.extend(self._learned(scene, found))
        return found

    def _by_frame(self, scene: Scene, act: Act, sides: Two) -> Candidate | None:
        """The event of a frame's act, judged by the learned reader too."""
        event = self._event(scene, act, sides)
        if event is None:
            return None
        verdicts = scene.opinions.of(event.type, event.sources, event.targets, event.symmetric)
        supplied = any(h.depth >= SUPPLIED for side in sides for h in side)
        features = frame_features(event.confidence, event.type, verdicts, supplied)
        # the gold says nothing of what actors of one state do to one another: there the frame's own figure stands
        inside = event.sources == event.targets
        confidence = event.confidence if inside else round(decide(self.weights.frame, features), 3)
        why = event.why
        if verdicts:
            share = sum(v.types[event.type] for v in verdicts) / len(verdicts)
            why = (*why, f"the learned reader gives {event.type} {share:.2f}")
        return Candidate(
            event=msgspec.structs.replace(event, confidence=confidence, why=why), origin="frame", features=features
        )

    def _learned(self, scene: Scene, framed: Sequence[Candidate]) -> Iterator[Candidate]:
        """Events of the learned reader that no frame proposed."""
        sure = [c.event for c in framed if c.event.confidence >= floor_of(c.event)]
        known = {(event.type, pair) for event in sure for pair in dyads_of(event)}
        rivals = {pair for c in framed for pair in dyads_of(c.event)}
        words = {(e.anchor.start, code) for e in sure if e.anchor for code in (*e.sources, *e.targets)}
        for act in acts_of(scene.opinions, self.lexicon, LEAST):
            sides = with_unsaid(scene, act)
            if sides is None:
                continue
            event = self._event(scene, act, sides)
            if event is None or all((event.type, pair) in known for pair in dyads_of(event)):
                continue
            verdicts = scene.opinions.of(act.type, event.sources, event.targets, act.symmetric)
            at = event.anchor.start if event.anchor else -1
            setting = Setting(
                rival=bool(rivals & set(dyads_of(event))),
                echo=any((at, code) in words for code in (*event.sources, *event.targets)),
                reverse=not act.symmetric and scene.opinions.reversed(act.type, event.sources[0], event.targets[0]),
                crowd=len(scene.opinions.mentions),
                unsaid=not act.sources or not act.targets,
            )
            features = learned_features(act.type, verdicts, strength(sides), setting)
            confidence = round(decide(self.weights.learned, features), 3)
            yield Candidate(
                event=msgspec.structs.replace(event, confidence=confidence), origin="learned", features=features
            )

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

    def _event(self, scene: Scene, act: Act, sides: Two) -> Event | None:
        document, tree, clock, reader = scene.document, scene.tree, scene.clock, scene.reader
        sources, targets = (codes(side) for side in sides)
        if not worth(act, sources, targets, sides):
            return None
        reading = reader.read(status_node(act), act.default)
        verdicts = scene.opinions.of(act.type, sources, targets, act.symmetric)
        read, learned = status_of(act.type, verdicts, reading, self.weights.status)
        status = light_status(act, read)
        refused = status == "negated" and (
            (act.type in GIVEN and will_not(tree, act.carrier)) or (act.type == "AGREE" and act.embeds)
        )
        quote = quote_at(document.quotes, tree.tokens[act.predicate].start)
        speaker = speaker_of(document, tree, reader.arguments, act, reading)
        dated = clock.date_of(tree.number, act.predicate, act.carrier, status, quote is not None)
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
            place=self.gazette.place(tree, reader.arguments, act.predicate, act.carrier),
            symmetric=act.symmetric and not refused,
            confidence=confidence,
            why=tuple(reasons(act, reading, dated.why, sides, why or learned)),
            anchor=Span(start=anchor.start, end=anchor.end),
        )


def with_unsaid(scene: Scene, act: Act) -> Two | None:
    """The sides of a learned act, one that no word names supplied from the story; None where it supplies nobody."""
    if act.sources and act.targets:
        return act.sources, act.targets
    known = codes(act.sources or act.targets)
    other = scene.topic.counterpart(known[0], scene.tree.number, frozenset(scene.opinions.mentions))
    if other is None:
        return None
    return (act.sources, [other]) if act.sources else ([other], act.targets)


def dyads_of(event: Event) -> list[tuple[str, str]]:
    """The ordered pairs of an event; of a symmetric one both orders."""
    pairs = [(s, t) for s in event.sources for t in event.targets]
    return [*pairs, *((t, s) for s, t in pairs)] if event.symmetric else pairs


def doubt(document: Document, event: Event) -> str:
    """Why a sentence was passed over."""
    word = document.text[event.anchor.start : event.anchor.end] if event.anchor else ""
    return f"'{word}' may be {event.type}, but not surely ({event.confidence:.2f})"


def floor_of(event: Event, origin: str = "frame") -> float:
    """The confidence that an event needs."""
    if origin == "learned":
        return FLOOR_OF_LEARNED
    return FLOOR_OF_FORCE if event.type in FORCE and event.status == "occurred" else FLOOR


def status_node(act: Act) -> int:
    """The token whose clause decides whether it happened: the noun climbs through its light verb itself."""
    return act.predicate


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


def among_themselves(act: Act) -> bool:
    """Whether several actors do it with one another ("the two will reopen their embassies")."""
    sources = codes(act.sources)
    return act.type in MUTUAL and len(sources) > 1 and codes(act.targets) in ((), sources)


def split(act: Act) -> list[tuple[Sequence[Hit], Sequence[Hit]]]:
    """The two sides of an act; a plural side of a symmetric act is split against itself."""
    sources, targets = act.sources, act.targets
    if not act.symmetric:
        return [(sources, targets)]
    if sources and targets and codes(sources) != codes(targets):
        own = codes(sources)
        if len(own) > 1 and not set(own) & set(codes(targets)):
            return [(sources, targets), *within(sources)] if act.type == "CONSULT" else [(sources, targets)]
        return [(sources, targets)]
    return within(sources or (targets if act.mutual else ()))


def supply(
    sides: tuple[Sequence[Hit], Sequence[Hit]], act: Act, topic: Topic, mentions: Sequence[Mention], number: int,
    unsaid: bool,
) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """Fill the missing side from the story, where the act is sure and one actor is told."""
    sources, targets = codes(sides[0]), codes(sides[1])
    if sources == targets and sources and act.type in DOMESTIC and any(map(guessed, [*sides[0], *sides[1]])):
        return other_than_guessed(sides, topic, mentions, number)
    if targets == sources and (act.type not in DOMESTIC or own_forces(act, sides[1])):
        targets = ()  # "Kigali denies arming them": the pronoun is no counterpart
    if act.symmetric and targets and not sources:
        sides, sources, targets = (sides[1], sides[0]), targets, ()
    if unsaid:
        return sides
    if act.weight < SURE or not 1 <= len(sources) <= MOST_SUPPLIED or targets:
        return sides
    other = topic.counterpart(sources[0], number)
    if other is None or other.actor.state in sources:
        return sides
    return sides[0], [other]


def guessed(hit: Hit) -> bool:
    """A crowd, soldiers, children whose state only the story suggests."""
    return hit.mention.how == "role" and hit.mention.confidence <= GUESSED


def other_than_guessed(
    sides: tuple[Sequence[Hit], Sequence[Hit]], topic: Topic, mentions: Sequence[Mention], number: int
) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """ "a crowd burned the Saudi embassy": the side that is only guessed is rather the other one of the story.

    Where the sentence says in which other state it was, that state ("... in Tehran").
    """
    side = 0 if all(map(guessed, sides[0])) else 1
    known = codes(sides[1 - side])
    other = None
    if all(map(guessed, sides[side])):
        places = (m for m in mentions if m.how in TOWNS and len(m.actors) == 1 and m.actors[0].state not in known)
        place = next(places, None)
        other = Hit(actor=place.actors[0], mention=place, depth=2) if place else topic.counterpart(known[0], number)
    if other is None:
        return sides
    return ([other], sides[1]) if side == 0 else (sides[0], [other])


def own_forces(act: Act, targets: Sequence[Hit]) -> bool:
    """Whether an army or police is what is moved, not against whom ("put its army on alert")."""
    return act.type == "MOBILIZE" and all(h.actor.sector in FORCES for h in targets)


def within(side: Sequence[Hit]) -> list[tuple[Sequence[Hit], Sequence[Hit]]]:
    """One plural side as its own counterpart: first-named against the others, or all with all."""
    top = min((h.depth for h in side), default=0)
    side = [h for h in side if h.depth == top]
    names = codes(side)
    if len(names) < 2:
        return []
    if len(names) > MOST_MUTUAL or (len(names) > 2 and any(h.mention.how == "bloc" for h in side)):
        return []
    if len(names) == 2:
        first = [h for h in side if h.actor.state == names[0]]
        return [(first, [h for h in side if h.actor.state == names[1]])]
    return [(side, side)]


def codes(side: Iterable[Hit]) -> tuple[str, ...]:
    """The actor codes of a side, without repetition, in order."""
    return tuple(dict.fromkeys(h.actor.state for h in side if h.actor.state))


def worth(
    act: Act, sources: tuple[str, ...], targets: tuple[str, ...], sides: tuple[Sequence[Hit], Sequence[Hit]]
) -> bool:
    """Whether the act names enough actors to be an event."""
    if not sources and not targets:
        return False
    if sources and targets:
        if sources == targets and len(sources) == 1:
            return domestic(sides) and act.type in DOMESTIC
        return True
    if targets:
        near = all(h.depth == 0 for h in sides[1])
        return act.weight >= 0.6 and not act.symmetric and near and act.type in RECEIVED
    return False


def domestic(sides: tuple[Sequence[Hit], Sequence[Hit]]) -> bool:
    """Two different actors of one state ("police arrested protesters")."""
    left = {(h.actor.id, h.actor.sector) for h in sides[0]}
    right = {(h.actor.id, h.actor.sector) for h in sides[1]}
    return not left & right and any(h.actor.sector or h.actor.kind == "person" for side in sides for h in side)


def strength(sides: tuple[Sequence[Hit], Sequence[Hit]]) -> float:
    """How surely the actors were found: mention confidence, less for actors deep inside a phrase."""
    value = 1.0
    for side in sides:
        if side:
            value *= max(h.mention.confidence * (0.93**h.depth) for h in side)
        else:
            value *= 0.75
    return value


def quote_at(quotes: Sequence[Quote], position: int) -> Quote | None:
    """The direct quotation around a position."""
    for quote in quotes:
        spans = quote.parts or (Span(start=quote.start, end=quote.end),)
        if quote.kind == "direct" and any(s.start <= position < s.end for s in spans):
            return quote
    return None


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


def united(document: str, events: Sequence[Event]) -> list[Event]:
    """What one word tells of several pairs as one event: first the targets of each source, then the sources."""
    for side, other in (("targets", "sources"), ("sources", "targets")):
        groups: dict[tuple[object, ...], list[Event]] = {}
        for event in events:
            key = (event.type, event.status, event.symmetric, event.anchor, event.date, getattr(event, other))
            groups.setdefault(key, []).append(event)
        events = [as_one(document, group, side) for group in groups.values()]
    return list(events)


def as_one(document: str, group: Sequence[Event], side: str) -> Event:
    """Events that differ in one side alone, as one."""
    first = group[0]
    if len(group) == 1:
        return first
    codes_of = tuple(dict.fromkeys(code for event in group for code in getattr(event, side)))
    sides = {"sources": first.sources, "targets": first.targets, side: codes_of}
    start = first.anchor.start if first.anchor else first.evidence.start
    return msgspec.structs.replace(
        first,
        id=event_id(document, first.type, first.status, sides["sources"], sides["targets"], start),
        **sides,
        participants=tuple(dict.fromkeys(p for event in group for p in event.participants)),
        confidence=round(sum(event.confidence for event in group) / len(group), 3),
        why=tuple(dict.fromkeys(why for event in group for why in event.why)),
    )


def event_id(document: str, kind: str, status: str, sources: Sequence[str], targets: Sequence[str], start: int) -> str:
    """A stable identifier made from content: the same text and reading give the same id."""
    key = "|".join((document, kind, status, ",".join(sources), ",".join(targets), str(start)))
    return "e-" + hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def merge(events: Sequence[Event]) -> list[Event]:
    """One article tells one event several times; the surest telling stays, with the others named."""
    kept: list[Event] = []
    for event in events:
        twin = next((k for k, old in enumerate(kept) if same_event(old, event)), None)
        if twin is None:
            kept.append(event)
            continue
        old = kept[twin]
        best, other = (event, old) if better(event, old) else (old, event)
        kept[twin] = msgspec.structs.replace(
            best,
            speaker=best.speaker or other.speaker,
            count=best.count or other.count,
            mode=best.mode or other.mode,
            why=(*best.why, f"also told at {other.evidence.start}:{other.evidence.end}"),
        )
    return kept


def better(new: Event, old: Event) -> bool:
    """Whether the later telling should stand for both: it is dated, or clearly surer."""
    dated = any(w.startswith("date: dated by") for w in new.why) - any(w.startswith("date: dated by") for w in old.why)
    return dated > 0 or (dated == 0 and new.confidence > old.confidence + 0.1)


def same_event(one: Event, two: Event) -> bool:
    """Same type, actors and status, and dates that can agree."""
    if one.type != two.type or one.status != two.status or (one.count or 0) != (two.count or 0):
        return False
    pair_one, pair_two = (set(one.sources), set(one.targets)), (set(two.sources), set(two.targets))
    if pair_one != pair_two and not (one.symmetric and two.symmetric and pair_one == pair_two[::-1]):
        return False
    return overlap(one.date, two.date)


def overlap(one: EventDate, two: EventDate) -> bool:
    """Whether two date ranges can be the same day; an unknown date fits any."""
    if one.start is None or two.start is None:
        return True
    end_one, end_two = one.end or one.start, two.end or two.start
    return one.start <= end_two and two.start <= end_one


def sentences_without_events(document: Document) -> list[Sentence]:
    """Body sentences in which nothing was found, for the brief."""
    covered = {e.evidence.start for e in document.events}
    return [s for s in document.sentences if s.kind == "body" and s.start not in covered]
