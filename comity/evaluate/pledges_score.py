"""Judgements of pledges measured on gold: the state, the event that settles it, and how sure the judge is.

A gold file holds one case a line: an announced event, later events of its actors, the day from which it is seen, the
right state and the event that brings it.  The rows are made by hand, not by the reader.  Run
``python -m comity.evaluate.pledges_score [--detail] [FILE ...]``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

from comity.evaluate.checkout import ROOT
from comity.evaluate.goldfile import hash_of
from comity.model import Record
from comity.record.schema import table
from comity.relations.pledges.gather import gather
from comity.relations.pledges.listing import judged
from comity.relations.pledges.model import STATES, Pledge

Row = Mapping[str, Any]


class Case(Record, frozen=True):
    """A gold case: rows as in the file, the right state, the id of the event that settles it."""

    id: str
    as_of: date
    state: str
    by: str | None
    told: dict[str, Any]
    later: tuple[dict[str, Any], ...]


class Memory:
    """Tables of a record in memory, for questions in SQL."""

    def __init__(self, **tables: pa.Table) -> None:
        self.connection = duckdb.connect(":memory:")
        for name, rows in tables.items():
            self.connection.register(name, rows)

    def query(self, sql: str, values: Sequence[Any] = ()) -> pa.Table:
        """The answer as an Arrow table."""
        return self.connection.sql(sql, params=list(values)).to_arrow_table()


def read_cases(path: Path) -> list[Case]:
    """The cases of a file."""
    return [msgspec.json.decode(line, type=Case) for line in path.read_bytes().splitlines() if line.strip()]


def memory(rows: Iterable[Row]) -> Memory:
    """Gold rows as the tables of a record, each told by one document of its day."""
    listed = list(rows)
    return Memory(
        events=table("events").rows(event_row(r) for r in listed),
        reports=table("reports").rows(report_row(r) for r in listed),
        report_events=table("report_events").rows({"report": f"r-{r['id']}", "event": r["id"]} for r in listed),
        documents=table("documents").rows(
            {"id": f"d-{r['id']}", "published": day(r["told"]), "source": "Gold"} for r in listed
        ),
    )


def event_row(row: Row) -> dict[str, Any]:
    """A gold row as a merged event."""
    when = row["date"]
    return {
        "id": row["id"], "type": row["type"], "mode": row["mode"], "status": row["status"],
        "sources": row["sources"], "targets": row["targets"], "symmetric": row["symmetric"],
        "date_start": day(when["start"]), "date_end": day(when["end"]), "precision": when["precision"],
        "place_name": row["place"], "first_seen": day(row["told"]), "reports": 1, "outlets": 1, "documents": 1,
        "confidence": 0.8,
    }  # fmt: skip


def report_row(row: Row) -> dict[str, Any]:
    """The one report of a gold row."""
    return {
        "id": f"r-{row['id']}", "document": f"d-{row['id']}", "type": row["type"], "status": row["status"],
        "sources": row["sources"], "targets": row["targets"], "evidence": row["text"], "evidence_start": 0,
        "evidence_end": len(row["text"]), "confidence": 0.8, "participants": "[]",
    }  # fmt: skip


def day(text: str | None) -> date | None:
    """A day from text."""
    return date.fromisoformat(text) if text else None


def answer(case: Case) -> Pledge:
    """The judgement on a case."""
    tables = memory((case.told, *case.later))
    found = judged(gather(tables, "id = ?", [case.told["id"]], case.as_of), case.as_of)
    return found[0]


def naive(case: Case) -> str:
    """A plain answer to compare with: the first later event of the type decides by its status, else the days do."""
    told, later = case.told, sorted(case.later, key=lambda r: (r["told"], r["id"]))
    sides = {*told["sources"], *told["targets"]}
    for row in later:
        if row["type"] == told["type"] and sides == {*row["sources"], *row["targets"]} and row["told"] > told["told"]:
            return {"occurred": "fulfilled", "negated": "broken", "announced": "overtaken"}.get(row["status"], "open")
    end = told["date"]["end"]
    return "lapsed" if end and date.fromisoformat(end) < case.as_of else "open"


def score_file(path: Path) -> tuple[dict[str, float], list[str], str]:
    """Scores of a gold file, single mistakes in words, and the hash of the file."""
    cases = read_cases(path)
    answers = [answer(c) for c in cases]
    right = [a.state == c.state for a, c in zip(answers, cases, strict=True)]
    settled = [(a, c) for a, c in zip(answers, cases, strict=True) if c.by is not None]
    exact = [a.state == c.state and a.settled is not None and a.settled.act.id == c.by for a, c in settled]
    sure = [r for r, a in zip(right, answers, strict=True) if not a.doubtful]
    shown = {
        "pledges": float(len(cases)),
        "accuracy": mean(right),
        "macro F1": macro(answers, cases),
        "settled by the right event": mean(exact),
        "accuracy where not doubtful": mean(sure),
        "not doubtful": mean([not a.doubtful for a in answers]),
        "accuracy, first event of the type": mean([naive(c) == c.state for c in cases]),
    }
    for state in STATES:
        wanted = [a.state == state for a, c in zip(answers, cases, strict=True) if c.state == state]
        given = [c.state == state for a, c in zip(answers, cases, strict=True) if a.state == state]
        shown[f"{state}: recall of {len(wanted)}"] = mean(wanted)
        shown[f"{state}: precision of {len(given)}"] = mean(given)
    notes = [mistake(a, c) for a, c in zip(answers, cases, strict=True) if a.state != c.state]
    return shown, notes, hash_of(path)


def mean(values: Sequence[bool]) -> float:
    """The part that is true."""
    return round(sum(values) / len(values), 3) if values else 0.0


def macro(answers: Sequence[Pledge], cases: Sequence[Case]) -> float:
    """F1 over states that the gold has, each weighing the same."""
    pairs = Counter((str(a.state), c.state) for a, c in zip(answers, cases, strict=True))
    wanted = sorted({c.state for c in cases})
    found = []
    for state in wanted:
        hit = pairs[state, state]
        all_given = sum(n for (given, _), n in pairs.items() if given == state)
        all_gold = sum(n for (_, gold), n in pairs.items() if gold == state)
        found.append(2 * hit / (all_given + all_gold))
    return round(sum(found) / len(found), 3)


def mistake(found: Pledge, case: Case) -> str:
    """One mistake in words."""
    by = found.settled.act.id if found.settled else "nothing"
    rivals = "; ".join(f"{s.kind} {s.act.id} {s.score}: {', '.join(s.reasons)}" for s in found.rivals)
    return f"{case.id}: {found.state} ({found.score}) by {by}, not {case.state}: {'; '.join(found.reasons)} | {rivals}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of gold files, the project's own without arguments; ``--detail`` lists mistakes."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    named = [Path(a) for a in given if not a.startswith("--")]
    for path in named or [ROOT / "gold" / "pledges" / f"{part}.jsonl" for part in ("dev", "test")]:
        scores, notes, digest = score_file(path)
        if "--json" in given:
            print(json.dumps({"file": path.name, "hash": digest, "scores": scores}))
            continue
        print(f"{path.stem}  (gold {digest})")
        for name, value in scores.items():
            print(f"  {name:36} {value:g}")
        for note in notes if "--detail" in given else ():
            print(f"  {note}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
