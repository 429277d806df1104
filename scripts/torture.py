"""Kill a run of ``comity add`` at random moments, go on, and compare with a run that nobody disturbed.

    python scripts/torture.py --kills 200 --documents 2000

The documents are made up and the reader is a cheap one that finds an event in
every sentence of a fixed form, so that it is the store that is tried;
``--real-reader`` takes the shipped one.  Exit status 1 when a table differs.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from comity.model import Document, Event, EventDate, Quote, Sentence, Span, Speaker
from comity.read.items import Item
from comity.record.reading import ReaderFactory
from comity.record.store import Store, open_record

CODES = ("RUS", "USA", "CHN", "IRN", "IND", "PAK", "FRA", "DEU", "TUR", "EGY")
VERBS = {"met with": "CONSULT", "signed an agreement with": "AGREE", "threatened": "THREATEN", "accused": "ACCUSE"}
OUTLETS = ("Reuters", "AFP", "The Morning Paper")
FORM = re.compile(rf"([A-Z]{{3}}) ({'|'.join(VERBS)}) ([A-Z]{{3}}) on (\d{{4}}-\d\d-\d\d)[^.]*\.")
TABLES = ("documents", "stories", "sentences", "mentions", "reports", "events", "report_events", "quotations", "inputs",
          "skipped")  # fmt: skip
LEFT_OUT = frozenset({"run", "added", "generation"})


class StubReader:
    """Finds "RUS met with USA on 2021-12-15 ..." and nothing else."""

    def __call__(self, document: Document) -> Document:
        """The document with its events, each with a sentence, and a quotation where there is one."""
        found = list(FORM.finditer(document.text))
        quotes = re.finditer(r"“([^”]+)”", document.text)
        return msgspec.structs.replace(
            document,
            sentences=tuple(Sentence(start=m.start(), end=m.end()) for m in found),
            events=tuple(self._event(document, m) for m in found),
            quotes=tuple(
                Quote(start=m.start(1), end=m.end(1), text=m[1], kind="direct", speaker=Speaker(name="A spokesman"))
                for m in quotes
            ),
        )

    def _event(self, document: Document, match: re.Match[str]) -> Event:
        day = date.fromisoformat(match[4])
        key = f"{document.id}|{match.start()}"
        return Event(
            id="e-" + blake2b(key.encode(), digest_size=8).hexdigest(),
            type=VERBS[match[2]],
            mode=None,
            cameo=None,
            status="occurred",
            sources=(match[1],),
            targets=(match[3],),
            participants=(),
            date=EventDate(start=day, end=day, precision="day"),
            evidence=Span(start=match.start(), end=match.end()),
            anchor=Span(start=match.start(2), end=match.end(2)),
            confidence=0.8,
        )


class StubFactory:
    """Makes `StubReader`s."""

    def __call__(self) -> Callable[[Document], Document]:
        """A reader."""
        return StubReader()

    def versions(self) -> dict[str, str]:
        """No model, no knowledge."""
        return {"model": "stub", "knowledge": "stub"}


def articles(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Names and texts: reports of a small set of events, with copies, and some that must be skipped."""
    draw = random.Random(seed)
    begin = date(2021, 1, 1)
    acts = [
        (*draw.sample(CODES, 2), draw.choice(list(VERBS)), begin + timedelta(days=draw.randrange(300)))
        for _ in range(max(1, number))
    ]
    texts: list[str] = []
    for n in range(number):
        if n % 97 == 13:
            yield f"{n:06d}.txt", ""
            continue
        if n % 41 == 7 and texts:
            yield f"{n:06d}.txt", draw.choice(texts)
            continue
        told = draw.sample(acts, min(len(acts), draw.randrange(1, 5)))
        day = max(t[3] for t in told) + timedelta(days=draw.randrange(3))
        body = " ".join(
            f"The news of the day is that {a} {verb} {b} on {when.isoformat()} about matter {draw.randrange(40)}."
            for a, b, verb, when in told
        )
        said = f"“It was day {draw.randrange(10**6)} for all {draw.randrange(10**6)} of us,” it was said."
        text = f"{draw.choice(OUTLETS)} {day.isoformat()}\n\n{body} {said}\n"
        texts.append(text)
        yield f"{n:06d}.txt", text


def items(number: int) -> Iterator[Item]:
    """The articles as items."""
    for name, text in articles(number):
        yield Item(f"made:{name}", name, partial(str.encode, text), published=_day(text))


def _day(text: str) -> date | None:
    found = re.search(r"\d{4}-\d\d-\d\d", text)
    return date.fromisoformat(found[0]) if found else None


def fill(folder: Path, number: int, *, real: bool, jobs: int = 1) -> None:
    """One run over all articles, as a child process does it."""
    factory: Any = ReaderFactory() if real else StubFactory()
    with open_record(folder) as store:
        store.add(items(number), factory=factory, jobs=jobs, any_language=True)


def tables(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that the record says, without times and names of runs, in a fixed order."""
    found = {}
    for name in TABLES:
        rows = store.query(f"select * from {name}").to_pylist()
        plain = [{k: v for k, v in row.items() if k not in LEFT_OUT} for row in rows]
        found[name] = sorted(plain, key=repr)
    found["texts"] = sorted(({"id": d["id"], "text": store.text(d["id"])} for d in found["documents"][::17]), key=repr)
    return found


def torture(folder: Path, number: int, kills: int, *, real: bool = False, jobs: int = 1, seed: int = 1) -> list[str]:
    """Kill, go on, compare; the names of tables that differ, and whatever else is wrong."""
    draw = random.Random(seed)
    whole, broken = folder / "whole", folder / "broken"
    began = time.monotonic()
    fill(whole, number, real=real)
    longest = time.monotonic() - began
    command = [sys.executable, __file__, "--fill", str(broken), "--documents", str(number), "--jobs", str(jobs)]
    command += ["--real-reader"] if real else []
    done = 0
    pause = longest / max(1, kills) * 1.5
    while done < kills:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        start = _started(child)
        wait = draw.uniform(0, 2 * pause)
        try:
            child.wait(timeout=max(0.0, start + wait - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            done += 1
            if done % 20 == 0:
                print(f"{done} kills", file=sys.stderr, flush=True)
            continue
        if child.returncode:
            assert child.stderr is not None
            told = child.stderr.read().decode(errors="replace").strip()
            return [f"a run that went on after {done} kills failed with status {child.returncode}: {told[-2000:]}"]
        # All was read: begin again from an empty record, so that every kill falls into work.
        faults = compare(whole, broken)
        if faults:
            return faults
        shutil.rmtree(broken)
    fill(broken, number, real=real)
    return compare(whole, broken)


def _started(child: subprocess.Popen[bytes]) -> float:
    """Wait until the child has loaded its modules and begins to write."""
    assert child.stderr is not None
    child.stderr.readline()
    return time.monotonic()


def compare(whole: Path, broken: Path) -> list[str]:
    """What differs between two records, and what is not sound in the second."""
    with open_record(whole, create=False) as first, open_record(broken, create=False) as second:
        right, found = tables(first), tables(second)
        faults = [f"table {name} differs" for name in right if right[name] != found[name]]
        report = second.check()
    return faults + [f"{f.code} {f.about}: {f.message}" for f in report.faults if not f.mended]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real-reader", action="store_true")
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        print("begun", file=sys.stderr, flush=True)
        fill(given.fill, given.documents, real=given.real_reader, jobs=given.jobs)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        faults = torture(
            Path(folder), given.documents, given.kills, real=given.real_reader, jobs=given.jobs, seed=given.seed
        )
        seconds = time.monotonic() - began
    for fault in faults:
        print(fault)
    state = "tables differ or are not sound" if faults else "all tables equal, record sound"
    print(f"{given.kills} kills of adding {given.documents} documents in {seconds:.0f} s: {state}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
