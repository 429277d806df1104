"""The network: signs, blocs, balance and moves, by hand and against another program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from comity.cli.network import register, span
from comity.errors import BadPeriod, BadUsage
from comity.record.query import day
from comity.record.store import Store, open_record
from comity.relations.balance import balance, counts
from comity.relations.blocs import blocs, quality, quality_matrix
from comity.relations.network import PRIOR, ROUGH, adversaries, edges, network, signed, window

WEST, EAST = ("USA", "FRA", "DEU"), ("RUS", "CHN", "PRK")


def two_camps(noise: float, seed: int = 1, size: int = 8) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    same = np.repeat([0, 1], size)[:, None] == np.repeat([0, 1], size)[None, :]
    weights = np.where(same, 1.0, -1.0) + draw.normal(0, noise, same.shape)
    weights = np.triu(weights, 1)
    return weights + weights.T, np.repeat([0, 1], size)


def test_triads_by_hand() -> None:
    signs = np.zeros((4, 4))
    for i, j, s in ((0, 1, 1), (1, 2, 1), (0, 2, 1), (0, 3, -1), (1, 3, -1), (2, 3, -1)):
        signs[i, j] = signs[j, i] = s
    assert counts(signs) == (1, 0, 3, 0)
    found = balance(signs)
    assert found.share == 1.0 and found.triads == 4 and found.expected is not None and found.expected < 1
    assert counts(-signs) == (0, 3, 0, 1) and balance(-signs).share == 0.0
    assert balance(np.zeros((3, 3))).share is None


def test_two_camps_are_balanced_beyond_chance_and_noise_is_not() -> None:
    weights, _ = two_camps(0.1)
    found = balance(np.sign(weights))
    assert found.share == 1.0 and found.deviation is not None and found.deviation > 5
    draw = np.random.default_rng(3)
    random = np.sign(np.triu(draw.normal(0, 1, (30, 30)), 1))
    noise = balance(random + random.T)
    assert noise.deviation is not None and abs(noise.deviation) < 3


def test_a_month_that_is_none_is_refused() -> None:
    assert day("2014-12", end=True) == date(2014, 12, 31)
    for wrong in ("2014-13", "2014-00"):
        with pytest.raises(BadUsage):
            day(wrong, end=True)


def test_blocs_by_hand() -> None:
    weights, truth = two_camps(0.2)
    found = blocs(np.maximum(weights, 0), np.maximum(-weights, 0))
    assert (found == truth).all() or (found == 1 - truth).all()
    apart = np.zeros((4, 4))
    apart[0, 1] = apart[1, 0] = apart[2, 3] = apart[3, 2] = 1.0
    assert blocs(apart, np.zeros((4, 4))).tolist() == [0, 0, 1, 1]
    assert len(set(blocs(np.zeros((3, 3)), np.ones((3, 3)) - np.eye(3)).tolist())) == 3
    assert blocs(np.zeros((2, 2)), np.zeros((2, 2))).tolist() == [0, 1]


def test_quality_by_hand() -> None:
    positive = np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    negative = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    matrix = quality_matrix(positive, negative)
    # positive: 2 - 2 * 2 / 4 = 1; negative has row sums 1, 0, 1: 0 - 1 * 0 / 2 = 0; all weights 4 + 2
    assert matrix[0, 1] == pytest.approx(1 / 6)
    assert matrix[0, 2] == pytest.approx((0 - (1 - 1 * 1 / 2)) / 6)
    assert quality(matrix, np.array([0, 0, 1])) == pytest.approx(2 * matrix[0, 1] + np.trace(matrix))


@pytest.mark.parametrize("seed", range(4))
def test_blocs_are_as_good_as_those_of_another_program(seed: int) -> None:
    igraph = pytest.importorskip("igraph", reason="only to compare with")
    leidenalg = pytest.importorskip("leidenalg", reason="only to compare with")
    draw = np.random.default_rng(seed)
    group = draw.integers(0, 4, 40)
    weights = np.triu(np.where(group[:, None] == group, 0.6, -0.3) + draw.normal(0, 1.0, (40, 40)), 1)
    weights += weights.T
    parts = []
    for sign in (1, -1):
        rows, columns = np.nonzero(np.triu(sign * weights > 0, 1))
        graph = igraph.Graph(n=40, edges=list(zip(rows.tolist(), columns.tolist(), strict=True)))
        graph.es["weight"] = np.abs(weights[rows, columns]).tolist()
        parts.append(graph)
    total = [sum(g.es["weight"]) for g in parts]
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(seed)
    made = [leidenalg.RBConfigurationVertexPartition(g, weights="weight") for g in parts]
    optimiser.optimise_partition_multiplex(made, layer_weights=[1, -1], n_iterations=-1)
    matrix = quality_matrix(np.maximum(weights, 0), np.maximum(-weights, 0))
    ours = blocs(np.maximum(weights, 0), np.maximum(-weights, 0))
    assert sum(total) > 0
    assert quality(matrix, ours) >= quality(matrix, np.array(made[0].membership)) - 0.01


def test_signs_by_hand() -> None:
    sign, error = signed(np.array([50.0]), np.array([25.0]), np.array([250.0]), np.array([125.0]))
    assert sign[0] == pytest.approx(25 / (75 + PRIOR))
    slopes = ((2 * 25 + PRIOR) / 100**2, (2 * 50 + PRIOR) / 100**2)
    assert error[0] == pytest.approx((ROUGH * (slopes[0] ** 2 * 250 + slopes[1] ** 2 * 125)) ** 0.5)
    step = signed(np.array([51.0]), np.array([25.0]), np.array([0.0]), np.array([0.0]))[0][0] - sign[0]
    assert step == pytest.approx(slopes[0], rel=0.02)


def test_windows() -> None:
    assert window(date(2014, 12, 31), 12) == (date(2014, 1, 1), date(2014, 12, 1))
    assert window(date(2014, 1, 5), 3) == (date(2013, 11, 1), date(2014, 1, 1))
    with pytest.raises(BadPeriod):
        window(date(2014, 1, 5), 0)
    assert (span("12m"), span("2y"), span("6")) == (12, 24, 6)
    with pytest.raises(BadUsage):
        span("long")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    rows: list[dict[str, Any]] = []

    def add(day: date, source: str, target: str, type: str) -> None:
        rows.append(
            {
                "id": f"e{len(rows)}", "type": type, "status": "occurred", "sources": [source], "targets": [target],
                "date_start": day, "date_end": day, "precision": "day", "symmetric": False, "reports": 1, "documents": 1,
            }
        )

    every = (*WEST, *EAST)
    for n in range(600):
        day = date(2013, 1, 1) + timedelta(days=n % 730)
        a, b = every[n % 6], every[(n // 6 + n) % 6]
        if a != b:
            add(day, a, b, "AID" if (a in WEST) == (b in WEST) else "ACCUSE")
    for n in range(40):
        add(date(2014, 3, 1) + timedelta(days=n), "RUS", "FRA", "ASSAULT")
        add(date(2014, 3, 1) + timedelta(days=n), "CHN", "FRA", "SANCTION")
    found = open_record(tmp_path_factory.mktemp("network") / "record")
    with found.write() as batch:
        batch.append("events", rows)
    yield found
    found.close()


def test_the_network_of_a_record(store: Store) -> None:
    found = network(store, date(2014, 12, 31))
    assert found is not None and (found.first, found.last) == (date(2014, 1, 1), date(2014, 12, 1))
    camps = {frozenset(b["members"]) for b in found.as_dict()["blocs"]}
    assert camps == {frozenset(WEST), frozenset(EAST)}
    assert found.balance.share is not None and found.balance.share > 0.9
    assert {(m.a, m.b) for m in found.apart} >= {("FRA", "RUS"), ("CHN", "FRA")} and not found.closer
    assert all(m.events and "->" in m.reason for m in found.apart)
    assert "2014-01 to 2014-12" in found.citation.line()
    by_pair = {(e.a, e.b): e for e in edges(store, date(2014, 12, 31), 12)}
    one = by_pair["FRA", "RUS"]
    assert one.sign == pytest.approx((one.cooperation - one.conflict) / (one.cooperation + one.conflict + PRIOR), abs=1e-4)


def test_common_adversaries_are_cited(store: Store) -> None:
    (france, *_) = adversaries(store, "RUS", "CHN", date(2014, 12, 31))
    assert france["code"] == "FRA" and min(france["of_a"], france["of_b"]) >= 40
    assert len(france["events_a"]) == 3 and not set(france["events_a"]) & set(france["events_b"])


def test_an_empty_record(tmp_path: Path) -> None:
    with open_record(tmp_path / "empty") as empty:
        assert network(empty) is None and adversaries(empty, "RUS", "CHN") == ()


def test_the_command(store: Store, tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, [*words, "--record", str(store.path)])

    shown = run("--at", "2014-12")
    assert shown.exit_code == 0 and "bloc 1 (3)" in shown.output and "Apart" in shown.output
    told = msgspec.json.decode(run("--at", "2014-12", "--as", "json").stdout)
    assert len(told["nodes"]) == 6 and told["balance"]["triads"] > 0 and told["citation"]["line"]
    root = ElementTree.fromstring(run("--at", "2014-12", "--as", "graphml").stdout)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f"{space}graph/{space}node")) == 6
    assert len(root.findall(f"{space}graph/{space}edge")) == len(told["edges"])
    path = tmp_path / "n.graphml"
    assert run("--as", "graphml", "--out", str(path)).exit_code == 0 and ElementTree.parse(path)
    assert "France" in run("--adversaries", "RUS-CHN", "--at", "2014").output
    assert "no network" in run("--at", "1990").output
    assert isinstance(run("--as", "png").exception, BadUsage)
