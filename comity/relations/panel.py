"""Series of many pairs at once: what `comity.relations.series` makes for one pair, as arrays over N pairs.

The same definitions hold (effective events, exposure, elasticity); a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from comity.model import Record
from comity.relations.cube import By, periods
from comity.relations.cubefile import prepare
from comity.relations.facts import inside
from comity.relations.series import ELASTICITY, PSEUDO, SHARE
from comity.relations.weights import CHANNELS

if TYPE_CHECKING:
    from comity.record.store import Store

Array = NDArray[np.float64]
CHUNK = 2_000
"""Pairs that are held as dense arrays at a time."""


class Panel(Record, frozen=True):
    """Occurred events of N pairs over T periods that begin on ``starts``.

    ``events`` and ``weighted`` have shape (N, channels, T), ``scale`` (N, channels), ``exposure`` (N, T).
    """

    pairs: tuple[tuple[str, str], ...]
    by: By
    starts: tuple[date, ...]
    events: Any
    weighted: Any
    scale: Any
    exposure: Any

    def effective(self) -> Array:
        """Weighted counts in effective events, shape (N, channels, T)."""
        return np.asarray(self.weighted / self.scale[:, :, None])

    def news(self) -> Array:
        """The exposure that each channel is seen through, 1 on average, shape (N, channels, T)."""
        powers = np.array([ELASTICITY[self.by][c] for c in CHANNELS])[None, :, None]
        found = self.exposure[:, None, :] ** powers
        return np.asarray(found / found.mean(axis=2, keepdims=True))


class Cells(Record, frozen=True):
    """Sums by pair, channel and period, as columns, and the volumes by actor and period."""

    pairs: tuple[tuple[str, str], ...]
    pair: Any
    channel: Any
    period: Any
    events: Any
    weight: Any
    weight2: Any
    actors: dict[str, Array]


def calendar(store: Store, by: By, since: date | None = None, until: date | None = None) -> tuple[date, ...]:
    """The periods of a record: from its first to its last dated event that occurred, or from and to the days given."""
    prepare(store)
    first, last = store.query(
        "select min(day) as first, max(day) as last from rel_volumes where actor = '' and span <= ?", [inside(by)]
    ).to_pylist()[0].values()  # fmt: skip
    first, last = since or first, until or last
    return tuple(periods(first, last, by)) if first and last and first <= last else ()


def by_period(store: Store, by: By, starts: Sequence[date]) -> Iterator[Panel]:
    """All pairs of a record, in chunks."""
    if not starts:
        return
    at = f"date_trunc('{by}', day)::date"
    number = {
        "week": f"(({at} - date '{starts[0]}') // 7)", "month": f"date_diff('month', date '{starts[0]}', {at})",
        "year": f"(year(day) - {starts[0].year})",
    }[by]  # fmt: skip
    end = f"day >= date '{starts[0]}' and {number} < {len(starts)}"
    source = "rel_months" if by == "month" else "rel_facts"
    found = cells(store, number, end, inside(by), source)
    yield from panels(found, by, tuple(starts))


def by_days(store: Store, until: date, days: int, windows: int, by: By) -> Iterator[Panel]:
    """All pairs of a record over windows of so many days, the last of which ends with ``until``; oldest first.

    ``by`` is the kind of period that the windows are nearest to.
    """
    first = until - timedelta(days=days * windows - 1)
    number = f"((day - date '{first}') // {days})"
    where = f"day >= date '{first}' and day <= date '{until}'"
    starts = tuple(first + timedelta(days=days * n) for n in range(windows))
    yield from panels(cells(store, number, where, days, "rel_facts"), by, starts)


def cells(store: Store, number: str, where: str, span: int, source: str) -> Cells:
    """The sums of all pairs by the number of a period (an SQL expression of ``day``)."""
    prepare(store)
    if source == "rel_months":
        inner = "select a, b, channel, month as day, events, weight, weight2 from rel_months where status = 'occurred'"
        sums = "sum(events)::bigint as events, sum(weight) as weight, sum(weight2) as weight2"
    else:
        inner = f"select a, b, channel, day, weight from rel_facts where status = 'occurred' and span < {span}"
        sums = "count(*) as events, sum(weight) as weight, sum(weight ** 2) as weight2"
    sums = f"select a, b, channel, {number}::integer as period, {sums} from ({inner}) where {where} group by all"
    found = store.query(sums)
    volumes = store.query(
        f"select actor, {number}::integer as period, sum(events)::bigint as events from rel_volumes "
        f"where span <= {max(7, span)} and {where} group by all"
    )
    low, high = (found[c].combine_chunks().dictionary_encode() for c in ("a", "b"))
    low, high = (c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in (low, high))
    keys = low.indices.to_numpy().astype(np.int64) * (len(high.dictionary) + 1) + high.indices.to_numpy()
    unique, pair = np.unique(keys, return_inverse=True)
    names_low, names_high = low.dictionary.to_pylist(), high.dictionary.to_pylist()
    pairs = tuple((names_low[k // (len(names_high) + 1)], names_high[k % (len(names_high) + 1)]) for k in unique)
    return Cells(
        pairs=pairs, pair=pair, channel=channels_of(found), period=found["period"].to_numpy(),
        events=found["events"].to_numpy(), weight=found["weight"].to_numpy(), weight2=found["weight2"].to_numpy(),
        actors=by_actor(volumes),
    )  # fmt: skip


def channels_of(found: pa.Table) -> NDArray[np.int64]:
    """The number of the channel of each row."""
    return np.asarray(pc.equal(found["channel"], CHANNELS[1]).to_numpy(zero_copy_only=False).astype(np.int64))


def by_actor(volumes: pa.Table) -> dict[str, Array]:
    """Volumes of each actor by period, as long as its last period."""
    found: dict[str, dict[int, float]] = {}
    for actor, period, events in zip(*(volumes[c].to_pylist() for c in ("actor", "period", "events")), strict=True):
        found.setdefault(actor, {})[period] = float(events)
    made = {}
    for actor, counts in found.items():
        row = np.zeros(max(counts) + 1)
        row[list(counts)] = list(counts.values())
        made[actor] = row
    return made


def panels(found: Cells, by: By, starts: tuple[date, ...]) -> Iterator[Panel]:
    """Dense arrays, a chunk of pairs at a time."""
    order = np.argsort(found.pair, kind="stable")
    sorted_pairs = found.pair[order]
    volumes = {actor: fitted(row, len(starts)) for actor, row in found.actors.items()}
    for begin in range(0, len(found.pairs), CHUNK):
        end = min(begin + CHUNK, len(found.pairs))
        rows = order[np.searchsorted(sorted_pairs, begin) : np.searchsorted(sorted_pairs, end)]
        at = (found.pair[rows] - begin, found.channel[rows], found.period[rows])
        shape = (end - begin, len(CHANNELS), len(starts))
        events, weight = np.zeros(shape), np.zeros(shape)
        np.add.at(events, at, found.events[rows])
        np.add.at(weight, at, found.weight[rows])
        squares = np.zeros(shape[:2])
        np.add.at(squares, at[:2], found.weight2[rows])
        total = weight.sum(axis=2)
        pairs = found.pairs[begin:end]
        yield Panel(
            pairs=pairs, by=by, starts=starts, events=events, weighted=weight,
            scale=np.where(total > 0, squares / np.maximum(total, 1e-9), 1.0),
            exposure=exposures(pairs, events.sum(axis=1), volumes, len(starts)),
        )  # fmt: skip


def fitted(row: Array, number: int) -> Array:
    """A row cut or filled with zeros to so many periods."""
    made = np.zeros(number)
    made[: min(len(row), number)] = row[:number]
    return made


def exposures(pairs: Sequence[tuple[str, str]], own: Array, volumes: dict[str, Array], number: int) -> Array:
    """`comity.relations.series.exposure` of many pairs, shape (N, T)."""
    nothing = np.zeros(number)
    world = np.maximum(volumes.get("", nothing) - own, 0) + PSEUDO
    world /= world.mean(axis=1, keepdims=True)
    total = world.copy()
    for side in (0, 1):
        volume = np.array([volumes.get(pair[side], nothing) for pair in pairs]).reshape(len(pairs), number)
        others = np.maximum(volume - own, 0)
        total *= ((others + PSEUDO) / (others.mean(axis=1, keepdims=True) * world + PSEUDO)) ** SHARE
    return np.asarray(total / total.mean(axis=1, keepdims=True))
