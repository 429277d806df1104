"""Files of event sets as stretches of rows: text, also in gzip or ZIP, and Parquet."""

from __future__ import annotations

import glob
import gzip
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from comity.errors import DamagedEventFile, NoEventFiles, NotThisSet
from comity.exchange import lines as text
from comity.exchange.model import EventSet, Layout, Odd, Raw
from comity.record.wording import many

_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".gz", ".zip", ".parquet"})
_SNIFFED = 50
_ROWS = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def found_files(given: Sequence[str]) -> list[Path]:
    """The files that are meant by paths, folders and patterns.  Raises `NoEventFiles`."""
    found: list[Path] = []
    for one in given:
        path = Path(one)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in _SUFFIXES)
        elif path.exists():
            inside = [path]
        else:
            inside = [Path(p) for p in sorted(glob.glob(one, recursive=True)) if Path(p).is_file()]
        if not inside:
            raise NoEventFiles(
                "there is no such file" if not path.is_dir() else "this folder holds no data files",
                about=one,
                fix="name files, folders or patterns of .csv, .tsv, .txt, .gz, .zip or .parquet",
            )
        found += inside
    return list(dict.fromkeys(found))


def raw_rows(path: Path, kind: EventSet, odd: Odd) -> Iterator[Raw]:
    """The rows of a file in stretches.  Raises `NotThisSet`, `DamagedEventFile`."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            file.seek(0)
            if magic == b"PAR1":
                yield from _parquet(path, file, kind)
            elif magic == b"PK\x03\x04":
                yield from _zip(path, file, kind, odd)
            elif magic[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=file) as inner:
                    yield from _text(path, inner, file, path.stat().st_size, kind, odd)
            else:
                yield from _text(path, file, file, path.stat().st_size, kind, odd)
    except OSError as error:
        raise DamagedEventFile(f"cannot be read: {error.strerror or error}", about=str(path)) from error


def _zip(path: Path, file: BinaryIO, kind: EventSet, odd: Odd) -> Iterator[Raw]:
    try:
        archive = zipfile.ZipFile(file)
        names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX")]
    except (zipfile.BadZipFile, OSError) as error:
        raise DamagedEventFile(
            f"this ZIP archive cannot be opened: {error}", about=str(path), fix="get the file again"
        ) from error
    if not names:
        raise DamagedEventFile("this ZIP archive is empty", about=str(path))
    for name in names:
        with ExitStack() as stack:
            try:
                inner: Any = stack.enter_context(archive.open(name))
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                raise DamagedEventFile(f"{name} cannot be unpacked: {error}", about=str(path)) from error
            yield from _text(path, inner, file, path.stat().st_size, kind, odd)


def _text(path: Path, file: Any, outer: BinaryIO, size: int, kind: EventSet, odd: Odd) -> Iterator[Raw]:
    reader = file if isinstance(file, io.BufferedReader) else io.BufferedReader(_Unpacked(file), 1 << 16)
    head = _peek(reader, path)
    layout = _sniffed(path, head, kind)
    first = True
    for lines, _ in text.stretches(reader, odd, quoted=layout.quoted):
        if first and layout.headed and lines:
            lines = lines[1:]
            first = False
        if lines:
            table, places = text.parse(lines, layout.columns, layout.delimiter, odd, quoted=layout.quoted)
            yield Raw(table=table, layout=layout, shown=_Shown(lines, places), done=outer.tell(), total=size)


class _Unpacked(io.RawIOBase):
    """A member of an archive, read in small steps, so that what lies before a damage is not lost with it."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Shown:
    """What to show of a row: the number and the beginning of its line."""

    def __init__(self, lines: list[text.Line], places: list[int]) -> None:
        self.lines, self.places = lines, places

    def __call__(self, row: int) -> str:
        number, line = self.lines[self.places[row]]
        return f"line {number}: " + line[:160].decode("utf-8", "replace").replace("\t", " | ")


def _peek(reader: io.BufferedReader, path: Path) -> list[bytes]:
    """Some first lines, without taking them."""
    try:
        data = reader.peek(1 << 16)
    except Exception as error:  # broken compression from the first byte on
        raise DamagedEventFile(f"cannot be unpacked: {error}", about=str(path), fix="get the file again") from error
    if data[:2] in _UTF16:
        raise DamagedEventFile("this file is in UTF-16", about=str(path), fix="save it as UTF-8")
    whole = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    return [line for line in whole if line.strip()][:_SNIFFED]


def _sniffed(path: Path, head: list[bytes], kind: EventSet) -> Layout:
    """The layout of the first of these lines that the set knows."""
    if not head:
        raise NotThisSet("this file is empty", about=str(path), fix="name a file with rows")
    for number, line in enumerate(head):
        for delimiter in ("\t", ",", ";"):
            if line.count(delimiter.encode()):
                cells = text.cells(line, delimiter, quoted=delimiter != "\t")
                layout = kind.layout(cells, delimiter)
                if layout is not None and not (layout.headed and number):
                    return layout
    seen = text.cells(head[0], "\t" if b"\t" in head[0] else ",", quoted=False)
    raise NotThisSet(
        f"this is no file of {kind.title}: its first line has {many(len(seen), 'column')}, "
        f"beginning with '{seen[0][:40]}'",
        about=str(path),
        fix=f"see docs/exchange.md for the files of {kind.title} that are known",
    )


def _parquet(path: Path, opened: BinaryIO, kind: EventSet) -> Iterator[Raw]:
    try:
        file = pq.ParquetFile(opened)
        layout = kind.layout(file.schema_arrow.names, ",")
        if layout is None:
            raise NotThisSet(
                f"this is no file of {kind.title}: its columns are {', '.join(file.schema_arrow.names[:8])}",
                about=str(path),
                fix=f"see docs/exchange.md for the files of {kind.title} that are known",
            )
        done, total = 0, file.metadata.num_rows
        for batch in file.iter_batches(batch_size=_ROWS):
            done += batch.num_rows
            table = pa.Table.from_batches([batch]).rename_columns(list(layout.columns))
            yield Raw(table=table, layout=layout, shown=_parquet_shown(table, done), done=done, total=total)
    except (pa.ArrowException, UnicodeDecodeError) as error:  # names of columns may be no UTF-8
        raise DamagedEventFile(
            f"this Parquet file cannot be read: {str(error).splitlines()[0][:120]}", about=str(path)
        ) from error


def _plain(value: Any) -> Any:
    """A value of Arrow as Python has it; days and times that Python cannot hold as a word."""
    try:
        return value.as_py()
    except (OverflowError, ValueError):
        return "out of range"


def _parquet_shown(table: pa.Table, done: int) -> Any:
    def shown(row: int) -> str:
        values = [_plain(column[row]) for column in table.columns]
        number = done - table.num_rows + row + 1
        return f"row {number}: " + " | ".join("" if v is None else str(v) for v in values)[:160]

    return shown
