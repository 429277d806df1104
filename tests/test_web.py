"""The API over a small record: every answer in every form, errors, pages, and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from comity.record.store import open_record
from comity.web.app import make_app
from comity.web.settings import Settings

TEXT = "Wang Yi received Sergey Lavrov in Beijing on Tuesday. Russia and China signed an agreement. 😀 Lavrov praised China."


def report(name: str, text: str, **fields: Any) -> dict[str, Any]:
    """A row of `reports` about a sentence of TEXT."""
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of one article with three events and some imported ones."""
    path = tmp_path_factory.mktemp("web") / "record"
    told = {"visit": "Wang Yi received Sergey Lavrov in Beijing on Tuesday.", "deal": "Russia and China signed an agreement.",
            "praise": "Lavrov praised China."}  # fmt: skip
    with open_record(path) as store, store.write() as batch:
        batch.append("documents", [{
            "id": "d-1", "key": "file:one", "name": "one.txt", "title": "=Talks & <b>pacts</b>", "published": date(2021, 12, 15),
            "source": "Example Times", "url": "https://example.org/one", "language": "en", "text": TEXT, "run": "run-1",
        }])  # fmt: skip
        people = ('[{"role":"source","name":"Sergey Lavrov","state":"RUS","office":null,"sector":"GOV","start":17,"end":30}]')
        batch.append("reports", [
            report("visit", told["visit"], participants=people, anchor_start=8, anchor_end=16, anchor="received"),
            report("deal", told["deal"], type="SUPPORT", mode=None, symmetric=True),
            report("praise", told["praise"], type="SUPPORT", mode=None, speaker_name="Sergey Lavrov"),
        ])  # fmt: skip
        batch.append("events", [
            event("visit", place_name="Beijing", place_country="CHN", place_lat=39.9, place_lon=116.4),
            event("deal", type="SUPPORT", mode=None, symmetric=True),
            event("praise", type="SUPPORT", mode=None, status="announced", confidence=0.5),
            *(event(f"old{n}", type="ASSAULT" if n % 3 else "AID", mode=None, date_start=date(2014, n, 1), date_end=date(2014, n, 1),
                    imported_from="icews", confidence=None, documents=0, founder=None) for n in range(1, 13)),
        ])  # fmt: skip
        batch.append("report_events", [{"report": f"r-{n}", "event": f"e-{n}", "score": 1.0, "why": []} for n in told])
        start = TEXT.index("Lavrov praised")
        batch.append("quotations", [{
            "id": "q-1", "document": "d-1", "start": start, "end": start + 21, "text": TEXT[start : start + 21], "kind": "direct",
            "speaker_name": "Sergey Lavrov", "speaker_state": "RUS", "cue": "said",
        }])  # fmt: skip
        batch.append("mentions", [{"document": "d-1", "number": 0, "start": start, "end": start + 6, "actor": "Sergey Lavrov",
                                   "state": "RUS", "how": "person", "confidence": 1.0}])  # fmt: skip
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    """The page of that record."""
    with TestClient(make_app(Settings(record=folder, author="anna")), base_url="http://localhost") as found:
        yield found


def test_events_come_in_pages_that_meet(client: TestClient) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        asked = {"limit": 4, "order": "oldest"} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/events", params=asked).json()
        seen += [e["id"] for e in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 15
    assert seen[0] == "e-old1" and set(seen[-3:]) == {"e-visit", "e-deal", "e-praise"}


def test_offsets_count_as_javascript_does(client: TestClient) -> None:
    plain = client.get("/api/document/d-1").json()
    wide = client.get("/api/document/d-1", params={"offsets": "utf16"}).json()
    at, other = plain["quotations"][0]["start"], wide["quotations"][0]["start"]
    assert other == at + 1  # one character before it takes two units
    assert wide["text"].encode("utf-16-le")[2 * other : 2 * other + 12].decode("utf-16-le") == "Lavrov"
