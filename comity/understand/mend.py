"""Repairs of two frequent mistakes of the parser, before anything is read from the tree.

In "recalled its ambassador and suspended trade with Israel" the second verb looks like a participle
of its object ("suspended trade").  Where the verb is one that ends or breaks something off, it is a verb.

In "the rebels will hold back; in Angola, Savimbi on Saturday accused the government" the day hangs on a verb of the
clause before.  What stands between a subject and its verb belongs to that verb.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec.structs import replace

from comity.model import Token

PAST = frozenset({"VBN", "VBD"})
OBLIQUE = frozenset({"obl", "obl:tmod", "advmod"})


def mended(tokens: Sequence[Token], enders: Container[str]) -> tuple[Token, ...]:
    """The tokens with such verbs coordinated; ``enders`` are the lemmas of verbs that end something."""
    out = _uncrossed(tokens)
    for i, token in enumerate(tokens):
        noun = token.head
        joined = i > 0 and tokens[i - 1].deprel == "cc" and tokens[i - 1].head == noun
        if token.deprel != "amod" or token.xpos not in PAST or not joined or noun < i or token.lemma not in enders:
            continue
        verb = tokens[noun].head
        if verb >= 0 and tokens[noun].deprel == "conj":
            verb = tokens[verb].head
        if verb < 0 or tokens[verb].upos != "VERB" or verb > i or {i, noun} & _above(out, verb):
            continue
        out[i] = replace(token, upos="VERB", xpos="VBD", deprel="conj", head=verb)
        out[i - 1] = replace(out[i - 1], head=i)
        out[noun] = replace(out[noun], deprel="obj", head=i)
    return tuple(out)


def _uncrossed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every oblique between a subject and its verb hung on the verb where it hung on one outside."""
    out = list(tokens)
    for i, subject in enumerate(tokens):
        verb = subject.head
        if not subject.deprel.startswith("nsubj") or verb <= i + 1 or tokens[verb].upos != "VERB":
            continue
        for k in range(i + 1, verb):
            outside = tokens[k].deprel in OBLIQUE and not i <= tokens[k].head <= verb
            if outside and k not in _above(out, verb):
                out[k] = replace(tokens[k], head=verb)
    return out


def _above(tokens: Sequence[Token], i: int) -> set[int]:
    """The ancestors of a token."""
    found = set[int]()
    while (i := tokens[i].head) >= 0 and i not in found:
        found.add(i)
    return found
