"""Reading processes that die: the document at which one dies is skipped, and nothing else."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.errors import ReadersDied
from comity.model import Document
from comity.read import Limits
from comity.read.items import Item
from comity.record import reading
from comity.record.add import add
from comity.record.reading import Readers, Task, prepare
from comity.record.store import open_record


class Fragile:
    """A reader whose process dies at some texts."""

    def __call__(self, document: Document) -> Document:
        """The document, unless it is deadly."""
        if "deadly" in document.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return document


class FragileFactory:
    def __call__(self) -> Fragile:
        return Fragile()

    def versions(self) -> dict[str, str]:
        return {"model": "stub", "knowledge": "stub"}


def given(*texts: str) -> list[Item]:
    return [Item(key=f"made:{t}", name=t, load=lambda t=t: t.encode()) for t in texts]


def test_a_document_that_kills_its_process_is_skipped_and_the_run_goes_on(tmp_path: Path) -> None:
    texts = [f"The president of Peru met envoy number {n}." for n in range(12)]
    deadly = [texts[3] + " It was deadly.", texts[8] + " It was deadly too."]
    texts[3], texts[8] = deadly
    with open_record(tmp_path / "record") as store:
        summary = add(store, iter(given(*texts)), factory=FragileFactory(), any_language=True, jobs=2)
        assert (summary.kept, summary.skipped) == (10, {"C112": 2})
        rows = store.query("select key, code, fix from skipped order by key").to_pylist()
        assert [(r["key"], r["code"]) for r in rows] == [(f"made:{t}", "C112") for t in sorted(deadly)]
        assert "--jobs 1" in rows[0]["fix"]
        assert store.count("documents") == 10


def test_a_run_in_which_every_process_dies_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CRASHES", 2)
    documents: list[Any] = [(n, Document(id=str(n), text="deadly")) for n in range(6)]
    with Readers(FragileFactory(), 2) as readers, pytest.raises(ReadersDied, match="fewer --jobs"):
        list(readers.read(documents))


def test_limits_and_kind_of_the_user_reach_the_reading() -> None:
    long = Task(name="a.txt", data=b"The president of Peru met the envoy of Chile. " * 5)
    assert isinstance(prepare(long), Document)
    skipped = prepare(long, Limits(max_text=50))
    assert isinstance(skipped, reading.Skip) and skipped.code == "C104"
    words = "<p>The president of Peru met the envoy of Chile on Monday, and they spoke of trade and of the sea.</p>"
    page = f"<html><body><article>{words * 4}</article></body></html>".encode()
    marked = Task(name="row 1", data=page, kind="text")
    shown, read = prepare(marked), prepare(msgspec.structs.replace(marked, kind="html"))
    assert isinstance(shown, Document) and isinstance(read, Document)
    assert "<p>" in shown.text and "<p>" not in read.text
