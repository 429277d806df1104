"""JSON files that are no lines: arrays of articles, one article, or an object around a list of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from comity.errors import CutArchive, DamagedRow, NoSuchColumn, SkipDocument
from comity.read.columns import choose, row_item
from comity.read.item import Item, ItemOptions
from comity.read.recode import as_utf8
from comity.read.rows import Page, Place, given_up, json_row

_PIECE: Final = 1 << 16
_OUTSIDE: Final = re.compile(rb'["\[\]{}]')
_INSIDE: Final = re.compile(rb'["\\]')


class Part(NamedTuple):
    """One object of a file in bytes; ``size`` is more than the bytes where it was longer than may be."""

    data: bytes
    size: int


class Objects:
    """The outermost objects of a JSON file, or those of the array that it is, one at a time.

    Nothing but one object is kept, and of one longer than ``most`` bytes only its length.
    After the last, ``whole`` tells whether the file ended where it should.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self.most = most
        self.whole = True
        self._stream = stream
        self._depth = 0
        self._base = 0
        self._text = False
        self._skip = 0
        self._parts: list[bytes] = []
        self._size = 0

    def __iter__(self) -> Iterator[Part]:
        first = True
        while piece := self._stream.read(_PIECE):
            if first:
                piece = piece.removeprefix(b"\xef\xbb\xbf").lstrip()
                first = not piece
                self._base = int(piece.startswith(b"["))
            yield from self._objects(piece)
        self.whole = self._depth == 0 and not self._text

    def _objects(self, piece: bytes) -> Iterator[Part]:
        at, begin = self._skip, 0
        self._skip = 0
        while True:
            match = (_INSIDE if self._text else _OUTSIDE).search(piece, at)
            if match is None:
                break
            sign, at = match.group(), match.end()
            if sign == b"\\":
                at += 1  # whatever it is, the next byte is no sign
            elif sign == b'"':
                self._text = not self._text
            elif sign in b"[{":
                self._depth += 1
                if self._depth == self._base + 1:
                    begin = match.start()
            else:
                opened = self._depth > self._base
                self._depth = max(0, self._depth - 1)
                if opened and self._depth == self._base:
                    self._keep(piece[begin:at])
                    yield self._taken()
                    begin = at
        self._skip = max(0, at - len(piece))
        if self._depth > self._base:
            self._keep(piece[begin:])

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self.most:
            self._parts.append(data)
        else:
            self._parts = []

    def _taken(self) -> Part:
        found = Part(b"".join(self._parts), self._size)
        self._parts, self._size = [], 0
        return found


def json_items(
    stream: BinaryIO, place: Place, options: ItemOptions, page: Page, damaged: Callable[[], bool]
) -> Iterator[Item]:
    """An item an object; what is none, too long or cut is an error item with its number.

    Behind a damaged stretch nobody knows where an object begins: the rest is left.
    """
    if place.mark:
        return
    recoded, _ = as_utf8(stream)
    objects = Objects(recoded, options.limits.max_line)
    number = damages = 0
    for part in objects:
        for found in _rows(part, place, options, page, number):
            number += 1
            damages += found.error is not None
            yield found
        if damages >= options.limits.max_damages:
            yield given_up(place.key, place.name, damages)
            return
    if not objects.whole and not damaged():
        cut = CutArchive("the file ends inside an object or a list", about=place.name, fix="get the file again")
        yield Item.failed(f"{place.key}#rest", place.name, cut)
    elif not number:
        none = DamagedRow("it holds no JSON object", about=place.name, fix='write [{"text": "..."}, ...]')
        yield Item.failed(place.key, place.name, none)


def _rows(part: Part, place: Place, options: ItemOptions, page: Page, before: int) -> Iterator[Item]:
    """The article that an object is, or the articles in the lists that it holds."""
    try:
        row = json_row(part.data or b"{}", part.size, options.limits.max_line, place.name)
    except SkipDocument as error:
        yield Item.failed(f"{place.key}#{before + 1}", f"{place.name} object {before + 1}", error)
        return
    try:
        choose(row.keys(), options.columns, place.name)
        listed: list[dict[str, Any]] = [row]
    except NoSuchColumn:
        listed = [one for held in row.values() if isinstance(held, list) for one in held if isinstance(one, dict)]
        listed = listed or [row]
    for number, one in enumerate(listed, before + 1):
        key, name = f"{place.key}#{number}", f"{place.name} object {number}"
        try:
            yield row_item(key, name, one, choose(one.keys(), options.columns, name), options, page)
        except SkipDocument as error:
            yield Item.failed(key, name, error)
