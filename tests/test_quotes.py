"""Quotation marks of all styles, and who said what to whom."""

from __future__ import annotations

from datetime import date

import pytest

from comity.reader import Reader
from comity.understand.quotemarks import find_quotes

MARKS = [
    ("He said “we agree” and left.", ["we agree"]),
    ('He said "we agree" and left.', ["we agree"]),
    ("He said «we agree» and left.", ["we agree"]),
    ("He said „we agree“ and left.", ["we agree"]),
    ("He said ‘we agree’ and left.", ["we agree"]),
    ("He said ``we agree'' and left.", ["we agree"]),
    ("It is Iran's and the allies' plan.", []),
    ("It’s not Iran’s plan.", []),
    ("“He told me ‘never’ twice,” she said.", ["He told me ‘never’ twice,"]),
    ("“We will have close coordination, ”said Putin.", ["We will have close coordination,"]),
    ("“This is not closed, he said.\nNext paragraph.", ["This is not closed, he said."]),
    ("Berlin“Old friend,” he said.", ["Old friend,"]),
    ('Berlin"Old friend," he said.', ["Old friend,"]),
    ("“One,” he said. “Two.”", ["One,", "Two."]),
]


@pytest.mark.parametrize(("text", "inside"), MARKS, ids=[m[0][:30] for m in MARKS])
def test_marks(text: str, inside: list[str]) -> None:
    assert [text[s.start : s.end] for s in find_quotes(text)] == inside


SPEECH = [
    ("“We will not yield,” Vladimir Putin told Angela Merkel.", "Vladimir Putin", "Angela Merkel"),
    ("Vladimir Putin said: “We will not yield.”", "Vladimir Putin", None),
    ("“We will not yield,” said Vladimir Putin on Monday.", "Vladimir Putin", None),
    ("Vladimir Putin arrived in Minsk. “We will not yield,” he said.", "Vladimir Putin", None),
    ("The mine was the matter, “our gold”, in the words of the minister Karim Djoudi.", "Karim Djoudi", None),
    ("“Enough is enough.” With that, Macron walked out.", "Emmanuel Macron", None),
    ("The leaders met for talks brokered by Joe Biden, who hailed the outcome as a “historic day”.", "Joe Biden", None),
    ("The deal signed by Sergei Lavrov, who spoke of “a good day”, was condemned by Japan.", "Sergei Lavrov", None),
    ("Quoting Mandela — “It seems impossible until it’s done” — Ramaphosa urged both to go on.", "Mandela", None),
    ("Minsk freed the two. “It is a farce”, qualified it the chancellor Angela Merkel.", "Angela Merkel", None),
    ("“There is no business as usual”, summed up Angela Merkel.", "Angela Merkel", None),
    ("It is a sentence that Vladimir Putin made them learn: “First shoot, then ask”.", "Vladimir Putin", None),
    ("Roberto Robaina spoke. “Mr Helms has isolated himself,” he declared.", "Roberto Robaina", None),
    ("Asked about it, Vladimir Putin answered with one word: “Never.”", "Vladimir Putin", None),
    ("“Patience, and no retreat,” was the counsel of Angela Merkel.", "Angela Merkel", None),
    ("With the words “We have no quarrel with you”, Angela Merkel opened the session.", "Angela Merkel", None),
    ("“You will hear from us”: with these words Vladimir Putin left the room.", "Vladimir Putin", None),
    ("“There is no crisis” (Finance Minister Karim Djoudi).", "Karim Djoudi", None),
    ("“It is over.” That was all Angela Merkel would say.", "Angela Merkel", None),
    ("Angela Merkel let slip that ships would pass “without a bill”.", "Angela Merkel", None),
    ("Angela Merkel went further and called it “treason in twelve articles”.", "Angela Merkel", None),
    ("Vladimir Putin told Angela Merkel that he would not start a war but “would not sleep”.", "Vladimir Putin", None),
    ("Joe Biden, the US president, spoke in Warsaw. “Freedom will win,” he added.", "Joe Biden", None),
]


@pytest.mark.parametrize(("text", "speaker", "addressee"), SPEECH, ids=[s[0][:30] for s in SPEECH])
def test_speakers(reader: Reader, text: str, speaker: str, addressee: str | None) -> None:
    document = reader.text(text)
    direct = [q for q in document.quotes if q.kind == "direct"]
    assert [q.speaker.name for q in direct if q.speaker] == [speaker]
    if addressee:
        assert direct[0].addressee is not None
        assert direct[0].addressee.name == addressee


IN_TURN = [
    ("“Not yet,” said Ehud Barak. Then, after a pause: “But ask me again on Sunday.”", ["Ehud Barak", "Ehud Barak"]),
    (
        "Lavrov said “nothing was secret”. Kerry’s version is different. “We never signed off on it.”",
        ["Sergei Lavrov", "John Kerry"],
    ),
    (
        "Zelensky told them that Moscow “understands only strength,” adding, “Words don’t stop missiles.”",
        ["Volodymyr Zelensky", "Volodymyr Zelensky"],
    ),
]


@pytest.mark.parametrize(("text", "speakers"), IN_TURN, ids=[s[0][:20] for s in IN_TURN])
def test_quotations_one_after_the_other(reader: Reader, text: str, speakers: list[str]) -> None:
    document = reader.text(text, published=date(2024, 3, 10))
    assert [q.speaker.name if q.speaker else "" for q in document.quotes if q.kind == "direct"] == speakers


def test_a_writing_speaks_for_whoever_wrote_it(reader: Reader) -> None:
    for text, state in (
        ("Nebenzya sent the council a letter. The letter went on: “We reserve the right to respond.”", "RUS"),
        ("In a statement, Poland condemned the raid. “This must end,” the statement read.", "POL"),
        ("“This must end,” a statement read.", None),
    ):
        speakers = [q.speaker for q in reader.text(text, published=date(2024, 3, 10)).quotes if q.kind == "direct"]
        assert [(s.name, s.state) for s in speakers if s] == [(speakers[0].name if speakers[0] else "", state)], text
        assert speakers[0] and speakers[0].name in {"letter", "statement"}


def test_written_words_and_mottos_are_nobodys_speech(reader: Reader) -> None:
    for text in (
        "Protesters in Minsk carried a banner with the words “Go home”.",
        "Diplomats have a word for such talks: “constructive”.",
    ):
        assert not reader.text(text).quotes, text


def test_the_nearest_source_speaks(reader: Reader) -> None:
    text = "For Moscow, the exercise is “purely defensive”; for Vilnius, it is “a rehearsal for war”."
    assert [q.speaker.state for q in reader.text(text).quotes if q.speaker][-1] in {"RUS", "LTU"}


def test_what_is_done_besides_is_not_said(reader: Reader) -> None:
    document = reader.text("Kim Jong Un branded the president a “puppet” and vowed “merciless” revenge.")
    assert {q.kind for q in document.quotes} == {"direct"}


def test_a_subject_behind_a_semicolon_is_not_reported(reader: Reader) -> None:
    text = "Paris demanded that he be released; South Africa's foreign minister, Nkosazana Dlamini-Zuma, said that she won."
    assert all("South Africa" not in q.text for q in reader.text(text).quotes)


def test_interrupted_quotation_is_one(reader: Reader) -> None:
    document = reader.text("“We will help,” Angela Merkel said, “as long as it takes.”")
    (quote,) = [q for q in document.quotes if q.kind == "direct"]
    assert quote.text == "We will help, as long as it takes."
    assert [document.text[p.start : p.end] for p in quote.parts] == ["We will help,", "as long as it takes."]


def test_reported_speech(reader: Reader) -> None:
    document = reader.text("Angela Merkel said that Germany would help Greece.")
    (quote,) = document.quotes
    assert quote.kind == "indirect"
    assert quote.speaker is not None
    assert quote.speaker.state == "DEU"
    assert document.text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The Turks will pay,” one Greek minister, who did not want to be named, told Kathimerini.", "minister"),
        ("“We shall not bow,” an Iranian official, speaking on condition of anonymity, told Reuters.", "official"),
        ("To Kofi Annan the war was “illegal”.", "Kofi Annan"),
    ],
)
def test_who_speaks_to_a_newspaper_and_who_judges(reader: Reader, text: str, speaker: str) -> None:
    quotes = [q for q in reader.text(text).quotes if q.kind == "direct"]
    assert len(quotes) == 1 and quotes[0].speaker is not None
    assert speaker in quotes[0].speaker.name
