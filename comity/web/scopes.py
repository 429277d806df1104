"""What an answer hangs on, and what decisions touched: so that only answers that may have changed are worked out anew.

An answer that was worked out from events knows the events that it shows, the documents whose events it shows, and
whose events could be in it.  A decision touches a few events.  See `comity.web.watch` for how that is found out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comity.model import Record
from comity.record.store import Store
from comity.relations.cubefile import DIRECT

Sides = tuple[frozenset[str], ...]
_NAMED = frozenset({"event", "events", "named", "pledge", "disputes", "nearby"})


class Touched(Record, frozen=True):
    """What changed with a commit: events and their actors before and after.

    ``changed`` are the actors of events that are other than before, ``judged`` of those that somebody has only judged
    (confirmed, say): their card tells that, and nothing is counted otherwise.  ``whole``: anything may have changed.
    """

    generation: int
    events: frozenset[str] = frozenset()
    changed: Sides = ()
    judged: Sides = ()
    documents: frozenset[str] = frozenset()
    whole: bool = False


class Scope(Record, frozen=True):
    """What an answer hangs on.

    ``actors`` are groups of codes: an event of all actors of one group can be in the answer; None is every event, an
    empty tuple none but those shown.  ``events`` are those shown, ``documents`` those whose events are shown.
    ``listed`` is false where it is not known which events are shown; ``always`` where every commit changes it.
    """

    actors: Sides | None = None
    events: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    listed: bool = True
    always: bool = False

    def touched(self, by: Touched) -> bool:
        """Whether the answer may have changed."""
        if by.whole or self.always or self.events & by.events or self.documents & by.documents:
            return True
        near = by.changed if self.listed else (*by.changed, *by.judged)
        if self.actors is None or not near:
            return bool(near)
        return any(group <= actors for group in self.actors for actors in near)


def shown(value: Any) -> Iterable[str]:
    """The ids of the events that an answer shows or names; points of a line name none."""
    if isinstance(value, Mapping):
        if "decided" in value:
            yield value["id"]
        for key, one in value.items():
            if key in _NAMED and isinstance(one, str):
                yield one
            elif key in _NAMED and isinstance(one, list | tuple):
                yield from (e for e in one if isinstance(e, str))
            if isinstance(one, Mapping | list | tuple) and key != "points":
                yield from shown(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from shown(one)


def everything(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """An answer from all events."""
    return Scope()


def every_commit(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """An answer that is another one after each commit."""
    return Scope(always=True)


def no_event(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """An answer without events."""
    return Scope(actors=())


def filtered(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """An answer from the events of a filter: of its pair, its actor, its sides."""
    given = (asked.actor, getattr(asked, "source", None), getattr(asked, "target", None))
    codes = [store.names.actor(one) for one in given if one]
    pair = store.names.pair(asked.pair) if asked.pair else ()
    group = frozenset({*codes, *pair})
    return Scope(actors=(group,) if group else None)


def either(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """An answer from the events of any of some actors: what all do is the news that a pair is seen through.

    In a large record one event more or less in the whole world's news moves no line by what is shown of it, in a small
    one it does.
    """
    if store.manifest.rows("events") < DIRECT:
        return Scope()
    return Scope(actors=tuple(frozenset({store.names.actor(name)}) for name in names))


def of_pledges(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """Pledges of a pair, of an actor, or of all."""
    given = store.names.pair(asked.pair) if asked.pair else (asked.actor,) if asked.actor else ()
    return Scope(actors=tuple(frozenset({store.names.actor(name)}) for name in given) or None)


def of_event(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """One event and those near it: of the same sides."""
    card = (body or {}).get("event") or {}
    sides = [(s, t) for s in card.get("sources") or ("",) for t in card.get("targets") or ("",)]
    groups = tuple(frozenset({one for one in pair if one}) for pair in sides)
    return Scope(actors=tuple(g for g in groups if g) or None)


def of_document(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """The events of one document."""
    return Scope(actors=(), documents=frozenset(names))


def of_quotations(store: Store, asked: Any, body: Any, *names: str) -> Scope:
    """Quotations: those of a pair hang on which documents tell of both."""
    return Scope(actors=None if asked.pair else ())
