"""Agreement of two readers is scored as a program is; what news is made of is counted."""

from __future__ import annotations

import json
from pathlib import Path

from comity.evaluate.agreement import agreement
from comity.evaluate.makeup import Makeup, makeup

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


def test_a_program_need_not_say_how_sure_it_is(tmp_path: Path) -> None:
    unmarked = [{k: v for k, v in event.items() if k != "sure"} for event in SECOND["events"]]
    for name, record in (("gold/x.gold.json", GOLD), ("theirs/x.json", {**SECOND, "events": unmarked})):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(json.dumps(record), "utf-8")
    found = agreement(tmp_path / "theirs", tmp_path / "gold", only_must=True)
    assert (found["recall"], found["precision"]) == (1.0, 0.667)


def test_what_a_coder_without_status_and_dates_would_misplace() -> None:
    def event(status: list[str], last: str, need: str = "must") -> dict[str, object]:
        return {"need": need, "status": status, "date": [last, last]}

    article = {
        "published": "2014-03-10",
        "events": [
            event(["occurred"], "2014-03-09"),
            event(["occurred"], "1994-01-14"),
            event(["announced", "possible"], "2014-05-01"),
            event(["announced", "occurred"], "2014-03-10"),
            event(["negated"], "2014-03-10", need="may"),
        ],
    }
    assert makeup([article]) == Makeup(articles=1, events=4, not_happened=1, before_the_news=1)
