"""Dictionary forms, made from the word by the edit the encoder names."""

from __future__ import annotations


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
    if cut >= len(stem) and not added:
        return stem
    if cut > len(stem):
        return stem
    return stem[: len(stem) - cut] + added
