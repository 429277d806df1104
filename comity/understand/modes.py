"""The mode of an event that its frame does not tell: by the word that tells the act, and by the cues around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from comity.knowledge.frame_records import UPOS
from comity.knowledge.frames import Lexicon
from comity.model import Event
from comity.understand.tree import Tree

OWN: Final = 3
AROUND: Final = 1
"""How much the word of the act itself says of its mode, and one below it in the tree."""
ARMED: Final = frozenset({"drone", "suicide-attack", "unconventional"})
"""Modes that a weapon tells whatever the verb says."""
DEEP: Final = 3
"""How far below the word of an act its cues may stand."""


def with_mode(event: Event, tree: Tree, lexicon: Lexicon) -> Event:
    """The event with its mode and that mode's code, where one fits best.

    One that has a mode keeps it, but for a weapon that is named beside the word ("a drone killed").
    """
    word = _word(event, tree)
    if word is None:
        return event
    votes = _votes(event.type, tree, word, lexicon)
    armed = Counter({mode: n for mode, n in votes.items() if mode in ARMED})
    if armed or event.mode is not None:
        votes = armed
    best = votes.most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return event
    mode = best[0][0]
    return msgspec.structs.replace(event, mode=mode, cameo=lexicon.cameo(event.type, mode) or event.cameo)


def _word(event: Event, tree: Tree) -> int | None:
    start = event.anchor.start if event.anchor else -1
    return next((i for i, t in enumerate(tree.tokens) if t.start == start), None)


def _votes(kind: str, tree: Tree, word: int, lexicon: Lexicon) -> Counter[str]:
    """How much speaks for each mode of a type."""
    votes: Counter[str] = Counter()
    pos = next((p for p, tags in UPOS.items() if tree.tokens[word].upos in tags), "")
    frames = (f for f in lexicon.frames.get((pos, tree.lemma(word)), ()) if f.type == kind)
    framed = {f.mode for f in frames if f.mode and not f.object and not f.prep_object}
    for mode in framed:
        votes[mode] += OWN if len(framed) == 1 else AROUND
    for at, depth in _below(tree, word):
        for mode in _cued(kind, tree, at, lexicon):
            votes[mode] += OWN if depth == 0 else AROUND
    return votes


def _below(tree: Tree, word: int, depth: int = 0) -> Iterator[tuple[int, int]]:
    yield word, depth
    if depth < DEEP:
        for kid in tree.kids(word):
            yield from _below(tree, kid, depth + 1)


def _cued(kind: str, tree: Tree, at: int, lexicon: Lexicon) -> set[str]:
    """The modes that a word gives away, alone or with those after it."""
    told = {tree.low(at), tree.lemma(at)}
    return {mode for first in told for mode, rest in lexicon.cues.get((kind, first), ()) if _follow(rest, tree, at)}


def _follow(words: Sequence[str], tree: Tree, at: int) -> bool:
    places = range(at + 1, at + 1 + len(words))
    inside = places.stop <= len(tree)
    return inside and all(w in {tree.low(k), tree.lemma(k)} for w, k in zip(words, places, strict=True))
