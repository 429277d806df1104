"""Answers that are kept until the record changes."""

from __future__ import annotations

from collections import OrderedDict

from comity.web.render import Rendered

Key = tuple[object, ...]


class Kept:
    """Answers by what was asked, those asked for last kept longest, within a number of bytes.  For one thread."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._answers: OrderedDict[Key, Rendered] = OrderedDict()

    def get(self, key: Key) -> Rendered | None:
        """An answer, None where it is not kept."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def put(self, key: Key, answer: Rendered) -> None:
        """Keep an answer, unless it would take a good part of the room."""
        if len(answer.data) > self.most // 8 or key in self._answers:
            return
        self._answers[key] = answer
        self.size += len(answer.data)
        while self.size > self.most:
            _, gone = self._answers.popitem(last=False)
            self.size -= len(gone.data)

    def clear(self) -> None:
        """Forget all."""
        self._answers.clear()
        self.size = 0
