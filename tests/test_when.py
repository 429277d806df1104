"""Dates of events: each passage marks a verb and the days within which it lies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity.evaluate.when_score import GOLD, main, score_when
from comity.model import Document, EventDate, Timex
from comity.reader import Reader
from comity.understand.shifts import move
from comity.understand.tree import Tree
from comity.understand.when import Clock, Dated

DAY = date(2015, 6, 18)  # a Thursday

# text with the verb in stars | status | first day | last day | why
CASES = """
The pact, *signed* in 1951, obliges both. | occurred | 1951-01-01 | 1951-12-31 | dated by '1951'
The accord of 1979, which Cairo *signed*, still holds. | occurred | 1979-01-01 | 1979-12-31 | dated by '1979'
Ankara *condemned* the raid of May 3. | occurred | 2015-06-18 | 2015-06-18 | not told
When rebels struck in May 2014, Paris *helped*. | occurred | 2014-05-01 | 2014-05-31 | dated by 'May 2014'
They fought on Monday. The rebels *fled*. | occurred | 2015-06-15 | 2015-06-15 | the passage is about 'Monday'
In 2008 war came; the fleet *sailed*. | occurred | 2008-01-01 | 2008-12-31 | the sentence goes on from '2008'
They *fought* from 1998 to 2000. | occurred | 1998-01-01 | 2000-12-31 | dated by '1998' to '2000'
In May 2014 Kiev had promised that it would *withdraw*. | announced | 2014-05-01 | - | not before it was told, 'May 2014'
France will *recall* its envoy, Emmanuel Macron said on Monday. | announced | 2015-06-18 | - | not before publication
Kiev promised on Monday that it would *withdraw*. | announced | 2015-06-18 | - | not before publication
2008: Russia invades Georgia. Tbilisi *sues* for peace. | occurred | 2008-01-01 | 2008-12-31 | the entry is of '2008'
Rabat *replied* a day after Algiers broke ties on May 4. | occurred | 2015-05-05 | 2015-05-05 | 'a day after'
Rabat replied a day after Algiers *broke* ties on May 4. | occurred | 2015-05-04 | 2015-05-04 | dated by 'May 4'
Abdou Diouf, who is up for election in August, *phoned* him. | occurred | 2015-06-18 | 2015-06-18 | not told
Rome annexed it in 2008; Oslo does not *recognise* it. | negated | 2015-06-18 | 2015-06-18 | not told
Bern says that a *visit* in April is not in doubt. | announced | 2016-04-01 | 2016-04-30 | the coming 'April'
In May 2014 Kiev promised to *come* in October. | announced | 2014-10-01 | 2014-10-31 | dated by 'October'
They agreed on Wednesday to *meet*. | announced | 2015-06-18 | - | not before publication
They will *meet* on Monday. | announced | 2015-06-22 | 2015-06-22 | dated by 'Monday'
Since April, when the cabinet *fell*, all is quiet. | occurred | 2015-04-01 | 2015-04-30 | dated by 'April'
It was in 1985 that the two *met*. | occurred | 1985-01-01 | 1985-12-31 | dated by '1985'
In 1985, when Paris *sank* the ship, Oslo wept. | occurred | 1985-01-01 | 1985-12-31 | dated by '1985'
Rome withdrew its navy and *accepted* the border in June 1976. | occurred | 1976-06-01 | 1976-06-30 | dated by
Rome *withdrew* its navy and accepted the border in June 1976. | occurred | 1976-06-01 | 1976-06-30 | joined to
They have *fought* over the creek for a decade. | occurred | 2005-06-17 | 2015-06-18 | it has lasted
Rome *agreed* to leave within 60 days. | occurred | 2015-06-18 | 2015-06-18 | not told
An envoy said on Tuesday that Madrid had *accepted*. | occurred | 2015-06-16 | 2015-06-16 | told of on 'Tuesday'
Lima *phoned* on Monday to press Quito. | occurred | 2015-06-15 | 2015-06-15 | dated by 'Monday'
Lima phoned on Monday to *press* Quito. | occurred | 2015-06-15 | 2015-06-15 | dated by 'Monday'
In 2001 Rome made peace. The UN *thanked* Paris. | occurred | 2015-06-18 | 2015-06-18 | not told
In 2001 Rome made peace. The rebels *fled*. | occurred | 2001-01-01 | 2001-12-31 | the passage is about '2001'
Hezbollah has called a *rally* for Tuesday. | announced | 2015-06-23 | 2015-06-23 | dated by 'Tuesday'
In May 2014 a letter reached Oslo, whose fleet had *sunk* a trawler. | occurred | 2014-05-01 | 2014-05-31 | about 'May 2014'
Oslo, which took the port in 1990, *sank* a trawler. | occurred | 2015-06-18 | 2015-06-18 | not told
Gabon has *invited* both camps to Libreville for Monday. | occurred | 2015-06-18 | 2015-06-18 | not told
On May 4 the two signed a declaration which *condemned* the raid. | occurred | 2015-05-04 | 2015-05-04 | dated by 'May 4'
At the council, which met on Monday, Oslo *called* it a crime. | occurred | 2015-06-15 | 2015-06-15 | dated by 'Monday'
Paris had *praised* Oslo for keeping still in May 2014. | occurred | 2014-05-01 | 2014-05-31 | about 'May 2014'
Ten crossed on Monday, and fifty are to *follow*. | announced | 2015-06-18 | - | not before publication
In May 2014 Rome broke with Oslo, accusing it of *stealing* fish. | possible | 2014-05-01 | 2014-05-31 | dated by
Rome said on Monday that Oslo had *sunk* a trawler. | possible | 2015-06-15 | 2015-06-15 | told of on 'Monday'
Oslo may *sink* a trawler. | possible | 2015-06-18 | - | not before publication
Rome has accused Oslo of *aggression*. | possible | 2015-06-18 | 2015-06-18 | not told
The envoy is to *tour* the capitals this month. | announced | 2015-06-18 | 2015-06-30 | dated by 'this month'
Rome fell silent. Oslo had begged in May 2014 for calm. Bonn *condemned* the raid. | occurred | 2015-06-18 | 2015-06-18 | not
Rome fell silent. Oslo had begged in May 2014. Bonn would have paid. It *fled*. | occurred | 2014-05-01 | 2014-05-31 | passage
Rome fell silent. Oslo had sent a ship in May 2014. It *sank*. | occurred | 2014-05-01 | 2014-05-31 | the passage is about
Rome has *ended* the contest in four rounds that its envoy opened with Oslo in 2004. | occurred | 2015-06-18 | 2015-06-18 | not told
In May 2014 a Zagreb newspaper printed transcripts in which a judge spoke. Rome *withdrew*. | occurred | 2014-05-01 | 2014-05-31 | passage
Rome *urged* both sides to step back when he visited Oslo in May. | occurred | 2015-05-01 | 2015-05-31 | dated by 'May'
The *invasion* that toppled him in December 1989 is forgotten. | occurred | 1989-12-01 | 1989-12-31 | dated by
Rome *demanded* talks under the accord, in force since January 1994. | occurred | 2015-06-18 | 2015-06-18 | not told
Oslo fell in May 2014. Rome, *backed* by Bonn, has refused to pay. | occurred | 2015-06-18 | 2015-06-18 | not told
Oslo fell in May 2014. Rome, *backed* by Bonn, refused to pay. | occurred | 2014-05-01 | 2014-05-31 | passage
Oslo sold the port in 2008, almost a decade after bombs *drove* the army out. | occurred | 1997-01-01 | 1999-12-31 | 'almost a decade after'
Rome has *threatened* to let the pact lapse in October. | occurred | 2015-06-18 | 2015-06-18 | not told
When Rome sold the ship in 2011 it was three years since tanks had *rolled* into Oslo. | occurred | 2008-01-01 | 2008-12-31 | '
Rome said on Monday that it *condemns* the raid. | occurred | 2015-06-15 | 2015-06-15 | told of on 'Monday'
The League, which met on Monday in Oslo, *begged* Rome to leave. | occurred | 2015-06-15 | 2015-06-15 | dated by 'Monday'
Two men died on March 15 last year. Rome *paid* in July. | occurred | 2014-07-01 | 2014-07-31 | dated by 'July'
Oslo welcomed the pact, and Lula, who had visited both in May 2014, *praised* the pair. | occurred | 2015-06-18 | 2015-06-18 | not
The court found in May 2014 that Rome had erred in 1965, and the League *left* three months later. | occurred | 2014-08-01 | 2014-08-31 | dated by
Oslo wants peace; in Angola, Mr Savimbi on Saturday *accused* the army. | occurred | 2015-06-13 | 2015-06-13 | dated by 'Saturday'
On May 3 Oslo announced that it *withdraws* its envoy. | occurred | 2015-05-03 | 2015-05-03 | told of on 'May 3'
Cairo *gave* them weapons since November 1954. | occurred | 1954-11-01 | 1954-11-30 | dated by 'November 1954'
Rome has *armed* them since November 2014. | occurred | 2014-11-01 | 2015-06-18 | dated by 'November 2014'
Rome withdrew on May 17. 70 years before, Bonn had *invaded* it. | occurred | 1945-01-01 | 1945-12-31 | '70 years before'
They held a man whom they had caught in November and now *freed*. | occurred | 2015-06-18 | 2015-06-18 | not told
Sunday's clash *killed* four. | occurred | 2015-06-14 | 2015-06-14 | dated by 'Sunday'
"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(judge="none")


def read(reader: Reader, text: str, at: int, status: str) -> Dated:
    document = Document(id="text", text=text, published=DAY)
    for _, stage in reader.stages[:3]:
        document = stage(document)
    trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
    clock = Clock(document.text, DAY, document.sentences, trees, document.timexes)
    number, index = next((t.number, i) for t in trees for i, k in enumerate(t.tokens) if k.start == at)
    return clock.date_of(number, index, index, status, False)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", CASES.strip().splitlines())
def test_dates_of_verbs(reader: Reader, row: str) -> None:
    marked, status, low, high, why = row.split(" | ")
    dated = read(reader, marked.replace("*", ""), marked.index("*"), status)
    assert str(dated.date.start) == low
    assert (str(dated.date.end) if dated.date.end else "-") == high
    assert why in dated.why


def test_what_happened_again_is_told_twice(reader: Reader) -> None:
    dated = read(reader, "Rome invaded in March 1978, and again in June 1982.", 5, "occurred")
    assert [t.value for t in dated.again] == ["1982-06"]
    assert not read(reader, "Rome bombed it between March 2010 and May 2010.", 5, "occurred").again


def test_reports_by_the_minute_tell_of_their_day(reader: Reader) -> None:
    text = "Ships were boarded on Monday.\n\n09:20 Paris protested.\n\n10:05 Rome protested.\n\n11:30 Bonn protested."
    assert read(reader, text, text.index("protested"), "occurred").date.start == DAY


def test_own_gold(reader: Reader) -> None:
    right, asked, notes = score_when(GOLD, reader)
    assert asked >= 180
    assert right / asked >= 0.95, notes


def test_what_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"name": "a", "text": "They met in 2012.", "published": "2015-06-18", "events": '
        '[{"word": "met", "start": 5, "status": "occurred", "date": ["2013-01-01", "2013-12-31"]}]}\n'
    )
    main([str(gold)])
    assert "0 of 1 right" in capsys.readouterr().out


def timex(value: str, low: date, high: date, precision: str) -> Timex:
    return Timex(start=0, end=1, text="x", kind="DATE", value=value, low=low, high=high, precision=precision)  # type: ignore[arg-type]


def test_moved_times_keep_their_precision() -> None:
    march = timex("1994-03", date(1994, 3, 1), date(1994, 3, 31), "month")
    assert move(march, "P1M", later=False) == EventDate(
        start=date(1994, 2, 1), end=date(1994, 2, 28), precision="month"
    )
    assert move(date(2015, 6, 18), "P8D", later=False) == EventDate(
        start=date(2015, 6, 10), end=date(2015, 6, 10), precision="week"
    )
    assert move(date(2015, 6, 18), "P2W", later=True) == EventDate(
        start=date(2015, 6, 30), end=date(2015, 7, 4), precision="week"
    )
    assert move(date(2015, 6, 18), "P10Y", later=False) == EventDate(
        start=date(2005, 1, 1), end=date(2005, 12, 31), precision="year"
    )
    assert move(date(2015, 6, 18), "PXD", later=True) is None
    assert move(None, "P1D", later=True) is None
