"""Well-known acts recalled by a noun: dated by the table, unless they are the news."""

from __future__ import annotations

from datetime import date

import pytest

from comity.knowledge import load
from comity.model import Event
from comity.reader import Reader

CASES = [
    # recalled, with nothing that tells when
    ("It was the worst crisis since Turkey's invasion of Cyprus.", date(2023, 5, 10), ("TUR", "CYP"), "1974-07-20"),
    ("Moscow's annexation of Crimea was condemned again.", date(2019, 3, 1), ("RUS", "UKR"), "2014-02-27"),
    ("The Soviet invasion of Hungary is still resented.", date(1991, 3, 1), ("SUN", "HUN"), "1956-11-04"),
    # of two of one kind the last; until it is over it is news
    ("The Israeli invasion of Lebanon taught Arafat much.", date(1995, 3, 1), ("ISR", "LBN"), "1982-06-06"),
    ("The Israeli invasion of Lebanon taught Arafat much.", date(1982, 7, 1), ("ISR", "LBN"), "1982-07-01"),
    # before it happened nobody recalls it
    ("The Russian invasion of Ukraine is feared.", date(2015, 3, 1), ("RUS", "UKR"), None),
    # what the sentence says of its time wins
    ("The Turkish invasion of Cyprus in August 1974 divided it.", date(2023, 5, 10), ("TUR", "CYP"), "1974-08-01"),
]


def act(reader: Reader, text: str, published: date, pair: tuple[str, str]) -> Event | None:
    events = reader.text(text, published=published).events
    return next((e for e in events if e.sources == pair[:1] and e.targets == pair[1:] and e.type != "ACCUSE"), None)


@pytest.mark.parametrize(("text", "published", "pair", "start"), CASES, ids=[f"{c[0][:30]} {c[1].year}" for c in CASES])
def test_recalled_acts(reader: Reader, text: str, published: date, pair: tuple[str, str], start: str | None) -> None:
    found = act(reader, text, published, pair)
    if start is None:
        assert found is None or found.date.start == published or found.status != "occurred"
    else:
        assert found is not None and str(found.date.start) == start, found
        assert any(w.startswith("date: recalled, ") for w in found.why) == (start not in {"1982-07-01", "1974-08-01"})


def test_what_the_article_tells_by_the_verb_is_news(reader: Reader) -> None:
    text = "Turkey invaded Cyprus at dawn. The Turkish invasion of Cyprus was condemned by Athens."
    for event in reader.text(text, published=date(1999, 5, 10)).events:
        assert event.date.start is None or event.date.start.year == 1999


def test_the_table_is_in_order() -> None:
    acts = load().past_acts
    assert len(acts) >= 150
    told = {(noun, s, t, act.words, act.since) for act in acts for noun in act.nouns for s in act.sources for t in act.targets}
    assert len(told) == sum(len(act.nouns) * len(act.sources) * len(act.targets) for act in acts)
    assert all(act.until is None or act.since <= act.until for act in acts)
