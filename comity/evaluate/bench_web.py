"""How fast the server answers, and what it does under the load of many users.

    python -m comity.evaluate.bench_web --record DIR [--repeat 10] [--json]
    python -m comity.evaluate.bench_web --record DIR --users 50 --minutes 5

Without users: each kind of question so often, of other pairs and actors each time, so that no answer is one that was
kept; wall and processor time of the server.  With users: each asks, looks at the answer for two to eight seconds, and
asks again; one in fifty of their requests is a decision: half confirm, the others correct or reject.  The
record is copied first.  At the end every decision that was acknowledged must be in the record.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from comity.evaluate.fuzz_api import NoReader
from comity.model import Record
from comity.record.store import open_record
from comity.web.app import make_app
from comity.web.settings import Settings

PAGES = {
    "relation page": "relation/{a}/{b}", "relation by week": "relation/{a}/{b}?by=week",
    "lines": "relation/{a}/{b}/lines", "actor": "actor/{a}", "events of a pair": "events?pair={a}-{b}",
    "events of an actor": "events?actor={a}",
    "search": "search?q={word}", "suggestions": "suggest?q={word}", "pledges of a pair": "pledges?pair={a}-{b}",
    "one event": "event/{event}", "home": "home?_", "network": "network?min_events={n}", "map": "map?actor={a}",
    "sources": "sources?_", "list of actors": "actors?limit={n}",
}  # fmt: skip
ONCE = ("home", "sources")
"""Pages without anything to vary: asked once, when nothing is kept yet."""
WORDS = ("rus", "talks", "china", "ministers", "iran", "agree", "korea", "visit", "sanctions", "turk", "border")
DECIDES = 50
JUDGED: tuple[dict[str, Any], ...] = (
    {"kind": "confirm"}, {"kind": "confirm"}, {"kind": "confirm"}, {"kind": "correct", "set": {"place": "Geneva"}},
    {"kind": "correct", "set": {"date": "2017-03"}}, {"kind": "reject"},
)  # fmt: skip
PAUSE = (2.0, 8.0)
"""Seconds for which a user looks at a page, evenly spread."""


class Timed(Record, frozen=True):
    """Times of one kind of question in milliseconds: the median and the longest on the wall, median of processor."""

    name: str
    number: int
    wall: float
    longest: float
    processor: float
    size: int


class Load(Record, frozen=True):
    """What many users saw: requests, errors, times in milliseconds, decisions acknowledged, and those lost.

    ``processor`` are milliseconds of the server's processor time for each request, its start included.
    """

    users: int
    seconds: float
    requests: int
    errors: int
    median: float
    p95: float
    p99: float
    decisions: int
    lost: int
    processor: float


class Material(Record, frozen=True):
    """What can be asked about: pairs with their most events first, and events."""

    pairs: tuple[tuple[str, str], ...]
    events: tuple[str, ...]

    def path(self, form: str, draw: random.Random, n: int) -> str:
        """An address of a kind of page."""
        a, b = self.pairs[n % len(self.pairs)]
        given = {"a": a, "b": b, "word": WORDS[n % len(WORDS)], "event": draw.choice(self.events), "n": 1 + n}
        return form.removesuffix("?_").format(**given)


def material(record: Path) -> Material:
    """The busiest pairs of a record and some events."""
    from comity.web.pairs import OCCURRED, pairs

    with open_record(record, create=False) as store:
        rows = store.query(
            f"select a, b from {pairs(store)} where {OCCURRED} group by all order by count(*) desc, a, b limit 300"
        ).to_pylist()
        events = store.query("select id from events using sample reservoir(500 rows) repeatable (1)")
    return Material(pairs=tuple((r["a"], r["b"]) for r in rows), events=tuple(events.column(0).to_pylist()))


def answer_times(record: Path, repeat: int) -> list[Timed]:
    """Times of every kind of question, the first of which warms up and is not counted."""
    from starlette.testclient import TestClient

    known, draw = material(record), random.Random(1)
    settings = Settings(record=record, author="bench", per_minute=0, seconds=60)
    found = []
    with TestClient(make_app(settings, NoReader()), base_url="http://localhost") as client:
        for n in range(3 * settings.threads):  # every thread opens the record
            client.get(f"/api/relation/RUS/CHN/lines?since={1990 + n}")
        for number, (name, form) in enumerate(PAGES.items()):
            wall, processor, size = [], [], 0
            for n in range(1 if name in ONCE else repeat + 1):
                path = known.path(form, draw, n + number)
                began, used = time.perf_counter(), time.process_time()
                answer = client.get(f"/api/{path}")
                wall.append(1000 * (time.perf_counter() - began))
                processor.append(1000 * (time.process_time() - used))
                size = len(answer.content)
                if answer.status_code != 200:
                    raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
            kept = slice(1, None) if len(wall) > 1 else slice(None)
            found.append(timed(name, wall[kept], processor[kept], size))
    return found


def timed(name: str, wall: Sequence[float], processor: Sequence[float], size: int) -> Timed:
    """The summary of some times."""
    return Timed(
        name=name, number=len(wall), wall=round(share(wall, 0.5), 1), longest=round(max(wall), 1),
        processor=round(share(processor, 0.5), 1), size=size,
    )  # fmt: skip


def share(values: Sequence[float], part: float) -> float:
    """The value below which so many lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def serve(record: str, port: int) -> None:
    """The server, in a process of its own, with the record opened at the start as `comity serve` does."""
    import uvicorn

    settings = Settings(record=Path(record), author="bench", per_minute=0, warm=True)
    uvicorn.run(  # idle connections are kept for as long as `comity serve` keeps them
        make_app(settings, NoReader()), host="127.0.0.1", port=port, log_level="error", access_log=False,
        timeout_keep_alive=30,
    )  # fmt: skip


class User(threading.Thread):
    """Somebody who looks at pages and now and then decides."""

    def __init__(self, number: int, address: str, known: Material, until: float) -> None:
        super().__init__(daemon=True)
        self.draw = random.Random(number)
        self.number, self.address, self.known, self.until = number, address, known, until
        self.times: list[float] = []
        self.errors = 0
        self.decided: list[str] = []

    def run(self) -> None:
        """Ask until the end."""
        forms = list(PAGES.values())
        with httpx2.Client(base_url=self.address, timeout=60) as client:
            token = client.get("/api/session").json()["csrf"]
            while time.monotonic() < self.until:
                began = time.perf_counter()
                try:
                    self.turn(client, token, forms)
                except httpx2.TransportError:
                    self.errors += 1
                self.times.append(1000 * (time.perf_counter() - began))
                time.sleep(self.draw.uniform(*PAUSE))

    def turn(self, client: httpx2.Client, token: str, forms: Sequence[str]) -> None:
        """One request: a decision now and then, else a page."""
        if self.draw.randrange(DECIDES) == 0:
            self.decide(client, token)
            return
        path = self.known.path(self.draw.choice(forms), self.draw, self.draw.randrange(300))
        self.errors += client.get(f"/api/{path}").status_code != 200

    def decide(self, client: httpx2.Client, token: str) -> None:
        """Confirm, correct or reject an event."""
        said = {"event": self.draw.choice(self.known.events), "reason": f"user {self.number}"}
        said |= self.draw.choice(JUDGED)
        answer = client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token})
        self.errors += answer.status_code != 201
        if answer.status_code == 201:
            self.decided.append(answer.json()["decision"]["id"])


def load(record: Path, users: int, minutes: float) -> Load:
    """Many users for some minutes."""
    known = material(record)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = context.Process(target=serve, args=(str(record), port), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{port}"
    try:
        wait(address)
        began = time.monotonic()
        crowd = [User(n, address, known, began + 60 * minutes) for n in range(users)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        seconds = time.monotonic() - began
    finally:
        server.terminate()
        server.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    with open_record(record, create=False) as store:
        there = {d["id"] for d in store.decisions()}
    times = [t for one in crowd for t in one.times]
    decided = [d for one in crowd for d in one.decided]
    return Load(
        users=users, seconds=round(seconds), requests=len(times), errors=sum(one.errors for one in crowd),
        median=round(share(times, 0.5), 1), p95=round(share(times, 0.95), 1), p99=round(share(times, 0.99), 1),
        decisions=len(decided), lost=len([d for d in decided if d not in there]),
        processor=round(1000 * processor / max(len(times), 1), 1),
    )  # fmt: skip


def wait(address: str) -> None:
    """Until the server answers."""
    for _ in range(600):
        try:
            httpx2.get(f"{address}/api/home", timeout=60)
            return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def main() -> int:
    """The command; status 1 when a decision was lost or a request failed."""
    parser = argparse.ArgumentParser(description="How fast the server answers.")
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--users", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "record"
        shutil.copytree(given.record, copy)
        if given.users:
            found = load(copy, given.users, given.minutes)
            print(msgspec.json.encode(found).decode() if given.json else told(found))
            return 1 if found.lost or found.errors else 0
        rows = answer_times(copy, given.repeat)
    if given.json:
        print(msgspec.json.encode(rows).decode())
        return 0
    print(f"{'':20} {'median':>8} {'longest':>8} {'processor':>10} {'bytes':>9}   (ms)")
    for row in rows:
        print(f"{row.name:20} {row.wall:8.1f} {row.longest:8.1f} {row.processor:10.1f} {row.size:9,}")
    return 0


def told(found: Load) -> str:
    """The figures of a load in one line."""
    return (
        f"{found.users} users, {found.seconds:.0f} s: {found.requests:,} requests, {found.errors} failed; median "
        f"{found.median} ms, 95 % {found.p95} ms, 99 % {found.p99} ms; {found.decisions} decisions, {found.lost} lost; "
        f"{found.processor} ms of the server's processor a request"
    )


if __name__ == "__main__":
    sys.exit(main())
