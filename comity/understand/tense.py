"""The tense of the clause around an offset, from the parse: past, present, future."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from comity.model import Sentence
from comity.understand.tree import Tree

FUTURE_AUX = frozenset({"will", "shall", "must", "'ll", "’ll", "wo"})
COMING = frozenset({"going", "due", "set", "scheduled", "slated", "about"})
"""Words whose infinitive is still to come, in the past too: "was going to travel on Monday"."""
INTENDING = frozenset("threaten promise pledge plan vow intend undertake".split())
"""Verbs whose infinitive is still to come where they are told as news."""
PAST_TAGS = frozenset({"VBD", "VBN"})
ALIKE = frozenset("set put cut hit let shut spread quit hurt split beat cast burst".split())
"""Verbs whose past is written like their present: news tells with them what was done."""
PRESENT_TAGS = frozenset({"VBZ", "VBP"})


class ClauseTense:
    """Answers for one document; trees are built only for the sentences asked about."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self._starts = [s.start for s in sentences]

    def __call__(self, offset: int) -> str:
        """ "past", "present", "future", or "" where the clause does not tell."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or not self.sentences[number].tokens:
            return ""
        tree = Tree(self.sentences[number], number)
        token = next((i for i, t in enumerate(tree.tokens) if t.end > offset), len(tree) - 1)
        return self._tense(tree, tree.clause(token))

    def _tense(self, tree: Tree, clause: int, depth: int = 4) -> str:
        words = {tree.low(k) for k in tree.kids(clause, "aux", "cop", "aux:pass")}
        if words & FUTURE_AUX:
            return "future"
        own = tree.tokens[clause].xpos
        tags = {own, *(tree.tokens[k].xpos for k in tree.kids(clause, "aux", "cop", "aux:pass"))}
        if "if" in tree.marks(clause) and tags & PRESENT_TAGS:
            return "future"
        if "VBD" in tags or (words & {"has", "have", "had", "’ve", "'ve"} and own == "VBN"):
            return "past"
        if own == "VBN" and words & {"is", "are"}:
            return ""  # a passive, or the past of a language that says "is arrived"
        if own == "VBP" and tree.low(clause) in ALIKE:
            return "past"
        if tags & PRESENT_TAGS:
            return "future" if self._scheduled(tree, clause) else "present"
        if own == "VB" and ("to" in tree.marks(clause)) and depth:
            above = tree.head(clause)
            if above >= 0 and (tree.low(above) in COMING or self._intends(tree, above)):
                return "future"
            return self._tense(tree, tree.clause(tree.head(clause)), depth - 1) if tree.head(clause) >= 0 else "future"
        if words & {"would", "may", "might", "could", "should"}:
            return ""
        return "past" if own in PAST_TAGS else ""

    def _intends(self, tree: Tree, clause: int) -> bool:
        """ "has threatened to leave in October": told as news, and still to come."""
        perfect = {"has", "have"} & {tree.low(k) for k in tree.kids(clause, "aux")}
        return bool(perfect) and tree.lemma(clause) in INTENDING

    def _scheduled(self, tree: Tree, clause: int) -> bool:
        """ "is to visit", "is expected to", "plans to": present words about the future."""
        return any("to" in tree.marks(k) for k in tree.kids(clause, "xcomp", "ccomp"))
