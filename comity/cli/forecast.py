"""``comity forecast``: events of the coming periods between two actors, and the likeliest types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, PairArgument, RecordOption
from comity.cli.output import write_csv, write_json
from comity.cli.show import opened

if TYPE_CHECKING:
    from comity.relations.forecast import Forecast

COLUMNS = ("channel", "period", "mean", "q05", "q25", "q50", "q75", "q95", "none")


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="forecast")(forecast)


def forecast(
    who: PairArgument,
    months: Annotated[int, typer.Option(min=1, max=60, help="Periods ahead.")] = 6,
    by: Annotated[str, typer.Option(help="week, month or year.")] = "month",
    until: Annotated[str | None, typer.Option(help="Use only what is known up to this day.")] = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """What counts of the past say of the coming months: quantiles by channel, and the likeliest next event types."""
    from comity.cli.relation import pair
    from comity.record.query import day
    from comity.relations.forecast import forecast as ask

    with opened(record) as store:
        first, second = pair(store.names, who)
        found = ask(store, first, second, months, by, day(until, end=True))  # type: ignore[arg-type]
        if json_out:
            write_json(found.as_dict())
        elif csv_out:
            rows = [
                {"channel": channel, **{name: getattr(one, name) for name in COLUMNS[1:]}}
                for channel, steps in found.steps.items() for one in steps
            ]  # fmt: skip
            write_csv(rows, COLUMNS)
        else:
            show(found, Console(highlight=False))


QUIET = 0.99
"""A channel is told in one line when every period is so likely to have no event."""


def show(found: Forecast, console: Console) -> None:
    """A forecast for people."""
    console.print(Text(" and ".join(found.names), style="bold"))
    if found.known is None:
        console.print("Nothing dated is in this record: there is nothing to forecast from.")
        return
    console.print(Text(f"from {found.periods} complete periods up to {found.known}, by {found.by}", style="dim"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("events", "period", "mean", "median", "half within", "90 % within", "none at all"):
        table.add_column(name, justify="left" if name in ("events", "period") else "right")
    quiet = [channel for channel, steps in found.steps.items() if all(s.none >= QUIET for s in steps)]
    for channel, steps in found.steps.items():
        for s in steps if channel not in quiet else ():
            table.add_row(
                channel, str(s.period), f"{s.mean:.1f}", str(s.q50), f"{s.q25} to {s.q75}", f"{s.q05} to {s.q95}",
                f"{s.none:.0%}",
            )  # fmt: skip
    if table.row_count:
        console.print(table)
    for channel in quiet:
        least = min(s.none for s in found.steps[channel])
        console.print(f"{channel}: hardly any event to be expected, {least:.1%} that a {found.by} has none")
    told = ", ".join(f"{t.type.lower()} {t.probability:.0%}" for t in found.types)
    console.print(f"The next event is likeliest of type {told}." if told else "No type has occurred yet.")
    console.print(Text("Counts of the past say this; they know no causes. Silence is not peace.", style="dim"))
    console.print(Text(found.citation.line(), style="dim"), soft_wrap=True)
