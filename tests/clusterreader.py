"""Readers for tests of the cluster engine, in a module that its workers find."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import torture


class SlowFactory:
    """The stub's reader with a pause before each document; its processes leave their numbers in a folder."""

    def __init__(self, pause: float, marks: Path) -> None:
        self.pause = pause
        self.marks = marks

    def __call__(self) -> Any:
        stub = torture.StubReader()

        def read(document: Any) -> Any:
            (self.marks / str(os.getpid())).touch()
            time.sleep(self.pause)
            return stub(document)

        return read

    def versions(self) -> dict[str, str]:
        return {"model": "stub", "knowledge": "stub"}
