"""Counts how rare English word stems are, for the likeness of sentences: writes merge/data/idf.csv.

Texts: the UD_English-EWT and GUM treebanks (word counts only) and the project's own dev articles and
training sentences.  Two sentences count as one text.  Run from the checkout; needs ../shared.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpora import SHARED, read_conllu

from comity.record.merge.terms import DATA, stem, words

ROOT = Path(__file__).parent.parent
LEAST = 4


def texts() -> Iterator[str]:
    """Pieces of two sentences."""
    for name in ("en_ewt-train", "gum-news", "gum-other"):
        sentences = [s.text for s in read_conllu(SHARED / "treebank" / f"{name}.conllu.gz")]
        yield from (" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2))
    for path in sorted((ROOT / "gold" / "dev").glob("*.txt")):
        sentences = re.split(r"(?<=[.!?])\s+", path.read_text(encoding="utf-8"))
        yield from (" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2))


def main() -> None:
    """Write the table."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts():
        total += 1
        counts.update({stem(w) for w in words(text)})
    rows = [(s, math.log((total + 1) / (n + 1))) for s, n in counts.items() if n >= LEAST]
    rows.append(("zzzz", math.log((total + 1) / 2)))
    DATA.mkdir(exist_ok=True)
    with (DATA / "idf.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("stem", "idf"))
        out.writerows((s, f"{v:.2f}") for s, v in sorted(rows))
    print(f"{len(rows)} stems from {total} texts")


if __name__ == "__main__":
    main()
