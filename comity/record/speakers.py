"""On whose word merged events are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.record.decided.attach import asked_table

if TYPE_CHECKING:
    from comity.record.store import Store

NOBODY: Mapping[str, str | None] = {"speaker_name": None, "speaker_state": None}


def speakers(store: Store, events: Iterable[str]) -> dict[str, dict[str, Any]]:
    """``speaker_name`` and ``speaker_state`` of each event that somebody tells of: of its surest report with a speaker.

    Reports are as they are after all decisions, so that a corrected speaker is the one that is given.
    """
    # The reports of these events first: else the speakers of all reports are looked at.
    sql = (
        "with linked as materialized (select l.event, l.report from report_events l semi join asked a "
        "on l.event = a.name), told as materialized (select l.event, r.id, r.confidence, r.speaker_name, "
        "r.speaker_state from linked l join reports r on r.id = l.report) "
        "select event, arg_max({'speaker_name': speaker_name, 'speaker_state': speaker_state}, "
        "(coalesce(confidence, 0), id)) as told from told "
        "where speaker_name is not null or speaker_state is not null group by 1"
    )
    found = asked_table(store.database(), sql, events).to_pylist()
    return {row["event"]: dict(row["told"]) for row in found}


def with_speakers(store: Store, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of events with their speaker."""
    told = speakers(store, [row["id"] for row in rows])
    return [{**row, **NOBODY, **told.get(row["id"], {})} for row in rows]
