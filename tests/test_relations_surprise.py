"""The scan behind key moments: against a case done by hand, and against series whose changes are known."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from comity.evaluate.relations_score import SWEEP, Point, key, left_out, simulate
from comity.relations.jumps import HAZARD
from comity.relations.level import lines
from comity.relations.moments import extent, moments
from comity.relations.series import Series
from comity.relations.surprise import ALPHAS, FADING, SPANS, TAU, foretold, roughness, surprise


def pair(cooperation: np.ndarray, conflict: np.ndarray) -> Series:
    number = len(cooperation)
    starts = tuple(date(2018, 1, 1) + timedelta(weeks=n) for n in range(number))
    both = {"cooperation": cooperation, "conflict": conflict}
    return Series(
        a="A", b="B", by="week", starts=starts, events=both, weighted=both, scale={"cooperation": 1.0, "conflict": 1.0},
        exposure=np.ones(number), documents=np.zeros(number), imported=np.zeros(number),
    )  # fmt: skip


def test_two_periods_by_hand() -> None:
    found = surprise(np.array([4.0, 12.0]), np.ones(2), 0.1, alpha=0.1)
    # mean 8; S = .95 * 8 + 4 + .05 * 8 = 12 in R = .95 + 1 + .05 = 2, so 6 is foretold; pooled rate 24 / 3 = 8
    phi = 1 + 0.1 * 8
    gain = (12 * math.log(12 / 8) + 12 * math.log(12 / 16)) / phi
    v = phi * (1 / 12.5 + 1 / 12.5)
    bayes = 0.5 * math.log(v / (v + TAU**2)) + gain * TAU**2 / (v + TAU**2)
    assert FADING == 0.95 and found.expected.tolist() == pytest.approx([8, 6])
    assert found.log_bayes[1] == pytest.approx(bayes)
    assert found.probability[1] == pytest.approx(0.1 * math.exp(bayes) / (0.9 + 0.1 * math.exp(bayes)))
    assert found.change[1] == pytest.approx(math.log(12.5 / 6.5)) and found.probability[0] == 0


def test_the_longer_window_is_averaged_in_by_hand() -> None:
    counts = np.array([10.0, 10.0, 2.0, 2.0])
    one = surprise(counts, np.ones(4), 0.1, alpha=0.1)
    both = surprise(counts, np.ones(4), 0.1, spans=(2,), alpha=0.1)
    past, news = foretold(counts, np.ones(4))
    s, r, phi = past[2], news[2], 1 + 0.1 * 2**-0.25 * 2 * (past[2] + 4) / (news[2] + 2)
    pooled = (s + 4) / (r + 2)
    gain = (4 * math.log(4 / (2 * pooled)) + s * math.log(s / (r * pooled))) / phi
    v = phi * (1 / 4.5 + 1 / (s + 0.5))
    longer = 0.5 * math.log(v / (v + TAU**2)) + gain * TAU**2 / (v + TAU**2)
    wanted = math.log((math.exp(longer) + math.exp(one.log_bayes[2])) / 2)
    assert both.log_bayes[2] == pytest.approx(wanted)
    assert both.log_bayes[3] == one.log_bayes[3] and both.now[2] == one.probability[2]


def test_many_series_at_once_are_as_each_alone() -> None:
    random = np.random.default_rng(1)
    counts, news = random.poisson(5.0, (3, 30)).astype(float), random.uniform(0.5, 2, (3, 30))
    together = surprise(counts, news, HAZARD["week"], SPANS["week"])
    for n in range(3):
        alone = surprise(counts[n], news[n], HAZARD["week"], SPANS["week"])
        assert alone.log_bayes.tolist() == pytest.approx(together.log_bayes[n].tolist())


def test_the_dispersion_does_not_see_steps_and_bursts() -> None:
    random = np.random.default_rng(2)
    plain = random.poisson(20.0, 200).astype(float)
    stepped = np.concatenate([random.poisson(20.0, 100), random.poisson(200.0, 100)]).astype(float)
    stepped[50] = 400
    rough = simulate(random, 200, 20.0, 0.4)
    assert roughness(plain, np.ones(200)) == ALPHAS[0] == roughness(stepped, np.ones(200))
    assert 0.25 < roughness(rough, np.ones(200)) <= 0.5


def test_bursts_and_steps_both_lead() -> None:
    random = np.random.default_rng(3)
    cooperation, conflict = (random.poisson(8.0, 80).astype(float) for _ in range(2))
    cooperation[40] = 60
    conflict[60:] += 40
    first = pair(cooperation, conflict)
    listed = moments(first, lines(first), 5)
    told = {(m.channel, (m.at - first.starts[0]).days // 7, m.sign, m.pace) for m in listed if m.support == "strong"}
    assert ("cooperation", 40, "+", "passing") in told and ("conflict", 60, "-", "sudden") in told


def test_a_lasting_fall_is_found_looking_back() -> None:
    random = np.random.default_rng(4)
    found = surprise(
        np.array([simulate(random, 104, 10.0, 0.05, 0.25, 52) for _ in range(20)]), np.ones((20, 104)), 1 / 26, (8,)
    )
    right = (found.probability >= 0.5) & (found.change < 0)
    assert right[:, 50:55].any(axis=1).mean() >= 0.8


def test_a_rare_channel_that_falls_silent_is_found_looking_back() -> None:
    """Two events a week and then none: eight weeks say little, half a year says it."""
    random = np.random.default_rng(8)
    made = np.array([simulate(random, 104, 2.0, 0.12, 0.0, 52) for _ in range(30)])
    for spans, least, most in (((8,), 0.0, 0.5), (SPANS["week"], 0.9, 1.0)):
        found = surprise(made, np.ones_like(made), HAZARD["week"], spans)
        right = (found.probability >= 0.5) & (found.change < 0)
        assert least <= right[:, 50:55].any(axis=1).mean() <= most


def test_silence_of_all_news_is_no_fall() -> None:
    """Where there was no news at all, nothing fell."""
    counts = np.concatenate([np.random.default_rng(9).poisson(2.0, 52), np.zeros(52)]).astype(float)
    news = np.where(np.arange(104) < 52, 1.0, 0.0)
    assert surprise(counts, news, HAZARD["week"], SPANS["week"]).probability[50:].max() < 0.2


def test_quiet_series_raise_few_alarms() -> None:
    random = np.random.default_rng(5)
    counts = np.array([simulate(random, 104, 6.0, 0.1) for _ in range(60)])
    found = surprise(counts, np.ones_like(counts), HAZARD["week"], SPANS["week"])
    assert (found.probability >= 0.5).sum(axis=1).mean() < 0.6
    assert (found.probability >= 0.9).sum(axis=1).mean() < 0.25


def test_nothing_and_little_raise_nothing() -> None:
    assert surprise(np.zeros(20), np.ones(20), 1 / 26, (8, 26)).probability.max() < 0.05
    assert surprise(np.zeros((2, 1)), np.ones((2, 1)), 1 / 26).probability.tolist() == [[0.0], [0.0]]
    one = np.zeros(20)
    one[10] = 1
    assert surprise(one, np.ones(20), 1 / 26, (8, 26)).probability.max() < 0.5


def test_pairs_left_out_by_hand() -> None:
    """With one pair there is nothing to tune on: the first constants are taken."""
    random = np.random.default_rng(6)
    conflict = random.poisson(5.0, 40).astype(float)
    conflict[20] = 80
    found = pair(random.poisson(5.0, 40).astype(float), conflict)
    point = Point(a="B", b="A", first=found.starts[20], last=found.starts[20], sign="-", what="")
    told = {f.method: f.hits for f in left_out("x", [point], 1, {key(point): found}, 1, 7)}
    assert len(SWEEP) == 20 and set(told.values()) == {1.0}


def test_a_level_that_moves_evenly_has_an_extent_though_no_step_stands_out() -> None:
    assert extent(np.full(60, 0.05), np.array([30]), 12, 1.0) == (18, 42, "gradual")
