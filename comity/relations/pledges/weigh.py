"""What speaks for and against a later event being the fulfilment, the breach or the replacement of a pledge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from comity.record.merge.keys import compatible
from comity.record.wording import many
from comity.relations.pledges.acts import rule
from comity.relations.pledges.model import Act, Kind, Settling
from comity.relations.pledges.windows import DAY, Window, after, before, days_of
from comity.relations.pledges.words import common, says

Reason = tuple[str, float]
YIELDING = frozenset({"CONCEDE", "RETREAT", "REJECT", "SANCTION"})
"""Acts that may consist in calling something off."""
NEWS = 2
"""Days between an act and its news within which its date may be that of the news."""
LOOSE = 0.0
"""Acts of this weight or less are only meant where the sentences show it."""


def fulfilment(act: Act, days: Window, event: Act, usual: Mapping[str, float]) -> Settling | None:
    """An event that occurred as the fulfilment, None where it cannot be."""
    if event.status != "occurred" or (event.known and event.start and event.start > after(event.known, DAY)):
        return None  # what is told before its day has not been read right
    if same_breath(act, event):
        return None
    found = rule(act.type, act.mode, event.type, event.mode)
    if found is None or found.kind != "fulfil":
        return None
    time = in_time(days, event, act)
    if time is None:
        return None
    reason, late = time
    did = f"{event.type.lower()} was done" if event.type == act.type else f"{event.type.lower()} may be what was meant"
    reasons: list[Reason] = [
        (did, found.weight), sides(act, event, found.by), reason, *modes(act, event), *places(act, event),
        *matter(act, event, -0.4 if found.weight > LOOSE else -0.9), *chance(days, act, event, usual),
    ]  # fmt: skip
    if event.link == act.id:
        reasons.append(("the merger links it to the announcement", 1.5))
    if event.type not in YIELDING and says("off", text(event)):
        reasons.append(("its sentence tells of calling or putting off", -2.5))
    if says("kept", text(event)):
        reasons.append(("its sentence says as promised", 0.8))
    return settling("fulfilled", act, event, -0.5, reasons, by=act.sources, late=late)


def breach(act: Act, days: Window, event: Act) -> Settling | None:
    """A denial, refusal, withdrawal or contrary act as the breach, None where it cannot be."""
    if not (before(days.made, DAY) <= told_or_done(event) and began(event) <= days.horizon) or same_news(act, event):
        return None
    if event.status == "negated" and compatible(act.type, event.type):
        return denial(act, days, event)
    if event.status != "occurred" and not (event.status == "announced" and event.type == "REJECT"):
        return None
    if event.type == "ACCUSE" and act.type != "ACCUSE":
        return accusation(act, days, event)
    found = rule(act.type, act.mode, event.type, event.mode)
    if found is None or found.kind != "break" or not does(act, event, found.by):
        return None
    if not later_than(event, days) and event.status == "occurred":
        return None
    reasons: list[Reason] = [(f"{named(event)} is contrary to it", found.weight), timing(days, event)]
    reasons += matter(act, event, -0.5)
    if says("cancelled", text(event)):
        reasons.append(("its sentence tells of calling off or not keeping", 0.8))
    if says("moved", text(event)):
        reasons.append(("its sentence tells of putting off", -1.0))
    return settling("broken", act, event, -0.9, reasons, by=doers(event))


def denial(act: Act, days: Window, event: Act) -> Settling | None:
    """A negated event of the same kind: it did not happen, or was called off."""
    if not later_than(event, days) and event.precision != "unknown":
        return None
    moved = says("moved", text(event))
    reasons: list[Reason] = [
        ("the same act is denied" if event.type == act.type else f"{event.type.lower()} is denied",
         1.2 if event.type == act.type else 0.0),
        sides(act, event, "either"), other_days(days, event) or timing(days, event), *modes(act, event),
        *matter(act, event, -0.3),
    ]  # fmt: skip
    if moved:
        reasons.append(("its sentence tells of putting off", 0.8))
    elif says("cancelled", text(event)):
        reasons.append(("its sentence tells of calling off or not keeping", 0.8))
    elif days.start is None and not common(text(act), text(event)):
        reasons.append(("nothing says that this one is meant", -1.0))
    kind: Kind = "overtaken" if moved else "broken"
    return settling(kind, act, event, -0.9, reasons, by=doers(event))


def itself(act: Act, days: Window) -> Settling | None:
    """An announcement without a day whose own sentence tells that it was called or put off."""
    if days.end is not None or act.type in YIELDING or not says("off", text(act)):
        return None
    kind: Kind = "overtaken" if says("moved", text(act)) else "broken"
    return Settling(kind=kind, act=act, score=0.6, reasons=("its own sentence tells of calling or putting off",))


def accusation(act: Act, days: Window, event: Act) -> Settling | None:
    """The other side says that the word was broken: a claim, so never sure."""
    if not says("breach", text(event)) or not set(event.targets) & set(act.sources) or not later_than(event, days):
        return None
    reasons: list[Reason] = [
        ("the other side says that it was not kept", 0.6), timing(days, event), *matter(act, event, -0.8),
    ]  # fmt: skip
    found = settling("broken", act, event, -0.9, reasons, by=event.targets)
    top = min(found.score, 0.69)
    return Settling(kind="broken", act=event, score=top, reasons=found.reasons, by=found.by)


def replacement(act: Act, days: Window, event: Act) -> Settling | None:
    """A later announcement of the same kind for other days."""
    if event.status != "announced" or not compatible(act.type, event.type):
        return None
    told = event.known or event.start
    if told is None or told <= days.made or days.end is None or event.start is None or event.precision == "unknown":
        return None
    new_end = event.end or event.start
    slack = timedelta(days=days.tolerance)
    apart = event.start > after(days.end, slack) or (days.start is not None and new_end < before(days.start, slack))
    if not apart or told > days.lapses:
        return None
    moved = says("moved", text(event))
    if not moved and (told > days.end or event.type != act.type):
        return None
    reasons: list[Reason] = [
        ("the same act is announced for other days" if event.type == act.type else "a like act is announced", 0.8),
        sides(act, event, "either"), *modes(act, event), *places(act, event), *matter(act, event, -0.6),
        ("its sentence tells of putting off or moving", 1.6) if moved else ("it does not say that it was moved", -0.8),
    ]  # fmt: skip
    return settling("overtaken", act, event, -1.0, reasons, by=doers(event))


def in_time(days: Window, event: Act, act: Act) -> tuple[Reason, int] | None:
    """How an act fits the days told, and by how many days it is late; None where it cannot be meant."""
    first, last = days_of(event)
    if first is None or last is None or last < days.made or first > days.horizon:
        return None
    if days.start is None or days.end is None:
        return undated(days, event, first)
    slack = timedelta(days=days.tolerance)
    vague = (last - first).days > max(7, 2 * (days.end - days.start).days)
    if last >= days.start and first <= days.end:
        if event.precision == "unknown":
            return ("it was told in the days announced", 0.8), 0
        return ("it may lie in the days announced", 0.2) if vague else ("it lies in the days announced", 1.3), 0
    if last >= before(days.start, slack) and first <= after(days.end, slack):
        return ("it lies close to the days announced", 0.7), 0
    if first > days.end:
        late = (first - days.end).days
        allowed = max(1, (days.horizon - days.end).days)
        return (f"{many(late, 'day')} late", -0.3 - 1.5 * late / allowed), late
    early = (days.start - last).days
    if same_news(act, event):
        return None
    return (f"{many(early, 'day')} before the days announced", -0.5 - early / 60), 0


def undated(days: Window, event: Act, first: date) -> tuple[Reason, int] | None:
    """How an act fits a promise without a day: better the sooner it came."""
    gap = (first - days.made).days
    if gap < 1:
        return None
    return (f"{many(gap, 'day')} after the announcement, which tells no day", 0.6 - 0.35 * math.log2(1 + gap / 30)), 0


def same_news(act: Act, event: Act) -> bool:
    """Whether both stand in one document: then the reader has told apart what was done and what is to come."""
    a, b = act.evidence, event.evidence
    return bool(a and b and a.document and a.document == b.document)


def same_breath(act: Act, event: Act) -> bool:
    """Whether only the document that first announces it tells the event: then it is no later word of it."""
    first = act.known is None or event.known is None or event.known <= act.known
    return same_news(act, event) and event.documents <= 1 and first


def later_than(event: Act, days: Window) -> bool:
    """Whether an act came after the promise was made."""
    _, last = days_of(event)
    return last is not None and last > days.made


def timing(days: Window, event: Act) -> Reason:
    """How a breach fits the days told."""
    first, last = days_of(event)
    if first is None or last is None or days.end is None or days.start is None:
        gap = (told_or_done(event) - days.made).days
        told = f"{many(gap, 'day')} after the announcement, which tells no day"
        return (told, 0.3 - 0.25 * math.log2(1 + max(0, gap) / 45))
    slack = timedelta(days=days.tolerance)
    if last >= before(days.start, slack) and first <= after(days.end, slack):
        return ("it was in the days announced", 0.8)
    if first < days.start:
        return ("it was before the days announced", 0.5)
    late = (first - days.end).days
    allowed = max(1, (days.horizon - days.end).days)
    return (f"{late} days after the days announced", 0.3 - late / allowed)


def other_days(days: Window, event: Act) -> Reason | None:
    """Whether a denial is of other days than those announced: one dated by its news is of no days of its own."""
    if days.start is None or days.end is None or event.start is None or event.precision == "unknown":
        return None
    if event.known and abs((event.known - event.start).days) <= NEWS:
        return None
    slack = timedelta(days=days.tolerance)
    apart = event.start > after(days.end, slack) or (event.end or event.start) < before(days.start, slack)
    return ("it is of other days", -1.0) if apart else None


def sides(act: Act, event: Act, by: str) -> Reason:
    """How the sides of two acts fit."""
    told, done = (set(act.sources), set(act.targets)), (set(event.sources), set(event.targets))
    mutual = act.symmetric or event.symmetric or by == "either"
    if told == done:
        return ("same sides", 0.7)
    if told == done[::-1]:
        return ("same sides, the other way round", 0.5 if mutual else -3.0)
    if told[0] & done[0] and told[1] & done[1]:
        return ("some of the same sides", 0.3)
    return ("the sides are mixed", 0.2 if mutual else -1.2)


def does(act: Act, event: Act, by: str) -> bool:
    """Whether a contrary act is by the one who must have done it."""
    doers = set(event.sources)
    if event.symmetric or act.symmetric or by == "either":
        return True
    return bool(doers & set(act.sources if by == "pledger" else act.targets))


def doers(event: Act) -> tuple[str, ...]:
    """Who did it: both sides of a mutual act."""
    return tuple(dict.fromkeys((*event.sources, *event.targets))) if event.symmetric else event.sources


def modes(act: Act, event: Act) -> Sequence[Reason]:
    """How the forms fit."""
    if not act.mode or not event.mode or act.type != event.type:
        return ()
    if act.mode == event.mode:
        return (("same form", 0.6),)
    apart = {act.mode, event.mode} in ({"visit", "phone"}, {"multilateral", "phone"}, {"ceasefire", "release"},
                                       {"withdraw", "release"}, {"withdraw", "resign"})  # fmt: skip
    return (("another form", -1.2 if apart else -0.6),)


def places(act: Act, event: Act) -> Sequence[Reason]:
    """How the places fit."""
    if not act.place or not event.place:
        return ()
    return (("same place", 0.6),) if act.place.casefold() == event.place.casefold() else (("another place", -0.8),)


def matter(act: Act, event: Act, nothing: float) -> Sequence[Reason]:
    """What the two sentences have in common."""
    first, second = text(act), text(event)
    if not first or not second:
        return ()
    shared = common(first, second)
    if not shared:
        return (("the sentences share no telling word", nothing),)
    return ((f"both tell of {', '.join(shared[:4])}", min(1.8, 0.6 * len(shared))),)


def chance(days: Window, act: Act, event: Act, usual: Mapping[str, float]) -> Sequence[Reason]:
    """Pairs that do such things all the time do one in any window: that lowers what it says."""
    if days.start and days.end and act.precision == "day":
        return ()
    length = ((days.end - days.start).days if days.start and days.end else 60) + 1
    expected = usual.get(event.type, 0.0) * length
    if expected < 0.5:
        return ()
    return ((f"the pair does so about {expected:.1f} times in such a time anyway", -0.6 * math.log1p(expected)),)


def told_or_done(event: Act) -> date:
    """The day of an event, else of its news."""
    return event.end or event.known or event.start or date.min


def began(event: Act) -> date:
    """The first day of an event, else of its news."""
    return event.start or event.known or date.max


def named(event: Act) -> str:
    """An act in words."""
    return event.type.lower() + (f", {event.mode}," if event.mode else "")


def text(act: Act) -> str:
    """The sentence of an act."""
    return act.evidence.text if act.evidence else ""


def settling(
    kind: Kind, act: Act, event: Act, bias: float, reasons: Sequence[Reason], by: tuple[str, ...] = (), late: int = 0
) -> Settling:
    """The sum of the reasons as a score, the strongest reasons first."""
    total = bias + sum(w for _, w in reasons)
    ordered = sorted(reasons, key=lambda r: (-abs(r[1]), r[0]))
    said = tuple(f"{name} ({weight:+.1f})" for name, weight in ordered if weight)
    return Settling(kind=kind, act=event, score=round(1 / (1 + math.exp(-total)), 3), reasons=said, by=by, late=late)
