"""Coreference from text alone, measured on own gold beside the answers that need no thought.

Three settings: ``topics``, where documents of one topic are compared and the program tells its stories
apart; ``whole``, where all documents lie in one heap; ``stories``, where the gold says which documents tell
the same story, an upper bound.  Run ``python -m comity.evaluate.corefer_score [FOLDER ...]``; with
``--detail`` it lists mistakes, with ``--speed`` it says how long each step takes.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from comity.evaluate.checkout import ROOT
from comity.evaluate.corefer_gold import GoldDocument, read_topics
from comity.evaluate.corefer_speed import print_speed
from comity.evaluate.coreference import Cluster, Score, b_cubed, ceaf_e, clusters_of, lea, muc
from comity.evaluate.goldfile import hash_of
from comity.model import Record
from comity.record.merge.corefer import corefer
from comity.record.merge.mentions import head_lemma
from comity.record.merge.terms import words

FOLDERS: Final = tuple(ROOT / "gold" / "corefer" / part for part in ("dev", "test"))


class Row(Record, frozen=True):
    """One answer's scores: with all mentions, and with singletons left out of key and answer."""

    b3: Score
    muc: Score
    ceafe: Score
    lea: Score

    @property
    def conll(self) -> float:
        """Mean of the F1 of MUC, B cubed and CEAFe."""
        return (self.muc.f1 + self.b3.f1 + self.ceafe.f1) / 3


def mentions_of(documents: Sequence[GoldDocument], grouped: str = "topics") -> list[dict[str, Any]]:
    """The mentions as `corefer` takes them; ``grouped`` is one of topics, whole and stories."""
    return [
        {
            "doc": d.id,
            "text": d.text,
            "start": m.start,
            "end": m.end,
            "date": d.published.isoformat(),
            "group": {"topics": d.topic, "whole": "", "stories": f"{d.topic}/{d.story}"}[grouped],
        }
        for d in documents
        for m in d.mentions
    ]


def scored(key: Sequence[Hashable], answer: Sequence[Hashable], *, alone: bool = True) -> Row:
    """Scores of labels against labels; without ``alone`` singletons of either side are left out."""
    gold, found = _clusters(key, alone), _clusters(answer, alone)
    return Row(b3=b_cubed(gold, found), muc=muc(gold, found), ceafe=ceaf_e(gold, found), lea=lea(gold, found))


def _clusters(labels: Sequence[Hashable], alone: bool) -> list[Cluster]:
    found = clusters_of(dict(enumerate(labels)))
    return found if alone else [c for c in found if len(c) > 1]


def same_lemma(mentions: Sequence[Mapping[str, Any]], part: Sequence[Hashable]) -> list[Hashable]:
    """The trivial answer that the same head lemma in the same part (topic or story) is the same event."""
    found: list[Hashable] = []
    for item, where in zip(mentions, part, strict=True):
        trigger = words(item["text"][item["start"] : item["end"]])
        found.append((where, head_lemma(tuple(w.casefold() for w in trigger))))
    return found


def answers(documents: Sequence[GoldDocument]) -> dict[str, list[Hashable]]:
    """Every answer by name, a label a mention."""
    given = mentions_of(documents)
    topics = [d.topic for d in documents for _ in d.mentions]
    stories = [(d.topic, d.story) for d in documents for _ in d.mentions]
    return {
        "singletons": list(range(len(given))),
        "same lemma in topic": same_lemma(given, topics),
        "same lemma, gold stories": same_lemma(given, stories),
        "comity": list(corefer(given)),
        "comity, no topics": list(corefer(mentions_of(documents, "whole"))),
        "comity, gold stories": list(corefer(mentions_of(documents, "stories"))),
    }


def score_corefer_folder(path: Path) -> tuple[dict[str, float], list[str], str]:
    """Scores of the program and of the trivial answers, single mistakes in words, and the hash of the gold."""
    documents = read_topics(path)
    key = [m.chain for d in documents for m in d.mentions]
    shown = {
        "topics": float(len({d.topic for d in documents})),
        "documents": float(len(documents)),
        "mentions": float(len(key)),
        "events": float(len(set(key))),
    }
    found = answers(documents)
    for name, labels in found.items():
        shown |= _figures(name, scored(key, labels), scored(key, labels, alone=False))
    digest = hash_of(*sorted(path.glob("*.txt")))
    return shown, list(_mistakes(documents, key, found["comity"])), digest


def _figures(name: str, whole: Row, several: Row) -> dict[str, float]:
    shown = {"conll": whole.conll, "b3": whole.b3.f1, "muc": whole.muc.f1, "ceafe": whole.ceafe.f1, "lea": whole.lea.f1}
    shown |= {"conll without singletons": several.conll, "b3 without singletons": several.b3.f1}
    return {f"{name}: {key}": round(value, 3) for key, value in shown.items()}


def _mistakes(documents: Sequence[GoldDocument], key: Sequence[str], answer: Sequence[Hashable]) -> list[str]:
    """Answers that hold several gold events, and gold events in several answers."""
    told = [d.text[m.start : m.end] for d in documents for m in d.mentions]
    notes = []
    for name, one, other in (("split", key, answer), ("mixed", answer, key)):
        parts: dict[Hashable, dict[Hashable, list[str]]] = {}
        for word, a, b in zip(told, one, other, strict=True):
            parts.setdefault(a, {}).setdefault(b, []).append(word)
        notes += [
            f"{name}: {whole}: " + " || ".join(f"{part}: {', '.join(found)}" for part, found in inside.items())
            for whole, inside in parts.items()
            if len(inside) > 1
        ]
    return notes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of gold folders, the project's own without arguments; ``--detail`` lists mistakes.

    ``--speed`` prints times instead, those of the first folder.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if "--speed" in given:
        folder = next((Path(a) for a in given if not a.startswith("--")), FOLDERS[0])
        documents = read_topics(folder)
        print_speed(folder, documents, mentions_of(documents))
        return 0
    for folder in [Path(a) for a in given if not a.startswith("--")] or FOLDERS:
        scores, notes, digest = score_corefer_folder(folder)
        print(f"{folder.name}  (gold {digest})")
        for name, value in scores.items():
            print(f"  {name:48} {value:g}")
        for note in notes if "--detail" in given else ():
            print(f"  {note}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
