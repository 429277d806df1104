"""Who several are: "the two countries", "both", "the three guarantors", "the former", "each other"."""

from __future__ import annotations

from collections.abc import Sequence

from comity.knowledge import fold
from comity.model import Actor, Mention
from comity.understand.actors.clauses import subjects_over
from comity.understand.actors.memory import PLURAL_TAGS, Memory
from comity.understand.actors.names import Named, Names
from comity.understand.actors.phrases import Phrases, make_mention
from comity.understand.tree import Tree

SIZES = {"pair": 2, "three": 3, "four": 4, "five": 5}
"""How many states "the two countries", "the three neighbours" are."""
SIZES_IN_WORDS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
                  "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
PLACED = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "conj", "root"})
SIDES = frozenset({"sides", "parties"})
ASKED = frozenset({"on", "to", "with", "from", "against"})


class Plurals:
    """Resolves words for several by who was named together, or is most in view."""

    def __init__(self, names: Names, memory: Memory) -> None:
        self.names = names
        self.knowledge = names.knowledge
        self.words = names.knowledge.words_of
        self.memory = memory
        self.coming: Sequence[Mention] = ()
        """What the phrases of the sentence at hand name, before and after the word at hand."""

    def begin(self, phrases: Phrases) -> None:
        """Before the words of a sentence."""
        self.coming = phrases.mentions

    def refer(
        self, tree: Tree, span: tuple[int, int], actors: tuple[Actor, ...], how: str, confidence: float,
        to: Mention | None,
    ) -> Mention:  # fmt: skip
        """A mention of the tokens ``span``, as sure as the mention it refers ``to``."""
        first, last = span
        why = f"'{' '.join(t.text for t in tree.tokens[first : last + 1])}' is {', '.join(a.name for a in actors)}"
        if to is not None:
            why += f", named at {to.start}"
            confidence *= 0.5 + 0.5 * to.confidence
        return make_mention(tree.sentence, tree.number, first, last, actors, how, confidence, why)

    def _definite(self, tree: Tree, i: int) -> bool:
        return bool({tree.low(k) for k in tree.kids(i, "det", "nmod:poss")} & self.words("definite"))

    def several(self, tree: Tree, i: int) -> int:
        """How many are meant by "the two guarantors", "both", "the three"; 0 for no such words."""
        token = tree.tokens[i]
        word = tree.low(i)
        if word in SIZES_IN_WORDS and tree.rel(i) in PLACED and not tree.kids(i, "nmod", "compound"):
            alone = word == "both" or bool(
                {tree.low(k) for k in tree.kids(i, "det", "det:predet")} & {*DEFINITE, "all"}
            )
            return SIZES_IN_WORDS[word] if alone and token.upos in {"NUM", "DET", "PRON"} else 0
        if token.xpos not in PLURAL_TAGS or word not in self.words("several"):
            return 0
        dets = {tree.low(k) for k in tree.kids(i, "det", "det:predet", "cc:preconj")}
        sizes = [SIZES_IN_WORDS[w] for k in tree.kids(i, "nummod") if (w := tree.low(k)) in SIZES_IN_WORDS]
        if sizes:
            return sizes[0] if dets & {*DEFINITE, "all"} else 0
        if word in SIDES and dets & DEFINITE and "both" not in dets:
            return 2 if self.memory.sets and not tree.kids(i, "amod", "compound") else 0
        return 2 if "both" in dets or (word in self._opposed and dets & DEFINITE) else 0

    @property
    def _opposed(self) -> frozenset[str]:
        return frozenset({"neighbours", "neighbors", "rivals", "enemies", "foes", "adversaries", "belligerents"})

    def number(self, tree: Tree, i: int) -> Mention | None:
        """Who "the two guarantors" are: as many as were named together before."""
        if tree.kids(i, "nmod", "nmod:poss"):
            return None
        people = tree.low(i) in self.words("leaders")
        but = self._other_party(tree, i)
        sides = self._are_sides(tree, i)
        actors = self.memory.group(tree, i, self.several(tree, i), people=people, but=but, sides=sides)
        if not actors:
            return None
        first = min([i, *tree.kids(i, "nummod", "det", "amod", "compound")])
        first = first if tree.low(first) not in {"the", "these", "those"} or first == i else first + 1
        return self.refer(tree, (first, i), actors, "plural", 0.8, None)

    def plural(self, tree: Tree, named: Named) -> Mention | None:
        """ "the two countries", "both sides", "the West"."""
        plural = named.entry.plural if named.entry else None
        if plural is None:
            return None
        span = named.first, named.last
        if plural.members:
            some = self._some_of(tree, named, plural.members)
            how = "plural" if some else "bloc"
            return self.refer(tree, span, tuple(map(self.memory.state, some or plural.members)), how, 0.7, None)
        told = tuple(a for m in self.coming if self._of_them(tree, named, m) for a in m.actors if a.state)
        if len(told) > 1:
            return self.refer(tree, span, tuple(self.memory.state(a.state or "") for a in told), "plural", 0.85, None)
        if fold(plural.surface) in {"each other", "one another"}:
            return self._one_another(tree, span)
        size = SIZES.get(plural.kind, 0)
        people = bool(set(fold(plural.surface).split()) & self.knowledge.words_of("leaders"))
        but = self._other_party(tree, named.last)
        sides = self._are_sides(tree, named.last)
        actors = self.memory.group(tree, named.last, size, people=people, but=but, sides=sides) if size else ()
        return self.refer(tree, span, actors, "plural", 0.85, None) if actors else None

    def _are_sides(self, tree: Tree, i: int) -> bool:
        """Whether several are the sides of a matter: so called, or urged by somebody to something."""
        if tree.low(i) in SIDES or tree.low(i) in self._opposed:
            return True
        head = next((k for k in (i, tree.head(i)) if k >= 0 and tree.rel(k) in {"obj", "iobj", "obl"}), -1)
        verb = tree.head(head) if head >= 0 else -1
        return verb >= 0 and tree.lemma(verb) in self.words("react") and tree.case(head) in {"", *ASKED}

    def _other_party(self, tree: Tree, i: int) -> frozenset[str]:
        """ "Clinton met both ministers": who does it to several is none of them."""
        head = next((k for k in (i, tree.head(i)) if k >= 0 and tree.rel(k) in {"obj", "iobj", "obl"}), -1)
        if head < 0 or (tree.rel(head) == "obl" and tree.case(head) not in ASKED):
            return frozenset()
        told = [m for k in subjects_over(tree, head) if (m := self.memory.at(tree.number, k)) is not None]
        return frozenset(a.state for m in told if len(m.actors) == 1 for a in m.actors if a.state)

    @staticmethod
    def _of_them(tree: Tree, named: Named, mention: Mention) -> bool:
        """ "the two republics of Abkhazia and South Ossetia": one of those that "of" names."""
        if named.last + 1 >= len(tree) or tree.low(named.last + 1) != "of" or mention.first <= named.last:
            return False
        return tree.head(tree.first_conjunct(mention.head)) in range(named.first, named.last + 1)

    def _some_of(self, tree: Tree, named: Named, members: Sequence[str]) -> tuple[str, ...]:
        """ "The two Nordic countries, Finland and Sweden": as many of a bloc as are told of, none where nobody says."""
        size = SIZES_IN_WORDS.get(tree.low(named.first - 1), 0) if named.first else 0
        if not 1 < size < len(members):
            return ()
        ahead = [a.state for m in self.coming if m.first > named.last for a in m.actors if a.state in members]
        before = [a.state for s in reversed(self.memory.seen) for a in s.mention.actors if a.state in members]
        told = tuple(dict.fromkeys(c for c in (*ahead, *before) if c))[:size]
        return told if len(told) == size else ()

    def former(self, tree: Tree, i: int) -> Mention | None:
        """ "The former frees forty prisoners": the first or the last of those named together before."""
        if not self._definite(tree, i):
            return None
        for seen in reversed(self.memory.sets):
            if tree.number - seen.mention.sentence <= 1:
                actors = seen.mention.actors
                chosen = actors[0] if tree.low(i) == "former" else actors[-1]
                return self.refer(tree, (i, i), (chosen,), "role", 0.8, seen.mention)
        return None

    def _one_another(self, tree: Tree, span: tuple[int, int]) -> Mention | None:
        """ "They shot at each other": the subjects, all of them."""
        for subject in subjects_over(tree, span[0]):
            told = self.memory.at(tree.number, subject)
            if told is not None:
                actors = self.memory.together(tree, told.head)
                actors = actors if len(actors) > 1 else told.actors
                if len(actors) > 1:
                    return self.refer(tree, span, actors, "plural", 0.85, told)
        actors = self.memory.group(tree, span[0], 2)
        return self.refer(tree, span, actors, "plural", 0.7, None) if actors else None


def tells_number(named: Named) -> bool:
    """Whether words of the table say who or how many are meant ("the two sides", "the Baltic states")."""
    return named.entry is not None and named.entry.plural is not None and named.entry.plural.kind != "vague"
