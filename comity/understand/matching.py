"""Which frame of the table fits a word with its objects and phrases."""

from __future__ import annotations

from collections.abc import Sequence

from comity.knowledge.frames import Frame, Lexicon
from comity.understand.arguments import Arguments
from comity.understand.tree import Tree

# What only measures what is done ("a third of the fuel").
MEASURES = frozenset(
    "third half quarter dozen score hundred thousand million billion ton tonne number lot load majority part "
    "couple handful series kind sort form type amount package share rest all some most many "
    "barrel litre liter gallon dose crate truckload kilo kilogram".split()
)


class FrameMatcher:
    """Chooses among the frames of one sentence's words."""

    def __init__(self, tree: Tree, arguments: Arguments, lexicon: Lexicon) -> None:
        self.tree = tree
        self.args = arguments
        self.lexicon = lexicon

    def best(self, i: int, pos: str, lemma: str) -> tuple[Frame | None, bool]:
        """The frame that fits with the most constraints, and whether its object was constrained."""
        best: tuple[tuple[float, float], Frame] | None = None
        for frame in self.lexicon.frames.get((pos, lemma), ()):
            fit = self._fit(i, frame)
            if fit is None or self._blocked(i, frame):
                continue
            key = (round(fit, 1), frame.weight + 0.1 * (fit - round(fit, 1)))
            if best is None or key > best[0]:
                best = (key, frame)
        if best is None:
            return None, False
        frame = best[1]
        narrow = bool(frame.object) and not any(o.startswith("!") for o in frame.object)
        return frame, narrow or bool(frame.prep_object)

    def _fit(self, i: int, frame: Frame) -> float | None:
        """How many constraints of the frame are met; None when one is broken."""
        score = 0.0
        particles = self.tree.particles(i)
        if frame.particle:
            if frame.particle not in particles:
                return None
            score += 2
        elif self.tree.kids(i, "compound:prt") and frame.pos == "v":
            score -= 1
        if frame.object:
            met = self._object_fits(i, frame)
            if not met:
                return None
            score += 2 + 0.02 * met
        if frame.prep_object:
            if not self._prep_fits(i, frame.prep_object):
                return None
            score += 2
        return score

    def _object_fits(self, i: int, frame: Frame) -> float:
        """0 when the object does not fit, up to 1 for how narrowly the constraint names it.

        The object of a noun is any of its modifiers ("prisoner exchange").
        """
        if self.tree.tokens[i].upos in {"NOUN", "PROPN"}:
            nodes = self.tree.kids(i, "compound", "amod", "nmod")
        else:
            node = self.args.patient_node(i)
            nodes = [node, *self.tree.conjuncts(node)] if node >= 0 else []
            # "held Israel responsible": what the object is called constrains too
            nodes += self.called(i)
            if frame.particle:  # "cut off the road": the object may hang on the particle
                nodes += [k for k in self.tree.kids(i, "obl") if self.tree.case(k) == frame.particle]
            nodes += [k for n in nodes for k in self._counted(n)]
        return max((self._constraint_fits(nodes, constraint) for constraint in frame.object), default=0.0)

    def _counted(self, node: int) -> list[int]:
        """ "13 of the 15 posts", "a third of the fuel": what a number or a measure counts."""
        amount = self.tree.tokens[node].upos == "NUM" or self.tree.lemma(node) in MEASURES
        return [k for k in self.tree.kids(node, "nmod") if self.tree.case(k) == "of"] if amount else []

    def called(self, i: int) -> list[int]:
        """What a verb calls or holds its object to be."""
        patient = self.args.patient_node(i)
        after = [k for k in self.tree.kids(patient, "amod") if k > patient] if patient >= 0 else []
        return [k for k in (*self.tree.kids(i, "xcomp"), *after) if self.tree.tokens[k].upos in {"ADJ", "NOUN"}]

    def _constraint_fits(self, nodes: Sequence[int], constraint: str) -> float:
        if constraint == "!none":
            return 0.0 if nodes else 0.5
        if constraint == "!actor":
            return 0.4 if any(self.args.phrase(n, 0) for n in nodes) else 0.0
        if any(self._in_class(n, constraint) for n in nodes):
            size = len(self.lexicon.classes.get(constraint[1:], ())) if constraint.startswith("@") else 1
            return 1.0 - min(size, 200) / 400
        return 0.0

    def _in_class(self, node: int, constraint: str) -> bool:
        lemma = self.tree.lemma(node)
        if constraint.startswith("@"):
            return lemma in self.lexicon.classes.get(constraint[1:], frozenset())
        return lemma == constraint

    def _prep_fits(self, i: int, wanted: Sequence[str]) -> bool:
        return any(self.prep_nodes(i, constraint) for constraint in wanted)

    def prep_nodes(self, i: int, constraint: str) -> list[int]:
        """The phrases of a verb, or of its object, that a ``preposition:thing`` constraint asks for."""
        preposition, _, thing = constraint.partition(":")
        if preposition == "subj":
            subjects = self.tree.kids(i, "nsubj", "nsubj:pass")
            named = [m for k in subjects for m in (k, *self._counted(k))]
            return [k for k in named if self._in_class(k, thing)]
        patient = self.args.patient_node(i) if self.tree.tokens[i].upos == "VERB" else -1
        nodes = [k for n in (i, patient) if n >= 0 for k in self.tree.kids(n, "obl", "nmod")]
        if preposition == "in front of":
            fronts = [k for k in nodes if self.tree.lemma(k) == "front"]
            nodes, preposition = [k for n in fronts for k in self.tree.kids(n, "nmod")], "of"
        return [
            k
            for k in nodes
            if self.tree.case(k) == preposition
            and (not thing or (thing == "!actor" and self.args.phrase(k, 1)) or self._in_class(k, thing))
        ]

    def _blocked(self, i: int, frame: Frame) -> bool:
        """Everyday senses that are no act ("meet the requirements", a match, a heart attack)."""
        verb = frame.pos == "v"
        if verb and frame.lemma == "demonstrate" and self.tree.kids(i, "ccomp", "obj"):
            return True  # to demonstrate something is to show it
        if (
            verb
            and frame.lemma == "call"
            and "@bad" not in frame.object
            and any(self.tree.tokens[k].upos in {"NOUN", "ADJ", "PROPN"} for k in self.tree.kids(i, "xcomp"))
        ):
            return True  # to call somebody something is no call
        for negative in self.lexicon.negatives.get(frame.lemma, ()):
            if negative.scope == "particle" and frame.particle in negative.words:
                continue  # "backed down" is a frame of its own
            if negative.matches(self.tree, i, self.args.patient_node(i) if verb else -1):
                return True
        return False
