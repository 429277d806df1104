"""Tables of articles, a row each: JSONL, CSV and Parquet, read as streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from comity.errors import DamagedRow, NoSuchColumn, SkipDocument
from comity.read.blob import Blob
from comity.read.columns import choose, row_item
from comity.read.item import Item, ItemOptions
from comity.read.recode import as_utf8

Page = Callable[[str], bytes]


class Place(msgspec.Struct, frozen=True):
    """Where rows stand: the key and name of their table, and the words that mark one row of it.

    After a damaged stretch the count begins anew: ``mark`` then tells where.
    """

    key: str
    name: str
    mark: str = ""

    def row(self, number: int) -> tuple[str, str]:
        """Key and name of one row."""
        return f"{self.key}#{self.mark}{number}", f"{self.name} line {self.mark}{number}"


def long_lines(stream: BinaryIO, most: int) -> Iterator[tuple[bytes, int]]:
    """Lines with their length; of a line longer than ``most`` only its beginning is given."""
    while line := stream.readline(most + 1):
        size = len(line)
        if size > most and not line.endswith(b"\n"):
            while (rest := stream.readline(1 << 16)) and not rest.endswith(b"\n"):
                size += len(rest)
            size += len(rest)
        yield line[: most + 1], size


def jsonl_items(stream: BinaryIO, place: Place, options: ItemOptions, page: Page) -> Iterator[Item]:
    """An item a line; lines that are no JSON object are error items with their number."""
    most = options.limits.max_line
    stream, _ = as_utf8(stream)
    chosen: dict[str, str] | None = None
    damages = 0
    for number, (line, size) in enumerate(long_lines(stream, most), 1):
        key, name = place.row(number)
        if not line.strip():
            continue
        try:
            row = json_row(line, size, most, name)
            if chosen is None or not (chosen.keys() & {"text", "url"} and _fits(row, chosen)):
                chosen = choose(row.keys(), options.columns, name)
            yield row_item(key, name, row, chosen, options, page)
        except SkipDocument as error:
            damages += 1
            yield Item.failed(key, name, error)
            if damages >= options.limits.max_damages:
                yield given_up(place.key, place.name, damages)
                return


def _fits(row: dict[str, Any], chosen: dict[str, str]) -> bool:
    """Whether a row has the columns that were chosen for an earlier one."""
    wanted = chosen.get("text") or chosen["url"]
    return wanted in row or wanted.split(".", 1)[0] in row


def json_row(line: bytes, size: int, most: int, about: str) -> dict[str, Any]:
    """The object of one line; `DamagedRow` where it is too long, no JSON or no object."""
    if size > most:
        raise DamagedRow(
            f"the line has {size:,} bytes, more than the {most:,} allowed", about=about, fix="raise the limit max_line"
        )
    try:
        row = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedRow(f"the line is no JSON: {error}", about=about, fix="one JSON object a line, UTF-8") from None
    if not isinstance(row, dict):
        raise DamagedRow("the line is no JSON object", about=about, fix='write {"text": "..."}')
    return row


def given_up(key: str, name: str, damages: int) -> Item:
    """The item that says that the rest of a table or archive was left."""
    error = DamagedRow(
        f"{damages:,} damaged places; the rest is left", about=name, fix="repair it, or raise the limit max_damages"
    )
    return Item.failed(f"{key}#rest", name, error)


def parquet_items(blob: Blob, options: ItemOptions, page: Page) -> Iterator[Item]:
    """An item a row, read in small batches of the columns that are needed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with blob.seekable(options.limits.max_unpacked) as stream:
        number = 0
        try:
            file = pq.ParquetFile(stream)
            chosen = choose(file.schema_arrow.names, options.columns, blob.name)
            columns = sorted({c if c in file.schema_arrow.names else c.split(".", 1)[0] for c in chosen.values()})
            for batch in file.iter_batches(batch_size=64, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    key, name = f"{blob.key}#{number}", f"{blob.name} row {number}"
                    yield row_item(key, name, row, chosen, options, page)
        except NoSuchColumn as error:
            yield Item.failed(blob.key, blob.name, error)
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            damaged = DamagedRow(
                f"the table cannot be read beyond row {number}: {str(error).splitlines()[0][:200]}",
                about=blob.name,
                fix="get the file again",
            )
            yield Item.failed(f"{blob.key}#{number + 1}", blob.name, damaged)
