"""How well two readers agree: ``python -m comity.evaluate.agreement [--of gold/second] [--gold gold/test]``.

``gold/second/`` holds what another annotator noted in 18 of the test articles, from the text alone and without sight
of the gold.  Scored as if a program had printed it, it shows how much of a program's error lies in the program: what
``must`` be noted is compared, and, as the upper end, all that the annotator thought defensible.  Another program, or a
large language model that was asked for the form of docs/output.md, is scored in the same way from a folder of its own
with one ``NAME.json`` an article.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from comity.evaluate.articles import score_article, total
from comity.evaluate.checkout import ROOT

SHOWN = (
    "articles", "f1", "precision", "recall", "strict_recall", "status_accuracy", "date_accuracy", "speaker_accuracy",
    "never_violations", "quote_recall", "quote_precision",
)  # fmt: skip


def agreement(second: Path, gold: Path, *, only_must: bool) -> dict[str, float]:
    """The scores of the second reader's records in ``second`` against the gold records of the same name."""
    found = []
    for path in sorted(second.glob("*.json")):
        told = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        events = [e for e in told["events"] if not only_must or e.get("sure", "must") == "must"]
        row = msgspec.json.decode((gold / f"{path.stem}.gold.json").read_bytes())
        found.append(score_article(row, {**told, "events": events}))
    return total(found)


def main() -> None:
    """Print both tables side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--of", type=Path, default=ROOT / "gold" / "second", help="what the other noted, NAME.json")
    parser.add_argument("--gold", type=Path, default=ROOT / "gold" / "test", help="folder of NAME.gold.json")
    given = parser.parse_args()
    second, gold = given.of, given.gold
    if not second.is_dir() or not gold.is_dir():
        Console().print("No gold here: run from a checkout.")
        return
    must, every = (agreement(second, gold, only_must=only) for only in (True, False))
    table = Table("", "must", "all that is defensible", box=None)
    for name in SHOWN:
        table.add_row(name.replace("_", " "), str(must[name]), str(every[name]))
    Console().print(table)


if __name__ == "__main__":
    main()
