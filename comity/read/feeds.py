"""RSS and Atom feeds, lists of feeds (OPML) and maps of sites: to addresses of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urljoin

from comity.errors import DamagedFeed, DocumentTooLarge, TooManyEntries
from comity.read.columns import as_day, with_title
from comity.read.limits import Limits
from comity.read.xmlstream import check_safe, elements

_ENTRY = re.compile(rb"<(?:[\w-]{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)


class Entry(NamedTuple):
    """One entry of a feed or map: where its article is, and what is told of it.

    ``content`` is what the feed itself holds of the article, as HTML or text.
    """

    id: str
    url: str | None
    title: str | None = None
    published: date | None = None
    outlet: str | None = None
    language: str | None = None
    content: str = ""


def read_feed(data: bytes, name: str, limits: Limits, base: str = "") -> list[Entry]:
    """The entries of an RSS or Atom feed, in its order.

    Raises `DocumentTooLarge`, `TooManyEntries`, `UnsafeMarkup`, or `DamagedFeed`
    where nothing can be read.
    """
    import feedparser

    check_feed(data, name, limits)
    headers = {"content-location": base} if base else {}
    try:
        feed: Any = feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser lets through what its parsers raise
        raise DamagedFeed(f"the feed cannot be read: {error}", about=name, fix="check the address") from None
    if not feed.entries and not feed.get("version"):
        told = f"the feed cannot be read: {feed.get('bozo_exception', 'it is none')}"
        raise DamagedFeed(told, about=name, fix="check the address")
    outlet = _clean(feed.feed.get("title"))
    language = feed.feed.get("language")
    return [_entry(entry, outlet, language, base) for entry in feed.entries]


def feed_fault(data: bytes, name: str) -> DamagedFeed | None:
    """The error of a feed that is cut or damaged, though some of its entries may be read."""
    import io

    from comity.errors import SkipDocument

    try:
        for _ in elements(io.BytesIO(data), name, Limits(max_xml_depth=10_000)):
            pass
    except DamagedFeed as fault:
        return fault
    except SkipDocument:
        return None
    return None


def check_feed(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a feed that is too large or unsafe before a parser sees it."""
    if len(data) > limits.max_feed:
        told = f"{len(data):,} bytes, more than the {limits.max_feed:,} of a feed"
        raise DocumentTooLarge(told, about=name, fix="raise the limit max_feed")
    plain = data.replace(b"\0", b"") if b"\0" in data else data
    count = sum(1 for _ in _ENTRY.finditer(plain))
    if count > limits.max_entries or plain.count(b"<") > limits.max_tags:
        told = f"{count:,} entries and {plain.count(b'<'):,} tags, more than is allowed"
        raise TooManyEntries(told, about=name, fix="raise the limits max_entries and max_tags")
    check_safe(data, name)


def _entry(entry: Any, outlet: str | None, language: str | None, base: str) -> Entry:
    link = (entry.get("link") or "").strip()
    url = urljoin(base, link) if link else None
    when = entry.get("published_parsed")
    if not when and "updated_parsed" in entry:  # `get` would fall back on what is published, with a warning
        when = entry["updated_parsed"]
    texts = [c.get("value") or "" for c in entry.get("content") or []] + [entry.get("summary") or ""]
    source = entry.get("source") or {}
    return Entry(
        id=str(entry.get("id") or url or entry.get("title") or ""),
        url=url,
        title=_clean(entry.get("title")),
        published=_day(when),
        outlet=_clean(source.get("title")) or outlet,
        language=language,
        content=max(texts, key=len),
    )


def _day(when: Any) -> date | None:
    try:
        return date(when[0], when[1], when[2]) if when else None
    except (ValueError, TypeError, IndexError):
        return None


def _clean(text: Any) -> str | None:
    return " ".join(re.sub(r"<[^<>]{0,500}>", " ", str(text)).split()) or None if text else None


def content_of(entry: Entry) -> bytes:
    """What a feed holds of an article, as text with its headline, a blank line between paragraphs."""
    from lxml import html

    text = entry.content
    if "<" in text:
        try:
            root = html.fromstring(f"<div>{re.sub(r'</p>|<br[^<>]{0,9}>|</div>|</li>', chr(10) * 2, text)}</div>")
            text = str(root.text_content())
        except (ValueError, AssertionError) as error:
            raise DamagedFeed(f"the entry cannot be read: {error}", about=entry.id) from None
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return with_title("\n\n".join(filter(None, lines)), entry.title, "text").encode("utf-8", "replace")


def read_opml(stream: BinaryIO, name: str, limits: Limits) -> Iterator[str]:
    """The addresses of the feeds that a list names."""
    count = 0
    for element in elements(stream, name, limits):
        address = next((v.strip() for k, v in element.attributes.items() if k.lower() == "xmlurl"), "")
        if element.name == "outline" and address:
            count += 1
            if count > limits.max_links:
                raise TooManyEntries(f"more than {limits.max_links:,} feeds", about=name, fix="raise max_links")
            yield address


class Link(NamedTuple):
    """What a map of a site leads to: a page or, where ``map``, another map."""

    entry: Entry
    map: bool


def read_sitemap(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Link]:
    """The pages and further maps of a map of a site, with what news maps tell."""
    told: dict[str, str] = {}
    count = 0
    for element in elements(stream, name, limits):
        if element.name in ("url", "sitemap") and len(element.above) == 1:
            if address := told.get("loc"):
                count += 1
                if count > limits.max_links:
                    raise TooManyEntries(f"more than {limits.max_links:,} links", about=name, fix="raise max_links")
                yield Link(_site_entry(address, told), element.name == "sitemap")
            told = {}
        elif element.text and "image" not in element.above and "video" not in element.above:
            told.setdefault(element.name, element.text)


def _site_entry(address: str, told: dict[str, str]) -> Entry:
    return Entry(
        id=address,
        url=address,
        title=told.get("title"),
        published=as_day(told.get("publication_date")),
        outlet=told.get("name"),
        language=told.get("language"),
    )
