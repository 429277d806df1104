"""Merging of reports measured on gold: B cubed, CoNLL and the trivial answers beside it.

A gold folder holds ``reports.jsonl``: one coded report a line with its text and the gold event.
Reports of one outlet, day and story stand in one document.  Run
``python -m comity.evaluate.merge_score [FOLDER ...]``.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

import msgspec

from comity.errors import BadMergeGold
from comity.evaluate.checkout import ROOT
from comity.evaluate.coreference import Scores, score
from comity.evaluate.goldfile import hash_of
from comity.evaluate.merge_crowd import crowded
from comity.model import Record
from comity.reader import Reader
from comity.record.merge import MemoryNeighbourhood, Merger, NewDocument, ReportRow, report_row
from comity.record.merge.corefer import corefer
from comity.record.merge.score import MergeModel, Scorer

FILE = "reports.jsonl"
NEAR_ANCHOR = 25


class GoldReport(Record, frozen=True):
    """A report with its gold event, and the announced event that this event fulfils."""

    row: ReportRow
    event: str
    story: str
    fulfils: str | None


def read_gold(folder: Path) -> list[GoldReport]:
    """The gold reports of a folder.  Raises `BadMergeGold` when a line cannot be used."""
    path = folder / FILE
    found = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadMergeGold(f"cannot be read: {error.strerror}", about=str(path), fix="name a gold folder") from None
    for number, line in enumerate(lines, 1):
        try:
            found.append(_report(msgspec.json.decode(line)))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
            raise BadMergeGold(
                f"line {number} is no report: {error!r}", about=str(path), fix="see docs/merging.md for the fields"
            ) from None
    return found


def _report(item: Mapping[str, Any]) -> GoldReport:
    day, place, anchor = item["date"], item["place"] or {}, item["anchor"]
    document = hashlib.blake2b(f"{item['story']}|{item['outlet']}|{item['published']}".encode(), digest_size=8)
    row = ReportRow(
        id=item["id"],
        document=f"d-{document.hexdigest()}",
        type=item["type"],
        status=item["status"],
        sources=tuple(item["sources"]),
        targets=tuple(item["targets"]),
        mode=item["mode"],
        date_start=date.fromisoformat(day["start"]) if day["start"] else None,
        date_end=date.fromisoformat(day["end"]) if day["end"] else None,
        precision=day["precision"],
        place_name=place.get("name"),
        place_country=place.get("country"),
        evidence=item["text"],
        anchor=item["text"][anchor["start"] : anchor["end"]],
        symmetric=item["symmetric"],
        confidence=item["confidence"],
        outlet=item["outlet"],
        published=date.fromisoformat(item["published"]),
    )
    return GoldReport(row=row, event=item["event"], story=item["story"], fulfils=item["fulfils"])


def as_read(gold: Sequence[GoldReport], reader: Reader) -> list[GoldReport]:
    """The same reports with the fields that the reader finds in their text; those it misses are left out.

    Of the events read in a text, the one counts that is anchored nearest to the gold anchor, at most
    `NEAR_ANCHOR` characters away, and shares an actor with the gold report.
    """
    found = []
    for g in gold:
        document = reader.text(g.row.evidence, published=g.row.published, name=g.row.id)
        wanted = {*g.row.sources, *g.row.targets}
        at = g.row.evidence.find(g.row.anchor)
        best: tuple[int, ReportRow] | None = None
        for event in document.events:
            span = event.anchor or event.evidence
            far = max(0, span.start - at, at - span.end)
            if far <= NEAR_ANCHOR and wanted & {*event.sources, *event.targets} and (not best or far < best[0]):
                best = (far, report_row(document, event))
        if best:
            row = msgspec.structs.replace(
                best[1], id=g.row.id, document=g.row.document, outlet=g.row.outlet, published=g.row.published
            )
            found.append(msgspec.structs.replace(g, row=row))
    return found


def documents_of(gold: Iterable[GoldReport]) -> list[NewDocument]:
    """The documents in which the reports stand, by publication and id."""
    groups: dict[str, list[ReportRow]] = {}
    for report in gold:
        groups.setdefault(report.row.document, []).append(report.row)
    found = [
        NewDocument(
            id=name,
            text="\n".join(r.evidence for r in rows),
            outlet=rows[0].outlet,
            published=rows[0].published,
            reports=tuple(rows),
        )
        for name, rows in groups.items()
    ]
    return sorted(found, key=lambda d: (d.published or date.min, d.id))


def merge_all(
    documents: Sequence[NewDocument],
    *,
    batch: int = 1,
    model: MergeModel | None = None,
    store: MemoryNeighbourhood | None = None,
) -> MemoryNeighbourhood:
    """Add documents in their order, ``batch`` at a time, to a record in memory (an empty one unless given)."""
    store = store or MemoryNeighbourhood()
    merger = Merger(store, scorer=Scorer(model))
    for at in range(0, len(documents), batch):
        given = documents[at : at + batch]
        store.apply(given, merger.add(given))
    return store


def singletons(gold: Iterable[GoldReport]) -> dict[str, str]:
    """The trivial answer that every report is an event of its own."""
    return {g.row.id: g.row.id for g in gold}


def same_pair_type_day(gold: Iterable[GoldReport]) -> dict[str, str]:
    """The trivial answer that reports with the same actors, type, status and first day are one event."""
    return {
        g.row.id: f"{sorted({*g.row.sources, *g.row.targets})} {g.row.type} {g.row.status} {g.row.date_start}"
        for g in gold
    }


def pledges(gold: Sequence[GoldReport], store: MemoryNeighbourhood) -> tuple[int, int, int]:
    """Gold pledges that are linked, gold pledges, and links made: over pairs of events."""
    event_of = {g.row.id: g.event for g in gold}
    wanted = {(g.event, g.fulfils) for g in gold if g.fulfils}
    given = set()
    for event in store.events.values():
        if event.pledge:
            fulfilled = {event_of[r] for r in store.members[event.id]}
            announced = {event_of[r] for r in store.members[event.pledge]}
            given.add(next(((f, a) for f in fulfilled for a in announced if (f, a) in wanted), (event.id, "")))
    return len(given & wanted), len(wanted), len(given)


def text_mentions(gold: Sequence[GoldReport]) -> list[dict[str, Any]]:
    """The reports as bare mentions for `corefer`: a document is all that one outlet writes on one story."""
    found = []
    for g in gold:
        start = max(0, g.row.evidence.find(g.row.anchor))
        found.append(
            {
                "doc": f"{g.story} {g.row.outlet}",
                "text": g.row.evidence,
                "start": start,
                "end": start + len(g.row.anchor),
            }
        )
    return found


def score_merge_folder(path: Path) -> tuple[dict[str, float], list[str], str]:
    """Scores of the shipped merger on one gold folder, single mistakes in words, and the hash of the gold."""
    gold = read_gold(path)
    key = {g.row.id: g.event for g in gold}
    store = merge_all(documents_of(gold))
    answer = store.clusters()
    ours = score(key, answer)
    alone, naive = score(key, singletons(gold)), score(key, same_pair_type_day(gold))
    right, wanted, given = pledges(gold, store)
    shown = {
        "reports": float(len(gold)),
        "events": float(len(set(key.values()))),
        "stories": float(len({g.story for g in gold})),
        "found": float(len(set(answer.values()))),
        **_rows(ours),
        "b3 all singletons": round(alone.b3.f1, 3),
        "conll all singletons": round(alone.conll, 3),
        "b3 same pair, type, day": round(naive.b3.f1, 3),
        "conll same pair, type, day": round(naive.conll, 3),
        **crowds(gold),
        "pledges": float(wanted),
        "pledges linked": float(right),
        "pledge links": float(given),
    }
    bare = corefer(text_mentions(gold))
    alike = score(key, {g.row.id: c for g, c in zip(gold, bare, strict=True)})
    shown |= {"b3 from text alone": round(alike.b3.f1, 3), "conll from text alone": round(alike.conll, 3)}
    digest = hash_of(path / FILE)
    return shown, list(mistakes(gold, answer)), digest


def crowds(gold: Sequence[GoldReport], seeds: Sequence[int] = (1, 2, 3), weeks: int = 1) -> dict[str, float]:
    """B cubed, mean of some crowds of the same reports: all stories begun in one week, among five states."""
    key = {g.row.id: g.event for g in gold}
    made = [crowded(gold, seed, weeks) for seed in seeds]
    found = [score(key, merge_all(documents_of(one)).clusters()).b3 for one in made]
    naive = [score(key, same_pair_type_day(one)).b3 for one in made]
    return {
        "b3 crowded": round(fmean(f.f1 for f in found), 3),
        "b3 precision crowded": round(fmean(f.precision for f in found), 3),
        "b3 recall crowded": round(fmean(f.recall for f in found), 3),
        "b3 same pair, type, day crowded": round(fmean(f.f1 for f in naive), 3),
    }


def _rows(scores: Scores) -> dict[str, float]:
    return {
        "b3": round(scores.b3.f1, 3),
        "b3 precision": round(scores.b3.precision, 3),
        "b3 recall": round(scores.b3.recall, 3),
        "muc": round(scores.muc.f1, 3),
        "ceafe": round(scores.ceafe.f1, 3),
        "blanc": round(scores.blanc.f1, 3),
        "conll": round(scores.conll, 3),
    }


def mistakes(gold: Sequence[GoldReport], answer: Mapping[str, str]) -> Iterator[str]:
    """Events that were split, and answers that hold several events."""
    by_event: dict[str, dict[str, list[GoldReport]]] = {}
    by_answer: dict[str, dict[str, list[GoldReport]]] = {}
    for g in gold:
        by_event.setdefault(g.event, {}).setdefault(answer[g.row.id], []).append(g)
        by_answer.setdefault(answer[g.row.id], {}).setdefault(g.event, []).append(g)
    for event, parts in by_event.items():
        if len(parts) > 1:
            yield f"split: {event}: " + " || ".join(" | ".join(_told(g) for g in part) for part in parts.values())
    for parts in by_answer.values():
        if len(parts) > 1:
            yield "mixed: " + " || ".join(f"{e}: " + " | ".join(map(_told, part)) for e, part in parts.items())


def _told(report: GoldReport) -> str:
    row = report.row
    return f"{row.type} {row.date_start} ({row.precision}) {row.evidence[:70]}"


def score_as_read(path: Path, reader: Reader) -> dict[str, float]:
    """Scores where the fields are those that the reader finds in the text of each report."""
    gold = read_gold(path)
    found = as_read(gold, reader)
    key = {g.row.id: g.event for g in found}
    ours = score(key, merge_all(documents_of(found)).clusters())
    naive, alone = score(key, same_pair_type_day(found)), score(key, singletons(found))
    return {
        "reports": float(len(gold)),
        "reports read": float(len(found)),
        **_rows(ours),
        "b3 same pair, type, day": round(naive.b3.f1, 3),
        "b3 all singletons": round(alone.b3.f1, 3),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of gold folders, the project's own without arguments.

    ``--detail`` lists mistakes; ``--read`` lets the reader code the texts first.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    named = [Path(a) for a in given if not a.startswith("--")]
    reader = Reader() if "--read" in given else None
    notes: list[str] = []
    for folder in named or [ROOT / "gold" / "merge" / part for part in ("dev", "test")]:
        if reader:
            scores, digest = score_as_read(folder, reader), "as read"
        else:
            scores, notes, digest = score_merge_folder(folder)
        print(f"{folder.name}  (gold {digest})")
        for name, value in scores.items():
            print(f"  {name:28} {value:g}")
        for note in notes if "--detail" in given else ():
            print(f"  {note}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
