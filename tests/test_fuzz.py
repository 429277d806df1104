"""Broken input of all kinds, a little of each; `python scripts/fuzz.py --seconds 60` feeds more."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import script

from comity.errors import BadUsage

fuzz = script("scripts/fuzz.py")
fuzz_targets = sys.modules["fuzz_targets"]
TARGETS = fuzz.targets()
SLOW = {n for n in TARGETS if n == "whole" or n.startswith(("import-", "record-"))} - {"import-lines", "import-codes"}


@pytest.fixture(autouse=True)
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Failures of tests are not kept in the checkout."""
    monkeypatch.setattr(fuzz, "ROOT", tmp_path)
    monkeypatch.setattr(fuzz, "FOUND", tmp_path / "found")
    monkeypatch.setattr(fuzz, "MEMORY", 8_000_000_000)  # the process of all tests holds more than what it feeds
    return tmp_path / "found"


@pytest.mark.parametrize("name", list(TARGETS))
def test_the_corpus_and_a_few_broken_inputs(name: str) -> None:
    kept = len(fuzz.corpus(name))
    assert kept, "every target has a kept corpus"
    tally = fuzz.run(name, TARGETS[name], seconds=5, most=kept + (2 if name in SLOW else 12), seed=7)
    assert tally.failed == []
    assert tally.inputs > kept


def test_a_sound_input_is_no_failure_and_is_not_refused() -> None:
    for name in ("text", "html", "actors-csv", "actors-toml"):
        tally = fuzz.Tally(name)
        for data in TARGETS[name].seeds():
            fuzz.feed(TARGETS[name], tally, data)
        assert not tally.codes and not tally.failed, name


def test_what_must_not_leave_is_noticed(found: Path) -> None:
    def faulty(data: bytes) -> object:
        if data == b"ours":
            raise BadUsage("wrong")
        return data.decode("ascii")

    tally = fuzz.Tally("x")
    for data in (b"ours", b"plain", b"\xff"):
        fuzz.feed(fuzz.Target(faulty, list), tally, data)
    assert tally.codes == {"C201": 1}
    assert len(tally.failed) == 1 and "UnicodeDecodeError" in tally.failed[0]
    assert [p.read_bytes() for p in found.rglob("*") if p.is_file()] == [b"\xff"]


def test_what_hangs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(data: bytes) -> object:
        while True:
            pass

    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    tally = fuzz.run("x", fuzz.Target(endless, lambda: [b"a"]), seconds=0, most=1, seed=1)
    assert "slower than" in tally.failed[0]


def test_what_fills_the_memory_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "MEMORY", 1)
    tally = fuzz.run("x", fuzz.Target(len, lambda: [b"a"]), seconds=0, most=1, seed=1)
    assert "of memory" in tally.failed[0]


def test_broken_inputs_are_the_same_for_a_seed() -> None:
    one, other, third = (
        [d for d, _ in zip(fuzz.inputs("csv", TARGETS["csv"], s), range(40), strict=False)] for s in (1, 1, 2)
    )
    assert one == other != third
    assert len(set(one)) > 20


def test_tables_are_made_that_hang_together() -> None:
    made = TARGETS["import-polecat"].made
    rng = Random(5)
    told = [made(rng) for _ in range(60)]
    heads = [data for data in told if data.upper().count(b"EVENT DATE") and data.count(b"\n") > 3]
    assert len(set(told)) > 50 and len(heads) > 20


def test_a_broken_promise_of_an_import_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.exchange import importing

    whole = importing.import_events

    def forgets(store: Any, name: str, paths: list[str]) -> Any:
        return msgspec.structs.replace(whole(store, name, paths), added=7)

    monkeypatch.setattr(importing, "import_events", forgets)
    tally = fuzz.Tally("record-acled")
    target = fuzz_targets.Target(fuzz_targets.in_file(".csv", fuzz_targets.recorded("acled")), list)
    fuzz.feed(target, tally, TARGETS["record-acled"].seeds()[0])
    assert "7 events were told, 1 are there" in tally.failed[0]


WORDS = st.lists(
    st.sampled_from(["two", "weeks", "ago", "on", "31", "February", "2016", "the", "1990s", "“", "”", "'", "\"", "said", "Monday", ".", ",", "–", "5:30", "p.m.", "Q3", "a.d.", "\n", "\n\n", "next", "late", "12/31/99", "٣", "½", "İ"]),
    max_size=25,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(WORDS, st.sampled_from([" ", "", " . "]))
def test_words_in_any_order(words: list[str], between: str) -> None:
    data = between.join(words).encode()
    for name in ("dates", "quotations"):
        TARGETS[name].run(data)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.binary(min_size=1, max_size=200), st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace")))
)
def test_any_bytes_are_mended_or_refused(data: bytes) -> None:
    tally = fuzz.Tally("clean")
    fuzz.feed(TARGETS["clean"], tally, data)
    assert tally.failed == []
