"""Relations: how two states stand, when it turned, and by which events.

`relation` answers for one pair of a record.  See ``docs/relations.md`` for the models.
"""

from __future__ import annotations

from comity.relations.cube import Cube, from_store, from_table
from comity.relations.level import Line, lines
from comity.relations.moments import Moment, moments
from comity.relations.relation import Relation, relation
from comity.relations.series import Series, series

__all__ = [
    "Cube", "Line", "Moment", "Relation", "Series", "from_store", "from_table", "lines", "moments", "relation",
    "series",
]  # fmt: skip
