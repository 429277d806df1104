"""Train the reader of pairs: python training/train_events.py --minutes 20 [--weights FOLDER] [--all]."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from as_read import as_read  # noqa: E402
from events_data import (  # noqa: E402
    NOTHING,
    UNTOLD,
    Sample,
    Swapper,
    alone,
    frame_examples,
    grouped,
    held_out,
    samples,
    within_articles,
)
from events_network import PairReader, Scores  # noqa: E402
from pairs import STATUSES, TYPES, Passage, read_all  # noqa: E402
from torch import Tensor  # noqa: E402

from comity.language.encoder import Encoder  # noqa: E402
from comity.language.pairing import ROLES  # noqa: E402
from comity.reader import Reader  # noqa: E402

CHECKPOINTS = HERE / "checkpoints"
WEIGHTS = HERE.parent / "comity" / "language" / "weights"
PIECES_A_BATCH = 1400
UNSEEN, UNKNOWN = 0.07, 0.2
EACH = 0.5
"""Weight of the loss of every type by itself."""


class Batch:
    """Padded tensors of several samples."""

    def __init__(self, group: Sequence[Sample]) -> None:
        b, t = len(group), max(len(s.states) for s in group)
        p = max(len(s.types) for s in group)
        width = group[0].states.shape[1]
        self.pieces, self.mask = torch.zeros(b, t, width), torch.zeros(b, t)
        self.actors, self.hints = torch.zeros(b, t), torch.zeros(b, t, group[0].hints.shape[1])
        self.sources, self.targets = torch.zeros(b, p, t), torch.zeros(b, p, t)
        self.roles = torch.zeros(b, p, t, dtype=torch.long)
        self.types = torch.full((b, p, len(TYPES) + 1), UNTOLD)
        self.statuses = torch.full((b, p, len(TYPES)), -1)
        self.tells = torch.zeros(b, p, t)
        for i, s in enumerate(group):
            n, m = len(s.states), len(s.types)
            self.pieces[i, :n], self.mask[i, :n] = torch.from_numpy(s.states), 1.0
            self.actors[i, :n], self.hints[i, :n] = torch.from_numpy(s.actors), torch.from_numpy(s.hints)
            self.sources[i, :m, :n] = torch.from_numpy(s.inputs.sources)
            self.targets[i, :m, :n] = torch.from_numpy(s.inputs.targets)
            self.roles[i, :m, :n] = torch.from_numpy(s.inputs.roles)
            self.types[i, :m] = torch.from_numpy(s.types)
            self.statuses[i, :m] = torch.from_numpy(s.statuses)
            self.tells[i, :m, :n] = torch.from_numpy(s.tells)
        self.words = torch.tensor([(i, *w) for i, s in enumerate(group) for w in s.words], dtype=torch.long)

    @property
    def real(self) -> Tensor:
        """The pairs that are no padding."""
        return self.sources.sum(-1) + self.targets.sum(-1) > 0

    def scores(self, net: PairReader) -> Scores:
        pieces, hints = self.pieces, self.hints
        if net.training:  # some words are not seen, and some are not known to the lexicon
            pieces = pieces * (torch.rand(pieces.shape[:2]) > UNSEEN)[:, :, None]
            hints = hints * (torch.rand(hints.shape[:2]) > UNKNOWN)[:, :, None]
        scores: Scores = net(pieces, self.mask, self.sources, self.targets, self.roles, self.actors, hints)
        return scores


def batches(found: Sequence[Sample], rng: random.Random | None) -> Iterator[list[Sample]]:
    """Samples of like length together, in random order."""
    order = sorted(found, key=lambda s: len(s.states) + 2 * len(s.types) + (rng.random() * 8 if rng else 0))
    groups: list[list[Sample]] = [[]]
    for s in order:
        longest = max(len(s.states) + len(s.types), *(len(x.states) + len(x.types) for x in groups[-1]), 0)
        if groups[-1] and longest * (len(groups[-1]) + 1) > PIECES_A_BATCH:
            groups.append([])
        groups[-1].append(s)
    if rng:
        rng.shuffle(groups)
    yield from groups


def loss_of(batch: Batch, net: PairReader) -> Tensor:
    """Every wanted type against all wrong ones, each type for itself, its status, and where it is told."""
    kinds, each_kind, status, tells, by_kind = batch.scores(net)
    wanted, wrong = batch.types == 1, batch.types == 0
    against = torch.logsumexp(kinds.masked_fill(~wrong, -1e4), -1, keepdim=True)
    each = F.softplus(against - kinds)  # -log p of a wanted type among itself and the wrong ones
    nothing = torch.zeros_like(each)
    nothing[..., NOTHING] = 1.0
    loss = (each * wanted * (1.0 - 0.4 * nothing)).sum() / wanted.any(-1).sum().clamp(min=1)
    asked = batch.types[..., :NOTHING] != UNTOLD
    told_or_not = F.binary_cross_entropy_with_logits(each_kind, wanted[..., :NOTHING].float(), reduction="none")
    loss = loss + EACH * (told_or_not * asked).sum() / asked.any(-1).sum().clamp(min=1)
    known = batch.statuses >= 0
    if known.any():
        b, p, _ = batch.statuses.shape
        rows = status.view(b, p, len(TYPES), len(STATUSES))[known]
        loss = loss + 0.6 * F.cross_entropy(rows, batch.statuses[known], label_smoothing=0.02)
    told = batch.tells.sum(-1) > 0
    if told.any():
        where = batch.tells[told] / batch.tells[told].sum(-1, keepdim=True)
        loss = loss + 0.3 * -(where * tells[told].log_softmax(-1)).sum(-1).mean()
    if len(batch.words):
        loss = loss + 0.3 * -told_of_types(batch, tells, by_kind).mean()
    return loss


def told_of_types(batch: Batch, tells: Tensor, by_kind: Tensor) -> Tensor:
    """The log share of the word that tells it, for every act with such a word (acts,)."""
    row, pair, kind, first, end = batch.words.T
    shares = (tells[row, pair] + by_kind[row, kind]).log_softmax(-1)
    at = torch.arange(shares.shape[-1])
    return shares.masked_fill((at < first[:, None]) | (at >= end[:, None]), -1e4).logsumexp(-1)


def up_to_date(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A checkpoint from before there were roles of other sentences (they begin as what they are nearest to) and words
    and answers of one type."""
    like = [ROLES.index(name) for name in ("other", "source", "target")]
    old = len(ROLES) - len(like)
    moved = {k: torch.cat([v, v[like]]) if k.endswith("role_bias") and len(v) == old else v for k, v in state.items()}
    kind = {k: moved[f"kind.{k}"] for k in ("weight", "bias")}
    each = {f"each.{k}": v[:NOTHING] - v[NOTHING:] for k, v in kind.items()}
    return {"kind_asks": torch.zeros(len(TYPES), 128), **each, **moved}


def smaller(teacher: PairReader, layers: int, hints: int) -> PairReader:
    """A network with some of the teacher's layers, evenly chosen, the last among them."""
    net = PairReader(len(TYPES) + 1, len(STATUSES), hints, layers)
    chosen = [round((i + 1) * len(teacher.layers) / layers) - 1 for i in range(layers)]
    state = {k: v for k, v in teacher.state_dict().items() if not k.startswith("layers.")}
    for mine, theirs in enumerate(chosen):
        for key, value in teacher.layers[theirs].state_dict().items():
            state[f"layers.{mine}.{key}"] = value
    net.load_state_dict(state)
    return net


def taught(batch: Batch, net: PairReader, teacher: PairReader) -> Tensor:
    """The loss of the targets and, as much again, of the teacher's own answers (distillation, Hinton et al. 2015)."""
    own = batch.scores(net)
    kinds, status = own.kinds, own.statuses
    with torch.no_grad():
        other = batch.scores(teacher)
    wanted, wanted_status = other.kinds, other.statuses
    real = batch.real[..., None]
    b, p, _ = status.shape
    known = batch.statuses >= 0
    soft = lambda x: x.view(b, p, len(TYPES), len(STATUSES))[known]  # noqa: E731
    apart = (F.kl_div(kinds.log_softmax(-1), wanted.softmax(-1), reduction="none") * real).sum() / real.sum().clamp(
        min=1
    )
    if known.any():
        apart = apart + 0.6 * F.kl_div(
            soft(status).log_softmax(-1), soft(wanted_status).softmax(-1), reduction="batchmean"
        )
    return 0.5 * loss_of(batch, net) + 2.0 * apart


def judged(net: PairReader, found: Sequence[Sample]) -> dict[str, float]:
    """Scores on held-out passages: the type given a pair with an act, detection with type, status."""
    net.eval()
    right = asked = tp = given = wanted_n = status_right = status_n = told_right = told_n = 0
    by: dict[int, list[int]] = {}
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for group in batches(found, None):
            batch = Batch(group)
            kinds, each_kind, status, tells, by_kind = batch.scores(net)
            best = kinds[..., :NOTHING].argmax(-1)
            wanted = batch.types[..., :NOTHING] == 1
            has = wanted.any(-1)
            hit = wanted.gather(-1, best[..., None])[..., 0] & has
            right, asked = right + int(hit.sum()), asked + int(has.sum())
            for k in range(NOTHING):
                row = by.setdefault(k, [0, 0, 0])
                row[0] += int((wanted[..., k] & (best == k)).sum())
                row[1] += int((wanted[..., k] & ~((best != k) & hit)).sum())
                row[2] += int(((best == k) & has).sum())
            says = (each_kind > 0.0) & batch.real[..., None]
            cell = batch.types[..., :NOTHING]
            given += int((says & (cell != UNTOLD)).sum())
            tp += int((says & (cell == 1)).sum())
            wanted_n += int(wanted.sum())
            b, p, _ = batch.statuses.shape
            rows = status.view(b, p, NOTHING, len(STATUSES)).argmax(-1)
            asked_status = batch.statuses >= 0
            status_right += int(((rows == batch.statuses) & asked_status).sum())
            status_n += int(asked_status.sum())
            if len(batch.words):
                row, pair, kind, first, end = batch.words.T
                word = (tells[row, pair] + by_kind[row, kind]).argmax(-1)
                told_right += int(((word >= first) & (word < end)).sum())
                told_n += len(word)
    net.train()
    f1s = [2 * a / max(b + c, 1) for a, b, c in by.values() if b]
    precision, recall = tp / max(given, 1), tp / max(wanted_n, 1)
    return {
        "type given pair": right / max(asked, 1), "macro f1": float(np.mean(f1s)) if f1s else 0.0,
        "precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9),
        "status": status_right / max(status_n, 1), "told at": told_right / max(told_n, 1),
    }  # fmt: skip


class Material:
    """What there is to learn from, cut anew for every pass, and what is kept for development."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options, self.rng = options, random.Random(options.seed)
        self.reader = Reader(encoder=Encoder.load(options.weights), judge="none")
        self.swapper, self.examples = Swapper(), frame_examples()
        self.read = read_all()
        self.seen: dict[str, Passage] = {}

    def as_seen(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages of stories as the reader sees them; the others, which it has not read, are left out."""
        asked = {p.article for p in passages if p.where not in self.seen}
        self.seen |= as_read([p for p in self.read if p.article in asked], self.reader)
        return [self.seen[p.where] for p in passages if p.where in self.seen]

    def kept(self) -> dict[str, list[Sample]]:
        """The passages kept out of training: alone, with what their article says before, and as the reader sees them."""
        _, dev = held_out(self.read)
        ways = {
            "alone": alone(dev),
            "in articles": within_articles(dev, self.read),
            "as read": within_articles(self.as_seen(dev), self.as_seen(self.read)),
        }
        return {name: list(samples(groups, self.reader)) for name, groups in ways.items()}

    def epoch(self) -> list[Sample]:
        """The samples of a pass; passages written since the last are taken along."""
        options, rng = self.options, self.rng
        self.read = read_all()
        kept = frozenset() if options.all else frozenset(p.text for p in held_out(self.read)[1])
        some = rng.sample(self.examples, min(len(self.examples), int(800 * options.share)))
        asked = [p for p in self.read if p.article or p.text not in kept]
        chosen = self._some(asked, options.share, options.fresh)
        rows = grouped(self._mixed(chosen), rng, options.single)
        swapped = [self.swapper.group(g, rng) if rng.random() < 0.6 else g for g in [*rows, *alone(some)]]
        return list(samples(swapped, self.reader, kept))

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


def produce(options: argparse.Namespace, ready: Queue) -> None:
    """Put the samples of a pass, what is kept out, then one pass after the other: a process beside the training."""
    material = Material(options)
    ready.put(material.epoch())
    ready.put(material.kept())
    while True:
        ready.put(material.epoch())


def prepared(options: argparse.Namespace) -> Iterator[Any]:
    """What `produce` puts, the next pass cut while this one is learned from."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue(1)
    context.Process(target=produce, args=(options, ready), daemon=True).start()
    while True:
        yield ready.get()


def optimiser(net: PairReader, rate: float) -> torch.optim.AdamW:
    """The layers that were trained before move more slowly than the new parts."""

    def trained(name: str) -> bool:
        return name.startswith(("layers.", "positions", "norm.", "kind_in")) and "role_bias" not in name

    old = [p for n, p in net.named_parameters() if trained(n)]
    new = [p for n, p in net.named_parameters() if not trained(n)]
    return torch.optim.AdamW(
        [{"params": old, "lr": rate, "top": rate}, {"params": new, "lr": 5 * rate, "top": 5 * rate}], weight_decay=0.01,
        fused=True,
    )


def main() -> None:
    """Train for the minutes given; the rate falls with the clock."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--all", action="store_true", help="keep nothing for development")
    parser.add_argument("--passes", type=int, default=0, help="stop after so many passes")
    parser.add_argument("--start", type=Path, help="a trained checkpoint to go on from")
    parser.add_argument("--fresh", nargs="*", default=[], help="files of passages seen in every pass")
    parser.add_argument("--share", type=float, default=1.0, help="of the other files seen in a pass, with --fresh")
    parser.add_argument("--repeat", type=int, default=1, help="passes over what was cut and parsed once")
    parser.add_argument("--single", type=float, default=0.3, help="share of the records of articles also read alone")
    parser.add_argument("--as-read", type=float, default=0.5, help="share of stories with the reader's own mentions")
    parser.add_argument("--teacher", type=Path, help="a trained checkpoint to make a smaller network from")
    parser.add_argument("--layers", type=int, default=3, help="layers of the smaller network")
    parser.add_argument("--fp32", action="store_true", help="without bfloat16")
    parser.add_argument("--out", type=Path, default=CHECKPOINTS / "events.pt")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    ready = prepared(options)
    epoch: list[Sample] = next(ready)
    kept: dict[str, list[Sample]] = {}
    hints = epoch[0].hints.shape[1]
    teacher: PairReader | None = None
    net = PairReader(len(TYPES) + 1, len(STATUSES), hints)
    net.start_from_base()
    if options.start:
        net.load_state_dict(up_to_date(torch.load(options.start, weights_only=True)["model"]))
    if options.teacher:
        teacher = net
        teacher.load_state_dict(torch.load(options.teacher, weights_only=True)["model"])
        net = smaller(teacher, options.layers, hints)
        teacher.eval()
    opt = optimiser(net, options.rate)
    began, seconds = time.time(), options.minutes * 60
    number = 0
    while (share := (time.time() - began) / seconds) < 1.0 and (not options.passes or number < options.passes):
        if number and number % options.repeat == 0:
            epoch = next(ready)
        number += 1
        total, steps = 0.0, 0
        for group in batches(epoch, rng):
            share = (time.time() - began) / seconds
            if options.passes:
                share = (number - 1 + steps / (len(epoch) / 20)) / options.passes
            for row in opt.param_groups:
                row["lr"] = row["top"] * min(1.0, share / 0.06 + 0.02) * max(0.0, 1.0 - share) ** 0.9
            batch = Batch(group)
            with torch.autocast("cpu", torch.bfloat16, enabled=not options.fp32):
                loss = loss_of(batch, net) if teacher is None else taught(batch, net, teacher)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            total, steps = total + float(loss.detach()), steps + 1
            if time.time() - began > seconds:
                break
        print(
            f"{(time.time() - began) / 60:5.1f} min  pass {number}  {len(epoch)} samples  loss {total / max(steps, 1):.3f}"
        )
        kept = kept or next(ready)
        tell(net, kept, ["as read"])
        save(net, options.out)
    tell(net, kept, ["alone", "in articles"])


def tell(net: PairReader, kept: Mapping[str, Sequence[Sample]], names: Sequence[str]) -> None:
    """Print the scores of some of what is kept for development."""
    for name in names:
        print(f"  {name:12}", "  ".join(f"{k} {v:.3f}" for k, v in judged(net, kept[name]).items()), flush=True)


def save(net: PairReader, path: Path) -> None:
    """Write the checkpoint whole or not at all; it has seen rows, and acts with a side that no word names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    sets = {"types": [*TYPES, "NONE"], "statuses": list(STATUSES), "unsaid": True, "rows": True}
    torch.save({"model": net.state_dict(), **sets}, partial)
    partial.replace(path)


if __name__ == "__main__":
    main()
