"""Which words of a sentence name an act between actors, and who does it to whom.

An act comes from a frame of the table (a verb, a noun with or without a light
verb, an adjective) or from a predicate that governs another and is an act of
its own ("urged Iran to stop", "refused to meet").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from comity.knowledge.frames import Embedder, Frame, Lexicon, LightVerb
from comity.model import Record, Status
from comity.understand.arguments import Arguments, Hit
from comity.understand.matching import FrameMatcher
from comity.understand.sides import Sides
from comity.understand.tree import Tree, base

AGREEING = frozenset({"agree", "accept", "consent", "assent"})
# Prepositions that name one side against an unnamed other ("tensions with A and B").
ONE_WAY = frozenset({"with", "to", "against", "on", "from"})
# What a state may be to another.
RELATIVES = frozenset(
    {"neighbour", "neighbor", "ally", "rival", "partner", "foe", "enemy", "adversary", "opponent", "patron"}
)
# Acts that answer another act, and the prepositions that name it.
BLAMING = frozenset({"SANCTION", "ACCUSE", "COERCE", "THREATEN", "PROTEST"})
GROUNDS = frozenset({"over", "for", "by", "after", "because of", "following", "due to", "in response to"})
# What states do to their own people too.
AGAINST_OWN = frozenset({"ASSAULT", "COERCE", "PROTEST", "ACCUSE"})
RECIPROCAL = frozenset({("each", "other"), ("one", "another"), ("the", "other")})
UNFRIENDLY = frozenset({"SANCTION", "COERCE", "PROTEST", "ACCUSE", "THREATEN", "REJECT"})
HARM = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "SANCTION", "THREATEN"})
CLAUSES = frozenset({"that", "to", "ing", "if", "quote"})


# Where a recipient may stand that the frame's own places did not give, at a lower weight.
FALLBACK = ("obj", "iobj", "prep:to", "prep:against", "prep:with", "prep:on", "prep:from", "prep:towards")
FALLBACK_WEIGHT = 0.75


# What several actors named together do with one another.
TOGETHER_TYPES = frozenset({"AGREE", "CONSULT", "COOPERATE"})
# Modes of consultation in which both sides do the same.
TOGETHER = frozenset({"phone", "multilateral", "third-party"})
# What is given and can be taken away again.
GIVEN = frozenset({"CONSULT", "COOPERATE", "AID", "SUPPORT", "AGREE"})


class Act(Record, frozen=True):
    """A predicate that matched, with the actors around it."""

    predicate: int
    carrier: int
    lemma: str
    type: str
    mode: str | None
    cameo: str | None
    sources: tuple[Hit, ...]
    targets: tuple[Hit, ...]
    symmetric: bool
    weight: float
    default: Status | None
    why: tuple[str, ...]
    embeds: bool = False
    light: str = "do"
    mutual: bool = True


def turn(kind: str, meaning: str) -> tuple[str, str | None] | None:
    """The act of ending or refusing an act of this type, None where the noun's own act stays."""
    if kind in GIVEN and meaning in {"cancel", "stop"}:
        return "SANCTION", "discontinue"
    if kind in GIVEN and meaning == "refuse":
        return "REJECT", None
    if kind in {"SANCTION", "COERCE"} and meaning in {"cancel", "stop"}:
        return "RETREAT", None
    return None


class ActFinder:
    """Finds the acts of one sentence."""

    def __init__(self, tree: Tree, arguments: Arguments, lexicon: Lexicon) -> None:
        self.tree = tree
        self.args = arguments
        self.lexicon = lexicon
        self.match = FrameMatcher(tree, arguments, lexicon)
        self.sides = Sides(tree, arguments, lexicon, self.match)
        self._consumed: set[int] = set()

    def acts(self) -> list[Act]:
        """All acts of the sentence in the order of their words."""
        found: list[Act] = []
        order = sorted(range(len(self.tree)), key=lambda i: self.tree.tokens[i].upos not in {"VERB", "AUX"})
        for i in order:
            if i in self._consumed:
                continue
            found.extend(self._acts_at(i))
        found = [claim for act in found for claim in self._claim(act, found)]
        found = [self._each_other(self._punished(act, found)) for act in found]
        found = [self._shared_target(act, found) for act in found]
        return sorted(found, key=lambda act: act.predicate)

    def _claim(self, act: Act, others: Sequence[Act]) -> list[Act]:
        """ "claimed that Iran had bombed": a claim blames whoever does harm in it; another claim blames nobody."""
        if act.type != "ACCUSE" or not act.embeds or act.lemma not in self.lexicon.classes["claiming"]:
            return [act]
        inside = {k for kid in self.tree.kids(act.predicate, "ccomp", "parataxis") for k in self.tree.subtree(kid)}
        own = {h.actor.state for h in act.sources}
        for other in others:
            harmful = other.type in HARM and other.predicate in inside
            doers = tuple(h for h in other.sources if h.actor.state not in own)
            if harmful and doers:
                return [replace(act, targets=doers)]
        return []

    def _punished(self, act: Act, others: Sequence[Act]) -> Act:
        """ "sanctions on Russia over the annexation": whoever is punished for an act has done it."""
        if act.sources or self.tree.tokens[act.predicate].upos != "NOUN":
            return act
        head, case = self.tree.head(act.predicate), self.tree.case(act.predicate)
        for other in others:
            blames = other.type in BLAMING and other.targets and case in GROUNDS
            if blames and head in {other.predicate, other.carrier}:
                doers = tuple(h for h in other.targets if h.actor.state not in {t.actor.state for t in act.targets})
                return replace(act, sources=doers, why=(*act.why, f"done by whoever is blamed at '{other.lemma}'"))
        return act

    def _shared_target(self, act: Act, others: Sequence[Act]) -> Act:
        """ "decides to attack or invade Ukraine": like acts of one actor in one sentence share their target."""
        if act.targets or not act.sources or act.symmetric:
            return act
        doers = {h.actor.state for h in act.sources}
        for other in others:
            alike = other.type == act.type or {other.type, act.type} <= UNFRIENDLY or self._coordinate(act, other)
            if alike and other.targets and {h.actor.state for h in other.sources} == doers:
                return replace(act, targets=other.targets, why=(*act.why, f"target of '{other.lemma}'"))
        return act

    def _coordinate(self, act: Act, other: Act) -> bool:
        """Verbs joined by "and": "thanked Canberra and begged for food"."""
        pair = act.predicate, other.predicate
        joined = any(self.tree.rel(b) == "conj" and self.tree.first_conjunct(b) == a for a, b in (pair, pair[::-1]))
        return joined and all(self.tree.tokens[k].upos == "VERB" for k in pair)

    def _acts_at(self, i: int) -> Iterator[Act]:
        upos = self.tree.tokens[i].upos
        mention = self.args.mention(i)
        if upos == "PROPN" and mention is not None:
            return
        if upos == "VERB" and base(self.tree.rel(i)) == "amod":
            return  # "occupied territories", "united Germany": a property, not an act
        if upos == "VERB":
            act = self._verb(i)
        elif upos in {"NOUN", "PROPN"}:
            act = self._noun(i)
        elif upos == "ADJ":
            act = self._adjective(i)
        else:
            act = None
        if act is not None:
            yield act

    # -- verbs -------------------------------------------------------------------------------

    def _verb(self, i: int) -> Act | None:
        lemma = self.tree.lemma(i)
        own = self._own_act(i)
        frame, specific = self.match.best(i, "v", lemma)
        if frame is not None and frame.type == "REQUEST" and self._commands_own(i):
            frame = None
        if frame is not None and specific:
            self._consume_object(i, frame)
            return self._from_frame(i, i, frame)
        if own is not None and (frame is None or self._complements(i) & CLAUSES):
            return own
        if self._hands_over(i) and (frame is None or self._performs(i)):
            return None
        if frame is not None:
            self._consume_light_object(i)
        return self._from_frame(i, i, frame) if frame is not None else own

    def _hands_over(self, i: int) -> bool:
        """Whether a light verb leaves the act to its noun ("held talks")."""
        if self.lexicon.light(self.tree.lemma(i), self.tree.particles(i)) is None:
            return False
        node = self.args.patient_node(i)
        return node >= 0 and ("n", self.tree.lemma(node)) in self.lexicon.frames

    def _performs(self, i: int) -> bool:
        """Whether a light verb only carries its noun out; one that ends or refuses it may have a frame of its own."""
        light = self.lexicon.light(self.tree.lemma(i), self.tree.particles(i))
        return light is not None and light.meaning not in {"cancel", "stop", "refuse"}

    def _consume_object(self, i: int, frame: Frame) -> None:
        node = self.args.patient_node(i)
        if node >= 0 and frame.object:
            self._consumed |= {node, *self.match.called(i)}

    def _consume_light_object(self, i: int) -> None:
        """The noun of a verb that ends or refuses it is no act beside that."""
        if self._hands_over(i):
            self._consumed.add(self.args.patient_node(i))

    def _from_frame(self, i: int, carrier: int, frame: Frame, light: LightVerb | None = None) -> Act | None:
        from_places = (*light.source, *frame.source) if light is not None else frame.source or ("subj",)
        to_places = (*light.target, *frame.target) if light is not None else frame.target
        sources = self.sides.places(i, carrier, from_places) or self._planner(i)
        targets = self.sides.places(i, carrier, to_places, avoid=sources)
        if frame.type not in AGAINST_OWN:
            targets = [h for h in targets if not self._own_thing(h, sources)]
        if not sources and not targets and frame.type == "CONSULT":
            sources, targets = self._meeting_of_clause(i)
        if not sources and targets and frame.symmetric:
            sources = [
                h for h in self._meeting_of_clause(i)[0] if h.actor.state not in {t.actor.state for t in targets}
            ]
        symmetric = frame.symmetric or (frame.type == "CONSULT" and frame.mode in TOGETHER)
        weight = frame.weight
        if self._relative_named(i):
            targets = []
        elif not targets and sources and not (
            (symmetric or frame.type in TOGETHER_TYPES) and len({h.actor.state for h in sources}) > 1
        ):
            targets = self.sides.places(i, carrier, FALLBACK, avoid=sources)
            targets = [h for h in targets if frame.type in AGAINST_OWN or not self._own_thing(h, sources)]
            weight *= FALLBACK_WEIGHT if targets else 1.0
        why = [f"frame {frame.id}: {frame.type}"]
        if light is not None:
            why.append(f"light verb '{self.tree.lemma(carrier)}'")
        stopper = self._stopper(i)
        if stopper is not None and stopper[1] is not None:
            carrier, light = stopper
        turned = turn(frame.type, light.meaning) if light is not None and self.args.subject(carrier) else None
        if light is not None and turned is not None:
            # cancelling talks or lifting a blockade is an act of its own, done by the verb's subject
            why.append(f"'{self.tree.lemma(carrier)}' turns {frame.type} into {turned[0]}")
            return Act(
                predicate=carrier,
                carrier=carrier,
                lemma=self.tree.lemma(carrier),
                type=turned[0],
                mode=turned[1],
                cameo=self.lexicon.cameo(*[part or "" for part in turned]),
                sources=tuple(sources),
                targets=tuple(targets),
                symmetric=False,
                weight=weight,
                default=None,
                why=tuple(why),
            )
        return Act(
            predicate=i,
            carrier=carrier,
            lemma=frame.lemma,
            type=frame.type,
            mode=frame.mode or None,
            cameo=frame.cameo or None,
            sources=tuple(sources),
            targets=tuple(targets),
            symmetric=symmetric,
            weight=weight,
            default=frame.default_status or None,
            why=tuple(why),
            light=light.effect if light is not None else "do",
            mutual=bool(sources) or not any(self.tree.case(h.mention.head) in ONE_WAY for h in targets),
        )

    def _each_other(self, act: Act) -> Act:
        """ "blamed each other", "each accused the other": everybody named does it to the others."""
        if len({h.actor.state for h in act.sources}) < 2 or not self._reciprocal(act.carrier):
            return act
        return replace(act, targets=(), symmetric=True, why=(*act.why, "each does it to the other"))

    def _reciprocal(self, i: int) -> bool:
        for kid in self.tree.kids(i, "obj", "iobj", "obl", "nsubj:pass"):
            words = [self.tree.low(k) for k in range(max(kid - 1, 0), min(kid + 2, len(self.tree)))]
            if set(pairwise(words)) & RECIPROCAL:
                return True
        return False

    def _own_thing(self, target: Hit, sources: Sequence[Hit]) -> bool:
        """ "recalled its ambassador": what belongs to the one who acts is the means, not the other side."""
        owners = [k for k in self.tree.kids(target.mention.head, "nmod:poss") if self.tree.tokens[k].upos == "PRON"]
        return bool(owners) and target.actor.state in {h.actor.state for h in sources}

    def _stopper(self, i: int) -> tuple[int, LightVerb | None] | None:
        """ "stopped trading with": the verb above that ends the act, if there is one."""
        tree, head = self.tree, self.tree.head(i)
        if head < 0 or base(tree.rel(i)) != "xcomp" or tree.tokens[i].xpos != "VBG":
            return None
        light = self.lexicon.light(tree.lemma(head), tree.particles(head))
        return (head, light) if light is not None and light.meaning in {"stop", "cancel"} else None

    def _meeting_of_clause(self, i: int) -> tuple[list[Hit], list[Hit]]:
        """ "told him in a telephone call": the sides of the clause are those of the talk."""
        tree = self.tree
        head = tree.head(i)
        if (
            base(tree.rel(i)) != "obl"
            or head < 0
            or tree.case(i) not in {"in", "at", "during", "by", "over", "for", "after"}
        ):
            return [], []
        sources = self.args.subject(head)
        for place in ("obj", "iobj", "prep:to", "prep:with"):
            targets = [
                h for h in self.sides.place(head, head, place) if h.actor.state not in {s.actor.state for s in sources}
            ]
            if targets:
                return sources, targets
        return sources, []

    def _planner(self, i: int) -> list[Hit]:
        """Who plans or threatens the act that a noun names ("Beijing announced sanctions on ...")."""
        if self.tree.tokens[i].upos not in {"NOUN", "PROPN"} or base(self.tree.rel(i)) not in {"obj", "obl"}:
            return []
        head = self.tree.head(i)
        if head < 0 or self.tree.tokens[head].upos != "VERB":
            return []
        entries = self.lexicon.embedders.get(("v", self.tree.lemma(head)), ())
        asked = self.tree.kids(head, "obj", "iobj") if base(self.tree.rel(i)) == "obl" else []
        own = any(
            e.effect == "announced" or e.own_type == "THREATEN" or (e.own_type == "REQUEST" and not asked)
            for e in entries
        )
        return self.args.subject(head) if own else []

    # -- predicates that govern others and are acts themselves ----------------------------------

    def _own_act(self, i: int) -> Act | None:
        entry = self._own_entry(i)
        if entry is None:
            return None
        pos_noun = self.tree.tokens[i].upos in {"NOUN", "PROPN"}
        sources = self.args.modifiers(i) if pos_noun else []
        if not sources:
            sources = self.sides.places(i, i, ("poss", "by", "subj") if pos_noun else ("subj",))
        if self._relative_named(i):
            return self._own(i, entry, sources, [])
        named = [place for place in entry.own_target or ("obj",) if place != "comp"]
        together = entry.own_type in TOGETHER_TYPES and len({h.actor.state for h in sources}) > 1
        targets = self.sides.places(i, i, named if together else (*named, *FALLBACK, "comp"), avoid=sources)
        return self._own(i, entry, sources, targets)

    def _own(self, i: int, entry: Embedder, sources: Sequence[Hit], targets: Sequence[Hit]) -> Act:
        return Act(
            predicate=i,
            carrier=i,
            lemma=entry.lemma,
            type=entry.own_type,
            mode=entry.own_mode or None,
            cameo=entry.own_cameo or None,
            sources=tuple(sources),
            targets=tuple(targets),
            symmetric=False,
            weight=entry.weight,
            # agreeing is done when it is said; what is promised or offered is still to come
            default=None if entry.lemma in AGREEING else entry.own_status or None,
            why=(f"predicate {entry.id}: {entry.own_type}",),
            embeds=True,
        )

    def _relative_named(self, i: int) -> bool:
        """ "accuses its neighbour": the object is named only by what it is to the subject."""
        node = self.args.patient_node(i) if self.tree.tokens[i].upos == "VERB" else -1
        if node < 0 or self.tree.lemma(node) not in RELATIVES:
            return False
        mention = self.args.mention(node)
        return mention is None or mention.head != node or mention.how == "role"

    def _own_entry(self, i: int) -> Embedder | None:
        pos = {"VERB": "v", "NOUN": "n", "ADJ": "a"}.get(self.tree.tokens[i].upos, "")
        entries = [e for e in self.lexicon.embedders.get((pos, self.tree.lemma(i)), ()) if e.own_type]
        if not entries:
            return None
        if self._commands_own(i):
            return None
        shapes = self._complements(i)
        particles = {self.tree.low(k) for k in self.tree.kids(i, "compound:prt")}
        fitting = [
            e
            for e in entries
            if (not e.particle or e.particle in particles) and ("any" in e.complement or shapes & set(e.complement))
        ]
        return max(fitting, key=lambda e: (bool(e.particle), e.weight), default=None)

    def _commands_own(self, i: int) -> bool:
        """ "ordered to stop the operation", "ordered his navy to sail": a command to one's own asks nobody else."""
        tree = self.tree
        if tree.lemma(i) not in self.lexicon.classes["commanding"] or tree.tokens[i].upos != "VERB":
            return False
        told = [k for k in tree.kids(i, "obj", "iobj", "nsubj:pass") if tree.tokens[k].upos != "NUM"]
        if told:
            return any(tree.tokens[k].upos == "PRON" for k in tree.kids(told[0], "nmod:poss"))
        return bool(tree.kids(i, "xcomp"))

    def _complements(self, i: int) -> set[str]:
        tree = self.tree
        shapes: set[str] = set()
        for kid in tree.kids(i):
            relation = base(tree.rel(kid))
            marks = set(tree.marks(kid))
            if relation in {"ccomp", "csubj"}:
                shapes.add("that" if not marks & {"if", "whether"} else "if")
                shapes.add("quote")
                if "to" in marks:
                    shapes |= {"to", "obj-to"}
            elif relation in {"xcomp", "advcl", "acl"} and tree.rel(kid) != "acl:relcl":
                if "to" in marks:
                    shapes |= {"to", "obj-to"} if tree.kids(i, "obj") else {"to"}
                elif tree.tokens[kid].xpos == "VBG":
                    shapes |= {"ing", *marks}
                elif relation == "acl":
                    shapes.add("that")
            elif relation == "obj" or (tree.rel(kid) == "nsubj:pass" and tree.tokens[kid].upos == "NOUN"):
                shapes.add("noun")
            elif relation in {"obl", "nmod"} and tree.case(kid):
                shapes.add(tree.case(kid))
        return shapes

    # -- nouns and adjectives ------------------------------------------------------------------

    def _noun(self, i: int) -> Act | None:
        lemma = self.tree.lemma(i)
        own = self._own_act(i)
        frame, _ = self.match.best(i, "n", lemma)
        if frame is None:
            return own
        carrier, light = self._carrier(i)
        act = self._from_frame(i, carrier, frame, light)
        if own is not None and own.sources and (act is None or not act.sources):
            return own
        return act

    def _carrier(self, i: int) -> tuple[int, LightVerb | None]:
        """The light verb that the noun completes ("held talks", "sanctions were imposed")."""
        tree = self.tree
        node = tree.first_conjunct(i)
        head = tree.head(node)
        if (
            head >= 0
            and tree.tokens[head].upos == "VERB"
            and (self.args.patient_node(head) == node or base(tree.rel(node)) in {"obj", "obl", "nsubj"})
        ):
            light = self.lexicon.light(tree.lemma(head), tree.particles(head))
            if light is not None and (
                node == self.args.patient_node(head)
                or base(tree.rel(node)) == "obj"
                or tree.case(node) in light.prepositions
            ):
                return head, light
        if base(tree.rel(node)) == "acl" or not tree.kids(i, "acl"):
            return i, None
        for kid in tree.kids(i, "acl"):
            light = self.lexicon.light(tree.lemma(kid), tree.particles(kid))
            if light is not None and tree.tokens[kid].xpos in {"VBN", "VBD"}:
                return kid, light
        return i, None

    def _adjective(self, i: int) -> Act | None:
        own = self._own_act(i)
        if own is not None:
            return own
        frame, _ = self.match.best(i, "a", self.tree.lemma(i))
        return self._from_frame(i, i, frame) if frame is not None else None
