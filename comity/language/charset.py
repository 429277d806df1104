"""The encoding of the input: byte order marks, UTF-8, what is declared, what is likely."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from comity.errors import BinaryDocument, EmptyDocument, UnknownEncoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"BZh",
    b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"Rar!", b"RIFF", b"\xfd7zXZ", b"\xca\xfe\xba\xbe", b"SQLite",
    b"OggS", b"ID3", b"\x28\xb5\x2f\xfd", b"PAR1", b"wOFF",
)  # fmt: skip
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27})
_HIGH = re.compile(rb"[\x80-\xff]")
_LEAD = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LETTERED = re.compile(rb"(?<=[A-Za-z ,.])[\xc0-\xff](?=[a-z ,.])|[\x85\x91-\x97\xa0\xa3\xa7\xab\xb0\xbb]")

_PLAIN = {
    "shift_jis_2004": "cp932", "shift_jisx0213": "cp932", "euc_jis_2004": "euc_jp", "euc_jisx0213": "euc_jp",
    "big5hkscs": "big5",
}  # fmt: skip
"""In these, two characters may share their bytes, and could not be led back to them."""


class Decoded(NamedTuple):
    """The text as it stands in the input; bytes that fit no encoding are lone surrogates."""

    text: str
    encoding: str
    offset: int


def decode(data: bytes, *, declared: str | None = None, about: str = "") -> Decoded:
    """Decode an article, or raise `EmptyDocument`, `BinaryDocument` or `UnknownEncoding`."""
    if not data.strip():
        raise EmptyDocument("the input is empty", about=about, fix="check that the file was saved in full")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = _whole_units(data[len(mark) :], encoding)
            return Decoded(body.decode(encoding, _errors(encoding)), encoding, len(mark))
    if (wide := _wide(data)) is not None:
        return Decoded(data.decode(wide, "replace"), wide, 0)
    if is_binary(data):
        raise BinaryDocument(
            "this is not text",
            about=about,
            fix="convert it to text or HTML first, PDF for example with pdftotext",
        )
    try:
        return Decoded(data.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        pass
    return _guess(data, declared or declared_charset(data), about)


def _whole_units(data: bytes, encoding: str) -> bytes:
    """Without the piece of a character at the end of a cut file, so that each character has its full width."""
    width = {"utf-16": 2, "utf-32": 4}.get(encoding[:6], 1)
    return data[: len(data) - len(data) % width]


def is_binary(data: bytes) -> bool:
    """Whether these bytes are no text: a known mark at the head, or control characters in it."""
    head = data[:8192]
    if head.startswith(_MAGIC):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return b"\0" in head or controls > 0.02 * len(head) + 1


def declared_charset(data: bytes) -> str | None:
    """The encoding that an HTML or XML head names."""
    head = data[:4096]
    match = _XML.match(head) or _DECLARED.search(head)
    return match.group(1).decode("ascii") if match else None


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "replace"


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of western text is nought."""
    head = data[:2000]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _guess(data: bytes, declared: str | None, about: str) -> Decoded:
    """Bytes that are not UTF-8: nearly so, as declared, western, or as charset-normalizer thinks."""
    high = len(_HIGH.findall(data))
    lead = sum(len(found) for found in _LEAD.findall(data))
    if lead >= 0.5 * high:
        return Decoded(data.decode("utf-8", "surrogateescape"), "utf-8", 0)
    for name in (declared, "cp1252" if _is_western(data, high) else None, _likely(data)):
        text = _decoded_as(data, name)
        if name and text is not None:
            known = codecs.lookup(name).name
            return Decoded(text, _PLAIN.get(known, known), 0)
    raise UnknownEncoding(
        "the encoding cannot be told", about=about, fix="save the file as UTF-8 and read it again"
    )


def _decoded_as(data: bytes, name: str | None) -> str | None:
    if not name:
        return None
    name = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252"}.get(
        name.lower(), name
    )
    try:
        name = _PLAIN.get(codecs.lookup(name).name, name)
        if codecs.lookup(name).name.startswith(("utf-8", "utf-16", "utf-32", "utf-7")):
            return None
        return data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None


def _is_western(data: bytes, high: int) -> bool:
    """Few bytes outside ASCII, most of them letters in words or typographer's marks."""
    return high <= 0.2 * len(data) and len(_LETTERED.findall(data)) >= 0.5 * high


def _likely(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000], steps=5, chunk_size=512).best()
    return best.encoding if best is not None else None
