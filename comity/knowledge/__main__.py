"""``python -m comity.knowledge [FOLDER]``: counts of the tables and what is wrong in them."""

from __future__ import annotations

import sys
from pathlib import Path

from comity.knowledge.check import counts, problems
from comity.knowledge.loader import FOLDER, inspect


def main(arguments: list[str]) -> int:
    """Print the report; 1 when a row cannot be used."""
    knowledge, faults = inspect(Path(arguments[0]) if arguments else FOLDER)
    print(f"version {knowledge.version}")
    for table, count in counts(knowledge).items():
        print(f"{count:7} {table}")
    for fault in faults:
        print(f"fault: {fault}")
    found = list(problems(knowledge))
    for problem in found:
        print(f"problem: {problem}")
    print(f"{len(faults)} faults, {len(found)} problems")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
