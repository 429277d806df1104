"""What news is made of: ``python -m comity.evaluate.makeup [FOLDER]``.

Of the events that must be noted in the gold articles of a folder (``gold/dev``): the share that had not happened
(announced, possible, negated), and of those that had, the share that lay more than a week before the news.  A coder
that tells no status and dates by the day of the news gets the first wrong as having happened, the second on the wrong
day, however well it finds who did what.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from comity.evaluate.checkout import ROOT
from comity.model import Record

WEEK = timedelta(days=7)


class Makeup(Record, frozen=True):
    """Counts of gold events: all, those that had not happened, and those that happened over a week before the news."""

    articles: int
    events: int
    not_happened: int
    before_the_news: int


def makeup(rows: Iterable[Mapping[str, Any]]) -> Makeup:
    """The counts of gold records; an event that can be defended as having happened has happened."""
    articles = events = waiting = before = 0
    for row in rows:
        articles += 1
        news = date.fromisoformat(row["published"]) if row.get("published") else None
        for event in row["events"]:
            if event["need"] != "must":
                continue
            events += 1
            if "occurred" not in event["status"]:
                waiting += 1
            elif news and event.get("date") and date.fromisoformat(event["date"][1]) < news - WEEK:
                before += 1
    return Makeup(articles=articles, events=events, not_happened=waiting, before_the_news=before)


def main() -> None:
    """Print the counts and shares."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "gold" / "dev"
    found = makeup(msgspec.json.decode(path.read_bytes()) for path in sorted(folder.glob("*.gold.json")))
    if not found.events:
        print(f"No gold articles in {folder}.")
        return
    happened = found.events - found.not_happened
    print(f"{found.events} events of {found.articles} articles")
    print(f"  had not happened: {found.not_happened} ({found.not_happened / found.events:.0%})")
    print(f"  had happened, more than a week before the news: {found.before_the_news} of {happened} "
          f"({found.before_the_news / max(1, happened):.0%})")  # fmt: skip


if __name__ == "__main__":
    main()
