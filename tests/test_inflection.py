"""Lemmas of words whose edit the model got wrong."""

from __future__ import annotations

import pytest

from comity.language.inflection import Inflection

KNOWN = {"meet", "phone", "annex", "denounce", "expel", "free"}


@pytest.mark.parametrize(
    ("word", "upos", "xpos", "guess", "lemma"),
    [
        ("met", "VERB", "VBD", "m", "meet"),
        ("phoned", "VERB", "VBD", "phon", "phone"),
        ("denounced", "VERB", "VBN", "denounc", "denounce"),
        ("expelled", "VERB", "VBD", "expell", "expel"),
        ("annexed", "VERB", "VBD", "annexe", "annex"),
        ("freed", "VERB", "VBN", "fre", "free"),
        ("thanked", "VERB", "VBD", "thanke", "thank"),
        ("supplied", "VERB", "VBD", "suppli", "supply"),
        ("accusing", "VERB", "VBG", "accus", "accuse"),
        ("treaties", "NOUN", "NNS", "treatie", "treaty"),
        ("left", "VERB", "VBD", "left", "leave"),
        ("meeting", "NOUN", "NN", "meeting", "meeting"),
        ("Paris", "PROPN", "NNP", "Paris", "Paris"),
    ],
)
def test_lemma(word: str, upos: str, xpos: str, guess: str, lemma: str) -> None:
    assert Inflection(KNOWN).lemma(word, upos, xpos, guess) == lemma


def test_what_was_guessed_in_another_text_is_forgotten() -> None:
    words = Inflection({"fell", "fall"}, lambda _: False)
    assert [words.lemma("zorbs", "VERB", "VBZ", guess) for guess in ("fell", "fall", "fell")] == ["fell", "fall", "fell"]
