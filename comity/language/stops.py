"""Where one sentence ends and the next begins, inside a paragraph."""

from __future__ import annotations

import re
from bisect import bisect_right

from comity.language.marks import CLOSING, OPENING, Pair
from comity.language.tables import abbreviations, column

_STOP = re.compile(r"[.!?…。](?:\s?[.!?…]){0,40}")
_CLOSERS = re.compile(r"(?:\s?[”»›」』](?!\w)|[\"'’)\]](?![A-Za-z0-9])|''|\s?\[\d{1,3}\]){0,6}")
_BEFORE = re.compile(r"[\w'’.&-]*\Z")
_NEXT = re.compile(r"\s*(?P<marks>[\"'“”„‘’«»‹›「『(\[–—•*`-]*)\s*(?P<word>[\w'’]*)")
_LOWER_NAMES = re.compile(r"(?:al|el|as|ad|an|ar|at|ash)-[A-Z]|[ei][A-Z]")
_WAR = frozenset({"War", "Part", "Chapter", "Phase", "Type", "Act", "Article", "Stage"})
_ZONES = frozenset({"GMT", "EST", "EDT", "CET", "CEST", "UTC", "IST", "PST", "BST", "MSK", "EET", "ET"})
_CUES = frozenset(
    {
        "said",
        "says",
        "told",
        "added",
        "asked",
        "tweeted",
        "wrote",
        "replied",
        "declared",
        "warned",
        "insisted",
    }
)
_TIME_AFTER = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:[A-Z]\w+ ){1,2}time\b|\d")
_TOP_DOMAINS = frozenset({"Com", "Org", "Net", "Gov", "Info", "Edu", "Ru", "Uk", "Eu"})


def boundaries(
    text: str, start: int, end: int, quotations: list[Pair], *, caseless: bool = False
) -> list[int]:
    """Ends of the sentences of a paragraph but for the last, in order."""
    kept = _Kept(text, quotations)
    found: list[int] = []
    last = start
    for match in _STOP.finditer(text, start, end):
        if match.start() < last:
            continue
        closers = _CLOSERS.match(text, match.end(), end)
        after = closers.end() if closers else match.end()
        if after >= end or not _ends_sentence(text, start, end, match, after, caseless):
            continue
        if kept.inside(match.start()):
            continue
        found.append(after)
        last = after
    return found


class _Kept:
    """Quotations that must stay in one piece: short ones in the middle of a clause."""

    def __init__(self, text: str, quotations: list[Pair]) -> None:
        self._ranges = [pair for pair in quotations if _is_embedded(text, *pair)]
        self._starts = [first for first, _ in self._ranges]

    def inside(self, at: int) -> bool:
        """Whether a stop at ``at`` lies in such a quotation."""
        place = bisect_right(self._starts, at) - 1
        return any(first < at < last for first, last in self._ranges[max(0, place - 3) : place + 1])


def _is_embedded(text: str, first: int, last: int) -> bool:
    """A quotation that a clause runs through: ``the "Stop. Now." campaign``."""
    if last - first > 200:
        return False
    before = text[max(0, first - 3) : first].rstrip()
    after = text[last + 1 : last + 12].lstrip("\"”’'")
    inner = text[first + 1 : last].split()
    if len(inner) <= 3 and after[:1] == " " and after.strip()[:1].islower():
        return True
    attached = bool(before) and before[-1] not in ",:;.!?—–"
    return attached and after.strip()[:1].islower() and len(inner) < 12


def _ends_sentence(text: str, start: int, end: int, match: re.Match[str], after: int, caseless: bool) -> bool:
    stop = match.group()
    following = _NEXT.match(text, after, end)
    if following is None:
        return False
    word, marks = following["word"], following["marks"]
    spaced = text[after].isspace()
    if not word:
        return spaced and _follows_any(text, following.end(), end, marks)
    if not spaced:
        return _is_glued(text, start, match, after, word, marks)
    first = word[0]
    if first.islower() and not (caseless or _LOWER_NAMES.match(text, following.start("word"))):
        return False
    if set(stop) <= {".", " "} and len(stop) == 1:
        return _point_ends(text, start, match.start(), following)
    if set(stop) <= {".", "…", " "}:
        return (word in column("openers.csv") and word != "I") or bool(marks) or after > match.end()
    return not _is_cue(text, after, end, match)


def _follows_any(text: str, at: int, end: int, marks: str) -> bool:
    """Whether a sentence may begin with what is no word: a currency sign, an opening mark."""
    return bool(marks) or (at < end and text[at] not in ",;:.!?)]%")


def _is_glued(text: str, start: int, match: re.Match[str], after: int, word: str, marks: str) -> bool:
    """A stop with no space behind it: "talks.The minister", "talks.“The"."""
    at = match.start()
    if after > match.end():  # a closing mark stands between: ".”The"
        return word[0].isupper() and word[1:2] != "."
    left = text[max(start, at - 3) : at]
    worded = left.isalpha() and left.islower()
    if len(left) < 3 or not (worded or left.isdigit() or left[-1] in "”»)%"):
        return False
    if marks:
        return marks[0] in OPENING + "\"'" and word[0].isupper()
    return word in ("A", "I") or (word.istitle() and len(word) > 1 and word not in _TOP_DOMAINS)


def _point_ends(text: str, start: int, at: int, following: re.Match[str]) -> bool:
    """Whether a single point before white space ends the sentence and is not an abbreviation's."""
    look = text[max(start, at - 40) : at].rstrip()
    before = _BEFORE.search(look)
    word = before.group().lstrip("'’-") if before else ""
    nearest = word.rpartition("-")[2]
    opener = following["word"] in column("openers.csv")
    if not nearest:
        return True
    if "." in nearest and all(len(part) <= 2 for part in nearest.split(".")):
        if nearest.lower() in ("a.m", "p.m"):
            return following["word"] not in _ZONES and not _TIME_AFTER.match(text, following.start("word"))
        return opener and nearest.lower() not in ("e.g", "i.e")
    if len(nearest) == 1 and nearest.isalpha():
        return _letter_ends(look, nearest, following, opener)
    if nearest.isdigit():
        return at - len(nearest) > start  # "1. The first point"
    table = abbreviations()
    kind = table.get(nearest) or (table.get(nearest.capitalize()) if nearest.isupper() else None)
    if kind is None:
        return True
    if kind in ("title", "inner"):
        return False
    if kind in ("month", "day", "number"):
        if kind == "day" and following["word"][:1].isdigit():
            return False
        return not following["word"][:1].isdigit() and not (kind == "month" and following["marks"] == "")
    return opener


def _letter_ends(look: str, letter: str, following: re.Match[str], opener: bool) -> bool:
    words = look.split()
    previous = words[-2] if len(words) > 1 else ""
    if letter == "I" and previous in _WAR:
        return True
    if letter.islower():
        return opener or (letter not in "vcpbdmr" and not following["word"][:1].isdigit())
    named = not previous or previous[0].isupper()
    return opener if named or following["word"][:1].isupper() else not following["word"][:1].isdigit()


def _is_cue(text: str, after: int, end: int, match: re.Match[str]) -> bool:
    """Whether a quotation that ends in "!" or "?" is followed by its cue: "Why?" Putin said."""
    if after == match.end() or text[after - 1] not in CLOSING + "\"'":
        return False
    words = [word.strip(",.;:") for word in text[after : min(end, after + 80)].split()[:5]]
    for place, word in enumerate(words):
        if word in _CUES:
            return place > 0
        if word[:1].islower():
            return False
    return False
