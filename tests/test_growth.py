"""Made-up archives, what is fitted to costs, the picture, and the ratios beside others."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from comity.evaluate import bench_beside, growth, growth_work
from comity.evaluate.bench_relations import seed
from comity.evaluate.coreference import score
from comity.evaluate.growth import exponent, last_exponent, table
from comity.evaluate.growth_plot import drawn
from comity.evaluate.synthetic import FORM, documents

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def rows(cost: Any, name: str = "merge_s") -> list[dict[str, float]]:
    return [{"size": n, name: cost(n)} for n in SIZES]


def test_exponents_of_known_growth() -> None:
    assert exponent(rows(lambda n: 3e-4 * n), "merge_s") == pytest.approx(1.0)
    assert exponent(rows(lambda n: 1e-7 * n * n), "merge_s") == pytest.approx(2.0)
    assert exponent(rows(lambda n: n * math.log(n)), "merge_s") == pytest.approx(1.1, abs=0.02)
    assert last_exponent(rows(lambda n: 50 + 1e-4 * n), "merge_s") < 1
    assert exponent(rows(lambda n: n)[:1], "merge_s") is None


def test_the_table_and_the_picture_hold_every_size() -> None:
    found = {"documents": rows(lambda n: n / 1000), "events": rows(lambda n: n / 1e5, "write_s")}
    assert "| merge | 1 | 10 | 100 | 1,000 | 1.00 | 1.00 |" in table(found["documents"])
    picture = ElementTree.fromstring(drawn(found))
    texts = [t.text for t in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"10^3", "10^6", "merge", "write"} <= set(texts)
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}polyline"))) == 2


def test_archives_are_the_same_twice_and_a_larger_one_begins_like_a_smaller() -> None:
    small, large = list(documents(120)), list(documents(200))
    assert small == large[:120]
    assert all(len(FORM.findall(m.text)) == len(m.truth) for m in large)
    told = Counter(n for m in large for n in m.truth)
    assert max(told.values()) >= 3 and min(told.values()) == 1
    assert len({m.text for m in large}) > 150


def test_b_cubed_in_arrays_is_that_of_the_scorer() -> None:
    draw = np.random.default_rng(2)
    key, answer = draw.integers(0, 20, 200), draw.integers(0, 30, 200)
    ours = growth_work.b_cubed(key, answer)
    right = score(dict(enumerate(key.tolist())), dict(enumerate(answer.tolist()))).b3
    assert ours.precision == pytest.approx(right.precision)
    assert ours.recall == pytest.approx(right.recall)


def test_a_leg_adds_to_the_one_before_and_merges_well(tmp_path: Path) -> None:
    first = growth_work.document_leg(str(tmp_path), 0, 60)
    second = growth_work.document_leg(str(tmp_path), 60, 140)
    assert second["state"]["reports"] > first["state"]["reports"] > 60
    assert second["state"]["b3"] > 0.9
    assert {"near_s", "merge_s", "commit_s", "text_s"} <= first["sums"].keys()


def test_events_are_grown_without_shared_data(tmp_path: Path) -> None:
    actors, types, numbers = seed(tmp_path)
    assert len(numbers["source"]) == len(numbers["target"]) == len(numbers["type"])
    assert not (numbers["source"] == numbers["target"]).any()
    assert len(actors) > numbers["source"].max() and len(types) > numbers["type"].max()
    row = growth_work.event_run(str(tmp_path / "record"), 3_000, str(tmp_path))
    assert row["disk_mb"] > 0 and row["peak_memory_mb"] > 0


def test_a_size_that_is_kept_is_not_measured_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.json"
    path.write_text('{"documents": [{"size": 100, "merge_s": 1.0}], "events": []}')
    assert growth.main(["--documents", "100", "--events", "", "--results", str(path)]) == 0
    assert "| merge | 1 |" in capsys.readouterr().out


def test_ratios_are_to_the_whole_reader() -> None:
    best = {bench_beside.MINE: 2.0, bench_beside.SPACY: 0.5}
    assert bench_beside.ratios(best) == {bench_beside.MINE: 1.0, bench_beside.SPACY: 0.25}


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_beside, "find_spec", lambda name: None)
    assert bench_beside.main(["--articles", "1", "--rounds", "1"]) == 0
    said = capsys.readouterr().out
    assert said.count("not measured: needs") == 3
    assert bench_beside.MINE in said


def test_samples_are_counted_by_stage_and_function() -> None:
    from comity.evaluate.profile import counted

    base = "main (comity/cli/main.py:1);bench (comity/cli/main.py:3);bench (comity/evaluate/bench.py:30)"
    stages, functions = counted(
        [
            f"{base};Reader._parse (comity/reader.py:9);run (comity/language/encoder.py:5);run (onnxruntime/x.py:1) 30",
            f"{base};read_bytes (comity/read/__init__.py:9) 4",
            f"{base};QuoteFinder.__call__ (comity/understand/quotes/finder.py:9) 6",
            "main (comity/cli/main.py:1) 2",
            "nonsense",
        ]
    )
    assert stages == {"encoder": 30, "bytes to text": 4, "quotes": 6, "starting": 2}
    assert functions["language/encoder.py run"] == 30
