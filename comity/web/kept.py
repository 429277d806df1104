"""Answers that are kept until what they hang on changes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from comity.model import Record
from comity.web.render import Rendered
from comity.web.scopes import Scope, Touched

Key = tuple[object, ...]
REMEMBERED = 200
"""Commits of which is remembered what they touched."""
LATE = 64
"""Answers that are kept though they may be late, at most."""


class Entry(Record, frozen=True):
    """An answer, the commit as of which it holds, what it hangs on, and the seconds that it took to work out.

    ``again`` works it out anew; ``lasts`` is true where it may be shown for some seconds while that is done.
    """

    answer: Rendered
    generation: int
    scope: Scope
    seconds: float = 0.0
    again: Callable[[], Any] | None = None
    lasts: bool = False


class Kept:
    """Answers by what was asked, those asked for last kept longest, within a number of bytes.  For one thread."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._late: OrderedDict[Key, tuple[Entry, float]] = OrderedDict()
        self._touched: list[tuple[Touched, float]] = []

    def get(self, key: Key) -> Rendered | None:
        """An answer, None where it is not kept."""
        found = self._entries.get(key)
        if found is None:
            return None
        self._entries.move_to_end(key)
        return found.answer

    def late(self, key: Key, seconds: float) -> Rendered | None:
        """An answer that may have changed a few seconds ago, and takes long to work out."""
        found = self._late.get(key)
        return found[0].answer if found is not None and time.monotonic() - found[1] < seconds else None

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an answer, unless it has been touched meanwhile or would take a good part of the room."""
        size = entry.answer.size
        if size > self.most // 8 or key in self._entries:
            return
        since = [at for t, at in self._touched if t.generation > entry.generation and entry.scope.touched(t)]
        if since:
            if entry.lasts:  # it was right a moment ago, and is newer than what was shown until now
                self._late[key] = (entry, since[0])
            return
        if self._touched and entry.generation < self._touched[0][0].generation and len(self._touched) >= REMEMBERED:
            return
        self._late.pop(key, None)
        self._entries[key] = entry
        self.size += size
        while self.size > self.most:
            _, gone = self._entries.popitem(last=False)
            self.size -= gone.answer.size

    def touch(self, by: Touched) -> list[tuple[Key, Entry]]:
        """Let go of what may have changed; the answers among it that may be shown until they are worked out anew."""
        now = time.monotonic()
        self._touched = [*self._touched[1 - REMEMBERED :], (by, now)]
        gone = [k for k, e in self._entries.items() if e.generation < by.generation and e.scope.touched(by)]
        lasting = []
        for key in gone:
            entry = self._entries.pop(key)
            self.size -= entry.answer.size
            if entry.lasts:
                self._late[key] = (entry, now)
                lasting.append((key, entry))
        while len(self._late) > LATE:
            self._late.popitem(last=False)
        return lasting

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._late.clear()
        self.size = 0
