"""Where an event happened: the town, sea or country that its own clause names after in, at or near.

Of several places of one name the one is taken whose country the text names beside it ("Tripoli, Lebanon"), else one
in a country of the sentence, else a capital or the largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from comity.knowledge import City, Knowledge, fold
from comity.knowledge.towns import towns
from comity.model import Mention, Place
from comity.understand.arguments import Arguments
from comity.understand.tree import Tree, base

WHERE = frozenset({"in", "at", "near", "outside", "inside", "around", "off", "over", "above", "across", "throughout"})
ONTO = frozenset({"to", "into", "on", "for", "towards", "toward", "from"})
LEADING = frozenset({*WHERE, *ONTO, "of"})
PLACES = frozenset({"city", "capital", "name", "territory", "foreign", "damaged"})
MOTION = frozenset(
    {"fly", "travel", "go", "come", "arrive", "return", "land", "march", "advance", "head", "sail", "move", "withdraw",
     "cross", "fall", "retreat", "send", "deploy"}
)  # fmt: skip
COMPASS = frozenset("north south east west northeast northwest southeast southwest".split())
TAKING = frozenset(
    {"shell", "bomb", "bombard", "capture", "seize", "take", "storm", "besiege", "raid", "occupy", "enter", "attack",
     "hit", "strike", "recapture", "retake", "liberate", "invade", "visit", "reach", "leave", "evacuate", "defend",
     "lose", "surround", "approach", "hold", "overrun", "encircle", "blockade"}
)  # fmt: skip
CLAUSES_APART = frozenset({"advcl", "acl", "ccomp", "parataxis"})
"""Clauses that have a place of their own: what is said in Hanoi did not happen there."""
NO_SITES = frozenset(
    {"request", "behest", "invitation", "expense", "side", "insistence", "initiative", "pressure", "order"}
)
"""Nouns whose possessor is no place ("at Washington's request")."""
NO_TOWNS = frozenset(
    {"north", "south", "east", "west", "centre", "center", "union", "republic", "march", "may", "friday"}
)
NO_PLACES = frozenset({"name", "person", "surname", "organisation", "group", "adjective", "demonym", "seat", "epithet"})
LONGEST = 4
DEEPEST = 3


class Gazette:
    """Finds the places of acts."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._capitals: Mapping[str, City] = {c.country: c for c in reversed(knowledge.cities) if c.capital}

    def place(self, tree: Tree, arguments: Arguments, predicate: int, carrier: int) -> Place | None:
        """The place of the act at these tokens, a town rather than a country; None where the clause names none."""
        country: Place | None = None
        for node in self._where(tree, predicate, carrier):
            found = self._at(tree, arguments, node)
            if found is not None and found.lat is not None:
                return found
            country = country or found
        return country

    def _where(self, tree: Tree, predicate: int, carrier: int) -> Iterator[int]:
        """Nouns that may tell where, likeliest first: of the act, of its objects, of the clause above."""
        nodes = list(dict.fromkeys((carrier, predicate)))
        for node in nodes:
            if tree.lemma(node) in TAKING:
                yield from tree.kids(node, "obj", "nsubj:pass")
        for node in nodes:
            near = tree.kids(node, "obl", "nmod", "advmod")
            near += [k for n in near if tree.low(n) in COMPASS for k in tree.kids(n, "obl", "nmod")]
            yield from (k for k in near if self._tells(tree, node, k))
        for node in nodes:
            yield from self._below(tree, node, DEEPEST)
        for below, node in pairwise([carrier, *tree.ancestors(carrier)]):
            if base(tree.rel(below)) in CLAUSES_APART:
                break
            yield from (k for k in tree.kids(node, "obl") if _where(tree, k))

    def _tells(self, tree: Tree, node: int, kid: int) -> bool:
        return _where(tree, kid) or (tree.case(kid) in ONTO and tree.lemma(node) in MOTION)

    def _below(self, tree: Tree, node: int, depth: int) -> Iterator[int]:
        """ "took hostages at the plant in In Amenas": phrases that hang deeper."""
        for kid in tree.kids(node, "obj", "obl", "nmod", "xcomp", "nsubj", "nsubj:pass", "conj"):
            if _where(tree, kid):
                yield kid
            if depth > 1 and (tree.rel(kid) == "xcomp" or not tree.is_verbal(kid)):
                yield from self._below(tree, kid, depth - 1)

    def _at(self, tree: Tree, arguments: Arguments, node: int, depth: int = DEEPEST) -> Place | None:
        """The place that a noun names, or the one after it ("the port of Hodeidah", "the gate of Kabul airport")."""
        named = self._town(tree, arguments, node)
        if named is not None:
            return named
        mention = arguments.mention(node)
        if mention is not None and mention.how in PLACES and mention.head == node:
            inner = (self._town(tree, arguments, k) for k in tree.kids(node, "compound"))
            return next(filter(None, inner), None) or self._of(mention, tree)
        if tree.lemma(node) in NO_SITES:
            return None
        for kid in tree.kids(node, "nmod", "compound", "appos", "flat", "nmod:poss", "nmod:desc"):
            if tree.rel(kid) in {"compound", "appos", "flat", "nmod:poss", "nmod:desc"} or tree.case(kid) in LEADING:
                deeper = self._at(tree, arguments, kid, depth - 1) if depth else None
                if deeper is not None and deeper.lat is not None:
                    return deeper
        return None

    def _town(self, tree: Tree, arguments: Arguments, node: int) -> Place | None:
        """The longest name of the table that covers a token."""
        table = towns()
        folded = [fold(t.text) for t in tree.tokens]
        for size in range(LONGEST, 0, -1):
            for first in range(max(0, node - size + 1), min(node, len(folded) - size) + 1):
                key = _joined(folded[first : first + size])
                known = table.get(key)
                if known and key not in NO_TOWNS and self._is_name(tree, arguments, first, first + size - 1):
                    city = self._which(known, tree, arguments, first, first + size - 1)
                    name = span_text(tree, first, first + size - 1)
                    return Place(name=name, country=city.country or None, lat=city.lat, lon=city.lon)
        return None

    def _is_name(self, tree: Tree, arguments: Arguments, first: int, last: int) -> bool:
        """Whether the words are a proper name of a place here, and not those of a state, a person or a body."""
        words = tree.tokens[first : last + 1]
        if not words[0].text[:1].isupper() or not words[-1].text[:1].isupper():
            return False
        if any(t.entity.endswith("PER") for t in words):
            return False
        if first == last and words[0].upos not in {"PROPN", "X"} and not words[0].entity.endswith("LOC"):
            return False
        mention = arguments.mention(first)
        inside = mention is not None and mention.first <= first and last <= mention.last
        return not inside or mention is None or mention.how not in NO_PLACES

    def _which(self, known: Sequence[City], tree: Tree, arguments: Arguments, first: int, last: int) -> City:
        """Of several places of one name that of the country named beside it, else of a country of the sentence."""
        if len(known) == 1:
            return known[0]
        beside = {m.actors[0].state for k in range(last + 1, min(last + 4, len(tree))) if (m := arguments.mention(k))}
        beside |= {m.actors[0].state for k in range(max(0, first - 4), first) if (m := arguments.mention(k))}
        every = {a.state for k in range(len(tree)) if (m := arguments.mention(k)) for a in m.actors}
        for codes in (beside, every):
            fitting = [c for c in known if c.country in codes]
            if fitting:
                return fitting[0]
        return known[0]

    def _of(self, mention: Mention, tree: Tree) -> Place:
        text = " ".join(t.text for t in tree.tokens[mention.first : mention.last + 1])
        code = mention.actors[0].state
        city = self._capitals.get(code or "") if mention.how == "capital" else None
        if city is not None:
            return Place(name=city.name, country=code, lat=city.lat, lon=city.lon)
        return Place(name=text, country=code)


def _where(tree: Tree, i: int) -> bool:
    """Whether a noun is said to be where something is ("at", "near", "south of"; "at In Amenas" has two such words)."""
    if not WHERE.isdisjoint(tree.case(i).split()):
        return True
    return any(tree.low(k) == "of" and k > 0 and tree.low(k - 1) in COMPASS for k in tree.kids(i, "case"))


def span_text(tree: Tree, first: int, last: int) -> str:
    """The words of a place as the text has them."""
    words = tree.tokens[first : last + 1]
    return "".join(a.text + (" " if b.start > a.end else "") for a, b in pairwise(words)) + words[-1].text


def _joined(words: Sequence[str]) -> str:
    """Folded words as the table has them: one blank between, none at hyphens and apostrophes."""
    return fold(" ".join(words).replace(" - ", "-").replace(" 's", "'s"))
