"""Sums that are kept over decisions are those that the tables give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pagerecord import make

from comity.record.decided import sums
from comity.record.decided.sums import listed, summed
from comity.record.index import Database
from comity.record.store import Store, open_record
from comity.relations.pairfacts import gathered
from comity.relations.told import documents

BY_TYPE = "select type, status, count(*) as events, count(imported_from) as imported from {rows} group by all"
OF = "select type, count(*) as events from {rows} where list_contains(sources, ?) group by all"


def rows(store: Store, sql: str, values: tuple[str, ...] = ()) -> list[str]:
    return sorted(str(sorted(r.items())) for r in store.rows(sql, values))


def agree(store: Store) -> None:
    found = summed(store, BY_TYPE, "type, status", ("events", "imported")).to_pylist()
    assert sorted(str(sorted(r.items())) for r in found) == rows(store, BY_TYPE.format(rows="events"))
    for code in ("RUS", "IRN"):
        one = summed(store, OF, "type", ("events",), [code]).to_pylist()
        assert sorted(str(sorted(r.items())) for r in one) == rows(store, OF.format(rows="events"), (code,))
        table, values = listed(store, "list_contains(targets, ?)", "date_start", [code])
        plain = "select id, date_start as page_key from events where list_contains(targets, ?)"
        assert rows(store, f"select * from {table}", tuple(values)) == rows(store, plain, (code,))
    pair = ("CHN", "RUS")
    told = (
        "select distinct document from reports where document is not null and ((list_contains(sources, ?) and "
        "list_contains(targets, ?)) or (list_contains(targets, ?) and list_contains(sources, ?)))"
    )
    assert rows(store, documents(store), pair) == rows(store, told, (*pair, *pair))


def test_sums_follow_every_kind_of_decision(tmp_path: Path) -> None:
    with open_record(make(tmp_path / "record"), create=False) as store:
        agree(store)
        said = {"reason": "a test", "author": "anna"}
        store.confirm("e-h3", **said)
        agree(store)
        store.correct("e-talk-2019-1-0", type="ASSAULT", source=["IRN"], **said)
        agree(store)
        gone = store.reject("e-talk-2020-2-0", **said)
        agree(store)
        store.merge("e-h4", "e-h199", **said)
        agree(store)
        store.undo(gone.id, **said)
        agree(store)


def test_a_kept_sum_is_not_asked_of_all_events_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Database.run

    def noted(self: Database, sql: str, values: Any = ()) -> None:
        asked.append(sql)
        run(self, sql, values)

    with open_record(make(tmp_path / "record"), create=False) as store:
        monkeypatch.setattr(Database, "run", noted)
        summed(store, BY_TYPE, "type, status", ("events", "imported"))
        assert sum(sql.startswith("create temp table sums_") for sql in asked) == 1
        store.reject("e-talk-2019-1-0", reason="a test", author="anna")
        asked.clear()
        summed(store, BY_TYPE, "type, status", ("events", "imported"))
        assert not any(sql.startswith("create temp table sums_") for sql in asked)
        assert any(sql.startswith("create temp table now_") for sql in asked)


def test_kept_tables_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST", 3)
    with open_record(make(tmp_path / "record"), create=False) as store:
        for code in ("RUS", "CHN", "IRN", "IRQ", "USA", "FRA"):
            summed(store, OF, "type", ("events",), [code])
        store.reject("e-talk-2019-1-0", reason="a test", author="anna")
        for code in ("RUS", "CHN", "IRN", "IRQ", "USA", "FRA"):
            summed(store, OF, "type", ("events",), [code])
        kept = store.rows("select count(*) as n from duckdb_tables() where starts_with(table_name, 'sums_')")
        assert 1 <= kept[0]["n"] <= 3


def test_the_facts_of_a_pair_are_those_of_the_pair_asked_for_last(tmp_path: Path) -> None:
    with open_record(make(tmp_path / "record"), create=False) as store:
        for pair in (("CHN", "RUS"), ("IRN", "IRQ"), ("CHN", "RUS")):
            found = store.rows(f"select distinct a, b from {gathered(store, *pair)}")
            assert found == [{"a": pair[0], "b": pair[1]}]
        before = store.rows("select count(*) as n from rel_pair")[0]["n"]
        store.reject("e-talk-2019-1-0", reason="a test", author="anna")
        table = gathered(store, "CHN", "RUS")
        assert store.rows(f"select count(*) as n from {table}")[0]["n"] == before - 1
