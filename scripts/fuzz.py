"""Broken input for all that takes bytes from outside: only errors of our own may leave, soon, in little memory.

    python scripts/fuzz.py [--seconds 60] [--inputs N] [--target NAME ...] [--seed 1] [--engine plain|atheris]
    python scripts/fuzz.py --seeds          write the seeds of the corpus anew

For each target first the kept corpus is replayed (``fuzz/corpus/TARGET``), then inputs of it are broken: bits flipped,
stretches cut, doubled, exchanged between files, and telling pieces put in.  An input fails when anything but a
`ComityError` comes out, when it takes more than five seconds of processor time or a gigabyte of memory, or when what
was promised does not hold (words are verbatim, the text leads back to its bytes).  It is written to ``fuzz/found``;
once mended it moves to the corpus.  With ``--engine atheris`` inputs are guided by coverage, each target in a process
of its own (``pip install atheris``).  Exit status 1 when an input failed.
"""

# ruff: noqa: E501 - seeds stand in lines of their own
from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import resource
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

if "--guided" in sys.argv:  # what is imported from here on tells atheris which way it went
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    atheris.instrument_imports(include=["comity"]).__enter__()

from comity.errors import ComityError, SkipDocument

ROOT = Path(__file__).parents[1]
CORPUS, FOUND = ROOT / "fuzz" / "corpus", ROOT / "fuzz" / "found"
SECONDS, MEMORY = 5.0, 1_000_000_000
"""Most that one input may take: processor time, and memory of the process."""
LONGEST = 20_000
TELLING = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\x03\x04", b"PAR1", b"WARC/1.0\r\n", b"<!--", b"]]>", b"&#x110000;",
    b"<p>", b"</div>", b'"', b"'", "“".encode(), "”".encode(), b"\r\n\r\n", b"\t", b"-1", b"99999999999999999999", b"{", b"[[", b"\\u0000",
    b"Content-Length: 0", b"2016-02-30", b"two weeks ago", b"31 April", b"\xe2\x80\xae", "ß".encode(), "İ".encode(), b"$(x)", b"%s", b"\\",
)  # fmt: skip
ARTICLE = (
    "Peru recalls its ambassador\n\nLima, 5 March 2014 — Peru recalled its ambassador from Chile on Tuesday. “We expect an "
    "answer,” said Gonzalo Gutiérrez, two weeks after talks.\n"
)


class SlowError(BaseException):
    """An input took too long; no `except Exception` may swallow it."""


class Target(NamedTuple):
    """What is fed, and a few sound inputs."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


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
    given = {PREFIX + names[i * 7 % len(names)].upper(): line for i, line in enumerate(lines[: len(names)])}
    given |= dict(line.split("=", 1) for line in lines if line.count("=") == 1)
    return from_environment({"record": Path("record")}, given)


def imported(name: str) -> Callable[[Path], object]:
    """An event set of others, without a record."""
    from comity.exchange.importing import import_events

    return lambda path: import_events(None, name, [str(path)])


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


def page() -> bytes:
    """A small web page."""
    title, _, body = ARTICLE.partition("\n\n")
    head = f"<meta charset=utf-8><title>{title}</title><meta property='article:published_time' content='2014-03-05'>"
    return f"<!doctype html><html lang=en><head>{head}</head><body><article><h1>{title}</h1><p>{body}</p></article></body></html>".encode()


def warc() -> bytes:
    """A record with a page."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2014-03-05T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def zipped(kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of three files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), ARTICLE, kind)
        archive.writestr(zipfile.ZipInfo("b/c.html"), page(), kind)
        archive.writestr(zipfile.ZipInfo("d.csv"), f'text,date\n"{ARTICLE}",2014-03-05\n', kind)
    return buffer.getvalue()


def tarred() -> bytes:
    """The same as tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in (("a.txt", ARTICLE.encode()), ("b.html", page())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def rows(delimiter: str, *lines: Iterable[str]) -> bytes:
    """Lines of a table."""
    return "".join(delimiter.join(line) + "\n" for line in lines).encode()


def parquet() -> bytes:
    """A table of one article."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": [ARTICLE] * 2, "title": ["a", None], "date": [date(2014, 3, 5), None]}), buffer)
    return buffer.getvalue()


def filled(columns: Iterable[str], **values: str) -> list[str]:
    """The cells of a row, empty where nothing is given."""
    return [values.get(column.replace(" ", "_"), "") for column in columns]


def event_seeds(name: str) -> list[bytes]:
    """A row or two of an event set."""
    from comity.exchange.sets.gdelt import columns
    from comity.exchange.sets.icews import COLUMNS as ICEWS
    from comity.exchange.sets.phoenix import DAILY
    from comity.exchange.sets.polecat import COLUMNS as POLECAT

    if name == "gdelt":
        cells = {
            "GLOBALEVENTID": "1",
            "SQLDATE": "20140305",
            "EventCode": "161",
            "Actor1CountryCode": "PER",
            "Actor2CountryCode": "CHL",
            "ActionGeo_Lat": "-12.0",
            "AvgTone": "-3.2",
            "SOURCEURL": "http://a.example/",
        }
        return [rows("\t", *[filled(columns(n), **cells)] * 2) for n in (57, 58, 61)]
    if name == "icews":
        return [
            rows(
                "\t",
                ICEWS,
                filled(
                    ICEWS,
                    Event_ID="1",
                    Event_Date="2014-03-05",
                    Source_Country="Peru",
                    CAMEO_Code="161",
                    Target_Country="Chile",
                ),
            ),
            rows(
                ",", ["sn", "rn", "on", "a", "b", "date"], ["x", "Reduce relations", "y", "Peru", "Chile", "2014-03-05"]
            ),
        ]
    if name == "polecat":
        return [
            rows(
                d,
                POLECAT,
                filled(
                    POLECAT,
                    Event_ID="1",
                    Event_Date="2014-03-05",
                    Event_Type="SANCTION",
                    Actor_Name="Peru",
                    Actor_Country="PER",
                    Recipient_Name="Chile;Cuba",
                    Recipient_Country="CHL;CUB",
                ),
            )
            for d in "\t,"
        ]
    if name == "phoenix":
        return [
            rows(
                "\t",
                filled(
                    DAILY,
                    eventid="1",
                    date="20140305",
                    year="2014",
                    sourceactorentity="PER",
                    targetactorentity="CHL",
                    eventcode="161",
                ),
            )
        ]
    head = [
        "event_id_cnty",
        "event_date",
        "event_type",
        "sub_event_type",
        "actor1",
        "inter1",
        "actor2",
        "country",
        "latitude",
        "longitude",
        "notes",
        "fatalities",
    ]
    return [
        rows(
            ",",
            head,
            [
                "PER1",
                "05 March 2014",
                "Battles",
                "Armed clash",
                "Military Forces of Peru",
                "1",
                "Shining Path",
                "Peru",
                "-12",
                "-77",
                "Soldiers fought.",
                "2",
            ],
        )
    ]


def table_seeds(delimiter: str) -> list[bytes]:
    """A table of articles."""
    quoted = '"' + ARTICLE.replace('"', '""') + '"'
    return [
        rows(
            delimiter, ["title", "text", "date", "url"], ["Lima", quoted, "2014-03-05", "http://a.example/"], ["x", "y"]
        )
    ]


FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>A</title><item><title>Lima</title><link>http://a.example/1</link><pubDate>Wed, 05 Mar 2014 10:00:00 GMT</pubDate><description>Peru &lt;b&gt;met&lt;/b&gt; Chile.</description></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><title>Lima</title><link href='http://a.example/1'/><updated>2014-03-05T10:00:00Z</updated><content type='html'>&lt;p&gt;Peru met Chile.&lt;/p&gt;</content></entry></feed>"
ROW = json.dumps({"text": ARTICLE, "title": "Lima", "published": "2014-03-05"}).encode() + b"\n"


def targets() -> Mapping[str, Target]:
    """Everything that is fed, by name."""

    def file(suffix: str, *seeds: bytes) -> Target:
        return Target(in_file(suffix, source), lambda: list(seeds))

    article = ARTICLE.encode()
    return {
        "text": Target(document("x.txt"), lambda: [article, ARTICLE.encode("utf-16"), ARTICLE.encode("cp1252", "replace")]),
        "html": Target(document("x.html"), lambda: [page()]),
        "clean": Target(cleaned, lambda: [article, "CafÃ© â€œx”, soft\u00adly &amp; \u202eback".encode(), ARTICLE.encode("utf-16")]),
        "dates": Target(dates, lambda: [article, b"Two weeks ago, on 31 December 1999, in the 1990s, from March to May, every Monday at 5 p.m., Q3 2012"]),
        "quotations": Target(quotations, lambda: [article, "“A ‘b’ c,” he said. «D» \"e\" ``f'' „g“".encode()]),
        "feed": file(".rss", FEED, ATOM),
        "opml": file(".opml", b"<opml version='2.0'><body><outline text='a' xmlUrl='http://a.example/feed'/></body></opml>"),
        "sitemap": file(".xml", b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://a.example/1</loc><lastmod>2014-03-05</lastmod></url></urlset>"),
        "jsonl": file(".jsonl", ROW * 2, b'{"text": 1}\n[]\nnull\n'),
        "csv": file(".csv", *table_seeds(",")),
        "tsv": file(".tsv", *table_seeds("\t")),
        "parquet": file(".parquet", parquet()),
        "warc": file(".warc", warc() * 2),
        "warc.gz": file(".warc.gz", gzip.compress(warc(), mtime=0) * 2),
        "zip": file(".zip", zipped(), zipped(zipfile.ZIP_STORED)),
        "tar": file(".tar", tarred()),
        "tgz": file(".tgz", gzip.compress(tarred(), mtime=0)),
        "gz": file(".txt.gz", gzip.compress(article, mtime=0)),
        "actors-csv": Target(in_file(".csv", actors), lambda: [b"code,name,kind,aliases,adjectives,capital,leaders\nXYZ,Xyzland,state,Xyz|Zyx,Xyzish,Xyztown,Ann Xyz\n"]),
        "actors-toml": Target(in_file(".toml", actors), lambda: [b'[[actor]]\ncode = "XYZ"\nname = "Xyzland"\naliases = ["Xyz"]\n']),
        "settings": Target(settings, lambda: [b"COMITY_WEB_PORT=8377\nCOMITY_WEB_TEAM=true\n12\nfalse\nlocalhost,a.example\n1e9\n"]),
        **{f"import-{name}": Target(in_file(".csv", imported(name)), lambda name=name: event_seeds(name)) for name in ("gdelt", "icews", "polecat", "phoenix", "acled")},  # type: ignore[misc]
        "whole": Target(whole, lambda: [article]),
    }  # fmt: skip


def corpus(name: str) -> list[bytes]:
    """The kept inputs of a target, in a fixed order."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]


def write_seeds() -> int:
    """Write the sound inputs of all targets into the corpus."""
    for name, target in targets().items():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(target.seeds()):
            (folder / f"seed-{number}").write_bytes(data)
    return 0


def broken(rng: Random, kept: list[bytes]) -> bytes:
    """An input with a few things changed."""
    data = (
        bytearray(rng.choice(kept)) if kept and rng.random() < 0.97 else bytearray(rng.randbytes(rng.randint(0, 400)))
    )
    for _ in range(1 + int(rng.expovariate(0.5))):
        at = rng.randint(0, len(data))
        length = min(int(rng.expovariate(0.1)), len(data) - at)
        way = rng.randrange(7)
        if way == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            del data[at : at + length]
        elif way == 2:
            data[at:at] = rng.choice(TELLING) * rng.choice((1, 1, 1, 50))
        elif way == 3:
            data[at:at] = data[at : at + length] * rng.choice((1, 2, 20))
        elif way == 4 and kept:
            other = rng.choice(kept)
            start = rng.randint(0, len(other))
            data[at : at + length] = other[start : start + rng.randint(0, 60)]
        elif way == 5:
            data[at : at + length] = rng.randbytes(length)
        else:
            del data[at:]
    return bytes(data[:LONGEST])


class Tally:
    """What became of the inputs of one target."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs = 0
        self.codes: Counter[str] = Counter()
        self.failed: list[str] = []
        self.slowest = 0.0

    def __str__(self) -> str:
        refused = sum(self.codes.values())
        often = " ".join(f"{code} {count}" for code, count in self.codes.most_common(5))
        return f"{self.name:16} {self.inputs:8} inputs  {refused:8} refused ({often})  slowest {self.slowest:.2f} s  failed {len(self.failed)}"


def feed(target: Target, tally: Tally, data: bytes) -> None:
    """One input; a failure is kept and noted."""
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    tally.inputs += 1
    wrong = ""
    try:
        target.run(data)
    except ComityError as error:
        tally.codes[error.code] += 1
        if error.code == "C111":
            wrong = str(error)
    except SlowError:
        wrong = f"slower than {SECONDS} s"
    except Exception:
        wrong = traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    tally.slowest = max(tally.slowest, time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if not wrong and memory > MEMORY:
        wrong = f"{memory:,} bytes of memory"
    if wrong:
        path = FOUND / tally.name / hashlib.sha256(data).hexdigest()[:16]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        tally.failed.append(f"{path.relative_to(ROOT)}: {wrong}")


def _too_slow(number: int, frame: object) -> None:
    raise SlowError


def inputs(name: str, target: Target, seed: int) -> Iterator[bytes]:
    """The corpus, then broken ones without end."""
    kept = corpus(name) or target.seeds()
    yield from kept
    rng = Random(f"{name} {seed}")
    while True:
        yield broken(rng, kept)


def run(name: str, target: Target, *, seconds: float, most: int | None, seed: int) -> Tally:
    """Feed one target until time or number is spent."""
    signal.signal(signal.SIGPROF, _too_slow)
    tally = Tally(name)
    sound = len(corpus(name) or target.seeds())
    end = time.monotonic() + seconds
    for number, data in enumerate(inputs(name, target, seed)):
        if number == sound:  # what is loaded with the first input does not count
            end = time.monotonic() + seconds
        over = number >= sound and time.monotonic() > end
        if over or (most is not None and number >= most) or len(tally.failed) >= 20:
            break
        feed(target, tally, data)
    return tally


def guided(name: str, target: Target, seconds: float) -> None:
    """Feed one target under atheris, which ends this process."""
    for data in target.seeds():  # what is imported with the first input is no news
        with suppress(ComityError):
            target.run(data)
    new = ROOT / "fuzz" / "work" / name
    new.mkdir(parents=True, exist_ok=True)
    tally = Tally(name)
    signal.signal(signal.SIGPROF, _too_slow)

    def one(data: bytes) -> None:
        feed(target, tally, data)
        if tally.failed:
            raise AssertionError(tally.failed[-1])

    options = [
        f"-max_total_time={int(seconds)}",
        f"-max_len={LONGEST}",
        "-rss_limit_mb=1500",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(new), str(CORPUS / name)], one)
    atheris.Fuzz()


def main() -> int:
    """Feed all targets; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60, help="of each target")
    parser.add_argument("--inputs", type=int, help="of each target, at most")
    parser.add_argument("--target", action="append", help="one target; may be repeated")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("plain", "atheris"), default="plain")
    parser.add_argument("--seeds", action="store_true", help="write the seeds of the corpus")
    parser.add_argument("--guided", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.seeds:
        return write_seeds()
    known = targets()
    if given.guided:
        guided(given.guided, known[given.guided], given.seconds)
        return 0
    unknown = set(given.target or ()) - set(known)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    bad = total = 0
    for name in given.target or known:
        if given.engine == "atheris":
            command = [sys.executable, __file__, "--guided", name, "--seconds", str(given.seconds)]
            bad += subprocess.run(command, check=False).returncode != 0
            continue
        tally = run(name, known[name], seconds=given.seconds, most=given.inputs, seed=given.seed)
        print(tally, flush=True)
        for line in tally.failed:
            print("  " + line.replace("\n", "\n    "))
        bad += len(tally.failed)
        total += tally.inputs
    print(f"{total:,} inputs, {bad} failed" if given.engine == "plain" else f"{bad} targets failed")
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main())
