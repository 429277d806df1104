"""Descriptions that only knowledge of the world resolves: the OPEC member, its former colony, the former bishop.

A kind of state is a set of codes (``state_classes.csv``: the Mediterranean island, the Horn of Africa nation); the
words before the noun narrow it.  Of a set the state most in view is meant; a set of one needs nobody to have named it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

from comity.knowledge import Knowledge, fold
from comity.model import Actor, Mention
from comity.understand.actors.memory import PLURAL_TAGS, Memory, Seen
from comity.understand.tree import SUBJECTS, Tree

COLONY: Final = frozenset({"colony", "protectorate", "possession", "dependency"})
POWER: Final = frozenset({"power", "ruler", "master", "overlord"})
RULED: Final = frozenset({"occupier", "coloniser", "colonizer"})
"""Words for a power that tell by themselves that it ruled another."""
POWERS: Final = ("GBR", "FRA", "ESP", "PRT", "BEL", "NLD", "DEU", "ITA", "JPN", "USA", "DNK", "RUS", "ZAF", "IDN")
PAST: Final = frozenset(
    {"former", "ex", "old", "one-time", "onetime", "erstwhile", "deposed", "ousted", "toppled", "overthrown", "fallen",
     "exiled", "unseated", "dismissed", "departed", "late"}
)  # fmt: skip
MEMBER: Final = frozenset({"member", "founder"})
KIN: Final = frozenset({"daughter", "son", "widow", "heir"})
"""Nouns whose owner is somebody else ("the dictator's daughter")."""


class Epithets:
    """Answers for one document; ``beside`` gives the other parties of the same act, ``on`` the day of a sentence."""

    def __init__(
        self,
        knowledge: Knowledge,
        memory: Memory,
        beside: Callable[[Tree, int, bool], set[str]],
        on: Callable[[int], date],
    ) -> None:
        self.on = on
        self.knowledge = knowledge
        self.memory = memory
        self.beside = beside

    def state(self, tree: Tree, i: int, coming: Sequence[Mention]) -> Actor | None:
        """The state that "its former colony", "the former colonial power", "the OPEC member" is."""
        noun = tree.lemma(i)
        if noun in COLONY and self._past(tree, i):
            return self._colony(tree, i, coming)
        if noun in RULED or (noun in POWER and self._colonial(tree, i)):
            return self._coloniser(tree, i)
        if noun in MEMBER:
            return self._member(tree, i, coming)
        return None

    def _past(self, tree: Tree, i: int) -> bool:
        return any(fold(tree.low(k)) in PAST for k in range(max(0, i - 4), i))

    def _colonial(self, tree: Tree, i: int) -> bool:
        return any(tree.low(k).startswith("coloni") for k in range(max(0, i - 3), i))

    def _colony(self, tree: Tree, i: int, coming: Sequence[Mention]) -> Actor | None:
        owners = {
            a.state for m in self._inside(tree, i, coming) for a in m.actors if a.state and a.state in POWERS
        }  # fmt: skip
        if not owners and tree.kids(i, "nmod:poss"):
            owners = self.beside(tree, i, False) & set(POWERS) or self._powers_in_view(tree.number)
        known = self._colonies(owners or POWERS) - owners - self.beside(tree, i, False)
        ahead = [a for m in coming for a in m.actors if a.state in known and a.kind == "state"]
        return self.memory.in_view(tree.number, lambda c: c in known) or next(iter(ahead), None)

    def _powers_in_view(self, number: int) -> set[str]:
        found = self.memory.in_view(number, lambda c: c in POWERS)
        return {found.state} if found is not None and found.state else set()

    def _coloniser(self, tree: Tree, i: int) -> Actor | None:
        """Who once ruled the state most in view."""
        ruled = self._colonies(POWERS)
        beside = self.beside(tree, i, False)
        found = self.memory.in_view(tree.number, lambda c: c in ruled)
        if found is None or not found.state:
            return None
        powers = [p for p in POWERS if found.state in self._colonies([p]) and p not in beside]
        shown = self.memory.in_view(tree.number, lambda c: c in powers)
        return shown or (self.memory.state(powers[0]) if powers else None)

    def _colonies(self, powers: Iterable[str | None]) -> set[str]:
        classes = self.knowledge.state_classes
        return {c for p in powers if p for c in classes.get(f"colony of {p.lower()}", ())}

    def _member(self, tree: Tree, i: int, coming: Sequence[Mention]) -> Actor | None:
        bodies = [
            body
            for m in self._inside(tree, i, coming)
            for a in m.actors
            if (body := self.knowledge.organisations.get(a.id)) is not None and body.members
        ]
        if not bodies or tree.tokens[i].xpos in PLURAL_TAGS:
            return None
        members = set(bodies[0].members)
        beside = self.beside(tree, i, False)
        return self.memory.in_view(tree.number, lambda c: c in members and c not in beside)

    def _inside(self, tree: Tree, i: int, coming: Sequence[Mention]) -> list[Mention]:
        """Mentions inside the phrase that the noun heads, before it."""
        here = (*coming, *(s.mention for s in self.memory.here(tree.number)))
        return [m for m in here if m.sentence == tree.number and i - 6 <= m.first <= m.last <= i and _under(tree, m, i)]

    # -- people ------------------------------------------------------------------------------------------

    def person(self, tree: Tree, i: int) -> Seen | None:
        """The person named before whom "the former bishop", "the 93-year-old", "the Republican" describes."""
        if tree.tokens[i].xpos in PLURAL_TAGS or not self._described(tree, i):
            return None
        beside = self.beside(tree, i, True)
        found = self.memory.recent(
            tree.number, lambda s: _is_person(s) and s.only is not None and s.only.id not in beside
        )
        acted_on = self._object_gender(tree, i)
        found = sorted(found, key=lambda s: acted_on != "" and s.gender == acted_on)
        was = [s for s in found if self._was(tree, i, s)] if found else []
        return was[0] if was else found[0] if found else None

    def _object_gender(self, tree: Tree, i: int) -> str:
        """ "The poet kissed her": m or f where a pronoun tells to whom the act is done, who is somebody else."""
        verb = tree.head(i)
        if verb < 0 or tree.rel(i) not in SUBJECTS:
            return ""
        done_to = {tree.low(k) for k in tree.kids(verb, "obj", "iobj")}
        genders = {"she": "f", "he": "m"}
        return next((g for kind, g in genders.items() if done_to & self.knowledge.words_of(kind)), "")

    def _was(self, tree: Tree, i: int, seen: Seen) -> bool:
        """Whether the tables say that somebody held the office of "the ex-president" and holds it no more."""
        noun = tree.lemma(i).removeprefix("ex-")
        terms = self.knowledge.terms_of(seen.mention.actors[0].id.partition(":")[2])
        return any(noun in t.title.lower() and t.until is not None and t.until < self.on(tree.number) for t in terms)

    @staticmethod
    def first(tree: Tree, i: int) -> int:
        """Where "39-year-old" begins; of other words the word itself."""
        if tree.low(i) not in {"old", "year-old"}:
            return i
        return next((k for k in range(max(0, i - 5), i) if tree.tokens[k].upos == "NUM"), i)

    def former(self, tree: Tree, i: int) -> bool:
        """Whether a noun tells what somebody was ("the former Texas governor")."""
        return any(tree.low(k) in PAST for k in tree.kids(i, "amod"))

    def _described(self, tree: Tree, i: int) -> bool:
        """Whether a noun with its article tells of a person who is known already."""
        inside = [tree.low(k) for k in range(max(0, i - 6), i)]
        if {tree.low(k) for k in tree.kids(i, "det")} & {"a", "an", "another"}:
            return False
        if "the" not in {tree.low(k) for k in tree.kids(i, "det")} and "the" not in inside[-6:]:
            return False
        noun = tree.lemma(i)
        if noun == "old" or tree.low(i) in {"year-old"} or tree.low(i).endswith("year-old"):
            return tree.tokens[i].upos in {"NOUN", "ADJ"} and "year" in " ".join([*inside, tree.low(i)])
        if tree.kids(i, "nmod:poss") and noun not in KIN:
            return False
        if tree.low(i).startswith("ex-") or (i and tree.low(i - 1) == "-" and tree.low(i - 2) == "ex"):
            return tree.tokens[i].upos in {"NOUN", "ADJ"}
        return noun in self.knowledge.words_of("figure") or (self.former(tree, i) and tree.tokens[i].upos == "NOUN")


def _under(tree: Tree, mention: Mention, i: int) -> bool:
    """Whether a mention belongs to the phrase of the noun ``i``."""
    return i in {mention.head, *tree.ancestors(mention.head)}


def _is_person(seen: Seen) -> bool:
    one = seen.only
    return one is not None and one.kind == "person" and one.state is not None
