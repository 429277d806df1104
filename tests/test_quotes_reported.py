"""Reported speech, described speakers, broken marks: what is said and whose it is."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.evaluate.quotes_score import score_quotes
from comity.model import Quote, Span
from comity.reader import Reader
from comity.understand.quotemarks import find_marked

GOLD = Path(__file__).parents[1] / "gold" / "quotes"


def quotes(reader: Reader, text: str, kind: str) -> list[Quote]:
    return [q for q in reader.prepare(text).quotes if q.kind == kind]


REPORTED = [
    ("Analysts say the offer is a trap.", "Analysts", "the offer is a trap", "say"),
    ("A senior official said the talks had failed.", "senior official", "the talks had failed", "said"),
    ("Kenya claims that raiders burned two farms, which Somalia denies.", "Kenya", "raiders burned two farms", "claims"),
    ("The minister let slip that the road was shut.", "minister", "the road was shut", "let"),
    ("The deputy premier let fall that the road was shut.", "deputy premier", "the road was shut", "let"),
    (
        "Oil will grow dearer, according to two traders.",
        "two traders",
        "Oil will grow dearer",
        "according to",
    ),
    (
        "The minister's claim that spies had paid the crowd was mocked.",
        "minister",
        "spies had paid the crowd",
        "claim",
    ),
    ("Rwanda denies backing the rebels.", "Rwanda", "backing the rebels", "denies"),
    ("Kim Jong Un expressed hope that the war would end.", "Kim Jong Un", "the war would end", "hope"),
    ("Some economists are convinced that prices have peaked.", "economists", "prices have peaked", "convinced"),
    (
        "The agency quoted a diplomat as saying the talks might be moved.",
        "diplomat",
        "the talks might be moved",
        "saying",
    ),
    (
        "It is time, the senator told the committee, to bring the troops home.",
        "senator",
        "It is time to bring the troops home",
        "told",
    ),
    (
        "Malta's leader, Joseph Muscat, said in Valletta the boat would not dock.",
        "Joseph Muscat",
        "the boat would not dock",
        "said",
    ),
    ("The loan runs on until March, people briefed on the talks said.", "people", "The loan runs on until March", "said"),
    (
        "In return, officials said, the banks will receive shares.",
        "officials",
        "In return the banks will receive shares",
        "said",
    ),
    ("Orders were flat, the figures showed.", "figures", "Orders were flat", "showed"),
    ("The reactor will stay shut, the commission decided.", "commission", "The reactor will stay shut", "decided"),
    (
        "The sums do not add up, argues Fiona Mackellar, who used to teach arithmetic.",
        "Fiona Mackellar",
        "The sums do not add up",
        "argues",
    ),
    (
        "Tobin disclosed in a filing that it had bought more shares.",
        "Tobin",
        "it had bought more shares",
        "disclosed",
    ),
    (
        "Beijing said it would hold exercises and warned ships to stay away.",
        "China",
        "it would hold exercises",
        "said",
    ),
    (
        "Poland's deputy premier, Jaroslaw Kaczynski, said his party rejected the ruling.",
        "Jaroslaw Kaczynski",
        "his party rejected the ruling",
        "said",
    ),
    ("Retailers had a poor year, the British Shops Council said.", "British Shops Council", "Retailers had a poor year", "said"),
]


@pytest.mark.parametrize(("text", "speaker", "said", "cue"), REPORTED, ids=[r[0][:35] for r in REPORTED])
def test_reported(reader: Reader, text: str, speaker: str, said: str, cue: str) -> None:
    found = {(q.speaker.name if q.speaker else "", q.text, q.cue) for q in quotes(reader, text, "indirect")}
    named = {(name.removeprefix("some ").removeprefix("Some "), words, word) for name, words, word in found}
    assert (speaker, said, cue) in named


def test_words_that_do_something_are_no_cue(reader: Reader) -> None:
    found = quotes(reader, "Eli Cohen said that the words of Petro gave support to the atrocities of Hamas.", "indirect")
    assert [(q.speaker.name if q.speaker else "", q.cue) for q in found] == [("Eli Cohen", "said")]


def test_a_name_of_two_words_is_one_speaker(reader: Reader) -> None:
    text = (
        "The general admits in his memoir that Ethiopian troops crossed into Eritrea first, in May 1998, and not the "
        "other way round, as Addis Ababa always maintained. He writes that Meles had been against it."
    )
    told = {q.text: q.speaker.name for q in quotes(reader, text, "indirect") if q.speaker}
    assert "Ababa" not in told.values() and told["Meles had been against it"] == "general"


@pytest.mark.parametrize(
    "text",
    [
        "The two presidents exchanged gifts and ate lamb.",
        "“No comment was made. The markets rose.",
        "Mr. Dole is expected to announce his decision on Friday.",
        "When crowds burned its flag in Prague, Berlin complained.",
        "The book “The Guns of August” lay on the desk, and the “Ode to Joy” was played.",
    ],
)
def test_nothing_reported(reader: Reader, text: str) -> None:
    assert not quotes(reader, text, "indirect")


NO_QUOTATIONS = [
    "The so-called “Normandy format” brought together four countries.",
    "The word “genocide” does not appear in the text.",
    "The “special military operation”, as Moscow calls its war, entered a second year.",
    "“Carmen” was sung in the new opera house.",
]


@pytest.mark.parametrize("text", NO_QUOTATIONS, ids=[t[:25] for t in NO_QUOTATIONS])
def test_names_between_marks_are_no_quotations(reader: Reader, text: str) -> None:
    assert not quotes(reader, text, "direct")


SPOKEN = [
    ("“Who will buy our fish now?” asked a fisherman in Grimsby.", "fisherman in Grimsby"),
    ("“We will wait,” he said. Volodymyr Zelensky had arrived an hour before.", "Volodymyr Zelensky"),
    ("Andrea Pirlo left the pitch in tears. “It hurts,” said the Italian.", "Andrea Pirlo"),
    ("Egypt was angry. “They came without a mandate,” its minister, Sameh Shoukry, said.", "Sameh Shoukry"),
    ("“We shall see,” said John Smith. “It is,” he went on, “not my problem.”", "John Smith"),
    ("For Angela Merkel, that was “a day of shame for all of us”.", "Angela Merkel"),
    ("Asked about Kyiv, John Smith was brief: “We keep our word.”", "John Smith"),
    ("Mary Brown left early. “If is a long word,” was her answer.", "Mary Brown"),
    ("“A letter costs nothing,” scoffs Heidi Brunner, who lost 40,000 francs.", "Heidi Brunner"),
    ("Lena Berg sold the house. Her agent, Tom Moe, admits he was against it. “It was mad,” he says.", "Tom Moe"),
    ("Tom Moe spoke to the court. His mother cannot believe it. “He was afraid of dogs,” she sobbed.", "mother"),
    ("The statement “strongly condemns” the coup.", "statement"),
    ("John Smith led the march. ” The land is ours ” , shouted John Smith from the balcony .", "John Smith"),
    ("The town was angry. “It is a farce,” insisted the owner of Kabul Express, Martin Holroyd.", "Martin Holroyd"),
    ("Troops fired at the crowd; nobody fled. “We stay,” one of them, a farmer named Peter Row, told us.", "Peter Row"),
]


@pytest.mark.parametrize(("text", "speaker"), SPOKEN, ids=[s[0][:30] for s in SPOKEN])
def test_who_speaks(reader: Reader, text: str, speaker: str) -> None:
    found = quotes(reader, text, "direct")
    assert found
    assert {q.speaker.name for q in found if q.speaker} == {speaker}


def test_a_quotation_goes_on_over_paragraphs(reader: Reader) -> None:
    text = "Nelson Mandela said: “We have waited.\n“Now is the time.\n“To relax would be a mistake.”"
    (found,) = quotes(reader, text, "direct")
    assert [text[p.start : p.end] for p in found.parts] == [
        "We have waited.",
        "Now is the time.",
        "To relax would be a mistake.",
    ]
    assert found.cue == "said"


def test_a_quotation_that_nobody_closed_ends_before_its_cue(reader: Reader) -> None:
    (found,) = quotes(reader, "“The question is closed, said Zoran Zaev.\nAthens was silent.", "direct")
    assert found.text == "The question is closed,"
    assert found.speaker is not None
    assert found.speaker.name == "Zoran Zaev"


def test_where_the_speaker_is_named(reader: Reader) -> None:
    text = "A senior official said the talks had failed."
    (found,) = quotes(reader, text, "indirect")
    assert found.speaker_span is not None
    assert text[found.speaker_span.start : found.speaker_span.end] == "senior official"


def test_marks_tell_whether_they_are_closed() -> None:
    text = "“One.\n“Two.” “Three”"
    assert [(text[m.span.start : m.span.end], m.closed, m.opens) for m in find_marked(text)] == [
        ("One.", False, True),
        ("Two.", True, True),
        ("Three", True, False),
    ]


@pytest.mark.skipif(not GOLD.is_dir(), reason="the gold of quotations is part of the checkout only")
@pytest.mark.parametrize("name", ["dev", "wire-dev"])
def test_the_reader_agrees_with_the_gold(reader: Reader, name: str) -> None:
    scores, _, _ = score_quotes(reader, GOLD / f"{name}.jsonl")
    assert scores["direct_f1"] >= 0.97
    assert scores["indirect_f1"] >= 0.95
    assert scores["speaker_accuracy"] >= 0.95
    assert scores["cue_accuracy"] >= 0.95


def test_scores_tell_mistakes(reader: Reader, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    row = (
        '{"id": "x", "text": "Analysts say the offer is a trap.", "quotes": [{"kind": "indirect", "start": 13, '
        '"end": 32, "text": "the offer is a trap", "speaker": ["Bankers"], "cue": "hope"}, {"kind": "direct", '
        '"start": 0, "end": 8, "text": "Analysts", "speaker": [], "cue": ""}]}'
    )
    gold.write_text(row)
    scores, notes, _ = score_quotes(reader, gold)
    assert scores["indirect_exact_f1"] == 1
    assert scores["direct_recall"] == 0
    assert scores["speaker_accuracy"] == 0
    assert scores["cue_accuracy"] == 0
    assert len(notes) == 3


MARKED = st.text(alphabet="ab AB.,!?\n“”\"'‘’«»„`s", max_size=60)


@given(MARKED)
def test_marked_stretches_lie_in_the_text_in_order(text: str) -> None:
    end = 0
    for marked in find_marked(text):
        assert end <= marked.span.start < marked.span.end <= len(text)
        assert "\n" not in text[marked.span.start : marked.span.end]
        end = marked.span.end


@pytest.mark.skipif(not GOLD.is_dir(), reason="the gold of quotations is part of the checkout only")
def test_quotations_of_damaged_text_lie_in_it(reader: Reader) -> None:
    rows = [msgspec.json.decode(line)["text"] for line in (GOLD / "dev.jsonl").read_bytes().splitlines()]
    rng = random.Random(7)
    damaged = "\n".join("".join(c for c in row if rng.random() > 0.04) for row in rows)
    document = reader.prepare(damaged)
    assert len(document.quotes) > len(rows) / 2
    for quote in document.quotes:
        parts = quote.parts or (Span(start=quote.start, end=quote.end),)
        assert " ".join(damaged[p.start : p.end] for p in parts) == quote.text
        assert all(a.end <= b.start for a, b in pairwise(parts))
        if quote.cue_start is not None:
            assert damaged.startswith(quote.cue, quote.cue_start)


def test_a_stray_mark_before_a_relative_clause_opens_nothing(reader: Reader) -> None:
    assert not quotes(reader, "The Malians had feared revenges, ”that never came.", "direct")
    assert [q.text for q in quotes(reader, "He called it ”a great mistake.", "direct")] == ["a great mistake."]
