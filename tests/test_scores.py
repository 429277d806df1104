"""The scorer of articles, against cases counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from comity.evaluate.articles import score_article, total

GOLD = {
    "published": "2021-12-16",
    "events": [
        {"id": "meet", "need": "must", "types": ["CONSULT"], "sources": ["CHN"], "targets": ["RUS"],
         "symmetric": True, "status": ["occurred"], "date": ["2021-12-15", "2021-12-15"]},
        {"id": "fear", "need": "must", "types": ["ASSAULT"], "sources": ["RUS"], "targets": ["UKR"],
         "status": ["possible"], "speaker": ["USA"]},
        {"id": "warm", "need": "may", "types": ["SUPPORT"], "sources": ["CHN"], "targets": ["RUS"]},
    ],
    "quotes": [{"speaker": ["Vladimir Putin"], "text": "Dear friend,"}],
    "never": [{"why": "feared only", "types": ["ASSAULT"], "sources": ["RUS"], "targets": ["UKR"],
               "status": ["occurred"]}],
}  # fmt: skip


def event(kind: str, source: str, target: str, status: str, **more: object) -> dict[str, object]:
    return {"type": kind, "sources": [source], "targets": [target], "status": status, **more}


PREDICTED = {
    "events": [
        event("CONSULT", "RUS", "CHN", "occurred", date={"start": "2021-12-15", "end": "2021-12-15"}),
        event("ASSAULT", "RUS", "UKR", "occurred", speaker={"name": "Joe Biden", "state": "USA"}),
        event("SUPPORT", "CHN", "RUS", "occurred"),
        event("AID", "CHN", "RUS", "occurred"),
    ],
    "quotes": [{"text": "Dear friend", "kind": "direct", "speaker": {"name": "Vladimir Putin", "state": "RUS"}}],
}


def test_counts_by_hand() -> None:
    score = score_article(GOLD, PREDICTED)
    assert score.counts["must"] == 2
    assert score.counts["found"] == 2
    assert score.counts["strict"] == 1  # the feared attack has the wrong status
    assert score.counts["predicted"] == 4
    assert score.counts["right"] == 2  # meeting and warmth; the attack's status and the aid are wrong
    assert score.counts["never"] == 1
    summary = total([score])
    assert summary["precision"] == 0.5
    assert summary["recall"] == 1.0
    assert summary["quote_precision"] == summary["quote_recall"] == 1.0


def test_agrees_with_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    gold, out = tmp_path / "gold", tmp_path / "out"
    gold.mkdir()
    out.mkdir()
    (gold / "a.gold.json").write_text(json.dumps(GOLD))
    (out / "a.json").write_text(json.dumps(PREDICTED))
    run = subprocess.run(
        [sys.executable, str(shared / "bench" / "score.py"), str(gold), str(out), "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    theirs = json.loads(run.stdout)["summary"]
    ours = total([score_article(GOLD, PREDICTED)])
    for key in ("recall", "strict_recall", "precision", "never_violations", "quote_recall", "quote_precision"):
        assert ours[key] == theirs[key], key


def test_an_installed_copy_finds_the_checkout_in_which_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.evaluate import checkout

    above = Path(checkout.__file__).parents[2]
    assert above == checkout.ROOT
    monkeypatch.setattr(checkout, "__file__", str(tmp_path / "lib" / "comity" / "evaluate" / "checkout.py"))
    monkeypatch.chdir(tmp_path)
    assert checkout._checkout() == tmp_path / "lib"
    for part in ("gold", "comity/evaluate"):
        (tmp_path / "here" / part).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert checkout._checkout() == tmp_path / "here"
