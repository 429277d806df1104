"""Forecasts: distributions and scores by hand, series whose future is known, and the command."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from comity.cli.forecast import register
from comity.errors import BadPeriod, UnknownName
from comity.evaluate.forecast_score import Design, log_gamma, log_scores, scores, type_scores
from comity.record.store import Store, open_record
from comity.relations.forecast import (
    CONSTANTS,
    SLOW,
    crps,
    forecast,
    log_probability,
    predictive,
    probabilities,
    step,
    type_shares,
)

MONTH = CONSTANTS["month"]


def test_mean_and_variance_by_hand() -> None:
    mean, size = predictive(np.array([2.0, 6.0]), 2, "month")
    usual = (2 * SLOW + 6 + 4 + 0.05) / (SLOW + 1 + 1)
    wanted = (2 * MONTH.fast + 6 + MONTH.pull * usual) / (MONTH.fast + 1 + MONTH.pull)
    assert mean.tolist() == pytest.approx([wanted, wanted])
    assert (1 / size).tolist() == pytest.approx([MONTH.rough * (1 + MONTH.wider * h) / wanted**0.5 for h in (0, 1)])


def test_probabilities_are_the_negative_binomial() -> None:
    found = probabilities(3.0, 2.0)
    for y in (0, 1, 5, 20):
        wanted = math.comb(y + 1, y) * (2 / 5) ** 2 * (3 / 5) ** y  # size 2: y + 1 ways
        assert found[y] == pytest.approx(wanted)
        assert log_probability(y, 3.0, 2.0) == pytest.approx(math.log(wanted))
    assert found.sum() == pytest.approx(1, abs=1e-4) and probabilities(1e4, 50.0).sum() < 1.0001


def test_crps_by_hand() -> None:
    # probabilities .5, .3, .2 of 0, 1, 2; F = .5, .8, 1; 1 came: .5^2 + (.8 - 1)^2 + 0
    assert crps([np.array([0.5, 0.3, 0.2])], [1.0])[0] == pytest.approx(0.25 + 0.04)
    assert crps([np.array([0.0, 0.0, 1.0])], [5.0])[0] == pytest.approx(3.0)  # a sure forecast has its error


def test_log_gamma_and_log_scores() -> None:
    for x in (0.05, 0.5, 1.0, 3.7, 50.0, 4000.0):
        assert float(log_gamma(np.array([x]))[0]) == pytest.approx(math.lgamma(x), abs=1e-8)
    one = log_scores(np.array([4.0]), np.array([2.0]), np.array([1.5]))
    assert one[0] == pytest.approx(-log_probability(4, 2.0, 1.5))


def test_intervals_hold_what_they_say_where_the_model_is_true() -> None:
    random = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        mean = float(random.uniform(1, 40))
        alpha = MONTH.rough / math.sqrt(mean)
        one = step(date(2020, 1, 1), mean, 1 / alpha)
        held += one.q05 <= random.poisson(random.gamma(1 / alpha, mean * alpha)) <= one.q95
    assert 0.86 <= held / 400 <= 0.97


def test_a_crisis_fades_and_silence_is_not_sure() -> None:
    crisis, _ = predictive(np.array([5.0] * 20 + [60.0]), 6, "month")
    assert 8 < crisis[0] < 40
    silent, size = predictive(np.zeros(24), 6, "month")
    assert 0 < silent[0] < 0.1 and step(date(2020, 1, 1), float(silent[0]), float(size[0])).none > 0.9
    never, _ = predictive(np.zeros(0), 1, "month")
    assert never[0] == pytest.approx(0.05)


def test_types_by_hand() -> None:
    shares = type_shares({"AID": 5.0}, {"AID": 10.0, "ACCUSE": 30.0})
    assert shares == pytest.approx({"AID": (5 + 5 * 0.25) / 10, "ACCUSE": 5 * 0.75 / 10})
    assert type_shares({}, {}) == {}


def test_scores_tell_the_better_forecast() -> None:
    """Of series that jump between two levels by chance the mean of all is the better forecast than the last value."""
    random = np.random.default_rng(2)
    y = random.poisson(random.choice([2.0, 12.0], (40, 2, 30))).astype(float)
    design = Design(by="week", earlier=(8, 10), later=(20, 24, 28), horizons=(1, 2))
    found = {(s.method, s.horizon): s for s in scores(y, design)}
    assert found["recurrency", 1].crps < found["last value", 1].crps
    assert found["ours", 1].crps < found["last value", 1].crps and found["ours", 1].log < found["last value", 1].log
    assert found["last value", 1].better is not None and found["last value", 1].better > 0.5


def test_type_scores_by_hand() -> None:
    pair, day = ("A", "B"), date(2020, 1, 1)
    rows = [(day, pair, "AID"), (day, ("C", "D"), "ACCUSE"), (day + timedelta(days=7), pair, "AID")]
    found = {s.method: s for s in type_scores(rows, day + timedelta(days=1))}
    # of all: 1/2; of the pair: one AID and five events of all behind it, (1 + 2.5) / 6; ours: the one faded by 2 %
    assert found["shares of all"].log == pytest.approx(-math.log(0.5), abs=1e-4)
    assert found["shares of the pair"].log == pytest.approx(-math.log(3.5 / 6), abs=1e-4)
    assert found["ours"].log == pytest.approx(-math.log((0.98 + 2.5) / 5.98), abs=1e-4)
    assert found["ours"].first == 1.0 and found["ours"].events == 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    draw = np.random.default_rng(3)
    rows: list[dict[str, Any]] = []
    for n in range(730):
        day = date(2020, 1, 1) + timedelta(days=n)
        for kind, rate in (("CONSULT", 0.3), ("ACCUSE", 0.1)):
            for _ in range(draw.poisson(rate)):
                rows.append(
                    {
                        "id": f"e{len(rows)}", "type": kind, "status": "occurred", "sources": ["RUS"],
                        "targets": ["CHN"], "date_start": day, "date_end": day, "precision": "day", "symmetric": False,
                    }
                )
    with open_record(tmp_path / "record") as found:
        with found.write() as batch:
            batch.append("events", rows)
        yield found


def test_a_pair_of_a_record(store: Store) -> None:
    found = forecast(store, "Russia", "CHN", 3)
    assert [s.period for s in found.steps["cooperation"]] == [date(2021, 12, 1) if found.known < date(2021, 12, 31)
        else date(2022, 1, 1), *[s.period for s in found.steps["cooperation"][1:]]]  # fmt: skip
    assert 5 < found.steps["cooperation"][0].mean < 14 and found.steps["conflict"][0].mean < 6
    for s in found.steps["cooperation"]:
        assert s.q05 <= s.q25 <= s.q50 <= s.q75 <= s.q95
    assert found.types[0].type == "CONSULT" and sum(t.probability for t in found.types) == pytest.approx(1, abs=1e-3)
    early = forecast(store, "RUS", "CHN", 2, until=date(2020, 6, 15))
    assert early.periods == 5 and early.steps["conflict"][0].period == date(2020, 6, 1)
    assert forecast(store, "RUS", "CHN", 2, until=date(2020, 5, 31)).periods == 5


def test_silent_pairs_and_wrong_questions(store: Store, tmp_path: Path) -> None:
    silent = forecast(store, "FRA", "DEU", 2)
    assert silent.periods == 0 and silent.steps["conflict"][0].none > 0.9 and silent.types[0].past == 0
    with open_record(tmp_path / "empty") as empty:
        assert forecast(empty, "RUS", "CHN").known is None
    with pytest.raises(BadPeriod):
        forecast(store, "RUS", "CHN", 0)
    with pytest.raises(UnknownName):
        forecast(store, "Rusia Federation of", "CHN")


def test_the_command(store: Store) -> None:
    app = typer.Typer()
    register(app)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--record", str(store.path)])
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    shown = run("RUS", "CHN", "--months", "2")
    assert "90 % within" in shown and "consult" in shown and "record" in shown
    assert len(msgspec.json.decode(run("RUS-CHN", "--json"))["steps"]["conflict"]) == 6
    assert len(run("RUS-CHN", "--months", "3", "--csv").splitlines()) == 7
