"""Files of separated values as others publish them, in stretches of bounded size; damage costs a line, not a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyarrow import csv as pacsv

from comity.exchange.model import Odd

STRETCH = 8 << 20
LONGEST = 1 << 20
"""Bytes of the longest line that is read."""
_UNCLOSED = 64
"""Lines that one quoted value may run over."""

Line = tuple[int, bytes]


def stretches(file: io.BufferedReader, odd: Odd, *, quoted: bool) -> Iterator[tuple[list[Line], int]]:
    """Lines with their numbers, a few megabytes at a time, and the bytes consumed so far.

    With ``quoted`` a line goes on while a quotation mark is open.  Broken compression ends the file and is counted.
    """
    rest, number, consumed, cut = b"", 1, 0, False
    while not cut:
        data, cut = _read(file, odd)
        consumed += len(data)
        buffer = rest + data
        end = len(buffer) if cut or not data else buffer.rfind(b"\n") + 1
        if end == 0 and len(buffer) > 4 * LONGEST:
            odd.note("line too long", examples=[_example(number, buffer)])
            end, buffer, number = _skip_line(file, buffer), b"", number + 1
        lines = _clean(buffer[:end], number, odd)
        number += buffer[:end].count(b"\n")
        rest = buffer[end:]
        if quoted and lines:
            lines, opened = _joined(lines, odd, last=not data or cut)
            if opened:
                number = opened[0][0]
                rest = b"\n".join(text for _, text in opened) + b"\n" + rest
        yield lines, consumed
        if not data:
            return


def _read(file: io.BufferedReader, odd: Odd) -> tuple[bytes, bool]:
    """The next bytes, and whether the file broke off there."""
    got: list[bytes] = []
    size = 0
    while size < STRETCH:
        try:
            data = file.read1(1 << 16)
        except (EOFError, OSError, ValueError) as error:
            odd.note("file cut or damaged", examples=[str(error)[:120]], dropped=False)
            return b"".join(got), True
        except Exception as error:  # zlib.error and zipfile.BadZipFile have no common base
            odd.note("file cut or damaged", examples=[str(error)[:120]], dropped=False)
            return b"".join(got), True
        if not data:
            break
        got.append(data)
        size += len(data)
    return b"".join(got), False


def _skip_line(file: io.BufferedReader, buffer: bytes) -> int:
    """Read on to the end of an endless line; 0, as nothing of the buffer is of use."""
    while True:
        data = file.readline(STRETCH)
        if not data or data.endswith(b"\n"):
            return 0


def _clean(data: bytes, first: int, odd: Odd) -> list[Line]:
    """Lines that are valid UTF-8, without blank ones and stray carriage returns and null bytes."""
    if first == 1 and data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    lines = data.split(b"\n")
    if b"\0" in data:
        odd.note("null bytes", sum(b"\0" in one for one in lines), dropped=False)
        lines = [one.replace(b"\0", b"") for one in lines]
    if b"\r" in data:
        lines = [_returns(one, odd) for one in lines]
    try:
        data.decode()
    except UnicodeDecodeError:
        lines = [_utf8(first + n, one, odd) for n, one in enumerate(lines)]
    kept: list[Line] = []
    for n, one in enumerate(lines, first):
        if len(one) > LONGEST:
            odd.note("line too long", examples=[_example(n, one)])
        elif one and not one.isspace():
            kept.append((n, one))
    return kept


def _returns(line: bytes, odd: Odd) -> bytes:
    line = line.rstrip(b"\r")
    if b"\r" in line:
        odd.note("carriage return inside a line", dropped=False)
        return line.replace(b"\r", b" ")
    return line


def _utf8(number: int, line: bytes, odd: Odd) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
        odd.note("not UTF-8, read as Windows-1252", examples=[f"line {number}: {text[:160]}"], dropped=False)
        return text.encode()
    return line


def _joined(lines: list[Line], odd: Odd, *, last: bool) -> tuple[list[Line], list[Line]]:
    """Lines united where a quotation mark stays open, and those at the end that still wait for more."""
    out: list[Line] = []
    at = 0
    while at < len(lines):
        number, text = lines[at]
        if not text.count(b'"') & 1:
            out.append((number, text))
            at += 1
            continue
        end = at + 1
        while end < min(len(lines), at + _UNCLOSED) and not lines[end][1].count(b'"') & 1:
            end += 1
        if end == len(lines) and end < at + _UNCLOSED and not last:
            return out, lines[at:]
        if end < min(len(lines), at + _UNCLOSED):
            out.append((number, b"\n".join(t for _, t in lines[at : end + 1])))
            at = end + 1
        else:
            odd.note("quotation mark that is not closed", examples=[_example(number, text)])
            at += 1
    return out, []


def parse(lines: Sequence[Line], columns: Sequence[str], delimiter: str, odd: Odd, *, quoted: bool) -> tuple[
    pa.Table, list[int]
]:  # fmt: skip
    """The lines as a table of texts, and the places in ``lines`` of its rows; others are counted and left out."""
    data = b"\n".join(text for _, text in lines) + b"\n"
    bad: list[pacsv.InvalidRow] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    try:
        table = pacsv.read_csv(
            io.BytesIO(data),
            read_options=pacsv.ReadOptions(column_names=list(columns), use_threads=False, block_size=len(data) + 1),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if quoted else False,
                newlines_in_values=quoted,
                invalid_row_handler=refuse,
            ),
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string())),
        )
    except pa.ArrowInvalid:
        return _one_by_one(lines, columns, delimiter, odd, quoted=quoted)
    if table.num_rows + len(bad) != len(lines) or any(row.number is None for row in bad):
        return _one_by_one(lines, columns, delimiter, odd, quoted=quoted)
    places = {row.number - 1 for row in bad}
    for row in bad:
        _wrong(odd, lines[row.number - 1], row.actual_columns, len(columns))
    return table, [n for n in range(len(lines)) if n not in places] if bad else list(range(len(lines)))


def _one_by_one(lines: Sequence[Line], columns: Sequence[str], delimiter: str, odd: Odd, *, quoted: bool) -> tuple[
    pa.Table, list[int]
]:  # fmt: skip
    """The same for a stretch where quotation marks confuse the fast parser."""
    kept: list[list[str]] = []
    places: list[int] = []
    for place, line in enumerate(lines):
        text = line[1].decode("utf-8", "replace")
        try:
            cells = _cells(text, delimiter, quoted=quoted)
        except csv.Error:
            odd.note("quotation mark that is not closed", examples=[_example(*line)])
            continue
        if len(cells) != len(columns):
            _wrong(odd, line, len(cells), len(columns))
            continue
        kept.append(cells)
        places.append(place)
    arrays = [pa.array([row[n] for row in kept], pa.string()) for n in range(len(columns))]
    return pa.table(arrays, names=list(columns)), places


def _cells(text: str, delimiter: str, *, quoted: bool) -> list[str]:
    """The values of one line."""
    if not quoted:
        return text.split(delimiter)
    found = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), None)
    return found or []


def cells(line: bytes, delimiter: str, *, quoted: bool) -> list[str]:
    """The values of one line, also of a damaged one."""
    text = line.decode("utf-8", "replace").strip("\ufeff\r\n")
    try:
        return _cells(text, delimiter, quoted=quoted)
    except csv.Error:
        return text.split(delimiter)


def _wrong(odd: Odd, line: Line, actual: int, expected: int) -> None:
    kind = f"wrong number of columns ({'fewer' if actual < expected else 'more'} than {expected})"
    odd.note(kind, examples=[_example(*line)])


def _example(number: int, text: bytes) -> str:
    return f"line {number}: " + text[:160].decode("utf-8", "replace").replace("\t", " | ")
