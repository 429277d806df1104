"""Somebody who speaks, and those heard so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container

from comity.model import Record, Span, Speaker
from comity.understand.quotes.words import MEN, WOMEN

# How far back a speaker heard before may stand, in characters.
FAR = 600


class Voice(Record, frozen=True):
    """Somebody who speaks.

    ``span`` covers the words that name him, ``kind`` is ``person``, ``body`` (a state, an organisation) or
    ``other`` (described, like "a senior official"); ``plural`` when the words name several.
    """

    speaker: Speaker
    span: Span | None
    kind: str
    actor: str | None = None
    plural: bool = False

    def fits(self, pronoun: str) -> bool:
        """Whether "he" or "she" can stand for whoever is named so; always for other pronouns."""
        if pronoun not in {"he", "she"}:
            return True
        words = set(self.speaker.name.lower().split())
        return not self.plural and not words & (MEN if pronoun == "she" else WOMEN)


class Heard:
    """The speakers found so far, looked up by where they were named."""

    def __init__(self) -> None:
        self.last: Voice | None = None
        self._ends: list[int] = []
        self._voices: list[Voice] = []
        self._by_speaker: dict[Speaker, Voice] = {}

    def add(self, voice: Voice) -> None:
        """Remember a speaker."""
        self.last = self._by_speaker[voice.speaker] = voice
        self.note(voice)

    def note(self, voice: Voice) -> None:
        """Remember where somebody is named who speaks, without making him the last speaker."""
        if voice.span is not None:
            at = bisect_right(self._ends, voice.span.end)
            self._ends.insert(at, voice.span.end)
            self._voices.insert(at, voice)

    def near(self, position: int, kinds: Container[str], pronoun: str = "") -> Voice | None:
        """The nearest speaker of these kinds named before a position, not too far away, that a pronoun fits."""
        for at in range(bisect_right(self._ends, position) - 1, -1, -1):
            if self._ends[at] <= position - FAR:
                return None
            if self._voices[at].kind in kinds and self._voices[at].fits(pronoun):
                return self._voices[at]
        return None

    def voice(self, speaker: Speaker) -> Voice | None:
        """A speaker as he was last heard."""
        return self._by_speaker.get(speaker)
