"""What pledges are read from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

KNOWN = "coalesce(first_seen, date_end, date_start)"
"""The day on which an event was first told; that of an imported one is its own."""


class Tables(Protocol):
    """Whatever answers SQL over the tables of `comity.record.schema`: a `Store`, or tables in memory."""

    def query(self, sql: str, values: Sequence[Any] = ...) -> pa.Table:
        """The answer as an Arrow table."""
