"""Thousands of made-up requests to the API of a small record: no answer may be a fault of the server.

    python -m comity.evaluate.fuzz_api [--cases 10000] [--seed 1] [--record DIR]

Half of the requests fit the description in OpenAPI, half do not; decisions and texts to read are among them.  The
record is copied first; without --record it is made from the examples.  Needs schemathesis (the extra ``test``).
"""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from comity.errors import CannotServe
from comity.model import Document, Record
from comity.record.store import open_record
from comity.web.app import make_app
from comity.web.settings import Settings

TOKEN = "x-csrf-token"
LIKELY = {
    "pair": ("IND-PAK", "Iran and Saudi Arabia", "RUS"), "actor": ("IND", "European Union"), "a": ("IND", "IRN"),
    "b": ("PAK", "SAU"), "code": ("IND", "EU", "HAMAS"), "source": ("IND",), "target": ("PAK",),
    "q": ("talks", '"the bor', "*"), "type": ("CONSULT", "assault,AID"), "status": ("occurred", "announced,possible"),
    "mode": ("visit",),
    "since": ("2018", "2018-02-30", "1066"), "until": ("2019-12", "9999-12-31"), "on": ("2020",),
}  # fmt: skip
"""Values that mean something, put into half of the requests that fit: a made-up name finds nothing."""
SHOWN = 20


class Failure(Record, frozen=True):
    """A request whose answer is a fault, and what was wrong with the answer."""

    method: str
    url: str
    body: str
    wrong: str


class FuzzReport(Record, frozen=True):
    """What became of all requests: how many of each status, and the failures."""

    cases: int
    statuses: dict[int, int]
    failures: tuple[Failure, ...]


class NoReader:
    """Finds nothing in any text, at once."""

    def read(self, document: Document) -> Document:
        """The document as it is."""
        return document

    def close(self) -> None:
        """Nothing to end."""


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application that runs in a thread."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        end = time.monotonic() + 20
        while not server.started:
            if not thread.is_alive() or time.monotonic() > end:
                raise CannotServe("the server did not start", fix="run `comity serve` to see why")
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def fuzz(record: Path, cases: int, seed: int = 1) -> FuzzReport:
    """Ask so many questions of the API over a record, which is changed by them."""
    settings = Settings(record=record, author="fuzz", per_minute=0, reads_per_minute=0, seconds=30)
    app = make_app(settings, NoReader())
    described, likely = app.openapi(), {**LIKELY, "name": names(record)}
    statuses: Counter[int] = Counter()
    failures: list[Failure] = []
    with served(app) as address:
        for response, case in answers(described, likely, address, cases, seed):
            statuses[response.status_code] += 1
            found = wrong(response) or unlike(response, case)
            if found:
                body = "" if case.body is None else repr(case.body)[:300]
                failures.append(
                    Failure(method=case.method, url=str(response.request.url)[:500], body=body, wrong=found)
                )
    return FuzzReport(cases=sum(statuses.values()), statuses=dict(statuses), failures=tuple(failures))


def names(record: Path) -> tuple[str, ...]:
    """Ids of events and documents of a record, and a person."""
    with open_record(record, create=False) as store:
        rows = store.query("(select id from events limit 3) union all (select id from documents limit 3)")
    return (*rows.column(0).to_pylist(), "vladimir-putin")


def answers(
    described: dict[str, Any], likely: Mapping[str, Sequence[str]], address: str, cases: int, seed: int
) -> Iterator[tuple[Any, Any]]:
    """Answers to made-up requests, spread evenly over all addresses."""
    import requests
    import schemathesis

    listed: Any = schemathesis.openapi.from_dict(described).get_all_operations()
    operations = [found.ok() for found in listed]
    session = requests.Session()
    session.headers[TOKEN] = session.get(f"{address}/api/session", timeout=60).json()["csrf"]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    sent = 0
    while sent < cases:  # some addresses take so little that there are few different requests
        each = max(2, -(-(cases - sent) // (len(modes) * len(operations))))
        for number, (operation, mode) in enumerate(product(operations, modes)):
            for n, case in enumerate(made(operation, mode, each, seed + number)):
                if mode.is_positive and n % 2:
                    fill(case, likely, n)
                yield case.call(base_url=address, session=session, timeout=60), case
                sent += 1
        seed += 1000


def made(operation: Any, mode: Any, number: int, seed: int) -> list[Any]:
    """Requests of one address that fit its description, or do not; fewer where there are not so many."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import Unsatisfiable

    found: list[Any] = []

    @seeded(seed)
    @settings(
        max_examples=number, deadline=None, database=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    with suppress(Unsatisfiable):  # nothing can be wrong with an address that takes nothing
        collect()
    return found


def fill(case: Any, likely: Mapping[str, Sequence[str]], number: int) -> None:
    """Put values that mean something into a request."""
    for given in (case.path_parameters, case.query):
        for name in given or ():
            if name in likely:
                given[name] = likely[name][number // 2 % len(likely[name])]


def wrong(response: Any) -> str:
    """What is wrong with an answer; nothing where nothing is."""
    kind = header(response, "content-type").split(";")[0]
    if response.status_code >= 500:
        return f"status {response.status_code}: {response.text[:300]}"
    if header(response, "x-content-type-options") != "nosniff" and response.status_code != 400:
        return "no nosniff"  # 400 comes from the parser of HTTP, before any of ours
    if response.status_code >= 400 and kind == "application/problem+json":
        told = response.json()
        return "" if told.get("code") and told.get("detail") else "a problem without code or detail"
    if response.status_code >= 400 and response.status_code != 400:
        return f"status {response.status_code} as {kind or 'nothing'}, not as a problem"
    return ""


def unlike(response: Any, case: Any) -> str:
    """How an answer differs from its description: status, media type, schema; nothing where it does not."""
    from schemathesis.checks import load_all_checks
    from schemathesis.core.failures import FailureGroup
    from schemathesis.openapi.checks import (
        JsonSchemaError,
        MalformedMediaType,
        MissingContentType,
        UndefinedContentType,
        UndefinedStatusCode,
    )
    from schemathesis.specs.openapi import checks

    load_all_checks()
    asked = [checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]
    if response.status_code == 400 and not header(response, "content-type").startswith("application/"):
        return ""  # the parser of HTTP refused it
    try:
        case.validate_response(response, checks=asked)
    except FailureGroup as found:
        kinds = (JsonSchemaError, MalformedMediaType, MissingContentType, UndefinedContentType, UndefinedStatusCode)
        told = [str(one)[:300] for one in found.exceptions if isinstance(one, kinds)]
        return "; ".join(told)
    return ""


def header(response: Any, name: str) -> str:
    """A header of an answer."""
    return str((response.headers.get(name) or [""])[0])


def record_copy(given: Path | None, folder: Path) -> Path:
    """A copy to ask and change in a folder: of the record given, else of the demonstration."""
    copy = folder / "record"
    if given is None:
        from comity.web.demo import demo_record

        given = demo_record(lambda text: print(text, file=sys.stderr))
    shutil.copytree(given, copy)
    return copy


def main() -> int:
    """The command; status 1 when there was a fault."""
    parser = argparse.ArgumentParser(description="Ask the API thousands of made-up questions.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = record_copy(given.record, Path(folder))
        began = time.monotonic()
        report = fuzz(copy, given.cases, given.seed)
    told = ", ".join(f"{status}: {number:,}" for status, number in sorted(report.statuses.items()))
    print(f"{report.cases:,} requests in {time.monotonic() - began:.0f} s ({told}); {len(report.failures)} faults")
    for one in report.failures[:SHOWN]:
        print(f"  {one.method} {one.url} {one.body}\n    {one.wrong}")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
