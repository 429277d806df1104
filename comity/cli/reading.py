"""``comity read``: sources in, documents out, failures counted, the run goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from comity.cli.brief import Brief, act
from comity.cli.output import many
from comity.contract import document_object
from comity.errors import ComityError, SkipDocument, UnknownKind
from comity.model import Document
from comity.paths import as_path
from comity.read import Limits, open_sources, read_bytes
from comity.read.kinds import of_bytes, of_name
from comity.reader import Reader
from comity.record.wording import when

MANY = frozenset({"json", "jsonl", "csv", "parquet", "feed", "opml", "sitemap", "zip", "tar", "gzip", "warc"})
"""What holds articles and is none."""
TABLES = frozenset({"json", "jsonl", "csv"})
"""What its name alone tells."""


def an_article(name: str, data: bytes) -> None:
    """Refuse what `comity add` opens: a table, a feed, an archive.  Raises `UnknownKind`."""
    shown, named = of_bytes(data[:4096]), of_name(name)
    found = shown or (named if named.kind in TABLES else None)
    if found is not None and found.kind in MANY:
        raise UnknownKind(
            f"this is not the text of an article: {found.why}", about=name,
            fix="`comity add` takes articles out of tables, feeds and archives",
        )  # fmt: skip


class ReadJob:
    """One run of ``comity read``."""

    def __init__(
        self,
        *,
        sources: Sequence[str],
        published: date | None,
        format: str,
        out: Path | None,
        explain: bool,
        actors: Path | None,
        any_language: bool,
        quiet: bool,
        fast: bool = False,
        whole: int | None = None,
    ) -> None:
        self.sources = sources
        self.published = published
        self.format = format
        self.whole = whole
        self.out = out
        self.explain = explain
        self.any_language = any_language
        self.quiet = quiet
        self.reader = Reader(actors=actors, judge="none" if fast else None)
        self.console = Console(highlight=False)
        self.errors = Console(stderr=True, highlight=False)
        self.failed: list[ComityError] = []
        self.counts = {"documents": 0, "events": 0, "quotations": 0}

    def run(self) -> int:
        """Read everything; exit status 1 when a document failed."""
        if self.out is not None:
            self._to_folder()
        elif self.format == "table":
            self._table()
        else:
            brief = Brief(self.console, self.reader.knowledge, self.explain)
            for number, document in enumerate(self._documents()):
                if self.format != "brief":
                    self._line(document)
                elif self.whole is None or number < self.whole:
                    brief.show(document)
                else:
                    brief.name(document)
        self._summary()
        return 1 if self.failed else 0

    def _documents(self) -> Iterator[Document]:
        limits = Limits()
        for source in self._watched():
            try:
                data = source.read(limits)
                an_article(source.name, data)
                document = read_bytes(
                    data,
                    name=source.name,
                    any_language=self.any_language,
                    limits=limits,
                )
                if document.published is None and self.published is not None:
                    document = msgspec.structs.replace(document, published=self.published)
                document = self.reader(document)
            except SkipDocument as error:
                self.failed.append(error)
                self.errors.print(f"skipped {error}", markup=False, soft_wrap=True)
                continue
            self.counts["documents"] += 1
            self.counts["events"] += len(document.events)
            self.counts["quotations"] += len(document.quotes)
            yield document

    def _watched(self) -> Iterator:  # type: ignore[type-arg]
        """The sources, with a progress bar on a terminal when the output goes elsewhere."""
        found = open_sources(self.sources)
        if self.quiet or not sys.stderr.isatty() or (self.out is None and sys.stdout.isatty()):
            yield from found
            return
        listed = list(found)
        columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.errors, transient=True) as progress:
            task = progress.add_task("reading", total=len(listed))
            for source in listed:
                yield source
                progress.advance(task)

    def _line(self, document: Document) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(document_object(document, passed=self.explain)) + b"\n")
        sys.stdout.buffer.flush()

    def _to_folder(self) -> None:
        from comity.cli.main import write_file

        assert self.out is not None
        taken: set[str] = set()
        for document in self._documents():
            stem = Path(document.name).stem or document.id
            name, n = stem, 2
            while name in taken:
                name, n = f"{stem}-{n}", n + 1
            taken.add(name)
            data = msgspec.json.format(msgspec.json.encode(document_object(document, passed=self.explain)), indent=1)
            write_file(self.out / as_path(f"{name}.json"), data + b"\n")

    def _table(self) -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in ("document", "status", "date", "source", "target", "type", "confidence", "speaker"):
            table.add_column(column, overflow="fold")
        for document in self._documents():
            for event in document.events:
                table.add_row(
                    document.name,
                    event.status,
                    when(event.date, event.status),
                    ",".join(event.sources),
                    ",".join(event.targets),
                    act(event),
                    f"{event.confidence:.2f}",
                    event.speaker.name if event.speaker else "",
                )
        self.console.print(table)

    def _summary(self) -> None:
        if self.quiet:
            return
        counts = self.counts
        text = (
            f"Read {many(counts['documents'], 'document')}: {many(counts['events'], 'event')}, "
            f"{many(counts['quotations'], 'quotation')} and reports of speech."
        )
        if self.failed:
            reasons: dict[str, int] = {}
            for error in self.failed:
                reasons[error.code] = reasons.get(error.code, 0) + 1
            text += " Skipped " + ", ".join(f"{n} ({code})" for code, n in sorted(reasons.items())) + "."
        self.errors.print(text, markup=False, soft_wrap=True)
