"""Counts, series, moments and the command, on small records whose answers are done by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from comity.cli.relation import register
from comity.errors import BadPeriod, BadUsage, UnknownName
from comity.record.store import Store, open_record
from comity.relations import from_store, from_table, relation, series


def event(number: str, day: date, type: str = "CONSULT", **other: Any) -> dict[str, Any]:
    return {
        "id": number, "type": type, "status": "occurred", "sources": ["RUS"], "targets": ["CHN"], "date_start": day,
        "date_end": day, "precision": "day", "symmetric": False, "confidence": 0.9, "reports": 1, "outlets": 1,
        "documents": 1, **other,
    }  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_record(tmp_path / "record")
    start = date(2020, 1, 1)
    rows = [event(f"q{n}", start + timedelta(days=9 * n)) for n in range(100)]
    rows += [event(f"w{n}", date(2021, 6, 3) + timedelta(days=n // 3), "ASSAULT") for n in range(90)]
    rows += [
        event("both", date(2020, 5, 5), "AID", symmetric=True),
        event("plan", date(2022, 12, 1), status="announced"),
        event("fear", date(2021, 2, 1), "ASSAULT", status="possible"),
        event("vague", date(2020, 1, 1), date_end=date(2021, 12, 31), precision="year"),
        event("one", date(2021, 1, 5), sources=["FRA"], targets=["CHN"]),
        event("self", date(2021, 1, 5), sources=["FRA"], targets=["FRA"]),
    ]
    with found.write() as batch:
        batch.append("events", rows)
    yield found
    found.close()


def test_counts_by_hand() -> None:
    rows = [
        {
            "sources": ["RUS", "CHN"],
            "targets": ["USA"],
            "type": "CONSULT",
            "mode": "visit",
            "date_start": date(2020, 1, 6),
        },
        {"sources": ["USA"], "targets": ["RUS"], "type": "CONSULT", "mode": None, "date_start": date(2020, 1, 12)},
        {"sources": ["USA"], "targets": ["RUS"], "type": None, "mode": None, "date_start": date(2020, 1, 12)},
    ]
    cube = from_table(pa.Table.from_pylist(rows), "week", ("USA", "RUS"))
    assert [
        (r["a"], r["b"], r["direction"], r["period"], r["events"], r["weight"], r["weight2"])
        for r in cube.counts.to_pylist()
    ] == [
        ("RUS", "USA", "a", date(2020, 1, 6), 1, 4.0, 16.0),
        ("RUS", "USA", "b", date(2020, 1, 6), 1, 2.5, 6.25),
    ]
    found = series(cube, "USA", "RUS")
    assert found.events["cooperation"].tolist() == [2] and found.events["conflict"].tolist() == [0]
    assert found.scale["cooperation"] == pytest.approx((16 + 6.25) / 6.5)
    assert found.exposure.tolist() == [1.0]


def test_status_and_vague_dates_are_kept_apart(store: Store) -> None:
    found = relation(store, "RUS", "China")
    assert (found.announced, found.possible, found.coverage.vague, found.coverage.events) == (1, 1, 1, 191)
    assert [r["id"] for r in found.next] == ["plan"]
    coop = found.direction["cooperation"]
    assert (coop.a, coop.b, coop.both) == (100, 0, 1) and coop.low > 0.95
    assert relation(store, "CHN", "RUS").direction["cooperation"].share == pytest.approx(1 - coop.share)


def test_the_war_is_found_dated_and_explained(store: Store) -> None:
    found = relation(store, "RUS", "CHN", by="week")
    first = next(m for m in found.moments if m.change == "up" and m.channel == "conflict")
    assert first.support == "strong" and first.sign == "-" and first.at == date(2021, 5, 31)
    assert first.events and set(first.events) <= {f"w{n}" for n in range(90)}
    assert "assault" in first.reason and first.reason.endswith(".")
    assert [m.score for m in found.moments] == sorted((m.score for m in found.moments), reverse=True)


def test_few_events_give_sensible_answers(store: Store) -> None:
    one = relation(store, "FRA", "CHN")
    assert not [m for m in one.moments if m.support != "weak"]
    assert one.direction["cooperation"].a == 1 and one.coverage.silent == len(one.series.starts) - 1
    none = relation(store, "FRA", "USA")
    assert (none.series.starts, none.moments, none.points(), none.latest) == ((), (), [], None)


def test_wrong_questions(store: Store) -> None:
    with pytest.raises(BadPeriod):
        from_store(store, "day")  # type: ignore[arg-type]
    with pytest.raises(BadPeriod):
        relation(store, "RUS", "CHN", since="2021", until="2020")
    with pytest.raises(UnknownName, match="France"):
        relation(store, "Frannce", "CHN")


def run(store: Store, *words: str) -> Any:
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, [*words, "--record", str(store.path)])


def test_the_command(store: Store, tmp_path: Path) -> None:
    shown = run(store, "Russia", "China")
    assert shown.exit_code == 0, shown.output
    for words in (
        "cooperation",
        "Key moments",
        "Next, as announced",
        "1 announced, 1 possible",
    ):
        assert words in shown.output.replace("\n", " ")
    told = msgspec.json.decode(run(store, "RUS", "CHN", "--json").stdout)
    assert told["a"] == "RUS" and len(told["points"]) > 20 and told["moments"][0]["events"]
    lines = run(store, "RUS", "CHN", "--csv", "--by", "year").stdout.splitlines()
    assert lines[0].startswith("period,cooperation_level") and len(lines) == 4
    path = tmp_path / "x.svg"
    assert run(store, "RUS-CHN", "--plot", str(path)).exit_code == 0
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert (
        root.get("role") == "img"
        and "Russia and China" in (root[0].text or "")
        and "Cooperation" in (root[1].text or "")
    )


def test_several_pairs_on_one_scale(store: Store, tmp_path: Path) -> None:
    shown = run(store, "RUS", "CHN", "--with", "FRA-CHN", "--with", "FRA-USA").output
    assert shown.count("RUS-CHN") >= 3 and "0 events, 30 silent periods" in shown and "record" in shown
    told = msgspec.json.decode(run(store, "RUS-CHN", "--with", "FRA-CHN", "--json").stdout)
    one, other = told["relations"]
    assert [p["period"] for p in one["points"]] == [p["period"] for p in other["points"]] and "FRA-CHN" in told["citation"]
    lines = run(store, "RUS-CHN", "--with", "FRA-CHN", "--csv").stdout.splitlines()
    assert lines[0].startswith("pair,period") and len(lines) == 1 + 2 * len(one["points"])
    path = tmp_path / "two.svg"
    assert run(store, "RUS-CHN", "--with", "FRA-CHN", "--plot", str(path)).exit_code == 0
    drawn = path.read_text(encoding="utf-8")
    ElementTree.fromstring(drawn)
    assert drawn.count("<polyline") == 4 and "France and China" in drawn and told["citation"][:30] in drawn


def test_a_figure_as_png(store: Store, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="a PNG needs vl-convert-python")
    path = tmp_path / "x.png"
    assert run(store, "RUS-CHN", "--plot", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 20_000


def test_the_door(store: Store) -> None:
    import comity

    with comity.open_record(store.path) as record:
        by_method = record.relation("RUS", "CHN")  # type: ignore[attr-defined]
        assert by_method.points() == comity.relation(record, "RUS", "CHN").points()
        assert by_method.citation.line() == relation(store, "RUS", "CHN").citation.line()
        assert by_method.citation.generation == 1 and len(by_method.citation.data) == 12


def test_the_command_refuses(store: Store, tmp_path: Path) -> None:
    for words in (("RUS",), ("RUS", "RUS"), ("RUS", "CHN", "--plot", str(tmp_path / "x.gif"))):
        assert isinstance(run(store, *words).exception, BadUsage)
    assert isinstance(run(store, "Frannce", "CHN").exception, UnknownName)
    assert run(store, "FRA", "USA").exit_code == 0
