"""Resolvers of calendar expressions: dates, months, seasons, years, decades, quarters, holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from comity.understand.dates.calendar import FIRST_YEAR, LAST_YEAR, interval, months, nth_weekday, unit_value
from comity.understand.dates.context import Context, Hit, Meaning, Reference, dated
from comity.understand.dates.tables import Name, lexicon

FIRST_FOUR_DIGITS: Final = 1000
NEAR_YEARS: Final = 20
"""How far the year of "11-2-89" may lie from the publication; a score or a telephone number is no date."""
SOON: Final = timedelta(days=45)
# How much farther off the past day must be for the next to be meant: in another year, in this year.
WEIGHTS: Final = {"past": (6.0, 30.0), "": (2.5, 6.0), "planned": (1.0, 2.0), "present": (0.5, 1.0)}
TIME_PREPOSITIONS: Final = frozenset({
    "In", "Since", "Until", "By", "Of", "During", "From", "To", "Through", "Between", "Before", "After", "Early",
    "Late", "Mid", "Hy", "And", "Or", "Dash", "Begin", "End", "Earlier", "Later",
})  # fmt: skip
BACKWARD: Final = timedelta(days=31)
"""How far a story of some day goes back without a word of the year."""
TURN: Final = timedelta(days=100)
"""How far it goes on beyond New Year without one ("in December of 2000 ..., and the first of January ...")."""
SURE_PREPOSITIONS: Final = frozenset({"In", "Since", "Until", "Early", "Late", "Mid", "Hy", "During"})
NOT_YEAR: Final = frozenset("about nearly over least some almost approximately no number page article section"
                            " resolution flight room route highway than order pages articles nos rooms"
                     .split())  # fmt: skip
JOINING: Final = frozenset({"To", "And", "Or", "Comma", "Dash", "Hy"})
SMALL_WORDS: Final = frozenset("was is has its this as across his us thus perhaps always".split())


def iso(hit: Hit, _: Context) -> Meaning | None:
    """2021-12-16, with or without a time."""
    value = hit.value("d")
    if interval(value[:10]) is None or not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        return None
    day, clock, time = value.partition("T")
    return dated(f"{day}T{time[:5]}" if clock else day, "calendar date", "TIME" if clock else "DATE")


def iso_month(hit: Hit, _: Context) -> Meaning | None:
    """2021-11."""
    return dated(hit.value("d"), "year and month")


def slashed(hit: Hit, context: Context) -> Meaning | None:
    """12/16/2021, 16.12.2021: the order that is possible; of two the American one for a slash."""
    written = hit.value("d")
    mark = next(c for c in written if not c.isdigit())
    first, second, year = (int(part) for part in written.split(mark))
    if year < 100:
        year += 2000 if year <= 68 else 1900
    readings = [(second, first)] if mark == "." else [(first, second), (second, first)]
    days = [day for month, day_ in readings if (day := day_in(year, month, day_))]
    if not days:
        return None
    best = days[0]
    short = mark == "-" and len(written) < 9
    if short and context.published and abs(days[0].year - context.published.year) > NEAR_YEARS:
        return None
    if len(days) > 1 and context.published and days[0] - context.published > SOON >= days[1] - context.published:
        best = days[1]
    return dated(best.isoformat(), "calendar date")


def day_in(year: int, month: int, day: int) -> date | None:
    """The day, None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_day(hit: Hit, context: Context) -> Meaning | None:
    """16 December 2021; without a year the nearest by tense."""
    month, day = int(hit.value("m")), int(hit.value("d"))
    if not 1 <= day <= 31:
        return None
    if hit.has("y"):
        # In "28 December to 3 January 2010" the first day lies in the year before.
        found = day_in(int(hit.value("y")) - (hit.has("o") and int(hit.value("o")) < month), month, day)
        return dated(found.isoformat(), "calendar date") if found else None
    attack = _attack(hit, month, day)
    if attack is not None and attack.low:
        return dated(attack.low.isoformat(), "known attack")
    return _without_year(hit, context, month, day)


def _attack(hit: Hit, month: int, day: int) -> Name | None:
    """September 11 attacks and their like."""
    following = {hit.word_after(n).lower() for n in (0, 1)}
    return next((n for n in lexicon().attacks if n.pieces[0] + n.pieces[1] + n.pieces[2] == f"{month}-{day}"
                 and hit.word_after().lower() in n.next and following), None)  # fmt: skip


def _without_year(hit: Hit, context: Context, month: int, day: int) -> Meaning | None:
    if day_in(2000, month, day) is None:
        return None
    year = context.chronicled(hit, month, day)
    if year is not None and (entry := day_in(year, month, day)):
        return dated(entry.isoformat(), "year of the chronology")
    onwards = context.onward_year(month, day)
    if onwards is not None:
        found = day_in(onwards, month, day)
        return dated(found.isoformat(), "onward from what was told") if found else None
    told = context.story(hit)
    if told is not None and not _just_past(hit, context, told, month, day) and \
            onward(told, date(told.low.year, month, min(day, 28)) + BACKWARD):  # fmt: skip
        found = day_in(told.low.year, month, day)
        return dated(found.isoformat(), f"year of the passage, {told.low.year}") if found else None
    after = day_in(told.low.year + 1, month, day) if told is not None else None
    if told is not None and after and after - told.high < TURN and context.published and after <= context.published:
        return dated(after.isoformat(), f"behind {told.low.year}, which was told")
    if context.published is None:
        return Meaning(kind="DATE", value=f"XXXX-{month:02d}-{day:02d}", why="no year told")
    years = range(context.published.year - 1, context.published.year + 2)
    days = [found for year in years if (found := day_in(year, month, day))]
    if hit.has("w"):
        fitting = [d for d in days if d.isoweekday() == int(hit.value("w"))]
        days = fitting or days
    best = by_tense(days, context.published, context.tense(hit))
    return dated(best.isoformat(), f"{_words(context.tense(hit))} to publication") if best else None


def _just_past(hit: Hit, context: Context, told: Reference, month: int, day: int) -> bool:
    """Whether a day of another sentence lies so shortly before publication that it needs no year."""
    today = context.published
    if today is None or hit.pieces.starts[told.piece] >= context.sentence(hit.offsets()[0])[0]:
        return False
    found = day_in(today.year, month, day)
    return found is not None and timedelta(0) <= today - found <= SOON


def onward(told: Reference, day: date) -> bool:
    """Whether a story that has come to a day can go on to another: it goes forward within its year."""
    return told.precision == "year" or day >= told.low


def _words(tense: str) -> str:
    return "next" if tense == "future" else "last"


def by_tense(days: list[date], today: date, tense: str) -> date | None:
    """Of days in order the next if the clause lies in the future, else the last.

    A day eleven months back, in another calendar year, would be told with its
    year; so where the next such day is near it is meant even in the past tense
    ("the ban was to end on 1 January").
    """
    past = max((d for d in days if d <= today), default=None)
    future = min((d for d in days if d >= today), default=None)
    if past is None or future is None:
        return past or future
    if tense == "future":
        return past if (today - past).days * 12 < (future - today).days else future
    weight = WEIGHTS[tense][past.year == today.year]
    return future if (future - today).days * weight < (today - past).days else past


def year_of(words: str, context: Context, hit: Hit) -> int | None:
    """The year meant by "this year", "last year", "that year", "the following year"."""
    words = words.removeprefix("the ") if words != "the" else words
    if words in {"this", "current", "last", "next", "the"}:
        today = context.today(hit) if words == "the" else context.published
        if today is None:
            return None
        return today.year + {"last": -1, "next": 1}.get(words, 0)
    told = context.told()
    if told is None:
        return None
    step = {"previous": -1, "preceding": -1, "prior": -1, "following": 1, "subsequent": 1}.get(words, 0)
    return told.low.year + step


def month_of(hit: Hit, context: Context) -> Meaning | None:
    """December of last year."""
    if hit.value("u") != "Y":
        return None
    words = hit.words("r")
    year = year_of("next" if words == "the next" and context.reference is None else words, context, hit)
    month = int(hit.value("m"))
    if year is None:
        return Meaning(kind="DATE", value=f"XXXX-{month:02d}", why="no year known")
    if hit.has("d"):
        found = day_in(year, month, int(hit.value("d")))
        return dated(found.isoformat(), f"month of {words} year") if found else None
    return dated(f"{year:04d}-{month:02d}", f"month of {words} year")


def month_year(hit: Hit, _: Context) -> Meaning | None:
    """December 2021; a range over New Year keeps its order."""
    year, month = int(hit.value("y")), int(hit.value("m"))
    if hit.match.end("y") > hit.end:  # the year stands behind the second month: November to March 2010
        other = next((hit.pieces.values[n] for n in range(hit.end + 1, hit.match.start("y"))
                      if hit.pieces.values[n].isdigit()), "12")  # fmt: skip
        year -= int(other) < month
    return dated(f"{year:04d}-{month:02d}", "month and year")


def month(hit: Hit, context: Context) -> Meaning | None:
    """A month without a year: the nearest by tense."""
    number = int(hit.value("m"))
    words = hit.words("r").removeprefix("the ")
    if not words and not _is_month(hit) and not context.opens_entry(hit):
        return None
    if words in {"that", "same"}:
        told = context.told()
        return dated(f"{told.low.year:04d}-{number:02d}", "in the year told of") if told else None
    told = context.told() if words in {"following", "previous"} and context.reference is not None else None
    if told is not None and told.explicit:
        return dated(f"{_month_year(number, told.low, words, ''):04d}-{number:02d}", f"{words}, from what was told")
    chronicled = None if words else context.chronicled(hit, number)
    if chronicled is not None:
        return dated(f"{chronicled:04d}-{number:02d}", "year of the chronology")
    onwards = context.onward_year(number, 28)
    if onwards is not None and context.reference is not None:
        onwards = _month_year(number, context.reference.high, words, "") if words else onwards
        return dated(f"{onwards:04d}-{number:02d}", "onward from what was told")
    told = context.story(hit)
    if told is not None and not words and onward(told, months(told.low.year, number, 1)[1]):
        return dated(f"{told.low.year:04d}-{number:02d}", f"year of the passage, {told.low.year}")
    today = context.published
    if today is None:
        return Meaning(kind="DATE", value=f"XXXX-{number:02d}", why="no year told")
    year = _month_year(number, today, words, context.tense(hit))
    return dated(f"{year:04d}-{number:02d}", f"{words or _words(context.tense(hit))} before or after publication")


def _month_year(number: int, today: date, words: str, tense: str) -> int:
    if words in {"last", "past", "this past", "previous"}:
        return today.year - (number >= today.month)
    if words in {"next", "coming", "this coming", "following"}:
        return today.year + (number <= today.month)
    if words == "this":
        return today.year
    starts = [date(today.year + n, number, 1) for n in (-1, 0, 1)]
    if tense == "future":
        return next(d for d in starts if months(d.year, number, 1)[1] >= today).year
    best = by_tense(starts, today, tense)
    return best.year if best else today.year


def _is_month(hit: Hit) -> bool:
    """Not a verb, a modal or the name of a person."""
    before = hit.before()
    kind = hit.kind("m")
    follower = hit.word_after()
    named = follower[:1].isupper() and not hit.after() and hit.pieces.text[hit.offsets()[1]] == " "
    if kind == "MonthAbbr":
        return before in SURE_PREPOSITIONS or (before in TIME_PREPOSITIONS and hit.end - hit.start > 1)
    if kind == "MonthAmb":
        if hit.words("m") == "may" and ("Theresa May" in hit.pieces.text or "Mrs. May" in hit.pieces.text):
            return before in SURE_PREPOSITIONS
        return before in TIME_PREPOSITIONS and not (before in {"To", "And", "Or", "Of", "By"} and named)
    return not named or (before in TIME_PREPOSITIONS and before not in {"And", "Or"})


def in_month(hit: Hit, context: Context) -> Meaning | None:
    """The first week of May, the last day of 2014's March, the second Monday in November."""
    unit, number = hit.value("u"), int(hit.value("o")) if hit.value("o") else -1
    if hit.has("u") and unit not in {"D", "W", "WE"}:
        return None
    month = int(hit.value("m"))
    if hit.has("y"):
        year = int(hit.value("y"))
    elif context.published is None:
        return None
    else:
        year = _month_year(month, context.published, "", context.tense(hit))
    first, last = months(year, month, 1)
    if hit.has("w") or unit == "WE":
        day = nth_weekday(year, month, int(hit.value("w")) if hit.has("w") else 6, number)
    else:
        size = 7 if unit == "W" else 1
        middle = size * (number - 1) + size // 2
        day = last - timedelta(days=size // 2) if number < 0 else first + timedelta(days=middle)
    if not first <= day <= last:
        return None
    return dated(unit_value(day, unit or "D"), "counted in its month")


def season_year(hit: Hit, _: Context) -> Meaning | None:
    """The summer of 2014."""
    return dated(f"{int(hit.value('y')):04d}-{hit.value('s')}", "season and year")


def season(hit: Hit, context: Context) -> Meaning | None:
    """Last summer, this winter, in the autumn."""
    code, words = hit.value("s"), hit.words("r").removeprefix("the ")
    follower = hit.word_after()
    if hit.after() == "Of" or (follower[:1].isupper() and not hit.after()):
        return None
    if not words and not _is_season(hit):
        return None
    counts = context.history or words in {"that", "same", "following", "previous", "preceding"}
    told = context.told() if counts else None
    if told and (words in {"that", "same"} or (context.history and not words)) and told.precision == "year":
        return dated(f"{told.low.year:04d}-{code}", "season of the year told of")
    today = told.low if told else context.published if words else context.today(hit)
    if today is None:
        return Meaning(kind="DATE", value=f"XXXX-{code}", why="no year told")
    found = [(year, span) for year in range(today.year - 2, today.year + 3)
             if (span := interval(f"{year:04d}-{code}"))]  # fmt: skip
    if words in {"last", "past", "this past", "previous", "preceding"}:
        year = max(y for y, span in found if span[1] < today)
    elif words in {"next", "coming", "this coming", "following"}:
        year = min(y for y, span in found if span[0] > today)
    elif context.history:
        year = min(y for y, span in found if span[1] >= today)
    elif words in {"this", "that", "same", "current"}:
        year = min(found, key=lambda f: abs((f[1][0] + (f[1][1] - f[1][0]) / 2) - today))[0]
    elif context.tense(hit) == "future":
        year = min(y for y, span in found if span[1] >= today)
    else:
        year = max(y for y, span in found if span[0] <= today)
    return dated(f"{year:04d}-{code}", f"{words or 'nearest'} season")


def _is_season(hit: Hit) -> bool:
    """Not a verb (spring up, fall) nor a plain noun."""
    before = hit.before()
    if before not in {"In", "During", "By", "Since", "Until", "Through", "Over", "Of", "Late", "Early", "Mid", "Hy",
                      "Middle", "From", "For", "Begin", "End", "Before", "After"}:  # fmt: skip
        return False
    the = hit.end - hit.start > 1
    if before in {"Before", "After"}:
        return the
    if hit.words("s") in {"fall", "spring"}:
        return before in {"In", "During", "Late", "Early", "Until"} or (the and before in {"By", "Since"})
    return before not in {"For", "Of"} or the


def year(hit: Hit, context: Context) -> Meaning | None:
    """2014, where it is a year and not a number of things."""
    if hit.has("v") and hit.value("v") != "Y":
        return None
    if not _is_year(hit, int(hit.value("y")), TIME_PREPOSITIONS if context.history else SURE_PREPOSITIONS):
        return None
    return dated(f"{int(hit.value('y')):04d}", "year")


def short_year(hit: Hit, context: Context) -> Meaning | None:
    """In '89, fiscal '96: of the century that lies nearer to the publication."""
    fiscal = hit.end - hit.start > 1
    if not fiscal and (hit.before() not in SURE_PREPOSITIONS | {"Of", "From"} or hit.word_after()[:1] in {"'", "’"}):
        return None
    now = context.published.year if context.published else 2000
    number = int(hit.value("y"))
    found = min((century + number for century in (1900, 2000)), key=lambda y: (y > now + 5, abs(y - now)))
    return dated(f"{found:04d}", "year")


def early_year(hit: Hit, context: Context) -> Meaning | None:
    """In a history: in 410, late 408, the summer of 476, April 378."""
    number = int(hit.value("y"))
    if not context.history or not FIRST_YEAR <= number < FIRST_FOUR_DIGITS:
        return None
    if hit.has("s"):
        return dated(f"{number:04d}-{hit.value('s')}", "season and year")
    if hit.has("m"):
        return dated(f"{number:04d}-{int(hit.value('m')):02d}", "month and year")
    follower = hit.word_after().lower()
    counts = (follower.endswith("s") and follower not in SMALL_WORDS) or follower in lexicon().quantities
    return dated(f"{number:04d}", "year") if hit.before() in SURE_PREPOSITIONS and not counts else None


def era(hit: Hit, _: Context) -> Meaning | None:
    """490 BC, AD 66, November 333 BC, the summer of 415 BC, the 5th century BC.

    Days before our era are beyond the calendar in use here: such a time has a value and no days.
    """
    before_christ = hit.value("e") == "BC"
    number = int(hit.value("n"))
    if hit.has("u"):
        if hit.value("u") != "CE" or number < 1:
            return None
        value = f"{number - 1:02d}"
    elif hit.has("s"):
        value = f"{number:04d}-{hit.value('s')}"
    elif hit.has("m"):
        value = f"{number:04d}-{int(hit.value('m')):02d}" + (f"-{int(hit.value('d')):02d}" if hit.has("d") else "")
    elif not _is_bare_era(hit, before_christ):
        return None
    else:
        value = f"{number:04d}"
    return Meaning(kind="DATE", value=f"BC{value}", why="before our era") if before_christ else dated(value, "year")


def _is_bare_era(hit: Hit, before_christ: bool) -> bool:
    """Not British Columbia ("Vancouver, BC 12 people", "12 BC residents"), nor a number of boards."""
    if hit.match.start("e") < hit.match.start("n"):
        return not before_christ
    follower = hit.word_after()
    plural = follower.endswith("s") and follower not in SMALL_WORDS
    return hit.closes() or (hit.before() in TIME_PREPOSITIONS and not plural)


def _is_numbered(hit: Hit) -> bool:
    """ "Resolution 1973", "resolutions 1696, 1737 and 1747", "pages 1990 to 1996": numbers of things."""
    back = 1
    while hit.before(back) in JOINING and hit.word_before(back + 1).isdigit():
        back += 2
    word = hit.word_before(back).lower()
    return word in NOT_YEAR or word.removesuffix("s") in NOT_YEAR


def _is_year(hit: Hit, number: int, prepositions: frozenset[str] = SURE_PREPOSITIONS) -> bool:
    if hit.end - hit.start > 1:
        return 1000 <= number <= 2100 and hit.word_after().lower() not in lexicon().quantities
    before, after = hit.before(), hit.word_after()
    if _is_numbered(hit) or after.lower() in lexicon().quantities or after == "%":
        return False
    if before in {"Approx", "Decimal", "Count", "DayNum"}:
        return False
    if hit.after() == "Hy" and hit.word_after(1)[:1].isalpha():
        return False
    plural = after.endswith("s") and after.islower() and after not in SMALL_WORDS and not hit.after()
    if plural and (number % 100 == 0 or number < 1900) and before not in {"The", "This", "Since"}:
        return False
    if 1900 <= number <= 2099:
        return True
    partner = hit.before(2) == "Year" and before in {"To", "And", "Hy", "Dash", "Until"}
    following = hit.after() in {"To", "And", "Hy", "Dash", "Until"} and hit.after(1) == "Year"
    return before in prepositions or partner or (following and before in {"From", "Between", "Open", "In"})


def year_pair(hit: Hit, _: Context) -> Meaning | None:
    """2021/22: value of the first year, days of both."""
    first = int(hit.value("y"))
    return Meaning(kind="DATE", value=str(first), low=date(first, 1, 1), high=date(first + 1, 12, 31),
                   precision="year", why="two years")  # fmt: skip


def decade(hit: Hit, _: Context) -> Meaning | None:
    """The 1990s, the '80s, the sixties."""
    kind, value = hit.kind("d"), hit.value("d")
    if kind == "Decade" and value.endswith("0") and value < "200":
        return dated(value[:2], "century")  # the 1800s
    if kind == "Decade":
        return dated(value, "decade")
    the = hit.end - hit.start > 1
    quoted = hit.words("d")[:1] in {"'", "’", "‘"}
    if not (the or quoted or hit.before() in {"Mid", "Early", "Late", "Hy"}
            or "Decade" in hit.before(2)):  # fmt: skip
        return None
    return dated(f"19{value}", "decade")


def century(hit: Hit, _: Context) -> Meaning | None:
    """The 20th century."""
    number = int(hit.value("o")) + (int(hit.value("t")) if hit.has("t") else 0)
    if hit.value("u") != "CE" or number < 1:
        return None
    return dated(f"{number - 1:02d}", "century")
