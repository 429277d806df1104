"""Score checkpoints of the reader of pairs on stories never learned from: python training/evaluate_network.py FILE ...

The stories of `training/marked` with the reader's own mentions, every record behind what its story says before it; the
figures are those that `train_events.py` prints.  `restore_events.py` makes a checkpoint of what is shipped.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import torch  # noqa: E402
from as_read import as_read  # noqa: E402
from events_data import Sample, samples, within_articles  # noqa: E402
from material import WEIGHTS, Numbering, word_table  # noqa: E402
from pairs import read_all  # noqa: E402
from train_events import judged, loaded  # noqa: E402

from comity.reader import Reader  # noqa: E402


def unlearned() -> list[Sample]:
    """The records of the marked stories as the reader sees them."""
    reader = Reader(encoder=Numbering.load(), judge="none")
    seen = list(as_read(read_all(HERE / "marked"), reader, HERE / "marked").values())
    return list(samples(within_articles(seen, seen), reader))


def main() -> None:
    """Print the figures of every checkpoint."""
    found = unlearned()
    table = torch.from_numpy(word_table(WEIGHTS))
    print(f"{len(found)} records")
    for path in map(Path, sys.argv[1:]):
        net = loaded(path, found[0].hints.shape[1])
        print(path.name, "  ".join(f"{k} {v:.3f}" for k, v in judged(net, found, table).items()), flush=True)


if __name__ == "__main__":
    main()
