"""Decisions and what is read after them: split parts stay asunder, merged events stay one, undoing unites again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from comity.read.items import Item
from comity.record.add import add
from comity.record.merge import MemoryNeighbourhood, Merger, NewDocument, ReportRow, Ruling
from comity.record.store import Store, open_record

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
torture: Any = import_module("torture")
WHY = {"reason": "two meetings", "author": "Ada"}
ARMS = "RUS met with USA on 2021-12-15 in Geneva about nuclear warheads and arms control."
ARMS_AGAIN = "RUS met with USA on 2021-12-15 in Geneva, where nuclear warheads were discussed."
NILE = "RUS met with USA on 2021-12-15 in Cairo over drought relief along the Nile delta."
NILE_AGAIN = "RUS met with USA on 2021-12-15 in Cairo: drought relief for the Nile delta was the matter."
NILE_THIRD = "RUS met with USA on 2021-12-15 about the Nile delta and drought relief, Cairo said."


def give(store: Store, *texts: str, again: bool = False) -> None:
    """Add texts, one document each."""
    items = [Item(key=f"made:{t}", name=t[-20:], load=lambda t=t: t.encode()) for t in texts]
    add(store, items, factory=torture.StubFactory(), any_language=True, again=again)


def parts(store: Store, events: str = "report_events") -> set[frozenset[str]]:
    """The evidence of the reports of each event."""
    rows = store.query(
        f"select l.event, list(r.evidence) as told from {events} l join raw_reports r on r.id = l.report group by 1"
    ).to_pylist()
    return {frozenset(row["told"]) for row in rows}


def report_of(store: Store, text: str) -> str:
    return str(store.query("select id from reports where evidence = ?", [text]).column(0)[0].as_py())


def event_of(store: Store, text: str) -> str:
    sql = "select event from report_events where report = ?"
    return str(store.query(sql, [report_of(store, text)]).column(0)[0].as_py())


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Store]:
    with open_record(tmp_path / "record") as store:
        give(store, ARMS, NILE)
        assert parts(store) == {frozenset({ARMS, NILE})}
        yield store


def test_a_third_report_joins_the_part_that_it_is_of(record: Store) -> None:
    whole = event_of(record, ARMS)
    record.split(whole, [report_of(record, NILE)], **WHY)
    kept, new = event_of(record, ARMS), event_of(record, NILE)
    give(record, NILE_AGAIN, ARMS_AGAIN)
    assert parts(record) == {frozenset({ARMS, ARMS_AGAIN}), frozenset({NILE, NILE_AGAIN})}
    assert parts(record, "raw_report_events") == parts(record)
    assert (event_of(record, ARMS_AGAIN), event_of(record, NILE_AGAIN)) == (kept, new)
    (decision,) = record.decisions()
    assert set(decision["events"]) == {kept, new} and decision["state"] == "in force"
    for name in (kept, new):
        assert any("two meetings" in why for why in record.explain(name).event["why"])


def test_the_part_with_the_name_giving_report_can_be_the_one_taken_out(record: Store) -> None:
    whole = event_of(record, ARMS)
    founder = record.explain(whole).event["founder"]
    record.split(whole, [founder], **WHY)
    names = event_of(record, ARMS), event_of(record, NILE)
    give(record, NILE_AGAIN, ARMS_AGAIN)
    assert parts(record) == {frozenset({ARMS, ARMS_AGAIN}), frozenset({NILE, NILE_AGAIN})}
    assert (event_of(record, ARMS_AGAIN), event_of(record, NILE_AGAIN)) == names and whole in names


def test_undoing_a_split_unites_what_came_since(record: Store, tmp_path: Path) -> None:
    whole = event_of(record, ARMS)
    one = record.split(whole, [report_of(record, NILE)], **WHY)
    give(record, NILE_AGAIN, ARMS_AGAIN)
    again = record.undo(one.id, reason="one meeting after all", author="Ada")
    with open_record(tmp_path / "undisturbed") as other:
        give(other, ARMS, NILE, NILE_AGAIN, ARMS_AGAIN)
        assert parts(record) == parts(other)
    assert event_of(record, NILE) == whole
    assert record.count("events") == record.query("select * from raw_events").num_rows == 1
    assert record.check().faults == ()
    record.undo(again.id, reason="two, really", author="Ada")  # the split is in force once more, later reports too
    assert parts(record) == {frozenset({ARMS, ARMS_AGAIN}), frozenset({NILE, NILE_AGAIN})}


def test_a_split_holds_when_its_documents_are_read_again(record: Store) -> None:
    record.split(event_of(record, ARMS), [report_of(record, NILE)], **WHY)
    give(record, ARMS, NILE, again=True)
    give(record, NILE_AGAIN, NILE_THIRD)
    assert parts(record) == {frozenset({ARMS}), frozenset({NILE, NILE_AGAIN, NILE_THIRD})}


def test_merged_events_stay_one_whatever_comes(tmp_path: Path) -> None:
    late = NILE.replace("12-15", "12-19")
    with open_record(tmp_path / "record") as store:
        give(store, ARMS, ARMS_AGAIN, late)
        first, second = event_of(store, ARMS), event_of(store, late)
        assert first != second
        one = store.merge(first, second, **WHY)
        give(store, NILE_AGAIN.replace("12-15", "12-19"), NILE_THIRD, NILE)
        assert {event_of(store, t) for t in (ARMS, ARMS_AGAIN, late)} == {first}
        assert event_of(store, NILE_AGAIN.replace("12-15", "12-19")) == first
        store.undo(one.id, **WHY)
        assert event_of(store, late) != event_of(store, ARMS)
        assert parts(store) == parts(store, "raw_report_events")


def test_imported_undoing_unites_too(record: Store, tmp_path: Path) -> None:
    from comity.record import decisions

    one = record.split(event_of(record, ARMS), [report_of(record, NILE)], **WHY)
    give(record, NILE_AGAIN)
    with open_record(tmp_path / "other") as other:
        give(other, ARMS, NILE)
        decisions.export(record, tmp_path / "first.jsonl")
        decisions.import_(other, tmp_path / "first.jsonl")
        other.undo(one.id, reason="one meeting", author="Bob")
        decisions.export(other, tmp_path / "second.jsonl")
    assert decisions.import_(record, tmp_path / "second.jsonl") == (1, 1)
    assert parts(record) == parts(record, "raw_report_events") == {frozenset({ARMS, NILE, NILE_AGAIN})}


def test_a_report_is_taken_out_of_a_large_event_and_stays_out() -> None:
    def document(name: str, text: str) -> NewDocument:
        row = ReportRow(
            id=name, document=f"d-{name}", type="CONSULT", status="occurred", sources=("RUS",), targets=("CHN",),
            evidence=text, symmetric=True,
        )  # fmt: skip
        return NewDocument(id=row.document, text=text, reports=(row,))

    many = [document(f"m{n:02}", f"Putin met Xi Jinping in Beijing, agency number {n} said.") for n in range(40)]
    store = MemoryNeighbourhood()
    for one in many:
        store.apply([one], Merger(store).add([one]))
    assert len(store.events) == 1
    apart = [Ruling(first=f"m{n:02}", second="m39", same=False) for n in range(20)]
    merger = Merger(store, rulings=lambda names: [r for r in apart if {r.first, r.second} & set(names)])
    for n in range(40, 60):
        one = document(f"m{n}", f"Putin met Xi Jinping in Beijing, agency number {n} said.")
        store.apply([one], merger.add([one]))
    assert store.event_of["m39"] != store.event_of["m00"]
    assert sum(e.reports for e in store.events.values()) == 60
    assert sorted(n for names in store.members.values() for n in names) == sorted(store.event_of)
    store.apply([], Merger(store).again(["m39", "m00"], [store.event_of["m00"]]))
    assert store.event_of["m39"] == store.event_of["m00"]
