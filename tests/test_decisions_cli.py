"""The commands that decide, review, list, export and import; and the user's own gold."""

from __future__ import annotations

import json
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from comity.cli import decide, show
from comity.errors import BadDecision, ComityError, NothingDecided, UnknownDecision, UnknownEvent
from comity.evaluate.own_gold import own_gold, score, score_own, wilson
from comity.record.add import add
from comity.record.decisions import default_author
from comity.record.store import Store, open_record

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
torture: Any = import_module("torture")
app = typer.Typer()
decide.register(app)
show.register(app)


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COMITY_RECORD", str(tmp_path / "record"))
    monkeypatch.setenv("COMITY_AUTHOR", "Ada")
    store = open_record()
    add(store, torture.items(12), factory=torture.StubFactory(), any_language=True)
    return store


def comity(*words: str, typed: str = "") -> str:
    result = CliRunner().invoke(app, list(words), input=typed)
    if isinstance(result.exception, ComityError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def ids(store: Store) -> list[str]:
    return list(store.events().column("id").to_pylist())


def test_every_kind_by_command_and_the_list(record: Store) -> None:
    first, second, third, *_ = ids(record)
    comity("correct", first, "--type", "accuse", "--target", "India,Pakistan", "--reason", "=misread")
    comity("reject", second, "--reason", "no event")
    comity("merge", first, third, "--reason", "one and the same")
    held = [t.report["id"] for t in record.explain(first).told]
    comity("split", first, "--reports", *held[:1], "--reason", "two days")
    listed = json.loads(comity("decisions", "--json"))
    assert [d["kind"] for d in listed] == ["correct", "reject", "merge", "split"]
    assert {d["author"] for d in listed} == {"Ada"}
    assert listed[0]["change"]["set"]["targets"] == ["IND", "PAK"]
    comity("undo", listed[1]["id"], "--reason", "it was one")
    assert second in ids(record)
    table = comity("decisions", "--csv").splitlines()
    assert len(table) == 6 and "'=misread" in table[1] and ",undone," in table[2]
    assert [d["kind"] for d in json.loads(comity("decisions", second, "--json"))] == ["reject", "undo"]
    assert "corrected to" in comity("explain", first, "--no-model")


def test_a_corrected_speaker_is_shown_at_the_event(record: Store) -> None:
    name, other, *_ = ids(record)
    assert json.loads(comity("explain", name, "--json", "--no-model"))["event"]["speaker_name"] is None
    one = record.correct(name, speaker="Sergei Lavrov", reason="it says so")
    assert "told by Sergei Lavrov" in " ".join(comity("explain", name, "--no-model").split())
    rows = {e["id"]: e["speaker_name"] for e in json.loads(comity("show", "--json"))}
    assert rows[name] == "Sergei Lavrov" and rows[other] is None
    assert "Sergei Lavrov" in comity("show", "--csv")
    record.undo(one.id, reason="it does not")
    assert {e["speaker_name"] for e in json.loads(comity("show", "--json"))} == {None}


def test_the_list_fits_a_terminal_of_80_columns_and_is_whole_in_a_pipe(
    record: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = comity("show", "--limit", "0").splitlines()
    names = ids(record)
    assert len(piped) == len(names) and {line.split()[-1] for line in piped} == set(names)
    monkeypatch.setattr(show, "screen", lambda: Console(highlight=False, width=80, force_terminal=True, no_color=True))
    narrow = comity("show", "--limit", "0")
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in narrow.splitlines()]
    ends = [line.split()[-1] for line in lines if line.strip() and not line.startswith(" ")]
    assert all(len(line) <= 80 for line in lines) and len(ends) == len(names)
    assert all(sum(name.startswith(end) for name in names) == 1 for end in ends)


def test_a_reason_is_needed_where_nobody_can_be_asked(record: Store) -> None:
    with pytest.raises(BadDecision, match="--reason"):
        comity("reject", ids(record)[0])
    assert record.decisions() == []


def test_what_is_judged_is_looked_up_before_a_reason_is_asked_for(record: Store) -> None:
    for words in (("undo", "j-none"), ("merge", "e-none", "e-other"), ("split", "e-none", "--reports", "r-1")):
        with pytest.raises((UnknownDecision, UnknownEvent)):
            comity(*words)
    for event in ids(record)[:2]:
        comity("reject", event, "--reason", "none")
    with pytest.raises(UnknownDecision, match="several decisions begin so"):
        comity("undo", "j-", "--reason", "x")


def test_review_saves_each_answer_at_once(record: Store) -> None:
    listed = json.loads(comity("review", "--limit", "5", "--json"))
    assert len(listed) == 5 and all(e["told"][0]["evidence"] for e in listed)
    typed = "y\nn\nnot a matter of states\nz\nc\nassalt\n\nslip\nc\nassault\nnegated\n\ns\nq\n"
    shown = comity("review", "--limit", "5", typed=typed)
    assert listed[0]["told"][0]["evidence"][:30] in shown
    made = record.decisions()
    assert [(d["kind"], d["event"]) for d in made] == [
        (kind, e["id"]) for kind, e in zip(("confirm", "reject", "correct"), listed, strict=False)
    ]
    assert made[1]["reason"] == "not a matter of states"
    judged = {e["id"] for e in listed[:3]}
    assert not judged & {e["id"] for e in json.loads(comity("review", "--limit", "50", "--json"))}
    comity("review", typed="y\n")  # the end of the pipe ends it
    assert len(record.decisions()) == 4


def test_export_and_import_by_command(record: Store, tmp_path: Path) -> None:
    comity("reject", ids(record)[0], "--reason", "none")
    file = str(tmp_path / "d.jsonl")
    comity("decisions", "--export", file)
    comity("decisions", "--import", file)
    assert len(record.decisions()) == 1
    assert comity("decisions", "--orphaned") == ""


def test_own_gold_counts_by_confidence(record: Store) -> None:
    with pytest.raises(NothingDecided):
        score_own(record.path)
    first, second, third, fourth, *_ = ids(record)
    record.confirm(first)
    record.reject(second, reason="none")
    record.correct(third, type="PROTEST", reason="read wrongly")
    record.correct(fourth, mode="none", date="2001-01-01", reason="another day")
    judged = {j.event: j for j in own_gold(record)}
    assert judged[first].right and not judged[second].right and judged[second].gold is None
    assert judged[third].wrong == ("type",) and judged[fourth].wrong == ("date",)
    found = score(list(judged.values()))
    assert (found.events, found.right, found.rejected, found.precision) == (4, 1, 1, 0.25)
    assert found.fields["type"] == pytest.approx(2 / 3)
    (band,) = found.bands
    assert (band.low, band.high, band.confidence) == (0.8, 0.9, pytest.approx(0.8))
    assert found.error == pytest.approx(0.55)
    assert score_own(record.path) == found


def test_wilson_against_known_values() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(0, 0) == (0.0, 1.0)


def test_who_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COMITY_AUTHOR", " Ada ")
    assert default_author() == "Ada"
    monkeypatch.delenv("COMITY_AUTHOR")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[user]\n\tname = Gr\u00e2ce\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert default_author() == "Gr\u00e2ce"
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOGNAME", "hopper")
    assert default_author() == "hopper"
