"""Damaged copies of the gold articles: seeded, true to the gold, and no more than a tenth of the score lost."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.evaluate.articles import total
from comity.evaluate.checkout import ROOT
from comity.evaluate.damage import MIXED, Article, Flat, Move, carried, damaged, gold_articles, score
from comity.evaluate.damaging import KINDS, Edit, apply
from comity.language.clean import clean
from comity.reader import Reader
from comity.understand.quotemarks import find_quotes

DEV = ROOT / "gold" / "dev"
FIGURES = re.compile(r"\d+|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|March|June|October|December)\b")
TEXT = """Lima shuts its door

LIMA, 8 March 2008 — Peru's government said on Friday that it had called off the meeting with Chávez. “We do not talk to him,” said Rafael López. He left the talks with Chile in Geneva, where they met on 7 March.

The president of Chile asked his minister to travel to the border of the two countries. “It is a misunderstanding,” he told reporters, and the talks took place at last."""


@pytest.fixture(scope="module")
def some() -> list[Article]:
    return gold_articles(DEV, 12)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_changes_something_and_the_same_each_time(kind: str) -> None:
    damage, share, _ = KINDS[kind]
    text = TEXT + "\n\n" + TEXT.replace("Lima", "Bogotá")
    edits = list(damage(text, Random(3), share))
    assert edits and edits == list(damage(text, Random(3), share))
    assert all(a.end <= b.start for a, b in pairwise(edits))
    assert apply(text, edits) != text


@pytest.mark.parametrize("kind", [*sorted(set(KINDS) - {"boilerplate"}), MIXED])
def test_figures_and_days_stay(kind: str, some: list[Article]) -> None:
    for article in some[:6]:
        before, after = (clean(t).text for t in (article.text, damaged(article, kind).text))
        if kind in ("calques", "doubled", "headlines", MIXED):
            lost = set(FIGURES.findall(before.lower())) - set(FIGURES.findall(after.lower()))
            assert not lost
        else:
            assert FIGURES.findall(before) == FIGURES.findall(after)


@pytest.mark.parametrize("kind", [*sorted(KINDS), MIXED])
def test_quotations_of_the_gold_stand_in_the_copy(kind: str, some: list[Article]) -> None:
    found = 0
    for article in some:
        copy = damaged(article, kind)
        stored, before = Flat(clean(copy.text).text), Flat(article.text)
        for old, new in zip(article.gold.get("quotes", ()), copy.gold["quotes"], strict=True):
            if before.find(old["text"]):
                found += 1
                assert stored.find(new["text"]), (article.name, new["text"])
    assert found > 20


def test_names_of_speakers_lose_their_accents_too() -> None:
    gold = {"events": [{"speaker": ["Hugo Chávez"]}, {}], "quotes": [{"speaker": ["López"], "text": "We do not talk"}]}
    text = "Chávez and López met."
    edits = [Edit(2, 3, ""), Edit(12, 13, "o")]
    new = carried(gold, text, edits)
    assert new["events"][0]["speaker"] == ["Hugo Chávez", "Hugo Chvez"]
    assert new["quotes"][0]["speaker"] == ["López", "Lopez"]


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab “.", min_size=1, max_size=30), data=st.data())
def test_a_moved_range_keeps_what_was_not_touched(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    edits = [Edit(a, b, data.draw(st.text("XY", max_size=3))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    move, new = Move(edits), apply(text, edits)
    moved = new[move.start(start) : move.end(end)]
    kept = [c for at, c in enumerate(text[start:end], start) if not any(e.start <= at < e.end for e in edits)]
    assert [c for c in moved if c not in "XY"] == kept or any(e.start < start < e.end or e.start < end < e.end for e in edits)


def test_the_mixed_damage_is_survived(reader: Reader, some: list[Article]) -> None:
    three = some[:3]
    whole = total([score(reader, a) for a in three])["f1"]
    copies = total([score(reader, damaged(a, MIXED)) for a in three])["f1"]
    assert copies >= 0.75 * whole, "a few articles scatter more than the floor of a tenth, which is for all of them"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Caracas laughs at it: ”They are lies. That is all, ”mocked the minister.", ["They are lies. That is all,"]),
        ("He said: ”We go“, and left. “Fine,” she said.", ["We go", "Fine,"]),
        ("“One cannot leave him“, said Hollande. “Yes,” he said.", ["One cannot leave him", "Yes,"]),
        ("”Unfinished he said. “Next one” here.", ["Unfinished he said.", "Next one"]),
        ("“We are “big” now”, he said.", ["We are “big” now"]),
    ],
)
def test_marks_that_are_turned_round(text: str, inside: list[str]) -> None:
    assert [text[s.start : s.end] for s in find_quotes(text)] == inside
