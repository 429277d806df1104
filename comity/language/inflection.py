"""Dictionary forms of verbs and nouns where the model's edit gives no known word.

The model names an edit ("take two letters off"); for rare verbs it may name the
wrong one ("denounced" -> "denounc").  Here the forms that English spelling
allows are tried in turn against known words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "data" / "irregular_verbs.csv"
ENDINGS: Final = {"VBD": "ed", "VBN": "ed", "VBG": "ing"}
VOWELS: Final = frozenset("aeiouy")


@cache
def irregular() -> dict[tuple[str, str], str]:
    """Lemmas of irregular verb forms by form and tag."""
    lines = TABLE.read_text(encoding="utf-8").split()[1:]
    return {(form, tag): lemma for form, tag, lemma in (line.split(",") for line in lines)}


def in_dictionary(word: str) -> bool:
    """Whether a general English dictionary has the word."""
    import simplemma  # loaded only when a word is in none of our own tables

    return bool(simplemma.is_known(word, lang="en"))


class Inflection:
    """Mends lemmas; ``known`` are words that need no dictionary."""

    def __init__(self, known: Collection[str], dictionary: Callable[[str], bool] = in_dictionary) -> None:
        self._known = known
        self._dictionary = dictionary
        self._seen: dict[tuple[str, str, str], str] = {}

    def lemma(self, word: str, upos: str, xpos: str, guess: str) -> str:
        """The lemma of a word with these tags; ``guess`` is the model's."""
        if upos not in {"VERB", "NOUN"} or not word.isascii() or not word.isalpha():
            return guess
        # the guess is part of the key: it differs by sentence, and no text may be read by what was guessed in another
        key = (word.lower(), xpos, guess.lower())
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._find(*key)
        return found

    def _find(self, word: str, xpos: str, guess: str) -> str:
        exact = irregular().get((word, xpos))
        if exact:
            return exact
        if guess in self._known:
            return guess
        candidates = list(forms(word, xpos))
        for candidate in candidates:
            if candidate in self._known:
                return candidate
        for candidate in dict.fromkeys((*candidates, guess)):
            if candidate and self._dictionary(candidate):
                return candidate
        return guess


def forms(word: str, xpos: str) -> Iterator[str]:
    """Dictionary forms that a regular inflected word may have, likeliest first."""
    ending = ENDINGS.get(xpos)
    if ending and word.endswith(ending):
        stem = word[: -len(ending)]
        if stem.endswith("i") and ending == "ed":
            yield stem[:-1] + "y"
        if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "sl":
            yield stem[:-1]
        if needs_e(stem):
            yield stem + "e"
            yield stem
        else:
            yield stem
            yield stem + "e"
        if len(stem) > 2 and stem[-1] == stem[-2]:
            yield stem[:-1]
    elif xpos in {"VBZ", "NNS"} and word.endswith("s") and not word.endswith("ss"):
        if word.endswith("ies"):
            yield word[:-3] + "y"
        if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
            yield word[:-2]
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
        if word.endswith("ves"):
            yield word[:-3] + "f"
            yield word[:-3] + "fe"
    else:
        yield word


def needs_e(stem: str) -> bool:
    """Whether a verb stem usually ends in a silent e: "denounc", "invad", "accus"."""
    return stem.endswith(("c", "s", "z", "v", "u", "dg", "rg", "at", "id", "iz", "ur", "ir", "or", "ad", "ut"))
