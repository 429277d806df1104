"""What the text has mentioned so far, and which of it a later word most likely refers to.

Candidates are ranked as in the salience lists of Lappin and Leass (1994): nearer sentences first,
subjects before others, names before descriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from comity.knowledge import Knowledge
from comity.model import Actor, Mention, Record
from comity.understand.tree import SUBJECTS, Tree

WINDOW = 3
"""How many sentences back a word may refer."""
PAIR_WINDOW = 12
"""How many sentences back a state is still one of "the two countries"."""
KEPT = 60
PLURAL_TAGS = frozenset({"NNS", "NNPS"})


def state_actor(knowledge: Knowledge, code: str) -> Actor:
    """The actor of a code, as a state."""
    return Actor(id=code, name=knowledge.actor_name(code), kind="state", state=code)


class Seen(Record, frozen=True):
    """A mention that later words may refer to; ``gender`` is m, f or unknown ("")."""

    mention: Mention
    subject: bool
    gender: str
    plural: bool

    @property
    def only(self) -> Actor | None:
        """The actor, if it is one."""
        return self.mention.actors[0] if len(self.mention.actors) == 1 else None


class Memory:
    """The mentions of one document, in order; ``states`` says how often it names each state as such."""

    def __init__(self, knowledge: Knowledge, states: Mapping[str, int]) -> None:
        self.knowledge = knowledge
        self.states = states
        self.seen: list[Seen] = []
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
            )
        )
        del self.seen[:-KEPT]
        if mention.how in {"organisation", "seat"} and mention.last > mention.first:
            self.bodies[tree.low(mention.last)] = mention

    def recent(self, number: int, fits: Callable[[Seen], bool]) -> list[Seen]:
        """Fitting candidates for a word of sentence ``number``, best first."""
        ranked = []
        for age, seen in enumerate(reversed(self.seen)):
            gap = number - seen.mention.sentence
            if gap > WINDOW:
                break
            if fits(seen):
                bonus = 1.2 if seen.subject else 0.0
                bonus += 0.3 if seen.mention.how in {"person", "surname"} else 0.0
                ranked.append((gap - bonus + 0.03 * age, age, seen))
        ranked.sort(key=lambda r: r[:2])
        return [r[2] for r in ranked]

    def at(self, number: int, token: int) -> Mention | None:
        """The mention of that sentence that holds the token."""
        return next((s.mention for s in self.here(number) if s.mention.first <= token <= s.mention.last), None)

    def here(self, number: int) -> Iterator[Seen]:
        """What the sentence itself has mentioned so far, latest first."""
        return (s for s in reversed(self.seen) if s.mention.sentence == number)

    def most_in_view(self, number: int, size: int, *, people: bool = False) -> tuple[Actor, ...]:
        """The ``size`` states named most, most lately and most prominently; none if fewer are in view.

        With ``people`` those of the persons named last ("the two presidents").
        """
        weights: dict[str, float] = {}
        order: list[str] = []
        for seen in self.seen:
            gap = number - seen.mention.sentence
            if seen.mention.how in {"city", "territory", "bloc"} or gap > PAIR_WINDOW:
                continue
            if people and all(a.kind != "person" for a in seen.mention.actors):
                continue
            for code in (a.state for a in seen.mention.actors if a.state):
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
