"""``comity watch``: looks at feeds again and again and puts what is new into the record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from comity.errors import BadUsage

if TYPE_CHECKING:
    from comity.read.item import Item, ItemOptions


class Adder(Protocol):
    """Puts items into a record and returns a summary that can be printed."""

    def __call__(self, items: Iterable[Item]) -> Any: ...


def register(app: typer.Typer) -> None:
    """Add the command to an app."""
    app.command()(watch)


def watch(
    feeds: Annotated[list[str], typer.Argument(help="Addresses of feeds, or OPML files that list some.")],
    record: Annotated[
        Path, typer.Option(envvar="COMITY_RECORD", help="Folder of the record; it is made when absent.")
    ] = Path("record"),
    every: Annotated[float, typer.Option(help="Minutes between two looks at a feed.")] = 30.0,
    once: Annotated[bool, typer.Option("--once", help="Look once and leave.")] = False,
    no_fetch: Annotated[
        bool, typer.Option("--no-fetch", help="Take the text of the feed itself, fetch no pages.")
    ] = False,
) -> None:
    """Watch feeds: read what is new into the record, politely, until interrupted."""
    if every < 1:
        raise BadUsage(f"{every:g} minutes are too few", fix="look at most once a minute: --every 1")
    from comity.read.item import ItemOptions

    options = ItemOptions(follow=not no_fetch)
    failed = run(feeds, record, options, adder(record), every=every * 60, once=once, say=typer.echo)
    if once and failed:
        raise typer.Exit(1)


def adder(record: Path) -> Adder:
    """What puts items into the record of a folder."""

    def add(items: Iterable[Item]) -> Any:
        from comity.record.add import add as add_items
        from comity.record.store import open_record

        return add_items(open_record(record, create=True), items, command="watch")

    return add


def run(
    feeds: list[str],
    record: Path,
    options: ItemOptions,
    add: Adder,
    *,
    every: float,
    once: bool,
    say: Callable[[str], object],
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Look at all feeds, once or for ever; returns how many could not be read.  ``every`` is seconds."""
    from comity.read.fetch.client import Fetcher
    from comity.read.polling import Watcher, feeds_of

    fetcher = Fetcher(options.fetch)
    watcher = Watcher(feeds_of(feeds, options, fetcher), record, options, fetcher=fetcher)
    while True:
        failed = 0
        for poll in watcher.polls(every):
            stamp = f"{datetime.now():%H:%M} {poll.feed}"
            if poll.error is not None:
                failed += 1
                say(f"{stamp}: {poll.error}; {poll.told}")
            else:
                say(f"{stamp}: {poll.told}")
            if poll.items:
                summary = add(poll.items)
                for item in poll.items:
                    say(f"  {item.published or '          '}  {item.title or item.name}")
                say(f"  {summary}")
            watcher.keep(poll)
        if once:
            return failed
        sleep(every)
