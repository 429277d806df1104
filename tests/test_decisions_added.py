"""Events that somebody added, and corrections of place, count and participants: shown, undone, found after reading anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from webrecord import TEXT, make, report

from comity.cli.main import app
from comity.errors import BadDecision, BadUsage, UnknownDocument, UnknownName
from comity.record import decisions
from comity.record.store import Store, open_record
from comity.relations.relation import relation

WHY = {"reason": "the reader missed it", "author": "Ada"}
WORDS = "Lavrov praised China."
AT = TEXT.index(WORDS)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Store]:
    with open_record(make(tmp_path / "record")) as store:
        yield store


def missed(store: Store, **given: Any) -> Any:
    fields = {"type": "consult", "source": "RUS", "target": "USA", "date": "2021-12", **WHY, **given}
    return store.add_event("d-1", AT, AT + len(WORDS), **fields)


def event(store: Store, name: str) -> dict[str, Any]:
    (found,) = [e for e in store.events().to_pylist() if e["id"] == name]
    return dict(found)


def test_an_added_event_is_shown_everywhere(record: Store) -> None:
    before = record.counts()
    one = missed(record, place="Tripoli, Lebanon", count=3, speaker="Anna", participants=["source: Sergey Lavrov, RUS"])
    found = event(record, one.event)
    assert (found["type"], found["sources"], found["targets"], found["run"]) == ("CONSULT", ["RUS"], ["USA"], "by hand")
    assert (found["place_name"], found["place_country"], found["count"]) == ("Tripoli", "LBN", 3)
    assert (found["date_start"], found["date_end"], found["documents"]) == (date(2021, 12, 1), date(2021, 12, 31), 1)
    after = record.counts()
    assert (after["events"], after["reports"]) == (before["events"] + 1, before["reports"] + 1)
    hit = {h["event"] for h in record.search("lavrov praised").to_pylist()}
    assert one.event in hit
    told = record.explain(one.event)
    assert told.told[0].evidence == WORDS and told.told[0].before.endswith("agreement. 😀 ")
    assert [d["kind"] for d in told.decisions] == ["add"] and "Ada" in told.event["why"][0]
    series = relation(record, "RUS", "USA", by="month", since="2021-11", until="2022-01").series
    assert float(series.events["cooperation"].sum()) == 1.0


def test_it_is_corrected_merged_split_rejected_and_undone_like_another(record: Store) -> None:
    before = record.counts()
    one = missed(record)
    record.correct(one.event, type="AGREE", target="FRA", reason="x", author="Ada")
    assert (event(record, one.event)["type"], event(record, one.event)["targets"]) == ("AGREE", ["FRA"])
    merged = record.merge("e-visit", one.event, reason="x", author="Ada")
    assert event(record, "e-visit")["reports"] == 2 and record.explain(one.event).event["id"] == "e-visit"
    record.undo(merged.id, reason="x", author="Ada")
    record.reject(one.event, reason="x", author="Ada")
    assert record.counts()["events"] == before["events"] and record.explain(one.event).told
    record.undo(one.id, reason="x", author="Ada")
    assert record.counts()["events"] == before["events"] and record.counts()["reports"] == before["reports"]
    assert [d["state"] for d in record.decisions() if d["kind"] in ("add", "reject")] == ["undone", "orphaned"]


def test_what_is_read_already_is_not_added_again(record: Store) -> None:
    for wrong in ({"type": "SUPPORT", "target": "CHN"}, {"type": "walk"}, {"source": None, "target": None},
                  {"source": "Nobody at all"}, {"count": 0}, {"place": "Nowhereville"}):  # fmt: skip
        with pytest.raises((BadDecision, BadUsage, UnknownName)):
            missed(record, **wrong)
    for start, end in ((-1, 5), (5, 5), (0, 10**6)):
        with pytest.raises(BadDecision):
            record.add_event("d-1", start, end, type="AID", source="RUS", target="USA", **WHY)
    with pytest.raises(UnknownDocument):
        record.add_event("d-none", 0, 5, type="AID", source="RUS", target="USA", **WHY)
    assert not record.decisions()


def test_a_reader_that_finds_it_later_makes_it_that_event(record: Store) -> None:
    one = missed(record)
    other = record.correct(one.event, status="announced", reason="x", author="Ada")
    number = record.count("events")
    row = report("praise", id="r-new", mode=None, sources=["RUS"], targets=["USA"], date_start=date(2022, 1, 1))
    fields = ("type", "mode", "cameo", "status", "sources", "targets", "date_start", "precision", "symmetric", "run")
    with record.write() as batch:
        batch.append("reports", [row])
        batch.append("events", [{**{f: row[f] for f in fields}, "id": "e-new", "founder": "r-new", "reports": 1}])
        batch.append("report_events", [{"report": "r-new", "event": "e-new", "score": 1.0, "why": []}])
    assert record.count("events") == number
    now = event(record, "e-new")
    assert (now["date_start"], now["status"]) == (date(2021, 12, 1), "announced")
    assert [(d["id"], d["events"], d["state"]) for d in record.decisions()] == [
        (one.id, ["e-new"], "in force"), (other.id, ["e-new"], "in force"),
    ]  # fmt: skip


def test_it_stays_with_a_new_version_of_its_document(record: Store) -> None:
    one = missed(record)
    (row,) = record.query("select * exclude (generation) from documents").to_pylist()
    with record.write() as batch:
        batch.remove("documents", ["d-1"])
        batch.append("documents", [row | {"id": "d-2", "text": "Corrected. " + TEXT}])
    told = record.explain(one.event).told[0]
    assert (told.report["document"], told.report["evidence_start"]) == ("d-2", AT + len("Corrected. "))
    with record.write() as batch:
        batch.append("documents", [row | {"id": "d-2", "text": "Something else."}])
        batch.remove("documents", ["d-2"])
    assert [d["state"] for d in record.decisions()] == ["orphaned"]


def test_decisions_travel_with_what_they_add(record: Store, tmp_path: Path) -> None:
    one = missed(record, place="Geneva")
    decisions.export(record, tmp_path / "decided.jsonl")
    with open_record(make(tmp_path / "other")) as other:
        assert decisions.import_(other, tmp_path / "decided.jsonl") == (1, 0)
        assert event(other, one.event)["place_country"] == "CHE"


def test_place_count_and_participants_are_corrected(record: Store) -> None:
    record.correct("e-visit", place="Geneva", count=2, reason="x", author="Ada")
    found = event(record, "e-visit")
    assert (found["place_name"], found["place_country"], found["count"]) == ("Geneva", "CHE", 2)
    assert found["place_lat"] == pytest.approx(46.2, abs=0.1)
    who = ["source: Wang Yi, foreign minister, CHN", {"role": "target", "name": "Sergey Lavrov", "state": "Russia"}]
    record.correct("e-visit", participants=who, reason="x", author="Ada")
    assert (event(record, "e-visit")["sources"], event(record, "e-visit")["targets"]) == (["CHN"], ["RUS"])
    record.correct("e-visit", target="RUS,KAZ", reason="x", author="Ada")
    other = [{**who[1], "office": "minister"}, "source: Wang Yi, foreign minister, CHN"]  # type: ignore[dict-item]
    record.correct("e-visit", participants=other, reason="x", author="Ada")
    assert event(record, "e-visit")["targets"] == ["RUS", "KAZ"]  # nobody is named for one of them, and it stays
    record.undo(record.decisions()[-1]["id"], reason="x", author="Ada")
    (told,) = record.reports(event="e-visit").to_pylist()
    parts = json.loads(told["participants"])
    assert [(p["role"], p["name"], p["office"], TEXT[p["start"] : p["end"]]) for p in parts] == [
        ("source", "Wang Yi", "foreign minister", "Wang Yi"), ("target", "Sergey Lavrov", None, "Sergey Lavrov"),
    ]  # fmt: skip
    record.correct("e-visit", place="none", count="none", participants="none", reason="x", author="Ada")
    assert (event(record, "e-visit")["place_name"], event(record, "e-visit")["count"]) == (None, None)
    assert json.loads(record.reports(event="e-visit").to_pylist()[0]["participants"]) == []
    with pytest.raises(BadDecision):
        record.correct("e-visit", participants=["Wang Yi"], reason="x", author="Ada")
    for name in [d["id"] for d in record.decisions() if d["kind"] == "correct" and d["state"] == "in force"][::-1]:
        record.undo(name, reason="x", author="Ada")
    assert event(record, "e-visit")["place_name"] == "Beijing"


def test_the_commands_say_so_too(record: Store) -> None:
    run = CliRunner()
    given = ["insert", "d-1", "--words", WORDS, "--type", "AID", "--source", "RUS", "--target", "CHN", "--count", "2"]
    told = run.invoke(app, [*given, "--place", "Geneva", "--reason", "x", "--record", str(record.path), "--json"])
    assert told.exit_code == 0, told.output
    name = json.loads(told.stdout)["event"]
    assert (event(record, name)["count"], event(record, name)["place_name"]) == (2, "Geneva")
    wrong = run.invoke(app, ["insert", "d-1", "--words", "not there", "--type", "AID", "--record", str(record.path)])
    assert wrong.exit_code != 0 and "does not have these words" in str(wrong.exception)
    nowhere = run.invoke(app, ["insert", "d-none", "--words", WORDS, "--type", "AID", "--record", str(record.path)])
    assert isinstance(nowhere.exception, UnknownDocument) and "no such document" in str(nowhere.exception)
    who = ["--participant", "source: Wang Yi, CHN", "--reason", "x", "--record", str(record.path), "--json"]
    assert run.invoke(app, ["correct", name, *who]).exit_code == 0
    # Nobody was named who acted for Russia, so that it stays.
    assert event(record, name)["sources"] == ["RUS", "CHN"]
