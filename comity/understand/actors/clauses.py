"""Which words share a clause: whose subject stands over a word, and which other arguments its verb has."""

from __future__ import annotations

from itertools import pairwise

from comity.understand.tree import SUBJECTS, Tree, base

LENT = frozenset({"xcomp", "advcl", "conj", "acl"})
"""Clauses that take the subject of the clause above when they have none of their own."""
SIDES = frozenset({"on", "upon", "to", "with", "against", "from", "by", "at"})
"""Prepositions under which the other side of an act stands."""


def subjects_over(tree: Tree, i: int) -> list[int]:
    """Subjects of the nearest clause above ``i`` that has any, those that hold ``i`` left out."""
    chain = [i, *tree.ancestors(i)]
    for below, node in pairwise(chain):
        found = tree.kids(node, *SUBJECTS)
        if found:
            return [] if below in found else found
        if tree.is_verbal(node) and base(tree.rel(node)) not in LENT:
            return []
    return []


def verb_over(tree: Tree, i: int) -> int:
    """The nearest verb above ``i``, -1 without one."""
    return next((k for k in tree.ancestors(i) if tree.tokens[k].upos == "VERB"), -1)


def argument(tree: Tree, i: int) -> int:
    """The argument of a verb that ``i`` stands in: the topmost noun below the nearest verb."""
    for node in tree.ancestors(i):
        if tree.is_verbal(node):
            break
        i = node
    return i


def others(tree: Tree, i: int) -> list[int]:
    """The other arguments of the verb whose argument holds ``i``: what they mean, ``i`` does not."""
    own = argument(tree, i)
    verb = tree.head(own)
    if verb < 0:
        return []
    found = subjects_over(tree, i) if own not in tree.kids(verb, *SUBJECTS) else []
    found += [k for k in tree.kids(verb, *SUBJECTS, "obj", "iobj") if k != own]
    found += [k for k in tree.kids(verb, "obl") if k != own and tree.case(k) in SIDES]
    for clause in tree.kids(verb, "xcomp"):  # "told the regime to leave Lebanon"
        found += [k for k in tree.kids(clause, "obj", "obl") if own not in (k, clause)]
    found += [c for k in list(found) for c in tree.conjuncts(k)]
    return list(dict.fromkeys(found))
