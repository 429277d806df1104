"""Pledges: what was announced, by whom, for when, on whose word, and what became of it.

See ``docs/pledges.md``.
"""

from __future__ import annotations

from comity.relations.pledges.calendar import calendar
from comity.relations.pledges.listing import pledges
from comity.relations.pledges.model import STATES, Act, Evidence, Pledge, Pledges, Settling
from comity.relations.pledges.reliability import Reliability, reliability

__all__ = [
    "STATES", "Act", "Evidence", "Pledge", "Pledges", "Reliability", "Settling", "calendar", "pledges", "reliability",
]  # fmt: skip
