"""Entity tags for treebank sentences, only where names and tree leave little doubt.

A word is tagged, is O, or is ``?`` (left out of the loss).  Proper names that
the lists do not know, and what hangs on them, are ``?``.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

from corpora import UNKNOWN, Sample

_JOINED = {"flat", "compound", "goeswith"}
_GLUE = frozenset(("of", "for", "and", "-", "&", "the"))
_GUM = {"person": "PER", "place": "LOC", "organization": "ORG"}
_SURE = {"un", "eu", "bbc", "cnn", "cia", "fbi", "nsa", "who", "imf", "plo", "ira", "bjp", "icc"}


class Lists:
    """Names by class, in small letters."""

    def __init__(
        self, loc: set[str], org: set[str], given: set[str], family: set[str], hubs: set[str]
    ) -> None:  # fmt: skip
        self.loc, self.org, self.given, self.family, self.hubs = loc, org, given, family, hubs

    def kind(self, words: list[str], common: set[str]) -> str | None:
        """The class of a name, or None in doubt."""
        low = [w.lower() for w in words]
        text = " ".join(low)
        if text in self.org and len(text) <= 3 and text not in _SURE:
            return None
        if text in self.org:
            return None if text in self.loc else "ORG"
        if text in self.loc:
            return None if len(low) == 1 and (low[0] in common or low[0] in self.family) else "LOC"
        if any(w in self.hubs for w in low):
            return None
        if len(low) in (2, 3) and low[0] in self.given and low[-1] not in self.loc:
            return "PER"
        if len(low) == 1 and low[0] in self.family and low[0] not in common and low[0] not in self.loc:
            return "PER"
        return None


def chunks(s: Sample) -> list[tuple[int, int, int]]:
    """Runs of proper nouns joined in the tree: first, last, governing word."""
    n = len(s.words)
    proper = [t == "PROPN" for t in s.upos]
    group = list(range(n))
    for i in range(n):
        h = s.heads[i]
        if h >= 0 and proper[i] and proper[h] and s.labels[i].split(":")[0] in _JOINED:
            a, b = min(i, h), max(i, h)
            inner = range(a + 1, b)
            if all(proper[j] or s.words[j] in "-." for j in inner):
                for j in range(a, b + 1):
                    group[j] = min(group[j], group[a])
    out = []
    i = 0
    while i < n:
        if not proper[i]:
            i += 1
            continue
        j = i
        while j + 1 < n and group[j + 1] <= j and (proper[j + 1] or s.words[j + 1] == "-"):
            j += 1
        heads = [k for k in range(i, j + 1) if not i <= s.heads[k] <= j]
        out.append((i, j, heads[0] if heads else i))
        i = j + 1
    return out


def widened(s: Sample, a: int, b: int, lists: Lists) -> tuple[int, int]:
    """The run with the word before it where the two together are a known name ("United" + "States")."""
    for low in (a - 2, a - 1):
        text = " ".join(s.words[max(low, 0) : b + 1]).lower()
        if low >= 0 and s.words[low][:1].isupper() and (text in lists.loc or text in lists.org):
            return low, b
    return a, b


def gum_kinds(s: Sample) -> dict[int, str]:
    """For GUM: the entity type of the innermost span that a word is in."""
    kinds: dict[int, str] = {}
    stack: list[tuple[str, str]] = []
    for i, misc in enumerate(s.misc):
        found = re.search(r"(?:^|\|)Entity=([^|]*)", misc)
        text = found.group(1) if found else ""
        parts = re.findall(r"\(([^-()]+)-([a-z]+)[^()]*(\))?|([^()]+)\)", text)
        opened_here = []
        for number, kind, closed, closing in parts:
            if kind:
                stack.append((number, kind))
                if closed:
                    opened_here.append((number, kind))
            elif closing and (i not in kinds):
                kinds.setdefault(i, stack[-1][1] if stack else "")
                for k in range(len(stack) - 1, -1, -1):
                    if stack[k][0] == closing:
                        del stack[k]
                        break
            elif closing:
                for k in range(len(stack) - 1, -1, -1):
                    if stack[k][0] == closing:
                        del stack[k]
                        break
        if i not in kinds:
            kinds[i] = stack[-1][1] if stack else ""
        for item in opened_here:
            if item in stack:
                stack.remove(item)
    return kinds


def tag(s: Sample, lists: Lists, common: set[str], calendar: set[str]) -> Sample:
    """The sentence with silver entity tags."""
    n = len(s.words)
    tags = ["O"] * n
    gum = gum_kinds(s) if any("Entity=" in m for m in s.misc) else {}
    doubtful: set[int] = set()
    for a, b, head in chunks(s):
        a, b = widened(s, a, b, lists)
        words = list(s.words[a : b + 1])
        if all(w.lower() in calendar for w in words):
            continue
        kind = lists.kind(words, common)
        if gum and kind != _GUM.get(gum.get(head, ""), kind):
            kind = None
        if gum and kind is None and gum.get(head) == "person" and len(words) > 1 and words[0].lower() in lists.given:
            kind = "PER"
        cased = [c for c in range(n) if s.heads[c] == head and s.labels[c] == "case"]
        up = s.heads[head]
        within = up >= 0 and s.upos[up] == "PROPN" and s.labels[head].split(":")[0] in ("nmod", "compound", "flat")
        if within and (s.labels[head] != "nmod" or any(s.words[c].lower() in ("of", "for") for c in cased)):
            kind = None
            doubtful.update(range(min(up, a), max(up, b) + 1))
        if kind is None:
            doubtful.update(range(a, b + 1))
            for side in (a - 1, b + 1):
                if 0 <= side < n and (s.words[side][:1].isupper() or s.words[side] in _GLUE):
                    doubtful.add(side)
        else:
            for i in range(a, b + 1):
                tags[i] = ("B-" if i == a else "I-") + kind
            for side in (a - 1, b + 1):
                if 0 <= side < n and s.words[side] == "-":
                    doubtful.update(range(max(0, side - 1), min(n, side + 2)))
    for i in range(n):
        if s.upos[i] == "X" or (s.upos[i] in ("NOUN", "ADJ") and s.words[i][:1].isupper() and i and s.words[i - 1] not in '".:“'):
            if s.upos[i] == "ADJ" and not any(abs(i - d) == 1 for d in doubtful):
                continue
            doubtful.add(i)
    return replace(s, entities=tuple(UNKNOWN if i in doubtful else t for i, t in enumerate(tags)))


def renamed(
    s: Sample, rng: random.Random, given: tuple[str, ...], family: tuple[str, ...], spots: tuple[str, ...]
) -> Sample:
    """Some tagged one-word names (and parts of persons' names) changed for others, the tree kept."""
    words, lemmas = list(s.words), list(s.lemmas)
    for i, t in enumerate(s.entities):
        nxt = s.entities[i + 1] if i + 1 < len(words) else "O"
        if s.upos[i] != "PROPN" or not s.words[i][:1].isupper() or len(s.words[i]) < 3 or rng.random() > 0.3:
            continue
        if t == "B-PER" and nxt == "I-PER":
            new = rng.choice(given)
        elif t == "I-PER" or (t == "B-PER"):
            new = rng.choice(family)
        elif t == "B-LOC" and nxt != "I-LOC":
            new = rng.choice(spots)
        else:
            continue
        if " " in new or "-" in new or "'" in new:
            continue
        words[i] = lemmas[i] = new.upper() if s.words[i].isupper() and len(s.words[i]) > 4 else new
    return replace(s, words=tuple(words), lemmas=tuple(lemmas))


def common_words(trees: list[Sample]) -> set[str]:
    """Words that also stand in small letters."""
    seen = Counter(w for s in trees for w, u in zip(s.words, s.upos, strict=True) if u != "PROPN" and w.islower())
    return {w for w, c in seen.items() if c >= 2}
