"""What actors of one state do to one another: courts and parties, police and crowds, unions and ministries.

The frames and the learned reader of `comity.understand.events` tell actors by their code, and by that a court and the
newspaper that it bans are one.  Here the parties of one state that a sentence names are told apart by who they are,
and the learned reader is asked of every two of them.  Nameless people ("villagers", "a former minister") are the
state's where the whole text names no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from comity.knowledge import Knowledge
from comity.knowledge.frames import Lexicon
from comity.language.judge import PairJudge, Question
from comity.model import Actor, Document, Event, Mention
from comity.understand.actors.phrases import make_mention
from comity.understand.learned import PLACED, Opinions
from comity.understand.retelling import event_id
from comity.understand.sides import TOWNS
from comity.understand.supplying import GUESSED
from comity.understand.tree import Tree, base

MOST_PARTIES: Final = 5
"""Parties of one sentence that are asked about: of more, those named first."""
NAMELESS_AS: Final = frozenset({"nsubj", "obj", "iobj", "obl", "nmod", "conj", "appos"})
"""Places in the tree where nameless people are a party of something."""
PUBLIC: Final = frozenset(
    {"CVL", "LAB", "OPP", "REB", "PTY", "MED", "REL", "EDU", "JUD", "LEG", "NGO", "CRM", "REF", "BUS", "ELI"}
)
"""Sectors that are no part of a government."""
THINGS: Final = frozenset({"MIL", "TRS", "SPY", "IGO"})
"""Sectors whose role words name ships, weapons and services as often as people."""
CALLED: Final = frozenset({"adjective", "demonym"})
THING_CLASSES: Final = ("weapons", "missile", "vehicle", "flying")
LEFT: Final = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM"})
MARK: Final = "/"
NAMELESS: Final = "/nameless:"
"""Between the code of a state and the number of its party, while they are told apart."""


def home_of(document: Document, knowledge: Knowledge) -> str | None:
    """The one state that a whole text names, if it names no other; where it names none, that of its armed groups."""
    codes = {a.state for m in document.mentions for a in m.actors}
    named = {c for c in codes if c and c in knowledge.states}
    groups = (knowledge.groups.get(c or "") for c in codes)
    named = named or {g.state for g in groups if g is not None and g.state}
    return next(iter(named)) if len(named) == 1 else None


class Parties:
    """Finds the parties of one state in a sentence."""

    def __init__(self, knowledge: Knowledge, lexicon: Lexicon) -> None:
        self.knowledge = knowledge
        self.things = frozenset().union(*(lexicon.classes.get(c, frozenset()) for c in THING_CLASSES))
        self.deeds = lexicon.act_nouns | knowledge.words_of("deed")
        roles = (r for r in knowledge.roles if r.sector not in THINGS)
        words = {r.surface.lower() for r in roles} | {o.surface.lower() for o in knowledge.offices}
        self.people = {w for w in words if " " not in w} | knowledge.words_of("folk")
        self.aside = knowledge.words_of("neutral") | knowledge.words_of("impersonal")

    def of(self, tree: Tree, mentions: Sequence[Mention], home: str | None) -> dict[str, dict[str, list[Mention]]]:
        """For every state with two parties and more: these, each by a code of its own."""
        found: dict[str, dict[str, list[Mention]]] = {}
        taken: set[int] = set()
        for mention in (self._of_people(tree, m) for m in mentions):
            actor = mention.actors[0]
            taken.update(range(mention.first, mention.last + 1))
            code = self._state(actor, home)
            if len(mention.actors) > 1 or code is None or self._no_party(tree, mention):
                continue
            if not (self._own(tree, mention) if home is None else self._at_home(tree, mention, code)):
                continue
            found.setdefault(code, {}).setdefault(_who(actor), []).append(mention)
        if home is not None:
            for mention in self._nameless(tree, taken):
                found.setdefault(home, {}).setdefault(mention.actors[0].id, []).append(mention)
        return {code: _numbered(code, who) for code, who in found.items() if len(who) > 1 and (home or _public(who))}

    def _state(self, actor: Actor, home: str | None) -> str | None:
        """The state whose party somebody is: his own, his group's, or the only one of a text that tells nothing."""
        group = self.knowledge.groups.get(actor.state or "")
        code = group.state if group is not None and group.state == home else actor.state or home
        return code if code in self.knowledge.states else None

    def _at_home(self, tree: Tree, mention: Mention, code: str) -> bool:
        """Whether somebody of no state is not called another's ("the American journalist Terry Anderson")."""
        words = (t.text for t in tree.tokens[mention.first : mention.last + 1])
        told = {name.actor for word in words for name in self.knowledge.named(word) if name.kind in CALLED}
        return mention.actors[0].state is not None or told <= {code}

    @staticmethod
    def _own(tree: Tree, mention: Mention) -> bool:
        """Whether somebody is surely of a state and his own man, in a text that names others too.

        "Recalled its ambassador", "the crew" may be anybody's.
        """
        owned = any(tree.low(k) in {"its", "their"} for k in tree.kids(mention.head, "nmod:poss"))
        return not owned and mention.how != "pronoun" and not (mention.how == "role" and mention.confidence <= GUESSED)

    def _of_people(self, tree: Tree, mention: Mention) -> Mention:
        """ "Greek growers", "Mongolia's democrats": a state's name with the people whose state it tells."""
        actor, noun = mention.actors[0], tree.head(mention.head)
        owns = base(tree.rel(mention.head)) in {"amod", "compound", "nmod"} and noun > mention.last
        if actor.kind != "state" or not owns or tree.case(mention.head) in PLACED or not self._acts(tree, noun):
            return mention
        who = Actor(
            id=f"{actor.id}:{tree.lemma(noun)}", name=f"{actor.name} {tree.low(noun)}", kind="sector",
            state=actor.state, sector="CVL",
        )  # fmt: skip
        return make_mention(
            tree.sentence, tree.number, mention.first, noun, (who,), "role", mention.confidence, mention.why
        )

    def _acts(self, tree: Tree, noun: int) -> bool:
        """Whether a noun does something or is people, and is neither an act nor a thing itself."""
        token, words = tree.tokens[noun], {tree.low(noun), tree.lemma(noun)}
        if token.upos != "NOUN" or words & (self.deeds | self.things):
            return False
        part = base(token.deprel)
        return part == "nsubj" or (part in {"obj", "iobj"} and bool(words & self.people))

    def _no_party(self, tree: Tree, mention: Mention) -> bool:
        """Whether a mention is a place, a thing that is moved, or who tells the whole sentence."""
        head = mention.head
        part, above = base(tree.rel(head)), tree.head(head)
        if tree.lemma(head) in self.things and part != "nsubj":
            return True  # "put its artillery on alert"
        if part == "nsubj" and above >= 0 and base(tree.rel(above)) == "parataxis":
            return True  # "..., a provincial official said"
        if mention.actors[0].kind != "state":
            return False
        case = tree.case(head)
        if mention.how in TOWNS:
            return part not in {"nsubj", "obj"} and case not in {"on", "against"}
        if part in {"amod", "compound", "nmod"}:
            return not (above >= 0 and tree.lemma(above) in self.deeds)  # "Turkish plans" are plans of the state
        return part not in {"nsubj", "obj", "obl", "iobj", "conj"} or case in {*PLACED, "from", "to"}

    def _nameless(self, tree: Tree, taken: set[int]) -> Iterator[Mention]:
        for i, token in enumerate(tree.tokens):
            if i in taken or token.upos not in {"NOUN", "PROPN", "ADJ"} or base(token.deprel) not in NAMELESS_AS:
                continue
            words = {tree.low(i), tree.lemma(i)}
            if not words & self.people or words & (self.aside | self.things):
                continue
            first = i
            while first > 0 and first - 1 not in taken and tree.tokens[first - 1].upos in LEFT:
                first -= 1
            word = tree.lemma(i)
            actor = Actor(id=NAMELESS + word, name=word, kind="sector", sector="CVL")
            why = f"'{word}' of the only state named"
            yield make_mention(tree.sentence, tree.number, first, i, (actor,), "role", 0.6, why)


def _who(actor: Actor) -> str:
    """Who somebody is for the politics of a state: the state and its government are one."""
    return "GOV" if actor.kind == "state" or (actor.kind == "sector" and actor.sector == "GOV") else actor.id


def _public(parties: Mapping[str, list[Mention]]) -> bool:
    """Whether one of them is no part of the government: a court, a party, a crowd."""
    return any(m.actors[0].sector in PUBLIC for ms in parties.values() for m in ms)


def _numbered(state: str, parties: Mapping[str, list[Mention]]) -> dict[str, list[Mention]]:
    """The first parties of a state, each by a code that tells it from the others: its group's or the state's."""
    found: dict[str, list[Mention]] = {}
    for n, mentions in enumerate(list(parties.values())[:MOST_PARTIES]):
        actor = mentions[0].actors[0]
        code = f"{actor.state or state}{NAMELESS if actor.id.startswith(NAMELESS) else MARK}{n}"
        found[code] = _called(mentions, code)
    return found


def _called(mentions: Sequence[Mention], code: str) -> list[Mention]:
    """The mentions with the code of their party in place of the state's."""
    return [
        msgspec.structs.replace(m, actors=tuple(msgspec.structs.replace(a, state=code) for a in m.actors))
        for m in mentions
    ]


def domestic_opinions(
    judge: PairJudge | None, parties: Parties, document: Document, trees: Sequence[Tree]
) -> list[list[Opinions]]:
    """For every sentence the opinions on the parties of each state that has several there."""
    home = home_of(document, parties.knowledge)
    by_sentence: dict[int, list[Mention]] = {}
    for mention in document.mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    found: list[list[Opinions]] = []
    asked: list[Opinions] = []
    questions: list[Question] = []
    for tree in trees:
        mine: list[Opinions] = []
        here = by_sentence.get(tree.number, [])
        if judge is not None and tree.sentence.vectors is not None and (here or home):
            for code, who in parties.of(tree, here, home).items():
                one = Opinions(tree, who)
                others = _others(here, code)
                mine.append(one)
                asked.append(one)
                questions.append(_question(tree, who, others, one.asked))
        found.append(mine)
    if judge is not None and questions:
        for one, verdicts in zip(asked, judge(questions), strict=True):
            one.answered(verdicts)
    return found


def _others(mentions: Sequence[Mention], home: str) -> Mapping[str, list[Mention]]:
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        for actor in mention.actors:
            if actor.state and actor.state != home:
                found.setdefault(actor.state, []).append(mention)
    return found


def _question(
    tree: Tree, parties: Mapping[str, list[Mention]], others: Mapping[str, list[Mention]],
    pairs: Sequence[tuple[str, str]],
) -> Question:  # fmt: skip
    ranges = [[(m.first, m.last, m.head) for m in ms] for ms in (*parties.values(), *others.values())]
    place = {code: n for n, code in enumerate(parties)}
    vectors = tree.sentence.vectors
    assert vectors is not None
    return Question(tree.tokens, vectors, ranges, [(place[a], place[b]) for a, b in pairs])


def at_home(document: str, event: Event) -> Event:
    """An event between two parties of a state as that state's own."""
    sides = {
        side: tuple(dict.fromkeys(code.partition(MARK)[0] for code in getattr(event, side)))
        for side in ("sources", "targets")
    }
    who = (msgspec.structs.replace(p, state=(p.state or "").partition(MARK)[0] or None) for p in event.participants)
    start = event.anchor.start if event.anchor else event.evidence.start
    name = event_id(document, event.type, event.status, event.sources, event.targets, start)
    return msgspec.structs.replace(event, id=name, participants=tuple(who), **sides)


def is_new(event: Event) -> bool:
    """Whether it is between parties of one state, or of people and a group who have no name or no state of their own.

    An armed group with a code of its own and its state are told apart by all readers.
    """
    sides = (event.sources, event.targets)
    within = all(len({code.partition(MARK)[0] for code in side}) == 1 for side in sides)
    same = within and event.sources[0].partition(MARK)[0] == event.targets[0].partition(MARK)[0]
    return same or any(NAMELESS in code for side in sides for code in side)


def names_side(event: Event) -> bool:
    """Whether its word is what one side is called: "Georgian demonstrators received ministers" tells no protest."""
    at = event.anchor.start if event.anchor else -1
    return any(p.start <= at < p.end for p in event.participants if p.start is not None and p.end is not None)


def same_word(event: Event, told: Event) -> bool:
    """Whether something inside the same state is told by the same word, or of the same type, already."""
    within = told.sources == told.targets == event.sources
    return within and (told.anchor == event.anchor or told.type == event.type)
