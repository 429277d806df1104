"""What is worked out once for all threads, until an event changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from comity.record.store import Store
from comity.web.scopes import Touched

T = TypeVar("T")


class Shared:
    """Values by name; one thread works a value out while the others that want it wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._kept: dict[str, tuple[int, Any]] = {}
        self._seen = self._changed = -1

    def touch(self, by: Touched) -> None:
        """Take note of what a commit touched: what nobody but judged leaves values as they are."""
        with self._lock:
            self._seen = by.generation
            if by.whole or by.changed:
                self._changed = by.generation

    def of(self, store: Store, name: str, work: Callable[[], T]) -> T:
        """The value of a name for the newest commit."""
        generation = store.manifest.generation
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            kept = self._kept.get(name)
            if kept is None or not self._holds(kept[0], generation):
                kept = (generation, work())
                self._kept[name] = kept
            found: T = kept[1]
            return found

    def _holds(self, made: int, generation: int) -> bool:
        return made == generation or (self._changed <= made <= generation <= self._seen)

    def always(self, name: str, work: Callable[[], T]) -> T:
        """A value that does not hang on the record."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = (0, work())
            found: T = self._kept[name][1]
            return found
