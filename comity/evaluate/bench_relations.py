"""What relations cost on a large record: the ICEWS events of 2018, grown with shuffled dates and actors.

    python -m comity.evaluate.bench_relations [--events 50000000] [--shared DIR] [--keep FOLDER] [--json]

Every copy of the events gets days drawn from twenty years and its actors exchanged among one another, so that pairs
stay as unequal as they are.  Writing the record, making the index, making the cube, answering, and adding 1,000
documents run in processes of their own, so that the peak memory of each is its own.  Answers are asked several times;
the median is printed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from comity.evaluate.apart import apart, peak_mb, print_figures
from comity.evaluate.bench_record import TYPES, StubFactory, articles
from comity.exchange.codes import Codes
from comity.record.store import Store, open_record

STEP = 2_500_000
"""Events of one commit: enough that their files are not united."""
FIRST, DAYS = date(2005, 1, 1), 7305
TIMES = 7
PAIRS = (("RUS", "USA"), ("CHN", "IND"), ("FRA", "DEU"), ("ISR", "IRN"), ("TUR", "SYR"), ("BRA", "ARG"), ("MLI", "NER"))


def seed(folder: Path) -> tuple[pa.Array, pa.Array, dict[str, Any]]:
    """Codes of actors, types, and for each usable ICEWS event the numbers of its source, target and type.

    Without that file: 300,000 made-up ones among 200 actors, so that a few pairs have much (Zipf's law).
    """
    if not (folder / "icews18-events.parquet").exists():
        return made_seed()
    found = pq.read_table(folder / "icews18-events.parquet", columns=["rn", "a", "b"]).to_pydict()
    codes = Codes()
    acts = {name: codes.act(name) for name in set(found["rn"])}
    rows = [
        (a, b, act.type)
        for name, a, b in zip(found["rn"], found["a"], found["b"], strict=True)
        if (act := acts[name]) is not None and act.type and a and b and a != b
    ]
    actors = sorted({x for a, b, _ in rows for x in (a, b)})
    types = sorted({t for *_, t in rows})
    at, kind = {c: n for n, c in enumerate(actors)}, {t: n for n, t in enumerate(types)}
    numbers = {
        "source": np.array([at[a] for a, _, _ in rows]), "target": np.array([at[b] for _, b, _ in rows]),
        "type": np.array([kind[t] for *_, t in rows]),
    }  # fmt: skip
    return pa.array(actors), pa.array(types), numbers


def made_seed(events: int = 300_000) -> tuple[pa.Array, pa.Array, dict[str, Any]]:
    """Actors, types and numbers as `seed` gives them, made up."""
    draw = np.random.default_rng(5)
    others = [f"X{a}{b}" for a in "ABCDEFGHIJKLMNOP" for b in "QRSTUVWXYZ"]
    actors = [*dict.fromkeys(code for pair in PAIRS for code in pair), *others]
    weights = 1 / np.arange(1, len(actors) + 1)
    source, target = (draw.choice(len(actors), events, p=weights / weights.sum()) for _ in range(2))
    target = np.where(source == target, (target + 1) % len(actors), target)
    numbers = {"source": source, "target": target, "type": draw.integers(0, len(TYPES), events)}
    return pa.array(actors), pa.array(TYPES), numbers


def grow(folder: str, number: int, shared: str) -> dict[str, Any]:
    """A record of so many imported events, without its index."""
    actors, types, numbers = seed(Path(shared) / "data" / "relations")
    began = time.perf_counter()
    with open_record(Path(folder)) as store:
        for start in range(0, number, STEP):
            write(store, start, min(STEP, number - start), actors, types, numbers)
    return {"events": number, "seconds": round(time.perf_counter() - began, 1), "peak_memory_mb": peak_mb()}


def index(folder: str) -> dict[str, Any]:
    """Making the index anew."""
    with open_record(Path(folder), create=False) as store:
        began = time.perf_counter()
        store.rebuild()
    return {"seconds": round(time.perf_counter() - began, 1), "peak_memory_mb": peak_mb()}


def write(store: Store, start: int, number: int, actors: pa.Array, types: pa.Array, seeds: dict[str, Any]) -> None:
    """Commit one step of events (without reports: relations ask for these only where documents stand behind)."""
    draw = np.random.default_rng(start)
    chosen = draw.integers(0, len(seeds["type"]), number)
    exchanged = draw.permutation(len(actors))  # who stands for whom in this copy
    mix = draw.random(number) < 0.5
    sides = [np.where(mix, exchanged[seeds[s][chosen]], seeds[s][chosen]) for s in ("source", "target")]
    offsets = pa.array(np.arange(number + 1), pa.int32())
    sources, targets = (pa.ListArray.from_arrays(offsets, actors.take(pa.array(s))) for s in sides)
    days = (draw.integers(0, DAYS, number) + (FIRST - date(1970, 1, 1)).days).astype("int32")
    ids = pa.array([f"icews-{n}" for n in range(start, start + number)])
    common = {
        "id": ids, "type": types.take(pa.array(seeds["type"][chosen])), "status": pa.repeat("occurred", number),
        "sources": sources, "targets": targets, "date_start": pa.array(days).cast(pa.date32()),
        "date_end": pa.array(days).cast(pa.date32()), "precision": pa.repeat("day", number),
    }  # fmt: skip
    with store.write() as batch:
        batch.append("events", pa.table(common | {"imported_from": pa.repeat("icews", number)}))


def cube(folder: str) -> dict[str, Any]:
    """Making the cube anew."""
    from comity.relations.cubefile import FILE, prepare

    (Path(folder) / FILE).unlink(missing_ok=True)
    with open_record(Path(folder), create=False) as store:
        store.database()
        began = time.perf_counter()
        prepare(store)
        seconds = time.perf_counter() - began
    size = (Path(folder) / FILE).stat().st_size
    return {"cube_seconds": round(seconds, 1), "cube_mb": round(size / 1e6), "peak_memory_mb": peak_mb()}


def add(folder: str, documents: int) -> dict[str, Any]:
    """Adding the events of documents (read by a stub) and the first answer after it."""
    from comity.relations import relation

    with open_record(Path(folder), create=False) as store:
        relation(store, *PAIRS[0])
        before = store.manifest.rows("events")
        summary = store.add(articles(documents), factory=StubFactory(), any_language=True)
        began = time.perf_counter()
        relation(store, *PAIRS[0])
        return {
            "documents": summary.kept, "events": store.manifest.rows("events") - before,
            "add_seconds": round(summary.seconds, 2), "cube_up_to_date_seconds": round(time.perf_counter() - began, 2),
            "peak_memory_mb": peak_mb(),
        }  # fmt: skip


def answer(folder: str) -> dict[str, Any]:
    """Times of answers in milliseconds, the first ones in seconds."""
    from comity.relations import from_store, lines, moments, relation, series
    from comity.relations.changes import changes, turning

    found: dict[str, Any] = {}
    began = time.perf_counter()
    with open_record(Path(folder), create=False) as store:
        relation(store, *PAIRS[0])
        found["first_answer_seconds"] = round(time.perf_counter() - began, 2)

        def level(a: str, b: str) -> None:
            lines(series(from_store(store, "month", (a, b)), a, b))

        def key(a: str, b: str) -> None:
            one = series(from_store(store, "month", (a, b)), a, b)
            moments(one, lines(one))

        asked: dict[str, tuple[Callable[..., Any], Sequence[Sequence[Any]]]] = {
            "series": (lambda a, b: series(from_store(store, "month", (a, b)), a, b), PAIRS),
            "levels": (level, PAIRS), "moments": (key, PAIRS),
            "relation_with_events": (lambda a, b: relation(store, a, b), PAIRS),
            "weekly_relation": (lambda a, b: relation(store, a, b, by="week"), PAIRS),
            "network_twelve_months": (network_of(store), ((),) * TIMES),
        }  # fmt: skip
        for name, (ask, given) in asked.items():
            found[f"{name}_ms"] = pace(ask, given, time.perf_counter)
            found[f"{name}_cpu_ms"] = pace(ask, given, time.process_time)  # on a busy machine this tells more
        began = time.perf_counter()
        pairs = turning(store)
        found["moments_of_all_pairs_seconds"] = round(time.perf_counter() - began, 1)
        found["pairs"] = len({(m.a, m.b) for m in pairs})
        began = time.perf_counter()
        changes(store, days=7)
        found["changed_this_week_seconds"] = round(time.perf_counter() - began, 2)
    return found | {"peak_memory_mb": peak_mb()}


def network_of(store: Store) -> Callable[[], Any]:
    """The question for the network of twelve months."""
    from comity.relations.network import edges

    return lambda: edges(store, date(2014, 12, 1), 12)


def pace(ask: Callable[..., Any], given: Sequence[Sequence[Any]], clock: Callable[[], float]) -> float:
    """The median of some answers in milliseconds of a clock."""
    taken = []
    for one in given:
        began = clock()
        ask(*one)
        taken.append(1000 * (clock() - began))
    return round(statistics.median(taken), 1)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What relations cost on a large record.")
    parser.add_argument("--events", type=int, default=1_000_000, help="imported events")
    parser.add_argument("--documents", type=int, default=1000, help="documents that are added")
    parser.add_argument("--shared", default="../shared", help="folder with data/relations")
    parser.add_argument("--keep", type=Path, help="make the record here and keep it, or use the one that is here")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp())
    figures: dict[str, Any] = {}
    try:
        if not (folder / "manifest.json").exists():
            figures["grow"] = apart(grow, str(folder), given.events, given.shared)
            figures["index"] = apart(index, str(folder))
        figures["cube"] = apart(cube, str(folder))
        figures["answer"] = apart(answer, str(folder))
        if given.documents:
            figures["add"] = apart(add, str(folder), given.documents)
    finally:
        if given.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    print_figures(figures, as_json=given.json)


if __name__ == "__main__":
    main()
