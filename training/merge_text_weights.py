"""Fits the weights of coreference from text alone on gold/merge/dev: merge/data/text_weights.json.

A document is here all that one outlet writes on one story, so that it holds several events, and
lookalikes stand in one document and in like ones.  Dates are not given.  Never reads test.

    python training/merge_text_weights.py [--write]
"""

from __future__ import annotations

import sys

import msgspec
import numpy as np
from merge_weights import DEV, FOLDS, constrained, fold_of

from comity.evaluate.coreference import score
from comity.evaluate.merge_score import read_gold, text_mentions
from comity.record.merge.corefer import TEXT_FEATURES, TextModel, comparable, corefer, likeness_of, text_features
from comity.record.merge.mentions import read_mention
from comity.record.merge.terms import DATA

PRIOR = {
    "lemma same": 2.5, "base same": 1.5, "form same": 1.0, "kind same": 0.7, "word other": -2.0, "common word": -1.5, "context": 3.0,
    "near": 2.0, "names": 2.0, "names apart": -1.0, "numbers same": 0.5, "numbers apart": -0.5,
    "document likeness": 5.0, "same document": -0.8, "same date": 0.7, "other date": -1.5,
}  # fmt: skip
FIRM = ("lemma same", "base same", "form same", "kind same", "word other", "common word", "same document")
"""The gold words every report anew on purpose, so that it cannot tell how much the same word says:
these weights stay as set by hand."""
BIAS = -5.5
PENALTIES = (3.0, 10.0, 30.0)
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4)


def weighed(penalty):
    """The penalty of each feature."""
    return np.array([1e6 if f in FIRM else penalty for f in TEXT_FEATURES])


def cases(gold):
    """Features and labels of the comparable pairs."""
    mentions = text_mentions(gold)
    read = [read_mention(at, item) for at, item in enumerate(mentions)]
    like = likeness_of(mentions)
    rows, labels = [], []
    for a, b in comparable(read, like):
        rows.append(text_features(a, b, like))
        labels.append(gold[int(a.id)].event == gold[int(b.id)].event)
    return np.array(rows), np.array(labels, dtype=float)


def model_of(w, threshold):
    """A model with these weights."""
    weights = {f: round(float(v), 3) for f, v in zip(TEXT_FEATURES, w[:-1])}
    note = "fitted by training/merge_text_weights.py on gold/merge/dev"
    return TextModel(weights=weights, bias=round(float(w[-1]), 3), threshold=threshold, note=note)


def measured(gold, model):
    """B cubed and CoNLL."""
    found = corefer(text_mentions(gold), model=model)
    s = score({g.row.id: g.event for g in gold}, {g.row.id: c for g, c in zip(gold, found)})
    return s.b3.f1, s.conll


def main():
    """Cross-validate by story, fit on all, print, and write with --write."""
    gold = read_gold(DEV)
    prior = np.array([*(PRIOR[f] for f in TEXT_FEATURES), BIAS])
    held = [[g for g in gold if fold_of(g) == fold] for fold in range(FOLDS)]
    means = {}
    for penalty in PENALTIES:
        models = [
            constrained(*cases([g for g in gold if fold_of(g) != f]), prior, weighed(penalty)) for f in range(FOLDS)
        ]
        for threshold in THRESHOLDS:
            found = [(len(h), *measured(h, model_of(w, threshold))) for h, w in zip(held, models)]
            means[penalty, threshold] = [sum(f[0] * f[k] for f in found) / len(gold) for k in (1, 2)]
            print(
                f"penalty {penalty:g} threshold {threshold:.2f}: B3 {means[penalty, threshold][0]:.3f} CoNLL {means[penalty, threshold][1]:.3f}"
            )
    penalty, threshold = max(means, key=lambda k: means[k][1])
    x, y = cases(gold)
    model = model_of(constrained(x, y, prior, weighed(penalty)), threshold)
    print(f"{len(y)} pairs, {int(y.sum())} of one event; penalty {penalty:g}, threshold {threshold}")
    for name, value in model.weights.items():
        print(f"  {name:18} {value:+.2f}  (prior {PRIOR[name]:+.1f})")
    print(f"  bias {model.bias:+.2f}; on all of dev: B3 {measured(gold, model)[0]:.3f}")
    if "--write" in sys.argv:
        path = DATA / "text_weights.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")
        print(f"written to {path}")


if __name__ == "__main__":
    main()
