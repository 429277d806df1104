"""Time expressions: own examples, one sentence each, with the TIMEX3 values that are right.

Unless another day is given the texts are published on Thursday, 16 December 2021.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.understand.dates import dates_of, find_timexes, ranges, signal_before
from comity.understand.dates.calendar import easter, interval
from comity.understand.dates.grammar import RULES, first_letters
from comity.understand.dates.scan import RESOLVERS

DAY = date(2021, 12, 16)

# sentence | expression = value; expression = value
ABSOLUTE = """
They met on December 16, 2021. | December 16, 2021 = 2021-12-16
They met on 16 December 2021 in Minsk. | 16 December 2021 = 2021-12-16
They met on 16 December. | 16 December = 2021-12-16
The 16th of December 2020 was cold. | The 16th of December 2020 = 2020-12-16
The pact was signed on Dec. 10. | Dec. 10 = 2021-12-10
It was dated 16.12.2021. | 16.12.2021 = 2021-12-16
It was dated 2021-12-16. | 2021-12-16 = 2021-12-16
It was dated 12/16/2021. | 12/16/2021 = 2021-12-16
It was dated 16/12/2021. | 16/12/2021 = 2021-12-16
On Wednesday, Dec. 15, 2021, they spoke. | Wednesday, Dec. 15, 2021 = 2021-12-15
On Monday, 13 December, they spoke. | Monday, 13 December = 2021-12-13
Published 2021-12-15T10:30:00Z by the agency. | 2021-12-15T10:30:00Z = 2021-12-15T10:30
The treaty of August 1939 was secret. | August 1939 = 1939-08
The war broke out in February of 2003. | February of 2003 = 2003-02
He took office in 2013. | 2013 = 2013
He has ruled since 2013 and will go in 2024. | 2013 = 2013; 2024 = 2024
The pact (1994) was broken. | 1994 = 1994
In the year 2000 he became president. | the year 2000 = 2000
Pequin is sponsoring the Games this 2022. | this 2022 = 2022
In the summer of 2014 fighting spread. | the summer of 2014 = 2014-SU
Fighting spread in spring 2015. | spring 2015 = 2015-SP
The fall of 1989 changed Europe. | The fall of 1989 = 1989-FA
In the winter of 1939 Finland was attacked. | the winter of 1939 = 1939-WI
The reforms of the 1990s failed. | the 1990s = 199
The early 1990s were hard. | The early 1990s = 199
It was common in the '80s. | the '80s = 198
Student protests shook Europe in the 60s. | the 60s = 196
Trade fell in the late sixties. | the late sixties = 196
By the mid-1970s the talks had stalled. | the mid-1970s = 197
In the 19th century they were rivals. | the 19th century = 18
During the second half of the 20th century they were rivals. | the second half of the 20th century = 19
A model for the 21st century, he said. | the 21st century = 20
It was a twentieth-century idea. | twentieth-century = 19
The twenty-first century began. | The twenty-first century = 20
The 1800s saw many wars. | The 1800s = 18
The 1990's saw many wars. | The 1990's = 199
Songs of the 1960s and 70s played. | the 1960s = 196; 70s = 197
Growth slowed in the third quarter of 2019. | the third quarter of 2019 = 2019-Q3
Growth slowed in Q3 2019. | Q3 2019 = 2019-Q3
Exports rose in the first half of 2020. | the first half of 2020 = 2020-H1
Sales fell in fiscal 2010. | fiscal 2010 = 2010
Sales fell in the 2021/22 season. | 2021/22 = 2021
By mid-2014 the front had moved. | mid-2014 = 2014
At the beginning of 2022 the ban will end. | the beginning of 2022 = 2022
It was agreed at the end of June 2020. | the end of June 2020 = 2020-06
In early March 2018 the spies were expelled. | early March 2018 = 2018-03
The attacks of 9/11 changed everything. | 9/11 = 2001-09-11
After the Sept. 11 attacks Congress passed the law. | Sept. 11 = 2001-09-11
They met on Christmas Day 2014. | Christmas Day 2014 = 2014-12-25
Ramadan 2015 was calm. | Ramadan 2015 = 2015
Presidents met on the 3rd of May, 1998. | the 3rd of May, 1998 = 1998-05-03
Elections are set for May 2022. | May 2022 = 2022-05
"""

RELATIVE = """
The leaders spoke on Wednesday. | Wednesday = 2021-12-15
The leaders will speak on Wednesday. | Wednesday = 2021-12-22
The minister said Thursday that talks had failed. | Thursday = 2021-12-16
The minister said that talks will resume on Monday. | Monday = 2021-12-20
Talks will resume on Monday, the minister said Tuesday. | Monday = 2021-12-20; Tuesday = 2021-12-14
On Friday, he will travel to Minsk. | Friday = 2021-12-17
The envoy is expected to arrive on Sunday. | Sunday = 2021-12-19
The envoy was expected to arrive on Sunday. | Sunday = 2021-12-19
They left on Friday 10. | Friday 10 = 2021-12-10
On Monday 13 the envoys flew home. | Monday 13 = 2021-12-13
On Monday 13 people died. | Monday = 2021-12-13
The envoy arrived last Friday. | last Friday = 2021-12-10
The envoy arrives next Tuesday. | next Tuesday = 2021-12-21
The envoy arrives this Friday. | this Friday = 2021-12-17
He was shot on Friday night. | Friday night = 2021-12-10TNI
They spoke on Wednesday morning. | Wednesday morning = 2021-12-15TMO
Yesterday the envoy left. | Yesterday = 2021-12-15
Today the envoy left. | Today = 2021-12-16
The envoy leaves tomorrow. | tomorrow = 2021-12-17
He will speak tomorrow morning. | tomorrow morning = 2021-12-17TMO
He will speak tonight. | tonight = 2021-12-16TNI
The shelling resumed overnight. | overnight = 2021-12-16TNI
The shelling resumed last night. | last night = 2021-12-15TNI
He spoke this morning. | this morning = 2021-12-16TMO
It happened the day before yesterday. | the day before yesterday = 2021-12-14
The army attacked last week. | last week = 2021-W49
The talks take place this week. | this week = 2021-W50
The talks take place next week. | next week = 2021-W51
The talks took place last month. | last month = 2021-11
The talks took place earlier this month. | earlier this month = 2021-12
The talks took place late last year. | late last year = 2020
The talks took place early last week. | early last week = 2021-W49
The ban ends next year. | next year = 2022
The ban ended this year. | this year = 2021
The ban will end later this year. | later this year = 2021
It was agreed last summer. | last summer = 2021-SU
The snow came last winter. | last winter = 2020-WI
It was agreed in the spring. | the spring = 2021-SP
Growth slowed last quarter. | last quarter = 2021-Q3
Growth slowed in the third quarter. | the third quarter = 2021-Q3
Third-quarter growth was weak. | Third-quarter = 2021-Q3
The ministers met in November. | November = 2021-11
The ministers met in December. | December = 2021-12
The ministers will meet in January. | January = 2022-01
The ministers met last December. | last December = 2020-12
The ministers will meet next March. | next March = 2022-03
The ministers met in March. | March = 2021-03
The ministers met in December of last year. | December of last year = 2020-12
Xi spoke with Biden on November 15. | November 15 = 2021-11-15
Xi will speak with Biden on January 10. | January 10 = 2022-01-10
The summit, on January 10, is in doubt. | January 10 = 2022-01-10
He died two weeks ago. | two weeks ago = 2021-W48
He died three days ago. | three days ago = 2021-12-13
He died two years ago. | two years ago = 2019
He died two months ago. | two months ago = 2021-10
He died a year ago. | a year ago = 2020
He died more than a decade ago. | more than a decade ago = 2011
He died nearly two years ago. | nearly two years ago = 2019
He died about 20 years ago. | about 20 years ago = 2001
The summit was held a few days ago. | a few days ago = PAST_REF
The crisis began years ago. | years ago = PAST_REF
The crisis was long ago. | long ago = PAST_REF
They fought over the weekend. | the weekend = 2021-W49-WE
They will meet at the weekend. | the weekend = 2021-W50-WE
They met last weekend. | last weekend = 2021-W49-WE
He will leave by the end of the year. | the end of the year = 2021
He will leave by the end of the month. | the end of the month = 2021-12
The rest of the week will be quiet. | The rest of the week = 2021-W50
He left at Easter. | Easter = 2021-04-04
He will leave on New Year's Eve. | New Year's Eve = 2021-12-31
He arrived at 3 pm. | 3 pm = 2021-12-16T15:00
He arrived at 3:00 p.m. Wednesday. | 3:00 p.m. Wednesday = 2021-12-15T15:00
He arrived on Wednesday at 9:15 a.m. to talk. | Wednesday at 9:15 a.m. = 2021-12-15T09:15
The blast came at 0430 GMT. | 0430 GMT = 2021-12-16T04:30
The truce begins at noon. | noon = 2021-12-16T12:00
The truce began at midnight on Monday. | midnight on Monday = 2021-12-13T24:00
It began at 15:30 local time. | 15:30 local time = 2021-12-16T15:30
He came at five o'clock. | five o'clock = 2021-12-16T05:00
This century will be China's. | This century = 20
It was normal last century. | last century = 19
The turn of the century brought change. | The turn of the century = 2000
The bill expires Feb. 28. | Feb. 28 = 2022-02-28
They meet on the second Tuesday of each month. | Tuesday = XXXX-WXX-2; each month = P1M
Over the next decade they will pay. | the next decade = P1DE
It was done in the final days of 2011. | the final days of 2011 = 2011
On the 5th, he wrote again. | the 5th = 2021-12-05
He has until midnight Friday to leave. | midnight Friday = 2021-12-17T24:00
He was shot in the early morning of 21 August 1968. | the early morning of 21 August 1968 = 1968-08-21TMO
Talks are set for mid-January in Paris. | mid-January = 2022-01
He had denied it as recently as January. | January = 2021-01
The talks are to be held from January 5. | January 5 = 2022-01-05
The ban is to be lifted by the end of the summer. | the end of the summer = 2022-SU
He is facing trial after his arrest Tuesday. | Tuesday = 2021-12-14
Profit fell from the year-ago quarter. | the year-ago quarter = 2020-Q3
Rates will rise by year-end. | year-end = 2021
Rates rose by mid-year. | mid-year = 2021
They met in the first week of May. | the first week of May = 2021-W18
They voted on the first Tuesday of November 2020. | the first Tuesday of November 2020 = 2020-11-03
They came at ten o'clock on Friday night. | ten o'clock on Friday night = 2021-12-10T22:00
They left a while ago. | a while ago = PAST_REF
They met on the eve of Christmas. | the eve of Christmas = 2021-12-24
They met on the night of November 15. | the night of November 15 = 2021-11-15TNI
They left in the early hours of Monday. | the early hours of Monday = 2021-12-13TMO
The deal should be done in the coming week. | the coming week = 2021-W51
They left at the start of this month. | the start of this month = 2021-12
"""

STORY = """
He landed on Monday. The next day he met Xi. | Monday = 2021-12-13; The next day = 2021-12-14
He landed on Monday and left two days later. | Monday = 2021-12-13; two days later = 2021-12-15
He took office in 2013. Two years later he fell. | 2013 = 2013; Two years later = 2015
In 2008 war broke out, and that year prices soared. | 2008 = 2008; that year = 2008
The pact was signed on May 3, 1998. The same month Pakistan tested. | May 3, 1998 = 1998-05-03; The same month = 1998-05
He fell on June 4, 1999. The previous week he had been ill. | June 4, 1999 = 1999-06-04; The previous week = 1999-W21
He resigned on June 4, 1999, and died the following year. | June 4, 1999 = 1999-06-04; the following year = 2000
In 2014, Russia annexed Crimea. On March 18 Putin signed the treaty. | 2014 = 2014; March 18 = 2014-03-18
In 2014, Russia annexed Crimea. In September a truce was signed. | 2014 = 2014; September = 2014-09
He came on March 5, 2003. That night the bombing began. | March 5, 2003 = 2003-03-05; That night = 2003-03-05TNI
He came on March 5, 2003. The next morning he left. | March 5, 2003 = 2003-03-05; The next morning = 2003-03-06TMO
He was elected in 2010, a year earlier than planned. | 2010 = 2010; a year earlier = 2009
The strike came on Tuesday. The day before, he had denied it. | Tuesday = 2021-12-14; The day before = 2021-12-13
And all this a week after the video call between them. | a week = P1W
They parted three days before the vote. | three days = P3D
"""

LENGTHS = """
He ruled for three hours. | three hours = PT3H
They talked for just over an hour. | just over an hour = PT1H
Trade grew over the past five years. | the past five years = P5Y
In the past two years trade grew. | the past two years = P2Y
It will fall in the next two years. | the next two years = P2Y
They must leave within three months. | three months = P3M
Rain is expected in the coming days. | the coming days = FUTURE_REF
In recent years ties have improved. | recent years = PAST_REF
He paid a one-day visit. | one-day = P1D
It was a six-month truce. | six-month = P6M
It took half a year. | half a year = P6M
It took half an hour. | half an hour = PT30M
It took a quarter of a century. | a quarter of a century = P25Y
It took two and a half years. | two and a half years = P2.5Y
It took a year and a half. | a year and a half = P1.5Y
A 30-year-old man was held. | 30-year-old = P30Y
A two-year-old girl was hurt. | two-year-old = P2Y
A months-long siege ended. | months-long = PXM
The decades-old feud goes on. | decades-old = PXDE
They have fought for decades. | decades = PXDE
They fought for years. | years = PXY
The talks lasted twenty-five minutes. | twenty-five minutes = PT25M
The truce lasted 48 hours. | 48 hours = PT48H
It lasted a decade. | a decade = P1DE
The yearlong siege ended. | yearlong = P1Y
The first nine months of 2019 were bad. | The first nine months of 2019 = P9M
They waited several weeks. | several weeks = PXW
They waited a couple of weeks. | a couple of weeks = P2W
They waited at least 10 days. | at least 10 days = P10D
They waited more than two centuries. | more than two centuries = P2CE
It was the worst drought in a hundred years. | a hundred years = P100Y
The court gave him a 10-year sentence. | 10-year = P10Y
The two-and-a-half-year war is over. | two-and-a-half-year = P2.5Y
He was jailed for three years and four months. | three years and four months = P3Y4M
It lasts two to three weeks. | two to three weeks = P3W
Work began in the months ahead. | the months ahead = FUTURE_REF
He has been here the whole week long. | the whole week = P1W
"""

SETS = """
They meet every Monday. | every Monday = XXXX-WXX-1
They meet on Mondays. | Mondays = XXXX-WXX-1
They meet annually. | annually = P1Y
They meet twice a week. | twice a week = P1W
They meet three times a year. | three times a year = P1Y
They meet every two years. | every two years = P2Y
They meet every other day. | every other day = P2D
They meet each year. | each year = P1Y
They hold daily talks. | daily = P1D
They meet on Friday nights. | Friday nights = XXXX-WXX-5TNI
They meet every summer. | every summer = XXXX-SU
They meet every morning. | every morning = XXXX-XX-XXTMO
They pump two million barrels per day. | per day = P1D
The monthly report is late. | monthly = P1M
"""

VAGUE = """
They are now rivals. | now = PRESENT_REF
They are currently rivals. | currently = PRESENT_REF
They recently met. | recently = PAST_REF
They will soon meet. | soon = FUTURE_REF
He spoke of the past. | the past = PAST_REF
He hopes to meet in the future. | the future = FUTURE_REF
He hopes to meet in the near future. | the near future = FUTURE_REF
These days they hardly speak. | These days = PRESENT_REF
He is in Minsk at the moment. | the moment = PRESENT_REF
"""

PAIRS = """
The talks ran on March 3-5, 2010. | March 3 = 2010-03-03; 5, 2010 = 2010-03-05
The talks ran on 15-17 June 2001. | 15 = 2001-06-15; 17 June 2001 = 2001-06-17
He ruled from 2008 to 2012. | 2008 = 2008; 2012 = 2012
He ruled from 2008-2012 in Moscow. | 2008 = 2008; 2012 = 2012
The 1939-45 war was worse. | 1939 = 1939; 45 = 1945
They met between March and May 2010. | March = 2010-03; May 2010 = 2010-05
They fought from November to March 2010. | November = 2009-11; March 2010 = 2010-03
They met on June 3 and 4 in Osaka. | June 3 = 2021-06-03; 4 = 2021-06-04
They met on Monday and Tuesday. | Monday = 2021-12-13; Tuesday = 2021-12-14
It was held from March 3 to April 2, 2010. | March 3 = 2010-03-03; April 2, 2010 = 2010-04-02
It was held in 2013 and 2014. | 2013 = 2013; 2014 = 2014
It was held in March and April 2015. | March = 2015-03; April 2015 = 2015-04
"""

NOTHING = """
Prime Minister Theresa May may march on.
He will march to the front.
He came second in the race.
The sun rose and he sat down.
They sent 1,500 soldiers.
They sent 2000 people to the border.
About 2000 troops crossed over.
Flight 2014 was late.
The shop is open 24/7.
They won 2-1.
Augustus was emperor.
He recalled the March on Washington.
The Good Friday Agreement holds.
The Arab Spring failed.
They spring up and fall down.
The fall of Kabul was sudden.
He wrote for Newsweek.
April Glaspie met Saddam.
June Carter sang.
He writes for the Sunday Times.
The Sunday Telegraph reported it.
The Daily Mail reported it.
An F-16 and an A320 landed.
It cost $2000 and 1999 euros.
COVID-19 spread.
They spoke of the Six-Day War film.
A minute detail was missing.
He fell from a 2000-meter peak.
The Winter Olympics are near.
He is the man of the year.
Three quarters of the people left.
"""


def cases(table: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Rows of a table as sentence and pairs of expression and value."""
    found = []
    for row in table.strip().splitlines():
        sentence, _, wanted = row.partition("|")
        pairs = tuple(tuple(p.strip() for p in pair.split(" = ")) for pair in wanted.split(";") if pair.strip())
        found.append((sentence.strip(), pairs))
    return found


def values(text: str, published: date | None = DAY) -> tuple[tuple[str, str], ...]:
    found = find_timexes(text, published)
    for timex in found:
        assert text[timex.start : timex.end] == timex.text
    return tuple((t.text, t.value) for t in found if t.why != "named period")


@pytest.mark.parametrize(("sentence", "wanted"), cases(ABSOLUTE + RELATIVE))
def test_calendar_and_publication(sentence: str, wanted: tuple[tuple[str, str], ...]) -> None:
    assert values(sentence) == wanted


@pytest.mark.parametrize(("sentence", "wanted"), cases(STORY))
def test_counted_from_the_story(sentence: str, wanted: tuple[tuple[str, str], ...]) -> None:
    assert values(sentence) == wanted


@pytest.mark.parametrize(("sentence", "wanted"), cases(LENGTHS + SETS + VAGUE))
def test_lengths_sets_and_vague(sentence: str, wanted: tuple[tuple[str, str], ...]) -> None:
    assert values(sentence) == wanted


@pytest.mark.parametrize(("sentence", "wanted"), cases(PAIRS))
def test_pairs(sentence: str, wanted: tuple[tuple[str, str], ...]) -> None:
    assert values(sentence) == wanted


@pytest.mark.parametrize("sentence", NOTHING.strip().splitlines())
def test_false_friends(sentence: str) -> None:
    assert values(sentence) == ()


def one(text: str, published: date | None = DAY):  # type: ignore[no-untyped-def]
    found = find_timexes(text, published)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "low", "high", "precision"),
    [
        ("He came in 2013.", date(2013, 1, 1), date(2013, 12, 31), "year"),
        ("He came last week.", date(2021, 12, 6), date(2021, 12, 12), "week"),
        ("He came on Wednesday.", date(2021, 12, 15), date(2021, 12, 15), "day"),
        ("It was in the 1990s.", date(1990, 1, 1), date(1999, 12, 31), "decade"),
        ("It was in the 20th century.", date(1901, 1, 1), date(2000, 12, 31), "century"),
        ("It was in the second half of the 20th century.", date(1951, 1, 1), date(2000, 12, 31), "century"),
        ("It came in early 2014.", date(2014, 1, 1), date(2014, 5, 2), "year"),
        ("It came in the summer of 2014.", date(2014, 6, 1), date(2014, 8, 31), "season"),
        ("It was a few days ago.", date(2021, 12, 10), date(2021, 12, 14), "week"),
        ("It will come in the coming days.", date(2021, 12, 16), date(2021, 12, 23), "day"),
        ("It grew over the past two years.", date(2019, 12, 16), date(2021, 12, 16), "year"),
        ("They will leave within three months.", date(2021, 12, 16), date(2022, 3, 16), "month"),
        ("They will leave in ten days.", date(2021, 12, 26), date(2021, 12, 26), "day"),
        ("They fought earlier this month.", date(2021, 12, 1), date(2021, 12, 16), "month"),
        ("They fought over the weekend.", date(2021, 12, 11), date(2021, 12, 12), "week"),
        ("The first three months of 2019 were bad.", date(2019, 1, 1), date(2019, 3, 31), "season"),
        ("Sanctions fell during the Cold War.", date(1947, 1, 1), date(1991, 12, 31), "year"),
        ("It lasted three hours.", None, None, "unknown"),
        ("They meet every Monday.", None, None, "unknown"),
    ],
)
def test_days_meant(text: str, low: date | None, high: date | None, precision: str) -> None:
    timex = one(text)
    assert (timex.low, timex.high) == (low, high)
    assert timex.precision == precision
    assert timex.why


def test_without_publication_absolute_dates_stand_and_relative_ones_stay_open() -> None:
    found = find_timexes("On Wednesday he said that since March 3, 2014 and until yesterday ...", None)
    assert [t.value for t in found] == ["XXXX-WXX-3", "2014-03-03", "XXXX-XX-XX"]
    assert found[0].low is None and found[2].low is None
    assert found[1].low == date(2014, 3, 3)
    assert one("They met on November 15.", None).value == "XXXX-11-15"


def test_the_tense_of_the_parser_is_believed() -> None:
    text = "Talks on Monday in Geneva"
    assert find_timexes(text, DAY, tense=lambda _: "past")[0].value == "2021-12-13"
    assert find_timexes(text, DAY, tense=lambda _: "future")[0].value == "2021-12-20"


def test_the_guess_keeps_to_the_sentence() -> None:
    text = "He will resign. Protests on Monday grew."
    cut = text.index("Protests")
    assert find_timexes(text, DAY, sentences=[(0, cut - 1), (cut, len(text))])[0].value == "2021-12-13"


def test_the_publication_weekday_is_the_publication_day() -> None:
    assert one("The talks failed on Thursday.").value == "2021-12-16"
    assert one("The talks failed last Thursday.").value == "2021-12-09"


def test_a_month_that_was_named_with_an_aside_sets_no_story() -> None:
    text = "It is three years since the vote of June 23, 2016. The minister resigned in November."
    assert find_timexes(text, DAY)[-1].value == "2021-11"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("He has ruled since 2013.", "since"),
        ("He ruled from the late 1990s.", "from"),
        ("He will go by the end of 2022.", "by"),
        ("He fell in early 2014.", "in"),
        ("He fell as of March 3, 2014.", "as of"),
        ("He fell yesterday.", ""),
    ],
)
def test_signal_before(text: str, word: str) -> None:
    assert signal_before(text, one(text).start) == word


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("He ruled from 2008 to 2012.", 1),
        ("They met between March and May 2010.", 1),
        ("They met in 2010 and 2012.", 0),
        ("They met on March 3-5, 2010.", 1),
        ("He ruled from 2008. In 2012 he fell.", 0),
    ],
)
def test_ranges(text: str, pairs: int) -> None:
    assert len(ranges(text, find_timexes(text, DAY))) == pairs


def test_entries_of_a_chronology_go_on_from_the_year_of_the_one_before() -> None:
    text = "January 9, 1995: A patrol is taken.\n\nMarch: Arms were sold.\n\nMay 2: A truce.\n\nJanuary 3: Talks begin.\n"
    found = find_timexes(text, date(1998, 10, 26))
    assert [t.value for t in found] == ["1995-01-09", "1995-03", "1995-05-02", "1996-01-03"]


def test_the_first_entry_of_a_chronology_lies_before_its_publication() -> None:
    found = find_timexes("May 20: Seoul says that a torpedo sank her.\n\nMay 25: The North severs all ties.", date(2010, 11, 30))
    assert [t.value for t in found] == ["2010-05-20", "2010-05-25"]


def test_dates_of_is_what_the_contract_says() -> None:
    found = dates_of("On Wednesday, for the first time since the Cold War, they met.", DAY)
    assert found == [
        {"text": "Wednesday", "start": 3, "end": 12, "value": "2021-12-15", "from": "2021-12-15", "to": "2021-12-15"}
    ]


def test_every_rule_has_its_resolver_and_every_resolver_its_rule() -> None:
    assert {name for name, _ in RULES} == set(RESOLVERS)


def test_first_letters_of_a_pattern() -> None:
    assert first_letters("(?:a|bc)?(?P<x>d|e)f") == {"a", "b", "d", "e"}
    assert first_letters("a?(?=z)b") == {"a", "b"}


def test_calendar() -> None:
    assert easter(2021) == date(2021, 4, 4)
    assert easter(2024) == date(2024, 3, 31)
    assert interval("2020-W53") == (date(2020, 12, 28), date(2021, 1, 3), "week")
    assert interval("2021-02-30") is None
    assert interval("XXXX-11-15") is None


@pytest.mark.parametrize(
    "unit",
    ["the ", "two weeks ago ", "early late mid end of the ", "9", "1/", "in the past two to three or four and a half ",
     "\n\n", "'s ", "(2014) "],
)  # fmt: skip
def test_a_megabyte_of_malice_is_read_in_no_time(unit: str) -> None:
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    started = time.process_time()
    find_timexes(text, DAY)
    assert time.process_time() - started < 4


def test_an_article_is_read_in_milliseconds() -> None:
    sentence = "The ministers of both countries met on Wednesday in Minsk, where a truce was signed in 2014. "
    find_timexes(sentence, DAY)
    started = time.process_time()
    for _ in range(10):
        find_timexes(sentence * 25, DAY)
    assert (time.process_time() - started) / 10 < 0.02


def test_strange_dates_do_no_harm() -> None:
    text = (
        "On 31 February, 99.99.2021, 0000-00-00, 0001-01-01, the year before, year 0, the 45th of May, 25:61 pm, "
        "2020 years ago, the previous year, at Christmas, last winter, 9999 centuries ago, yesterday, next decade, "
        "last century, tomorrow, in 900 centuries"
    )
    for published in (date.min, date.max, DAY, None):
        for timex in find_timexes(text, published):
            assert text[timex.start : timex.end] == timex.text


def test_own_gold() -> None:
    from comity.evaluate.dates_score import read_gold, score

    folder = Path(__file__).parents[1] / "gold" / "dates"
    for part, floor in (("dev", 0.95), ("test", 0.88)):
        counts, misses = score(read_gold(folder / part))
        assert counts.gold > 130
        assert counts.f1(counts.value) >= floor, misses


def test_seed_article() -> None:
    path = Path(__file__).parents[2] / "shared" / "bench" / "seed" / "article.txt"
    if not path.exists():
        pytest.skip("the shared folder is not here")
    found = {t.text: t for t in find_timexes(path.read_text(encoding="utf-8"), DAY)}
    assert found["November 15"].low == date(2021, 11, 15)
    assert found["Wednesday"].low == date(2021, 12, 15)
    assert found["2013"].value == "2013"
    assert found["a week"].value == "P1W"
    assert found["the second half of the 20th century"].low == date(1951, 1, 1)
    few = found["a few days ago"]
    assert few.high is not None and DAY - timedelta(days=7) <= few.high < DAY


HISTORY = "On 14 September 1854 the allies landed. {} The port fell in September 1855, and in February 1856 came peace."
"""A story of long ago, in which nothing counts from its publication."""


@pytest.mark.parametrize(
    ("told", "expression", "value"),
    [
        ("On 20 October they dug in.", "20 October", "1854-10-20"),
        ("In March the tsar died.", "March", "1855-03"),
        ("The next day it rained.", "The next day", "1854-09-15"),
        ("That winter was worse than the war.", "That winter", "1854-WI"),
        ("The following spring a railway was laid.", "The following spring", "1855-SP"),
        ("They were cold at Christmas.", "Christmas", "1854-12-25"),
        ("Guns opened at 6:30 a.m. on 17 October.", "6:30 a.m. on 17 October", "1854-10-17T06:30"),
        ("They attacked at dawn on 25 October.", "dawn on 25 October", "1854-10-25TMO"),
        ("On the 20th two armies met.", "the 20th", "1854-09-20"),
        ("They moved on the night of 7-8 October.", "the night of 7-8 October", "1854-10-07TNI"),
        ("A year later nobody spoke of it.", "A year later", "1855"),
    ],
)
def test_a_history_goes_on_in_its_own_year(told: str, expression: str, value: str) -> None:
    found = {t.text: t.value for t in find_timexes(HISTORY.format(told), date(2010, 6, 1))}
    assert found[expression] == value


@pytest.mark.parametrize(
    "told",
    ["It was remembered last week.", "A film about it opens tomorrow.", "Britain sent a note in May 2010."],
)
def test_what_counts_from_its_publication_is_no_history(told: str) -> None:
    found = find_timexes(HISTORY.format(told + " In March a book came out."), date(2010, 6, 1))
    assert "2010-03" in {t.value for t in found}


@pytest.mark.parametrize(
    ("text", "expression", "value"),
    [
        ("In 490 BC a fleet came.", "490 BC", "BC0490"),
        ("He died in November 333 BC.", "November 333 BC", "BC0333-11"),
        ("In the summer of 415 BC ships left.", "the summer of 415 BC", "BC0415-SU"),
        ("The revolt broke out in AD 66.", "AD 66", "0066"),
        ("The 5th century BC was rich.", "The 5th century BC", "BC04"),
    ],
)
def test_years_before_and_of_our_era(text: str, expression: str, value: str) -> None:
    found = {t.text: t.value for t in find_timexes(text, DAY)}
    assert found[expression] == value


@pytest.mark.parametrize("text", ["In Vancouver, BC 12 people died.", "The 12 BC residents met.", "In 12 BC hospitals."])
def test_british_columbia_is_no_era(text: str) -> None:
    assert not find_timexes(text, DAY)


def test_nothing_counts_from_the_ends_of_the_calendar() -> None:
    text = "In AD 1 they met. In AD 2 they parted. In AD 1 they met again. In the first quarter they feasted at Christmas."
    assert [t.value for t in find_timexes(text, DAY)][:3] == ["0001", "0002", "0001"]


def test_what_goes_on_from_a_year_before_our_era() -> None:
    text = (
        "In 204 BC they landed and two years later won. The following summer peace was made. On 1 October 202 BC he"
        " sailed, and in December he was home. A war began in 149 BC."
    )
    values = [t.value for t in find_timexes(text, date(2010, 6, 1))]
    assert values == ["BC0204", "BC0202", "BC0201-SU", "BC0202-10-01", "BC0202-12", "BC0149"]


def test_years_of_three_figures_are_years_in_a_text_of_that_time() -> None:
    told = "In 410 the Goths entered Rome. Late in 408 they had been bought off. They died before the end of the year."
    found = {t.text: t.value for t in find_timexes(told, date(2010, 6, 1))}
    assert found["410"] == "0410"
    assert "250" not in {t.text for t in find_timexes("In 250 homes and in 310 shops the lights went out.", DAY)}


def test_numbers_of_things_are_no_years() -> None:
    text = "Resolutions 1696, 1737 and 1747 bind Iran, resolution 1973 Libya; see pages 1990-1996. It ran 1990-1996."
    found = find_timexes(text, date(2008, 1, 1))
    assert [t.value for t in found] == ["1990", "1996"] and found[0].start > text.index("It ran")
