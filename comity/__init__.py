"""Comity reads the news about states and keeps the record of how they deal with one another.

    from comity import Reader, read_bytes
    reader = Reader()
    document = reader(read_bytes(data, name="article.html"))
    for event in document.events: ...

    from comity import open_record
    record = open_record("record")
    record.add(["articles/"])
    record.events(pair="RUS-USA", since="2021").to_pandas()
    record.relation("RUS", "CHN")      # or relation(record, "RUS", "CHN"), which type checkers know

The names below are loaded when first used, so that `import comity` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from comity.version import VERSION

if TYPE_CHECKING:
    from comity.errors import ComityError, SkipDocument, StopRun
    from comity.model import (
        Actor,
        Document,
        Event,
        EventDate,
        Mention,
        Participant,
        Quote,
        Sentence,
        Span,
        Speaker,
        Timex,
        Token,
    )
    from comity.read import open_sources, read_bytes
    from comity.reader import Reader
    from comity.record.store import Store, open_record
    from comity.relations.changes import changes
    from comity.relations.relation import relation

__version__ = VERSION
__all__ = [
    "Actor",
    "ComityError",
    "Document",
    "Event",
    "EventDate",
    "Mention",
    "Participant",
    "Quote",
    "Reader",
    "Sentence",
    "SkipDocument",
    "Span",
    "Speaker",
    "StopRun",
    "Store",
    "Timex",
    "Token",
    "changes",
    "open_record",
    "open_sources",
    "read_bytes",
    "relation",
]

_HOMES = {
    "comity.errors": ("ComityError", "SkipDocument", "StopRun"),
    "comity.read": ("open_sources", "read_bytes"),
    "comity.reader": ("Reader",),
    "comity.record.store": ("Store", "open_record"),
    "comity.relations": ("changes", "relation"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'comity' has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "comity.model")
    if home == "comity.record.store":
        import_module("comity.relations")  # lays `Store.relation` and the like on records
    return getattr(import_module(home), name)
