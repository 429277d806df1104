"""Decisions of the user as gold: how often what was read is right, by how sure the reader was.

An event counts when somebody confirmed, corrected or rejected it.  It is right when what is read
today agrees with what was decided in type, status, both sides and day.  Events are chosen by
whoever judges, and `comity review` shows the doubtful ones first: the figures hold for each band of
confidence, not for the record as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from comity.errors import NothingDecided
from comity.model import Record
from comity.record.store import Store, open_record

BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FIELDS = ("type", "mode", "status", "sources", "targets", "date")
COUNTED = ("type", "status", "sources", "targets", "date")
"""Fields that must agree for an event to be right."""
JUDGING = "('confirm', 'correct', 'reject')"


class Judged(Record, frozen=True):
    """One judged event: as it is read today (``read``), and as it should be; ``gold`` is None where it is no event."""

    event: str
    evidence: str
    document: str | None
    confidence: float
    read: Mapping[str, Any]
    gold: Mapping[str, Any] | None
    wrong: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether it is an event, and the fields that count agree."""
        return self.gold is not None and not set(self.wrong) & set(COUNTED)


class Band(Record, frozen=True):
    """Events read with confidence ``low`` up to ``high``: how many are right, with a 95 % interval of the share."""

    low: float
    high: float
    events: int
    right: int
    confidence: float
    precision: float
    interval: tuple[float, float]


class OwnScore(Record, frozen=True):
    """The reader on a user's record.  ``lost`` counts decisions whose event is no longer read at all."""

    events: int
    right: int
    rejected: int
    precision: float
    bands: tuple[Band, ...]
    fields: Mapping[str, float]
    lost: int
    error: float


def own_gold(store: Store) -> tuple[Judged, ...]:
    """The judged events of a record, in the order of their ids."""
    sql = (
        f"select distinct a.event from decided_about a join decisions d on d.id = a.decision where d.kind in {JUDGING}"
    )
    names = sorted(store.query(sql).column(0).to_pylist())
    return tuple(one for name in names if (one := _judged(store, name)) is not None)


def score(judged: Sequence[Judged], lost: int = 0) -> OwnScore:
    """Precision of all and by band of confidence, agreement by field, and the calibration error."""
    right = sum(j.right for j in judged)
    events = [j for j in judged if j.gold is not None]
    bands = tuple(b for low, high in pairwise(BANDS) if (b := _band(judged, low, high)) is not None)
    gap = sum(b.events * abs(b.confidence - b.precision) for b in bands)
    return OwnScore(
        events=len(judged),
        right=right,
        rejected=len(judged) - len(events),
        precision=right / len(judged) if judged else 0.0,
        bands=bands,
        fields={f: sum(f not in j.wrong for j in events) / len(events) for f in FIELDS} if events else {},
        lost=lost,
        error=gap / len(judged) if judged else 0.0,
    )


def score_own(record: Path | None) -> OwnScore:
    """The score of a record.  Raises `NothingDecided`."""
    with open_record(record, create=False) as store:
        judged = own_gold(store)
        if not judged:
            raise NothingDecided(
                "nothing was judged in this record", about=str(store.path), fix="judge some events with `comity review`"
            )
        return score(judged, len(store.decisions(orphaned=True)))


def report_own(record: Path | None, *, json_out: bool = False) -> int:
    """Print the score of a record; the exit status."""
    import sys

    import msgspec

    found = score_own(record)
    if json_out:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return 0
    table = Table(box=None, pad_edge=False)
    for column in ("confidence", "events", "right", "precision", "95 % interval", "mean confidence"):
        table.add_column(column, justify="right")
    for b in found.bands:
        table.add_row(
            f"{b.low:.1f} to {b.high:.1f}", str(b.events), str(b.right), f"{b.precision:.3f}",
            f"{b.interval[0]:.2f} to {b.interval[1]:.2f}", f"{b.confidence:.2f}",
        )  # fmt: skip
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"{found.right} of {found.events} judged events are read right ({found.precision:.3f}); "
        f"{found.rejected} are none; {found.lost} decisions are on what is no longer read."
    )
    console.print("Agreement: " + ", ".join(f"{k} {v:.3f}" for k, v in found.fields.items()))
    console.print(f"Calibration error {found.error:.3f}. Review shows doubtful events first: read it by band.")
    return 0


def _judged(store: Store, event: str) -> Judged | None:
    """One event: the surest report as read against what was decided."""
    sql = (
        "select r.* exclude (words) from (select * from report_events union all by name select * from rejected_links) "
        "l join raw_reports r on r.id = l.report where l.event = ? order by r.confidence desc, r.id limit 1"
    )
    reports = store.query(sql, [event]).to_pylist()
    if not reports:
        return None
    raw = store.query(
        "select e.* from raw_events e join raw_report_events l on l.event = e.id where l.report = ?", [reports[0]["id"]]
    ).to_pylist()
    shown = store.query("select * from events where id = ?", [event]).to_pylist()
    read = _fields(raw[0] if raw else reports[0])
    gold = _fields(shown[0]) if shown else None
    return Judged(
        event=event,
        evidence=reports[0]["evidence"] or "",
        document=reports[0]["document"],
        confidence=float((raw[0] if raw else reports[0])["confidence"] or 0.0),
        read=read,
        gold=gold,
        wrong=tuple(f for f in FIELDS if gold is not None and read[f] != gold[f]),
    )


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {f: row[f] for f in ("type", "mode", "status")}
    found |= {side: sorted(row[side] or ()) for side in ("sources", "targets")}
    return found | {"date": [row["date_start"], row["date_end"] or row["date_start"]]}


def _band(judged: Iterable[Judged], low: float, high: float) -> Band | None:
    inside = [j for j in judged if low <= j.confidence < high or (high == BANDS[-1] and j.confidence >= high)]
    if not inside:
        return None
    right = sum(j.right for j in inside)
    return Band(
        low=low,
        high=high,
        events=len(inside),
        right=right,
        confidence=sum(j.confidence for j in inside) / len(inside),
        precision=right / len(inside),
        interval=wilson(right, len(inside)),
    )


def wilson(right: int, number: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson interval of a share."""
    if not number:
        return (0.0, 1.0)
    share, square = right / number, z * z
    middle = (share + square / (2 * number)) / (1 + square / number)
    half = z * math.sqrt(share * (1 - share) / number + square / (4 * number * number)) / (1 + square / number)
    return (max(0.0, middle - half), min(1.0, middle + half))
