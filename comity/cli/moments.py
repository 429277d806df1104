"""``comity moments``: which pairs of a record changed, in the last days or over its history."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, RecordOption
from comity.cli.output import write_csv, write_json
from comity.cli.show import opened
from comity.errors import BadUsage

ARROWS = {"up": ("▲", "green"), "down": ("▼", "red"), "steady": ("=", "dim")}
NOTHING = "No pair changed that the record can tell."
CHANGE_COLUMNS = (
    "a", "b", "arrow", "first", "last", "channel", "change", "probability", "support", "score", "count", "day",
    "reason",
)  # fmt: skip
TURN_COLUMNS = ("a", "b", "at", "channel", "change", "sign", "probability", "score", "factor")


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="moments")(moments)


def moments(
    since: Annotated[str, typer.Option(help="The last so many days: 7d, 4w, 1m.")] = "7d",
    until: Annotated[str | None, typer.Option(help="Last day (default: that of the newest news).")] = None,
    steady: Annotated[bool, typer.Option("--steady", help="Also pairs with events that did not change.")] = False,
    all_time: Annotated[
        bool, typer.Option("--all-time", help="Instead, every probable change of every pair, month by month.")
    ] = False,
    by: Annotated[str, typer.Option(help="With --all-time: week, month or year.")] = "month",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0 is all.")] = 20,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """Pairs that changed most, each with an arrow and one line of reason."""
    from comity.relations.changes import changes, turning
    from comity.relations.citation import cite

    with opened(record) as store:
        if all_time:
            turns = turning(store, by, until=until)[: limit or None]  # type: ignore[arg-type]
            if not output([msgspec.to_builtins(t) for t in turns], TURN_COLUMNS, json_out, csv_out):
                show_turns(turns, store.names)
            return
        found = changes(store, until, window(since), limit or None, steady)
        if output([c.as_dict() for c in found], CHANGE_COLUMNS, json_out, csv_out):
            return
        console = Console(highlight=False)
        if not found:
            console.print(f"{NOTHING} --steady shows those with events.")
        for change in found:
            sign, style = ARROWS[change.arrow]
            head = Text(f"{sign} ", style=style).append(" and ".join(change.names), style="bold")
            head.append(f"  {change.support} ({change.probability:.2f})" if change.arrow != "steady" else "", "dim")
            console.print(head.append(f"  {change.reason}"), soft_wrap=True)
        told = {"moments": "all pairs", "days": window(since), "until": found[0].last if found else until}
        console.print(Text(cite(store, told).line(), style="dim"), soft_wrap=True)


def window(text: str) -> int:
    """Days of "7d", "4w", "2m" (of 30 days) or "7".  Raises `BadUsage`."""
    found = re.fullmatch(r"(\d{1,3})\s*([dwm]?)", text.strip().lower())
    if not found:
        raise BadUsage(f"'{text}' is no span of days", fix="write 7d, 4w or 1m")
    return int(found[1]) * {"": 1, "d": 1, "w": 7, "m": 30}[found[2]]


def output(rows: list[dict[str, Any]], columns: tuple[str, ...], json_out: bool, csv_out: bool) -> bool:
    """Write JSON or CSV where it was asked for; whether it was."""
    if json_out:
        write_json(rows)
    elif csv_out:
        write_csv(rows, columns)
    return json_out or csv_out


def show_turns(turns: Any, names: Any) -> None:
    """Changes over all time, a line each."""
    console = Console(highlight=False)
    if not turns:
        console.print(NOTHING)
    for t in turns:
        pair = f"{names.name(t.a)} and {names.name(t.b)}"
        console.print(f"{t.sign} {t.at}  {pair}  {t.channel} {t.change}, {t.factor:.2g}-fold ({t.probability:.2f})")

