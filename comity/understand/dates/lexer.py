"""Text to pieces, each with a class letter: what the grammar reads.

Everything that can be no part of a time expression becomes ``.``, so that most
of a text is skipped at the speed of one dictionary look-up a word.
"""

from __future__ import annotations

import re
from typing import Final

from comity.understand.dates.tables import OTHER, Name, lexicon

SCAN: Final = re.compile(
    r"""
    ([oO]['’]clock\b|(?<![^\W_])[AaPp]\.\ ?[Mm]\b\.?|(?<![^\W_])(?:Q[1-4]|H[12])\b|[^\W\d_]+)           # 1 words
  | ([0-9]{4}-[01][0-9]-[0-3][0-9](?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?(?![0-9]))
  | ([0-9]{1,2}(?:/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})|\.[0-9]{1,2}\.[0-9]{4}|-[0-9]{1,2}-[0-9]{4})(?![0-9]))  # 3 12/16/2021
  | ([0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])?(?![0-9]))                      # 4 3:00
  | ([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,9})?(?![0-9])|[0-9]+(?:[./][0-9]{1,9}){0,4})  # 5 other numbers
  | (['’]s\b)                                                             # 6 possessive
  | (['’‘][2-9]0s\b)                                                      # 7 '80s
  | (\n[^\S\n]*\n)                                                        # 8 a new paragraph
  | ([^\s\w])                                                             # 9 punctuation
    """,
    re.VERBOSE,
)
SUFFIX: Final = re.compile(r"(st|nd|rd|th|s)(?![^\W_])")
LETTER: Final = re.compile(r"[^\W\d_]")
HALF_DAY: Final = re.compile(r"\s?[ap]\.?\s?m\b", re.IGNORECASE)
MONEY: Final = frozenset("$€£¥₽#№")
PUNCTUATION: Final = {",": "Comma", "-": "Hy", "‑": "Hy", "–": "Dash", "—": "Dash", ".": "Stop", "(": "Open",
                      ")": "Close", "&": "And"}  # fmt: skip
SHORT_MONTH: Final = re.compile(r"-(0[1-9]|1[0-2])(?![0-9-])")
YEARS: Final = range(1000, 2101)
JOINED: Final = "~"


class Pieces:
    """The pieces of a text: class letters as one string, and start, end and value of each."""

    __slots__ = ("classes", "ends", "starts", "text", "values")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.values: list[str] = []
        self.classes = _read(text, self.starts, self.ends, self.values)

    def word(self, at: int) -> str:
        """The written form of a piece, empty outside the text."""
        if 0 <= at < len(self.starts):
            return self.text[self.starts[at] : self.ends[at]]
        return ""

    def of(self, at: int) -> str:
        """The class letter of a piece, ``.`` outside the text."""
        return self.classes[at] if 0 <= at < len(self.classes) else OTHER


def _read(text: str, starts: list[int], ends: list[int], values: list[str]) -> str:
    book = lexicon()
    words, names, letter = book.words, book.names, book.classes
    fixed = {6: letter["Poss"], 8: letter["Break"]}
    found: list[str] = []
    named: list[int] = []
    skip = 0
    for match in SCAN.finditer(text):
        start, end = match.span()
        if start < skip:
            continue
        which = match.lastindex or 0
        value = ""
        if which == 1:
            word = match[1]
            kind, value = words.get(word) or _dotted(word)
            if word in names:
                named.append(len(found))
        elif which in fixed:
            kind = fixed[which]
        elif which == 9:
            kind = _mark(text, start, end)
        else:
            name, value, end = _number(text, match, which)
            kind = letter.get(name, OTHER)
            skip = end
            if match[0] in names:
                named.append(len(found))
        starts.append(start)
        ends.append(end)
        values.append(value)
        found.append(kind)
    for at in named:
        _name(text, at, names[text[starts[at] : ends[at]]], found, starts, ends, values)
    if named and JOINED in found:
        keep = [n for n, kind in enumerate(found) if kind != JOINED]
        starts[:], ends[:] = [starts[n] for n in keep], [ends[n] for n in keep]
        values[:], found = [values[n] for n in keep], [found[n] for n in keep]
    return "".join(found)


def _dotted(word: str) -> tuple[str, str]:
    """A word that is in no table: a dotted a.m. or p.m., o'clock, or nothing of interest."""
    second = word[1:2]
    if second == ".":
        return lexicon().classes["AmPm"], word[0].lower() + "m"
    if second in {"'", "’"}:
        return lexicon().classes["OClock"], ""
    return OTHER, ""


def _mark(text: str, start: int, end: int) -> str:
    """Class of a punctuation mark; a hyphen between spaces is a dash."""
    mark = PUNCTUATION.get(text[start])
    if mark is None:
        return OTHER
    if mark == "Hy" and text[start - 1 : start].isspace():
        mark = "Dash" if text[end : end + 1].isspace() else ""
    return lexicon().classes.get(mark, OTHER)


def _number(text: str, match: re.Match[str], which: int) -> tuple[str, str, int]:
    """Class, value and end of a number."""
    start, end = match.span()
    before = text[start - 1 : start] if start else ""
    if before and (before in MONEY or before.isalnum() or text[max(0, start - 2) : start - 1] in MONEY):
        return "Money", "", end
    if which == 2:
        return "Iso", match[2].replace(" ", "T"), end
    if which == 7:
        return "ShortDecade", match[7][1], end
    digits = match[0]
    if LETTER.match(text, end) and not HALF_DAY.match(text, end):
        suffix = SUFFIX.match(text, end)
        return _suffixed(digits, suffix[1], suffix.end()) if suffix else (OTHER, "", end)
    if which == 3:
        return "Slashed", digits, end
    if which == 4:
        return "Clock", digits, end
    kind, value, end = _plain(digits, text, end)
    if kind == "Year" and text[end : end + 2] in {"'s", "’s"} and value[3] == "0" and value < "2000":
        return "Decade", value[:3], end + 2  # 1990's
    if before == "-" and kind in {"DayNum", "Count"} and text[start - 2 : start - 1].isalpha():
        kind = OTHER
    return kind, value, end


def _suffixed(digits: str, suffix: str, end: int) -> tuple[str, str, int]:
    """Numbers with letters: 16th, 1990s, 80s."""
    short = len(digits) <= 4 and digits.isdigit()
    if not short:
        return OTHER, "", end
    if suffix in {"st", "nd", "rd", "th"}:
        return ("OrdNum", str(int(digits)), end) if int(digits) <= 31 else (OTHER, "", end)
    if len(digits) == 4 and digits[3] == "0" and int(digits) in YEARS:
        return "Decade", digits[:3], end
    if len(digits) == 2 and digits[1] == "0" and digits != "00":
        return "ShortDecade", digits[0], end
    return OTHER, "", end


def _plain(digits: str, text: str, end: int) -> tuple[str, str, int]:
    """Numbers without letters: years, days of a month, counts, 2021/22, 2021-11."""
    if len(digits) > 12:
        return OTHER, "", end
    if digits.isdigit():
        number = int(digits)
        if len(digits) == 4 and number in YEARS:
            short = SHORT_MONTH.match(text, end)
            if short and (int(short[1]) <= number % 100 or number % 100 == 0):
                return "IsoMonth", f"{digits}-{short[1]}", short.end()
            return "Year", digits, end
        return ("DayNum" if 1 <= number <= 31 and len(digits) <= 2 else "Count"), str(number), end
    if "/" in digits:
        return _pair(digits, end)
    if "," in digits:
        plain = digits.replace(",", "")
        return ("Count" if plain.isdigit() else OTHER), plain, end
    return ("Decimal" if digits.count(".") == 1 else OTHER), digits, end


def _pair(digits: str, end: int) -> tuple[str, str, int]:
    """2021/22 is a season or a business year."""
    first, _, second = digits.partition("/")
    if len(first) == 4 and second.isdigit() and len(second) in {2, 4} and int(first) in YEARS:
        last = first[: 4 - len(second)] + second
        if int(last) == int(first) + 1:
            return "YearPair", first, end
    return OTHER, digits, end


def _same(piece: str, written: str) -> bool:
    plain = piece.replace("’", "'")
    return plain == written or (written.islower() and plain.lower() == written)


def _name(text: str, at: int, choices: tuple[Name, ...], found: list[str], starts: list[int], ends: list[int],
          values: list[str]) -> None:  # fmt: skip
    """Mark a named day or period that begins at piece ``at``; its other pieces are joined to the first."""
    letter = lexicon().classes
    for name in choices:
        size = len(name.pieces)
        if found[at] == JOINED or at + size > len(starts):
            continue
        if all(_same(text[starts[at + n] : ends[at + n]], name.pieces[n]) for n in range(1, size)):
            kind = {"holiday": "Holiday", "period": "Period", "day": "Named"}.get(name.kind)
            for n in range(size):
                found[at + n] = OTHER if kind is None else JOINED
            if kind is not None:
                found[at] = letter[kind]
                values[at] = " ".join(name.pieces)
                ends[at] = ends[at + size - 1]
            return
