"""One event that an article tells several times, or of several pairs by one word, as one record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from comity.model import Event, EventDate


def united(document: str, events: Sequence[Event]) -> list[Event]:
    """What one word tells of several pairs as one event: first the targets of each source, then the sources."""
    for side, other in (("targets", "sources"), ("sources", "targets")):
        groups: dict[tuple[object, ...], list[Event]] = {}
        for event in events:
            key = (event.type, event.status, event.symmetric, event.anchor, event.date, getattr(event, other))
            groups.setdefault(key, []).append(event)
        events = [as_one(document, group, side) for group in groups.values()]
    return list(events)


def as_one(document: str, group: Sequence[Event], side: str) -> Event:
    """Events that differ in one side alone, as one."""
    first = group[0]
    if len(group) == 1:
        return first
    codes_of = tuple(dict.fromkeys(code for event in group for code in getattr(event, side)))
    sides = {"sources": first.sources, "targets": first.targets, side: codes_of}
    start = first.anchor.start if first.anchor else first.evidence.start
    return msgspec.structs.replace(
        first,
        id=event_id(document, first.type, first.status, sides["sources"], sides["targets"], start),
        **sides,
        participants=tuple(dict.fromkeys(p for event in group for p in event.participants)),
        confidence=round(sum(event.confidence for event in group) / len(group), 3),
        why=tuple(dict.fromkeys(why for event in group for why in event.why)),
    )


def event_id(document: str, kind: str, status: str, sources: Sequence[str], targets: Sequence[str], start: int) -> str:
    """A stable identifier made from content: the same text and reading give the same id."""
    key = "|".join((document, kind, status, ",".join(sources), ",".join(targets), str(start)))
    return "e-" + hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def merge(events: Sequence[Event]) -> list[Event]:
    """One article tells one event several times; the surest telling stays, with the others named."""
    kept: list[Event] = []
    for event in events:
        twin = next((k for k, old in enumerate(kept) if same_event(old, event)), None)
        if twin is None:
            kept.append(event)
            continue
        old = kept[twin]
        best, other = (event, old) if better(event, old) else (old, event)
        kept[twin] = msgspec.structs.replace(
            best,
            speaker=best.speaker or (other.speaker if alike_dated(best, other) else None),
            count=best.count or other.count,
            mode=best.mode or other.mode,
            why=(*best.why, f"also told at {other.evidence.start}:{other.evidence.end}"),
        )
    return kept


def alike_dated(one: Event, two: Event) -> bool:
    """Whether both or neither have a day: an act that is only looked back on may be another one."""
    return (one.date.start is None) == (two.date.start is None)


def better(new: Event, old: Event) -> bool:
    """Whether the later telling should stand for both: it is dated, or clearly surer."""
    if not alike_dated(new, old):
        return old.date.start is None
    dated = any(w.startswith("date: dated by") for w in new.why) - any(w.startswith("date: dated by") for w in old.why)
    return dated > 0 or (dated == 0 and new.confidence > old.confidence + 0.1)


def same_event(one: Event, two: Event) -> bool:
    """Same type, actors and status, and dates that can agree."""
    if one.type != two.type or one.status != two.status or (one.count or 0) != (two.count or 0):
        return False
    pair_one, pair_two = (set(one.sources), set(one.targets)), (set(two.sources), set(two.targets))
    if pair_one != pair_two and not (one.symmetric and two.symmetric and pair_one == pair_two[::-1]):
        return False
    return overlap(one.date, two.date)


def overlap(one: EventDate, two: EventDate) -> bool:
    """Whether two date ranges can be the same day; an unknown date fits any."""
    if one.start is None or two.start is None:
        return True
    end_one, end_two = one.end or one.start, two.end or two.start
    return one.start <= end_two and two.start <= end_one
