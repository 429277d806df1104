"""Repairs of one frequent mistake of the parser, before anything is read from the tree.

In "recalled its ambassador and suspended trade with Israel" the second verb looks like a participle
of its object ("suspended trade").  Where the verb is one that ends or breaks something off, it is a verb.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec.structs import replace

from comity.model import Token

PAST = frozenset({"VBN", "VBD"})


def mended(tokens: Sequence[Token], enders: Container[str]) -> tuple[Token, ...]:
    """The tokens with such verbs coordinated; ``enders`` are the lemmas of verbs that end something."""
    out = list(tokens)
    for i, token in enumerate(tokens):
        noun = token.head
        joined = i > 0 and tokens[i - 1].deprel == "cc" and tokens[i - 1].head == noun
        if token.deprel != "amod" or token.xpos not in PAST or not joined or noun < i or token.lemma not in enders:
            continue
        verb = tokens[noun].head
        if verb >= 0 and tokens[noun].deprel == "conj":
            verb = tokens[verb].head
        if verb < 0 or tokens[verb].upos != "VERB" or verb > i:
            continue
        out[i] = replace(token, upos="VERB", xpos="VBD", deprel="conj", head=verb)
        out[i - 1] = replace(out[i - 1], head=i)
        out[noun] = replace(out[noun], deprel="obj", head=i)
    return tuple(out)
