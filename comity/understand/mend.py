"""Repairs of seven frequent mistakes of the parser, before anything is read from the tree.

In "recalled its ambassador and suspended trade with Israel" the second verb looks like a participle
of its object ("suspended trade").  Where the verb is one that ends or breaks something off, it is a verb.

In "the rebels will hold back; in Angola, Savimbi on Saturday accused the government" the day hangs on a verb of the
clause before.  What stands between a subject and its verb belongs to that verb.

In "Poland's minister, Adam Nowak, said his party rejected the ruling" both minister and party hang on the second
verb.  Of two subjects of a clause the first is that of the verb between them, whose object the clause is.

In "France will recall its envoy, Macron said on Monday" the day hangs on what he says.  What follows a verb of saying
and stands behind the clause that it governs belongs to the verb.

In "the talks brokered by Joe Biden, who hailed them" the relative clause hangs on the talks.  Nobody calls a thing who:
where a person is named right before, he it is.

In "as Addis Ababa maintained" both words of the name are subjects.  One name has one place in the sentence.

In "accused the Russian embassy of interference" the interference hangs on the embassy.  What somebody is accused of,
a bare noun behind "of", belongs to the verb.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from msgspec.structs import replace

from comity.model import Token

PAST = frozenset({"VBN", "VBD"})
OBLIQUE = frozenset({"obl", "obl:tmod", "advmod"})
ACCUSING = frozenset({"accuse", "suspect"})
BLAMED = frozenset({"obj", "iobj", "nsubj:pass"})
OWNED = frozenset({"det", "nmod:poss"})


def mended(tokens: Sequence[Token], enders: Container[str]) -> tuple[Token, ...]:
    """The tokens with such verbs coordinated; ``enders`` are the lemmas of verbs that end something."""
    out = _accused_of(_uncrossed(_told_when(_subjects_shared_out(_who_is_named(_names_whole(tokens))))))
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


def _names_whole(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with a word inside a name that hangs where the word before it does hung on that word."""
    out = list(tokens)
    for i in range(1, len(tokens)):
        first, word = out[i - 1], tokens[i]
        if word.entity.startswith("I-") and word.deprel.startswith("nsubj"):
            at = first.head if first.deprel == "flat" else i - 1
            if (out[at].deprel, out[at].head) == (word.deprel, word.head):
                out[i] = replace(word, deprel="flat", head=at)
    return out


def _who_is_named(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every clause of "who" that hangs on a thing hung on the person named right before it, if the
    name stands in a clause about that thing."""
    out = list(tokens)
    for i, who in enumerate(tokens):
        if who.text != "who" or who.deprel != "nsubj" or i < 3 or tokens[i - 1].text != ",":
            continue
        thing = tokens[who.head].head
        if tokens[who.head].deprel != "acl:relcl" or thing < 0 or tokens[thing].upos != "NOUN":
            continue
        person = i - 2
        while tokens[person].deprel in {"flat", "nmod:desc"} and tokens[person].head < i - 1:
            person = tokens[person].head
        between = _above(tokens, person)
        told = {tokens[k].deprel for k in between if k > thing} if thing in between else set()
        if tokens[i - 2].entity.endswith("PER") and any(d.startswith("acl") for d in told):
            out[who.head] = replace(tokens[who.head], head=person)
    return out


def _subjects_shared_out(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the first of two subjects of a clause given to the verb that governs it, if that lacks one."""
    out = list(tokens)
    for i, subject in enumerate(tokens):
        clause = subject.head
        if not subject.deprel.startswith("nsubj") or clause < i or tokens[clause].deprel != "ccomp":
            continue
        verb = tokens[clause].head
        subjects = [k for k, t in enumerate(tokens) if t.deprel.startswith("nsubj") and t.head in {verb, clause}]
        others = [k for k in subjects if k != i]
        if i < verb < clause and others and all(tokens[k].head == clause and k > verb for k in others):
            out[i] = replace(subject, head=verb)
    return out


def _told_when(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every oblique behind a verb that hangs on the clause before it hung on that verb."""
    out = list(tokens)
    for k, token in enumerate(tokens):
        clause = token.head
        if token.deprel not in OBLIQUE or not 0 <= clause < k or tokens[clause].deprel != "ccomp":
            continue
        verb = tokens[clause].head
        if clause < verb < k and tokens[verb].upos == "VERB":
            out[k] = replace(token, head=verb)
    return out


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


def _accused_of(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with a bare noun behind "of" hung on a verb of accusing where it hung on the accused."""
    out = list(tokens)
    for i, token in enumerate(tokens):
        accused = token.head
        if token.deprel != "nmod" or token.upos != "NOUN" or not 0 <= accused < i:
            continue
        verb = tokens[accused].head
        if verb < 0 or tokens[verb].lemma not in ACCUSING or tokens[accused].deprel not in BLAMED:
            continue
        own = {(t.deprel, t.text.lower()) for t in tokens if t.head == i}
        told = any(t.head == verb and t.deprel == "advcl" for t in tokens)
        if ("case", "of") in own and not told and not OWNED & {relation for relation, _ in own}:
            out[i] = replace(token, deprel="obl", head=verb)
    return out


def _above(tokens: Sequence[Token], i: int) -> set[int]:
    """The ancestors of a token."""
    found = set[int]()
    while (i := tokens[i].head) >= 0 and i not in found:
        found.add(i)
    return found
