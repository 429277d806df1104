"""Resolvers of days of a month that is not named: the 5th, Tuesday 16, the 26th of the same month."""

from __future__ import annotations

from comity.understand.dates.absolute import day_in
from comity.understand.dates.context import Context, Hit, Meaning, dated

AFTER_A_DAY = frozenset("the a an in at of from for over toward towards and he she it they his her its their to with by"
                        " after before when".split())  # fmt: skip
"""Words before which a number is a day ("on Monday 2 the White House ...") and counts nothing."""
MONTHS_AWAY = 14
"""How many months off a day without a month may lie."""


def day_of_month(hit: Hit, context: Context) -> Meaning | None:
    """On the 5th: of the month told of."""
    follower = hit.word_after()
    alone = hit.closes() or follower.lower() in AFTER_A_DAY - {"of"}
    if context.history:  # there "on the 20th" is a day, whatever follows but the noun that it counts
        alone = alone or follower[:1].isupper() or hit.after() in {"NumWord", "On"}
    part = hit.before() == "Of" and hit.before(2) == "Part"
    if not (part or hit.before() in {"On", "By", "Until", "From", "Since"}) or not alone:
        return None
    told = context.told()
    found = day_in(told.low.year, told.low.month, int(hit.value("d"))) if told else None
    return dated(found.isoformat(), "day of the month told of") if found else None


def bare_day(hit: Hit, context: Context) -> Meaning | None:
    """The 13, in texts that write "the 26 of January": of the month told of."""
    if hit.before() in {"On", "From", "Since", "Until", "By"}:
        follower = hit.word_after()
        fits = hit.closes() or follower[:1].isupper() or follower.lower() in AFTER_A_DAY - {"of", "to"}
    else:
        fits = hit.closes() or hit.word_after().lower() in {"that", "when", "and", "but"}
    told = context.told()
    if not fits or told is None or not context.day_first:
        return None
    found = day_in(told.low.year, told.low.month, int(hit.value("d")))
    return dated(found.isoformat(), "day of the month told of") if found else None


def day_of_told(hit: Hit, context: Context) -> Meaning | None:
    """The 26th of the same month, the 5th of this month."""
    words, today = hit.words("r").removeprefix("the "), context.published
    told = context.told() if words not in {"this", "last", "next"} else None
    base = told.low if told else today
    if hit.value("u") != "M" or base is None:
        return None
    step = {"last": -1, "previous": -1, "next": 1, "following": 1}.get(words, 0)
    year, number = divmod(base.year * 12 + base.month - 1 + step, 12)
    found = day_in(year, number + 1, int(hit.value("d")))
    return dated(found.isoformat(), f"day of {words} month") if found else None


def weekday_day(hit: Hit, context: Context) -> Meaning | None:
    """Tuesday 16: the last such day before publication, or the next in the future tense."""
    weekday, day, today = int(hit.value("w")), int(hit.value("d")), context.published
    alone = hit.closes() or hit.word_after().lower() in AFTER_A_DAY
    if today is None or not 1 <= day <= 31 or not alone:
        return None
    ahead = context.tense(hit) == "future"
    for months_off in range(MONTHS_AWAY):
        year, month = divmod(today.year * 12 + today.month - 1 + (months_off if ahead else -months_off), 12)
        found = day_in(year, month + 1, day)
        if found and found.isoweekday() == weekday and (found >= today if ahead else found <= today):
            return dated(found.isoformat(), f"{'next' if ahead else 'last'} such day")
    return None
