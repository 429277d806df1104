"""Damage as translators and scrapers do it: seeded edits of a text, one function a kind.

Each function gives the edits of one kind, in order and apart from one another.  Figures, months and days of
the week are never touched, so that what a careful reader would note stays what it was.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

TABLE = Path(__file__).parent / "damage.csv"
_WORD = re.compile(r"[^\W\d_]+")
_PARAGRAPH = re.compile(r"[^\n]+")
_BREAK = re.compile(r"(?<=[.!?”\"])\n+(?=[A-Z“\"])")
_ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?) (?=[a-z])")
_BARE = re.compile(r"(?<= (?:of|in|by) )(?=[A-Z][a-z]{3})|(?<= (?:with|from) )(?=[A-Z][a-z]{3})")
_DATELINE = re.compile(
    r"^[A-Z][\w'’.-]+(?: [A-Z][\w'’.-]+)?(?:, [^\n—–]{2,20}?)?(?P<dash>\s*(?:—|–|--| - )\s*)(?=[\w“\"])", re.MULTILINE
)
_GAP = re.compile(r"(?<=[a-z]) (?=[a-z])")
_MARKS = re.compile('[“”"]')
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}}) (?=(?:{_MONTHS})\b)")
_OWNER = re.compile(r"\b([A-Z][a-z]+)[’']s (president|government|army|parliament|ambassador|envoy|capital|leader)\b")
_LONGEST_HEADLINE = 130


class Edit(NamedTuple):
    """``text[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


Damage = Callable[[str, Random, float], Iterable[Edit]]
"""Edits of a text; the share is that of the places where the damage could strike."""


def accents(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Letters with accents lost ("Chvez") or bare ("Chavez"), one way in the whole text."""
    bare = rng.random() < 0.5
    for match in re.finditer(r"[^\x00-\x7f]", text):
        letter = match.group()
        if letter.isalpha() and rng.random() < share:
            plain = unicodedata.normalize("NFD", letter)[0]
            yield Edit(*match.span(), plain if bare and plain.isascii() else "")


def calques(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Words and phrases as they stand in another language: a table, "15 of March", "the president of Peru"."""
    found = list(_replaced(text, rng, share, "calque"))
    found += [Edit(m.end(1), m.end(), " of ") for m in _DAY_MONTH.finditer(text) if rng.random() < share]
    for match in _OWNER.finditer(text):
        before = text[: match.start()].rpartition("\n")[2].split()
        if not (before and before[-1][0].isupper()) and rng.random() < share:
            found.append(Edit(*match.span(), f"the {match[2]} of {match[1]}"))
    yield from _apart(found)


def articles(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Articles left out, exchanged, or put before names."""
    found = []
    for match in _ARTICLE.finditer(text):
        if rng.random() < share:
            the = match.group()[0] in "tT"
            other = ("a " if the else "the ") if match.group()[0].islower() else ("A " if the else "The ")
            found.append(Edit(*match.span(), other if rng.random() < 0.3 else ""))
    for match in _BARE.finditer(text):
        word = _WORD.match(text, match.end())
        dated = word is not None and (word.group() in _MONTHS or word.group().endswith("day"))
        if not dated and rng.random() < share / 2:
            found.append(Edit(*match.span(), "the "))
    yield from _apart(found)


def prepositions(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Prepositions taken for others that are the same word elsewhere."""
    yield from _replaced(text, rng, share, "preposition")


def pronouns(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """He for she or it, his for its or your, as from languages that do not tell them apart."""
    yield from _replaced(text, rng, share, "pronoun")


def datelines(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Places that run into the first word; where there is no dateline, one is put in."""
    found = list(_DATELINE.finditer(text))
    if found:
        yield from (Edit(m.start("dash"), m.end("dash"), "") for m in found if rng.random() < share)
        return
    first = next((m for m in _PARAGRAPH.finditer(text) if len(m.group()) > _LONGEST_HEADLINE), None)
    if first is not None and first.group()[0].isupper() and rng.random() < share:
        yield Edit(first.start(), first.start(), rng.choice(_table()["place"])[1])


def marks(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Quotation marks lost, made straight, turned round, or moved beside their space."""
    for match in _MARKS.finditer(text):
        if rng.random() >= share:
            continue
        at, mark = match.start(), match.group()
        way = rng.choice(("lost", "straight", "spaced", "other"))
        if way == "lost":
            yield Edit(at, at + 1, "")
        elif way == "straight":
            yield Edit(at, at + 1, '"')
        elif way == "spaced" and mark == "”":
            yield Edit(at, at + 1, " ”")
        elif way == "other":
            yield Edit(at, at + 1, {"“": "”", "”": "“", '"': "”"}[mark])


def stops(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Stops and commas where none belong: "the days. , he", "a , few"."""
    for match in _GAP.finditer(text):
        if rng.random() < share:
            yield Edit(*match.span(), rng.choice((". , ", " , ", ", ", ". ")))


def doubled(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Words twice."""
    for match in _WORD.finditer(text):
        if match.group().islower() and rng.random() < share:
            yield Edit(match.end(), match.end(), " " + match.group())


def boilerplate(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Lines of the page between the paragraphs, a menu above and a footer below."""
    lines = _table()
    menu = rng.sample(lines["menu"], 3)
    yield Edit(0, 0, "".join(line + "\n" for _, line in menu))
    for match in re.finditer(r"\n+", text.rstrip()):
        if match.start() and rng.random() < share:
            yield Edit(match.end(), match.end(), rng.choice(lines["boilerplate"])[1] + match.group())
    footer = rng.sample(lines["footer"], 2)
    yield Edit(len(text), len(text), "\n" + "".join(line + "\n" for _, line in footer))


def invisible(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Soft hyphens, spaces of no width and hard spaces."""
    found = []
    for match in _WORD.finditer(text):
        if len(match.group()) > 6 and rng.random() < share:
            middle = match.start() + rng.randint(2, len(match.group()) - 2)
            found.append(Edit(middle, middle, rng.choice("\u00ad\u00ad\u200b")))
    found += [Edit(*m.span(), "\u00a0") for m in _GAP.finditer(text) if rng.random() < share]
    yield from _apart(found)


def mojibake(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """UTF-8 taken for Windows' Latin letters, in whole paragraphs."""
    for paragraph in _PARAGRAPH.finditer(text):
        if rng.random() >= share:
            continue
        for match in re.finditer(r"[^\x00-\x7f]+", paragraph.group()):
            start = paragraph.start() + match.start()
            yield Edit(start, start + len(match.group()), _mistaken(match.group()))


def headlines(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Short lines without a stop in capitals, or with every word capital."""
    for match in _PARAGRAPH.finditer(text):
        line = match.group().strip()
        if len(line) < _LONGEST_HEADLINE and line[-1:].isalpha() and len(line.split()) > 3 and rng.random() < share:
            way = rng.choice((str.upper, _capitals))
            yield Edit(*match.span(), way(match.group()))


def breaks(text: str, rng: Random, share: float) -> Iterator[Edit]:
    """Paragraphs that run into one another, with a space or without."""
    for match in _BREAK.finditer(text):
        if rng.random() < share:
            yield Edit(*match.span(), rng.choice((" ", " ", "", "\n")))


KINDS: Mapping[str, tuple[Damage, float, float]] = {
    "headlines": (headlines, 1.0, 0.5),
    "accents": (accents, 0.9, 0.6),
    "calques": (calques, 0.5, 0.15),
    "articles": (articles, 0.4, 0.1),
    "prepositions": (prepositions, 0.25, 0.05),
    "pronouns": (pronouns, 0.4, 0.1),
    "datelines": (datelines, 1.0, 0.7),
    "marks": (marks, 0.5, 0.1),
    "stops": (stops, 0.03, 0.004),
    "doubled": (doubled, 0.03, 0.004),
    "breaks": (breaks, 0.6, 0.15),
    "boilerplate": (boilerplate, 0.6, 0.3),
    "invisible": (invisible, 0.15, 0.02),
    "mojibake": (mojibake, 1.0, 0.1),
}
"""Each kind with the share of places struck alone, and in the mixed damage of a typical bad page."""


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


@cache
def _table() -> Mapping[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], []).append((row["from"], row["to"]))
    return found


@cache
def _phrases(kind: str) -> tuple[re.Pattern[str], Mapping[str, tuple[str, ...]]]:
    ways: dict[str, tuple[str, ...]] = {}
    for old, new in _table()[kind]:
        ways[old] = (*ways.get(old, ()), new)
    longest = sorted(ways, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest)) + r")\b"), ways


def _replaced(text: str, rng: Random, share: float, kind: str) -> Iterator[Edit]:
    pattern, ways = _phrases(kind)
    for match in pattern.finditer(text):
        if rng.random() < share:
            yield Edit(*match.span(), rng.choice(ways[match.group()]))


def _apart(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits in order, without those that meet one before."""
    last = -1
    for edit in sorted(edits):
        if edit.start > last:
            yield edit
            last = edit.end


def _mistaken(text: str) -> str:
    return "".join(bytes([b]).decode("cp1252") if b not in _UNDEFINED else chr(b) for b in text.encode())


_UNDEFINED = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Bytes that Windows' table leaves out."""


def _capitals(text: str) -> str:
    return _WORD.sub(lambda m: m.group()[0].upper() + m.group()[1:], text)
