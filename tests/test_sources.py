"""Sources of all kinds to items: keys, what is told of an article, bombs, limits, and watching feeds."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import threading
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from comity.cli import watch as watching
from comity.errors import BadMapping, BadWatchState, NothingToWatch, SkipDocument, UnsafeMarkup
from comity.read.columns import as_day, parse_mapping
from comity.read.csvs import cells_of
from comity.read.fetch.client import Fetcher
from comity.read.fetch.settings import FetchSettings
from comity.read.item import Item, ItemOptions
from comity.read.items import describe, open_items
from comity.read.limits import Limits
from comity.read.polling import Watcher
from comity.read.xmlstream import check_safe

TEXT = "The president of Peru met the envoy of Chile on Monday. They spoke of trade."


def items(*sources: Path | str, **options: Any) -> list[Item]:
    return list(open_items([str(s) for s in sources], ItemOptions(**options)))


def codes(found: list[Item]) -> list[str]:
    """The codes of all that cannot be read."""
    out = []
    for item in found:
        try:
            item.load()
        except SkipDocument as error:
            out.append(error.code)
    return out


def write(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_of(files: dict[str, bytes], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


# Files, folders, kinds


def test_folder_file_and_pattern_give_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    write(tmp_path, "b.html", f"<html><body><p>{TEXT}</p></body></html>")
    write(tmp_path, ".hidden.txt", TEXT)
    write(tmp_path, "c.bin", "x")
    found = items(tmp_path, tmp_path / "a.txt", f"{tmp_path}/*.html")
    assert [i.key for i in found] == [f"file:{tmp_path}/a.txt", f"file:{tmp_path}/b.html"]
    assert [i.kind for i in found] == ["auto", "html"]
    assert found[0].load() == TEXT.encode()


def test_the_tables_of_a_record_are_no_news(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    for name in ("record/manifest.json", "record/segments/events-1.parquet", "record/near/near.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    write(tmp_path, "manifest.json", '{"text": "Turkey met Israel."}')  # beside no segments it is a file like others
    assert [i.key for i in items(tmp_path)] == [f"file:{tmp_path}/a.txt", f"file:{tmp_path}/manifest.json#1"]
    assert codes(items(tmp_path / "record")) == ["C130"]


def test_what_is_missing_is_an_item(tmp_path: Path) -> None:
    assert codes(items(tmp_path / "none.txt", tmp_path, f"{tmp_path}/*.txt")) == ["C107", "C130", "C107"]


def test_names_of_any_bytes_are_text(tmp_path: Path) -> None:
    for name in ("\u00dcberall.txt".encode(), b"caf\xe9.txt", b"caf\xe8.txt"):
        (tmp_path / os.fsdecode(name)).write_bytes(TEXT.encode())
    found = items(tmp_path, tmp_path / os.fsdecode(b"\xe9.txt"))
    names = ["caf\\xe8.txt", "caf\\xe9.txt", "\u00dcberall.txt", "\\xe9.txt"]
    assert sorted((i.name, i.key) for i in found) == sorted((f"{tmp_path}/{n}", f"file:{tmp_path}/{n}") for n in names)
    assert [i.load().decode() for i in found[:3]] == [TEXT] * 3 and codes(found) == ["C107"]
    with pytest.raises(SkipDocument, match=r"/\\xe9.txt: there is no such file"):
        found[3].load()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"x", "text"), ("a", b"<!DOCTYPE html><html>", "html"), ("a.xml", b"<?xml version='1.0'?><!-- c --><rss>", "feed"),
        ("b.xml", b"<urlset xmlns='x'>", "sitemap"), ("a.opml", b"<opml>", "opml"), ("a.dat", b'{"text": 1}\n{"text": 2}', "jsonl"),
        ("a.jsonl", b'{"text": 1}\n', "jsonl"), ("a.dat", b'{"text": 1}\n', "json"), ("a.dat", b'[ {"text": 1}]', "json"),
        ("a.csv", b"text,date\n", "csv"), ("a.dat", gzip.compress(b"x"), "gzip"), ("a.zip", zip_of({"a": b""}), "zip"),
        ("a.tar", tar_of({"a": b""}), "tar"), ("a.warc", b"WARC/1.0\r\n", "warc"), ("a.xml", b"<rdf:RDF>", "feed"),
        ("x.xml", b"<!-- " + b"--> <!-- " * 500, "feed"),
    ],
)  # fmt: skip
def test_the_kind_is_guessed_and_said(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    path = write(tmp_path, name, data)
    ((source, found, why),) = describe([str(path)])
    assert (source, found) == (str(path), kind)
    assert why


def test_descriptions_fetch_nothing() -> None:
    assert [d[1] for d in describe(["http://127.0.0.1:1/feed.rss", "-", "no/such"])] == ["url", "stdin", "missing"]


# Tables


def test_jsonl_tells_title_day_outlet_and_line(tmp_path: Path) -> None:
    rows = [
        {"body": TEXT, "headline": "They met", "date": "2021-12-16T10:00:00Z", "source": {"name": "Courier"}, "link": "http://e.org/1", "lang": "en"},
        {"body": ["One.", "Two."], "date": 1639612800000},
        {"body": ""},
    ]
    lines = b"\n".join(map(msgspec.json.encode, rows)) + b"\nnot json\n[1]\n"
    found = items(write(tmp_path, "x.jsonl", lines))
    first, second = found[:2]
    assert first.key == f"file:{tmp_path}/x.jsonl#1"
    assert (first.title, first.published, first.outlet, first.url, first.language) == ("They met", date(2021, 12, 16), "Courier", "http://e.org/1", "en")
    assert first.load() == f"They met\n\n{TEXT}".encode()
    assert (second.load(), second.published) == (b"One.\n\nTwo.", date(2021, 12, 16))
    assert codes(found) == ["C133"] * 3
    assert "line 4" in str(found[3].error)


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, "x.jsonl", msgspec.json.encode({"a": {"b": TEXT}, "text": "no", "when": "16 December 2021"}))
    (item,) = items(path, columns=parse_mapping("text=a.b, published=when"))
    assert (item.load().decode(), item.published) == (TEXT, date(2021, 12, 16))
    assert codes(items(path, columns={"text": "zzz"})) == ["C139"]
    for wrong in ("text", "words=body", "text="):
        with pytest.raises(BadMapping):
            parse_mapping(wrong)


def test_csv_with_rows_over_lines_and_broken_ones(tmp_path: Path) -> None:
    table = f'title,text,date\r\nA,"One ""two"",\nthree",2021-12-16\r\nB,"never closed,2021-12-17\r\nC,{TEXT},2021-12-18\r\nD,x\r\nE,caf\xe9 talks,\r\n'
    found = items(write(tmp_path, "x.csv", table.encode("latin-1")))
    good = [i for i in found if i.error is None]
    assert [i.title for i in good] == ["A", "C", "E"]
    assert good[0].load().decode() == 'A\n\nOne "two",\nthree'
    assert good[2].load().decode() == "E\n\ncafé talks"
    assert [i.key.rsplit("#")[1] for i in found if i.error] == ["4", "6"]
    assert codes(items(write(tmp_path, "y.csv", "p,q\n1,2\n"))) == ["C139"]


def test_cells() -> None:
    assert cells_of('a,"b,""c""",,"d"', ",") == ["a", 'b,"c"', "", "d"]
    assert cells_of("a\tb\n", "\t") == ["a", "b"]
    assert cells_of('a,"b', ",") is None
    assert cells_of('"a",', ",") == ["a", ""]


def test_parquet(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"content": [TEXT, TEXT + " More."], "published_at": [date(2020, 1, 2), None], "other": [1, 2]}), path)
    found = items(path, published=date(2000, 1, 1))
    assert [(i.key[-2:], i.published) for i in found] == [("#1", date(2020, 1, 2)), ("#2", date(2000, 1, 1))]
    assert found[1].load().decode() == TEXT + " More."
    data = path.read_bytes()
    assert codes(items(write(tmp_path, "cut.parquet", data[: len(data) // 2]))) == ["C133"]


@pytest.mark.parametrize(("text", "day"), [("2021-12-16", date(2021, 12, 16)), ("1639612800", date(2021, 12, 16)), ("Thu, 16 Dec 2021 08:00:00 GMT", date(2021, 12, 16)), ("never", None), ("9" * 13, None), (None, None)])
def test_days(text: str | None, day: date | None) -> None:
    assert as_day(text) == day or text == "9" * 13


# Archives


def test_archives_in_archives(tmp_path: Path) -> None:
    rows = msgspec.json.encode({"text": TEXT}) + b"\n"
    inner = zip_of({"deep/c.txt": b"C " + TEXT.encode(), "__MACOSX/c.txt": b"no"})
    files = {"a.txt": b"A " + TEXT.encode(), "x.jsonl.gz": gzip.compress(rows), "z.zip": inner, "t.tar": tar_of({"d.txt": TEXT.encode(), "e.txt": b"E"}), "skip.png": b"no"}
    wanted = ["!a.txt", "!x.jsonl.gz#1", "!z.zip!deep/c.txt", "!t.tar!d.txt", "!t.tar!e.txt"]
    for name, data in {"a.zip": zip_of(files), "a.tar": tar_of(files), "a.tar.gz": tar_of(files, "w:gz"), "a.tgz": tar_of(files, "w:gz")}.items():
        found = items(write(tmp_path, name, data))
        assert [i.key.removeprefix(f"file:{tmp_path}/{name}") for i in found] == wanted
        assert codes(found) == []
    for _ in range(5):
        inner = zip_of({"in.zip": inner})
    assert codes(items(write(tmp_path, "deep.zip", inner))) == ["C134"]


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for data in (b"first", b"second"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    found = items(write(tmp_path, "a.tar", buffer.getvalue()))
    assert [i.load() for i in found] == [b"first", b"second"]
    assert found[0].key != found[1].key


def test_a_single_packed_article(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT.encode())
    (item,) = items(write(tmp_path, "a.txt.gz", packed))
    assert item.load().decode() == TEXT
    assert codes(items(write(tmp_path, "b.txt.gz", packed[:-4]))) == ["C132"]
    assert codes(items(write(tmp_path, "c.txt.gz", packed[:-6] + b"\0" + packed[-5:]))) == ["C131"]


def test_only_whole_pages_of_a_web_archive(tmp_path: Path) -> None:
    def record(http: bytes, kind: str = "response", extra: str = "") -> bytes:
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://e.org/\r\nContent-Type: application/http\r\n{extra}Content-Length: {len(http)}\r\n\r\n"
        return head.encode() + http + b"\r\n\r\n"

    def page(status: str = "200 OK", body: bytes = b"<p>hello", **headers: str) -> bytes:
        told = {"Content-Type": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return f"HTTP/1.1 {status}\r\n".encode() + "".join(f"{k}: {v}\r\n" for k, v in told.items()).encode() + b"\r\n" + body

    packed = gzip.compress(b"<p>packed")
    chunks = b"5\r\n<p>he\r\n3\r\nllo\r\n0\r\n\r\n"
    good = [page(), page(body=packed, Content_Encoding="gzip"), page(body=chunks, Transfer_Encoding="chunked"), page(body=b"<p>kept", Content_Encoding="gzip", Transfer_Encoding="chunked")]
    passed = [record(page("404 Not Found")), record(page(Content_Type="image/png")), record(page(), "request"), record(page(), "warcinfo")]
    partial = [page(body=packed[:-5], Content_Encoding="gzip"), page(body=chunks[:-12], Transfer_Encoding="chunked"), page(Content_Length="999")]
    bad = [record(p) for p in partial] + [record(page(), extra="WARC-Truncated: length\r\n"), record(page(), extra="WARC-Block-Digest: sha1:AAAA\r\n")]
    bomb = record(page(body=gzip.compress(b"\0" * 3_000_000), Content_Encoding="gzip"))
    whole = b"".join([*map(record, good), *passed, *bad, bomb])
    for name, data in (("a.warc", whole), ("a.warc.gz", gzip.compress(whole))):
        found = items(write(tmp_path, name, data), limits=Limits(max_bytes=1_000_000))
        assert [i.load() for i in found if i.error is None] == [b"<p>hello", b"<p>packed", b"<p>hello", b"<p>kept"]
        assert codes(found) == ["C147"] * 4 + ["C131", "C143"]


# Bombs and limits


def test_bombs_are_refused_and_the_run_goes_on(tmp_path: Path) -> None:
    small = Limits(max_bytes=200_000, max_line=100_000, ratio_from=1_000_000)
    zeros = b"\0" * 30_000_000
    write(tmp_path, "a.jsonl.gz", gzip.compress(zeros))
    write(tmp_path, "b.zip", zip_of({"bomb.txt": zeros, "fine.txt": TEXT.encode()}))
    write(tmp_path, "c.txt.gz", gzip.compress(zeros))
    write(tmp_path, "d.jsonl", b'{"text": "' + b"x" * 5_000_000 + b'"}\n' + msgspec.json.encode({"text": TEXT}))
    write(tmp_path, "e.csv", b'text\n"' + b"x,\n" * 200_000 + TEXT.encode() + b'"\n')
    write(tmp_path, "f.tar", tar_of({"big.txt": b"y" * 500_000, "fine.txt": TEXT.encode()}))
    write(tmp_path, "z.txt", TEXT)
    del zeros
    tracemalloc.start()
    good, bad = [], []
    for item in open_items([str(tmp_path)], ItemOptions(limits=small)):
        try:
            good.append((item.key.rsplit("/", 1)[1], item.load()))
        except SkipDocument as error:
            bad.append((item.key.rsplit("/", 1)[1].split("!")[0].split("#")[0].split("@")[0], error.code))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [name for name, _ in good] == ["b.zip!fine.txt", "d.jsonl#2", "f.tar!fine.txt", "z.txt"]
    assert set(bad) == {("a.jsonl.gz", "C134"), ("b.zip", "C134"), ("c.txt.gz", "C134"), ("d.jsonl", "C133"), ("e.csv", "C133"), ("f.tar", "C134")}
    assert peak < 40_000_000


LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]>"


@pytest.mark.parametrize(
    "doctype",
    [LAUGHS, f'<!DOCTYPE r [<!ENTITY a "{"x" * 50_000}">]>', '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>'],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_bombs(tmp_path: Path, doctype: str, encoding: str) -> None:
    inner = {"f.rss": "<rss version='2.0'><channel><item><title>&a;</title></item></channel></rss>", "o.opml": "<opml><body><outline text='&a;'/></body></opml>", "sitemap.xml": "<urlset><url><loc>&a;</loc></url></urlset>"}
    for name, body in inner.items():
        path = write(tmp_path, name, f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding))
        assert codes(items(path)) == ["C137"]


def test_encodings_that_hide_entities() -> None:
    for encoding in ("utf-7", "hz", "unicode_escape", "cp037", "no-such", "rot13"):
        with pytest.raises(UnsafeMarkup):
            check_safe(f'<?xml version="1.0" encoding="{encoding}"?><rss/>'.encode(), "f")
    check_safe(b'<?xml version="1.0" encoding="windows-1251"?><!DOCTYPE rss PUBLIC "a" "b"><rss/>', "f")


def test_feeds_without_end(tmp_path: Path) -> None:
    feed = b"<rss version='2.0'><channel>" + b"<item/>" * 1_000_000 + b"</channel></rss>"
    assert codes(items(write(tmp_path, "a.rss", feed))) == ["C138"]
    assert codes(items(write(tmp_path, "b.rss", b"<rss><channel>" + b"x" * 11_000_000))) == ["C104"]
    nested = b"<urlset>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</urlset>"
    assert codes(items(write(tmp_path, "sitemap.xml", nested))) == ["C105"]


# Feeds and their pages, on a site of our own

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title><language>en</language>
<item><title>They &amp; met</title><link>/one.html</link><pubDate>Thu, 16 Dec 2021 08:00:00 GMT</pubDate><description>&lt;p&gt;Peru met Chile.&lt;/p&gt;&lt;p&gt;Again.&lt;/p&gt;</description></item>
<item><title>Later</title><link>/two.html</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>tag:1</id><title>T</title><updated>2022-03-04T00:00:00Z</updated>
<link href="/one.html"/><content type="html">&lt;p&gt;Body text.&lt;/p&gt;</content></entry></feed>"""


class Site(BaseHTTPRequestHandler):
    pages: dict[str, tuple[str, str]]

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))  # type: ignore[attr-defined]
        base = f"http://127.0.0.1:{self.server.server_address[1]}"
        kind, body = self.server.pages.get(self.path, ("", ""))  # type: ignore[attr-defined]
        if kind and self.headers.get("If-None-Match") == '"v1"':
            self.send_response(304)
            self.end_headers()
            return
        data = body.replace("BASE", base).encode()
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(data)))
        if kind == "application/rss+xml":
            self.send_header("ETag", '"v1"')
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def site() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    server.asked = []
    server.pages = {
        "/feed.rss": ("application/rss+xml", RSS), "/feed.atom": ("application/atom+xml", ATOM),
        "/one.html": ("text/html", f"<html><body><p>{TEXT}</p></body></html>"), "/film": ("video/mp4", "x"),
        "/list.opml": ("text/xml", '<opml><body><outline text="g"><outline xmlUrl="BASE/feed.rss"/></outline><outline xmlUrl="BASE/feed.rss"/></body></opml>'),
        "/sitemap.xml": ("text/xml", "<sitemapindex xmlns='s'><sitemap><loc>BASE/news.xml</loc></sitemap><sitemap><loc>BASE/sitemap.xml</loc></sitemap></sitemapindex>"),
        "/news.xml": ("text/xml", "<urlset xmlns='s' xmlns:n='n'><url><loc>BASE/one.html</loc><n:news><n:publication><n:name>Courier</n:name><n:language>en</n:language></n:publication><n:publication_date>2021-12-16</n:publication_date><n:title>Met</n:title></n:news></url></urlset>"),
    }  # fmt: skip
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.base = f"http://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()


OPEN = FetchSettings(loopback=True, delay=0.0, retries=0)


def test_a_feed_leads_to_pages(site: Any) -> None:
    found = items(f"{site.base}/feed.rss", fetch=OPEN)
    assert [i.key for i in found] == [f"url:{site.base}/one.html", f"url:{site.base}/two.html"]
    assert (found[0].title, found[0].published, found[0].outlet) == ("They & met", date(2021, 12, 16), "Courier")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/feed.rss"]
    assert TEXT.encode() in found[0].load()
    assert codes(found) == ["C141"]


def test_a_feed_without_fetching_its_pages(site: Any, tmp_path: Path) -> None:
    found = items(f"{site.base}/feed.rss", fetch=OPEN, follow=False)
    assert found[0].load().decode() == "They & met\n\nPeru met Chile.\n\nAgain."
    assert codes(found) == ["C136"]
    cut = write(tmp_path, "cut.atom", ATOM.replace("</content></entry></feed>", ""))
    assert codes(items(cut, follow=False)) == ["C136"]
    assert [i.load() for i in items(cut, follow=False) if not i.error] == []


def test_addresses_maps_and_lists(site: Any) -> None:
    (page,) = items(f"{site.base}/one.html", fetch=OPEN)
    assert (page.key, page.kind, page.url) == (f"url:{site.base}/one.html", "html", f"{site.base}/one.html")
    assert codes(items(f"{site.base}/film", f"{site.base}/none", "ftp://e.org/x", fetch=OPEN)) == ["C145", "C141", "C140"]
    (news,) = [i for i in items(f"{site.base}/sitemap.xml", fetch=OPEN) if i.error is None]
    assert (news.title, news.published, news.outlet) == ("Met", date(2021, 12, 16), "Courier")
    assert [i.title for i in items(f"{site.base}/list.opml", fetch=OPEN)] == ["They & met", "Later"]
    (atom,) = items(f"{site.base}/feed.atom", fetch=OPEN, follow=False)
    assert (atom.load().decode(), atom.published, atom.outlet) == ("T\n\nBody text.", date(2022, 3, 4), "Wire")


def test_maps_that_lead_to_maps_without_end(site: Any) -> None:
    for n in range(300):
        site.pages[f"/s{n}.xml"] = ("text/xml", f"<sitemapindex><sitemap><loc>BASE/s{n + 1}.xml</loc></sitemap></sitemapindex>")
    assert codes(items(f"{site.base}/s0.xml", fetch=OPEN)) == ["C105"]
    assert len(site.asked) == 7


def test_watching_asks_politely_and_gives_each_entry_once(site: Any, tmp_path: Path) -> None:
    added: list[list[str]] = []
    said: list[str] = []

    def add(given: Any) -> str:
        added.append([i.key for i in given])
        return "2 read"

    def look() -> int:
        return watching.run([f"{site.base}/list.opml"], tmp_path, ItemOptions(fetch=OPEN), add, every=1800, once=True, say=said.append)

    assert look() == 0
    assert added == [[f"url:{site.base}/one.html", f"url:{site.base}/two.html"]]
    assert any("They & met" in line for line in said)
    assert look() == 0
    assert site.asked[-1][1]["if-none-match"] == '"v1"'
    assert len(added) == 1
    third = "<item><title>New</title><link>/three.html</link></item></channel>"
    site.pages["/feed.rss"] = ("text/xml", RSS.replace("</channel>", third))
    state = tmp_path / "watch.json"
    state.write_text(state.read_text().replace("v1", "v0"))
    assert look() == 0
    assert added[1] == [f"url:{site.base}/three.html"]


def test_a_feed_that_fails_is_left_alone_for_longer_and_longer(site: Any, tmp_path: Path) -> None:
    now = [1_000_000.0]
    watcher = Watcher([f"{site.base}/none.rss"], tmp_path, ItemOptions(fetch=OPEN), now=lambda: now[0])
    pauses = []
    for _ in range(4):
        (poll,) = watcher.polls(600)
        assert poll.error is not None
        watcher.keep(poll)
        pauses.append(watcher.state[poll.feed].ready - now[0])
        assert list(watcher.polls(600)) == []
        now[0] += pauses[-1] + 1
    assert pauses == [1200, 2400, 4800, 9600]
    again = Watcher([f"{site.base}/none.rss"], tmp_path, ItemOptions(fetch=OPEN), now=lambda: now[0] - 5_000)
    assert list(again.polls(600)) == []


def test_what_was_not_kept_comes_again(site: Any, tmp_path: Path) -> None:
    for _ in range(2):
        (poll,) = Watcher([f"{site.base}/feed.rss"], tmp_path, ItemOptions(fetch=OPEN)).polls(600)
        assert len(poll.items) == 2


def test_a_page_that_fails_for_now_comes_again(site: Any, tmp_path: Path) -> None:
    given = []
    for _ in range(2):
        watcher = Watcher([f"{site.base}/feed.rss"], tmp_path, ItemOptions(fetch=OPEN))
        (poll,) = watcher.polls(600)
        assert codes(poll.items) == ["C141"]
        given.append([i.key.rsplit("/", 1)[1] for i in poll.items])
        watcher.keep(poll)
    assert given == [["one.html", "two.html"], ["two.html"]]


def test_watch_command_and_its_errors(site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = typer.Typer()
    watching.register(app)
    given: list[str] = []
    monkeypatch.setenv("COMITY_ALLOW_LOOPBACK", "1")
    monkeypatch.setattr(watching, "adder", lambda record: lambda found: given.extend(i.key for i in found))
    result = CliRunner().invoke(app, [f"{site.base}/feed.rss", "--record", str(tmp_path), "--once", "--no-fetch"])
    assert result.exit_code == 0, result.output
    assert len(given) == 2
    write(tmp_path, "watch.json", "{broken")
    with pytest.raises(BadWatchState):
        Watcher(["http://e.org/"], tmp_path, ItemOptions())
    with pytest.raises(NothingToWatch):
        watching.run([str(write(tmp_path, "a.txt", TEXT))], tmp_path, ItemOptions(), given.extend, every=60, once=True, say=given.append)
    assert isinstance(Fetcher(), Fetcher)
