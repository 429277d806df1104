"""XML as a stream of elements, without entities of its own, without anything from outside, within limits."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from comity.errors import DamagedFeed, NestedTooDeep, SkipDocument, UnsafeMarkup
from comity.read.limits import Limits

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_PROBE = b"<!ENTITY %&;[]> +ADw- ~{<~} \\u003c \\x3c"
"""Marks of XML, and what becomes such marks in encodings with escapes of their own."""
_PIECE = 1 << 16
_MOST_VALUE = 20_000


class Element(NamedTuple):
    """The end of an element: its name without prefix, the path of names above it, its attributes, its own text."""

    name: str
    above: tuple[str, ...]
    attributes: dict[str, str]
    text: str


def elements(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Element]:
    """Elements in the order in which they end; those before a fault are given before it raises.

    Raises `UnsafeMarkup` (entities), `NestedTooDeep`, `DamagedFeed`.
    """
    reader = _Reader(name, limits)
    while piece := stream.read(_PIECE):
        yield from reader.feed(piece, False)
    yield from reader.feed(b"", True)


class _Reader:
    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.stack: list[tuple[str, dict[str, str], list[str]]] = []
        self.done: list[Element] = []
        self.fault: SkipDocument | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, piece: bytes, last: bool) -> Iterator[Element]:
        """The elements that end in this piece."""
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError as error:
            at = self.parser.ErrorByteIndex
            self.fault = self.fault or DamagedFeed(
                f"the XML is damaged at byte {at:,}: {error}",
                about=self.name,
                fix="get it again; what stands before was read",
            )
        except (SkipDocument, LookupError, ValueError) as error:
            self.fault = error if isinstance(error, SkipDocument) else unsafe(self.name, str(error))
        done, self.done = self.done, []
        yield from done
        if self.fault is not None:
            raise self.fault

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= self.limits.max_xml_depth:
            told = f"elements lie more than {self.limits.max_xml_depth} deep in one another"
            raise NestedTooDeep(told, about=self.name, fix="raise the limit max_xml_depth")
        self.stack.append((local(name), attributes, []))

    def _text(self, text: str) -> None:
        if self.stack and len(self.stack[-1][2]) < 1_000:
            self.stack[-1][2].append(text[:_MOST_VALUE])

    def _end(self, name: str) -> None:
        own, attributes, text = self.stack.pop()
        above = tuple(entry[0] for entry in self.stack)
        self.done.append(Element(own, above, attributes, "".join(text)[:_MOST_VALUE].strip()))

    def _entity(self, *told: object) -> None:
        raise unsafe(self.name, "it defines entities")


def local(name: str) -> str:
    """A name without its prefix, in small letters."""
    return name.rsplit(":", 1)[-1].lower()


def unsafe(name: str, what: str) -> UnsafeMarkup:
    """The error of XML that could grow without end or reach out."""
    return UnsafeMarkup(what, about=name, fix="save it without its DOCTYPE, in UTF-8")


def check_safe(data: bytes, name: str) -> None:
    """Refuse what defines entities, in any encoding; raises `UnsafeMarkup`.

    An encoding in which the marks of XML are not ASCII, UTF-16 and UTF-32
    apart, could hide a definition and is refused too.
    """
    plain = data.replace(b"\0", b"")
    declared = _DECLARED.search(plain[:1_000])
    if declared is not None:
        encoding = declared.group(1).decode("ascii")
        try:
            wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
            ascii_like = _PROBE.decode(encoding) == _PROBE.decode("ascii")
        except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
            raise unsafe(name, f"its encoding '{encoding}' is not known") from None
        if not (wide or ascii_like):
            raise unsafe(name, f"its encoding '{encoding}' hides the marks of XML")
    if re.search(rb"<!\s*(?:ENTITY|ELEMENT|ATTLIST|NOTATION)", plain, re.IGNORECASE) is not None:
        raise unsafe(name, "it defines entities or elements of its own")
