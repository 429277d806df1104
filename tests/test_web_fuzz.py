"""Made-up requests to the API; `python -m comity.evaluate.fuzz_api` sends ten thousand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from webrecord import make


def test_no_made_up_request_is_a_fault(tmp_path: Path) -> None:
    pytest.importorskip("schemathesis", reason="made-up requests need schemathesis, of the extra `test`")
    from comity.evaluate.fuzz_api import fuzz

    report = fuzz(make(tmp_path / "record"), 80)
    assert not report.failures
    assert report.cases >= 60 and report.statuses.get(200, 0) > 5


def test_a_fault_is_noticed() -> None:
    from comity.evaluate.fuzz_api import wrong

    class Answer:
        status_code, text = 500, "x"
        headers = {"content-type": ["text/plain"], "x-content-type-options": ["nosniff"]}  # noqa: RUF012

    assert wrong(Answer()).startswith("status 500")
    Answer.status_code = 404
    assert "not as a problem" in wrong(Answer())
    Answer.status_code, Answer.headers = 200, {}
    assert wrong(Answer()) == "no nosniff"


def test_an_answer_unlike_its_description_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("schemathesis", reason="made-up requests need schemathesis, of the extra `test`")
    from comity.evaluate import fuzz_api
    from comity.web import described

    def other(kinds: Any) -> dict[str, Any]:
        found = components(kinds)
        found["Health"]["required"].append("nowhere")
        return found

    components = described.components
    monkeypatch.setattr(described, "components", other)
    monkeypatch.setattr(described, "QUESTIONS", ())
    report = fuzz_api.fuzz(make(tmp_path / "record"), 40)
    assert [f for f in report.failures if f.url.endswith("/api/health") and "nowhere" in f.wrong]


def test_examples_name_no_place_of_the_machine_that_made_them() -> None:
    from comity.evaluate.api_examples import cut
    from comity.evaluate.checkout import ROOT

    told = {"items": [{"name": str(ROOT / "examples" / "a.txt")}, {"name": "b"}]}
    assert cut(told) == {"items": [{"name": "examples/a.txt"}]}
