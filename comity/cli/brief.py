"""The brief: what a careful desk officer would write down, for people at a terminal."""

from __future__ import annotations

import shlex
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from comity.cli.output import many
from comity.knowledge import Knowledge
from comity.model import Document, Event, Quote
from comity.record.wording import long_day, sureness, when

STATUS = {
    "occurred": ("occurred", "green"),
    "announced": ("announced", "cyan"),
    "possible": ("possible", "yellow"),
    "negated": ("not so", "red"),
}
ORDER = ("occurred", "announced", "possible", "negated")
NEXT = """
What to try next.  The command is .venv/bin/comity; after `. .venv/bin/activate`
it is comity.  The record in demo/ was made from the example stories.

  comity serve --record demo --open         the page in the browser
  comity show Iran "Saudi Arabia" --record demo      what it holds of a pair
  comity moments --all-time --record demo   when pairs turned, with reasons
  comity pledges --record demo              announced, and what became of it
  comity explain EVENT --record demo        from an event to its sentences
  comity read your-article.html --explain   your own text, with reasons
  curl -s URL | comity read -               from a pipe
  comity add articles/ feed.xml             into a record of your own
  comity evaluate                           how well it reads
  comity --help                             everything else
"""


class Brief:
    """Prints documents as briefs."""

    def __init__(self, console: Console, knowledge: Knowledge, explain: bool = False) -> None:
        self.console = console
        self.knowledge = knowledge
        self.explain = explain

    def show(self, document: Document) -> None:
        """One document: head, events by status, quotations, dates, what was passed over."""
        self._head(document)
        if document.events:
            self._events(document)
        else:
            self.console.print(Padding("No event between states, organisations or armed groups was found.", (0, 2)))
        self._quotes([q for q in document.quotes if q.kind == "direct"])
        self._dates(document)
        self._passed(document)
        self.console.print()

    def name(self, document: Document) -> None:
        """One line for one document: how much was found, and what shows it whole."""
        found = f"{many(len(document.events), 'event')}, {many(len(document.quotes), 'quotation')}"
        line = Text(f"{found:<28}").append(f"comity read {shlex.quote(document.name)}", style="dim")
        self.console.print(line, soft_wrap=True)

    def _head(self, document: Document) -> None:
        title = Text(document.title or document.name or "Untitled", style="bold")
        facts = [
            f"published {long_day(document.published)}"
            if document.published
            else "no publication date found (give one with --published)"
        ]
        facts += [document.source] if document.source else []
        facts += [document.name] if document.name and document.title else []
        self.console.rule(style="dim")
        self.console.print(title)
        self.console.print(Text(" · ".join(facts), style="dim"))
        self.console.print()

    def _events(self, document: Document) -> None:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for event in sorted(document.events, key=lambda e: (ORDER.index(e.status), e.date.start or date.max)):
            label, colour = STATUS[event.status]
            told = self._pair(event).append("  " + act(event), style="not bold")
            table.add_row(Text(label, style=colour), when(event.date, event.status), told)
            table.add_row("", "", self._note(event))
            if self.explain:
                self._why(table, document, event)
        self.console.print(Padding(table, (0, 0, 1, 2)))

    def _pair(self, event: Event) -> Text:
        arrow = " <-> " if event.symmetric else " -> "
        left = ", ".join(self._name(c) for c in event.sources) or "?"
        right = ", ".join(self._name(c) for c in event.targets) or "?"
        if event.symmetric and event.sources == event.targets:
            return Text(" <-> ".join(self._name(c) for c in event.sources), style="bold")
        return Text(left + arrow + right, style="bold")

    def _name(self, code: str) -> str:
        return self.knowledge.actor_name(code)

    def _note(self, event: Event) -> Text:
        people = [p.name for p in event.participants if p.office or p.sector]
        parts = [", ".join(dict.fromkeys(people))] if people else []
        if event.speaker is not None:
            parts.append(f"told by {event.speaker.name}")
        parts.append(f"{sureness(event.confidence)} ({event.confidence:.2f})")
        return Text("; ".join(parts), style="dim")

    def _why(self, table: Table, document: Document, event: Event) -> None:
        evidence = " ".join(document.text[event.evidence.start : event.evidence.end].split())
        table.add_row("", "", Text(f"“{evidence}”", style="italic"))
        for reason in event.why:
            table.add_row("", "", Text(f"- {reason}", style="dim"))

    def _quotes(self, quotes: list[Quote]) -> None:
        if not quotes:
            return
        self.console.print(Text("  Said", style="bold"))
        for quote in quotes:
            speaker = quote.speaker.name if quote.speaker else "unknown"
            to = f" to {quote.addressee.name}" if quote.addressee else ""
            line = Text(f"“{' '.join(quote.text.split())}”")
            line.append(f"  {speaker}{to}", style="dim")
            self.console.print(Padding(line, (0, 0, 0, 2)))
        self.console.print()

    def _dates(self, document: Document) -> None:
        shown = dict.fromkeys(f"{' '.join(t.text.split())} = {t.value}" for t in document.timexes)
        if shown:
            self.console.print(Padding(Text("Dates: " + "; ".join(shown), style="dim"), (0, 0, 0, 2)))

    def _passed(self, document: Document) -> None:
        if not document.passed:
            return
        self.console.print(
            Padding(
                Text(
                    f"Passed over: {many(len(document.passed), 'sentence')} that could not be read with confidence"
                    + ("" if self.explain else " (show with --explain)"),
                    style="dim",
                ),
                (0, 0, 0, 2),
            )
        )
        if self.explain:
            for passed in document.passed:
                text = " ".join(document.text[passed.start : passed.end].split())
                self.console.print(Padding(Text(f"“{text}”: {passed.reason}", style="dim"), (0, 0, 0, 4)))


def act(event: Event) -> str:
    """Type, mode and count in words: ``consult, phone x37``."""
    words = event.type.lower() + (f", {event.mode}" if event.mode else "")
    return words + (f" x{event.count}" if event.count else "")
