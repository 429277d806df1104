"""Relations: how two states stand, when it turned, and by which events.

`relation` answers for one pair of a record.  See ``docs/relations.md`` for the models.
"""

from __future__ import annotations

from comity.relations import door
from comity.relations.changes import Change, changes, turning
from comity.relations.citation import Citation, cite
from comity.relations.cube import Cube, from_store, from_table
from comity.relations.level import Line, lines
from comity.relations.moments import Moment, moments
from comity.relations.relation import Relation, compare, relation
from comity.relations.series import Series, series
from comity.relations.turnings import Named, named

door.attach()

__all__ = [
    "Change", "Citation", "Cube", "Line", "Moment", "Named", "Relation", "Series", "changes", "cite", "compare",
    "from_store", "from_table", "lines", "moments", "named", "relation", "series", "turning",
]  # fmt: skip
