"""Who is meant inside quotations: "we" is the side that speaks, "you" the side spoken to, "they" never the speaker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.knowledge import Knowledge
from comity.model import Actor, Document, Mention, Quote, Sentence, Span
from comity.understand.actors.phrases import make_mention

ABOUT = frozenset({"of", "about"})


def first_person(sentences: Sequence[Sentence], quotes: Sequence[Quote], knowledge: Knowledge) -> list[Mention]:
    """ "we", "our" and "you" inside direct quotations: the speaker's side and the side spoken to."""
    first, second = knowledge.words_of("first"), knowledge.words_of("second")
    found: list[Mention] = []
    for quote in (q for q in quotes if q.kind == "direct" and q.speaker is not None):
        for number, i in _inside(sentences, quote):
            sentence = sentences[number]
            word = sentence.tokens[i].text.lower()
            side = quote.speaker if word in first else quote.addressee if word in second else None
            if side is None or side.state is None:
                continue
            actor = Actor(id=side.state, name=side.name, kind="person", state=side.state, office=side.office)
            why = f"'{word}' is said by or to {side.name}"
            found.append(make_mention(sentence, number, i, i, (actor,), "pronoun", 0.8, why))
    return found


def spoken_of(document: Document, knowledge: Knowledge) -> list[Mention]:
    """ "“They will be met with fire,” he said of North Korea": whom the cue names, for pronouns that mean nobody."""
    words = knowledge.words_of("they") | knowledge.words_of("it")
    taken = {(m.sentence, m.first) for m in document.mentions}
    found: list[Mention] = []
    for quote in (q for q in document.quotes if q.kind == "direct" and q.cue_start is not None):
        topic = _topic(document, quote)
        if topic is None:
            continue
        for number, i in _inside(document.sentences, quote):
            sentence = document.sentences[number]
            if sentence.tokens[i].text.lower() in words and (number, i) not in taken:
                why = f"'{sentence.tokens[i].text}' is who is spoken of, named at {topic.start}"
                found.append(make_mention(sentence, number, i, i, topic.actors, "pronoun", 0.75, why))
    return found


def _topic(document: Document, quote: Quote) -> Mention | None:
    """The actor after "said of", "said about"."""
    for number, sentence in enumerate(document.sentences):
        if not sentence.start <= (quote.cue_start or -1) < sentence.end:
            continue
        cue = next((i for i, t in enumerate(sentence.tokens) if t.start == quote.cue_start), -1)
        if cue < 0 or cue + 1 >= len(sentence.tokens) or sentence.tokens[cue + 1].text.lower() not in ABOUT:
            return None
        after = (m for m in document.mentions if m.sentence == number and cue + 1 < m.first <= cue + 4)
        return next(after, None)
    return None


def _inside(sentences: Sequence[Sentence], quote: Quote) -> Iterator[tuple[int, int]]:
    """The tokens of a quotation, as numbers of sentence and token."""
    spans = quote.parts or (Span(start=quote.start, end=quote.end),)
    for number, sentence in enumerate(sentences):
        if sentence.end <= quote.start or quote.end <= sentence.start:
            continue
        for i, token in enumerate(sentence.tokens):
            if any(s.start <= token.start < s.end for s in spans):
                yield number, i


def himself(mention: Mention, document: Document) -> bool:
    """Whether a "he", "it" or "they" inside a quotation was taken for its speaker, who says "I" and "we"."""
    if mention.how != "pronoun":
        return False
    for quote in document.quotes:
        if quote.kind == "direct" and quote.speaker is not None and quote.start <= mention.start < quote.end:
            return all(a.state is not None and a.state == quote.speaker.state for a in mention.actors)
    return False
