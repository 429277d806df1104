"""Plain text to a document: title, day of publication, outlet."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

from comity.errors import NoText
from comity.language.clean import clean, decode
from comity.language.lines import paragraphs
from comity.language.sentences import kinds
from comity.model import Document
from comity.read.outlet import find_outlet, part_site
from comity.read.published import find_published

_MARKDOWN = "# \t*_"


def document_id(text: str) -> str:
    """The id of a document: made from its text and from nothing else."""
    return "d-" + blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def read_text(data: bytes, *, name: str = "", published: date | None = None) -> Document:
    """An article in plain text.  ``published`` overrules what the text says."""
    decoded = decode(data, about=name)
    cleaned = clean(decoded.text, encoding=decoded.encoding, offset=decoded.offset)
    text = cleaned.text
    if not any(char.isalpha() for char in text):
        raise NoText("there are no words in it", about=name, fix="give the text of an article")
    title = find_title(text)
    site = None
    if title is not None:
        title, site = part_site(title)
    return Document(
        id=document_id(text),
        text=text,
        name=name,
        title=title,
        published=published or find_published(text),
        source=find_outlet(text) or site,
        origin=cleaned.runs,
    )


def find_title(text: str) -> str | None:
    """The first headline that is no date line, if it stands before the first sentence of the body."""
    ranges = paragraphs(text[:8_000])
    for (start, end), kind in zip(ranges, kinds(text, ranges), strict=True):
        if kind == "headline" and find_published(text[start:end]) is None:
            return " ".join(text[start:end].strip(_MARKDOWN).split()) or None
        if kind == "body":
            return None
    return None
