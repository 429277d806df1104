"""The lock of the one writer of a record; readers need none."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from comity.errors import RecordBusy
from comity.paths import as_text
from comity.record.manifest import not_writable, now

FILE = "lock"


class WriterLock:
    """Held while a process writes.  The system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._handle: int | None = None
        self._depth = 0

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._depth > 0

    def __enter__(self) -> WriterLock:
        if self._depth == 0:
            self._handle = self._take()
        self._depth += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0 and self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _take(self) -> int:
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise not_writable(self.path.parent, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 300).decode("utf-8", "replace").strip()
            os.close(handle)
            raise RecordBusy(
                "another program writes to this record" + (f": {holder}" if holder else ""),
                about=str(self.path.parent),
                fix="wait until it is done; reading is possible meanwhile",
            ) from None
        command = " ".join(Path(a).name if n == 0 else a for n, a in enumerate(sys.argv))[:200]
        os.ftruncate(handle, 0)
        with suppress(OSError):  # on a full disk the lock itself holds all the same
            os.write(handle, f"process {os.getpid()}, since {now():%Y-%m-%d %H:%M} UTC, {as_text(command)}\n".encode())
        return handle
