"""The tables, their loader, and the actors a user adds."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from comity.errors import BadActorFile, BadKnowledge
from comity.knowledge import (
    Knowledge,
    dropped,
    fold,
    fold_map,
    inspect,
    load,
    load_actors,
    slug,
    surnames,
    with_actors,
)
from comity.knowledge.check import missing_names, unmarked_clashes
from comity.knowledge.loader import FOLDER
from comity.knowledge.records import GROUP_KINDS
from comity.knowledge.tables import day_range

LEADERS = """state,role,title,name,from,until,aliases,gender,source
RUS,head_of_state,President,Vladimir Putin,1999-12-31,2008-05-07,Putin,m,test
RUS,head_of_state,President,Dmitry Medvedev,2008-05-07,2012-05-07,,m,test
RUS,head_of_government,Prime Minister,Vladimir Putin,2008-05-08,2012-05-07,Putin,m,test
RUS,head_of_state,President,Vladimir Putin,2012-05-07,,Putin,m,test
CHN,head_of_state,President,Xi Jinping,2013-03-14,,,m,test
NATO,igo_head,Secretary General,Jens Stoltenberg,2014-10-01,2024-10-01,,m,test
"""


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.csv"):
        if not path.name.startswith("leaders_"):
            shutil.copy(path, tmp_path)
    (tmp_path / "leaders_test.csv").write_text(LEADERS, encoding="utf-8")
    return tmp_path


def codes(known: Knowledge, surface: str) -> set[str]:
    return {name.actor for name in known.named(surface)}


# --- coverage -----------------------------------------------------------------------------------


def test_all_members_of_the_united_nations_are_named(known: Knowledge) -> None:
    members = [s for s in known.states.values() if s.kind == "un_member"]
    assert len(members) == 193
    assert list(missing_names(known)) == []


def test_every_capital_has_its_place(known: Knowledge) -> None:
    placed = {city.country for city in known.cities if city.capital}
    assert {s.code for s in known.states.values() if s.kind == "un_member"} <= placed


def test_tables_have_the_size_they_promise(known: Knowledge) -> None:
    igos = [o for o in known.organisations.values() if o.kind not in ("media", "company", "party")]
    assert len(igos) >= 80
    assert len(known.groups) >= 150
    assert len(known.roles) >= 150
    assert len(known.cities) >= 5000
    assert (FOLDER / "cities.csv").stat().st_size < 600_000


def test_every_row_has_a_source() -> None:
    for path in (*FOLDER.glob("names*.csv"), *FOLDER.glob("leaders_*.csv"), FOLDER / "states.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            bare = [row for row in csv.DictReader(stream) if not (row["source"] or "").strip()]
        assert bare == [], path.name


def test_no_surface_names_two_actors_at_a_time_unmarked(known: Knowledge) -> None:
    assert list(unmarked_clashes(known)) == []


@pytest.mark.parametrize(
    ("surface", "code"),
    [
        ("Kremlin", "RUS"),
        ("the White House", "USA"),
        ("Elysee", "FRA"),
        ("Élysée", "FRA"),
        ("Malacanang", "PHL"),
        ("Casa de Nariño", "COL"),
        ("Peking", "CHN"),
        ("Kiev", "UKR"),
        ("Turkiye", "TUR"),
        ("Burma", "MMR"),
        ("Swaziland", "SWZ"),
        ("Ivorians", "CIV"),
        ("Filipino", "PHL"),
        ("Dutch", "NLD"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
        ("DPRK", "PRK"),
        ("Pequín", "CHN"),
        ("Moscú", "RUS"),
        ("Brussel·les", "BEL"),
        ("Russland", "RUS"),
        ("Stati Uniti", "USA"),
        ("OTAN", "NATO"),
        ("Crimea", "UKR"),
        ("Gaza", "PSE"),
        ("Zaire", "COD"),
        ("Sino", "CHN"),
    ],
)
def test_names(known: Knowledge, surface: str, code: str) -> None:
    assert code in codes(known, surface)


def test_a_name_changes_hands_with_time(known: Knowledge) -> None:
    def holder(surface: str, on: date) -> set[str]:
        return {
            n.actor
            for n in known.named(surface)
            if (n.since or date.min) <= on <= (n.until or date.max) and n.kind in ("capital", "seat")
        }

    assert holder("Moscow", date(1985, 1, 1)) == {"SUN"}
    assert holder("Moscow", date(2021, 1, 1)) == {"RUS"}
    assert holder("the Kremlin", date(1962, 10, 1)) == {"SUN"}
    assert holder("Belgrade", date(1999, 3, 24)) == {"YUG"}
    assert holder("Belgrade", date(2005, 1, 1)) == {"SCG"}
    assert holder("Belgrade", date(2020, 1, 1)) == {"SRB"}


def test_ambiguity_is_said(known: Knowledge) -> None:
    for surface, mark in [("Georgia", "us-state"), ("Turkey", "common-word"), ("Jordan", "person-name")]:
        assert any(mark in name.ambiguous for name in known.named(surface)), surface
    assert all(name.case == "exact" for name in known.named("Turkey") if name.lang == "en")
    assert codes(known, "Kashmir") == {""}


def test_territories_belong_to_somebody(known: Knowledge) -> None:
    for state in known.states.values():
        if state.kind == "territory" and state.code != "ATA":
            assert state.parent, state.code


def test_members_are_codes_of_states(known: Knowledge) -> None:
    assert len(known.organisations["UN"].members) == 193
    assert len(known.organisations["EU"].members) == 27
    assert len(known.organisations["NATO"].members) == 32
    assert known.organisations["G7"].members == ("CAN", "FRA", "DEU", "ITA", "JPN", "GBR", "USA")
    assert {g.kind for g in known.groups.values()} <= set(GROUP_KINDS)


def test_offices_say_where_they_hold(known: Knowledge) -> None:
    offices = {o.key: o for o in known.offices}
    assert offices["chancellor"].states == ("DEU", "AUT")
    assert offices["chancellor of the exchequer"].role == "other_minister"
    assert offices["secretary of state"].role == "foreign_minister"
    assert offices["secretary of state"].states == ("USA",)
    assert offices["prime minister"].plural == "prime ministers"
    assert offices["spokesman"].plural == "spokesmen"
    assert not offices["opposition leader"].acts_for_state


def test_plurals(known: Knowledge) -> None:
    plurals = {p.key: p for p in known.plurals}
    assert plurals["the two powers"].kind == "pair"
    assert plurals["the koreas"].members == ("PRK", "KOR")
    assert plurals["the west"].kind == "vague"


def test_cities(known: Knowledge) -> None:
    assert known.cities_named("Kiev")[0].country == "UKR"
    assert known.cities_named("Camp David")[0].country == "USA"
    assert known.cities_named("Paris")[0].country == "FRA"
    assert known.cities_named("Sharm el-Sheikh")[0].lat == pytest.approx(27.9, abs=0.2)


def test_it_is_read_once() -> None:
    assert load() is load()


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Élysée", "elysee"),
        ("Brussel·les", "brusselles"),
        ("Recep Tayyip ERDOĞAN", "recep tayyip erdogan"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("Sana’a", "sana'a"),
        ("Port–au‑Prince", "port-au-prince"),
        ("  New   York ", "new york"),
        ("Straße", "strasse"),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


def test_fold_map_leads_back() -> None:
    text = "In Straße Brussel·les, İzmir"
    folded, where = fold_map(text)
    assert len(folded) == len(where)
    at = folded.index("brusselles")
    assert text[where[at] : where[at + len("brusselles") - 1] + 1] == "Brussel·les"


def test_dropped_letters() -> None:
    assert dropped("Pequín") == "Pequn"
    assert dropped("món") == "mn"
    assert dropped("Pequi\u0301n") == "Pequn"
    assert slug("Recep Tayyip Erdoğan") == "recep-tayyip-erdogan"


@pytest.mark.parametrize(
    ("name", "state", "wanted"),
    [
        ("Xi Jinping", "CHN", ("Xi",)),
        ("Vladimir Putin", "RUS", ("Putin",)),
        ("Ursula von der Leyen", "DEU", ("von der Leyen", "Leyen")),
        ("Bashar al-Assad", "SYR", ("al-Assad", "Assad")),
        ("Enrique Peña Nieto", "MEX", ("Nieto", "Peña Nieto", "Peña")),
        ("Abiy Ahmed", "ETH", ("Ahmed", "Abiy")),
        ("Lula", "BRA", ()),
    ],
)
def test_surnames(name: str, state: str, wanted: tuple[str, ...]) -> None:
    assert surnames(name, state) == wanted


# --- people by date -----------------------------------------------------------------------------


def test_holders_by_date(folder: Path) -> None:
    known = load(folder)
    assert [t.name for t in known.holders("RUS", "head_of_state", date(2010, 1, 1))] == ["Dmitry Medvedev"]
    assert [t.name for t in known.holders("RUS", "head_of_state", date(2021, 12, 15))] == ["Vladimir Putin"]
    assert known.holders("RUS", "head_of_state", date(1980, 1, 1)) == ()
    handover = known.holders("RUS", "head_of_state", date(2012, 5, 7))
    assert [t.name for t in handover] == ["Vladimir Putin", "Dmitry Medvedev"]


def test_office_of_a_person(folder: Path) -> None:
    known = load(folder)
    held = known.office_of("vladimir-putin", date(2010, 1, 1))
    assert held is not None and held.role == "head_of_government"
    assert known.office_of("vladimir-putin", date(1990, 1, 1)) is None
    nearest = known.nearest_office("vladimir-putin", date(1990, 1, 1))
    assert nearest is not None and nearest.since == date(1999, 12, 31)
    assert len(known.terms_of("vladimir-putin")) == 3


def test_names_of_people(folder: Path) -> None:
    known = load(folder)
    assert [t.person for t in known.persons_on("Putin", date(2021, 1, 1))] == ["vladimir-putin"]
    assert [t.person for t in known.persons_on("XI", date(2021, 1, 1))] == ["xi-jinping"]
    assert known.persons_on("Nobody Known", date(2021, 1, 1)) == ()
    leader = known.leader("NATO", date(2021, 1, 1))
    assert leader is not None and leader.name == "Jens Stoltenberg"


def test_shipped_leaders_of_the_model_article(known: Knowledge) -> None:
    if not known.leaders:
        pytest.skip("no table of leaders yet")
    on = date(2021, 12, 15)
    for state, surname in [("RUS", "Putin"), ("USA", "Biden"), ("CHN", "Xi")]:
        leader = known.leader(state, on)
        assert leader is not None and surname in leader.name


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("QQQ,head_of_state,President,Some One,2000,2001,,m,test", "QQQ"),
        ("RUS,boss,President,Some One,2000,2001,,m,test", "boss"),
        ("RUS,head_of_state,President,Some One,2005,2001,,m,test", "after"),
        ("RUS,head_of_state,President,Some One,2005-13,,,m,test", "2005-13"),
        ("RUS,head_of_state,President,Some One,May 2005,,,m,test", "May 2005"),
        ("RUS,head_of_state,President,Some One,,2005,,m,test", "from"),
        ("RUS,head_of_state,President,,2005,,,m,test", "name"),
        ("RUS,head_of_state,President,Some One,2005,,,x,test", "gender"),
        ("CHN,head_of_state,President,Xi Jinping,2013-03-14,,,m,test", "same"),
    ],
)
def test_bad_rows_name_file_and_line(folder: Path, row: str, word: str) -> None:
    path = folder / "leaders_test.csv"
    path.write_text(LEADERS + row + "\n", encoding="utf-8")
    with pytest.raises(BadKnowledge, match=word) as caught:
        load(folder)
    assert "leaders_test.csv:8" in str(caught.value)
    good, faults = inspect(folder)
    assert len(faults) == 1 and len(good.leaders) == 6


def test_a_code_may_occur_once(folder: Path) -> None:
    with (folder / "groups.csv").open("a", encoding="utf-8") as stream:
        stream.write("RUS,Some Group,,USA,rebel,,,,test\n")
    with pytest.raises(BadKnowledge, match="RUS is also in"):
        load(folder)


def test_wrong_headers_and_files(folder: Path) -> None:
    (folder / "leaders_test.csv").write_text("state,name\nRUS,X\n", encoding="utf-8")
    with pytest.raises(BadKnowledge, match="lacks the column"):
        load(folder)
    (folder / "leaders_test.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadKnowledge, match="UTF-8"):
        load(folder)


def test_the_version_follows_the_tables(folder: Path) -> None:
    before = load(folder).version
    assert load(folder).version == before
    with (folder / "leaders_test.csv").open("a", encoding="utf-8") as stream:
        stream.write("FRA,head_of_state,President,Some One,2005,2006,,m,test\n")
    assert load(folder).version != before


def test_dates_without_month_or_day() -> None:
    assert day_range("2012") == (date(2012, 1, 1), date(2012, 12, 31))
    assert day_range("2012-02") == (date(2012, 2, 1), date(2012, 2, 29))
    assert day_range("2012-02-03") == (date(2012, 2, 3), date(2012, 2, 3))


# --- actors of the user -------------------------------------------------------------------------

CSV = """code,name,kind,aliases,adjectives,capital,leaders
GON,Gondor,state,Realm of Gondor,Gondorian|Gondorians,Minas Tirith,Denethor|Aragorn Elessar
ISE,Isengard,state,,Isengarder,Orthanc,Saruman
ENT,Entmoot,organisation,the Moot,,,
"""
TOML = """
[[actor]]
code = "GON"
name = "Gondor"
adjectives = ["Gondorian"]
leaders = "Denethor"
"""


def test_actor_files(tmp_path: Path, known: Knowledge) -> None:
    path = tmp_path / "actors.csv"
    path.write_text(CSV, encoding="utf-8")
    actors = load_actors(path)
    assert [a.code for a in actors] == ["GON", "ISE", "ENT"]
    more = with_actors(known, actors)
    assert codes(more, "Gondorian") == {"GON"} and codes(more, "minas tirith") == {"GON"}
    assert more.organisations["ENT"].kind == "igo"
    leader = more.leader("ISE", date(2021, 1, 1))
    assert leader is not None and leader.name == "Saruman"
    assert {t.person for t in more.persons_on("Elessar", date(1999, 1, 1))} == {"aragorn-elessar"}
    assert more.version != known.version and "GON" not in known.states


def test_actor_files_in_toml(tmp_path: Path) -> None:
    path = tmp_path / "actors.toml"
    path.write_text(TOML, encoding="utf-8")
    (actor,) = load_actors(path)
    assert actor.adjectives == ("Gondorian",) and actor.leaders == ("Denethor",) and actor.kind == "state"


def test_a_users_actor_replaces_ours(tmp_path: Path, known: Knowledge) -> None:
    path = tmp_path / "actors.csv"
    path.write_text("code,name,kind\nGAO,Georgia,state\n", encoding="utf-8")
    assert codes(with_actors(known, load_actors(path)), "Georgia") == {"GAO"}


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("a.csv", "name,kind\nGondor,state\n", "lacks the column code"),
        ("a.csv", "code,name,colour\nGON,Gondor,red\n", "unknown column"),
        ("a.csv", "code,name\ngon,Gondor\n", "a.csv:2"),
        ("a.csv", "code,name\nGON,\n", "no name"),
        ("a.csv", "code,name,kind\nGON,Gondor,realm\n", "realm"),
        ("a.csv", "code,name\nGON,Gondor\nGON,Gondor\n", "a.csv:3"),
        ("a.csv", "code,name\nGON,Gondor,and,more\n", "too many cells"),
        ("a.csv", "", "lacks the column"),
        ("a.csv", "code,name\n", "no actor"),
        ("a.toml", "actor = 3\n", "no \\[\\[actor\\]\\]"),
        ("a.toml", "[[actor]\n", "no TOML"),
        ("a.toml", "[[actor]]\ncode = 3\nname = 'Gondor'\n", "no text"),
        ("a.toml", "[[actor]]\ncode = 'GON'\nname = 'Gondor'\naliases = 3\n", "no list"),
    ],
)
def test_bad_actor_files(tmp_path: Path, name: str, text: str, word: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadActorFile, match=word):
        load_actors(path)


def test_actor_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadActorFile, match="cannot be opened"):
        load_actors(tmp_path / "absent.csv")
    (tmp_path / "bytes.csv").write_bytes(b"code,name\nGON,\xff\xfe\n")
    with pytest.raises(BadActorFile, match="not UTF-8"):
        load_actors(tmp_path / "bytes.csv")
