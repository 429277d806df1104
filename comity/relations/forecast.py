"""What comes next between two actors: events of each channel in the coming periods, and the likeliest types.

Counts of a channel (events as reported) are forecast as negative binomial.  With y_1..y_T the counts so far::

    fast   S = sum f^(T-t) y_t,  R = sum f^(T-t)          f is `fast`: the last few periods
    slow   m, the same with `SLOW`, one period of the mean of all behind it
    mean   (S + k m) / (R + k)                             k is `pull`: back to what is usual for the pair
    variance  mean + a mean^2,   a = `rough` (1 + `wider` (h - 1)) / sqrt(mean)        at horizon h

so that a crisis is expected to fade, and a quiet pair is not said to stay silent for sure: that the variance grows with
the power 1.5 of the mean is what the dispersions that are best in classes of the mean show (2 to 3 at 2 events, 0.8 to
1 at 20).  Means that fade by exponents are exponential smoothing (Brown 1959; Gardner 2006, International Journal of
Forecasting 22), the negative binomial is that of Hilbe (2011).  Types of the next event are the decayed shares of the
pair's own past with those of all pairs behind them (`TYPE_PRIOR` events): a Dirichlet-multinomial (Gelman et al. 2013,
Bayesian Data Analysis, ch. 3).

The constants were set on the first half of the ICEWS events of 2018, by the log score; how the forecasts do on the
second half, also where a baseline does better, stands in ``docs/forecasts.md`` (`comity.evaluate.forecast_score`).
Nothing is known of causes: this is what counts of the past say, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import lgamma
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.errors import BadPeriod
from comity.model import Record
from comity.relations.changes import last_day
from comity.relations.citation import Citation, cite
from comity.relations.cube import By, floor, following, from_store
from comity.relations.cubefile import prepare
from comity.relations.facts import inside
from comity.relations.series import series
from comity.relations.weights import CHANNELS, channel_of

if TYPE_CHECKING:
    from comity.record.store import Store

Array = NDArray[np.float64]
SLOW = 0.97


class Constants(Record, frozen=True):
    """f, k, the roughness and the widening of the module."""

    fast: float
    pull: float
    rough: float
    wider: float


CONSTANTS: Mapping[str, Constants] = {
    "week": Constants(fast=0.4, pull=2.5, rough=3.5, wider=0.0),
    "month": Constants(fast=0.2, pull=2.5, rough=3.5, wider=0.1),
    "year": Constants(fast=0.2, pull=2.5, rough=3.5, wider=0.2),
}
TYPE_PRIOR = 5.0
TYPE_FADING = 0.98
"""Share of the weight of an event that is left after a week."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST = 5_000
"""Counts up to which a distribution is summed; beyond, quantiles are those of the highest count."""


class Step(Record, frozen=True):
    """The forecast of one channel for one period: mean, quantiles, and the probability of no event."""

    period: date
    mean: float
    q05: int
    q25: int
    q50: int
    q75: int
    q95: int
    none: float


class Likely(Record, frozen=True):
    """A type of the next event with its probability, and how many of the pair's past events are of it."""

    type: str
    channel: str
    probability: float
    past: int


class Forecast(Record, frozen=True):
    """What is expected of a pair after ``known``, the last day of news; ``steps`` by channel.

    ``periods`` complete periods of the past were used; with none it is the forecast of a pair that was never heard of.
    """

    a: str
    b: str
    names: tuple[str, str]
    by: By
    known: date | None
    periods: int
    steps: Mapping[str, tuple[Step, ...]]
    types: tuple[Likely, ...]
    citation: Citation

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain | {"citation": self.citation.as_dict()}


def forecast(
    store: Store, a: str, b: str, ahead: int = 6, by: By = "month", until: date | None = None, types: int = 5
) -> Forecast:
    """The coming ``ahead`` periods of a pair, from what is known up to a day (that of the newest news).

    A period that is not over on that day is forecast, not used.  Raises `UnknownName`, `BadPeriod`.
    """
    if not 1 <= ahead <= 60:
        raise BadPeriod(f"{ahead} periods cannot be forecast", fix="give 1 to 60")
    first, second = store.names.pair((a, b))
    known = until or last_day(store)
    cube = from_store(store, by, (first, second))
    names = (store.names.name(first), store.names.name(second))
    about = cite(store, {"forecast of": f"{first}-{second}", "known until": known, "by": by})
    if known is None:
        nothing: Mapping[str, tuple[Step, ...]] = dict.fromkeys(CHANNELS, ())
        return Forecast(
            a=first, b=second, names=names, by=by, known=None, periods=0, steps=nothing, types=(), citation=about
        )
    origin = floor(known, by)
    found = series(cube, first, second, until=known)
    complete = [n for n, start in enumerate(found.starts) if start < origin]
    if known >= last_of(origin, by):
        complete, origin = list(range(len(found.starts))), following(origin, by)
    steps = {}
    for channel in CHANNELS:
        counts = np.asarray(found.events[channel], dtype=float)[complete]
        mean, size = predictive(counts, ahead, by)
        steps[channel] = tuple(step(day, m, r) for day, m, r in zip(days(origin, by, ahead), mean, size, strict=True))
    return Forecast(
        a=first, b=second, names=names, by=by, known=known, periods=len(complete), steps=steps,
        types=next_types(store, first, second, known)[:types], citation=about,
    )  # fmt: skip


def last_of(start: date, by: By) -> date:
    """The last day of a period."""
    return date.fromordinal(following(start, by).toordinal() - 1)


def days(origin: date, by: By, number: int) -> list[date]:
    """The first days of so many periods from one on."""
    found = [origin]
    while len(found) < number:
        found.append(following(found[-1], by))
    return found


def predictive(counts: Array, ahead: int, by: By, constants: Constants | None = None) -> tuple[Array, Array]:
    """Mean and size (1 / a) of the negative binomial of each coming period, (..., T) to (..., ahead).

    With no past at all the mean is 1/20 of an event.
    """
    c = constants or CONSTANTS[by]
    y = np.asarray(counts, dtype=float)
    number = y.shape[-1]
    age = np.arange(number)[::-1]
    own = y.mean(axis=-1) if number else np.zeros(y.shape[:-1])
    far, near = SLOW**age, c.fast**age
    usual = ((y * far).sum(axis=-1) + own + 0.05) / (far.sum() + 1)
    past = (y * near).sum(axis=-1) + c.pull * usual
    mean = past / (near.sum() + c.pull)
    rough = c.rough * (1 + c.wider * np.arange(ahead)) / np.sqrt(mean)[..., None]
    return np.broadcast_to(mean[..., None], rough.shape).copy(), 1 / rough


def probabilities(mean: float, size: float) -> Array:
    """The negative-binomial probabilities of 0, 1, 2 ... as far as they matter, shape (K,)."""
    spread = float(np.sqrt(mean + mean * mean / size))
    most = int(min(MOST, mean + 12 * spread + 20))
    k = np.arange(1, most + 1)
    first = size * np.log(size / (size + mean))
    steps = np.log((k - 1 + size) / k) + np.log(mean / (size + mean))
    return np.asarray(np.exp(np.concatenate([[first], first + np.cumsum(steps)])))


def log_probability(count: float, mean: float, size: float) -> float:
    """The log probability of one count."""
    return (
        lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * float(np.log(size / (size + mean)))
        + count * float(np.log(mean / (size + mean)))
    )  # fmt: skip


def step(period: date, mean: float, size: float) -> Step:
    """One step from its distribution."""
    mass = probabilities(float(mean), float(size))
    below = np.cumsum(mass)
    q = [min(int(np.searchsorted(below, level)), len(below) - 1) for level in QUANTILES]
    return Step(
        period=period, mean=round(float(mean), 3), q05=q[0], q25=q[1], q50=q[2], q75=q[3], q95=q[4],
        none=round(float(mass[0]), 4),
    )  # fmt: skip


def next_types(store: Store, a: str, b: str, known: date) -> tuple[Likely, ...]:
    """The types that the next event may have, the likeliest first."""
    prepare(store)
    low, high = sorted((a, b))
    kept = f"status = 'occurred' and day is not null and span < {inside('month')} and day <= ?"
    own = store.query(
        f"select type, count(*) as n, sum(? ** (datediff('day', day, ?::date) / 7.0)) as weight from rel_facts "
        f"where {kept} and a = ? and b = ? group by type",
        [TYPE_FADING, known, known, low, high],
    ).to_pylist()
    every = store.query(
        "select type, sum(events)::double as n from rel_months where status = 'occurred' and month <= ? group by type",
        [known],
    ).to_pylist()
    base = {r["type"]: float(r["n"]) for r in every}
    weights = {r["type"]: float(r["weight"]) for r in own}
    counts = {r["type"]: int(r["n"]) for r in own}
    shares = type_shares(weights, base)
    channels = channel_of()
    found = [
        Likely(type=t, channel=channels[t], probability=round(p, 4), past=counts.get(t, 0)) for t, p in shares.items()
    ]
    return tuple(sorted(found, key=lambda x: (-x.probability, x.type)))


def type_shares(own: Mapping[str, float], base: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of types: the pair's decayed counts with `TYPE_PRIOR` events of all pairs behind them."""
    total = sum(base.values())
    if not total:
        return {}
    whole = sum(own.values()) + TYPE_PRIOR
    return {t: (own.get(t, 0.0) + TYPE_PRIOR * n / total) / whole for t, n in base.items()}


def crps(mass: Sequence[Array], counts: Sequence[float]) -> Array:
    """Continuous ranked probability score of each forecast (probabilities of 0, 1, 2 ...) and count: the sum over k of
    (F(k) - [count <= k])^2 (Gneiting & Raftery 2007, JASA 102).  Lower is better; a sure forecast has its error."""
    found = []
    for p, y in zip(mass, counts, strict=True):
        number = max(len(p), int(y) + 1)
        below = np.ones(number)
        below[: len(p)] = np.minimum(np.cumsum(p), 1.0)
        found.append(float(((below - (np.arange(number) >= y)) ** 2).sum()))
    return np.array(found)
