"""CSV and TSV as streams: rows over several lines, stray quotation marks, odd encodings; one bad row loses one row."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from comity.errors import DamagedRow, SkipDocument, UnknownEncoding
from comity.read.columns import choose, row_item
from comity.read.item import Item, ItemOptions
from comity.read.recode import as_utf8
from comity.read.rows import Page, Place, given_up, long_lines

_DELIMITERS = (",", "\t", ";", "|")


class Row(NamedTuple):
    """One row with the number of its first line; ``wrong`` says why it has no cells."""

    number: int
    cells: list[str]
    wrong: str = ""


class CsvTable:
    """A table whose first row names the columns; it can be read in several stretches."""

    def __init__(self, options: ItemOptions, page: Page) -> None:
        self.options = options
        self.page = page
        self.header: list[str] = []
        self.chosen: dict[str, str] = {}
        self.delimiter = ","
        self.codec: str | None = None

    def __call__(self, stream: BinaryIO, place: Place, damaged: Callable[[], bool]) -> Iterator[Item]:
        """The items of one stretch; ``damaged`` says at its end whether it ends in damage.

        The row before damage and the one behind it are partial and are not given:
        the damage itself is told by whoever knows it.
        """
        recoded, self.codec = as_utf8(stream, self.codec)
        lines = _Lines(recoded, self.options.limits.max_line)
        first = lines.peek()
        if first is None:
            return
        if not self.header:
            try:
                self._begin(first, place)
            except SkipDocument as error:
                yield Item.failed(place.key, place.name, error)
                return
        lines.take()
        damages = 0
        waiting: Item | None = None
        for row in self._rows(lines):
            if waiting is not None:
                yield waiting
            waiting = self._item(row, place)
            damages += waiting.error is not None
            if damages >= self.options.limits.max_damages:
                yield given_up(place.key, place.name, damages)
                return
        if waiting is not None and not damaged():
            yield waiting

    def _begin(self, line: str, place: Place) -> None:
        """Learn delimiter and columns from the first line."""
        if place.mark:
            raise DamagedRow("the row that names the columns is damaged", about=place.name, fix="get the table again")
        if "\0" in line:
            raise UnknownEncoding("the table has null bytes", about=place.name, fix="save it as UTF-8")
        self.delimiter = max(_DELIMITERS, key=line.count)
        header = [c.strip() for c in cells_of(line.lstrip("\ufeff"), self.delimiter) or []]
        self.chosen = choose(header, self.options.columns, place.name)
        self.header = header

    def _item(self, row: Row, place: Place) -> Item:
        key, name = place.row(row.number)
        if row.wrong:
            return Item.failed(key, name, DamagedRow(row.wrong, about=name, fix="repair this row"))
        return row_item(key, name, dict(zip(self.header, row.cells, strict=True)), self.chosen, self.options, self.page)

    def _rows(self, lines: _Lines) -> Iterator[Row]:
        """Rows of the right number of cells; of one that does not fit only its first line is passed."""
        while (line := lines.peek()) is not None:
            number = lines.number
            if line == "":
                lines.take()
                yield Row(number, [], f"the line has more than the {lines.most:,} bytes allowed")
            elif not line.strip():
                lines.take()
            else:
                yield self._row(lines, number)

    def _row(self, lines: _Lines, number: int) -> Row:
        """One row, over as many lines as its quotation marks span."""
        count, text = lines.quoted()
        cells = cells_of(text, self.delimiter) if count else None
        if cells is not None and len(cells) == len(self.header):
            lines.take(count)
            return Row(number, cells)
        lines.take()
        if cells is None:
            return Row(number, [], "a quotation mark is never closed")
        return Row(number, [], f"{len(cells)} cells in a table of {len(self.header)} columns")


class _Lines:
    """Lines that can be looked at before they are taken; one that is too long is empty."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self.most = most
        self.number = 1
        self._source = long_lines(stream, most)
        self._ahead: deque[str] = deque()

    def peek(self) -> str | None:
        """The next line, None at the end."""
        return self._ahead[0] if self._ahead or self._read() else None

    def take(self, count: int = 1) -> None:
        """Leave lines behind."""
        for _ in range(count):
            self._ahead.popleft()
        self.number += count

    def quoted(self) -> tuple[int, str]:
        """How many lines the row spans that begins here, and its text; 0 where its quotation never ends."""
        parts: list[str] = []
        quotes = size = 0
        while size <= self.most and (len(parts) < len(self._ahead) or self._read()):
            line = self._ahead[len(parts)]
            parts.append(line)
            quotes += line.count('"')
            size += len(line)
            if line == "":
                break
            if quotes % 2 == 0:
                return len(parts), "".join(parts)
        return 0, ""

    def _read(self) -> bool:
        found = next(self._source, None)
        if found is None:
            return False
        line, size = found
        self._ahead.append("" if size > self.most else decode_line(line))
        return True


def decode_line(line: bytes) -> str:
    """A line in UTF-8, or else as Western European; a table may mix them."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def cells_of(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row; None where a quotation mark is never closed."""
    text = text.rstrip("\r\n")
    if '"' not in text:
        return text.split(delimiter)
    cells: list[str] = []
    at = 0
    plain = re.compile(f"[^{re.escape(delimiter)}]*")
    while True:
        if text.startswith('"', at):
            end = at + 1
            while (end := text.find('"', end)) >= 0 and text.startswith('"', end + 1):
                end += 2
            if end < 0:
                return None
            rest = plain.match(text, end + 1)
            assert rest is not None
            cells.append(text[at + 1 : end].replace('""', '"') + rest.group())
            at = rest.end()
        else:
            match = plain.match(text, at)
            assert match is not None
            cells.append(match.group())
            at = match.end()
        if at >= len(text):
            return cells
        at += 1
