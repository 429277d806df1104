"""All pairs at once: as each alone, and what changed in the last days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from comity.cli.moments import register, window
from comity.errors import BadUsage
from comity.record.store import Store, open_record
from comity.relations import from_store, lines, moments, series
from comity.relations.changes import changes, last_day, turning
from comity.relations.panel import by_period, calendar

LAST = date(2021, 12, 26)


def rows() -> list[dict[str, Any]]:
    draw = np.random.default_rng(1)
    made: list[dict[str, Any]] = []

    def add(day: date, source: str, target: str, type: str, **other: Any) -> None:
        made.append(
            {
                "id": f"e{len(made)}", "type": type, "status": "occurred", "sources": [source], "targets": [target],
                "date_start": day, "date_end": day, "precision": "day", "symmetric": False, "confidence": 0.9,
                "reports": 1, "outlets": 1, "documents": 1, **other,
            }
        )

    for n in range(104 * 7):
        day = LAST - timedelta(days=n)
        for a, b, rate in (("RUS", "CHN", 0.6), ("FRA", "DEU", 0.8), ("USA", "IRN", 0.5)):
            for _ in range(draw.poisson(rate)):
                add(day, a, b, str(draw.choice(["CONSULT", "ACCUSE"])))
    for n in range(25):
        add(LAST - timedelta(days=n % 4), "USA", "IRN", "ASSAULT")
    for n in range(12):
        add(date(2021, 3, 1) + timedelta(days=n), "FRA", "DEU", "AID")
    add(LAST, "RUS", "CHN", "AID", status="announced")
    add(LAST - timedelta(days=2), "MLI", "NER", "CONSULT")
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = open_record(tmp_path_factory.mktemp("all") / "record")
    with found.write() as batch:
        batch.append("events", rows())
    yield found
    found.close()


def test_all_pairs_are_as_each_alone(store: Store) -> None:
    for by in ("week", "month", "year"):
        starts = calendar(store, by)
        seen = set()
        for panel in by_period(store, by, starts):
            for n, pair in enumerate(panel.pairs):
                seen.add(pair)
                one = series(from_store(store, by, pair), *pair, since=starts[0], until=starts[-1])
                assert one.starts == panel.starts
                for k, channel in enumerate(("cooperation", "conflict")):
                    assert one.effective(channel).tolist() == pytest.approx(panel.effective()[n, k].tolist())
                    assert one.news(channel).tolist() == pytest.approx(panel.news()[n, k].tolist())
        assert seen == {("CHN", "RUS"), ("DEU", "FRA"), ("IRN", "USA"), ("MLI", "NER")}


def test_turns_are_the_moments_of_each_pair(store: Store) -> None:
    turns = turning(store, "month")
    alone = series(from_store(store, "month", ("FRA", "DEU")), "FRA", "DEU", *(calendar(store, "month")[n] for n in (0, -1)))
    first = moments(alone, lines(alone), 1)[0]
    best = next(t for t in turns if (t.a, t.b) == ("DEU", "FRA"))
    assert (best.at, best.channel, best.sign) == (first.at, first.channel, first.sign)
    assert best.score == pytest.approx(first.score)


def test_the_last_week(store: Store) -> None:
    assert last_day(store) == LAST
    found = changes(store, days=7)
    assert [(c.a, c.b, c.arrow) for c in found] == [("IRN", "USA", "down")]
    (war,) = found
    assert (war.first, war.last, war.channel, war.support) == (date(2021, 12, 20), LAST, "conflict", "strong")
    assert "assault" in war.reason and "a week" in war.reason and war.events and war.day >= war.first
    everything = changes(store, days=7, steady=True)
    assert {(c.a, c.arrow) for c in everything} == {
        ("IRN", "down"), ("CHN", "steady"), ("DEU", "steady"), ("MLI", "steady"),
    }  # fmt: skip
    assert everything[0] == war and all(c.reason for c in everything)


def test_nothing_later_is_used(store: Store) -> None:
    aid = changes(store, until=date(2021, 3, 12), days=14)
    assert [(c.a, c.b, c.arrow, c.channel) for c in aid][:1] == [("DEU", "FRA", "up", "cooperation")]
    assert "in 14 days" in aid[0].reason


def test_an_empty_record_and_wrong_windows(store: Store, tmp_path: Path) -> None:
    with open_record(tmp_path / "empty") as empty:
        assert changes(empty) == () and turning(empty) == () and last_day(empty) is None
    for days in (0, 400):
        with pytest.raises(BadUsage):
            changes(store, days=days)
    assert (window("7d"), window("2w"), window("3")) == (7, 14, 3)
    with pytest.raises(BadUsage):
        window("soon")


def test_the_command(store: Store) -> None:
    app = typer.Typer()
    register(app)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--record", str(store.path)])
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    shown = run().replace("\n", " ")
    assert "▼ Iran and United States" in shown and "Comity" in shown and "commit 1" in shown
    assert msgspec.json.decode(run("--json"))[0]["arrow"] == "down"
    assert run("--csv", "--steady").splitlines()[0].startswith("a,b,arrow")
    assert "France" in run("--all-time") and msgspec.json.decode(run("--all-time", "--json", "--by", "week"))
    assert "No pair changed" in run("--until", "2020-12-31")
    with open_record(store.path.with_name("bare")) as bare:
        nothing = CliRunner().invoke(app, ["--all-time", "--record", str(bare.path)])
    assert "No pair changed" in nothing.stdout
