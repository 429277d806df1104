"""A record for the tests of the page: a pair whose relation turns, a pledge, and texts that would like to be markup."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from comity.record.store import open_record

HOSTILE = (
    "<script>window.broken=1</script>", "<img src=x onerror=\"window.broken=1\">", "\"><svg onload=window.broken=1>",
    "'-window.broken=1-'", "javascript:window.broken=1", "{{window.broken=1}}", "${window.broken=1}",
    "<iframe srcdoc='<script>parent.broken=1</script>'>", "</title><script>window.broken=1</script>",
    "<a href=\"javascript:window.broken=1\">press</a>", "<style>*{display:none}</style>", "<!--", "]]>", "&lt;b&gt;",
    "\u202etxet desrever\u202c", "\u2066isolated\u2069 \u202b right \u202c", "مرحبا <b>world</b>", "\u200b\u200d\ufeff",
    "<form action=https://example.org><button>", "<base href=https://example.org/>",
)  # fmt: skip
NUMBER = 200
"""Hostile titles, names and quotations."""


def hostile(number: int) -> str:
    """One of the hostile texts, told apart by its number."""
    return f"{HOSTILE[number % len(HOSTILE)]} no. {number}"


def report(name: str, document: str, text: str, day: date, **fields: Any) -> dict[str, Any]:
    """A row of `reports`: the sentence is the whole text of its document."""
    act = text.index("met") if "met" in text else text.index("a")
    participants = [{"role": "source", "name": "Russia", "state": "RUS", "office": None, "sector": None, "start": 0, "end": 6}]
    return {
        "id": f"r-{name}", "document": document, "type": "CONSULT", "mode": "visit", "cameo": "042",
        "status": "occurred", "sources": ["RUS"], "targets": ["CHN"], "participants": json.dumps(participants),
        "date_start": day, "date_end": day, "precision": "day", "evidence_start": 0, "evidence_end": len(text),
        "evidence": text, "anchor_start": act, "anchor_end": act + 3, "anchor": text[act : act + 3],
        "symmetric": False, "confidence": 0.9, "why": ["a rule of the test"], "run": "run-1", **fields,
    }  # fmt: skip


def event(name: str, told: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The row of `events` of one report."""
    columns = (
        "type", "mode", "cameo", "status", "sources", "targets", "date_start", "date_end", "precision", "symmetric",
        "confidence", "run",
    )  # fmt: skip
    return {
        **{c: told[c] for c in columns}, "id": f"e-{name}", "reports": 1, "outlets": 1, "stories": 1, "documents": 1,
        "first_seen": told["date_start"] + timedelta(days=1), "founder": told["id"], "disputes": [], "why": [], **fields,
    }  # fmt: skip


def acts() -> list[tuple[str, date, str, dict[str, Any]]]:
    """What happened between the two: quarrels until 2015, then talks that grow to many a month from 2019."""
    found: list[tuple[str, date, str, dict[str, Any]]] = []
    for year in range(2010, 2016):
        day = date(year, 3, 10)
        text = f"Russia accused China again in {year}."
        found.append((f"quarrel-{year}", day, text, {"type": "ACCUSE", "mode": "allege", "cameo": "112"}))
    for year in range(2012, 2022):
        for month in range(1, 13, 6 if year < 2019 else 1):
            for turn in range(1 if year < 2019 else 2):
                day = date(year, month, 5 + turn * 9)
                found.append((f"talk-{year}-{month}-{turn}", day, f"Russia met China on {day}.", {}))
    text = "Russia will visit China for the games."
    found.append(("games", date(2022, 2, 4), text, {"status": "announced"}))
    return found


def make(path: Path) -> Path:
    """Make the record in a folder."""
    documents, reports, events, links = [], [], [], []
    for n, (name, day, text, fields) in enumerate(acts()):
        told = report(name, f"d-{name}", text, day, **fields)
        seen = min(day, date(2021, 12, 15))
        documents.append(document(f"d-{name}", text, hostile(n) if n < 60 else f"Talks, part {n}", seen))
        reports.append(told)
        place = {"place_name": "Beijing", "place_country": "CHN", "place_lat": 39.9, "place_lon": 116.4}
        events.append(event(name, told, first_seen=seen + timedelta(days=1), **(place if n % 3 == 0 else {})))
        links.append({"report": told["id"], "event": f"e-{name}", "score": 1.0, "why": []})
    for n in range(NUMBER):
        text = f"Iran met Iraq. {hostile(n)}"
        day = date(2020, 1, 1) + timedelta(days=n)
        told = report(f"h{n}", f"d-h{n}", text, day, sources=["IRN"], targets=["IRQ"], speaker_name=hostile(n))
        documents.append(document(f"d-h{n}", text, hostile(n), day))
        reports.append(told)
        events.append(event(f"h{n}", told, place_name=hostile(n), place_country="IRN", place_lat=35.0, place_lon=51.0))
        links.append({"report": told["id"], "event": f"e-h{n}", "score": 1.0, "why": [hostile(n)]})
    with open_record(path) as store, store.write() as batch:
        batch.append("documents", documents)
        batch.append("reports", reports)
        batch.append("events", events)
        batch.append("report_events", links)
        batch.append("quotations", quotations())
    return path


def document(name: str, text: str, title: str, day: date) -> dict[str, Any]:
    """A row of `documents`."""
    return {
        "id": name, "key": f"file:{name}", "name": f"{name}.txt", "title": title, "published": day + timedelta(days=1),
        "source": "Example Times", "url": None, "language": "en", "text": text, "run": "run-1",
    }  # fmt: skip


def quotations() -> list[dict[str, Any]]:
    """Rows of `quotations`: hostile words of speakers with hostile names."""
    return [
        {
            "id": f"q-{n}", "document": f"d-h{n}", "start": 15, "end": 20, "text": hostile(n), "kind": "direct",
            "speaker_name": hostile(n), "speaker_state": "IRN", "addressee_state": "IRQ", "cue": "said",
        }
        for n in range(NUMBER)
    ]  # fmt: skip
