"""What the scorers of single gold files share: ``python -m comity.evaluate.NAME FILE [--detail]``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from comity.reader import Reader

Scorer = Callable[[Reader, Path], tuple[dict[str, float], list[str], str]]
"""From a reader and a gold file: scores by name, single mistakes in words, the hash of the gold."""


def run(description: str, gold: str, score: Scorer, *, judge: bool = False) -> None:
    """Score the file that the command line names and print it; with ``judge`` by both readers of events."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("gold", type=Path, help=f"{gold}, one JSON object a line")
    parser.add_argument("--detail", action="store_true", help="show single mistakes")
    options = parser.parse_args()
    scores, notes, digest = score(Reader() if judge else Reader(judge="none"), options.gold)
    print(f"{options.gold}  (gold {digest})")
    for key, value in scores.items():
        print(f"  {key:20} {value:g}")
    for note in notes if options.detail else ():
        print("  " + note)
