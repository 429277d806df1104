"""Names as they sound: one key for the spellings and damages of one name.

"Bechir" and "Bashir", "Khrouchtchev" and "Khrushchev", "Dby" (an accented letter was lost) and "Déby"
have the same skeleton: digraphs of the great languages as one sound, no vowels, no doubled letters.
"""

from __future__ import annotations

import re
from typing import Final

from comity.knowledge.folding import fold

_SOUNDS: Final = (
    ("tsch", "s"), ("tch", "s"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("cz", "s"), ("zh", "j"), ("dj", "j"),
    ("dzh", "j"), ("gh", "k"), ("g", "k"), ("kh", "k"), ("ph", "f"), ("th", "t"), ("qu", "k"), ("q", "k"), ("ck", "k"),
    ("c", "k"), ("x", "ks"), ("ou", "u"), ("w", "v"), ("z", "s"),
)  # fmt: skip
_SLAVIC: Final = re.compile(r"i(?:ch|tch|tsch|c|s)\b")
"""The last sound of Milosevic, Milosevich, Milosevitch."""
_VOWELS: Final = re.compile(r"[aeiouyh' -]")
_DOUBLED: Final = re.compile(r"(.)\1+")


def skeleton(name: str) -> str:
    """The consonants of a name by their sound; empty for a name of vowels."""
    key = _SLAVIC.sub("is", fold(name))
    for spelling, sound in _SOUNDS:
        key = key.replace(spelling, sound.upper())
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", key.lower()))
