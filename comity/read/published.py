"""The day of publication, where the text itself tells it.

Only a line that belongs to the page may tell it (a label, a bare date, a line
of boilerplate, a dateline), and only with day, month and year: a date in a
sentence is about the news and not about the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from comity.language.lines import Range, is_boilerplate, paragraphs, word_count
from comity.language.lines import dateline as dateline_end

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_TIME = r"(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)"
_DATE = re.compile(
    rf"""
    (?<![\w/.-]) {_WEEKDAY} (?:
        (?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})(?=\b|T)
      | (?P<y2>(?:19|20)\d\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>[0-3]\d)\b
      | (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<m3>{_MONTH})[,\s-]+(?:of\s+)?(?P<y3>(?:19|20)\d\d)\b
      | (?P<m4>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,|\s)\s*(?:at\s+)?
          (?:{_TIME}\s*(?:[A-Za-z]{{2,4}}\s+)?)?(?P<y4>(?:19|20)\d\d)\b
      | (?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep)(?P<y5>(?:19|20)\d\d)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_YEARLESS = re.compile(
    rf"\b(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
    rf"(?:(?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})|(?P<d2>\d{{1,2}})\s+(?P<m2>{_MONTH}))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:©|\(c\)|copyright)\D{0,20}((?:19|20)\d\d)", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:(?:first\s+|date\s+)?(?:published|posted|issued|released|created|publication\s+date|date|pubdate)"
    r"(?:\s+on|\s+at)?|(?:last\s+)?(?:updated|modified)(?:\s+on|\s+at)?)\s*[:|=-]*\s*",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\s*(?:last\s+)?(?:updated|modified)\b", re.IGNORECASE)
_SMALL = re.compile(
    rf"{_TIME}|\b(?:a\.?m\.?|p\.?m\.?|(?-i:[A-Z]{{2,4}})|utc|gmt|at|on|by|the|published|posted|updated|date|last|first"
    r"|min(?:ute)?s?|read|reading|time|local|ago|hours?|comments?|share|today|edition)\b|[^\w\s]|\d+",
    re.IGNORECASE,
)
_AMERICAN = re.compile(r"\b(?:E[SD]?T|P[SD]T|C[SD]T|[ap]\.?m\.?)\b", re.IGNORECASE)
_FIELDS = re.compile(r"\s*[·|•]\s*")
_OPENING = re.compile(r"\.?\s+[A-Z“\"'‘]|\.?\s*[—–]")
_PLACE_STOP = re.compile(r",\s+(?:[A-Z][\w'’-]*[ -]){0,3}[A-Z][\w'’-]*\.\s+[A-Z“\"'‘]")
"""A place and a stop behind the date that opens a lead: "27 June 2016, Paris. Turkey ..."."""
_ENDED = re.compile(r"(?:\([^)]*\)\s*)?[-–—]+")
_NAME_WORD = re.compile(r"(?:[A-Z][\w'’.-]*|the|of|and|&)")
_REGION = re.compile(r"(?:[A-Z][\w'’.-]*[ -]){0,3}[A-Z][\w'’.-]*")
"""The state or country behind the place of a dateline: "France", "D.C.", "United Arab Emirates"."""
_BETWEEN = re.compile(r"[,·|•]")
_ISSUED = re.compile(
    r"\b(?:brief(?:ing)?|digest|note|bulletin|update|newsletter|round-?up|monitor|dispatch|sitrep|press release"
    r"|statement|communiqu[eé]|(?:situation|weekly|daily|monthly|field) report)\b",
    re.IGNORECASE,
)
"""What is issued on a day: "Weekly brief, 5 March 2025"; a title ("Waterloo, 18 June 1815") is not."""
_FEW = 6
_ONE_ISSUE = 7
"""Days between the datelines of one page at most."""
_HEAD_LINES = 12
_TAIL_LINES = 8


def find_published(text: str) -> date | None:
    """The day of publication that the lines of the page tell, or None."""
    lines = list(_page_lines(text))
    changed: date | None = None
    heads = _head_dates(text, lines)
    for start, end, near in lines:
        line = text[start:end]
        found = _line_date(line, near) or (heads.get(start) if near else None)
        if found is None:
            continue
        if not _CHANGED.match(line):
            return found
        changed = changed or found
    return changed or _yearless(text, lines) or _opening(text, lines)


def _head_dates(text: str, lines: list[tuple[int, int, bool]]) -> dict[int, date]:
    """Whole dates in datelines, by where these begin; days far from one another are a chronology, which tells none."""
    found = {}
    for start, end, _ in lines:
        match = _DATE.search(text, start, end) if dateline_end(text, start, len(text)) == end else None
        if match is not None and (day := as_date(match, text[start:end])) is not None:
            found[start] = day
    days = found.values()
    return found if days and (max(days) - min(days)).days <= _ONE_ISSUE else {}


def _opening(text: str, lines: list[tuple[int, int, bool]]) -> date | None:
    """The date that opens one of the first lines; several such lines are a chronology."""
    days = [d for d in (_opens(text[start:end], near) for start, end, near in lines) if d is not None]
    return days[0] if len(days) == 1 else None


def _page_lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Lines that may tell the day, with whether each stands near the top: head lines first, then the tail."""
    ranges = [(start, end) for start, end in paragraphs(text[:6_000]) if end > start]
    yield from ((start, end, place < 6) for place, (start, end) in enumerate(_datelines(text, ranges)))
    if len(text) > 6_000:
        base = len(text) - 3_000
        ranges = [(base + start, base + end) for start, end in paragraphs(text[base:])]
    else:
        ranges = ranges[_HEAD_LINES:]
    yield from ((start, end, False) for start, end in ranges[-_TAIL_LINES:])


def _datelines(text: str, ranges: list[Range]) -> Iterator[Range]:
    """The first lines; of a paragraph that begins with a dateline only that."""
    for start, end in ranges[:_HEAD_LINES]:
        head = dateline_end(text, start, end)
        yield (start, head) if head > start else (start, end)


def _line_date(line: str, near: bool) -> date | None:
    """The date of one line, if the line may tell the day of publication."""
    if len(line) > 400:
        return None
    label = _LABEL.match(line)
    match = _DATE.search(line)
    if match is None:
        return None
    if label is not None and match.start() <= label.end() + 12:
        return as_date(match, line)
    if len(line) > 160:
        return None
    if is_boilerplate(line, 0, len(line)) or _is_dateline(line, match):
        return as_date(match, line)
    rest = _SMALL.sub(" ", line[: match.start()] + " " + line[match.end() :])
    left = word_count(rest, 0, len(rest))
    before = line[: match.start()].strip(" \t|•·,-–—")
    bare = (not before or before[:3].lower() == "by ") and not line[match.end() :].startswith(". ")
    told = left == 0 or (bare and left <= 4) or _is_field(line, match) or _is_masthead(line, match)
    told = told or (left <= _FEW and not line[match.end() :].strip() and _ISSUED.search(before) is not None)
    return as_date(match, line) if near and told else None


def _is_field(line: str, match: re.Match[str]) -> bool:
    """A date that fills one field of a line of fields: "World · 4 August 2022 · 3 minutes of reading"."""
    fields = _FIELDS.split(line)
    return len(fields) > 1 and any(
        word_count(_SMALL.sub(" ", f.replace(match.group(), "")), 0, len(f)) == 0 for f in fields if match.group() in f
    )


def _is_masthead(line: str, match: re.Match[str]) -> bool:
    """A line of nothing but an outlet's name, perhaps its place, and the date.

    "The Valley Courier, Tuesday 18 September 2012", "The Valley Courier · Boise, 18 September 2012".
    """
    names = _BETWEEN.sub(" ", line[: match.start()]).split()
    return not line[match.end() :].strip(" .") and 0 < len(names) <= 8 and all(map(_NAME_WORD.fullmatch, names))


def _opens(line: str, near: bool) -> date | None:
    """A date that opens the lead and stands alone there: "30 January 2025. An interview with ..."."""
    match = _DATE.match(line) if near else None
    if match is None or line[match.end() : match.end() + 1] == " ":
        return None
    opened = _OPENING.match(line, match.end()) or _PLACE_STOP.match(line, match.end())
    return as_date(match, line) if opened else None


def _is_dateline(line: str, match: re.Match[str]) -> bool:
    """A line of nothing but place, date and agency: "KYIV, March 3, 2022 (Reuters) -", "Moscow, 3 March 2022 —"."""
    place, *within = (part.strip() for part in line[: match.start()].strip(" ,").split(","))
    rest = line[match.end() :].strip()
    if not re.sub("[ /]", "", place).isalpha() or len(within) > 2 or not all(map(_REGION.fullmatch, within)):
        return False
    if place.isupper():
        return not rest or rest[0] in "(-–—/."
    return len(place.split()) <= 4 and place.istitle() and bool(_ENDED.fullmatch(rest))


def as_date(match: re.Match[str], line: str) -> date | None:
    """A found date as a day; None where there is no such day."""
    part = match.groupdict()
    if part["a"]:
        first, second, year = int(part["a"]), int(part["b"]), int(part["y5"])
        american = second > 12 or (first <= 12 and part["sep"] == "/" and _AMERICAN.search(line) is not None)
        month, day = (first, second) if american else (second, first)
        return _day(year, month, day)
    for group in "1234":
        if part["y" + group]:
            return _day(int(part["y" + group]), _month(part["m" + group]), int(part["d" + group]))
    return None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _yearless(text: str, lines: list[tuple[int, int, bool]]) -> date | None:
    """A bare "Thu Dec 16" near the top, where the page's copyright gives a year that fits the weekday."""
    year = _YEAR.search(text[-3_000:]) or _YEAR.search(text[:3_000])
    if year is None:
        return None
    for start, end, near in lines:
        line = text[start:end]
        match = _YEARLESS.search(line) if near and len(line) < 80 else None
        if match is None or len(_SMALL.sub(" ", line.replace(match.group(), "")).split()) > 2:
            continue
        month, day = match["m1"] or match["m2"], int(match["d1"] or match["d2"])
        found = _day(int(year.group(1)), _month(month), day)
        if found is not None and found.strftime("%a").lower() == match["weekday"].lower():
            return found
    return None
