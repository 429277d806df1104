"""Prediction of links: ranks, counts, filtering and the ranker by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from comity.evaluate.link_past import SPEEDS, WIDER, Events, Past, Today, both_ways, follows, nameless, read_names
from comity.evaluate.link_rank import begin, gradients, learn
from comity.evaluate.link_score import SECOND, THIRD, judged, load, ordered, questions, ranks, recurrency

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "relations"
NAMES = ["Police (Mali)", "Mali", "Police (Niger)", "Niger", "Somebody"]
ONE_WAY = ([0, 0, 1, 0, 0, 2], [0, 1, 0, 0, 0, 0], [1, 2, 0, 1, 3, 1], [0, 1, 1, 2, 4, 4])


@pytest.fixture(scope="module")
def events() -> Events:
    source, kind, target, day = (np.array(column) for column in ONE_WAY)
    return both_ways(source, kind, target, day, 2, NAMES)


def test_names_tell_place_and_kind() -> None:
    place, kind = read_names(NAMES)
    assert place.tolist() == [0, 0, 1, 1, -1]
    assert kind[0] == kind[2] and len(set(kind.tolist())) == 4


def test_the_way_back_is_a_type_of_its_own(events: Events) -> None:
    columns = (events.source, events.type, events.target, events.day)
    rows = set(zip(*(column.tolist() for column in columns), strict=True))
    assert len(events.day) == 12 and events.types == 4
    assert {(0, 0, 1, 0), (1, 2, 0, 0), (0, 1, 2, 1), (2, 3, 0, 1)} <= rows


def test_ranks_leave_other_right_answers_out_and_share_ties() -> None:
    score = np.array([9.0, 5.0, 5.0, 7.0, 0.0], dtype=np.float32)
    assert ranks(score, np.array([1])) == [1 + 2 + 0.5]
    assert ranks(score, np.array([1, 0])) == [1 + 1 + 0.5, 1.0]
    assert ranks(score, np.array([1, 2])) == [3.0, 3.0]
    assert ranks(score, np.array([3, 3])) == [2.0, 2.0]


def test_questions_gather_the_answers_of_a_day_both_ways(events: Events) -> None:
    asked = {(s, r): sorted(a.tolist()) for s, r, a in questions(events, 4)}
    assert asked == {(0, 0): [3], (2, 0): [1], (3, 2): [0], (1, 2): [2]}


def test_counts_by_hand_and_nothing_of_the_day_itself(events: Events) -> None:
    follow = np.full((4, 4), 0.5, dtype=np.float32)
    asked = Today(Past(events), 4, follow).ask(0, 0)
    row = {int(name): known for name, known in zip(asked.candidates, asked.known, strict=True)}
    told = [math.exp(-4 * v) + math.exp(-2 * v) for v in SPEEDS]
    assert row[1][: len(SPEEDS)] == pytest.approx(np.log(np.array(told) + 0.01), rel=1e-5)
    assert row[3][: len(SPEEDS)] == pytest.approx([math.log(0.01)] * 4, rel=1e-5)  # only on the day itself
    pair = [math.exp(-4 * v) + math.exp(-3 * v) + math.exp(-2 * v) for v in WIDER]  # 1 to 0 on day 1 is of the pair
    at = len(SPEEDS)
    assert row[1][at : at + 3] == pytest.approx(np.log(20 * 0.5 * np.array(pair) + 0.01), rel=1e-5)
    assert row[1][at + 3 : at + 6] == pytest.approx(np.log(np.array(pair) + 0.01), rel=1e-5)


def test_what_follows_by_hand(events: Events) -> None:
    found = follows(events, 5)
    # 0 to 1: type 0 on day 0, the way back (2) on day 1, type 0 on day 2; 1 to 0: 2 on day 0, 0 on day 1, 2 on day 2
    weight = {(0, 2): 2 * math.exp(-0.05), (0, 0): math.exp(-0.1)}
    for (one, two), own in weight.items():
        assert found[one, two] == pytest.approx((own + 20 * 5 / 12) / (sum(weight.values()) + 20), rel=1e-5)
    assert found.sum(axis=1) == pytest.approx(np.ones(4), rel=1e-5)


def test_recurrency_prefers_the_last_and_then_the_common(events: Events) -> None:
    score = recurrency(Today(Past(events), 4, np.zeros((4, 4), dtype=np.float32)), 0, 0)
    assert score.argmax() == 1 and score[0] > score[3]  # 1 was told; 0 was once the target of the type


def test_slopes_are_those_of_small_steps() -> None:
    random = np.random.default_rng(0)
    layers = [(w.astype(float), b.astype(float) + 0.1) for w, b in begin((3, 4, 4, 1), random)]
    x, right = random.normal(size=(2, 5, 3)), np.array([[1.0, 0, 0, 0, 0], [0, 2, 1, 0, 0]])
    _, slopes = gradients(layers, x, right)
    for n, (weights, _) in enumerate(layers):
        weights[0, 0] += 1e-5
        above = gradients(layers, x, right)[0]
        weights[0, 0] -= 2e-5
        below = gradients(layers, x, right)[0]
        weights[0, 0] += 1e-5
        assert slopes[n][0][0, 0] == pytest.approx((above - below) / 2e-5, abs=1e-6)


def test_the_ranker_learns_what_is_right() -> None:
    random = np.random.default_rng(1)
    known = random.normal(size=(400, 10, 4)).astype(np.float32)
    best = (known[..., 1] - known[..., 2]).argmax(axis=1)
    ranker = learn(known[:300], np.eye(10, dtype=np.float32)[best[:300]], rounds=30)
    assert (ranker(known[300:]).argmax(axis=1) == best[300:]).mean() > 0.85


def test_what_recurs_is_foretold_with_and_without_names() -> None:
    days = np.repeat(np.arange(20), 3)
    source, target = np.tile([0, 1, 2], 20), np.tile([3, 4, 5], 20)
    made = both_ways(source, np.zeros(60, dtype=np.int64), target, days, 1, ["a", "b", "c", "d", "e", "f"])
    for events in (made, nameless(made)):
        past = Past(events)
        found = judged(events, past, "x", lambda today, s, r: today.ask(s, r).first, 0.0, first=15)
        assert (found.mrr, found.hits1, found.questions) == (100.0, 100.0, 30)


def test_all_others_stand_behind_the_candidates(events: Events) -> None:
    ranker = learn(np.zeros((2, 3, 31), dtype=np.float32), np.eye(3, dtype=np.float32)[:2])
    asked = Today(Past(events), 4, np.zeros((4, 4), dtype=np.float32)).ask(0, 0)
    few = type(asked)(first=asked.first, candidates=asked.candidates[:2], known=asked.known[:2])
    score = ordered(few, ranker)
    assert score[few.candidates].min() > np.delete(score, few.candidates).max()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are absent")
def test_the_split_is_that_of_the_literature() -> None:
    events = load(SHARED)
    parts = [int(np.searchsorted(events.day, day)) for day in (SECOND, THIRD)]
    assert [n // 2 for n in (parts[0], parts[1] - parts[0], len(events.day) - parts[1])] == [373_018, 45_995, 49_545]
    assert (events.names, events.types // 2) == (23_033, 256)
