"""The description of the API: every answer has the form that is told, and nothing else; every example too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient
from test_web import GETS
from webrecord import StubReader, make

from comity.web import described
from comity.web.app import make_app
from comity.web.questions import QUESTIONS
from comity.web.settings import Settings

KINDS = {kind.__name__: kind for kind in described.BODIES}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = make(tmp_path_factory.mktemp("described") / "record")
    settings = Settings(record=folder, author="anna", per_minute=0, seconds=60)
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as found:
        yield found


def form(told: Any, path: str, method: str = "get", status: str = "200") -> Any:
    """The record that an address says it answers."""
    for pattern, methods in told["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path) and method in methods:
            schema = methods[method]["responses"][status]["content"]["application/json"]["schema"]
            return KINDS[schema["$ref"].rpartition("/")[2]]
    raise AssertionError(f"{path} is not described")


@pytest.mark.parametrize("path", GETS)
def test_every_answer_has_the_form_that_is_told(client: TestClient, path: str) -> None:
    told = client.get("/api/openapi.json").json()
    answer = client.get(f"/api/{path}").content
    kind = form(told, f"/api/{path.partition('?')[0]}")
    msgspec.json.decode(answer, type=kind)  # a field that is not told of, or lacks, is an error
    required = set(told["components"]["schemas"][kind.__name__].get("required", ()))
    assert required <= set(msgspec.json.decode(answer))


def test_a_decision_and_a_problem_have_the_form_that_is_told(client: TestClient) -> None:
    told = client.get("/api/openapi.json").json()
    headers = {"X-CSRF-Token": client.get("/api/session").json()["csrf"]}
    said = {"kind": "correct", "event": "e-deal", "set": {"type": "AGREE"}, "reason": "a treaty"}
    made = client.post("/api/decisions", json=said, headers=headers)
    assert made.status_code == 201
    msgspec.json.decode(made.content, type=form(told, "/api/decisions", "post", "201"))
    msgspec.json.decode(client.get("/api/decisions").content, type=form(told, "/api/decisions"))
    for path in ("event/none", "events?pair=x", "relation/RUS/RUS", "nowhere"):
        answer = client.get(f"/api/{path}")
        assert answer.headers["content-type"] == "application/problem+json"
        msgspec.json.decode(answer.content, type=KINDS["Problem"])


def test_every_question_is_told_with_all_its_forms_and_an_example(client: TestClient) -> None:
    told = client.get("/api/openapi.json").json()["paths"]
    for one in QUESTIONS:
        content = told[f"/api{one.path}"]["get"]["responses"]["200"]["content"]
        assert len(content) == 1 + len(one.forms)
        example = content["application/json"]["example"]
        msgspec.convert(example, one.body)
    page = client.get("/api/docs").text
    assert 'id="part-Event"' in page and "An answer" in page


def test_the_server_gives_the_forms_that_are_told_and_no_others(client: TestClient) -> None:
    for one in QUESTIONS:
        names = {"code": "RUS", "a": "RUS", "b": "CHN", "name": "e-visit"}
        path = one.path.format(**names).replace("person/e-visit", "person/sergei-lavrov")
        path = path.replace("document/e-visit", "document/d-1") + ("?who=RUS,CHN" if path == "/meetings" else "")
        for kind in ("csv", "parquet", "atom", "svg", "ics"):
            answer = client.get(f"/api{path}", params={"format": kind} | ({"who": "RUS,CHN"} if "who" in path else {}))
            assert (answer.status_code == 200) == (kind in one.forms), (path, kind, answer.text[:200])
