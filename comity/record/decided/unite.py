"""Merging again what a split held apart, when the split is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from comity.record.decided.attach import answer, attach
from comity.record.decided.records import Change
from comity.record.decided.rulings import rulings

if TYPE_CHECKING:
    from comity.record.store import Store


def unite_again(store: Store, taken_back: Iterable[Mapping[str, Any]]) -> None:
    """Cluster the reports of these decisions (rows of ``decisions``) anew, without the rulings of those undone.

    Only splits hold reports apart, and only those of which the parts became events of their own
    when later documents were merged have anything to unite.
    """
    for row in taken_back:
        if row["kind"] != "split":
            continue
        change = msgspec.json.decode(row["change"] or "{}", type=Change)
        anchors = [*change.reports, *(a for s in change.subjects for a in s.anchors)]
        database = store.database()
        found = sorted(set(attach(database, anchors).values()))
        sql = "select distinct l.event from raw_report_events l semi join asked a on l.report = a.name"
        if len(answer(database, sql, found)) < 2:
            continue
        _cluster(store, found, row["event"])


def _cluster(store: Store, reports: list[str], keep: str) -> None:
    from comity.record.merging import Merging
    from comity.record.neighbours import StoredNeighbourhood

    database = store.database()
    merging = Merging(StoredNeighbourhood(database), rulings(database))
    merging.again(reports, [keep])
    last = database.rows("select max(run) from raw_events")
    with store.write() as batch:
        merging.write(batch, last[0][0] if last else None)
