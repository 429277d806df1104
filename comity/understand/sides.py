"""Where a frame says its source and target stand, and who stands there."""

from __future__ import annotations

from collections.abc import Sequence

from comity.knowledge.frames import Lexicon
from comity.understand.arguments import Arguments, Hit, distinct
from comity.understand.matching import FrameMatcher
from comity.understand.tree import SUBJECTS, Tree, base

# Prepositions whose phrase parsers often hang on a neighbour of the verb ("met by video with Uganda").
LOOSE = frozenset({"with", "against", "between", "on", "to", "from", "over"})
# "at the request of", "under pressure from": the clause's subject is who was asked
ON_WORD = frozenset({"at", "upon", "on", "under", "after", "following"})
# Names of towns: a meeting may be called by one.
TOWNS = frozenset({"capital", "city", "territory"})


class Sides:
    """Finds the actors at the places of a frame."""

    def __init__(self, tree: Tree, arguments: Arguments, lexicon: Lexicon, match: FrameMatcher) -> None:
        self.tree = tree
        self.args = arguments
        self.lexicon = lexicon
        self.match = match

    def places(self, i: int, carrier: int, places: Sequence[str], avoid: Sequence[Hit] = ()) -> list[Hit]:
        """Actors at the first of the places that has any not already among ``avoid``."""
        taken = {hit.actor.id for hit in avoid}
        taken_codes = {hit.actor.state for hit in avoid}
        fallback: list[Hit] = []
        for place in places:
            hits = [h for h in self.place(i, carrier, place) if h.actor.id not in taken]
            others = [h for h in hits if h.actor.state not in taken_codes]
            if others:
                return distinct(others)
            fallback = fallback or hits
        return distinct(fallback)

    def place(self, i: int, carrier: int, place: str) -> list[Hit]:
        """Actors at one place of the word ``i``, whose clause is that of ``carrier``."""
        name, _, detail = place.partition(":")
        noun = self.tree.tokens[i].upos in {"NOUN", "PROPN"}
        if name == "subj":
            return self._subject(i, carrier, noun)
        if name == "obj":
            return self._object(i, carrier, noun)
        if name == "iobj":
            return [h for k in self.tree.kids(carrier, "iobj") for h in self.args.phrase(k)]
        if name in {"poss", "amod", "compound"}:
            return self._possessor(i, noun)
        if name == "comp":
            return self._complement(i)
        if name == "says":
            return self._reporter(i)
        if name == "in front of":
            return [h for k in self.match.prep_nodes(i, name) for h in self.args.phrase(k)]
        if name == "clause":
            return self.args.subject(self.tree.head(i)) if self.tree.case(i) in ON_WORD else []
        return self._prepositional(i, carrier, frozenset({detail or name}))

    def _reporter(self, i: int) -> list[Hit]:
        """Who says, finds or believes the clause of ``i`` ("Ankara said that Damascus was responsible")."""
        node = i
        for head in self.tree.ancestors(i):
            if base(self.tree.rel(node)) == "ccomp" and self.tree.tokens[head].upos == "VERB":
                return self.args.subject(head)
            node = head
        return []

    def _subject(self, i: int, carrier: int, noun: bool) -> list[Hit]:
        if not noun:
            return self.args.subject(carrier)
        predicated = self.tree.kids(i, "cop") and self.tree.case(i) in {"in", "on", "at"}
        if carrier != i or predicated:  # "Iran is in talks with"
            return self.args.subject(carrier)
        return self._named_after(i, self.args.modifiers(i))

    def _object(self, i: int, carrier: int, noun: bool) -> list[Hit]:
        if noun:
            return self._prepositional(i, carrier, frozenset({"of"}))
        return self.args.patient(carrier)

    def _named_after(self, i: int, hits: Sequence[Hit]) -> list[Hit]:
        """Without the town that a meeting or treaty is called by ("the Bucharest summit", "the Doha accord")."""
        if self.tree.lemma(i) not in self.lexicon.classes["titled"]:
            return list(hits)
        return [h for h in hits if h.mention.how not in TOWNS or self.tree.rel(h.mention.head) != "compound"]

    def _possessor(self, i: int, noun: bool) -> list[Hit]:
        node = i if noun else self.args.patient_node(i)
        if node < 0:
            return []
        hits = self._named_after(node, self.args.modifiers(node))
        return hits or self.args.prepositional(node, frozenset({"of", "by", "in", "from"})) if not noun else hits

    def _prepositional(self, i: int, carrier: int, prepositions: frozenset[str]) -> list[Hit]:
        nodes = [i] if carrier == i else [i, carrier]
        if self.tree.tokens[i].upos == "VERB":
            # The phrase may hang on the object or on a following infinitive instead of the verb.
            patient = self.args.patient_node(i)
            nodes += [patient] if patient >= 0 else []
            if prepositions & LOOSE:
                nodes += self.tree.kids(i, "obl")
            nodes += self.tree.kids(i, "xcomp", "advmod")
        else:
            nodes += [k for k in self.tree.kids(i, "acl", "nmod") if self.tree.lemma(k) in self.lexicon.lights]
        found = [h for n in nodes for h in self.args.prepositional(n, prepositions)]
        if not found and (prepositions & LOOSE or "by" in prepositions):
            # "the release of the hostages by ...", "of troops on the border": hung one noun too deep
            found = [
                h for n in nodes for k in self.tree.kids(n, "nmod") for h in self.args.prepositional(k, prepositions)
            ]
        if not found and base(self.tree.rel(i)) == "conj" and self.tree.tokens[i].upos in {"NOUN", "PROPN"}:
            # "talks and trade with Japan": the last noun's phrase belongs to all
            return self.args.prepositional(self.tree.head(i), prepositions)
        if not found:
            last = self.tree.conjuncts(i)[-1:] if prepositions & LOOSE else []
            found = [h for n in last for h in self.args.prepositional(n, prepositions)] if last else []
        return distinct(found)

    def _complement(self, i: int) -> list[Hit]:
        """Actors inside the clause that the predicate governs: its subject first, then the rest."""
        tree = self.tree
        for kid in tree.kids(i, "ccomp", "xcomp", "acl", "advcl", "csubj"):
            if tree.rel(kid) == "acl:relcl":
                continue
            for subject in tree.kids(kid, *SUBJECTS):
                hits = self.args.phrase(subject)
                if hits:
                    return hits
            hits = [h for k in sorted(tree.subtree(kid)) for h in self.args.phrase(k, 0)]
            if hits:
                return distinct(hits)
        node = self.args.patient_node(i)
        if node >= 0:
            hits = [h for k in sorted(tree.subtree(node)) for h in self.args.phrase(k, 0)]
            return distinct(hits)
        return []
