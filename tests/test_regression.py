"""Counts of fixed work: the same twice, equal to what is committed, and more where more is done."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from comity.errors import StopRun
from comity.evaluate import regression, work
from comity.evaluate.regression import Baseline, compare
from comity.record.merge.score import Scorer

BEFORE = Baseline(python="3.11", machine="x86_64", figures={"merge: pairs scored": 2.0, "merge: calls a report": 100.0})


def now(**changed: float) -> Baseline:
    figures = dict(BEFORE.figures) | {k.replace("_", " ").replace("merge", "merge:"): v for k, v in changed.items()}
    return msgspec.structs.replace(BEFORE, figures=figures)


def worse(found: Baseline, names: tuple[str, ...] = ("merge",)) -> list[str]:
    return [f.name for f in compare(BEFORE, found, names) if f.worse]


def test_more_than_allowed_is_found() -> None:
    assert worse(now(merge_pairs_scored=2.29)) == []
    assert worse(now(merge_pairs_scored=2.31)) == ["merge: pairs scored"]
    assert worse(now(merge_pairs_scored=0.5)) == []


def test_a_figure_that_is_gone_or_new_is_told() -> None:
    gone = msgspec.structs.replace(BEFORE, figures={"merge: pairs scored": 2.0, "merge: more": 1.0})
    told = {f.name: f.why for f in compare(BEFORE, gone, ("merge",))}
    assert told["merge: calls a report"] == "is no longer measured"
    assert told["merge: more"] == "has no baseline yet"
    assert {f.name for f in compare(BEFORE, Baseline(python="3.11", machine="x86_64", figures={}), ("read",))} == set()


def test_calls_are_compared_for_one_version_of_python_alone() -> None:
    other = msgspec.structs.replace(now(merge_pairs_scored=9, merge_calls_a_report=900), python="3.14")
    assert worse(other) == ["merge: pairs scored"]


def test_extra_work_in_merging_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = work.merge()
    score = Scorer.score

    def often(self: Scorer, first: object, second: object) -> float:
        for _ in range(9):
            score(self, first, second)  # type: ignore[arg-type]
        return score(self, first, second)  # type: ignore[arg-type]

    monkeypatch.setattr(Scorer, "score", often)
    slow = work.merge()
    before, found = (Baseline(python="3", machine="m", figures=f) for f in (honest, slow))
    assert "calls a report" in [f.name for f in compare(before, found, ()) if f.worse]


def test_the_check_fails_when_a_figure_of_now_is_above_the_committed_one(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path_factory.mktemp("base") / "baseline.json"
    given = ["--only", "add", "--no-instructions", "--baseline", str(path)]
    assert regression.main([*given, "--write"]) == 0
    assert regression.main([*given, "--check"]) == 0
    base = regression.read_baseline(path)
    name = "add: statements a document"
    lower = msgspec.structs.replace(base, figures=dict(base.figures) | {name: base.figures[name] / 1.3})
    path.write_bytes(msgspec.json.encode(lower))
    capsys.readouterr()
    assert regression.main([*given, "--check"]) == 1
    assert f"{name:64}" in capsys.readouterr().out


def test_committed_figures_hold(capsys: pytest.CaptureFixture[str]) -> None:
    status = regression.main(["--check", "--no-instructions"])
    assert status == 0, capsys.readouterr().out


def test_a_valgrind_that_fails_is_no_valgrind_that_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, script in (("valgrind", "echo broken >&2; exit 1"), ("vgdb", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StopRun, match="broken"):
        regression.counted_instructions()
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert regression.counted_instructions() is None
