"""How a pledge stands on a day: pure functions over the announced event and the events that may settle it.

Each candidate is weighed by named reasons whose weights are log odds, set by hand and checked on
``gold/pledges/dev``; see ``docs/pledges.md``.  Nothing that was told after the day ``as_of`` counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from comity.record.wording import short_day
from comity.relations.pledges.model import Act, Pledge, Settling, State
from comity.relations.pledges.weigh import breach, fulfilment, itself, replacement
from comity.relations.pledges.windows import Window, window

SETTLED = 0.5
"""Score from which an event settles a pledge."""
SURE = 0.7
"""Score from which the judgement is not doubtful, unless another event speaks against it."""
RIVALS = 3


def judge(
    act: Act, later: Iterable[Act], as_of: date, channel: str, usual: Mapping[str, float], heard: int = 0
) -> Pledge:
    """The pledge as seen on a day.

    ``later`` are events of its pair that may settle it, in any order; ``usual`` how many events of a type the pair
    has a day, which tells how easily one falls into the window by chance; ``heard`` how many other events of the pair
    were told from the promise to the end of the grace: silence says little where the pair is not in the news.
    """
    days = window(act)
    found = weighed(act, days, [e for e in later if e.id != act.id and known(e) <= as_of], usual)
    settled, doubts = chosen(found)
    settled = settled or itself(act, days)
    lapsed = settled is None and as_of > days.lapses
    state: State = settled.kind if settled else "lapsed" if lapsed else "open"
    score = settled.score if settled else silence(days, heard, as_of, lapsed)
    rivals = [s for s in found if s is not settled and s.score >= 0.25][:RIVALS]
    against = max((s.score for s in rivals if settled and s.kind != settled.kind), default=0.0)
    doubtful = score < SURE or against >= SETTLED
    reasons = settled.reasons if settled else quiet(days, heard, as_of, lapsed)
    return Pledge(
        act=act, channel=channel, state=state, as_of=as_of, made=days.made, due_start=days.start, due_end=days.end,
        precision=act.precision if days.start else "unknown", lapses=days.lapses, score=round(score, 3),
        doubtful=doubtful, overdue=state == "open" and days.end is not None and days.end < as_of,
        reasons=(*reasons, *doubts), settled=settled, rivals=tuple(rivals),
    )  # fmt: skip


def known(act: Act) -> date:
    """The day on which an event was first told."""
    return act.known or act.end or act.start or date.max


def weighed(act: Act, days: Window, later: Sequence[Act], usual: Mapping[str, float]) -> list[Settling]:
    """What each later event makes of the pledge, the surest first."""
    found: list[Settling] = []
    for event in later:
        for one in (
            fulfilment(act, days, event, usual), breach(act, days, event), replacement(act, days, event),
        ):  # fmt: skip
            if one is not None:
                found.append(one)
    return sorted(found, key=lambda s: (-s.score, s.act.start or date.max, s.act.id, s.kind))


def chosen(found: Sequence[Settling]) -> tuple[Settling | None, tuple[str, ...]]:
    """The event that settles the pledge, and what speaks against it.

    Something done in time counts whatever was said before; something done late does not, where the date had been
    moved.  Called off and held all the same is held; held and then called off (a truce) was held.
    """
    best = {kind: next((s for s in found if s.kind == kind and s.score >= SETTLED), None)
            for kind in ("fulfilled", "broken", "overtaken")}  # fmt: skip
    done, broken, moved = best["fulfilled"], best["broken"], best["overtaken"]
    if done and moved and done.late:
        done = None
    if broken and moved:
        broken, moved = (None, moved) if moved.score >= broken.score else (broken, None)
    against = broken or moved
    if done and against and against.score > done.score + 0.15:
        done, against = against, done
    settled = done or against
    doubts: tuple[str, ...] = ()
    if done and against:
        doubts = (f"against it: {against.act.id}, {against.kind} ({against.score:.2f})",)
    return settled, doubts


def silence(days: Window, heard: int, as_of: date, lapsed: bool) -> float:
    """How sure it is that nothing came of it: less where no day was told, or where the pair is not in the news."""
    if not lapsed:
        return 1.0 if days.end is None or as_of <= days.end else 0.8
    return (0.4 if days.end is None else 0.5) + 0.4 * (1 - math.exp(-heard / 3))


def quiet(days: Window, heard: int, as_of: date, lapsed: bool) -> tuple[str, ...]:
    """Why a pledge that nothing settles is open or lapsed."""
    if lapsed:
        due = "no day was told" if days.end is None else f"it was due by {short_day(days.end)}"
        news = f"{heard} other events of the pair were told" if heard else "the record tells nothing of the pair"
        return (
            f"{due}, and nothing was heard of it up to {short_day(days.lapses)}",
            f"{news} from {short_day(days.made)} to then" + ("" if heard else ": silence says little"),
        )
    if days.end is None:
        return ("no day was told, and no event settles it yet",)
    if days.end < as_of:
        return (f"it was due by {short_day(days.end)}, and no event settles it yet",)
    return ("its days have not passed" if days.start and days.start <= as_of else "it is not due yet",)
