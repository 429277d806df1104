"""Resolvers of days and periods that have a name: Christmas, 9/11, the Cold War."""

from __future__ import annotations

from comity.understand.dates.absolute import by_tense
from comity.understand.dates.calendar import holiday
from comity.understand.dates.context import Context, Hit, Meaning, dated
from comity.understand.dates.tables import Name, lexicon


def feast(hit: Hit, context: Context) -> Meaning | None:
    """Christmas, New Year's Eve: the nearest by tense."""
    written = hit.value("h")
    rule = next(n.rule for n in lexicon().names[written.split(" ")[0]] if " ".join(n.pieces) == written)
    if hit.has("y"):
        return _feast_in(rule, int(hit.value("y")))
    today = context.today(hit)
    if today is None:
        return Meaning(kind="DATE", value="XXXX" if rule == "year" else f"XXXX-{rule}" if rule[0].isdigit() else "XXXX",
                       why="no year told")  # fmt: skip
    if not hit.has("r") and not hit.before() and hit.word_before()[:1].isupper():
        return None  # a surname
    if rule == "year" and not hit.has("r") and hit.before() not in {"In", "During", "By", "Since", "Before", "After"}:
        return None
    if rule == "year":
        return dated(f"{today.year:04d}", "feast of that year, its days not known")
    days = [day for year in range(today.year - 1, today.year + 2) if (day := holiday(rule, year))]
    words = hit.words("r").removeprefix("the ")
    if words in {"last", "past", "previous"}:
        return dated(max(d for d in days if d < today).isoformat(), "feast before publication")
    if words in {"next", "coming", "following"}:
        return dated(min(d for d in days if d > today).isoformat(), "feast after publication")
    if words == "this":
        return dated(days[1].isoformat(), "feast of this year")
    if context.history:
        return dated(min(d for d in days if d >= today).isoformat(), "feast onward from what was told")
    best = by_tense(days, today, context.tense(hit))
    return dated(best.isoformat(), "nearest feast") if best else None


def _feast_in(rule: str, year: int) -> Meaning | None:
    day = holiday(rule, year)
    return dated(day.isoformat(), "feast") if day else dated(f"{year:04d}", "feast of that year, its days not known")


def named(hit: Hit, _: Context) -> Meaning | None:
    """9/11."""
    name = _entry(hit)
    return dated(name.low.isoformat(), "named day") if name.low else None


def period(hit: Hit, _: Context) -> Meaning | None:
    """The Cold War, after a word of time."""
    if hit.before() not in {"During", "Since", "Before", "After", "Until", "From", "In", "Of", "By", "Through", "Over"}:
        return None
    name = _entry(hit)
    if name.low is None or name.high is None:
        return None
    return Meaning(kind="DATE", value=f"{name.low.year:04d}/{name.high.year:04d}", low=name.low, high=name.high,
                   precision="year", why="named period")  # fmt: skip


def _entry(hit: Hit) -> Name:
    written = hit.value("n")
    first = written.split(" ")[0]
    return next(n for n in lexicon().names[first] if " ".join(n.pieces) == written)
