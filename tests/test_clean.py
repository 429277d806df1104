"""Decoding and mending, and the way back to the bytes."""

from __future__ import annotations

import codecs
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import BinaryDocument, EmptyDocument
from comity.language.clean import Cleaned, clean, decode, to_bytes


def mend(data: bytes) -> Cleaned:
    decoded = decode(data)
    return clean(decoded.text, encoding=decoded.encoding, offset=decoded.offset)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("agree\u00adment", "agreement"),
        ("agree\u00ad\nment", "agreement"),
        ("a\u200bb\ufeffc\u200ed", "abcd"),
        ("4\u00a0000 and\u202fso", "4 000 and so"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("cafe\u0301", "café"),
        ("AT&amp;T said &quot;no&quot; &#8217;", 'AT&T said "no" ’'),
        ("bell\x07 and \x93quoted\x94", "bell and “quoted”"),
        ("â€œOld friend,â€\u009d he said. Itâ€™s", "“Old friend,” he said. It’s"),
        ("CafÃ© de Flore", "Café de Flore"),
        ("Macron‚Äôs visit", "Macron’s visit"),
        ("“curly” ‘quotes’ «stay» „so“ 'and' \"so\"", "“curly” ‘quotes’ «stay» „so“ 'and' \"so\""),
        ("café” and Ærø’s", "café” and Ærø’s"),
    ],
)
def test_mending(raw: str, expected: str) -> None:
    assert clean(raw).text == expected


def test_each_mended_character_leads_to_its_bytes() -> None:
    data = "Itâ€™s a cafe\u0301,\r\nhe said: “yes”".encode()
    cleaned = mend(data)
    assert cleaned.text == "It’s a café,\nhe said: “yes”"

    def source(part: str) -> bytes:
        start = cleaned.text.index(part)
        low, high = to_bytes(cleaned.runs, start, start + len(part))
        return data[low:high]

    assert source("’") == "â€™".encode()
    assert source("é") == "e\u0301".encode()
    assert source("\n") == b"\r\n"
    assert source("“yes”") == "“yes”".encode()
    assert source("s a ca") == b"s a ca"
    assert source("It’s") == "Itâ€™s".encode()


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (codecs.BOM_UTF8 + "“a”".encode(), "utf-8", "“a”"),
        ("Say “x” é".encode("utf-16"), "utf-16-le", "Say “x” é"),
        ("Say “x” é, he said".encode("utf-16-le"), "utf-16-le", "Say “x” é, he said"),
        (
            "“Old friend” said the café’s owner".encode("cp1252"),
            "cp1252",
            "“Old friend” said the café’s owner",
        ),
        (
            b"Hello \xe2\x80\x9cx\xe2\x80\x9d \xe2\x80\x9cy\xe2\x80\x9d \x92 bad",
            "utf-8",
            "Hello “x” “y” ’ bad",
        ),
        ("Путин и Си".encode(), "utf-8", "Путин и Си"),
    ],
)
def test_encodings(data: bytes, encoding: str, text: str) -> None:
    assert decode(data).encoding == encoding
    cleaned = mend(data)
    assert cleaned.text == text
    assert to_bytes(cleaned.runs, 0, len(text))[1] == len(data)


def test_declared_encoding() -> None:
    data = "Встреча президентов России и Китая".encode("koi8-r")
    assert decode(data, declared="koi8-r").text.startswith("Встреча")
    page = b'<html><head><meta charset="windows-1251"></head>' + "Встреча в Москве".encode("cp1251")
    assert decode(page).text.endswith("Встреча в Москве")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"\x89PNG\r\n", bytes(range(256)) * 4, b"ab\0cd" * 20, b"\x1f\x8b123"]
)
def test_binary(data: bytes) -> None:
    with pytest.raises(BinaryDocument, match="C102"):
        decode(data, about="x.bin")


@pytest.mark.parametrize("data", [b"", b" \n\t"])
def test_empty(data: bytes) -> None:
    with pytest.raises(EmptyDocument):
        decode(data)


ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("ab “”’é\u00ad\u200b\u00a0\r\n\u0301Ã©â€œ&;amp"),
    ),
    max_size=60,
)


@settings(max_examples=250, deadline=None)
@given(ODD, st.data())
def test_every_range_leads_inside_the_input(raw: str, data: st.DataObject) -> None:
    encoded = raw.encode()
    cleaned = clean(raw)
    start = data.draw(st.integers(0, len(cleaned.text)))
    end = data.draw(st.integers(start, len(cleaned.text)))
    low, high = to_bytes(cleaned.runs, start, end)
    assert 0 <= low <= high <= len(encoded)
    if cleaned.text == raw:
        assert encoded[low:high].decode() == cleaned.text[start:end]


@settings(max_examples=250, deadline=None)
@given(ODD)
def test_runs_cover_the_text_in_order(raw: str) -> None:
    cleaned = clean(raw)
    at = raw_end = 0
    for run in cleaned.runs:
        assert run.at == at and run.length > 0
        assert run.raw_end >= raw_end or run.raw_end > run.raw
        at += run.length
        raw_end = run.raw_end
    assert at == len(cleaned.text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_decode_or_fail_with_a_code(data: bytes) -> None:
    from comity.errors import SkipDocument

    try:
        cleaned = mend(data)
    except SkipDocument:
        return
    low, high = to_bytes(cleaned.runs, 0, len(cleaned.text))
    assert 0 <= low <= high <= len(data)


@pytest.mark.parametrize("unit", ["é", "Ã©", "e\u0301", "a\r\n", "Ã© x", "â€œ"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    begun = time.process_time()
    clean(unit * (100_000 // len(unit)))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The presi-\ndent spoke.", "The president\nspoke."),
        ("Naren-\r\n  dra Modi left", "Narendra\nModi left"),
        ("Russian-\nbacked forces", "Russian-backed\nforces"),
        ("Asia-\nPacific, UN-\nled, US-\nable", "Asia-Pacific,\nUN-led,\nUS-able"),
        ("the gov-\nern-\nment fell", "the government\nfell"),
        ("PRESI-\nDENT XI", "PRESIDENT\nXI"),
        ("shell-\ning of refu-\ngees by Hez-\nbollah", "shelling\nof refugees\nby Hezbollah"),
        ("A re-elected man, then re-\nelected again", "A re-elected man, then re-elected\nagain"),
        ("Sahelistan. Sahel-\nistan", "Sahelistan. Sahelistan"),
        ("anti-\nwar, e-\nmail, Su-\n24, 5-\nyear", "anti-war,\ne-mail,\nSu-\n24, 5-\nyear"),
        ("a list:\n- one\n- two -\nthree", "a list:\n- one\n- two -\nthree"),
        ("a para-\n\ngraph", "a para-\n\ngraph"),
    ],
)
def test_words_cut_at_line_ends(raw: str, text: str) -> None:
    cleaned = clean(raw)
    assert cleaned.text == text
    assert clean(text).text == text
    data = raw.encode()
    for word in re.findall(r"[^\W\d_]{4,}", text):
        at = cleaned.text.index(word)
        start, end = to_bytes(cleaned.runs, at, at + len(word))
        assert re.sub(r"-\s+", "", data[start:end].decode()) == word


def test_the_source_of_a_page_is_left_as_it_is() -> None:
    assert clean("presi-\ndent", entities=False).text == "presi-\ndent"


def test_many_cut_words_take_time_in_proportion() -> None:
    began = time.perf_counter()
    assert clean("presi-\ndent " * 20_000).text.count("president") == 20_000
    clean("a" * 300_000 + "-\n" + "b" * 300_000)
    assert time.perf_counter() - began < 20
