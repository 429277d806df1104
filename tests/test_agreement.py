"""Agreement of two readers is scored as a program is."""

from __future__ import annotations

import json
from pathlib import Path

from comity.evaluate.agreement import agreement

GOLD = {
    "events": [
        {"id": "a", "need": "must", "types": ["CONSULT"], "sources": ["FRA"], "targets": ["DEU"], "symmetric": True},
        {"id": "b", "need": "must", "types": ["SANCTION"], "sources": ["FRA"], "targets": ["RUS"]},
    ],
    "quotes": [],
    "never": [],
}
SECOND = {
    "events": [
        {"type": "CONSULT", "status": "occurred", "sources": ["DEU"], "targets": ["FRA"], "date": {}, "sure": "must"},
        {"type": "SANCTION", "status": "occurred", "sources": ["FRA"], "targets": ["RUS"], "date": {}, "sure": "may"},
        {"type": "AID", "status": "occurred", "sources": ["FRA"], "targets": ["UKR"], "date": {}, "sure": "may"},
    ],
    "quotes": [],
}


def test_must_rows_alone_and_all_rows(tmp_path: Path) -> None:
    for name, record in (("gold/x.gold.json", GOLD), ("second/x.json", SECOND)):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(json.dumps(record), "utf-8")
    must = agreement(tmp_path / "second", tmp_path / "gold", only_must=True)
    every = agreement(tmp_path / "second", tmp_path / "gold", only_must=False)
    assert (must["recall"], must["precision"]) == (0.5, 1.0)
    assert (every["recall"], every["precision"]) == (1.0, 0.667)
