"""Kept answers: after any decisions they are those that a server which keeps nothing would give."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pagerecord import make as make_page
from starlette.testclient import TestClient
from webrecord import StubReader, make

from comity.record.store import open_record
from comity.web.app import make_app
from comity.web.kept import Entry, Kept
from comity.web.render import finished
from comity.web.scopes import Scope, Touched
from comity.web.settings import Settings
from comity.web.shared import Shared
from comity.web.watch import Watch

ASKED = (
    "meta", "home", "suggest?q=china russia", "actors", "actor/RUS", "actor/IRN", "person/sergei-lavrov",
    "relation/RUS/CHN?by=year", "relation/IRN/IRQ/lines?by=year", "meetings?who=RUS,CHN", "trust",
    "events?limit=5", "events?pair=RUS-CHN&limit=5", "events?actor=IRN&limit=5", "events?decided=true",
    "events.csv?actor=RUS&limit=9", "event/e-talk-2019-1-0", "event/e-h3", "documents?limit=3",
    "document/d-talk-2019-1-0", "document/d-h3", "quotations?pair=IRN-IRQ&limit=2", "search?q=met&limit=3", "network",
    "search?q=met&actor=RUS&limit=3", "map?actor=RUS", "pledges", "pledges?pair=RUS-CHN", "sources", "decisions",
)  # fmt: skip


@contextmanager
def served(folder: Path, **given: Any) -> Iterator[TestClient]:
    settings = Settings(record=folder, author="anna", per_minute=0, seconds=60, threads=1, **given)
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        yield client


class Anew(Shared):
    """Keeps nothing."""

    def of(self, store: Any, name: str, work: Any, key: Any = None, about: Any = None) -> Any:
        return work()


@contextmanager
def anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A second server over the same record, which works out every answer."""
    with monkeypatch.context() as patched:
        patched.setattr("comity.web.clerk.Shared", Anew)
        with served(folder, cache_bytes=0) as other:
            yield other


def answers(client: TestClient) -> dict[str, Any]:
    # Not the ones that may be late: on a busy machine also a small record's first page takes long enough for that.
    found = {path: client.get(f"/api/{path}", headers={"Cache-Control": "no-cache"}) for path in ASKED}
    return {path: timeless(a.json() if "json" in a.headers["content-type"] else a.text) for path, a in found.items()}


def timeless(value: Any) -> Any:
    """An answer without the number of the commit as of which it was worked out."""
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in ("generation", "line", "data")}
    if isinstance(value, list):
        return [timeless(v) for v in value]
    return value.split("generation")[0] if isinstance(value, str) and value.startswith("<?xml") else value


def decisions(draw: random.Random, ids: list[str], made: list[str]) -> dict[str, Any]:
    """A decision by chance."""
    event, other = draw.sample(ids, 2)
    said = {"reason": "by chance"}
    changes = (
        {"type": "ASSAULT"}, {"status": "announced"}, {"date": "2030-01"}, {"target": ["IRN"]}, {"speaker": "Anna"},
        {"source": ["USA"], "target": ["FRA"]}, {"mode": "none"},
    )  # fmt: skip
    kind = draw.choice(("correct", "correct", "correct", "reject", "confirm", "merge", "undo"))
    if kind == "undo" and made:
        return said | {"kind": "undo", "decision": made.pop(draw.randrange(len(made)))}
    if kind == "merge":
        return said | {"kind": "merge", "events": [event, other]}
    if kind == "correct":
        return said | {"kind": "correct", "event": event, "set": draw.choice(changes)}
    return said | {"kind": "reject" if kind == "undo" else kind, "event": event}


def test_what_is_kept_is_what_would_be_worked_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, draw = make_page(tmp_path / "record"), random.Random(7)
    made: list[str] = []
    ids = ["e-talk-2019-1-0", "e-h3", "e-h4", "e-games", "e-quarrel-2010", "e-talk-2020-2-0", "e-h199"]
    with served(folder) as client, anew(folder, monkeypatch) as other:
        token = client.get("/api/session").json()["csrf"]
        answers(client)
        for _ in range(4):
            said = decisions(draw, ids, made)
            answer = client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token})
            if answer.status_code == 201 and said["kind"] != "undo":
                made.append(answer.json()["decision"]["id"])
            kept, fresh = answers(client), answers(other)
            for path in ASKED:
                assert kept[path] == fresh[path], (path, said)


def test_a_confirmation_leaves_what_does_not_show_the_event(tmp_path: Path) -> None:
    with served(make_page(tmp_path / "record")) as client:
        token = client.get("/api/session").json()["csrf"]

        def stood(path: str) -> int:
            return int(client.get(f"/api/{path}").json()["generation"])

        before = {path: stood(path) for path in ("relation/IRN/IRQ?by=year", "actors", "event/e-h3", "decisions")}
        said = {"kind": "confirm", "event": "e-h3", "reason": "read and found right"}
        assert client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token}).status_code == 201
        assert client.get("/api/event/e-h3").json()["event"]["decided"]
        after = {path: stood(path) for path in before}
        assert after["actors"] == before["actors"]
        assert after["event/e-h3"] == after["decisions"] == before["decisions"] + 1


def test_what_takes_long_is_shown_while_it_is_worked_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.web.clerk.SLOW", 0.0)
    with served(make(tmp_path / "record")) as client:
        token = client.get("/api/session").json()["csrf"]
        client.get("/api/home")
        said = {"kind": "reject", "event": "e-deal", "reason": "none"}
        assert client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token}).status_code == 201
        fresh = client.get("/api/home", headers={"Cache-Control": "no-cache"}).json()
        assert all(e["id"] != "e-deal" for e in fresh["new"])
        assert client.get("/api/home").json() == fresh


def test_an_answer_that_was_touched_while_it_was_made_is_not_kept() -> None:
    kept, answer = Kept(1_000_000), finished(b"{}", "application/json")
    scope = Scope(actors=(frozenset({"RUS", "CHN"}),))
    late = Entry(answer=answer, generation=4, scope=scope)
    kept.touch(Touched(generation=5, events=frozenset({"e"}), changed=(frozenset({"RUS", "CHN", "USA"}),)))
    kept.put(("a",), late)
    assert kept.get(("a",)) is None
    kept.put(("b",), msgspec.structs.replace(late, scope=Scope(actors=(frozenset({"IRN"}),))))
    assert kept.get(("b",)) is not None
    kept.touch(Touched(generation=6, whole=True))
    assert kept.get(("b",)) is None and kept.size == 0


def test_more_than_there_is_room_for_is_forgotten() -> None:
    kept = Kept(1000)
    for n in range(20):
        kept.put((n,), Entry(answer=finished(b"x" * 100, "application/json"), generation=1, scope=Scope()))
    assert kept.size == 1000 and kept.get((9,)) is None and kept.get((10,)) is not None


def test_documents_that_come_touch_everything(tmp_path: Path) -> None:
    watch = Watch()
    with open_record(make(tmp_path / "record"), create=False) as store:
        assert watch.look(store).whole
        assert not watch.look(store).events
        store.confirm("e-deal", author="Ada")
        found = watch.look(store)
        assert (found.events, found.changed, found.documents) == (frozenset({"e-deal"}), (), frozenset({"d-1"}))
        store.correct("e-deal", type="AGREE", author="Ada", reason="a treaty")
        assert watch.look(store).changed == (frozenset({"RUS", "CHN"}),)
        store.append("sources", [{"url": "https://example.org/feed", "name": "x", "kind": "rss"}])
        assert watch.look(store).whole
