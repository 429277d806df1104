"""A sentence as a dependency tree, with the questions that frames ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from comity.model import Sentence, Token

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer"})
FUNCTION = frozenset({"SCONJ", "ADP", "PART", "CCONJ", "DET", "PUNCT"})
CLAUSES = frozenset({"ccomp", "xcomp", "advcl", "acl", "csubj", "parataxis", "root"})


def base(relation: str) -> str:
    """The relation without its subtype: ``nsubj:pass`` -> ``nsubj``."""
    return relation.partition(":")[0]


class Tree:
    """One parsed sentence; tokens are named by their index."""

    def __init__(self, sentence: Sentence, number: int) -> None:
        self.sentence = sentence
        self.number = number
        self.tokens: tuple[Token, ...] = sentence.tokens
        kids: list[list[int]] = [[] for _ in self.tokens]
        for index, token in enumerate(self.tokens):
            if token.head >= 0:
                kids[token.head].append(index)
        self._kids = kids
        self._names = [(t.deprel, base(t.deprel)) for t in self.tokens]

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def _lemmas(self) -> list[str]:
        return [(t.lemma or t.text).lower() for t in self.tokens]

    @cached_property
    def _forms(self) -> list[str]:
        return [t.text.lower() for t in self.tokens]

    @cached_property
    def root(self) -> int:
        """The index of the root, 0 for a sentence without one."""
        return next((i for i, t in enumerate(self.tokens) if t.head < 0), 0)

    def lemma(self, i: int) -> str:
        """The lemma in lower case, the form where there is none."""
        return self._lemmas[i]

    def low(self, i: int) -> str:
        """The form in lower case."""
        return self._forms[i]

    def rel(self, i: int) -> str:
        """The full relation to the head."""
        return self.tokens[i].deprel

    def head(self, i: int) -> int:
        """The governing token, -1 at the root."""
        return self.tokens[i].head

    def kids(self, i: int, *relations: str) -> list[int]:
        """Dependents of ``i``; with relations, only those (full or base name)."""
        kids = self._kids[i]
        if not relations or not kids:
            return list(kids)
        names = self._names
        return [k for k in kids if names[k][0] in relations or names[k][1] in relations]

    def subtree(self, i: int) -> Iterator[int]:
        """``i`` and everything below it."""
        stack = [i]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(self._kids[node])

    def ancestors(self, i: int) -> Iterator[int]:
        """The chain of governors, nearest first."""
        node = self.head(i)
        while node >= 0:
            yield node
            node = self.head(node)

    def first_conjunct(self, i: int) -> int:
        """The head of the coordination that ``i`` stands in."""
        while self.rel(i) == "conj":
            i = self.head(i)
        return i

    def conjuncts(self, i: int) -> list[int]:
        """The other members of the coordination that ``i`` heads."""
        found: list[int] = []
        for kid in self.kids(i, "conj"):
            found.append(kid)
            found.extend(self.conjuncts(kid))
        return found

    def case(self, i: int) -> str:
        """The preposition(s) of a nominal, fixed expressions joined: ``because of``."""
        words = []
        for kid in self.kids(i, "case"):
            words.append(" ".join(self.low(k) for k in sorted([kid, *self.kids(kid, "fixed")])))
        if not words:
            # parsers hang the preposition on the first word of a name ("in South Korea")
            inner = self.kids(i, "compound", "amod", "nmod:desc")
            words = [self.low(k) for m in inner for k in self.kids(m, "case") if k < m][:1]
        if not words and self.rel(i) == "conj" and self.head(i) >= 0:
            return self.case(self.head(i))
        return " ".join(words)

    def marks(self, i: int) -> list[str]:
        """Subordinators and complementisers of a clause: ``if``, ``that``, ``to``."""
        return [" ".join(self.low(k) for k in sorted([m, *self.kids(m, "fixed")])) for m in self.kids(i, "mark")]

    def particles(self, i: int) -> set[str]:
        """Particles of a verb, those that the parse gave to the next phrase included ("pulled out of")."""
        found = {self.low(k) for k in self.kids(i, "compound:prt")}
        found |= {self.low(k) for k in self.kids(i, "advmod") if self.low(k) in {"home", "back", "away"} and k > i}
        return found | {t.text.lower() for t in self.tokens[i + 1 : i + 2] if t.upos in {"ADP", "ADV"}}

    def is_verbal(self, i: int) -> bool:
        """Whether the token heads a clause of its own."""
        return self.tokens[i].upos in {"VERB", "AUX"} or bool(self.kids(i, "cop", "nsubj"))

    def is_gerund(self, i: int) -> bool:
        """Whether a predicate is a gerund: "of arming", "of having armed", "of being behind it"."""
        return "VBG" in {self.tokens[k].xpos for k in (i, *self.kids(i, "aux", "cop"))}

    def is_passive(self, i: int) -> bool:
        """Passive voice, reduced relatives ("the base attacked by ...") included."""
        if self.kids(i, "nsubj:pass", "aux:pass", "obl:agent", "csubj:pass"):
            return True
        token = self.tokens[i]
        if base(token.deprel) == "conj" and token.xpos == "VBN" and not self.kids(i, "nsubj"):
            return self.is_passive(token.head) and not self.kids(i, "obj")
        return (
            token.xpos == "VBN"
            and base(token.deprel) in {"acl", "advcl", "amod"}
            and not self.kids(i, "aux")
            and not self.kids(i, "obj")
        )

    def clause(self, i: int) -> int:
        """The nearest token at or above ``i`` that heads a clause."""
        node = i
        while node >= 0:
            if self.is_verbal(node) or self.rel(node) == "root":
                return node
            node = self.head(node)
        return self.root

    def content(self, i: int) -> int:
        """The word of content at or above ``i``: what a preposition or subordinator belongs to."""
        while self.tokens[i].upos in FUNCTION and self.head(i) >= 0:
            i = self.head(i)
        return i

    def span(self, i: int) -> tuple[int, int]:
        """Character range from the first to the last token of the subtree."""
        nodes = list(self.subtree(i))
        return (min(self.tokens[k].start for k in nodes), max(self.tokens[k].end for k in nodes))
