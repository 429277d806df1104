"""Fits the weights of merging on gold/merge/dev and writes comity/record/merge/data/weights.json.

The dev reports are taken as coded by hand and once more as the reader codes their text.  All pairs
that may match (see `may_match`) are cases; a pair is right when both
reports are of one gold event.  Logistic regression with an L2 penalty towards weights set by hand
(`PRIOR`), so that a feature that dev hardly shows keeps a sensible weight.  The threshold is chosen
by B cubed when each fifth of the stories is merged with weights fitted on the others.  Never reads test.

With ``--sides`` the shipped weights are kept but for those of a side that is somebody else (`SIDES`): the gold
hardly shows what these are worth, since its stories keep apart.  They are chosen by B cubed and CoNLL over the
same reports and over crowds of them (`comity.evaluate.merge_crowd`).

    python training/merge_weights.py [--sides] [--write]
"""

from __future__ import annotations

import sys
import zlib
from itertools import combinations, product
from pathlib import Path

import msgspec
import numpy as np

from comity.evaluate.coreference import score
from comity.evaluate.merge_crowd import crowded
from comity.evaluate.merge_score import as_read, documents_of, merge_all, read_gold
from comity.reader import Reader
from comity.record.merge.compare import FEATURES, features, may_match, side_of
from comity.record.merge.score import MergeModel, shipped_model
from comity.record.merge.terms import DATA

DEV = Path(__file__).parent.parent / "gold" / "merge" / "dev"
PRIOR = {
    "type same": 2.0, "mode same": 0.7, "mode apart": -2.0, "actors": 2.5, "other side": -3.0, "side akin": -1.0, "direction": 1.5, "anchor same": 0.3,
    "same day": 2.5, "one day apart": 0.0, "few days apart": -1.5, "days apart": -4.0, "within": 1.0,
    "told at once": 2.0, "told a day later": 2.0, "told days later": 0.5, "told otherwise": -3.0, "told together": 2.0,
    "told apart": -1.0,
    "outside": -3.0, "undated": 0.0, "published apart": -1.0, "place same": 0.8, "place apart": -1.5,
    "count same": 0.5, "count apart": -1.0, "words": 4.0, "names": 1.0, "names apart": -1.0, "often done": -0.5, "numbers same": 1.0, "numbers apart": -0.8,
    "same document": 0.0,
}  # fmt: skip
BIAS = -7.0
PENALTIES = (1.0, 3.0, 10.0, 30.0)
PLEDGE = 0.5
FOLDS = 5
SIDES = {"other side": (-2.0, -3.0, -4.0, -5.0), "side akin": (0.0, -1.0, -2.0, -3.0)}
CROWDS = ((1, 1), (2, 1), (1, 4), (2, 4))
"""Seeds and weeks of the crowds."""
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)


def cases(gold):
    """Features and labels of all pairs that may match."""
    sides = [side_of(g.row) for g in gold]
    rows, labels = [], []
    for a, b in combinations(range(len(gold)), 2):
        if may_match(sides[a], sides[b]):
            rows.append(features(sides[a], sides[b]))
            labels.append(gold[a].event == gold[b].event)
    return np.array(rows), np.array(labels, dtype=float)


def fit(x, y, penalty):
    """Weights of the features of reports with the bias last."""
    return constrained(x, y, np.array([*(PRIOR[f] for f in FEATURES), BIAS]), penalty)


def constrained(x, y, prior, penalty):
    """Weights with the bias last.  A weight against the sign of its prior is set to nothing: it can
    only be an accident of this small gold."""
    x = np.hstack([x, np.ones((len(x), 1))])
    free = np.ones(len(prior), dtype=bool)
    while True:
        w = np.zeros(len(prior))
        w[free] = newton(x[:, free], y, prior[free], np.append(np.broadcast_to(penalty, len(prior) - 1), 1e-3)[free])
        wrong = w * prior < 0
        if not wrong.any():
            return w
        free &= ~wrong


def newton(x, y, prior, weigh):
    """Logistic regression drawn towards a prior; a step that makes it worse is halved."""
    w, now = prior.copy(), loss(prior, x, y, prior, weigh)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + weigh * (w - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(weigh)
        step = np.linalg.solve(hessian, gradient)
        while (then := loss(w - step, x, y, prior, weigh)) > now and np.abs(step).max() >= 1e-8:
            step /= 2
        w, now = w - step, then
        if np.abs(step).max() < 1e-8:
            break
    return w


def loss(w, x, y, prior, weigh):
    """What `newton` makes small."""
    odds = x @ w
    return float((np.logaddexp(0, odds) - y * odds).sum() + (weigh * (w - prior) ** 2).sum() / 2)


def model_of(w, threshold, pledge):
    """A model with these weights."""
    weights = {f: round(float(v), 3) for f, v in zip(FEATURES, w[:-1])}
    note = "fitted by training/merge_weights.py on gold/merge/dev, sides chosen on crowds of it"
    return MergeModel(weights=weights, bias=round(float(w[-1]), 3), threshold=threshold, pledge=pledge, note=note)


def b3(gold, model):
    """B cubed F1 and CoNLL of a model on some gold."""
    answer = merge_all(documents_of(gold), batch=50, model=model).clusters()
    found = score({g.row.id: g.event for g in gold}, answer)
    return found.b3.f1, found.conll


def folds(sets, penalty):
    """Weights fitted without each fifth of the stories."""
    for fold in range(FOLDS):
        yield fit(*stacked([[g for g in gold if fold_of(g) != fold] for gold in sets]), penalty)


def fold_of(report):
    """The fifth in which a story falls."""
    return zlib.crc32(report.story.encode()) % FOLDS


def stacked(sets):
    """The cases of several sets; pairs are only made within a set."""
    found = [cases(gold) for gold in sets]
    return np.vstack([x for x, _ in found]), np.concatenate([y for _, y in found])


def cross_validated(sets):
    """Mean B cubed and CoNLL of each penalty and threshold, over all sets, on stories not fitted on."""
    means = {}
    for penalty in PENALTIES:
        models = list(folds(sets, penalty))
        for threshold in THRESHOLDS:
            shown = []
            for gold in sets:
                held = [[g for g in gold if fold_of(g) == fold] for fold in range(FOLDS)]
                found = [(len(h), *b3(h, model_of(w, threshold, 0.5))) for h, w in zip(held, models)]
                shown.append([sum(f[0] * f[k] for f in found) / len(gold) for k in (1, 2)])
            means[penalty, threshold] = float(np.mean(shown))
            print(
                f"penalty {penalty:g} threshold {threshold:.2f}: "
                + "; ".join(f"B3 {b:.3f} CoNLL {c:.3f}" for b, c in shown)
            )
    return means


def with_sides(model, sets):
    """The model with the weights of `SIDES` that merge these sets and crowds of them best."""
    everything = [*sets, *(crowded(gold, seed, weeks) for gold in sets for seed, weeks in CROWDS)]
    best = (0.0, model)
    for values in product(*SIDES.values()):
        tried = msgspec.structs.replace(model, weights={**model.weights, **dict(zip(SIDES, values, strict=True))})
        mean = float(np.mean([b3(gold, tried) for gold in everything]))
        print(", ".join(f"{n} {v:g}" for n, v in zip(SIDES, values, strict=True)) + f": {mean:.4f}")
        best = max(best, (mean, tried), key=lambda one: one[0])
    return best[1]


def fitted(sets):
    """Cross-validated on dev as coded and as read, fitted on both, and printed."""
    means = cross_validated(sets)
    penalty, threshold = max(means, key=means.get)
    x, y = stacked(sets)
    print(f"{len(y)} pairs, {int(y.sum())} of one event; penalty {penalty:g}, threshold {threshold}")
    model = model_of(fit(x, y, penalty), threshold, PLEDGE)
    for at, (name, value) in enumerate(model.weights.items()):
        print(f"  {name:18} {value:+.2f}  (prior {PRIOR[name]:+.1f}, seen {np.count_nonzero(x[:, at])})")
    return model


def main(reader=None):
    """Fit all weights, or with --sides those of the sides alone; print, and write with --write."""
    coded = read_gold(DEV)
    sets = [coded, as_read(coded, reader or Reader())]
    model = with_sides(shipped_model(), sets) if "--sides" in sys.argv else fitted(sets)
    print(f"  bias {model.bias:+.2f}; on all of dev: " + "; ".join(f"B3 {b3(g, model)[0]:.3f}" for g in sets))
    if "--write" in sys.argv:
        path = DATA / "weights.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")
        print(f"written to {path}")


if __name__ == "__main__":
    main()
