"""Meetings of persons and states: each by date, place and form, beside what texts claim in total.

See ``docs/meetings.md``.
"""

from __future__ import annotations

from comity.relations.meetings.find import meetings
from comity.relations.meetings.model import FORMS, Claim, Meeting, Meetings, Party

__all__ = ["FORMS", "Claim", "Meeting", "Meetings", "Party", "meetings"]
