"""Write the encoder of mentions as int8 ONNX: python training/export_mentions.py [--base].

From checkpoints/mentions.pt, or with --base as it was pre-trained, less the mean vector of the mentions of dev.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from merge_text_encoder import MentionEncoder, Topic, of_dev
from network import HIDDEN
from onnxruntime.quantization import QuantType, quantize_dynamic

from comity.evaluate.corefer_score import mentions_of
from comity.language.encoder import Encoder
from comity.record.merge.coref.reading import read

HERE = Path(__file__).parent
NAME = "mentions.int8.onnx"


def mean_state(net: MentionEncoder) -> torch.Tensor:
    """The mean vector of the mentions of dev."""
    documents = [d for own in of_dev().values() for d in own]
    reading = read(mentions_of(documents), Encoder.load())
    stories = [(d.topic, d.story) for d in documents for _ in d.mentions]
    chains = [m.chain for d in documents for m in d.mentions]
    with torch.no_grad():
        parts = [
            Topic(net, reading, [k for k, s in enumerate(stories) if s[0] == name], chains, stories).states(net)
            for name in sorted({d.topic for d in documents})
        ]
    return torch.cat(parts).mean(0)


def main() -> None:
    """Export, quantise, compare, and put the file in place."""
    folder = HERE.parent / "comity" / "language" / "weights"
    net = MentionEncoder()
    if "--base" in sys.argv:
        net.start_from_base()
        net.middle.copy_(mean_state(net.eval()))
    else:
        saved = torch.load(HERE / "checkpoints" / "mentions.pt", map_location="cpu", weights_only=True)
        net.load_state_dict(saved["model"])
    net.eval()
    row = {0: "b", 1: "t"}
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        full, small = Path(temporary) / "full.onnx", Path(temporary) / NAME
        torch.onnx.export(
            net, (torch.zeros(2, 7, HIDDEN), torch.ones(2, 7)), str(full), input_names=["pieces", "mask"], output_names=["states"],
            dynamic_axes=dict.fromkeys(("pieces", "mask", "states"), row), opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            full, small, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        x, mask = 0.05 * torch.randn(3, 12, HIDDEN), torch.ones(3, 12)
        mask[1, 8:] = 0
        with torch.no_grad():
            wanted = net(x, mask).numpy()
        given = ort.InferenceSession(str(small)).run(["states"], {"pieces": x.numpy(), "mask": mask.numpy()})[0]
        near = (wanted * given).sum(-1) / np.linalg.norm(wanted, axis=-1) / np.linalg.norm(given, axis=-1)
        print(f"cosine with the full network: at least {near[mask.numpy() > 0].min():.4f}")
        os.replace(small, folder / NAME)
    print(f"{folder / NAME}: {(folder / NAME).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
