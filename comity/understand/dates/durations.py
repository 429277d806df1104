"""Resolvers of lengths of time, repeated times, vague references and times of day."""

from __future__ import annotations

from datetime import date
from typing import Final

from comity.understand.dates.calendar import interval, months, shift
from comity.understand.dates.context import Context, Hit, Meaning, dated, name_of
from comity.understand.dates.quantity import duration_value, quantity
from comity.understand.dates.relative import UNIT_PRECISION, is_lasting, share

BARE_BEFORE: Final = frozenset({"For", "In", "Over", "Within", "After", "Before", "During", "Through",
                               "Those", "Until"})  # fmt: skip
TAKING: Final = frozenset("take takes took taken taking last lasts lasted lasting spend spent spending wait waited"
                          " waiting need needed needs be require requires required cost".split())  # fmt: skip
A_QUARTER: Final = frozenset({"In", "For", "Over", "Within", "Per"})
NOT_BARE: Final = frozenset({"The", "Its", "Early", "Late", "OrdWord", "End", "Last"})
BARE_AFTER: Final = frozenset({"Of", "Before", "After", "Later", "Ago", "Hy", "Earlier"})
AFTER_PRESENT: Final = frozenset({"is", "are", "has", "have", "was", "there", "he", "she", "it", "they", "we"})
AFTER_PAST: Final = frozenset("and or but is was when as that to has had it he she they we there".split())
CLOCK_BEFORE: Final = frozenset({"At", "By", "Approx", "From", "To", "Until", "Between", "Since", "Before", "After",
                                 "And", "Comma"})  # fmt: skip


def duration(hit: Hit, context: Context) -> Meaning | None:
    """Two weeks, six-month, half a year, a 30-year-old."""
    if hit.has("l"):
        return Meaning(kind="DURATION", value=hit.value("l"), why="length of time")
    unit, number = _unit_and_number(hit)
    words = hit.words("u")
    if not unit or not number or (unit == "WE" and words == "weekend"):
        return None
    plural = words.endswith("s")
    if name_of(hit.pieces.of(hit.start)) == "Year" and not plural and hit.pieces.word(hit.end - 1) != "old":
        return None  # "the World Cup 2018 day five"
    if (number == "1" and plural) or (unit == "3M" and hit.after() == "Of"):
        return None
    if unit == "3M" and hit.kind("q") == "An" and (hit.before() not in A_QUARTER or hit.after() == "Hy"):
        return None  # "a quarter-point", "fell by a quarter"
    if words == "minutes" and hit.pieces.word(hit.end - 1)[:1].isupper():
        return None
    if hit.words("q") in {"some", "few"} and not plural:
        return None
    if words == "minute" and not hit.after() and hit.word_after().islower() and hit.kind("q") == "An":
        return None  # "a minute detail"
    if unit == "TH" and plural and hit.before() == "At" and number.isdigit() and int(number) <= 24:
        return _at(context, hit, f"T{int(number):02d}:00")  # "at 18 hours", as translations write it
    value = duration_value(number, unit)
    low, high = _ahead(hit, context, number, unit)
    if low is None:
        return Meaning(kind="DURATION", value=value, why="length of time")
    return Meaning(kind="DURATION", value=value, low=low, high=high, precision=UNIT_PRECISION.get(unit, "day"),
                   why="length of time from publication")  # fmt: skip


def _unit_and_number(hit: Hit) -> tuple[str, str]:
    if hit.has("h"):
        part = {"Half": 0.5, "Quarter": 0.25}.get(hit.kind("h"), 0.0)
        unit = hit.value("u")
        if hit.has("q"):
            number = quantity(hit.pieces, *hit.match.span("q"))
            return unit, f"{float(number) + part:g}" if number not in {"", "X"} else number
        return share(unit, part)
    if hit.has("q"):
        return hit.value("u"), quantity(hit.pieces, *hit.match.span("q"))
    return hit.value("u"), "X" if hit.words("u").endswith("s") else "1"


def _ahead(hit: Hit, context: Context, number: str, unit: str) -> tuple[date | None, date | None]:
    """ "In two weeks", "within three months": the days meant, if the clause lies in the future."""
    before = hit.before()
    if before not in {"In", "Within"} or context.published is None or number == "X" or hit.after() == "Of":
        return None, None
    if hit.pieces.word(hit.end - 1) == "old" or context.tense(hit) != "future":
        return None, None
    target = shift(context.published, unit, float(number))
    if target is None:
        return None, None
    if before == "In" and unit == "D":
        return target, target
    return context.published, target


def units(hit: Hit, _: Context) -> Meaning | None:
    """For years, hours of talks, after decades."""
    unit = hit.value("u")
    if unit == "WE":
        return Meaning(kind="SET", value="XXXX-WXX-WE", why="repeated") if hit.before() == "On" else None
    before, after = hit.before(), hit.after()
    if unit == "3M" and (after == "Of" or before not in {"For", "Straight", "Over"}):
        return None
    if before in NOT_BARE or (unit == "TM" and after == "Of" and before not in BARE_BEFORE):
        return None
    taken = hit.word_before().lower() in TAKING or _listed(hit)
    if before in BARE_BEFORE or after in BARE_AFTER or unit == "DE" or taken:
        return Meaning(kind="DURATION", value=duration_value("X", unit), why="length of time, vague")
    return None


def _listed(hit: Hit) -> bool:
    """Days, weeks or months."""
    after = hit.after(1) if hit.after() in {"Comma", "Or", "And"} else ""
    before = hit.before(2) if hit.before() in {"Comma", "Or", "And"} else ""
    return "Units" in {after, before}


def first_units(hit: Hit, context: Context) -> Meaning | None:
    """The first nine months of 2019."""
    unit, number = hit.value("u"), quantity(hit.pieces, *hit.match.span("q"))
    if not number or (hit.has("v") and hit.value("v") != "Y") or is_lasting(hit):
        return None
    value = duration_value(number, unit)
    year = int(hit.value("y")) if hit.has("y") else None
    if hit.has("k") and context.published and hit.words("k") in {"this", "the", "last", "next"}:
        year = context.published.year + {"last": -1, "next": 1}.get(hit.words("k"), 0)
    if year is None or hit.value("r") != "1" or unit not in {"M", "W", "D"}:
        return Meaning(kind="DURATION", value=value, why="length of time")
    low = date(year, 1, 1)
    after = shift(low, unit, float(number))
    high = months(year, 1, min(12, int(float(number))))[1] if unit == "M" else after
    return Meaning(kind="DURATION", value=value, low=low, high=high, precision="season", why="first part of a year")


def every(hit: Hit, _: Context) -> Meaning | None:
    """Every day, each month, every two years, twice a week, per year."""
    code = hit.value("u")
    if code in {"SP", "SU", "FA", "WI"}:
        return Meaning(kind="SET", value=f"XXXX-{code}", why="repeated")
    if code in {"MO", "AF", "EV", "NI", "DT"}:
        return Meaning(kind="SET", value=f"XXXX-XX-XXT{code}", why="repeated")
    if code == "WE":
        return Meaning(kind="SET", value="XXXX-WXX-WE", why="repeated")
    if code.isdigit():
        return Meaning(kind="SET", value=f"XXXX-{int(code):02d}", why="repeated")
    number = "1"
    if hit.has("q") and hit.pieces.word(hit.match.end("q")).lower() != "times":
        number = quantity(hit.pieces, *hit.match.span("q"))
    elif hit.kind("o") == "Other":
        number = "2"
    elif hit.has("o"):
        number = hit.value("o")
    return Meaning(kind="SET", value=duration_value(number, code), why="repeated")


def weekdays(hit: Hit, _: Context) -> Meaning | None:
    """Every Monday, Sundays, Friday nights."""
    code = hit.value("p")
    return Meaning(kind="SET", value=f"XXXX-WXX-{hit.value('w')}" + (f"T{code}" if code else ""), why="repeated")


def frequency(hit: Hit, context: Context) -> Meaning | None:
    """Daily, annually; not the Daily Mail."""
    if hit.pieces.word(hit.start)[:1].isupper():
        follower = hit.word_after()
        if follower[:1].isupper() or not context.opens_sentence(hit):
            return None
    return Meaning(kind="SET", value=hit.value("f"), why="repeated")


def reference(hit: Hit, context: Context) -> Meaning | None:
    """Now, recently, soon, the future, the past."""
    value, kind = hit.value("f"), hit.kind("f")
    word = hit.words("f")
    if kind == "Past":
        follower = hit.word_after().lower()
        fits = hit.closes() or follower in AFTER_PAST
        return Meaning(kind="DATE", value="PAST_REF", why="the past") if fits else None
    if kind == "Recent":
        return Meaning(kind="DATE", value="PAST_REF", why="the recent past")
    if kind == "Future":
        if hit.before() not in {"In", "For"} and not hit.closes():
            return None
        if hit.end - hit.start == 1 and (hit.before() != "In" or not hit.closes()):
            return None
    elif (
        hit.after() in {"Before", "After", "That"}
        or hit.before() in {"As", "So"}
        or (word in {"soon", "shortly"} and not hit.closes() and context.tense(hit) == "past")
    ):
        return None
    return Meaning(kind="DATE", value=value, why="vague reference")


def present(hit: Hit, _: Context) -> Meaning | None:
    """These days; at the moment; at present."""
    if hit.kind("p") in {"The", "Current"} and hit.before() != "At":
        return None
    alone = not hit.word_after()[:1].isalpha() or bool(hit.after()) or hit.word_after() in AFTER_PRESENT
    if hit.kind("p") == "Current" and (hit.words("p") != "present" or not alone):
        return None
    return Meaning(kind="DATE", value="PRESENT_REF", why="vague reference")


def for_now(hit: Hit, _: Context) -> Meaning | None:
    """For the present; for the time being."""
    if hit.before() != "For" or (hit.word_after()[:1].islower() and hit.word_after() not in AFTER_PRESENT | {"no"}):
        return None
    return Meaning(kind="DATE", value="PRESENT_REF", why="vague reference")


def clock(hit: Hit, context: Context) -> Meaning | None:
    """3 p.m., 15:00 GMT, five o'clock."""
    found = _hour(hit)
    if found is None or (hit.has("p") and hit.kind("c") == "DayNum" and hit.before() == "The"):
        return None  # "flew, the 11 in the night": a day
    hour, minute = found
    marked = hit.has("x") or hit.has("z") or hit.has("o") or hit.has("p")
    if not marked and hit.before() not in CLOCK_BEFORE:
        return None
    half = hit.value("x") or {"MO": "am", "AF": "pm", "EV": "pm", "NI": "pm"}.get(hit.value("p"), "")
    if hit.has("x") and not 1 <= hour <= 12:
        return None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    if hour > 24 or minute > 59:
        return None
    return _at(context, hit, f"T{hour:02d}:{minute:02d}")


def _hour(hit: Hit) -> tuple[int, int] | None:
    written, kind = hit.words("c"), hit.kind("c")
    if kind == "Clock":
        hour, minute = written.split(":")[:2]
        return int(hour), int(minute)
    if kind == "Decimal":
        hour, _, minute = written.partition(".")
        return (int(hour), int(minute)) if len(minute) == 2 else None
    number = int(hit.value("c")) if hit.value("c").isdigit() else -1
    if kind in {"Year", "Count"}:
        return (number // 100, number % 100) if 100 <= number <= 2400 else None
    return (number, 0) if 0 < number <= 24 else None


def noon(hit: Hit, context: Context) -> Meaning | None:
    """Noon, midnight."""
    return _at(context, hit, hit.value("c"))


def _at(context: Context, hit: Hit, time: str) -> Meaning:
    """A time of the day that was just told of, else of the publication."""
    day = context.day_near(hit, morning=time < "T12")
    if day is None or interval(day.isoformat()) is None:
        return Meaning(kind="TIME", value=f"XXXX-XX-XX{time}", why="no day known")
    return dated(f"{day.isoformat()}{time}", "time of day", "TIME")
