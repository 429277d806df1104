"""A small record for the tests of the server: one article with three events, a quotation, and imported events."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from comity.record.store import open_record

TEXT = (
    "Wang Yi received Sergey Lavrov in Beijing on Tuesday. Russia and China signed an agreement. 😀 Lavrov praised China."
)
TOLD = {
    "visit": "Wang Yi received Sergey Lavrov in Beijing on Tuesday.",
    "deal": "Russia and China signed an agreement.",
    "praise": "Lavrov praised China.",
}
LAVROV = '[{"role":"source","name":"Sergey Lavrov","state":"RUS","office":null,"sector":"GOV","start":17,"end":30}]'


def report(name: str, **fields: Any) -> dict[str, Any]:
    """A row of `reports` about a sentence of TEXT."""
    text = TOLD[name]
    start = TEXT.index(text)
    return {
        "id": f"r-{name}", "document": "d-1", "type": "CONSULT", "mode": "visit", "cameo": "042", "status": "occurred",
        "sources": ["RUS"], "targets": ["CHN"], "participants": "[]", "date_start": date(2021, 12, 14),
        "date_end": date(2021, 12, 14), "precision": "day", "evidence_start": start, "evidence_end": start + len(text),
        "evidence": text, "symmetric": False, "confidence": 0.9, "why": ["a rule"], "run": "run-1", **fields,
    }  # fmt: skip


def event(name: str, **fields: Any) -> dict[str, Any]:
    """A row of `events`."""
    return {
        "id": f"e-{name}", "type": "CONSULT", "mode": "visit", "cameo": "042", "status": "occurred", "sources": ["RUS"],
        "targets": ["CHN"], "date_start": date(2021, 12, 14), "date_end": date(2021, 12, 14), "precision": "day",
        "symmetric": False, "confidence": 0.9, "reports": 1, "outlets": 1, "stories": 1, "documents": 1,
        "first_seen": date(2021, 12, 15), "founder": f"r-{name}", "disputes": [], "why": [], "run": "run-1", **fields,
    }  # fmt: skip


def imported(number: int) -> dict[str, Any]:
    """An imported event: a row of `events` without reports of documents."""
    return event(
        f"old{number}", type="ASSAULT" if number % 3 else "AID", mode=None, date_start=date(2014, number, 1),
        date_end=date(2014, number, 1), imported_from="icews", confidence=None, documents=0, founder=None,
    )  # fmt: skip


def make(path: Path, title: str = "=Talks & <b>pacts</b>") -> Path:
    """Make the record in a folder."""
    start = TEXT.index("Lavrov praised")
    with open_record(path) as store, store.write() as batch:
        batch.append("documents", [{
            "id": "d-1", "key": "file:one", "name": "one.txt", "title": title, "published": date(2021, 12, 15),
            "source": "Example Times", "url": "https://example.org/one", "language": "en", "text": TEXT, "run": "run-1",
        }])  # fmt: skip
        batch.append("reports", [
            report("visit", participants=LAVROV, anchor_start=8, anchor_end=16, anchor="received"),
            report("deal", type="SUPPORT", mode=None, symmetric=True),
            report("praise", type="SUPPORT", mode=None, status="announced", speaker_name="Sergey Lavrov"),
        ])  # fmt: skip
        batch.append("events", [
            event("visit", place_name="Beijing", place_country="CHN", place_lat=39.9, place_lon=116.4),
            event("deal", type="SUPPORT", mode=None, symmetric=True),
            event("praise", type="SUPPORT", mode=None, status="announced", confidence=0.5),
            *(imported(n) for n in range(1, 13)),
        ])  # fmt: skip
        batch.append("report_events", [{"report": f"r-{n}", "event": f"e-{n}", "score": 1.0, "why": []} for n in TOLD])
        batch.append("quotations", [{
            "id": "q-1", "document": "d-1", "start": start, "end": start + 21, "text": TEXT[start : start + 21],
            "kind": "direct", "speaker_name": "Sergey Lavrov", "speaker_state": "RUS", "cue": "said",
        }])  # fmt: skip
        batch.append("mentions", [{
            "document": "d-1", "number": 0, "start": start, "end": start + 6, "actor": "Sergey Lavrov", "state": "RUS",
            "how": "person", "confidence": 1.0,
        }])  # fmt: skip
    return path


class StubReader:
    """Stands in for the warm reader: finds nothing."""

    def read(self, document: Any) -> Any:
        return document

    def close(self) -> None:
        pass
