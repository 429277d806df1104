"""The leaders' tables: agreement with REIGN, and facts that are beyond doubt."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from loading import script

from comity.knowledge import Knowledge, inspect

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "comity" / "knowledge" / "data"
REIGN = ROOT.parent / "shared" / "data" / "leaders" / "reign-leaders-to-2021-03.csv"
APART = ("leaders_groups", "leaders_organisations")
OWN = tuple(p.name for p in sorted(FOLDER.glob("leaders_*.csv")) if p.stem not in APART)
FLOOR = 0.975


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    return script("training/check_leaders.py")


@pytest.fixture(scope="module")
def known() -> Knowledge:
    knowledge, faults = inspect(FOLDER)
    assert not [f for f in faults if "leaders_" in str(f)]
    return knowledge


def rows() -> list[dict[str, str]]:
    out: list[dict[str, str]] = []
    for path in sorted(FOLDER.glob("leaders_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            out += csv.DictReader(lines)
    return out


def test_terms_agree_with_reign(checker: ModuleType) -> None:
    if not REIGN.is_file():
        pytest.skip("the shared REIGN table is not beside this checkout")
    states: set[str] = set()
    for name in OWN:
        with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
            states |= {row["state"] for row in csv.DictReader(lines)}
    table = checker.codes()
    found = [f for f in checker.findings(REIGN) if states & set(table[f.theirs.state])]
    assert len(found) > 1400
    assert not [f.theirs for f in found if f.kind == "missing"]
    assert checker.rate(found) >= FLOOR


def test_checker_sees_a_wrong_date(checker: ModuleType) -> None:
    def span(name: str, since: str, until: str) -> object:
        day = checker.day_range
        return checker.Span("USA", name, day(since), day(until), checker.words(name))

    theirs = span("Clinton", "1993-01-20", "2001-01")
    assert checker.judge(theirs, [span("Bill Clinton", "1993-01-20", "2001-01-20")]).kind == "agrees"
    assert checker.judge(theirs, [span("Bill Clinton", "1993-03-20", "2001-01-20")]).kind == "differs"
    assert checker.judge(theirs, [span("Bill Clinton", "1993-01-20", "2001-06-20")]).kind == "differs"
    assert checker.judge(theirs, [span("Al Gore", "1993-01-20", "2001-01-20")]).kind == "missing"
    halves = [span("Bill Clinton", "1993-01-20", "1997-01-20"), span("Bill Clinton", "1997-01-20", "2001-01-20")]
    assert checker.judge(theirs, halves).kind == "agrees"
    gap = [span("Bill Clinton", "1993-01-20", "1996-01-20"), span("Bill Clinton", "1997-01-20", "2001-01-20")]
    assert checker.judge(theirs, gap).kind == "differs"


@pytest.mark.parametrize(
    ("state", "role", "on", "name"),
    [
        ("USA", "head_of_state", date(1990, 8, 2), "George H. W. Bush"),
        ("USA", "head_of_state", date(2000, 7, 1), "Bill Clinton"),
        ("USA", "head_of_state", date(2001, 9, 11), "George W. Bush"),
        ("USA", "head_of_state", date(2011, 5, 2), "Barack Obama"),
        ("USA", "head_of_state", date(2018, 6, 12), "Donald Trump"),
        ("USA", "head_of_state", date(2022, 2, 24), "Joe Biden"),
        ("USA", "head_of_state", date(2025, 3, 1), "Donald Trump"),
        ("USA", "foreign_minister", date(2003, 2, 5), "Colin Powell"),
        ("USA", "foreign_minister", date(2010, 1, 1), "Hillary Clinton"),
        ("USA", "defence_minister", date(2003, 3, 20), "Donald Rumsfeld"),
        ("USA", "deputy", date(2003, 3, 20), "Dick Cheney"),
        ("SUN", "head_of_state", date(1990, 6, 1), "Mikhail Gorbachev"),
        ("RUS", "head_of_state", date(1993, 10, 4), "Boris Yeltsin"),
        ("RUS", "head_of_state", date(2010, 4, 8), "Dmitry Medvedev"),
        ("RUS", "head_of_government", date(2010, 4, 8), "Vladimir Putin"),
        ("RUS", "head_of_state", date(2014, 3, 18), "Vladimir Putin"),
        ("RUS", "foreign_minister", date(2014, 3, 18), "Sergei Lavrov"),
        ("RUS", "defence_minister", date(2022, 2, 24), "Sergei Shoigu"),
        ("UKR", "head_of_state", date(2022, 2, 24), "Volodymyr Zelensky"),
        ("GBR", "head_of_government", date(2003, 3, 20), "Tony Blair"),
        ("GBR", "head_of_government", date(2016, 6, 23), "David Cameron"),
        ("FRA", "head_of_state", date(2003, 3, 20), "Jacques Chirac"),
        ("FRA", "foreign_minister", date(2003, 2, 14), "Dominique de Villepin"),
        ("DEU", "head_of_government", date(1990, 10, 3), "Helmut Kohl"),
        ("DEU", "head_of_government", date(2015, 9, 4), "Angela Merkel"),
        ("TUR", "head_of_government", date(2010, 5, 31), "Recep Tayyip Erdoğan"),
        ("TUR", "head_of_state", date(2016, 7, 15), "Recep Tayyip Erdoğan"),
        ("GEO", "head_of_state", date(2008, 8, 8), "Mikheil Saakashvili"),
        ("YUG", "head_of_state", date(1999, 3, 24), "Slobodan Milošević"),
        ("VEN", "head_of_state", date(2006, 9, 20), "Hugo Chávez"),
        ("CUB", "head_of_state", date(1996, 2, 24), "Fidel Castro"),
        ("UN", "igo_head", date(2003, 3, 20), "Kofi Annan"),
        ("NATO", "igo_head", date(1999, 3, 24), "Javier Solana"),
        ("IAEA", "igo_head", date(2005, 10, 7), "Mohamed ElBaradei"),
    ],
)
def test_who_held_office(known: Knowledge, state: str, role: str, on: date, name: str) -> None:
    assert [t.name for t in known.holders(state, role, on)] == [name]


def test_short_forms_lead_to_the_person(known: Knowledge) -> None:
    for short, person in {
        "lula": "luiz-inacio-lula-da-silva",
        "amlo": "andres-manuel-lopez-obrador",
        "gorbachov": "mikhail-gorbachev",
        "eltsin": "boris-yeltsin",
        "zelenskyy": "volodymyr-zelensky",
        "lukashenka": "alexander-lukashenko",
        "zapatero": "jose-luis-rodriguez-zapatero",
    }.items():
        assert person in known.short_names[short], short


def test_rows_are_whole() -> None:
    table = rows()
    assert len(table) >= 3000
    assert {r["gender"] for r in table} <= {"m", "f"}
    keys = [(r["state"], r["role"], r["title"], r["name"], r["from"]) for r in table]
    twice = {k for k in keys if keys.count(k) > 1} if len(set(keys)) < len(keys) else set()
    assert not twice
    genders: dict[str, set[str]] = {}
    for row in table:
        genders.setdefault(row["name"], set()).add(row["gender"])
    assert not [name for name, seen in genders.items() if len(seen) > 1]
