"""Small sound inputs of every kind that `scripts/fuzz.py` breaks."""

# ruff: noqa: E501 - seeds stand in lines of their own
from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import date

ARTICLE = (
    "Peru recalls its ambassador\n\nLima, 5 March 2014 — Peru recalled its ambassador from Chile on Tuesday. “We expect an "
    "answer,” said Gonzalo Gutiérrez, two weeks after talks.\n"
)


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
    return {"gdelt": gdelt, "icews": icews, "polecat": polecat, "phoenix": phoenix, "acled": acled}[name]()


def gdelt() -> list[bytes]:
    """Two rows in each of three layouts."""
    from comity.exchange.sets.gdelt import columns

    cells = {
        "GLOBALEVENTID": "1", "SQLDATE": "20140305", "EventCode": "161", "Actor1CountryCode": "PER",
        "Actor2CountryCode": "CHL", "ActionGeo_Lat": "-12.0", "AvgTone": "-3.2", "SOURCEURL": "http://a.example/",
    }  # fmt: skip
    return [rows("\t", *[filled(columns(n), **cells)] * 2) for n in (57, 58, 61)]


def icews() -> list[bytes]:
    """With the columns of the set, and with some of the files that researchers pass on."""
    from comity.exchange.sets.icews import COLUMNS

    row = filled(COLUMNS, Event_ID="1", Event_Date="2014-03-05", Source_Country="Peru", CAMEO_Code="161", Target_Country="Chile")
    short = ["x", "Reduce relations", "y", "Peru", "Chile", "2014-03-05"]
    return [rows("\t", COLUMNS, row), rows(",", ["sn", "rn", "on", "a", "b", "date"], short)]


def polecat() -> list[bytes]:
    """With tabs and with commas."""
    from comity.exchange.sets.polecat import COLUMNS

    row = filled(
        COLUMNS, Event_ID="1", Event_Date="2014-03-05", Event_Type="SANCTION", Actor_Name="Peru", Actor_Country="PER",
        Recipient_Name="Chile;Cuba", Recipient_Country="CHL;CUB",
    )  # fmt: skip
    return [rows(delimiter, COLUMNS, row) for delimiter in "\t,"]


def phoenix() -> list[bytes]:
    """A row of a daily file, which has no head."""
    from comity.exchange.sets.phoenix import DAILY

    return [rows("\t", filled(
        DAILY, eventid="1", date="20140305", year="2014", sourceactorentity="PER", targetactorentity="CHL", eventcode="161",
    ))]  # fmt: skip


def acled() -> list[bytes]:
    """A battle."""
    cells = {
        "event_id_cnty": "PER1", "event_date": "05 March 2014", "event_type": "Battles", "sub_event_type": "Armed clash",
        "actor1": "Military Forces of Peru", "inter1": "1", "actor2": "Shining Path", "country": "Peru", "latitude": "-12",
        "longitude": "-77", "notes": "Soldiers fought.", "fatalities": "2",
    }  # fmt: skip
    return [rows(",", list(cells), list(cells.values()))]


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
