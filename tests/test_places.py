"""Where events happened: names, countries, coordinates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity import Reader
from comity.evaluate.places_score import distance, is_right, score_places
from comity.knowledge.towns import towns
from comity.model import Place

GOLD = Path(__file__).parents[1] / "gold" / "places" / "dev.jsonl"


def places(reader: Reader, text: str) -> list[tuple[str, str | None]]:
    events = reader.text(text, published=date(2020, 6, 1)).events
    return [(e.place.name, e.place.country) for e in events if e.place is not None]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Russia struck the railway station in Kramatorsk with a missile, Ukraine said.", ("Kramatorsk", "UKR")),
        ("Syrian troops shelled Turkish trucks in Tripoli, Lebanon.", ("Tripoli", "LBN")),
        ("NATO jets bombed Libyan troops in Tripoli.", ("Tripoli", "LBY")),
        ("The Houthis hijacked a Japanese freighter in the Red Sea.", ("Red Sea", None)),
        ("Israel attacked the Syrian town of Manbij.", ("Manbij", "SYR")),
        ("Cruise missiles of the United States hit Iraqi radars south of Nasiriyah.", ("Nasiriyah", "IRQ")),
        ("Armenian troops shelled the Azeri town of Sadarak in Nakhchivan.", ("Sadarak", "AZE")),
    ],
)
def test_places_of_events(reader: Reader, text: str, place: tuple[str, str | None]) -> None:
    assert place in places(reader, text)


def test_what_is_said_in_a_place_did_not_happen_there(reader: Reader) -> None:
    text = "Donald Trump said in Hanoi that Pakistan had attacked India."
    events = reader.text(text, published=date(2019, 2, 28)).events
    attacks = [e.place for e in events if e.type == "ASSAULT"]
    assert attacks
    assert all(p is None or p.name != "Hanoi" for p in attacks)


def test_no_place_is_made_up(reader: Reader) -> None:
    assert places(reader, "Germany rejected the request of the United States.") == []


def test_the_table_knows_towns_and_waters() -> None:
    table = towns()
    assert table["strait of hormuz"][0].country == ""
    assert table["paris"][0].country == "FRA"
    assert {c.country for c in table["tripoli"]} >= {"LBY", "LBN"}


def test_distance_of_a_degree_of_latitude() -> None:
    assert abs(distance((0, 10), (1, 10)) - 111.2) < 0.1
    assert is_right(None, None)
    gold = {"names": ["X"], "countries": ["FRA"], "lat": 48.0, "lon": 2.0}
    assert is_right(gold, Place(name="X", country="FRA", lat=48.3, lon=2.1))
    assert not is_right(gold, Place(name="X", country="DEU", lat=48.3, lon=2.1))
    assert not is_right(gold, Place(name="X", country="FRA", lat=49.3, lon=2.1))


def test_the_gold_of_dev_holds(reader: Reader) -> None:
    if not GOLD.is_file():
        pytest.skip("the gold lies in a checkout only")
    scores, notes, _ = score_places(reader, GOLD)
    assert scores["accuracy"] >= 0.9, notes
