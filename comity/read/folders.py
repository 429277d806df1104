"""Walking through folders: in the order of names, without what is hidden and without records of this program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

RECORD: Final = ("manifest.json", "segments")
"""The file and the folder by which a record is known; what lies in it are tables, not news."""


def walk(folder: Path, errors: list[OSError]) -> Iterator[tuple[Path, list[str]]]:
    """Each folder below with the names of its files; hidden ones, linked folders and records are passed."""
    for root, folders, names in os.walk(folder, onerror=errors.append):
        if RECORD[0] in names and RECORD[1] in folders:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield Path(root), sorted(name for name in names if not name.startswith("."))
