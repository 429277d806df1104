"""The keys by which names are matched: accents, case and dashes do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th",
    "ə": "a", "ŋ": "n",
}  # fmt: skip
_APOSTROPHES = "'’‘ʼʻ`´ʹ′＇ʿʾ"
_HYPHENS = "-‐‑‒–−－"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff·"
_PARTS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4096)
def fold_char(char: str) -> str:
    """The folded form of one character: usually one character, sometimes none or two."""
    if char.isascii():
        return " " if char.isspace() else char.lower()
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _NOTHING:
        return ""
    if char.isspace():
        return " "
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(_LETTERS.get(c, c) for c in plain.casefold())


def fold_map(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the offset in ``text`` it came from.

    Blanks are kept one for one, so a matcher can find where a key begins and ends:
    a key found at ``[i:j]`` covers ``text[where[i]:where[j - 1] + 1]``.
    """
    out: list[str] = []
    where: list[int] = []
    for at, char in enumerate(text):
        for piece in fold_char(char):
            out.append(piece)
            where.append(at)
    return "".join(out), where


def fold(text: str) -> str:
    """The matching key: lower case, no accents, one kind of apostrophe, hyphen and blank."""
    return " ".join("".join(map(fold_char, text)).split())


def dropped(text: str) -> str:
    """The name as damaged text has it, accented letters lost: ``Pequín`` -> ``Pequn``."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isascii())


def slug(name: str) -> str:
    """An id made from a name: ``Recep Tayyip Erdoğan`` -> ``recep-tayyip-erdogan``."""
    return _PARTS.sub("-", fold(name).replace("'", "")).strip("-")
