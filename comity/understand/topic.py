"""Whom an article is about: the counterpart of an act whose other side is left unsaid.

"It lifted the embargo" in a story about Greece and its northern neighbour has a
recipient that every reader supplies.  It is supplied here only where the text
is clearly about few actors, and at a lower confidence.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from comity.model import Document, Mention
from comity.understand.arguments import Hit

WINDOW = 3
TOP = 3
LEAST = 2
OFTEN = 4
CLEARLY = 1.2
"""How much more in view than the next actor the supplied one must be."""
UNTOLD = frozenset({"city", "territory", "bloc", "damaged"})
CONFIDENCE = 0.62


class Topic:
    """The actors that one document keeps naming."""

    def __init__(self, document: Document) -> None:
        self._by_sentence: dict[int, list[Mention]] = defaultdict(list)
        counts: Counter[str] = Counter()
        for mention in document.mentions:
            states = {a.state for a in mention.actors if a.state}
            if mention.how in UNTOLD or len(states) != 1:
                continue
            self._by_sentence[mention.sentence].append(mention)
            counts.update(states)
        self.counts = counts
        self._top = {code for code, count in counts.most_common(TOP) if count >= LEAST}

    def counterpart(self, code: str, number: int, but: frozenset[str] = frozenset()) -> Hit | None:
        """The other actor most in view at a sentence, if the document is about both; none of those in ``but``."""
        if not code:
            return None
        weights: Counter[str] = Counter()
        latest: dict[str, Mention] = {}
        for back in range(WINDOW + 1):
            for mention in self._by_sentence.get(number - back, ()):
                state = next(a.state for a in mention.actors if a.state)
                if state != code and state in self._top and state not in but:
                    weights[state] += self.counts[state] / (1 + back)  # type: ignore[assignment]
                    latest.setdefault(state, mention)
        if not weights:
            return self._main_rival(code, but)
        best = max(weights, key=lambda c: (weights[c], c))
        rival = max((w for c, w in weights.items() if c != best), default=0.0)
        if weights[best] < CLEARLY * rival:
            return None
        mention = latest[best]
        return Hit(actor=mention.actors[0], mention=mention, depth=4)

    def _main_rival(self, code: str, but: frozenset[str]) -> Hit | None:
        """The other of the two actors that the whole document is about."""
        first_two = [c for c, n in self.counts.most_common(2) if n >= OFTEN]
        if code not in first_two or len(first_two) < 2:
            return None
        other = next(c for c in first_two if c != code)
        if other in but:
            return None
        mention = next(m for ms in self._by_sentence.values() for m in ms if m.actors[0].state == other)
        return Hit(actor=mention.actors[0], mention=mention, depth=5)
