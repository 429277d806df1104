"""What the text has mentioned so far, and which of it a later word most likely refers to.

Candidates are ranked as in the salience lists of Lappin and Leass (1994): nearer sentences first,
subjects before others, names before descriptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from comity.knowledge import Knowledge
from comity.model import Actor, Mention, Record
from comity.understand.actors.salience import Salience
from comity.understand.tree import SUBJECTS, Tree, base

WINDOW = 3
"""How many sentences back a word may refer."""
PAIR_WINDOW = 12
"""How many sentences back a state is still one of "the two countries"."""
KEPT = 60
HE_STILL = 0.4
"""How much more somebody is meant who was a pronoun and the subject already: he is whom the text is about."""
PLURAL_TAGS = frozenset({"NNS", "NNPS"})


TOWNS = frozenset({"capital", "city", "seat", "foreign", "territory"})
WHERE = frozenset({"in", "at", "near", "outside"})
UNJOINED = frozenset({"pronoun", "plural", "bloc", "adjective"})
"""Mentions that are no member of a list of actors."""
PEOPLE = frozenset({"person", "surname"})
LINKS = frozenset({",", "and", "the", "&", "as", "well", "also", "both"})
GROUP_WINDOW = 8
"""How many sentences back three or more were named together that "the three" still are."""
AS_KNOWN = 0.5
PLACES = frozenset({"city", "territory"})
HERE, AFAR = 2.0, 0.7
"""What a town of a state, and what a capital that speaks, tell of where a story happens."""


def state_actor(knowledge: Knowledge, code: str) -> Actor:
    """The actor of a code, as a state."""
    return Actor(id=code, name=knowledge.actor_name(code), kind="state", state=code)


def body_actor(knowledge: Knowledge, code: str) -> Actor:
    """The actor of a code, as an organisation."""
    return Actor(id=code, name=knowledge.actor_name(code), kind="organisation", state=code)


class Seen(Record, frozen=True):
    """A mention that later words may refer to; ``gender`` is m, f or unknown ("")."""

    mention: Mention
    subject: bool
    gender: str
    plural: bool
    place: bool = False
    """Whether it only says where: "met in Geneva"."""
    reacts: bool = False
    """Whether several only say something of what others do: "Russia and France called for restraint"."""

    @property
    def only(self) -> Actor | None:
        """The actor, if it is one."""
        return self.mention.actors[0] if len(self.mention.actors) == 1 else None


class Memory:
    """The mentions of one document, in order.

    ``states`` says how often it names each state as such, ``towns`` how often a town or region of it; ``weights``
    are those of the salience of states; ``titled``: whether its first sentence is a headline.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        states: Counter[str],
        towns: Counter[str],
        weights: Mapping[str, float],
        titled: bool = False,
    ) -> None:
        self.knowledge = knowledge
        self.states = states
        self.towns = towns
        self.titled = titled
        self.seen: list[Seen] = []
        self.sets: list[Seen] = []
        """Actors named together ("Russia, Turkey and Iran"), as one mention of all."""
        self.salience = Salience(states, towns, lambda a: self._state_of(a, at_home=True), weights)
        self.bodies: dict[str, Mention] = {}
        """Organisations by the last word of the names they were called by ("council")."""

    def add(self, tree: Tree, mention: Mention) -> None:
        """Remember a mention; where the text was written from is no part of the story."""
        if tree.sentence.kind == "dateline":
            return
        relation = tree.rel(tree.first_conjunct(mention.head))
        self.seen.append(
            Seen(
                mention=mention,
                subject=relation in SUBJECTS or relation == "root",
                gender=self._gender(mention.actors),
                plural=tree.tokens[mention.head].xpos in PLURAL_TAGS,
                place=mention.how in TOWNS and tree.case(mention.head) in WHERE,
            )
        )
        del self.seen[:-KEPT]
        self._remember_body(tree, mention)

    def _remember_body(self, tree: Tree, mention: Mention) -> None:
        """Remember the last word of an organisation's name, also that of "soldiers of the African Union"."""
        if mention.last <= mention.first:
            return
        word = tree.low(mention.last)
        if mention.how in {"organisation", "seat"}:
            self.bodies[word] = mention
            return
        code = mention.actors[0].state or ""
        named = tree.tokens[mention.last].upos == "PROPN" and mention.head != mention.last
        if named and code in self.knowledge.organisations and len(mention.actors) == 1:
            body = body_actor(self.knowledge, code)
            if body.name.lower().split()[-1] == word:
                self.bodies[word] = msgspec.structs.replace(mention, actors=(body,), how="organisation")

    def close(self, tree: Tree) -> None:
        """At the end of a sentence: remember who was named together in it."""
        if tree.sentence.kind == "dateline":
            return
        self.sets += self._joined(tree)
        del self.sets[:-KEPT]

    def _joined(self, tree: Tree) -> list[Seen]:
        """Those whom the sentence has named together so far."""
        here = sorted(
            (s for s in self.here(tree.number) if s.mention.how not in UNJOINED), key=lambda s: s.mention.first
        )
        found: list[Seen] = []
        for chain in _chains(tree, here):
            actors = _distinct(a for s in chain for a in s.mention.actors)
            if len(actors) > 1:
                first = chain[0].mention
                joined = msgspec.structs.replace(
                    first, end=chain[-1].mention.end, last=chain[-1].mention.last, actors=actors, how="set"
                )
                reacts = self._reacts(tree, first.head)
                found.append(msgspec.structs.replace(chain[0], mention=joined, plural=True, gender="", reacts=reacts))
        return found

    def _reacts(self, tree: Tree, head: int) -> bool:
        """Whether a word is the subject of a verb of reaction."""
        subject = tree.first_conjunct(head)
        verb = tree.head(subject)
        return tree.rel(subject) in SUBJECTS and verb >= 0 and tree.lemma(verb) in self.knowledge.words_of("react")

    def together(self, tree: Tree, head: int) -> tuple[Actor, ...]:
        """Everybody named so far in the coordination that a mention of this sentence heads or stands in."""
        here = sorted(
            (s for s in self.here(tree.number) if s.mention.how not in UNJOINED), key=lambda s: s.mention.first
        )
        for chain in _chains(tree, here):
            if any(s.mention.head == head for s in chain):
                return _distinct(a for s in chain for a in s.mention.actors)
        return ()

    def group(
        self, tree: Tree, i: int, size: int, *, people: bool = False, but: frozenset[str] = frozenset(),
        sides: bool = False,
    ) -> tuple[Actor, ...]:  # fmt: skip
        """The ``size`` actors that "the two", "the four guarantors" are: named together before, else most in view.

        Those whom the sentence of the word ``i`` itself names count too, unless a relative clause holds the word:
        what it tells is rather of others ("Rome and Bonn used the pause that the two governments had kept").
        ``but`` are codes of the other party of the same act, left out where enough others are in view.  ``sides`` of a
        matter are none of those who were named together as its onlookers only.
        """
        # "the two leaders" are those of states or armed groups; who speaks for an organisation is rarely one of them
        bodies = frozenset(self.knowledge.organisations) if people else frozenset()
        apart = any(base(tree.rel(k)) == "acl" for k in (i, *tree.ancestors(i)))
        sets = self.sets if apart else [*self.sets, *self._joined(tree)]
        sets = [s for s in sets if not s.reacts] if sides else sets
        for others in filter(None, dict.fromkeys((but | bodies, but))):
            found = self._group(tree.number, sets, size, people, others)
            if len(found) == size:
                return found
        return self._group(tree.number, sets, size, people, frozenset())

    def _group(
        self, number: int, sets: Sequence[Seen], size: int, people: bool, but: frozenset[str]
    ) -> tuple[Actor, ...]:  # fmt: skip
        view = self.most_in_view(number, size, people=people, but=but)
        for seen in reversed(sets):
            gap = number - seen.mention.sentence
            actors = seen.mention.actors
            if gap > (GROUP_WINDOW if size > 2 else WINDOW) or len({a.state for a in actors if a.state}) != size:
                continue
            if but & {a.state for a in actors} or (people and any(a.kind not in {"person", "state"} for a in actors)):
                continue
            if size > 2 or gap == 0 or self._as_known(actors, view):
                return tuple(self.state(a.state or "") for a in actors)
        return view

    def _as_known(self, actors: tuple[Actor, ...], view: tuple[Actor, ...]) -> bool:
        """Whether a pair named together is named about as often as the pair most in view."""
        if not view:
            return True
        told, most = (sum(self.states.get(a.state or "", 0) for a in pair) for pair in (actors, view))
        return told >= AS_KNOWN * most

    def in_view(self, number: int, allowed: Callable[[str], bool], *, at_home: bool = False) -> Actor | None:
        """The state that "the country", "the government" is: nearest, most prominent, most often named.

        With ``at_home`` words for a body that every state has ("the army", "the central bank"): it is rather of the
        state where the story happens, which its towns tell, than of one that speaks from its own capital.
        """
        weights: dict[str, float] = {}
        for seen in self.seen:
            gap = number - seen.mention.sentence
            if gap > WINDOW or seen.mention.how in {"pronoun", "bloc"}:
                continue
            for code in {self._state_of(a, at_home) for a in seen.mention.actors}:
                if code and allowed(code):
                    weight = (1.5 if seen.subject else 1.0) * 0.5**gap / len(seen.mention.actors)
                    weight *= _nearness(seen) if at_home else 1.0
                    weights[code] = weights.get(code, 0.0) + weight
        people = self._people()
        told = self.states + self.towns if at_home else self.states
        named = {c: told.get(c, 0) + max(0, people.get(c, 0) - 1) for c in {*told, *people}}
        most = max(1, *named.values(), 1)
        best = max(weights, key=lambda c: weights[c] * (0.4 + named.get(c, 0) / most), default=None)
        return self.state(best) if best else None

    def _people(self) -> Counter[str]:
        """How often persons of each state have been named: a text tells of a state by its people alone too."""
        named = (s.only for s in self.seen if s.mention.how in PEOPLE)
        return Counter(state for state, _ in {(a.state, a.id) for a in named if a is not None and a.state})

    def owner(self, tree: Tree, i: int, allowed: Callable[[str], bool]) -> Actor | None:
        """The state whose "government", "army", "police" a word most likely is.

        A passage without a headline is too short for what was learned from whole stories: there a plain rule is right
        more often.
        """
        if not self.titled:
            return self.in_view(tree.number, allowed, at_home=True)
        best = self.salience.best(tree, i, self.seen, allowed)
        return self.state(best) if best else None

    def _state_of(self, actor: Actor, at_home: bool) -> str | None:
        """The state that a mention keeps in view: its own; at home also that of an armed group."""
        if actor.state in self.knowledge.states:
            return actor.state
        group = self.knowledge.groups.get(actor.state or "") if at_home else None
        return group.state if group is not None else None

    def ever(self, fits: Callable[[Seen], bool]) -> list[Seen]:
        """Fitting candidates of the whole text so far, latest first."""
        return [seen for seen in reversed(self.seen) if fits(seen)]

    def recent(self, number: int, fits: Callable[[Seen], bool]) -> list[Seen]:
        """Fitting candidates for a word of sentence ``number``, best first."""
        ranked = []
        pool = [*((0, s) for s in self.sets), *enumerate(reversed(self.seen))]
        for age, seen in pool:
            gap = number - seen.mention.sentence
            if gap <= WINDOW and fits(seen):
                bonus = 1.2 if seen.subject else 0.0
                bonus += 0.3 if seen.mention.how in {"person", "surname"} else 0.0
                bonus += HE_STILL if seen.subject and seen.mention.how == "pronoun" else 0.0
                ranked.append((gap - bonus + 0.03 * age, -seen.mention.start, seen))
        ranked.sort(key=lambda r: r[:2])
        return [r[2] for r in ranked]

    def at(self, number: int, token: int) -> Mention | None:
        """The mention of that sentence that holds the token."""
        return next((s.mention for s in self.here(number) if s.mention.first <= token <= s.mention.last), None)

    def here(self, number: int) -> Iterator[Seen]:
        """What the sentence itself has mentioned so far, latest first."""
        return (s for s in reversed(self.seen) if s.mention.sentence == number)

    def most_in_view(
        self, number: int, size: int, *, people: bool = False, but: frozenset[str] = frozenset()
    ) -> tuple[Actor, ...]:
        """The ``size`` states named most, most lately and most prominently; none if fewer are in view.

        With ``people`` those of the persons named last ("the two presidents"); never those of ``but``.
        """
        weights: dict[str, float] = {}
        order: list[str] = []
        for seen in self.seen:
            gap = number - seen.mention.sentence
            if seen.mention.how in {"city", "territory", "bloc"} or seen.place or gap > PAIR_WINDOW:
                continue
            if people and all(a.kind != "person" for a in seen.mention.actors):
                continue
            for code in (a.state for a in seen.mention.actors if a.state and a.state not in but):
                weights[code] = weights.get(code, 0.0) + (1.5 if seen.subject else 1.0) * 0.75**gap
                order.append(code)
        most = max(self.states.values(), default=1)
        prominent = {c: w if people else w * (0.4 + self.states.get(c, 0) / most) for c, w in weights.items()}
        best = sorted(weights, key=lambda c: -prominent[c])[:size]
        if len(best) < size:
            return ()
        return tuple(self.state(code) for code in sorted(best, key=order.index))

    def state(self, code: str) -> Actor:
        """The actor of a code, as a state."""
        return state_actor(self.knowledge, code)

    def _gender(self, actors: Iterable[Actor]) -> str:
        person = next((a for a in actors if a.kind == "person"), None)
        terms = self.knowledge.terms_of(person.id.partition(":")[2]) if person else ()
        return terms[0].gender if terms else ""


def _nearness(seen: Seen) -> float:
    """How much more a mention tells where the story happens than that somebody acts from afar."""
    if seen.place or seen.mention.how in PLACES:
        return HERE
    return AFAR if seen.mention.how == "capital" and seen.subject else 1.0


def _chains(tree: Tree, seen: Sequence[Seen]) -> Iterator[list[Seen]]:
    """Mentions that follow one another with nothing but commas and "and" between, two only if the parse joins them."""
    chain: list[Seen] = []
    for one in seen:
        if chain and chain[-1].mention.last >= one.mention.first:
            continue
        if chain and not _linked(tree, chain[-1].mention, one.mention):
            yield from _whole(tree, chain)
            chain = []
        chain.append(one)
    yield from _whole(tree, chain)


def _linked(tree: Tree, left: Mention, right: Mention) -> bool:
    between = [tree.low(k) for k in range(left.last + 1, right.first)]
    return bool(between) and all(w in LINKS for w in between)


def _whole(tree: Tree, chain: list[Seen]) -> Iterator[list[Seen]]:
    words = {tree.low(k) for a, b in pairwise(chain) for k in range(a.mention.last, b.mention.first)}
    if len(chain) > 2 and "and" in words:
        yield chain
    elif len(chain) == 2 and "and" in words:
        one, two = (s.mention.head for s in chain)
        if tree.first_conjunct(one) == tree.first_conjunct(two):
            yield chain


def _distinct(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Actors with a code, one a code."""
    return tuple({a.state: a for a in actors if a.state}.values())
