"""Fit the words of the first look: which sentences sound like dealings between states.

    python training/first_look.py [--write]

Wanted are the sentences of our own passages (`pairs/`) in which an act is told; unwanted are answers, e-mails and
reviews of the English Web Treebank, travel guides, biographies, papers and interviews of GUM, and the articles in
odd places of ``gold/web`` (the others are kept for measuring).  A logistic model over the words in small letters,
names left out, with a ridge penalty, by gradient descent; words of little weight are dropped.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from pairs import read_all

from comity.evaluate.first_look import web_articles
from comity.knowledge import load
from comity.understand.actors.gazetteer import Gazetteer
from comity.understand.firstlook import WORD, FirstLook, Traits

HERE = Path(__file__).parent
TREEBANK = HERE.parent.parent / "shared" / "data" / "treebank"
TARGET = HERE.parent / "comity" / "understand" / "first_look.csv"
OUTSIDE = ("answers", "email", "reviews", "GUM_academic", "GUM_bio", "GUM_interview", "GUM_voyage")
FEWEST = 4
"""Sentences in which a word must occur to get a weight."""
RIDGE = 2e-4
STEPS = 1_500
RATE = 3.0
LEAST = 0.15
HEAD = ("#bias", "#actors 0", "#actors 1", "#actors 2", "#office")


def wanted(look: FirstLook) -> Iterator[Traits]:
    """Sentences of our own passages that tell an act."""
    for passage in read_all():
        if any(not a.optional for a in passage.acts):
            yield from look.sentences(passage.text)


def unwanted(look: FirstLook) -> Iterator[Traits]:
    """Sentences of other kinds of text."""
    for name in ("en_ewt-train.conllu.gz", "gum-other.conllu.gz"):
        with gzip.open(TREEBANK / name, "rt", encoding="utf-8") as file:
            kept = False
            for line in file:
                if line.startswith("# newdoc id"):
                    kept = line.partition("= ")[2].startswith(OUTSIDE)
                elif kept and line.startswith("# text = "):
                    yield from look.sentences(line[9:])
    for _, text in web_articles(0):
        yield from look.sentences(text)


def names(texts: Sequence[str]) -> set[str]:
    """Words that are mostly written with a capital: they are no evidence of their own."""
    capital: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for text in texts:
        for word in WORD.findall(text)[1:]:
            every[word.lower()] += 1
            capital[word.lower()] += word[0].isupper()
    return {w for w, n in every.items() if capital[w] > 0.5 * n}


def fit(rows: list[list[int]], labels: np.ndarray, size: int) -> np.ndarray:
    """The weights of a logistic model over sets of features; both labels weigh the same."""
    flat = np.concatenate([np.array(r) for r in rows])
    owner = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    share = np.where(labels == 1, 0.5 / max(1, (labels == 1).sum()), 0.5 / max(1, (labels == 0).sum()))
    weights, momentum = np.zeros(size), np.zeros(size)
    for step in range(STEPS):
        z = np.bincount(owner, weights[flat], minlength=len(rows))
        gap = (1 / (1 + np.exp(-z)) - labels) * share
        slope = np.bincount(flat, gap[owner], minlength=size)
        slope[len(HEAD) :] += RIDGE * weights[len(HEAD) :]
        momentum = 0.9 * momentum - RATE * (1 - step / STEPS) * slope
        weights += momentum
    return weights


def main() -> None:
    """Fit and print; with ``--write`` into the package."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    knowledge = load()
    look = FirstLook(knowledge, Gazetteer(knowledge), {})
    yes, no = list(wanted(look)), list(unwanted(look))
    both = yes + no
    left_out = names([p.text for p in read_all()])
    counts = Counter(w for s in both for w in set(s.words))
    vocabulary = sorted(w for w, n in counts.items() if n >= FEWEST and w not in left_out and not w.isdigit())
    place = {name: at for at, name in enumerate([*HEAD, *vocabulary])}
    rows = [
        [place["#bias"], place[f"#actors {min(2, len(s.codes))}"]]
        + ([place["#office"]] if s.office else [])
        + [place[w] for w in sorted(set(s.words)) if w in place]
        for s in both
    ]
    labels = np.array([1] * len(yes) + [0] * len(no))
    weights = fit(rows, labels, len(place))
    kept = {name: weights[at] for name, at in place.items() if name in HEAD or abs(weights[at]) >= LEAST}
    listed = list(place)
    z = np.array([sum(kept.get(listed[at], 0.0) for at in row) for row in rows])
    print(f"{len(yes)} wanted, {len(no)} unwanted, {len(kept)} weights of {len(place)}")
    for threshold in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
        p = 1 / (1 + np.exp(-z))
        print(threshold, (p[labels == 1] >= threshold).mean().round(4), (p[labels == 0] >= threshold).mean().round(4))
    if given.write:
        lines = [f"{name},{weight:.2f}" for name, weight in kept.items()]
        TARGET.write_text("word,weight\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
