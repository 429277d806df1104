"""Words and their offsets, after the conventions of the treebank."""

from __future__ import annotations

import gzip
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.language.tokens import tokenize

TREEBANK = Path(__file__).parents[2] / "shared" / "data" / "treebank"


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They don't", "They do n't"),
        ("He can’t, won't", "He ca n’t , wo n't"),
        ("Putin's dogs' I'm", "Putin 's dogs ' I 'm"),
        ("I'd've cannot", "I 'd 've can not"),
        ("US-led U.S.-led talks", "US - led U.S. - led talks"),
        ("anti-American co-operation mid-1980s", "anti-American co-operation mid-1980s"),
        ("the U.S. and U.N. met", "the U.S. and U.N. met"),
        ("Gen. J. Smith Jr. said", "Gen. J. Smith Jr. said"),
        ("On Dec. 15, No. 5 won", "On Dec. 15 , No. 5 won"),
        ("The answer was No.", "The answer was No ."),
        ("$5.5bn or 20% or US$30", "$ 5.5 bn or 20 % or US$ 30"),
        ("at 10:30 a.m. on 16/12/2021", "at 10:30 a.m. on 16/12/2021"),
        ("4,000 soldiers, 3.5 million", "4,000 soldiers , 3.5 million"),
        ("and/or 2013-14", "and / or 2013 - 14"),
        ("“Old friend,”he said", "“ Old friend , ” he said"),
        ("war — the end… wait...", "war — the end … wait ..."),
        ("century. […]. We", "century . [ … ] . We"),
        ("see http://a.example/b?c. Yes", "see http://a.example/b?c . Yes"),
        ("mail to x.y@z.org, please", "mail to x.y@z.org , please"),
        ("talks.The minister", "talks . The minister"),
        ("Xi'an, O'Connell and Qa'ida", "Xi'an , O'Connell and Qa'ida"),
        ("in the '90s", "in the '90s"),
        ("the 21st G20 AT&T", "the 21st G20 AT&T"),
        ("‘invade Ukraine.", "‘ invade Ukraine ."),
    ],
)
def test_conventions(text: str, expected: str) -> None:
    assert words(text) == expected.split(" ")


def test_range_of_a_sentence() -> None:
    text = "One two. Three four."
    assert [text[a:b] for a, b in tokenize(text, 9)] == ["Three", "four", "."]
    assert [text[a:b] for a, b in tokenize(text, 0, 8)] == ["One", "two", "."]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_every_character_is_in_one_word(text: str) -> None:
    found = tokenize(text)
    assert all(start < end for start, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert "".join(words(text)) == "".join(text.split())


@pytest.mark.parametrize("unit", ["a", "a.", "a-", "a@", "1,", "n't", "['", "J. ", "x/", "é'"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    begun = time.process_time()
    tokenize(unit * (300_000 // len(unit)))
    assert time.process_time() - begun < 5


def gold(name: str) -> list[tuple[str, list[tuple[int, int] | None]]]:
    """Sentences of a treebank with the offsets of their words (None where a word is no part of the text)."""
    path = TREEBANK / f"{name}.conllu.gz"
    if not path.exists():
        pytest.skip("the shared treebanks are not here")
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for block in file.read().strip().split("\n\n"):
            lines = block.split("\n")
            text = next(line[9:] for line in lines if line.startswith("# text = "))
            rows = [line.split("\t") for line in lines if line[0].isdigit()]
            found.append((text, offsets(text, [row for row in rows if "." not in row[0]])))
    return found


def offsets(text: str, rows: list[list[str]]) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    at = covered = 0
    for row in rows:
        number, form = row[0], row[1]
        if "-" in number:
            first, last = map(int, number.split("-"))
            parts = [other[1] for other in rows if "-" not in other[0] and first <= int(other[0]) <= last]
            at = text.index(form, at)
            exact = "".join(parts) == form
            low = at
            for part in parts:
                found.append((low, low + len(part)) if exact else None)
                low += len(part)
            at, covered = at + len(form), last
        elif int(number) > covered:
            at = text.index(form, at)
            found.append((at, at + len(form)))
            at += len(form)
    return found


@pytest.mark.parametrize(("name", "floor"), [("en_ewt-dev", 0.99), ("gum-news", 0.99)])
def test_treebank(name: str, floor: float) -> None:
    right = ours = theirs = 0
    for text, expected in gold(name):
        found = tokenize(text)
        right += len(set(found) & set(expected))
        ours += len(found)
        theirs += len(expected)
    assert 2 * right / (ours + theirs) >= floor
