"""People are called as the article spells them."""

from __future__ import annotations

from comity.model import Actor, Mention, Sentence, Token
from comity.understand.actors.spelling import as_spelled


def sentence(*words: tuple[str, str, int]) -> Sentence:
    """A sentence of words with their tags and where they begin."""
    tokens = tuple(Token(text=w, start=at, end=at + len(w), entity=tag) for w, tag, at in words)
    return Sentence(start=0, end=tokens[-1].end, tokens=tokens)


def named(first: int, last: int) -> Mention:
    actor = Actor(id="person:moon-jae-in", name="Moon Jae-in", kind="person", state="KOR")
    return Mention(start=0, end=11, sentence=0, first=first, last=last, head=last, actors=(actor,), how="person")


def test_what_a_hyphen_joins_is_one_word() -> None:
    told = sentence(("Moon", "B-PER", 0), ("Jae", "I-PER", 5), ("-", "I-PER", 8), ("in", "O", 9), ("met", "O", 12))
    (mention,) = as_spelled([named(0, 3)], [told])
    assert mention.actors[0].name == "Moon Jae-in"


def test_a_dash_between_blanks_joins_nothing() -> None:
    told = sentence(("Moon", "B-PER", 0), ("Jae", "I-PER", 5), ("-", "O", 9), ("in", "O", 11), ("Seoul", "O", 14))
    (mention,) = as_spelled([named(0, 3)], [told])
    assert mention.actors[0].name == "Moon Jae"
