"""Make a checkpoint from the shipped weights: python training/restore.py [checkpoint].

The 8-bit products come back as floating point, so that `export.py` can write them again, with another graph or
further outputs, and later training can start from what is shipped.  Quantising the restored weights gives the
shipped numbers again, since every channel holds its own largest value.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import torch  # noqa: E402
from network import ARC, LAYERS, Parser  # noqa: E402
from onnx import numpy_helper  # noqa: E402

from comity.language.features import SIZE  # noqa: E402

WEIGHTS = HERE.parent / "comity" / "language" / "weights"
SETS = ("upos", "xpos", "lemma", "label", "entity")


class Graph:
    """The constants of the shipped graph, and the order of its products."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(str(path)).graph
        self.constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.products = {n.name.removesuffix("_quant"): n.input[1] for n in graph.node if "MatMul" in n.op_type}
        self.nodes = graph.node

    def product(self, name: str) -> torch.Tensor:
        """The right-hand matrix of a product, as ``nn.Linear`` keeps it (out, in)."""
        key = self.products[name]
        matrix = self.constants[key].astype(np.float32)
        if key.endswith("_quantized"):
            matrix = matrix * self.constants[key.removesuffix("quantized") + "scale"]
        return torch.from_numpy(np.ascontiguousarray(matrix.T))

    def arcs(self) -> str:
        """The product of dependents with the arc matrix: its number hangs on how the layers are mixed."""
        names = [n for n in self.products if n.startswith("/MatMul")]
        return next(n for n in names if getattr(self.constants.get(self.products[n]), "shape", None) == (ARC, ARC))

    def mixes(self) -> torch.Tensor:
        """The logarithms of the weights by which the layers are mixed, a row a head."""
        rows = [v.reshape(-1) for v in self.constants.values() if v.shape[:1] == (LAYERS,) and v.size == LAYERS]
        if rows:
            return torch.from_numpy(np.log(np.stack(rows)))
        (row,) = [v for v in self.constants.values() if v.shape == (3, LAYERS)]
        return torch.from_numpy(np.log(row.copy()))


def linears(parser: Parser) -> Iterator[tuple[str, str]]:
    """Names of weights in the network and of their products in the graph."""
    for i in range(LAYERS):
        for part in ("qkv", "out", "up", "down"):
            yield f"shared.layers.{i}.{part}", f"/shared/layers.{i}/{part}/MatMul"
    for part in ("shared.feature_in", "shared.feature_out"):
        yield part, f"/{part.replace('.', '/')}/MatMul"
    for part in ("tag_hidden", "ner_hidden", "upos", "xpos", "lemma", "entity", "dep", "head", "label_dep", "label_head"):
        yield part, f"/{part}/MatMul"


def restored(folder: Path = WEIGHTS) -> tuple[Parser, dict[str, list[str]]]:
    """The parser and its label sets."""
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    sets = {k: labels[k] for k in SETS}
    parser = Parser(SIZE, *(len(sets[k]) for k in SETS))
    graph = Graph(folder / "model.int8.onnx")
    state = parser.state_dict()
    for key in state:
        if f"parser.{key}" in graph.constants:
            state[key] = torch.from_numpy(graph.constants[f"parser.{key}"].copy())
    small, scale = (graph.constants[f"parser.shared.words.{k}"] for k in ("small", "scale"))
    state["shared.words.weight"] = torch.from_numpy(small.astype(np.float32) * scale)
    for name, product in linears(parser):
        state[f"{name}.weight"] = graph.product(product)
    added = next(n.input for n in graph.nodes if n.op_type == "Add" and "onnx::Add" in "".join(n.input))
    row = next(graph.constants[i] for i in added if i in graph.constants)
    state["arc"] = torch.cat([graph.product(graph.arcs()).T, torch.from_numpy(row.copy())[None]], 0)
    state["mix"] = graph.mixes()
    state["label.weight"] = torch.tensor(labels["label_weight"])
    state["label.bias"] = torch.tensor(labels["label_bias"])
    parser.load_state_dict(state)
    return parser.eval(), sets


def main() -> None:
    """Write the checkpoint."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "checkpoints" / "restored.pt"
    path.parent.mkdir(parents=True, exist_ok=True)
    parser, sets = restored()
    torch.save({"model": parser.state_dict(), "sets": sets, "note": "restored from the shipped weights"}, path)
    print(path)


if __name__ == "__main__":
    main()
