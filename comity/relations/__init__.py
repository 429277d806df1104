"""Relations: how two states stand, when it turned, and by which events.

`relation` answers for one pair of a record.  See ``docs/relations.md`` for the models.
"""

from __future__ import annotations

from comity.relations import door
from comity.relations.changes import Change, changes, turning
from comity.relations.citation import Citation, cite
from comity.relations.cube import Cube, from_store, from_table
from comity.relations.level import Line, lines
from comity.relations.meetings import Claim, Meeting, Meetings, meetings
from comity.relations.moments import Moment, moments
from comity.relations.pledges import Pledge, Pledges, Reliability, calendar, pledges, reliability
from comity.relations.relation import Relation, compare, relation
from comity.relations.series import Series, series
from comity.relations.turnings import Named, named

door.attach()

__all__ = [
    "Change", "Citation", "Claim", "Cube", "Line", "Meeting", "Meetings", "Moment", "Named", "Pledge", "Pledges",
    "Relation", "Reliability", "Series", "calendar", "changes", "cite", "compare", "from_store", "from_table", "lines",
    "meetings", "moments", "named", "pledges", "relation", "reliability", "series", "turning",
]  # fmt: skip
