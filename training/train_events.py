"""Train the reader of pairs: python training/train_events.py --minutes 20 [--weights FOLDER] [--all]."""

from __future__ import annotations

import argparse
import copy
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from events_data import NOTHING, UNTOLD, Sample  # noqa: E402
from events_network import PairReader, Scores  # noqa: E402
from material import KEPT, TABLE, Passes, add_options, start  # noqa: E402
from network import LAYERS  # noqa: E402
from pairs import STATUSES, TYPES  # noqa: E402
from torch import Tensor  # noqa: E402

CHECKPOINTS = HERE / "checkpoints"
PIECES_A_BATCH = 1400
AHEAD = 8
UNSEEN, UNKNOWN = 0.07, 0.2
EACH = 0.5
"""Weight of the loss of every type by itself."""


class Batch:
    """Padded tensors of several samples."""

    def __init__(self, group: Sequence[Sample]) -> None:
        b, t = len(group), max(len(s.pieces) for s in group)
        p = max(len(s.types) for s in group)
        self.pieces, self.mask = torch.zeros(b, t, dtype=torch.long), torch.zeros(b, t)
        self.actors, self.hints = torch.zeros(b, t), torch.zeros(b, t, group[0].hints.shape[1])
        self.sources, self.targets = torch.zeros(b, p, t), torch.zeros(b, p, t)
        self.roles = torch.zeros(b, p, t, dtype=torch.long)
        self.types = torch.full((b, p, len(TYPES) + 1), UNTOLD)
        self.statuses = torch.full((b, p, len(TYPES)), -1)
        self.tells = torch.zeros(b, p, t)
        for i, s in enumerate(group):
            n, m = len(s.pieces), len(s.types)
            self.pieces[i, :n], self.mask[i, :n] = torch.from_numpy(s.pieces.astype(np.int64)), 1.0
            self.actors[i, :n], self.hints[i, :n] = torch.from_numpy(s.actors), torch.from_numpy(s.hints)
            self.sources[i, :m, :n] = torch.from_numpy(s.inputs.sources)
            self.targets[i, :m, :n] = torch.from_numpy(s.inputs.targets)
            self.roles[i, :m, :n] = torch.from_numpy(s.inputs.roles)
            self.types[i, :m] = torch.from_numpy(s.types)
            self.statuses[i, :m] = torch.from_numpy(s.statuses)
            self.tells[i, :m, :n] = torch.from_numpy(s.tells)
        words = [(i, *w) for i, s in enumerate(group) for w in s.words]
        self.words = torch.tensor(words, dtype=torch.long).view(-1, 5)
        self.real = self.sources.sum(-1) + self.targets.sum(-1) > 0
        """The pairs that are no padding."""

    def to(self, device: torch.device) -> Batch:
        """The same batch there."""
        for name, value in vars(self).items():
            setattr(self, name, value.to(device, non_blocking=True))
        return self

    def scores(self, net: PairReader, table: Tensor) -> Scores:
        """What the network says; ``table`` has the embedding of every piece."""
        pieces, hints = table[self.pieces], self.hints
        if net.training:  # some words are not seen, and some are not known to the lexicon
            pieces = pieces * (torch.rand_like(self.mask) > UNSEEN)[:, :, None]
            hints = hints * (torch.rand_like(self.mask) > UNKNOWN)[:, :, None]
        scores: Scores = net(pieces, self.mask, self.sources, self.targets, self.roles, self.actors, hints)
        return scores


def batches(found: Sequence[Sample], rng: random.Random | None, most: int = PIECES_A_BATCH) -> list[list[Sample]]:
    """Samples of like length together, in random order."""
    order = sorted(found, key=lambda s: len(s.pieces) + 2 * len(s.types) + (rng.random() * 8 if rng else 0))
    groups: list[list[Sample]] = [[]]
    longest = 0
    for s in order:
        longest = max(len(s.pieces) + len(s.types), longest)
        if groups[-1] and longest * (len(groups[-1]) + 1) > most:
            groups.append([])
            longest = len(s.pieces) + len(s.types)
        groups[-1].append(s)
    if rng:
        rng.shuffle(groups)
    return groups


def padded(groups: Sequence[Sequence[Sample]], device: torch.device) -> Iterator[Batch]:
    """The batches, some of them made ready while others are learned from."""
    with ThreadPoolExecutor(2) as pool:
        waiting = deque(pool.submit(Batch, group) for group in groups[:AHEAD])
        for group in [*groups[AHEAD:], *[None] * min(AHEAD, len(groups))]:
            yield waiting.popleft().result().to(device)
            if group is not None:
                waiting.append(pool.submit(Batch, group))


def loss_of(batch: Batch, scores: Scores) -> Tensor:
    """Every wanted type against all wrong ones, each type for itself, its status, and where it is told."""
    kinds, each_kind, status, tells, by_kind = scores
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
    at = torch.arange(shares.shape[-1], device=shares.device)
    return shares.masked_fill((at < first[:, None]) | (at >= end[:, None]), -1e4).logsumexp(-1)


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


class Answers(NamedTuple):
    """Shares (probabilities) that several teachers give in the mean: of kinds, of each type, of statuses, of words."""

    kinds: Tensor
    each: Tensor
    statuses: Tensor
    tells: Tensor


def answers(batch: Batch, teachers: Sequence[PairReader], table: Tensor) -> Answers:
    """The mean of what the teachers answer."""
    with torch.no_grad():
        found = [batch.scores(teacher, table) for teacher in teachers]
    mean = lambda rows: torch.stack([r.float() for r in rows]).mean(0)  # noqa: E731
    b, p, _ = found[0].statuses.shape
    return Answers(
        mean([f.kinds.softmax(-1) for f in found]), mean([f.each.sigmoid() for f in found]),
        mean([f.statuses.view(b, p, len(TYPES), len(STATUSES)).softmax(-1) for f in found]),
        mean([f.tells.softmax(-1) for f in found]),
    )  # fmt: skip


def taught(batch: Batch, scores: Scores, wanted: Answers) -> Tensor:
    """How far the answers are from those of the teachers (distillation, Hinton et al. 2015)."""
    real = batch.real
    count = real.sum().clamp(min=1)
    kinds = F.kl_div(scores.kinds.log_softmax(-1)[real], wanted.kinds[real], reduction="sum") / count
    each = F.binary_cross_entropy_with_logits(scores.each[real], wanted.each[real], reduction="sum") / count
    b, p, _ = scores.statuses.shape
    told = wanted.each * real[..., None]  # a status counts as far as there is an act
    apart = F.kl_div(
        scores.statuses.view(b, p, len(TYPES), len(STATUSES)).log_softmax(-1), wanted.statuses, reduction="none"
    ).sum(-1)
    status = (apart * told).sum() / told.sum().clamp(min=1)
    where = F.kl_div(scores.tells.log_softmax(-1), wanted.tells, reduction="none").sum(-1)
    tells = (where * told.amax(-1)).sum() / told.amax(-1).sum().clamp(min=1)
    return kinds + each + 0.3 * status + 0.3 * tells


def judged(net: PairReader, found: Sequence[Sample], table: Tensor) -> dict[str, float]:
    """Scores on held-out passages: the type given a pair with an act, detection with type (at one half, and the area
    under precision and recall), status, the word that tells."""
    net.eval()
    right = asked = tp = given = wanted_n = status_right = status_n = told_right = told_n = 0
    by: dict[int, list[int]] = {}
    sure: list[Tensor] = []
    true: list[Tensor] = []
    with torch.no_grad(), torch.autocast(table.device.type, torch.bfloat16):
        for batch in padded(batches(found, None), table.device):
            kinds, each_kind, status, tells, by_kind = batch.scores(net, table)
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
            open_ = (cell != UNTOLD) & batch.real[..., None]
            sure.append(torch.maximum(each_kind.float().sigmoid(), kinds.float().softmax(-1)[..., :NOTHING])[open_])
            true.append((cell == 1)[open_])
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
        "area": area(torch.cat(sure), torch.cat(true)),
    }  # fmt: skip


def area(sure: Tensor, true: Tensor) -> float:
    """The area under the curve of precision and recall (average precision)."""
    hit = true[sure.argsort(descending=True)].float()
    precision = hit.cumsum(0) / torch.arange(1, len(hit) + 1, device=hit.device)
    return float((precision * hit).sum() / hit.sum().clamp(min=1))


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


class Averaged:
    """The mean of a network's weights over its last steps, which reads better than any one of them."""

    def __init__(self, net: PairReader, keep: float) -> None:
        self.net, self.keep, self.steps = copy.deepcopy(net), keep, 0

    def take(self, net: PairReader) -> None:
        """Move towards the weights of a step."""
        self.steps += 1
        keep = min(self.keep, self.steps / (self.steps + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.net.parameters()), list(net.parameters()), 1.0 - keep)


def loaded(path: Path, hints: int) -> PairReader:
    """The network of a checkpoint."""
    state = torch.load(path, weights_only=True, map_location="cpu")["model"]
    layers = len({k.split(".")[1] for k in state if k.startswith("layers.")})
    net = PairReader(len(TYPES) + 1, len(STATUSES), hints, layers)
    net.load_state_dict({k: v.float() for k, v in state.items()})
    return net


def begun(options: argparse.Namespace, hints: int) -> PairReader:
    """The network to train, as it begins."""
    if options.start:
        net = loaded(options.start, hints)
        return smaller(net, options.layers, hints) if options.layers != len(net.layers) else net
    net = PairReader(len(TYPES) + 1, len(STATUSES), hints, options.layers)
    net.start_from_base()
    return net


class Training:
    """A network that learns until the time is over."""

    def __init__(self, options: argparse.Namespace, passes: Passes) -> None:
        self.options, self.passes, self.rng = options, passes, random.Random(options.seed)
        self.device = torch.device(options.device)
        self.epochs = iter(passes)
        self.epoch = next(self.epochs)
        hints = self.epoch[0].hints.shape[1]
        self.table = torch.from_numpy(np.load(passes.folder / TABLE)).to(self.device)
        self.net = begun(options, hints).to(self.device)
        self.teachers = [loaded(path, hints).to(self.device).eval() for path in options.teacher]
        self.mean = Averaged(self.net, options.average)
        self.opt = optimiser(self.net, options.rate)
        self.began, self.number = time.time(), 0
        self.kept: dict[str, list[Sample]] = {}

    @property
    def minutes(self) -> float:
        """Since the beginning."""
        return (time.time() - self.began) / 60

    def run(self) -> None:
        """Pass after pass; the rate falls with the clock, or with the passes where their number is given."""
        options = self.options
        while self.minutes < options.minutes and (not options.passes or self.number < options.passes):
            if self.number and self.number % options.repeat == 0:
                self.epoch = next(self.epochs)
            loss, steps = self.learn()
            self.number += 1
            print(f"{self.minutes:5.1f} min  pass {self.number}  {len(self.epoch)} samples  {steps} steps  loss {loss:.3f}")
            if self.number % options.tell == 0:
                self.tell("as read")
            save(self.mean.net, options.out)
        for name in KEPT:
            self.tell(name)

    def learn(self) -> tuple[float, int]:
        """One pass; the mean loss and the steps."""
        options, total, steps = self.options, torch.zeros((), device=self.device), 0
        groups = batches(self.epoch, self.rng, options.pieces)
        for batch in padded(groups, self.device):
            share = self.minutes / options.minutes
            if options.passes:
                share = (self.number + steps / len(groups)) / options.passes
            for row in self.opt.param_groups:
                row["lr"] = row["top"] * min(1.0, share / 0.06 + 0.02) * max(0.0, 1.0 - share) ** 0.9
            total, steps = total + self.step(batch), steps + 1
            if self.minutes > options.minutes:
                break
        return float(total) / max(steps, 1), steps

    def step(self, batch: Batch) -> Tensor:
        """Learn from one batch; its loss."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=not self.options.fp32):
            scores = batch.scores(self.net, self.table)
            loss = loss_of(batch, scores)
            if self.teachers:
                loss = 0.5 * loss + 2.0 * taught(batch, scores, answers(batch, self.teachers, self.table))
        self.opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.opt.step()
        self.mean.take(self.net)
        return loss.detach()

    def tell(self, name: str) -> None:
        """Print the scores of some of what is kept for development."""
        self.kept = self.kept or self.passes.kept()
        print(f"  {name:12}", "  ".join(f"{k} {v:.3f}" for k, v in judged(self.mean.net, self.kept[name], self.table).items()), flush=True)


def save(net: PairReader, path: Path) -> None:
    """Write the checkpoint whole or not at all; it has seen rows, and acts with a side that no word names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    sets = {"types": [*TYPES, "NONE"], "statuses": list(STATUSES), "unsaid": True, "rows": True}
    torch.save({"model": {k: v.cpu() for k, v in net.state_dict().items()}, **sets}, partial)
    partial.replace(path)


def main() -> None:
    """Train for the minutes given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cuda for a graphics card")
    parser.add_argument("--pieces", type=int, default=PIECES_A_BATCH, help="pieces and pairs in a batch")
    parser.add_argument("--passes", type=int, default=0, help="stop after so many passes")
    parser.add_argument("--start", type=Path, help="a trained checkpoint to go on from")
    parser.add_argument("--repeat", type=int, default=1, help="passes over what was cut and parsed once")
    parser.add_argument("--teacher", type=Path, nargs="*", default=[], help="trained checkpoints to learn the answers of")
    parser.add_argument("--layers", type=int, default=LAYERS, help="layers of the network")
    parser.add_argument("--average", type=float, default=0.999, help="share of the mean weights kept in a step")
    parser.add_argument("--tell", type=int, default=1, help="passes between two measurements")
    parser.add_argument("--fp32", action="store_true", help="without bfloat16")
    parser.add_argument("--cuts", type=Path, help="a folder that material.py writes passes to")
    parser.add_argument("--shares", type=int, default=1, help="by so many processes")
    parser.add_argument("--out", type=Path, default=CHECKPOINTS / "events.pt")
    add_options(parser)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    if options.cuts:
        Training(options, Passes(options.cuts, options.shares, tidy=False)).run()
        return
    with tempfile.TemporaryDirectory() as temporary:
        start(options, Path(temporary), 1)
        Training(options, Passes(Path(temporary), 1, tidy=True)).run()


if __name__ == "__main__":
    main()
