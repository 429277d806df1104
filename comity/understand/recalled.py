"""Well-known acts that a text recalls by a noun alone: "since the annexation of Crimea, Berlin has distrusted it".

What such a noun tells is no news, and no word says when it was; the table ``past_acts.csv`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import msgspec

from comity.knowledge import Knowledge, PastAct
from comity.model import Document, Event, EventDate, Precision, Token
from comity.understand.lookback import WHY as LOOKED_BACK

NEWS: Final = timedelta(days=120)
"""So long after its end an act may still be what the article is about."""
RECENT: Final = timedelta(days=60)
UNTOLD: Final = ("date: not told: the day of publication", "date: the day the article reports", LOOKED_BACK)
"""The reasons of dates that no word of the sentence gave."""
VERBS: Final = MappingProxyType({
    "invasion": "invade", "annexation": "annex", "occupation": "occupy", "bombing": "bomb", "shelling": "shell",
    "attack": "attack", "raid": "raid", "blockade": "blockade", "boycott": "boycott", "withdrawal": "withdraw",
    "assassination": "assassinate", "killing": "kill", "murder": "murder", "sinking": "sink", "seizure": "seize",
    "intervention": "intervene", "strike": "strike", "poisoning": "poison", "downing": "down",
})  # fmt: skip
"""What is told by the verb as well is told as news."""


class Recaller:
    """Dates the recalled acts of a document."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._by_noun: dict[str, list[PastAct]] = {}
        for act in knowledge.past_acts:
            for noun in act.nouns:
                self._by_noun.setdefault(noun, []).append(act)

    def __call__(self, document: Document, events: Sequence[Event]) -> list[Event]:
        """The events, those that are recalled with the dates of the table and the reason."""
        if document.published is None:
            return list(events)
        words = {e.anchor.start: _word(document, e) for e in events if e.anchor is not None}
        return [self._dated(document, event, events, words) for event in events]

    def _dated(
        self, document: Document, event: Event, events: Sequence[Event], words: dict[int, Token | None]
    ) -> Event:
        published, word = document.published, words.get(event.anchor.start) if event.anchor is not None else None
        untold = event.status == "occurred" and not set(UNTOLD).isdisjoint(event.why)
        if published is None or word is None or word.upos != "NOUN" or not untold:
            return event
        text = document.text[event.evidence.start : event.evidence.end]
        act = _meant(self._acts(event, word.lemma, text), published)
        if act is None or _is_news(event, events, words, VERBS.get(word.lemma, ""), published):
            return event
        until = act.until or published
        span = EventDate(start=act.since, end=until, precision=_precision(act.since, until))
        why = (*(w for w in event.why if w not in UNTOLD), f"date: recalled, {act.name}")
        return msgspec.structs.replace(event, date=span, why=why)

    def _acts(self, event: Event, noun: str, text: str) -> list[PastAct]:
        """The acts of the table that an event may be; those that a word of the sentence tells apart, if there are."""
        found = [
            act for act in self._by_noun.get(noun, ())
            if not set(event.sources).isdisjoint(act.sources) and not set(event.targets).isdisjoint(act.targets)
            and (not act.words or any(w in text for w in act.words))
        ]  # fmt: skip
        return [act for act in found if act.words] or found


def _meant(acts: Iterable[PastAct], published: date) -> PastAct | None:
    """The last of some acts before publication; none where one of them was news then."""
    before = [act for act in acts if act.since <= published]
    if any(published <= (act.until or act.since) + NEWS for act in before):
        return None
    return max(before, key=lambda act: act.since, default=None)


def _is_news(
    event: Event, events: Sequence[Event], words: dict[int, Token | None], verb: str, published: date
) -> bool:  # fmt: skip
    """Whether the article tells by the verb that one of these does so to the other just now."""
    sides = {*event.sources, *event.targets}
    for other in events:
        word = words.get(other.anchor.start) if other.anchor is not None else None
        fresh = other.date.start is not None and other.date.start >= published - RECENT and other.status == "occurred"
        if fresh and word is not None and word.lemma == verb and sides <= {*other.sources, *other.targets}:
            return True
    return False


def _precision(since: date, until: date) -> Precision:
    days = (until - since).days
    return "day" if not days else "month" if days <= 31 else "year" if days <= 366 else "decade"


def _word(document: Document, event: Event) -> Token | None:
    """The word at which an event is told."""
    assert event.anchor is not None
    sentence = next((s for s in document.sentences if s.start <= event.anchor.start < s.end), None)
    return next((t for t in sentence.tokens if t.start == event.anchor.start), None) if sentence is not None else None
