"""Fits the weights of coreference from text alone on gold/corefer/dev*: merge/data/coref_weights.json.

A logistic model says which documents tell the same story, small networks which mentions are of one event.  These are
fitted with the answers of the first, each topic's by a model fitted on other topics; so are the networks that look at
all pairs once more, with the answers of the first networks.  Every topic is seen with and
without its days.  Vectors of mentions are those of the shipped encoder; where that was trained on dev, --held-out takes those by
encoders that were trained on other topics (merge_text_encoder.py).  Never reads test.

--no-tables says what is reached where a word is kin to itself only.

    python training/merge_text_weights.py [--held-out] [--no-tables] [--write]
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import msgspec
import numpy as np
from merge_text_encoder import of_dev
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from comity.evaluate.corefer_score import mentions_of, scored
from comity.language.encoder import Encoder
from comity.record.merge.coref import pairs, second, stories
from comity.record.merge.coref.linking import FILE, CorefModel, Net, Nets, Weights, average_link
from comity.record.merge.coref.reading import read
from comity.record.merge.coref.vectors import MentionVectors

FOLDS = 4
SIZES = (1, 2, 3)
C_STORIES = 0.3
UNITS, DECAY, PASSES, NETS = 24, 1e-2, 4, 2
BOTH = (*pairs.FEATURES, *second.FEATURES)
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4)


def fitted(x, y, c, names):
    """A logistic model of standardised features, its weights as they apply to the features themselves."""
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(C=c, max_iter=300).fit(scaler.transform(x), y)
    w = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (w * scaler.mean_).sum())
    return Weights(weights={n: round(float(v), 4) for n, v in zip(names, w)}, bias=round(bias, 4))


def networks(x, y, names=pairs.FEATURES):
    """Networks of one hidden layer over standardised features, alike but for their random beginning."""
    scaler = StandardScaler().fit(x)
    given = scaler.transform(x)
    nets = []
    for seed in range(NETS):
        model = MLPClassifier((UNITS,), alpha=DECAY, max_iter=PASSES, random_state=seed, learning_rate_init=2e-3, batch_size=1024)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is stopped after a few passes on purpose
            model.fit(given, y)
        (hidden, out), (bias, shift) = model.coefs_, model.intercepts_
        nets.append(Net(hidden=rounded(hidden), bias=rounded(bias), out=rounded(out[:, 0]), shift=round(float(shift[0]), 4)))
    return Nets(names=names, middle=rounded(scaler.mean_), spread=rounded(np.maximum(scaler.scale_, 1e-4)), nets=tuple(nets))


def rounded(values):
    """Numbers as they are written."""
    return tuple(rounded(v) if np.ndim(v) else round(float(v), 4) for v in values)


class Topic:
    """A topic's documents and mentions, with days or without."""

    def __init__(self, name, reading, documents, chains, vectors, dated):
        self.name, self.dated = name, dated
        self.docs = [d for d, g in enumerate(reading.groups) if g == name]
        terms = stories.document_terms(reading)
        days = [reading.days[d] if dated else None for d in self.docs]
        self.terms, self.days = [terms[d] for d in self.docs], days
        self.told = [documents[d].story for d in self.docs]
        self.at = [k for k, m in enumerate(reading.mentions) if m.group == name]
        self.found = [reading.mentions[k] if dated else msgspec.structs.replace(reading.mentions[k], day=None) for k in self.at]
        self.chains = [chains[k] for k in self.at]
        self.vectors = vectors[self.at]
        self.x = self.y = None

    def pairs_of_documents(self):
        """Features and labels of pairs of documents, and of longer ones put together of two and three of a story."""
        rows, labels = [], []
        for size in SIZES:
            parts = []
            for story in dict.fromkeys(self.told):
                own = [n for n, s in enumerate(self.told) if s == story]
                parts += [own[at : at + size] for at in range(0, len(own) - size + 1, size)]
            terms = [together([self.terms[n] for n in part]) for part in parts]
            x = np.stack(stories.document_features(terms, [self.days[part[0]] for part in parts]), axis=-1)
            i, j = np.triu_indices(len(parts), 1)
            rows.append(x[i, j])
            labels += [self.told[parts[a][0]] == self.told[parts[b][0]] for a, b in zip(i, j)]
        return np.vstack(rows), np.array(labels)

    def prepare(self, weights):
        """Features and labels of pairs of mentions, with these weights of documents."""
        sure = stories.same_story(self.terms, self.days, weights)
        row = {d: n for n, d in enumerate(self.docs)}
        rows = [row[m.doc] for m in self.found]
        self.p, self.x = pairs.features(self.found, sure[np.ix_(rows, rows)], self.vectors)
        self.y = np.array([self.chains[a] == self.chains[b] for a, b in self.p])

    def look_again(self, p):
        """Add the features of the second look to those of the pairs, from first scores of the pairs."""
        matrix = second.second_look(self.matrix(p), self.found)
        columns = [m[self.p[:, 0], self.p[:, 1]].astype(np.float32) for m in matrix]
        self.x = np.hstack([self.x, np.stack(columns, axis=1)])

    def matrix(self, p):
        """Scores of pairs, mentions x mentions."""
        matrix = np.zeros((len(self.found), len(self.found)), np.float32)
        matrix[self.p[:, 0], self.p[:, 1]] = matrix[self.p[:, 1], self.p[:, 0]] = p
        return matrix

    def chances(self, nets):
        """How surely the pairs are of one event."""
        return nets.chances(nets.standard(self.x))

    def clusters(self, p, threshold):
        """Labels of the mentions."""
        return [(self.name, c) for c in average_link(self.matrix(p), threshold)]


def together(terms):
    """The terms of several documents as if they were one."""
    found = tuple({} for _ in terms[0])
    for own in terms:
        for mine, theirs in zip(found, own):
            for term, count in theirs.items():
                mine[term] = mine.get(term, 0) + count
    return found


def stacked(parts):
    """Features and labels of several topics."""
    parts = list(parts)
    return np.vstack([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def held_out(topics, fold, names):
    """How surely the pairs of each topic are of one event, by networks fitted on other topics."""
    held = {}
    for f in range(FOLDS):
        nets = networks(*stacked((t.x, t.y) for t in topics if fold[t.name] != f), names)
        held |= {id(t): t.chances(nets) for t in topics if fold[t.name] == f}
    return held


def main():
    """Cross-validate by topic, fit on all, print, and write with --write."""
    parts = of_dev()
    documents = [d for own in parts.values() for d in own]
    reading = read(mentions_of(documents), Encoder.load())
    chains = [m.chain for d in documents for m in d.mentions]
    vectors = MentionVectors.load()(reading)
    if "--held-out" in sys.argv:
        for path in (Path(__file__).parent / "checkpoints").glob("mentions_*.npz"):
            data = np.load(path)
            vectors[data["at"]] = data["vectors"]
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    if "--no-tables" in sys.argv:
        pairs.family = lambda lemma, verbal: frozenset((lemma,))
        pairs.nearness = lambda words: np.zeros((len(words), len(words)), np.float32)
    names = sorted({d.topic for d in documents})
    fold = {name: n % FOLDS for n, name in enumerate(np.random.RandomState(0).permutation(names))}
    topics = [Topic(n, reading, documents, chains, vectors, dated) for n in names for dated in (True, False)]
    for f in range(FOLDS):
        weights = fitted(*stacked(t.pairs_of_documents() for t in topics if fold[t.name] != f), C_STORIES, stories.FEATURES)
        for topic in topics:
            if fold[topic.name] == f:
                topic.prepare(weights)
    first = held_out(topics, fold, pairs.FEATURES)
    fitted_first = networks(*stacked((t.x, t.y) for t in topics))
    for topic in topics:
        topic.look_again(first[id(topic)])
    again = held_out(topics, fold, BOTH)
    held = {at: (p + again[at]) / 2 for at, p in first.items()}
    home = {d.topic: part for part, own in parts.items() for d in own}
    reached = []
    for threshold in THRESHOLDS:
        for dated, part in [(True, None), (False, None), *((True, part) for part in parts)]:
            own = [t for t in topics if t.dated == dated and part in {None, home[t.name]}]
            key = [c for t in own for c in t.chains]
            answer = [label for t in own for label in t.clusters(held[id(t)], threshold)]
            whole, several = scored(key, answer), scored(key, answer, alone=False)
            print(f"held out, threshold {threshold}, {part or 'all'}, {'with' if dated else 'without'} days: CoNLL {whole.conll:.4f} B3 {whole.b3.f1:.3f} "
                  f"MUC {whole.muc.f1:.3f} CEAFe {whole.ceafe.f1:.3f} LEA {whole.lea.f1:.3f}; without singletons CoNLL {several.conll:.3f}", flush=True)
            if dated and part is None:
                reached.append(whole.conll)
    smooth = np.convolve(reached, np.ones(3) / 3, "valid")  # a threshold with its neighbours: single ones go up and down by chance
    threshold = THRESHOLDS[1 + int(smooth.argmax())]
    print(f"threshold {threshold}")
    model = CorefModel(
        stories=fitted(*stacked(t.pairs_of_documents() for t in topics), C_STORIES, stories.FEATURES),
        pairs=fitted_first,
        second=networks(*stacked((t.x, t.y) for t in topics), BOTH),
        threshold=threshold,
        note="fitted by training/merge_text_weights.py on gold/corefer/dev, dev2, dev3",
    )
    print(" ".join(f"{n}={v:+.2f}" for n, v in model.stories.weights.items()), f"bias {model.stories.bias:+.2f}")
    if "--write" in sys.argv:
        FILE.write_bytes(msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n")
        print(f"written to {FILE}")


if __name__ == "__main__":
    main()
