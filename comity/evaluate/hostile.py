"""Two hundred hostile articles: forty plain ones, each in five of the manners of `comity.evaluate.manners`.

    python -m comity.evaluate.hostile [--articles N] [--write DIR]

Each is read as any file is.  What must hold: every span lies in the stored text and is verbatim; what is hidden or
marked up makes no event; nothing that is shown holds a control or direction character; while reading no file is
written, no address looked up, no program started; and of the events of the plain articles inside at least
`KEPT` are read as if they stood alone.  Exit status 1 where one does not.  See ``docs/security.md``.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console

from comity.cli.brief import Brief
from comity.contract import document_object
from comity.errors import ComityError
from comity.evaluate.checkout import ROOT
from comity.evaluate.manners import BELIEVABLE, MANNERS, ORDERED
from comity.model import Document, Record
from comity.read import read_bytes
from comity.reader import Reader

BASE = ROOT / "gold" / "hostile" / "base.txt"
EACH = 5
"""Manners in which each plain article is made hostile."""
KEPT = 0.97
"""Share of the events of the plain articles that must be read among hostile text: neighbours may change a few."""

PAGE = "<html><body><article><h1>Peru and Chile</h1><p>Peru met Chile in Lima on Monday.</p></article></body></html>"


class Plain(Record, frozen=True):
    """An article of the base: headline and two or three sentences."""

    name: str
    published: date
    title: str
    body: str


class Hostile(Record, frozen=True):
    """One hostile article as the bytes of a file."""

    name: str
    manner: str
    plain: Plain
    data: bytes


def plain_articles(path: Path = BASE) -> list[Plain]:
    """The articles of the base, in order."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        head, _, body = block.partition("\n")
        if head.startswith("#"):
            continue
        facts, _, title = head.partition(" | ")
        name, day = facts.split()
        found.append(Plain(name=name, published=date.fromisoformat(day), title=title, body=body.strip()))
    return found


def hostile_articles() -> Iterator[Hostile]:
    """All two hundred, always the same."""
    names = list(MANNERS)
    for number, plain in enumerate(plain_articles()):
        for place in range(EACH):
            manner = names[(number * EACH + place) % len(names)]
            rng = Random(f"{plain.name} {manner}")
            suffix, text = MANNERS[manner](plain.title, plain.body, rng)
            data = text.encode("utf-8", "surrogatepass")
            yield Hostile(name=f"{plain.name}-{manner}{suffix}", manner=manner, plain=plain, data=data)


class Watch:
    """What a stretch of the program did to the world outside, by Python's own audit events."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.on = False
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if self.on and _is_outside(event, args):
            self.seen.append(f"{event} {args!r}"[:200])

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """Watch while the block runs; the list fills with what was done."""
        self.seen = []
        self.on = True
        try:
            yield self.seen
        finally:
            self.on = False


_OUTSIDE = (
    "socket.", "subprocess.", "urllib.", "http.", "smtplib.", "ftplib.", "shutil.", "webbrowser.", "sqlite3.",
    "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
    "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.putenv", "os.kill", "pty.", "ctypes.dlopen",
    "tempfile.",
)  # fmt: skip


def _is_outside(event: str, args: Sequence[Any]) -> bool:
    """Whether an audit event is a write, the network, another program; or a file opened that is no part of Python."""
    if event != "open":
        return event.startswith(_OUTSIDE)
    path, mode = str(args[0]), str(args[1] or "r")
    installed = path.startswith((sys.prefix, sys.base_prefix, str(Path(__file__).parents[1])))
    return any(letter in mode for letter in "wax+") or not installed


def read_hostile(reader: Reader, data: bytes, name: str, published: date) -> Document:
    """One article from its bytes to its events."""
    return reader(read_bytes(data, name=name, published=published, any_language=True))


class Reading(Record, frozen=True):
    """How one article was read: what was wrong, which events of the plain one were lost, which lies were believed."""

    wrong: tuple[str, ...] = ()
    expected: int = 0
    lost: tuple[str, ...] = ()
    believed: tuple[str, ...] = ()


def examine(reader: Reader, watch: Watch, article: Hostile) -> Reading:
    """Read one article and the plain one inside it."""
    plain = article.plain
    alone = f"{plain.title}\n\n{plain.body}\n"
    expected = facts(read_hostile(reader, alone.encode(), "alone.txt", plain.published))
    with watch.watching() as seen:
        try:
            document = read_hostile(reader, article.data, article.name, plain.published)
        except ComityError as error:
            return Reading(wrong=(f"not read: {error}",), expected=len(expected))
        shown = brief(reader, document)
    found = facts(document)
    ordered = tuple(str(one) for one in sorted(found) if (one[2], one[3]) in ORDERED and one[1] == "occurred")
    wrong = [f"touched: {one}" for one in seen]
    wrong += [f"not verbatim: {one}" for one in not_verbatim(document)]
    wrong += [f"shown: {c!r}" for c in sorted(set(document.text + shown)) if not (c.isprintable() or c in "\n\t")]
    wrong += [f"obeyed: {one}" for one in ordered if article.manner not in BELIEVABLE]
    return Reading(
        wrong=tuple(wrong), expected=len(expected), lost=tuple(map(str, sorted(expected - found))), believed=ordered
    )


def warm(reader: Reader) -> None:
    """Load what is loaded with the first page and the first foreign text, before anybody watches."""
    day = date(2020, 1, 2)
    for name, text in (
        ("a.txt", "Мы встретились вчера в большом городе у старой реки, и все было хорошо."),
        ("a.html", PAGE),
    ):
        document = read_hostile(reader, text.encode(), name, day)
        brief(reader, document)


def facts(document: Document) -> set[tuple[str, str, str, str]]:
    """Type, status and sides of all events."""
    return {(e.type, e.status, "+".join(e.sources), "+".join(e.targets)) for e in document.events}


def not_verbatim(document: Document) -> Iterator[str]:
    """Spans that are not what the text has there."""
    text, shown = document.text, document_object(document, passed=True)
    for quote in document.quotes:
        if not quote.parts and text[quote.start : quote.end] != quote.text:
            yield f"quotation {quote.text!r}"
    for timex in document.timexes:
        if text[timex.start : timex.end] != timex.text:
            yield f"date {timex.text!r}"
    for part in (p for e in document.events for p in e.participants):
        if part.start is not None and part.end is not None and not text[part.start : part.end].strip():
            yield f"participant {part.name!r}"
    for token in (t for s in document.sentences for t in s.tokens):
        if text[token.start : token.end] != token.text and token.end - token.start >= len(token.text) > 0:
            yield f"word {token.text!r}"
    for low, high in _ranges(shown):
        if not 0 <= low < high <= len(text):
            yield f"range {low}:{high}"


def _ranges(shown: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    for event in shown["events"]:
        yield event["evidence"]["start"], event["evidence"]["end"]
        if event["anchor"]:
            yield event["anchor"]["start"], event["anchor"]["end"]
    for kind in ("quotes", "dates", "passed"):
        yield from ((one["start"], one["end"]) for one in shown[kind])


def brief(reader: Reader, document: Document) -> str:
    """What a terminal is sent, without colours."""
    out = io.StringIO()
    Brief(Console(file=out, width=200, no_color=True), reader.knowledge, explain=True).show(document)
    return out.getvalue()


def main() -> int:
    """Read all; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, help="so many only, evenly chosen")
    parser.add_argument("--write", type=Path, help="write them into this folder and read nothing")
    given = parser.parse_args()
    articles = list(hostile_articles())
    if given.write:
        given.write.mkdir(parents=True, exist_ok=True)
        for article in articles:
            (given.write / article.name).write_bytes(article.data)
        return 0
    chosen = articles[:: max(1, len(articles) // given.articles)] if given.articles else articles
    return report(chosen)


def report(articles: Sequence[Hostile]) -> int:
    """Read and print; the exit status."""
    reader, watch = Reader(), Watch()
    warm(reader)
    found = {a.name: examine(reader, watch, a) for a in articles}
    for name, reading in found.items():
        for kind in ("wrong", "lost", "believed"):
            for line in getattr(reading, kind):
                print(f"{name}: {kind}: {line}")
    bad = sum(bool(r.wrong) for r in found.values())
    expected, lost = sum(r.expected for r in found.values()), sum(len(r.lost) for r in found.values())
    believed = sum(bool(r.believed) for r in found.values())
    kept = 1 - lost / expected if expected else 1.0
    print(
        f"{len(found)} hostile articles, {bad} with faults; {expected - lost} of {expected} events of the plain ones "
        f"kept ({kept:.1%}); false claims in plain sentences taken for facts in {believed}"
    )
    return int(bad > 0 or kept < KEPT)


if __name__ == "__main__":
    raise SystemExit(main())
