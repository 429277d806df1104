"""Scores of reference: whether each marked mention of a passage is read as the actors that are meant.

A gold file has one passage a line: ``id``, ``published``, ``text`` and ``mentions`` with ``start``, ``end``
(characters of ``text``, half open), ``kind``, ``actors`` (codes; empty where the words stand for no actor), ``also``
(other readings that are accepted, each a list of codes) and ``person`` (whom an office means, where one is asked
for).  The reader's mention that shares most of its characters with a marked one answers for it, if it shares a third,
else the shortest one around it.  A mention that the reader itself trusts less than ``TRUSTED`` claims nothing.
A mention is *right* when the codes are the same in any order and the person's last name agrees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from comity.evaluate.command import run
from comity.evaluate.goldfile import gold_rows, hash_of
from comity.knowledge import fold
from comity.model import Document, Mention
from comity.reader import Reader

Row = Mapping[str, Any]
TRUSTED = 0.3
ENOUGH = 1 / 3
"""Which share of the characters of both spans together must be common."""


def score_reference(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Accuracy over all mentions and over each kind, the mistakes in words, and the hash of the gold."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    notes: list[str] = []
    rows = gold_rows(path)
    for row in rows:
        document = understood(reader, row["text"], date.fromisoformat(row["published"]))
        for gold in row["mentions"]:
            found = answering(document.mentions, gold)
            good = is_right(gold, found)
            for key in ("all", gold["kind"]):
                asked[key] += 1
                right[key] += good
            if not good:
                notes.append(f"{row['id']}: {told(gold, found)} | {row['text']}")
    scores: dict[str, float] = {"passages": len(rows), "mentions": asked["all"]}
    scores["accuracy"] = round(right["all"] / (asked["all"] or 1), 3)
    kinds = sorted(k for k in asked if k != "all")
    scores.update({f"{k} ({asked[k]})": round(right[k] / asked[k], 3) for k in kinds})
    return scores, notes, hash_of(path)


def understood(reader: Reader, text: str, published: date) -> Document:
    """The text with everything but its events, which need not be read here."""
    document = Document(id="text", text=text, published=published)
    for _, stage in reader.stages[:-1]:
        document = stage(document)
    return document


def answering(mentions: Sequence[Mention], gold: Row) -> Mention | None:
    """The mention that answers for a marked one: the greatest common share of characters, the shorter of equals."""
    best, most = None, ENOUGH
    for mention in mentions:
        common = min(mention.end, gold["end"]) - max(mention.start, gold["start"])
        share = common / (max(mention.end, gold["end"]) - min(mention.start, gold["start"]))
        share = share if mention.end >= gold["end"] else share / 2  # "His" of "his host" is another mention
        if share > most or (share == most and best is None):
            best, most = mention, share
    last = gold["start"] + gold.get("text", "").rfind(" ") + 1
    around = [m for m in mentions if m.start <= last and gold["end"] <= m.end]
    return best or min(around, key=lambda m: m.end - m.start, default=None)


def is_right(gold: Row, found: Mention | None) -> bool:
    """Whether the actors are those of the gold, and the person, where one is asked for."""
    sure = found is not None and found.confidence >= TRUSTED
    codes = {a.state for a in found.actors if a.state} if found is not None and sure else set()
    if all(codes != set(reading) for reading in (gold["actors"], *gold.get("also", ()))):
        return False
    person = gold.get("person")
    if not person or found is None:
        return not person
    surname = fold(person.split()[-1])
    return any(surname in {*fold(a.name).split(), *a.id.split("-")} for a in found.actors)  # as the text spells him


def told(gold: Row, found: Mention | None) -> str:
    """One mistake in words."""
    wanted = "+".join(gold["actors"]) or "nobody"
    if gold.get("person"):
        wanted += f" ({gold['person']})"
    given = "nothing"
    if found is not None:
        given = "+".join(f"{a.state} ({a.name})" for a in found.actors) + f" as {found.how}"
    return f"{gold['kind']} '{gold['text']}' is {wanted}, read as {given}"


def main() -> None:
    """``python -m comity.evaluate.reference_score FILE [--detail]``."""
    run("Score who is meant by hard mentions.", "passages with marked mentions", score_reference)


if __name__ == "__main__":
    main()
