"""Scores of clusterings against figures worked by hand, and what must hold of any clustering."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.evaluate.coreference import assignment, b_cubed, blanc, ceaf_e, clusters_of, muc, score


def sets(*groups: str) -> list[frozenset[str]]:
    return [frozenset(g) for g in groups]


# The example of Bagga and Baldwin (1998): a key of three clusters, answers that join the wrong two.
KEY = sets("12345", "67", "89ABC")
SMALL_ERROR = sets("12345", "6789ABC")
LARGE_ERROR = sets("1234589ABC", "67")


def test_muc_cannot_tell_a_small_error_from_a_large_one() -> None:
    for answer in (SMALL_ERROR, LARGE_ERROR):
        found = muc(KEY, answer)
        assert found.precision == pytest.approx(9 / 10)
        assert found.recall == 1.0


def test_b_cubed_can() -> None:
    small, large = b_cubed(KEY, SMALL_ERROR), b_cubed(KEY, LARGE_ERROR)
    assert (small.recall, large.recall) == (1.0, 1.0)
    # five right of themselves, two with 2/7, five with 5/7; and ten with 5/10, two right
    assert small.precision == pytest.approx((5 + 2 * 2 / 7 + 5 * 5 / 7) / 12)  # 16/21
    assert small.precision == pytest.approx(16 / 21)
    assert large.precision == pytest.approx((10 * 5 / 10 + 2) / 12)  # 7/12


def test_ceaf_of_the_small_and_the_large_error() -> None:
    # phi 4: small: 1 for 12345, 10/12 for the better of the joined; large: 10/15 and 1
    small, large = ceaf_e(KEY, SMALL_ERROR), ceaf_e(KEY, LARGE_ERROR)
    assert small.precision == pytest.approx((1 + 10 / 12) / 2)
    assert small.recall == pytest.approx((1 + 10 / 12) / 3)
    assert large.precision == pytest.approx((1 + 10 / 15) / 2)
    assert large.recall == pytest.approx((1 + 10 / 15) / 3)


def test_items_that_one_side_lacks() -> None:
    # Pradhan et al. (2014): key {a b c} {d e f g}, answer {a b} {c d} {f g h i}
    key, answer = sets("abc", "defg"), sets("ab", "cd", "fghi")
    assert muc(key, answer).recall == pytest.approx(2 / 5)
    assert muc(key, answer).precision == pytest.approx(2 / 5)
    # B cubed: recall (4/3 + 1/3 + 1/4 + 4/4) / 7, precision (4/2 + 1/2 + 1/2 + 4/4) / 8
    assert b_cubed(key, answer).recall == pytest.approx((4 / 3 + 1 / 3 + 1 / 4 + 4 / 4) / 7)
    assert b_cubed(key, answer).precision == pytest.approx((4 / 2 + 1 / 2 + 1 / 2 + 4 / 4) / 8)
    # CEAFe: {abc}-{ab} 4/5, {defg}-{fghi} 4/8: 1.3, as in the paper
    assert ceaf_e(key, answer).recall == pytest.approx(1.3 / 2)
    assert ceaf_e(key, answer).precision == pytest.approx(1.3 / 3)
    # BLANC of the paper: links 2 right of 9 and 8; non-links 8 right of 12 and 20
    assert blanc(key, answer).recall == pytest.approx((2 / 9 + 8 / 12) / 2)
    assert blanc(key, answer).precision == pytest.approx((2 / 8 + 8 / 20) / 2)


labels = st.dictionaries(st.integers(0, 25), st.integers(0, 6), min_size=1)


@given(labels)
def test_the_key_itself_is_right(key: dict[int, int]) -> None:
    found = score(key, key)
    assert found.b3.f1 == pytest.approx(1.0) and found.ceafe.f1 == pytest.approx(1.0)
    has_links = len(set(key.values())) < len(key)
    assert found.muc.f1 == pytest.approx(float(has_links))
    assert found.blanc.f1 == pytest.approx(1.0)


@given(labels, labels)
def test_key_and_answer_changed_over_change_precision_and_recall(key: dict[int, int], answer: dict[int, int]) -> None:
    ours, theirs = score(key, answer), score(answer, key)
    for name in ("muc", "b3", "ceafe", "blanc"):
        one, two = getattr(ours, name), getattr(theirs, name)
        assert one.precision == pytest.approx(two.recall) and one.recall == pytest.approx(two.precision)
        assert -1e-9 <= one.precision <= 1 + 1e-9
    assert ours.conll == pytest.approx((ours.muc.f1 + ours.b3.f1 + ours.ceafe.f1) / 3)


@given(labels)
def test_singletons_and_one_heap(key: dict[int, int]) -> None:
    alone = score(key, {item: item for item in key})
    assert alone.b3.precision == pytest.approx(1.0)
    assert alone.b3.recall == pytest.approx(len(set(key.values())) / len(key))
    assert alone.muc.f1 == 0.0
    heap = score(key, dict.fromkeys(key, 0))
    assert heap.b3.recall == pytest.approx(1.0)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5), st.integers(1, 5), st.randoms(use_true_random=False))
def test_assignment_equals_trying_all(rows: int, columns: int, random) -> None:  # type: ignore[no-untyped-def]
    gains = np.array([[random.random() for _ in range(columns)] for _ in range(rows)])
    wide = gains if rows <= columns else gains.T
    best = max(
        sum(wide[r, c] for r, c in enumerate(choice))
        for choice in itertools.permutations(range(wide.shape[1]), wide.shape[0])
    )
    assert assignment(gains) == pytest.approx(best)


def test_clusters_of_a_labelling() -> None:
    assert clusters_of({1: "a", 2: "b", 3: "a"}) == [frozenset({1, 3}), frozenset({2})]
