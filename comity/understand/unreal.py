"""What a text tells that is no act of states: fiction, war games, matches, beasts, titles; and reports taken back.

"In her novel Malaysia invades the island", "the Norwegian elkhound threatened the Finnish spitz" tell nothing that a
careful reader would record.  "An earlier version said that Kuwait had recalled its envoy", "the hoax that Sweden had
annexed the islands" tell of an act that has not happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.knowledge.frames import Lexicon
from comity.model import Mention
from comity.understand.tree import SUBJECTS, Tree, base

DEEDS = frozenset({
    "ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "AID", "CONSULT", "COOPERATE", "RETREAT", "AGREE", "CONCEDE",
})  # fmt: skip
"""Acts that a story tells; what its author says of a state he may say in earnest."""
FOUGHT = frozenset({"ASSAULT", "COERCE", "RETREAT"})
"""Acts that are played in an exercise; to send soldiers to one is an act."""
PLAYED = FOUGHT | {"SUPPORT", "CONCEDE"}
"""What the words of a match sound like."""
THROUGH = frozenset({"conj", "advcl", "parataxis", "xcomp", "obj", "obl", "nsubj", "nmod"})
"""Ways up that stay in the same world; what is said, thought or blamed in a story may lie outside it."""
EXCEPT = frozenset({"except", "excepting", "excluding", "save", "bar", "barring"})
MARKS = frozenset('"“”«»„')
SCORE = re.compile(r"\d{1,2}[-–:]\d{1,2}")
DENIAL = re.compile(
    r"(?:but )?(?:it|he|she|they|this|that) (?:has|have|had|did|does|do|was|were|is|are)(?: not|n['’]t)"
    r"(?: done so| so| happened?| true| the case)?(?: yet)?\s*[.;!]",
    re.IGNORECASE,
)
NO_SUCH = re.compile(
    r"(?:in fact,? )?(?:it|this|that|the (?:report|claim|story)) (?:is|was) (?:false|untrue|wrong|a hoax)\s*[.;!]"
    r"|no such \w+|nothing of the (?:kind|sort)",
    re.IGNORECASE,
)


class Unreal:
    """What the sentences of one tree tell as made up, played or taken back."""

    def __init__(self, tree: Tree, lexicon: Lexicon, following: str = "") -> None:
        self.tree = tree
        self.classes = lexicon.classes
        self.following = following
        """The text of the next sentence: "It has not." takes back what this one reports."""

    # -- no act at all ---------------------------------------------------------------------------

    def invented(self, i: int, kind: str) -> str:
        """Why the act of token ``i`` is none of the world's, "" where it may be one."""
        if self._named(i):
            return "in a title"
        if kind in DEEDS and self._in(i, "fiction"):
            return "in a story"
        if kind in FOUGHT and self._in(i, "rehearsal"):
            return "in an exercise"
        if kind in PLAYED and self._scored(i):
            return "in a match"
        doer = next((k for k in self._doers(i) if self._common(k) and self._is(k, "creature", "performer")), -1)
        return f"'{self.tree.low(doer)}' does it" if doer >= 0 else ""

    def _doers(self, i: int) -> list[int]:
        """The subjects of a predicate, those of the verb that it is the object of or joined to included."""
        tree = self.tree
        while not tree.kids(i, *SUBJECTS) and base(tree.rel(i)) in {"obj", "xcomp", "conj"}:
            i = tree.head(i)
        return tree.kids(i, *SUBJECTS)

    def _common(self, i: int) -> bool:
        return self.tree.tokens[i].upos == "NOUN"

    def _is(self, i: int, *names: str) -> bool:
        return any(self.tree.lemma(i) in self.classes[n] or self.tree.low(i) in self.classes[n] for n in names)

    def _worlds(self, i: int) -> Iterator[int]:
        """``i`` and what governs it without a word of saying between."""
        tree = self.tree
        yield i
        while tree.head(i) >= 0 and base(tree.rel(i)) in THROUGH:
            i = tree.head(i)
            yield i

    def _in(self, i: int, name: str) -> bool:
        """ "In her novel, ...", "the film in which ..."."""
        tree = self.tree
        for node in self._worlds(i):
            for kid in tree.kids(node, "obl"):
                if tree.case(kid) == "in" and kid != i and self._made_up(kid, name):
                    return True
            head = tree.head(node)
            if head >= 0 and tree.rel(node) == "acl:relcl" and self._made_up(head, name):
                where = [tree.low(k) for k in tree.kids(node, "obl", "advmod")]
                if {"which", "where"} & set(where):
                    return True
        return False

    def _made_up(self, i: int, name: str) -> bool:
        tree = self.tree
        war_game = name == "rehearsal" and tree.lemma(i) == "game" and tree.low(i - 1) == "war"
        return war_game or (self._common(i) and self._is(i, name))

    def _named(self, i: int) -> bool:
        """Whether a word stands in a marked title: 'his book "How Russia Sold Alaska"'."""
        tree = self.tree
        before = [k for k in range(i) if tree.tokens[k].text in MARKS]
        if len(before) % 2 == 0 or not any(tree.tokens[k].text in MARKS for k in range(i + 1, len(tree))):
            return False
        return before[-1] > 0 and self._is(before[-1] - 1, "named")

    def _scored(self, i: int) -> bool:
        """ "Destroyed Brazil 7-1": a score that counts nothing ("killed 10-15 soldiers")."""
        tree = self.tree
        near = [k for n in (i, *tree.kids(i, "obj", "obl")) for k in (n, *tree.kids(n)) if tree.rel(k) != "nummod"]
        return any(SCORE.fullmatch("".join(t.text for t in tree.tokens[k : k + 3])) for k in near)

    def excepted(self, mention: Mention, i: int) -> bool:
        """Whether a sentence leaves somebody out of its act: "the Arab states, except Algeria, backed Morocco"."""
        tree = self.tree
        if mention.sentence != tree.number:
            return False
        clause = tree.clause(i)
        if tree.rel(clause) == "acl:relcl" and clause > mention.last:
            return False  # "except Algeria, which defended it"
        top = mention.head
        while tree.head(top) >= 0 and base(tree.rel(top)) in {"amod", "compound", "nmod:poss", "flat"}:
            top = tree.head(top)
        before = [tree.low(k) for k in range(max(0, mention.first - 4), mention.first)]
        if before[-1:] == ["for"] or before[-1:] == ["the"]:
            before.pop()
        last = tree.tokens[mention.first - 1] if mention.first else None
        left = last is not None and before[-1:] and before[-1] in EXCEPT and (last.xpos == "IN" or last.upos == "DET")
        less = before[-2:] == [",", "less"]
        exception = before[-2:] == ["exception", "of"]
        return bool(left or less or exception) and i not in set(tree.subtree(top))

    # -- taken back ------------------------------------------------------------------------------

    def retracted(self, i: int) -> str:
        """Why the act of token ``i`` was only reported by mistake or in bad faith, "" where it was not."""
        tree, node = self.tree, i
        while tree.head(node) >= 0:
            head = tree.head(node)
            if base(tree.rel(node)) == "ccomp":
                why = self._false_report(head)
                if why:
                    return why
            elif base(tree.rel(node)) == "acl" and tree.rel(node) != "acl:relcl" and self._false_text(head):
                return f"'{tree.low(head)}' is false"
            node = head
        return ""

    def _false_report(self, verb: int) -> str:
        tree = self.tree
        if any(self._is(k, "wrongly") for k in tree.kids(verb, "advmod")):
            return f"wrongly '{tree.low(verb)}'"
        for subject in tree.kids(verb, *SUBJECTS):
            if self._false_text(subject):
                return f"'{tree.low(subject)}' is false"
            own = tree.low(subject) == "we" and any(self._is(k, "earlier") for k in tree.kids(verb, "advmod"))
            taken_back = DENIAL.match(self.following) or NO_SUCH.match(self.following)
            if taken_back and (own or self._is(subject, "writing") or tree.rel(subject) == "nsubj:pass"):
                return "the next sentence takes it back"
        return ""

    def _false_text(self, i: int) -> bool:
        """ "The hoax that ...", "a forged letter", "an earlier version of this article"."""
        tree = self.tree
        if self._is(i, "canard"):
            return True
        if not self._is(i, "writing"):
            return False
        signs = tree.kids(i, "amod", "compound")
        if any(self._is(k, "bogus") for k in signs) or "fool" in {tree.low(k) for k in tree.kids(i, "nmod:poss")}:
            return True
        return any(self._is(k, "earlier") for k in signs) and self._own(i)

    def _own(self, i: int) -> bool:
        """Of the text that is being read: "an earlier version", "an earlier post of this blog"; not of a bill."""
        tree = self.tree
        wholes = tree.kids(i, "nmod")
        this = any(tree.low(d) == "this" for k in wholes for d in tree.kids(k, "det"))
        return this or (tree.lemma(i) == "version" and all(self._is(k, "writing") for k in wholes))
