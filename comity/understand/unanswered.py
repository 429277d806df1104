"""What reporters say of their own calls: "did not respond to a request for comment" is no act of anybody's."""

from __future__ import annotations

from typing import Final

from comity.understand.tree import SUBJECTS, Tree

ANSWERING: Final = frozenset("respond reply answer decline refuse return reach seek request ask call available".split())
"""What is or is not done about a request for comment."""
ASKING: Final = frozenset("call email e-mail mail message query inquiry enquiry request question text".split())
"""What a reporter leaves with those whom he cannot reach."""
LEFT: Final = frozenset("return answer unanswered unreturned".split())


def unanswered(tree: Tree) -> frozenset[int]:
    """The words of a sentence that tell of a reporter's request and of what became of it."""
    found = set[int]()
    for i in range(len(tree)):
        if tree.lemma(i) == "comment":
            above = [i, *tree.ancestors(i)]
            found.update(k for k in above if k == i or tree.lemma(k) in ANSWERING | ASKING)
        elif tree.lemma(i) in LEFT or tree.low(i) in LEFT:
            verb = i if tree.kids(i, *SUBJECTS) else tree.head(i)
            asked = [k for k in (tree.kids(verb, *SUBJECTS) if verb >= 0 else ()) if tree.lemma(k) in ASKING]
            found.update((i, verb, *asked) if asked else ())
    return frozenset(found)
