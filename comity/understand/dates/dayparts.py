"""Resolvers of parts of a day: this morning, overnight, through the night, dawn on Wednesday."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from comity.understand.dates.context import Context, Hit, Meaning, dated
from comity.understand.dates.relative import by_weekday, part_of_day, plain, step

WITHIN: Final = frozenset({"Through", "During", "Over"})
BEFORE_DAWN: Final = frozenset({"At", "Before", "By", "Until", "Since", "From", "After"})


def tonight(hit: Hit, context: Context) -> Meaning | None:
    """Tonight, overnight."""
    if context.published is None:
        return Meaning(kind="TIME", value="XXXX-XX-XXTNI", why="no publication date")
    found = part_of_day(context.published, "NI", "of the day of publication")
    if hit.kind("p") == "Overnight" and context.tense(hit) in {"past", ""}:
        before = context.published - timedelta(days=1)  # the night that has passed
        return msgspec.structs.replace(found, low=before, high=before)
    return found


def part(hit: Hit, context: Context) -> Meaning | None:
    """This morning, last night, that evening, the next morning, in the afternoon."""
    words, code = plain(hit.words("r")), hit.value("p")
    told = context.told_day(hit)
    if not words:
        early = hit.has("h")
        if early and hit.value("h") != "TH":
            return None
        if not hit.has("a") and hit.before() not in {"In", "During", "By", "Until", "On"}:
            return None
        if hit.after() == "Of":
            return None
        if code == "NI" and hit.before() == "During" and context.reference is None:
            return night(hit, context)
        words, code = ("previous" if hit.has("a") else "that"), code or "MO"
    if words in {"last", "this"}:
        day = context.published
        if words == "last" and code != "NI":
            return None
    else:
        day = told.low if told and told.precision == "day" else context.published
    if day is None:
        return Meaning(kind="TIME", value=f"XXXX-XX-XXT{code}", why="no day known")
    return part_of_day(day + timedelta(days=step(words)), code, f"{words}, part of a day")


def night(hit: Hit, context: Context) -> Meaning | None:
    """Through the night: of the day told of, else the one before publication."""
    if hit.before() not in WITHIN or hit.value("p") != "NI" or hit.after() == "Of":
        return None
    told = context.reference
    if told is not None and told.precision == "day":
        return part_of_day(told.low, "NI", "of the day told of")
    if context.published is None:
        return None
    back = 0 if context.tense(hit) == "future" else 1
    return part_of_day(context.published - timedelta(days=back), "NI", "of the day before publication")


def night_to(hit: Hit, context: Context) -> Meaning | None:
    """The night from Wednesday to Thursday, the night to Thursday: that of Wednesday."""
    if hit.value("p") != "NI":
        return None
    found = by_weekday(int(hit.value("w")), "", hit, context)
    if found is None or found.low is None:
        return found
    return part_of_day(found.low - timedelta(days=1), "NI", f"the night before: {found.why}")


def dawn(hit: Hit, context: Context) -> Meaning | None:
    """At dawn, dawn on Wednesday."""
    code = hit.value("d")
    if not hit.pieces.word(hit.start).islower():
        return None
    if hit.has("w"):
        found = by_weekday(int(hit.value("w")), "", hit, context)
        return dated(f"{found.value}{code}", found.why, "TIME") if found and found.low else None
    if hit.before() not in BEFORE_DAWN or hit.after() in {"Of", "To"}:
        return None
    day = context.day_near(hit)
    if day is None:  # a day may follow: "at dawn on 19 April"
        return Meaning(kind="TIME", value=f"XXXX-XX-XX{code}", why="no day known") if hit.after() == "On" else None
    return dated(f"{day.isoformat()}{code}", "of the day told of", "TIME")
