"""Descriptions that knowledge of the world resolves, names a letter off, and what a word of kind says of a state."""

from __future__ import annotations

from datetime import date

import pytest

from comity.evaluate.reference_score import understood
from comity.knowledge import load
from comity.knowledge.skeleton import skeleton
from comity.model import Mention
from comity.reader import Reader


def mention(reader: Reader, text: str, day: str, words: str) -> Mention | None:
    """The longest mention that ends with the last of these words."""
    end = text.index(words) + len(words)
    found = [m for m in understood(reader, text, date.fromisoformat(day)).mentions if m.end == end]
    return max(found, key=lambda m: m.end - m.start, default=None)


STATES = [
    ("Venezuela's bonds fell. The White House lent nothing to the OPEC member.", "2017-08-25", "the OPEC member", "VEN"),
    ("Guards hold the president of Niger. Paris calls for calm in its former colony.", "2023-07-27", "colony", "NER"),
    ("French helicopters fired in Abidjan. The former colonial power backs Ouattara.", "2011-04-11", "power", "FRA"),
    ("The volcano cut the cable. Australia sent ships to the Pacific kingdom.", "2022-01-15", "kingdom", "TON"),
    ("Morocco's king smiled in Laayoune. Algiers is angry. The former occupier is silent.", "1976-05-20", "occupier", "FRA"),
    ("Abiy Ahmed won. The Horn of Africa nation had fought Eritrea.", "2019-10-11", "Horn of Africa nation", "ETH"),
    ("Donald Trump put tariffs on the world's second-largest economy.", "2018-09-21", "economy", "CHN"),
    ("Donald Trump envies the world's second-largest economy.", "2005-09-21", "economy", "JPN"),
    ("New Delhi closed its airspace. Islamabad fears the world's largest democracy.", "2016-11-08", "democracy", "IND"),
    ("Gunmen crossed the fence. Israel swore to destroy the rulers of Gaza.", "2023-10-08", "rulers of Gaza", "HAMAS"),
    ("The ministers met in Ecuator on Monday.", "2008-03-01", "Ecuator", "ECU"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "words", "code"), STATES, ids=[s[2] + s[1] for s in STATES])
def test_a_description_is_the_state_that_it_fits(reader: Reader, text: str, day: str, words: str, code: str) -> None:
    found = mention(reader, text, day, words)
    assert found is not None and {a.state for a in found.actors} == {code}


@pytest.mark.parametrize(
    ("text", "day", "words", "name"),
    [
        ("Fernando Lugo won. The former bishop wants more from Brazil.", "2008-04-20", "bishop", "Fernando Lugo"),
        ("Emmanuel Macron took office. The 39-year-old flew to Berlin.", "2017-05-14", "old", "Emmanuel Macron"),
        ("Netanyahu won. The Likud leader refused a state.", "2015-03-20", "leader", "Benjamin Netanyahu"),
        ("Donald Trump won. The Republican will call Moscow.", "2024-11-06", "Republican", "Donald Trump"),
        ("Vaclav Havel flew to Moscow. The playwright smiled.", "1990-02-26", "playwright", "Vaclav Havel"),
    # to whom somebody does something he is not himself, nor one of several who do it to him
    ("Golda Meir held the hand of Willy Brandt. The exile kissed her.", "1973-06-08", "exile", "Willy Brandt"),
    ("Boris Yeltsin spoke. Kohl and Mitterrand smiled; both invited the winner.", "1991-08-22", "winner", "Boris Yeltsin"),
    ("The president Buch gave Baghdad two days.", "2003-03-18", "Buch", "George W. Bush"),
        ("Moubarak does not go.", "2011-02-10", "Moubarak", "Hosni Mubarak"),
    ],
)
def test_a_description_is_the_person_named_before(reader: Reader, text: str, day: str, words: str, name: str) -> None:
    found = mention(reader, text, day, words)
    assert found is not None and found.actors[0].id == "person:" + name.lower().replace(" ", "-").replace(".", "")


def test_a_province_of_no_state_is_nobody(reader: Reader) -> None:
    text = "Quebec stayed by a hair. Paris had been ready to recognise the French-speaking province."
    assert mention(reader, text, "1995-10-30", "the French-speaking province") is None


def test_a_spokesman_of_the_state_department_is_american(reader: Reader) -> None:
    text = "Syria will leave Lebanon. A State Department spokesman called it too little."
    found = mention(reader, text, "2005-03-05", "State Department spokesman")
    assert found is not None and found.actors[0].state == "USA"


def test_short_names_are_mended_behind_a_title_alone() -> None:
    known, on = load(), date(2003, 3, 18)
    assert known.spelt_like("Buch", on) is None
    term = known.spelt_like("Buch", on, titled=True)
    assert term is not None and term.name == "George W. Bush"
    assert known.state_spelt_like("Ecuator") == "ECU" and known.state_spelt_like("Peru") is None


def test_slavic_names_sound_alike_however_they_end() -> None:
    assert skeleton("Milosevic") == skeleton("Miloshevich") == skeleton("Milosevitch")
