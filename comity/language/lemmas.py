"""Dictionary forms, made from the word by the edit the encoder names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_VOWELS: Final = "aeiou"


def lemma_of(word: str, script: str) -> str:
    """The lemma of ``word`` after an edit script.

    ``keep`` leaves the word, ``=go`` replaces it, ``low:2:y`` takes the last
    two of its small letters off and adds ``y``, ``case:1:`` does so without
    making letters small.  A script that does not fit gives the small letters.
    """
    if script == "keep":
        return word
    if script.startswith("="):
        return script[1:] or word.lower()
    case, _, rest = script.partition(":")
    cut_text, _, added = rest.partition(":")
    stem = word if case == "case" else word.lower()
    cut = int(cut_text) if cut_text.isdigit() else 0
    if cut > len(stem) or (cut == len(stem) and not added):
        return stem
    return stem[: len(stem) - cut] + added


class Lemmas:
    """Lemmas from what training saw of a form, else from the encoder's script."""

    def __init__(self, lexicon: Mapping[str, str], verbs: frozenset[str]) -> None:
        self._lexicon = lexicon
        self._verbs = verbs

    def of(self, word: str, upos: str, xpos: str, script: str) -> str:
        """The lemma of a word with its tags."""
        kind = xpos[:2]
        if upos == "PROPN" or kind not in ("VB", "NN", "JJ", "RB"):
            return lemma_of(word, script)
        known = self._lexicon.get(f"{word.lower()}/{kind}")
        if known:
            return known
        found = lemma_of(word, script)
        if kind == "VB" and found not in self._verbs:
            return next((base for base in bases(word.lower()) if base in self._verbs), found)
        return found


def bases(form: str) -> Iterator[str]:
    """What an inflected verb may come from, the form itself first."""
    yield form
    for ending in ("ing", "ed", "es", "s"):
        if form.endswith(ending) and len(form) > len(ending) + 1:
            stem = form[: -len(ending)]
            yield stem + "e"
            yield stem
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
                yield stem[:-1]
            if stem.endswith("i"):
                yield stem[:-1] + "y"
            if ending == "ing" and stem.endswith("y"):
                yield stem[:-1] + "ie"
