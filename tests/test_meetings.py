"""Meetings of persons and states: who is meant, which events are one meeting, what texts claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from comity.cli.meetings import register
from comity.errors import BadUsage, UnknownName
from comity.record.store import Store, open_record
from comity.relations.meetings import meetings
from comity.relations.meetings.find import form
from comity.relations.meetings.who import party

XI = {"role": "source", "name": "Xi Jinping", "state": "CHN", "office": "President", "sector": None}
PUTIN = {"role": "target", "name": "Vladimir Putin", "state": "RUS", "office": "President", "sector": None}
LEADER = {"role": "source", "name": "China leader", "state": "CHN", "office": "leader", "sector": "GOV"}
RUSSIA = {"role": "target", "name": "Russia", "state": "RUS", "office": None, "sector": None}
USHAKOV = {"role": "source", "name": "Yuri Ushakof", "state": "RUS", "office": "aide", "sector": None}


def talk(name: str, day: date, text: str, people: list[dict[str, Any]], **other: Any) -> dict[str, Any]:
    event = {
        "id": name, "type": "CONSULT", "mode": None, "status": "occurred", "sources": ["CHN"], "targets": ["RUS"],
        "date_start": day, "date_end": day, "precision": "day", "symmetric": True, "reports": 1, "outlets": 1,
        "documents": 1, "confidence": 0.8, "first_seen": date(2021, 12, 16),
    }  # fmt: skip
    return {"event": event | other, "text": text, "people": people}


TALKS = [
    talk("moscow", date(2019, 6, 5), "Putin received Xi in the Kremlin.", [XI, PUTIN], mode="visit", place_name="Moscow"),
    talk("same", date(2019, 6, 5), "Xi and Putin talked on Wednesday.", [XI, PUTIN]),
    talk("screen", date(2021, 12, 15), "Xi and Putin spoke by video link.", [XI, PUTIN]),
    talk("call", date(2021, 12, 15), "They telephoned in the evening.", [XI, PUTIN], mode="phone"),
    talk("leader", date(2020, 7, 8), "The Chinese leader called Vladimir Putin.", [LEADER, PUTIN]),
    talk("early", date(2005, 7, 1), "The Chinese leader met Vladimir Putin.", [LEADER, PUTIN]),
    talk("states", date(2020, 9, 10), "Envoys met.", [RUSSIA], mode="third-party"),
    talk("plan", date(2022, 2, 4), "Putin will visit Xi.", [XI, PUTIN], status="announced"),
    talk("aside", date(2020, 3, 3), "China and Russia spoke to Iran.", [XI, PUTIN], sources=["CHN", "RUS"],
         targets=["IRN"], symmetric=False),
    talk("sum", date(2013, 1, 1), "The two have met 37 times since 2013.", [XI, PUTIN], count=37,
         date_end=date(2021, 12, 16), precision="year"),
    talk("less", date(2020, 1, 1), "The states held one round of talks twice in 2020.", [RUSSIA], count=2,
         date_end=date(2020, 12, 31), precision="year"),
    talk("aide", date(2018, 1, 1), "Yuri Ushakof was in Beijing.", [XI, USHAKOV], sources=["RUS"], targets=["CHN"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_record(tmp_path_factory.mktemp("meetings") / "record") as found:
        with found.write() as batch:
            batch.append("documents", [{"id": "d", "published": date(2021, 12, 16), "source": "Times", "text": "."}])
            batch.append("events", [t["event"] for t in TALKS])
            batch.append("reports", [
                {
                    "id": f"r-{t['event']['id']}", "document": "d", "type": "CONSULT", "evidence": t["text"],
                    "confidence": 0.8, "participants": msgspec.json.encode(t["people"]).decode(),
                    "speaker_name": "Dmitry Peskov" if t["event"]["id"] == "sum" else None,
                }
                for t in TALKS
            ])  # fmt: skip
            batch.append("report_events", [{"report": f"r-{n}", "event": n} for t in TALKS if (n := t["event"]["id"])])
        yield found


def test_who_is_meant(store: Store) -> None:
    by = {w: party(store, w).id for w in ("XI-JINPING", "xi jinping", "Putin", "RUS", "Russia", "Georgia", "yuri-ushakof")}
    assert by == {
        "XI-JINPING": "XI-JINPING", "xi jinping": "XI-JINPING", "Putin": "VLADIMIR-PUTIN", "RUS": "RUS",
        "Russia": "RUS", "Georgia": "GEO", "yuri-ushakof": "YURI-USHAKOF",
    }  # fmt: skip


def test_unknown_and_ambiguous_names(store: Store) -> None:
    with pytest.raises(UnknownName, match=r"Xi Jinping \(XI-JINPING\)"):
        party(store, "Xi Jinpin")
    with pytest.raises(UnknownName, match="GEORGE-W-BUSH"):
        party(store, "Bush")
    with pytest.raises(UnknownName):
        party(store, "Qqqqzzz")
    with pytest.raises(BadUsage):
        meetings(store, "RUS", "Russia")


def test_meetings_of_persons(store: Store) -> None:
    found = meetings(store, "XI-JINPING", "Vladimir Putin")
    assert [(m.events, m.form, m.place) for m in found] == [
        (("moscow", "same"), "visit", "Moscow"),
        (("leader",), "unknown", None),
        (("call",), "phone", None),
        (("screen",), "video", None),
    ]
    assert found.years == {"2019": 1, "2020": 1, "2021": 2} and found.forms == {
        "visit": 1, "video": 1, "phone": 1, "unknown": 1,
    }  # fmt: skip
    assert found[0].people == (("Xi Jinping", "CHN"), ("Vladimir Putin", "RUS")) and found[0].reports == 2
    assert found[0].evidence == "Putin received Xi in the Kremlin."


def test_claims_stand_beside_what_is_held(store: Store) -> None:
    claims = {c.event: c for c in meetings(store, "XI-JINPING", "VLADIMIR-PUTIN").claims}
    assert (claims["sum"].count, claims["sum"].held, claims["sum"].level, claims["sum"].speaker) == (
        37, 4, "parties", "Dmitry Peskov",
    )  # fmt: skip
    assert claims["sum"].difference == (
        "a text claims 37 meetings since 1 Jan 2013 by 16 Dec 2021, the record holds 4: 33 are not in it"
    )
    assert (claims["less"].level, claims["less"].held) == ("states", 1)
    states = {c.event: c for c in meetings(store, "RUS", "CHN").claims}
    assert states["less"].level == "parties" and states["less"].difference.endswith("holds 2: both agree")


def test_meetings_of_states(store: Store) -> None:
    found = meetings(store, "RUS", "China", since="2005", until="2020")
    assert [m.events[0] for m in found] == ["early", "aide", "moscow", "same", "leader", "states"]
    three = meetings(store, "RUS", "CHN", "IRN")
    assert [m.events for m in three] == [("aside",)]
    assert meetings(store, "XI-JINPING", "YURI-USHAKOF")[0].events == ("aide",)
    none = meetings(store, "FRA", "DEU")
    assert not len(none) and not none.claims and none.to_arrow().num_rows == 0


@pytest.mark.parametrize(
    ("mode", "text", "place", "wanted"),
    [
        ("visit", "by video", None, "visit"), ("phone", "They spoke by video conference.", None, "video"),
        (None, "He telephoned her.", None, "phone"), (None, "They shook hands.", None, "in person"),
        (None, "They held talks.", "Geneva", "in person"), (None, "They held talks.", None, "unknown"),
        ("third-party", "Oman brought them together.", None, "third-party"),
    ],
)  # fmt: skip
def test_forms(mode: str | None, text: str, place: str | None, wanted: str) -> None:
    assert form(mode, [text], place) == wanted


def run(*words: str) -> Any:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["meetings", *words], catch_exceptions=False)


def test_command(store: Store, tmp_path: Path) -> None:
    where = ["--record", str(store.path)]
    shown = run("XI-JINPING", "Putin", *where).output
    assert "4 meetings" in shown and "37 meetings since 1 Jan 2013" in shown and "Moscow" in shown
    told = msgspec.json.decode(run("XI-JINPING", "Putin", "--json", *where).output)
    assert told["total"] == 4 and told["claims"][0]["count"] in (2, 37)
    assert len(run("RUS", "CHN", "--csv", *where).output.splitlines()) == 9
    assert "no meeting of Russia and France" in run("RUS", "FRA", *where).stderr
    with open_record(tmp_path / "empty"):
        pass
    assert "no events yet" in run("RUS", "FRA", "--record", str(tmp_path / "empty")).stderr
