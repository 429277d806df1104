"""Did it happen?  The status of a predicate and whose word it is.

The status starts from the predicate's own clause (negation, modals, questions,
conditions) and is changed on the way up by every predicate that governs it
("denied that it had planned to attack").  The order of the changes is kept as
the reasons.
"""

from __future__ import annotations

from types import MappingProxyType

import msgspec

from comity.knowledge.frames import Embedder, Lexicon
from comity.model import Record, Status
from comity.understand.arguments import CALLED_ON, Arguments, Hit
from comity.understand.tree import SUBJECTS, Tree, base

NEGATIONS = frozenset(
    {
        "not",
        "n't",
        "never",
        "no",
        "neither",
        "nor",
        "hardly",
        "nobody",
        "none",
        "nt",
        "n’t",
        "cannot",
        "scarcely",
    }
)
FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "gon"})
MODAL = frozenset({"may", "might", "could", "can", "should", "must", "ought", "need"})
CONDITIONS = frozenset(
    {
        "if",
        "unless",
        "lest",
        "whether",
        "provided",
        "providing",
        "in case",
        "should",
        "even if",
        "as if",
        "as though",
        "supposing",
        "assuming",
    }
)
ANYBODY = frozenset({"whoever", "whatever", "anyone", "anybody", "anything", "whichever"})
DOUBTFUL = frozenset(
    {
        "possibly",
        "perhaps",
        "maybe",
        "potentially",
        "likely",
        "probably",
        "theoretically",
        "hypothetically",
        "conceivably",
        "eventually",
    }
)
NEARLY = frozenset({"almost", "nearly"})
HEARSAY = frozenset({"reportedly", "allegedly", "supposedly", "purportedly"})
NOUN_SIGNS: dict[str, Status] = {
    **dict.fromkeys(
        (
            "possible",
            "potential",
            "feared",
            "hypothetical",
            "suspected",
            "alleged",
            "threatened",
            "proposed",
            "eventual",
            "imminent",
            "looming",
            "likely",
            "prospective",
            "further",
            "supposed",
            "would-be",
            "mooted",
            "tentative",
        ),
        "possible",
    ),
    **dict.fromkeys(
        (
            "planned",
            "upcoming",
            "forthcoming",
            "scheduled",
            "future",
            "promised",
            "pledged",
            "announced",
            "impending",
            "coming",
            "expected",
            "next",
            "intended",
        ),
        "announced",
    ),
    **dict.fromkeys(
        (
            "failed",
            "cancelled",
            "canceled",
            "aborted",
            "foiled",
            "thwarted",
            "averted",
            "abandoned",
            "called-off",
            "nonexistent",
            "mock",
            "simulated",
            "sham",
            "feigned",
        ),
        "negated",
    ),
}
# What is said of an act that has not happened ("an invasion is unlikely").
LIKELIHOOD = frozenset(
    "unlikely likely improbable probable possible impossible imminent inevitable unavoidable conceivable unthinkable "
    "inconceivable thinkable avoidable looming unimaginable doubtful uncertain".split()
)
AT_STAKE = frozenset({"danger", "doubt", "jeopardy", "peril", "question"})
"""What is in them is still to come: "the visit is in doubt"."""
PARTS = MappingProxyType({"VERB": "v", "AUX": "v", "NOUN": "n", "PROPN": "n", "ADJ": "a", "ADV": "a"})
"""The table's letters for parts of speech."""
FIRM = (
    "calls it off", "should have'", "ought have'", "within ... of'", "far from'", "'as though'", "'as if'",
    "off' (negated)", "close' (negated)", "near' (negated)", "short' (negated)", "'close' (possible)",
)  # fmt: skip
"""Ends of the reasons that leave no doubt."""
CALLED_OFF = frozenset({"CONSULT", "AGREE", "COOPERATE", "AID"})
"""Types of acts that are planned, and called off."""
# What is foiled or annulled has not been, whatever the network, which knows few of these words, finds; a treaty that
# is annulled was made all the same.
PREVENTING = frozenset({"avert", "foil", "thwart", "forestall"})
ANNULLING = frozenset({"annul", "scrub", "shelve", "scratch"})
AHEAD = frozenset({"ahead of", "in preparation for", "pending"})
IN_CASE = frozenset({"in case of", "in the event of", "in event of", "against"})
LACKING = frozenset({"without", "instead of", "rather than", "short of", "in lieu of"})
INDEFINITE = frozenset({"a", "an", "any", "another", "some", "more", "further", "new"})
# A word of a condition ("would bring back the sanctions if ...") tells these as no more than possible; "if you do, we
# shall answer" is a threat all the same.
DEEDS = frozenset({"ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "AID", "CONSULT", "COOPERATE", "RETREAT"})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "her"})


class Reading(Record, frozen=True):
    """The status of one predicate, who says so, and the steps that led there."""

    status: Status
    speaker: Hit | None
    why: tuple[str, ...]
    certainty: float
    firm: bool = False
    """Whether the words leave no doubt about the status ("almost fought"), whatever else speaks for another."""
    willed: bool = False
    """Whether the speaker wants, orders or is ready for it, and does not say that it is so."""


def compose(effect: str, inner: Status) -> Status:
    """The status of a complement under a predicate with this effect."""
    if effect in {"same", "occurred"}:
        return inner
    if effect == "announced":
        return "announced" if inner == "occurred" else inner
    if effect == "possible":
        return "possible"
    if effect == "negated":
        return "possible" if inner == "negated" else "negated"
    if effect == "flip":
        return {"negated": "occurred", "occurred": "negated"}.get(inner, inner)  # type: ignore[return-value]
    return inner


def under(outer: Status, effect: str, inner: Status, clause: bool) -> Status:
    """The status of a complement whose governor is itself negated, planned or possible."""
    combined = compose(effect, inner)
    if outer == "occurred":
        return combined
    if outer == "negated":
        if effect == "announced":
            return "negated" if inner != "negated" else "possible"
        if effect in {"same", "occurred", "possible"} and not clause:
            return "negated" if inner == "occurred" else "possible"
        return "possible"
    if effect in {"same", "occurred"} and clause:
        return inner
    if combined == "occurred":
        return outer
    if combined == "announced":
        return "possible" if outer == "possible" else "announced"
    return combined


class StatusReader:
    """Reads the status of predicates of one sentence."""

    def __init__(self, tree: Tree, arguments: Arguments, lexicon: Lexicon) -> None:
        self.tree = tree
        self.arguments = arguments
        self.lexicon = lexicon

    # -- the predicate's own clause ---------------------------------------------------------

    def local(self, i: int) -> tuple[Status, str]:
        """Status from the words of the predicate's own phrase, with the word that decided."""
        sign = self._negation(i)
        if sign:
            return "negated", f"negated by '{sign}'"
        if self.tree.tokens[i].upos in {"NOUN", "PROPN"} and not self.tree.kids(i, "cop"):
            return self._nominal(i)
        return self._verbal(i)

    def _negation(self, i: int) -> str:
        tree = self.tree
        for kid in tree.kids(i, "advmod", "det", "cc:preconj", "aux"):
            word = tree.low(kid)
            if word == "longer" and tree.low(kid - 1) == "no":
                return "no longer"
            if word in NEGATIONS or tree.lemma(kid) in NEGATIONS:
                following = [tree.low(k) for k in range(kid + 1, min(kid + 2, len(tree)))]
                if following[:1] in (["only"], ["just"], ["least"]):
                    continue
                return word
        for subject in tree.kids(i, "nsubj", "nsubj:pass", "obj"):
            if tree.low(subject) in {"nobody", "none", "neither", "nothing"}:
                return tree.low(subject)
            for kid in tree.kids(subject, "det", "advmod"):
                if tree.low(kid) in {"no", "neither"}:
                    return tree.low(kid) + " " + tree.low(subject)
        case = tree.case(i)
        if case in LACKING:
            return case
        if tree.marks(i) == ["from"] and tree.low(tree.head(i)) == "far":
            return "far from"
        if self._within(i):
            return "within ... of"
        return next((m for m in tree.marks(i) if m in LACKING), "")

    def _within(self, i: int) -> bool:
        """ "Came within an hour of shelling it"."""
        tree, span = self.tree, self.tree.head(i)
        of = tree.case(i) == "of" or "of" in tree.marks(i)
        return of and span >= 0 and tree.case(span) == "within" and tree.lemma(tree.head(span)) in {"come", "be"}

    def _nominal(self, i: int) -> tuple[Status, str]:
        tree = self.tree
        for kid in tree.kids(i, "amod", "compound", "advmod"):
            sign = NOUN_SIGNS.get(tree.low(kid))
            if sign and not (tree.low(kid) in {"further", "next", "new"} and tree.rel(i) in SUBJECTS):
                return sign, f"'{tree.low(kid)} {tree.low(i)}'"
        head = tree.head(i)
        if head >= 0 and base(tree.rel(i)) == "nsubj":
            said = next((k for k in (head, *tree.kids(head, "xcomp")) if tree.low(k) in LIKELIHOOD), -1)
            if said >= 0:
                return "possible", f"it is '{tree.low(said)}'"
            if tree.low(head) in AT_STAKE and tree.case(head) == "in":
                denied = any(tree.low(k) in NEGATIONS for k in tree.kids(head, "advmod"))
                return ("announced" if denied else "possible"), f"it is {'not ' if denied else ''}in {tree.low(head)}"
        case = tree.case(i)
        whole = [i, head] if case == "of" and head >= 0 else [i]  # "any act of aggression"
        if any(tree.low(k) == "any" for n in whole for k in tree.kids(n, "det")):
            return "possible", f"'any {tree.low(i)}'"
        if case in AHEAD:
            return "announced", f"'{case}'"
        if case in IN_CASE and case != "against":
            return "possible", f"'{case}'"
        return "occurred", ""

    def _verbal(self, i: int) -> tuple[Status, str]:
        tree = self.tree
        if any(tree.low(k) in ANYBODY for k in tree.kids(i, "nsubj", "nsubj:pass")):
            return "possible", "nobody in particular does it"
        if self._opens_with_condition(i):
            return "possible", "condition before the subject"
        marks = [*tree.marks(i), " ".join(tree.marks(i))]
        if any(m in CONDITIONS for m in marks):
            return "possible", f"condition '{next(m for m in marks if m in CONDITIONS)}'"
        if any(tree.lemma(k) == "scenario" and tree.case(k) in {"in", "under"} for k in tree.kids(i, "obl")):
            return "possible", "in a scenario"
        conditional = self._has_condition(i)
        for kid in tree.kids(i, "aux", "aux:pass"):
            word = tree.low(kid)
            if word in FUTURE:
                return ("possible", "future on a condition") if conditional else ("announced", f"future '{word}'")
            if word in {"would", "'d", "’d"} and tree.tokens[kid].upos == "AUX" and word == "would":
                return self._would(i, conditional)
            if tree.tokens[i].xpos == "VBD":
                continue  # a modal before a past form belongs to another verb ("Should a shell land, he warned")
            if tree.lemma(kid) in MODAL or word in MODAL:
                if word == "could" and not conditional and self._achieved(i):
                    continue
                if word in {"should", "ought"} and not conditional and self._unfulfilled(i):
                    return "negated", f"'{word} have'"
                return "possible", f"modal '{word}'"
        for kid in tree.kids(i, "advmod"):
            if tree.low(kid) in DOUBTFUL:
                return "possible", f"'{tree.low(kid)}'"
            if tree.low(kid) in NEARLY:
                return "negated", f"'{tree.low(kid)}'"
        if self._asks(i):
            return "possible", "a question"
        return self._mood(i)

    def _opens_with_condition(self, i: int) -> bool:
        """An "if" that the parse hung on the subject instead of the verb."""
        tree = self.tree
        for subject in tree.kids(i, "nsubj", "nsubj:pass"):
            first = min(tree.subtree(subject))
            if {tree.low(first), tree.low(first - 1) if first else ""} & {"if", "unless"} and subject < i:
                return True
        return False

    def _has_condition(self, i: int) -> bool:
        return any(
            m in CONDITIONS - {"whether", "as if", "as though"}
            for k in self.tree.kids(i, "advcl")
            for m in self.tree.marks(k)
        )

    def _would(self, i: int, conditional: bool) -> tuple[Status, str]:
        """`would`: the future of the past under a report, else a condition."""
        tree = self.tree
        if conditional:
            return "possible", "'would' on a condition"
        if any(tree.low(k) in {"have", "'ve"} for k in tree.kids(i, "aux")):
            return "negated", "'would have'"
        relation = base(tree.rel(tree.first_conjunct(i)))
        if relation in {"ccomp", "parataxis", "acl", "csubj"}:
            return "announced", "reported 'would'"
        return "possible", "'would'"

    def _unfulfilled(self, i: int) -> bool:
        """ "should have met him": was due and was not done; "should have left by Friday" is still due."""
        tree = self.tree
        perfect = any(tree.low(k) in {"have", "'ve", "’ve"} for k in tree.kids(i, "aux"))
        return perfect and all(tree.case(k) != "by" for k in tree.kids(i, "obl", "obl:unmarked"))

    def _achieved(self, i: int) -> bool:
        return self.tree.tokens[i].xpos in {"VBN", "VBD"}

    def _asks(self, i: int) -> bool:
        tree = self.tree
        return bool(tree.tokens) and tree.tokens[-1].text.endswith("?") and tree.clause(i) == tree.root

    def _mood(self, i: int) -> tuple[Status, str]:
        """Bare infinitives: the headline future and the purpose clause."""
        tree = self.tree
        marks = tree.marks(i)
        relation = base(tree.rel(i))
        infinitive = "to" in marks or tree.low(i - 1) == "to" if i > 0 else False
        if infinitive and any(tree.low(k) in {"is", "are", "'s", "’s"} for k in tree.kids(i, "aux", "cop")):
            return "announced", "'is to'"
        if tree.tokens[i].xpos == "VB" and infinitive:
            if relation == "root" and tree.kids(i, *SUBJECTS):
                return "announced", "headline infinitive"
            if relation == "advcl":
                return "announced", "purpose"
            if relation == "acl" and not self.lexicon.embedders.get(("n", tree.lemma(tree.head(i)))):
                return "announced", "infinitive after a noun"
            if relation == "conj" and tree.tokens[tree.head(i)].xpos not in {"VB", "VBP"}:
                return "announced", "infinitive beside a finite verb"  # "wants to vote on ..., and to lift ..."
        if (
            tree.tokens[i].xpos == "VB"
            and relation == "root"
            and not tree.kids(i, *SUBJECTS)
            and not tree.kids(i, "aux")
        ):
            return "possible", "imperative"
        return "occurred", ""

    # -- the way up --------------------------------------------------------------------------

    def read(self, i: int, start: Status | None = None, kind: str = "") -> Reading:
        """The status of predicate ``i`` in its sentence.

        ``start`` replaces the status of its own phrase (a frame's default).  ``kind`` is the type of the act: a
        meeting that is told by the word that calls it off has not been held.
        """
        i = self.tree.content(i)
        status, reason = self.local(i)
        if start is not None and status == "occurred":
            status = start
        if kind in CALLED_OFF and status == "occurred" and self._calls_off(i):
            status, reason = "negated", f"'{self.tree.low(i)}' calls it off"
        steps = [reason] if reason else []
        speaker = self._aside(i)
        if speaker is not None:
            status, note, hit = speaker
            steps.append(note)
            return self._finish(i, status, hit, steps)
        found = self._climb(i, status, steps)
        if status == "occurred" and found.status in {"occurred", "negated"} and self._prevented(i, kind):
            why = (*found.why, f"'{self.tree.low(self.tree.head(i))}': it came to nothing")
            return msgspec.structs.replace(found, status="negated", why=why, firm=True)
        supposed = kind in DEEDS and found.status == "possible" and any(s.endswith("on a condition") for s in found.why)
        return msgspec.structs.replace(found, firm=True) if supposed else found

    def _aside(self, i: int) -> tuple[Status, str, Hit | None] | None:
        """ "as the United States suspects": a parenthesis that takes the claim out of the article's mouth."""
        tree = self.tree
        for node in [i, *tree.ancestors(i)]:
            near = [node, *tree.kids(node, "nsubj", "nsubj:pass")]
            for kid in [k for n in near for k in tree.kids(n) if k != i]:
                if "as" not in tree.marks(kid) and tree.low(min(tree.subtree(kid))) != "as":
                    continue
                if tree.kids(kid, "ccomp", "obj"):
                    continue  # "as its generals have hinted they would" says another thing beside it
                for embedder in self.lexicon.embedders.get(("v", tree.lemma(kid)), ()):
                    if embedder.effect == "possible":
                        hits = self.arguments.subject(kid)
                        return "possible", f"'as ... {tree.low(kid)}'", hits[0] if hits else None
            if base(tree.rel(node)) not in {"xcomp", "ccomp", "conj", "advcl"}:
                break
        return None

    def _prevented(self, i: int, kind: str) -> bool:
        """Whether an act is the object of a verb that keeps it from happening: "foiled an attack"."""
        tree, head = self.tree, self.tree.head(i)
        if head < 0 or not (base(tree.rel(i)) == "obj" or tree.rel(i) == "nsubj:pass"):
            return False
        verbs = PREVENTING | (ANNULLING if kind == "CONSULT" else frozenset())
        return tree.lemma(head) in verbs and self.local(head)[0] == "occurred"

    def _calls_off(self, i: int) -> bool:
        tree = self.tree
        light = self.lexicon.light(tree.lemma(i), tree.particles(i)) if tree.tokens[i].upos == "VERB" else None
        return light is not None and light.meaning == "cancel"

    def _climb(self, i: int, status: Status, steps: list[str]) -> Reading:
        tree = self.tree
        speaker: Hit | None = None
        willed = False
        node = i
        for _ in range(len(tree)):
            head = tree.head(node)
            if head < 0:
                break
            step = self._step(node, head, status)
            if step is None:
                break
            new, note, hit, go_on = step
            if new != status or hit is not None:
                steps.append(note)
            status = new
            if speaker is None and hit is not None:
                speaker, willed = hit, self._wills(node, head)
            node = head
            if not go_on:
                break
        return msgspec.structs.replace(self._finish(i, status, speaker, steps), willed=willed)

    def _wills(self, node: int, head: int) -> bool:
        """Whether ``head`` wants or orders what ``node`` tells ("was capable of ordering an invasion")."""
        part, relation = PARTS.get(self.tree.tokens[head].upos, ""), base(self.tree.rel(node))
        entries = self.lexicon.embedders.get((part, self.tree.lemma(head)), ())
        return relation not in {"ccomp", "parataxis", "csubj"} and {e.own_type for e in entries} <= {"", "REQUEST"}

    def _step(self, node: int, head: int, status: Status) -> tuple[Status, str, Hit | None, bool] | None:
        """One governor further up: new status, reason, speaker, and whether to go on; None to stop."""
        tree = self.tree
        relation = base(tree.rel(node))
        if relation == "conj":
            return self._conjunct(node, head, status)
        embedder = self.embedder(node, head)
        if embedder is not None:
            outer, _ = self.local(head)
            clause = relation in {"ccomp", "parataxis", "csubj"}
            effect = "announced" if self._own_order(embedder, head, relation) else embedder.effect
            new = under(outer, effect, status, clause)
            hits = self._speaker(embedder, head)
            word = " ".join(filter(None, [tree.low(head), embedder.particle]))
            return new, f"under '{word}' ({embedder.effect})", hits[0] if hits else None, True
        if self._due(head, node, relation) and status == "occurred":
            return "announced", f"'{tree.low(head)} to'", None, True
        if relation in {"ccomp", "xcomp", "csubj"}:
            return self._plain_clause(head, status, relation)
        if relation in {"obj", "nsubj"} and tree.tokens[node].upos in {"NOUN", "PROPN"}:
            return self._plain_object(node, head, status)
        if relation == "advcl" and any(m in CONDITIONS for m in tree.marks(node)):
            return "possible", "inside a condition", None, False
        if relation == "advcl" and not tree.marks(node) and tree.tokens[node].xpos == "VBG":
            outer, why = self.local(head)
            new = outer if outer in {"announced", "possible"} and status == "occurred" else status
            return new, why, None, True
        if relation == "advcl" and "to" in tree.marks(node):
            outer, why = self.local(head)
            return (outer, why, None, True) if outer in {"possible", "negated"} else (status, "", None, True)
        if relation in {"advcl", "obl", "nmod", "acl", "appos", "parataxis", "list"}:
            return self._speech_only(node, head, status)
        return None

    def _conjunct(self, node: int, head: int, status: Status) -> tuple[Status, str, Hit | None, bool]:
        """A second verb shares the auxiliaries of the first when it has none and is bare like it."""
        tree = self.tree
        bare = tree.tokens[node].xpos in {"VB", "NN", "NNS"} and not tree.kids(node, "aux", *SUBJECTS)
        same = tree.tokens[node].xpos == tree.tokens[head].xpos and not tree.kids(node, "aux", *SUBJECTS)
        if (bare or same) and status == "occurred":
            outer, why = self.local(head)
            if outer != "negated" or "but" not in {tree.low(k) for k in tree.kids(node, "cc")}:
                return outer, why, None, True
        return status, "", None, True

    def _own_order(self, embedder: Embedder, head: int, relation: str) -> bool:
        """ "has ordered to stop the operation": an order to one's own side, with nobody asked."""
        asked = self.tree.kids(head, "obj", "iobj") or self.arguments.prepositional(head, CALLED_ON)
        return embedder.own_type == "REQUEST" and relation == "xcomp" and not asked

    def _due(self, head: int, node: int, relation: str) -> bool:
        """ "is to visit", "has to open": duty and plan in the present."""
        tree = self.tree
        return (
            relation in {"xcomp", "ccomp", "csubj"}
            and tree.lemma(head) in {"have", "be"}
            and tree.tokens[head].xpos in {"VBZ", "VBP"}
            and "to" in tree.marks(node)
        )

    def _plain_clause(self, head: int, status: Status, relation: str) -> tuple[Status, str, Hit | None, bool]:
        """A complement of a predicate that the table does not know: its own status is handed down."""
        outer, why = self.local(head)
        if relation == "xcomp" and outer != "occurred" and status == "occurred":
            return outer, why, None, True
        if outer == "negated" and status == "occurred":
            return "possible", why, None, True
        return status, "", None, True

    def _plain_object(self, node: int, head: int, status: Status) -> tuple[Status, str, Hit | None, bool] | None:
        """An event noun under an ordinary or light verb."""
        tree = self.tree
        if tree.tokens[head].upos not in {"VERB", "AUX"} and not tree.kids(head, "cop"):
            return None
        light = self.lexicon.light(tree.lemma(head), tree.particles(head))
        outer, why = self.local(head)
        if light is not None and light.meaning == "stop" and base(tree.rel(node)) == "nsubj":
            return under(outer, "same", status, False), f"it had gone on until '{tree.low(head)}'", None, True
        if light is not None:
            return (
                under(outer, light.effect, status, False),
                f"'{tree.low(head)}' ({light.effect}) {why}".strip(),
                None,
                True,
            )
        determiners = {tree.low(k) for k in tree.kids(node, "det", "nmod:poss")}
        if outer in {"possible", "announced", "negated"} and status == "occurred" and not (determiners & DEFINITE):
            return outer, why, None, True
        return status, "", None, True

    def _speech_only(self, node: int, head: int, status: Status) -> tuple[Status, str, Hit | None, bool] | None:
        """Adjuncts keep their status, but stay inside the speech around them."""
        tree = self.tree
        if tree.rel(node).endswith(":relcl"):
            return None  # of a noun, or of the whole clause: "..., which Mogadishu denies"
        if tree.tokens[head].upos in {"VERB", "AUX"} or base(tree.rel(node)) == "nmod":
            return status, "", None, True
        return None

    def embedder(self, node: int, head: int) -> Embedder | None:
        """The table's entry by which ``head`` governs ``node``, if any."""
        tree = self.tree
        pos = PARTS.get(tree.tokens[head].upos, "")
        entries = self.lexicon.embedders.get((pos, tree.lemma(head)), ())
        if not entries and pos == "a":
            entries = self.lexicon.embedders.get(("v", tree.lemma(head)), ())
        if not entries:
            return None
        shape = self.complement_shape(node)
        if not shape:
            return None
        particles = tree.particles(head)
        best = None
        for entry in entries:
            if entry.particle and entry.particle not in particles:
                continue
            if not shape & set(entry.complement) and "any" not in entry.complement:
                continue
            if best is None or (bool(entry.particle), entry.weight) > (bool(best.particle), best.weight):
                best = entry
        return best

    def complement_shape(self, node: int) -> set[str]:
        """In which ways ``node`` can be a complement: that, to, ing, noun, of, if, quote."""
        tree = self.tree
        relation = base(tree.rel(node))
        marks = set(tree.marks(node))
        token = tree.tokens[node]
        if relation in {"ccomp", "csubj"}:
            if marks & {"if", "whether"}:
                return {"if"}
            if "to" in marks:
                return {"to"}
            return {"that", "quote"} if token.xpos != "VBG" or tree.kids(node, *SUBJECTS, "aux") else {"ing", "that"}
        if relation == "parataxis":
            return {"quote"}
        if relation == "xcomp":
            return {"ing"} if token.xpos == "VBG" else {"to"}
        if relation in {"acl", "advcl"} and "to" in marks and marks & {"of", "for"}:
            return {"of", "ing", *marks} - {"to"}  # "accused it of to arm the rebels"
        if relation == "acl" and tree.rel(node) != "acl:relcl":
            if "to" in marks:
                return {"to"}
            if marks and tree.is_gerund(node):
                return {"of", "ing", *marks}
            return {"that"} if "that" in marks else set()
        if relation == "advcl":
            if "to" in marks:
                return {"to"}
            return {"ing", *marks} if marks and tree.is_gerund(node) else set()
        if token.upos in {"NOUN", "PROPN"}:
            if relation == "obj" or tree.rel(node) == "nsubj:pass":
                return {"noun"}
            if relation in {"obl", "nmod"}:
                case = tree.case(node)
                return {case, "noun:" + case} if case else {"noun"}
        return set()

    def _speaker(self, embedder: Embedder, head: int) -> list[Hit]:
        if embedder.who == "subj":
            if self.tree.tokens[head].upos in {"NOUN", "PROPN"}:
                return self.arguments.modifiers(head)
            return self.arguments.subject(head)
        if embedder.who == "obj":
            return self.arguments.patient(head)
        return []

    def _finish(self, i: int, status: Status, speaker: Hit | None, steps: list[str]) -> Reading:
        tree = self.tree
        certainty = 1.0
        for node in [i, *tree.ancestors(i)]:
            for kid in tree.kids(node, "obl", "advmod", "parataxis"):
                if tree.case(kid) in {"according to", "in the words of", "as per"} and speaker is None:
                    hits = self.arguments.phrase(kid)
                    speaker = hits[0] if hits else None
                    steps.append("according to a named source")
                if tree.rel(kid) == "advmod" and tree.low(kid) in HEARSAY and node == i:
                    certainty = 0.8
                    steps.append(f"'{tree.low(kid)}'")
                if speaker is None and tree.rel(kid) == "parataxis" and kid != i and self._says(kid):
                    hits = self.arguments.subject(kid)
                    speaker = hits[0] if hits else None
        nearly = any(tree.low(k) in NEARLY for k in tree.kids(i, "advmod"))
        firm = status in {"negated", "possible"} and (nearly or any(s.endswith(FIRM) for s in steps))
        return Reading(
            status=status, speaker=speaker, why=tuple(s for s in steps if s), certainty=certainty, firm=firm
        )

    def _says(self, i: int) -> bool:
        """Whether a verb reports the speech around it ("..., he said").

        One with an object of its own does not, nor one of denial ("a charge Khartoum denied").
        """
        if self.tree.kids(i, "ccomp", "xcomp", "obj"):
            return False
        particles = {"", *self.tree.particles(i)}
        return any(
            e.who == "subj" and e.own_type != "REJECT"
            and {"quote", "that"} & set(e.complement) and e.particle in particles
            for e in self.lexicon.embedders.get(("v", self.tree.lemma(i)), ())
        )
