"""Which of the states in view "the government", "the army", "police" are of: a choice learned from our own stories.

Each state is described by where and how the text has named it so far, in the manner of the salience factors of
Lappin and Leass (1994); the weights of a conditional logit come from ``training/refer.py``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Protocol

import msgspec

from comity.model import Actor, Mention
from comity.understand.actors.clauses import verb_over
from comity.understand.tree import Tree

FAR = 4
"""Sentences from which on all that was said is equally far."""
NEAR = 3
NAMING = frozenset({"name", "person", "adjective", "capital", "organisation", "group"})
TOWNS = frozenset({"city", "territory"})


class Named(Protocol):
    """What is remembered of a mention."""

    @property
    def mention(self) -> Mention: ...
    @property
    def subject(self) -> bool: ...
    @property
    def place(self) -> bool: ...


class Candidate(msgspec.Struct, frozen=True):
    """A state that may be meant, with the features that speak for it and against it."""

    code: str
    features: dict[str, float]


class Salience:
    """Weighs the states in view of one document.

    ``states`` says how often the document names each state, ``towns`` how often a town of it; ``state_of`` gives
    the code under which an actor keeps a state in view. The first sentence is taken to be the headline.
    """

    def __init__(
        self,
        states: Counter[str],
        towns: Counter[str],
        state_of: Callable[[Actor], str | None],
        weights: Mapping[str, float],
    ) -> None:
        self.states = states
        self.towns = towns
        self.state_of = state_of
        self.weights = weights

    def best(self, tree: Tree, i: int, seen: Sequence[Named], allowed: Callable[[str], bool]) -> str | None:
        """The code of the likeliest state for the word ``i``, None where no state is in view."""
        found = list(self.candidates(tree, i, seen, allowed))
        return max(found, key=lambda c: self.weight(c.features)).code if found else None

    def weight(self, features: Mapping[str, float]) -> float:
        """The logit of a candidate, up to what all share."""
        return sum(self.weights.get(k, 0.0) * v for k, v in features.items())

    def candidates(
        self, tree: Tree, i: int, seen: Sequence[Named], allowed: Callable[[str], bool]
    ) -> Iterator[Candidate]:  # fmt: skip
        """The states of the last sentences and those that the document is most about, lately named first."""
        coded = [(s, frozenset(filter(None, map(self.state_of, s.mention.actors)))) for s in seen]
        near = [code for s, codes in reversed(coded) if tree.number - s.mention.sentence <= NEAR for code in codes]
        if not any(map(allowed, near)):
            return
        most = [code for code, _ in self.states.most_common(3)]
        for code in filter(allowed, dict.fromkeys((*near, *most))):
            yield Candidate(code, self._features(tree, i, code, coded))

    def _features(
        self, tree: Tree, i: int, code: str, coded: Sequence[tuple[Named, frozenset[str]]]
    ) -> dict[str, float]:  # fmt: skip
        number = tree.number
        mine = [s for s, codes in coded if code in codes]
        found = {
            "share of names": self.states.get(code, 0) / max(1, *self.states.values(), 1),
            "share of towns": self.towns.get(code, 0) / max(1, *self.towns.values(), 1),
        }
        if not mine:
            return found | {"unseen": 1.0}
        near = [s for s in mine if number - s.mention.sentence <= NEAR]
        persons = sum(s.mention.actors[0].kind == "person" for s in near)
        found |= {
            f"gap {min(number - mine[-1].mention.sentence, FAR)}": 1.0,
            "last a place": float(mine[-1].place),
            "mentions": math.log1p(len(mine)),
            "mentions near": math.log1p(len(near)),
            "subjects": math.log1p(sum(s.subject for s in mine)),
            "persons near": math.log1p(persons),
            "bodies near": math.log1p(len(near) - persons),
            "named near": math.log1p(sum(s.mention.how in NAMING for s in near)),
            "towns near": math.log1p(sum(s.mention.how in TOWNS or s.place for s in near)),
            "capital speaks": math.log1p(sum(s.mention.how == "capital" and s.subject for s in near)),
            "in the title": float(any(s.mention.sentence == 0 for s in mine)),
            "subject of the title": float(any(s.mention.sentence == 0 and s.subject for s in mine)),
            "subject of the lead": float(any(s.mention.sentence == 1 and s.subject for s in mine)),
            "subject before": float(any(s.subject and number - s.mention.sentence == 1 for s in mine)),
            "subject here": float(any(s.subject and number == s.mention.sentence for s in mine)),
        }
        here = [(s, codes) for s, codes in coded if s.mention.sentence == number]
        before = [codes for s, codes in coded if s.mention.sentence == number - 1]
        if before:
            found["first before"] = float(code in before[0])
        if here:
            found |= {"first here": float(code in here[0][1]), "last here": float(code in here[-1][1])}
            found |= _clauses(tree, i, [s for s, codes in here if code in codes])
        return found


def _clauses(tree: Tree, i: int, here: Sequence[Named]) -> dict[str, float]:
    """How the clause of a word lies to those in which a state has been named in its sentence."""
    verb = verb_over(tree, i)
    verbs = [(s, verb_over(tree, s.mention.head)) for s in here]
    above = set(tree.ancestors(verb)) if verb >= 0 else set[int]()
    return {
        "same clause": float(any(v == verb for _, v in verbs)),
        "clause above": float(any(v in above for _, v in verbs)),
        "subject above": float(any(v in above and s.subject for s, v in verbs)),
    }


def load_weights() -> dict[str, float]:
    """The shipped weights."""
    data = (files("comity.understand.actors") / "salience.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, float])
