"""Scores of quotations: spans, speakers and cues of direct and reported speech against gold passages.

A gold file has one passage a line: ``id``, ``text`` and ``quotes`` with ``start``, ``end`` (characters of
``text``, half open), ``kind`` (``direct``, ``indirect``, or ``mixed`` for reported speech with quoted words in
it), ``speaker`` (every accepted name or code; empty where nobody is told), ``cue`` and ``need`` (``must`` unless
``may``).  The pieces of an interrupted quotation are spans of their own.  Direct speech is scored by itself,
indirect and mixed together.  A span is *found* when its words and those of a prediction overlap with a Dice
coefficient of at least 0.5 (``f1``), *exact* when they agree but for marks, punctuation and "that" at the edges.
Speakers and cues are judged on found spans.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from comity.contract import quote_object
from comity.evaluate.articles import name_fits
from comity.evaluate.command import run
from comity.evaluate.goldfile import gold_rows, hash_of
from comity.model import Record
from comity.reader import Reader

Row = Mapping[str, Any]
ENOUGH = 0.5
EDGES = " \t\n\r,.;:!?…“”\"«»„‟‘’'`–—-()"
GROUPS = {"direct": "direct", "indirect": "indirect", "mixed": "indirect"}
_WORD = re.compile(r"\w+")


class Piece(Record, frozen=True):
    """One predicted stretch of speech."""

    start: int
    end: int
    group: str
    speaker: Mapping[str, Any] | None
    cue: str


def score_quotes(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """The figures of a gold file, its single mistakes in words, and the hash of the gold."""
    counts: Counter[str] = Counter()
    notes: list[str] = []
    rows = gold_rows(path)
    for row in rows:
        document = reader.prepare(row["text"])
        pieces = list(pieces_of([quote_object(q) for q in document.quotes]))
        notes.extend(f"{row['id']}: {note}" for note in score_passage(row, pieces, counts))
    return {"passages": len(rows), **figures(counts)}, notes, hash_of(path)


def pieces_of(quotes: Sequence[Row]) -> Iterator[Piece]:
    """Predicted quotations as stretches: an interrupted one in its parts."""
    for quote in quotes:
        for part in quote.get("parts") or [quote]:
            yield Piece(
                start=part["start"],
                end=part["end"],
                group=GROUPS[quote["kind"]],
                speaker=quote.get("speaker"),
                cue=quote.get("cue") or "",
            )


def score_passage(row: Row, pieces: Sequence[Piece], counts: Counter[str]) -> list[str]:
    """Count one passage; its mistakes in words."""
    notes: list[str] = []
    text = row["text"]
    for group in ("direct", "indirect"):
        wanted = [q for q in row["quotes"] if GROUPS[q["kind"]] == group]
        given = [p for p in pieces if p.group == group]
        matches = matched(text, wanted, given)
        taken = {p for _, p in matches}
        found = {g for g, _ in matches}
        for g, p in matches:
            if wanted[g].get("need") != "may":
                notes.extend(_judge(text, wanted[g], given[p], group, counts))
        for n, quote in enumerate(wanted):
            if quote.get("need") == "may":
                continue
            counts[f"{group} wanted"] += 1
            if n not in found:
                notes.append(f"missed {group} of {quote['speaker'][:1]}: {quote['text'][:80]} | {text[:160]}")
        for n, piece in enumerate(given):
            may = any(wanted[g].get("need") == "may" for g, p in matches if p == n)
            if may or (n not in taken and _inside_direct(piece, row["quotes"])):
                continue
            counts[f"{group} given"] += 1
            if n not in taken:
                who = (piece.speaker or {}).get("name")
                notes.append(f"wrong {group} by {who} at '{piece.cue}': {text[piece.start : piece.end][:80]}")
    return notes


def _inside_direct(piece: Piece, quotes: Sequence[Row]) -> bool:
    """Speech within quoted speech is not asked for."""
    return any(
        q["kind"] == "direct" and q["start"] <= piece.start and piece.end <= q["end"] for q in quotes
    )


def _judge(text: str, quote: Row, piece: Piece, group: str, counts: Counter[str]) -> Iterator[str]:
    counts[f"{group} found"] += 1
    exact = trimmed(text, quote["start"], quote["end"]) == trimmed(text, piece.start, piece.end)
    counts[f"{group} exact"] += exact
    if not exact:
        yield f"bounds {group}: gold '{quote['text'][:90]}' found '{text[piece.start : piece.end][:90]}'"
    if quote["speaker"]:
        right = name_fits(quote["speaker"], piece.speaker)
        counts["speakers"] += 1
        counts["speakers right"] += right
        if not right:
            yield f"speaker {(piece.speaker or {}).get('name')} for {quote['speaker']}: {quote['text'][:80]}"
    if quote.get("cue", "").strip(": "):
        right = piece.cue.lower() in quote["cue"].lower().split() or piece.cue.lower() == quote["cue"].lower()
        counts["cues"] += 1
        counts["cues right"] += right
        if not right:
            yield f"cue '{piece.cue}' for '{quote['cue']}': {quote['text'][:80]}"


def matched(text: str, wanted: Sequence[Row], given: Sequence[Piece]) -> list[tuple[int, int]]:
    """Pairs of gold and predicted spans, one to one, the best overlaps first."""
    ranked = sorted(
        (
            (overlap(text, (q["start"], q["end"]), (p.start, p.end)), -g, -n)
            for g, q in enumerate(wanted)
            for n, p in enumerate(given)
        ),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    for share, g, n in ranked:
        if share >= ENOUGH and all(-g != a and -n != b for a, b in pairs):
            pairs.append((-g, -n))
    return pairs


def overlap(text: str, one: tuple[int, int], two: tuple[int, int]) -> float:
    """Dice coefficient of the words of two stretches, from 0 to 1."""
    first = {m.start() + one[0] for m in _WORD.finditer(text[one[0] : one[1]])}
    second = {m.start() + two[0] for m in _WORD.finditer(text[two[0] : two[1]])}
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without marks, punctuation and "that" at its edges."""
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return (start + 5, end) if text[start : start + 5].lower() == "that " else (start, end)


def figures(counts: Counter[str]) -> dict[str, float]:
    """F1, precision and recall of both kinds, exact F1, accuracy of speakers and cues, from 0 to 1."""

    def ratio(a: str, b: str) -> float:
        return counts[a] / counts[b] if counts[b] else 0.0

    shown: dict[str, float] = {}
    for group in ("direct", "indirect"):
        total = counts[f"{group} wanted"] + counts[f"{group} given"]
        shown[f"{group}_f1"] = 2 * counts[f"{group} found"] / total if total else 0.0
        shown[f"{group}_precision"] = ratio(f"{group} found", f"{group} given")
        shown[f"{group}_recall"] = ratio(f"{group} found", f"{group} wanted")
        shown[f"{group}_exact_f1"] = 2 * counts[f"{group} exact"] / total if total else 0.0
    shown["speaker_accuracy"] = ratio("speakers right", "speakers")
    shown["cue_accuracy"] = ratio("cues right", "cues")
    return {key: round(value, 3) for key, value in shown.items()}


def main() -> None:
    """``python -m comity.evaluate.quotes_score FILE [--detail]``."""
    run("Score quotations, speakers and cues.", "passages with their quotations", score_quotes)


if __name__ == "__main__":
    main()
