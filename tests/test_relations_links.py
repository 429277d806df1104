"""Prediction of links: ranks, counts and filtering by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from comity.evaluate.link_score import SPEEDS, Events, Past, backwards, features, judged, questions, ranks

EVENTS = Events(
    source=np.array([0, 0, 1, 0, 0, 2]), kind=np.array([0, 1, 0, 0, 0, 0]), target=np.array([1, 2, 0, 1, 3, 1]),
    day=np.array([0, 1, 1, 2, 4, 4]), names=5, kinds=2,
)  # fmt: skip


def test_ranks_leave_other_right_answers_out_and_share_ties() -> None:
    score = np.array([9.0, 5.0, 5.0, 7.0, 0.0])
    assert ranks(score, np.array([1])) == [1 + 2 + 0.5]
    assert ranks(score, np.array([1, 0])) == [1 + 1 + 0.5, 1.0]
    assert ranks(score, np.array([1, 2])) == [3.0, 3.0]
    assert ranks(score, np.array([3, 3])) == [2.0, 2.0]


def test_counts_by_hand_and_nothing_of_the_day_itself() -> None:
    found = features(Past(EVENTS), 0, 0, 4)
    fast = SPEEDS[0]
    same, pair, back, common = (found[n * len(SPEEDS)] for n in range(4))
    assert same.tolist() == pytest.approx([0, math.exp(-4 * fast) + math.exp(-2 * fast), 0, 0, 0])
    assert pair.tolist() == pytest.approx([0, same[1], math.exp(-3 * fast), 0, 0])
    assert back.tolist() == pytest.approx([0, math.exp(-3 * fast), 0, 0, 0])  # 1 to 0 on day 1
    assert common.tolist() == pytest.approx([math.exp(-3 * fast), same[1], 0, 0, 0])


def test_questions_gather_the_answers_of_a_day() -> None:
    asked = {(s, k, d): sorted(a.tolist()) for s, k, d, a in questions(EVENTS, 2, 5)}
    assert asked == {(0, 0, 2): [1], (0, 0, 4): [3], (2, 0, 4): [1]}


def test_what_recurs_is_foretold() -> None:
    days = np.repeat(np.arange(20), 3)
    source, target = np.tile([0, 1, 2], 20), np.tile([3, 4, 5], 20)
    events = Events(source=source, kind=np.zeros(60, dtype=np.int64), target=target, day=days, names=6, kinds=1)
    pasts = {"target": Past(events), "source": Past(backwards(events))}
    weights = np.zeros(4 * len(SPEEDS))
    weights[0] = 1.0
    found = judged(pasts, 15, "x", weights)
    assert (found.mrr, found.hits1, found.questions) == (100.0, 100.0, 30)
