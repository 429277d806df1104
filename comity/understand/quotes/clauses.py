"""Which words of a reported clause are reported."""

from __future__ import annotations

from collections.abc import Sequence

from comity.model import Span
from comity.understand.quotes.view import View
from comity.understand.quotes.words import CONTRAST, NOUNS, RELATIVE
from comity.understand.tree import Tree, base

EDGES = frozenset({"that", "and", "but"})
# "said that ... and declined to say more": the speaker's own act.
REFUSING = frozenset({"decline", "refuse"})
# What opens a comment on what is reported: ", something that Kigali denies".
COMMENTS = frozenset({"something", "which", "thing"})
# "..., which Kigali denies": the writer adds what the other side says of it.
DENYING = frozenset({"deny", "reject", "dismiss", "dispute", "refute", "contest", "contradict", "disclaim"})
ASIDE = frozenset({"parataxis", "conj"})
OPENERS = frozenset({"which", "what"})
MARKS = frozenset({"“", "”", '"', "«", "»", "„"})


class Clauses:
    """Cuts reported clauses into stretches of words."""

    def __init__(self, view: View) -> None:
        self.view = view

    def spans(
        self, tree: Tree, head: int, without: set[int], beside: frozenset[int] = frozenset()
    ) -> list[Span]:
        """The stretches of a clause without the words of the cue and what the writer adds behind it."""
        nodes = sorted((set(tree.subtree(head)) - without - self._afterthoughts(tree, head)) | beside)
        runs: list[list[int]] = []
        for node in nodes:
            if runs and node == runs[-1][-1] + 1:
                runs[-1].append(node)
            else:
                runs.append([node])
        return [span for run in runs if not _stray(tree, run) and (span := self.trimmed(tree, run)) is not None]

    def _afterthoughts(self, tree: Tree, head: int) -> set[int]:
        """What follows a reported clause on the writer's own account, or on somebody else's."""
        found = self._denials(tree, head)
        for node in tree.subtree(head):
            for kid in tree.kids(node, "advcl", "appos", "parataxis", "conj", "dep", "obl"):
                relation, low = base(tree.rel(kid)), tree.lemma(kid)
                if kid < head or not (self._after_comma(tree, kid) or low in REFUSING):
                    continue
                speech = self.view.clause_cue(tree, kid) and bool(tree.kids(kid, "nsubj"))
                contrast = relation == "advcl" and bool(set(tree.marks(kid)) & CONTRAST)
                told = any(self.view.clause_cue(tree, k) for k in tree.subtree(kid))
                comment = relation in {"appos", "parataxis", "dep", "obl"} and (low in NOUNS or low in COMMENTS)
                refusal = relation == "conj" and low in REFUSING and not tree.kids(kid, "nsubj")
                if refusal or (contrast and told) or comment or (speech and relation in {"conj", "parataxis", "dep"}):
                    found |= set(tree.subtree(kid))
        return found

    def _denials(self, tree: Tree, head: int) -> set[int]:
        """ "said that troops shelled its posts, which Mogadishu denies": the relative clause is nobody's report."""
        found: set[int] = set()
        for verb in tree.subtree(head):
            if verb <= head or tree.lemma(verb) not in DENYING:
                continue
            if base(tree.rel(verb)) in ASIDE and tree.kids(verb, "nsubj") and self._after_comma(tree, verb):
                found |= set(tree.subtree(verb))  # "..., Beirut says; Damascus denies it"
            if not tree.rel(verb).endswith("relcl"):
                continue
            above = tree.head(verb)
            told = {tree.low(k) for k in tree.kids(verb, "obj", "obl")} | {tree.low(above)}
            top = above if tree.low(above) in OPENERS else verb
            if told & OPENERS and tree.kids(verb, "nsubj") and self._after_comma(tree, top):
                found |= set(tree.subtree(top))
        return found

    def _after_comma(self, tree: Tree, kid: int) -> bool:
        first = min(tree.subtree(kid))
        around = {tree.tokens[k].text for k in (first - 1, first) if k >= 0}
        return bool(around & {",", ";", "—", "–", ":"})

    def trimmed(self, tree: Tree, run: Sequence[int]) -> Span | None:
        """A stretch without punctuation and "that" at its edges; None if nothing is left."""
        low, high = self._after_that(tree, run) or self._after_setting(tree, run), len(run)
        while low < high and (self._bare(tree, run[low]) or (tree.low(run[low]) in EDGES and tree.rel(run[low]) in
                              {"mark", "cc"})):  # fmt: skip
            low += 1
        while high > low and self._bare(tree, run[high - 1]):
            high -= 1
        if low >= high or (low + 1 == high and tree.low(run[low]) in RELATIVE):
            return None
        return Span(start=tree.tokens[run[low]].start, end=tree.tokens[run[high - 1]].end)

    def _after_that(self, tree: Tree, run: Sequence[int]) -> int:
        """Where a clause begins: behind "only that"."""
        return next((n + 1 for n, k in enumerate(run[:3]) if tree.low(k) == "that" and tree.rel(k) == "mark"), 0)

    def _after_setting(self, tree: Tree, run: Sequence[int]) -> int:
        """ "said in Valletta the boat would not dock": a place or day right behind the verb belongs to it."""
        if tree.tokens[run[0]].upos != "ADP" or run[0] == 0 or not self.view.speaks(tree, run[0] - 1):
            return 0
        noun = tree.head(run[0])
        inside = set(tree.subtree(noun)) if noun >= 0 and base(tree.rel(noun)) == "obl" else set()
        place = noun >= 0 and (tree.tokens[noun].entity.endswith("LOC") or self._dated(tree, noun))
        size = len(inside)
        return size if place and inside == set(run[:size]) and size < len(run) else 0

    def _dated(self, tree: Tree, k: int) -> bool:
        position = tree.tokens[k].start
        return any(t.start <= position < t.end for t in self.view.document.timexes)

    def _bare(self, tree: Tree, k: int) -> bool:
        return tree.tokens[k].upos == "PUNCT" and tree.tokens[k].text not in MARKS


def _stray(tree: Tree, run: Sequence[int]) -> bool:
    """Whether words behind a semicolon make no clause: the subject of the next one, gone astray."""
    verbal = any(tree.tokens[k].upos in {"VERB", "AUX"} for k in run)
    return run[0] > 0 and tree.tokens[run[0] - 1].text == ";" and not verbal
