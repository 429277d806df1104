"""How well key moments are found: known turning points, and simulated series with known changes.

Run ``python -m comity.evaluate.relations_score [--shared DIR]``.  Parts, each beside its baselines:

yearly      the points of ``turning-points-yearly.csv`` among each pair's two largest changes, with the right sign
own         the same for our own points of ``gold/relations``, written before their series were seen, as far as the
            data hold their pairs: ``dev``, and ``test``, of which single points are not told
2018        the points of ``points2018.csv`` among each pair's five largest changes of weekly series, sign right,
            the week of the change inside the days of the point
simulated   false alarms in series without a change, and delay of detection after one

The baselines see the net Goldstein series of the pair.  Chance draws the same number of periods and signs at random.
"Pair left out" sets fading and the power of the exposure for each pair by the hits of all others, over `SWEEP`: what
tuning on such points gives for pairs that were not seen; the worst and best of the sweep are printed beside it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from comity.evaluate.change_baselines import DETECTORS
from comity.exchange.codes import Codes
from comity.model import Record
from comity.relations import Cube, Series, from_table, lines, moments, series
from comity.relations.jumps import HAZARD
from comity.relations.moments import WINDOW, onset, ranked
from comity.relations.surprise import SPANS, Surprise, surprise
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
OURS = "two channels, surprise"
LEFT_OUT = "the same, pair left out"
YEARS = "icews-dyad-years-2002-2014.parquet"
EVENTS = "icews18-events.parquet"
QUADS = {
    "verbCoop": ("cooperation", "CONSULT", 2.5, 3.0), "matlCoop": ("cooperation", "COOPERATE", 9.5, 7.0),
    "verbConf": ("conflict", "ACCUSE", 3.0, -4.0), "matlConf": ("conflict", "COERCE", 7.0, -8.0),
}  # fmt: skip
"""Channel, a type that stands for the quad, its weight, and a middling Goldstein score of the quad's CAMEO roots."""
SEED = 5
AT = 52
"""The week of a simulated change."""


class Point(Record, frozen=True):
    """A known change: of which pair, in which days, to which sign."""

    a: str
    b: str
    first: date
    last: date
    sign: str
    what: str


class Found(Record, frozen=True):
    """Hits of one method in one set."""

    set: str
    method: str
    hits: float
    points: int
    missed: tuple[str, ...] = ()


def yearly_points(folder: Path) -> list[Point]:
    """The yearly points of a folder."""
    with (folder / "turning-points-yearly.csv").open(encoding="utf-8") as file:
        return [
            Point(
                a=r["a"], b=r["b"], first=date(int(r["date"]), 1, 1), last=date(int(r["date"]), 12, 31),
                sign=r["direction"], what=r["what happened"],
            )
            for r in csv.DictReader(file)
        ]  # fmt: skip


def points_2018() -> list[Point]:
    """Our own points of 2018."""
    with files("comity.evaluate").joinpath("points2018.csv").open(encoding="utf-8") as file:
        return [
            Point(
                a=r["a"], b=r["b"], first=date.fromisoformat(r["first"]), last=date.fromisoformat(r["last"]),
                sign=r["sign"], what=r["what happened"],
            )
            for r in csv.DictReader(file)
        ]  # fmt: skip


def yearly_cube(folder: Path) -> tuple[Cube, Mapping[tuple[str, str], Array]]:
    """The cube of the counts by year, and the net Goldstein series of each pair."""
    found = pq.read_table(folder / YEARS).to_pydict()
    rows: list[dict[str, Any]] = []
    net: dict[tuple[str, str], Array] = {}
    volume: dict[tuple[date, str], int] = {}
    for n, (a, b, year) in enumerate(zip(found["a"], found["b"], found["year"], strict=True)):
        start = date(int(year), 1, 1)
        for quad, (channel, kind, weight, goldstein) in QUADS.items():
            count = found[quad][n]
            if not count:
                continue
            rows.append(
                {"a": a, "b": b, "direction": "both", "period": start, "channel": channel, "type": kind,
                 "status": "occurred", "events": int(count), "weight": weight * count, "weight2": weight**2 * count,
                 "documents": 0, "imported": int(count)}
            )  # fmt: skip
            net.setdefault((a, b), np.zeros(13))[int(year) - 2002] += goldstein * count
            for actor in ("", a, b):
                volume[start, actor] = volume.get((start, actor), 0) + int(count)
    volumes = [{"period": day, "actor": actor, "events": n} for (day, actor), n in volume.items()]
    return Cube(by="year", counts=pa.Table.from_pylist(rows), volumes=pa.Table.from_pylist(volumes)), net


def events_2018(folder: Path) -> tuple[pa.Table, Array]:
    """The events of 2018 between two states, typed by the names of their acts, and the Goldstein score of each."""
    found = pq.read_table(folder / EVENTS, columns=["date", "rn", "a", "b"]).to_pydict()
    codes = Codes()
    acts = {name: codes.act(name) for name in set(found["rn"])}
    rows, scores = [], []
    for day, name, a, b in zip(found["date"], found["rn"], found["a"], found["b"], strict=True):
        act = acts[name]
        if act is None or not a or not b or a == b:
            continue
        known = codes.cameo.get(act.cameo or "")
        rows.append({"sources": [a], "targets": [b], "type": act.type, "mode": act.mode, "date_start": day.date()})
        scores.append((known.goldstein if known else None) or 0.0)
    return pa.Table.from_pylist(rows), np.array(scores)


def inside(start: date, end: date, point: Point) -> bool:
    """Whether a period touches the days of a point."""
    return start <= point.last and end >= point.first


def hit(point: Point, changes: Sequence[tuple[date, date, str]]) -> bool:
    """Whether one of the changes (first day, last day, sign) is the point."""
    return any(sign == point.sign and inside(start, end, point) for start, end, sign in changes)


def ours(found: Series, limit: int, days: int) -> list[tuple[date, date, str]]:
    """Our largest changes of a pair; a gradual one counts at the period of its beginning."""
    listed = moments(found, lines(found), limit)
    return [(m.at, m.at + timedelta(days=days - 1), m.sign) for m in listed]


def theirs(name: str, net: Array, starts: Sequence[date], limit: int, days: int) -> list[tuple[date, date, str]]:
    """The largest changes that a baseline sees in the net series."""
    score, change = DETECTORS[name](net)
    best = [int(t) for t in np.argsort(-score, kind="stable")[:limit] if score[t] > 0]
    return [(starts[t], starts[t] + timedelta(days=days - 1), "+" if change[t] > 0 else "-") for t in best]


def chance(points: Sequence[Point], starts: Sequence[date], limit: int, days: int) -> float:
    """Expected hits of so many different periods drawn at random, each with a sign drawn at random."""
    total = 0.0
    for point in points:
        good = sum(inside(s, s + timedelta(days=days - 1), point) for s in starts[1:])
        missed = 1.0
        for drawn in range(min(limit, len(starts) - 1)):
            missed *= 1 - good / (len(starts) - 1 - drawn) / 2 if good else 1.0
        total += 1 - missed
    return total


def compare(
    name: str, points: Sequence[Point], pairs: Mapping[tuple[str, str], tuple[Series, Array]], limit: int, days: int
) -> Iterator[Found]:
    """All methods on the points of pairs that the data hold."""
    held = [p for p in points if tuple(sorted((p.a, p.b))) in pairs]
    changes: dict[str, dict[tuple[str, str], list[tuple[date, date, str]]]] = {m: {} for m in (OURS, *DETECTORS)}
    for pair in {key(p) for p in held}:
        found, net = pairs[pair]
        changes[OURS][pair] = ours(found, limit, days)
        for method in DETECTORS:
            changes[method][pair] = theirs(method, net, found.starts, limit, days)
    for method, by_pair in changes.items():
        yield Found(
            set=name, method=method, points=len(points), hits=sum(hit(p, by_pair[key(p)]) for p in held),
            missed=tuple(f"{p.a}-{p.b} {p.first}" for p in held if not hit(p, by_pair[key(p)])),
        )  # fmt: skip
    yield from left_out(name, held, len(points), {p: found for p, (found, _) in pairs.items()}, limit, days)
    starts = next(iter(pairs.values()))[0].starts
    yield Found(set=name, method="chance", hits=round(chance(held, starts, limit, days), 1), points=len(points))


def key(point: Point) -> tuple[str, str]:
    """The pair of a point, in order."""
    return min(point.a, point.b), max(point.a, point.b)


SWEEP = tuple((fading, power) for fading in (0.8, 0.9, 0.95, 1.0) for power in (0.0, 0.33, 0.5, 0.67, 1.0))
"""Fading of the past and power of the exposure that are tried."""


def left_out(
    name: str, held: Sequence[Point], all_of: int, pairs: Mapping[tuple[str, str], Series], limit: int, days: int
) -> Iterator[Found]:
    """Hits where each pair is judged with the constants that do best on the other pairs; worst and best constants."""
    every = {key(p) for p in held}
    hits = np.zeros((len(SWEEP), len(held)))
    for n, (fading, power) in enumerate(SWEEP):
        changes = {p: tried(pairs[p], fading, power, limit, days) for p in every}
        hits[n] = [hit(p, changes[key(p)]) for p in held]
    total = 0.0
    for pair in every:
        inside_pair = np.array([key(p) == pair for p in held])
        total += hits[int(hits[:, ~inside_pair].sum(axis=1).argmax())][inside_pair].sum()
    for method, found in ((LEFT_OUT, total), ("worst of the sweep", hits.sum(1).min()), ("best", hits.sum(1).max())):
        yield Found(set=name, method=method, hits=float(found), points=all_of)


def tried(found: Series, fading: float, power: float, limit: int, days: int) -> list[tuple[date, date, str]]:
    """Our largest changes with other constants."""
    news = np.asarray(found.exposure) ** power
    news = news / news.mean()
    scans = {c: surprise(found.effective(c), news, HAZARD[found.by], SPANS[found.by], fading=fading) for c in CHANNELS}
    listed = []
    for t, c in islice(ranked(scans, WINDOW[found.by]), limit):
        sign = "+" if (scans[c].change[t] > 0) == (c == CHANNELS[0]) else "-"
        first = found.starts[onset(scans[c], t, WINDOW[found.by])]
        listed.append((first, first + timedelta(days=days - 1), sign))
    return listed


def yearly(folder: Path, gold: Path) -> Iterator[Found]:
    """The shared yearly points, and our own as far as the data hold their pairs."""
    cube, net = yearly_cube(folder)
    sets = {"yearly": yearly_points(folder)}
    for part in ("dev", "test"):
        if (gold / "relations" / part).is_dir():
            sets[f"own {part}"] = [p for p in yearly_points(gold / "relations" / part) if key(p) in net]
    for name, points in sets.items():
        pairs = {key(p) for p in points}
        kept = {p: (pair_series(cube, p, date(2002, 1, 1), date(2014, 12, 31)), net[p]) for p in pairs if p in net}
        for found in compare(name, points, kept, 2, 365):
            yield msgspec.structs.replace(found, missed=()) if name == "own test" else found


def pair_series(cube: Cube, pair: tuple[str, str], since: date, until: date) -> Series:
    """The series of one pair, from the rows of that pair alone."""
    import pyarrow.compute as pc

    mask = pc.and_(pc.equal(cube.counts["a"], pair[0]), pc.equal(cube.counts["b"], pair[1]))
    actors = pc.is_in(cube.volumes["actor"], pa.array(["", *pair]))
    part = Cube(by=cube.by, counts=cube.counts.filter(mask), volumes=cube.volumes.filter(actors))
    return series(part, *pair, since=since, until=until)


def weekly(folder: Path) -> Iterator[Found]:
    """Our own points of 2018 in weekly series, whole weeks only."""
    events, scores = events_2018(folder)
    cube = from_table(events, "week")
    points = points_2018()
    since, until = date(2018, 1, 1), date(2018, 10, 28)
    nets: dict[tuple[str, str], Array] = {}
    for a, b, day, score in zip(
        events["sources"].to_pylist(), events["targets"].to_pylist(), events["date_start"].to_pylist(), scores,
        strict=True,
    ):  # fmt: skip
        if day <= until:
            pair = (min(a[0], b[0]), max(a[0], b[0]))
            nets.setdefault(pair, np.zeros(43))[(day - since).days // 7] += score
    wanted = {key(p) for p in points}
    kept = {p: (pair_series(cube, p, since, until), nets[p]) for p in wanted if p in nets}
    yield from compare("2018", points, kept, 5, 7)


def simulate(
    random: np.random.Generator, periods: int, rate: float, alpha: float, factor: float = 1.0, at: int | None = None
) -> Array:
    """Negative-binomial counts of one channel, whose rate is multiplied by ``factor`` from period ``at``."""
    rates = np.full(periods, rate)
    if at is not None:
        rates[at:] *= factor
    shape = 1 / alpha
    return random.poisson(random.gamma(shape, rates / shape)).astype(float)


class Simulated(Record, frozen=True):
    """Series of 104 weeks. ``false_alarms`` in a series without a change: periods of probability 0.5 or more, and
    ``false_strong`` of 0.9 or more, looking back; ``false_now`` at once. For a change of ``factor`` after 52 weeks
    that stays (or, ``burst``, is over after one): share ``found`` looking back, with probability 0.5 or more and
    the right direction within two weeks (a burst: in its week); share ``found_now`` within eight weeks knowing
    nothing later, and the median ``delay`` in weeks where it is (0 is the same week); and, of a change that stays, the
    median of the weeks ``after`` it from which it is found looking back (None where half are not within a year)."""

    rate: float
    alpha: float
    factor: float
    burst: bool
    false_alarms: float
    false_strong: float
    false_now: float
    found: float
    found_now: float
    delay: float
    after: float | None = None


def simulated(series_each: int = 60) -> Iterator[Simulated]:
    """False-alarm rate and delay on simulated series."""
    random = np.random.default_rng(SEED)
    for rate, alpha in ((2.0, 0.12), (10.0, 0.12), (10.0, 0.4)):
        quiet = scanned([simulate(random, 104, rate, alpha) for _ in range(series_each)])
        alarms, strong = ((quiet.probability >= p).sum(axis=1).mean() for p in (0.5, 0.9))
        for factor, burst in ((2.0, False), (4.0, False), (0.25, False), (0.0, False), (4.0, True)):
            made = [simulate(random, 104, rate, alpha, factor, AT) for _ in range(series_each)]
            if burst:
                made = [np.concatenate([m[: AT + 1], simulate(random, 103 - AT, rate, alpha)]) for m in made]
            found = scanned(made)
            right = (found.probability >= 0.5) & ((found.change > 0) == (factor > 1))
            near = right[:, AT : AT + 1] if burst else right[:, AT - 2 : AT + 3]
            delays = [d for d in delay(found, factor, 1 if burst else 8) if d is not None]
            yield Simulated(
                rate=rate, alpha=alpha, factor=factor, burst=burst, false_alarms=round(float(alarms), 3),
                false_strong=round(float(strong), 3), false_now=round(float((quiet.now >= 0.5).sum(1).mean()), 3),
                found=round(float(near.any(axis=1).mean()), 3), found_now=round(len(delays) / series_each, 3),
                delay=float(np.median(delays)) if delays else float("nan"),
                after=None if burst else looking_back(np.array(made), factor),
            )  # fmt: skip


def looking_back(made: Array, factor: float) -> float | None:
    """The median of the weeks after a change from which the series so far tells it; None above 52."""
    weeks = np.full(len(made), np.inf)
    for after in range(1, 53):
        found = scanned(list(made[:, : AT + after]))
        right = (found.probability >= 0.5) & ((found.change > 0) == (factor > 1))
        told = right[:, AT - 2 : AT + 3].any(axis=1)
        weeks[told & np.isinf(weeks)] = after
    middle = float(np.median(weeks))
    return middle if np.isfinite(middle) else None


def scanned(series: Sequence[Array]) -> Surprise:
    """The scan of several series at exposure 1."""
    counts = np.array(series)
    return surprise(counts, np.ones_like(counts), HAZARD["week"], SPANS["week"])


def delay(found: Surprise, factor: float, within: int) -> Iterator[int | None]:
    """Periods from a change until it is told at once, in each series: None where it is not within so many."""
    higher = np.log(found.seen + 0.5) > np.log(found.expected + 0.5)
    right = (found.now >= 0.5) & (higher == (factor > 1))
    for row in right[:, AT : AT + within]:
        yield int(row.argmax()) if row.any() else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Print all parts, a line each, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with data/relations")
    parser.add_argument("--gold", type=Path, default=Path("gold"), help="folder with relations/dev and /test")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--series", type=int, default=60, help="simulated series of each kind")
    given = parser.parse_args(arguments)
    folder = given.shared / "data" / "relations"
    found: list[Any] = []
    if folder.is_dir():
        found += [*yearly(folder, given.gold), *weekly(folder)]
    else:
        print(f"{folder} is absent: only simulated series are measured", file=sys.stderr)
    sims = list(simulated(given.series))
    if given.json:
        print(msgspec.json.encode({"points": found, "simulated": sims}).decode())
        return
    for f in found:
        missed = f"missed {', '.join(f.missed)}" if f.method == OURS else ""
        print(f"{f.set:<8} {f.method:<24} {f.hits:>5} of {f.points}  {missed}")
    for s in sims:
        print(msgspec.json.encode(s).decode())


if __name__ == "__main__":
    main()
