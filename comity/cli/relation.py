"""``comity relation``: how two actors stand, when it turned, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, PairArgument, RecordOption, SinceOption, UntilOption
from comity.cli.output import write_csv, write_json
from comity.cli.show import dated, nothing, opened, what
from comity.errors import BadUsage, CannotWrite
from comity.paths import put
from comity.record.wording import many

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from comity.record.names import Names
    from comity.record.store import Store
    from comity.relations import Moment, Relation

BLOCKS = " ▁▂▃▄▅▆▇█"
CHART = 60
"""Blocks of a chart at most."""
LEFT = 13
"""Columns before a chart."""
WEAK = 2
"""Weak moments that are shown."""
COLOURS = {"cooperation": "cyan", "conflict": "red"}
SUPPORT = {"strong": "bold", "fair": "", "weak": "dim"}


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="relation")(relation)


def relation(
    who: PairArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[str, typer.Option(help="week, month or year.")] = "month",
    moments: Annotated[int, typer.Option(min=0, help="Key moments at most.")] = 5,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
    plot: Annotated[Path | None, typer.Option(help="Write a figure to this file (.svg or .png).")] = None,
    beside: Annotated[
        list[str] | None, typer.Option("--with", help="Another pair on the same scale: USA-CHN; several times.")
    ] = None,
) -> None:
    """Cooperation and conflict of a pair: levels, key moments with their events, what comes next, what it rests on."""
    from comity.relations import relation as ask

    if plot is not None and plot.suffix.lower() not in (".svg", ".png"):
        raise BadUsage(f"a figure cannot be written as '{plot.name}'", fix="name a file that ends in .svg or .png")
    with opened(record) as store:
        first, second = pair(store.names, who)
        if beside:
            pairs = [(first, second), *(pair(store.names, [other]) for other in beside)]
            several(store, pairs, since, until, by, moments, plot, json_out, csv_out)
            return
        found = ask(store, first, second, since=since, until=until, by=by, limit=moments)  # type: ignore[arg-type]
        if plot is not None:
            write_figure([found], plot)
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


def several(
    store: Store, pairs: Sequence[tuple[str, str]], since: str | None, until: str | None, by: str, limit: int,
    plot: Path | None, json_out: bool, csv_out: bool,
) -> None:  # fmt: skip
    """Several pairs on one scale."""
    from comity.relations.figure import cited
    from comity.relations.relation import compare

    found = compare(store, pairs, since, until, by, limit)  # type: ignore[arg-type]
    if plot is not None:
        write_figure(found, plot)
    if json_out:
        write_json({"relations": [one.as_dict() for one in found], "citation": cited(found)})
    elif csv_out:
        rows = [{"pair": f"{one.a}-{one.b}", **point} for one in found for point in one.points()]
        write_csv(rows, list(rows[0]) if rows else ["pair", "period"])
    else:
        side_by_side(found, Console(highlight=False))


def side_by_side(found: Sequence[Relation], console: Console) -> None:
    """Levels of several pairs in blocks of one height, and their net scores."""
    import numpy as np

    from comity.relations.figure import cited, when

    drawn = [one for one in found if one.series.starts]
    if drawn:
        first, last = (when(drawn[0].series.starts[n], found[0].by) for n in (0, -1))
        console.print(Text(f"{first} to {last}, by {found[0].by}", style="dim"))
    wide = max(len(f"{one.a}-{one.b}") for one in found)
    for channel, colour in COLOURS.items():
        top = max((float(np.max(one.lines[channel].level)) for one in drawn), default=0.0)
        console.print(Text(channel, style=f"bold {colour}"))
        texts = [level_now(one, channel) for one in drawn]
        size = room(console, texts)
        for one, now in zip(drawn, texts, strict=True):
            bars = blocks(np.asarray(one.lines[channel].level), top, size)
            told = Text(f"  {one.a}-{one.b}".ljust(wide + 4)).append(bars, style=colour).append(f"  {now}")
            console.print(told, soft_wrap=True)
    for one in found:
        if one not in drawn:
            console.print(f"  {one.a}-{one.b}: nothing that occurred is dated well enough for a line")
            continue
        net = f"net {one.net.value[-1]:+.2f} ({one.net.low[-1]:+.2f} to {one.net.high[-1]:+.2f})"
        counted = f"{many(one.coverage.events, 'event')}, {many(one.coverage.silent, 'silent period')}"
        console.print(Text(f"  {one.a}-{one.b}".ljust(wide + 4) + f"{net}; {counted}"), soft_wrap=True)
    console.print(Text(cited(found), style="dim"), soft_wrap=True)


def write_figure(found: Sequence[Relation], path: Path) -> None:
    """The figure as a file, whole or not at all.  Raises `CannotWrite`, `NoPlotter`."""
    from comity.relations.figure import png, svg

    drawn = svg(*found)
    data = png(drawn) if path.suffix.lower() == ".png" else drawn.encode("utf-8")
    try:
        put(path, lambda file: file.write(data))
    except OSError as error:
        raise CannotWrite(f"cannot be written: {error.strerror}", about=str(path), fix="choose another file") from None


def show(found: Relation, names: Names, console: Console) -> None:
    """A relation for people."""
    from comity.relations.figure import when

    starts = found.series.starts
    console.print(Text(" and ".join(found.names), style="bold"))
    if starts:
        console.print(Text(f"{when(starts[0], found.by)} to {when(starts[-1], found.by)}, by {found.by}", style="dim"))
        chart(found, console)
        net = found.net
        if found.coverage.events:
            told = f"{net.value[-1]:+.2f} ({net.low[-1]:+.2f} to {net.high[-1]:+.2f}), from -1 to +1"
            console.print("net".ljust(LEFT) + told)
    else:
        console.print("Nothing that occurred is dated well enough for a line.")
    for channel, sides in found.direction.items():
        if sides.a + sides.b + sides.both:
            console.print(Text(direction(found, channel, sides), style=COLOURS[channel]))
    show_moments(found, console)
    show_named(found, console)
    for title, rows in (("Last", found.last), ("Next, as announced", found.next)):
        if rows:
            console.print(Text(f"\n{title}", style="bold"))
        for row in rows:
            line = Text(f"  {dated(row)}  ").append(what(row, names)).append(f"  {row['id']}", style="dim")
            console.print(line, soft_wrap=True)
    console.print(Text("\n" + rests_on(found), style="dim"))
    console.print(Text(found.citation.line(), style="dim"), soft_wrap=True)


def chart(found: Relation, console: Console) -> None:
    """Both channels in blocks, each on its own scale, with events and their reports behind each point."""
    import numpy as np

    events = np.asarray(sum(np.asarray(e) for e in found.series.events.values()))
    rows = [(c, np.asarray(one.level), level_now(found, c), COLOURS[c]) for c, one in found.lines.items()]
    behind = (("events", events), ("reports", found.series.documents), ("imported", found.series.imported))
    for name, given in behind:
        values = np.asarray(given)
        if values.any():
            rows.append((name, values, f"{int(values.sum())}, at most {int(values.max())}", "dim"))
    size = room(console, [text for _, _, text, _ in rows])
    for name, values, text, style in rows:
        none = name in COLOURS and not found.series.events[name].any()
        bars = "" if none else blocks(values, size=size) + "  "
        console.print(Text(f"{name:<{LEFT}}").append(bars, style=style).append(text), soft_wrap=True)


def room(console: Console, texts: Sequence[str]) -> int:
    """Blocks that fit between the name and the longest text of a line."""
    return max(10, min(CHART, console.width - LEFT - 2 - max(len(text) for text in texts)))


def level_now(found: Relation, channel: str) -> str:
    """The last level of a channel, or what may have stayed unseen of one without any event."""
    one = found.lines[channel]
    if not found.series.events[channel].any():
        return f"none recorded; at most {one.high[-1]:.2g} a {found.by}"
    return f"{one.level[-1]:.2g} ({one.low[-1]:.2g} to {one.high[-1]:.2g}) a {found.by}"


def blocks(values: NDArray[np.float64], top: float | None = None, size: int = CHART) -> str:
    """Values as blocks up to ``top`` (the largest); long series are joined by their largest values."""
    import numpy as np

    if len(values) > size:
        values = np.array([part.max() for part in np.array_split(values, size)])
    top = float(values.max()) if top is None else top
    steps = np.ceil(values / top * 8 - 1e-9).astype(int) if top > 0 else np.zeros(len(values), dtype=int)
    return "".join(BLOCKS[min(8, max(0, int(s)))] for s in steps)


def direction(found: Relation, channel: str, sides: Any) -> str:
    """Who acts, in one line."""
    told = f"{channel:<12} {found.names[0]} acts {sides.a}, {found.names[1]} {sides.b}, both {sides.both}"
    if sides.a + sides.b:
        told += f"; share of {found.names[0]} {sides.share:.0%} ({sides.low:.0%} to {sides.high:.0%})"
    return told


def show_moments(found: Relation, console: Console) -> None:
    """Key moments; of weak ones a few that events tell, each change once."""
    shown = worth_telling(found.moments)
    if shown:
        sure = any(m.support != "weak" for m in shown)
        console.print(Text("\nKey moments" if sure else "\nKey moments (none is sure)", style="bold"))
    elif len(found.series.starts) > 1 and found.coverage.events:
        console.print("No change of level shows.")
    for m in shown:
        moment(m, found.by, console)
    if found.latest:
        console.print(Text(f"\nChanged this {found.by}", style="bold"))
        moment(found.latest, found.by, console)


def worth_telling(every: Sequence[Moment]) -> list[Moment]:
    """All moments but weak ones; of these the first `WEAK` that have events and do not repeat one that is shown.

    A weak fall into silence is none: a pair is most often heard of first in a busy time.
    """
    shown: list[Moment] = []
    for m in every:
        again = any(
            (m.channel, m.change) == (s.channel, s.change) and m.began <= s.until and s.began <= m.until for s in shown
        )
        weak = sum(s.support == "weak" for s in shown)
        if m.support != "weak" or (m.events and not again and weak < WEAK):
            shown.append(m)
    return shown


def show_named(found: Relation, console: Console) -> None:
    """Turning points that texts name, in their words."""
    if found.named:
        console.print(Text("\nTurning points that texts name", style="bold"))
    for n in found.named:
        source = n.title or n.document
        head = Text(f"  {n.sign} {span(n.first, n.last)}  ").append(f"“{n.sentence}”")
        head.append(f"  {source}, {n.published or 'undated'} ({n.document})", style="dim")
        console.print(head, soft_wrap=True)


def span(first: date, last: date) -> str:
    """Days as a year, a month or a day where they are one: 2016, Jun 2019, 3 Mar 2023."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return f"{first:%b %Y}"
    return f"{first.day} {first:%b %Y}" if first == last else f"{first} to {last}"


def moment(m: Moment, by: str, console: Console) -> None:
    """One moment."""
    from comity.relations.figure import when

    told = str(m.day or when(m.at, by)) if m.pace != "gradual" else f"{when(m.began, by)} to {when(m.until, by)}"
    head = f"  {m.sign} {told}  {m.support} ({m.probability:.2f}): "
    console.print(Text(head, style=SUPPORT[m.support]).append(m.reason), soft_wrap=True)
    if m.events:
        console.print(Text("    " + " ".join(m.events), style="dim"), soft_wrap=True)


def rests_on(found: Relation) -> str:
    """What the lines rest on."""
    c = found.coverage
    parts = [f"{many(c.events, 'event')} on the line", f"{many(c.documents, 'document')}, {many(c.outlets, 'outlet')}"]
    parts += [f"languages {', '.join(c.languages)}"] if c.languages else []
    parts += [f"imported from {', '.join(c.sources)}"] if c.sources else []
    parts += [f"{c.vague} dated too vaguely for the line"] if c.vague else []
    apart = found.announced + found.possible
    parts += [f"apart: {found.announced} announced, {found.possible} possible"] if apart else []
    total = len(found.series.starts)
    have = "has" if c.silent == 1 else "have"
    silent = f" {c.silent} of {many(total, 'period')} {have} no event: silence is not peace." if c.silent else ""
    return "Rests on " + "; ".join(parts) + "." + silent
