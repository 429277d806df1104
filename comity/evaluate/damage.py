"""What damage costs: F1 on damaged copies of the gold articles, by kind of damage and with all of them mixed.

    python -m comity.evaluate.damage [--kind K] [--copies 1] [--articles N] [--part dev] [--fast] [--json]

Every gold article is damaged anew (seeded by its name, the kind and the number of the copy); quotations and the
names of speakers in the gold are carried over where the damage touches them.  Exit status 1 when the mixed
damage of a typical bad page costs more than a tenth of the clean score.  See ``docs/damage.md``.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from comity.contract import document_object
from comity.evaluate import TEXTS
from comity.evaluate.articles import ArticleScore, score_article, total
from comity.evaluate.checkout import ROOT
from comity.evaluate.damaging import KINDS, Edit, apply
from comity.language.clean import clean
from comity.model import Record
from comity.read import read_bytes
from comity.reader import Reader

CLEAN, MIXED = "clean", "mixed"
FLOOR = 0.1
"""Largest share of the clean F1 that the mixed damage may cost."""
SHOWN = ("f1", "precision", "recall", "status_accuracy", "date_accuracy", "quote_recall", "never_violations")

Gold = dict[str, Any]


class Article(Record, frozen=True):
    """A gold article as text, whatever it was before, and its day where the text itself may not tell it."""

    name: str
    text: str
    gold: Gold
    published: date | None


class Loss(Record, frozen=True):
    """The figures under one kind of damage; ``loss`` is the share of the clean F1 that is gone."""

    kind: str
    scores: Mapping[str, float]
    loss: float


def gold_articles(folder: Path, most: int | None = None) -> list[Article]:
    """The articles of a folder by name; with ``most`` so many, evenly chosen."""
    paths = sorted(folder.glob("*.gold.json"))
    step = max(1, len(paths) // most) if most else 1
    return [_article(path) for path in paths[::step][:most]]


def _article(path: Path) -> Article:
    stem = path.name.removesuffix(".gold.json")
    source = next(p for s in TEXTS if (p := path.with_name(stem + s)).exists())
    gold: Gold = msgspec.json.decode(path.read_bytes())
    document = read_bytes(source.read_bytes(), name=source.name, any_language=True)
    published = document.published or (date.fromisoformat(gold["published"]) if gold.get("published") else None)
    return Article(name=stem, text=document.text, gold=gold, published=published)


def damaged(article: Article, kind: str, copy: int = 0) -> Article:
    """A damaged copy of an article; ``kind`` is one of `KINDS`, ``mixed``, or ``clean``."""
    rng = Random(f"{article.name} {kind} {copy}")
    if kind == CLEAN:
        return article
    chosen = [kind] if kind != MIXED else [k for k in KINDS if k != "mojibake" or rng.random() < 0.1]
    text, gold = article.text, article.gold
    for one in chosen:
        damage, alone, together = KINDS[one]
        edits = list(damage(text, rng, alone if kind != MIXED or one == "mojibake" else together))
        gold = carried(gold, text, edits)
        text = apply(text, edits)
    gold = {**gold, "quotes": [{**q, "text": clean(q["text"]).text} for q in gold.get("quotes", ())]}
    return msgspec.structs.replace(article, text=text, gold=gold)


def carried(gold: Gold, text: str, edits: Sequence[Edit]) -> Gold:
    """The gold of a text once the edits are made: quotations as they then stand, speakers by the names they then have.

    A quotation that its cue interrupts stands nowhere as one piece, and is left as it is.
    """
    new = apply(text, edits)
    flat = Flat(text)
    move = Move(edits)
    renamed = _renamed(text, edits)
    quotes = []
    for row in gold.get("quotes", ()):
        span = flat.find(row["text"])
        moved = new[move.start(span[0]) : move.end(span[1])] if span else row["text"]
        quotes.append({**row, "text": moved, "speaker": _names(row["speaker"], renamed)})
    events = [
        {**row, "speaker": _names(row["speaker"], renamed)} if row.get("speaker") else row for row in gold["events"]
    ]
    return {**gold, "quotes": quotes, "events": events}


class Flat:
    """Letters and figures of a text alone, and where each stands."""

    def __init__(self, text: str) -> None:
        pairs = [(low, at) for at, char in enumerate(text) if char.isalnum() for low in char.lower()]
        self.text = "".join(low for low, _ in pairs)
        self.places = [at for _, at in pairs]

    def find(self, wanted: str) -> tuple[int, int] | None:
        """The range of the text with these letters, whatever stands between them."""
        letters = "".join(c for char in wanted if char.isalnum() for c in char.lower())
        at = self.text.find(letters) if letters else -1
        return (self.places[at], self.places[at + len(letters) - 1] + 1) if at >= 0 else None


class Move:
    """Where offsets of a text lie once the edits are made."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        self.starts = [e.start for e in edits]
        self.shifts = [0]
        for edit in edits:
            self.shifts.append(self.shifts[-1] + len(edit.new) - (edit.end - edit.start))

    def start(self, at: int) -> int:
        """Of the first character of a range: what is put in before it stays outside."""
        number = bisect_right(self.starts, at)
        last = self.edits[number - 1] if number else None
        if last is not None and last.end > at:
            return last.start + self.shifts[number - 1]
        return at + self.shifts[number]

    def end(self, at: int) -> int:
        """Of the end of a range: what is put in behind it stays outside."""
        number = bisect_right(self.starts, at - 1)
        return max(at, self.edits[number - 1].end if number else at) + self.shifts[number]


def _renamed(text: str, edits: Sequence[Edit]) -> Mapping[str, set[str]]:
    """Words of names that lost letters, with what became of them."""
    found: dict[str, set[str]] = {}
    for edit in edits:
        if not (text[edit.start : edit.end].isalpha() and (not edit.new or edit.new.isalpha())):
            continue
        low, high = edit.start, edit.end
        while low and text[low - 1].isalpha():
            low -= 1
        while high < len(text) and text[high].isalpha():
            high += 1
        inside = [e for e in edits if low <= e.start and e.end <= high]
        word = apply(text[low:high], [Edit(e.start - low, e.end - low, e.new) for e in inside])
        if text[low].isupper():
            found.setdefault(text[low:high], set()).add(word)
    return found


def _names(names: Sequence[str], renamed: Mapping[str, set[str]]) -> list[str]:
    found = list(names)
    for old, news in renamed.items():
        found += [name.replace(old, new) for name in names if old in name.split() for new in sorted(news)]
    return list(dict.fromkeys(found))


def score(reader: Reader, article: Article) -> ArticleScore:
    """Read a copy as a file of text would be read, and compare."""
    document = read_bytes(article.text.encode(), name=article.name, published=article.published, any_language=True)
    return score_article(article.gold, document_object(reader(document)))


def losses(reader: Reader, articles: Sequence[Article], kinds: Sequence[str], copies: int = 1) -> Iterator[Loss]:
    """The clean figures, then those under each kind of damage."""
    clean_scores = total([score(reader, a) for a in articles])
    yield Loss(kind=CLEAN, scores=clean_scores, loss=0.0)
    for kind in kinds:
        scores = total([score(reader, damaged(a, kind, n)) for n in range(copies) for a in articles])
        gone = 1 - scores["f1"] / clean_scores["f1"] if clean_scores["f1"] else 0.0
        yield Loss(kind=kind, scores=scores, loss=round(gone, 3))


def main() -> int:
    """Print the losses; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kind", action="append", choices=[*KINDS, MIXED], help="one kind alone; may be repeated")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--articles", type=int, help="so many articles only, evenly chosen")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--fast", action="store_true", help="frames alone, without the learned reader")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="write the damaged copies into this folder and read nothing")
    given = parser.parse_args()
    articles = gold_articles(ROOT / "gold" / given.part, given.articles)
    kinds = given.kind or [*KINDS, MIXED]
    if given.write:
        return _write(given.write, articles, kinds, given.copies)
    console = Console(highlight=False)
    found = []
    for loss in losses(Reader(judge="none" if given.fast else None), articles, kinds, given.copies):
        found.append(loss)
        if not given.json:
            shown = " ".join(f"{k} {loss.scores[k]:g}" for k in SHOWN)
            console.print(f"{loss.kind}: loss {loss.loss:.1%}  {shown}", style="dim", soft_wrap=True)
    if given.json:
        print(msgspec.json.encode(found).decode())
    else:
        console.print(_table(found))
    return int(any(loss.kind == MIXED and loss.loss > FLOOR for loss in found))


def _table(found: Sequence[Loss]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("damage", "loss", *SHOWN):
        table.add_column(column, justify="left" if column == "damage" else "right")
    for loss in found:
        table.add_row(loss.kind, f"{loss.loss:.1%}", *(f"{loss.scores[k]:g}" for k in SHOWN))
    return table


def _write(folder: Path, articles: Sequence[Article], kinds: Sequence[str], copies: int) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles:
        for kind in kinds:
            for number in range(copies):
                copy = damaged(article, kind, number)
                stem = f"{article.name}.{kind}{number}"
                (folder / f"{stem}.txt").write_text(copy.text, encoding="utf-8")
                (folder / f"{stem}.gold.json").write_bytes(msgspec.json.encode(copy.gold))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
