"""Trains the encoder of mentions: the upper layers of a MiniLM on gold/corefer/dev.

It reads the parser's word embeddings (frozen, shipped once) and gives every mention a vector in its sentence; mentions
of one event shall be alike.  The lower three layers stay as they were pre-trained.
With --reworded the dev reports of gold/merge are seen too: the same acts in other words.  Writes a checkpoint or,
with --halves, for the weights of pairs, vectors of one half of the topics from a model trained on the other.
Never reads test.

    python training/merge_text_encoder.py [--passes 8] [--rate 1e-4] [--reworded] [--halves 0|1]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from network import HIDDEN, Layer, Shared
from torch import nn

from comity.evaluate.checkout import ROOT
from comity.evaluate.corefer_gold import read_topics
from comity.evaluate.corefer_score import mentions_of
from comity.evaluate.merge_score import read_gold, text_mentions
from comity.language.encoder import Encoder
from comity.record.merge.coref.reading import read

HERE = Path(__file__).parent
FROZEN = 3
RATE = 1e-4
POSITIVE = 2.0
PASSES = 8
TOGETHER = 6
PARTS = ("dev", "dev2", "dev3")


def of_dev():
    """The documents that are learned from, by folder."""
    return {part: read_topics(ROOT / "gold" / "corefer" / part) for part in PARTS}


class MentionEncoder(nn.Module):
    """Six layers over word embeddings; the lower ones frozen."""

    def __init__(self, layers: int = 6) -> None:
        super().__init__()
        self.positions = nn.Embedding(512, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.register_buffer("middle", torch.zeros(HIDDEN))  # the mean state of mentions, taken away from all

    def start_from_base(self) -> None:
        """Take the pre-trained encoder as a beginning."""
        base = Shared(1)
        base.load_base()
        for name in ("positions", "norm"):
            getattr(self, name).load_state_dict(getattr(base, name).state_dict())
        self.kind.data.copy_(base.kind.data)
        for mine, theirs in zip(self.layers, base.layers):
            mine.load_state_dict(theirs.state_dict())

    def lower(self, pieces, mask):
        """The output of the frozen layers."""
        x = self.norm(pieces + self.positions.weight[: pieces.shape[1]] + self.kind)
        for layer in self.layers[:FROZEN]:
            x = layer(x, ((1.0 - mask) * -1e4)[:, None, None, :])
        return x

    def upper(self, x, mask):
        """The output of the others."""
        for layer in self.layers[FROZEN:]:
            x = layer(x, ((1.0 - mask) * -1e4)[:, None, None, :])
        return x

    def forward(self, pieces, mask):
        """States (b, t, h) of pieces (b, t, h) with mask (b, t)."""
        return self.upper(self.lower(pieces, mask), mask) - self.middle


class Topic:
    """The sentences of one topic behind the frozen layers, and where its mentions stand."""

    def __init__(self, net, reading, ks, chains, stories):
        rows = {}
        spots = []
        for k in ks:
            m = reading.mentions[k]
            sentence = reading.texts[m.passage].sentences[m.sentence]
            row = rows.setdefault((m.passage, m.sentence), (len(rows), sentence))[0]
            spots.append((row, m.pieces))
        most = max(len(s.vectors.states) for _, s in rows.values())
        x, mask = torch.zeros(len(rows), most, HIDDEN), torch.zeros(len(rows), most)
        for row, sentence in rows.values():
            states = torch.from_numpy(sentence.vectors.states)
            x[row, : len(states)], mask[row, : len(states)] = states, 1
        with torch.no_grad():
            self.x = torch.cat([net.lower(x[a : a + 16], mask[a : a + 16]) for a in range(0, len(x), 16)])
        self.mask, self.ks, self.name = mask, ks, "-".join(sorted({s[0] for s in (stories[k] for k in ks)}))[:60]
        self.pool = torch.zeros(len(ks), len(rows), most)
        for n, (row, (a, b)) in enumerate(spots):
            self.pool[n, row, a:b] = 1 / (b - a)
        self.same = torch.tensor([[chains[a] == chains[b] for b in ks] for a in ks], dtype=torch.float)
        story = torch.tensor([[stories[a] == stories[b] for b in ks] for a in ks])
        self.asked = story & ~torch.eye(len(ks), dtype=torch.bool)

    def states(self, net):
        """A vector a mention."""
        return torch.einsum("nrt,rth->nh", self.pool, net.upper(self.x, self.mask))

    def vectors(self, net):
        """The same of length one."""
        return F.normalize(self.states(net), dim=-1)


def train(topics, passes, rate, seed):
    """A model trained on topics."""
    torch.manual_seed(seed)
    net = MentionEncoder()
    net.start_from_base()
    scale, middle = nn.Parameter(torch.tensor(8.0)), nn.Parameter(torch.tensor(0.5))
    learned = [p for layer in net.layers[FROZEN:] for p in layer.parameters()]
    optimiser = torch.optim.AdamW([{"params": learned, "lr": rate}, {"params": [scale, middle], "lr": 2e-2}], weight_decay=0.01)
    steps = passes * len(topics)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min(1.0, (n + 1) / 8) * max(0.05, 1 - n / steps))
    generator = torch.Generator().manual_seed(seed)
    for number in range(passes):
        net.train()
        total = 0.0
        for at in torch.randperm(len(topics), generator=generator).tolist():
            topic = topics[at]
            v = topic.vectors(net)
            logits = scale * (v @ v.T - middle)
            loss = F.binary_cross_entropy_with_logits(logits[topic.asked], topic.same[topic.asked], pos_weight=torch.tensor(POSITIVE))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"pass {number + 1}: loss {total / len(topics):.3f}, scale {float(scale.detach()):.1f}, middle {float(middle.detach()):.2f}, {time.process_time():.0f} s", flush=True)
    return net.eval()


def reworded(base, encoder):
    """The dev reports of gold/merge as further topics, several stories in one: the same acts in other words."""
    gold = read_gold(ROOT / "gold" / "merge" / "dev")
    stories = [g.story for g in gold]
    reading = read(text_mentions(gold), encoder)
    names = sorted(set(stories))
    parts = [set(names[at : at + TOGETHER]) for at in range(0, len(names), TOGETHER)]
    return [Topic(base, reading, [k for k, s in enumerate(stories) if s in part], [g.event for g in gold], stories) for part in parts]


def option(name, default):
    """A number from the command line."""
    return float(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main():
    """Train on all of dev and on either half."""
    torch.set_num_threads(1)
    passes, rate = int(option("--passes", PASSES)), option("--rate", RATE)
    encoder = Encoder.load()
    documents = [d for own in of_dev().values() for d in own]
    reading = read(mentions_of(documents), encoder)
    chains = [m.chain for d in documents for m in d.mentions]
    stories = [(d.topic, d.story) for d in documents for _ in d.mentions]
    names = sorted({d.topic for d in documents})
    base = MentionEncoder()
    base.start_from_base()
    base.eval()
    topics = [Topic(base, reading, [k for k, s in enumerate(stories) if s[0] == name], chains, stories) for name in names]
    more = reworded(base, encoder) if "--reworded" in sys.argv else []
    print(f"{len(topics)} topics, {len(more)} of rewordings, {time.process_time():.0f} s", flush=True)
    folder = HERE / "checkpoints"
    folder.mkdir(exist_ok=True)
    for half in [int(option("--halves", 0))] if "--halves" in sys.argv else ():
        net = train(topics[half::2] + more, passes, rate, half)
        for topic in topics[1 - half :: 2]:
            with torch.no_grad():
                np.savez(folder / f"mentions_{topic.name}.npz", at=topic.ks, vectors=topic.vectors(net).numpy())
    if "--halves" not in sys.argv:
        net = train(topics + more, passes, rate, 2)
        with torch.no_grad():
            net.middle.copy_(torch.cat([topic.states(net) for topic in topics]).mean(0))
        torch.save({"model": net.state_dict()}, folder / "mentions.pt")


if __name__ == "__main__":
    main()
