"""Who "I", "we" and "you" are in an interview that is printed as questions and answers, without quotation marks.

Somebody of a state who is named at the head of the text, where it says that it is an interview, answers: "I" and "we"
of his answers are his side, "you" of the questions is too.  A professor or a journalist has no state and is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.knowledge import Knowledge
from comity.model import Actor, Document, Mention
from comity.understand.actors.phrases import make_mention

HEAD = 4
"""Sentences at the head of a text that may name who is interviewed."""
SAYS_SO = re.compile(
    r"\binterview(?:ed|s)?\b|\b(?:talks?|spoke|speaks) (?:to|with) (?:us|this)\b|\banswers? (?:our )?questions\b", re.I
)
ASKS = re.compile(r"(?:question|q)\s*[:.]\s", re.I)
ANSWERS = re.compile(r"(?:answer|a|r)\s*[:.]\s", re.I)
DASHES = frozenset("-–—")


def answers(document: Document, knowledge: Knowledge) -> list[Mention]:
    """ "I" and "we" of the answers and "you" of the questions; nothing where the text is no interview."""
    actor = interviewed(document)
    if actor is None or actor.state is None:
        return []
    first, second = knowledge.words_of("first"), knowledge.words_of("second")
    side = Actor(id=actor.state, name=actor.name, kind="person", state=actor.state, office=actor.office)
    why = f"{actor.name} is interviewed"
    found: list[Mention] = []
    for number, question in _turns(document):
        sentence = document.sentences[number]
        words = second if question else first
        for i, token in enumerate(sentence.tokens):
            quoted = any(q.kind == "direct" and q.start <= token.start < q.end for q in document.quotes)
            if token.text.lower() in words and not quoted:
                found.append(make_mention(sentence, number, i, i, (side,), "pronoun", 0.8, why))
    return found


def interviewed(document: Document) -> Actor | None:
    """Who is interviewed: the first person of a state whom the head of an interview names, None elsewhere."""
    head = document.sentences[:HEAD]
    if not head or not SAYS_SO.search(document.text[: head[-1].end]):
        return None
    people = (m.actors[0] for m in document.mentions if m.sentence < HEAD and m.actors[0].kind == "person")
    return next((a for a in people if a.state), None)


def _turns(document: Document) -> Iterator[tuple[int, bool]]:
    """The sentences from the first question on, and whether each is asked."""
    asking: bool | None = None
    for number, sentence in enumerate(document.sentences):
        told = document.text[sentence.start : sentence.end]
        before = document.text[: sentence.start]
        begins = not before.strip() or before.rstrip(" ")[-1:] in {"\n", *DASHES} or told[:1] in DASHES
        plain = told.lstrip("-–— ")
        if ASKS.match(plain) or (begins and plain.rstrip().endswith("?")):
            asking = True
        elif ANSWERS.match(plain) or (asking is not None and begins):
            asking = False
        if asking is not None:
            yield number, asking
