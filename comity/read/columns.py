"""Columns of tables of articles: named by the user, else guessed by common names."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from comity.errors import BadMapping, DamagedRow, NoSuchColumn
from comity.read.item import Item, ItemKind, ItemOptions
from comity.read.published import find_published

NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article", "maintext", "main_text", "full_text", "fulltext", "article_text",
        "article_body", "articlebody", "content_text", "story", "raw_text", "plain_text", "html", "raw_html",
        "content_html", "description", "summary",
    ),
    "title": ("title", "headline", "head", "heading"),
    "published": (
        "published", "date", "publish_date", "published_at", "publishedat", "pub_date", "pubdate", "date_publish",
        "date_published", "datepublished", "publication_date", "publicationdate", "published_date", "publication_time",
        "datetime", "timestamp", "time", "day", "created_at",
    ),
    "url": ("url", "link", "uri", "href", "source_url", "permalink", "web_url", "weburl"),
    "outlet": (
        "outlet", "source", "publisher", "source_name", "source_domain", "publication", "site", "sitename", "site_name",
        "newspaper", "media", "domain",
    ),
    "language": ("language", "lang", "language_code"),
    "id": ("id", "guid", "uuid", "article_id"),
}  # fmt: skip
"""Our names and the columns that are taken for them, best first."""

_MARKUP = re.compile(r"<(?:p|div|html|body|article|br|h[1-6])\b[^<>]{0,400}>", re.IGNORECASE)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")


def parse_mapping(text: str) -> dict[str, str]:
    """The mapping that ``text=body,published=date`` writes; `BadMapping` where it is none."""
    mapping: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        ours, equals, theirs = (p.strip() for p in part.partition("="))
        if not equals or not theirs or ours not in NAMES:
            raise BadMapping(
                f"'{part}' names no column",
                about=text,
                fix=f"write text=body,published=date; our names are {', '.join(NAMES)}",
            )
        mapping[ours] = theirs
    return mapping


def choose(columns: Collection[str], named: Mapping[str, str], about: str) -> dict[str, str]:
    """Which column holds what, for a table with these columns; `NoSuchColumn` where one is lacking."""
    lower = {c.strip().lower(): c for c in reversed(list(columns))}
    chosen: dict[str, str] = {}
    for ours, theirs in named.items():
        root = theirs.split(".", 1)[0]
        if theirs in columns or root in columns:
            chosen[ours] = theirs
        elif theirs.lower() in lower:
            chosen[ours] = lower[theirs.lower()]
        else:
            raise NoSuchColumn(f"there is no column '{theirs}'", about=about, fix=f"it has {_listed(columns)}")
    taken = set(chosen.values())
    for ours, names in NAMES.items():
        if ours in chosen:
            continue
        found = next((lower[n] for n in names if n in lower and lower[n] not in taken), None)
        if found is not None:
            chosen[ours] = found
            taken.add(found)
    if "text" not in chosen and "url" not in chosen:
        raise NoSuchColumn(
            "no column holds a text or an address",
            about=about,
            fix=f"name it with --map text=COLUMN; it has {_listed(columns)}",
        )
    return chosen


def _listed(columns: Collection[str]) -> str:
    names = list(columns)
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def row_item(
    key: str,
    name: str,
    row: Mapping[str, Any],
    chosen: Mapping[str, str],
    options: ItemOptions,
    page: Callable[[str], bytes],
) -> Item:
    """The article of one row; a row without text is fetched by its address."""
    text = _string(value(row, chosen.get("text")))
    url = _string(value(row, chosen.get("url"))).strip() or None
    title = " ".join(_string(value(row, chosen.get("title"))).split()) or None
    outlet = _string(value(row, chosen.get("outlet"))).strip() or None
    language = _string(value(row, chosen.get("language"))).strip() or None
    published = as_day(value(row, chosen.get("published"))) or options.published
    kind: ItemKind = "html" if _MARKUP.search(text[:4000]) else "text"
    load: Callable[[], bytes]
    if text.strip():
        data = with_title(text, title, kind).encode("utf-8", "replace")
        load = lambda: data  # noqa: E731
    elif url and options.follow:
        address, kind = url, "auto"
        load = lambda: page(address)  # noqa: E731
    else:
        return Item.failed(key, name, DamagedRow("this row has no text", about=name, fix="check the column of texts"))
    return Item(key, name, load, kind=kind, url=url, title=title, published=published, outlet=outlet, language=language)


def with_title(text: str, title: str | None, kind: str) -> str:
    """A text with its headline above it, as a page would show it."""
    if not title or title in text[: len(title) + 400]:
        return text
    if kind == "html":
        shown = html.escape(title)
        return f"<html><head><title>{shown}</title></head><body><h1>{shown}</h1>\n{text}</body></html>"
    return f"{title}\n\n{text}"


def value(row: Mapping[str, Any], column: str | None) -> Any:
    """What stands in a column; ``a.b`` looks into an object."""
    if column is None:
        return None
    if column in row:
        return row[column]
    found: Any = row
    for part in column.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _string(found: Any) -> str:
    """A cell as text; paragraphs may come as a list, an outlet as an object with a name."""
    if found is None:
        return ""
    if isinstance(found, str):
        return found
    if isinstance(found, Mapping):
        return _string(found.get("name") or found.get("title"))
    if isinstance(found, Sequence) and not isinstance(found, bytes):
        return "\n\n".join(filter(None, map(_string, found)))
    if isinstance(found, bytes):
        return found.decode("utf-8", "replace")
    return str(found)


def as_day(found: Any) -> date | None:
    """A cell as a day: a date, an ISO or written date, seconds or milliseconds since 1970 (UTC)."""
    if isinstance(found, datetime):
        return found.date()
    if isinstance(found, date):
        return found
    text = _string(found).strip()
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        number = float(text)
        return _epoch_day(number / 1000 if number > 1e11 else number)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return find_published(text[:60] + "\n")


def _epoch_day(seconds: float) -> date | None:
    from datetime import UTC

    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
