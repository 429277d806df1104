"""What `comity.evaluate.growth` measures, each part in a process of its own."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from comity.evaluate.apart import apart, peak_mb
from comity.evaluate.bench_relations import STEP, seed, write
from comity.evaluate.coreference import Score
from comity.evaluate.synthetic import Made, TellerFactory, documents
from comity.read.items import Item
from comity.record import add as adding
from comity.record import reading
from comity.record.merge import merger
from comity.record.merge.score import Scorer
from comity.record.merging import Merging
from comity.record.store import Store, open_record

SCORED = 2_000_000
"""Reports that are scored at most, the first ones."""


class Clock:
    """Processor time by stage; a stage inside another is taken off the outer one."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self._inner = [0.0]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time spent in this block goes to a stage."""
        began = time.process_time()
        self._inner.append(0.0)
        try:
            yield
        finally:
            whole = time.process_time() - began
            self.spent[name] = self.spent.get(name, 0.0) + whole - self._inner.pop()
            self._inner[-1] += whole

    def timed(self, owner: Any, method: str, stage: str) -> Any:
        """A patch under which the calls of a method go to a stage."""
        original = getattr(owner, method)

        def timed(*given: Any, **named: Any) -> Any:
            with self.stage(stage):
                return original(*given, **named)

        return patch.object(owner, method, timed)

    def count(self, owner: Any, method: str, name: str) -> Any:
        """A patch under which the calls of a function are counted."""
        original = getattr(owner, method)

        def counting(*given: Any, **named: Any) -> Any:
            self.counts[name] = self.counts.get(name, 0) + 1
            return original(*given, **named)

        return patch.object(owner, method, counting)


def document_leg(folder: str, start: int, stop: int) -> dict[str, Any]:
    """Add documents ``start`` to ``stop`` to a record: ``sums`` of costs, and the ``state`` of the record after it."""
    clock, truth, ends = Clock(), array("q"), array("q")

    def noted(found: Iterable[Made]) -> Iterator[Made]:
        for made in found:
            truth.extend(made.truth)
            ends.append(len(truth))
            yield made

    stream = noted(documents(stop))
    for _ in islice(stream, start):
        pass
    factory: Any = TellerFactory()
    with open_record(Path(folder)) as store:
        with ExitStack() as stack:
            for owner, method, stage in _staged():
                stack.enter_context(clock.timed(owner, method, stage))
            stack.enter_context(clock.count(merger, "same_story", "documents_compared"))
            stack.enter_context(clock.count(Scorer, "score", "reports_compared"))
            with clock.stage("add"):
                store.add(_items(stream, clock), factory=factory, any_language=True)
        peak = peak_mb()
        with clock.stage("index"):
            store.refresh()
        answered = _answered(store)
    score, reports, events = merged_well(folder, truth, ends)
    spent = clock.spent
    spent["text"] += spent.pop("add")  # what is left of adding: cutting into sentences, the stub, the queue
    spent.pop("generate")
    compared = {name: float(clock.counts.get(name, 0)) for name in ("documents_compared", "reports_compared")}
    state = {
        "index_s": round(spent.pop("index"), 3), **answered, **_sizes(Path(folder)), "peak_memory_mb": peak,
        "reports": reports, "events": events, "b3_precision": round(score.precision, 4),
        "b3_recall": round(score.recall, 4), "b3": round(score.f1, 4),
    }  # fmt: skip
    return {"sums": {f"{k}_s": v for k, v in sorted(spent.items())} | compared, "state": state}


def _staged() -> list[tuple[Any, str, str]]:
    from comity.record.neighbours import StoredNeighbourhood

    found: list[tuple[Any, str, str]] = [
        (reading, "prepare", "text"), (Merging, "add", "merge"), (Merging, "write", "rows"),
        (adding, "document_rows", "rows"), (Store, "_commit", "commit"), (adding, "Ledger", "open"),
        (Store, "refresh", "near"), (Store, "database", "near"), (adding, "Nearby", "near"),
        (adding._Run, "_keep", "near"),
    ]  # fmt: skip
    loads = ("prefetch", "candidates", "near", "stories", "of_documents")
    return found + [(StoredNeighbourhood, name, "near") for name in loads]


def _items(stream: Iterator[Made], clock: Clock) -> Iterator[Item]:
    while True:
        with clock.stage("generate"):
            made = next(stream, None)
        if made is None:
            return
        yield made.item()


def _answered(store: Store) -> dict[str, float]:
    from comity.relations.cubefile import prepare

    database, found = store.database(), {}
    questions: dict[str, Callable[[], Any]] = {
        "cube_s": lambda: prepare(store), "pair_s": lambda: store.events(pair="RUS-USA", limit=50),
    }  # fmt: skip
    assert database is not None
    for name, ask in questions.items():
        began = time.process_time()
        ask()
        found[name] = round(time.process_time() - began, 3)
    return found


def _sizes(folder: Path) -> dict[str, float]:
    found = {p: p.stat().st_size / 1e6 for p in folder.rglob("*") if p.is_file()}
    segments = sum(size for path, size in found.items() if path.parent.name == "segments")
    return {"segments_mb": round(segments, 1), "disk_mb": round(sum(found.values()), 1)}


def merged_well(folder: str, truth: array[int], ends: array[int]) -> tuple[Score, int, int]:
    """B cubed of the merged events against the true ones, with the numbers of reports and events.

    A report is told apart by its document and its place among that document's reports.
    """
    with open_record(Path(folder), create=False) as store:
        rows = store.query(
            "select cast(split_part(d.name, '.', 1) as bigint) as made, hash(l.event) as event, "
            "row_number() over (partition by r.document order by r.evidence_start, r.anchor_start) - 1 as place, "
            "count(*) over (partition by r.document) as told from reports r join documents d on d.id = r.document "
            f"join report_events l on l.report = r.id order by made limit {SCORED}"
        )
        events = store.count("events")
    made, event, place, told = (rows.column(n).to_numpy() for n in ("made", "event", "place", "told"))
    bounds = np.concatenate([[0], np.frombuffer(ends, dtype=np.int64)])
    whole = bounds[made + 1] - bounds[made] == told  # where damage hid a report, which one it was is not known
    right = np.frombuffer(truth, dtype=np.int64)[(bounds[made] + place)[whole]]
    return b_cubed(right, event[whole]), rows.num_rows, events


def b_cubed(key: Any, answer: Any) -> Score:
    """B cubed of two labellings of the same items, given as arrays of numbers."""
    if not len(key):
        return Score(precision=0.0, recall=0.0)
    (_, ours), (_, theirs) = (np.unique(a, return_inverse=True) for a in (key, answer))
    _, both, common = np.unique(
        ours.astype(np.int64) * (int(theirs.max()) + 1) + theirs, return_inverse=True, return_counts=True
    )
    met = common[both]
    return Score(
        precision=float((met / np.bincount(theirs)[theirs]).mean()),
        recall=float((met / np.bincount(ours)[ours]).mean()),
    )


def event_run(folder: str, number: int, shared: str) -> dict[str, float]:
    """A record of imported events: making it, asking it, its size."""
    made = apart(_imported, folder, number, shared)
    asked = apart(_asked, folder)
    return {**made, **asked, **_sizes(Path(folder))}


def _imported(folder: str, number: int, shared: str) -> dict[str, Any]:
    actors, types, numbers = seed(Path(shared) / "data" / "relations")
    began = time.process_time()
    with open_record(Path(folder)) as store:
        for start in range(0, number, STEP):
            write(store, start, min(STEP, number - start), actors, types, numbers)
        written = time.process_time() - began
        store.rebuild()
    indexed = time.process_time() - began - written
    return {"write_s": round(written, 3), "index_s": round(indexed, 3), "import_memory_mb": peak_mb()}


def _asked(folder: str) -> dict[str, Any]:
    from comity.relations.cubefile import prepare

    found = {}
    began = time.process_time()
    with open_record(Path(folder), create=False) as store:
        store.events(pair="RUS-USA", limit=50)
        for name, ask in (
            ("first_answer_s", lambda: None), ("cube_s", lambda: prepare(store)),
            ("pair_s", lambda: store.events(pair="CHN-IND", limit=50)),
        ):  # fmt: skip
            ask()
            found[name] = round(time.process_time() - began, 3)
            began = time.process_time()
    return found | {"peak_memory_mb": peak_mb()}
