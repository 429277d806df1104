"""How good forecasts are: proper scores in rolling-origin evaluation, beside plain baselines.

    python -m comity.evaluate.forecast_score [--shared DIR] [--fit] [--links] [--json]

Counts of both channels of the pairs of the ICEWS events of 2018 (weeks and months) and of the dyad years 2002 to 2014
are forecast from every origin of the later part, by what lies before it.  Pairs are those with ten events or more
before the first origin.  CRPS (in events) and log score (minus the log probability of what came) are means over pairs,
channels and origins; lower is better.  Every baseline is a negative binomial around its own mean, with the dispersion
that is best on the earlier part, so that it is not beaten by a poor spread::

    last value    the last period        seasonal    four weeks before (weeks only: the data hold one year)
    recurrency    the mean of all past periods

``--fit`` prints which constants of `comity.relations.forecast` are best on the earlier part, `--links` adds the
prediction of links (`comity.evaluate.link_score`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, product
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.evaluate.relations_score import events_2018, yearly_cube
from comity.model import Record
from comity.relations import Cube, from_table
from comity.relations import forecast as ours
from comity.relations.cube import By, floor, periods
from comity.relations.jumps import log_gamma
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
Method = Callable[[Array, int], tuple[Array, Array]]
ALPHAS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
LEAST = 10


class Design(Record, frozen=True):
    """Origins (numbers of the first period that is not known) to set constants on and to be judged on, horizons."""

    by: By
    earlier: tuple[int, ...]
    later: tuple[int, ...]
    horizons: tuple[int, ...]


DESIGNS = (
    Design(by="week", earlier=tuple(range(8, 21, 2)), later=tuple(range(22, 42, 2)), horizons=(1, 2, 4)),
    Design(by="month", earlier=(2, 3, 4), later=(5, 6, 7, 8, 9), horizons=(1, 2, 4)),
    Design(by="year", earlier=(4, 5, 6), later=(8, 9, 10, 11, 12), horizons=(1, 2, 3)),
)


class Score(Record, frozen=True):
    """Mean scores of one method at one horizon; ``better`` is the share of pairs on which ours has the lower CRPS,
    ``error`` the standard error over pairs of the difference of CRPS to ours."""

    by: str
    method: str
    horizon: int
    crps: float
    log: float
    forecasts: int
    better: float | None = None
    error: float | None = None


def counts(cube: Cube, starts: Sequence[date]) -> Array:
    """Events by pair, channel and period, shape (N, channels, T)."""
    at = {day: n for n, day in enumerate(starts)}
    found: dict[tuple[str, str], Array] = {}
    rows = cube.counts.select(["a", "b", "channel", "period", "events"]).to_pydict()
    for a, b, channel, period, events in zip(*rows.values(), strict=True):
        day = floor(period, cube.by)
        if day in at:
            row = found.setdefault((a, b), np.zeros((len(CHANNELS), len(starts))))
            row[CHANNELS.index(channel), at[day]] += events
    return np.array([found[pair] for pair in sorted(found)])


def known(y: Array, origin: int) -> Array:
    """The pairs with events enough before an origin."""
    return np.asarray(y[y[..., :origin].sum(axis=(1, 2)) >= LEAST])


def last_value(y: Array, ahead: int) -> tuple[Array, Array]:
    """The last period again."""
    return np.repeat(y[..., -1:], ahead, axis=-1) + 0.1, np.ones((*y.shape[:-1], ahead))


def recurrency(y: Array, ahead: int) -> tuple[Array, Array]:
    """What was usual so far."""
    return np.repeat(y.mean(axis=-1, keepdims=True), ahead, axis=-1) + 0.05, np.ones((*y.shape[:-1], ahead))


def seasonal(y: Array, ahead: int) -> tuple[Array, Array]:
    """The week four weeks before."""
    mean = np.stack([y[..., -4 + (h % 4)] for h in range(ahead)], axis=-1) + 0.1
    return mean, np.ones(mean.shape)


BASELINES: Mapping[str, Method] = {"last value": last_value, "recurrency": recurrency, "seasonal": seasonal}


def log_scores(count: Array, mean: Array, size: Array) -> Array:
    """Minus the log probability of each count under its negative binomial."""
    return np.asarray(
        -(
            log_gamma(count + size) - log_gamma(size) - log_gamma(count + 1) + size * np.log(size / (size + mean))
            + count * np.log(mean / (size + mean))
        )
    )  # fmt: skip


def rolled(y: Array, method: Method, origins: Sequence[int], horizon: int) -> Iterator[tuple[Array, Array, Array]]:
    """Count, mean and size of each forecast of one horizon, origin by origin, shapes (N, channels)."""
    for origin in origins:
        if origin + horizon <= y.shape[-1]:
            mean, size = method(y[..., :origin], horizon)
            yield y[..., origin + horizon - 1], mean[..., -1], size[..., -1]


def best_alpha(y: Array, method: Method, design: Design) -> float:
    """The dispersion of a baseline that is best on the earlier part, over all horizons."""
    limit = y[..., : design.later[0]]
    sums = []
    for alpha in ALPHAS:
        parts = [
            log_scores(c, m, np.full_like(m, 1 / alpha)).mean()
            for h in design.horizons
            for c, m, _ in rolled(limit, method, design.earlier, h)
        ]
        sums.append(np.mean(parts))
    return ALPHAS[int(np.argmin(sums))]


def scores(y: Array, design: Design) -> Iterator[Score]:
    """All methods at all horizons on the later part."""
    kept = known(y, design.later[0])
    methods: dict[str, Method] = {"ours": lambda past, ahead: ours.predictive(past, ahead, design.by)}
    for name, method in BASELINES.items():
        if name != "seasonal" or design.by == "week":
            alpha = best_alpha(known(y, design.earlier[0]), method, design)
            methods[name] = spread(method, alpha)
    for horizon in design.horizons:
        by_pair: dict[str, Array] = {}
        for name, method in methods.items():
            parts = list(rolled(kept, method, design.later, horizon))
            each = np.array([ranked(c, m, s) for c, m, s in parts])
            by_pair[name] = each.mean(axis=(0, 2))
            logs = np.mean([log_scores(c, m, s).mean() for c, m, s in parts])
            against = by_pair[name] - by_pair["ours"]
            other = name != "ours"
            yield Score(
                by=design.by, method=name, horizon=horizon, crps=round(float(each.mean()), 4),
                log=round(float(logs), 4), forecasts=each.size,
                better=round(float((against > 0).mean()), 3) if other else None,
                error=round(float(against.std() / np.sqrt(len(against))), 4) if other else None,
            )  # fmt: skip


def spread(method: Method, alpha: float) -> Method:
    """A method with another dispersion."""

    def with_alpha(y: Array, ahead: int) -> tuple[Array, Array]:
        mean, _ = method(y, ahead)
        return mean, np.full_like(mean, 1 / alpha)

    return with_alpha


def ranked(count: Array, mean: Array, size: Array) -> Array:
    """CRPS of each forecast, of the shape of the counts."""
    flat = [ours.probabilities(float(m), float(s)) for m, s in zip(mean.ravel(), size.ravel(), strict=True)]
    return ours.crps(flat, count.ravel().tolist()).reshape(count.shape)


class TypeScore(Record, frozen=True):
    """Next event types of one method: minus the mean log probability of the type that came, and how often the likeliest
    one came."""

    method: str
    log: float
    first: float
    events: int


def type_scores(rows: Sequence[tuple[date, tuple[str, str], str]], begin: date) -> list[TypeScore]:
    """Each event from a day on is foretold by what came on earlier days; rows are day, pair and type, by day."""
    base: dict[str, float] = {}
    pairs: dict[tuple[str, str], dict[str, float]] = {}
    plain: dict[tuple[str, str], dict[str, float]] = {}
    seen: dict[tuple[str, str], date] = {}
    found: dict[str, list[tuple[float, bool]]] = {"ours": [], "shares of the pair": [], "shares of all": []}
    for day, listed in groupby(rows, key=lambda r: r[0]):
        today = list(listed)
        for _, pair, kind in today if day >= begin else ():
            fading = ours.TYPE_FADING ** ((day - seen.get(pair, day)).days / 7)
            own = {t: w * fading for t, w in pairs.get(pair, {}).items()}
            shares = {
                "ours": ours.type_shares(own, base), "shares of the pair": ours.type_shares(plain.get(pair, {}), base),
                "shares of all": ours.type_shares({}, base),
            }  # fmt: skip
            for method, one in shares.items():
                found[method].append((-float(np.log(one.get(kind, 1e-6))), max(one, key=lambda t: one[t]) == kind))
        for _, pair, kind in today:
            own = pairs.setdefault(pair, {})
            fading = ours.TYPE_FADING ** ((day - seen.get(pair, day)).days / 7)
            for t in own:
                own[t] *= fading
            seen[pair] = day
            own[kind] = own.get(kind, 0.0) + 1
            plain.setdefault(pair, {})[kind] = plain.setdefault(pair, {}).get(kind, 0.0) + 1
            base[kind] = base.get(kind, 0.0) + 1
    return [
        TypeScore(
            method=name, log=round(float(np.mean([x for x, _ in r])), 4),
            first=round(float(np.mean([y for _, y in r])), 4), events=len(r),
        )
        for name, r in found.items()
    ]  # fmt: skip


def typed(folder: Path) -> list[tuple[date, tuple[str, str], str]]:
    """Day, pair and type of the events of 2018, by day."""
    events, _ = events_2018(folder)
    columns = [events[c].to_pylist() for c in ("sources", "targets", "type", "date_start")]
    rows = [
        (day, (min(a[0], b[0]), max(a[0], b[0])), kind)
        for a, b, kind, day in zip(*columns, strict=True) if kind
    ]  # fmt: skip
    return sorted(rows, key=lambda r: r[0])


def series_of(folder: Path) -> Iterator[tuple[Design, Array]]:
    """The counts of each design."""
    events, _ = events_2018(folder)
    for design in DESIGNS:
        if design.by == "year":
            yield design, counts(yearly_cube(folder)[0], periods(date(2002, 1, 1), date(2014, 1, 1), "year"))
        else:
            last = date(2018, 10, 28) if design.by == "week" else date(2018, 10, 1)
            yield design, counts(from_table(events, design.by), periods(date(2018, 1, 1), last, design.by))


def fitted(y: Array, design: Design) -> tuple[float, ours.Constants]:
    """The constants that are best on the earlier part, by the log score over all horizons."""
    kept = known(y, design.earlier[0])[..., : design.later[0]]
    found = []
    grid = product((0.1, 0.2, 0.4, 0.6), (0.6, 1.2, 2.5, 5.0), (1.8, 2.5, 3.5, 5.0), (0.0, 0.1, 0.2, 0.4))
    for fast, pull, rough, wider in grid:
        constants = ours.Constants(fast=fast, pull=pull, rough=rough, wider=wider)
        method = with_constants(design.by, constants)
        parts = [
            log_scores(c, m, s).mean() for h in design.horizons for c, m, s in rolled(kept, method, design.earlier, h)
        ]
        found.append((float(np.mean(parts)), constants))
    return min(found, key=lambda x: x[0])


def with_constants(by: By, constants: ours.Constants) -> Method:
    """Our forecast with other constants."""
    return lambda past, ahead: ours.predictive(past, ahead, by, constants)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with data/relations")
    parser.add_argument("--fit", action="store_true", help="print the best constants on the earlier part")
    parser.add_argument("--links", action="store_true", help="add the prediction of links")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    folder = given.shared / "data" / "relations"
    if not folder.is_dir():
        sys.exit(f"{folder} is absent: nothing can be measured")
    found: list[Any] = []
    for design, y in series_of(folder):
        if given.fit:
            print(design.by, *fitted(y, design))
            continue
        began = time.perf_counter()
        found += scores(y, design)
        print(f"{design.by}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    if not given.fit:
        found += type_scores(typed(folder), date(2018, 6, 1))
    if given.links:
        from comity.evaluate.link_score import links

        found += links(folder)
    if given.json:
        print(msgspec.json.encode(found).decode())
        return
    for one in found:
        print(msgspec.json.encode(one).decode())


if __name__ == "__main__":
    main()
