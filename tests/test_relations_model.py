"""The model of levels and jumps: against sums done by hand, and against series whose changes are known."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from comity.evaluate.change_baselines import DETECTORS
from comity.evaluate.relations_score import Point, chance, hit, simulate
from comity.relations.jumps import (
    ALPHAS,
    HAZARD,
    backward,
    constant,
    dispersion,
    fit,
    forward,
    log_likelihood,
    make_grid,
)
from comity.relations.level import beta


def negative_binomial(y: int, mean: float, alpha: float) -> float:
    """The textbook probability, by the gamma function."""
    n = 1 / alpha
    return (
        math.exp(math.lgamma(y + n) - math.lgamma(n) - math.lgamma(y + 1))
        * (n / (n + mean)) ** n
        * (mean / (n + mean)) ** y
    )


def test_likelihood_is_the_negative_binomial() -> None:
    counts, exposure, alpha = np.array([0.0, 3.0, 7.0]), np.array([1.0, 2.0, 0.5]), 0.3
    table = log_likelihood(counts, exposure, np.log([1.5, 4.0]), alpha)
    for t, y in enumerate((0, 3, 7)):
        left_out = constant(np.array([float(y)]), alpha) - math.lgamma(y + 1)
        for g, rate in enumerate((1.5, 4.0)):
            wanted = math.log(negative_binomial(y, exposure[t] * rate, alpha))
            assert table[t, g] + left_out == pytest.approx(wanted)


def test_no_news_says_nothing() -> None:
    assert not log_likelihood(np.array([0.0]), np.array([0.0]), np.log([1.0, 9.0]), 0.1).any()


def test_forward_and_backward_agree_with_the_sum_over_all_paths() -> None:
    """Two rates, four periods: every path of rates and jumps is summed one by one."""
    table = np.array([[0.7, 0.1], [0.6, 0.3], [0.05, 0.4], [0.1, 0.5]])
    prior, hazard = np.array([0.4, 0.6]), 0.2
    total, jump, state = 0.0, np.zeros(4), np.zeros((4, 2))
    for rates in product((0, 1), repeat=4):
        for jumps in product((0, 1), repeat=3):
            weight = prior[rates[0]] * table[0, rates[0]]
            for t in (1, 2, 3):
                moved = hazard * prior[rates[t]] if jumps[t - 1] else (1 - hazard) * (rates[t] == rates[t - 1])
                weight *= moved * table[t, rates[t]]
            total += weight
            for t in range(4):
                state[t, rates[t]] += weight
            for t in (1, 2, 3):
                jump[t] += weight * jumps[t - 1]
    filtered, _, evidence = forward(table, prior, hazard)
    both = filtered * backward(table, prior, hazard)
    assert evidence == pytest.approx(math.log(total))
    assert both / both.sum(axis=1, keepdims=True) == pytest.approx(state / total)
    later = backward(table, prior, hazard)
    for t in (1, 2, 3):
        ahead = table[t] * later[t]
        anew, stays = hazard * (prior @ ahead), (1 - hazard) * (filtered[t - 1] @ ahead)
        assert anew / (anew + stays) == pytest.approx(jump[t] / total)


def test_a_known_change_is_found_and_dated() -> None:
    random = np.random.default_rng(1)
    for factor in (5.0, 0.2):
        found = fit(simulate(random, 80, 10.0, 0.1, factor, 40), np.ones(80), HAZARD["week"])
        assert found.jump[38:43].sum() > 0.8
        assert found.mean()[60] - found.mean()[20] == pytest.approx(math.log(factor), abs=0.35)


def test_a_quiet_series_raises_few_alarms() -> None:
    random = np.random.default_rng(2)
    series = [fit(simulate(random, 80, 6.0, 0.12), np.ones(80), HAZARD["week"]) for _ in range(20)]
    assert sum((s.jump >= 0.5).any() for s in series) <= 2


def test_more_news_is_no_change() -> None:
    """Twice the reporting with twice the exposure leaves the level; without exposure it would be a change."""
    random = np.random.default_rng(3)
    counts = simulate(random, 60, 20.0, 0.02, 3.0, 30)
    news = np.where(np.arange(60) < 30, 0.5, 1.5)
    assert fit(counts, np.ones(60), HAZARD["week"]).jump[28:33].sum() > 0.9
    assert fit(counts, news, HAZARD["week"]).jump.max() < 0.3


def test_bands_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(4)
    held, all_of = 0, 0
    for _ in range(12):
        found = fit(simulate(random, 60, 8.0, 0.1, 3.0, 30), np.ones(60), HAZARD["week"])
        truth = np.where(np.arange(60) < 30, 8.0, 24.0)
        inside = (found.quantile(0.05) <= truth * 1.08) & (truth <= found.quantile(0.95) * 1.08)
        held, all_of = held + int(inside.sum()), all_of + 60
    assert held / all_of > 0.8


def test_dispersion_is_told_apart() -> None:
    random = np.random.default_rng(5)
    chosen = []
    for alpha in (0.01, 1.0):
        counts = simulate(random, 120, 20.0, alpha)
        grid, prior = make_grid(counts, np.ones(120))
        chosen.append(dispersion(counts, np.ones(120), grid, prior, HAZARD["week"]))
    assert chosen[0] <= 0.04 and chosen[1] >= 0.32
    assert {float(alpha) for alpha in chosen} <= set(ALPHAS)


def test_one_period_and_no_event() -> None:
    assert fit(np.array([3.0]), np.ones(1), 0.1).jump.tolist() == [0.0]
    silent = fit(np.zeros(30), np.ones(30), HAZARD["month"])
    assert silent.quantile(0.95).max() < 0.5 and silent.jump.max() < 0.2


def test_beta_by_hand() -> None:
    mean, low, high = beta(1.0, 1.0)  # uniform
    assert (mean, round(low, 2), round(high, 2)) == (0.5, 0.05, 0.95)
    mean, low, high = beta(2.0, 1.0)  # distribution function x^2
    assert (round(low, 3), round(high, 3)) == (round(math.sqrt(0.05), 3), round(math.sqrt(0.95), 3))
    assert mean == pytest.approx(2 / 3)


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_baselines_find_a_plain_step(name: str) -> None:
    """A baseline that cannot see a great step would be no baseline."""
    values = np.random.default_rng(6).normal(0, 1, 60) + np.where(np.arange(60) < 30, 0, 12)
    score, change = DETECTORS[name](values)
    best = int(score.argmax())
    assert 27 <= best <= 31 and change[best] > 0


def test_chance_by_hand() -> None:
    from datetime import date

    starts = [date(2000 + n, 1, 1) for n in range(13)]
    point = Point(a="A", b="B", first=date(2005, 1, 1), last=date(2005, 12, 31), sign="+", what="")
    # one of twelve periods is right, two are drawn, half of the signs are right: 2/12/2
    assert chance([point], starts, 2, 365) == pytest.approx(1 - (1 - 1 / 24) * (1 - 1 / 22), abs=1e-9)
    assert hit(point, [(date(2005, 1, 1), date(2005, 12, 31), "+")])
    assert not hit(point, [(date(2005, 1, 1), date(2005, 12, 31), "-"), (date(2006, 1, 1), date(2006, 12, 31), "+")])
