"""The system of states at a date: the signed network of all pairs, its blocs, its balance, and who moved.

Of two actors with weighted cooperation C and conflict F over the window (what occurred, `comity.relations.weights`)::

    sign      (C - F) / (C + F + K)    K = `PRIOR`: a few events say little, so that they stay near 0
    strength  log(1 + events)          how much there is between them

An edge is positive or negative where |sign| >= `CLEAR`.  Blocs are sought on sign times strength.  A pair moved closer
or apart by the difference of its sign to that of the window of the same length before; its standard error is of
compound Poisson sums (sum of squared weights, times `ROUGH` for overdispersion: McCullagh & Nelder 1989, ch. 9), by the
delta method (Oehlert 1992, American Statistician 46).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.errors import BadPeriod
from comity.model import Record
from comity.relations.balance import Balance, balance
from comity.relations.blocs import blocs
from comity.relations.changes import last_day
from comity.relations.citation import Citation, cite
from comity.relations.cubefile import prepare
from comity.relations.pairfacts import PairFacts
from comity.relations.reasons import heaviness, told

if TYPE_CHECKING:
    from comity.record.store import Store

Array = NDArray[np.float64]
PRIOR = 25.0
"""Weight that stands for "neither good nor bad" beforehand: ten meetings, or three attacks."""
CLEAR = 0.1
ROUGH = 3.0
"""Overdispersion of weighted sums of a year."""
MOVED = 10
SURE = 1.6449
"""Standard deviations from which a move is listed: 90 per cent on either side."""
SHOWN = 3
"""Events named for a move."""


class Edge(Record, frozen=True):
    """Two actors, a < b, in a window: events that occurred, their weights, and what `comity.relations.network` makes
    of them; ``error`` is the standard error of ``sign``."""

    a: str
    b: str
    events: int
    cooperation: float
    conflict: float
    sign: float
    error: float


class Node(Record, frozen=True):
    """An actor: its bloc (0 the largest), ties, and sums over them."""

    code: str
    name: str
    bloc: int
    ties: int
    events: int
    cooperation: float
    conflict: float


class Move(Record, frozen=True):
    """How the sign of a pair changed from the window before to this one, by which events."""

    a: str
    b: str
    names: tuple[str, str]
    before: float
    now: float
    change: float
    deviation: float
    channel: str
    events: tuple[str, ...]
    reason: str


class Network(Record, frozen=True):
    """The network of the months from ``first`` to ``last``."""

    first: date
    last: date
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    balance: Balance
    closer: tuple[Move, ...]
    apart: tuple[Move, ...]
    citation: Citation

    def as_dict(self) -> dict[str, Any]:
        """For JSON; ``blocs`` lists the members of each bloc of more than one actor."""
        members: dict[int, list[str]] = {}
        for node in self.nodes:
            members.setdefault(node.bloc, []).append(node.code)
        plain: dict[str, Any] = msgspec.to_builtins(self)
        plain["citation"] = self.citation.as_dict()
        return plain | {"blocs": [{"bloc": n, "members": m} for n, m in sorted(members.items()) if len(m) > 1]}


def window(at: date, months: int) -> tuple[date, date]:
    """The first days of the first and of the last of so many months that end with the one of a day.

    Raises `BadPeriod`.
    """
    if not 1 <= months <= 1200:
        raise BadPeriod(f"{months} months are no window", fix="give 1 to 1200 months")
    number = at.year * 12 + at.month - 1
    first = number - months + 1
    return date(max(first // 12, 1), first % 12 + 1, 1), date(number // 12, number % 12 + 1, 1)


def edges(store: Store, at: date, months: int = 12, least: int = 1) -> list[Edge]:
    """All pairs with at least so many events in the months that end with the one of a day, by code."""
    prepare(store)
    first, last = window(at, months)
    found = store.query(
        """
        select a, b, sum(events)::bigint as events, sum(weight) filter (channel = 'cooperation') as c,
            sum(weight) filter (channel = 'conflict') as f, sum(weight2) filter (channel = 'cooperation') as c2,
            sum(weight2) filter (channel = 'conflict') as f2
        from rel_months where month between ? and ? and status = 'occurred'
        group by a, b having sum(events) >= ? order by a, b
        """,
        [first, last, max(1, least)],
    )
    c, f, c2, f2 = (np.nan_to_num(found[x].to_numpy().astype(float)) for x in ("c", "f", "c2", "f2"))
    signs, errors = signed(c, f, c2, f2)
    columns = (found["a"].to_pylist(), found["b"].to_pylist(), found["events"].to_pylist(), c, f, signs, errors)
    return [
        Edge(
            a=a, b=b, events=int(n), cooperation=round(float(x), 3), conflict=round(float(y), 3),
            sign=round(float(s), 4), error=round(float(e), 4),
        )
        for a, b, n, x, y, s, e in zip(*columns, strict=True)
    ]  # fmt: skip


def signed(c: Array, f: Array, c2: Array, f2: Array) -> tuple[Array, Array]:
    """Sign of each pair, and its standard error: its slopes are (2 F + K) / total^2 in C, -(2 C + K) / total^2 in F."""
    total = c + f + PRIOR
    error = np.sqrt(ROUGH * ((2 * f + PRIOR) ** 2 * c2 + (2 * c + PRIOR) ** 2 * f2)) / total**2
    return (c - f) / total, error


def matrices(codes: Sequence[str], listed: Sequence[Edge]) -> tuple[Array, Array]:
    """Sign times strength, and the clear signs (1, -1, 0), of all pairs of actors, both symmetric (n, n)."""
    at = {code: n for n, code in enumerate(codes)}
    weights = np.zeros((len(codes), len(codes)))
    signs = np.zeros_like(weights)
    for one in listed:
        i, j = at[one.a], at[one.b]
        weights[i, j] = weights[j, i] = one.sign * np.log1p(one.events)
        signs[i, j] = signs[j, i] = np.sign(one.sign) if abs(one.sign) >= CLEAR else 0.0
    return weights, signs


def network(
    store: Store, at: date | None = None, months: int = 12, least: int = 2, moves: int = MOVED
) -> Network | None:
    """The network at a day (that of the newest news), over the months before it; None where nothing is dated.

    ``least`` events make an edge.  Raises `BadPeriod`.
    """
    at = at or last_day(store)
    if at is None:
        return None
    first, last = window(at, months)
    listed = edges(store, at, months, least)
    codes = sorted({c for e in listed for c in (e.a, e.b)})
    weights, signs = matrices(codes, listed)
    labels = blocs(np.maximum(weights, 0), np.maximum(-weights, 0)) if codes else np.zeros(0, dtype=np.int64)
    closer, apart = moved(store, at, months, listed, moves)
    return Network(
        first=first, last=last, nodes=nodes(store, codes, labels, listed), edges=tuple(listed), balance=balance(signs),
        closer=closer, apart=apart,
        citation=cite(store, {"network of all pairs": f"{first:%Y-%m} to {last:%Y-%m}", "least events": least}),
    )  # fmt: skip


def adversaries(
    store: Store, a: str, b: str, at: date | None = None, months: int = 12, limit: int = 10
) -> tuple[dict[str, Any], ...]:  # fmt: skip
    """Third actors against whom both of a pair acted in the window, each with the heaviest events of either.

    Evidence, not a measure: having adversaries in common was found to say little of how two stand (rho = 0.08).
    ``a`` and ``b`` are codes.
    """
    at = at or last_day(store)
    if at is None:
        return ()
    prepare(store)
    first, last = window(at, months)
    found = store.query(
        """
        with acts as (
            select case when direction = 'b' then b else a end as who,
                case when direction = 'b' then a else b end as whom, event, day, type, weight * ln(1 + reports) as heavy
            from rel_facts where channel = 'conflict' and status = 'occurred' and span < 31 and direction <> 'both'
                and day >= ? and day < ? + interval 1 month and (a in (?, ?) or b in (?, ?)))
        select whom as code, count(*) filter (who = ?) as of_a, count(*) filter (who = ?) as of_b,
            max_by(event, heavy, 3) filter (who = ?) as events_a, max_by(event, heavy, 3) filter (who = ?) as events_b
        from acts where who in (?, ?) and whom not in (?, ?) group by whom having of_a > 0 and of_b > 0
        order by least(of_a, of_b) desc, whom limit ?
        """,
        [first, last, a, b, a, b, a, b, a, b, a, b, a, b, limit],
    ).to_pylist()
    return tuple({**row, "name": store.names.name(row["code"])} for row in found)


def nodes(store: Store, codes: Sequence[str], labels: Any, listed: Sequence[Edge]) -> tuple[Node, ...]:
    """The actors with sums over their edges."""
    sums = {code: [0.0, 0.0, 0.0, 0.0] for code in codes}
    for one in listed:
        for code in (one.a, one.b):
            for n, value in enumerate((1, one.events, one.cooperation, one.conflict)):
                sums[code][n] += value
    return tuple(
        Node(
            code=code, name=store.names.name(code), bloc=int(labels[n]), ties=int(sums[code][0]),
            events=int(sums[code][1]), cooperation=round(sums[code][2], 3), conflict=round(sums[code][3], 3),
        )
        for n, code in enumerate(codes)
    )  # fmt: skip


def moved(
    store: Store, at: date, months: int, now: Sequence[Edge], limit: int
) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """The pairs that moved most surely closer and apart since the window before."""
    first, _ = window(at, months)
    before = {(e.a, e.b): e for e in edges(store, first - timedelta(days=1), months)}
    if not before:
        return (), ()
    blank = Edge(a="", b="", events=0, cooperation=0.0, conflict=0.0, sign=0.0, error=0.0)
    scored = []
    for one in now:
        old = before.get((one.a, one.b), blank)
        error = float(np.hypot(one.error, old.error))
        if error > 0 and abs(one.sign - old.sign) >= SURE * error:
            scored.append(((one.sign - old.sign) / error, one, old))
    scored.sort(key=lambda s: (-abs(s[0]), s[1].a, s[1].b))
    up = [s for s in scored if s[0] > 0][:limit]
    down = [s for s in scored if s[0] < 0][:limit]
    closer, apart = (tuple(move(store, at, months, *s) for s in part) for part in (up, down))
    return closer, apart


def move(store: Store, at: date, months: int, deviation: float, now: Edge, old: Edge) -> Move:
    """One move with the heaviest events of the channel that made it."""
    first, last = window(at, months)
    up = deviation > 0
    grown = now.cooperation - old.cooperation if up else now.conflict - old.conflict
    channel = "cooperation" if up == (grown > 0) else "conflict"
    rows = PairFacts(store, now.a, now.b).near(first, (last + timedelta(days=31)).replace(day=1), "month")
    rows = sorted((r for r in rows if r["channel"] == channel), key=lambda r: (-heaviness(r), r["date_start"], r["id"]))
    was = f"{channel} went from {getattr(old, channel):.3g} to {getattr(now, channel):.3g}"
    shown = "; ".join(told(r, store.names.name) for r in rows[:SHOWN])
    return Move(
        a=now.a, b=now.b, names=(store.names.name(now.a), store.names.name(now.b)), before=old.sign, now=now.sign,
        change=round(now.sign - old.sign, 4), deviation=round(deviation, 2), channel=channel,
        events=tuple(r["id"] for r in rows[:SHOWN]), reason=was + (f": {shown}" if shown and grown > 0 else "") + ".",
    )  # fmt: skip
