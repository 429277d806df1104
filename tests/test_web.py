"""The API over a small record: every answer in every form, pages of lists, offsets, decisions."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from webrecord import TEXT, StubReader, make

from comity.web.app import make_app
from comity.web.settings import Settings

GETS = (
    "meta", "home", "suggest?q=russ", "suggest?q=china russia", "actors", "actor/RUS", "person/sergei-lavrov",
    "relation/RUS/CHN", "relation/RUS/CHN/lines?by=year", "relation/RUS/CHN/forecast",
    "meetings?who=RUS,CHN", "trust", "events", "event/e-visit", "documents", "document/d-1",
    "quotations", "search?q=agreement", "search?q=lavrov&in=quotations", "network", "map", "pledges", "sources",
    "decisions", "session", "health", "errors", "document/d-1/reading",
)  # fmt: skip
TABLES = (
    "home", "actors", "actor/RUS", "person/sergei-lavrov", "relation/RUS/CHN", "events", "event/e-visit", "documents",
    "quotations", "search?q=agreement", "network", "network?table=nodes", "map", "map?table=states", "pledges",
    "sources?table=imported", "sources?table=months", "decisions", "trust", "relation/RUS/CHN/forecast", "meetings?who=RUS,CHN",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("web") / "record")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(record=folder, author="anna", per_minute=0, seconds=60)
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as found:
        yield found


def decide(client: TestClient, **said: Any) -> Any:
    """Post a decision as the page does."""
    token = client.get("/api/session").json()["csrf"]
    return client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token, "Origin": "http://localhost"})


@pytest.mark.parametrize("path", GETS)
def test_everything_answers_in_json(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("path", TABLES)
def test_every_table_is_the_same_as_csv_and_parquet(client: TestClient, path: str) -> None:
    name, _, asked = path.partition("?")
    text = client.get(f"/api/{name}.csv?{asked}")
    assert text.status_code == 200, text.text
    rows = list(csv.DictReader(io.StringIO(text.text)))
    table = pq.read_table(io.BytesIO(client.get(f"/api/{name}.parquet?{asked}").content))
    assert table.num_rows == len(rows)
    assert set(table.column_names) == set(text.text.splitlines()[0].split(","))


def test_no_cell_begins_a_formula(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/api/documents.csv").text)))
    assert [r["title"] for r in rows] == ["'=Talks & <b>pacts</b>"]


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


def test_filters_choose(client: TestClient) -> None:
    def ids(**asked: Any) -> set[str]:
        return {e["id"] for e in client.get("/api/events", params={"imported": "false", **asked}).json()["items"]}

    assert ids() == {"e-visit", "e-deal", "e-praise"}
    assert ids(pair="Russia-China", status="announced") == {"e-praise"}
    assert ids(q="agreement") == {"e-deal"}
    assert ids(mode="visit") == ids(type="consult") == {"e-visit"}
    assert ids(channel="conflict") == ids(source="CHN") == set()
    assert ids(document="d-1", min_confidence=0.6) == {"e-visit", "e-deal"}


def test_offsets_count_as_javascript_does(client: TestClient) -> None:
    plain = client.get("/api/document/d-1").json()
    wide = client.get("/api/document/d-1", params={"offsets": "utf16"}).json()
    at, other = plain["quotations"][0]["start"], wide["quotations"][0]["start"]
    assert other == at + 1  # one character before it takes two units
    assert wide["text"].encode("utf-16-le")[2 * other : 2 * other + 12].decode("utf-16-le") == "Lavrov"


def test_a_sentence_has_its_parts_marked(client: TestClient) -> None:
    found = client.get("/api/event/e-visit").json()["reports"][0]
    marked = {(found["evidence"][m["start"] : m["end"]], m["role"]) for m in found["marks"]}
    assert marked == {("Sergey Lavrov", "source"), ("received", "act"), ("Tuesday", "date")}
    assert found["after"].startswith(" Russia and China") and found["url"] == "https://example.org/one"


def test_a_search_marks_the_words_in_the_unit_asked_for(client: TestClient) -> None:
    hit = client.get("/api/search", params={"q": "prais* china"}).json()["items"][0]
    assert [hit["evidence"][m["start"] : m["end"]] for m in hit["marks"]] == ["prais", "China"]
    none = client.get("/api/search", params={"q": "agreement elephants"}).json()
    assert none["words"] == [{"word": "agreement", "hits": 1}, {"word": "elephants", "hits": 0}]


def test_the_map_and_the_network_agree_with_the_events(client: TestClient) -> None:
    occurred = client.get("/api/events", params={"status": "occurred"}).json()["total"]
    (edge,) = client.get("/api/network").json()["edges"]
    assert (edge["a"], edge["b"], edge["events"]) == ("CHN", "RUS", occurred)
    states = {s["code"]: s["events"] for s in client.get("/api/map").json()["states"]}
    assert states == {"CHN": occurred, "RUS": occurred}
    for asked in ({"document": "d-1"}, {"q": "Lavrov"}, {"decided": "false"}):  # what hangs on reports and decisions
        listed = client.get("/api/events", params={"status": "occurred", **asked}).json()["total"]
        told = client.get("/api/map", params=asked).json()
        assert {s["events"] for s in told["states"]} == {listed} and told["places"][0]["name"] == "Beijing", asked
    rows = list(csv.DictReader(io.StringIO(client.get("/api/network.csv").text)))
    assert [(r["a"], r["b"], int(r["events"])) for r in rows] == [("CHN", "RUS", occurred)]


def test_an_answer_is_kept_until_the_record_changes(client: TestClient) -> None:
    first = client.get("/api/actor/RUS")
    again = client.get("/api/actor/RUS", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    assert client.get("/api/actor/CHN").headers["etag"] != first.headers["etag"]


def test_what_is_typed_is_understood(client: TestClient) -> None:
    found = client.get("/api/suggest", params={"q": "china russia"}).json()
    assert {a["code"] for a in found["actors"][:2]} == {"CHN", "RUS"}
    assert [(p["a"], p["b"], p["events"]) for p in found["pairs"]] == [("CHN", "RUS", 14)]
    assert "Xi Jinping" in [p["name"] for p in client.get("/api/suggest", params={"q": "xi"}).json()["people"]]
    assert client.get("/api/suggest", params={"q": "sanc"}).json()["types"] == ["SANCTION"]
    assert client.get("/api/suggest", params={"q": "   "}).json()["actors"] == []


def test_a_correction_shows_everywhere_and_can_be_undone(client: TestClient) -> None:
    before = client.get("/api/relation/RUS/CHN").json()
    made = decide(client, kind="correct", event="e-deal", set={"type": "ASSAULT"}, reason="they fought")
    assert made.status_code == 201, made.text
    assert made.json()["decision"]["summary"].startswith("type SUPPORT to ASSAULT")
    assert client.get("/api/event/e-deal").json()["event"]["type"] == "ASSAULT"
    after = client.get("/api/relation/RUS/CHN").json()
    counted = sum(p["conflict_events"] for p in after["points"])
    assert counted == sum(p["conflict_events"] for p in before["points"]) + 1
    assert after["generation"] > before["generation"]
    undone = decide(client, kind="undo", decision=made.json()["decision"]["id"], reason="no they did not")
    assert undone.status_code == 201
    assert client.get("/api/event/e-deal").json()["event"]["type"] == "SUPPORT"
    log = client.get("/api/decisions").json()["items"]
    assert [(d["kind"], d["author"], d["state"]) for d in log[:2]] == [
        ("undo", "anna", "in force"), ("correct", "anna", "undone"),
    ]  # fmt: skip


def test_a_decision_on_what_has_been_decided_meanwhile_is_refused(client: TestClient) -> None:
    made = decide(client, kind="confirm", event="e-visit", reason="as it says", after="").json()
    late = decide(client, kind="reject", event="e-visit", reason="none", after="")
    assert late.status_code == 409 and late.json()["code"] == "C246"
    fine = decide(client, kind="reject", event="e-visit", reason="none", after=made["decision"]["id"])
    assert fine.status_code == 201
    assert client.get("/api/event/e-visit").json()["rejected"] is True
    assert decide(client, kind="undo", decision=fine.json()["decision"]["id"], reason="back").status_code == 201


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"kind": "reject", "event": "e-none", "reason": "x"}, 404, "C227"),
        ({"kind": "reject", "event": "e-deal", "reason": " "}, 422, "C270"),
        ({"kind": "reject", "reason": "x"}, 422, "C270"),
        ({"kind": "correct", "event": "e-deal", "reason": "x"}, 422, "C270"),
        ({"kind": "correct", "event": "e-deal", "reason": "x", "set": {"source": ["Atlantis"]}}, 404, "C226"),
        ({"kind": "burn", "event": "e-deal", "reason": "x"}, 422, "C240"),
        ({"kind": "undo", "decision": "j-none", "reason": "x"}, 404, "C271"),
        ({"kind": "merge", "events": ["e-deal"], "reason": "x"}, 422, "C270"),
    ],
)
def test_a_wrong_decision_is_told_why(client: TestClient, said: dict[str, Any], status: int, code: str) -> None:
    answer = decide(client, **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("actor/Atlantis", 404, "C226"), ("event/e-none", 404, "C227"), ("document/none", 404, "C248"),
        ("relation/RUS/RUS", 422, "C201"), ("events?since=soon", 422, "C201"), ("events?limit=0", 422, "C240"),
        ("events?colour=red", 422, "C240"), ("events?cursor=zzz", 422, "C240"), ("nothing", 404, "C248"),
        ("meta.csv", 404, "C248"), ("relation/RUS/CHN?since=2022&until=2021", 422, "C280"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_why(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(f"/api/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"]


def test_a_text_is_read_and_not_kept(client: TestClient) -> None:
    token = client.get("/api/session").json()["csrf"]
    answer = client.post("/api/read", json={"text": TEXT, "published": "2021-12-15"}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200, answer.text
    assert answer.json()["text"] == TEXT and answer.json()["document"]["published"] == "2021-12-15"
    empty = client.post("/api/read", json={"text": "  "}, headers={"X-CSRF-Token": token})
    assert (empty.status_code, empty.json()["code"]) == (422, "C101")
    assert client.get("/api/meta").json()["counts"]["documents"] == 1


def test_every_address_is_described(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/events", "/api/read", "/api/decisions", "/api/relation/{a}/{b}"} <= set(described)
    page = client.get("/api/docs").text
    assert all(path in page for path in described) and "<script" not in page and "http" not in page.replace("httpx", "")
