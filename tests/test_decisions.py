"""Decisions on events: applied everywhere, undone, and found again when a document is read anew."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import BadDecision, BadDecisionFile, BadUsage, UnknownDecision, UnknownEvent, UnknownName
from comity.model import Document
from comity.record import decisions
from comity.record.add import add
from comity.record.decided.attach import agreement
from comity.record.decided.records import Anchor, Change, decision, undone
from comity.record.merge import report_row
from comity.record.merge.fields import merged
from comity.record.rows import document_rows, event_row, identity
from comity.record.store import Store, open_record

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
torture: Any = import_module("torture")
WHY = {"reason": "checked by hand", "author": "Ada"}


class NewerReader(torture.StubReader):  # type: ignore[misc]
    """Reads the same with other ids, now and then another type or nothing, and longer sentences."""

    def __call__(self, document: Document) -> Document:
        """The document as a newer model reads it."""
        read = super().__call__(document)
        events = []
        for event in read.events:
            draw = int(blake2b(event.id.encode(), digest_size=2).hexdigest(), 16) % 20
            if draw == 0:
                continue
            changes: dict[str, Any] = {"id": "n" + event.id, "confidence": 0.7}
            if draw == 1:
                changes["type"] = "SUPPORT"
            if draw == 2:
                changes["sources"] = ("BLR",)
            events.append(msgspec.structs.replace(event, **changes))
        return msgspec.structs.replace(read, events=tuple(events))


class NewerFactory(torture.StubFactory):  # type: ignore[misc]
    def __call__(self) -> Any:
        return NewerReader()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Store]:
    with open_record(tmp_path / "record") as store:
        add(store, torture.items(40), factory=torture.StubFactory(), any_language=True)
        yield store


def events(store: Store) -> list[dict[str, Any]]:
    return list(store.events().to_pylist())


def many(store: Store) -> dict[str, Any]:
    """An event with several reports."""
    return max(events(store), key=lambda e: (e["reports"], e["id"]))


def tables(store: Store) -> Any:
    names = ("events", "reports", "report_events")
    return [sorted(map(repr, store.query(f"select * from {n}").to_pylist())) for n in names]


def test_a_correction_is_seen_everywhere_and_the_reading_stays(record: Store) -> None:
    event = many(record)
    one = record.correct(event["id"], type="threaten", source="Belarus", status="possible", date="2020-02", **WHY)
    (now,) = [e for e in events(record) if e["id"] == event["id"]]
    assert (now["type"], now["status"], now["sources"], now["precision"]) == ("THREATEN", "possible", ["BLR"], "month")
    assert (now["date_start"], now["date_end"]) == (date(2020, 2, 1), date(2020, 2, 29))
    assert "Ada" in now["why"][-1] and "checked by hand" in now["why"][-1]
    assert event["id"] in record.events(actor="BLR", since="2020-02", until="2020-02").column("id").to_pylist()
    hits = [h for h in record.search('"about matter"', limit=None).to_pylist() if h["event"] == event["id"]]
    assert len(hits) == event["reports"] and {h["type"] for h in hits} == {"THREATEN"}
    told = record.explain(event["id"])
    assert {t.report["type"] for t in told.told} == {event["type"]}
    assert [d["id"] for d in told.decisions] == [one.id]
    assert len(events(record)) == record.count("events") == record.query("select * from raw_events").num_rows


def test_a_rejected_event_is_gone_but_explained(record: Store) -> None:
    event, before = many(record), record.counts()
    record.reject(event["id"], **WHY)
    after = record.counts()
    assert after["events"] == before["events"] - 1
    assert after["reports"] == before["reports"] - event["reports"]
    assert all(h["event"] != event["id"] for h in record.search("matter", limit=None).to_pylist())
    told = record.explain(event["id"])
    assert len(told.told) == event["reports"] and told.decisions[0]["kind"] == "reject"
    record.confirm(event["id"], author="Ada")
    assert record.counts()["events"] == before["events"]


def test_merging_and_splitting_move_reports_and_counts(record: Store) -> None:
    first, second = many(record), next(e for e in events(record) if e["id"] != many(record)["id"])
    total, number = record.count("reports"), record.count("events")
    record.merge(first["id"], second["id"], **WHY)
    (now,) = [e for e in events(record) if e["id"] == first["id"]]
    assert now["reports"] == first["reports"] + second["reports"]
    assert (record.count("events"), record.count("reports")) == (number - 1, total)
    assert record.explain(second["id"]).event["id"] == first["id"]
    held = [t.report["id"] for t in record.explain(first["id"]).told]
    one = record.split(first["id"], held[:2], **WHY)
    assert record.count("events") == number
    parts = record.decisions()[-1]["events"]
    assert one.kind == "split" and len(parts) == 2
    sizes = sorted(e["reports"] for e in events(record) if e["id"] in parts)
    assert sizes == sorted([2, now["reports"] - 2])
    linked = record.query("select count(*), count(distinct report) from report_events").to_pylist()[0]
    assert set(linked.values()) == {total}


def test_undoing_everything_gives_back_what_was_read(record: Store) -> None:
    before = tables(record)
    first, second, *_ = events(record)
    made = [
        record.correct(first["id"], mode="phone" if first["type"] == "CONSULT" else None, target="IND", **WHY),
        record.merge(second["id"], first["id"], **WHY),
        record.split(second["id"], [record.explain(second["id"]).told[0].report["id"]], **WHY),
        record.reject(second["id"], **WHY),
    ]
    changed = tables(record)
    assert changed != before
    undoing = [record.undo(d.id, **WHY) for d in reversed(made)]
    assert tables(record) == before
    with pytest.raises(UnknownDecision, match="undone before"):
        record.undo(made[0].id, **WHY)
    for one in reversed(undoing):
        record.undo(one.id, **WHY)
    assert tables(record) == changed
    assert {d["state"] for d in record.decisions() if d["id"] in {m.id for m in made}} == {"in force"}


def test_bad_values_are_refused_with_what_may_be_meant(record: Store) -> None:
    event = events(record)[0]["id"]
    for error, words, fields in (
        (BadUsage, "ASSAULT", {"type": "assalt"}),
        (BadDecision, "phone", {"type": "CONSULT", "mode": "fone"}),
        (UnknownName, "Zzyzxia", {"source": "Zzyzxia"}),
        (BadUsage, "occurred", {"status": "happened"}),
        (BadUsage, "no day", {"date": "2021-13-01"}),
        (BadDecision, "before it begins", {"date": "2021-05-02", "date_end": "2021-05-01"}),
        (BadDecision, "nothing is to be changed", {}),
    ):
        with pytest.raises(error, match=words):
            record.correct(event, **fields, **WHY)
    with pytest.raises(BadDecision, match="reason"):
        record.reject(event, reason=" ")
    with pytest.raises(UnknownEvent):
        record.reject("e-none", **WHY)
    with pytest.raises(BadDecision, match="two different"):
        record.merge(event, event, **WHY)
    with pytest.raises(BadDecision, match="must stay"):
        record.split(event, [t.report["id"] for t in record.explain(event).told], **WHY)
    assert record.decisions() == []


def test_later_documents_join_a_merged_event_and_the_segments_hold_what_was_read(record: Store) -> None:
    first, second, *_ = events(record)
    record.merge(first["id"], second["id"], **WHY)
    record.reject(events(record)[-1]["id"], **WHY)
    add(record, torture.items(80), factory=torture.StubFactory(), any_language=True)
    raw = record.query("select count(*) from raw_report_events l join raw_events e on e.id = l.event").to_pylist()
    assert list(raw[0].values()) == [record.query("select * from raw_reports").num_rows]
    assert record.check().faults == ()
    assert {d["state"] for d in record.decisions()} == {"in force"}


def test_a_new_index_shows_the_same(record: Store) -> None:
    record.correct(events(record)[0]["id"], status="negated", **WHY)
    record.reject(events(record)[1]["id"], **WHY)
    shown = tables(record)
    record.rebuild()
    assert tables(record) == shown


def read_plainly(store: Store, number: int, reader: Any) -> None:
    """Documents read, or read anew, without merging: each report is an event (merging 1,500 takes minutes)."""
    old = store.query("select id from raw_reports").column(0).to_pylist()
    texts = dict.fromkeys(t for _, t in torture.articles(number) if t)
    with store.write() as batch:
        for name in ("reports", "report_events"):
            batch.remove(name, old)
        batch.remove("events", store.query("select id from raw_events").column(0).to_pylist())
        for n, text in enumerate(texts):
            plain = Document(id="", text=text, source="AFP")
            document = reader(msgspec.structs.replace(plain, id=identity(plain)))
            facts = {"key": f"made:{n}", "content_hash": "", "added": decisions.now(), "run": type(reader).__name__}
            for table, rows in document_rows(document, facts).items():
                batch.append(table, rows)
            for event in document.events:
                row = merged(event.id, [report_row(document, event)], {}, ())
                batch.append("events", [event_row(row, {"confidence": event.confidence, "cameo": None})])
                batch.append("report_events", [{"report": event.id, "event": row.id, "score": 1.0}])


def test_500_decisions_survive_reading_anew(tmp_path: Path) -> None:
    with open_record(tmp_path / "record") as store:
        read_plainly(store, 300, torture.StubReader())
        listed = events(store)
        random.Random(3).shuffle(listed)
        anchors = decisions.anchors(store, listed[:500])
        made = [_synthetic(e, anchors[e["id"]], n) for n, e in enumerate(listed[:500])]
        assert len({d.id for d in made}) == 500
        store.append("decisions", [d.row() for d in made])
        assert {d["state"] for d in store.decisions()} == {"in force"}
        old = set(store.query("select id from raw_reports").column(0).to_pylist())
        read_plainly(store, 300, NewerReader())
        assert old.isdisjoint(store.query("select id from raw_reports").column(0).to_pylist())
        _check_survival(store, made)


def _synthetic(event: dict[str, Any], anchors: Any, number: int) -> Any:
    """A decision as `decisions` makes it, without a commit of its own."""
    kind: Any = ("reject", "correct", "confirm")[number % 3]
    subject = decisions.Subject(event=event["id"], anchors=anchors)
    change = Change(
        set={"mode": f"m{number}"} if kind == "correct" else {}, subjects=(subject,), read=decisions.reading(event)
    )
    return decision(kind, event["id"], change, "Ada", decisions.now(), f"reason {number}")


def _check_survival(store: Store, made: list[Any]) -> None:
    """Every decision lies on an event of the sentence that it was about, or is listed as orphaned."""
    after = {d["id"]: d for d in store.decisions()}
    orphaned = {d["id"] for d in store.decisions(orphaned=True)}
    attached = [d for d in made if after[d.id]["state"] == "in force"]
    assert len(attached) + len(orphaned) == len(made) == 500
    assert not orphaned & {d.id for d in attached}
    assert len(attached) > 440
    links = store.query(
        "select l.event, r.id from (select * from report_events union all by name select * from rejected_links) l "
        "join raw_reports r on r.id = l.report"
    ).to_pylist()
    there: dict[str, set[str]] = {}
    for row in links:
        there.setdefault(row["event"], set()).add(row["id"].removeprefix("n"))
    for one in attached:
        reports = {a.report for a in one.anchors}
        assert any(reports & there[e] for e in after[one.id]["events"])
    for one in made:
        if one.id in orphaned:  # only where nothing was read any more
            assert not {a.report for a in one.anchors} & set().union(*there.values())
    shown = {e["mode"] for e in events(store)}
    assert all(d.change.set["mode"] in shown for d in attached if d.kind == "correct")


def test_other_acts_of_one_sentence_do_not_take_a_decision() -> None:
    anchor = Anchor(
        report="r1", type="ASSAULT", status="occurred", document="d", evidence="A hit B and then B accused C.",
        start=0, end=29, word="hit", word_start=2, word_end=5, sources=("A",), targets=("B",),
    )  # fmt: skip
    row: dict[str, Any] = {
        "id": "r2", "document": "d", "type": "ACCUSE", "status": "occurred", "sources": ["B"], "targets": ["C"],
        "date_start": None, "date_end": None, "evidence": anchor.evidence, "evidence_start": 0, "evidence_end": 29,
        "anchor": "accused", "anchor_start": 17, "anchor_end": 24,
    }  # fmt: skip
    assert agreement(anchor, row) is None
    same = {**row, "type": "ASSAULT", "anchor": "hit", "anchor_start": 2, "anchor_end": 5}
    assert agreement(anchor, same) is not None
    assert agreement(anchor, {**same, "document": "d2", "evidence": "Quite another sentence about hay."}) is None
    moved = {**same, "evidence_start": 40, "evidence_end": 69, "anchor_start": 42, "anchor_end": 45}
    assert agreement(anchor, moved) is not None
    assert (agreement(anchor, same) or 0) > (agreement(anchor, moved) or 0)


def test_two_readings_of_one_report_lead_to_the_newest(record: Store) -> None:
    event = many(record)
    record.correct(event["id"], status="possible", **WHY)
    add(record, torture.items(40), factory=NewerFactory(), any_language=True, again=True)
    alive = [e for e in events(record) if e["status"] == "possible"]
    assert len(alive) == 1
    record.correct(alive[0]["id"], type="PROTEST", **WHY)
    add(record, torture.items(40), factory=torture.StubFactory(), any_language=True, again=True)
    (now,) = [e for e in events(record) if e["type"] == "PROTEST"]
    assert now["status"] == "possible"
    assert record.decisions(orphaned=True) == []


def test_export_and_import_carry_decisions_once(record: Store, tmp_path: Path) -> None:
    record.correct(events(record)[0]["id"], status="negated", **WHY)
    undone_one = record.reject(events(record)[1]["id"], **WHY)
    record.undo(undone_one.id, **WHY)
    file = tmp_path / "decisions.jsonl"
    assert decisions.export(record, file) == 3
    with open_record(tmp_path / "other") as other:
        add(other, torture.items(40), factory=torture.StubFactory(), any_language=True)
        assert decisions.import_(other, file) == (3, 0)
        assert tables(other) == tables(record) or [len(t) for t in tables(other)] == [len(t) for t in tables(record)]
        generation = other.manifest.generation
        assert decisions.import_(other, file) == (0, 3)
        assert other.manifest.generation == generation
    assert decisions.import_(record, file) == (0, 3)
    lines = file.read_text().splitlines()
    forged = json.loads(lines[0]) | {"author": "Eve"}
    file.write_text("\n".join([lines[1], json.dumps(forged)]))
    with pytest.raises(BadDecisionFile, match=":2: the id does not fit"):
        decisions.import_(record, file)


@given(st.lists(st.integers(0, 30), max_size=30))
def test_an_undoing_in_force_undoes_and_no_other(targets: list[int]) -> None:
    """Checked against carrying out from the first to the last: undoing switches its target, recursively."""
    made: list[Any] = []
    for number, at in enumerate(targets):
        kind: Any = "undo" if made and at < len(made) else "reject"
        change = Change(undoes=made[at].id) if kind == "undo" else Change()
        moment = decisions.now().replace(microsecond=number)
        made.append(decision(kind, "e", change, "Ada", moment.replace(second=0, minute=0), f"{number}"))
    gone = undone(made)

    def in_force(one: Any) -> bool:
        return not any(o.change.undoes == one.id and in_force(o) for o in made)

    assert {d.id for d in made if not in_force(d)} == set(gone)


def test_an_event_is_rejected_once(record: Store) -> None:
    event = events(record)[0]["id"]
    first = record.reject(event, reason="a match", author="Ada")
    with pytest.raises(BadDecision, match=f"Ada rejected it on .*comity undo {first.id}"):
        record.reject(event, **WHY)
    record.undo(first.id, **WHY)
    assert record.reject(event, **WHY).kind == "reject"
