"""Fit the choice among states in view: python training/refer.py [--dry]; needs scipy.

"The government", "the army", "police" stand for one of the states that a text has named.  Our stories say which: every
mention in them is numbered by hand.  The weights of a conditional logit over the features of ``Salience`` are fitted
to these choices; five folds of stories, each left out in turn, say how often it is right.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
from as_read import Read, headlines, stories_of  # noqa: E402
from pairs import read_all  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

from comity.reader import Reader  # noqa: E402
from comity.understand.actors import memory  # noqa: E402
from comity.understand.actors.salience import Candidate, Named, Salience  # noqa: E402
from comity.understand.tree import Tree  # noqa: E402

WEIGHTS = HERE.parent / "comity" / "understand" / "actors" / "salience.json"
FOLDS = 5
HELD = 3.0
"""How strongly weights are held small."""


class Choice(NamedTuple):
    """One word of a story with the states it may stand for; ``right`` says which do, ``old`` which was chosen."""

    story: str
    candidates: list[Candidate]
    right: list[bool]
    old: int


class Asked(NamedTuple):
    """A word for which the reader weighed states: characters of the text, the candidates, the one taken."""

    start: int
    end: int
    candidates: list[Candidate]
    taken: str


class Listening(Salience):
    """A salience that writes down what it is asked."""

    heard: list[Asked] = []  # noqa: RUF012

    def best(self, tree: Tree, i: int, seen: Sequence[Named], allowed: Callable[[str], bool]) -> str | None:
        """The choice as ever."""
        found = list(self.candidates(tree, i, seen, allowed))
        taken = super().best(tree, i, seen, allowed)
        if taken is not None:
            self.heard.append(Asked(tree.tokens[i].start, tree.tokens[i].end, found, taken))
        return taken


def choices(reader: Reader) -> Iterator[Choice]:
    """Every choice of the stories of which the marks tell the answer."""
    memory.Salience = Listening  # type: ignore[misc,attr-defined]
    stories = stories_of(read_all())
    heads = dict(headlines({article.split(":")[0] for article in stories}))
    for article, records in stories.items():
        Listening.heard.clear()
        read = Read(heads[article], records, reader)
        for asked in Listening.heard:
            wanted = read.marked(asked.start, asked.end)
            right = [wanted == {read.number.get(c.code)} for c in asked.candidates]
            if wanted and any(right):
                old = [c.code for c in asked.candidates].index(asked.taken)
                yield Choice(article, asked.candidates, right, old)


def fitted(found: Sequence[Choice]) -> dict[str, float]:
    """Weights by maximum likelihood, held small."""
    names = sorted({k for c in found for one in c.candidates for k in one.features})
    rows = np.array([[one.features.get(k, 0.0) for k in names] for c in found for one in c.candidates])
    right = np.array([r for c in found for r in c.right])
    sizes = [len(c.candidates) for c in found]
    starts, of = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(found)), sizes)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = rows @ w
        e = np.exp(z - np.maximum.reduceat(z, starts)[of])
        p = e / np.add.reduceat(e, starts)[of]
        share = np.add.reduceat(p * right, starts)
        gradient = rows.T @ (p - p * right / share[of]) + HELD * w
        return float(-np.log(share).sum() + HELD * (w @ w) / 2), gradient

    return dict(zip(names, minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x, strict=True))


def correct(found: Sequence[Choice], weights: dict[str, float]) -> int:
    """How many choices these weights make rightly."""

    def weight(one: Candidate) -> float:
        return sum(weights.get(k, 0.0) * v for k, v in one.features.items())

    return sum(c.right[max(range(len(c.candidates)), key=lambda n: weight(c.candidates[n]))] for c in found)


def main() -> None:
    """Report by folds, then fit on all and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="only report")
    dry = parser.parse_args().dry
    found = list(choices(Reader(judge="none")))
    stories = sorted({c.story for c in found})
    random.Random(0).shuffle(stories)
    fold = {story: n % FOLDS for n, story in enumerate(stories)}
    right = 0
    for n in range(FOLDS):
        weights = fitted([c for c in found if fold[c.story] != n])
        right += correct([c for c in found if fold[c.story] == n], weights)
    old, size = sum(c.right[c.old] for c in found), len(found)
    print(f"{size} choices; right as shipped {old / size:.3f}, fitted without the story {right / size:.3f}")
    if not dry:
        whole = {k: round(float(v), 4) for k, v in fitted(found).items()}
        WEIGHTS.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
