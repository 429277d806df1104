"""Reading into a record: resume, processes, commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from comity.cli import add as add_command
from comity.cli import record_admin, show
from comity.cli.output import cell
from comity.errors import ComityError, MissingFile, RecordBusy
from comity.read.items import Item
from comity.record.add import DOCUMENTS, add
from comity.record.reading import prepare
from comity.record.store import Store, open_record

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))  # reading processes must find it by its name
torture: Any = import_module("torture")


def read(record: Store, items: Any, **more: Any) -> Any:
    return add(record, items, factory=torture.StubFactory(), any_language=True, **more)


@pytest.fixture
def record(tmp_path: Path) -> Store:
    return open_record(tmp_path / "record")


def test_the_same_again_adds_nothing(record: Store) -> None:
    first = read(record, torture.items(120))
    assert first.kept > 100
    assert first.duplicate >= 2
    assert first.skipped == {"C101": 2} or sum(first.skipped.values()) == 2
    generation = record.manifest.generation
    second = read(record, torture.items(120))
    assert (second.kept, second.duplicate, second.known) == (0, 0, first.kept + first.duplicate)
    assert record.manifest.generation == generation


def test_the_same_words_from_elsewhere_are_a_duplicate(record: Store) -> None:
    text = next(t for _, t in torture.articles(5) if t)
    read(record, iter([Item("a:1", "one", lambda: text.encode())]))
    found = read(record, iter([Item("a:2", "two", lambda: text.replace(" ", "  ").encode())]))
    assert found.duplicate == 1
    assert record.count("documents") == 1
    assert read(record, iter([Item("a:2", "two", lambda: text.replace(" ", "  ").encode())])).known == 1


def test_reports_lead_to_their_words_and_to_one_event_each(record: Store) -> None:
    read(record, torture.items(60))
    assert record.check().faults == ()
    for row in record.reports().to_pylist()[:20]:
        text = record.text(row["document"])
        assert text is not None
        assert text[row["evidence_start"] : row["evidence_end"]] == row["evidence"]
        assert row["event"] is not None


def test_what_cannot_be_read_is_noted_with_its_fix_and_the_run_goes_on(record: Store) -> None:
    lost = Item.failed("file:/x", "x", MissingFile("there is no such file", about="x", fix="check it"))
    found = read(record, iter([lost, *torture.items(3)]))
    assert found.skipped == {"C107": 1}
    assert found.kept == 3
    row = record.query("select * from skipped").to_pylist()[0]
    assert (row["code"], row["fix"], row["key"]) == ("C107", "check it", "file:/x")


def test_stopping_commits_what_was_read_and_the_next_run_goes_on(record: Store, tmp_path: Path) -> None:
    seen: list[int] = []

    def stop() -> bool:
        seen.append(1)
        return len(seen) == 23

    first = read(record, torture.items(90), stop=stop)
    assert first.interrupted
    assert record.count("documents") == first.kept > 15
    read(record, torture.items(90))
    read(open_record(tmp_path / "whole"), torture.items(90))
    assert torture.compare(tmp_path / "whole", record.path) == []


def test_several_processes_give_the_same_record(record: Store, tmp_path: Path) -> None:
    read(record, torture.items(130), jobs=2)
    read(open_record(tmp_path / "whole"), torture.items(130))
    assert torture.compare(tmp_path / "whole", record.path) == []


def test_an_index_made_in_between_changes_nothing(record: Store, tmp_path: Path) -> None:
    """Neighbours found in the index, in memory and in the layer over the index are the same."""
    everything = list(torture.items(80))
    for start in range(0, 80, 20):
        read(record, iter(everything[start : start + 20]))
        if start == 20:
            record.rebuild()
    read(open_record(tmp_path / "whole"), iter(everything))
    assert torture.compare(tmp_path / "whole", record.path) == []
    events = record.query("select max(reports) from events").column(0)[0].as_py()
    assert events >= 1


def test_documents_read_again_replace_their_reports(record: Store) -> None:
    read(record, torture.items(40))
    before = torture.tables(record)

    class Blind(torture.StubFactory):  # type: ignore[misc]
        def __call__(self) -> Any:
            return lambda document: document

    seen = add(record, torture.items(40), factory=Blind(), any_language=True, again=True)
    assert seen.kept > 30
    assert record.count("reports") == record.count("events") == 0
    assert record.check().faults == ()
    read(record, torture.items(40), again=True)
    after = torture.tables(record)
    assert {r["id"] for r in after["reports"]} == {r["id"] for r in before["reports"]}
    assert record.check().faults == ()
    from comity.record.diff import diff

    found = diff(record, "1", "2")
    assert {c.kind for c in found.changes} == {"removed"}
    assert len(found.changes) == len(before["reports"])
    assert diff(record, "1", "last").changes == ()


def test_five_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    assert torture.torture(tmp_path, 120, 5) == []


def test_a_fault_of_the_reader_skips_one_document(record: Store) -> None:
    from comity.errors import ReaderFailed

    class Moody(torture.StubFactory):  # type: ignore[misc]
        def __call__(self) -> Any:
            def reader(document: Any) -> Any:
                if document.name == "000003.txt":
                    raise ReaderFailed("stage 'events' failed", about=document.name, fix="report it")
                return document

            return reader

    found = add(record, torture.items(6), factory=Moody(), any_language=True)
    assert found.skipped == {"C111": 1}
    assert found.kept == 5


def test_facts_of_the_source_win_over_those_of_the_text() -> None:
    from datetime import date

    from comity.record.reading import Skip, Task

    text = "Talks in Moscow\n\nMOSCOW (Reuters) - Russia and China met on Monday, 13 December 2021, in the capital.\n"
    found = prepare(Task(name="a", data=text.encode(), published=date(2022, 1, 1), outlet="My Paper", url="https://x/y"))
    assert not isinstance(found, Skip)
    assert (found.published, found.source, found.url) == (date(2022, 1, 1), "My Paper", "https://x/y")
    other = prepare(Task(name="b", data=text.encode(), published=date(2022, 1, 2), outlet="My Paper"))
    assert not isinstance(other, Skip)
    assert other.id != found.id


# -- commands


@pytest.fixture
def command(record: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    app = typer.Typer()
    for module in (add_command, show, record_admin):
        module.register(app)
    monkeypatch.setenv("COMITY_RECORD", str(record.path))
    monkeypatch.setattr("comity.record.add.ReaderFactory", lambda *given: torture.StubFactory())

    def run(*words: str) -> tuple[int, str, str]:
        found = CliRunner().invoke(app, list(words))
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found.exit_code, found.stdout, found.stderr

    yield run
    record.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "articles"
    target.mkdir()
    for name, text in torture.articles(30):
        if text:
            (target / name).write_text(text, encoding="utf-8")
    return target


def test_add_show_search_explain(command: Any, folder: Path, record: Store) -> None:
    status, _, told = command("add", str(folder), "--any-language")
    assert status == 0, told
    assert "kept" in told and "comity show" in told
    status, _, told = command("add", str(folder), "--any-language")
    assert status == 0 and "known from earlier" in told
    row = record.events(limit=1).to_pylist()[0]
    pair = f"{row['sources'][0]}-{row['targets'][0]}"
    status, shown, _ = command("show", pair, "--json")
    assert row["id"] in {r["id"] for r in json.loads(shown)}
    status, shown, _ = command("show", record.names.name(row["sources"][0]))
    assert status == 0 and "report" in shown
    status, shown, _ = command("show", "--csv", "--type", row["type"])
    assert shown.splitlines()[0].startswith("id,status,date_start")
    status, shown, _ = command("search", "matter", row["sources"][0], "--csv")
    assert row["sources"][0] in shown
    status, shown, _ = command("explain", row["id"], "--no-model")
    assert "belongs here" in shown and "The news of the day" in shown
    status, shown, _ = command("explain", row["id"], "--json", "--no-model")
    assert json.loads(shown)["told"][0]["evidence"]


def test_dry_run_writes_nothing(command: Any, folder: Path, record: Store) -> None:
    status, shown, _ = command("add", str(folder), "--dry-run")
    assert (status == 0 and "29 items" in shown) or "30 items" in shown
    assert record.manifest.generation == 0
    status, shown, _ = command("add", str(folder), "--dry-run", "--json")
    assert json.loads(shown)["seconds"] > 0


def test_missing_sources_are_told_and_give_status_1(command: Any) -> None:
    status, shown, told = command("add", "nowhere.txt", "--json")
    assert status == 1
    assert "C107" in told and json.loads(shown)["skipped"] == {"C107": 1}


def test_columns_are_checked(command: Any, folder: Path) -> None:
    with pytest.raises(ComityError, match="text=body"):
        command("add", str(folder), "--map", "body")


def test_empty_answers_say_what_to_do(command: Any, folder: Path) -> None:
    assert "comity add" in command("show")[2]
    command("add", str(folder), "--any-language", "--quiet")
    assert "Kiribati (KIR): 0 events" in command("show", "Kiribati", "Russia")[2]
    assert "zeppelin: 0" in command("search", "zeppelin", "matter")[2]


def test_care_of_a_record(command: Any, folder: Path, record: Store) -> None:
    command("add", str(folder), "--any-language", "--quiet")
    assert command("check")[0] == 0
    status, shown, _ = command("runs")
    assert status == 0 and "stub" in shown
    assert json.loads(command("runs", "--json")[1])[0]["counts"]["kept"] > 20
    assert "made again" in command("rebuild")[1]
    path = next((record.path / "segments").glob("quotations-*"))
    path.write_bytes(path.read_bytes()[:-9])
    status, shown, _ = command("check")
    assert status == 1 and "C222" in shown and path.name in shown
    status, shown, _ = command("check", "--repair")
    assert status == 0 and "rows of quotations" in shown
    assert command("check", "--json")[0] == 0


def test_a_second_add_is_refused_while_one_runs(command: Any, folder: Path, record: Store) -> None:
    with record.lock(), pytest.raises(RecordBusy):
        command("add", str(folder))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text) == "'" + text
    assert cell([text]) == "'" + text


def test_cells_that_are_plain() -> None:
    assert cell("USA") == "USA"
    assert cell(-1) == -1
    assert cell(None) is None
    assert DOCUMENTS > 1
