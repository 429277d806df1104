"""Kinds of actors: which states are islands or kingdoms, whose neighbour lies north, which body is a bloc."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import atan2, cos, hypot, radians
from types import MappingProxyType

from comity.knowledge import Knowledge, fold
from comity.understand.tree import Tree

COMPASS: Mapping[str, float] = MappingProxyType(
    {"northern": 90, "north": 90, "southern": -90, "south": -90, "eastern": 0, "east": 0, "western": 180, "west": 180,
     "northeastern": 45, "north-eastern": 45, "southeastern": -45, "south-eastern": -45, "northwestern": 135,
     "north-western": 135, "southwestern": -135, "south-western": -135}
)  # fmt: skip
TOWARDS = 0.45
"""Least cosine between where a neighbour lies and the word for it: up to 63 degrees off."""
OVERSEAS = 0.3
"""How much less a neighbour over the sea is meant than one by land."""
BODY_KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "bloc": frozenset({"igo", "alliance"}),
        "alliance": frozenset({"alliance"}),
        "organisation": frozenset({"igo", "alliance", "ngo"}),
        "organization": frozenset({"igo", "alliance", "ngo"}),
        "grouping": frozenset({"igo"}),
        "club": frozenset({"igo"}),
        "body": frozenset({"igo"}),
        "pact": frozenset({"alliance"}),
        "court": frozenset({"court"}),
        "tribunal": frozenset({"court"}),
        "bank": frozenset({"bank"}),
        "lender": frozenset({"bank"}),
        "company": frozenset({"company"}),
        "firm": frozenset({"company"}),
        "newspaper": frozenset({"media"}),
        "paper": frozenset({"media"}),
        "party": frozenset({"party"}),
    }
)
MILITARY = frozenset({"NATO", "CSTO", "WARSAWPACT"})


class Classes:
    """Answers which codes a noun with its adjectives may stand for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.classes = knowledge.state_classes

    def states(self, tree: Tree, i: int) -> frozenset[str] | None:
        """The states that the noun ``i`` with its adjectives fits, None where the words tell no kind of state."""
        return self._told(tree, i)[0]

    def only(self, tree: Tree, i: int) -> str | None:
        """The one state that a noun fits with every word before it ("the Pacific kingdom")."""
        found, whole = self._told(tree, i)
        return next(iter(found)) if found is not None and len(found) == 1 and whole else None

    def _told(self, tree: Tree, i: int) -> tuple[frozenset[str] | None, bool]:
        """The states that fit, and whether every word in front of the noun told something."""
        noun, plural = _singular(fold(tree.low(i))), fold(tree.low(i))
        found = self.classes.get(plural, self.classes.get(noun))
        words = [*self._before(tree, i), noun]
        used: set[int] = set()
        for size in (4, 3, 2):
            for start in range(len(words) - size + 1):
                span = range(start, start + size)
                kind = self.classes.get(" ".join(words[start : start + size]))
                if kind is not None and not used & set(span):
                    found = _both(found if start + size < len(words) else None, kind)
                    used.update(span)
        for at, word in enumerate(words[:-1]):
            if at not in used and (found is not None or noun in STATE_NOUNS) and word in self.classes:
                found = _both(found, self.classes[word])
                used.add(at)
        return found, len(words) > 1 and set(range(len(words) - 1)) <= used

    @staticmethod
    def _before(tree: Tree, i: int) -> list[str]:
        """The folded words between the article and the noun, parts of a hyphened one joined."""
        start = i
        while start > 0 and i - start < REACH and tree.tokens[start - 1].upos not in STOPS:
            start -= 1
        told = " ".join(fold(tree.low(k)) for k in range(start, i))
        return told.replace(" - ", "-").split()

    def neighbours(self, code: str, directions: Iterable[str]) -> dict[str, float]:
        """The neighbours of a state with how well they lie in a direction (1 straight); all 0 without directions."""
        land = self.knowledge.land_of.get(code)
        if land is None:
            return {}
        told = [COMPASS[d] for d in directions if d in COMPASS]
        found: dict[str, float] = {}
        for other in (self.knowledge.land_of.get(n) for n in (*land.neighbours, *land.sea)):
            if other is None:
                continue
            east = (other.lon - land.lon) * cos(radians(land.lat))
            angle = atan2(other.lat - land.lat, east)
            fit = cos(angle - radians(told[0])) if told and hypot(east, other.lat - land.lat) else 0.0
            if not told or fit >= TOWARDS:
                found[other.state] = fit - (OVERSEAS if told and other.state in land.sea else 0.0)
        return found

    def is_body(self, noun: str, code: str, *, by_name: bool) -> bool:
        """Whether an organisation can be called by that noun: by a word of its name, or else by its kind."""
        organisation = self.knowledge.organisations.get(code)
        if organisation is None:
            return False
        if not by_name:
            military = noun in {"alliance", "pact"} and code in MILITARY
            return military or organisation.kind in BODY_KINDS.get(noun, ())
        named = {w for s in organisation.surfaces for w in fold(s).split()}
        return noun.replace("isation", "ization") in {w.replace("isation", "ization") for w in named}


REACH = 6
"""Words before a noun that may tell what kind of state it is."""
STOPS = frozenset({"DET", "VERB", "AUX", "PRON", "CCONJ", "SCONJ", "PART"})

STATE_NOUNS = frozenset(
    {"country", "state", "nation", "republic", "kingdom", "monarchy", "emirate", "island", "neighbour", "neighbor",
     "economy", "power", "giant", "member", "territory", "theocracy", "superpower", "enclave", "statelet", "producer",
     "exporter", "democracy", "dictatorship", "autocracy", "land", "peninsula", "region", "province"}
)  # fmt: skip


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _both(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    return one & two or two
