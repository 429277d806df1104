"""Make a checkpoint of the reader of pairs from the shipped weights: python training/restore_events.py [checkpoint].

So that training can go on from what is shipped (`train_events.py --start`), by whoever has the repository alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import torch  # noqa: E402
from events_network import PairReader  # noqa: E402
from restore import WEIGHTS, Graph  # noqa: E402
from train_events import CHECKPOINTS, save  # noqa: E402

FILE = "events.int8.onnx"


def linears(net: PairReader) -> Iterator[tuple[str, str]]:
    """Names of weights in the network and of their products in the graph."""
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.Linear):
            path = name.replace(".", "/").replace("layers/", "layers.")
            yield name, f"/net/{path}/MatMul"


def restored(folder: Path = WEIGHTS) -> PairReader:
    """The reader of pairs in ``folder``, its 8-bit products as floating point."""
    labels = json.loads((folder / "events.json").read_text("utf-8"))
    graph = Graph(folder / FILE)
    hints = graph.product("/net/hint_in/MatMul").shape[1]
    net = PairReader(len(labels["types"]), len(labels["statuses"]), hints)
    state = {
        key: torch.from_numpy(graph.constants[f"net.{key}"].copy())
        for key in net.state_dict()
        if f"net.{key}" in graph.constants
    }
    state |= {f"{name}.weight": graph.product(product) for name, product in linears(net)}
    looked_up = [n.input[0] for n in graph.nodes if n.op_type == "Gather" and n.input[1] == "roles"]
    for layer, bias in enumerate(looked_up):  # the exporter may have given them another name
        state[f"layers.{layer}.role_bias"] = torch.from_numpy(graph.constants[bias].copy())
    net.load_state_dict(state)
    return net.eval()


def main() -> None:
    """Write the checkpoint."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKPOINTS / "events_restored.pt"
    save(restored(), path)
    print(path)


if __name__ == "__main__":
    main()
