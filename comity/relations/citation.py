"""What a figure or table was made from, in one line that can be printed below it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from comity.model import Record
from comity.version import VERSION

if TYPE_CHECKING:
    from comity.record.store import Store


class Citation(Record, frozen=True):
    """The selection, the version of the data and of the program.

    ``data`` is the hash of the contents of the record (of the hashes of all its segments): two records with the same
    one hold the same rows.  ``generation`` counts the commits of this record.
    """

    selection: str
    generation: int
    data: str
    events: int
    program: str

    def line(self) -> str:
        """One line of text."""
        return (
            f"Comity {self.program}, record {self.data} (commit {self.generation}); {self.selection}"
        )

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with the line."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain | {"line": self.line()}


def cite(store: Store, selection: Mapping[str, Any]) -> Citation:
    """The citation of what was selected from a record as it is now; empty parts are left out."""
    manifest = store.manifest
    sums = "".join(sorted(s.sha256 for s in manifest.segments))
    told = ", ".join(f"{name} {value}" for name, value in selection.items() if value not in (None, "", (), []))
    return Citation(
        selection=told, generation=manifest.generation, data=hashlib.sha256(sums.encode()).hexdigest()[:12],
        events=manifest.rows("events"), program=VERSION,
    )  # fmt: skip
