"""Actors in the text: states, leaders, organisations, groups, and what stands for them."""

from __future__ import annotations

from datetime import date

import msgspec

from comity.knowledge import Knowledge
from comity.model import Document
from comity.understand.actors.gazetteer import Gazetteer
from comity.understand.actors.interviews import answers
from comity.understand.actors.names import Names
from comity.understand.actors.phrases import Phrases
from comity.understand.actors.reference import Discourse
from comity.understand.actors.salience import load_weights
from comity.understand.actors.speech import first_person, himself, spoken_of
from comity.understand.actors.spelling import as_spelled
from comity.understand.tree import Tree

UNDATED = date(2020, 1, 1)
"""The day by which offices are resolved in a text without any date."""


class ActorFinder:
    """Finds the mentions of actors in a parsed document.

    ``harmful`` are verbs that nobody does to what is his own: "Greece violated its airspace" is not of Greece's.
    """

    def __init__(self, knowledge: Knowledge, harmful: frozenset[str] = frozenset()) -> None:
        self.knowledge = knowledge
        self.harmful = harmful
        self.gazetteer = Gazetteer(knowledge)
        self.weights = load_weights()

    def __call__(self, document: Document) -> Document:
        """The document with its mentions; needs parsed sentences, uses time expressions."""
        on = [day_of(document, n) for n in range(len(document.sentences))]
        names = Names(self.knowledge, self.gazetteer, document.sentences, on, document.published)
        trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
        discourse = Discourse(names, trees, self.harmful, self.weights)
        mentions = []
        for number in range(len(document.sentences)):
            phrases = Phrases(names, number)
            phrases.build()
            mentions.extend(discourse.walk(number, phrases))
        return msgspec.structs.replace(document, mentions=tuple(as_spelled(mentions, document.sentences)))

    def speakers(self, document: Document) -> Document:
        """The document with "we", "I" and "you" of its quotations resolved; needs quotations."""
        more = first_person(document.sentences, document.quotes, self.knowledge)
        more += spoken_of(document, self.knowledge)
        more += answers(document, self.knowledge)
        taken = {(m.sentence, m.first) for m in more}
        kept = [m for m in document.mentions if (m.sentence, m.first) not in taken and not himself(m, document)]
        return msgspec.structs.replace(document, mentions=tuple(sorted([*kept, *more], key=lambda m: m.start)))


def day_of(document: Document, number: int) -> date:
    """The day by which a sentence's offices are meant: its own past year, else the publication."""
    published = document.published or UNDATED
    sentence = document.sentences[number]
    past = [
        t.low
        for t in document.timexes
        if sentence.start <= t.start < sentence.end and t.low and t.high and t.high.year < published.year
    ]
    inside = [t for t in document.timexes if sentence.start <= t.start < sentence.end]
    return past[0] if past and len(past) == len([t for t in inside if t.low]) else published


__all__ = ["UNDATED", "ActorFinder"]
