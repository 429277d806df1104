"""Words with their offsets, after the conventions of the UD English-EWT treebank.

The scan goes from one stretch without white space to the next.  Most of those
are plain words and take a short path; the others are read by one pattern whose
alternatives are tried in order.  Every part of it is bounded in length, so
that a hostile text takes linear time.
"""

from __future__ import annotations

import re

from comity.language.tables import abbreviations, column, merged

Range = tuple[int, int]

_CHUNK = re.compile(r"\S{1,4096}")
_APOSTROPHES = "'’‘`´ʼ"
_LETTER = r"[^\W\d_]"
_INNER = r"[\w\u0300-\u036f]"
_DOMAINS = (
    "com|org|net|gov|edu|int|mil|info|co|uk|eu|ru|cn|de|fr|ua|ca|tv|io|html?|pdf|docx?|xlsx?|jpg|txt|url"
)

_PATTERN = re.compile(
    rf"""
    (?P<web>(?:https?|ftp)://[^\s<>"“”«»]{{1,2000}} | www\.[^\s<>"“”«»]{{1,2000}} | mailto:[^\s<>"]{{1,300}})
  | (?P<mail>[\w.+%-]{{1,64}}@[\w.-]{{1,100}}\w)
  | (?P<tag>[\#@][^\W\d]\w{{1,60}})
  | (?P<short>(?:[bBcC]/[coCO] | w/o(?:ut)? | W/O | [Ii]/[CcSs] | [Ll]/[Cc])(?!\w))
  | (?P<group>(?:alt|comp|misc|rec|sci|soc|talk)\.[\w-]{{2,40}}(?:\.[\w-]{{2,40}}){{1,8}})
  | (?P<domain>(?:[\w-]{{1,60}}\.){{1,5}}(?:{_DOMAINS})(?![\w@])(?:/[\w./-]{{0,300}}\w)?)
  | (?P<date>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}(?!\w))
  | (?P<phone>\+?(?:\d{{1,2}}[-.])?(?:\d{{3}}[-./]){{1,2}}\d{{4}}(?!\w))
  | (?P<monthday>(?:0?\d|1[0-2])/(?:[12]\d|3[01]|0[1-9]|[5-9])(?![\w/]))
  | (?P<clock>\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d))
  | (?P<ordinal>\d{{1,20}}(?:,\d{{3}}){{0,4}}(?:st|nd|rd|th|ST|ND|RD|TH)(?!\w))
  | (?P<decade>['’]?\d{{2,4}}['’]?s(?!\w) | ['’]\d\d(?!\w))
  | (?P<number>\d{{1,400}}(?:[.,]\d{{1,400}}){{0,100}} | \.\d{{1,20}}(?!\w))
  | (?P<money>(?:US|AU|NZ|HK|CA|[ACSR])\$ )
  | (?P<degree>(?:Ph\.\s?D|M\.Sc|B\.Sc|LL\.[BDM])(?!\w)\.?)
  | (?P<initials>{_LETTER}(?:\.{_LETTER}){{1,12}}(?!\w)\.?)
  | (?P<amp>[A-Za-z]{{1,3}}&[A-Za-z]{{1,3}}(?!\w))
  | (?P<word>{_LETTER}{_INNER}{{0,400}}(?:[{_APOSTROPHES}]{_LETTER}{_INNER}{{0,400}}){{0,8}})
  | (?P<face>[:;=]-?[()DPp](?!\w))
  | (?P<run>\.{{2,400}} | [.!?]{{2,400}}|\${{2,20}}
      | --+ | ==+ | \*\*+ | __+ | ~~+ | \#\#+ | \+\++ | '' | `` | ’’ | ‘‘ | << | >>)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SUFFIX = re.compile(
    rf"(?:n[{_APOSTROPHES}]t|[{_APOSTROPHES}](?:s|m|d|re|ve|ll|em))\Z",
    re.IGNORECASE,
)
_LOOSE = re.compile(rf"[{_APOSTROPHES}](?:s|ll|re|ve|d|m|em|til|cause)(?!\w)", re.IGNORECASE)
_NUMBERED = re.compile(r"\s?(?:\d|[IVX]+\b)")
_CLOSED = re.compile(r"[\s\"'”’)\]»]{0,9}\Z")
_PLAIN = frozenset(",;:!?")


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """Offsets of the words of ``text[start:end]``, best the range of one sentence."""
    stop = len(text) if end is None else end
    found: list[Range] = []
    whole = merged()
    for chunk in _CHUNK.finditer(text, start, stop):
        low, high = chunk.span()
        word = chunk.group()
        if word.isalpha() and word.lower() not in whole:
            found.append((low, high))
        elif word[-1] in _PLAIN and word[:-1].isalpha() and word[:-1].lower() not in whole:
            found += [(low, high - 1), (high - 1, high)]
        else:
            _scan(text, low, high, stop, found)
    return found


def _scan(text: str, low: int, high: int, stop: int, found: list[Range]) -> None:
    """Cut the stretch ``text[low:high]``, which holds no white space."""
    at = low
    while at < high:
        match = _PATTERN.match(text, at, high)
        if match is None:  # cannot be: the last alternative takes anything
            return
        kind, end = match.lastgroup, match.end()
        if kind == "word":
            at = _word(text, at, end, high, stop, found)
            continue
        if kind in ("web", "mail"):
            end = _trim(text, at, end)
        elif kind == "initials":
            end -= _hour(text, at, end) and _CLOSED.match(text, end, stop) is not None
        elif kind == "number":
            end = _unit(text, at, end, high)
        elif kind == "other" and at == low and text[at] in _APOSTROPHES:
            end = _loose_suffix(text, at, high)
        found.append((at, end))
        at = end


def _word(text: str, at: int, end: int, high: int, stop: int, found: list[Range]) -> int:
    """Read the word ``text[at:end]``, a prefix or a point behind it, and its contraction."""
    word = text[at:end]
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum() and word.lower() in _prefixes():
        tail = _PATTERN.match(text, end + 1, high)
        if tail is not None and tail.lastgroup in ("word", "decade", "number", "initials"):
            end = tail.end()
            word = text[at:end]
    if end < high and text[end] == "." and _keeps_point(word, text, end, stop):
        found.append((at, end + 1))
        return end + 1
    pieces: list[Range] = []
    stem = end
    while (suffix := _SUFFIX.search(text, at, stem)) and suffix.start() > at:
        pieces.append(suffix.span())
        stem = suffix.start()
    if not pieces and (cut := merged().get(word.lower())):
        pieces.append((at + cut, end))
        stem = at + cut
    found.append((at, stem))
    found.extend(reversed(pieces))
    return end


def _keeps_point(word: str, text: str, end: int, stop: int) -> bool:
    """Whether the point at ``end`` belongs to the word before it."""
    last = _CLOSED.match(text, end + 1, stop) is not None
    if len(word) == 1 and word.isupper():
        return not last and word != "I"
    table = abbreviations()
    kind = table.get(word) or (table.get(word.capitalize()) if word.isupper() else None)
    if kind is None:
        return False
    if kind == "number":
        return _NUMBERED.match(text, end + 1, stop) is not None
    return not last


def _trim(text: str, at: int, end: int) -> int:
    """Leave closing marks that end an address to the sentence around it."""
    while end > at + 1 and text[end - 1] in ".,;:!?)]}'’*":
        if text[end - 1] == ")" and "(" in text[at:end]:
            break
        end -= 1
    return end


def _unit(text: str, at: int, end: int, high: int) -> int:
    """A number with a letter that belongs to it ("5G", "81P"), a possessive of a number ("1590's")."""
    possessive = text[end : end + 1] in _APOSTROPHES and text[end - 1 : end + 2 : 2] == "0s"
    if possessive and end + 1 < high and _ends(text, end + 2, high):
        return end + 2
    if end < high and text[end].isupper() and _ends(text, end + 1, high):
        return end + 1
    return end


def _hour(text: str, at: int, end: int) -> bool:
    """Whether this is "a.m." or "p.m.", whose last point the treebank parts at the end of a sentence."""
    return text[at:end].lower() in ("a.m.", "p.m.")


def _ends(text: str, at: int, high: int) -> bool:
    return at >= high or not text[at].isalnum()


def _loose_suffix(text: str, at: int, high: int) -> int:
    """A contraction that stands by itself ("Putin 's"), or "'em" and "'til"."""
    match = _LOOSE.match(text, at, high)
    return match.end() if match else at + 1


def _prefixes() -> frozenset[str]:
    return column("prefixes.csv")
