"""The first look: articles that can hold no event are passed over, all others are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from comity.evaluate.damage import MIXED, damaged, gold_articles
from comity.evaluate.first_look import looker, web_articles
from comity.knowledge import load
from comity.model import Document
from comity.read.items import Item
from comity.reader import Reader
from comity.record.add import add
from comity.record.reading import ReaderFactory
from comity.record.rows import slim
from comity.record.store import open_record
from comity.understand.actors.gazetteer import Gazetteer
from comity.understand.firstlook import FirstLook
from comity.understand.overlooked import NO_ACT, NO_TWO, passed_over, why_passed_over

DEV = Path(__file__).parents[1] / "gold" / "dev"


@pytest.fixture(scope="module")
def look() -> FirstLook:
    return looker()


def why(look: FirstLook, text: str) -> str | None:
    return look(Document(id="d", text=text))


@pytest.mark.parametrize(
    "text",
    [
        "Turkey recalled its ambassador from Israel on Monday.",
        "Putin met Xi in the Kremlin, and the two spoke of gas.",
        "TURKEY RECALLED ITS AMBASSADOR FROM ISRAEL ON MONDAY.",
        "turkey recalled its ambassador from israel on monday.",
        "Moscow bombed the city again last night, the mayor said.",
        "Police beat protesters in Cairo, and the army closed the square.",
        "The U.S.-led coalition struck Iran-backed fighters in Syria.",
        "Iran attacked Israel.",
        "Beijing condemned Taipei.",
        "Pequín y Washington: China accused the United States of spying.",
    ],
)
def test_dealings_are_read(look: FirstLook, text: str) -> None:
    assert why(look, text) is None


def test_an_article_that_names_no_two_actors_is_passed_over(look: FirstLook) -> None:
    text = "Melt the butter with the syrup. Stir until no flour shows. Bake for twelve minutes and let it cool. " * 3
    assert why(look, text) == NO_TWO
    assert why(look, text + "It is an Irish recipe.") == NO_TWO


def test_two_actors_without_dealings_are_passed_over(look: FirstLook) -> None:
    text = (
        "Italian cooks use a white sauce. French friends of mine add nutmeg. Brown the mince in batches. Then add wine. "
        "Let it vanish slowly. Layer thinly and bake it. Serve with a sharp salad. Leftovers taste better on the second "
        "day. Add some thyme if you like. The dish feeds six hungry people. "
        "Roll the dough until it is thin. Let it rest for twenty minutes. Grate the cheese over the top layer. "
    )
    assert why(look, text) == NO_ACT


def test_words_that_are_names_elsewhere_are_no_actors(look: FirstLook) -> None:
    glance = look.glance(
        "Do turn the oven down. He let us mend the park bench. Who ate the turkey and the china plate?"
    )
    assert not glance.codes


def test_no_gold_article_is_lost_clean_or_damaged(look: FirstLook) -> None:
    articles = gold_articles(DEV)
    told = [a for a in articles if a.gold["events"]]
    lost = [a.name for a in told for kind in ("clean", MIXED) if why(look, damaged(a, kind).text) is not None]
    assert len(told) > 70
    assert len(lost) <= 0.01 * 2 * len(told), lost


def test_most_other_articles_are_passed_over(look: FirstLook) -> None:
    texts = [text for _, text in web_articles(1)]
    assert sum(why(look, text) is not None for text in texts) >= 0.65 * len(texts) > 15


def test_actors_of_ones_own_are_looked_for(tmp_path: Path) -> None:
    from comity.knowledge import load_actors, with_actors

    text = "Zubrovia accused Freedonia of seizing three of its ships in the strait."
    mine = tmp_path / "mine.csv"
    mine.write_text("code,name,kind\nZUB,Zubrovia,state\nFRE,Freedonia,state\n", encoding="utf-8")
    known = with_actors(load(), load_actors(mine))
    assert why(FirstLook(known, Gazetteer(known)), text) is None


def test_the_reason_survives_what_a_record_keeps() -> None:
    document = passed_over(Document(id="d", text="Melt the butter."), NO_TWO)
    assert why_passed_over(slim(document)) == NO_TWO
    assert why_passed_over(Document(id="d", text="Melt the butter.")) is None


class Fake:
    """Readers that know one text to hold nothing."""

    def __call__(self) -> Any:
        return lambda d: passed_over(d, NO_TWO) if "butter" in d.text else d

    def versions(self) -> dict[str, str]:
        return {"model": "stub", "knowledge": "stub"}


def test_a_record_keeps_and_counts_what_was_passed_over(tmp_path: Path) -> None:
    texts = {"a": "Melt the butter with the syrup.", "b": "Egypt met Sudan."}
    items = [Item(k, k, lambda t=t: t.encode()) for k, t in texts.items()]  # type: ignore[misc]
    with open_record(tmp_path / "record") as store:
        summary = add(store, iter(items), factory=Fake(), any_language=True)
        assert (summary.kept, summary.passed_over) == (2, {NO_TWO: 1})
        rows = store.query("select key, outcome from inputs order by key").to_pylist()
        assert [(r["key"], r["outcome"]) for r in rows] == [("a", "passed over"), ("b", "kept")]
        assert store.count("documents") == 2


def test_it_is_on_where_records_are_filled_and_off_where_articles_are_read() -> None:
    assert Reader.__init__.__kwdefaults__["first_look"] is False  # type: ignore[index]
    assert ReaderFactory(None, True).first_look
