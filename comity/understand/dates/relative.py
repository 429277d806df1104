"""Resolvers of expressions that count from the publication or from what was told before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from comity.model import Precision
from comity.understand.dates.calendar import shift, unit_value, week_value
from comity.understand.dates.context import MONTHS, RANK, Context, Hit, Meaning, dated
from comity.understand.dates.quantity import duration_value, quantity
from comity.understand.dates.quarters import quarter_to

BACK: Final = frozenset({"last", "past", "this past", "previous", "preceding", "prior"})
AHEAD: Final = frozenset({"next", "coming", "this coming", "following", "subsequent", "upcoming", "forthcoming"})
TOLD: Final = frozenset({"that", "same", "previous", "preceding", "prior", "following", "subsequent", "ensuing"})
UNIT_PRECISION: Final[dict[str, Precision]] = {
    "D": "day", "W": "week", "2W": "week", "WE": "week", "M": "month", "3M": "season", "6M": "season", "Y": "year",
    "DE": "decade", "CE": "century",
}  # fmt: skip
VAGUE: Final = {"D": 6, "W": 5, "M": 6, "Y": 5, "3M": 4, "DE": 4, "CE": 3, "TH": 12, "TM": 30, "WE": 3}
LASTING: Final = frozenset("to will would could can may might must should not n't".split())
QUOTES: Final = frozenset("\"“”'‘’")
TITLES: Final = frozenset({"Mr", "Mrs", "Ms", "Dr"})
SPANNING: Final = frozenset({"In", "Over", "During", "Within", "For", "Through"})


def step(words: str) -> int:
    """Forth or back, for "next", "previous" and their like."""
    return -1 if words in BACK else 1 if words in AHEAD or words == "ensuing" else 0


def plain(words: str) -> str:
    """The word without its article."""
    words = words.removeprefix("the ")
    return "same" if words in {"that same", "very same"} else "last" if words == "latest" else words


def day_word(hit: Hit, context: Context) -> Meaning | None:
    """Yesterday, today, tomorrow; the day before yesterday."""
    today = context.published
    if _is_title(hit, context):
        return None
    if today is None:
        return Meaning(kind="DATE", value="XXXX-XX-XX", why="no publication date")
    count = int(hit.value("d"))
    if hit.has("a"):
        if hit.value("u") != "D":
            return None
        count += -1 if hit.kind("a") == "Before" else 1
    return part_of_day(today + timedelta(days=count), hit.value("p"), "counted from publication")


def _is_title(hit: Hit, context: Context) -> bool:
    """USA Today; the programme "Today"."""
    word, before = hit.pieces.word(hit.start), hit.word_before()
    if not word[:1].isupper() or word.isupper():
        return False
    if (len(before) > 1 and before.isupper()) or before in {"Russia", "India"}:
        return True
    return before in QUOTES and hit.word_after() in QUOTES and not context.opens_sentence(hit)


def part_of_day(day: date, part: str, why: str) -> Meaning:
    return dated(f"{day.isoformat()}T{part}", why, "TIME") if part else dated(day.isoformat(), why)


def weekday(hit: Hit, context: Context) -> Meaning | None:
    """Wednesday: the last one in the past tense, the day of publication included, else the next."""
    number, words = int(hit.value("w")), plain(hit.words("r"))
    if (hit.kind("w") == "WeekdayAbbr" and not _is_weekday(hit)) or _is_name(hit):
        return None
    if not words and hit.before() in {"OrdWord", "OrdNum", "Second"}:
        return Meaning(kind="SET", value=f"XXXX-WXX-{number}", why="repeated")  # the second Tuesday of each month
    return by_weekday(number, words, hit, context)


def _is_name(hit: Hit) -> bool:
    """Mr. Friday; at Friday Harbor."""
    if hit.word_before(2) in TITLES and hit.before() == "Stop":
        return True
    return hit.before() in {"At", "In"} and hit.word_after()[:1].isupper() and not hit.after()


def by_weekday(number: int, words: str, hit: Hit, context: Context) -> Meaning | None:
    """A day of the week counted from the publication or from the day told of."""
    code = hit.value("p")
    if words in {"that", "same", "previous", "following", "preceding"}:
        told = context.told()
        today = told.low if told and told.precision in {"day", "week"} else context.published
    else:
        # news counts days of the week from publication, whatever long past day it has recalled
        today, told = context.published, context.reference
        if today is None and told is not None and told.precision == "day" and not words:
            today, words = told.low, "from then"
    if today is None:
        return Meaning(kind="TIME" if code else "DATE", value=f"XXXX-WXX-{number}" + (f"T{code}" if code else ""),
                       why="no day known")  # fmt: skip
    tense = context.tense(hit)
    if tense == "present" and hit.after() == "Poss":
        tense = "past"  # "Tuesday's attack" has been, whatever is said of it
    elif hit.word_before().lower() == "for" and hit.after() != "Poss":
        tense = "planned"  # "has called a rally for Tuesday"
    day, why = _weekday(number, words, today, tense)
    return part_of_day(day, code, why)


def _weekday(number: int, words: str, today: date, tense: str) -> tuple[date, str]:
    ahead = (number - today.isoweekday()) % 7
    behind = -((today.isoweekday() - number) % 7)
    if words in BACK:
        return today + timedelta(days=behind or -7), "the one before"
    if words == "next":
        return today + timedelta(days=7 + number - today.isoweekday()), "of next week"
    if words in AHEAD:
        return today + timedelta(days=ahead or 7), "the one after"
    if words == "this":
        off = behind if tense == "past" else number - today.isoweekday()
        return today + timedelta(days=off), "of this week" if tense != "past" else "past tense, the last one"
    if words in {"that", "same", "from then"}:
        return today + timedelta(days=ahead), "from the day told of"
    if tense in {"future", "present", "planned"}:
        return today + timedelta(days=ahead), f"{tense} tense, the next one"
    return today + timedelta(days=behind), f"{tense or 'no'} {'tense' if tense else 'tense told'}, the last one"


def _is_weekday(hit: Hit) -> bool:
    """An abbreviated weekday, not the sun or a verb."""
    stop = hit.pieces.word(hit.end - 1) == "." or hit.after() in {"Comma", "Close"}
    return hit.before() != "The" and (stop or hit.before() == "On") and (hit.before() == "On" or hit.after() in {
        "DayNum", "Clock", "Comma", "Close", "Month", "MonthAbbr"} or hit.before() in {"Open", "Comma"})  # fmt: skip


def weekday_of(hit: Hit, context: Context) -> Meaning | None:
    """Friday of last week."""
    if hit.value("u") != "W":
        return None
    words = plain(hit.words("r"))
    told = context.told() if words in TOLD else None
    today = told.low if told else context.published
    if today is None:
        return Meaning(kind="DATE", value=f"XXXX-WXX-{hit.value('w')}", why="no publication date")
    monday = today + timedelta(days=7 * step(words) + 1 - today.isoweekday())
    return part_of_day(monday + timedelta(days=int(hit.value("w")) - 1), hit.value("p"), f"{words} week")


def weekend(hit: Hit, context: Context) -> Meaning | None:
    """The weekend: the last one in the past tense, else the one to come."""
    words = plain(hit.words("r"))
    told = context.told() if words in TOLD else None
    today = told.low if told else context.published
    if today is None:
        return Meaning(kind="DATE", value="XXXX-WXX-WE", why="no publication date")
    now = today.isoweekday() >= 6
    if words in {"last", "past", "this past", "previous", "preceding"}:
        shift_by = -7
    elif words in {"next", "following"}:
        shift_by = 7
    elif words in {"coming", "this coming", "that", "same"}:
        shift_by = 0
    else:
        shift_by = 0 if now or context.tense(hit) in {"future", "present", "planned"} else -7
    return dated(week_value(today + timedelta(days=shift_by)) + "-WE", f"{words or 'nearest'} weekend")


def rel_unit(hit: Hit, context: Context) -> Meaning | None:
    """Last week, this year, the next day, that month; "the past year" is a stretch of time."""
    unit, written = hit.value("u"), hit.words("r")
    words, the = plain(written), written.startswith("the ")
    if unit in {"TH", "TM", "ML", "6M"}:
        spans = the and step(words) and not (unit == "TM" and words == "last")
        return _stretch(hit, context, "1", unit, words) if spans else None
    if unit == "D" and words in {"this", "last", "current"}:
        return None
    if _is_stretch(hit, unit, words, the):
        return _stretch(hit, context, "1", unit, words)
    told = context.told() if words in TOLD or (words == "next" and the and unit != "DE") else None
    today = told.low if told else context.published
    if told and RANK[told.precision] > RANK[UNIT_PRECISION.get(unit, "unknown")]:
        today = None if words in {"that", "same"} or context.reference else today
    if today is None:
        return Meaning(kind="DATE", value={"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX"}.get(unit, "XXXX"),
                       why="no day known")  # fmt: skip
    moved = shift(today.replace(day=1) if unit in {"M", "3M", "Y", "DE", "CE"} else today, unit, step(words))
    return dated(unit_value(moved, unit), f"{words} of publication" if not told else f"{words} of what was told") \
        if moved else None  # fmt: skip


def _is_stretch(hit: Hit, unit: str, words: str, the: bool) -> bool:
    """Whether "the last year" means twelve months and not the calendar year before."""
    spans = hit.before() in SPANNING and hit.before(2) not in {"Early", "Late", "Earlier", "Later"}
    if words in {"past", "this past"}:
        return True
    if unit in {"DE", "CE"}:
        return the and unit == "DE" and (words == "last" or (words == "next" and spans))
    if words == "last":
        return the and unit != "3M" and hit.before() != "Of"
    return words == "next" and the and spans


def _stretch(hit: Hit, context: Context, number: str, unit: str, words: str) -> Meaning:
    """A length of time that ends or begins at publication."""
    count = VAGUE.get(unit, 5) + (words in AHEAD) if number == "X" else float(number)
    value = duration_value(number, unit)
    told = context.told() if words in TOLD else None
    today = told.low if told else context.published
    direction = step(words) or (-1 if words == "recent" else 0)
    other = shift(today, unit, direction * count) if today and direction else None
    if today is None or other is None:
        return Meaning(kind="DURATION", value=value, why="length of time")
    return Meaning(kind="DURATION", value=value, low=min(today, other), high=max(today, other),
                   precision=UNIT_PRECISION.get(unit, "day"), why=f"length of time, {words}, to or from publication",
                   )  # fmt: skip


def the_unit(hit: Hit, context: Context) -> Meaning | None:
    """The year, the month: only in "end of the year", "during the week", "later in the day"."""
    unit, before = hit.value("u"), hit.before()
    if unit in {"TH", "TM", "ML", "2W", "6M"}:
        return None
    if hit.after() in {"Before", "After"} and unit in {"D", "W", "M", "Y"} and not hit.after(1) and \
            hit.word_after(1)[:1].isalpha():  # fmt: skip
        return Meaning(kind="DURATION", value=duration_value("1", unit), why="counted from an event")
    if before == "In" and unit == "Y" and hit.after() == "To" and hit.after(1) in MONTHS:
        return Meaning(kind="DURATION", value="P1Y", why="length of time to a month told")
    if hit.word_after() in {"ended", "ending"} and unit == "3M":
        return quarter_to(hit, context)
    if hit.word_after() in {"ended", "ending"} and unit in {"W", "M", "Y"}:
        return Meaning(kind="DURATION", value=duration_value("1", unit), why="length of time to a day told")
    if unit == "CE" and before == "Of" and hit.before(2) == "Turn":
        return _turn(context)
    inside = before == "In" and hit.before(2) in {"Early", "Late", "Earlier", "Later"}
    edge = before == "Of" and hit.before(2) in {"Begin", "End", "Middle", "Rest", "Half", "Quarter"}
    lasting = before == "During" or (before == "In" and unit == "3M")
    lasting = lasting or (before == "For" and unit in {"Y", "3M", "M", "W"})
    if not (inside or edge or lasting):
        return None
    if unit == "D" and not (inside or hit.before(2) == "Rest"):
        return None
    if hit.after() in {"Of", "To", "Since"} and not edge:
        return None
    today = context.today(hit)
    if unit == "3M" and context.reference is not None and context.reference.precision == "season":
        today = context.reference.low
    told = context.told() if edge and unit in {"W", "M"} and hit.before(2) == "End" else None
    if told is not None and told.precision in {"day", unit_precision(unit)} and context.tense(hit) == "past":
        today = told.low  # "struck on March 5 ...; by the end of the week"
    if today is None:
        return Meaning(kind="DATE", value={"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX"}.get(unit, "XXXX"),
                       why="no day known")  # fmt: skip
    return dated(unit_value(today, unit), "the one of the passage or the publication")


def unit_precision(unit: str) -> str:
    """The precision of a week or a month."""
    return {"W": "week", "M": "month"}.get(unit, "")


def the_units(hit: Hit, _: Context) -> Meaning | None:
    """The days since, the hours after the blast, over the years."""
    unit, follower = hit.value("u"), hit.word_after(1).lower()
    leads = hit.after() in {"Since", "After", "Before"} or (hit.after() == "That" and follower.startswith("follow"))
    if not leads and not (hit.before() in {"Over", "Through"} and hit.after() != "Of" and not unit.startswith("T")):
        return None
    return Meaning(kind="DURATION", value=duration_value("X", unit), why="length of time, vague")


def _turn(context: Context) -> Meaning | None:
    year = ((context.published.year if context.published else 2000) // 100) * 100
    return Meaning(kind="DATE", value=f"{year:04d}", low=date(year - 2, 1, 1), high=date(year + 2, 12, 31),
                   precision="decade", why="turn of the century")  # fmt: skip


def unit_end(hit: Hit, context: Context) -> Meaning | None:
    """Year-end, this year's end, mid-year."""
    unit, words = hit.value("u"), hit.words("r")
    today = context.today(hit)
    if unit not in {"Y", "M", "W", "3M", "DE", "CE"} or (unit == "W" and hit.kind("e") == "End" and not words):
        return None
    if today is None:
        return Meaning(kind="DATE", value="XXXX", why="no day known")
    moved = shift(today.replace(day=1), unit, step(words))
    if moved is None:
        return None
    found = dated(unit_value(moved, unit), "the one of the passage or the publication")
    return cut(found, *((0.75, 1.0) if hit.kind("e") == "End" else (0.3, 0.7)))


def cut(meaning: Meaning, first: float, last: float) -> Meaning:
    """The same value with its days narrowed to a share."""
    if meaning.low is None or meaning.high is None or meaning.low == meaning.high:
        return meaning
    days = (meaning.high - meaning.low).days + 1
    low = meaning.low + timedelta(days=round(days * first))
    high = meaning.low + timedelta(days=max(round(days * first), round(days * last) - 1))
    return msgspec.structs.replace(meaning, low=low, high=high, why=f"part of: {meaning.why}")


def rel_units(hit: Hit, context: Context) -> Meaning | None:
    """The past two years, the coming days, recent months."""
    words, unit = plain(hit.words("r")), hit.value("u")
    if hit.has("q"):
        number = quantity(hit.pieces, *hit.match.span("q"))
        if not number or (number == "1" and hit.words("u").endswith("s")):
            return None
        if is_lasting(hit):
            return None
        return _stretch(hit, context, number, unit, words)
    if words == "recent":
        found = _stretch(hit, context, "X", unit, words)
        return Meaning(kind="DATE", value="PAST_REF", low=found.low, high=found.high, precision=found.precision,
                       why="recent times")  # fmt: skip
    if words == "last" and hit.after() == "Of":
        return None  # the last days of the war
    found = _stretch(hit, context, "X", unit, words)
    if words not in BACK | AHEAD or words in {"following", "preceding", "subsequent"}:
        return found
    value = "PAST_REF" if words in BACK else "FUTURE_REF"
    return msgspec.structs.replace(found, kind="DATE", value=value, why=f"{words}, a number not told")


def is_lasting(hit: Hit) -> bool:
    """Whether "last" is a verb: "expected to last three months"."""
    return hit.pieces.word(hit.start).lower() == "last" and hit.word_before().lower() in LASTING


def share(unit: str, part: float) -> tuple[str, str]:
    """Unit and number of a part of a unit: half a year is six months, a quarter of a century 25 years."""
    finer = {"Y": ("M", 12), "DE": ("Y", 10), "CE": ("Y", 100), "TH": ("TM", 60), "ML": ("Y", 1000)}
    if unit not in finer:
        return unit, f"{part:g}"
    name, size = finer[unit]
    return name, f"{size * part:g}"
