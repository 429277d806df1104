"""What stands before an expression and belongs to it: early, mid, the end of, the second half of, nearly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from comity.understand.dates.calendar import interval, unit_value
from comity.understand.dates.context import Context, Hit, Meaning, dated, name_of
from comity.understand.dates.grammar import grammar
from comity.understand.dates.lexer import Pieces
from comity.understand.dates.relative import cut
from comity.understand.dates.tables import OTHER

REACH: Final = 6
SHARES: Final = {
    "early": (0.0, 1 / 3), "late": (2 / 3, 1.0), "mid": (0.3, 0.7), "middle": (0.3, 0.7), "beginning": (0.0, 0.25),
    "beginnings": (0.0, 0.25),
    "start": (0.0, 0.25), "outset": (0.0, 0.25), "onset": (0.0, 0.25), "end": (0.75, 1.0), "close": (0.75, 1.0),
    "conclusion": (0.75, 1.0), "closing": (0.75, 1.0), "dying": (0.75, 1.0), "waning": (0.75, 1.0),
    "first": (0.0, 0.25), "final": (0.75, 1.0), "last": (0.75, 1.0),
}  # fmt: skip


LEADING: Final = frozenset({"For", "After", "In", "Of", "Within", "Before", "By", "To", "From", "Since", "An", "At"})
"""Classes after which "over" means more than."""
MORE_THAN: Final = frozenset("with lasted last lasts lasting took takes take spent waited jailed".split())
TIMES: Final = frozenset({"twice", "half", "times", "thrice"})
"""Words after which "as much as" compares: "twice as much as a year earlier"."""
ABOUT: Final = frozenset({"about", "around", "approximately", "roughly", "nearly", "almost"})


def widen(pieces: Pieces, start: int, floor: int, meaning: Meaning, context: Context) -> tuple[int, Meaning]:
    """The first piece of the expression with what belongs to it, and the meaning changed by it."""
    for _ in range(2):
        if start <= floor or pieces.classes[start - 1] == OTHER:
            break
        moved = _prefix(pieces, start, floor, meaning, context)
        if moved is None:
            break
        start, meaning = moved
    return start, meaning


def _prefix(pieces: Pieces, start: int, floor: int, meaning: Meaning, context: Context) -> tuple[int, Meaning] | None:
    low = max(floor, start - REACH)
    for rule in grammar().prefixes:
        match = rule.pattern.search(pieces.classes, low, start)
        if match and match.end() > match.start() and not _is_preposition(pieces, match.start(), start):
            changed = _change(rule.name, Hit(pieces, match), meaning, context)
            if changed is not None:
                return match.start(), changed
    return None


def _is_preposition(pieces: Pieces, at: int, start: int) -> bool:
    """Whether "over" leads to a time ("over the past five years", "fell over two years") and is not "more than"."""
    if name_of(pieces.of(at)) != "Over":
        return False
    if name_of(pieces.of(start)) in {"The", "Last", "Past", "Next"}:
        return True
    return name_of(pieces.of(at - 1)) not in LEADING and pieces.word(at - 1).lower() not in MORE_THAN


def _change(name: str, hit: Hit, meaning: Meaning, context: Context) -> Meaning | None:
    """The meaning with its prefix; None if the prefix does not fit."""
    if name == "approx":
        if meaning.kind == "TIME":
            return meaning if hit.words("a") in ABOUT and meaning.why.startswith("time of day") else None
        if hit.words("a") in {"only", "just"} or hit.word_before().lower() in TIMES:
            return None
        fits = meaning.kind == "DURATION" or "publication" in meaning.why or "told" in meaning.why
        return meaning if fits and meaning.kind in {"DATE", "DURATION"} and _counts(meaning) else None
    if meaning.kind not in {"DATE", "TIME"} or meaning.low is None or meaning.high is None:
        return meaning if name == "edge" and (hit.words("e") == "rest" or meaning.value.startswith("BC")) else None
    if name == "share":
        return _share(hit, meaning)
    if name == "part_of":
        if meaning.precision != "day" or meaning.kind == "TIME":
            return None
        if hit.kind("p") == "Units" and hit.value("p") != "TH":
            return None
        part = hit.value("p") if hit.kind("p") == "Part" else "MO"
        return dated(f"{meaning.value}T{part}", f"{meaning.why}, part of the day", "TIME")
    if name == "turn":
        return _turn(meaning)
    if name == "of_unit":
        return _of_unit(hit.value("u"), meaning)
    if name == "eve":
        if meaning.precision != "day":
            return None
        return dated((meaning.low - timedelta(days=1)).isoformat(), f"day before: {meaning.why}")
    return _edge(hit.words("e"), meaning, context)


def _counts(meaning: Meaning) -> bool:
    """Whether the meaning came from a number of units."""
    return meaning.kind == "DURATION" or any(c.isdigit() for c in meaning.why) or meaning.value.endswith("_REF")


def _of_unit(unit: str, meaning: Meaning) -> Meaning | None:
    """The week of Nov. 3, the weekend of 5 May, the month of May."""
    if unit == "M":
        return meaning if meaning.precision == "month" else None
    if unit not in {"W", "WE"} or meaning.precision != "day" or meaning.kind == "TIME" or meaning.low is None:
        return None
    return dated(unit_value(meaning.low, unit), f"the week in which it lies: {meaning.why}")


def _turn(meaning: Meaning) -> Meaning | None:
    if meaning.why == "turn of the century":
        return meaning
    if meaning.low is None or meaning.precision not in {"century", "decade"}:
        return None
    year = meaning.low.year - 1
    return Meaning(kind="DATE", value=f"{year:04d}", low=date(max(1, year - 2), 1, 1), high=date(year + 2, 12, 31),
                   precision="decade", why="turn of the century")  # fmt: skip


def _share(hit: Hit, meaning: Meaning) -> Meaning | None:
    parts = 2 if hit.kind("h") == "Half" else 4
    number = int(hit.value("o")) if hit.has("o") else parts
    number = parts if number == -1 else number
    if not 1 <= number <= parts:
        return None
    if meaning.precision == "year" and interval(meaning.value):
        return dated(f"{meaning.value}-{'H' if parts == 2 else 'Q'}{number}", f"part of a year: {meaning.why}")
    return cut(meaning, (number - 1) / parts, number / parts)


def _edge(word: str, meaning: Meaning, context: Context) -> Meaning | None:
    assert meaning.low is not None and meaning.high is not None
    today = context.published
    inside = today is not None and meaning.low <= today <= meaning.high
    if word in {"rest", "remainder", "later"}:
        low = today if today is not None and inside and word != "later" else meaning.low
        if word == "later" and today is not None and inside:
            low = today
        return msgspec.structs.replace(meaning, low=low)
    if word == "course":
        return meaning
    if word == "earlier":
        return msgspec.structs.replace(meaning, high=today) if inside else meaning
    return cut(meaning, *SHARES[word]) if word in SHARES else None
