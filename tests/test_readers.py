"""Reading processes that die: the document at which one dies is skipped, and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
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

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))  # reading processes must find it by its name
torture: Any = import_module("torture")


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


class Plain:
    """A reader of the made-up articles, which a new process finds by its name."""

    def __call__(self) -> Any:
        return torture.StubReader()

    def versions(self) -> dict[str, str]:
        return {"model": "stub", "knowledge": "stub"}


def filled(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> dict[str, str]:
    """The segments of a record of made-up articles, by name with their hashes; the clock stands still."""
    from datetime import UTC, datetime

    from comity.record import add as adding

    monkeypatch.setattr(adding, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(adding, "SECONDS", 1e9)
    monkeypatch.setattr(os, "urandom", lambda n: b"\0" * n)
    with open_record(folder) as store:
        summary = add(store, torture.items(170), factory=Plain(), any_language=True, jobs=jobs)
        assert summary.kept > 150
        monkeypatch.undo()
        return {s.file: s.sha256 for s in store.manifest.segments if s.table != "runs"}


def test_several_processes_write_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = filled(tmp_path / "one", monkeypatch, 1)
    together = filled(tmp_path / "three", monkeypatch, 3)
    assert alone == together
    assert len(alone) > 20
    for name in alone:
        one, three = (tmp_path / f / "segments" / name for f in ("one", "three"))
        assert one.read_bytes() == three.read_bytes()


class Sleepy:
    """A reader that takes for ever over some texts."""

    def __call__(self) -> Any:
        def read(document: Document) -> Document:
            if "endless" in document.text:
                time.sleep(600)
            return document

        return read

    def versions(self) -> dict[str, str]:
        return {"model": "stub", "knowledge": "stub"}


def test_asked_to_stop_it_waits_for_no_slow_document_and_keeps_what_came_before(tmp_path: Path) -> None:
    texts = [f"The president of Peru met envoy number {n}." for n in range(40)]
    texts[20] += " It was endless."
    kept, asked = [0], [0]

    def watch(outcome: Any, summary: Any) -> None:
        kept[0] = summary.kept

    def stop() -> bool:
        """Asked several times while nothing more comes."""
        asked[0] += kept[0] == 20
        return asked[0] > 3

    with open_record(tmp_path / "record") as store:
        summary = add(store, iter(given(*texts)), factory=Sleepy(), any_language=True, jobs=2, stop=stop, watch=watch)
        assert summary.interrupted
        assert summary.kept == store.count("documents") == 20
        again = add(store, iter(given(*texts[:20], *texts[21:])), factory=Sleepy(), any_language=True, jobs=2)
        assert (again.known, again.kept, again.interrupted) == (20, 19, False)
    assert not [p for p in multiprocessing.active_children() if p.is_alive()]


SLOW_RUN = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
import test_readers
from comity.cli.add import stopping
from comity.record.add import add
from comity.record.store import open_record
from rich.console import Console

if __name__ == "__main__":
    texts = [f"The president of Peru met envoy number {{n}}." for n in range(30)]
    texts[12] += " It was endless."
    with open_record(Path(sys.argv[1])) as store, stopping(Console(stderr=True)) as stop:
        def watch(outcome, summary):
            print(summary.kept, flush=True)
        found = add(store, iter(test_readers.given(*texts)), factory=test_readers.Sleepy(), any_language=True, jobs=2,
                    stop=stop, watch=watch)
        sys.exit(130 if found.interrupted else 0)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_a_run_at_once_and_in_order(tmp_path: Path, number: signal.Signals) -> None:
    here = Path(__file__).parent
    script = tmp_path / "run.py"
    script.write_text(SLOW_RUN.format(paths=[str(here), str(here.parent / "scripts")]))
    command = [sys.executable, str(script), str(tmp_path / "record")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == b"12":
            break
    os.killpg(child.pid, number)
    assert child.wait(timeout=60) == 130
    with open_record(tmp_path / "record", create=False) as store:
        assert store.count("documents") == 12
        assert not store.check().faults
        assert store.runs().to_pylist()[0]["ended"] is not None
