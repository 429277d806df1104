"""What is worked out once for all threads, until an event changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from comity.model import Record
from comity.record.store import Store
from comity.web.scopes import Scope, Touched

T = TypeVar("T")


class Held(Record, frozen=True):
    """A value, the commit as of which it holds, what it was made for, and what it hangs on (None: every change)."""

    generation: int
    value: Any
    key: Any = None
    scope: Scope | None = None


class Shared:
    """Values by name; one thread works a value out while the others that want it wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, Held] = {}
        self._seen = self._changed = -1

    def touch(self, by: Touched) -> None:
        """Take note of what a commit touched: what nobody but judged leaves values as they are."""
        with self._lock:
            self._seen = by.generation
            if by.whole or by.changed:
                self._changed = by.generation
            for name, held in self._kept.items():
                if held.scope is not None and not held.scope.touched(by):
                    self._kept[name] = msgspec.structs.replace(held, generation=max(held.generation, by.generation))

    def of(
        self, store: Store, name: str, work: Callable[[], T], key: Any = None,
        about: Callable[[T], Scope] | None = None,
    ) -> T:  # fmt: skip
        """The value of a name for the newest commit.

        It is worked out anew when an event has changed (where ``about`` is given: one that it hangs on), and when the
        ``key`` is another one.
        """
        generation = store.manifest.generation
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            kept = self._kept.get(name)
            if kept is None or kept.key != key or not self._holds(kept, generation):
                value = work()
                scope = about(value) if about is not None else None
                kept = Held(generation=generation, value=value, key=key, scope=scope)
                with self._lock:
                    self._kept[name] = kept
            found: T = kept.value
            return found

    def _holds(self, held: Held, generation: int) -> bool:
        if held.generation == generation:
            return True
        return held.scope is None and self._changed <= held.generation <= generation <= self._seen

    def always(self, name: str, work: Callable[[], T]) -> T:
        """A value that does not hang on the record."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = Held(generation=0, value=work())
            found: T = self._kept[name].value
            return found
