"""Tables that hang together, made at random: heads in any order, cells of every sort in their columns, any wrapping.

Broken bytes rarely get past the first check of a table.  These reach the depth: rows that are nearly right.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

DAYS = (
    "2014-03-05", "20140305", "05 March 2014", "3/5/2014", "05-Mar-14", "2014-02-30", "20141301", "00000000", "2014",
    "2014-03", "9999-12-31", "0001-01-01", "10000-01-01", "2014-03-05T10:00:00Z", "2014-03-05 10:00:00", "1e9", "-1",
    "٢٠١٤-٠٣-٠٥", "March", "20140305.0",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-12.05", "-77,04", "90", "90.0001", "-181", "1e308", "1e999", "nan", "inf", "-inf", "0x10", "½", "٣",
    "99999999999999999999", "1_000", "+5", "--5", " 7 ", "1.2.3",
)  # fmt: skip
PLACES = ("Peru", "PER", "PE", "Chile", "CHL", "USA", "United States", "Côte d'Ivoire", "XKX", "ZZZ", "Peru;Chile",
          "Yugoslavia", "TUR", "İran", "peru", "None", "NA", "---", "RU-UKR", "Tibet", "EUR", "Palestine")  # fmt: skip
NAMES = (
    "Military Forces of Peru (2011-)", "Vladimir Putin", "Citizen (Peru)", "Government (Chile)", "Shining Path", "UN",
    "NATO", "Unidentified Armed Group", "PERGOV", "CHLMIL", "IGOUNO", "NGOHRI", "IMGMOSISI", "USAGOVMIL", "Putin;Xi",
    "=cmd()", "O'Brien", "a\tb", "“x”", "\u202eevil", "x" * 300, ";;", "Ministry of Foreign Affairs",
)  # fmt: skip
ACTS = (
    "161", "0161", "016", "1", "20", "204", "2042", "999", "---", "Reduce relations", "Make statement", "Battles",
    "Armed clash", "Protests", "Peaceful protest", "Strategic developments", "ASSAULT", "SANCTION", "sanction", "AID",
    "CONSULT", "aerial", "withdraw", "Use conventional military force", "Sexual violence", "161.0", "1 6 1",
)  # fmt: skip
TEXTS = (
    "Soldiers fought.", "", " ", "NULL", "null", 'a "quoted" word', '"', '""', "line\nbreak", "cr\rhere", "a,b;c\td",
    "http://a.example/1", "javascript:alert(1)", "ünïcödé", "\x00", "\ufeff", "\ud7ff", "'", "\\N", "1;2;3", "{}",
)  # fmt: skip


def cell(rng: Random, column: str) -> str:
    """A value for a column: mostly of its sort, sometimes of any."""
    name = column.lower()
    sort = TEXTS
    if "date" in name or name in ("year", "month", "day", "published"):
        sort = DAYS
    elif any(word in name for word in ("lat", "lon", "score", "scale", "tone", "num", "intensity", "fatal", "id")):
        sort = NUMBERS
    elif any(word in name for word in ("country", "province", "iso", "cow", "city")) or name in ("a", "b"):
        sort = PLACES
    elif any(word in name for word in ("code", "type", "mode", "class", "event text")) or name == "rn":
        sort = ACTS
    elif any(word in name for word in ("name", "actor", "source", "target", "recipient")) or name in ("sn", "on"):
        sort = NAMES
    if rng.random() < 0.06:
        sort = rng.choice((DAYS, NUMBERS, PLACES, NAMES, ACTS, TEXTS))
    return rng.choice(sort)


def heads(rng: Random, columns: Sequence[str]) -> list[str]:
    """The names of columns: in order or not, some left out, doubled or strange."""
    found = list(columns)
    if rng.random() < 0.3:
        rng.shuffle(found)
    if rng.random() < 0.3:
        del found[rng.randrange(len(found))]
    if rng.random() < 0.15:
        found.insert(rng.randrange(len(found) + 1), rng.choice([*found, "", "x", "select", 'a"b']))
    if rng.random() < 0.2:
        found = [rng.choice((str.upper, str.lower, str.title))(name) for name in found]
    return found


def table(rng: Random, columns: Sequence[str], *, head: bool, delimiters: str) -> bytes:
    """A table as bytes, in one of many wrappings."""
    names = heads(rng, columns) if head else list(columns)
    body = [[cell(rng, name) for name in names] for _ in range(rng.choice((0, 1, 2, 5, 30)))]
    if body and rng.random() < 0.1:  # the same row twice, and a row of another length
        body += [body[0], body[0][: rng.randrange(len(names) + 1)]]
    if head and rng.random() < 0.12:
        return as_parquet(rng, names, body)
    text = io.StringIO()
    style = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE))
    ends = rng.choice(("\n", "\n", "\r\n", "\r"))
    writer = csv.writer(text, delimiter=rng.choice(delimiters), lineterminator=ends, quoting=style, escapechar="\\")
    writer.writerows([names, *body] if head else body)
    return wrapped(rng, text.getvalue())


def wrapped(rng: Random, text: str) -> bytes:
    """Text in one of several encodings, plain or packed."""
    way = rng.random()
    encoding = "utf-8" if way < 0.8 else rng.choice(("utf-8-sig", "cp1252", "utf-16", "latin-1"))
    data = text.encode(encoding, "replace")
    packed = rng.random()
    if packed < 0.05:
        return gzip.compress(data, mtime=0)
    if packed < 0.1:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("a.csv"), data)
            archive.writestr(zipfile.ZipInfo("b/"), b"")
        return buffer.getvalue()
    return data


def as_parquet(rng: Random, names: Sequence[str], body: Sequence[Sequence[str]]) -> bytes:
    """The same as Parquet, with columns of several types."""
    columns: dict[str, pa.Array] = {}
    for n, name in enumerate(names):
        values: list[object] = [row[n] if n < len(row) else None for row in body]
        kind = rng.randrange(5)
        if kind == 1:
            columns[name] = pa.array([rng.choice((None, 1, -5, 20140305, 2**40)) for _ in values], pa.int64())
        elif kind == 2:
            columns[name] = pa.array([rng.choice((None, 1.5, float("nan"), 1e300)) for _ in values], pa.float64())
        elif kind == 3:
            columns[name] = pa.array([rng.choice((None, 0, 16134, -(2**30))) for _ in values], pa.date32())
        elif kind == 4 and rng.random() < 0.2:
            columns[name] = pa.array([rng.choice((None, [], ["a", None])) for _ in values], pa.list_(pa.string()))
        else:
            texts = [v.encode("utf-8", "replace").decode() if isinstance(v, str) else None for v in values]
            columns[name] = pa.array([rng.choice((t, t, t, None)) for t in texts], pa.string())
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression=rng.choice(("snappy", "gzip", "none")))
    return buffer.getvalue()


def event_file(name: str, rng: Random) -> bytes:
    """A file of an event set."""
    from comity.exchange.sets.gdelt import columns
    from comity.exchange.sets.icews import COLUMNS as ICEWS
    from comity.exchange.sets.phoenix import DAILY, HISTORICAL
    from comity.exchange.sets.polecat import COLUMNS as POLECAT

    acled = (
        "event_id_cnty", "data_id", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
        "assoc_actor_1", "inter1", "actor2", "inter2", "country", "iso3", "admin1", "location", "latitude",
        "longitude", "source", "notes", "fatalities",
    )  # fmt: skip
    if name == "gdelt":
        wide = columns(rng.choice((57, 58, 61)))
        return table(rng, wide, head=rng.random() < 0.2, delimiters="\t")
    if name == "icews":
        return table(
            rng, ICEWS if rng.random() < 0.7 else ("sn", "rn", "on", "a", "b", "date"), head=True, delimiters="\t,"
        )
    if name == "polecat":
        return table(rng, POLECAT, head=True, delimiters="\t,")
    if name == "phoenix":
        if rng.random() < 0.5:
            return table(rng, DAILY, head=False, delimiters="\t")
        return table(rng, tuple(HISTORICAL), head=True, delimiters="\t,")
    return table(rng, acled, head=True, delimiters=",;")


def article_file(kind: str, rng: Random) -> bytes:
    """A table of articles, or lines of JSON."""
    columns = ("title", "text", "date", "url", "language", "author", "source", "id")
    if kind != "jsonl":
        return table(rng, columns, head=True, delimiters="\t" if kind == "tsv" else ",;")
    values = (*TEXTS, *DAYS, None, 1, -1.5, True, [], ["a", None], {"text": "b"}, {"a": {"b": [1]}})
    lines = []
    for _ in range(rng.choice((1, 2, 8))):
        row = {name: rng.choice(values) for name in heads(rng, columns)}
        lines.append(json.dumps(row, ensure_ascii=rng.random() < 0.5))
    return wrapped(rng, rng.choice(("\n", "\r\n", "\n\n", ",\n")).join(lines))


def codes_text(rng: Random) -> bytes:
    """Names, codes and acts, a line each, sometimes cut or joined."""
    lines = []
    for _ in range(rng.randrange(1, 40)):
        word = rng.choice((*PLACES, *NAMES, *ACTS, *DAYS, *TEXTS))
        if rng.random() < 0.3:
            word = word[: rng.randrange(len(word) + 1)] + rng.choice((*PLACES, *NAMES))
        lines.append(word)
    return "\n".join(lines).encode("utf-8", "replace")


def settings_text(rng: Random) -> bytes:
    """A few settings by their names, mostly with a value of their sort."""
    from comity.web.settings import PREFIX, Settings

    sorts = {
        "int": ("0", "1", "-1", "8377", "65536", "99999999999999999999", "1e9", "1 000", "٣", "0x10"),
        "float": ("0", "0.5", "-1", "nan", "inf", "-inf", "1e999", "1e-300", "60"),
        "bool": ("true", "false", "1", "0", "yes", "TRUE", ""),
        "str": ("localhost", "a.example,b", "x" * 80, "::1", "127.0.0.1", "/tmp/x", " ", "\ud7ff", "a=b", ""),
    }
    lines = []
    for name in rng.sample(Settings.__struct_fields__, rng.randrange(1, 4)):
        declared = str(Settings.__annotations__[name])
        sort = next((kind for kind in sorts if kind in declared), "str")
        lines.append(f"{PREFIX}{name.upper()}={rng.choice(sorts[sort if rng.random() < 0.95 else 'str'])}")
    return "\n".join(lines).encode("utf-8", "replace")


def actors_text(kind: str, rng: Random) -> bytes:
    """A file of a user's own actors, a table or TOML: mostly one that can be taken."""
    columns = ("code", "name", "kind", "aliases", "adjectives", "capital", "leaders")
    kinds = ("state", "organisation", "group") * 8 + ("", "person", "x")
    rows = []
    for number in range(rng.choice((1, 1, 2, 6))):
        words = [rng.choice((*NAMES[:16], *PLACES[:12])) for _ in columns]
        row = dict(zip(columns, words, strict=True)) | {"code": f"OWN{number}", "kind": rng.choice(kinds)}
        if rng.random() < 0.1:
            row["code"] = rng.choice(("XYZ", "PER", "blue fleet", "", "A" * 60, "1", "É"))
        if rng.random() < 0.3:
            row[rng.choice(columns[3:])] = rng.choice(TEXTS)
        rows.append({name: row[name] for name in columns if name in columns[:3] or rng.random() < 0.8})
    if kind == "csv":
        text = io.StringIO()
        head = list(columns) if rng.random() < 0.95 else heads(rng, columns)
        writer = csv.DictWriter(text, head, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode("utf-8", "replace")
    lines = []
    for row in rows:
        lines.append("[[actor]]" if rng.random() < 0.97 else "[actor]")
        for name, value in row.items():
            quoted = json.dumps(value, ensure_ascii=False)
            several = name in columns[3:] and name != "capital" and rng.random() < 0.9
            lines.append(f"{name} = {f'[{quoted}, {quoted}]' if several else quoted}")
    return "\n".join(lines).encode("utf-8", "replace")
