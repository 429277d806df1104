"""The events behind a moment, the day that they give it, and one sentence of reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import log1p
from typing import Any

import msgspec

from comity.relations.cube import DAYS, By, following
from comity.relations.moments import Moment, Shift
from comity.relations.weights import channel_of, weights

SHOWN = 5
"""Events that are named for one moment."""
QUOTE = 140
"""Characters of evidence in a reason."""
Row = Mapping[str, Any]
Naming = Callable[[str], str]


def placed(row: Row, by: By) -> bool:
    """Whether an event is dated well enough for a line of these periods, and did occur."""
    start, end = row["date_start"], row["date_end"] or row["date_start"]
    kept = row["status"] == "occurred" and row["type"] in channel_of() and start is not None
    return bool(kept and (end - start).days < DAYS[by])


def explained(moment: Moment, rows: Sequence[Row], by: By, naming: Naming, evidence: Mapping[str, str]) -> Moment:
    """The moment with its events, its day and its reason.

    A rise is explained by the events of its channel from its first period to the one after its last; a fall by what
    the other channel shows then, and by the silence.  The heaviest come first: weight times log(1 + reports).
    """
    end = following(following(moment.until, by), by)
    near = [r for r in rows if placed(r, by) and moment.at <= r["date_start"] < end]
    channels = channel_of()
    same = [r for r in near if channels[r["type"]] == moment.channel]
    other = [r for r in near if channels[r["type"]] != moment.channel]
    chosen = same if moment.change == "up" else other
    ranked = sorted(chosen, key=lambda r: (-heaviness(r), r["date_start"], r["id"]))[:SHOWN]
    day = turning_day(chosen) if moment.pace != "gradual" else None
    if day:
        ranked.sort(key=lambda r: (r["date_start"] != day, -heaviness(r)))
    return msgspec.structs.replace(
        moment, events=tuple(r["id"] for r in ranked), day=day,
        reason=sentence(moment, by, same, ranked, day, naming, evidence),
    )  # fmt: skip


def heaviness(row: Row) -> float:
    """Weight of an event in its channel times log(1 + reports)."""
    found = {(w.type, w.mode): w.weight for w in weights()}
    weight = found.get((row["type"], row["mode"]), found[row["type"], None])
    return weight * log1p(row["reports"] or 1)


def turning_day(rows: Sequence[Row]) -> date | None:
    """The day with the heaviest events among those that are dated to the day."""
    sums: dict[date, float] = defaultdict(float)
    for row in rows:
        if row["precision"] in ("day", None) and row["date_start"] == (row["date_end"] or row["date_start"]):
            sums[row["date_start"]] += heaviness(row)
    return min(sums, key=lambda d: (-sums[d], d)) if sums else None


def sentence(
    moment: Moment, by: By, same: Sequence[Row], ranked: Sequence[Row], day: date | None, naming: Naming,
    evidence: Mapping[str, str],
) -> str:  # fmt: skip
    """One sentence: what changed by how much, made of what, and the first event in the words of its source."""
    lead = next(s for s in moment.shifts if s.channel == moment.channel)
    text = f"{moment.channel} {moved(lead, by)}"
    if moment.pace == "gradual":
        text += ", step by step"
    elif moment.pace == "passing":
        text += ", for a short time"
    kinds = Counter(r["type"].lower() for r in same).most_common(2)
    if kinds and moment.change == "up":
        text += ", mostly " + " and ".join(f"{kind} ({number})" for kind, number in kinds)
    if not ranked:
        return capital(text) + ("; no event of the other kind tells why." if moment.change == "down" else ".")
    first = ranked[0]
    joined = "; at that time" if moment.change == "down" else ":" if first["date_start"] == day else "; among them"
    text += f"{joined} {told(first, naming)}"
    quoted = " ".join(evidence.get(first["id"], "").split())
    if quoted:
        text += f' ("{quoted[:QUOTE]}{"…" if len(quoted) > QUOTE else ""}")'
    return capital(text) + "."


def moved(change: Shift, by: By) -> str:
    """How a channel moved: "rose 4-fold, from 1.2 to 4.8 a week"."""
    up = change.factor > 1
    times = change.factor if up else 1 / change.factor
    how = f"{times:.1f}-fold" if times < 10 else f"{times:.0f}-fold"
    return f"{'rose' if up else 'fell'} {how}, from {change.before:.3g} to {change.after:.3g} a {by}"


def told(row: Row, naming: Naming) -> str:
    """Who did what to whom, when."""
    sides = [" and ".join(naming(c) for c in row[s] or ()) or "?" for s in ("sources", "targets")]
    mode = f", {row['mode']}" if row["mode"] else ""
    arrow = "<->" if row["symmetric"] else "->"
    return f"{sides[0]} {arrow} {sides[1]} {row['type'].lower()}{mode}, {row['date_start']}"


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]
