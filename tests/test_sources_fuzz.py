"""Whatever bytes a source holds: items and coded errors come out of it, nothing else."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import SkipDocument
from comity.read.item import ItemOptions
from comity.read.items import describe, open_items
from comity.read.limits import Limits

SUFFIXES = (
    ".txt", ".html", ".rss", ".xml", ".opml", ".jsonl", ".csv", ".tsv", ".parquet", ".warc", ".zip", ".tar", ".tgz", ".gz",
    ".warc.gz", ".jsonl.gz", ".csv.gz", ".tar.gz", ".xml.gz", ".parquet.gz",
)  # fmt: skip


def seeds() -> list[bytes]:
    """Small sources of all kinds, to be broken."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "Peru met Chile. " * 20)
        archive.writestr("b.csv", "text,date\nPeru met Chile.,2020-01-01\n")
    warc = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 53\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello!\r\n\r\n"
    rows = b'{"text": "Peru met Chile.", "date": "2020-01-01"}\n' * 3
    feed = b"<rss version='2.0'><channel><item><title>t</title><description>Peru &lt;b&gt;met</description></item></channel></rss>"
    return [buffer.getvalue(), warc, gzip.compress(warc) * 2, rows, gzip.compress(rows) * 2, feed, b"text,title\n\"a\nb\",c\nd,\"e\n", b"<urlset><url><loc>x</loc></url></urlset>", b""]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A source with bytes changed, cut out, or put in."""
    data = bytearray(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        end = at + draw(st.integers(0, 8))
        data[at:end] = draw(st.binary(max_size=8))
    return bytes(data)


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(broken(), st.binary(max_size=600)), suffix=st.sampled_from(SUFFIXES))
def test_broken_sources(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{suffix}"
        path.write_bytes(data)
        assert describe([str(path)])[0][2]
        keys, codes = [], []
        for item in open_items([str(path)], ItemOptions(follow=False, limits=Limits(max_bytes=10_000))):
            keys.append(item.key)
            assert item.name
            try:
                assert isinstance(item.load(), bytes)
            except SkipDocument as error:
                codes.append(error.code[:2])
        assert set(codes) <= {"C1"}
        assert len(keys) < 1_000


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_empty_and_short_sources(suffix: str, tmp_path: Path) -> None:
    for number, data in enumerate((b"", b"\x1f\x8b", b"\x1f\x8b\x08\0\0\0\0\0\0\0", b"PK\x05\x06" + b"\0" * 18, b"PAR1PAR1", b"WARC/1.0\r\n\r\n", b"<", b"{\"")):
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(data)
        told = []
        for item in open_items([str(path)]):
            try:
                item.load()
            except SkipDocument as error:
                told.append(error.about)
        assert all(told)
