"""Speed of merging, and how much the order of adding matters.

Made-up reports: states drawn so that a few pairs fill much of the record, days over two years, one to
eight reports an event with words of its own, a third of them dated by their publication alone.
Run ``python -m comity.evaluate.merge_bench [REPORTS ...]``.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from comity.evaluate.checkout import ROOT
from comity.evaluate.coreference import score
from comity.evaluate.merge_score import documents_of, merge_all, read_gold
from comity.record.merge import NewDocument, ReportRow

STATES = tuple(f"S{n:02d}" for n in range(60))
TYPES = ("CONSULT", "SUPPORT", "AGREE", "ACCUSE", "REQUEST", "SANCTION", "ASSAULT", "MOBILIZE", "REJECT")
START = date(2022, 1, 1)
DAYS = 730
BATCH = 50
SEED = 7


def made_up(reports: int, seed: int = SEED) -> Iterator[tuple[str, NewDocument]]:
    """Documents of one report each, with the event each tells, by day of publication."""
    random_ = random.Random(seed)
    weights = [1 / (n + 1) for n in range(len(STATES))]
    vocabulary = [f"w{n}{'aeiou'[n % 5]}n" for n in range(4000)]
    found: list[tuple[str, NewDocument]] = []
    number = 0
    while len(found) < reports:
        number += 1
        first, second = random_.choices(STATES, weights, k=2)
        kind, day = random_.choice(TYPES), START + timedelta(days=random_.randrange(DAYS))
        own = random_.sample(vocabulary, 12)
        for at in range(random_.choice((1, 1, 2, 2, 3, 4, 8))):
            published = day + timedelta(days=random_.choice((0, 0, 0, 1, 1, 2)))
            told = random_.random() < 0.67
            words = random_.sample(own, 7) + random_.sample(vocabulary, 7)
            row = ReportRow(
                id=f"r{number}-{at}", document=f"d-{number}-{at}", type=kind, status="occurred",
                sources=(first,), targets=(second,), date_start=day if told else published,
                date_end=day if told else published, precision="day" if told else "unknown",
                evidence=" ".join(words), anchor=words[0], outlet=f"o{at}", published=published,
            )  # fmt: skip
            text = " ".join(words + random_.sample(vocabulary, 60))
            document = NewDocument(id=row.document, text=text, outlet=row.outlet, published=published, reports=(row,))
            found.append((f"e{number}", document))
    found.sort(key=lambda pair: (pair[1].published or START, pair[1].id))
    yield from found[:reports]


def speed(reports: int) -> dict[str, float]:
    """Reports merged a second in batches, over all and over the last tenth, with B cubed."""
    made = list(made_up(reports))
    documents = [d for _, d in made]
    cut = len(documents) * 9 // 10
    started = time.perf_counter()
    store = merge_all(documents[:cut], batch=BATCH)
    middle = time.perf_counter()
    merge_all(documents[cut:], batch=BATCH, store=store)
    ended = time.perf_counter()
    found = score({d.reports[0].id: e for e, d in made}, store.clusters())
    return {
        "reports": reports,
        "reports a second": round(reports / (ended - started)),
        "the last tenth, a second": round((reports - cut) / (ended - middle)),
        "b3": round(found.b3.f1, 3),
        "peak memory MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def order(folder: Path, orders: int = 10) -> dict[str, float]:
    """How far the answers for shuffled documents, one at a time, are from that by date: lowest and mean B cubed."""
    documents = documents_of(read_gold(folder))
    base = merge_all(documents).clusters()
    likeness = []
    for seed in range(orders):
        shuffled = documents.copy()
        random.Random(seed).shuffle(shuffled)
        likeness.append(score(base, merge_all(shuffled).clusters()).b3.f1)
    at_once = score(base, merge_all(documents, batch=len(documents)).clusters()).b3.f1
    return {
        "orders": orders,
        "lowest likeness": round(min(likeness), 4),
        "mean likeness": round(sum(likeness) / len(likeness), 4),
        "all at once": round(at_once, 4),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print speed at some sizes, and the effect of order on the gold."""
    sizes = [int(a) for a in (sys.argv[1:] if arguments is None else arguments)] or [1_000, 10_000, 50_000]
    for size in sizes:
        print("  ".join(f"{k} {v:g}" for k, v in speed(size).items()), flush=True)
    for part in ("dev", "test"):
        print(f"order, {part}: " + "  ".join(f"{k} {v:g}" for k, v in order(ROOT / "gold" / "merge" / part).items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
