"""The file of facts: its answers are those without it, whatever was committed since it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.record.store import Store, open_record
from comity.relations import cubefile, from_store, relation
from comity.relations.facts import define

CODES = ("RUS", "USA", "CHN", "IND", "FRA")
TYPES = ("CONSULT", "ACCUSE", "AID", "ASSAULT")
STATUSES = ("occurred", "occurred", "occurred", "announced", "possible")


def row(n: int, draw: np.random.Generator, **other: Any) -> dict[str, Any]:
    day = date(2020, 1, 1) + timedelta(days=int(draw.integers(0, 700)))
    sides = [str(c) for c in draw.permutation(CODES)]
    many = draw.random() < 0.2
    return {
        "id": f"e{n}", "type": str(draw.choice(TYPES)), "mode": None, "status": str(draw.choice(STATUSES)),
        "sources": sides[: 2 if many else 1], "targets": sides[2 : 4 if many else 3], "date_start": day,
        "date_end": day + timedelta(days=int(draw.choice([0, 0, 3, 40]))), "precision": "day",
        "symmetric": bool(draw.random() < 0.3), "confidence": 0.5, "reports": int(draw.integers(1, 5)), "outlets": 1,
        "documents": int(draw.integers(0, 3)), "imported_from": "icews" if draw.random() < 0.5 else None, **other,
    }  # fmt: skip


def tables(store: Store) -> dict[str, list[Any]]:
    """All tables as they are asked for, in one order."""
    cubefile.prepare(store)
    return shown(store)


def direct(store: Store) -> dict[str, list[Any]]:
    """The same from the events."""
    database = store.database()
    define(database.run)
    found = shown(store)
    database.run("drop table if exists rel_state")
    return found


def shown(store: Store) -> dict[str, list[Any]]:
    facts = store.query("select * from rel_facts order by event, a, b").to_pylist()
    months, pairs = (
        store.query(f"select * exclude (weight, weight2), round(weight, 6), round(weight2, 6) from {name} order by all")
        for name in ("rel_months", "rel_pairs")
    )
    volumes = store.query(
        "select actor, day, span, sum(events)::bigint as events from rel_volumes group by all having sum(events) <> 0 "
        "order by all"
    )
    return {"facts": facts, "months": months.to_pylist(), "pairs": pairs.to_pylist(), "volumes": volumes.to_pylist()}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(cubefile, "DIRECT", 100)
    draw = np.random.default_rng(1)
    found = open_record(tmp_path / "record")
    events = [row(n, draw) for n in range(400)]
    fields = ("type", "mode", "status", "sources", "targets", "date_start", "date_end", "precision", "symmetric")
    with found.write() as batch:
        batch.append("events", events)
        batch.append("reports", [{"id": f"r{e['id']}", **{f: e[f] for f in fields}} for e in events])
        batch.append("report_events", [{"report": f"r{e['id']}", "event": e["id"]} for e in events])
    yield found
    found.close()


def made(store: Store) -> int:
    return (store.path / cubefile.FILE).stat().st_mtime_ns


def test_the_file_is_made_and_answers_alike(store: Store) -> None:
    assert tables(store) == direct(store)
    first = made(store)
    cubefile.prepare(store)
    with open_record(store.path) as other:
        assert relation(other, "RUS", "USA").points() == relation(store, "RUS", "USA").points()
    assert made(store) == first and not list(store.path.glob("*.part*"))


def test_what_comes_later_is_laid_over(store: Store) -> None:
    cubefile.prepare(store)
    first, draw = made(store), np.random.default_rng(2)
    with store.write() as batch:
        batch.append("events", [row(n, draw) for n in range(380, 440)])  # twenty change, forty are new
        batch.remove("events", ["e5", "e6"])
    assert tables(store) == direct(store) and made(store) == first
    with store.write() as batch:
        batch.append("events", [row(390, draw)])
    assert tables(store) == direct(store) and made(store) == first


def test_much_later_makes_it_anew(store: Store) -> None:
    cubefile.prepare(store)
    first, draw = made(store), np.random.default_rng(3)
    with store.write() as batch:
        batch.append("events", [row(n, draw) for n in range(400, 600)])
    assert tables(store) == direct(store) and made(store) > first


def test_decisions_count_and_can_be_undone(store: Store) -> None:
    cubefile.prepare(store)
    pair = store.query("select id from events where status = 'occurred' and date_start is not null limit 2").to_pylist()
    decision = store.reject(pair[0]["id"], author="test", reason="wrong")
    assert tables(store) == direct(store)
    assert pair[0]["id"] not in {f["event"] for f in tables(store)["facts"]}
    with store.write() as batch:  # made anew while a decision holds
        batch.append("events", [row(n, np.random.default_rng(n)) for n in range(1000, 1200)])
    assert tables(store) == direct(store)
    store.undo(decision.id, author="test", reason="right after all")
    assert tables(store) == direct(store)
    assert pair[0]["id"] in {f["event"] for f in tables(store)["facts"]}


def test_a_damaged_file_or_an_older_record(store: Store) -> None:
    cubefile.prepare(store)
    store.close()
    (store.path / cubefile.FILE).write_bytes(b"nonsense")
    assert tables(store) == direct(store)
    assert from_store(store, "month").counts.num_rows > 0


def test_other_weights_make_it_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    cubefile.prepare(store)
    first = made(store)
    store.close()
    monkeypatch.setattr(cubefile, "LAYOUT", 99)
    cubefile.prepare(store)
    assert made(store) > first


def test_a_folder_that_cannot_be_written_is_asked_directly(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cubefile, "build", lambda _: False)
    assert tables(store) == direct(store) and not (store.path / cubefile.FILE).exists()
