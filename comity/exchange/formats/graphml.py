"""GraphML of who acts towards whom: one edge a pair and direction, with counts by type."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any, BinaryIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from comity.exchange.exporting import Source, pairs_of
from comity.record.names import TYPES

_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER = "UNTYPED"


class GraphMl:
    """Nodes are actors, edges carry the number of events in all and by type, and the first and last day."""

    suffix = ".graphml"
    about = "GraphML, for Gephi, igraph, networkx and yEd"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        edges: dict[tuple[str, str], Counter[str]] = {}
        days: dict[tuple[str, str], tuple[date, date]] = {}
        for row in source.rows():
            if not row["sources"] or not row["targets"]:
                source.leave_out("no second side")
                continue
            for pair in pairs_of(row):
                edges.setdefault(pair, Counter())[row["type"] or _OTHER] += 1
                day = row["date_start"]
                if day is not None:
                    low, high = days.get(pair, (day, day))
                    days[pair] = (min(low, day), max(high, day))
        _Writer(out).graph(source, edges, days)
        return len(edges)


class _Writer:
    def __init__(self, out: BinaryIO) -> None:
        self.xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)

    def graph(self, source: Source, edges: dict[tuple[str, str], Counter[str]], days: dict[Any, Any]) -> None:
        """The whole document."""
        types = [t for t in (*TYPES, _OTHER) if any(t in c for c in edges.values())]
        self.xml.startDocument()
        self._start("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
        self._key("name", "node", "string")
        self._key("kind", "node", "string")
        for name, kind in (("events", "int"), *((t, "int") for t in types), ("first", "string"), ("last", "string")):
            self._key(name, "edge", kind)
        self._start("graph", id="comity", edgedefault="directed")
        for code in sorted({c for pair in edges for c in pair}):
            self._start("node", id=clean(code))
            self._data("name", source.name(code))
            self._data("kind", kind_of(code, source))
            self.xml.endElement("node")
        for pair, counts in sorted(edges.items()):
            self._edge(pair, counts, days.get(pair))
        self.xml.endElement("graph")
        self.xml.endElement("graphml")
        self.xml.endDocument()

    def _edge(self, pair: tuple[str, str], counts: Counter[str], days: tuple[date, date] | None) -> None:
        self._start("edge", source=clean(pair[0]), target=clean(pair[1]))
        self._data("events", counts.total())
        for type_, number in sorted(counts.items()):
            self._data(type_, number)
        if days:
            self._data("first", days[0])
            self._data("last", days[1])
        self.xml.endElement("edge")

    def _start(self, element: str, **attributes: str) -> None:
        self.xml.startElement(element, AttributesImpl(attributes))

    def _key(self, name: str, part: str, kind: str) -> None:
        self._start("key", **{"id": name, "for": part, "attr.name": name, "attr.type": kind})
        self.xml.endElement("key")

    def _data(self, key: str, value: object) -> None:
        self._start("data", key=key)
        self.xml.characters(clean(str(value)))
        self.xml.endElement("data")


def clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def kind_of(code: str, source: Source) -> str:
    """What an actor is: state, organisation, group, or unknown."""
    known = source.codes.knowledge
    if code in known.states:
        return "state"
    if code in known.organisations:
        return "organisation"
    return "group" if code in known.groups else "unknown"
