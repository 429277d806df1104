"""Sentences of the stored text: ranges, kinds, and their words without the noise."""

from __future__ import annotations

import re

from comity.language.lines import dateline, is_boilerplate, is_headline, is_placed, paragraphs
from comity.language.marks import OPENING, STRAIGHT, pairs
from comity.language.stops import boundaries
from comity.language.tokens import Range, tokenize
from comity.model import Record, Sentence, SentenceKind, Token

LONGEST = 200
"""A sentence of more words is cut at a clause mark."""

_SENTENCE_SPAN = 40_000
_ELIDED = re.compile(
    r"(?:(?:[\[(]\s?(?:…|\.{2,4})\s?[\])]\s?[.,;]?\s*)+|(?<=[.!?\"”’])(?:\s?\[\d{1,3}\])+\s*)\Z"
)
_ELISION = re.compile(r"[\s\"'“”‘’]*[\[(]\s?(?:…|\.{2,4})\s?[\])]\s?[.,;]?[\"'”’]?\s*\Z")
_STOPPED = re.compile(r"[.!?…]\s")
_LOWER_AFTER = re.compile(r"[.!?]\s+[a-z]")
_BULLET = re.compile(r"(?:[•▪●◦‣*·–—-]|#{1,6})\s+")


class Piece(Record, frozen=True):
    """A stretch of the text that is read by itself, and the offsets of its words."""

    start: int
    end: int
    kind: SentenceKind
    paragraph: int
    tokens: tuple[Range, ...]


def split(text: str) -> list[Piece]:
    """Cut the stored text into sentences, headlines, datelines and boilerplate."""
    ranges = paragraphs(text)
    caseless = _is_caseless(text)
    ranked = kinds(text, ranges)
    found: list[Piece] = []
    for number, ((start, end), kind) in enumerate(zip(ranges, ranked, strict=True)):
        if kind == "body":
            found += _body(text, start, end, number, caseless)
        else:
            found.append(_piece(text, start, end, kind, number, frozenset()))
    return found


def sentences(text: str) -> tuple[Sentence, ...]:
    """The same as records with bare tokens, for the parser."""
    return tuple(
        Sentence(
            start=piece.start,
            end=piece.end,
            kind=piece.kind,
            paragraph=piece.paragraph,
            tokens=tuple(Token(text=text[a:b], start=a, end=b) for a, b in piece.tokens),
        )
        for piece in split(text)
    )


def kinds(text: str, ranges: list[Range]) -> list[SentenceKind]:
    """The kind of each paragraph; a text of one line, or of nothing but short lines, has a body."""
    plain = [not is_boilerplate(text, start, end) for start, end in ranges]
    found: list[SentenceKind] = []
    first = True
    for (start, end), article in zip(ranges, plain, strict=True):
        if not article:
            found.append("boilerplate")
            continue
        if is_placed(text, start, end):
            found.append("dateline")
            continue
        found.append("headline" if is_headline(text, start, end, first=first) else "body")
        first = False
    if "body" not in found:
        return ["body" if article else "boilerplate" for article in plain]
    return found


def _is_caseless(text: str) -> bool:
    """Whether the text is written without capitals, so that a small letter may begin a sentence."""
    head = text[:20_000]
    lower = len(_LOWER_AFTER.findall(head))
    return lower >= 3 and lower > 0.6 * len(_STOPPED.findall(head))


def _body(text: str, start: int, end: int, number: int, caseless: bool) -> list[Piece]:
    found: list[Piece] = []
    head = dateline(text, start, end)
    if head > start:
        found.append(_piece(text, start, head, "dateline", number, frozenset()))
        start = _skip_space(text, head, end)
    elif bullet := _BULLET.match(text, start, end):
        start = bullet.end()
    quotations, loose = pairs(text, start, end)
    stray = frozenset(at for at in loose if _is_stray(text, at, start, end))
    cuts = boundaries(text, start, end, quotations, caseless=caseless)
    for low, high in _pieces(text, start, end, cuts):
        kind: SentenceKind = "boilerplate" if cuts and is_boilerplate(text, low, high) else "body"
        found += _shortened(text, low, high, kind, number, stray)
    return found


def _pieces(text: str, start: int, end: int, cuts: list[int]) -> list[Range]:
    """Ranges between the cuts without the space around; an elision "[…]." joins what stands before it."""
    found: list[Range] = []
    low = start
    for high in [*cuts, end]:
        low = _skip_space(text, low, high)
        if low < high and found and high - low < 20 and _ELISION.match(text, low, high):
            found[-1] = (found[-1][0], high)
        elif low < high:
            found.append((low, high))
        low = high
    return found


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _is_stray(text: str, at: int, start: int, end: int) -> bool:
    """An opening mark that no mark closes, after a stop and before a small letter."""
    before = text[max(start, at - 4) : at].rstrip()
    after = text[at + 1 : at + 2]
    return text[at] in OPENING + STRAIGHT + "’" and before[-1:] in (".", ";", ",") and after.islower()


def _piece(text: str, start: int, end: int, kind: SentenceKind, number: int, stray: frozenset[int]) -> Piece:
    elided = _ELIDED.search(text, max(start, end - 30), end)
    stop = elided.start() if elided else end
    tokens = tuple(_without_noise(text, tokenize(text, start, stop), stray))
    return Piece(start=start, end=end, kind=kind, paragraph=number, tokens=tokens)


def _shortened(
    text: str, start: int, end: int, kind: SentenceKind, number: int, stray: frozenset[int]
) -> list[Piece]:
    """One piece, or several where the sentence is longer than the parser can read."""
    piece = _piece(text, start, end, kind, number, stray)
    if len(piece.tokens) <= LONGEST:
        return [piece]
    found: list[Piece] = []
    tokens = piece.tokens
    low = 0
    while low < len(tokens):
        high = len(tokens) if len(tokens) - low <= LONGEST else _clause_end(text, tokens, low)
        part = tokens[low:high]
        stop = end if high == len(tokens) else part[-1][1]
        found.append(
            Piece(start=part[0][0] if low else start, end=stop, kind=kind, paragraph=number, tokens=part)
        )
        low = high
    return found


def _clause_end(text: str, tokens: tuple[Range, ...], low: int) -> int:
    """Index behind the best place to cut in the next `LONGEST` words."""
    for marks in (".!?", ";", ":,—–"):
        for high in range(low + LONGEST, low + LONGEST // 3, -1):
            start, end = tokens[high - 1]
            if end - start == 1 and text[start] in marks:
                return high
    return low + LONGEST


def _without_noise(text: str, tokens: list[Range], stray: frozenset[int]) -> list[Range]:
    """Leave out stray stops and marks, doubled punctuation and elisions between sentences."""
    kept: list[Range] = []
    for place, (start, end) in enumerate(tokens):
        if end - start > 1 or text[start].isalnum():
            kept.append((start, end))
            continue
        if start in stray:
            continue
        mark = text[start]
        if mark == "." and _is_stray_stop(text, tokens[place + 1 : place + 3], stray):
            continue
        if kept and mark in ",;:?!." and _doubles(text, kept[-1], mark):
            continue
        kept.append((start, end))
    return kept


def _is_stray_stop(text: str, following: list[Range], stray: frozenset[int]) -> bool:
    """A point inside the sentence: a comma or a small letter comes next."""
    for start, end in following:
        opens = start in stray or (text[start] in OPENING + STRAIGHT and text[start - 1].isspace())
        if opens:
            continue
        return text[start] in ",;:" or (text[start].isalpha() and text[start:end].islower())
    return False


def _doubles(text: str, last: Range, mark: str) -> bool:
    """Whether the mark only repeats the punctuation before it."""
    before = text[last[0] : last[1]]
    if mark == ".":
        return before[-1] in ".!?…" and not before[0].isalnum()
    return before == mark or (mark in "?!" and before[-1] in "?!")
