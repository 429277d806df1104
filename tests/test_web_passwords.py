"""Passwords: which are taken, how a user changes the own one, and that one from an admin is for the first login."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from webrecord import StubReader, make

from comity.errors import BadUser
from comity.web import passwords
from comity.web.app import make_app
from comity.web.settings import Settings
from comity.web.users import Users

FIRST, OWN = "lantern moss 4 wagons", "copper ferry on a Tuesday noon"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(record=make(tmp_path / "record"), team=True, logins_per_minute=0)
    users = Users(found.users_file)
    users.add("ada", "reviewer", FIRST)
    users.close()
    return found


def client_of(settings: Settings) -> TestClient:
    return TestClient(make_app(settings, StubReader()), base_url="http://localhost")


def post(client: TestClient, path: str, **body: Any) -> Any:
    token = client.get("/api/session").json()["csrf"]
    return client.post(f"/api/{path}", json=body, headers={"X-CSRF-Token": token})


@pytest.mark.parametrize(
    "weak",
    ["short", "elevenchars", "password1234", "P@ssw0rd2024!", "Passwort!2025", "qwertyuiop12", "1qaz2wsx3edc", "123456789012", "iloveyou1234",
     "administrator", "Welcome2024!!", "abcabcabcabc", "aaaaaaaaaaaaaa", "letmein12345", "monkeydragon1", "Summer2025!!!", "zyxwvutsrqponm",
     "987654321098", "ada-ada-2025!", "comitycomity", "trustno1trustno1", "Football12345", "correcthorsebatterystaple", "qwertz123456", "!!!!Liverpool!!!!"],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(weak: str) -> None:
    with pytest.raises(BadUser):
        passwords.checked(weak, "ada")


@pytest.mark.parametrize("good", [FIRST, OWN, "correct horse battery", "gravel-otter-mint-77", "Öl und Wein aus Trier", "x7#kQ!vb29Lp"])
def test_others_are_taken(good: str) -> None:
    assert passwords.checked(good, "ada") == good


@given(st.text(min_size=12, max_size=40))
def test_no_password_is_a_fault(text: str) -> None:
    assert passwords.weak(text, text[:5]) in (True, False)


def test_first_passwords_are_random_and_taken() -> None:
    made = {passwords.first() for _ in range(50)}
    assert len(made) == 50 and all(passwords.checked(one) and len(one) == 23 for one in made)


def test_the_list_covers_three_thousand_common_passwords_that_are_long_enough() -> None:
    found = {f"{word}{tail}" for word in passwords.common() for tail in ("", "1", "123", "1234", "12345", "123456", "2023", "2024", "2025", "2025!", "!", "!!", "007", "@123", "#1")}
    long = [p for p in (*found, *(w + w for w in passwords.common()), *(w.title() + "2024!!" for w in passwords.common())) if len(p) >= passwords.LEAST]
    assert len(long) >= 3000 and all(passwords.weak(p) for p in long)


def test_with_a_password_of_an_admin_nothing_else_can_be_done(settings: Settings) -> None:
    with client_of(settings) as client:
        told = post(client, "login", name="ada", password=FIRST)
        assert told.status_code == 200 and told.json()["must_change"]
        for path in ("home", "meta", "events.csv"):
            refused = client.get(f"/api/{path}")
            assert (refused.status_code, refused.json()["code"]) == (403, "C250")
        assert post(client, "decisions", kind="reject", event="e-deal", reason="x").json()["code"] == "C250"
        for old, new, code in ((FIRST, "password1234", "C247"), (FIRST, FIRST, "C247"), ("wrong one", OWN, "C247")):
            assert post(client, "password", old=old, new=new).json()["code"] == code
        changed = post(client, "password", old=FIRST, new=OWN)
        assert changed.status_code == 200 and not changed.json()["must_change"]
        assert client.get("/api/home").status_code == 200
        assert post(client, "decisions", kind="reject", event="e-deal", reason="x").status_code == 201


def test_a_changed_password_ends_the_other_sessions_and_the_old_one(settings: Settings) -> None:
    with client_of(settings) as here, client_of(settings) as there:
        assert post(here, "login", name="ada", password=FIRST).status_code == 200
        assert post(here, "password", old=FIRST, new=OWN).status_code == 200
        assert post(there, "login", name="ada", password=OWN).status_code == 200
        before = here.cookies["comity_session"]
        assert there.get("/api/home").status_code == 200
        assert post(here, "password", old=OWN, new=OWN + " again").status_code == 200
        assert here.cookies["comity_session"] != before
        assert here.get("/api/home").status_code == 200 and there.get("/api/home").status_code == 401
        assert post(there, "login", name="ada", password=OWN).status_code == 401
        users = Users(settings.users_file)
        assert "password changed" in [line["what"] for line in users.log(20)]
        users.close()


def test_guessing_the_old_password_is_slowed_down(tmp_path: Path) -> None:
    settings = Settings(record=make(tmp_path / "record"), team=True, logins_per_minute=3)
    users = Users(settings.users_file)
    users.add("ada", "reader", OWN, own=True)
    users.close()
    with client_of(settings) as client:
        assert post(client, "login", name="ada", password=OWN).status_code == 200
        found = [post(client, "password", old=f"guess number {n}", new=FIRST).status_code for n in range(4)]
        assert found[:2] == [422, 422] and found[-1] == 429


def test_nobody_else_has_a_password_to_change(settings: Settings, tmp_path: Path) -> None:
    with client_of(settings) as client:
        assert post(client, "password", old=FIRST, new=OWN).status_code == 401
    alone = Settings(record=settings.record, author="anna")
    with client_of(alone) as client:
        assert post(client, "password", old=FIRST, new=OWN).status_code == 404


def test_a_first_password_ends_after_its_days_and_files_of_before_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "users.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("create table users (name text primary key, role text not null, password text, created text not null)")
    users = Users(path)
    users.add("ada", "reader", FIRST)
    assert users.verified("ada", FIRST) is not None
    users.add("ada", "admin", None)  # another role leaves the password as it is
    assert users.get("ada").first_until is not None  # type: ignore[union-attr]
    now = time.time()
    monkeypatch.setattr("comity.web.users.time.time", lambda: now + 8 * 86400)
    assert users.verified("ada", FIRST) is None
    users.add("ada", "reader", OWN, own=True)
    assert users.verified("ada", OWN) is not None
    users.close()
