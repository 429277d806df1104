"""Turning points that texts name: patterns, dates, the pair, and the citation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from comity.record.store import Store, open_record
from comity.relations import named, relation
from comity.relations.turnings import in_sentence

DAY = date(2021, 12, 16)


@pytest.mark.parametrize(
    ("text", "when", "sign"),
    [
        ("Because the names changed in 2014.", "2014", "?"),
        ("Relations have soured since 2014, when the peninsula was annexed.", "2014", "-"),
        ("Since the war of 2008, ties with Moscow have deteriorated.", "2008", "-"),
        ("In 2016 the kingdom severed diplomatic relations with its rival.", "2016", "-"),
        ("The visit of March 1972 was a turning point.", "March 1972", "?"),
        ("Their relationship improved last year.", "last year", "+"),
        ("The old hostility deepened in 2010.", "2010", "-"),
        ("The two capitals restored ties in 2019 after a long break.", "2019", "+"),
        ("A new era began in 2015, the minister said.", "2015", "+"),
    ],
)
def test_what_is_named(text: str, when: str, sign: str) -> None:
    found = list(in_sentence(text, DAY))
    assert [(w, s) for _, _, w, s, _ in found] == [(when, sign)]
    assert all(first <= last < DAY.replace(year=2022) for first, last, *_ in found)


@pytest.mark.parametrize(
    "text",
    [
        "Relations are good.",
        "He visited Beijing in 2014.",
        "Relations will improve in 2030.",
        "Relations changed.",
        "The price of gas changed in 2014.",
        "The relations between prices and wages are told in the paper, and many pages and many months later, after all "
        "the long tables of the appendix, stands the year 2014.",
    ],
)
def test_what_is_not(text: str) -> None:
    assert not list(in_sentence(text, DAY))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    text = (
        "Russia and China held talks. Because the names changed in 2014. Relations of Russia with Ukraine collapsed in "
        "2014. France said that its relations with Russia and China had cooled in 2020."
    )
    marks = [0, text.index("Because"), text.index("Relations"), text.index("France"), len(text)]
    words = [("RUS", "Russia", 0), ("CHN", "China", 0), ("RUS", "Russia", 65), ("UKR", "Ukraine", 65), ("FRA", "France", 100)]
    words += [("RUS", "Russia", 130), ("CHN", "China", 130)]
    base = {"type": "CONSULT", "status": "occurred", "sources": ["RUS"], "targets": ["CHN"]}
    day = {"date_start": date(2021, 12, 15), "date_end": date(2021, 12, 15), "precision": "day"}
    with open_record(tmp_path / "record") as found:
        with found.write() as batch:
            batch.append(
                "documents",
                [{"id": "d1", "name": "d1", "title": "Old friend", "published": DAY, "language": "en", "text": text}],
            )
            batch.append(
                "sentences",
                [
                    {"document": "d1", "number": n, "start": a, "end": b, "kind": "body"}
                    for n, (a, b) in enumerate(pairwise(marks))
                ],
            )
            batch.append(
                "mentions",
                [
                    {"document": "d1", "number": n, "start": text.index(word, at), "end": text.index(word, at) + 3, "state": code}
                    for n, (code, word, at) in enumerate(words)
                ],
            )
            batch.append("reports", [{"id": "r1", "document": "d1", "evidence": "Russia and China held talks.", **base, **day}])
            batch.append("events", [{"id": "e1", "symmetric": True, "reports": 1, "documents": 1, **base, **day}])
            batch.append("report_events", [{"report": "r1", "event": "e1"}])
        yield found


def test_a_document_is_cited(store: Store) -> None:
    (point,) = named(store, "RUS", "CHN")
    assert (point.first, point.last, point.sign) == (date(2014, 1, 1), date(2014, 12, 31), "?")
    assert point.sentence == "Because the names changed in 2014." and point.document == "d1"
    text = store.text("d1")
    assert text is not None and text[point.start : point.end].strip() == point.sentence
    assert relation(store, "RUS", "CHN").named == (point,)
    assert named(store, "FRA", "USA") == ()
