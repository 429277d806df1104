"""Event sets of others into a record: every layout, damaged rows, codes, and nothing twice."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import exchange as cli
from comity.errors import BadUsage, NoEventFiles
from comity.exchange.codes import Codes, rows
from comity.exchange.importing import import_events
from comity.exchange.model import ImportSummary
from comity.exchange.sets.gdelt import columns
from comity.exchange.sets.icews import COLUMNS as ICEWS
from comity.exchange.sets.phoenix import DAILY
from comity.exchange.sets.polecat import COLUMNS as POLECAT
from comity.record.names import TYPES
from comity.record.store import Store, open_record


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_record(tmp_path / "record")


def gdelt_row(number: int = 61, **values: object) -> str:
    full = {
        "GLOBALEVENTID": 1, "SQLDATE": 20211215, "Actor1Code": "RUSGOV", "Actor1Name": "RUSSIA",
        "Actor1CountryCode": "RUS", "Actor1Type1Code": "GOV", "Actor2Code": "CHN", "Actor2Name": "CHINA",
        "Actor2CountryCode": "CHN", "EventCode": "042", "NumMentions": 7, "NumSources": 3, "NumArticles": 5,
        "ActionGeo_FullName": "Moscow, Russia", "ActionGeo_CountryCode": "RS", "ActionGeo_Lat": 55.75,
        "ActionGeo_Long": 37.6, "SOURCEURL": "https://example.org/a",
    } | values  # fmt: skip
    return "\t".join(str(full.get(c, "")) for c in columns(number))


def table_row(names: tuple[str, ...], **values: object) -> str:
    return "\t".join(str(values.get(n.replace(" ", "_"), "")) for n in names)


def brought(store: Store, name: str, path: Path, text: str | bytes) -> ImportSummary:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_events(store, name, [str(path)])


def kinds(summary: ImportSummary) -> dict[str, int]:
    return {o.kind: o.count for o in summary.oddities}


def test_every_code_is_of_plover_and_every_actor_is_known(codes: Codes) -> None:
    modes = {(r["type"], r["mode"]) for r in _knowledge("modes.csv")}
    for row in codes.cameo.values():
        assert row.type is None or row.type in TYPES
        assert row.mode is None or (row.type, row.mode) in modes, row
    assert {r["type"] for r in rows("acled.csv")} <= {*TYPES, ""}
    for name in ("actors.csv", "fips.csv"):
        assert [r for r in rows(name) if not codes.knowledge.is_actor(r["code"])] == []


def _knowledge(name: str) -> list[dict[str, str]]:
    import csv

    import comity.knowledge

    with (Path(comity.knowledge.__file__).parent / "data" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_cameo_codes_and_names(codes: Codes) -> None:
    act = codes.act("0431")  # no such fourth digit: its beginning tells
    assert act is not None and (act.type, act.mode, act.cameo) == ("CONSULT", "visit", "043")
    named = codes.act("Threaten non force")
    assert named is not None and named.type == "THREATEN"
    statement = codes.act("Make statement")
    assert statement is not None and statement.type is None and statement.cameo == "010"
    assert codes.act("999") is None and codes.act("no such thing") is None


@pytest.mark.parametrize("number", [57, 58, 61])
def test_gdelt(store: Store, tmp_path: Path, number: int) -> None:
    summary = brought(store, "gdelt", tmp_path / "a.export.CSV", gdelt_row(number) + "\n")
    assert (summary.added, summary.dropped, summary.oddities) == (1, 0, ())
    event = store.events().to_pylist()[0]
    assert (event["type"], event["mode"], event["status"]) == ("CONSULT", "visit", "occurred")
    assert (event["sources"], event["targets"]) == (["RUS"], ["CHN"])
    assert event["date_start"] == event["date_end"] == date(2021, 12, 15)
    assert (event["reports"], event["outlets"], event["documents"]) == (7, 3, 5)
    assert (event["place_country"], event["place_lat"]) == ("RUS", 55.75)
    told = store.explain(event["id"]).told[0].report
    assert json.loads(told["extra"])["url"] == (None if number == 57 else "https://example.org/a")
    assert json.loads(told["participants"])[0]["sector"] == "GOV"


def test_gdelt_groups_and_cameo_countries(store: Store, tmp_path: Path) -> None:
    text = "\n".join([
        gdelt_row(GLOBALEVENTID=1, Actor1CountryCode="", Actor1KnownGroupCode="UNO", Actor2CountryCode="ROM"),
        gdelt_row(GLOBALEVENTID=2, Actor1CountryCode="", Actor1KnownGroupCode="HEZ", Actor2CountryCode="PAL"),
        gdelt_row(GLOBALEVENTID=3, Actor1CountryCode="", Actor1Name="POLICE"),
    ])  # fmt: skip
    summary = brought(store, "gdelt", tmp_path / "a.CSV", text)
    sides = {(tuple(e["sources"]), tuple(e["targets"])) for e in store.events().to_pylist()}
    assert sides == {(("UN",), ("ROU",)), (("HEZBOLLAH",), ("PSE",)), ((), ("CHN",))}
    assert summary.actors_unknown == {"POLICE": 1}


def test_damaged_rows_of_gdelt_are_counted_and_the_others_kept(store: Store, tmp_path: Path) -> None:
    good = [gdelt_row(GLOBALEVENTID=n).encode() for n in range(3)]
    bad = [
        b"only\tfour\tcolumns\there",
        gdelt_row(GLOBALEVENTID=10, SQLDATE="20211399").encode(),
        gdelt_row(GLOBALEVENTID=11, SQLDATE="").encode(),
        gdelt_row(GLOBALEVENTID=12, EventCode="X").encode(),
        gdelt_row(GLOBALEVENTID=13, EventCode="").encode(),
        gdelt_row(GLOBALEVENTID=14, Actor1Name="", Actor1CountryCode="", Actor2Name="", Actor2CountryCode="").encode(),
        gdelt_row(GLOBALEVENTID=15).encode() + b"\tone more",
    ]
    odd = [
        gdelt_row(GLOBALEVENTID=20, ActionGeo_FullName="S\xe3o Paulo").encode("latin-1"),
        gdelt_row(GLOBALEVENTID=21, ActionGeo_Lat="955.0").encode(),
        gdelt_row(GLOBALEVENTID=22, ActionGeo_FullName='a "stray quote').encode(),
        gdelt_row(GLOBALEVENTID=23, ActionGeo_FullName="re\rturn").encode() + b"\r",
        gdelt_row(GLOBALEVENTID=24, ActionGeo_FullName="nu\0ovo").encode(),
        gdelt_row(GLOBALEVENTID=0).encode(),
    ]
    summary = brought(store, "gdelt", tmp_path / "a.CSV", b"\n".join([*good, *bad, b"", *odd]))
    assert kinds(summary) == {
        "wrong number of columns (fewer than 61)": 1,
        "wrong number of columns (more than 61)": 1,
        "date that cannot be read": 1,
        "no date": 1,
        "unknown code of what happened": 1,
        "no code of what happened": 1,
        "no actor": 1,
        "not UTF-8, read as Windows-1252": 1,
        "place outside the world": 1,
        "carriage return inside a line": 1,
        "null bytes": 1,
        "same event again in these files": 1,
    }
    assert summary.rows == len(good) + len(bad) + len(odd)
    assert (summary.added, summary.dropped, summary.known) == (8, len(bad) + 1, 0)
    assert summary.rows == summary.added + summary.dropped + summary.known
    examples = {o.kind: o.examples[0] for o in summary.oddities if o.examples}
    assert examples["date that cannot be read"].startswith("line 5: 10 | 20211399")
    places = {e["place_name"] for e in store.events().to_pylist()}
    assert {"São Paulo", 'a "stray quote', "re turn", "nuovo"} <= places


def test_the_same_again_adds_nothing_also_in_part(store: Store, tmp_path: Path) -> None:
    first = "\n".join(gdelt_row(GLOBALEVENTID=n) for n in range(5))
    more = "\n".join(gdelt_row(GLOBALEVENTID=n) for n in range(3, 8))
    assert brought(store, "gdelt", tmp_path / "a.CSV", first).added == 5
    again = brought(store, "gdelt", tmp_path / "b.CSV", first)
    assert (again.added, again.known) == (0, 5)
    generation = store.manifest.generation
    partly = brought(store, "gdelt", tmp_path / "c.CSV", more)
    assert (partly.added, partly.known) == (3, 2)
    assert store.manifest.generation > generation
    assert store.count("events") == store.count("reports") == store.count("report_events") == 8
    replaced = import_events(store, "gdelt", [str(tmp_path / "a.CSV")], again=True)
    assert replaced.added == 5
    assert store.count("events") == 8
    assert store.count("runs") == 3


def test_icews(store: Store, tmp_path: Path) -> None:
    head = "\t".join(ICEWS)
    lines = [
        table_row(ICEWS, Event_ID=1, Event_Date="2014-03-18", Source_Name="Vladimir Putin", Source_Country="Russian Federation",
                  Source_Sectors="Government", Event_Text="Criticize or denounce", CAMEO_Code="111", Target_Name="Citizen (Ukraine)",
                  Target_Country="Ukraine", City="Moscow", Country="Russian Federation", Latitude="55.7", Longitude="37.6"),
        table_row(ICEWS, Event_ID=2, Event_Date="2014-03-18", Source_Name="United Nations", Event_Text="Make statement",
                  CAMEO_Code="10", Target_Name="Police (India)"),
        table_row(ICEWS, Event_ID=3, Event_Date="18/03/2014x", Source_Name="A", Event_Text="Consult", CAMEO_Code="040"),
    ]  # fmt: skip
    summary = brought(store, "icews", tmp_path / "a.tab", "\n".join([head, *lines]) + "\n")
    events = {e["cameo"]: e for e in store.events().to_pylist()}
    assert kinds(summary) == {"date that cannot be read": 1}
    assert (events["111"]["sources"], events["111"]["targets"], events["111"]["type"]) == (["RUS"], ["UKR"], "ACCUSE")
    assert events["111"]["place_country"] == "RUS"
    assert (events["10"]["sources"], events["10"]["targets"]) == (["UN"], ["IND"])


def test_the_columns_of_the_benchmark_file(store: Store, tmp_path: Path) -> None:
    table = pa.table({
        "s": [0, 1], "r": [0, 1], "o": [2, 3], "date": ["2018-01-01 00:00:00", "2018-01-02 00:00:00"],
        "sn": ["Donald Trump", "Wang Yi"], "on": ["North Korea", "Police (Philippines)"],
        "rn": ["Threaten", "fight with small arms and light weapons"], "a": ["USA", None], "b": ["PRK", None],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    summary = import_events(store, "icews", [str(tmp_path / "a.parquet")])
    found = [(e["sources"], e["type"], e["mode"], e["targets"]) for e in store.events().to_pylist()]
    assert found == [(["USA"], "THREATEN", None, ["PRK"]), (["CHN"], "ASSAULT", "firearms", ["PHL"])]
    assert summary.layouts == {str(tmp_path / "a.parquet"): "ICEWS benchmark"}


def test_polecat(store: Store, tmp_path: Path) -> None:
    lines = [
        table_row(POLECAT, Event_ID="x1", Event_Date="2022-05-01", Event_Type="CONSULT", Event_Mode="visit", Contexts="military",
                  Actor_Name="Nancy Pelosi; Antony Blinken", Actor_Country="USA; USA", Recipient_Name="Volodymyr Zelenskyy",
                  Recipient_Country="UKR", Placename="Kyiv", Country="UKR", Latitude="50.4", Longitude="30.5"),
        table_row(POLECAT, Event_ID="x2", Event_Date="2022-05-01", Event_Type="DANCE", Actor_Name="NATO", Recipient_Country="RUS"),
    ]  # fmt: skip
    for name, delimiter in (("a.txt", "\t"), ("a.csv", ",")):
        text = "\n".join(["\t".join(POLECAT), *lines]).replace("\t", delimiter)
        summary = brought(store, "polecat", tmp_path / name, text)
        assert kinds(summary) == {"unknown code of what happened": 1}
    event = store.events().to_pylist()[0]
    assert store.count("events") == 1
    assert (event["type"], event["mode"], event["sources"], event["targets"]) == ("CONSULT", "visit", ["USA"], ["UKR"])


def test_phoenix_with_and_without_a_head(store: Store, tmp_path: Path) -> None:
    values = {
        "eventid": "1_x", "date": "20150704", "sourceactorfull": "IGOUNO", "sourceactorentity": "IGO",
        "targetactorfull": "SYRGOV", "targetactorentity": "SYR", "targetactorrole": "GOV", "eventcode": "111",
        "lat": "33.5", "lon": "36.3", "locationname": "Damascus", "countrycode": "SYR",
    }  # fmt: skip
    assert brought(store, "phoenix", tmp_path / "a.txt", table_row(DAILY, **values) + "\n").added == 1
    event = store.events().to_pylist()[0]
    assert (event["type"], event["sources"], event["targets"]) == ("ACCUSE", ["UN"], ["SYR"])
    head = "eid,story_date,year,month,day,source,source_root,source_agent,target,target_root,code,lat,lon,placename"
    row = '7,1979-11-04,1979,11,4,IRNGOV,IRN,GOV,USA,USA,181,35.7,51.4,"Tehran, Iran"'
    assert brought(store, "phoenix", tmp_path / "b.csv", f"{head}\n{row}\n").added == 1
    event = store.events(type="ASSAULT").to_pylist()[0]
    assert (event["sources"], event["mode"], event["place_name"]) == (["IRN"], "abduct", "Tehran, Iran")


ACLED_HEAD = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,location,latitude,longitude,notes,fatalities"


def test_acled(store: Store, tmp_path: Path) -> None:
    lines = [
        'UKR1,24 February 2022,1,Explosions/Remote violence,Air/drone strike,Military Forces of Russia (2000-),Civilians (Ukraine),'
        'Ukraine,Kyiv,50.4,30.5,"On 24 February, ""shells"" fell,\nand more.",3',
        "NGA1,2021-05-05,3,Protests,Peaceful protest,Protesters (Nigeria),,Nigeria,Lagos,6.5,3.4,=1+1,0",
        "XXX1,2021-05-05,1,Fishing,Trout,Someone,,Nigeria,Lagos,6.5,3.4,no,0",
    ]  # fmt: skip
    summary = brought(store, "acled", tmp_path / "a.csv", "\n".join([ACLED_HEAD, *lines]) + "\n")
    assert kinds(summary) == {"unknown code of what happened": 1}
    strike = store.events(type="ASSAULT").to_pylist()[0]
    assert (strike["mode"], strike["sources"], strike["targets"]) == ("aerial", ["RUS"], ["UKR"])
    assert store.explain(strike["id"]).told[0].report["evidence"] == 'On 24 February, "shells" fell,\nand more.'
    assert store.search("shells fell").num_rows == 1
    protest = store.events(type="PROTEST").to_pylist()[0]
    assert (protest["date_start"], protest["date_end"]) == (date(2021, 5, 1), date(2021, 5, 31))


def test_a_quotation_mark_that_stays_open_costs_one_row(store: Store, tmp_path: Path) -> None:
    lines = [f"NGA{n},2021-05-05,1,Protests,Peaceful protest,Protesters (Nigeria),,Nigeria,Lagos,6.5,3.4,x,0" for n in range(200)]
    lines[50] = lines[50].replace(",x,", ',"never closed,')
    lines[120] = lines[120].replace(",x,", ',"a"b","c,')  # even, and still wrong
    summary = brought(store, "acled", tmp_path / "a.csv", "\n".join([ACLED_HEAD, *lines]) + "\n")
    assert kinds(summary)["quotation mark that is not closed"] >= 1
    assert summary.added >= 198


def test_packed_and_cut_files(store: Store, tmp_path: Path) -> None:
    text = "\n".join(gdelt_row(GLOBALEVENTID=n) for n in range(400)).encode() + b"\n"
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("20211215.export.CSV", text)
    assert import_events(store, "gdelt", [str(tmp_path / "a.zip")]).added == 400
    packed = gzip.compress(text, compresslevel=0)
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    other = open_record(tmp_path / "other")
    summary = import_events(other, "gdelt", [str(tmp_path / "cut.gz")])
    assert kinds(summary)["file cut or damaged"] == 1
    assert 150 < summary.added < 250


def test_what_is_no_such_file_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("name,age\nAnn,7\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "zip.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "not.parquet").write_bytes(b"PAR1 and nothing more PAR1")
    (tmp_path / "utf16.csv").write_bytes("GLOBALEVENTID,SQLDATE".encode("utf-16"))
    summary = import_events(store, "gdelt", [str(tmp_path / "*.*")])
    assert {Path(k).name: v[1:5] for k, v in summary.failed.items()} == {
        "wrong.csv": "C160", "empty.csv": "C160", "zip.zip": "C161", "not.parquet": "C161", "utf16.csv": "C161",
    }  # fmt: skip
    with pytest.raises(NoEventFiles):
        import_events(store, "gdelt", [str(tmp_path / "absent.csv")])
    with pytest.raises(BadUsage):
        import_events(store, "cow", [str(tmp_path / "wrong.csv")])


def app() -> typer.Typer:
    found = typer.Typer()
    cli.register(found)
    return found


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_text(gdelt_row() + "\nshort\tline\n")
    record = tmp_path / "rec"
    arguments = ["import", "gdelt", str(tmp_path / "a.CSV"), "--record", str(record)]
    dry = CliRunner().invoke(app(), [*arguments, "--dry-run", "--json"])
    assert dry.exit_code == 0 and json.loads(dry.stdout)["added"] == 1
    assert not record.exists()
    done = CliRunner().invoke(app(), arguments)
    assert done.exit_code == 0
    assert "1 added" in done.stderr and "left out: 1 wrong number of columns" in done.stderr
    assert open_record(record).count("events") == 1
    (tmp_path / "b.CSV").write_text("nothing like it")
    failed = CliRunner().invoke(app(), [*arguments, str(tmp_path / "b.CSV"), "--quiet"])
    assert failed.exit_code == 1 and "C160" in failed.stderr
