"""Paragraphs of the stored text, and what each line is: body, headline, boilerplate, dateline."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from comity.language.tables import column, rows

Range = tuple[int, int]

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_STOPPED = re.compile(r"[.!?…][\"'”’»)\]\s]*\Z")
_OPEN_END = re.compile(r"[,;:–—-]\s*\Z")
_LOOK = 600

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = rf"(?:{_WEEKDAY},?\s+)?(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?"
_CAPS = r"[A-Z][A-Z'’.]+(?:[ -](?:[A-Z][A-Z'’.]*|de|del|da|al|the|of|and|el|la))*"
_NAMED = r"[A-Z][\w'’.]+(?:-[\w'’.]+)*"
_NAME = rf"{_NAMED}(?:[ ](?:{_NAMED}|de|del|da|al|el|la|es)){{0,3}}"
# each hyphen can be read in one way only: what is matched in many ways takes for ever where nothing fits
_STRONG_DASH = r"\s*(?:—|–|--|-(?=\s))\s*"
_DASH = r"\s*(?:[—–―]|--+|\.\s?[-–—]+|-)\s*"
_DATELINE = re.compile(
    rf"""
    (?P<caps>{_CAPS}(?:[,/]\s*{_NAME}){{0,2}}) (?P<date>,?\s*{_DAY})?
      (?: \.?\s*/(?P<slash>[A-Z][\w-]+)/[.:]?\s*(?:[—–-]+\s*)?
        | \s*\((?P<agency1>[^()]{{2,60}})\)(?:{_DASH}|\s+) | {_DASH} )
  | (?P<place>{_NAME}(?:[,/]\s*{_NAME}){{0,2}}) (?P<date2>,?\s*{_DAY})?
      (?: \.?\s*/(?P<slash2>[A-Z][\w-]+)/[.:]?\s*
        | \s*\((?P<agency2>[^()]{{2,60}})\)(?:{_DASH}|\s+) | {_STRONG_DASH} | :\s+ )
  | \((?P<agency3>[^()]{{2,40}})\){_DASH}
    """,
    re.VERBOSE,
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_WHOLE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?:{_MONTH}\s+{_ORDINAL},?\s+\d{{4}}"
    rf"|{_ORDINAL}(?:\s+of)?\s+{_MONTH},?\s+(?:of\s+)?\d{{4}}|\d{{4}}-\d\d-\d\d|\d\d?(?P<sep>[/.])\d\d?(?P=sep)\d{{4}})"
)
_PLACES = rf"(?:{_CAPS}|{_NAME})(?:\s*[,/]\s*(?:{_CAPS}|{_NAME})){{0,2}}"
_ENDED = rf"(?:{_DASH}|\s*[:)\]]\s*|\.\s*)(?=[A-Z“\"'‘«])"
_NEXT = r"\s+(?=[A-Z“\"'‘«])"
_DATED = tuple(
    re.compile(rf"[\[(]?{body}", re.VERBOSE)
    for body in (
        rf"""(?P<place>{_PLACES}) [\s,.|—–-]* (?:\([^()\d]{{2,60}}\)[\s,|—–-]*)? \(?{_WHOLE}
             (?:\s*\([^()]{{2,60}}\)|\s*/[A-Z][\w-]+/)? (?:{_ENDED})""",
        rf"""{_WHOLE} [\s,.|—–-]+ (?P<place>{_PLACES}) (?:{_ENDED})""",
        rf"""(?P<place>{_CAPS}) ,?\s+{_WHOLE} {_NEXT}""",
        rf"""{_WHOLE} ,?\s+ (?P<place>[A-Z'’ -]{{3,30}}[A-Z]) {_NEXT}""",
    )
)
"""A place and a whole date in front of a lead, whatever stands between and behind: "PRAGUE, April 19 2021. The ..."."""
_PLACED = re.compile(rf"{_NAME}(?:,\s*{_NAME})?,?\s+{_DAY}\.?")
_PLACED_MOST = 100
_AGENCIES = ("slash", "slash2", "agency1", "agency2", "agency3")
_GLUED = re.compile(r"(?P<place>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,2}?[a-z)])(?=(?P<next>[“\"‘«]|[A-Z]\w*))")


def paragraphs(text: str) -> list[Range]:
    """Ranges of the paragraphs: lines, joined where the text is wrapped at a fixed width."""
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if not m.group().isspace()]
    wrapped = _is_wrapped(text, lines)
    found: list[Range] = []
    for start, end in lines:
        if found and _joins(text, found[-1], start, wrapped):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [_stripped(text, start, end) for start, end in found]


def _stripped(text: str, start: int, end: int) -> Range:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_wrapped(text: str, lines: list[Range]) -> bool:
    """Whether line ends are the printer's: many neighbouring lines of middling length without a stop."""
    near = [(a, b) for (a, b), (c, _) in pairwise(lines) if text.count("\n", b, c) == 1]
    if len(near) < 2 or max(b - a for a, b in near) > 110:
        return False
    long = [(a, b) for a, b in near if b - a >= 45]
    unstopped = sum(1 for a, b in long if not _STOPPED.search(text, max(a, b - 8), b))
    return len(long) >= 0.7 * len(near) and unstopped >= 0.5 * len(long)


def _joins(text: str, last: Range, start: int, wrapped: bool) -> bool:
    """Whether the line at ``start`` goes on with the paragraph before it."""
    if text.count("\n", last[1], start) != 1:
        return False
    if wrapped:
        line = text.rfind("\n", last[0], last[1]) + 1 or last[0]
        return last[1] - line >= 45
    broken = not _STOPPED.search(text, max(last[0], last[1] - 8), last[1])
    return broken and last[1] - last[0] > 30 and (text[start].islower() or text[start] in ",;)")


def word_count(text: str, start: int, end: int, most: int = 120) -> int:
    """Number of stretches without white space, counted no further than ``most``."""
    count = 0
    for _ in _WORD.finditer(text, start, end):
        count += 1
        if count >= most:
            break
    return count


class _Rule(NamedTuple):
    """Patterns of the table that share a scope: the longest line, words one of which must occur."""

    most: int
    needs: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    """The table of boilerplate as few patterns, so that a line is fast."""
    found: dict[tuple[str, int, str], list[str]] = {}
    for row in rows("boilerplate.csv"):
        found.setdefault((row["scope"], int(row["words"]), row["needs"]), []).append(row["pattern"])
    rules = []
    for (scope, most, needs), patterns in found.items():
        body = "|".join(f"(?:{pattern})" for pattern in patterns)
        tail = r"(?:\b.*|\Z)" if scope == "start" else r"\s*\Z"
        head = r"(?:.*\b)?" if scope == "any" else ""
        flags = 0 if scope == "case" else re.IGNORECASE
        words = tuple(needs.split(";")) if needs else ()
        rules.append(_Rule(most, words, re.compile(f"{head}(?:{body}){tail}", flags)))
    return tuple(rules)


def is_boilerplate(text: str, start: int, end: int) -> bool:
    """Whether a line or a sentence belongs to the page and not to the article."""
    if end - start > _LOOK:
        return False
    line = text[start:end].strip().strip("•·*|>»–—- \t")
    words = word_count(line, 0, len(line))
    low = line.lower()
    return any(
        words <= rule.most
        and (not rule.needs or any(word in low for word in rule.needs))
        and rule.pattern.match(line) is not None
        for rule in _rules()
    )


def is_placed(text: str, start: int, end: int) -> bool:
    """Whether a line by itself is nothing but a place and a day: "Belgrade, 25 September 2015"."""
    short = end - start <= _PLACED_MOST and text[max(start, end - 8) : end].rstrip(". ")[-4:].isdigit()
    return short and _PLACED.fullmatch(text, start, end) is not None


def is_headline(text: str, start: int, end: int, *, first: bool) -> bool:
    """Whether a line by itself is a headline: short, without a stop, not broken off."""
    words = word_count(text, start, end)
    if words > (30 if first else 20) or _OPEN_END.search(text, max(start, end - 4), end):
        return False
    if not _STOPPED.search(text, max(start, end - 8), end):
        return True
    if text[end - 1] == "." and text[max(start, end - 3) : end] != "...":
        return False
    return first or _is_title_case(text, start, end)


def _is_title_case(text: str, start: int, end: int) -> bool:
    words = [match.group() for match in _WORD.finditer(text, start, end)]
    long = [word for word in words if len(word) > 3 and word[0].isalpha()]
    return len(long) >= 2 and all(word[0].isupper() for word in long)


# The time before an entry of a live blog: "15h10 - ", "14:05 GMT: ".
_CLOCK = re.compile(r"\d{1,2}[h:.]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s(?:GMT|UTC|[A-Z]{2,4}))?\s*[-–—:|]\s+(?=\S)")


def dateline(text: str, start: int, end: int) -> int:
    """End of the dateline at the head of a paragraph with the dash behind it, or ``start``."""
    stop = min(end, start + _LOOK)
    clock = _CLOCK.match(text, start, stop)
    if clock is not None and clock.end() < end:
        return clock.end()
    dated = next((m for one in _DATED if (m := one.match(text, start, stop))), None)
    if dated is not None and dated.end() < end and _is_placed(dated["place"]):
        return dated.end()
    match = _DATELINE.match(text, start, stop)
    if match is not None and match.end() < end and _is_dateline(text, match):
        return match.end()
    glued = _GLUED.match(text, start, stop)
    if glued is not None and _is_glued(text, glued, end):
        return glued.end()
    return start


def _is_dateline(text: str, match: re.Match[str]) -> bool:
    group = match.groupdict()
    agency = next((group[name] for name in _AGENCIES if group[name]), "")
    named = bool(agency) and not column("agencies.csv").isdisjoint({agency, agency.split("/")[0]})
    if group["agency3"] or (agency and not named and not agency[0].isupper()):
        return named
    place = (group["caps"] or group["place"]).strip(".- ")
    known = _is_known(place)
    opens = not known and place.split()[0].title() in column("openers.csv")  # but "THE HAGUE"
    if opens or (text[match.end()].islower() and not agency):
        return False
    if group["date"] or group["date2"] or named or known:
        return True
    dash = match.group().rstrip()[-1] in "—–―-"
    if group["caps"]:
        return dash and len(place) > 3 and (bool(agency) or "—" in match.group())
    return dash and "," in place


def _is_placed(place: str) -> bool:
    """Whether words beside a date are a place: known, or in capitals."""
    if _is_known(place):
        return True
    return place.isupper() and place.split()[0].title() not in column("openers.csv")


def _is_known(place: str) -> bool:
    return any(part.strip(" .").title() in _known() for part in re.split("[,/]", place))


@cache
def _known() -> frozenset[str]:
    return frozenset(place.title() for place in column("places.csv"))


def _is_glued(text: str, match: re.Match[str], end: int) -> bool:
    """Whether a place runs straight into the first word: "BarcelonaThe leaders", "Kyiv“We"."""
    place, following = match["place"], match["next"]
    if place.title() in _known() and (not following[0].isalpha() or len(following) > 1 or following in "AI"):
        return True
    if not following[0].isalpha():
        return following in "“«" and len(place) > 3 and text[match.end() + 1 : match.end() + 2].isupper()
    return len(place) > 3 and following in column("openers.csv") and match.end("next") < end
