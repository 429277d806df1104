"""Words that a line end has cut, as in copies of printed pages: "presi-" and "dent" are one word, "Russian-" and
"backed" keep their hyphen.

What the text itself writes elsewhere decides first, then whether the joined word is known, then whether both halves are
words.  Known is what the vocabulary of the encoder has whole, and names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from comity.language.features import rows_of
from comity.language.lemmas import bases

_CUT = re.compile(r"(?<=[^\W\d_])-[ \t]{0,3}(?:\r\n|[\n\r])[ \t]{0,8}(?=[^\W\d_])")
_LETTERS = re.compile(r"[^\W\d_]+")
_LAST = re.compile(r"[^\W\d_]+\Z")
_WRITTEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SPACE = re.compile(r"[ \n\r]")
_LONGEST = 30
"""Letters of a half that are looked at; more are no word."""
_NAMES = ("first_names", "surnames", "places", "org_words")


class Cut(NamedTuple):
    """``raw[start:end]``, a hyphen and a line end, becomes ``text``; the line ends at the blank ``after`` the word."""

    start: int
    end: int
    text: str
    after: int | None


def cuts(raw: str) -> Iterator[Cut]:
    """The cut words of a text in their order."""
    written: frozenset[str] | None = None
    for match in _CUT.finditer(raw):
        found = _LAST.search(raw[max(0, match.start() - _LONGEST - 1) : match.start()])
        first = found.group() if found else ""
        found = _LETTERS.match(raw, match.end(), match.end() + _LONGEST + 1)
        second = found.group() if found else ""
        if len(first) > _LONGEST or len(second) > _LONGEST:
            continue
        if written is None:
            written = frozenset(word.lower() for word in _WRITTEN.findall(raw))
        blank = _SPACE.search(raw, match.end())
        after = blank.start() if blank and blank.group() == " " else None
        yield Cut(match.start(), match.end(), "" if is_one(first, second, written) else "-", after)


def is_one(first: str, second: str, written: frozenset[str] = frozenset()) -> bool:
    """Whether two halves are one word, and not two with a hyphen between; ``written`` are words of the same text."""
    if len(first) < 2 or len(second) < 2 or (first.isupper() and not second.isupper()):
        return False  # e-mail, UN-backed
    if second[0].isupper() and not first.isupper():
        return False  # Asia-Pacific
    whole, apart = (first + second).lower(), f"{first}-{second}".lower()
    if whole in written or apart in written:
        return whole in written
    return known(whole) or not (known(first) and known(second))


def known(word: str) -> bool:
    """Whether it is a word or a name, or a form of one."""
    low = word.lower()
    return low in _words() or (len(low) > 5 and any(base in _words() for base in bases(low) if len(base) > 2))


@cache
def _words() -> frozenset[str]:
    """Whole words of the encoder's vocabulary, and the words of names."""
    data = (files("comity.language") / "weights" / "tokenizer.json").read_bytes()
    vocabulary = msgspec.json.decode(data)["model"]["vocab"]
    whole = {piece for piece in vocabulary if len(piece) > 1 and piece.isalpha()}
    return frozenset(whole | {part for name in _NAMES for row in rows_of(name) for part in row[0].lower().split()})
