"""Examples of all answers of the API, asked of the record of the example stories, for its description.

    python -m comity.evaluate.api_examples [--record DIR]

writes ``comity/web/examples.json``: by method and path one answer, in which lists and tables of names have one entry
and texts are cut.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from comity.evaluate.checkout import ROOT
from comity.evaluate.fuzz_api import NoReader, record_copy
from comity.web.app import make_app
from comity.web.described import EXAMPLES
from comity.web.settings import Settings

HERE = f"{ROOT}/"
"""The folder of the checkout: no example names a place of the machine that made it."""
LONGEST = 200
FEW = frozenset({"names", "counts", "limits", "events", "years", "forms"})
"""Objects that are tables by name: one entry is enough."""
TOKEN = "0" * 64


def cut(value: Any, key: str = "") -> Any:
    """A value with short texts, names of files within the checkout, and lists of one item."""
    if isinstance(value, str):
        value = value.replace(HERE, "")
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    if isinstance(value, list):
        return [cut(v) for v in value[:1]]
    if isinstance(value, dict):
        few = list(value.items())[: 2 if key in FEW else None]
        return {k: TOKEN if k == "csrf" else cut(v, k) for k, v in few}
    return value


def asked(client: Any) -> dict[str, str]:
    """An address for each path, about what the record holds."""
    event = client.get("/api/events?pair=RUS-CHN&imported=false&order=reported").json()["items"][0]
    document = event["evidence"]["document"]
    return {
        "/meta": "", "/home": "", "/sources": "", "/suggest": "?q=russia china", "/actors": "?kind=state",
        "/actor/{code}": "actor/RUS", "/person/{name}": "person/vladimir-putin", "/network": "?since=2014",
        "/relation/{a}/{b}": "relation/RUS/CHN?by=year", "/relation/{a}/{b}/lines": "relation/RUS/CHN/lines?by=year",
        "/relation/{a}/{b}/forecast": "relation/RUS/CHN/forecast", "/map": "?actor=RUS",
        "/events": "?pair=RUS-CHN&status=occurred", "/event/{name}": f"event/{event['id']}", "/documents": "",
        "/document/{name}": f"document/{document}", "/document/{name}/reading": f"document/{document}/reading",
        "/search": "?q=talks", "/quotations": "?pair=RUS-CHN", "/pledges": "?pair=RUS-CHN", "/trust": "?actor=RUS",
        "/meetings": "?who=RUS,CHN", "/decisions": "", "/session": "", "/health": "", "/errors": "", "/log": "",
    }  # fmt: skip


def examples(record: Path) -> Mapping[str, Any]:
    """Answers by method and path.  A decision is taken in the record."""
    from starlette.testclient import TestClient

    settings = Settings(record=record, author="anna", per_minute=0, seconds=60)
    found: dict[str, Any] = {}
    with TestClient(make_app(settings, NoReader()), base_url="http://localhost") as client:
        paths = asked(client)
        token = client.get("/api/session").json()["csrf"]
        event = paths["/event/{name}"].removeprefix("event/")
        said = {"kind": "confirm", "event": event, "reason": "read and found right"}
        decided = client.post("/api/decisions", json=said, headers={"X-CSRF-Token": token})
        found["POST /api/decisions"] = cut(decided.json())
        for path, given in paths.items():
            where = given if given and not given.startswith("?") else path[1:] + given
            answer = client.get(f"/api/{where}")
            if answer.status_code != 200:
                raise SystemExit(f"{where}: {answer.status_code} {answer.text[:300]}")
            found[f"GET /api{path}"] = cut(answer.json()) | ({"record": "demo"} if path == "/meta" else {})
        found["POST /api/login"] = found["POST /api/logout"] = found["GET /api/session"]
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Write the examples of the description of the API.")
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = record_copy(given.record, Path(folder))
        found = examples(copy)
    EXAMPLES.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    print(f"{len(found)} examples, {EXAMPLES.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
