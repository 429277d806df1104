"""Where an event happened: the city or country that its own clause names after in, at or near."""

from __future__ import annotations

from collections.abc import Mapping

from comity.knowledge import City, Knowledge, fold
from comity.model import Mention, Place
from comity.understand.arguments import Arguments
from comity.understand.tree import Tree

WHERE = frozenset({"in", "at", "near", "outside", "inside", "around", "off"})
PLACES = frozenset({"city", "capital", "name", "territory", "foreign", "damaged"})


class Gazette:
    """Cities by folded name with their coordinates, capitals and large ones first."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._capitals: Mapping[str, City] = {c.country: c for c in reversed(knowledge.cities) if c.capital}

    def place(self, tree: Tree, arguments: Arguments, predicate: int, carrier: int) -> Place | None:
        """The place of the act at these tokens, None where the clause names none."""
        for node in dict.fromkeys((carrier, predicate)):
            for kid in tree.kids(node, "obl", "nmod"):
                mention = arguments.mention(kid)
                if tree.case(kid) in WHERE and mention is not None and mention.how in PLACES:
                    return self._of(mention, tree)
        return None

    def _of(self, mention: Mention, tree: Tree) -> Place:
        text = " ".join(t.text for t in tree.tokens[mention.first : mention.last + 1])
        code = mention.actors[0].state
        if mention.how in {"city", "capital"}:
            known = [c for c in self.knowledge.cities_named(fold(text)) if c.country == code]
            city = known[0] if known else self._capitals.get(code or "") if mention.how == "capital" else None
            if city is not None:
                return Place(name=city.name, country=code, lat=city.lat, lon=city.lon)
        return Place(name=text, country=code)
