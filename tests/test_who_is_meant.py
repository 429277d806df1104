"""Who is meant where the story alone tells it: bodies without a state, several, titles, friends, interviews."""

from __future__ import annotations

from datetime import date

import pytest

from comity.evaluate.reference_score import understood
from comity.knowledge import load
from comity.model import Document, Mention
from comity.reader import Reader
from comity.understand.actors.gazetteer import Gazetteer
from comity.understand.actors.interviews import interviewed


def mention(reader: Reader, text: str, day: str, words: str) -> Mention | None:
    """The longest mention that ends with the last of these words."""
    end = text.index(words) + len(words)
    found = [m for m in understood(reader, text, date.fromisoformat(day)).mentions if m.end == end]
    return max(found, key=lambda m: m.end - m.start, default=None)


MEANT = [
    # bodies that every state has are of where the story happens
    ("Kazakh police fired on miners in Zhanaozen. Paris was shocked. The government is silent.", "2011-12-20", "government", "KAZ"),
    # and of whose people are named rather than of a state that is named in passing
    ("Suharto resigned. Habibie, who studied in Germany, took over. The armed forces will protect them.", "1998-05-22", "armed forces", "IDN"),
    ("Blinken regretted it, but the foreign ministry in view is Cuban. Cuba waits.", "2023-01-02", "foreign ministry", "CUB"),
    # who does it to several is none of them
    ("Peru and Ecuador shot at each other. Washington urged both governments to stop.", "1995-02-01", "both governments", "ECU+PER"),
    ("India and Pakistan exchanged fire. John Kerry telephoned both ministers.", "2014-10-09", "both ministers", "IND+PAK"),
    # those whom the sentence itself names together
    ("Egypt closed the canal to Israel. Eden and Mollet had agreed on it, and the two ministers smiled.", "1956-11-02", "the two ministers", "FRA+GBR"),
    ("Moscow talked to Kabul. Rao and Bhutto shook hands; both went home.", "1994-01-10", "both", "IND+PAK"),
    ("Ethiopia and Eritrea fight. Bonn and Rome used the pause that the two governments had kept.", "1998-06-07", "the two governments", "ERI+ETH"),
    # a word for one of a people is somebody of it who serves no state, where nothing else tells of that people
    ("Saddam kept waiting. Blix came to see him. The Swede smiled.", "2003-02-08", "The Swede", "UN"),
    ("Bin Laden escaped. The Saudi had left the camp.", "1998-08-21", "The Saudi", "ALQAEDA"),
    # titles
    ("Syria bombed Aleppo. Only Iran stood by it. The supreme leader sent money.", "2016-10-01", "supreme leader", "IRN"),
    ("Lee Myung-bak landed on the rocks off Japan. The emperor stayed silent.", "2012-08-12", "emperor", "JPN"),
    # the other side
    ("Moscow sent tanks. Poland wrote to Berlin. Kravchuk warned that the northern neighbour was arming.", "1993-09-23", "northern neighbour", "RUS"),
    ("Senegal complained. Its only neighbour is not told. Gambia closed the bridge to its neighbour.", "2005-09-01", "to its neighbour", "SEN"),
    ("Hezbollah fired rockets. Israel blames the group's patron.", "2006-07-13", "patron", "IRN"),
    ("The Houthis seized a ship. Their Iranian backers denied it.", "2023-11-20", "Iranian backers", "IRN"),
    ("South Korean marines fired back. The northerners warned Seoul.", "2010-11-24", "northerners", "PRK"),
    # an office that few states have; one of those who serve somebody; what "of" tells
    ("Warsaw's prime minister, Donald Tusk, came to Berlin. The chancellor received him.", "2014-03-11", "The chancellor", "DEU"),
    ("Angola fights UNITA. A spokesman for President Laurent Kabila laughed.", "1998-05-09", "A spokesman", "COD"),
    ("Canada is shocked. Agents of the Indian government had a hand in it.", "2023-09-19", "Agents", "IND"),
    ("American missiles struck Khartoum. Pakistan protested that missiles had crossed its airspace.", "1998-08-21", "that missiles", "USA"),
    ("ISLAMABAD: A Foreign Office spokesman rejected the charge.", "2024-03-10", "Foreign Office spokesman", "PAK"),
    ("The Foreign Office in Berlin summoned the Iranian envoy.", "2022-09-28", "Foreign Office in Berlin", "DEU"),
    ("The Foreign Office advised against travel to Iran.", "2020-01-05", "Foreign Office", "GBR"),
    # of two states with one adjective that whose leader or capital is named, else the one that is more often meant
    ("The Congolese president, Felix Tshisekedi, met Kagame.", "2022-12-10", "Congolese president, Felix Tshisekedi", "COD"),
    ("Brazzaville was shelled. Congolese troops attacked Angola.", "1998-12-10", "Congolese troops", "COG"),
    ("Congolese troops attacked Angola.", "1998-12-10", "Congolese troops", "COD"),
    ("Danilo Medina spoke. Dominican troops stopped Haitians.", "2016-12-10", "Dominican troops", "DOM"),
    # whose word it is stands between commas
    ("Rwanda, UN experts write, has armed the rebels.", "2022-12-10", "UN experts", "UN"),
    ("US, UK troops struck the Houthis.", "2024-01-12", "US, UK troops", "GBR+USA"),
    # nobody's name behind it
    ("The Ecuadorean foreign minister landed. He laughed.", "1995-11-30", "He", "ECU"),
    ("Kyiv rejects the plan. Vasily Nebenzya, his Russian colleague, agreed.", "2022-03-02", "Russian colleague", "RUS"),
    # adjectives behind their noun, as machines translate
    ("Mali freed them. The president Ivorian thanked Lome.", "2023-01-08", "president Ivorian", "CIV"),
    ("Berlin waits. The government Greek protested.", "2015-01-08", "government Greek", "GRC"),
    # forces led by a state, ships of its navy
    ("US-led forces bombed Baghdad.", "1991-01-17", "US-led forces", "USA"),
    ("Russia fired near HMS Defender.", "2021-06-23", "HMS", "GBR"),
    ("The USS Cole was attacked in Aden.", "2000-10-13", "Aden", "YEM"),
    # names
    ("The surcoreanos blame Pyongyang.", "2010-05-20", "surcoreanos", "KOR"),
    ("Haig spoke with London and Buenos Aires.", "1982-04-12", "Haig", "USA"),
    ("Poroshenko asked the alliance for ships, and Stoltenberg agreed.", "2018-11-29", "alliance", "NATO"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "words", "codes"), MEANT, ids=[s[2] + s[1] for s in MEANT])
def test_words_are_the_states_that_the_story_tells(
    reader: Reader, text: str, day: str, words: str, codes: str
) -> None:  # fmt: skip
    found = mention(reader, text, day, words)
    assert found is not None and "+".join(sorted({a.state or "" for a in found.actors})) == codes


NOBODY = [
    ("Atlanta counts. Sonny Perdue said that Georgia votes.", "2006-08-20", "Georgia"),
    ("Turkey and Israel ended a military pact.", "2010-06-02", "military"),
    ("London expressed its firm opposition.", "2020-07-05", "firm opposition"),
    ("London expressed its firm opposition.", "2020-07-05", "firm"),
    ("Russia and Ukraine exchanged fire.", "2015-07-05", "fire"),
    ("Kenya waits. A press service said nothing.", "2015-07-05", "press"),
    ("The chief executive of the airline criticised Italy.", "2007-07-20", "chief executive"),
    ("Macedonia fears ethnic Albanian gunmen.", "2001-02-27", "Albanian"),
    ("In Beijing, on 14 May 2018, nothing happened.", "2018-05-14", "May"),
]


@pytest.mark.parametrize(("text", "day", "words"), NOBODY, ids=[n[2] + n[1] for n in NOBODY])
def test_words_that_name_nobody(reader: Reader, text: str, day: str, words: str) -> None:
    assert mention(reader, text, day, words) is None


def test_whoever_is_named_by_his_trade_is_no_ruler(reader: Reader) -> None:
    found = mention(reader, "Beijing, July 4 (reporter Li): all is well.", "2020-07-05", "reporter Li")
    assert found is not None and found.actors[0].state is None


PEOPLE = [
    ("American troops landed in Haiti. Cedras had dined with Carter. The ex-president offered him a pardon.", "1994-09-19", "The ex-president", "Jimmy Carter"),
    # who ruled until today counts as a ruler, whatever he does next
    ("On Friday Nazarbayev resigned.", "2019-03-21", "Nazarbayev", "Nursultan Nazarbayev"),
    # who alone has a name and ruled long ago, where his state is told
    ("Gunmen in Afghanistan hanged Najibullah.", "1996-09-28", "Najibullah", "Mohammad Najibullah"),
    ("Washington waits. The president-elect wrote to Moscow.", "2016-11-20", "president-elect", "Donald Trump"),
    ("Mandela had received Kabila. The South African could not move him.", "1997-05-15", "The South African", "Nelson Mandela"),
    ("The UN envoy to Angola, Alioune Blondin Beye, wept.", "1998-05-09", "Beye", "Alioune Blondin Beye"),
    ("Muse Bihi Abdi signed in Somaliland. Bihi was pleased.", "2024-01-03", "Bihi", "Muse Bihi Abdi"),
    ("Jimmy Carter flew to Seoul. The ex-president met nobody.", "1994-06-20", "ex-president", "Jimmy Carter"),
]


@pytest.mark.parametrize(("text", "day", "words", "name"), PEOPLE, ids=[p[2] for p in PEOPLE])
def test_a_part_of_a_name_and_a_past_office_are_the_person(
    reader: Reader, text: str, day: str, words: str, name: str
) -> None:  # fmt: skip
    end = text.rindex(words) + len(words)
    ids = {m.actors[0].id for m in understood(reader, text, date.fromisoformat(day)).mentions if m.end == end}
    assert "person:" + name.lower().replace(" ", "-") in ids


TALK = """An interview with the foreign minister of Lithuania, Gabrielius Landsbergis.

Question: Will you close the border?

Answer: We have agreed with Poland. I told the Americans so.
"""


def spoken(document: Document) -> list[tuple[str, str | None]]:
    return [(document.text[m.start : m.end], m.actors[0].state) for m in document.mentions if m.how == "pronoun"]


def test_in_an_interview_i_we_and_you_are_who_is_interviewed(reader: Reader) -> None:
    document = understood(reader, TALK, date(2022, 9, 2))
    assert spoken(document) == [("you", "LTU"), ("We", "LTU"), ("I", "LTU")]


def test_a_text_that_is_no_interview_has_nobody_who_answers(reader: Reader) -> None:
    plain = TALK.replace("An interview with", "Yesterday we met")
    document = understood(reader, plain, date(2022, 9, 2))
    assert interviewed(document) is None and spoken(document) == []


def test_a_professor_answers_for_no_state(reader: Reader) -> None:
    text = TALK.replace("the foreign minister of Lithuania, Gabrielius Landsbergis", "Professor Eleanor Marsh")
    assert spoken(understood(reader, text, date(2022, 9, 2))) == []


def test_towns_of_wars_are_known_and_no_state_is_lost() -> None:
    gazetteer = Gazetteer(load())
    assert [e.code for e in gazetteer.lookup("Kyrenia")] == ["CYP"]
    assert {e.code for e in gazetteer.lookup("the mainland")} == {"CHN"}
