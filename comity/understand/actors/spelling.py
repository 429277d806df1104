"""People are called as the article spells them: "Recep Tayyip Erdogan" where it writes no accents."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.knowledge import fold, fold_char
from comity.model import Actor, Mention, Sentence, Token

HYPHEN = "-"
NAMED = frozenset({"person", "surname", "counterpart"})


def plain(name: str) -> str:
    """The name without accents."""
    return "".join(fold_char(c).upper() if c.isupper() else fold_char(c) for c in name)


def spelled(name: str, word: str) -> str:
    """A name whose last word the article spells as ``word``."""
    *given, last = name.split()
    if word.lower() == last.lower() or word.lower() in name.lower():
        return name
    if fold(word) == fold(last) or word.lower() in plain(name).lower():
        return plain(name) if word.isascii() else " ".join((*given, word))
    return " ".join((*given, word))


def as_spelled(mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> list[Mention]:
    """The mentions with every person's name in the article's own spelling, that of the first full name told."""
    full: dict[str, str] = {}
    short: dict[str, str] = {}
    for mention in mentions:
        actor = mention.actors[0]
        if mention.how not in NAMED or len(mention.actors) != 1 or actor.kind != "person":
            continue
        words = _name_words(sentences[mention.sentence], mention)
        if len(words) > 1:
            full.setdefault(actor.id, " ".join(words).replace(" - ", "-").replace(" .", "."))
        elif words:
            short.setdefault(actor.id, spelled(actor.name, words[0]))
    names = short | full

    def renamed(actor: Actor) -> Actor:
        name = names.get(actor.id, actor.name)
        return actor if name == actor.name else msgspec.structs.replace(actor, name=name)

    return [msgspec.structs.replace(m, actors=tuple(map(renamed, m.actors))) for m in mentions]


def _name_words(sentence: Sentence, mention: Mention) -> list[str]:
    """The words of a mention that the model takes for a person's name; what a hyphen joins is one word."""
    tokens = sentence.tokens[mention.first : mention.last + 1]
    words: list[str] = []
    before: Token | None = None
    for token in tokens:
        joined = before is not None and before.end == token.start and HYPHEN in (before.text, token.text)
        if token.entity.endswith("-PER") or joined:
            words.append(token.text)
            before = token
        else:
            before = None
    return words if words and words[0][:1].isupper() else []
