"""Finds the reports that decisions are about: by id, or where their document was read anew, by the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
from rapidfuzz import fuzz

from comity.model import Record
from comity.record.decided.records import Anchor
from comity.record.index import Database

Row = Mapping[str, Any]
SAME: Final = 100.0
LIKE: Final = 85.0
"""From this likeness (0 to 100) one sentence is a part or a version of another."""
_NUMBER: Final = re.compile(r"\d+")
SHARE: Final = 0.5
"""Share of the shorter of two stretches that must lie in the other."""
_COLUMNS = (
    "id", "document", "type", "status", "sources", "targets", "date_start", "date_end", "evidence",
    "evidence_start", "evidence_end", "anchor", "anchor_start", "anchor_end",
)  # fmt: skip


class Pair(Record, frozen=True):
    """That an anchor may be this report now, and how well they agree."""

    score: float
    anchor: str
    report: str


def attach(database: Database, anchors: Iterable[Anchor]) -> dict[str, str]:
    """The report of today for each report that an anchor names; those that are found nowhere are left out."""
    asked = {a.report: a for a in anchors}
    if not asked:
        return {}
    sql = "select r.id from raw_reports r semi join asked a on r.id = a.name"
    found = {name: name for (name,) in answer(database, sql, asked)}
    lost = [a for a in asked.values() if a.report not in found and a.document]
    if not lost:
        return found
    rows = near(database, lost)
    # Anchors of one document as one run read it are different reports, and must stay so.
    groups: dict[tuple[str | None, str | None], list[Anchor]] = {}
    for one in lost:
        groups.setdefault((one.document, one.run), []).append(one)
    for (document, run), group in groups.items():
        taken = {a.report for a in asked.values() if a.document == document and a.run == run and a.report in found}
        found |= _assigned(group, rows.get(document or "", ()), taken)
    return found


def answer(database: Database, sql: str, names: Iterable[str]) -> list[tuple[Any, ...]]:
    """The rows of a query over the tables and ``asked(name)``."""
    return list(zip(*(c.to_pylist() for c in asked_table(database, sql, names).columns), strict=True))


def asked_table(database: Database, sql: str, names: Iterable[str]) -> pa.Table:
    """The answer to a query over the tables and ``asked(name)``."""
    return database.joined(pa.table({"name": pa.array(list(names), pa.string())}), sql)


def near(database: Database, lost: Sequence[Anchor]) -> dict[str, list[Row]]:
    """The reports of the documents of these anchors; of a document that is gone, those from the same place."""
    documents = {a.document for a in lost if a.document}
    sql = "select d.id from documents d semi join asked a on d.id = a.name"
    there = {name for (name,) in answer(database, sql, documents)}
    homes: dict[str, set[str]] = {d: {d} for d in there}
    keys = {a.key for a in lost if a.key and a.document not in there}
    if keys:
        sql = "select d.key, d.id from documents d semi join asked a on d.key = a.name"
        by_key: dict[str, set[str]] = {}
        for key, document in answer(database, sql, keys):
            by_key.setdefault(key, set()).add(document)
        for one in lost:
            if one.document and one.document not in there:
                homes.setdefault(one.document, set()).update(by_key.get(one.key or "", ()))
    columns = ", ".join(f"r.{c}" for c in _COLUMNS)
    sql = f"select {columns} from raw_reports r semi join asked a on r.document = a.name order by r.id"
    reports: dict[str, list[Row]] = {}
    for row in asked_table(database, sql, {d for home in homes.values() for d in home}).to_pylist():
        reports.setdefault(row["document"], []).append(row)
    return {name: [r for d in sorted(home) for r in reports.get(d, ())] for name, home in homes.items()}


def _assigned(anchors: Sequence[Anchor], rows: Sequence[Row], taken: set[str]) -> dict[str, str]:
    """Each anchor with at most one report, the best agreeing pairs first."""
    pairs = [
        Pair(score=score, anchor=a.report, report=r["id"])
        for a in anchors
        for r in rows
        if r["id"] not in taken and (score := agreement(a, r)) is not None
    ]
    found: dict[str, str] = {}
    used: set[str] = set()
    for one in sorted(pairs, key=lambda p: (-p.score, p.anchor, p.report)):
        if one.anchor not in found and one.report not in used:
            found[one.anchor] = one.report
            used.add(one.report)
    return found


def agreement(anchor: Anchor, row: Row) -> float | None:
    """How well a report agrees with an anchor, None where it cannot be the same.

    The sentence must be the same, in whole or in part.  Then two of three must agree: the type,
    the word that tells the act, and one of the actors at least.
    """
    place = _overlap(anchor, row)
    if place is None:
        return None
    kind = float(anchor.type == row["type"])
    word = _word(anchor, row)
    ours, theirs = {*anchor.sources, *anchor.targets}, {*(row["sources"] or ()), *(row["targets"] or ())}
    met = bool(ours & theirs) or (not ours and not theirs)
    if kind + word + met < 2:
        return None
    dates = (anchor.date_start, anchor.date_end) == (row["date_start"], row["date_end"])
    sides = _jaccard(anchor.sources, row["sources"]) + _jaccard(anchor.targets, row["targets"])
    status = float(anchor.status == row["status"])
    return 3 * kind + 2 * word + 2 * sides + float(dates) + 0.5 * status + place


def _overlap(anchor: Anchor, row: Row) -> float | None:
    """How far the sentences are the same: up to 1 for the words, up to 1 for the place.

    In the same document the words must be the same or stand in the same place; sentences of one form
    that differ in a day or a number are others.
    """
    here = row["document"] == anchor.document
    like = _like(" ".join(anchor.evidence.split()), " ".join((row["evidence"] or "").split()))
    place = _share(anchor.start, anchor.end, row["evidence_start"], row["evidence_end"]) if here else 0.0
    if place < SHARE and like < (SAME if here else LIKE):
        return None
    return like / SAME + place


def _like(old: str, new: str) -> float:
    """Likeness of two sentences, 0 to 100, which is the same or one within the other."""
    short, long = sorted((old, new), key=len)
    if short and short in long:
        return SAME
    if not short or set(_NUMBER.findall(old)) != set(_NUMBER.findall(new)):
        return 0.0
    return min(float(fuzz.partial_ratio(old, new)), SAME - 1)


def _word(anchor: Anchor, row: Row) -> float:
    """1 where the same word tells the act."""
    here = row["document"] == anchor.document
    if here and _share(anchor.word_start, anchor.word_end, row["anchor_start"], row["anchor_end"]) > 0:
        return 1.0
    return float(bool(anchor.word) and anchor.word.casefold() == (row["anchor"] or "").casefold())


def _share(a: int | None, b: int | None, c: int | None, d: int | None) -> float:
    """The part of the shorter of two stretches that lies in the other."""
    if a is None or b is None or c is None or d is None or a >= b or c >= d:
        return 0.0
    return max(0, min(b, d) - max(a, c)) / min(b - a, d - c)


def _jaccard(first: Sequence[str], second: Sequence[str] | None) -> float:
    ours, theirs = set(first), set(second or ())
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 1.0
