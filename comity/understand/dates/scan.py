"""One pass over the pieces of a text: find, resolve, widen, join."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from types import MappingProxyType
from typing import Final

from comity.model import Timex
from comity.understand.dates import absolute, ago, antiquity, dayparts, durations, monthdays, named, quarters, relative
from comity.understand.dates.calendar import interval
from comity.understand.dates.context import Context, Hit, Meaning, dated, name_of
from comity.understand.dates.grammar import expand, grammar
from comity.understand.dates.lexer import Pieces
from comity.understand.dates.prefixes import widen
from comity.understand.dates.tables import lexicon

Resolver = Callable[[Hit, Context], Meaning | None]

RESOLVERS: Final[MappingProxyType[str, Resolver]] = MappingProxyType({
    "iso": absolute.iso, "iso_month": absolute.iso_month, "slashed": absolute.slashed,
    "month_day": absolute.month_day, "month_of": absolute.month_of, "month_year": absolute.month_year,
    "month": absolute.month,
    "day_of_month": monthdays.day_of_month, "bare_day": monthdays.bare_day,
    "day_of_told": monthdays.day_of_told, "weekday_day": monthdays.weekday_day,
    "in_month": absolute.in_month, "unit_end": relative.unit_end,
    "season_year": absolute.season_year, "season": absolute.season, "year": absolute.year,
    "short_year": absolute.short_year, "early_year": absolute.early_year, "era": absolute.era,
    "year_pair": absolute.year_pair, "decade": absolute.decade, "century": absolute.century,
    "quarter": quarters.quarter, "named_quarter": quarters.named_quarter,
    "same_quarter": quarters.same_quarter, "year_ago_quarter": quarters.year_ago_quarter,
    "holiday": named.feast, "named": named.named, "period": named.period,
    "day_word": relative.day_word, "tonight": dayparts.tonight, "part": dayparts.part,
    "night": dayparts.night, "night_to": dayparts.night_to, "dawn": dayparts.dawn,
    "the_units": relative.the_units, "weekday": relative.weekday,
    "weekday_of": relative.weekday_of, "weekend": relative.weekend, "rel_unit": relative.rel_unit,
    "the_unit": relative.the_unit, "rel_units": relative.rel_units, "ago": ago.ago, "ago_day": ago.ago_day,
    "from_day": ago.from_day, "for_now": durations.for_now,
    "vague_ago": ago.vague_ago, "duration": durations.duration, "units": durations.units,
    "first_units": durations.first_units, "every": durations.every, "weekdays": durations.weekdays,
    "frequency": durations.frequency, "reference": durations.reference, "present": durations.present,
    "clock": durations.clock, "noon": durations.noon,
})  # fmt: skip

LENGTH: Final = re.compile(r"P(?:T?[\d.]+)(DE|[YMWDH])")
UNITS: Final = ("DE", "Y", "M", "W", "D", "H")
MOST: Final = 10_000  # expressions read in one text; what has more is a table, not an article
COUNTED: Final = ("what was told", "told of")
IN_PASSAGE: Final = "year of the passage"
FROM_NOW: Final = frozenset({"day_word", "tonight"})
"""Rules of times that count from the day on which they are spoken: in a quotation they do not move the story."""
RARE: Final = frozenset("first last only biggest largest worst best highest lowest time such one".split())
EXPLICIT: Final = frozenset(
    {"iso", "iso_month", "slashed", "month_year", "season_year", "year", "early_year", "era"}
)


class Found:
    """An expression on its way: pieces from start to end, its meaning, its rule, whether it tells its year."""

    __slots__ = ("end", "explicit", "meaning", "rule", "start")

    def __init__(self, start: int, end: int, meaning: Meaning, rule: str, explicit: bool = False) -> None:
        self.start, self.end, self.meaning, self.rule, self.explicit = start, end, meaning, rule, explicit


def scan(pieces: Pieces, context: Context) -> list[Found]:
    """All time expressions of a text, in order."""
    found: list[Found] = []
    for item in _hits(pieces, context):
        if found and _joined(pieces, found[-1], item):
            found[-1] = _join(found[-1], item)
        elif found and _added(pieces, found[-1], item):
            found[-1] = _add(found[-1], item)
        elif found and _one_night(pieces, found[-1], item):
            found[-1].end = item.end
        else:
            found.append(item)
    return found


def _hits(pieces: Pieces, context: Context) -> Iterator[Found]:
    book = grammar()
    classes = pieces.classes
    at, last = 0, 0
    count = 0
    for start in book.starts.finditer(classes):
        if start.start() < at:
            continue
        if count >= MOST:
            return
        letter = start[0]
        if not book.quick[letter].match(classes, start.start()):
            continue
        item = _best(pieces, context, start.start())
        if item is None:
            continue
        count += 1
        hit, meaning, rule = item
        meaning = antiquity.counted(hit, rule, meaning, context)
        explicit = rule in EXPLICIT or (rule == "month_day" and hit.has("y"))
        explicit = explicit or (rule == "month_of" and hit.words("r") == "last")  # "February last year"
        at = hit.end
        low, meaning = widen(pieces, hit.start, last, meaning, context)
        low += low == hit.start and rule == "duration" and _modifies(hit)
        leads = (explicit and _leads(hit, low, context)) or _goes_on(meaning, context)
        if not (_in_passing(hit) or (rule in FROM_NOW and pieces.quoted(hit.start))):
            context.speak_of(meaning, hit.start, hit.end, leads)
        if meaning.low is not None and context.opens_entry(hit):
            context.entry = meaning.low
        yield Found(low, hit.end, meaning, rule, explicit)
        last = at
        for tail in _tails(pieces, hit, meaning, rule):
            at = last = tail.end
            context.speak_of(tail.meaning, tail.start, tail.end, leads)
            yield tail


def _modifies(hit: Hit) -> bool:
    """Whether an article before the hit is that of the noun after it: "a [week-long] tour", "a [half-hour] speech"."""
    names = lexicon().classes
    article = hit.pieces.of(hit.start) == names["An"]
    return article and names["Hy"] in hit.pieces.classes[hit.start : hit.end] and not hit.closes()


def _leads(hit: Hit, low: int, context: Context) -> bool:
    """Whether a date sets the time of what follows ("In 2014, ...", "... in May 2014."), not a mere aside."""
    if context.opens_sentence(hit):
        return True
    before = name_of(hit.pieces.of(low - 1)) if hit.before() == "Of" else hit.before()
    return hit.has("m") and before in {"In", "On"} and hit.before(2) not in {"As", "Than"}


def _goes_on(meaning: Meaning, context: Context) -> bool:
    """Whether a time counts from one that was told outright, and so tells its year too: "the same day"."""
    told = context.reference
    return told is not None and told.explicit and (meaning.why.endswith(COUNTED) or meaning.why.startswith(IN_PASSAGE))


def _in_passing(hit: Hit) -> bool:
    """Whether a time only says how rare a thing is: "the first since 2008"."""
    return hit.before() == "Since" and hit.word_before(2).lower() in RARE


def _best(pieces: Pieces, context: Context, at: int) -> tuple[Hit, Meaning, str] | None:
    """The longest match at a piece that its resolver accepts."""
    matches = []
    for order, rule in enumerate(grammar().rules[pieces.classes[at]]):
        match = rule.pattern.match(pieces.classes, at)
        if match and match.end() > at:
            matches.append((-match.end(), order, rule.name, match))
    for _, _, name, match in sorted(matches, key=lambda m: m[:2]):
        hit = Hit(pieces, match)
        meaning = RESOLVERS[name](hit, context)
        if meaning is not None:
            return hit, meaning, name
    return None


@cache
def _tail_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    days = re.compile(expand("(?:Hy|Dash|And|To|Or|Through|Until) {d DayNum|OrdNum} (?:Comma? {y Year})?"))
    years = re.compile(expand("(?:Hy|Dash) {d DayNum|Count}"))
    return days, years


def _tails(pieces: Pieces, hit: Hit, meaning: Meaning, rule: str) -> Iterator[Found]:
    """The second part of "March 3-5", "June 3 and 4", "2014-15"."""
    days, years = _tail_patterns()
    if rule == "month_day" and meaning.low and hit.match.start("m") < hit.match.start("d"):
        match = days.match(pieces.classes, hit.end)
        if match and _free(pieces, match.end()):
            day = int(pieces.values[match.start("d")])
            year = int(pieces.values[match.start("y")]) if match.start("y") >= 0 else meaning.low.year
            value = f"{year:04d}-{meaning.low.month:02d}-{day:02d}"
            if interval(value) and day > meaning.low.day:
                yield Found(match.start("d"), match.end(), dated(value, "second day of a pair"), rule)
    elif rule == "year" and meaning.low and len(meaning.value) == 4:
        match = years.match(pieces.classes, hit.end)
        if match and len(pieces.word(match.start("d"))) == 2:
            short = int(pieces.word(match.start("d")))
            if short > meaning.low.year % 100:
                value = f"{meaning.low.year // 100:02d}{short:02d}"
                yield Found(match.start("d"), match.end(), dated(value, "second year of a pair"), rule)


def _free(pieces: Pieces, at: int) -> bool:
    """Whether the number before piece ``at`` counts nothing."""
    names = lexicon().classes
    if pieces.of(at) in {names["Units"], names["Unit"], names["Hy"], names["Mult"], names["AmPm"], names["Month"]}:
        return False
    follower = pieces.word(at).lower()
    plural = follower.endswith("s") and follower.isalpha() and len(follower) > 4
    return follower not in lexicon().quantities and not plural


def _joined(pieces: Pieces, first: Found, second: Found) -> bool:
    """Whether a time of day and a day next to each other are one expression."""
    names = lexicon().classes
    if second.start - first.end > 2:
        return False
    between = pieces.classes[first.end : second.start]
    if any(letter not in {names["On"], names["Comma"], names["At"], names["Approx"]} for letter in between):
        return False
    day, time = (second, first) if _is_clock(first) else (first, second)
    if not _is_clock(time) or _is_clock(day) or day.rule == "joined" or day.meaning.precision != "day":
        return False
    if time.rule == "dawn" and (time is second or day.meaning.kind != "DATE"):
        return False
    return day.meaning.kind in {"DATE", "TIME"} and day.rule not in {"tonight"}


def _one_night(pieces: Pieces, first: Found, second: Found) -> bool:
    """Whether two days are those of one night: "the night of 7-8 August"."""
    names = lexicon().classes
    if first.meaning.low is None or second.meaning.low is None or second.meaning.precision != "day":
        return False
    joined = second.start - first.end == 1 and pieces.classes[first.end] in {names["Hy"], names["Dash"]}
    return joined and first.meaning.value.endswith("TNI") and (second.meaning.low - first.meaning.low).days == 1


def _is_clock(item: Found) -> bool:
    return item.rule in {"clock", "noon", "dawn"}


def _join(first: Found, second: Found) -> Found:
    day, time = (second, first) if _is_clock(first) else (first, second)
    clock = time.meaning.value.partition("T")[2]
    if day.meaning.value[11:] in {"AF", "EV", "NI"} and clock < "12":
        clock = f"{int(clock[:2]) + 12}{clock[2:]}"  # ten o'clock on Friday night
    value = f"{day.meaning.value[:10]}T{clock}"
    return Found(first.start, second.end, dated(value, f"{day.meaning.why}, at a time of day", "TIME"), "joined",
                 first.explicit or second.explicit)  # fmt: skip


def _added(pieces: Pieces, first: Found, second: Found) -> bool:
    """Whether two lengths of time are one: "three years and four months"."""
    if first.rule != "duration" or second.rule != "duration" or second.start - first.end != 1:
        return False
    sizes = LENGTH.fullmatch(first.meaning.value), LENGTH.fullmatch(second.meaning.value)
    if pieces.classes[first.end] != lexicon().classes["And"] or sizes[0] is None or sizes[1] is None:
        return False
    return UNITS.index(sizes[0][1]) < UNITS.index(sizes[1][1])


def _add(first: Found, second: Found) -> Found:
    time = "" if "T" in first.meaning.value else "T"
    value = first.meaning.value + second.meaning.value[1:].replace("T", time)
    return Found(first.start, second.end, Meaning(kind="DURATION", value=value, why="length of time"), "duration")


def timex(pieces: Pieces, item: Found) -> Timex:
    """The expression as it is told to others."""
    start, end = pieces.starts[item.start], pieces.ends[item.end - 1]
    meaning = item.meaning
    return Timex(start=start, end=end, text=pieces.text[start:end], kind=meaning.kind, value=meaning.value,
                 low=meaning.low, high=meaning.high, precision=meaning.precision, why=meaning.why)  # fmt: skip
