"""Sentences, headlines, datelines and boilerplate, and the noise left outside the words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.language.lines import dateline
from comity.language.sentences import LONGEST, sentences, split

SEED = Path(__file__).parents[2] / "shared" / "bench" / "seed" / "article.txt"


def read(text: str, kind: str = "body") -> list[str]:
    return [" ".join(text[a:b] for a, b in piece.tokens) for piece in split(text) if piece.kind == kind]


def cut(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Putin met Gen. Smith and Sen. Kerry.",
        "The U.S. Senate and the U.N. Security Council agreed.",
        "George W. Bush met J. Smith in St. Petersburg.",
        "It grew 3.5 percent, and No. 5 won on Dec. 15 at 5 a.m. Moscow time.",
        "“Why?” he asked. ".strip(),
        "“Stop!” Putin said.",
        '"We will go," he said.',
        "Apple Inc. Chief Executive Tim Cook left.",
        "The “Stop. Now.” campaign went on.",
        "Talks began at 5 p.m. Monday.",
    ],
)
def test_no_cut(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It failed. He left.", ["It failed.", "He left."]),
        ("He left at 5 p.m. The end came.", ["He left at 5 p.m.", "The end came."]),
        ("They met in the U.S. The talks failed.", ["They met in the U.S.", "The talks failed."]),
        ('"We won." He left.', ['"We won."', "He left."]),
        ("“We won. We stay,” he said.", ["“We won.", "We stay,” he said."]),
        ("The talks ended.The minister left.", ["The talks ended.", "The minister left."]),
        ("He left talks.“We go,” he said.", ["He left talks.", "“We go,” he said."]),
        ("He went (in 2014). Then he came.", ["He went (in 2014).", "Then he came."]),
        ("It was in 2014. 37 people came.", ["It was in 2014.", "37 people came."]),
        ("After World War I. Putin spoke.", ["After World War I.", "Putin spoke."]),
        ("«We go.» «They stay.»", ["«We go.»", "«They stay.»"]),
    ],
)
def test_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good humor and, of course. , send a note.", "good humor and , of course , send a note ."),
        ("sponsoring this 2022., to punish Xi.", "sponsoring this 2022 , to punish Xi ."),
        ("decides to attack or destroy. ‘invade Ukraine.", "decides to attack or destroy invade Ukraine ."),
        ("Others,, said so.", "Others , said so ."),
        ("What? ? He said.", "What ?"),
        ("It went on , and ended .", "It went on , and ended ."),
        ("True for the century. […]. We will go on.", "True for the century ."),
    ],
)
def test_noise_is_outside_the_words(text: str, expected: str) -> None:
    assert read(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("BEIJING (Xinhua) — The president spoke.", "BEIJING ( Xinhua ) —", "The president spoke ."),
        ("KYIV, March 3 (Reuters) - Russia attacked.", "KYIV , March 3 ( Reuters ) -", "Russia attacked ."),
        ("WASHINGTON — The talks began.", "WASHINGTON —", "The talks began ."),
        (
            "MOSCOW, December 15. /TASS/. The talks began.",
            "MOSCOW , December 15 . / TASS / .",
            "The talks began .",
        ),
        ("THE HAGUE (AP) — The court ruled.", "THE HAGUE ( AP ) —", "The court ruled ."),
        ("MOSCOW.- The minister spoke.", "MOSCOW . -", "The minister spoke ."),
        ("BarcelonaThe leaders met.", "Barcelona", "The leaders met ."),
        ("Barcelona“Old friend,” Xi told Putin.", "Barcelona", "“ Old friend , ” Xi told Putin ."),
    ],
)
def test_dateline(text: str, head: str, body: str) -> None:
    assert read(text, "dateline") == [head]
    assert read(text) == [body]


@pytest.mark.parametrize(
    "text",
    ["NATO — the alliance — said no.", "US-led forces went in.", "McDonald left.", "In Kyiv — he said — no."],
)
def test_no_dateline(text: str) -> None:
    assert read(text, "dateline") == []


@pytest.mark.parametrize(
    "line",
    [
        "date 2021-12-16 Connect with us",
        "Share this article",
        "Read more: Putin says no to war",
        "Photo: Reuters/John Smith",
        "Copyright © 2021 The Times",
        "Follow us on Twitter",
        "Advertisement",
        "By John Smith",
        "(Reporting by A. Smith; Editing by B. Jones)",
        "We use cookies to improve your experience on this website.",
        "Subscribe to our newsletter",
        "December 16, 2021",
    ],
)
def test_boilerplate(line: str) -> None:
    text = f"{line}\n\nThe president met the minister on Friday.\n"
    assert [piece.kind for piece in split(text)] == ["boilerplate", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "The two sides share this view of the war.",
        "Related talks on trade between the two states failed on Monday.",
        "Follow-up talks were held in Geneva by both ministers.",
        "By Monday the army had left the town.",
        "Video calls between the presidents became common.",
    ],
)
def test_not_boilerplate(line: str) -> None:
    assert [piece.kind for piece in split(f"{line}\n\nThey met again.\n")] == ["body", "body"]


def test_headlines() -> None:
    text = "Putin meets Xi\n\nThe two met on Friday.\n\nIn 2014, a key moment\n\nIt was cold.\n"
    assert [piece.kind for piece in split(text)] == ["headline", "body", "headline", "body"]
    assert [piece.paragraph for piece in split(text)] == [0, 1, 2, 3]
    assert [piece.kind for piece in split("Russia attacked Ukraine")] == ["body"]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The president of Russia met the president of China on Friday in the\n"
        "capital of China, where both of them spoke about the war and about\n"
        "trade. They will meet again before the end of the year, he said, in\n"
        "the city of Moscow.\n"
    )
    assert len(split(text)) == 2


def test_lower_case_text_is_cut() -> None:
    text = "putin met xi. they spoke. biden left. he was tired."
    assert len(split(text)) == 4


def test_long_sentences_are_cut_at_a_clause() -> None:
    text = "and the minister of trade went to the town, " * 100
    pieces = split(text)
    assert len(pieces) > 3
    assert all(len(piece.tokens) <= LONGEST for piece in pieces)
    assert all(text[piece.end - 1] == "," for piece in pieces)


@pytest.mark.parametrize("unit", ["word ", "“a ", "A. ", "x.\n", "[…]. ", "Hello.The ", "a", ". ", "'a "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    begun = time.process_time()
    split(unit * (150_000 // len(unit)))
    assert time.process_time() - begun < 6


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab .,!?“”‘’\"'\n()[]…ABé1-—", max_size=80))
def test_pieces_are_in_order_and_hold_their_words(text: str) -> None:
    last = 0
    for piece in split(text):
        assert last <= piece.start < piece.end <= len(text)
        assert all(piece.start <= a < b <= piece.end for a, b in piece.tokens)
        assert all(a[1] <= b[0] for a, b in zip(piece.tokens, piece.tokens[1:], strict=False))
        last = piece.end


def test_records() -> None:
    text = "It failed. He left."
    found = sentences(text)
    assert [[token.text for token in sentence.tokens] for sentence in found] == [
        ["It", "failed", "."],
        ["He", "left", "."],
    ]
    assert all(text[t.start : t.end] == t.text for sentence in found for t in sentence.tokens)


def test_model_article() -> None:
    if not SEED.exists():
        pytest.skip("the shared model article is not here")
    text = SEED.read_text("utf-8")
    kinds = [piece.kind for piece in split(text)]
    assert kinds[:4] == ["boilerplate", "headline", "dateline", "body"]
    assert kinds.count("headline") == 2 and kinds.count("boilerplate") == 1
    body = read(text)
    assert any(line.endswith("decides to attack or destroy invade Ukraine .") for line in body)
    assert any(" and , of course , send a message " in line for line in body)
    assert body[0].startswith("“ Old friend , ” Chinese President Xi Jinping told")
    assert any(line.startswith("We will have close coordination , ” said Putin") for line in body)


def test_speed() -> None:
    text = "The president of Russia met his Chinese counterpart in Beijing on Friday, he said. " * 25
    split(text)
    begun = time.process_time()
    for _ in range(10):
        split(text)
    assert (time.process_time() - begun) / 10 < 0.03


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Belgrade, 25 September 2015", "dateline"),
        ("Washington, Wednesday 17 July 1996", "dateline"),
        ("La Paz, Bolivia, March 3, 2020.", "dateline"),
        ("Belgrade waits for 25 September 2015", "headline"),
        ("Summer in Belgrade", "headline"),
    ],
)
def test_a_line_of_a_place_and_a_day_tells_nothing(line: str, kind: str) -> None:
    text = f"{line}\n\nThe two presidents met in the palace on Monday and talked for an hour about the border."
    assert next(piece.kind for piece in split(text)) == kind


@pytest.mark.parametrize("unit", ["AB-", "Ab-", "AB/", "Ab ", "AB-de-", "12 May 2012, AB "])
def test_datelines_are_looked_for_in_bounded_time(unit: str) -> None:
    text = unit * (600 // len(unit)) + "x"  # read in every possible way this would not end
    assert 0 <= dateline(text, 0, len(text)) <= len(text)
