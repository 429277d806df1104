"""JSON files of all forms, and tables in UTF-16."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import SkipDocument
from comity.read.item import Item, ItemOptions
from comity.read.items import describe, open_items
from comity.read.jsons import Objects
from comity.read.limits import Limits
from comity.read.recode import as_utf8, utf16_of

ROWS = [
    {"title": "A visit", "body": 'The president of Peru met the envoy of Chile. He said "no {braces} [here]".'},
    {"title": "A threat", "body": "Chile threatened Peru with \\ sanctions — „soon“."},
    {"title": "Talks", "body": "Peru and Chile held talks in Lima."},
]


def items(path: Path, **options: Any) -> list[Item]:
    return list(open_items([str(path)], ItemOptions(**options)))


def texts(path: Path, **options: Any) -> list[str]:
    return [item.load().decode() for item in items(path, **options)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("array.json", json.dumps(ROWS)),
        ("pretty.json", json.dumps(ROWS, indent=2, ensure_ascii=False)),
        ("around.json", json.dumps({"status": "ok", "total": 3, "articles": ROWS}, indent=1)),
        ("one-line.json", json.dumps({"status": "ok", "articles": ROWS})),
        ("one-after-the-other.json", "\n".join(json.dumps(r, indent=1) for r in ROWS)),
        ("no-suffix", json.dumps(ROWS, indent=1)),
        ("lines.json", "\n".join(json.dumps(r) for r in ROWS)),
        ("marked.json", "\ufeff" + json.dumps(ROWS)),
    ],
)
def test_every_form_gives_the_same_articles(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert [t.split("\n", 1)[0] for t in texts(path)] == [r["title"] for r in ROWS]
    assert all(row["body"] in t for row, t in zip(ROWS, texts(path), strict=True))
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert texts(packed) == texts(path)
    path.write_bytes(text.removeprefix("\ufeff").encode("utf-16"))
    assert all(row["body"] in t for row, t in zip(ROWS, texts(path), strict=True))


def test_one_object_is_one_article(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(ROWS[0] | {"published": "2021-03-04", "source": "AFP"}, indent=2))
    (item,) = items(path)
    assert (item.key, item.outlet, str(item.published)) == (f"file:{path.resolve()}#1", "AFP", "2021-03-04")
    assert describe([str(path)])[0][1] == "json"


def test_what_is_wrong_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    long = {"body": "x" * 5_000}
    path.write_text(f"[{json.dumps(ROWS[0])}, {json.dumps(long)}, {{\"nothing\": 1}}, {json.dumps(ROWS[1])}")
    found, codes = [], []
    for item in items(path, limits=Limits(max_line=1_000)):
        try:
            found.append(item.load())
        except SkipDocument as error:
            codes.append(error.code)
    assert len(found) == 2 and codes == ["C133", "C139", "C132"]
    for text, code in (("[]", "C133"), ("[1, 2]", "C133"), ('"a text"', "C133")):
        path.write_text(text, encoding="utf-8")
        (item,) = items(path)
        assert item.error is not None and item.error.code == code, text


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_tables_in_utf_16(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "table.csv"
    told = 'date;text\n2021-03-04;"Peru met Chile,\nsaid „Čapek“."\n2021-03-05;Chile met Peru 地図.\n'
    path.write_bytes(told.encode(codec))
    found = items(path)
    assert [str(i.published) for i in found] == ["2021-03-04", "2021-03-05"]
    assert [i.load().decode() for i in found] == ["Peru met Chile,\nsaid „Čapek“.", "Chile met Peru 地図."]


class Slow(io.RawIOBase):
    """Gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step, self.at = data, step, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.at += (count := min(self.step, size if size >= 0 else self.step))
        return self.data[self.at - count : self.at]


VALUE = st.recursive(
    st.none() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=4), VALUE, max_size=3), max_size=4), st.integers(1, 9), st.booleans())
def test_objects_are_cut_where_json_cuts_them(rows: list[Any], step: int, spread: bool) -> None:
    data = json.dumps(rows, indent=2 if spread else None, ensure_ascii=False).encode("utf-8", "surrogatepass")
    found = Objects(Slow(data, step), 10_000)  # type: ignore[arg-type]
    assert [json.loads(p.data.decode("utf-8", "surrogatepass")) for p in found] == rows
    assert found.whole


@given(st.text(max_size=200), st.integers(1, 9), st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_recoding_changes_nothing_else(text: str, step: int, codec: str) -> None:
    data = ("text,day\n" * 4 + text).encode(codec, "replace")
    stream, found = as_utf8(Slow(data, step))  # type: ignore[arg-type]
    assert stream.read().decode() == data.decode(codec)
    assert (found is None) == (codec == "utf-8") and utf16_of(b"PAR1") is None
