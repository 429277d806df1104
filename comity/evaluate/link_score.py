"""Prediction of links: who will be named with whom tomorrow, in the protocol of the field.

    python -m comity.evaluate.link_score [--shared DIR]

The 468,558 events of ICEWS 2018 are those of ICEWS18 (Jin et al. 2020, EMNLP, RE-NET), with their numbers: split after
240 and 270 of 304 days they give the 373,018, 45,995 and 49,545 events that are published, to learn from, to set
weights on, and to be judged on.  Of each event (source, type, target, day) of the last part the target is asked for,
given source, type and all events of earlier days (single step), and the source in the same way; all 23,033 names are
candidates.
Filtering is time-aware: other right answers of the same day are left out (Han et al. 2021).  Ties share their rank.

Methods:

ours         counts of the past (`comity.evaluate.link_past`) put in order by a small network (`.link_rank`), whose
             weights are learnt from a sample of questions of the second part alone
no names     the same without place and kind, which the names tell
recurrency   who was last told with source and type, among equals who is oftenest told with the type: the strict and
             relaxed recurrency baseline of Gastinger et al. (2024, IJCAI), who report 28.7; the best neural model 33.7
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from comity.evaluate.link_past import Asked, Events, Numbers, Past, Today, both_ways, follows, nameless
from comity.evaluate.link_rank import Ranker, learn
from comity.model import Record

Array = NDArray[np.float32]
Method = Callable[[Today, int, int], Array]
SECOND, THIRD = 240, 270
"""First days of the second and of the third part."""
SAMPLE = 9_000
"""Questions of the second part that weights are learnt from."""
SEED = 4


class Links(Record, frozen=True):
    """MRR and shares of questions (in per cent) whose answer is among the first 1, 3 and 10, of one method.

    ``learning`` and ``answering`` are seconds of processor time.
    """

    method: str
    mrr: float
    hits1: float
    hits3: float
    hits10: float
    questions: int
    learning: float
    answering: float


def load(folder: Path) -> Events:
    """The events of ICEWS18, both ways, with the numbers of the original."""
    found = pq.read_table(folder / "icews18-events.parquet", columns=["s", "r", "o", "t", "sn", "on"])
    source, kind, target, hours = (found[c].to_numpy().astype(np.int64) for c in ("s", "r", "o", "t"))
    names = [""] * (int(max(source.max(), target.max())) + 1)
    for numbers, column in ((source, "sn"), (target, "on")):
        for number, name in zip(numbers.tolist(), found[column].to_pylist(), strict=True):
            names[number] = name
    return both_ways(source, kind, target, hours // 24, int(kind.max()) + 1, names)


def questions(events: Events, day: int) -> Iterator[tuple[int, int, Numbers]]:
    """Source, type and all right answers of each question of a day."""
    low, high = (int(n) for n in np.searchsorted(events.day, [day, day + 1]))
    key = events.source[low:high] * events.types + events.type[low:high]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order], prepend=-1))
    for begin, stop in zip(cuts, [*cuts[1:], len(order)], strict=True):
        rows = order[begin:stop] + low
        yield int(events.source[rows[0]]), int(events.type[rows[0]]), events.target[rows]


def ranks(score: Array, answers: Numbers) -> list[float]:
    """The rank of each answer (repeated ones as often as told), other right answers left out, ties shared."""
    right = np.unique(answers)
    found = {}
    for answer in right:
        own, others = score[answer], score[right[right != answer]]
        above = int((score > own).sum()) - int((others > own).sum())
        same = int((score == own).sum()) - 1 - int((others == own).sum())
        found[int(answer)] = 1 + above + same / 2
    return [found[int(a)] for a in answers]


def ordered(asked: Asked, ranker: Ranker) -> Array:
    """A score of every name: candidates by the ranker, before all others by their first score."""
    score: Array = asked.first - (asked.first.max() + 1)
    told = ranker(asked.known)
    score[asked.candidates] = told - told.min()
    return score


def sampled(events: Events, past: Past) -> tuple[Array, Array]:
    """What is known of the candidates of a sample of questions of the second part, and which are right; questions
    without a right candidate teach nothing."""
    random = np.random.default_rng(SEED)
    follow = follows(events, SECOND)
    every = [(day, *q) for day in range(SECOND, THIRD) for q in questions(events, day)]
    chosen = np.sort(random.choice(len(every), min(SAMPLE, len(every)), replace=False))
    known, right = [], []
    today = Today(past, SECOND, follow)
    for n in chosen:
        day, source, kind, answers = every[int(n)]
        today = today if today.day == day else Today(past, day, follow)
        asked = today.ask(source, kind)
        hits = (asked.candidates[:, None] == answers).sum(axis=1)
        if hits.any():
            known.append(asked.known.astype(np.float16))
            right.append(hits.astype(np.float32))
    return np.array(known), np.array(right)


def recurrency(today: Today, source: int, kind: int) -> Array:
    """The recurrency baseline: the last day with source and type, below a day by the count of the type."""
    events, past = today.events, today.past
    rows, names, which = past.of_source(source)
    number = int(np.searchsorted(events.day[rows], today.day))
    rows, which = rows[:number], which[:number]
    same = events.type[rows] == kind
    last = np.zeros(events.names)
    np.maximum.at(last, names[which[same]], events.day[rows[same]] + 1.0)
    all_of = past.by_type(kind)
    all_of = all_of[: np.searchsorted(events.day[all_of], today.day)]
    common = np.bincount(events.target[all_of], minlength=events.names)
    return np.asarray(last + common / (common.max() + 1))


def judged(events: Events, past: Past, method: str, score: Method, learning: float, first: int = THIRD) -> Links:
    """One method on the days from one on, targets and sources together."""
    began = time.process_time()
    found: list[float] = []
    follow = follows(events, first)
    for day in range(first, int(events.day[-1]) + 1):
        today = Today(past, day, follow)
        for source, kind, answers in questions(events, day):
            found += ranks(score(today, source, kind), answers)
    rank = np.array(found)
    hits = [round(float((rank <= n).mean()) * 100, 2) for n in (1, 3, 10)]
    return Links(
        method=method, mrr=round(float((1 / rank).mean()) * 100, 2), questions=len(rank), hits1=hits[0],
        hits3=hits[1], hits10=hits[2], learning=round(learning, 1), answering=round(time.process_time() - began, 1),
    )  # fmt: skip


def ours(events: Events, method: str) -> Links:
    """Our predictor, learnt from the second part, on the third."""
    began = time.process_time()
    past = Past(events)
    ranker = learn(*sampled(events, past))
    learning = time.process_time() - began
    return judged(events, past, method, lambda today, s, r: ordered(today.ask(s, r), ranker), learning)


def links(folder: Path) -> Iterator[Links]:
    """All methods on the third part."""
    events = load(folder)
    yield judged(events, Past(events), "recurrency", recurrency, 0.0)
    yield ours(events, "ours")
    yield ours(nameless(events), "ours, no names")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with data/relations")
    given = parser.parse_args(arguments)
    folder = given.shared / "data" / "relations"
    if not folder.is_dir():
        sys.exit(f"{folder} is absent: nothing can be measured")
    for one in links(folder):
        print(msgspec.json.encode(one).decode(), flush=True)


if __name__ == "__main__":
    main()
