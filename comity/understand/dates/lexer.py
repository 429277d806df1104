"""Text to pieces, each with a class letter: what the grammar reads.

Everything that can be no part of a time expression becomes ``.``, so that most
of a text is skipped at the speed of one dictionary look-up a word.
"""

from __future__ import annotations

import re
from typing import Final

from comity.understand.dates.tables import OTHER, Name, lexicon

LETTERS: Final = "A-Za-zÀ-ÖØ-öø-ɏ"
SCAN: Final = re.compile(
    rf"""
    ([{LETTERS}]{{3,}})                                                     # 1 longer words
  | ([oO]['’]clock\b|(?<![^\W_])(?:[AaPp]\.\ ?[Mm]\b\.?|(?:Q[1-4]|H[12])\b))  # 2 o'clock, a.m., Q1
  | ([{LETTERS}]{{1,2}})                                                    # 3 shorter words
  | ([0-9]{{4}}-[01][0-9]-[0-3][0-9](?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:\.[0-9]{{1,9}})?
      (?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?(?![0-9]))                         # 4 ISO dates
  | ([0-9]{{1,2}}(?:/[0-9]{{1,2}}/(?:[0-9]{{4}}|[0-9]{{2}})|\.[0-9]{{1,2}}\.[0-9]{{4}}
      |-[0-9]{{1,2}}-(?:[0-9]{{4}}|[0-9]{{2}})(?!-))(?![0-9]))               # 5 12/16/2021, 16.12.2021, 11-2-89
  | ([0-9]{{1,2}}:[0-5][0-9](?::[0-5][0-9])?(?![0-9]))                      # 6 3:00
  | ([0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]{{1,9}})?(?![0-9])
      |[0-9]+(?:[./][0-9]{{1,9}}){{0,4}})                                   # 7 other numbers
  | (['’]s\b)                                                             # 8 possessive
  | (['’‘](?:[2-9]0s|[0-9]{{2}})\b)                                        # 9 '80s, '89
  | (\n[^\S\n]*\n)                                                        # 10 a new paragraph
  | ([^\s\w])                                                             # 11 punctuation
    """,
    re.VERBOSE,
)
SPECIAL, ISO, SLASHED, CLOCK, POSSESSIVE, DECADE, PARAGRAPH, MARK = 2, 4, 5, 6, 8, 9, 10, 11
SUFFIX: Final = re.compile(r"(st|nd|rd|th|s)(?![^\W_])")
HALF_DAY: Final = re.compile(r"\s?[ap]\.?\s?m\b", re.IGNORECASE)
MONEY: Final = frozenset("$€£¥₽#№")
PUNCTUATION: Final = {",": "Comma", "‑": "Hy", "–": "Dash", "—": "Dash", ".": "Stop", "(": "Open",
                      ")": "Close", "&": "And"}  # fmt: skip
SHORT_MONTH: Final = re.compile(r"-(0[1-9]|1[0-2])(?![0-9-])")
YEARS: Final = range(1000, 2101)
FRACTIONS: Final = {"1/2": "0.5", "1/4": "0.25", "3/4": "0.75", "1/3": "0.333"}
JOINED: Final = "~"


LONGEST_QUOTED: Final = 2000
"""Characters after which a quotation that nobody closed is taken for closed."""


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

    def quoted(self, at: int) -> bool:
        """Whether a quotation is open before a piece, in its paragraph and not too far back."""
        start = self.starts[at]
        low = max(0, start - LONGEST_QUOTED)
        before = self.text[max(low, self.text.rfind("\n\n", low, start)) : start]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1

    def of(self, at: int) -> str:
        """The class letter of a piece, ``.`` outside the text."""
        return self.classes[at] if 0 <= at < len(self.classes) else OTHER


def _read(text: str, starts: list[int], ends: list[int], values: list[str]) -> str:
    book = lexicon()
    look_up, letter = book.words.get, book.classes
    marks = {mark: letter[name] for mark, name in PUNCTUATION.items()}
    fixed = {POSSESSIVE: letter["Poss"], PARAGRAPH: letter["Break"]}
    found: list[str] = []
    named: list[int] = []
    skip = 0
    for match in SCAN.finditer(text):
        start, end = match.span()
        if start < skip:
            continue
        which = match.lastindex or 0
        kind, value = OTHER, ""
        if which <= 3:
            entry = look_up(match[0])
            if entry is not None:
                kind, value, first = entry
                if first:
                    named.append(len(found))
            elif which == SPECIAL:
                kind, value = _dotted(match[0])
        elif which in fixed:
            kind = fixed[which]
        elif which == MARK:
            mark = match[0]
            kind = _hyphen(text, start, end) if mark == "-" else marks.get(mark, OTHER)
        else:
            name, value, end = _number(text, match, which)
            kind = letter.get(name, OTHER)
            skip = end
            if "/" in match[0] and look_up(match[0]):
                named.append(len(found))
        starts.append(start)
        ends.append(end)
        values.append(value)
        found.append(kind)
    for at in named:
        _name(text, at, book.names[text[starts[at] : ends[at]]], found, starts, ends, values)
    if named and JOINED in found:
        keep = [n for n, kind in enumerate(found) if kind != JOINED]
        starts[:], ends[:] = [starts[n] for n in keep], [ends[n] for n in keep]
        values[:], found = [values[n] for n in keep], [found[n] for n in keep]
    return "".join(found)


def _dotted(word: str) -> tuple[str, str]:
    """A dotted a.m. or p.m., or o'clock with a curly apostrophe."""
    classes = lexicon().classes
    return (classes["AmPm"], word[0].lower() + "m") if word[1] == "." else (classes["OClock"], "")


def _hyphen(text: str, start: int, end: int) -> str:
    """A hyphen joins two words; between spaces it is a dash."""
    if not text[start - 1 : start].isspace():
        return lexicon().classes["Hy"]
    return lexicon().classes["Dash"] if text[end : end + 1].isspace() else OTHER


def _number(text: str, match: re.Match[str], which: int) -> tuple[str, str, int]:
    """Class, value and end of a number."""
    start, end = match.span()
    before = text[start - 1 : start] if start else ""
    if before and (before in MONEY or before.isalnum() or text[max(0, start - 2) : start - 1] in MONEY):
        return "Money", "", end
    if which == ISO:
        return "Iso", match[ISO].replace(" ", "T"), end
    digits = match[0]
    if which == DECADE:
        return ("ShortDecade", digits[1], end) if digits.endswith("s") else ("ShortYear", digits[1:], end)
    if text[end : end + 1].isalpha() and not HALF_DAY.match(text, end):
        suffix = SUFFIX.match(text, end)
        return _suffixed(digits, suffix[1], suffix.end()) if suffix else (OTHER, "", end)
    if which == SLASHED:
        return "Slashed", digits, end
    if which == CLOCK:
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
    if digits in FRACTIONS:
        return "Fraction", FRACTIONS[digits], end
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
