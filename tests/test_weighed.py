"""What else a sentence was weighed to tell, and who is shown to have told of an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import show
from comity.errors import BadModel
from comity.read.items import Item
from comity.record.store import Store, open_record
from comity.record.weighed import weigh

TEXT = (
    "Russia warns Belarus over gas\n\nMINSK, 15 December 2021 (Northline Wire) - Russia threatened Belarus with "
    "sanctions on Wednesday. Belarus signed a contract with China. Poland quarrelled with Belarus about a fence."
)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_record(tmp_path_factory.mktemp("weighed") / "record") as store:
        store.add(iter([Item(key="made:1", name="wire.txt", load=TEXT.encode)]))
        yield store


def event(store: Store, *codes: str) -> dict[str, Any]:
    rows = [e for e in store.events().to_pylist() if {*e["sources"], *e["targets"]} == set(codes)]
    assert rows, store.events().to_pylist()
    return dict(rows[0])


def test_proposals_types_and_senses_of_the_sentence(record: Store) -> None:
    found = event(record, "BLR", "CHN")
    explained = record.explain(found["id"])
    (weighed,) = weigh(record, explained)
    assert weighed.report == explained.told[0].report["id"] and not weighed.note
    taken = [p for p in weighed.proposals if p.taken]
    assert found["type"] in {p.type for p in taken}
    assert all((p.confidence >= p.needed or not p.taken) and p.word and p.why for p in weighed.proposals)
    assert {(p.source, p.target) for p in weighed.pairs} == {("BLR", "CHN"), ("CHN", "BLR")}
    for pair in weighed.pairs:
        assert 0.5 < sum(pair.types.values()) <= 1.001 and list(pair.types.values()) == sorted(
            pair.types.values(), reverse=True
        )
    assert not any("POL" in {*p.sources, *p.targets} for p in weighed.proposals), "of another sentence"
    assert all({*p.sources, *p.targets} == {"BLR", "CHN"} for p in taken)


def test_other_senses_of_the_word_are_of_other_types(record: Store) -> None:
    listed = [(e["type"], weigh(record, record.explain(e["id"]))) for e in record.events().to_pylist()]
    told = [(kind, s) for kind, weighed in listed for w in weighed for s in w.senses]
    assert told and all(kind != s.type and s.frame and s.word for kind, s in told)


def test_without_a_model_it_says_so(record: Store) -> None:
    def none() -> Any:
        raise BadModel("the weights are gone", fix="install the package again")

    (weighed,) = weigh(record, record.explain(event(record, "BLR", "CHN")["id"]), none)
    assert "weights are gone" in weighed.note and not weighed.proposals


def test_the_command_shows_them_or_leaves_them(record: Store) -> None:
    app = typer.Typer()
    show.register(app)
    run = CliRunner()
    name, place = event(record, "BLR", "CHN")["id"], str(record.path)
    shown = run.invoke(app, ["explain", name, "--record", place], env={"COLUMNS": "200"}).output
    assert "learned reader, Belarus -> China" in shown
    plain = run.invoke(app, ["explain", name, "--record", place, "--no-model"], env={"COLUMNS": "200"}).output
    assert "learned reader" not in plain.replace("the learned reader gives", "")
    told = msgspec.json.decode(run.invoke(app, ["explain", name, "--record", place, "--json"]).stdout)
    assert told["weighed"][0]["pairs"][0]["types"]
    assert "weighed" not in msgspec.json.decode(
        run.invoke(app, ["explain", name, "--record", place, "--json", "--no-model"]).stdout
    )
