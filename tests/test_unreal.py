"""What is told as made up, played or taken back has not been; what is looked back on has no day of today."""

from __future__ import annotations

from datetime import date

import pytest

from comity.model import Event
from comity.reader import Reader

MADE_UP = [
    "In her novel Malaysia invades Singapore.",
    "The film, in which North Korea bombs Los Angeles, opens on Friday.",
    "In a war game held in Newport last week, China invaded Taiwan.",
    'His book "How Russia Sold Alaska to America" has been translated into Spanish.',
    'The headline "Poland attacks Germany" was withdrawn after an hour.',
    "Germany destroyed Brazil 7-1 in Belo Horizonte.",
    "The American cockroach has invaded Portugal.",
    "The Norwegian elkhound threatened the Finnish spitz.",
]
REAL = [
    "In a letter to the Security Council, Sudan said that Chad had bombed two of its villages.",
    "In the film, which opens on Friday, the director recalls that Turkey invaded Cyprus in 1974.",
    "The documentary shows how Soviet soldiers shot Polish officers at Katyn.",
    "Israel killed 10-15 fighters of Hezbollah on Sunday, the army said.",
    '"Israel attacked us," said the Lebanese president in Beirut.',
    "A Danish dog handler was shot by Swedish police on Tuesday.",
]
TAKEN_BACK = [
    "We reported earlier that Serbia had closed its border with Kosovo. It has not; the crossing is open.",
    "An earlier version said that Uganda had bombed a Rwandan camp. In fact no bombs fell.",
    "The false alarm told people in Hawaii that North Korea had fired a missile at them.",
    "An April Fool's report that Sweden had annexed the Åland islands from Finland was believed by two agencies.",
    "Greece came within an hour of shelling Turkish positions in 1996.",
    "Far from attacking Syria, Israel withdrew its troops from Syria.",
]
STANDING = [
    "Officials said that Peru had expelled the ambassador of Mexico. It did so after a second warning.",
    "The newspaper said that Japan had recalled its envoy from Seoul. It is wrong to punish a friend, the paper added.",
    "An earlier report by the UN said that Uganda had looted Congolese gold.",
    "Within an hour of the shelling of Turkish positions by Greece, Athens apologised.",
]
LOOKED_BACK = [
    "German president Frank-Walter Steinmeier visited Athens on Thursday and said he was sorry for the massacre of Greek villagers by German soldiers.",
    "The Netherlands said on Monday that it would pay compensation for the executions of Indonesians by Dutch soldiers.",
    "A British inquiry opened on Monday into the shooting of Afghan prisoners by British soldiers.",
    "The two presidents met on Thursday on the bridge where Serbs had shot at Albanians.",
]
TODAY = [
    "The Syrian president apologised for the shelling of Turkish villages on Wednesday.",
    "Serbs shot at Albanians on Thursday.",
    "Turkey condemned the massacre of Syrian villagers by Russian soldiers.",
]
PUBLISHED = date(2024, 6, 14)


def events(reader: Reader, text: str) -> tuple[Event, ...]:
    return reader.text(text, published=PUBLISHED).events


@pytest.mark.parametrize("text", MADE_UP)
def test_what_is_made_up_is_no_act(reader: Reader, text: str) -> None:
    assert not events(reader, text)


@pytest.mark.parametrize("text", REAL)
def test_what_is_told_in_earnest_is_one(reader: Reader, text: str) -> None:
    assert any(e.type == "ASSAULT" and e.status == "occurred" for e in events(reader, text))


@pytest.mark.parametrize("text", TAKEN_BACK)
def test_what_is_taken_back_has_not_been(reader: Reader, text: str) -> None:
    found = [e for e in events(reader, text) if e.type in {"ASSAULT", "SANCTION", "COERCE"}]
    assert found and all(e.status == "negated" for e in found), found


@pytest.mark.parametrize("text", STANDING)
def test_what_nobody_takes_back_has_been(reader: Reader, text: str) -> None:
    assert all(e.status == "occurred" for e in events(reader, text) if e.type != "ACCUSE")


@pytest.mark.parametrize(
    "text",
    [
        "The Arab states backed Morocco, except Algeria, which defended the Spanish position.",
        "The Arab states backed Morocco, less Algeria, to the joy of Madrid.",
        "All Arab states except Algeria backed Morocco.",
        "The Gulf states, with the exception of Algeria, backed Morocco.",
    ],
)
def test_who_is_excepted_does_nothing(reader: Reader, text: str) -> None:
    assert not [e for e in events(reader, text) if e.type == "SUPPORT" and "DZA" in e.sources and "MAR" in e.targets]


@pytest.mark.parametrize("text", LOOKED_BACK)
def test_what_is_looked_back_on_has_no_day(reader: Reader, text: str) -> None:
    found = [e for e in events(reader, text) if e.type == "ASSAULT"]
    assert found and all(e.date.start is None for e in found), found


@pytest.mark.parametrize("text", TODAY)
def test_what_is_news_has_its_day(reader: Reader, text: str) -> None:
    found = [e for e in events(reader, text) if e.type == "ASSAULT"]
    assert found and all(e.date.start is not None for e in found), found
