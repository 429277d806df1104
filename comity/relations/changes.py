"""What changed: in all pairs of a record at once, in the last days or over its history.

`changes` asks what the last so many days are against all such windows before them, `turning` every period of every
pair; both use the scan of `comity.relations.surprise`, and nothing that comes later than what they judge is looked at
by `changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from comity.errors import BadUsage
from comity.model import Record
from comity.record.query import day as day_of
from comity.record.wording import many
from comity.relations.cube import By
from comity.relations.cubefile import prepare
from comity.relations.jumps import HAZARD
from comity.relations.moments import WINDOW, Moment, Shift, Support, onset, same, shift, support
from comity.relations.pairfacts import PairFacts
from comity.relations.panel import Panel, by_days, by_period, calendar
from comity.relations.reasons import amount, behind, per, sentence
from comity.relations.surprise import SPANS, Surprise, surprise
from comity.relations.weights import CHANNELS

if TYPE_CHECKING:
    from comity.record.store import Store

Arrow = Literal["up", "down", "steady"]
WINDOWS = 104
"""Windows that are looked back over."""
STEADY = 0.5
"""A change less probable than this is none."""
LEAST = 0.5
"""Turns of all pairs that are less probable are not listed."""


class Change(Record, frozen=True):
    """How one pair stood in the last days (``first`` to ``last``) against before.

    ``arrow`` says where the relation went: up (more cooperation or less conflict), down, or steady, where a change is
    less probable than not.  ``channel`` changed more surely, ``change`` up or down of it; ``shifts`` tell both.
    ``score`` is the log Bayes factor, ``events`` ids and ``reason`` one sentence.
    """

    a: str
    b: str
    names: tuple[str, str]
    first: date
    last: date
    arrow: Arrow
    sign: Literal["+", "-"]
    channel: str
    change: Literal["up", "down"]
    probability: float
    support: Support
    score: float
    shifts: tuple[Shift, ...]
    count: int
    day: date | None = None
    events: tuple[str, ...] = ()
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


class Turn(Record, frozen=True):
    """A change of one channel of one pair in one period, without its events."""

    a: str
    b: str
    at: date
    channel: str
    change: Literal["up", "down"]
    sign: Literal["+", "-"]
    probability: float
    score: float
    factor: float


def changes(
    store: Store, until: date | str | None = None, days: int = 7, limit: int | None = 20, steady: bool = False
) -> tuple[Change, ...]:
    """The pairs that changed most in the ``days`` that end with ``until`` (the last day of news), most surely first.

    Pairs are told that had an event then, or that fell silent.  ``steady`` adds pairs with events but without a
    probable change after the others.  Empty where the record has no dated event that occurred.  Raises `BadUsage`.
    """
    end = day_of(until, end=True) or last_day(store)
    if end is None:
        return ()
    by = nearest(days)
    found: list[Change] = []
    for panel in by_days(store, end, days, WINDOWS, by):
        found += judged(panel, days, store.names.name, steady)
    found.sort(key=lambda c: (c.arrow == "steady", -c.score, c.a, c.b))
    return tuple(told(store, c, days) for c in found[:limit])


def last_day(store: Store) -> date | None:
    """The last day on which something occurred that is dated to a week or better."""
    prepare(store)
    sql = "select max(day) as last from rel_volumes where actor = '' and span = 7"
    found: date | None = store.query(sql).to_pylist()[0]["last"]
    return found


def nearest(days: int) -> By:
    """The kind of period that so many days are nearest to: its constants are used.  Raises `BadUsage`."""
    if not 1 <= days <= 366:
        raise BadUsage(f"{days} days are no window", fix="give 1 to 366 days")
    return "week" if days < 15 else "month" if days < 100 else "year"


def scan(panel: Panel, spans: Sequence[int]) -> tuple[Surprise, ...]:
    """The scan of both channels of all pairs, (N, T) each."""
    counts, news = panel.effective(), panel.news()
    return tuple(surprise(counts[:, n], news[:, n], HAZARD[panel.by], spans) for n in range(len(CHANNELS)))


def judged(panel: Panel, days: int, naming: Callable[[str], str], steady: bool) -> list[Change]:
    """The last window of each pair of a panel that has something to tell."""
    scans = scan(panel, ())
    bayes = np.array([s.log_bayes[:, -1] for s in scans])
    lead = bayes.argmax(axis=0)
    counts = panel.events[:, :, -1].sum(axis=1).astype(int)
    chances = np.array([s.now[:, -1] for s in scans])[lead, np.arange(len(lead))]
    listed = np.flatnonzero((chances >= STEADY) | ((counts > 0) & steady))
    return [one(panel, scans, int(n), int(lead[n]), int(counts[n]), days, naming) for n in listed]


def one(
    panel: Panel, scans: tuple[Surprise, ...], n: int, lead: int, count: int, days: int, naming: Callable[[str], str]
) -> Change:
    """The change of one pair."""
    rows = tuple(of_pair(s, n) for s in scans)
    best, end = rows[lead], len(panel.starts) - 1
    probability, up = float(best.now[end]), bool(best.change[end] > 0)
    better = up == (lead == 0)
    a, b = panel.pairs[n]
    return Change(
        a=a, b=b, names=(naming(a), naming(b)), first=panel.starts[end],
        last=panel.starts[end] + timedelta(days=days - 1),
        arrow="steady" if probability < STEADY else "up" if better else "down", sign="+" if better else "-",
        channel=CHANNELS[lead], change="up" if up else "down", probability=probability, support=support(probability),
        score=float(best.log_bayes[end]), count=count,
        shifts=tuple(
            shift(float(panel.scale[n, k]), c, rows[k], end, end) for k, c in enumerate(CHANNELS)
        ),
    )  # fmt: skip


FIELDS = ("expected", "seen", "span", "change", "error", "log_bayes", "probability", "now", "alpha")


def told(store: Store, found: Change, days: int) -> Change:
    """The change with its events and its reason."""
    unit = "week" if days == 7 else "day" if days == 1 else f"{days} days"
    if found.arrow == "steady":
        lead = next(s for s in found.shifts if s.channel == found.channel)
        figures = f"{amount(lead.before)} expected {per(unit)}, {lead.after:.3g} weighted events seen"
        reason = f"{many(found.count, 'event')}; no probable change of {lead.channel}: {figures}."
        return msgspec.structs.replace(found, reason=reason)
    asked = PairFacts(store, found.a, found.b)
    rows = asked.near(found.first, found.last + timedelta(days=1), nearest(days))
    moment = Moment(
        at=found.first, began=found.first, until=found.last, day=None, channel=found.channel, change=found.change,
        sign=found.sign, pace="sudden", score=found.score, probability=found.probability, support=found.support,
        shifts=found.shifts,
    )  # fmt: skip
    same, ranked, day = behind(moment, rows, rows)
    evidence = asked.evidence(r for r in ranked[:1] if r["documents"])
    return msgspec.structs.replace(
        found, day=day, events=tuple(r["id"] for r in ranked),
        reason=sentence(moment, unit, same, ranked, day, store.names.name, evidence),
    )  # fmt: skip


def turning(
    store: Store, by: By = "month", since: date | str | None = None, until: date | str | None = None,
    least: float = LEAST,
) -> tuple[Turn, ...]:  # fmt: skip
    """Every probable change of every pair, the most surely known first."""
    starts = calendar(store, by, day_of(since), day_of(until, end=True))
    found: list[Turn] = []
    for panel in by_period(store, by, starts):
        scans = scan(panel, SPANS[by])
        for n in np.flatnonzero(np.any([(s.probability >= least).any(axis=1) for s in scans], axis=0)):
            found += turns(panel, scans, int(n), least)
    return tuple(sorted(found, key=lambda x: (-x.score, x.a, x.b, x.at, x.channel)))


def turns(panel: Panel, scans: tuple[Surprise, ...], n: int, least: float) -> Iterator[Turn]:
    """The probable changes of one pair of a panel, as `comity.relations.moments` lists them."""
    width = WINDOW[panel.by]
    for k, channel in enumerate(CHANNELS):
        one = of_pair(scans[k], n)
        kept: list[int] = []
        for t in np.flatnonzero(one.probability >= least)[np.argsort(-one.log_bayes[one.probability >= least])]:
            if any(same(one, s, int(t), width) for s in kept):
                continue
            kept.append(int(t))
            up = bool(one.change[t] > 0)
            yield Turn(
                a=panel.pairs[n][0], b=panel.pairs[n][1], at=panel.starts[onset(one, int(t), width)], channel=channel,
                change="up" if up else "down", sign="+" if up == (k == 0) else "-",
                probability=float(one.probability[t]), score=float(one.log_bayes[t]),
                factor=float(np.exp(one.change[t])),
            )  # fmt: skip


def of_pair(found: Surprise, n: int) -> Surprise:
    """The scan of one pair out of those of many."""
    return msgspec.structs.replace(found, **{name: getattr(found, name)[n] for name in FIELDS})
