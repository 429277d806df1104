"""``comity evaluate``: every gold set that is found, one table, floors pinned with the hash of the data."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from comity.contract import document_object
from comity.errors import NothingToMeasure
from comity.evaluate.articles import ArticleScore, interval, score_article, total
from comity.evaluate.checkout import ROOT
from comity.evaluate.command import Scorer
from comity.evaluate.goldfile import hash_of
from comity.evaluate.passages import KEPT, score_passages
from comity.evaluate.petrarch import ROOTS, WEIS_ROOTS, Roots, coded_events, read_records
from comity.model import Record
from comity.read import read_bytes
from comity.reader import Reader

FLOORS = Path(__file__).parent / "floors.json"
SHOWN = 40
TEXTS = (".txt", ".html", ".htm")


class Result(Record, frozen=True):
    """The scores of one gold set.  ``hash`` is that of the gold data, ``notes`` list single mistakes."""

    name: str
    scores: Mapping[str, float]
    hash: str
    notes: tuple[str, ...] = ()
    confusion: Mapping[str, int] = {}


def shared_folder(given: Path | None = None) -> Path | None:
    """The folder with the shared gold sets: as given, by COMITY_SHARED, or beside the checkout."""
    candidates = [
        given,
        Path(os.environ["COMITY_SHARED"]) if "COMITY_SHARED" in os.environ else None,
        ROOT.parent / "shared",
        Path("../shared"),
    ]
    return next((c for c in candidates if c is not None and (c / "bench").is_dir()), None)


def results(only: str | None, shared: Path | None) -> Iterator[Result]:
    """Score each gold set that exists, in a fixed order."""
    reader: Reader | None = None
    for name, run in gold_sets(shared):
        if only and only not in name:
            continue
        reader = reader or Reader()
        yield run(reader)


def gold_sets(shared: Path | None) -> list[tuple[str, Any]]:
    """The name of each gold set that exists, with what scores it."""
    folder = shared_folder(shared)
    sets: list[tuple[str, Any]] = []
    for part in ("dev", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9", "dev10", "test"):
        if (ROOT / "gold" / part).is_dir():
            sets.append((f"articles-{part}", lambda r, p=part: articles(r, f"articles-{p}", ROOT / "gold" / p)))
    for part in ("dev", "test"):
        passages = ROOT / "gold" / "sentences" / f"{part}.jsonl"
        if passages.is_file():
            sets.append((f"passages-{part}", lambda r, n=f"passages-{part}", p=passages: single_passages(r, n, p)))
    for part in ("dev", "test"):
        if (ROOT / "gold" / "dates" / part).is_dir():
            sets.append((f"dates-{part}", lambda r, p=part: time_expressions(f"dates-{p}", ROOT / "gold/dates" / p)))
    for part in ("dev", "test"):
        if (ROOT / "gold" / "merge" / part).is_dir():
            sets.append((f"merge-{part}", lambda r, p=part: merging(f"merge-{p}", ROOT / "gold" / "merge" / p)))
    for part in ("dev", "dev2", "dev3", "test", "test2"):
        if (ROOT / "gold" / "corefer" / part).is_dir():
            path = ROOT / "gold" / "corefer" / part
            sets.append((f"corefer-{part}", lambda r, n=f"corefer-{part}", p=path: Result(n, *reordered(told(r, p)))))
    for name, score in FILES:
        path = ROOT / "gold" / f"{name}.jsonl"
        if path.is_file():
            label = name.replace("/", "-")
            sets.append((label, lambda r, n=label, s=score, p=path: Result(n, *reordered(s(r, p)))))
    if folder is not None:
        events = folder / "data" / "events"
        sets.append(("seed", lambda r: articles(r, "seed", folder / "bench" / "seed")))
        sets.append(
            (
                "universalpetrarch",
                lambda r: sentences(r, "universalpetrarch", events / "universalpetrarch-gold.xml.gz", None),
            )
        )
        sets.append(
            (
                "petrarch-unit",
                lambda r: sentences(
                    r,
                    "petrarch-unit",
                    events / "petrarch-unit-tests.xml.gz",
                    Path(__file__).parent / "petrarch_actors.csv",
                    (ROOTS, WEIS_ROOTS),
                ),
            )
        )
    return sets


def dated(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Dates of single predicates."""
    from comity.evaluate.when_score import score_when

    right, asked, notes = score_when(path, reader)
    return {"asked": asked, "accuracy": round(right / max(asked, 1), 3)}, notes, hash_of(path)


def expressions(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Time expressions of passages in one file."""
    from comity.evaluate.dates_score import score_folder

    scores, notes = score_folder(path)
    return scores, notes, hash_of(path)


def promised(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """What became of announcements; rows made by hand, so that the reader has no part in it."""
    from comity.evaluate.pledges_score import score_file

    return score_file(path)


def quoted(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Quotations with their speakers and cues."""
    from comity.evaluate.quotes_score import score_quotes

    return score_quotes(reader, path)


def claimed(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """On whose word events are told, and how often they happened."""
    from comity.evaluate.claims_score import score_claims

    return score_claims(reader, path)


def meant(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Who is meant by hard mentions."""
    from comity.evaluate.reference_score import score_reference

    return score_reference(reader, path)


def placed(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Where events happened."""
    from comity.evaluate.places_score import score_places

    return score_places(reader, path)


def led(reader: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Acts of single agency sentences, and the types of their marked pairs."""
    from comity.evaluate.leads_score import score_leads

    return score_leads(reader, path)


def told(_: Reader, path: Path) -> tuple[dict[str, float], list[str], str]:
    """Which mentions are of one event, from text alone: topics with look-alike stories."""
    from comity.evaluate.corefer_score import score_corefer_folder

    return score_corefer_folder(path)


FILES: tuple[tuple[str, Scorer], ...] = (
    ("dates/dev2", expressions), ("dates/dev3", expressions), ("dates/dev4", expressions),
    ("dates/history", expressions), ("dates/when", dated),
    ("quotes/dev", quoted), ("quotes/dev4", quoted), ("quotes/test", quoted), ("quotes/wire-dev", quoted),
    ("quotes/wire-dev2", quoted), ("quotes/wire-test", quoted),
    ("reference/dev", meant), ("reference/dev2", meant), ("reference/dev3", meant), ("reference/dev4", meant),
    ("reference/dev5", meant), ("reference/dev6", meant), ("reference/test", meant), ("claims/dev", claimed),
    ("places/dev", placed), ("places/dev2", placed), ("places/test", placed),
    ("pledges/dev", promised), ("pledges/test", promised), ("sentences/leads", led),
)  # fmt: skip
"""Gold that is one file, with what scores it.  Scorers are imported when used: each can also be run by itself."""


def reordered(scored: tuple[dict[str, float], list[str], str]) -> tuple[dict[str, float], str, tuple[str, ...]]:
    """Scores, hash and notes as a `Result` takes them."""
    scores, notes, digest = scored
    return scores, digest, tuple(notes)


def articles(reader: Reader, name: str, folder: Path) -> Result:
    """Whole articles: NAME.gold.json beside NAME.txt or NAME.html."""
    scores: list[ArticleScore] = []
    notes: list[str] = []
    confusion: dict[str, int] = {}
    digest = hashlib.sha256()
    for gold_path in sorted(folder.glob("*.gold.json")):
        stem = gold_path.name.removesuffix(".gold.json")
        text_path = next((folder / (stem + s) for s in TEXTS if (folder / (stem + s)).exists()), None)
        if text_path is None:
            continue
        digest.update(gold_path.read_bytes() + text_path.read_bytes())
        gold = msgspec.json.decode(gold_path.read_bytes())
        score = score_article(gold, predicted(reader, text_path, gold))
        scores.append(score)
        notes.extend(notes_of(stem, score))
        for pair, count in score.confusion.items():
            confusion[pair] = confusion.get(pair, 0) + count
    sums = total(scores)
    if len(scores) > 1:
        for figure in ("f1", "strict_recall"):
            sums[f"{figure}_low"], sums[f"{figure}_high"] = interval(scores, figure)
    return Result(name=name, scores=sums, hash=digest.hexdigest()[:12], notes=tuple(notes), confusion=confusion)


def single_passages(reader: Reader, name: str, path: Path) -> Result:
    """Passages of one to three sentences: events only."""
    scored = list(score_passages(reader, path))
    sums = total([score for _, score in scored])
    confusion: dict[str, int] = {}
    for _, score in scored:
        for pair, count in score.confusion.items():
            confusion[pair] = confusion.get(pair, 0) + count
    return Result(
        name=name,
        scores={"passages": len(scored), **{k: sums[k] for k in KEPT}},
        hash=hash_of(path),
        notes=tuple(f"{note} | {row['text']}" for row, score in scored for note in notes_of(row["id"], score)),
        confusion=confusion,
    )


def predicted(reader: Reader, path: Path, gold: Mapping[str, Any]) -> dict[str, Any]:
    """The document object of one gold article; its date helps only where the text has none."""
    from datetime import date

    document = read_bytes(path.read_bytes(), name=path.name, any_language=True)
    if document.published is None and gold.get("published"):
        document = msgspec.structs.replace(document, published=date.fromisoformat(gold["published"]))
    return document_object(reader(document))


def notes_of(stem: str, score: ArticleScore) -> Iterator[str]:
    """Single mistakes in words."""
    for kind, rows in (("missed", score.missed), ("wrong", score.wrong), ("VIOLATED", score.violated)):
        for row in rows:
            yield f"{stem}: {kind}: {row}"


def sentences(reader: Reader, name: str, path: Path, actors: Path | None, roots: Roots = (ROOTS,)) -> Result:
    """Coded single sentences, from raw text: root type with both actors."""
    own = Reader(actors=actors, lexicon=reader.lexicon, encoder=reader.encoder) if actors else reader
    aliases = {**ALIASES, "EU": "EEU" if actors else "EUR"}
    # rebels are coded under their state, with a suffix
    sides = {code: group.state for code, group in own.knowledge.groups.items() if group.state}
    right = matched = wanted = given = 0
    notes = []
    for record in read_records(path, roots):
        document = own.text(record.text, published=record.published, name=record.id)
        found = list(dict.fromkeys(coded_events(document.events, {**sides, **aliases})))
        gold = {e for e in record.events if e[0] and "---" not in e}
        wanted += len(gold)
        # PLOVER has no type for comments (CAMEO root 01): between their actors nothing is asked and nothing wrong
        comments = {(s, t) for kinds, s, t in record.events if not kinds}
        found = [f for f in found if (f.source, f.target) not in comments or any(f.matches(g) for g in gold)]
        given += len(found)
        right += sum(1 for f in found if any(f.matches(g) for g in gold))
        matched += (hits := sum(1 for g in gold if any(f.matches(g) for f in found)))
        if hits < len(gold) or any(not any(f.matches(g) for g in gold) for f in found):
            shown = [("/".join(sorted(f.types)), f.source, f.target) for f in found]
            told = [("/".join(sorted(kinds)), s, t) for kinds, s, t in gold]
            notes.append(f"{record.id}: gold {told} found {shown}: {record.text[:200]}")
    precision, recall = right / given if given else 0.0, matched / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Result(
        name=name,
        scores={
            "events": wanted,
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(f1, 3),
        },
        hash=hash_of(path),
        notes=tuple(notes),
    )


# Codes of these records for organisations and groups that go by other short names here.
ALIASES: Mapping[str, str] = {
    "UN": "UNO",
    "AU": "AFR",
    "ARAB": "ARB",
    "HAMAS": "PSE",
    "NATO": "NAT",
    "ISIS": "IMG",
    "ALQAEDA": "IMG",
}


def time_expressions(name: str, folder: Path) -> Result:
    """Time expressions of short passages: relaxed extents with values."""
    from comity.evaluate.dates_score import score_folder

    scores, notes = score_folder(folder)
    return Result(name=name, scores=scores, hash=hash_of(*sorted(folder.glob("*.json"))), notes=tuple(notes))


def merging(name: str, folder: Path) -> Result:
    """Reports of one event in many stories: how well they are merged, beside what trivial rules reach."""
    from comity.evaluate.merge_score import score_merge_folder

    scores, notes, digest = score_merge_folder(folder)
    return Result(name=name, scores=scores, hash=digest, notes=tuple(notes))


def report(*, json_out: bool, floors: bool, only: str | None, shared: Path | None, detail: bool) -> int:
    """Print all results; exit status 1 when a floor is broken.  Raises `NothingToMeasure`."""
    console = Console(highlight=False)
    found = list(results(only, shared))
    if not found:
        kinds = ", ".join(dict.fromkeys(name.partition("-")[0] for name, _ in gold_sets(shared)))
        if kinds:
            raise NothingToMeasure(f"no gold set has '{only}' in its name", fix=f"there are {kinds}")
        raise NothingToMeasure(
            "there is no gold set", fix="run it from a checkout of Comity, or name a folder with --shared"
        )
    broken = list(below(found)) if floors else []
    if json_out:
        print(msgspec.json.encode({"sets": [msgspec.to_builtins(r) for r in found], "below": broken}).decode())
        return 1 if broken else 0
    for result in found:
        console.print(table_of(result))
        for note in result.notes if detail else ():
            console.print("  " + note, markup=False, soft_wrap=True)
    for line in broken:
        console.print(f"below floor: {line}", markup=False)
    if floors and not broken:
        console.print("All floors hold.")
    return 1 if broken else 0


def table_of(result: Result) -> Table:
    """The scores of one set as a table, statuses confused below."""
    table = Table(title=f"{result.name}  (gold {result.hash})", title_justify="left", box=None, show_header=False)
    for key, value in result.scores.items():
        table.add_row(key, f"{value:g}")
    for pair, count in sorted(result.confusion.items(), key=lambda kv: -kv[1]):
        table.add_row(f"status {pair}", str(count), style="dim")
    return table


def below(found: list[Result]) -> Iterator[str]:
    """Broken floors; a changed gold set must get new floors before it passes."""
    floors = msgspec.json.decode(FLOORS.read_bytes()) if FLOORS.exists() else {}
    for result in found:
        floor = floors.get(result.name)
        if floor is None:
            continue
        if floor["hash"] != result.hash:
            yield f"{result.name}: the gold data changed ({floor['hash']} -> {result.hash}); measure and pin again"
        for key, low in floor.get("at_least", {}).items():
            if result.scores.get(key, 0.0) < low:
                yield f"{result.name} {key} {result.scores.get(key, 0.0)} < {low}"
        for key, high in floor.get("at_most", {}).items():
            if result.scores.get(key, 0.0) > high:
                yield f"{result.name} {key} {result.scores.get(key, 0.0)} > {high}"
