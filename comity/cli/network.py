"""``comity network``: the signed network of all pairs at a date, its blocs, its balance, and who moved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.cli.options import RecordOption
from comity.cli.output import write_json, write_text
from comity.cli.show import opened
from comity.errors import BadUsage
from comity.record.wording import many

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.relations.network import Move, Network

FORMS = ("table", "json", "graphml")
ROWS = 15


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="network")(network)


def network(
    at: Annotated[str | None, typer.Option(help="Month at its end: 2014-12 (default: the newest news).")] = None,
    window: Annotated[str, typer.Option(help="How far back: 12m or 3y.")] = "12m",
    form: Annotated[str, typer.Option("--as", help="table, json or graphml.")] = "table",
    least: Annotated[int, typer.Option("--min-events", min=1, help="Events of a pair at least.")] = 2,
    adversaries: Annotated[
        str | None, typer.Option(help="Instead, against whom both of a pair acted, with the events: RUS-CHN.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    record: RecordOption = None,
) -> None:
    """How all pairs stood at a date: ties with a sign, blocs, triads, and who moved closer or apart."""
    from comity.cli.relation import pair
    from comity.record.query import day
    from comity.relations.network import adversaries as common
    from comity.relations.network import network as ask

    if form not in FORMS:
        raise BadUsage(f"unknown form '{form}'", fix=f"use one of {', '.join(FORMS)}")
    with opened(record) as store:
        until, months = day(at, end=True), span(window)
        if adversaries is not None:
            show_adversaries(common(store, *pair(store.names, [adversaries]), until, months), store.names, form)
            return
        found = ask(store, until, months, least)
        if found is None or not found.edges:
            Console(highlight=False).print("No dated event of any pair in that time: there is no network to show.")
        elif out is not None:
            from comity.cli.main import write_file

            data = graphml(found) if form == "graphml" else msgspec.json.format(msgspec.json.encode(found.as_dict()))
            write_file(out, data.encode() if isinstance(data, str) else data)
        elif form == "json":
            write_json(found.as_dict())
        elif form == "graphml":
            write_text(graphml(found))
        else:
            show(found, Console(highlight=False))


def span(text: str) -> int:
    """Months of "12m", "3y" or "12".  Raises `BadUsage`."""
    number, unit = text[:-1], text[-1:]
    if text.isdigit():
        number, unit = text, "m"
    if not number.isdigit() or unit not in ("m", "y"):
        raise BadUsage(f"'{text}' is no span of months", fix="write 12m or 3y")
    return int(number) * (12 if unit == "y" else 1)


def graphml(found: Network) -> str:
    """The network as GraphML, with all attributes of actors and ties, and the citation as its description."""
    keys: list[str] = []
    columns: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    samples: list[tuple[str, Any]] = [("node", found.nodes), ("edge", found.edges)]
    for kind, rows in samples:
        for name, value in msgspec.to_builtins(rows[0]).items():
            if name not in ("a", "b", "code"):
                type = "string" if isinstance(value, str) else "int" if isinstance(value, int) else "double"
                columns[kind][name] = f"{kind[0]}_{name}"
                keys.append(f'<key id="{kind[0]}_{name}" for="{kind}" attr.name="{name}" attr.type="{type}"/>')
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', *keys,
        f'<graph id="states" edgedefault="undirected"><desc>{escape(found.citation.line())}</desc>',
    ]  # fmt: skip
    for node in found.nodes:
        lines.append(f"<node id={quoteattr(node.code)}>{data(node, columns['node'])}</node>")
    for edge in found.edges:
        ends = f"source={quoteattr(edge.a)} target={quoteattr(edge.b)}"
        lines.append(f"<edge {ends}>{data(edge, columns['edge'])}</edge>")
    return "\n".join([*lines, "</graph></graphml>"]) + "\n"


def data(row: Any, columns: dict[str, str]) -> str:
    """The attributes of one actor or tie."""
    values = msgspec.to_builtins(row)
    return "".join(f'<data key="{key}">{escape(str(values[name]))}</data>' for name, key in columns.items())


def show(found: Network, console: Console) -> None:
    """A network for people."""
    console.print(Text(f"{found.first:%Y-%m} to {found.last:%Y-%m}", style="bold"))
    console.print(f"{many(len(found.nodes), 'actor')}, {many(len(found.edges), 'pair')} with events")
    for bloc in found.as_dict()["blocs"]:
        members = bloc["members"]
        console.print(f"  bloc {bloc['bloc'] + 1} ({len(members)}): {' '.join(members)}", soft_wrap=True)
    b = found.balance
    if b.share is not None and b.expected is not None:
        against = f"{b.share:.0%} balanced, shuffled {b.expected:.0%} ({b.low:.0%} to {b.high:.0%})"
        console.print(f"{many(b.triads, 'triad')}: +++ {b.ppp}, ++- {b.ppn}, +-- {b.pnn}, --- {b.nnn}; {against}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("pair", "sign", "events", "cooperation", "conflict"):
        table.add_column(name, justify="left" if name == "pair" else "right")
    for e in sorted(found.edges, key=lambda e: (-e.events, e.a, e.b))[:ROWS]:
        style = "green" if e.sign > 0 else "red"
        sums = (str(e.events), f"{e.cooperation:.4g}", f"{e.conflict:.4g}")
        table.add_row(f"{e.a}-{e.b}", Text(f"{e.sign:+.2f}", style=style), *sums)
    console.print(table)
    show_moves("Closer", found.closer, console)
    show_moves("Apart", found.apart, console)
    console.print(Text(found.citation.line(), style="dim"), soft_wrap=True)


def show_moves(title: str, moves: tuple[Move, ...], console: Console) -> None:
    """Who moved, by how much, by which events."""
    if moves:
        console.print(Text(title, style="bold"))
    for m in moves:
        console.print(
            Text(f"  {' and '.join(m.names)} {m.before:+.2f} to {m.now:+.2f}  ").append(m.reason), soft_wrap=True
        )


def show_adversaries(found: Any, names: Names, form: str) -> None:
    """Third actors against whom both acted, with the events."""
    if form == "json":
        write_json(list(found))
        return
    console = Console(highlight=False)
    if not found:
        console.print("There is nobody against whom both acted in that time.")
    for row in found:
        console.print(f"{row['name']}: {row['of_a']} and {many(row['of_b'], 'act')}", markup=False, soft_wrap=True)
        console.print(Text("  " + " ".join([*row["events_a"], *row["events_b"]]), style="dim"), soft_wrap=True)
