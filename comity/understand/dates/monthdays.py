"""Resolvers of days of a month that is not named: the 5th, Tuesday 16, the 26th of the same month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from comity.understand.dates.absolute import day_in
from comity.understand.dates.context import RANK, Context, Hit, Meaning, dated

AFTER_A_DAY = frozenset("the a an in at of from for over toward towards and he she it they his her its their to with by"
                        " after before when".split())  # fmt: skip
"""Words before which a number is a day ("on Monday 2 the White House ...") and counts nothing."""
CLAUSES = frozenset({"that", "when", "and", "but"})
ARTICLES = frozenset({"the", "a", "an"})
"""Words before which a number with an article counts nothing: "demanded the 13 the retreat"."""
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
    return _of_month(hit, context)


def _of_month(hit: Hit, context: Context) -> Meaning | None:
    """A day of the month told of; what is still to come is the next such day where nothing outright was told."""
    told, day, today = context.told_month(hit), int(hit.value("d")), context.published
    if told is None:
        return None
    coarse = RANK[told.precision] > RANK["season"]  # no more than a year was told: the day is one near publication
    if today is not None and (coarse or not told.explicit):
        ahead = context.tense(hit) in {"future", "present", "planned"}
        if ahead or coarse:
            found = next(_such_days(today, day, ahead), None)
            return dated(found.isoformat(), "the next such day" if ahead else "the last such day") if found else None
    found = day_in(told.low.year, told.low.month, day)
    return dated(found.isoformat(), "day of the month told of") if found else None


def bare_day(hit: Hit, context: Context) -> Meaning | None:
    """The 13, the day 13, in texts that write "the 26 of January": of the month told of."""
    if hit.has("u") and hit.value("u") != "D":
        return None
    if hit.before() in {"On", "From", "Since", "Until", "By"}:
        follower = hit.word_after()
        fits = hit.closes() or follower[:1].isupper() or follower.lower() in (AFTER_A_DAY | CLAUSES) - {"of", "to"}
    else:
        follower = hit.word_after().lower()
        fits = hit.closes() or follower in CLAUSES or _by_night(hit)
        fits = fits or (follower in ARTICLES and hit.before() != "Of")
    return _of_month(hit, context) if fits and context.day_first else None


def _such_days(today: date, day: int, ahead: bool) -> Iterator[date]:
    """The days of this number from a day on, or back from it, month by month."""
    for months_off in range(MONTHS_AWAY):
        year, month = divmod(today.year * 12 + today.month - 1 + (months_off if ahead else -months_off), 12)
        found = day_in(year, month + 1, day)
        if found is not None and (found >= today if ahead else found <= today):
            yield found


def _by_night(hit: Hit) -> bool:
    """Whether a part of the day follows: "the 11 in the night"."""
    return hit.after() == "In" and hit.after(1) == "The" and hit.after(2) in {"Part", "Night"}


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


def _named_so(hit: Hit) -> bool:
    """Whether a text that writes "the Saturday 9" goes on with the clause: a name or another number."""
    return hit.kind("w") == "Weekday" and hit.words("w") != hit.pieces.word(hit.start).lower() and (
        hit.after() in {"NumWord", "Count"} or hit.word_after()[:1].isupper()
    )


def weekday_day(hit: Hit, context: Context) -> Meaning | None:
    """Tuesday 16: the last such day before publication, or the next in the future tense."""
    weekday, day, today = int(hit.value("w")), int(hit.value("d")), context.published
    alone = hit.closes() or hit.word_after().lower() in AFTER_A_DAY or _named_so(hit)
    if today is None or not 1 <= day <= 31 or not alone:
        return None
    ahead = context.tense(hit) == "future"
    found = next((d for d in _such_days(today, day, ahead) if d.isoweekday() == weekday), None)
    return dated(found.isoformat(), f"{'next' if ahead else 'last'} such day") if found else None
