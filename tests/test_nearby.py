"""Runs beside a record: the same merged events whether memory is kept, emptied often, or the folder is lost."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.evaluate.synthetic import TellerFactory, documents
from comity.record import add as adding
from comity.record import nearby, runs
from comity.record.merge import ReportRow, window_of
from comity.record.merge.keys import keys_of, lookup_keys
from comity.record.merge.neighbourhood import MOST_MARKED
from comity.record.runs import Files, row_of, sorted_links, sorted_rows
from comity.record.store import open_record

TABLES = ("stories", "reports", "events", "report_events")
LEFT_OUT = {"run", "generation"}


def fill(folder: Path, number: int, start: int = 0) -> None:
    factory: Any = TellerFactory()
    made = list(documents(number))[start:]
    with open_record(folder) as store:
        store.add((m.item() for m in made), factory=factory, any_language=True)


def told(folder: Path) -> dict[str, list[Any]]:
    with open_record(folder, create=False) as store:
        rows = {name: store.query(f"select * from {name}").to_pylist() for name in TABLES}
    return {n: sorted(repr({k: v for k, v in r.items() if k not in LEFT_OUT}) for r in found) for n, found in rows.items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    folder = tmp_path_factory.mktemp("whole")
    fill(folder, 260)
    return told(folder)


def test_memory_that_is_emptied_often_changes_nothing(
    whole: dict[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "FORGET", 50)
    monkeypatch.setattr(runs, "LEVEL", 200)
    monkeypatch.setattr(runs, "SLICE", 500)
    fill(tmp_path, 260)
    assert told(tmp_path) == whole


def test_ids_under_way_are_forgotten_once_the_ledger_has_them(
    whole: dict[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[adding._Reading] = []

    class Noted(adding._Reading):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            made.append(self)

    monkeypatch.setattr(adding, "_Reading", Noted)
    monkeypatch.setattr(adding, "UNDER_WAY", 20)
    fill(tmp_path, 260)
    assert told(tmp_path) == whole
    assert len(made[0]._under_way) < 150


@pytest.mark.parametrize("lost", ["folder", "listing", "cut"])
def test_a_lost_or_damaged_folder_is_made_again(whole: dict[str, list[Any]], tmp_path: Path, lost: str) -> None:
    fill(tmp_path, 150)
    near = tmp_path / nearby.FOLDER
    if lost == "folder":
        nearby.drop(tmp_path)
    elif lost == "listing":
        (near / nearby.LISTING).write_bytes(b"{")
    else:
        path = next(near.glob("rows-*.rows"))
        path.write_bytes(path.read_bytes()[:-1])
    fill(tmp_path, 260, 150)
    assert told(tmp_path) == whole


def test_what_was_committed_without_it_is_taken_in(
    whole: dict[str, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 100)
    with monkeypatch.context() as patched:
        patched.setattr(adding._Run, "_keep", lambda self: None)  # as if it was killed before it wrote them
        fill(tmp_path, 180, 100)
    fill(tmp_path, 260, 180)
    assert told(tmp_path) == whole


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=12), max_size=30))
def test_rows_and_links_are_those_of_a_dictionary(tmp_path_factory: pytest.TempPathFactory, puts: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "LEVEL", 4)
        patch.setattr(runs, "SLICE", 5)
        patch.setattr(runs, "SLICE_BYTES", 20)
        rows, links = Files(folder, "rows", ()), Files(folder, "links", ())
        last: dict[int, bytes] = {}
        all_of: dict[int, list[int]] = {}
        for serial, put in enumerate(puts):
            new = {(k << 57) + k: b"x" * v for k, v in put}
            rows.write(serial, *sorted_rows(new))
            links.write(serial, *sorted_links([(k << 57, v) for k, v in put]))
            for files in (rows, links):
                files.unite(serial)
            last |= new
            for k, v in put:
                all_of.setdefault(k, []).append(v)
        asked = np.array([(k << 57) + k for k in range(41)], np.uint64)
        found = [b""] * 41
        for values, data, low, high in rows.ranges(asked):
            for n in np.flatnonzero(high > low).tolist():
                found[n] = row_of(values, data, int(low[n]))
        assert found == [last.get((k << 57) + k, b"") for k in range(41)]
        met: list[list[int]] = [[] for _ in range(41)]
        for values, _, low, high in links.ranges(np.array([k << 57 for k in range(41)], np.uint64)):
            for n in range(41):
                met[n] += values[low[n] : high[n]].tolist()
        assert [list(dict.fromkeys(m)) for m in met] == [list(dict.fromkeys(all_of.get(k, []))) for k in range(41)]
        assert rows.sound() and links.sound()


def test_what_is_said_again_pushes_nobody_out_of_the_first(tmp_path: Path) -> None:
    files = Files(tmp_path, "marks", (), 3)
    for serial, put in enumerate([[7, 7], [7, 7], [7, 8], [9, 7], [10]]):
        files.write(serial, *sorted_links([(5, v) for v in put]))
        files.unite(serial)
    (values, _, low, high), *others = files.ranges(np.array([5], np.uint64))
    assert values[low[0] : high[0]].tolist() == [7, 8, 9]
    assert len(others) == 1


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 500), st.integers(0, 500), st.integers(-700, 700))
def test_a_report_is_found_from_every_window_that_meets_its_own(start: date, long: int, other: int, shift: int) -> None:
    precisions = ("day", "week", "month", "year", "unknown")

    def report(day: date, days: int) -> ReportRow:
        return ReportRow(
            id="r", document="d", type="CONSULT", status="occurred", sources=("A",), targets=("B",), date_start=day,
            date_end=day + timedelta(days=days), precision=precisions[days % 5],
        )  # fmt: skip

    kept, asked = report(start, long), report(start + timedelta(days=shift), other)
    (low, high), (first, last) = window_of(asked), window_of(kept)
    if low <= last and first <= high and set(keys_of(kept)) & set(lookup_keys(asked)):
        assert set(nearby.kept_under(kept)) & set(nearby.looked_under(lookup_keys(asked), low, high))


def passes(entries: int, each: int) -> tuple[float, int]:
    """How often an entry is written on the average, and how many runs are left, after ``entries`` in runs of ``each``."""
    written = 0
    listed: list[runs.Run] = []
    files = Files(Path(), "links", listed)
    for serial in range(entries // each):
        files.listed.append(runs.Run(name=str(serial), entries=each))
        written += each
        while (first := files._group()) is not None:
            size = sum(r.entries for r in files.listed[first:])
            written += size
            files.listed[first:] = [runs.Run(name=f"u{serial}", entries=size)]
    return written / entries, len(files.listed)


def test_entries_are_written_n_log_n_times_and_runs_stay_few() -> None:
    small, _ = passes(10**6, 20_000)
    large, left = passes(10**8, 20_000)
    assert large < small + 2 * np.log(100) / np.log(runs.FAN)
    assert left <= runs.FAN * 10


def test_a_line_under_every_article_does_not_bring_all_of_them(tmp_path: Path) -> None:
    compared = []
    line = "This line of more than ten words stands under each article of this outlet, always."
    for number in (200, 400):
        from comity.evaluate.merge_score import merge_all
        from comity.record.merge import NewDocument, merger

        draw = random.Random(3)
        words = [f"w{n}" for n in range(5000)]
        made = [
            NewDocument(id=f"d-{n:04d}", text=" ".join(draw.sample(words, 40)) + ".\n\n" + line) for n in range(number)
        ]
        count = 0
        same = merger.same_story

        def counting(a: Any, b: Any, same: Any = same) -> Any:
            nonlocal count
            count += 1
            return same(a, b)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merger, "same_story", counting)
            merge_all(made)
        compared.append(count)
    assert compared[1] - compared[0] <= 1.1 * 200 * MOST_MARKED
    assert compared[1] < 2.5 * compared[0]


def test_a_story_that_grows_moves_few_documents() -> None:
    from comity.evaluate.merge_score import merge_all
    from comity.record.merge import MemoryNeighbourhood, NewDocument

    loaded = 0

    class Counting(MemoryNeighbourhood):
        def stories(self, stories: Any) -> Any:
            nonlocal loaded
            found = super().stories(stories)
            loaded += len(found)
            return found

    text = " ".join(f"word{n}" for n in range(60))
    names = [f"d-{n:04d}" for n in range(300)]
    random.Random(1).shuffle(names)
    store = merge_all([NewDocument(id=n, text=text) for n in names], store=Counting())
    assert {row.story for row in store.rows.values()} == {"s-0000"}
    assert loaded < 300 * 12


def test_segments_are_rewritten_once_a_level() -> None:
    from comity.record.manifest import Segment
    from comity.record.segments import tail_to_unite

    def segment(size: int) -> Segment:
        return Segment(file="", table="t", rows=1, size=size, sha256="", first=0, last=0, created="")

    found = {}
    for commits in (2_000, 20_000):
        listed: list[Segment] = []
        written = 0
        for _ in range(commits):
            listed.append(segment(50_000))
            written += 50_000
            if tail := tail_to_unite(listed):
                size = sum(s.size for s in tail)
                written += size
                listed[-len(tail) :] = [segment(size)]
        found[commits] = written / commits / 50_000, len(listed)
    many_rows = [segment(50_000)] * 30
    assert tail_to_unite(many_rows)
    assert not tail_to_unite([msgspec.structs.replace(s, rows=2_500_000) for s in many_rows])  # gigabytes at once
    assert found[20_000][0] < found[2_000][0] + 1
    assert found[20_000][1] < 60
