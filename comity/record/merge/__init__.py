"""One event, many reports: stories of near-duplicate documents, merged events of matching reports.

    merger = Merger(neighbourhood)                 # a Neighbourhood over the store
    changes = merger.add([new_document(d) for d in documents])
    # write changes.signatures, .stories, .events, .deleted, .links, .removed; then the next batch

`keys_of` and `window_of` say what to keep beside each report so that `Neighbourhood.candidates`
can find it; `StoryRow.marks` what to keep beside each document for `Neighbourhood.near`.
"""

from __future__ import annotations

from comity.record.merge.keys import keys_of
from comity.record.merge.merger import Merger
from comity.record.merge.neighbourhood import MemoryNeighbourhood, Neighbourhood
from comity.record.merge.records import (
    KnownEvent,
    Link,
    Lookup,
    MergeChanges,
    MergedEvent,
    NewDocument,
    ReportRow,
    Ruling,
    StoryRow,
    new_document,
    report_row,
    window_of,
)

__all__ = [
    "KnownEvent",
    "Link",
    "Lookup",
    "MemoryNeighbourhood",
    "MergeChanges",
    "MergedEvent",
    "Merger",
    "Neighbourhood",
    "NewDocument",
    "ReportRow",
    "Ruling",
    "StoryRow",
    "keys_of",
    "new_document",
    "report_row",
    "window_of",
]
