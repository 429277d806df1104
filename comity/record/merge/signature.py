"""Signatures of documents: MinHash over word shingles, and the marks under which near ones are found."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from comity.record.merge.records import NewDocument, StoryRow
from comity.record.merge.terms import stem, words

VALUES = 128
ROWS = 3
SHINGLE = 3
SENTENCE_WORDS = 10
MARKED_SENTENCES = 12
MARKED_ACTS = 6
QUOTED_WORDS = 5
SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+")
NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")
Hashes = npt.NDArray[np.uint64]


def hash64(text: str) -> int:
    """A stable 64-bit hash that fits a signed column (63 bits are used)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") >> 1


@lru_cache(maxsize=128)  # a batch is asked for twice: what lies near to it, then what it is like
def story_row(document: NewDocument) -> StoryRow:
    """The signature of one document; its story is itself until a like one is found."""
    tokens = [w.casefold() for w in words(document.text)]
    signature, count = minhash(tokens)
    quotations = sorted({hash64(q) for q in map(_plain, document.quotations) if q.count(" ") + 1 >= QUOTED_WORDS})
    acts = sorted({hash64(act) for r in document.reports for act in _acts(r.type, r.sources, r.targets, r.date_start)})
    content = f"{hash64(' '.join(tokens)):016x}"
    marks = [f"d:{document.id}", f"x:{content}", *_bands(signature)]
    marks += [f"s:{h:x}" for h in _sentences(document.text)]
    marks += [f"q:{h:x}" for h in quotations]
    # two acts at least make documents alike: single ones would bring all that was written on a great event
    marks += [f"a:{a:x}{b:x}" for a, b in combinations(acts[:MARKED_ACTS], 2)]
    return StoryRow(
        document=document.id,
        story="s-" + document.id.removeprefix("d-"),
        content=content,
        signature=signature.astype("<u4").tobytes(),
        shingles=count,
        published=document.published,
        outlet=document.outlet,
        entities=tuple(sorted({hash64(n) for n in _names(document.text)})),
        quotations=tuple(quotations),
        acts=tuple(acts),
        marks=tuple(dict.fromkeys(marks)),
    )


def minhash(tokens: Sequence[str]) -> tuple[npt.NDArray[np.uint32], int]:
    """The signature (`VALUES` numbers) over shingles of `SHINGLE` words, and how many shingles there are."""
    if not tokens:
        return np.full(VALUES, 2**32 - 1, dtype=np.uint32), 0
    codes = np.array([zlib.crc32(t.encode()) for t in tokens], dtype=np.uint64)
    width = min(SHINGLE, len(codes))
    shingles = np.zeros(len(codes) - width + 1, dtype=np.uint64)
    for at in range(width):
        shingles = shingles * np.uint64(0x9E3779B97F4A7C15) + codes[at : at + len(shingles)]
    shingles = np.unique(_mixed(shingles))
    multiply, add = _permutations()
    # multiply-shift hashing: the upper half of the product, the lowest over all shingles
    hashed = (shingles[:, None] * multiply[None, :] + add[None, :]) >> np.uint64(32)
    return hashed.min(axis=0).astype(np.uint32), len(shingles)


def likeness(first: StoryRow, second: StoryRow) -> tuple[float, float]:
    """Estimated Jaccard likeness of the shingles of two documents, and how much of the shorter lies in the other."""
    if not first.shingles or not second.shingles:
        return (0.0, 0.0)
    a = np.frombuffer(first.signature, dtype="<u4")
    b = np.frombuffer(second.signature, dtype="<u4")
    jaccard = float((a == b).mean())
    common = jaccard * (first.shingles + second.shingles) / (1.0 + jaccard)
    return jaccard, min(1.0, common / min(first.shingles, second.shingles))


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    """Fixed odd multipliers and summands; changing them makes earlier signatures useless."""
    numbers = _mixed(np.arange(1, 2 * VALUES + 1, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03))
    return numbers[:VALUES] | np.uint64(1), numbers[VALUES:]


def _bands(signature: npt.NDArray[np.uint32]) -> list[str]:
    rows = signature[: VALUES // ROWS * ROWS].reshape(-1, ROWS)
    return [f"b{at}:{zlib.crc32(row.tobytes()):x}" for at, row in enumerate(rows)]


def _sentences(text: str) -> list[int]:
    found = []
    for sentence in SENTENCE.split(text):
        plain = _plain(sentence)
        if plain.count(" ") + 1 >= SENTENCE_WORDS:
            found.append(hash64(plain))
    return list(dict.fromkeys(found))[:MARKED_SENTENCES]


def _plain(text: str) -> str:
    return " ".join(w.casefold() for w in words(text))


def _names(text: str) -> Iterable[str]:
    """Capitalised words that do not begin a sentence."""
    for sentence in SENTENCE.split(text):
        for match in NAME.finditer(sentence):
            if match.start() > 0:
                yield from (stem(w) for w in words(match[0]))


def _acts(kind: str, sources: Sequence[str], targets: Sequence[str], day: object) -> Iterable[str]:
    if day is not None:
        for a in sources:
            for b in targets:
                yield f"{kind} {min(a, b)} {max(a, b)} {day}"
