"""Steps that bring the tables of an older record up to the version of this program.

A step takes the rows of one table as the older version wrote them and gives them as the
next version has them.  All segments are written anew and named by one new manifest, so
that a fault in between leaves the old record as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from comity.record.store import Store

Step = Callable[[str, pa.Table], pa.Table]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""By the version that a step starts from.  Version 1 is the first."""


def migrate(store: Store, steps: Mapping[int, Step] | None = None) -> bool:
    """Bring a record up to date; whether there was anything to do."""
    return False
