"""``comity relation``: how two actors stand, when it turned, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.text import Text

from comity.cli.output import write_csv, write_json
from comity.cli.show import CsvOption, JsonOption, RecordOption, dated, nothing, opened, what
from comity.errors import BadUsage, CannotWrite

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.relations import Moment, Relation

BLOCKS = " ▁▂▃▄▅▆▇█"
CHART = 60
COLOURS = {"cooperation": "cyan", "conflict": "red"}
SUPPORT = {"strong": "bold", "fair": "", "weak": "dim"}


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="relation")(relation)


def relation(
    who: Annotated[list[str], typer.Argument(help='Two actors: RUS CHN, RUS-CHN, "Russia and China".')],
    since: Annotated[str | None, typer.Option(help="First day: 2021-12-15, 2021-12 or 2021.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    by: Annotated[str, typer.Option(help="week, month or year.")] = "month",
    moments: Annotated[int, typer.Option(min=0, help="Key moments at most.")] = 5,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure to this file (SVG).")] = None,
) -> None:
    """Cooperation and conflict of a pair: levels, key moments with their events, what comes next, what it rests on."""
    from comity.relations import relation as ask

    if plot is not None and plot.suffix.lower() != ".svg":
        raise BadUsage(f"a figure cannot be written as '{plot.name}'", fix="name a file that ends in .svg")
    with opened(record) as store:
        first, second = pair(store.names, who)
        found = ask(store, first, second, since=since, until=until, by=by, limit=moments)  # type: ignore[arg-type]
        if plot is not None:
            write_figure(found, plot)
        if json_out:
            write_json(found.as_dict())
        elif csv_out:
            points = found.points()
            write_csv(points, list(points[0]) if points else ["period"])
        elif not any((found.series.starts, found.last, found.announced, found.possible)):
            nothing(store, (first, second), None)
        else:
            show(found, store.names, Console(highlight=False))


def pair(names: Names, who: Sequence[str]) -> tuple[str, str]:
    """The two codes.  Raises `BadUsage` where there are not two different ones, `UnknownName`."""
    from comity.cli.show import asked

    two, one = asked(names, who)
    if two is None:
        raise BadUsage(f"{names.name(one) if one else 'this'} alone is no pair", fix="give two actors: RUS CHN")
    if two[0] == two[1]:
        raise BadUsage(f"both are {names.name(two[0])}", fix="give two different actors")
    return two


def write_figure(found: Relation, path: Path) -> None:
    """The figure as a file, whole or not at all."""
    from comity.relations.figure import svg

    try:
        partial = path.with_name(path.name + ".part")
        partial.write_text(svg(found), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise CannotWrite(f"cannot be written: {error.strerror}", about=str(path), fix="choose another file") from None


def show(found: Relation, names: Names, console: Console) -> None:
    """A relation for people."""
    starts = found.series.starts
    console.print(Text(" and ".join(found.names), style="bold"))
    if starts:
        console.print(Text(f"{starts[0]} to {starts[-1]}, by {found.by}", style="dim"))
        chart(found, console)
        net = found.net
        console.print(f"net          {net.value[-1]:+.2f} ({net.low[-1]:+.2f} to {net.high[-1]:+.2f}), from -1 to +1")
    else:
        console.print("Nothing that occurred is dated well enough for a line.")
    for channel, sides in found.direction.items():
        if sides.a + sides.b + sides.both:
            console.print(Text(direction(found, channel, sides), style=COLOURS[channel]))
    show_moments(found, console)
    for title, rows in (("Last", found.last), ("Next, as announced", found.next)):
        if rows:
            console.print(Text(f"\n{title}", style="bold"))
        for row in rows:
            line = Text(f"  {dated(row)}  ").append(what(row, names)).append(f"  {row['id']}", style="dim")
            console.print(line, soft_wrap=True)
    console.print(Text("\n" + rests_on(found), style="dim"))


def chart(found: Relation, console: Console) -> None:
    """Both channels in blocks, each on its own scale, with events and documents behind each point."""
    for channel, one in found.lines.items():
        bars = blocks(np.asarray(one.level))
        now = f"{one.level[-1]:.3g} ({one.low[-1]:.3g} to {one.high[-1]:.3g}) a {found.by}"
        console.print(Text(f"{channel:<12} ").append(bars, style=COLOURS[channel]).append(f"  {now}"), soft_wrap=True)
    events = np.asarray(sum(np.asarray(e) for e in found.series.events.values()))
    documents, imported = np.asarray(found.series.documents), np.asarray(found.series.imported)
    for name, values in (("events", events), ("documents", documents), ("imported", imported)):
        if values.any():
            text = Text(f"{name:<12} {blocks(values)}  {int(values.sum())}, at most {int(values.max())}", style="dim")
            console.print(text, soft_wrap=True)


def blocks(values: NDArray[np.float64]) -> str:
    """Values as blocks, the largest the highest; long series are joined by their largest values."""
    if len(values) > CHART:
        values = np.array([part.max() for part in np.array_split(values, CHART)])
    top = float(values.max())
    steps = np.ceil(values / top * 8 - 1e-9).astype(int) if top > 0 else np.zeros(len(values), dtype=int)
    return "".join(BLOCKS[min(8, max(0, int(s)))] for s in steps)


def direction(found: Relation, channel: str, sides: Any) -> str:
    """Who acts, in one line."""
    told = f"{channel:<12} {found.names[0]} acts {sides.a}, {found.names[1]} {sides.b}, both {sides.both}"
    if sides.a + sides.b:
        told += f"; share of {found.names[0]} {sides.share:.0%} ({sides.low:.0%} to {sides.high:.0%})"
    return told


def show_moments(found: Relation, console: Console) -> None:
    """Key moments, weak ones as weak."""
    if found.moments:
        console.print(Text("\nKey moments", style="bold"))
    elif len(found.series.starts) > 1:
        console.print("No change of level shows.")
    for m in found.moments:
        moment(m, console)
    if found.latest:
        console.print(Text(f"\nChanged this {found.by}", style="bold"))
        moment(found.latest, console)


def moment(m: Moment, console: Console) -> None:
    """One moment."""
    span = str(m.day or m.at) if m.pace != "gradual" else f"{m.began} to {m.until}"
    head = f"  {m.sign} {span}  {m.support} (probability {m.probability:.2f}), {m.pace}: "
    console.print(Text(head, style=SUPPORT[m.support]).append(m.reason), soft_wrap=True)
    if m.events:
        console.print(Text("    " + " ".join(m.events), style="dim"), soft_wrap=True)


def rests_on(found: Relation) -> str:
    """What the lines rest on."""
    c = found.coverage
    parts = [f"{c.events} events on the line", f"{c.documents} documents, {c.outlets} outlets"]
    parts += [f"languages {', '.join(c.languages)}"] if c.languages else []
    parts += [f"imported from {', '.join(c.sources)}"] if c.sources else []
    parts += [f"{c.vague} dated too vaguely for the line"] if c.vague else []
    apart = found.announced + found.possible
    parts += [f"apart: {found.announced} announced, {found.possible} possible"] if apart else []
    total = len(found.series.starts)
    silent = f" {c.silent} of {total} periods have no event: silence is not peace." if c.silent else ""
    return "Rests on " + "; ".join(parts) + "." + silent
