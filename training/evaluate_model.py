"""Measure the shipped model against its bars: python training/evaluate_model.py [weights folder] [--quick].

Needs no torch.  Reads the treebanks and entity corpora in ``../shared/data``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import time
import unicodedata
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from corpora import SHARED, Sample, read_columns, read_conllu, to_bio  # noqa: E402

from comity.language.encoder import Encoder, Parse  # noqa: E402
from comity.language.tokens import tokenize  # noqa: E402

_WORLD = {"Person": "PER", "Location": "LOC", "Organization": "ORG"}
_PROBE = """
import sys, time
sys.path.insert(0, {root!r})
start = time.perf_counter()
from pathlib import Path
from comity.language.encoder import Encoder
encoder = Encoder.load({folder})
encoder.parse([["Hello", "."]])
seconds = time.perf_counter() - start
encoder.parse([["The", "president", "of", "France", "said", "so", "."] * 6] * 400)
lines = Path("/proc/self/status").read_text().split("\\n")
peak = next(line for line in lines if line.startswith("VmHWM")).split()[1]
print(seconds, int(peak) / 1024)
"""


def tree_scores(gold: list[Sample], parses: list[Parse]) -> dict[str, float]:
    """Percentages over words, punctuation counted."""
    hit: Counter[str] = Counter()
    for s, p in zip(gold, parses, strict=True):
        for i in range(len(s.words)):
            hit["n"] += 1
            hit["UPOS"] += s.upos[i] == p.upos[i]
            hit["XPOS"] += s.xpos[i] == p.xpos[i]
            hit["lemma"] += s.lemmas[i].lower() == p.lemmas[i].lower()
            if s.heads[i] == p.heads[i]:
                hit["UAS"] += 1
                hit["LAS"] += s.labels[i].split(":")[0] == p.deprels[i].split(":")[0]
                hit["LAS full"] += s.labels[i] == p.deprels[i]
    return {k: 100 * hit[k] / hit["n"] for k in ("UPOS", "XPOS", "lemma", "UAS", "LAS", "LAS full")}


def offsets(words: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Where the gold words stand in their text."""
    out, at = [], 0
    for word in words:
        found = text.find(word, at)
        found = at if found < 0 else found
        out.append((found, found + len(word)))
        at = found + len(word)
    return out


def raw_scores(gold: list[Sample], encoder: Encoder) -> dict[str, float]:
    """F1 of words, tags and trees with words of our own cutting."""
    cuts = [tokenize(s.text) for s in gold]
    parses = encoder.parse([[s.text[a:b] for a, b in cut] for s, cut in zip(gold, cuts, strict=True)])
    hit: Counter[str] = Counter()
    for s, cut, p in zip(gold, cuts, parses, strict=True):
        spans = offsets(s.words, s.text)
        place = {span: i for i, span in enumerate(cut)}
        hit["gold"] += len(spans)
        hit["own"] += len(cut)
        for i, span in enumerate(spans):
            j = place.get(span)
            if j is None:
                continue
            hit["words"] += 1
            hit["UPOS"] += s.upos[i] == p.upos[j]
            head = spans[s.heads[i]] if s.heads[i] >= 0 else None
            own = cut[p.heads[j]] if p.heads[j] >= 0 else None
            if head == own:
                hit["UAS"] += 1
                hit["LAS"] += s.labels[i].split(":")[0] == p.deprels[j].split(":")[0]
                hit["LAS full"] += s.labels[i] == p.deprels[j]
    return {k: 200 * hit[k] / (hit["gold"] + hit["own"]) for k in ("words", "UPOS", "UAS", "LAS", "LAS full")}


def spans(tags: tuple[str, ...]) -> set[tuple[int, int, str]]:
    """Entities as (first, last, class)."""
    out, start = set(), -1
    for i, tag in enumerate([*tags, "O"]):
        if start >= 0 and not tag.startswith("I-"):
            out.add((start, i - 1, tags[start][2:]))
            start = -1
        if tag.startswith("B-"):
            start = i
    return out


def entity_scores(gold: list[Sample], parses: list[Parse]) -> dict[str, float]:
    """Exact-span F1, precision and recall, and F1 by class."""
    right: Counter[str] = Counter()
    told: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for s, p in zip(gold, parses, strict=True):
        a, b = spans(s.entities), spans(p.entities)
        for name, group in ((true, a), (told, b), (right, a & b)):
            for item in group:
                name[item[2]] += 1
                name["F1"] += 1
    out = {k: 200 * right[k] / max(1, true[k] + told[k]) for k in ("F1", "PER", "LOC", "ORG")}
    out["P"] = 100 * right["F1"] / max(1, told["F1"])
    out["R"] = 100 * right["F1"] / max(1, true["F1"])
    return out


def newswire(path: Path) -> list[Sample]:
    """The world newswire sentences with their classes mapped to ours."""
    samples: list[Sample] = []
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() and member.name.endswith(".tsv") else None
            if file is None:
                continue
            words: list[str] = []
            tags: list[str] = []
            for line in [*file.read().decode("utf-8").split("\n"), ""]:
                parts = line.split("\t")
                if len(parts) < 2:
                    if words:
                        samples.append(Sample(tuple(words), entities=to_bio(tags)))
                    words, tags = [], []
                    continue
                words.append(parts[0])
                kind = _WORLD.get(parts[1][2:].strip(), "")
                tags.append(parts[1][:2] + kind if kind else "O")
    return samples


def stripped(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)) or word


def damage(encoder: Encoder, gold: list[Sample], clean: float) -> None:
    """How much case and accents matter."""
    kinds = {
        "lower case": str.lower, "Title Case": lambda w: w[:1].upper() + w[1:].lower(), "UPPER CASE": str.upper,
        "no accents": stripped,
    }  # fmt: skip
    for name, change in kinds.items():
        found = tree_scores(gold, encoder.parse([[change(w) for w in s.words] for s in gold]))
        show(f"EWT dev, {name}", found)
        print(f"{'':30}  costs {clean - found['LAS']:.2f} LAS")


def show(name: str, figures: dict[str, float]) -> None:
    print(f"{name:30}" + "".join(f"  {k} {v:6.2f}" for k, v in figures.items()), flush=True)


def speed(encoder: Encoder, sentences: list[tuple[str, ...]]) -> float:
    """Sentences a second, best of three."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        encoder.parse(sentences)
        best = max(best, len(sentences) / (time.perf_counter() - start))
    return best


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--quick", action="store_true", help="without damaged copies and speed")
    args = options.parse_args()
    encoder = Encoder.load(args.folder)
    print("weights", encoder.version)
    dev = read_conllu(SHARED / "treebank" / "en_ewt-dev.conllu.gz")
    parses = encoder.parse([s.words for s in dev])
    clean = tree_scores(dev, parses)
    show("EWT dev, gold words", clean)
    show("EWT dev, own words", raw_scores(dev, encoder))
    news = read_conllu(SHARED / "treebank" / "gum-news.conllu.gz")
    show("GUM news, gold words", tree_scores(news, encoder.parse([s.words for s in news])))
    show("GUM news, own words", raw_scores(news, encoder))
    named = read_columns(SHARED / "ner" / "uner-ewt-dev.iob2.gz", 1, 2, "\t")
    show("UNER EWT dev, entities", entity_scores(named, encoder.parse([s.words for s in named])))
    world = newswire(SHARED / "ner" / "worldwide-newswire.tar.gz")
    show("World newswire, entities", entity_scores(world, encoder.parse([s.words for s in world])))
    if args.quick:
        return
    damage(encoder, dev, clean["LAS"])
    print(f"speed: {speed(encoder, [s.words for s in dev]):.0f} sentences/s on EWT dev, one thread")
    print(f"speed: {speed(encoder, [s.words for s in news]):.0f} sentences/s on GUM news, one thread")
    folder = f"Path({str(args.folder)!r})" if args.folder else "None"
    probe = _PROBE.format(root=str(HERE.parent), folder=folder)
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    seconds, peak = (float(x) for x in done.stdout.split())
    print(f"load and first sentence: {seconds:.2f} s; peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
