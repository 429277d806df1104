"""What is fed with broken input: everything that takes bytes from outside, with what must hold of the answer."""

# ruff: noqa: E501 - seeds stand in lines of their own
from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from fuzz_seeds import ARTICLE, ATOM, FEED, ROW, event_seeds, page, parquet, table_seeds, tarred, warc, zipped
from fuzz_tables import actors_text, article_file, codes_text, event_file, settings_text

from comity.errors import SkipDocument

SETS = ("gdelt", "icews", "polecat", "phoenix", "acled")


class Target(NamedTuple):
    """What is fed, a few sound inputs, and, where there is one, what makes inputs that hang together."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    made: Callable[[Random], bytes] | None = None


def in_file(suffix: str, use: Callable[[Path], object]) -> Callable[[bytes], object]:
    """A target that wants a file."""

    def run(data: bytes) -> object:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            path = Path(folder) / f"x{suffix}"
            path.write_bytes(data)
            return use(path)

    return run


def document(name: str) -> Callable[[bytes], object]:
    """One article from its bytes; each of its words must be verbatim."""
    from comity.language.sentences import split
    from comity.read import read_bytes

    def run(data: bytes) -> object:
        text = read_bytes(data, name=name, any_language=True).text
        ends = 0
        for piece in split(text):
            assert 0 <= piece.start <= piece.end <= len(text) and piece.start >= ends, "sentences lie one after another"
            ends = piece.end
            assert all(piece.start <= a < b <= piece.end for a, b in piece.tokens), "words lie in their sentence"
        return text

    return run


def source(path: Path) -> object:
    """All items of a file, loaded and read."""
    from comity.read import Limits, read_bytes
    from comity.read.item import ItemOptions
    from comity.read.items import open_items

    for item in open_items([str(path)], ItemOptions(follow=False, limits=Limits(max_bytes=100_000))):
        try:
            read_bytes(item.load(), name=item.name, any_language=True)
        except SkipDocument:
            continue
    return None


def cleaned(data: bytes) -> object:
    """Decode and mend; every character of the text leads back to bytes of the input."""
    from comity.language.clean import clean, decode, to_bytes

    decoded = decode(data)
    found = clean(decoded.text, encoding=decoded.encoding, offset=decoded.offset)
    at = 0
    for run in found.runs:
        assert run.at == at and 0 <= run.raw <= run.raw_end <= len(data), "runs follow one another within the input"
        at += run.length
    assert at == len(found.text), "runs cover the text"
    if found.text:
        low, high = to_bytes(found.runs, 0, len(found.text))
        assert 0 <= low <= high <= len(data)
    return found


def dates(data: bytes) -> object:
    """Time expressions: verbatim, in order, with values."""
    from comity.understand.dates import find_timexes

    text = data.decode("utf-8", "replace")
    last = 0
    for timex in find_timexes(text, date(2000 + len(text) % 40, 1 + len(text) % 12, 1 + len(text) % 28)):
        assert text[timex.start : timex.end] == timex.text and timex.start >= last and timex.value
        last = timex.end
    return None


def quotations(data: bytes) -> object:
    """Quotation marks: ranges in order."""
    from comity.understand.quotemarks import find_marked

    text = data.decode("utf-8", "replace")
    for marked in find_marked(text):
        assert 0 <= marked.span.start < marked.span.end <= len(text)
    return None


def actors(path: Path) -> object:
    """A file of a user's own actors."""
    from comity.knowledge import load_actors

    return load_actors(path)


def settings(data: bytes) -> object:
    """Settings of the server from the environment."""
    from comity.web.settings import PREFIX, Settings, from_environment

    names = list(Settings.__struct_fields__)
    lines = data.decode("utf-8", "replace").split("\n")
    named = lines[0].startswith(PREFIX)  # else each line is the value of some setting
    given = {
        PREFIX + names[i * 7 % len(names)].upper(): line for i, line in enumerate([] if named else lines[: len(names)])
    }
    given |= dict(line.split("=", 1) for line in lines if line.count("=") == 1)
    return from_environment({"record": Path("record")}, given)


def imported(name: str) -> Callable[[Path], object]:
    """An event set of others, without a record; every row is accounted for."""
    from comity.exchange.importing import import_events

    def run(path: Path) -> object:
        told = import_events(None, name, [str(path)])
        assert told.added >= 0 and told.known >= 0 and told.added + told.known <= told.rows, "rows become events"
        assert all(count > 0 for count in told.types.values()) and sum(told.types.values()) <= told.added
        return told

    return run


def recorded(name: str) -> Callable[[Path], object]:
    """An event set into a record of its own: it is sound, holds what was told, and the same file adds nothing."""
    from comity.exchange.importing import import_events
    from comity.record.names import TYPES
    from comity.record.store import open_record

    def run(path: Path) -> object:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, open_record(Path(folder) / "record") as record:
            told = import_events(record, name, [str(path)])
            events = record.query("select * from events").to_pylist()
            assert len(events) == told.added, f"{told.added} events were told, {len(events)} are there"
            for event in events:
                assert event["type"] is None or event["type"] in TYPES
                assert event["date_start"] is None or event["date_start"] <= event["date_end"]
                assert event["place_lat"] is None or abs(event["place_lat"]) <= 90, event["place_lat"]
                assert event["place_lon"] is None or abs(event["place_lon"]) <= 180, event["place_lon"]
            assert import_events(record, name, [str(path)]).added == 0, "the same file adds nothing"
            assert record.check().sound
            return told

    return run


def lines(data: bytes) -> object:
    """Lines of a table, cut and parsed in stretches: every row has its line, and as many cells as columns."""
    from comity.exchange import lines as text
    from comity.exchange.model import Odd

    columns, seen = [f"c{n}" for n in range(1 + data[:40].count(b","))], 0
    for quoted in (False, True):
        odd = Odd()
        for stretch, _ in text.stretches(io.BufferedReader(io.BytesIO(data)), odd, quoted=quoted):  # type: ignore[arg-type]
            if stretch:
                table, places = text.parse(stretch, columns, ",", odd, quoted=quoted)
                assert table.num_rows == len(places) and all(0 <= place < len(stretch) for place in places)
                seen += table.num_rows
    return seen


@cache
def code_tables() -> Any:
    """The tables of codes."""
    from comity.exchange.codes import Codes

    return Codes()


def codes(data: bytes) -> object:
    """Names, codes and acts of other event sets, looked up."""
    from comity.exchange.model import PART
    from comity.exchange.sets import SETS as ALL

    known = code_tables()
    words = data.decode("utf-8", "replace").split("\n")[:60]
    for kind in ALL.values():
        for word, other in zip(words, [*words[1:], ""], strict=True):
            coded = kind.act(known, word if kind.name != "acled" else f"{word}{PART}{other}")
            assert coded is None or coded.status in ("occurred", "announced", "possible", "negated")
            key = PART.join((word.replace(PART, ""), other.replace(PART, ""), ""))
            assert all(found for found in kind.actors(known, key, date(2014, 3, 5)))
            kind.country(known, word)
    return None


@cache
def reader() -> Any:
    """The whole reader."""
    from comity.reader import Reader

    return Reader()


def whole(data: bytes) -> object:
    """Everything, from bytes to the object that is printed."""
    import msgspec

    from comity.contract import document_object
    from comity.read import read_bytes

    found = reader()(read_bytes(data[:1500], name="x.txt", any_language=True))
    for quote in found.quotes:
        assert quote.parts or found.text[quote.start : quote.end] == quote.text
    return msgspec.json.encode(document_object(found, passed=True))


def targets() -> Mapping[str, Target]:
    """Everything that is fed, by name."""

    def file(suffix: str, *seeds: bytes) -> Target:
        return Target(in_file(suffix, source), lambda: list(seeds))

    article = ARTICLE.encode()
    return {
        "text": Target(document("x.txt"), lambda: [article, ARTICLE.encode("utf-16"), ARTICLE.encode("cp1252", "replace")]),
        "html": Target(document("x.html"), lambda: [page()]),
        "clean": Target(cleaned, lambda: [article, "CafÃ© â€œx”, soft\u00adly &amp; \u202eback".encode(), ARTICLE.encode("utf-16")]),
        "dates": Target(dates, lambda: [article, b"Two weeks ago, on 31 December 1999, in the 1990s, from March to May, every Monday at 5 p.m., Q3 2012", b"On 14 September 1854 they landed. The next spring, at dawn on the 20th, in 1855. In 490 BC, two years later"]),
        "quotations": Target(quotations, lambda: [article, "“A ‘b’ c,” he said. «D» \"e\" ``f'' „g“".encode()]),
        "feed": file(".rss", FEED, ATOM),
        "opml": file(".opml", b"<opml version='2.0'><body><outline text='a' xmlUrl='http://a.example/feed'/></body></opml>"),
        "sitemap": file(".xml", b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/1</loc><lastmod>2014-03-05</lastmod></url></urlset>"),
        "jsonl": file(".jsonl", ROW * 2, b'{"text": 1}\n[]\nnull\n')._replace(made=partial(article_file, "jsonl")),
        "csv": file(".csv", *table_seeds(","))._replace(made=partial(article_file, "csv")),
        "tsv": file(".tsv", *table_seeds("\t"))._replace(made=partial(article_file, "tsv")),
        "parquet": file(".parquet", parquet()),
        "warc": file(".warc", warc() * 2),
        "warc.gz": file(".warc.gz", gzip.compress(warc(), mtime=0) * 2),
        "zip": file(".zip", zipped(), zipped(zipfile.ZIP_STORED)),
        "tar": file(".tar", tarred()),
        "tgz": file(".tgz", gzip.compress(tarred(), mtime=0)),
        "gz": file(".txt.gz", gzip.compress(article, mtime=0)),
        "actors-csv": Target(in_file(".csv", actors), lambda: [b"code,name,kind,aliases,adjectives,capital,leaders\nXYZ,Xyzland,state,Xyz|Zyx,Xyzish,Xyztown,Ann Xyz\n"], partial(actors_text, "csv")),
        "actors-toml": Target(in_file(".toml", actors), lambda: [b'[[actor]]\ncode = "XYZ"\nname = "Xyzland"\naliases = ["Xyz"]\n'], partial(actors_text, "toml")),
        "settings": Target(settings, lambda: [b"COMITY_WEB_PORT=8377\nCOMITY_WEB_TEAM=true\n12\nfalse\nlocalhost,a.example\n1e9\n"], settings_text),
        **{f"import-{name}": Target(in_file(".csv", imported(name)), partial(event_seeds, name), partial(event_file, name)) for name in SETS},
        **{f"record-{name}": Target(in_file(".csv", recorded(name)), partial(event_seeds, name), partial(event_file, name)) for name in SETS},
        "import-lines": Target(lines, lambda: [b'a,"b ""c""",d\n1,"2\n3",4\n', b"a,b\r\n\r\n\x00,\xff\n"], partial(article_file, "csv")),
        "import-codes": Target(codes, lambda: [b"161\nPeru\nPER\nMilitary Forces of Peru (2011-)\nSANCTION"], codes_text),
        "whole": Target(whole, lambda: [article]),
    }  # fmt: skip
