"""Selections of a record out: every format, whole files, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from comity.cli import exchange as cli
from comity.errors import BadUsage, CannotWrite
from comity.exchange.cells import cell, guarded, tab, write_csv
from comity.exchange.codes import Codes
from comity.exchange.exporting import Selection, export
from comity.exchange.formats.cameo import Backwards
from comity.exchange.formats.graphml import clean
from comity.exchange.importing import import_events
from comity.record.names import TYPES
from comity.record.store import Store, open_record
from comity.version import VERSION

KEEP = ("type", "sources", "targets", "date_start")


def event(number: int, **values: object) -> dict[str, object]:
    return {
        "id": f"e-{number}", "type": "CONSULT", "mode": "visit", "cameo": "042", "status": "occurred",
        "sources": ["RUS"], "targets": ["CHN"], "date_start": "2021-12-15", "date_end": "2021-12-15",
        "precision": "day", "reports": 1, "outlets": 1, "documents": 1, "stories": 1, "confidence": 0.8,
    } | values  # fmt: skip


EVENTS = (
    event(1, place_name="Beijing", place_country="CHN", place_lat=39.9, place_lon=116.4),
    event(2, type="ASSAULT", mode="crowd-control", cameo="175", sources=["HEZBOLLAH"], targets=["ISR"]),
    event(3, type="SUPPORT", mode=None, cameo=None, sources=["UN", "EU"], targets=["UKR", "PSE"]),
    event(4, status="announced", place_name="=cmd|' /C calc'!A0"),
    event(5, type=None, mode=None, cameo="010", sources=["USA"], targets=["HOUTHI"]),
    event(6, type="RETREAT", mode="resign", cameo="0831", sources=["XKX"], targets=[]),
    event(7, type="SANCTION", mode="convict", cameo="116", sources=["ICC"], targets=["SDN"], date_start="1999-01-02"),
)


def test_what_is_no_file_is_written_into_and_a_link_followed(store: Store, tmp_path: Path) -> None:
    pipe, link, there = tmp_path / "pipe", tmp_path / "link", tmp_path / "there"
    os.mkfifo(pipe)
    there.write_text("old")
    link.symlink_to(there)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert export(store, "csv", pipe).events == len(EVENTS)
    assert pipe.is_fifo() and os.read(reading, 100).startswith(b"id")
    os.close(reading)
    export(store, "csv", link)
    assert link.is_symlink() and there.read_text().startswith("id")
    assert export(store, "csv", "/dev/null").events == len(EVENTS) and Path("/dev/null").is_char_device()
    with pytest.raises(BadUsage, match="goes to a file"):
        export(store, "csv", "-")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_stays(store: Store, tmp_path: Path) -> None:
    kept = tmp_path / "kept.csv"
    kept.write_text("old")
    kept.chmod(0o444)
    with pytest.raises(CannotWrite):
        export(store, "csv", kept)
    assert kept.read_text() == "old"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = open_record(tmp_path_factory.mktemp("record"))
    with found.write() as batch:
        from datetime import date

        listed = [{**e, **{k: date.fromisoformat(str(e[k])) for k in ("date_start", "date_end")}} for e in EVENTS]
        batch.append("events", listed)
        batch.append("documents", [{"id": "d-1", "title": "Talks", "source": "Wire", "url": "https://example.org"}])
        parts = [{"role": "source", "name": "Vladimir Putin", "state": "RUS", "office": "President"}]
        batch.append("reports", [
            {"id": f"i-{n}", "document": "d-1" if n == 1 else None, "type": "CONSULT", "evidence": "=They met." if n == 1 else None,
             "participants": json.dumps(parts) if n == 1 else None, "run": "r-1"} for n in range(1, 8)
        ])  # fmt: skip
        batch.append("report_events", [{"report": f"i-{n}", "event": f"e-{n}"} for n in range(1, 8)])
        batch.append("runs", [{"id": "r-1", "program": "test", "model": "first reader"}])
    return found


def written(store: Store, name: str, tmp_path: Path, selection: Selection | None = None) -> bytes:
    export(store, name, tmp_path / "out", selection)
    return (tmp_path / "out").read_bytes()


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    for made in (guarded(text), cell(text), cell([text]), tab(text)):
        assert not str(made).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded(text).endswith(text)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2))
def test_csv_comes_back_as_it_was_but_for_the_guard(values: list[str]) -> None:
    out = io.BytesIO()
    assert write_csv(out, [{"a": values[0], "b": values[1]}], ("a", "b")) == 1
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))
    assert rows == [["a", "b"], [guarded(v) for v in values]]


@given(st.text())
def test_a_cell_of_tabs_is_one_cell(text: str) -> None:
    assert not set(tab(text)) & set("\t\n\r")


@given(st.text())
def test_xml_has_only_its_characters(text: str) -> None:
    ElementTree.fromstring(b"<a/>" if not (made := clean(text)) else f"<a>{_escaped(made)}</a>".encode())


def _escaped(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(text)


def test_numbers_stay_numbers() -> None:
    assert (cell(-3), cell(-1.5), cell(None), cell(True)) == (-3, -1.5, None, "true")


def test_csv_jsonl_and_parquet_hold_the_selection(store: Store, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(written(store, "csv", tmp_path).decode(), newline="")))
    assert {r["id"] for r in rows} == {e["id"] for e in EVENTS}
    assert next(r for r in rows if r["id"] == "e-3")["targets"] == "UKR PSE"
    assert next(r for r in rows if r["id"] == "e-4")["place_name"].startswith("'=cmd")
    chosen = Selection(pair=("RUS", "CHN"), status="occurred", since="2021", until="2021-12-15", min_confidence=0.5)
    lines = [json.loads(x) for x in written(store, "jsonl", tmp_path, chosen).splitlines()]
    assert [x["id"] for x in lines] == ["e-1"]
    assert pq.read_table(io.BytesIO(written(store, "parquet", tmp_path, chosen))).column("id").to_pylist() == ["e-1"]


@pytest.mark.parametrize("name", ["gdelt", "icews", "polecat"])
def test_there_and_back_keeps_type_actors_and_date(store: Store, tmp_path: Path, name: str) -> None:
    summary = export(store, name, tmp_path / "out")
    wanted = []
    for row in store.events(status="occurred").to_pylist():
        if name == "polecat":
            wanted += [{k: row[k] for k in KEEP}] if row["type"] else []
        else:
            pairs = [([s], [t] if t else []) for s in row["sources"] for t in row["targets"] or [""]]
            wanted += [{**{k: row[k] for k in KEEP}, "sources": s, "targets": t} for s, t in pairs]
    back = open_record(tmp_path / "back")
    came = import_events(back, name, [str(tmp_path / "out")])
    assert (came.added, came.dropped) == (len(wanted), 0)
    got = [{k: row[k] for k in KEEP} for row in back.events().to_pylist()]
    assert sorted(got, key=str) == sorted(wanted, key=str)
    assert summary.left_out == (2 if name == "polecat" else 1)
    assert "status" in summary.why_left_out or name == "polecat"


def test_every_type_and_mode_comes_back_through_cameo() -> None:
    codes = Codes()
    back = Backwards(codes)
    modes = {(r.type, r.mode) for r in codes.cameo.values() if r.type}
    for type_, mode in {*modes, *((t, None) for t in TYPES), *((t, "no-such-mode") for t in TYPES)}:
        code = back.code({"type": type_, "mode": mode, "cameo": None})
        assert code is not None
        act = codes.act(code.code)
        assert act is not None and act.type == type_


def test_every_actor_that_has_a_code_comes_back() -> None:
    codes = Codes()
    back = Backwards(codes)
    known = codes.knowledge
    for code in (*known.states, *known.organisations, *known.groups):
        country, group = back.actor(code)
        found = codes.country(country) if country else codes.group(group) if group else code
        assert found == code


def test_geojson_puts_longitude_first(store: Store, tmp_path: Path) -> None:
    found = json.loads(written(store, "geojson", tmp_path))
    assert found["type"] == "FeatureCollection"
    assert [f["geometry"]["coordinates"] for f in found["features"]] == [[116.4, 39.9]]


def test_graphml_counts_by_type(store: Store, tmp_path: Path) -> None:
    space = "{http://graphml.graphdrawing.org/xmlns}"
    root = ElementTree.fromstring(written(store, "graphml", tmp_path))
    edges = {(e.get("source"), e.get("target")): {d.get("key"): d.text for d in e} for e in root.iter(space + "edge")}
    assert edges["RUS", "CHN"]["events"] == edges["RUS", "CHN"]["CONSULT"] == "2"
    assert {("UN", "UKR"), ("UN", "PSE"), ("EU", "UKR"), ("EU", "PSE")} <= set(edges)
    nodes = {n.get("id"): {d.get("key"): d.text for d in n} for n in root.iter(space + "node")}
    assert nodes["HEZBOLLAH"] == {"name": "Hezbollah", "kind": "group"}
    assert {k for e in edges.values() for k in e} <= {k.get("id") for k in root.iter(space + "key")}


def test_followthemoney_has_whom_its_events_name(store: Store, tmp_path: Path) -> None:
    entities = [json.loads(x) for x in written(store, "ftm", tmp_path).splitlines()]
    ids = [e["id"] for e in entities]
    assert len(ids) == len(set(ids))
    schemata = {e["schema"] for e in entities}
    assert schemata == {"Event", "PublicBody", "Organization", "Person"}
    for entity in entities:
        links = entity["properties"].get("organizer", []) + entity["properties"].get("involved", [])
        assert set(links) <= set(ids)
    assert next(e for e in entities if e["schema"] == "Person")["properties"]["name"] == ["Vladimir Putin"]


def test_prov_leads_from_event_to_document(store: Store, tmp_path: Path) -> None:
    found = json.loads(written(store, "prov", tmp_path, Selection(pair="RUS-CHN", status="occurred", since="2021")))
    links = {(d["prov:generatedEntity"], d["prov:usedEntity"]) for d in found["wasDerivedFrom"].values()}
    assert links == {("comity:e-1", "comity:i-1"), ("comity:i-1", "comity:d-1")}
    assert {i for pair in links for i in pair} <= set(found["entity"])
    assert found["activity"]["comity:r-1"]["comity:program"] == "test"


@pytest.mark.parametrize("name", ["bundle", "bundle.zip", os.fsdecode(b"b\xfcndel")])
def test_a_bundle_describes_and_checks_itself(store: Store, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    for _ in range(2):  # over an older one too
        export(store, "bundle", target, Selection(type="CONSULT"))
    if name.endswith(".zip"):
        with zipfile.ZipFile(target) as archive:
            archive.extractall(tmp_path / "unpacked")
        target = tmp_path / "unpacked" / "bundle"
    sums = dict(reversed(line.split("  ")) for line in (target / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {p.name for p in target.iterdir()} - {"SHA256SUMS"}
    for file, digest in sums.items():
        assert hashlib.sha256((target / file).read_bytes()).hexdigest() == digest
    package = json.loads((target / "datapackage.json").read_text())
    assert package["selection"] == {"type": "CONSULT"}
    citation = (target / "CITATION.txt").read_text(encoding="utf-8")
    kept = package["record"]["hash"].removeprefix("sha256:")
    assert len(kept) == 64 and kept in citation
    assert all(version in citation for version in (VERSION, package["knowledge"], *package["model"]))
    for resource in package["resources"]:
        assert (target / resource["path"]).is_file()
        assert [f["name"] for f in resource["schema"]["fields"] if not f["description"]] == []
    rows = list(csv.DictReader((target / "reports.csv").open(newline="", encoding="utf-8")))
    assert {r["evidence"] for r in rows} == {"'=They met.", ""}
    assert sorted(p.name for p in tmp_path.iterdir() if ".part" in p.name or ".old" in p.name) == []


def test_a_bundle_spares_other_folders(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    with pytest.raises(CannotWrite):
        export(store, "bundle", tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "dear"


def test_formats_that_are_not_and_places_that_cannot_be_written(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadUsage):
        export(store, "dbase", tmp_path / "out")
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        export(store, "csv", tmp_path / "file" / "out.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_command_and_an_empty_selection(store: Store, tmp_path: Path) -> None:
    app = typer.Typer()
    cli.register(app)
    for name in ("graphml", "bundle"):
        out = tmp_path / name
        arguments = ["export", "Russia", "China", "--as", name, "--out", str(out), "--record", str(store.path)]
        done = CliRunner().invoke(app, [*arguments, "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)["events"] == 2
        empty = CliRunner().invoke(app, [*arguments, "--since", "2035"])
        assert empty.exit_code == 0 and "No event is so" in empty.stderr
