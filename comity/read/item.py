"""One article on its way into a record, wherever it comes from, and the options of opening sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

import msgspec

from comity.errors import SkipDocument
from comity.model import Record
from comity.read.fetch.settings import FetchSettings
from comity.read.limits import Limits

ItemKind = Literal["html", "text", "auto"]


class Item:
    """One article to be read: where it comes from, what its source tells of it, and its bytes.

    ``key`` says where it comes from and stays the same from run to run:
    ``file:/abs/path``, ``url:https://...``, ``file:/abs/a.zip!member``,
    ``file:/abs/x.jsonl#17`` (line), ``file:/abs/x.warc.gz@1234`` (offset).
    What cannot be read is an item too: its `load` raises the error.
    """

    __slots__ = ("_load", "error", "fault", "key", "kind", "language", "name", "outlet", "published", "title", "url")

    def __init__(
        self,
        key: str,
        name: str,
        load: Callable[[], bytes],
        *,
        kind: ItemKind = "auto",
        url: str | None = None,
        title: str | None = None,
        published: date | None = None,
        outlet: str | None = None,
        language: str | None = None,
    ) -> None:
        self.key = key
        self.name = name
        self.kind: ItemKind = kind
        self.url = url
        self.title = title
        self.published = published
        self.outlet = outlet
        self.language = language
        self.error: SkipDocument | None = None
        self.fault: SkipDocument | None = None
        self._load = load

    @classmethod
    def failed(cls, key: str, name: str, error: SkipDocument) -> Item:
        """An item that stands for what cannot be read: `load` raises ``error``."""
        item = cls(key, name, lambda: b"")
        item.error = error
        return item

    def load(self) -> bytes:
        """The bytes of the article; raises a `SkipDocument` error where they cannot be had.

        A page on the web is fetched here, not before.  ``fault`` keeps the error.
        """
        if self.error is not None:
            raise self.error
        try:
            return self._load()
        except SkipDocument as error:
            self.fault = error
            raise

    def __repr__(self) -> str:
        return f"Item({self.key!r}{', failed' if self.error else ''})"


class ItemOptions(Record, frozen=True):
    """How sources are opened.

    ``columns`` maps our names (text, title, published, url, outlet, language,
    id) to the columns of tables; what is not named is guessed.  ``published``
    is the day of whatever tells none itself.  Without ``follow`` the pages
    that feeds name are not fetched: the text in the feed is taken.
    ``doubtful`` also gives what stands under a checksum that fails, as far as
    it can be read: it may be altered.
    """

    columns: Mapping[str, str] = msgspec.field(default_factory=dict)
    published: date | None = None
    limits: Limits = Limits()
    fetch: FetchSettings = FetchSettings()
    follow: bool = True
    doubtful: bool = False
