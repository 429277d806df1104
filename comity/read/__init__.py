"""From bytes to a `Document`: plain text or a web page, checked for size, kind and language."""

from __future__ import annotations

import re
from datetime import date

from comity.errors import DocumentTooLarge, OtherLanguage
from comity.language.guess import language
from comity.language.tables import languages
from comity.model import Document
from comity.read.html import read_html
from comity.read.item import ItemKind
from comity.read.limits import Limits
from comity.read.sources import Source, open_sources, too_large
from comity.read.text import read_text

__all__ = ["Limits", "Source", "is_html", "open_sources", "read_bytes"]

_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|meta)\b[^<]{0,400}?>", re.IGNORECASE
)
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")


def read_bytes(
    data: bytes,
    *,
    name: str = "",
    published: date | None = None,
    any_language: bool = False,
    limits: Limits | None = None,
    kind: ItemKind = "auto",
) -> Document:
    """Read one article.  Raises a `SkipDocument` error where it cannot be read.

    ``published`` overrules what the document says, ``kind`` tells whether it is a page
    where its source knows that.  Only English is read unless ``any_language`` is set.
    The sentences are left to the language stage.
    """
    allowed = limits or Limits()
    if len(data) > allowed.max_bytes:
        raise too_large(name, allowed.max_bytes, len(data))
    if kind == "html" or (kind == "auto" and is_html(data, name)):
        if len(data) > allowed.max_markup:
            raise too_large(name, allowed.max_markup, len(data))
        document = read_html(data, name=name, published=published, limits=allowed)
    else:
        document = read_text(data, name=name, published=published)
    if len(document.text) > allowed.max_text:
        raise DocumentTooLarge(
            f"{len(document.text):,} characters of text, more than the {allowed.max_text:,} of an article",
            about=name,
            fix="split it into articles",
        )
    code = language(document.text)
    if code != "en" and not any_language:
        called = languages().get(code)
        raise OtherLanguage(
            f"this looks like {called} ({code})" if called else f"this does not look like English ({code})",
            about=name,
            fix="only English is read: translate it first, or try --any-language, which finds little",
        )
    return document if code == "en" else _in_language(document, code)


def is_html(data: bytes, name: str = "") -> bool:
    """Whether this is a web page: it begins with a tag, or is named so and has some."""
    head = data[:4096].replace(b"\0", b"")
    named = name.lower().endswith((".html", ".htm", ".xhtml"))
    return bool(_PAGE.search(head)) and (named or bool(_START.match(head)))


def _in_language(document: Document, code: str) -> Document:
    import msgspec

    return msgspec.structs.replace(document, language=code)
