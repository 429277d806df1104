"""The time that a passage is about: what earlier sentences of a paragraph hand on to those that tell no time.

A main clause with a time clearly past ("In 2014 the names changed") or of the days before the news ("On Friday six
ships came") sets the time of what follows in its paragraph; the entry of a chronology sets that of its own lines, a
heading that of the text under it.  What answers the news (thanks, welcomes, congratulations) ends a passage about
another time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from comity.model import Sentence, Timex
from comity.understand.dates import signal_before
from comity.understand.dates.context import ENTRY
from comity.understand.timing import dated_noun, is_pluperfect
from comity.understand.tree import Tree

LONG_AGO: Final = 60
"""Days before publication from which a dated sentence sets the time of those after it."""
ANSWERS: Final = frozenset("thank welcome salute hail praise congratulate applaud comment".split())
"""What is done in answer to what an article reports, with nobody yet to tell of it in what it recalls."""
OPEN: Final = frozenset({"since", "from", "until", "till", "by"})

Anchored = Sequence[Sequence[tuple[Timex, int]]]


class Passages:
    """The passages of one document; ``times`` are the expressions of each sentence with the token that heads each."""

    def __init__(
        self, text: str, published: date | None, sentences: Sequence[Sentence], trees: Sequence[Tree], times: Anchored
    ) -> None:
        self.text = text
        self.published = published
        self.sentences = sentences
        self.trees = trees
        self.times = times
        self.context = self._contexts()
        self.entries = self._entries()

    def recent(self, timex: Timex) -> bool:
        """Whether a time lies in the weeks before the news."""
        return (
            self.published is not None
            and timex.low is not None
            and timex.high is not None
            and timex.high >= self.published - timedelta(days=LONG_AGO)
        )

    def setting(self, number: int, before: int) -> Timex | None:
        """The clearly past time that a sentence itself sets before one of its characters."""
        found = self._past(number)
        return found[-1] if found and found[-1].start < before else None

    def mentioned(self, number: int) -> Timex | None:
        """The long past time that the sentence before named last, in whatever clause."""
        if not number or self.sentences[number - 1].paragraph != self.sentences[number].paragraph:
            return None
        last = self.times[number - 1][-1][0] if self.times[number - 1] else None
        return last if last is not None and last.high is not None and not self.recent(last) else None

    def _contexts(self) -> list[Timex | None]:
        """For each sentence the past time its paragraph is about, where an earlier sentence set one."""
        contexts: list[Timex | None] = []
        current: Timex | None = None
        paragraph, from_heading, aside = -1, False, -1
        for number, sentence in enumerate(self.sentences):
            if sentence.paragraph != paragraph:
                below = from_heading and not (contexts and self.sentences[number - 1].kind == "body")
                current, from_heading = (current, True) if below else (None, False)
                aside = -1
            paragraph = sentence.paragraph
            if current is not None and self._answers(number) and not self.recent(current):
                current = None
            if aside >= 0 and self._leaves(number, aside):
                current = None
            aside = -1
            contexts.append(current)
            past = self._past(number)
            if past:
                current = past[-1]
                from_heading = sentence.kind == "headline" and number > 0
            elif any(t.low and self.recent(t) for t, _ in self.times[number]):
                current = self._recent_setting(number) or (None if self._dates_main(number) else current)
            if current is not None and contexts and self._told_aside(number):
                aside = number
        return contexts

    def _told_aside(self, number: int) -> bool:
        """Whether a dated sentence within a paragraph goes back for itself alone: "had prayed on Saturday"."""
        within = number > 0 and self.sentences[number - 1].paragraph == self.sentences[number].paragraph
        return within and bool(self.times[number]) and is_pluperfect(self.trees[number], self.trees[number].root)

    def _leaves(self, number: int, aside: int) -> bool:
        """Whether a sentence tells what somebody did whom the one told aside before it does not name."""
        tree = self.trees[number]
        if not tree.tokens or is_pluperfect(tree, tree.root):
            return False
        if any(tree.tokens[k].xpos == "MD" for k in tree.kids(tree.root, "aux")):
            return False  # "Bonn would have refused" tells nothing that happened
        subject = [n for kid in tree.kids(tree.root, "nsubj") for n in tree.subtree(kid)]
        names = {tree.lemma(n) for n in subject if tree.tokens[n].upos == "PROPN"}
        before = self.trees[aside]
        return bool(names) and not names & {before.lemma(n) for n in range(len(before))}

    def _entries(self) -> list[Timex | None]:
        """For each sentence the date of the entry of a chronology that it stands in ("1962: Washington blockades")."""
        found: list[Timex | None] = []
        for number, sentence in enumerate(self.sentences):
            first = next((t for t, _ in self.times[number] if t.start - sentence.start <= 2), None)
            opens = first is not None and ENTRY.match(self.text, first.end) is not None and sentence.kind == "body"
            if first is not None and opens and first.high and self.published and first.high <= self.published:
                found.append(first)
            elif found and self.sentences[number - 1].paragraph == sentence.paragraph:
                found.append(found[-1])
            else:
                found.append(None)
        return found

    def _answers(self, number: int) -> bool:
        """Whether a sentence without a time tells how somebody takes the news."""
        tree = self.trees[number]
        root = tree.root
        return bool(tree.tokens) and tree.lemma(root) in ANSWERS and not self.times[number]

    def _past(self, number: int) -> list[Timex]:
        """Times of main clauses clearly before the news ("Because the names changed in 2014")."""
        if self.published is None:
            return []
        tree = self.trees[number]
        mains = main_clauses(tree)
        times = self.times[number]
        dated = any(self.recent(t) and tree.head(h) in mains and not _of_noun(tree, h) for t, h in times)
        return [
            timex
            for timex, head in times
            if timex.low and timex.high and timex.kind != "DURATION" and not (dated and _of_noun(tree, head))
            if timex.high < self.published - timedelta(days=LONG_AGO)
            if signal_before(self.text, timex.start) not in {"since", "from"}
            if tree.clause(head) in mains or self._opens(number, timex)
        ]

    def _opens(self, number: int, timex: Timex) -> bool:
        """Whether a sentence begins with a time, whatever its parse makes of it: "In July 2015 a paper printed"."""
        before = [t.text for t in self.trees[number].tokens if t.end <= timex.start]
        return len(before) < 2 and all(word in {"In", "On", "At", "By", "During"} for word in before)

    def _recent_setting(self, number: int) -> Timex | None:
        """A dated main clause of the days before the news, from which its passage goes on."""
        tree = self.trees[number]
        if self.published is None or tree.tokens[tree.root].xpos not in {"VBD", "VBN"}:
            return None
        mains = main_clauses(tree)
        found = [
            timex
            for timex, head in self.times[number]
            if timex.low and timex.high and timex.high <= self.published and timex.kind != "DURATION"
            if timex.precision in {"day", "week", "month"} and tree.clause(head) in mains
            if signal_before(self.text, timex.start) not in OPEN and dated_noun(tree, head, timex) < 0
        ]
        # "struck on Thursday, in answer to the bombings on 7 August": what hangs on the verb first
        direct = [t for t, head in self.times[number] if t in found and not _of_noun(tree, head)]
        return (direct or found)[-1] if found else None

    def _dates_main(self, number: int) -> bool:
        """Whether a main clause of the sentence has a date of its own."""
        tree = self.trees[number]
        mains = main_clauses(tree)
        return any(timex.low and tree.clause(head) in mains for timex, head in self.times[number])


def _of_noun(tree: Tree, head: int) -> bool:
    """Whether a time hangs on a noun ("the bombings on 7 August")."""
    above = tree.head(head)
    return tree.rel(head).startswith("nmod") and above >= 0 and tree.tokens[above].upos in {"NOUN", "PROPN"}


def main_clauses(tree: Tree) -> set[int]:
    """The root and whatever is coordinated with it."""
    return {tree.root, *tree.conjuncts(tree.root)}


def told_clauses(tree: Tree) -> set[int]:
    """The main clauses and those that are set beside them by a colon or a dash, with their conjuncts."""
    found: set[int] = set()
    queue = [tree.root]
    while queue:
        node = queue.pop()
        found.add(node)
        queue += [k for k in tree.kids(node, "conj", "parataxis") if k not in found]
    return found
