"""What a source is: guessed from its name and its first bytes, with the reason said."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Kind = Literal[
    "html", "text", "feed", "opml", "sitemap", "jsonl", "json", "csv", "parquet", "warc", "zip", "tar", "gzip",
    "folder", "pattern", "url", "stdin", "missing", "unknown",
]  # fmt: skip


class Guess(NamedTuple):
    """A kind and why it was taken."""

    kind: Kind
    why: str


_SUFFIXES: dict[str, Kind] = {
    ".txt": "text", ".md": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".rss": "feed", ".atom": "feed", ".opml": "opml", ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl",
    ".json": "json",
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet", ".warc": "warc", ".zip": "zip",
    ".tar": "tar", ".tgz": "gzip", ".gz": "gzip",
}  # fmt: skip
SOURCE_SUFFIXES = frozenset(_SUFFIXES) | {".xml"}
"""What is read of a folder; a file that is named is read whatever its suffix."""

_ELEMENT = re.compile(rb"<([A-Za-z][\w:.-]*)")
_ROOTS: dict[str, Kind] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "opml": "opml", "urlset": "sitemap", "sitemapindex": "sitemap",
    "html": "html",
}  # fmt: skip
_JSON_OBJECT = re.compile(rb'\s*\{\s*"')
_JSON_ARRAY = re.compile(rb'\s*\[\s*\{\s*"')


def suffix(label: str) -> str:
    """The suffix of a file name or of the path of an address, in small letters."""
    name = label.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    return name[name.rfind(".") :].lower() if "." in name[1:] else ""


def is_url(source: str) -> bool:
    """Whether a source is an address on the web; other schemes are addresses too, and refused later."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) is not None


def guess(label: str, head: bytes) -> Guess:
    """The kind of bytes that are called ``label`` and begin with ``head``: what they show, else their name."""
    shown, named = of_bytes(head), of_name(label)
    if shown is not None:
        return named if (shown.kind, named.kind) == ("json", "jsonl") else shown
    if named.kind in ("gzip", "zip", "tar", "warc", "parquet"):
        return Guess(named.kind, named.why + ", though it does not begin like one")
    return named if named.kind != "unknown" else Guess("text", "nothing else fits")


def of_name(label: str) -> Guess:
    """The kind by the suffix alone."""
    ending = suffix(label)
    if ending == ".xml":
        if "sitemap" in label.lower():
            return Guess("sitemap", "its name says sitemap and ends in .xml")
        return Guess("feed", "its name ends in .xml")
    kind = _SUFFIXES.get(ending)
    return Guess(kind, f"its name ends in {ending}") if kind else Guess("unknown", "its name tells no kind")


def of_bytes(head: bytes) -> Guess | None:
    """The kind that the first bytes show, or None."""
    if head.startswith(b"\x1f\x8b"):
        return Guess("gzip", "it begins like gzip")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Guess("zip", "it begins like ZIP")
    if head.startswith(b"WARC/"):
        return Guess("warc", "it begins with a WARC record")
    if head.startswith(b"PAR1"):
        return Guess("parquet", "it begins like Parquet")
    if head[257:262] == b"ustar":
        return Guess("tar", "it begins with a tar header")
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if (name := root_element(plain)) in _ROOTS:
        return Guess(_ROOTS[name], f"its first element is <{name}>")
    if _JSON_ARRAY.match(plain):
        return Guess("json", "it begins with a list of JSON objects")
    if _JSON_OBJECT.match(plain):
        if _lined(plain):
            return Guess("jsonl", "it begins with a JSON object a line")
        return Guess("json", "it begins with a JSON object")
    return None


def _lined(head: bytes) -> bool:
    """Whether the first line is an object and another one begins on the second."""
    first, _, more = head.lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and more.lstrip().startswith(b"{")


def root_element(head: bytes) -> str:
    """The name of the first element of a page or feed, without its prefix; empty where there is none."""
    at = 0
    while True:
        at += len(head[at:]) - len(head[at:].lstrip())
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at) + 3
        elif head.startswith((b"<?", b"<!"), at):
            inner, close = head.find(b"[", at), head.find(b">", at)
            if 0 <= inner < close:
                close = head.find(b"]", inner)
                close = head.find(b">", close) if close >= 0 else -1
            end = close + 1
        else:
            break
        if end <= at:
            return ""
        at = end
    element = _ELEMENT.match(head, at)
    return element.group(1).decode("latin-1").lower().rsplit(":", 1)[-1] if element else ""


def inner_label(label: str) -> str:
    """The name of what a gzip file holds: ``a.tgz`` holds ``a.tar``, ``a.jsonl.gz`` holds ``a.jsonl``."""
    lower = label.lower()
    if lower.endswith(".tgz"):
        return label[:-4] + ".tar"
    return label[:-3] if lower.endswith(".gz") else label


def url_label(url: str) -> str:
    """The last part of an address's path."""
    try:
        return urlsplit(url).path.rsplit("/", 1)[-1]
    except ValueError:
        return ""
