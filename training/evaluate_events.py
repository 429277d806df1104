"""Score `comity classify` on passages kept out of training: python training/evaluate_events.py [--frames] [FOLDER].

By default on the stories in `training/marked`, from which no weights were learned; `training/wire`: agency sentences.

The type given the pair, as the command prints it: accuracy and macro-F1 over the types, with CONCEDE and RETREAT as
one type as well; and the status.  PLOVER's rule for the future is applied to the gold as it is to the answer.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from pairs import Passage, read_all  # noqa: E402

from comity.reader import Reader  # noqa: E402
from comity.understand.classify import Classifier, plover  # noqa: E402


def asked(passages: list[Passage]) -> Iterator[tuple[Passage, dict[str, int], dict[str, int], set[str], set[str]]]:
    """Every ordered pair with an act: the spans, the types that are right, and their statuses."""
    for passage in passages:
        spans: dict[int, dict[str, int]] = {}
        for mark in passage.marks:
            for number in mark.actors:
                spans.setdefault(number, {"start": mark.start, "end": mark.end})
        told: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for act in passage.acts:
            if not act.optional and {act.source, act.target} <= spans.keys():
                told.setdefault((act.source, act.target), []).append((plover(act.type, act.status), act.status))
        for (source, target), acts in told.items():
            yield passage, spans[source], spans[target], {k for k, _ in acts}, {s for _, s in acts}


def macro(rows: list[tuple[set[str], str]]) -> float:
    """The mean F1 of the types; of several right types the one given counts."""
    right, wanted, given = Counter[str](), Counter[str](), Counter[str]()
    for gold, answer in rows:
        label = answer if answer in gold else min(gold)
        wanted[label] += 1
        given[answer] += 1
        right[answer] += answer in gold
    return sum(2 * right[k] / (wanted[k] + given[k]) for k in wanted) / len(wanted)


def main() -> None:
    """Print the figures."""
    reader = Reader(judge="none" if "--frames" in sys.argv else None)
    classifier = Classifier(reader.prepare, reader.lexicon, reader.row, reader.judge)
    folders = [Path(a) for a in sys.argv[1:] if not a.startswith("--")]
    kept = read_all(folders[0] if folders else HERE / "marked")
    rows: list[tuple[set[str], str]] = []
    status = 0
    for passage, source, target, kinds, statuses in asked(kept):
        answer = classifier(passage.text, source, target)
        rows.append((kinds, answer["type"]))
        status += answer["status"] in statuses
    one = {"RETREAT": "CONCEDE"}
    merged = [({one.get(k, k) for k in gold}, one.get(a, a)) for gold, a in rows]
    print(f"{len(kept)} passages, {len(rows)} pairs with an act")
    for name, found in (("16 types", rows), ("CONCEDE and RETREAT as one", merged)):
        accuracy = sum(a in gold for gold, a in found) / len(found)
        print(f"  {name}: accuracy {accuracy:.3f}, macro-F1 {macro(found):.3f}")
    print(f"  status {status / len(rows):.3f}")


if __name__ == "__main__":
    main()
