"""`pledges`: what was announced in a record, and what became of it up to a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from comity.errors import BadUsage
from comity.record.query import day, listing, period
from comity.relations.pledges.gather import Gathered, gather
from comity.relations.pledges.judge import judge
from comity.relations.pledges.model import STATES, Pledge, Pledges
from comity.relations.pledges.tables import Tables
from comity.relations.weights import channel_of

if TYPE_CHECKING:
    from comity.record.store import Store

_NEWS = (
    "select max(published) as day from documents where published <= current_date",
    "select max(coalesce(first_seen, date_end, date_start)) as day from events "
    "where status = 'occurred' and date_start <= current_date",
)
"""Asked one after the other: all events are looked at only where no document has a day."""


def pledges(
    store: Store,
    actor: str | None = None,
    pair: str | Sequence[str] | None = None,
    state: str | Sequence[str] | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    due_before: date | str | None = None,
    as_of: date | str | None = None,
    events: Sequence[str] | None = None,
) -> Pledges:
    """Pledges by the day on which they are due, those without a day last by the day they were made.

    ``actor`` is a side of it, ``pair`` both (codes or names); ``state`` one or several of `STATES`; ``since`` and
    ``until`` bound the days in which a pledge is due or, where no day was told, was made; ``due_before`` keeps those
    due before a day.  ``as_of`` is the day from which it is seen ("today", a day; the day of the newest news when
    left out): nothing told later counts.  ``events`` names announced events.  Raises `UnknownName`, `BadUsage`.
    """
    wanted = states(state)
    on = seen_from(store, as_of)
    where, values = store.filter(pair=pair, actor=actor).where()
    if events is not None:
        where, values = f"({where}) and id in (select unnest(?))", [*values, list(events)]
    found = judged(gather(store, where, values, on), on)
    (low, high), limit = period(since, until), day(due_before)
    found = [p for p in found if within(p, low, high) and (limit is None or (p.due_end or date.max) < limit)]
    counts = Counter(p.state for p in found)
    kept = [p for p in found if not wanted or p.state in wanted]
    return Pledges(items=tuple(kept), as_of=on, counts={s: counts[s] for s in STATES})


def judged(parts: Iterable[Gathered], as_of: date) -> list[Pledge]:
    """All pledges as seen from a day, in order."""
    channels = channel_of()
    found = []
    for part in parts:
        for told in part.told:
            later, usual = part.later.get(told.id, ()), part.usual.get(told.id, {})
            found.append(judge(told, later, as_of, channels.get(told.type, ""), usual, part.heard.get(told.id, 0)))
    return ordered(found)


def ordered(found: Iterable[Pledge]) -> list[Pledge]:
    """By due date, those without one last, by the day on which they were made."""
    return sorted(found, key=lambda p: (p.due_end or date.max, p.due_start or date.max, p.made, p.id))


def states(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """States as asked for, checked."""
    wanted = listing(given)
    for one in wanted:
        if one not in STATES:
            raise BadUsage(f"there is no state '{one}' of a pledge", fix=f"use {', '.join(STATES)}")
    return wanted


def seen_from(store: Tables, as_of: date | str | None) -> date:
    """The day from which pledges are seen: as given, "today", else that of the newest news of the record."""
    if isinstance(as_of, str) and as_of.strip().lower() == "today":
        return date.today()
    given = day(as_of, end=True)
    if given is not None:
        return given
    for sql in _NEWS:
        found: date | None = store.query(sql).column(0)[0].as_py()
        if found is not None:
            return found
    return date.today()


def within(pledge: Pledge, since: date | None, until: date | None) -> bool:
    """Whether it is due (or, without a day, was made) in these days."""
    first, last = pledge.due_start or pledge.made, pledge.due_end or pledge.made
    return (since is None or last >= since) and (until is None or first <= until)
