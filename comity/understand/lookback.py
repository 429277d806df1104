"""Acts of force that a text looks back on: "apologised for the massacre", "the bridge where Serbs had shot at them".

No word says when they were, but it was not on the day that the article reports.  A war dated on the wrong day is worse
than one without a day.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, timedelta

import msgspec

from comity.model import Event, EventDate, Timex
from comity.understand.timing import is_pluperfect
from comity.understand.tree import Tree, base

NEARBY = 4
"""So many steps up the word stands that looks back."""
DOWN = frozenset({"nmod", "obl", "obj", "acl", "conj", "appos", "nsubj", "compound", "xcomp"})
GROUNDS = frozenset({"for", "of", "into", "over", "on"})
NEWS = timedelta(days=31)
WHY = "date: looked back on, no day told"


def is_recent(start: date | None, published: date | None) -> bool:
    """Whether an act was given a day of the news."""
    return start is not None and published is not None and start >= published - NEWS


def is_looked_back_on(tree: Tree, predicate: int, words: Container[str], times: Iterable[Timex]) -> bool:
    """Whether a text looks back on an act and tells no time of its own."""
    top = _below(tree, predicate, words)
    if top < 0:
        return False
    own = [tree.tokens[k] for k in {*tree.subtree(top), *_same_breath(tree, predicate)}]
    return not any(t.start < time.end and time.start < t.end for t in own for time in times)


def _same_breath(tree: Tree, predicate: int) -> range:
    """What follows an act without a mark between; a day there may be its own, wherever the parse hangs it."""
    marks = (k for k in range(predicate, len(tree)) if tree.tokens[k].upos == "PUNCT")
    return range(predicate, next(marks, len(tree)))


def _below(tree: Tree, predicate: int, words: Container[str]) -> int:
    """The highest word of what is looked back on, -1 where nothing looks back."""
    clause = tree.clause(predicate)
    if tree.rel(clause) == "acl:relcl" and is_pluperfect(tree, clause):
        return clause  # "those it had bombed"
    node = predicate
    for _ in range(NEARBY):
        head = tree.head(node)
        if head < 0:
            break
        if tree.lemma(head) in words and (base(tree.rel(node)) in DOWN or _of_grounds(tree, node)):
            return node
        nouns = (k for k in tree.kids(head, "obj", "nsubj") if k != node)
        if tree.case(node) in GROUNDS and any(tree.lemma(k) in words for k in nouns):
            return node  # "expressed regret for the violence", "an inquiry opened into the shooting"
        if base(tree.rel(node)) not in DOWN and not _of_grounds(tree, node):
            break
        node = head
    return -1


def _of_grounds(tree: Tree, node: int) -> bool:
    return base(tree.rel(node)) == "advcl" and bool(GROUNDS & set(tree.marks(node)))


def without_day(event: Event) -> Event:
    """The event without the day that it was given, if it is looked back on."""
    if WHY not in event.why:
        return event
    why = tuple(w for w in event.why if w == WHY or not w.startswith("date:"))
    return msgspec.structs.replace(event, date=EventDate(), why=why)
