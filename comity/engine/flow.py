"""Daft, loaded when it is asked for: the runner, functions over batches of rows, tables kept between stages."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from comity.errors import NoEngine

QUIET: Final = {
    "DO_NOT_TRACK": "true",
    "SCARF_NO_ANALYTICS": "true",
    "DAFT_PROGRESS_BAR": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
"""Nothing is sent anywhere but between the machines of the cluster."""


def load() -> Any:
    """The module; raises `NoEngine` where it is not installed."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import daft
    except ImportError as error:
        raise NoEngine(
            "the engine daft is not installed", about=str(error), fix="pip install 'comity[cluster]'"
        ) from error
    return daft


def choose_runner(address: str | None) -> None:
    """This machine, or the Ray cluster at an address ("auto": the one that runs here).  Raises `NoEngine`."""
    daft = load()
    kind = "native" if address is None else "ray"
    if (chosen := getattr(_runner(), "name", kind)) != kind:
        raise NoEngine(f"this process uses the runner {chosen} of Daft already", fix="begin a new process")
    if address is None:
        if _runner() is None:
            daft.set_runner_native()
        return
    try:
        import ray

        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False)
    except ImportError as error:
        raise NoEngine("Ray is not installed", about=str(error), fix="pip install 'comity[cluster]'") from error
    except ConnectionError as error:
        raise NoEngine(
            "there is no Ray cluster there", about=address, fix="start it with `ray start --head`, or name its address"
        ) from error
    if _runner() is None:
        daft.set_runner_ray(address=address)


def leave() -> None:
    """Part from the Ray cluster, whose messages would otherwise go on coming to this program's output."""
    import sys

    ray = sys.modules.get("ray")
    if ray is not None and ray.is_initialized():
        ray.shutdown()


def _runner() -> Any | None:
    """The runner that this process has chosen; none can take its place."""
    from daft.daft import get_runner

    return get_runner()


class Flow:
    """Tables of one round, each written to the disk between stages, so that none is worked out twice."""

    def __init__(self, folder: Path, workers: int, spread: bool) -> None:
        self.daft = load()
        self.folder = folder
        self.workers = workers
        self.spread = spread
        self.shards = 4 * workers
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def keep(self, name: str, frame: Any) -> Any | None:
        """A table written to the disk and read again; None where it has no rows."""
        target = self.folder / name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame.write_parquet(str(target), write_mode="overwrite")
        return self.table(name)

    def table(self, name: str) -> Any | None:
        """A table that was kept before."""
        import pyarrow.parquet as pq

        files = sorted((self.folder / name).rglob("*.parquet"))
        full = [str(f) for f in files if pq.read_metadata(f).num_rows]
        return self.daft.read_parquet(full) if full else None

    def apply(self, function: Callable[..., Iterable[Any]], kind: Any, *columns: Any, batch: int | None = None) -> Any:
        """A function over lists of values, one list a column, as an expression; it gives one value a row."""

        def over(*series: Any) -> list[Any]:
            return list(function(*(s.to_pylist() for s in series)))

        return self.daft.func.batch(return_dtype=kind, batch_size=batch)(over)(*columns)

    def of_group(self, function: Callable[..., Iterable[Any]], kind: Any, *columns: Any) -> Any:
        """A function over one whole group; all that it gives becomes one row with a list."""

        def over(*series: Any) -> list[Any]:
            return [list(function(*(s.to_pylist() for s in series)))]

        return self.daft.func.batch(return_dtype=self.daft.DataType.list(kind))(over)(*columns)

    def shard(self, column: str) -> Any:
        """The shard of a row by the hash of a column."""
        return self.daft.col(column).hash() % self.shards

    def evenly(self, frame: Any) -> Any:
        """A table spread over the workers."""
        return frame.repartition(self.shards) if self.spread else frame

    def frame(self, columns: dict[str, Sequence[Any]]) -> Any:
        """A table of the head."""
        return self.daft.from_pydict(columns)


def components(flow: Flow, name: str, edges: Any) -> Any | None:
    """For every node of edges (``a``, ``b``) the smallest one that it hangs together with, as (``a``, ``root``).

    Large and small stars in turn until nothing changes, each a group-by: Kiveris and others, Connected Components in
    MapReduce and Beyond, 2014.  The number of rounds grows with the logarithm of the largest component, squared.
    """
    col = flow.daft.col
    current = flow.keep(f"{name}-0", edges.where(col("a") != col("b")).select("a", "b").distinct())
    number, before = 0, ""
    while current is not None:
        state = _state(current)
        if state == before:
            return current.select(col("a"), col("b").alias("root"))
        before, number = state, number + 1
        current = flow.keep(f"{name}-{number}", _small_star(flow, _large_star(flow, current)))
    return None


def _large_star(flow: Flow, edges: Any) -> Any:
    col = flow.daft.col
    both = edges.select("a", "b").concat(edges.select(col("b").alias("a"), col("a").alias("b")))
    least = both.groupby("a").agg(col("b").min().alias("m"))
    joined = both.join(least, on="a").where(col("b") > col("a"))
    return joined.select(col("b").alias("a"), _first("m", "a").alias("b")).distinct()


def _small_star(flow: Flow, edges: Any) -> Any:
    col = flow.daft.col
    down = edges.select(_last("a", "b").alias("x"), _first("a", "b").alias("y"))
    down = down.select(col("x").alias("a"), col("y").alias("b"))
    least = down.groupby("a").agg(col("b").min().alias("m"))
    joined = down.join(least, on="a")
    around = joined.select(col("b").alias("a"), col("m").alias("b"))
    return around.concat(least.select(col("a"), col("m").alias("b"))).where(col("a") != col("b")).distinct()


def _first(one: str, other: str) -> Any:
    """The smaller value of two columns."""
    daft = load()
    smaller = daft.col(one) < daft.col(other)
    return daft.functions.when(smaller, daft.col(one)).otherwise(daft.col(other))


def _last(one: str, other: str) -> Any:
    """The larger value of two columns."""
    daft = load()
    smaller = daft.col(one) < daft.col(other)
    return daft.functions.when(smaller, daft.col(other)).otherwise(daft.col(one))


def _state(edges: Any) -> str:
    """A mark of a set of edges that changes when they do."""
    daft = load()
    col = daft.col
    told = edges.select((col("a") + "|" + col("b")).hash().alias("h")).select(
        (col("h") % 2_147_483_647).cast(daft.DataType.int64()).alias("h")
    )
    found = told.agg(col("h").sum().alias("s"), col("h").count().alias("n")).to_pydict()
    return f"{found['s'][0]} {found['n'][0]}"
