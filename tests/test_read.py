"""Bytes to documents: text, pages, files and their errors."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest

from comity import errors
from comity.language.clean import to_bytes
from comity.read import Limits, Source, is_html, open_sources, read_bytes

SEED = Path(__file__).parents[2] / "shared" / "bench" / "seed" / "article.txt"
BODY = (
    "The president of Russia met the president of China on Wednesday in Beijing, and they agreed to work "
    "together. He said that the talks were good.\n"
)
DAY = date(2021, 12, 16)


def test_model_article() -> None:
    if not SEED.exists():
        pytest.skip("the shared model article is not here")
    data = SEED.read_bytes()
    document = read_bytes(data, name="article.txt")
    assert document.title == ("Laughter and flowers between Putin and Xi Jinping, who make pineapples against the West")
    assert document.published == DAY
    assert document.language == "en"
    assert document.text == data.decode()
    assert document.sentences == ()
    assert document == read_bytes(data, name="article.txt")
    start = document.text.index("“Dear friend,”")
    low, high = to_bytes(document.origin, start, start + 14)
    assert data[low:high].decode() == "“Dear friend,”"


@pytest.mark.parametrize(
    "head",
    [
        "Putin meets Xi\nPublished: 16 December 2021\n\n",
        "Putin meets Xi\n16/12/2021 10:30 CET\n\n",
        "Putin meets Xi\n12/16/2021 10:30 AM EST\n\n",
        "Putin meets Xi\nDecember 16, 2021\n",
        "Putin meets Xi\n\nBy John Smith | Dec 16, 2021 | 5 min read\n\n",
        "KYIV, December 16, 2021 (Reuters) - ",
        "2021-12-16T10:30:00Z\nPutin meets Xi\n",
        "Thu, 16 Dec 2021 10:30:00 +0100\n\n",
        "Thursday 16th December 2021\n\n",
        " date 2021-12-16 Connect with us\n\n",
        "Putin meets Xi\nUpdated 17 December 2021\nPublished 16 December 2021\n\n",
    ],
)
def test_publication_day(head: str) -> None:
    assert read_bytes((head + BODY * 2).encode()).published == DAY


@pytest.mark.parametrize(
    "text",
    [
        "Putin met Xi on 16 December 2021. " + BODY,
        "Putin recalls 16 December 2014 deal\n\n" + BODY,
        "BEIJING, Dec. 15 (Xinhua) -- " + BODY,
        BODY + "\nThe deal of 16 December 2021 holds.\n",
        "Putin meets Xi\nPublished: 31 February 2021\n\n" + BODY,
        "Thu Dec 16\nPutin meets Xi\n\n" + BODY,
        "16 December 2021. The deal is signed.\n\n18 December 2021. The deal is broken.\n\n" + BODY,
        "Why the pact of 16 December 2021\n\n" + BODY,
    ],
)
def test_no_publication_day(text: str) -> None:
    assert read_bytes(text.encode()).published is None


@pytest.mark.parametrize(
    "head",
    [
        "Thursday, 16 of December of 2021\nMain » World",
        "World · 16 December 2021 · 3 minutes of reading\nPutin meets Xi",
        "Putin meets Xi\nThe River Courier, Thursday 16 December 2021",
        "Putin meets Xi\n\n16 December 2021. An interview with a diplomat, and what we know.",
    ],
)
def test_publication_day_among_other_words(head: str) -> None:
    assert read_bytes(f"{head}\n\n{BODY}".encode()).published == DAY


def test_weekday_and_the_year_of_the_copyright() -> None:
    text = f"Thu Dec 16\n\nPutin meets Xi\n\n{BODY}\n© 2021 The Daily Times. All rights reserved\n"
    document = read_bytes(text.encode())
    assert document.published == DAY
    assert document.source == "The Daily Times"
    assert document.title == "Putin meets Xi"


def test_the_caller_knows_better() -> None:
    day = date(2020, 1, 2)
    assert read_bytes(("Published: 16 December 2021\n\n" + BODY).encode(), published=day).published == day


@pytest.mark.parametrize(
    ("text", "title", "source"),
    [
        ("Putin meets Xi in Beijing | Reuters\n\n" + BODY, "Putin meets Xi in Beijing", "Reuters"),
        ("BEIJING, Dec. 15 (Xinhua) -- " + BODY, None, "Xinhua"),
        ("MOSCOW, December 15. /TASS/. " + BODY, None, "TASS"),
        ("# Putin meets Xi\n\n" + BODY, "Putin meets Xi", None),
        (BODY, None, None),
    ],
)
def test_title_and_source(text: str, title: str | None, source: str | None) -> None:
    document = read_bytes(text.encode())
    assert (document.title, document.source) == (title, source)


PAGE = (
    "<!DOCTYPE html><html><head><title>Putin meets Xi in Beijing | The Daily</title>"
    '<meta property="og:site_name" content="The Daily">'
    '<meta property="article:published_time" content="2021-12-16T10:00:00Z">'
    '<link rel="canonical" href="https://daily.example/a/b"></head>'
    '<body><nav><a href="/">Home</a></nav><article><h1>Putin meets Xi in Beijing</h1>'
    "<p>The president of <b>Russia</b> met the president of China &amp; his team on Wednesday in "
    "Beijing, and &ldquo;they agreed&rdquo; to work together.</p>"
    "<p>He said that the talks were good. “We will continue,” he told reporters in the Chinese capital.</p>"
    + "".join(
        f"<p>The ministers of both states then signed {number} agreements on trade, energy and defence, "
        "the Kremlin said in a statement on its site.</p>"
        for number in ("seven", "eight", "nine")
    )
    + "</article><footer>Copyright 2021</footer></body></html>"
)


def test_page() -> None:
    data = PAGE.encode()
    document = read_bytes(data, name="a.html")
    assert document.title == "Putin meets Xi in Beijing"
    assert document.published == DAY
    assert document.source == "The Daily"
    assert document.url == "https://daily.example/a/b"
    assert "China & his team" in document.text and "“they agreed”" in document.text
    assert "Home" not in document.text and "Copyright" not in document.text
    assert document.text.count("\n\n") >= 5


def test_page_leads_back_to_its_bytes() -> None:
    data = PAGE.encode()
    document = read_bytes(data)
    for part, source in [
        ("told reporters in the Chinese", "told reporters in the Chinese"),
        ("Russia", "Russia"),
        ("“they agreed”", "&ldquo;they agreed&rdquo;"),
        ("of Russia met", "of <b>Russia</b> met"),
        ("“We will", "“We will"),
        ("eight agreements", "eight agreements"),
    ]:
        start = document.text.index(part)
        low, high = to_bytes(document.origin, start, start + len(part))
        assert data[low:high].decode() == source


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.EmptyDocument),
        (b" \n ", errors.EmptyDocument),
        (b"%PDF-1.7 ...", errors.BinaryDocument),
        (b"!!! 123 ...", errors.NoText),
        (b"<html><head><title></title></head><body></body></html>", errors.NoText),
        (b"<html><body>" + b"<div>" * 10_000 + b"words", errors.NestedTooDeep),
        (
            "El presidente de Rusia se reunió con el presidente de China el miércoles y acordaron cooperar "
            "en materia de energía y defensa durante los próximos años.".encode(),
            errors.OtherLanguage,
        ),
        (
            "Путин встретился с Си Цзиньпином в Пекине, стороны договорились о многом.".encode(),
            errors.OtherLanguage,
        ),
        (b"a" * 2_000, errors.DocumentTooLarge),
    ],
)
def test_errors(data: bytes, error: type[errors.SkipDocument]) -> None:
    begun = time.process_time()
    limits = Limits(max_bytes=1_999) if len(data) == 2_000 else Limits()
    with pytest.raises(error) as raised:
        read_bytes(data, name="some-file", limits=limits)
    assert raised.value.about == "some-file"
    assert raised.value.fix
    assert "some-file" in str(raised.value)
    assert time.process_time() - begun < 5


def test_any_language() -> None:
    text = "Путин встретился с Си Цзиньпином в Пекине, стороны договорились о многом."
    assert read_bytes(text.encode(), any_language=True).language == "ru"


@pytest.mark.parametrize("page", ["<a " * 20_000, "<!--" * 20_000, "<p><li>" * 5_000, "<" * 50_000])
def test_hostile_pages(page: str) -> None:
    begun = time.process_time()
    with pytest.raises(errors.SkipDocument):
        read_bytes(f"<html>{page}".encode(), name="x.html")
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"<!DOCTYPE html><html><p>x", "", True),
        (b"<?xml version='1.0'?><html xmlns='x'>", "", True),
        (b"Some text with <b>tags</b>", "", False),
        (b"Some text <p>x</p>", "a.html", True),
        (b"<3 is a heart", "", False),
    ],
)
def test_is_html(data: bytes, name: str, expected: bool) -> None:
    assert is_html(data, name) is expected


def test_sources(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.txt", "a.html", "deep/c.md", "deep/d.png", ".hidden/e.txt"):
        (tmp_path / name).write_text(BODY)
    names = [os.path.relpath(source.name, tmp_path) for source in open_sources([str(tmp_path)])]
    assert names == ["a.html", "b.txt", "deep/c.md"]
    again = list(open_sources([str(tmp_path / "*.txt"), str(tmp_path / "b.txt"), str(tmp_path / "deep/d.png")]))
    assert [Path(source.name).name for source in again] == ["b.txt", "d.png"]
    assert again[0].read() == BODY.encode()


def test_missing_files_do_not_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "empty").mkdir()
    paths = [str(tmp_path / name) for name in ("none.txt", "a.txt", "*.nope", "empty", "no/such.txt")]
    found = list(open_sources(paths))
    assert [type(source.error) for source in found] == [
        errors.MissingFile,
        type(None),
        errors.MissingFile,
        errors.MissingFile,
        errors.MissingFile,
    ]
    with pytest.raises(errors.MissingFile, match=r"none\.txt"):
        found[0].read()


def test_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 100)
    (source,) = open_sources([str(path)])
    with pytest.raises(errors.DocumentTooLarge, match="100 bytes"):
        source.read(Limits(max_bytes=99))
    assert Source("x", lambda most: b"abc").read() == b"abc"


def test_the_title_is_the_headline_below_date_and_crumbs() -> None:
    page = "Thursday, 16 of December of 2021\nMain » World » Asia\n\nPutin meets Xi in Beijing\n\n"
    document = read_bytes(f"{page}{BODY}\n\n© Reproduction prohibited\n".encode())
    assert (document.title, document.published, document.source) == ("Putin meets Xi in Beijing", DAY, None)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Moscow, 25 November 2015 — ", date(2015, 11, 25)),
        ("New York, 3 March 2022 (Harbour Wire) - ", date(2022, 3, 3)),
        ("NAIROBI, March 3, 2022 (Harbour Wire) - ", date(2022, 3, 3)),
        ("NICE, France, June 27, 2016 (AP) - ", date(2016, 6, 27)),
        ("BANGKOK/PHNOM PENH, July 25 2025 - ", date(2025, 7, 25)),
        ("Tucson, Ariz., 3 March 2022 (Harbour Wire) - ", date(2022, 3, 3)),
        ("27 June 2016, Paris. ", date(2016, 6, 27)),
        ("PRAGUE, April 19 2021. ", date(2021, 4, 19)),
        ("New Delhi, Jan 1 2019: ", date(2019, 1, 1)),
        ("BAGHDAD/WASHINGTON (Harbour Wire) Jan 8 2020 - ", date(2020, 1, 8)),
        ("Kathmandu / New Delhi, 4 of November of 2015.", date(2015, 11, 4)),
        ("WASHINGTON — Dec. 6, 2017 — ", date(2017, 12, 6)),
        ("Havana, Cuba (14 July 2021) ", date(2021, 7, 14)),
        ("[Canberra | 16 September 2021] ", date(2021, 9, 16)),
        ("2021-09-16 CANBERRA ", date(2021, 9, 16)),
        ("COLOMBO (Harbour Wire) | December 9, 2017 - ", date(2017, 12, 9)),
        ("GENEVA 23 Feb 2017 ", date(2017, 2, 23)),
        ("Doha, 29/02/2020 - ", date(2020, 2, 29)),
    ],
)
def test_the_dateline_of_a_lead_tells_the_day(head: str, day: date) -> None:
    text = head + "Turkey shot down a Russian warplane on Tuesday. Russia condemned Turkey."
    assert read_bytes(text.encode(), name="x.txt").published == day


@pytest.mark.parametrize(
    "text",
    [
        "Since Moscow, on 25 November 2015, blamed the ministers, Turkey and Russia have met three times.",
        "On 25 November 2015, Moscow blamed the ministers. Turkey and Russia have met three times.",
        "25 November 2015, Moscow blamed the ministers, was a dark day. Turkey and Russia have met three times.",
        "Ankara, 24 November 2015: A jet is shot down.\n\nSochi, 9 August 2016: Turkey and Russia make peace. They met.",
    ],
)
def test_a_day_inside_a_sentence_is_not_the_day_of_publication(text: str) -> None:
    assert read_bytes(text.encode(), name="x.txt").published is None


def test_short_english_between_names_is_english() -> None:
    text = "Moscow, 25 November: Turkey shot down a Russian warplane on Tuesday. Russia condemned Turkey."
    assert read_bytes(text.encode(), name="x.txt").language == "en"
    with pytest.raises(errors.OtherLanguage):
        read_bytes(
            b"Presiden Indonesia bertemu dengan perdana menteri Malaysia di Jakarta pada hari Senin.", name="x"
        )
