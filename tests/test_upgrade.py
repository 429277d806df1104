"""Records that earlier versions wrote open, are brought up to date, and answer as they did.

``tests/data/record-*`` were written by the versions in which `comity add` appeared, decisions appeared, and by 0.2.0
(`tests/data/make_record.py` says how).  The tables have had one version so far; a second one adds a fixture.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from loading import script

from comity.record.migrations import migrate, version_of
from comity.record.schema import VERSION
from comity.record.store import open_record

DATA = Path(__file__).parent / "data"
KEPT = sorted(p for p in DATA.glob("record-*") if (p / "answers.json").exists())
maker = script("tests/data/make_record.py")


def upgraded(kept: Path, folder: Path) -> Any:
    """A copy of a kept record, brought up to date."""
    shutil.copytree(kept / "record", folder)
    migrate(folder)
    return open_record(folder, create=False)


def test_every_version_of_the_tables_has_a_record() -> None:
    assert len(KEPT) >= 3
    versions = {version_of(kept / "record") for kept in KEPT} | {version_of(DATA / "record-v1")}
    assert versions == set(range(1, VERSION + 1))


@pytest.mark.parametrize("kept", KEPT, ids=[p.name for p in KEPT])
def test_it_answers_as_it_did(kept: Path, tmp_path: Path) -> None:
    told = json.loads((kept / "answers.json").read_text("utf-8"))
    del told["program"]
    assert len(told["events"]) >= 5 and len(told["texts"]) == 3, "the fixture holds something"
    with upgraded(kept, tmp_path / "record") as record:
        now = maker.answers(record)
        assert {name: now[name] for name in told} == told
        assert record.check().sound


def test_the_oldest_goes_on(tmp_path: Path) -> None:
    with upgraded(DATA / "record-first", tmp_path / "record") as record:
        told = maker.answers(record)
        documents = record.count("documents")
        texts = tmp_path / "texts"
        texts.mkdir()
        for name, title, body in maker.STORIES:
            (texts / name).write_text(f"{title}\n\n{body}\n", "utf-8")
        record.add([str(texts)])
        assert record.count("documents") == documents, "what it has is not taken for new"
        assert maker.answers(record)["events"] == told["events"]
        event = next(row["id"] for row in told["events"] if row["status"] == "occurred")
        record.reject(event, reason="a decision on an old record", author="A. Maintainer")
        assert event not in {row["id"] for row in maker.answers(record)["events"]}
        record.rebuild()
        assert event not in {row["id"] for row in maker.answers(record)["events"]}
        assert record.check().sound
