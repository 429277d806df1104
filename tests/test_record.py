"""The store: commits, readers beside a writer, faults of the disk, repairs, migrations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import (
    BadUsage,
    DamagedManifest,
    DamagedSegment,
    NoRecord,
    RecordBusy,
    RecordNotWritable,
    RecordOutdated,
    RecordTooNew,
    UnknownEvent,
    UnknownName,
)
from comity.paths import same_everywhere
from comity.record import index, manifest, segments
from comity.record.manifest import MANIFEST, TWIN
from comity.record.migrations import migrate
from comity.record.query import day, terms, words
from comity.record.schema import TABLES
from comity.record.store import Store, open_record


def event(name: str, source: str = "RUS", target: str = "USA", **more: Any) -> dict[str, Any]:
    row = {"id": name, "type": "CONSULT", "status": "occurred", "sources": [source], "targets": [target]}
    return row | {"date_start": date(2021, 12, 15), "date_end": date(2021, 12, 15), "confidence": 0.5} | more


def report(name: str, evidence: str, document: str = "d-1", start: int = 0) -> dict[str, Any]:
    return {
        "id": name, "document": document, "type": "CONSULT", "status": "occurred", "sources": ["RUS"], "targets": ["USA"],
        "evidence": evidence, "evidence_start": start, "evidence_end": start + len(evidence), "why": ["a frame"],
    }  # fmt: skip


def filled(folder: Path) -> Store:
    text = "Putin met Biden at a café. They spoke at length."
    record = open_record(folder)
    with record.write() as batch:
        batch.append("documents", [{"id": "d-1", "name": "a.txt", "title": "Talks", "text": text}])
        batch.append("reports", [report("r-1", "Putin met Biden at a café.")])
        batch.append("events", [event("e-1")])
        batch.append("report_events", [{"report": "r-1", "event": "e-1", "score": 1.0, "why": ["its own"]}])
    return record


def harms(record: Store) -> list[str]:
    """Faults but for loose ends, which these tests make on purpose."""
    return [f.code for f in record.check().faults if f.code not in {"link"}]


@pytest.fixture
def record(tmp_path: Path) -> Store:
    return filled(tmp_path / "record")


def test_a_new_record_is_empty_and_says_so(tmp_path: Path) -> None:
    record = open_record(tmp_path / "new")
    assert record.counts()["events"] == 0
    assert record.events().num_rows == 0
    assert "empty" in repr(record)
    assert "<table>" in record._repr_html_()


def test_a_folder_with_other_things_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "letters.doc").write_text("x")
    with pytest.raises(NoRecord, match=r"letters\.doc"):
        open_record(tmp_path)


def test_reading_does_not_make_a_record(tmp_path: Path) -> None:
    with pytest.raises(NoRecord):
        open_record(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_later_rows_replace_earlier_ones_and_removed_ones_are_gone(record: Store) -> None:
    record.append("events", [event("e-1", confidence=0.9), event("e-2", "CHN")])
    assert record.events(min_confidence=0.8).column("id").to_pylist() == ["e-1"]
    record.rebuild()
    with record.write() as batch:
        batch.remove("events", ["e-1"])
    assert record.events().column("id").to_pylist() == ["e-2"]
    record.append("events", [event("e-1", confidence=0.1)])
    assert record.count("events") == 2


def test_a_failing_block_commits_nothing(record: Store) -> None:
    before = record.manifest.generation

    def fail() -> None:
        with record.write() as batch:
            batch.append("events", [event("e-9")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert record.manifest.generation == before
    assert record.count("events") == 1


def test_unknown_columns_and_tables_are_refused(record: Store) -> None:
    with pytest.raises(BadUsage, match="colour"):
        record.append("events", [{"id": "e", "colour": "red"}])
    with pytest.raises(BadUsage, match="no table 'nothing'"):
        record.append("nothing", [])


def test_arrow_tables_go_in_as_they_are(record: Store) -> None:
    rows = pa.table({"id": ["e-8"], "sources": [["FRA"]], "targets": [["DEU"]], "date_start": [date(1999, 1, 1)]})
    record.append("events", rows)
    assert record.events(actor="France").column("targets").to_pylist() == [["DEU"]]


def test_questions_by_pair_actor_type_status_and_time(record: Store) -> None:
    record.append(
        "events",
        [
            event("e-2", "USA", "RUS", type="SANCTION", date_start=date(2014, 3, 1), date_end=date(2014, 3, 31)),
            event("e-3", "CHN", "USA", status="announced"),
        ],
    )

    def ids(**asked: Any) -> list[str]:
        return sorted(record.events(**asked).column("id").to_pylist())

    assert ids(pair="Russia-USA") == ids(pair=("RUS", "USA")) == ids(pair="usa and russia") == ["e-1", "e-2"]
    assert ids(pair="RUS-USA", directed=True) == ["e-1"]
    assert ids(actor="china") == ["e-3"]
    assert ids(type="sanction") == ["e-2"]
    assert ids(type="consult,sanction", status="occurred") == ["e-1", "e-2"]
    assert ids(since="2014-03-15", until="2014") == ["e-2"]
    assert ids(since="2014-04", until="2020") == []
    assert ids(limit=1) in (["e-1"], ["e-3"])


def test_unknown_names_are_told_with_the_nearest(record: Store) -> None:
    with pytest.raises(UnknownName, match="Mauritania"):
        record.events(actor="Mauretanya")
    with pytest.raises(BadUsage, match="SANCTION"):
        record.events(type="sanctoin")
    with pytest.raises(BadUsage, match="occurred"):
        record.events(status="happened")
    with pytest.raises(BadUsage, match="2021-12-15"):
        record.events(since="yesterday")


def test_search_over_evidence(record: Store) -> None:
    assert record.search("CAFE biden").column("event").to_pylist() == ["e-1"]
    assert record.search('"met biden"').num_rows == 1
    assert record.search('"biden met"').num_rows == 0
    assert record.search("bid*").num_rows == 1
    assert record.search("bid").num_rows == 0
    assert record.search("'; drop table reports --").num_rows == 0
    assert record.search("").num_rows == 0


@given(st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_words_are_split_alike_in_python_and_in_the_index(text: str) -> None:
    database = index.Database(Path("/nonexistent"))
    sql = f"select {index.WORDS.format('cast(? as varchar)')}"
    plain = "".join(c for c in text if c.isascii() or c in "éüñçÀÖ’“”—")
    plain = plain.replace("\0", "")
    assert database.rows(sql, [plain]) == [(words(plain),)]


def test_terms() -> None:
    assert terms('Xi "met Putin" nego*') == [" xi ", " met putin ", " nego"]


def test_days() -> None:
    assert day("2020-02", end=True) == date(2020, 2, 29)
    assert day("2021-12", end=True) == date(2021, 12, 31)
    assert day("2014") == date(2014, 1, 1)


def test_explain_shows_the_sentence_in_its_context(record: Store) -> None:
    found = record.explain("e-1")
    assert found.told[0].evidence == "Putin met Biden at a café."
    assert found.told[0].after.startswith(" They spoke")
    assert found.told[0].document is not None and found.told[0].document["title"] == "Talks"
    assert record.explain("r-1").event["id"] == "e-1"
    assert "They" not in json.dumps(found.as_dict()["event"])
    with pytest.raises(UnknownEvent):
        record.explain("e-unknown")


def test_many_small_commits_are_united_and_say_the_same(tmp_path: Path) -> None:
    record = open_record(tmp_path / "r")
    for n in range(70):
        record.append("events", [event(f"e-{n % 30}", confidence=n / 100)])
        record.append("sources", [{"url": f"u{n}", "name": str(n)}])
        if n == 40:
            record.refresh()
    assert len(record.manifest.segments) < 60
    found = {r["id"]: r["confidence"] for r in record.events().to_pylist()}
    assert found == {f"e-{n % 30}": n / 100 for n in range(70)}
    assert record.count("sources") == 70
    files = {p.name for p in (record.path / "segments").iterdir()}
    assert files >= {s.file for s in record.manifest.segments}
    assert harms(record) == []


def test_many_rows_are_counted_in_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = open_record(tmp_path / "r")
    for n in range(3):
        record.append("events", [event(f"e-{k}", confidence=n / 10) for k in range(n, 40)])
    record.rebuild()
    plain = sorted((r["id"], r["confidence"]) for r in record.events().to_pylist())
    monkeypatch.setattr(index, "_BIG", 1)
    monkeypatch.setattr(index, "_COUNTED", 10)
    (record.path / index.FILE).unlink()
    record = open_record(record.path)
    record.rebuild()
    assert sorted((r["id"], r["confidence"]) for r in record.events().to_pylist()) == plain
    assert len(plain) == 40 and dict(plain)["e-1"] == 0.1 and dict(plain)["e-39"] == 0.2


def test_the_newest_row_of_a_key_is_kept_in_order() -> None:
    rows = pa.table({"a": ["x", "y", "x", None, None], "b": [1, 1, 1, 2, 2], "v": [1, 2, 3, 4, 5]})
    assert segments.newest(rows, ["a", "b"])["v"].to_pylist() == [2, 3, 5]
    assert segments.newest(rows.slice(0, 2), ["a", "b"])["v"].to_pylist() == [1, 2]


def test_a_reader_sees_commits_of_a_writer(record: Store) -> None:
    reader = open_record(record.path, create=False)
    assert reader.count("events") == 1
    with record.write() as batch:
        batch.append("events", [event("e-2")])
        assert open_record(record.path).count("events") == 1
    assert reader.count("events") == 2


def test_within_still_all_questions_see_the_same_commit(record: Store) -> None:
    reader = open_record(record.path, create=False)
    with reader.still():
        reader.query("select 1")
        reader.database().run("create temp table mine as select 1 as one")
        with record.write() as batch:
            batch.append("events", [event("e-late")])
        assert "e-late" not in reader.query("select id from events")["id"].to_pylist()
        assert reader.query("select one from mine").num_rows == 1  # the same connection all along
    assert "e-late" in reader.query("select id from events")["id"].to_pylist()


def test_two_writers(record: Store) -> None:
    code = f"""
import sys
from comity.record.store import open_record
with open_record({str(record.path)!r}).lock():
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecordBusy, match=rf"\[C223\].*process {other.pid}"):
            record.append("events", [event("e-2")])
        assert record.count("events") == 1
        other.kill()
    record.append("events", [event("e-2")])
    assert record.count("events") == 2


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_truncated_manifest_is_told_and_put_back(record: Store, length: int) -> None:
    path = record.path / MANIFEST
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DamagedManifest, match="check --repair"):
        open_record(record.path)
    assert record.path.joinpath(TWIN).exists()
    found = open_and_repair(record.path)
    assert found.sound
    assert open_record(record.path).counts()["events"] == 1


def test_a_changed_manifest_is_told(record: Store) -> None:
    path = record.path / MANIFEST
    path.write_text(path.read_text().replace('"rows": 1', '"rows": 7', 1))
    with pytest.raises(DamagedManifest, match="changed"):
        open_record(record.path)


def open_and_repair(folder: Path) -> Any:
    from comity.record.check import check

    return check(folder, repair=True)


@pytest.mark.parametrize("how", ["cut", "flipped", "missing", "zeros"])
def test_a_damaged_segment_is_named_and_set_aside(record: Store, how: str) -> None:
    record.append("quotations", [{"id": "q-1", "document": "d-1", "text": "Well"}])
    segment = record.manifest.of("quotations")[0]
    path = record.path / segments.FOLDER / segment.file
    data = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 64]) + data[middle + 1 :]
        path.write_bytes({"cut": data[:middle], "flipped": flipped, "zeros": bytes(len(data))}[how])
    with pytest.raises(DamagedSegment, match=segment.file):
        open_record(record.path).count("events")
    assert not record.check().sound
    found = record.check(repair=True)
    assert found.sound
    assert found.lost == {"quotations": 1}
    again = open_record(record.path)
    assert again.count("quotations") == 0
    assert again.explain("e-1").told[0].evidence.startswith("Putin")
    assert again.check().sound


def test_wrong_offsets_and_loose_ends_are_found(record: Store) -> None:
    assert record.check().faults == ()
    record.append("reports", [report("r-2", "words that are not there"), report("r-3", "x", document="d-0")])
    record.append("report_events", [{"report": "r-2", "event": "e-0"}])
    told = {(f.code, f.about) for f in record.check().faults}
    assert {("offset", "d-1 r-2"), ("link", "r-3"), ("link", "r-2")} <= told


def test_leftovers_of_a_cut_commit_are_ignored_and_swept(record: Store) -> None:
    left = record.path / segments.FOLDER / "events-00000099-0123456789ab.parquet"
    left.write_bytes(b"PAR1")
    assert open_record(record.path).count("events") == 1
    assert record.check().sound
    assert left.exists()
    record.check(repair=True)
    assert not left.exists()


@pytest.mark.parametrize("step", range(1, 12))
def test_a_full_disk_leaves_what_was_there(record: Store, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The disk is full at the n-th flush of a commit: before the manifest is replaced nothing counts, then all."""
    calls = []
    flush = os.fsync

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == step:
            raise OSError(28, "No space left on device")
        flush(handle)

    monkeypatch.setattr(os, "fsync", full)
    told = ""
    try:
        with record.write() as batch:
            batch.append("events", [event("e-2")])
            batch.append("sources", [{"url": "u"}])
    except RecordNotWritable as error:
        told = str(error)
    monkeypatch.undo()
    assert ("[C224]" in told and "free some space" in told) == (len(calls) >= step)
    again = open_record(record.path)
    assert (again.count("events"), again.count("sources")) in {(1, 0), (2, 1)}
    again.append("events", [event("e-3")])
    again.check(repair=True)
    assert harms(again) == []


def test_a_real_limit_on_file_sizes(record: Store) -> None:
    code = f"""
import resource, signal
from comity.record.store import open_record
from comity.errors import RecordNotWritable
record = open_record({str(record.path)!r})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
try:
    record.append("documents", [{{"id": str(n), "text": str(n ** 50)}} for n in range(9_000)])
except RecordNotWritable as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[C224]" in done.stdout
    assert open_record(record.path).check().sound


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may write everywhere")
def test_a_read_only_folder() -> None:
    with tempfile.TemporaryDirectory() as folder:  # not below pytest's own, which other users cannot enter
        path = filled(Path(folder) / "record").path
        for one in (path, *path.rglob("*"), Path(folder)):
            one.chmod(0o555 if one.is_dir() else 0o444)
        code = f"""
from comity.record.store import open_record
from comity.errors import RecordNotWritable
record = open_record({str(path)!r})
print(record.count("events"))
try:
    record.append("events", [{{"id": "e-2"}}])
except RecordNotWritable as error:
    print(error)
"""
        command = [sys.executable, "-c", code]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        for one in (Path(folder), path, path / segments.FOLDER):
            one.chmod(0o755)
    if "ModuleNotFound" in done.stderr or "execute" in done.stderr:
        pytest.skip("another user cannot run this Python")
    assert done.stdout.startswith("1\n"), done.stderr
    assert "[C224]" in done.stdout and "permissions" in done.stdout


@pytest.mark.parametrize("name", ["a[1]", "what?*", "it's", "Überall – 1"])
def test_folders_with_unusual_names(tmp_path: Path, name: str) -> None:
    if not same_everywhere(tmp_path / name):
        pytest.skip("this locale has no such letters: see the next test")
    record = filled(tmp_path / name)
    assert record.count("events") == 1
    record.rebuild()
    record.append("events", [event("e-2")])
    assert record.count("events") == 2


def test_a_folder_that_the_database_cannot_open_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    for create in (True, False):
        with pytest.raises(BadUsage, match=r"caf\\xe9: the database cannot open .* \(name it in letters of ASCII"):
            open_record(folder, create=create)
    assert not any(tmp_path.iterdir())


def test_a_newer_and_an_older_record_are_told(record: Store) -> None:
    path = record.path / MANIFEST
    held = json.loads(path.read_bytes())
    held["manifest"]["schema"] = 99
    path.write_text(json.dumps(held))
    with pytest.raises(RecordTooNew, match="newer Comity"):
        open_record(record.path)
    held["manifest"]["schema"] = 0
    path.write_text(json.dumps(held))
    with pytest.raises(RecordOutdated, match="comity rebuild"):
        open_record(record.path)


def test_a_migration_renews_every_segment(record: Store) -> None:
    def louder(name: str, rows: pa.Table) -> pa.Table:
        if name != "events":
            return rows
        at = rows.column_names.index("type")
        return rows.set_column(at, "type", pa.array([t.lower() for t in rows.column("type").to_pylist()]))

    with pytest.raises(RecordOutdated):
        migrate(record.path, {}, to=2)
    assert migrate(record.path, {1: louder}, to=2)
    held = json.loads((record.path / MANIFEST).read_bytes())["manifest"]
    assert held["schema"] == 2
    old = msgspec.convert(held | {"schema": 1}, manifest.Manifest)
    manifest.save(record.path, old)
    assert open_record(record.path).events().column("type").to_pylist() == ["consult"]
    assert open_record(record.path).check().sound


def test_nothing_to_migrate(record: Store) -> None:
    assert migrate(record.path) is False


def test_a_record_of_version_1_still_opens(tmp_path: Path) -> None:
    kept = Path(__file__).parent / "data" / "record-v1"
    shutil.copytree(kept, tmp_path / "record")
    migrate(tmp_path / "record")
    record = open_record(tmp_path / "record", create=False)
    assert record.explain("e-1").told[0].evidence == "Putin met Biden at a café."
    assert record.text("d-1") == "Putin met Biden at a café. They spoke at length."
    assert record.check().sound


def test_a_broken_index_is_made_again(record: Store) -> None:
    record.rebuild()
    (record.path / index.FILE).write_bytes(b"not a database")
    assert open_record(record.path).count("events") == 1
    record.rebuild()
    assert open_record(record.path).count("events") == 1


def test_a_record_put_back_from_an_older_copy(record: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(record.path, copy)
    record.append("events", [event("e-2")])
    record.rebuild()
    shutil.copy(record.path / index.FILE, copy / index.FILE)
    assert open_record(copy).count("events") == 1


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 8), st.integers(0, 100)),
        st.tuples(st.just("drop"), st.integers(0, 8), st.just(0)),
        st.tuples(st.sampled_from(["refresh", "rebuild", "reopen"]), st.just(0), st.just(0)),
    ),
    max_size=12,
)


@given(OPERATIONS)
@settings(max_examples=6, deadline=None)
def test_a_record_is_what_was_written_last(tmp_path_factory: pytest.TempPathFactory, operations: list[Any]) -> None:
    record = open_record(tmp_path_factory.mktemp("r") / "record")
    wanted: dict[str, float] = {}
    for what, number, value in operations:
        name = f"e-{number}"
        if what == "put":
            record.append("events", [event(name, confidence=value / 100)])
            wanted[name] = value / 100
        elif what == "drop":
            with record.write() as batch:
                batch.remove("events", [name])
            wanted.pop(name, None)
        elif what == "reopen":
            record.close()
            record = open_record(record.path)
        else:
            getattr(record, what)()
        assert {r["id"]: r["confidence"] for r in record.events().to_pylist()} == wanted


def test_every_table_has_its_key_among_its_columns() -> None:
    for table in TABLES.values():
        assert set(table.key) <= set(table.columns)
