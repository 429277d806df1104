"""What the server refuses, the headers of its answers, hostile texts, and a team with roles."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient
from webrecord import LAVROV, StubReader, event, make, report

from comity.errors import BadUser, CannotServe
from comity.record.store import open_record
from comity.web.app import make_app
from comity.web.rates import Rate
from comity.web.settings import Settings, from_environment
from comity.web.users import Users

PASSWORD = "correct horse battery"
REJECT = {"kind": "reject", "event": "e-deal", "reason": "x"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("guard") / "record")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(make_app(Settings(record=folder, author="anna"), StubReader()), base_url="http://localhost") as found:
        yield found


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "", "[::1", "a b"])
def test_other_names_of_the_server_are_refused(client: TestClient, host: str) -> None:
    answer = client.get("/api/events", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "C242")


@pytest.mark.parametrize("host", ["localhost:8377", "127.0.0.1", "[::1]:8377", "LOCALHOST"])
def test_its_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "0" * 64},
        {"X-CSRF-Token": "TOKEN", "Origin": "https://evil.example"},
        {"X-CSRF-Token": "TOKEN", "Origin": "null"},
        {"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "cross-site"},
        {"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_forged_request_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    token = client.get("/api/session").json()["csrf"]
    sent = {k: token if v == "TOKEN" else v for k, v in headers.items()}
    answer = client.post("/api/decisions", json=REJECT, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "C242")
    assert client.get("/api/meta").json()["counts"]["decisions"] == 0


def test_a_form_of_another_site_is_refused(client: TestClient) -> None:
    token = client.get("/api/session").json()["csrf"]
    answer = client.post("/api/decisions", data={"kind": "reject"}, headers={"X-CSRF-Token": token})
    assert (answer.status_code, answer.json()["code"]) == (422, "C240")


def test_a_long_body_is_refused(client: TestClient) -> None:
    token = client.get("/api/session").json()["csrf"]
    answer = client.post("/api/decisions", json={**REJECT, "reason": "x" * 300_000}, headers={"X-CSRF-Token": token})
    assert (answer.status_code, answer.json()["code"]) == (413, "C241")
    long = base64.b64encode(b"word " * 60_000).decode()
    answer = client.post("/api/read", json={"base64": long}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/", "/relation/RUS/CHN", "/api/events", "/api/nothing", "/api/docs", "/x.js"])
def test_every_answer_forbids_what_it_can(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src 'unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


def test_the_policy_of_the_page_has_no_inline_script_and_no_other_host(client: TestClient) -> None:
    policy = dict(p.strip().split(" ", 1) for p in client.get("/").headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert not any("http" in v or "*" in v for v in policy.values())


@pytest.mark.parametrize(
    "path", ["/../settings.py", "/assets/../../app.py", "/%2e%2e/app.py", "/..%2fapp.py", "//etc/passwd", "/assets/%00.js"]
)
def test_no_file_outside_the_page_is_sent(folder: Path, tmp_path: Path, path: str) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("<!doctype html><p>page</p>")
    (tmp_path / "app.py").write_text("secret")
    (tmp_path / "settings.py").write_text("secret")
    settings = Settings(record=folder, author="a", static=static)
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        assert "secret" not in client.get(path).text
        assert client.get("/relation/RUS/CHN?by=year").text == "<!doctype html><p>page</p>"


def test_the_address_of_a_page_has_its_twins(client: TestClient) -> None:
    answer = client.get("/relation/RUS/CHN.csv?by=year", follow_redirects=False)
    assert answer.status_code == 307 and answer.headers["location"] == "/api/relation/RUS/CHN.csv?by=year"


def test_too_many_requests_must_wait(folder: Path) -> None:
    settings = Settings(record=folder, author="a", per_minute=5)
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        answers = [client.get("/api/health") for _ in range(8)]
    assert [a.status_code for a in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429 and int(answers[-1].headers["retry-after"]) >= 1


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    rate = Rate(6, lambda: now[0])
    assert [rate.wait("a") for _ in range(7)] == [0] * 6 + [10]
    assert rate.wait("b") == 0
    now[0] = 10.0
    assert (rate.wait("a"), rate.wait("a")) == (0, 10)


def test_settings_come_from_the_environment_and_are_checked(tmp_path: Path) -> None:
    found = from_environment({"record": tmp_path, "port": None}, {"COMITY_WEB_PORT": "9000", "COMITY_WEB_SECONDS": "3"})
    assert (found.port, found.seconds) == (9000, 3.0)
    with pytest.raises(Exception, match="C240"):
        from_environment({"record": tmp_path}, {"COMITY_WEB_PORT": "many"})


def test_every_setting_is_documented() -> None:
    told = (Path(__file__).parents[1] / "docs" / "serve.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.__struct_fields__[1:] if f"`COMITY_WEB_{name.upper()}`" not in told]
    assert not missing


def test_every_address_is_documented(client: TestClient) -> None:
    told = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
    missing = [path for path in client.get("/api/openapi.json").json()["paths"] if path not in told]
    assert not missing


# -- hostile texts

MARKUP = (
    "<script>alert({n})</script>", "<img src=x onerror=alert({n})>", "</title><svg/onload=alert({n})>", "' or {n}=1; drop table events; --",
    "\u202eevil{n}\u202c", "=cmd|'/c calc'!A{n}", "{{{{constructor.constructor('alert({n})')()}}}}", "javascript:alert({n})",
    "\x00\x1b[31m{n}", "]]><x/>{n}", "&lt;b&gt;{n}", "${{jndi:ldap://x/{n}}}",
)  # fmt: skip
HOSTILE = [form.format(n=n) for n in range(17) for form in MARKUP][:200]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A record of 200 documents with hostile titles, sentences, names and quotations."""
    path = make(tmp_path_factory.mktemp("hostile") / "record")
    with open_record(path) as store, store.write() as batch:
        for n, text in enumerate(HOSTILE):
            told = {"document": f"d-h{n}", "evidence": text, "evidence_start": 0, "evidence_end": len(text)}
            people = LAVROV.replace("Sergey Lavrov", "x")
            batch.append("documents", [{
                "id": f"d-h{n}", "key": f"file:{n}", "name": text, "title": text, "source": text, "url": "javascript:alert(1)",
                "language": "en", "text": text, "run": "run-1",
            }])  # fmt: skip
            batch.append("reports", [report("deal") | {"id": f"r-h{n}"} | told | {"participants": people, "why": [text]}])
            batch.append("events", [event(f"h{n}", place_name=text, place_lat=1.0, place_lon=1.0, why=[text])])
            batch.append("report_events", [{"report": f"r-h{n}", "event": f"e-h{n}", "score": 1.0, "why": [text]}])
            batch.append("quotations", [{
                "id": f"q-h{n}", "document": f"d-h{n}", "start": 0, "end": len(text), "text": text, "kind": "direct",
                "speaker_name": text, "speaker_state": "RUS", "cue": text,
            }])  # fmt: skip
    with TestClient(make_app(Settings(record=path, author="a"), StubReader()), base_url="http://localhost") as client:
        yield client


def test_hostile_titles_stay_text(hostile: TestClient) -> None:
    found = hostile.get("/api/documents", params={"limit": 500})
    assert found.headers["content-type"] == "application/json"
    titles = {d["id"]: d["title"] for d in found.json()["items"]}
    assert [titles[f"d-h{n}"] for n in range(len(HOSTILE))] == HOSTILE
    assert all(d["url"] is None for d in found.json()["items"] if d["id"] != "d-1")


def test_hostile_words_find_themselves_and_harm_nothing(hostile: TestClient) -> None:
    for n in range(0, len(HOSTILE), 7):
        for path in ("events", "search", "documents", "quotations", "actors", "suggest"):
            assert hostile.get(f"/api/{path}", params={"q": HOSTILE[n]}).status_code == 200
    assert hostile.get("/api/meta").json()["counts"]["events"] == 15 + len(HOSTILE)


def test_a_feed_of_hostile_texts_is_sound(hostile: TestClient) -> None:
    feed = ElementTree.fromstring(hostile.get("/api/events.atom", params={"q": "alert"}).content)
    inside = "".join(feed.itertext())
    assert "alert(" in inside and not feed.findall(".//{*}script") and not feed.findall(".//{*}img")


def test_a_figure_of_hostile_names_has_no_script(hostile: TestClient) -> None:
    text = hostile.get("/api/relation/RUS/CHN.svg").text
    assert "<script" not in text and not re.search(r"\son\w+=", text)


def test_hostile_cells_begin_no_formula(hostile: TestClient) -> None:
    for line in hostile.get("/api/quotations.csv").text.split("\r\n")[1:]:
        cells = [c.strip('"') for c in line.split(",")]
        assert not any(c[:1] in ("=", "@") for c in cells)


def test_the_manual_is_plain(hostile: TestClient) -> None:
    page = hostile.get("/api/docs").text
    assert html.unescape(page).count("<script") == 0


# -- a team


@pytest.fixture
def team(tmp_path: Path) -> Iterator[TestClient]:
    path = make(tmp_path / "record")
    settings = Settings(record=path, team=True, trust_header="X-User", trust_from=("127.0.0.9",), logins_per_minute=3, seconds=60)
    users = Users(settings.users_file)
    for name, role in (("rita", "reader"), ("rob", "reviewer"), ("ada", "admin")):
        users.add(name, role, PASSWORD, own=True)
    users.close()
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        yield client


def login(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    token = client.get("/api/session").json()["csrf"]
    return client.post("/api/login", json={"name": name, "password": password}, headers={"X-CSRF-Token": token})


def test_nobody_sees_anything_before_the_login(team: TestClient) -> None:
    for path in ("events", "home", "meta", "decisions", "openapi.json", "docs", "document/d-1"):
        answer = team.get(f"/api/{path}")
        assert (answer.status_code, answer.json()["code"]) == (401, "C245"), path
    assert team.get("/login").status_code == 200
    assert team.get("/api/session").json()["role"] is None


def test_a_wrong_password_and_a_wrong_name_look_alike(team: TestClient) -> None:
    wrong, unknown = login(team, "rob", "wrong horse battery"), login(team, "nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]
    assert [login(team, "rob", "again").status_code for _ in range(6)][-1] == 429


def test_readers_read_and_reviewers_decide(team: TestClient) -> None:
    first = login(team, "rita")
    assert first.status_code == 200 and "HttpOnly" in first.headers["set-cookie"] and "strict" in first.headers["set-cookie"]
    headers = {"X-CSRF-Token": first.json()["csrf"]}
    assert team.get("/api/events").status_code == 200
    assert team.post("/api/decisions", json=REJECT, headers=headers).status_code == 403
    assert team.post("/api/logout", json={}, headers=headers).status_code == 200
    assert team.get("/api/events").status_code == 401
    second = login(team, "rob")
    made = team.post("/api/decisions", json={**REJECT, "author": "somebody else"}, headers={"X-CSRF-Token": second.json()["csrf"]})
    assert made.status_code == 201 and made.json()["decision"]["author"] == "rob"
    old = team.post("/api/decisions", json=REJECT, headers=headers)  # the token of another session
    assert old.status_code == 403


def test_the_log_tells_what_was_done(team: TestClient) -> None:
    headers = {"X-CSRF-Token": login(team, "rob").json()["csrf"]}
    team.post("/api/decisions", json=REJECT, headers=headers)
    assert team.get("/api/log").status_code == 403
    team.post("/api/logout", json={}, headers=headers)
    login(team, "ada")
    lines = [(r["user"], r["what"]) for r in team.get("/api/log").json()["items"]]
    assert lines[:4] == [("ada", "login"), ("rob", "logout"), ("rob", "decision"), ("rob", "login")]


def test_only_a_trusted_proxy_names_users(team: TestClient) -> None:
    assert team.get("/api/session", headers={"X-User": "ada"}).json()["role"] is None  # from "testclient"


def test_a_proxy_names_users(tmp_path: Path) -> None:
    settings = Settings(record=make(tmp_path / "record"), team=True, trust_header="X-User", trust_from=("testclient",))
    users = Users(settings.users_file)
    users.add("ada", "admin", None)
    users.close()
    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        assert client.get("/api/session", headers={"X-User": "ada"}).json()["role"] == "admin"
        assert client.get("/api/session", headers={"X-User": "eve"}).json()["role"] is None
        assert client.get("/api/session").json()["role"] is None
        assert login(client, "ada", PASSWORD).status_code == 401  # there is no password


def test_users_are_checked_and_passwords_hashed(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.sqlite")
    for name, role, password in (("", "reader", PASSWORD), ("a", "king", PASSWORD), ("a", "reader", "short"), ("a\n", "x", None)):
        with pytest.raises(BadUser):
            users.add(name, role, password)
    users.add("anna", "admin", PASSWORD)
    secret = users.begin("anna", 1)
    assert users.of_session(secret, 1) is not None and users.of_session("other", 1) is None
    data = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert PASSWORD.encode() not in data and secret.encode() not in data and b"$argon2id$" in data
    users.add("anna", "reader", "another password")  # ends the sessions
    assert users.of_session(secret, 1) is None
    assert users.verified("anna", PASSWORD) is None and users.verified("anna", "another password") is not None
    users.remove("anna")
    assert users.verified("anna", "another password") is None
    users.close()


def test_a_record_is_not_shown_to_a_network_without_users(tmp_path: Path) -> None:
    from comity.cli.serve import checked

    with pytest.raises(CannotServe):
        checked(Settings(record=tmp_path, host="0.0.0.0"))
    checked(Settings(record=tmp_path, host="0.0.0.0", team=True))
