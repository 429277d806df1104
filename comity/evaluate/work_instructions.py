"""What `comity.evaluate.regression` runs under callgrind: counting is switched on when all modules are loaded."""

from __future__ import annotations

import os
import subprocess

from comity.evaluate.checkout import ROOT
from comity.evaluate.merge_bench import BATCH, made_up
from comity.evaluate.merge_score import merge_all
from comity.language.sentences import sentences

REPORTS = 100


def switch(to: str) -> None:
    """Have callgrind begin or stop to count."""
    asked = subprocess.Popen(
        ["vgdb", f"--pid={os.getpid()}", "instrumentation", to], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while asked.poll() is None:  # a process that sleeps does not hear it where tracing is forbidden
        pass


def main() -> None:
    """Merge and split while instructions are counted."""
    documents = [d for _, d in made_up(REPORTS)]
    texts = [p.read_text("utf-8") for p in sorted((ROOT / "examples").glob("*.txt"))]
    switch("on")
    merge_all(documents, batch=BATCH)
    for text in texts:
        sentences(text)
    switch("off")


if __name__ == "__main__":
    main()
