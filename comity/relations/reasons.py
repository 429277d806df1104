"""The events behind a moment, the day that they give it, and one sentence of reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import log1p
from typing import Any

import msgspec

from comity.relations.cube import By, following
from comity.relations.moments import Moment, Shift

SHOWN = 5
"""Events that are named for one moment."""
CAUTIOUS = 1.5
"""A factor is called cautious where the figures themselves differ by so much more."""
TRACE = 0.01
"""Less than this is next to nothing."""
QUOTE = 140
"""Characters of evidence in a reason."""
Row = Mapping[str, Any]
Naming = Callable[[str], str]


def explained(moment: Moment, rows: Sequence[Row], by: By, naming: Naming, evidence: Mapping[str, str]) -> Moment:
    """The moment with its events, its day and its reason.

    Rows are those of `comity.relations.pairfacts.PairFacts.near`.  A rise is explained by the events of its channel
    from its first period to the one after its last; a fall by what the other channel shows then, and by the silence.
    The heaviest come first: weight times log(1 + reports).  The day lies in the periods of the change where it can.
    """
    end = following(following(moment.until, by), by)
    near = [r for r in rows if moment.at <= r["date_start"] < end]
    own = [r for r in near if r["date_start"] < following(moment.until, by)]
    same, ranked, day = behind(moment, near, own)
    return msgspec.structs.replace(
        moment, events=tuple(r["id"] for r in ranked), day=day,
        reason=sentence(moment, by, same, ranked, day, naming, evidence),
    )  # fmt: skip


def behind(moment: Moment, near: Sequence[Row], own: Sequence[Row]) -> tuple[list[Row], list[Row], date | None]:
    """The events of the channel of a moment, those that explain it, and its day, of ``own`` ones if they tell it."""
    channel = moment.channel

    def chosen(rows: Sequence[Row]) -> list[Row]:
        return [r for r in rows if (r["channel"] == channel) == (moment.change == "up")]

    ranked = sorted(chosen(near), key=lambda r: (-heaviness(r), r["date_start"], r["id"]))[:SHOWN]
    day = (turning_day(chosen(own)) or turning_day(chosen(near))) if moment.pace != "gradual" else None
    if day:
        ranked.sort(key=lambda r: (r["date_start"] != day, -heaviness(r)))
    return [r for r in near if r["channel"] == channel], ranked, day


def heaviness(row: Row) -> float:
    """Weight of an event in its channel times log(1 + reports)."""
    return float(row["weight"]) * log1p(row["reports"] or 1)


def turning_day(rows: Sequence[Row]) -> date | None:
    """The day with the heaviest events among those that are dated to the day."""
    sums: dict[date, float] = defaultdict(float)
    for row in rows:
        if row["precision"] in ("day", None) and row["date_start"] == (row["date_end"] or row["date_start"]):
            sums[row["date_start"]] += heaviness(row)
    return min(sums, key=lambda d: (-sums[d], d)) if sums else None


def sentence(
    moment: Moment, unit: str, same: Sequence[Row], ranked: Sequence[Row], day: date | None, naming: Naming,
    evidence: Mapping[str, str],
) -> str:  # fmt: skip
    """One sentence: what changed by how much, made of what, and the first event in the words of its source."""
    lead = next(s for s in moment.shifts if s.channel == moment.channel)
    text = f"{moment.channel} {moved(lead, unit)}"
    if moment.pace == "gradual":
        text += ", step by step"
    elif moment.pace == "passing":
        text += ", for a short time"
    kinds = Counter(r["type"].lower() for r in same).most_common(2)
    if kinds and moment.change == "up":
        text += ", mostly " + " and ".join(f"{kind} ({number})" for kind, number in kinds)
    if not ranked:
        return capital(text) + (f"; {unexplained(moment, same)}." if moment.change == "down" else ".")
    first = ranked[0]
    joined = "; at that time" if moment.change == "down" else ":" if first["date_start"] == day else "; among them"
    text += f"{joined} {told(first, naming)}"
    quoted = " ".join(evidence.get(first["id"], "").split())
    if quoted:
        text += f' ("{quoted[:QUOTE]}{"…" if len(quoted) > QUOTE else ""}")'
    return capital(text) + "."


def unexplained(moment: Moment, same: Sequence[Row]) -> str:
    """What is said of a fall that no event of the other channel explains."""
    if same:
        return "no event of the other kind tells why"
    other = "peace" if moment.channel == "conflict" else "a break"
    return f"nothing of the two is recorded then, which may be silence and not {other}"


def moved(change: Shift, unit: str) -> str:
    """How a channel moved: "rose 4-fold, from 1.2 to 4.8 a week".  The factor allows for small numbers; where that
    makes it much less than the two figures say, it is called cautious."""
    up = change.factor > 1
    times = change.factor if up else 1 / change.factor
    how = f"{times:.1f}-fold" if times < 10 else f"{times:.0f}-fold"
    if not up and change.after <= 0:
        return f"fell to nothing, from {change.before:.3g} {per(unit)}"
    plain = (change.after / max(change.before, 1e-9)) ** (1 if up else -1)
    how += ", cautiously put" if plain > CAUTIOUS * times else ""
    return f"{'rose' if up else 'fell'} {how}, from {amount(change.before)} to {change.after:.3g} {per(unit)}"


def amount(weight: float) -> str:
    """A sum of weighted events in words, where it is hardly any."""
    return f"{weight:.3g}" if weight >= TRACE else "next to nothing"


def per(unit: str) -> str:
    """ "a week", "in 10 days"."""
    return f"in {unit}" if unit[:1].isdigit() else f"a {unit}"


def told(row: Row, naming: Naming) -> str:
    """Who did what to whom, when."""
    sides = [" and ".join(naming(c) for c in row[s] or ()) or "?" for s in ("sources", "targets")]
    mode = f", {row['mode']}" if row["mode"] else ""
    arrow = "<->" if row["symmetric"] else "->"
    return f"{sides[0]} {arrow} {sides[1]} {row['type'].lower()}{mode}, {row['date_start']}"


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
