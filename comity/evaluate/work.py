"""Fixed pieces of work and what they cost in counts that do not hang on the machine or on what else runs on it.

Every function of `WORK` does the same work each time and gives counts a unit of it (a sentence, a report, a
document, a question): runs of a network, pieces padded, pairs compared, statements of SQL, bytes written, calls
of Python.  More is worse.  `counted` runs one in a process of its own with a fixed seed of hashes, so that the
same program gives the same counts.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import msgspec

from comity.errors import StopRun
from comity.evaluate.checkout import ROOT

REPORTS, DOCUMENTS, EVENTS = 600, 150, 20_000
PAIRS = (("RUS", "USA"), ("CHN", "IND"), ("FRA", "DEU"))
Counts = dict[str, float]


class Tally:
    """Counts under names; `calls` counts the calls of Python while its block runs."""

    def __init__(self) -> None:
        self.counts: Counts = {}

    def add(self, name: str, number: float = 1) -> None:
        """Count something."""
        self.counts[name] = self.counts.get(name, 0) + number

    def __getitem__(self, name: str) -> float:
        return self.counts.get(name, 0)

    @contextmanager
    def calls(self, name: str = "calls") -> Iterator[None]:
        """Count calls of functions, of Python and of C, made in this block."""
        number = 0

        def note(_frame: FrameType, kind: str, _given: Any) -> None:
            nonlocal number
            if kind in ("call", "c_call"):
                number += 1

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(before)
            self.add(name, number)

    @contextmanager
    def method(self, owner: Any, name: str, note: Callable[..., None]) -> Iterator[None]:
        """Have ``note`` told of each call of a method: what was given, then what came of it."""
        original = getattr(owner, name)

        def noting(*given: Any, **named: Any) -> Any:
            found = original(*given, **named)
            note(found, *given)
            return found

        with patch.object(owner, name, noting):
            yield


class Counted:
    """A session of the runtime that counts its runs and the cells of its widest input, padding included."""

    def __init__(self, session: Any, tally: Tally, name: str, width: Callable[[Mapping[str, Any]], tuple[int, int]]):
        self._session, self._tally, self._name, self._width = session, tally, name, width

    def run(self, names: Any, feed: Mapping[str, Any]) -> Any:
        """As the session runs; counts runs, cells, and cells that hold something."""
        cells, real = self._width(feed)
        self._tally.add(f"{self._name} runs")
        self._tally.add(f"{self._name} cells", cells)
        self._tally.add(f"{self._name} real cells", real)
        return self._session.run(names, feed)


def read() -> Counts:
    """The example articles, read one after the other: counts a sentence, padding as a ratio."""
    from comity.read import read_bytes
    from comity.reader import Reader

    tally, reader = Tally(), Reader()
    texts = [(p.name, p.read_bytes()) for p in sorted((ROOT / "examples").glob("*.txt"))]
    with ExitStack() as stack:
        stack.enter_context(patch.object(reader.encoder, "_session", _encoder(reader, tally)))
        if reader.judge is not None:
            stack.enter_context(patch.object(reader.judge, "_session", _judge(reader, tally)))
        with tally.calls():
            for name, data in texts:
                document = reader(read_bytes(data, name=name, any_language=True))
                tally.add("sentences", len(document.sentences))
    each = tally["sentences"] or 1
    return {
        "encoder runs a sentence": tally["encoder runs"] / each,
        "encoder pieces a sentence": tally["encoder real cells"] / each,
        "encoder padding": tally["encoder cells"] / max(1.0, tally["encoder real cells"]),
        "judge runs a sentence": tally["judge runs"] / each,
        "judge cells a sentence": tally["judge cells"] / each,
        "calls a sentence": tally["calls"] / each,
    }


def _encoder(reader: Any, tally: Tally) -> Counted:
    return Counted(reader.encoder._session, tally, "encoder", lambda f: (f["ids"].size, int((f["ids"] != 0).sum())))


def _judge(reader: Any, tally: Tally) -> Counted:
    def width(feed: Mapping[str, Any]) -> tuple[int, int]:
        return feed["roles"].size, int(feed["mask"].sum())

    return Counted(reader.judge._session, tally, "judge", width)


def merge() -> Counts:
    """Made-up reports merged in memory: counts a report."""
    from comity.evaluate.merge_bench import BATCH, made_up
    from comity.evaluate.merge_score import merge_all
    from comity.record.merge import score
    from comity.record.merge.score import Scorer

    documents = [d for _, d in made_up(REPORTS)]
    tally = Tally()
    with ExitStack() as stack:
        stack.enter_context(tally.method(Scorer, "score", lambda *_: tally.add("scored")))
        stack.enter_context(tally.method(score, "side_of", lambda *_: tally.add("made ready")))
        with tally.calls():
            merge_all(documents, batch=BATCH)
    return {
        "pairs scored a report": tally["scored"] / REPORTS,
        "reports made ready a report": tally["made ready"] / REPORTS,
        "calls a report": tally["calls"] / REPORTS,
    }


def add() -> Counts:
    """Documents read by a stub into a record: counts a document."""
    from comity.evaluate.bench_record import StubFactory, articles
    from comity.record import index
    from comity.record.store import open_record

    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for name in ("run", "table", "rows"):
            stack.enter_context(tally.method(index.Database, name, lambda *_: tally.add("statements")))
        stack.enter_context(tally.method(os, "fsync", lambda *_: tally.add("syncs")))
        with tally.calls(), open_record(Path(folder)) as store:
            factory: Any = StubFactory()
            store.add(articles(DOCUMENTS), factory=factory, any_language=True)
        size = sum(s.size for s in open_record(Path(folder), create=False).manifest.segments)
    return {
        "statements a document": tally["statements"] / DOCUMENTS,
        "syncs a document": tally["syncs"] / DOCUMENTS,
        "kilobytes a document": size / 1000 / DOCUMENTS,
        "calls a document": tally["calls"] / DOCUMENTS,
    }


def ask() -> Counts:
    """Questions to a record of imported events: statements and calls a question, bytes an event."""
    from comity.evaluate.bench_record import write_made_up
    from comity.record import index
    from comity.record.store import open_record
    from comity.relations import relation

    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        with open_record(Path(folder)) as store:
            write_made_up(store, 0, EVENTS)
            store.rebuild()
        for name in ("run", "table", "rows"):
            stack.enter_context(tally.method(index.Database, name, lambda *_: tally.add("statements")))
        with tally.calls(), open_record(Path(folder), create=False) as store:
            for a, b in PAIRS:
                store.events(pair=f"{a}-{b}")
                relation(store, a, b)
        sizes = [p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()]
    return {
        "statements a question": tally["statements"] / (2 * len(PAIRS)),
        "calls a question": tally["calls"] / (2 * len(PAIRS)),
        "bytes an event": sum(sizes) / EVENTS,
    }


WORK: Mapping[str, Callable[[], Counts]] = {"read": read, "merge": merge, "add": add, "ask": ask}


def counted(name: str) -> Counts:
    """The counts of one piece of work, from a process of its own.  Raises `StopRun` when it fails."""
    command = [sys.executable, "-m", "comity.evaluate.work", name]
    done = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "0"}, check=False)
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise StopRun(f"the work '{name}' failed: {told[-1] if told else ''}", fix=" ".join(command[1:]))
    return {f"{name}: {k}": v for k, v in msgspec.json.decode(done.stdout, type=dict[str, float]).items()}


def main() -> int:
    """Do one piece of work and print its counts as JSON."""
    random.seed(0)
    counts = WORK[sys.argv[1]]()
    print(msgspec.json.encode({k: round(v, 4) for k, v in counts.items()}).decode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
