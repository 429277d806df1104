"""What docs/security.md claims: its tests exist, and what no other test shows of cookies, transport and sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from webrecord import StubReader, make

from comity.web.app import make_app
from comity.web.settings import Settings
from comity.web.users import Users

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
PASSWORD = "correct horse battery"
NAMED = re.compile(r"`(tests/\w+\.py)::(\w+)`")


def test_every_test_that_the_page_names_exists() -> None:
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 40
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]
    assert not missing


def test_every_row_of_the_table_has_a_test_or_a_reason() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d+\.\d+\.\d+ ", line)]
    assert len(rows) >= 60
    for row in rows:
        number, _, state, shown = (cell.strip() for cell in row.strip("|").split("|"))
        assert state in ("yes", "part", "no", "does not apply", "who runs it"), number
        assert NAMED.search(shown) or (state != "yes" and len(shown) > 20), f"{number} claims more than it shows"


def test_behind_https_cookies_are_secure_and_browsers_stay(tmp_path: Path) -> None:
    settings = Settings(record=make(tmp_path / "record"), team=True, https=True)
    users = Users(settings.users_file)
    users.add("ada", "admin", PASSWORD, own=True)
    users.close()
    with TestClient(make_app(settings, StubReader()), base_url="https://localhost") as client:
        session = client.get("/api/session")
        answer = client.post("/api/login", json={"name": "ada", "password": PASSWORD}, headers={"X-CSRF-Token": session.json()["csrf"]})
        cookie = answer.headers["set-cookie"]
        assert answer.status_code == 200 and "; Secure" in cookie and "HttpOnly" in cookie
        for path in ("/", "/api/events", "/api/nothing"):
            assert client.get(path).headers["strict-transport-security"] == "max-age=31536000"
        secret = client.cookies["comity_session"]
        assert len(secret) >= 43  # 32 random bytes
        assert secret not in str(client.get("/api/session").json())
        client.cookies.clear()
        token = client.get("/api/session").json()["csrf"]
        told = {"csrf": token, "X-CSRF-Token": token, "comity_session": secret}  # in an address they count for nothing
        assert client.get("/api/events", params=told).status_code == 401
        assert client.post("/api/login", params=told, json={"name": "ada", "password": PASSWORD}).status_code == 403


def test_answers_say_what_they_are_and_tables_are_downloads(tmp_path: Path) -> None:
    with TestClient(make_app(Settings(record=make(tmp_path / "record"), author="a"), StubReader()), base_url="http://localhost") as client:
        for path, kind in (("/api/events", "application/json"), ("/api/events.csv", "text/csv; charset=utf-8"), ("/api/events.atom", "application/atom+xml"), ("/api/docs", "text/html; charset=utf-8"), ("/api/nothing", "application/problem+json")):
            assert client.get(path).headers["content-type"].startswith(kind), path
        assert client.get("/api/events.csv").headers["content-disposition"].startswith("attachment; filename=")
        for method in ("PUT", "DELETE", "PATCH", "TRACE"):
            assert client.request(method, "/api/events").status_code in (403, 404, 405)


def test_sessions_end_with_a_new_login_a_logout_and_the_user(tmp_path: Path) -> None:
    settings = Settings(record=make(tmp_path / "record"), team=True)
    users = Users(settings.users_file)
    assert users.all() == []  # there is no account but those that somebody adds
    users.add("ada", "admin", PASSWORD, own=True)

    def cookie(client: TestClient) -> str:
        token = client.get("/api/session").json()["csrf"]
        assert client.post("/api/login", json={"name": "ada", "password": PASSWORD}, headers={"X-CSRF-Token": token}).status_code == 200
        return client.cookies["comity_session"]

    with TestClient(make_app(settings, StubReader()), base_url="http://localhost") as client:
        first, second = cookie(client), cookie(client)
        assert first != second and users.of_session(first, 1) is None and users.of_session(second, 1) is not None
        token = client.get("/api/session").json()["csrf"]
        left = client.post("/api/logout", json={}, headers={"X-CSRF-Token": token})
        assert left.headers["clear-site-data"] == '"cache"' and users.of_session(second, 1) is None
        third = cookie(client)
        users.remove("ada")
        assert users.of_session(third, 1) is None and client.get("/api/events").status_code == 401
    users.close()


def test_passwords_of_any_composition_are_taken_exactly(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.sqlite")
    for password in ("only small letters", "70 81 92 64 53 0", "КОРАБЛЬ медведь", " blank before and behind ", "lantern moss " * 15):
        users.add("ada", "reader", password)
        assert users.verified("ada", password) is not None
        for other in (password.strip() + "!", password.upper() + "x", password[:-1]):
            assert users.verified("ada", other) is None
    users.close()


def calls(path: Path) -> set[str]:
    """The names of all functions that a module calls: `eval`, `os.system`, `pickle.loads`."""
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("folder", ["comity", "scripts"])
def test_nothing_makes_code_of_text(folder: str) -> None:
    forbidden = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "shelve.open", "__import__"}
    for path in (ROOT / folder).rglob("*.py"):
        assert not calls(path) & forbidden, path
        assert "shell=True" not in path.read_text(encoding="utf-8"), path
        assert "hashlib.md5" not in path.read_text(encoding="utf-8") and "hashlib.sha1" not in path.read_text(encoding="utf-8"), path


def test_the_page_builds_no_markup_of_text() -> None:
    sources = [p for p in (ROOT / "frontend" / "src").rglob("*") if p.suffix in (".svelte", ".ts")]
    assert len(sources) > 30
    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\{@html|\.innerHTML\s*=|insertAdjacentHTML|document\.write|new Function\(|\beval\(", text), path
