"""`Answer`: what a question gives, and how it goes out as JSON, CSV, Parquet, Atom or SVG."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from comity.errors import NotFound
from comity.exchange.cells import write_csv
from comity.model import Record
from comity.web.problems import clean

FORMATS = ("json", "csv", "parquet", "atom", "svg", "ics")
MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "atom": "application/atom+xml",
    "svg": "image/svg+xml",
    "ics": "text/calendar; charset=utf-8",
}


class Answer(Record, frozen=True):
    """The object of an answer, and its table: rows of ``columns`` (plain values and lists of texts).

    ``more`` is the cursor of the rows that follow, ``other`` holds finished texts of other formats.
    """

    body: Any = None
    rows: Any = None
    columns: tuple[str, ...] = ()
    more: str | None = None
    other: Mapping[str, str] = msgspec.field(default_factory=dict)


PACKED = 1_500
"""Bytes from which an answer is sent in gzip."""
LEVEL = 5


class Rendered(Record, frozen=True):
    """An answer as bytes, plain and in gzip, and the tag that tells it from others."""

    data: bytes
    media: str
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    packed: bytes | None = None
    tag: str = ""

    @property
    def size(self) -> int:
        """Bytes that it takes to keep it."""
        return len(self.data) + len(self.packed or b"")


def finished(data: bytes, media: str, headers: Mapping[str, str] | None = None) -> Rendered:
    """Bytes as they are sent and kept."""
    packed = gzipped(data) if len(data) >= PACKED and not media.endswith("parquet") else None
    tag = '"' + hashlib.blake2b(data, digest_size=12).hexdigest() + '"'
    return Rendered(data=data, media=media, headers=headers or {}, packed=packed, tag=tag)


def gzipped(data: bytes) -> bytes:
    """The same bytes in gzip, without a time."""
    maker = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    return maker.compress(data) + maker.flush()


def render(answer: Answer, format: str, name: str) -> Rendered:
    """An answer in a format; ``name`` is that of the file.  Raises `NotFound` where the answer has no such form."""
    if format == "json":
        return finished(json_bytes(answer.body), MEDIA["json"])
    if format in answer.other:
        return finished(answer.other[format].encode("utf-8", "replace"), MEDIA[format])
    if format not in ("csv", "parquet") or answer.rows is None:
        raise NotFound(f"this has no form as {format}", fix="ask for JSON, or see /api/docs")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{format}"'}
    if answer.more:
        headers["X-Comity-More"] = answer.more
    data = csv_bytes(answer) if format == "csv" else parquet_bytes(answer)
    return finished(data, MEDIA[format], headers)


def json_bytes(body: Any) -> bytes:
    """JSON in UTF-8; halves of surrogate pairs become question marks."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return msgspec.json.encode(_cleaned(body))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {_cleaned(k): _cleaned(v) for k, v in value.items()}
    return [_cleaned(v) for v in value] if isinstance(value, list | tuple) else value


def csv_bytes(answer: Answer) -> bytes:
    """The table as CSV."""
    out = io.BytesIO()
    rows = answer.rows.to_pylist() if isinstance(answer.rows, pa.Table) else answer.rows
    write_csv(out, rows, answer.columns)
    return out.getvalue()


def parquet_bytes(answer: Answer) -> bytes:
    """The table as Parquet."""
    out = io.BytesIO()
    pq.write_table(arrow(answer.rows, answer.columns), out, compression="zstd")
    return out.getvalue()


def arrow(rows: Any, columns: Sequence[str]) -> pa.Table:
    """Rows as an Arrow table of these columns."""
    if isinstance(rows, pa.Table):
        return rows.select([c for c in columns if c in rows.column_names])
    listed = [{c: row.get(c) for c in columns} for row in rows]
    if not listed:
        return pa.table({c: pa.array([], pa.string()) for c in columns})
    return pa.Table.from_pylist(listed)
