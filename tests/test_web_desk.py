"""Many questions and decisions at once, limits of time, the warm reader, and the command."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from slowreader import Slow
from starlette.testclient import TestClient
from webrecord import TEXT, StubReader, event, make

from comity.errors import BadUser, CannotServe, OtherLanguage, TooBusy
from comity.model import Document
from comity.record.store import Store, open_record
from comity.web.app import make_app
from comity.web.demo import demo_record
from comity.web.desk import Desk
from comity.web.settings import Settings
from comity.web.warm import WarmReader


def test_a_question_that_takes_too_long_is_broken_off(tmp_path: Path) -> None:
    desk = Desk(Settings(record=make(tmp_path / "record"), seconds=2.0, threads=2))

    def slow(store: Store) -> int:
        return store.query("select sum(hash(a.range, b.range)) from range(1000000) a, range(1000000) b").num_rows

    async def ask() -> list[Any]:
        late = await asyncio.gather(desk.ask(slow), return_exceptions=True)
        await asyncio.sleep(0.3)
        return [*late, await desk.ask(lambda store: store.count("events"))]

    late, count = asyncio.run(ask())
    assert isinstance(late, TooBusy) and count == 15
    desk.close()


def test_no_correction_of_many_users_is_lost(tmp_path: Path) -> None:
    path = make(tmp_path / "record")
    settings = Settings(record=path, author="anna", per_minute=0, seconds=60)
    kept: list[str] = []
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        headers = {"X-CSRF-Token": client.get("/api/session").json()["csrf"]}

        def decide(n: int) -> None:
            said = {"kind": "confirm", "event": f"e-old{n}", "reason": f"user {n}"}
            answer = client.post("/api/decisions", json=said, headers=headers)
            assert answer.status_code == 201, answer.text
            kept.append(answer.json()["decision"]["id"])

        users = [threading.Thread(target=decide, args=(n,)) for n in range(1, 7)]
        for one in users:
            one.start()
        for one in users:
            one.join()
        listed = {d["id"] for d in client.get("/api/decisions").json()["items"]}
    assert len(kept) == len(set(kept)) == 6 and listed == set(kept)


def test_what_another_program_adds_is_shown(tmp_path: Path) -> None:
    path = make(tmp_path / "record")
    with TestClient(make_app(Settings(record=path), StubReader()), base_url="http://localhost") as client:
        first = client.get("/api/events").json()["total"]
        with open_record(path) as store:
            store.append("events", [event("late")])
        assert client.get("/api/events").json()["total"] == first + 1


def test_an_event_without_a_type_can_be_decided_on(tmp_path: Path) -> None:
    path = make(tmp_path / "record")
    with open_record(path) as store:
        store.append("events", [event("plain", type=None, mode=None, imported_from="icews", confidence=None)])
        store.append("reports", [{"id": "r-plain", "sources": ["RUS"], "targets": ["CHN"]}])
        store.append("report_events", [{"report": "r-plain", "event": "e-plain", "score": 1.0, "why": []}])
        store.reject("e-plain", reason="no act", author="anna")
    with open_record(path) as store:
        assert "e-plain" not in store.query("select id from events").column(0).to_pylist()


def test_the_reader_lives_through_bad_texts() -> None:
    warm = WarmReader(20, 2, Slow())
    assert warm.read(Document(id="a", text="fine")).text == "fine"
    with pytest.raises(OtherLanguage, match="translate it"):
        warm.read(Document(id="a", text="foreign"))
    with pytest.raises(Exception, match="C111"):
        warm.read(Document(id="a", text="dead"))
    assert warm.read(Document(id="a", text="fine")).text == "fine"
    warm.seconds = 0.2
    with pytest.raises(TooBusy):
        warm.read(Document(id="a", text="slow"))
    warm.close()


def test_a_long_line_of_texts_is_refused() -> None:
    warm = WarmReader(20, 0, Slow())
    warm.read(Document(id="a", text="fine"))
    with warm._turn:  # somebody is being served
        waiting = threading.Thread(target=warm.read, args=(Document(id="a", text="fine"),), daemon=True)
        waiting.start()
        while warm._line._value:
            time.sleep(0.01)
        with pytest.raises(TooBusy):
            warm.read(Document(id="b", text="fine"))
    waiting.join()
    warm.close()


def test_the_demonstration_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web import demo

    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "one.txt").write_text(f"14 December 2021\n\n{TEXT} " * 3, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(demo, "examples", lambda: examples)
    monkeypatch.setattr(Store, "add", lambda self, files, **_: self.append("events", [event("demo")]))
    said: list[str] = []
    folder = demo_record(said.append)
    assert demo_record(said.append) == folder and len(said) == 1
    with open_record(folder, create=False) as store:
        assert store.count("events") == 1


def test_the_examples_of_a_checkout_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web import demo

    monkeypatch.setattr(demo, "__file__", str(tmp_path / "site-packages" / "comity" / "web" / "demo.py"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "examples"
    folder.mkdir()
    (folder / "other.txt").write_text("not ours")
    with pytest.raises(CannotServe) as told:
        demo.examples()
    assert str(folder) in str(told.value) and "checkout" in str(told.value)
    (folder / "stories").mkdir()
    assert demo.examples() == folder


def test_the_command_serves_and_ends(tmp_path: Path) -> None:
    path = make(tmp_path / "record")
    program = "import typer; from comity.cli.serve import serve; typer.run(serve)"
    server = subprocess.Popen(
        [sys.executable, "-c", program, "--record", str(path), "--port", "0"], stderr=subprocess.PIPE, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "COMITY_WEB_WARM": "false", "COMITY_WEB_SECONDS": "60", "COMITY_AUTHOR": "anna"},
    )  # fmt: skip
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        asked.request("GET", "/api/events?limit=1")
        answer = asked.getresponse()
        assert answer.status == 200 and json.loads(answer.read())["total"] == 15
        assert answer.getheader("server") is None
        asked.close()
    finally:
        server.terminate()
        server.wait(30)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    from comity.cli.serve import listening

    with listening("127.0.0.1", 0) as first, pytest.raises(CannotServe, match="choose another --port"):
        listening("127.0.0.1", first.getsockname()[1])


def test_a_team_without_users_is_told_how_to_add_one(tmp_path: Path) -> None:
    from comity.cli.serve import nobody
    from comity.web.users import Users

    settings = Settings(record=tmp_path / "my record", team=True)
    assert "no users yet" in nobody(settings)
    assert f"comity serve --record '{settings.record}' --add-user NAME --role admin" in nobody(settings)
    assert nobody(Settings(record=settings.record, team=True, trust_header="X-User")).endswith("--no-password")
    users = Users(settings.users_file)
    users.add("rob", "reader", None)
    assert "no admin yet" in nobody(settings)
    users.add("anna", "admin", None)
    users.close()
    assert nobody(settings) == ""


def test_a_user_is_added_from_a_pipe(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from comity.cli.main import app

    words = ["serve", "--record", str(tmp_path / "r"), "--add-user", "anna", "--role"]
    wrong = CliRunner().invoke(app, [*words, "boss"], input="a long pass phrase\n")
    assert isinstance(wrong.exception, BadUser) and "reviewer" in wrong.exception.fix
    found = CliRunner().invoke(app, [*words, "admin"], input="\n")
    assert found.exit_code == 0 and len(found.stdout.strip()) >= 12 and "anna has the role admin" in found.stderr
