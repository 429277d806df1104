"""Kinship of words that tell events, from WordNet 3.0: comity/record/merge/data/kin.csv.

Each verb, and each noun that can tell an event, gets the verbs it is derived from and a short weighted
list of the concepts it stands for: its first senses, the senses of its derivations, what they cause or are
a kind of; the rarer a concept, the more it weighs.  WordNet comes with the Debian package wordnet-base.

    python training/merge_text_kin.py [/usr/share/wordnet]
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from comity.record.merge.terms import DATA

SENSES = (1.0, 0.6, 0.4, 0.3)
UP, LEVELS = 0.6, 3
KEPT = 14
EVENTS = {4, 10, 11, 19, 21, 22, 26, 16, 7}  # lexicographer files: act, communication, event, phenomenon, possession, process, state, motive, attribute
PERSON = 18
SIDEWAYS = {"+": 0.9, "$": 0.8, ">": 0.6, "*": 0.4, "&": 0.6}  # derivation, verb group, cause, entailment, similar


def synsets(folder):
    """Synsets by (pos, offset): lexicographer file, words, pointers (sign, pos, offset, source word, target word)."""
    found = {}
    for pos, name in (("n", "noun"), ("v", "verb")):
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue
            part = line.split(" | ")[0].split()
            count = int(part[3], 16)
            words = [w.lower() for w in part[4 : 4 + 2 * count : 2]]
            at = 4 + 2 * count
            pointers = []
            for k in range(int(part[at])):
                sign, offset, kind, ends = part[at + 1 + 4 * k : at + 5 + 4 * k]
                pointers.append((sign, kind, offset, int(ends[:2], 16), int(ends[2:], 16)))
            found[pos, part[0]] = (int(part[1]), words, pointers)
    return found


def index(folder):
    """Synset offsets of each (lemma, pos), the commonest sense first."""
    found = {}
    for pos, name in (("n", "noun"), ("v", "verb")):
        for line in (folder / f"index.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue
            part = line.split()
            if "_" not in part[0] and "." not in part[0]:
                count, signs = int(part[2]), int(part[3])
                found[part[0], pos] = part[6 + signs : 6 + signs + count]
    return found


def tagged(folder):
    """How often each lemma was tagged in the corpora of WordNet."""
    counts = Counter()
    for line in (folder / "cntlist.rev").read_text().splitlines():
        key, _, count = line.split()
        lemma, rest = key.split("%")
        counts[lemma, {"1": "n", "2": "v"}.get(rest[0], "a")] += int(count)
    return counts


def derived(word, pos, offsets, sets):
    """The verbs that a noun is derived from, those of its first senses first; a verb is its own."""
    if pos == "v":
        return [word]
    verbs = []
    for offset in offsets[: len(SENSES)]:
        file, words, pointers = sets[pos, offset]
        if file == PERSON:
            continue
        for sign, kind, target, source, to in pointers:
            if sign == "+" and kind == "v" and source and words[source - 1] == word:
                verb = sets[kind, target][1][to - 1]
                if verb not in verbs:
                    verbs.append(verb)
    return verbs


def concepts(pos, offsets, sets):
    """Weighted concepts of a lemma."""
    found = defaultdict(float)
    for offset, rank in zip(offsets, SENSES):
        wave = {(pos, offset): rank}
        for sign, kind, target, *_ in sets[pos, offset][2]:
            if sign in SIDEWAYS and kind in "nv" and sets[kind, target][0] != PERSON:
                wave[kind, target] = max(wave.get((kind, target), 0), rank * SIDEWAYS[sign])
        for _ in range(LEVELS + 1):
            above = {}
            for node, weight in wave.items():
                found[node] = max(found[node], weight)
                for sign, kind, target, *_ in sets[node][2]:
                    if sign == "@":
                        above[kind, target] = max(above.get((kind, target), 0), weight * UP)
            wave = above
    return found


def main():
    """Build the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/wordnet")
    sets, entries, counts = synsets(folder), index(folder), tagged(folder)
    rows = {}
    for (word, pos), offsets in entries.items():
        verbs = derived(word, pos, offsets, sets)
        telling = pos == "v" or any(sets[pos, o][0] in EVENTS for o in offsets[: len(SENSES)])
        known = counts[word, pos] or any(counts[v, "v"] for v in verbs)
        if telling and known:
            rows[word, pos] = (verbs[:3], concepts(pos, offsets, sets))
    spread = Counter(node for _, nodes in rows.values() for node in nodes)
    numbers = {}
    out = []
    for (word, pos), (verbs, nodes) in sorted(rows.items()):
        weighed = {n: w * math.log(len(rows) / spread[n]) for n, w in nodes.items() if spread[n] > 1}
        best = sorted(weighed.items(), key=lambda kv: (-kv[1], kv[0]))[:KEPT]
        length = math.sqrt(sum(w * w for _, w in best)) or 1.0
        told = " ".join(f"{numbers.setdefault(n, len(numbers))}:{w / length:.2f}" for n, w in best)
        if told or verbs:
            out.append((word, pos, " ".join(verbs), told))
    with (DATA / "kin.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("lemma", "pos", "verbs", "concepts"))
        writer.writerows(out)
    print(f"{len(out)} words, {len(numbers)} concepts")


if __name__ == "__main__":
    main()
