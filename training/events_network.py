"""The reader of pairs: what a source does to a target, by an encoder of its own over the parser's word embeddings.

The parser's own layers have unlearned meaning for syntax: layers on top of its third reached 0.48 on pairs held
out where the pre-trained ones reached 0.61 after as many passes.  Only the word embeddings, which both leave
frozen, are shared.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from network import HEADS, HIDDEN, LAYERS, Layer, Shared
from torch import Tensor, nn

from comity.language.pairing import ROLES


class SteeredLayer(Layer):
    """A transformer layer over pieces and pairs in one row; a piece sees the pieces, a pair the pieces through their
    roles, and itself."""

    def __init__(self) -> None:
        super().__init__()
        self.role_bias = nn.Parameter(torch.zeros(len(ROLES), HEADS))

    def forward(self, x: Tensor, roles: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]
        """``x`` (b, t + p, h), ``roles`` (b, p, t), ``mask`` (b, t)."""
        b, p, t = roles.shape
        qkv = self.qkv(x)
        with torch.autocast(x.device.type, enabled=False):  # softmax in the type of the products: half the time
            mixed = self.attended(*qkv.view(b, t + p, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4), roles, mask)
        return self.after(x, mixed)

    def attended(self, query: Tensor, key: Tensor, value: Tensor, roles: Tensor, mask: Tensor) -> Tensor:
        """What pieces and pairs take in (b, t + p, h), of queries, keys and values (b, heads, t + p, h / heads).

        Without dropout, which took a fifth of the time of training and won nothing.
        """
        b, p, t = roles.shape
        query = query * (HIDDEN // HEADS) ** -0.5
        blocked = ((1.0 - mask) * -1e4)[:, None, None, :].to(query.dtype)
        table = self.role_bias.to(query.dtype)
        # learning from a look-up in a few rows is slow on graphics cards; the product there is the same
        bias = (F.one_hot(roles, len(ROLES)).to(query.dtype) @ table if roles.is_cuda else table[roles]).permute(0, 3, 1, 2)
        seen = query @ key[:, :, :t].transpose(-1, -2) + blocked
        own = (query[:, :, t:] * key[:, :, t:]).sum(-1, keepdim=True)
        of_pairs = torch.cat([seen[:, :, t:] + bias, own], -1).softmax(-1)
        of_text = seen[:, :, :t].softmax(-1) @ value[:, :, :t]
        of_pairs = of_pairs[..., :t] @ value[:, :, :t] + of_pairs[..., t:] * value[:, :, t:]
        return torch.cat([of_text, of_pairs], 2).transpose(1, 2).reshape(b, t + p, HIDDEN)


class Scores(NamedTuple):
    """Scores (logits) of pairs.

    ``kinds`` (b, p, types + 1): which type, or nothing; ``each`` (b, p, types): whether this type, beside whatever
    others; ``statuses`` (b, p, types x statuses); ``tells`` (b, p, t): where an act of the pair is told; ``by_kind``
    (b, types, t): what is added to the last where an act of one type is looked for.
    """

    kinds: Tensor
    each: Tensor
    statuses: Tensor
    tells: Tensor
    by_kind: Tensor


class PairReader(nn.Module):
    """Scores of types, of statuses for every type, and of the words that tell it."""

    def __init__(self, types: int, statuses: int, hints: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.positions = nn.Embedding(512, HIDDEN)
        self.kind_in = nn.Parameter(torch.zeros(HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.is_actor = nn.Parameter(torch.zeros(HIDDEN))
        self.hint_in = nn.Linear(hints, HIDDEN, bias=False)
        nn.init.zeros_(self.hint_in.weight)
        self.pair_in = nn.Linear(2 * HIDDEN, HIDDEN)
        self.pair_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(SteeredLayer() for _ in range(layers))
        self.drop = nn.Dropout(0.2)
        self.word = nn.Linear(HIDDEN, 128)
        self.asks = nn.Linear(HIDDEN, 128)
        self.kind_asks = nn.Parameter(torch.zeros(types - 1, 128))
        self.hidden = nn.Linear(5 * HIDDEN, HIDDEN)
        self.kind = nn.Linear(HIDDEN, types)
        self.each = nn.Linear(HIDDEN, types - 1)
        self.status_hidden = nn.Linear(2 * HIDDEN, HIDDEN)
        self.status = nn.Linear(HIDDEN, (types - 1) * statuses)

    def start_from_base(self) -> None:
        """Take the pre-trained encoder as a beginning."""
        base = Shared(1)
        base.load_base()
        self.positions.load_state_dict(base.positions.state_dict())
        self.norm.load_state_dict(base.norm.state_dict())
        self.kind_in.data.copy_(base.kind.data)
        for mine, theirs in zip(self.layers, base.layers, strict=False):
            mine.load_state_dict(theirs.state_dict(), strict=False)

    def forward(
        self, pieces: Tensor, mask: Tensor, sources: Tensor, targets: Tensor, roles: Tensor, actors: Tensor,
        hints: Tensor,
    ) -> Scores:  # fmt: skip
        """``pieces`` (b, t, h), ``mask`` and ``actors`` (b, t), ``hints`` (b, t, n), the rest (b, p, t)."""
        t = pieces.shape[1]
        text = pieces + self.positions.weight[:t] + self.kind_in + actors[:, :, None] * self.is_actor
        text = self.norm(text + self.hint_in(hints))
        pair = self.pair_norm(self.pair_in(torch.cat([sources @ text, targets @ text], -1)))
        x = torch.cat([text, self.drop(pair)], 1)
        for layer in self.layers:
            x = layer(x, roles, mask)
        text, pair = x[:, :t], x[:, t:]
        one, two = sources @ text, targets @ text
        words = self.word(text).transpose(-1, -2) * 128**-0.5
        tells = self.asks(pair) @ words + ((1.0 - mask) * -1e4)[:, None, :]
        telling = tells.softmax(-1) @ text
        hidden = self.hidden(self.drop(torch.cat([pair, one, two, one * two, telling], -1)))
        seen = self.drop(F.gelu(hidden))
        kinds, each = self.kind(seen), self.each(seen)
        status = self.status(self.drop(F.gelu(self.status_hidden(self.drop(torch.cat([pair, telling], -1))))))
        return Scores(kinds, each, status, tells, self.kind_asks @ words)
