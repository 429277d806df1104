"""Write a checkpoint as int8 ONNX with its labels: python training/export.py [checkpoint] [folder]."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import onnx  # noqa: E402
import torch  # noqa: E402
from corpora import SHARED, read_conllu  # noqa: E402
from network import Parser, base_folder  # noqa: E402
from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from comity.language.features import SIZE  # noqa: E402

OUTPUTS = ("upos", "xpos", "lemma", "entity", "arcs", "label_dep", "label_head", "pieces")

# Small products that decide much stay in floating point.
PRECISE = (
    "/shared/feature_in/MatMul", "/shared/feature_out/MatMul", "/head/MatMul", "/dep/MatMul", "/MatMul",
    "/label_head/MatMul", "/label_dep/MatMul", "/upos/MatMul", "/xpos/MatMul", "/lemma/MatMul", "/entity/MatMul",
)  # fmt: skip


class SmallWords(nn.Module):
    """The word embeddings in 8 bits, with a scale a row."""

    def __init__(self, words: nn.Embedding) -> None:
        super().__init__()
        full = words.weight.detach()
        self.scale = nn.Parameter(full.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127, requires_grad=False)
        self.small = nn.Parameter((full / self.scale).round().to(torch.int8), requires_grad=False)

    def forward(self, ids: Tensor) -> Tensor:
        return self.small[ids].float() * self.scale[ids]


class Reader(nn.Module):
    """The parser as it is run: best tags inside, scores out."""

    def __init__(self, parser: Parser) -> None:
        super().__init__()
        self.parser = parser
        parser.shared.words = SmallWords(parser.shared.words)  # type: ignore[assignment]

    def forward(self, ids: Tensor, features: Tensor, firsts: Tensor) -> tuple[Tensor, ...]:
        mask = (ids != 0).float()
        out = self.parser.heads_of(ids, features.float(), mask, firsts)
        for key in ("upos", "xpos", "lemma"):
            out[key] = out[key].argmax(-1)
        return tuple(out[k] for k in OUTPUTS)


def load(path: Path) -> tuple[Parser, dict[str, list[str]]]:
    """The parser and label sets of a checkpoint."""
    data = torch.load(path, map_location="cpu", weights_only=True)
    sets = data["sets"]
    parser = Parser(SIZE, *(len(sets[k]) for k in ("upos", "xpos", "lemma", "label", "entity")))
    parser.load_state_dict(data["model"])
    print(data["note"])
    return parser.eval(), sets


def to_onnx(parser: Parser, path: Path) -> None:
    """The network with free batch, piece and word axes."""
    example = (
        torch.randint(1, 1000, (2, 9)), torch.zeros(2, 9, SIZE, dtype=torch.uint8),
        torch.tensor([[0, 1, 2, 4], [0, 1, 3, 5]]),
    )  # fmt: skip
    pieces, words = {0: "b", 1: "t"}, {0: "b", 1: "w"}
    axes: dict[str, dict[int, str]] = {"ids": pieces, "features": pieces, "firsts": words}
    for name in OUTPUTS:
        axes[name] = {0: "b", 1: "n"}
    axes["pieces"] = dict(pieces)
    axes["arcs"][2] = "w"
    torch.onnx.export(
        Reader(parser), example, str(path), input_names=["ids", "features", "firsts"],
        output_names=list(OUTPUTS), dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def lexicon() -> tuple[dict[str, str], list[str]]:
    """Lemmas of forms seen in training (by form and first letters of the tag), and known base forms of verbs."""
    trees = [s for f in ("en_ewt-train", "gum-other") for s in read_conllu(SHARED / "treebank" / f"{f}.conllu.gz")]
    seen: dict[str, Counter[str]] = {}
    bases: Counter[str] = Counter()
    for s in trees:
        for word, tag, lemma, upos in zip(s.words, s.xpos, s.lemmas, s.upos, strict=True):
            if upos in ("VERB", "AUX") and word.isalpha():
                bases[lemma] += 1
            if tag[:2] in ("VB", "NN", "JJ", "RB") and upos != "PROPN" and word.isascii() and word.isalpha():
                seen.setdefault(f"{word.lower()}/{tag[:2]}", Counter())[lemma] += 1
    known = {k: v.most_common(1)[0][0] for k, v in seen.items() if len(v) == 1 and sum(v.values()) > 1}
    with (HERE / "names" / "irregular.csv").open(encoding="utf-8", newline="") as file:
        for form, tag, lemma in list(csv.reader(file))[1:]:
            known.setdefault(f"{form}/{tag[:2]}", lemma)
    known = {k: v for k, v in known.items() if v != k.split("/")[0] or not k.endswith(("JJ", "RB", "NN"))}
    verbs = {b for b, n in bases.items() if n > 1 and b.islower() and b.isalpha()}
    verbs |= set((HERE / "names" / "verbs.txt").read_text("utf-8").split())
    return known, sorted(verbs)


def tables_digest() -> str:
    """A hash of the name tables, which are part of the model."""
    folder = HERE.parent / "comity" / "language" / "names"
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(folder.glob("*.csv")))).hexdigest()[:12]


def main() -> None:
    """Export, quantise, and put the files in place at once."""
    checkpoint = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "checkpoints" / "final.pt"
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parent / "comity" / "language" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    parser, sets = load(checkpoint)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        home = Path(temporary)
        to_onnx(parser, home / "full.onnx")
        quantize_dynamic(
            home / "full.onnx", home / "model.int8.onnx", per_channel=True, weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"], nodes_to_exclude=list(PRECISE), extra_options={"MatMulConstBOnly": True},
        )
        onnx.checker.check_model(str(home / "model.int8.onnx"))
        known, verbs = lexicon()
        labels = {
            **sets, "features": SIZE,
            "label_weight": [[round(x, 5) for x in row] for row in parser.label.weight.tolist()],
            "lexicon": known, "verbs": verbs, "tables": tables_digest(),
            "label_bias": [round(x, 5) for x in parser.label.bias.tolist()],
        }  # fmt: skip
        (home / "labels.json").write_text(json.dumps(labels, ensure_ascii=False), "utf-8")
        shutil.copyfile(base_folder() / "tokenizer.json", home / "tokenizer.json")
        digest = hashlib.sha256((home / "model.int8.onnx").read_bytes()).hexdigest()[:12]
        for name in ("tokenizer.json", "labels.json", "model.int8.onnx"):
            print(name, (home / name).stat().st_size)
            os.replace(home / name, folder / name)
    print("version", digest)


if __name__ == "__main__":
    main()
