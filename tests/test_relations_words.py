"""How a relation is told: factors, silence, periods, what is worth telling, and what fits on a terminal."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from comity.cli.relation import LEFT, blocks, many, room, span, worth_telling
from comity.relations.figure import when
from comity.relations.moments import Moment, Shift
from comity.relations.reasons import moved, sentence


def shift(before: float, after: float, factor: float) -> Shift:
    return Shift(channel="conflict", before=before, after=after, factor=factor, low=1.0, high=9.0, probability=0.9)


def moment(
    began: int, until: int, change: Any = "up", support: Any = "weak", events: tuple[str, ...] = ("e",)
) -> Moment:
    return Moment(
        at=date(began, 1, 1), began=date(began, 1, 1), until=date(until, 1, 1), day=None, channel="conflict",
        change=change, sign="-", pace="sudden", score=1.0, probability=0.5, support=support,
        shifts=(shift(4.0, 0.0, 0.1),), events=events,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (shift(2.0, 8.0, 4.0), "rose 4.0-fold, from 2 to 8 a week"),
        (shift(8.0, 2.0, 0.25), "fell 4.0-fold, from 8 to 2 a week"),
        (shift(0.35, 32.6, 12.0), "rose 12-fold, cautiously put, from 0.35 to 32.6 a week"),
        (shift(0.001, 3.0, 5.0), "rose 5.0-fold, cautiously put, from next to nothing to 3 a week"),
        (shift(8.76, 0.0, 0.1), "fell to nothing, from 8.76 a week"),
    ],
)
def test_factors_agree_with_their_figures(given: Shift, told: str) -> None:
    assert moved(given, "week") == told


def test_a_fall_into_silence_is_told_as_silence() -> None:
    fallen = moment(2020, 2020, "down", events=())
    told = sentence(fallen, "year", [], [], None, str, {})
    assert told.endswith("nothing of the two is recorded then, which may be silence and not peace.")
    left = sentence(fallen, "year", [{"type": "ACCUSE"}], [], None, str, {})
    assert left.endswith("no event of the other kind tells why.")


def test_weak_moments_are_told_once_and_few() -> None:
    sure = moment(2010, 2011, support="strong")
    listed = [sure, moment(2011, 2012), moment(2014, 2014), moment(2016, 2016), moment(2018, 2018)]
    assert worth_telling(listed) == [sure, listed[2], listed[3]]
    assert worth_telling([moment(2012, 2012, "down", events=())]) == []
    kept = moment(2012, 2012, "down", "fair", events=())
    assert worth_telling([kept]) == [kept]


def test_periods_and_days_in_words() -> None:
    day = date(2014, 3, 3)
    assert [when(day, by) for by in ("year", "month", "week")] == ["2014", "2014-03", "2014-03-03"]
    assert span(date(2016, 1, 1), date(2016, 12, 31)) == "2016"
    assert span(date(2019, 6, 1), date(2019, 6, 30)) == "Jun 2019"
    assert span(day, day) == "3 Mar 2014"
    assert (many(1, "event"), many(1200, "event")) == ("1 event", "1,200 events")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_chart_fits_its_terminal(width: int) -> None:
    text = "5.6 (0.52 to 20) a year"
    size = room(Console(width=width), [text])
    drawn = blocks(np.arange(300.0), size=size)
    assert len(drawn) == size <= 60
    assert LEFT + len(drawn) + 2 + len(text) <= max(width, LEFT + 10 + 2 + len(text))
