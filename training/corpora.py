"""Reading of the corpora into one kind of sentence, and its damage for training."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared" / "data"
CLASSES = ("PER", "LOC", "ORG")
TAGS = ("O", *(f"{p}-{c}" for c in CLASSES for p in "BI"))
UNKNOWN = "?"


@dataclass(frozen=True)
class Sample:
    """A sentence; empty columns are not annotated, ``?`` marks one unknown entity tag."""

    words: tuple[str, ...]
    upos: tuple[str, ...] = ()
    xpos: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    heads: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    misc: tuple[str, ...] = field(default=(), compare=False)
    spaces: tuple[bool, ...] = field(default=(), compare=False)
    text: str = ""


def read_conllu(path: Path) -> list[Sample]:
    """All sentences of a treebank, with heads counted from 0 and -1 at the root."""
    samples = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for block in file.read().split("\n\n"):
            rows = [line.split("\t") for line in block.split("\n") if line and line[0].isdigit()]
            found = re.search(r"^# text = (.*)$", block, re.MULTILINE)
            words = [r for r in rows if r[0].isdigit()]
            if not words:
                continue
            samples.append(
                Sample(
                    tuple(r[1] for r in words), tuple(r[3] for r in words), tuple(r[4] for r in words),
                    tuple(r[2] for r in words), tuple(int(r[6]) - 1 for r in words),
                    tuple(r[7] for r in words), misc=tuple(r[9] for r in words),
                    text=found.group(1) if found else "",
                )
            )  # fmt: skip
    return samples


def to_bio(tags: list[str]) -> tuple[str, ...]:
    """BIO tags over PER, LOC, ORG; every other class falls to O."""
    out, before = [], "O"
    for tag in tags:
        kind = tag[2:] if tag[:2] in ("B-", "I-", "E-", "S-") else ""
        if kind not in CLASSES:
            out.append("O")
        elif tag[0] in "BS" or before[2:] != kind:
            out.append(f"B-{kind}")
        else:
            out.append(f"I-{kind}")
        before = out[-1]
    return tuple(out)


_WNUT = {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG"}


def read_columns(path: Path, word: int, tag: int, sep: str | None = None) -> list[Sample]:
    """Sentences with one word and tag a line."""
    samples: list[Sample] = []
    words: list[str] = []
    tags: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in [*file, ""]:
            parts = line.rstrip("\n").split(sep)
            if line.startswith("# "):
                continue
            if len(parts) <= max(word, tag) or not parts[word].strip():
                if words:
                    samples.append(Sample(tuple(words), entities=to_bio(tags)))
                words, tags = [], []
                continue
            name = parts[tag]
            kind = _WNUT.get(name[2:], name[2:])
            words.append(parts[word])
            tags.append(name[:2] + kind)
    return samples


def read_own(path: Path) -> list[Sample]:
    """Our own sentences: a JSON array of [words, tags] pairs a line."""
    if not path.exists():
        return []
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Sample(tuple(words), entities=tuple(tags)) for words, tags in rows]


def lemma_script(word: str, lemma: str, upos: str) -> str:
    """How to make the lemma of a word: letters' case, letters to cut, letters to add."""
    low, goal = word.lower(), lemma
    if lemma == word and lemma != low:
        return "keep"
    case = "low"
    if lemma != lemma.lower():
        case, low = "case", word
    shared = 0
    while shared < min(len(low), len(goal)) and low[shared] == goal[shared]:
        shared += 1
    if shared == 0:
        return f"={goal}"
    return f"{case}:{len(low) - shared}:{goal[shared:]}"


def frequent(values: Counter[str], least: int) -> list[str]:
    """Values seen at least ``least`` times, most frequent first."""
    return [v for v, n in sorted(values.items(), key=lambda p: (-p[1], p[0])) if n >= least]


_ENDS = frozenset(".!?…") | {"...", "!!", "..", "?!"}
_CURL = {'"': ("“", "”"), "'": ("‘", "’"), "``": ("“", "“"), "''": ("”", "”")}
_FLAT = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "--", "–": "-"}


def _quotes(words: list[str], rng: random.Random) -> list[str]:
    if rng.random() < 0.5:
        return [_FLAT.get(w, w.replace("’", "'")) for w in words]
    opened, out = False, []
    dash = rng.choice(("—", "–", "--"))
    for w in words:
        if w == '"':
            opened = not opened
        pair = _CURL.get(w)
        out.append(pair[not opened] if pair else dash if w == "--" else w.replace("'", "’"))
    return out


def damaged(sample: Sample, rng: random.Random) -> Sample:
    """A copy with the damage that web text brings, or the sample itself."""
    n = len(sample.words)
    if n > 2 and sample.words[-1] in _ENDS and rng.random() < 0.15 and n - 1 not in sample.heads:
        cut = {
            f: getattr(sample, f)[:-1]
            for f in ("words", "upos", "xpos", "lemmas", "heads", "labels", "entities")
            if getattr(sample, f)
        }
        if -1 in cut.get("heads", (-1,)):
            sample = replace(sample, **cut)
    words = list(sample.words)
    if rng.random() < 0.3:
        words = _quotes(words, rng)
    draw = rng.random()
    if draw < 0.08:
        words = [w.lower() for w in words]
    elif draw < 0.12:
        words = [w.upper() for w in words]
    elif draw < 0.16:
        words = [w[:1].upper() + w[1:] if len(w) > 3 or rng.random() < 0.5 else w for w in words]
    elif draw < 0.18:
        words = [w.lower() if rng.random() < 0.5 else w for w in words]
    return replace(sample, words=tuple(words))
