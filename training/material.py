"""Cut and parse passes of samples ahead: python training/material.py FOLDER [--processes 14] [--passes 10].

Every process has its share of the stories and passages, and writes it for one pass after the other; a pass is there
when all shares of it are.  `train_events.py` starts one such process itself; several of them beside a graphics card.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pickle
import random
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
from as_read import as_read  # noqa: E402
from events_data import (  # noqa: E402
    Group,
    Sample,
    Swapper,
    alone,
    frame_examples,
    grouped,
    held_out,
    samples,
    within_articles,
)
from pairs import Passage, read_all  # noqa: E402

from comity.language.encoder import SIZE, Encoder  # noqa: E402
from comity.reader import Reader  # noqa: E402

WEIGHTS = HERE.parent / "comity" / "language" / "weights"
EXAMPLES = 800
KEPT = ("alone", "in articles", "as read")
TABLE = "words.npy"


class Numbers:
    """A session that gives the numbers of pieces (b, t, 1) where it is asked for their embeddings."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def run(self, names: list[str], feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        """What the session gives; ``pieces`` stands last where it is asked for."""
        found: list[np.ndarray] = self.session.run([n for n in names if n != "pieces"], feed)
        return [*found, feed["ids"][..., None]] if "pieces" in names else found


class Numbering(Encoder):
    """An encoder whose vectors are numbers of pieces: a pass of samples takes a hundredth of the room."""

    def __init__(self, session: Any, *rest: Any) -> None:
        super().__init__(Numbers(session), *rest)


def word_table(folder: Path = WEIGHTS) -> np.ndarray:
    """The embedding of every piece (pieces x width), as the encoder in ``folder`` gives it."""
    encoder = Encoder.load(folder)
    size = encoder._pieces._tokenizer.get_vocab_size()
    parts = []
    for first in range(0, size, 256):
        ids = np.arange(first, min(first + 256, size), dtype=np.int64)[None]
        feed = {"ids": ids, "features": np.zeros((*ids.shape, SIZE), np.uint8), "firsts": np.zeros((1, 2), np.int64)}
        parts.append(encoder._session.run(["pieces"], feed)[0][0])
    return np.concatenate(parts).astype(np.float32)


class Material:
    """What there is to learn from, cut anew for every pass, and what is kept for development.

    ``share`` (number, of how many): the articles and passages that are this one's.
    """

    def __init__(self, options: argparse.Namespace, share: tuple[int, int] = (0, 1)) -> None:
        self.options, self.rng, self.share = options, random.Random(f"{options.seed}:{share[0]}"), share
        self.reader = Reader(encoder=Numbering.load(options.weights), judge="none")
        self.swapper = Swapper()
        self.examples = [e for e in frame_examples() if self._own(e)]
        self.read = [p for p in read_all() if self._own(p)]
        self.dev = held_out(self.read)[1]
        self.seen: dict[str, Passage] = {}

    def _own(self, passage: Passage) -> bool:
        """Whether a passage is in this share; an article is in one as a whole."""
        number, count = self.share
        return zlib.crc32((passage.article or passage.where).encode()) % count == number

    def as_seen(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages of stories as the reader sees them; the others, which it has not read, are left out."""
        asked = {p.article for p in passages if p.where not in self.seen}
        self.seen |= as_read([p for p in self.read if p.article in asked], self.reader)
        return [self.seen[p.where] for p in passages if p.where in self.seen]

    def kept(self) -> dict[str, list[Sample]]:
        """The passages kept out of training: alone, with what their article says before, and as the reader sees them."""
        dev = self.dev
        articles = {p.article for p in dev if p.story}
        whole = self.as_seen([p for p in self.read if p.article in articles])
        ways = alone(dev), within_articles(dev, self.read), within_articles(self.as_seen(dev), whole)
        return {name: list(samples(groups, self.reader)) for name, groups in zip(KEPT, ways, strict=True)}

    def epoch(self) -> list[Sample]:
        """The samples of a pass."""
        options, rng = self.options, self.rng
        # by place, not by text: a record in which states are swapped is still the one that is kept out
        kept = frozenset() if options.all else frozenset(p.where for p in self.dev)
        some = rng.sample(self.examples, int(min(len(self.examples), EXAMPLES / self.share[1] * options.share)))
        asked = [p for p in self.read if p.article or p.where not in kept]
        chosen = self._some(asked, options.share, options.fresh)
        rows = grouped(self._mixed(chosen), rng, options.single)
        swapped = [self._swapped(group) for group in [*rows, *alone(some)]]
        return list(samples(swapped, self.reader, kept))

    def _swapped(self, group: Group) -> Group:
        return self.swapper.group(group, self.rng) if self.rng.random() < 0.6 else group

    def _some(self, passages: Sequence[Passage], share: float, always: Sequence[str]) -> list[Passage]:
        """Of whole articles and of passages that stand alone a share, those of some files always."""
        lots: dict[str, float] = {}
        for p in passages:
            lots.setdefault(p.article or p.where, self.rng.random())
        return [p for p in passages if p.where.split(":")[0] in always or lots[p.article or p.where] < share]

    def _mixed(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages, a share of the stories as the reader sees them."""
        stories = sorted({p.article for p in passages if p.story})
        chosen = {a for a in stories if self.rng.random() < self.options.as_read}
        seen = {p.where: p for p in self.as_seen([p for p in passages if p.article in chosen])}
        return [seen.get(p.where, p) for p in passages]


def write(found: object, path: Path) -> None:
    """A file that is there whole or not at all."""
    partial = path.with_suffix(".part")
    partial.write_bytes(pickle.dumps(found, protocol=5))
    partial.replace(path)


def cut(options: argparse.Namespace, folder: Path, share: tuple[int, int]) -> None:
    """Write a share of what is kept out and of one pass after the other, never far ahead of who reads them."""
    material = Material(options, share)
    write(material.epoch(), folder / f"pass_0_{share[0]}.pkl")
    write(material.kept(), folder / f"kept_{share[0]}.pkl")
    number = 1
    while not options.cut or number < options.cut:
        write(material.epoch(), folder / f"pass_{number}_{share[0]}.pkl")
        number += 1
        while len(list(folder.glob(f"pass_*_{share[0]}.pkl"))) > options.ahead:
            time.sleep(1)


class Passes:
    """The passes in a folder, the newest one that is whole each time; older ones are removed if this is told to."""

    def __init__(self, folder: Path, shares: int, tidy: bool) -> None:
        self.folder, self.shares, self.tidy = folder, shares, tidy

    def whole(self) -> list[int]:
        """Numbers of the passes of which all shares are there."""
        names = [p.stem.split("_")[1] for p in self.folder.glob("pass_*.pkl")]
        return sorted(int(n) for n in set(names) if names.count(n) == self.shares)

    def __iter__(self) -> Iterator[list[Sample]]:
        used: set[int] = set()
        rng = random.Random(self.shares)
        while True:
            while not (there := self.whole()):
                time.sleep(1)
            new = [n for n in there if n not in used]
            number = new[0] if new else rng.choice(there)
            used.add(number)
            files = sorted(self.folder.glob(f"pass_{number}_*.pkl"))
            yield [s for path in files for s in pickle.loads(path.read_bytes())]
            for path in files if self.tidy and len(there) > 1 else ():
                path.unlink(missing_ok=True)

    def kept(self) -> dict[str, list[Sample]]:
        """What is kept for development, of all shares."""
        while len(files := sorted(self.folder.glob("kept_*.pkl"))) < self.shares:
            time.sleep(1)
        parts = [pickle.loads(path.read_bytes()) for path in files]
        return {name: [s for part in parts for s in part[name]] for name in KEPT}


def start(options: argparse.Namespace, folder: Path, processes: int) -> list[multiprocessing.process.BaseProcess]:
    """Write the embeddings and start the processes that cut."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / TABLE, word_table(options.weights))
    context = multiprocessing.get_context("spawn")
    found = [context.Process(target=cut, args=(options, folder, (n, processes)), daemon=True) for n in range(processes)]
    for process in found:
        process.start()
    return found


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of what a pass holds."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--all", action="store_true", help="keep nothing for development")
    parser.add_argument("--fresh", nargs="*", default=[], help="files of passages seen in every pass")
    parser.add_argument("--share", type=float, default=1.0, help="of the other files seen in a pass")
    parser.add_argument("--single", type=float, default=0.3, help="share of the records of articles also read alone")
    parser.add_argument("--as-read", type=float, default=0.5, help="share of stories with the reader's own mentions")
    parser.add_argument("--cut", type=int, default=0, help="stop after so many passes are cut")
    parser.add_argument("--ahead", type=int, default=3, help="passes that wait to be learned from")


def main() -> None:
    """Cut until there are enough passes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    add_options(parser)
    options = parser.parse_args()
    for process in start(options, options.folder, options.processes):
        process.join()


if __name__ == "__main__":
    main()
