"""Train the parser: python training/train.py --minutes 65."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from corpora import (  # noqa: E402
    SHARED,
    TAGS,
    UNKNOWN,
    Sample,
    damaged,
    frequent,
    lemma_script,
    read_columns,
    read_conllu,
)  # fmt: skip
from entities import epoch as epoch_samples  # noqa: E402
from entities import silver_trees  # noqa: E402
from network import LAYERS, Parser, base_folder  # noqa: E402

from comity.language.features import GAZETTEER, SIZE, Features  # noqa: E402
from comity.language.pieces import Pieces  # noqa: E402

WORDS_A_BATCH = 720
LONGEST = 170
CHECKPOINTS = HERE / "checkpoints"


class Codec:
    """Numbers for labels and arrays for samples."""

    def __init__(self, trees: list[Sample]) -> None:
        scripts = Counter(
            lemma_script(w, lemma, u) for s in trees for w, lemma, u in zip(s.words, s.lemmas, s.upos, strict=True)
        )
        self.sets = {
            "upos": frequent(Counter(t for s in trees for t in s.upos), 1),
            "xpos": frequent(Counter(t for s in trees for t in s.xpos), 1),
            "lemma": frequent(scripts, 3),
            "label": frequent(Counter(t for s in trees for t in s.labels), 1),
            "entity": list(TAGS),
        }
        self.number = {k: {v: i for i, v in enumerate(vs)} for k, vs in self.sets.items()}
        self.pieces = Pieces(base_folder() / "tokenizer.json")
        self.features = Features()

    def targets(self, s: Sample) -> dict[str, list[int]]:
        n, num = len(s.words), self.number
        none = [-100] * n
        out = dict.fromkeys(("upos", "xpos", "lemma", "label", "entity", "head"), none)
        if s.upos:
            out["upos"] = [num["upos"].get(t, -100) for t in s.upos]
            out["xpos"] = [num["xpos"].get(t, -100) for t in s.xpos]
            rows = zip(s.words, s.lemmas, s.upos, strict=True)
            out["lemma"] = [num["lemma"].get(lemma_script(*row), -100) for row in rows]
            out["head"] = [h + 1 for h in s.heads]
            out["label"] = [num["label"].get(t, -100) for t in s.labels]
        if s.entities:
            out["entity"] = [num["entity"].get(t, -100) if t != UNKNOWN else -100 for t in s.entities]
        return out

    def arrays(self, words: tuple[str, ...], rng: random.Random | None) -> tuple[list[int], np.ndarray, list[int]]:
        """Piece numbers, a feature row a piece, and the first piece of every word (0 is the root)."""
        cut = self.pieces.of(words)
        rows = self.features.of(words)
        if rng is not None:
            draw = rng.random()
            if draw < 0.08:
                rows = np.zeros_like(rows)
            elif draw < 0.2:
                rows = rows.copy()
                rows[:, GAZETTEER] = 0
        firsts, ids = [0], [self.pieces.start]
        for p in cut:
            firsts.append(len(ids))
            ids += p
        ids.append(self.pieces.end)
        feats = np.zeros((len(ids), SIZE), np.float32)
        feats[1:-1] = np.repeat(rows, [len(p) for p in cut], axis=0)
        return ids, feats, firsts


def batches(samples: list[Sample], rng: random.Random | None) -> list[list[Sample]]:
    """Batches of like length, in random order when there is a generator."""
    jitter = (lambda: rng.uniform(0, 3)) if rng else (lambda: 0.0)
    ordered = sorted(samples, key=lambda s: len(s.words) + jitter())
    out: list[list[Sample]] = []
    for s in ordered:
        if not out or (len(out[-1]) + 1) * (len(s.words) + 3) > WORDS_A_BATCH or len(out[-1]) >= 64:
            out.append([])
        out[-1].append(s)
    if rng:
        rng.shuffle(out)
    return out


def collate(batch: list[Sample], codec: Codec, rng: random.Random | None) -> dict[str, Tensor]:
    """Padded tensors of a batch."""
    goals = [codec.targets(s) for s in batch]
    if rng:
        hurt = [damaged(s, rng) for s in batch]
        goals = [
            {k: v[: len(h.words)] for k, v in g.items()} for g, h in zip(goals, hurt, strict=True)
        ]
        batch = hurt
    rows = [codec.arrays(s.words, rng) for s in batch]
    b, t, w = len(rows), max(len(r[0]) for r in rows), max(len(r[2]) for r in rows)
    ids, mask = np.zeros((b, t), np.int64), np.zeros((b, t), np.float32)
    feats, firsts = np.zeros((b, t, SIZE), np.float32), np.zeros((b, w), np.int64)
    real = np.zeros((b, w), bool)
    for i, (p, f, first) in enumerate(rows):
        ids[i, : len(p)], mask[i, : len(p)], feats[i, : len(p)] = p, 1, f
        firsts[i, : len(first)], real[i, : len(first)] = first, True
    out = {"ids": ids, "mask": mask, "features": feats, "firsts": firsts, "real": real}
    for key in goals[0]:
        goal = np.full((b, w - 1), -100, np.int64)
        for i, g in enumerate(goals):
            goal[i, : len(g[key])] = g[key]
        out["y_" + key] = goal
    return {k: torch.from_numpy(v) for k, v in out.items()}


def mean_loss(scores: Tensor, goal: Tensor, smooth: float = 0.0) -> Tensor:
    """Cross entropy over the annotated words only."""
    total = F.cross_entropy(
        scores.float().flatten(0, -2), goal.flatten(), ignore_index=-100, reduction="sum", label_smoothing=smooth
    )
    return total / (goal != -100).sum().clamp(min=1)


def scores_of(model: Parser, x: dict[str, Tensor]) -> dict[str, Tensor]:
    out = model.heads_of(x["ids"], x["features"], x["mask"], x["firsts"])
    out["arcs"] = out["arcs"].float().masked_fill(~x["real"][:, None, :], -1e4)
    return out


def pair_labels(model: Parser, out: dict[str, Tensor], heads: Tensor) -> Tensor:
    index = heads.clamp(min=0)[:, :, None].expand(-1, -1, out["label_head"].shape[-1])
    return model.labels_of(out["label_dep"], out["label_head"].gather(1, index))


def loss_of(model: Parser, x: dict[str, Tensor]) -> Tensor:
    out = scores_of(model, x)
    labels = pair_labels(model, out, x["y_head"])
    return (
        mean_loss(out["arcs"], x["y_head"])
        + mean_loss(labels, x["y_label"], 0.03)
        + 0.5 * mean_loss(out["upos"], x["y_upos"], 0.03)
        + 0.5 * mean_loss(out["xpos"], x["y_xpos"], 0.03)
        + 0.3 * mean_loss(out["lemma"], x["y_lemma"])
        + 1.0 * mean_loss(out["entity"], x["y_entity"], 0.02)
    )


@torch.no_grad()
def evaluate(model: Parser, samples: list[Sample], codec: Codec) -> dict[str, float]:
    """Quick figures with greedy heads."""
    model.eval()
    hit: Counter[str] = Counter()
    for batch in batches(samples, None):
        x = collate(batch, codec, None)
        with torch.autocast("cpu", torch.bfloat16):
            out = scores_of(model, x)
            heads = out["arcs"].argmax(-1)
            labels = pair_labels(model, out, heads).argmax(-1)
        known = x["y_head"] != -100
        right = (heads == x["y_head"]) & known
        hit["n"] += int(known.sum())
        hit["uas"] += int(right.sum())
        hit["las"] += int((right & (labels == x["y_label"])).sum())
        for key in ("upos", "xpos", "lemma"):
            hit[key] += int(((out[key].argmax(-1) == x["y_" + key]) & known).sum())
        tags = out["entity"].argmax(-1)
        seen = (x["y_entity"] != -100)
        hit["ent_n"] += int(((x["y_entity"] > 0) & seen).sum())
        hit["ent_tp"] += int(((x["y_entity"] > 0) & (tags == x["y_entity"])).sum())
        hit["ent_p"] += int(((tags > 0) & seen).sum())
    model.train()
    n = max(hit["n"], 1)
    result = {k: 100 * hit[k] / n for k in ("upos", "xpos", "lemma", "uas", "las")}
    if hit["ent_n"]:
        result["token_f"] = 200 * hit["ent_tp"] / max(hit["ent_n"] + hit["ent_p"], 1)
    return {k: round(v, 2) for k, v in result.items()}


def optimiser(model: Parser) -> torch.optim.Optimizer:
    """AdamW with rates that fall towards the bottom of the encoder."""
    model.shared.words.weight.requires_grad_(False)
    groups = []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        rate = 1e-3
        if name.startswith("shared.layers."):
            rate = 1.5e-4 * 0.88 ** (LAYERS - 1 - int(name.split(".")[2]))
        elif name.startswith(("shared.positions", "shared.norm", "shared.kind")):
            rate = 4e-5
        elif name == "mix":
            rate = 1e-2
        groups.append({"params": [p], "lr": rate, "base": rate, "weight_decay": 0.01 if p.dim() > 1 else 0.0})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-8, fused=True)


def save(model: Parser, codec: Codec, name: str, note: dict[str, object]) -> None:
    CHECKPOINTS.mkdir(exist_ok=True)
    temporary = CHECKPOINTS / (name + ".tmp")
    torch.save({"model": model.state_dict(), "sets": codec.sets, "note": note}, temporary)
    temporary.rename(CHECKPOINTS / name)


def options() -> argparse.Namespace:
    """What the command line says."""
    args = argparse.ArgumentParser()
    args.add_argument("--minutes", type=float, default=65)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--resume", type=Path, help="go on from a checkpoint, with lower rates")
    args.add_argument("--peak", type=float, default=1.0, help="the highest rate, as a part of the usual")
    args.add_argument("--seed", type=int, default=7)
    args.add_argument("--bench", action="store_true", help="forty steps, to see the speed")
    args.add_argument("--fp32", action="store_true", help="without bfloat16")
    return args.parse_args()


class Clock:
    """How much of the time is spent, and the rate that follows from it."""

    def __init__(self, minutes: float, peak: float) -> None:
        self.start, self.budget, self.peak = time.time(), minutes * 60, peak
        self.step = 0

    def seconds(self) -> float:
        return time.time() - self.start

    def over(self) -> bool:
        return self.seconds() >= self.budget

    def factor(self) -> float:
        """A short climb, then a straight fall."""
        return self.peak * min(1.0, (self.step + 1) / 300) * max(0.01, 1 - self.seconds() / self.budget)


def one_epoch(
    model: Parser, opt: torch.optim.Optimizer, codec: Codec, pool: list[Sample], clock: Clock,
    rng: random.Random, opts: argparse.Namespace,
) -> None:  # fmt: skip
    """Once over the sentences, or until the time is over."""
    shown = 0.0
    for batch in batches(pool, rng):
        if clock.over() or (opts.bench and clock.step == 40):
            return
        for group in opt.param_groups:
            group["lr"] = group["base"] * clock.factor()
        with torch.autocast("cpu", torch.bfloat16, enabled=not opts.fp32):
            loss = loss_of(model, collate(batch, codec, rng))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_((p for p in model.parameters() if p.grad is not None), 2.0)
        opt.step()
        clock.step += 1
        shown = 0.98 * shown + 0.02 * float(loss.detach()) if shown else float(loss.detach())
        if clock.step % (10 if opts.bench else 100) == 0:
            print(f"{clock.seconds():6.0f}s step {clock.step} loss {shown:.3f} rate {clock.factor():.2f}", flush=True)


def held_out() -> tuple[list[Sample], list[Sample]]:
    """Half of EWT dev (with entities) and half of GUM news."""
    dev = read_conllu(SHARED / "treebank" / "en_ewt-dev.conllu.gz")
    news = read_conllu(SHARED / "treebank" / "gum-news.conllu.gz")
    named = read_columns(SHARED / "ner" / "uner-ewt-dev.iob2.gz", 1, 2, "\t")
    tags = {s.words: s.entities for s in named}
    return [replace(s, entities=tags.get(s.words, ())) for s in dev][::2], news[::2]


def main() -> None:
    """Train until the time is used up."""
    opts = options()
    torch.set_num_threads(opts.threads)
    torch.manual_seed(opts.seed)
    rng = random.Random(opts.seed)
    trees = [
        s for f in ("en_ewt-train", "gum-other") for s in read_conllu(SHARED / "treebank" / f"{f}.conllu.gz")
    ]
    codec = Codec(trees)
    sizes = [len(codec.sets[k]) for k in ("upos", "xpos", "lemma", "label", "entity")]
    marked = silver_trees(trees)
    dev, news = held_out()
    model = Parser(SIZE, *sizes)
    if opts.resume:
        model.load_state_dict(torch.load(opts.resume, weights_only=True)["model"])
    else:
        model.shared.load_base()
    model.train()
    opt, clock, epoch = optimiser(model), Clock(opts.minutes, opts.peak), 0
    print("labels", sizes, "trees", len(trees), flush=True)
    while not clock.over():
        pool = [s for s in epoch_samples(rng, marked) if 0 < len(s.words) <= LONGEST]
        one_epoch(model, opt, codec, pool, clock, rng, opts)
        if opts.bench:
            return
        epoch += 1
        note: dict[str, object] = {"epoch": epoch, "step": clock.step, "seconds": round(clock.seconds())}
        note["ewt-dev half"] = evaluate(model, dev, codec)
        note["gum-news half"] = evaluate(model, news, codec)
        save(model, codec, "last.pt", note)
        print(json.dumps(note), flush=True)
    save(model, codec, "final.pt", note)


if __name__ == "__main__":
    main()
