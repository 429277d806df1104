"""Write the reader of pairs as int8 ONNX: python training/export_events.py [checkpoint] [folder]."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import torch  # noqa: E402
from events_network import PairReader  # noqa: E402
from network import HIDDEN  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from comity.language.judge import OUTPUTS  # noqa: E402

INPUTS = ("pieces", "mask", "sources", "targets", "roles", "actors", "hints")
PRECISE = ("hint_in", "word", "asks", "kind", "each", "status")


class Judge(nn.Module):
    """The network as it is run: several sentences of like length, probabilities out."""

    def __init__(self, net: PairReader, statuses: int) -> None:
        super().__init__()
        self.net, self.n = net, statuses

    def forward(
        self, pieces: Tensor, mask: Tensor, sources: Tensor, targets: Tensor, roles: Tensor, actors: Tensor,
        hints: Tensor,
    ) -> tuple[Tensor, ...]:  # fmt: skip
        scores = self.net(pieces, mask, sources, targets, roles, actors, hints)
        rows = scores.statuses.reshape(scores.statuses.shape[0], scores.statuses.shape[1], -1, self.n)
        shares = scores.kinds.softmax(-1), scores.each.sigmoid(), rows.softmax(-1), scores.tells.softmax(-1)
        return *shares, scores.by_kind.exp()


def load(path: Path) -> tuple[PairReader, dict[str, Any]]:
    """The network and its label sets."""
    data = torch.load(path, map_location="cpu", weights_only=True)
    layers = len({k.split(".")[1] for k in data["model"] if k.startswith("layers.")})
    net = PairReader(len(data["types"]), len(data["statuses"]), data["model"]["hint_in.weight"].shape[1], layers)
    net.load_state_dict({k: v.float() for k, v in data["model"].items()})
    sets = {"types": data["types"], "statuses": data["statuses"]}
    return net.eval(), sets | {name: data.get(name, False) for name in ("unsaid", "rows")}


def to_onnx(net: nn.Module, hints: int, path: Path, outputs: dict[str, dict[int, str]]) -> None:
    """The network with free numbers of sentences, pieces and pairs; ``outputs`` names the free axes of each."""
    b, t, p = 2, 7, 3
    example = (
        torch.zeros(b, t, HIDDEN), torch.ones(b, t), torch.zeros(b, p, t), torch.zeros(b, p, t),
        torch.zeros(b, p, t, dtype=torch.long), torch.zeros(b, t), torch.zeros(b, t, hints),
    )  # fmt: skip
    row, pair = {0: "b", 1: "t"}, {0: "b", 1: "p", 2: "t"}
    axes = dict.fromkeys(("pieces", "mask", "actors", "hints"), row) | dict.fromkeys(
        ("sources", "targets", "roles"), pair
    )
    torch.onnx.export(
        net, example, str(path), input_names=list(INPUTS), output_names=list(outputs), dynamic_axes=axes | outputs,
        opset_version=17, dynamo=False,
    )  # fmt: skip


def main() -> None:
    """Export, quantise, and put the files in place."""
    checkpoint = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "checkpoints" / "events.pt"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parent / "comity" / "language" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    net, sets = load(checkpoint)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        home = Path(temporary)
        axes = {"tells": {0: "b", 1: "p", 2: "t"}, "by_kind": {0: "b", 2: "t"}}
        outputs = {name: axes.get(name, {0: "b", 1: "p"}) for name in OUTPUTS}
        to_onnx(Judge(net, len(sets["statuses"])), net.hint_in.in_features, home / "full.onnx", outputs)
        quantize_dynamic(
            home / "full.onnx",
            home / "events.int8.onnx",
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=[f"/net/{n}/MatMul" for n in PRECISE],
            extra_options={"MatMulConstBOnly": True},
        )
        (home / "events.json").write_text(json.dumps(sets), "utf-8")
        for name in ("events.json", "events.int8.onnx"):
            print(name, (home / name).stat().st_size)
            os.replace(home / name, folder / name)


if __name__ == "__main__":
    main()
