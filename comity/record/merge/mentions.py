"""The main word of a trigger."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import simplemma

from comity.knowledge.frames import load_frames
from comity.record.merge.terms import NUMBERS

PARTICLES: Final = frozenset("up down off out over away back in on through apart".split())
EMPTY: Final = frozenset(
    "the a an and or of to in on at by for with from as that this it its his her their he she they was were is are be "
    "been has have had will would not but who which after before when into about than one".split()
)


@lru_cache(maxsize=1 << 16)
def head_lemma(trigger: tuple[str, ...]) -> str:
    """The lemma of the trigger's main word: the last that a frame knows, else the last that says something."""
    lemmas = [simplemma.lemmatize(w, lang="en") for w in trigger] or [""]
    telling = [at for at, w in enumerate(lemmas) if w not in EMPTY and w not in PARTICLES and w not in NUMBERS]
    known = [at for at in telling if known_word(lemmas[at])]
    at = (known or telling or [len(lemmas) - 1])[-1]
    return lemmas[at].casefold()


@cache
def known_word(lemma: str) -> bool:
    """Whether a frame of a verb or noun knows the word."""
    return any(load_frames().frames.get((pos, lemma)) for pos in ("v", "n"))
