"""Time expressions as financial and agency news write them; texts are published on Wednesday, 5 November 1997."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from comity.evaluate.dates_score import main, read_gold, score
from comity.understand.dates import dates_of, find_timexes
from comity.understand.dates.tables import lexicon

DAY = date(1997, 11, 5)
GOLD = Path(__file__).parents[1] / "gold" / "dates" / "dev2.jsonl"

# sentence | expression = value; expression = value
NEWS = """
For the nine months, net rose. | the nine months = P9M
In the week ended Oct. 31 claims fell. | the week = P1W; Oct. 31 = 1997-10-31
The chairman, 58 years old, will retire. | 58 years old = P58Y
Two 10-year-olds were found. | 10-year-olds = P10Y
Debt fell over two years. | two years = P2Y
He waited for over two years. | over two years = P2Y
It lasted only two days. | two days = P2D
The 11-2-97 edition was late. | 11-2-97 = 1997-11-02
It may take weeks. | weeks = PXW
It will last three months. | three months = P3M
It could be days, weeks or months. | days = PXD; weeks = PXW; months = PXM
In the hours after the blast he fled. | the hours = PXH
Sales rose in October, and 7% from a year earlier. | October = 1997-10; a year earlier = 1996-10
Profit rose in the third quarter. In the quarter sales fell. | the third quarter = 1997-Q3; the quarter = 1997-Q3
The June quarter was bad. | The June quarter = 1997-Q2
The July-September quarter was bad. | The July-September quarter = 1997-Q3
It will report third-quarter results. | third-quarter = 1997-Q3
Growth will slow in the second half. | the second half = 1997-H2
He scored a goal in the second half.
Last year's third quarter was better. | Last year's third quarter = 1996-Q3
The second fiscal quarter was bad. | The second fiscal quarter = 1997-Q2
The coming months will be hard. | The coming months = FUTURE_REF
Work began in past years. | past years = PAST_REF
He is silent at present. | present = PRESENT_REF
The week of Nov. 3 was busy. | The week of Nov. 3 = 1997-W45
The month of May was calm. | The month of May = 1997-05
It closed a quarter-century ago. | a quarter-century ago = 1972
They left at dawn on Tuesday. | dawn on Tuesday = 1997-11-04TMO
They waited through the night. | the night = 1997-11-04TNI
They met at about 4:30 p.m. on Monday. | about 4:30 p.m. on Monday = 1997-11-03T16:30
The market opens at noon EST. | noon EST = 1997-11-05T12:00
The road will stay closed through the weekend. | the weekend = 1997-W45-WE
The plant will shut on Friday. | Friday = 1997-11-07
He leaves next Friday. | next Friday = 1997-11-14
It took 2 1/2 years. | 2 1/2 years = P2.5Y
The class of '92 met. | '92 = 1992
The fund was set up last year. He rang the bank on the 3rd. | last year = 1996; the 3rd = 1997-11-03
The fund was set up last year. He rang the bank on the 28th. | last year = 1996; the 28th = 1997-10-28
It fell in May 1997 after a loss in 1990, and rose two months later. | May 1997 = 1997-05; 1990 = 1990; two months later = 1997-07
Envoys voted in Geneva, two weeks behind, on the text. | two weeks behind = 1997-W43
The work is two weeks behind schedule. | two weeks = P2W
Troops had invaded on 21 August 1968. He called it a shame on Monday. | 21 August 1968 = 1968-08-21; Monday = 1997-11-03
He drew a quarter-point.
Mr. Friday met April Oliver and June Carter.
He taught at Friday Harbor.
USA Today reported it.
In the 1996 third quarter it lost. | the 1996 third quarter = 1996-Q3
This Sunday the two met in Riga. | This Sunday = 1997-11-02
In March 1994 Rome paid. The same month Bonn did. In July Oslo paid. | March 1994 = 1994-03; The same month = 1994-03; July = 1994-07
On October 16, 1996 he fell ill. In the following March he died. | October 16, 1996 = 1996-10-16; the following March = 1997-03
There are elections on the 12th. | the 12th = 1997-11-12
They met on March 3, 1995. On the 5th they parted, for the first time since 1990. On the 9th they met again. | March 3, 1995 = 1995-03-03; the 5th = 1995-03-05; 1990 = 1990; the 9th = 1995-03-09
On 10 April 1996 the plane fell. The 7 of April, three days before, he had been there. | 10 April 1996 = 1996-04-10; The 7 of April = 1996-04-07; three days before = 1996-04-07
In August 1996 he cried: “Today Riga, tomorrow Vilnius.” That same month Bonn paid. | August 1996 = 1996-08; Today = 1997-11-05; tomorrow = 1997-11-06; That same month = 1996-08
The 3 of May they fled. They flew, the 11 in the night, to Rome. | The 3 of May = 1997-05-03; the 11 = 1997-05-11; the night = 1997-05-11TNI
They met in the night from Monday to Tuesday. | the night from Monday to Tuesday = 1997-11-03TNI
They met on the 26th of the same month. | the 26th of the same month = 1997-11-26
In June 1996 they met. They broke off the 25 of that same month. | June 1996 = 1996-06; the 25 of that same month = 1996-06-25
It began the first of December of 1994, and May the third ended it. | the first of December of 1994 = 1994-12-01; May the third = 1997-05-03
In December of 1994 they closed the port, and on January 1 they cut the gas. | December of 1994 = 1994-12; January 1 = 1995-01-01
The 26 of April he left. They had written, the day 15, to Bonn. | The 26 of April = 1997-04-26; the day 15 = 1997-04-15
The 26 of April he left. They claimed the 28 the islet. | The 26 of April = 1997-04-26; the 28 = 1997-04-28
The 26 of April he left. Bonn warned on the 28 that it would act. | The 26 of April = 1997-04-26; the 28 = 1997-04-28
They came at 18 hours. | 18 hours = 1997-11-05T18:00
They meet every other Friday. | every other Friday = XXXX-WXX-5
A week-long tour began. | week-long = P1W
Halfway through, hours later, he left. | hours later = PXH
"""


def cases() -> list[tuple[str, list[tuple[str, str]]]]:
    found = []
    for row in NEWS.strip().splitlines():
        sentence, _, wanted = row.partition(" | ")
        found.append((sentence, [(p.split(" = ")[0], p.split(" = ")[1]) for p in wanted.split("; ") if p]))
    return found


@pytest.mark.parametrize(("sentence", "wanted"), cases())
def test_news(sentence: str, wanted: list[tuple[str, str]]) -> None:
    assert [(d["text"], d["value"]) for d in dates_of(sentence, DAY)] == [
        (text, value.replace("PXH", "PTXH")) for text, value in wanted
    ]


LONG_AGO = [
    "",
    "On 14 September 1854 they landed. In 1855 the port fell. ",
    "In 204 BC they landed. In 202 BC they won. In 201 BC they made peace. ",
    "In AD 1 they met. In AD 2 they met. In AD 3 they met. ",
    "In 410 they came. In 476 they stayed. ",
]
"""What a text may begin with to be read as news and as a history."""


def test_no_sequence_of_time_words_breaks_the_reader() -> None:
    chance = random.Random(11)
    marks = [
        "2012",
        "15",
        "1/2",
        "'89",
        "1990s",
        "-",
        ",",
        ".",
        "11-2-89",
        "30th",
        "5:30",
        "\n\n",
        "Q3",
        "ended",
        "the",
        "of",
        "BC",
        "410",
        "the following spring",
        "two years later",
        "Christmas",
        "dawn on",
    ]
    words = [*lexicon().words, *marks * 6]
    for _ in range(4000):
        text = chance.choice(LONG_AGO) + " ".join(chance.choices(words, k=chance.randint(1, 14))).replace(" - ", "-")
        for timex in find_timexes(text, chance.choice([None, DAY, date(2024, 2, 29)])):
            assert text[timex.start : timex.end] == timex.text
            assert timex.low is None or timex.high is None or timex.low <= timex.high


def test_second_own_gold() -> None:
    counts, misses = score(read_gold(GOLD))
    assert counts.gold > 600
    assert counts.f1(counts.exact) >= 0.96, misses


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main([str(GOLD), "--detail"])
    assert '"exact_f1"' in capsys.readouterr().out


def test_gold_with_a_wrong_offset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"name": "a", "text": "On Monday.", "dates": [{"text": "Monday", "start": 2, "end": 8}]}\n')
    with pytest.raises(ValueError, match="does not stand"):
        read_gold(path)
