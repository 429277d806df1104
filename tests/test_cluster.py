"""The cluster engine: the same events as one machine, on one machine, on two nodes, from files and objects.

What needs Daft, Ray or moto skips where they are not installed: ``pip install 'comity[cluster,cluster-test]'``.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from comity.engine import islands
from comity.engine.records import Told
from comity.engine.sources import opened, works
from comity.errors import BadUsage, NoEngine, UnknownKind
from comity.read import items
from comity.read.item import ItemOptions
from comity.read.items import open_items
from comity.record.add import Summary, add
from comity.record.merge import MemoryNeighbourhood, Merger, NewDocument, ReportRow, Ruling, window_of
from comity.record.merge.compare import side_of
from comity.record.merge.score import Scorer
from comity.record.store import Store, open_record

PATHS = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "scripts")]
sys.path[:0] = PATHS  # reading processes must find what they make readers from
torture: Any = import_module("torture")

DAFT = find_spec("daft") is not None
RAY = DAFT and find_spec("ray") is not None
needs_daft = pytest.mark.skipif(not DAFT, reason="Daft is not installed (extra cluster)")
needs_ray = pytest.mark.skipif(not RAY, reason="Daft and Ray are not installed (extra cluster)")
needs_moto = pytest.mark.skipif(not DAFT or find_spec("moto") is None, reason="moto is not installed (cluster-test)")


@pytest.fixture(autouse=True)
def _found_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(PATHS))


def written(folder: Path, number: int) -> Path:
    """Made-up articles as files."""
    folder.mkdir()
    for name, text in torture.articles(number):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def here(folder: Path, *sources: Path | str) -> Store:
    """A record filled by one process."""
    with open_record(folder) as store:
        add(store, [str(s) for s in sources], factory=torture.StubFactory(), any_language=True)
    return store


def far(folder: Path, *sources: Path | str, workers: int = 2, address: str | None = None, **more: Any) -> Summary:
    """A record filled by the engine."""
    from comity.engine import add_distributed

    with open_record(folder) as store:
        return add_distributed(
            store,
            [str(s) for s in sources],
            factory=more.pop("factory", torture.StubFactory()),
            any_language=True,
            workers=workers,
            address=address,
            **more,
        )


# -- without any cluster


def test_files_are_cut_and_bundled_and_every_item_is_opened_once_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "in", 30)
    lines = [json.dumps({"text": f"Egypt met Sudan, item {n}.", "id": n}) for n in range(57)]
    (folder / "z.jsonl").write_text("\n".join(lines))
    monkeypatch.setattr("comity.engine.sources.TOGETHER", 7)
    monkeypatch.setattr("comity.engine.sources.TOGETHER_BYTES", 1_500)
    monkeypatch.setattr("comity.engine.sources.PART_BYTES", 500)
    found = [(order, item.key) for work in works([str(folder)]) for order, item in opened(work, ItemOptions())]
    assert len({w.parts for w in works([str(folder)])}) > 1
    assert [key for _, key in sorted(found)] == [i.key for i in open_items([str(folder)], ItemOptions())]


def test_files_keep_the_names_by_which_they_were_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "in", 5)
    monkeypatch.chdir(tmp_path)
    listed = works(["in"])
    monkeypatch.chdir("/")
    found = [item.name for work in listed for _, item in opened(work, ItemOptions())]
    monkeypatch.chdir(tmp_path)
    assert found == [item.name for item in open_items(["in"], ItemOptions())]
    assert found[0].startswith("in")


def test_a_folder_without_anything_to_read_is_told_as_on_one_machine(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    written(tmp_path / "in", 2)
    named = [str(tmp_path / "in"), str(tmp_path / "empty"), *map(str, sorted((tmp_path / "in").iterdir()))]
    found = [item for work in works(named) for _, item in opened(work, ItemOptions())]
    alone = list(open_items(named, ItemOptions()))
    assert [i.key for i in found] == [i.key for i in alone]
    assert len(found) == 3, "what two sources name is opened once"
    with pytest.raises(UnknownKind, match="nothing to read"):
        found[-1].load()


def test_a_folder_that_cannot_be_read_is_opened_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "in", 2)
    shut = tmp_path / "in" / "shut"
    below = items._files_below

    def refused(folder: Path, errors: list[OSError]) -> Iterator[Path]:
        errors.append(PermissionError(13, "Permission denied", str(shut)))
        yield from below(folder, errors)

    monkeypatch.setattr(items, "_files_below", refused)
    assert [p.name for p in items.files_of([str(tmp_path / "in")])][-1] == "shut"


def test_addresses_are_refused() -> None:
    with pytest.raises(BadUsage, match="cluster"):
        works(["https://example.org/feed.xml"])


def test_without_daft_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "daft", None)
    with pytest.raises(NoEngine, match=r"comity\[cluster\]") as error:
        far(tmp_path / "record", written(tmp_path / "in", 3))
    assert error.value.code == "C234"


def reports(number: int, seed: int) -> list[tuple[NewDocument, list[ReportRow]]]:
    """Documents of a stub, as they go into the merger."""
    from comity.model import Document
    from comity.record.merge import new_document

    reader = torture.StubReader()
    made = []
    for n, (_, text) in enumerate(torture.articles(number, seed)):
        document = reader(Document(id=f"d-{n:04d}", text=text, published=torture._day(text) if text else None))
        one = new_document(document)
        made.append((one, list(one.reports)))
    return made


def test_what_a_person_ruled_apart_stays_apart() -> None:
    from datetime import date

    day = date(2021, 5, 4)
    twins = [
        ReportRow(
            id=f"e-{n}", document=f"d-{n}", type="CONSULT", status="occurred", sources=("RUS",), targets=("CHN",),
            date_start=day, date_end=day, precision="day", evidence="Russia met China in Sochi.", published=day,
        )
        for n in range(2)
    ]  # fmt: skip
    told = [Told(report=r, order=n) for n, r in enumerate(twins)]
    assert {row["event"] for row in islands.merge_island(told, {}, [], "run").links} == {
        row["id"] for row in islands.merge_island(told, {}, [], "run").events
    }
    assert islands.merge_island(told, {}, [], "run").made == 1
    assert islands.merge_island(told, {"d-0": "s-0", "d-1": "s-0"}, [], "run").events[0]["stories"] == 1
    apart = Ruling(first="e-0", second="e-1", same=False)
    assert islands.merge_island(told, {}, [apart], "run").made == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_islands_merged_one_by_one_are_the_whole_merged_at_once(seed: int) -> None:
    documents = reports(150, seed)
    whole = MemoryNeighbourhood()
    for one, _ in documents:
        whole.apply([one], Merger(whole).add([one]))
    told = [Told(report=r, order=n) for n, (_, found) in enumerate(documents) for r in found]
    scorer = Scorer()
    blocks: dict[str, list[Told]] = {}
    for one in told:
        for block in islands.blocks_of(one.report):
            blocks.setdefault(block, []).append(one)
    edges = [e for block, found in blocks.items() for e in islands.edges_in(block, found, scorer)]
    assert len(edges) == len(set(edges))
    home: dict[str, set[str]] = {t.report.id: {t.report.id} for t in told}
    for a, b in edges:
        joined = home[a] | home[b]
        for name in joined:
            home[name] = joined
    groups = {min(names): names for names in home.values()}
    assert len(groups) > 20
    links = {}
    for names in groups.values():
        found = islands.merge_island([t for t in told if t.report.id in names], {}, [], "run")
        links |= {row["report"]: row["event"] for row in found.links}
    assert links == whole.clusters()


def test_every_pair_that_hangs_together_is_found_in_one_block_and_no_other() -> None:
    told = [Told(report=r, order=n) for n, (_, found) in enumerate(reports(60, 5)) for r in found]
    scorer = Scorer()
    sides = {t.report.id: side_of(t.report) for t in told}
    right = {
        (min(a, b), max(a, b))
        for a in sides
        for b in sides
        if a < b and islands.hang_together(sides[a], sides[b], scorer)
    }
    blocks: dict[str, list[Told]] = {}
    for one in told:
        assert len(islands.blocks_of(one.report)) <= 2 * 2 * (
            1 + (window_of(one.report)[1] - window_of(one.report)[0]).days
        )
        for block in islands.blocks_of(one.report):
            blocks.setdefault(block, []).append(one)
    found = [e for block, inside in blocks.items() for e in islands.edges_in(block, inside, scorer)]
    assert sorted(found) == sorted(right)


# -- on one machine


@needs_daft
def test_the_engine_gives_the_record_of_one_process(tmp_path: Path) -> None:
    source = written(tmp_path / "in", 130)
    one = here(tmp_path / "one", source)
    summary = far(tmp_path / "far", source)
    assert torture.compare(tmp_path / "one", tmp_path / "far") == []
    assert (summary.kept, summary.duplicate) == (one.count("documents"), 3)
    assert summary.skipped == {"C101": 2}


@needs_daft
def test_what_is_there_already_is_met_and_nothing_is_added_twice(tmp_path: Path) -> None:
    source = written(tmp_path / "in", 130)
    files = sorted(source.iterdir())
    one = here(tmp_path / "one", *files)
    half = tmp_path / "half"
    far(half, *files[:50])
    far(half, *files[50:90])
    with open_record(half) as store:
        store.rebuild()
    here(half, *files[90:110])
    last = far(half, *files)
    assert (last.kept, last.known) == (19, 109)  # two of the files are empty
    assert torture.compare(one.path, half) == []
    with open_record(half) as store:
        before = store.manifest.generation
    again = far(half, *files)
    assert (again.kept, again.duplicate) == (0, 0)
    with open_record(half) as store:
        assert store.manifest.generation == before
        assert not list((half / "segments").glob("*.part"))
        assert not (half / ".cluster").exists()


def warc(path: Path, pages: list[tuple[str, str]]) -> None:
    """A small web archive, one gzip member a record."""
    with path.open("wb") as file:
        for url, text in pages:
            page = f"<html><body><article><h1>{url}</h1><p>{text}</p></article></body></html>".encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-05-01T00:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:{len(text)}>\r\nContent-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            ).encode()
            file.write(gzip.compress(head + answer + b"\r\n\r\n"))


def kinds(folder: Path) -> Path:
    """The same sort of articles as a web archive, lines of JSON and a Parquet table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    texts = [text for _, text in torture.articles(90) if text]
    warc(folder / "a.warc.gz", [(f"https://example.org/{n}", t) for n, t in enumerate(texts[:30])])
    (folder / "b.jsonl").write_text(
        "\n".join(json.dumps({"text": t, "id": str(n)}) for n, t in enumerate(texts[30:60]))
    )
    pq.write_table(pa.table({"text": texts[60:], "id": [str(n) for n in range(len(texts[60:]))]}), folder / "c.parquet")
    return folder


@needs_daft
def test_archives_lines_and_tables_are_read(tmp_path: Path) -> None:
    source = kinds(tmp_path / "in")
    one = here(tmp_path / "one", source)
    assert one.count("reports") > 100
    far(tmp_path / "far", source)
    assert torture.compare(tmp_path / "one", tmp_path / "far") == []


@needs_moto
def test_objects_of_a_store_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.server import ThreadedMotoServer
    from pyarrow.fs import S3FileSystem

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        _, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        source = kinds(tmp_path / "in")
        store = S3FileSystem(
            endpoint_override=f"127.0.0.1:{port}", scheme="http", access_key="test", secret_key="test",
            region="us-east-1", allow_bucket_creation=True,
        )  # fmt: skip
        store.create_dir("news")
        for path in source.iterdir():
            with store.open_output_stream(f"news/2021/{path.name}") as file:
                file.write(path.read_bytes())
        found = far(tmp_path / "far", "s3://news/2021/")
        with open_record(tmp_path / "far") as record:
            keys = record.query("select key from inputs").column(0).to_pylist()
            assert all(k.startswith("s3://news/2021/") for k in keys)
            names = ("reports", "events")
            one = here(tmp_path / "one", source)
            assert [record.count(n) for n in names] == [one.count(n) for n in names]
            assert not record.check().faults
        assert found.kept > 80
        lost = far(tmp_path / "far", "s3://news/nowhere/x.jsonl")
        assert lost.skipped == {"C107": 1}
    finally:
        server.stop()


# -- on a cluster of two nodes


class Nodes:
    """Two nodes of a Ray cluster, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        from ray.cluster_utils import Cluster

        args = {"num_cpus": 4, "object_store_memory": 150_000_000}
        self.cluster = Cluster(initialize_head=True, head_node_args={**args, "include_dashboard": False})
        self.second = self.cluster.add_node(**args)

    @property
    def address(self) -> str:
        """Where a driver finds it."""
        return str(self.cluster.address)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(PATHS)  # the nodes hand it to their workers
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    found = Nodes(tmp_path_factory.mktemp("ray"))
    yield found
    found.cluster.shutdown()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


RUN = """
import sys
from pathlib import Path
sys.path[:0] = {paths!r}
import clusterreader, msgspec
from comity.engine import add_distributed, leave
from comity.record.store import open_record

if __name__ == "__main__":
    folder, source, workers, address, pause, marks = sys.argv[1:]
    with open_record(folder) as store:
        found = add_distributed(store, [source], factory=clusterreader.SlowFactory(float(pause), Path(marks)),
                                any_language=True, workers=int(workers), address=address)
    leave()
    print(msgspec.json.encode(found).decode())
"""


def run(folder: Path, source: Path, workers: int, address: str, pause: float = 0.0) -> subprocess.Popen[bytes]:
    """The engine in a process of its own, on the cluster; the record is ``folder / "far"``."""
    script, marks = folder / "drive.py", folder / "marks"
    marks.mkdir()
    script.write_text(RUN.format(paths=PATHS))
    command = [
        sys.executable,
        str(script),
        str(folder / "far"),
        str(source),
        str(workers),
        address,
        str(pause),
        str(marks),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def done(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The summary of a run that must end well."""
    out, errors = child.communicate(timeout=300)
    assert child.returncode == 0, errors.decode()[-3000:]
    return dict(json.loads(out.splitlines()[-1]))


@needs_ray
@pytest.mark.parametrize("workers", [1, 2, 8])
def test_two_nodes_give_the_same_record_with_any_number_of_workers(nodes: Nodes, tmp_path: Path, workers: int) -> None:
    source = written(tmp_path / "in", 90)
    here(tmp_path / "one", source)
    found = done(run(tmp_path, source, workers, nodes.address))
    assert torture.compare(tmp_path / "one", tmp_path / "far") == []
    assert found["kept"] > 80


@needs_ray
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(nodes: Nodes, tmp_path: Path) -> None:
    source = written(tmp_path / "in", 90)
    here(tmp_path / "one", source)
    marks = tmp_path / "marks"
    child = run(tmp_path, source, 2, nodes.address, pause=0.1)
    end = time.monotonic() + 120
    while not (found := sorted(marks.iterdir())) and child.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    assert found, "no worker began to read"
    os.kill(int(found[0].name), signal.SIGKILL)
    summary = done(child)
    assert len(list(marks.iterdir())) > 1
    assert torture.compare(tmp_path / "one", tmp_path / "far") == []
    assert summary["kept"] > 80
