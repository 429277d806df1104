"""Names in questions: leaders, offices and organs stand for their actor, and it is said how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_record import filled
from typer.testing import CliRunner

from comity.cli.main import app
from comity.errors import BadPeriod, UnknownName
from comity.record.names import Names

NAMES = Names()


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("Erdogan", "TUR", "Recep Tayyip Erdoğan acts (President since 2014)"),
        ("President Xi", "CHN", "Xi Jinping"), ("VLADIMIR-PUTIN", "RUS", "Vladimir Putin"),
        ("Merkel", "DEU", "acted (Chancellor from 2005 to 2021)"), ("Bush", "USA", "GEORGE-W-BUSH"),
        ("Shevardnadze", "GEO", "also Soviet Union (SUN)"), ("von der Leyen", "EU", "also Germany (DEU)"),
        ("the Russian president", "RUS", "Russia"), ("president of France", "FRA", "France"),
        ("Security Council", "UN", "whose organ it is"), ("European Commission", "EU", "whose organ it is"),
        ("Moscow", "RUS", "or give SUN"), ("Hizbollah", "HEZBOLLAH", ""), ("Red Cross", "ICRC", ""),
        ("Russia", "RUS", ""), ("sun", "SUN", ""), ("Georgia", "GEO", ""), ("Jordan", "JOR", ""),
    ],
)  # fmt: skip
def test_who_is_meant(text: str, code: str, told: str) -> None:
    found = NAMES.meant(text)
    assert found.code == code == NAMES.actor(text)
    assert told in found.how and bool(found.how) == bool(told)


def test_several_of_a_name_and_none() -> None:
    with pytest.raises(UnknownName, match=r"António Guterres \(ANTONIO-GUTERRES\)"):
        NAMES.meant("Guterres")
    with pytest.raises(UnknownName, match="Mauritania"):
        NAMES.meant("Mauretanya")
    for vague in ("president", "of", "the", "", "opposition leader"):
        with pytest.raises(UnknownName):
            NAMES.meant(vague)
    with pytest.raises(UnknownName, match="give TUR: Turkey"):
        NAMES.code("Erdogan")  # a correction names actors, not persons


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Vladimir Putin", ["Vladimir Putin"]), ("Putin Xi", ["Putin", "Xi"]), ("RUS-CHN", ["RUS", "CHN"]),
        ("Angela Merkel Vladimir Putin", ["Angela Merkel", "Vladimir Putin"]), ("South Korea", ["South Korea"]),
        ("Saudi Arabia Iran", ["Saudi Arabia", "Iran"]), ("Russia and China", ["Russia", "China"]),
        ("Bosnia and Herzegovina", ["Bosnia and Herzegovina"]), ("Foo Bar", ["Foo Bar"]),
        ("Bosnia and Herzegovina Serbia", ["Bosnia and Herzegovina", "Serbia"]),
    ],
)  # fmt: skip
def test_where_one_name_ends(text: str, parts: list[str]) -> None:
    assert NAMES.parts(text) == parts


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return filled(tmp_path / "record").path


def run(record: Path, *args: str) -> Any:
    return CliRunner().invoke(app, [*args, "--record", str(record)])


def test_a_question_says_how_it_was_understood(record: Path) -> None:
    found = run(record, "show", "Putin", "Obama")
    assert found.exit_code == 0
    assert "Putin is taken for Russia (RUS), for which Vladimir Putin acts" in found.stderr
    assert "comity search Obama" in found.stderr and "e-1" in found.stdout
    plain = run(record, "show", "Russia", "--json")
    assert plain.stdout == run(record, "show", "Kremlin", "--json").stdout and not plain.stderr
    assert "more than a pair" in str(run(record, "show", "Russia", "China", "Obama").exception)


@pytest.mark.parametrize(
    "words",
    [
        ("show",), ("show", "Russia"), ("pledges",), ("meetings", "Russia", "China"), ("relation", "Russia", "China"),
        ("export", "--out", "never.csv"),
    ],
)  # fmt: skip
def test_days_the_wrong_way_round_are_refused(record: Path, words: tuple[str, ...]) -> None:
    found = run(record, *words, "--since", "2020", "--until", "2015-03")
    assert isinstance(found.exception, BadPeriod) and "2015-03-31" in str(found.exception)
    assert not Path("never.csv").exists()
