"""The entity sentences of an epoch: annotated corpora, our own news, silver tags of the treebanks.

Our own news is made afresh every epoch: the sentences of ``own_news.txt``
with names from `naming`.  A slot is ``{kind}``, a fixed name ``[LOC:Middle_East]``.
"""

from __future__ import annotations

import random
import re
import sys
from functools import cache
from pathlib import Path

import naming as make
import silver
from corpora import SHARED, Sample, read_columns

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from comity.language.tokens import tokenize  # noqa: E402

OWN_AN_EPOCH = 4000
NOISY_AN_EPOCH = 700

_ORG = ("io", "agency", "ngo", "company", "group", "media", "party", "ministry", "univ", "made")
_LISTED = frozenset(("media", "group", "io", "company", "club", "ngo", "agency"))
_MAKERS = {
    "full": (make.full, "PER"), "sur": (make.surname, "PER"), "first": (make.first, "PER"),
    "city": (make.city, "LOC"), "state": (make.state, "LOC"), "region": (make.region, "LOC"),
    "ministry": (make.ministry, "ORG"), "party": (make.party, "ORG"), "univ": (make.university, "ORG"),
    "bank": (make.bank, "ORG"), "court": (make.court, "ORG"), "acr": (make.acronym, "ORG"),
    "made": (make.made_org, "ORG"), "union": (make.union, "ORG"),
    "event": (make.event, ""), "adj": (make.adjective, ""),
}  # fmt: skip
_FROM_LIST = {
    "sea": ("seas", "LOC"), "river": ("rivers", "LOC"), "award": ("awards", ""), "treaty": ("treaties", ""),
    "norp": ("peoples", ""), "language": ("languages", ""), "product": ("products", ""), "title": ("titles", ""),
}  # fmt: skip


def fill(slot: str, rng: random.Random) -> tuple[str, str]:
    """A filling and its class ("" for none)."""
    if slot == "org":
        slot = rng.choice(_ORG)
    if slot == "per":
        slot = rng.choice(("full", "full", "sur"))
    if slot == "CITY":
        return make.city(rng).upper(), "LOC"
    if slot in _LISTED:
        return make.listed(slot, rng), "ORG"
    if slot in _MAKERS:
        maker, kind = _MAKERS[slot]
        return maker(rng), kind
    if slot in _FROM_LIST:
        name, kind = _FROM_LIST[slot]
        return rng.choice(make.names(name)), kind
    plain = {
        "day": lambda: rng.choice(make.DAYS), "month": lambda: rng.choice(make.MONTHS),
        "num": lambda: str(rng.randint(2, 99)), "year": lambda: str(rng.randint(1950, 2025)),
        "field": lambda: rng.choice(make.names("ministry_fields")).removeprefix("the "),
        "law": lambda: make.patterned("laws", rng), "program": lambda: make.patterned("programmes", rng),
    }  # fmt: skip
    return plain[slot](), ""


def tagged(text: str, kind: str) -> tuple[list[str], list[str]]:
    """The words of a name, cut as the reader cuts them, and their tags."""
    words = [text[a:b] for a, b in tokenize(text)]
    return words, [("I-" if i else "B-") + kind if kind else "O" for i in range(len(words))]


def own_sentence(template: str, rng: random.Random) -> Sample:
    """A template with its slots filled."""
    words: list[str] = []
    tags: list[str] = []
    for part in template.split(" "):
        fixed = re.fullmatch(r"\[(PER|LOC|ORG):(\S+)\]", part)
        slot = re.fullmatch(r"\{(\w+)\}", part)
        if not fixed and not slot:
            words.append(part)
            tags.append("O")
            continue
        text, kind = (fixed.group(2).replace("_", " "), fixed.group(1)) if fixed else fill(slot.group(1), rng)
        if kind and text.lower().startswith("the ") and not (slot and slot.group(1) == "media"):
            words.append("the")
            tags.append("O")
            text = text[4:]
        more, marks = tagged(text, kind)
        words += more
        tags += marks
    if words and words[0][:1].islower() and rng.random() < 0.5:
        words[0] = words[0][:1].upper() + words[0][1:]
    return Sample(tuple(words), entities=tuple(tags))


def other_name(kind: str, old: tuple[str, ...], rng: random.Random) -> str:
    """A name of the same class in place of ``old``."""
    if kind == "PER":
        return make.surname(rng) if len(old) == 1 else make.full(rng)
    if kind == "LOC":
        return rng.choice((make.city, make.state, make.region))(rng)
    if len(old) == 1 and old[0].isupper():
        return make.acronym(rng)
    return re.sub(r"\A[Tt]he ", "", fill("org", rng)[0])


def swapped(sample: Sample, rng: random.Random) -> Sample:
    """The sentence with some of its names changed for others of the same class."""
    words: list[str] = []
    tags: list[str] = []
    at, n = 0, len(sample.words)
    while at < n:
        end = at + 1
        while end < n and sample.entities[end].startswith("I-"):
            end += 1
        old, marks = sample.words[at:end], sample.entities[at:end]
        kind = marks[0][2:]
        if kind and rng.random() < (0.2 if kind == "ORG" else 0.4):
            old, marks = map(tuple, tagged(other_name(kind, old, rng), kind))
        words += old
        tags += marks
        at = end
    return Sample(tuple(words), entities=tuple(tags))


@cache
def corpora() -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Clean corpora and the noisy one."""
    clean = read_columns(SHARED / "ner" / "wikigold.conll.gz", 0, 1)
    clean += read_columns(SHARED / "ner" / "uner-ewt-test.iob2.gz", 1, 2, "\t")
    return tuple(clean), tuple(read_columns(SHARED / "ner" / "wnut17-train.conll.gz", 0, 1))


@cache
def templates() -> tuple[str, ...]:
    """Our own news sentences with their slots."""
    lines = (HERE / "own_news.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def lists() -> silver.Lists:
    """The names that silver tags may trust."""
    low = {k: {n.lower() for n in make.places(k)} for k in ("state", "region", "capital", "bigcity", "adjective")}
    kinds = ("media", "group", "io", "company", "agency", "ngo", "club", "partyname")
    org = {n.lower().removeprefix("the ") for k in kinds for n in make.names(k)}
    return silver.Lists(
        low["state"] | low["region"] | low["capital"] | low["bigcity"],
        org - {"league", "act", "total", "time", "access"},
        {n.lower() for n in make.table("first_names")},
        {n.lower() for n in make.table("surnames")} - low["adjective"],
        {n.lower() for n in make.table("org_words")},
    )


def silver_trees(trees: list[Sample]) -> list[Sample]:
    """The treebank sentences with silver entity tags."""
    trusted, common = lists(), silver.common_words(trees)
    calendar = {n.lower() for n in make.table("calendar_words")}
    return [silver.tag(s, trusted, common, calendar) for s in trees]


def epoch(rng: random.Random, marked: list[Sample]) -> list[Sample]:
    """What this epoch sees: silver treebank sentences (some names changed), corpora, our own news."""
    clean, noisy = corpora()
    own = [own_sentence(rng.choice(templates()), rng) for _ in range(OWN_AN_EPOCH)]
    others = [*clean, *rng.sample(noisy, NOISY_AN_EPOCH)]
    others = [swapped(s, rng) if rng.random() < 0.5 else s for s in others]
    given, family = make.table("first_names"), make.table("surnames")
    spots = make.places("capital") + make.places("bigcity") + make.names("news_states")
    trees = [silver.renamed(s, rng, given, family, spots) if rng.random() < 0.35 else s for s in marked]
    return trees + own + others


if __name__ == "__main__":
    dice = random.Random(1)
    for line in dice.sample(templates(), 40):
        s = own_sentence(line, dice)
        print(" ".join(f"{w}/{t}" if t != "O" else w for w, t in zip(s.words, s.entities, strict=True)))
