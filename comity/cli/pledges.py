"""``comity pledges``: what was announced, what became of it, and how reliable that makes an actor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, RecordOption, WhoArgument
from comity.cli.output import write_csv, write_json
from comity.cli.show import NARROW, asked, note, opened, screen
from comity.errors import CannotWrite
from comity.model import EventDate
from comity.paths import put
from comity.record.wording import many, short_day, when

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.record.store import Store
    from comity.relations.pledges import Act, Pledge, Pledges, Reliability

SHOWN = 60
RATES = (
    "Share kept of those that an event settles, weighed by how sure that is; Beta posterior, prior Beta(1/2, 1/2). "
    "By number of pledges, no ranking. Conflict: threats and plans that were carried out. Settled: part of what is not "
    "open that any event settles; news tell less of quiet failures."
)
COLOURS = {"open": "cyan", "fulfilled": "green", "broken": "red", "overtaken": "magenta", "lapsed": "yellow"}


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="pledges")(pledges)


def pledges(
    who: WhoArgument = None,
    status: Annotated[
        list[str] | None, typer.Option(help="open, fulfilled, broken, overtaken, lapsed; several with commas.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Due on this day or later: 2021-12-15, 2021-12 or 2021.")] = None,
    until: Annotated[str | None, typer.Option(help="Due up to this day.")] = None,
    due_before: Annotated[str | None, typer.Option(help="Due before this day.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Seen from this day, or 'today'; nothing told later counts (the newest news).")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most so many on the screen; 0 is all.")] = SHOWN,
    reliability: Annotated[
        bool, typer.Option("--reliability", help="Share kept by actor and pair, with its uncertainty.")
    ] = False,
    ics: Annotated[Path | None, typer.Option(help="Write a calendar (iCalendar) to this file.")] = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """What was announced, for when, on whose word, and what became of it, by the day on which it is due."""
    from comity.relations.pledges import pledges as ask
    from comity.relations.pledges import reliability as rate

    with opened(record) as store:
        pair, actor = asked(store.names, who or [])
        found = ask(
            store, actor=actor, pair=pair, state=None if reliability else status, since=since, until=until,
            due_before=due_before, as_of=as_of,
        )  # fmt: skip
        rated = rate(found.items) if reliability else []
        if actor:
            rated = [r for r in rated if r.actor == actor]
        if ics is not None:
            write_calendar(found, store.names, ics)
        if json_out:
            write_json(msgspec.to_builtins(rated) if reliability else found.as_dict())
        elif csv_out:
            write_rows(found, rated, reliability)
        elif not sum(found.counts.values()):
            nothing(store, pair, actor)
        elif reliability:
            show_rates(rated, found, store.names)
        elif ics is None:
            show_all(found, store.names, limit)


def write_rows(found: Pledges, rated: Sequence[Reliability], reliability: bool) -> None:
    """CSV of pledges or of reliability."""
    from comity.relations.pledges import Reliability
    from comity.relations.pledges.model import COLUMNS

    if reliability:
        write_csv([r.row() for r in rated], Reliability.__struct_fields__)
    else:
        write_csv([p.row() for p in found], COLUMNS)


def write_calendar(found: Pledges, names: Names, path: Path) -> None:
    """The calendar as a file, whole or not at all."""
    from comity.relations.pledges import calendar

    try:
        data = calendar(found, names.name)
        put(path, lambda file: file.write(data))
    except OSError as error:
        raise CannotWrite(f"cannot be written: {error.strerror}", about=str(path), fix="choose another file") from None
    dated = sum(p.due_end is not None for p in found)
    left = f"; not in it: {many(len(found) - dated, 'pledge')} without a day" if dated < len(found) else ""
    note(f"{many(dated, 'pledge')} written to {path}{left}.")


def nothing(store: Store, pair: tuple[str, str] | None, actor: str | None) -> None:
    """Nothing was announced: say why that may be."""
    total, announced = store.query(
        "select count(*), count(*) filter (status = 'announced') from events"
    ).to_pylist()[0].values()  # fmt: skip
    if not total:
        note(f"The record {store.path} has no events yet: add some with `comity add SOURCE...`.")
    elif not announced:
        imported = store.query(
            "select imported_from as set, count(*) as events from events where imported_from is not null "
            "group by all order by all"
        ).to_pylist()
        sets = ", ".join(f"{r['set']} {r['events']:,}" for r in imported)
        note(f"Of {many(total, 'event')} none is announced, so there are no pledges.")
        if sets:
            note(f"Imported event sets ({sets}) tell only what occurred: add texts with `comity add SOURCE...`.")
    else:
        named = " and ".join(store.names.name(c) for c in pair or ((actor,) if actor else ()))
        asked_for = f" by or to {named}" if actor else f" between {named}" if pair else ""
        note(f"Of {many(announced, 'announced event')} none is a pledge{asked_for} in these days.")


def show_all(found: Pledges, names: Names, limit: int) -> None:
    """Pledges for people."""
    console = Console(highlight=False)
    counted = ", ".join(f"{n} {state}" for state, n in found.counts.items() if n)
    console.print(Text(f"Pledges as seen from {short_day(found.as_of)}: {counted}", style="bold"))
    shown = found.items[:limit] if limit else found.items
    for one in shown:
        show_one(console, one, names)
    if len(shown) < len(found):
        note(f"The first {len(shown)} of {len(found)}; --limit 0 shows all.")
    if not len(found):
        note("None is in the state asked for.")


def show_one(console: Console, one: Pledge, names: Names) -> None:
    """One pledge: its state and days, its sentence, what settles it and why."""
    act = one.act
    state = "overdue" if one.overdue else one.state
    line = Text(f"\n{state:<10}", style=COLOURS[one.state])
    line.append(f"{due(one):<26}  ", style="not bold default").append(what(act, names))
    line.append(f"  {act.id}", style="dim")
    console.print(line, soft_wrap=True)
    speaker = act.speaker or (names.name(act.speaker_state) if act.speaker_state else "")
    told = [f"told by {speaker}" if speaker else "", f"first {short_day(one.made)}"]
    if act.last_told and act.last_told != one.made:
        told.append(f"last {short_day(act.last_told)}")
    told.append(many(act.reports, "report"))
    sentence(console, act, ", ".join(t for t in told if t))
    doubt = "doubtful, " if one.doubtful and one.state != "open" else ""
    console.print(Text(f"  {doubt}{one.score:.2f}: {'; '.join(one.reasons[:5])}", style="dim"), soft_wrap=True)
    if one.settled:
        done = one.settled.act
        head = Text(f"  by {done.status} ", style=COLOURS[one.state]).append(what(done, names))
        console.print(head.append(f"  {dated(done)}  {done.id}", style="dim"), soft_wrap=True)
        sentence(console, done, "", indent="    ")


def sentence(console: Console, act: Act, told: str, indent: str = "  ") -> None:
    """The sentence of an act, and who tells it when."""
    if act.evidence:
        line = Text(f"{indent}“{' '.join(act.evidence.text.split())}”", style="italic")
        console.print(line.append(f"  {told}" if told else "", style="not italic dim"), soft_wrap=True)
    elif told:
        console.print(Text(f"{indent}{told}", style="dim"), soft_wrap=True)


def due(one: Pledge) -> str:
    """When it is due, in few words."""
    if one.due_end is None:
        return "no day told"
    return when(EventDate(start=one.due_start, end=one.due_end, precision=one.precision), "announced")  # type: ignore[arg-type]


def dated(act: Act) -> str:
    """The days of an act in few words."""
    return when(EventDate(start=act.start, end=act.end, precision=act.precision), act.status)  # type: ignore[arg-type]


def what(act: Act, names: Names) -> Text:
    """Who does what to whom."""
    from comity.cli.show import what as words

    row = {"sources": act.sources, "targets": act.targets, "type": act.type, "mode": act.mode,
           "symmetric": act.symmetric}  # fmt: skip
    return words(row, names)


def show_rates(rows: Sequence[Reliability], found: Pledges, names: Names) -> None:
    """Shares kept, each with its interval and what is not known."""
    console = screen()
    console.print(Text(f"Announcements kept, as seen from {short_day(found.as_of)}", style="bold"))
    narrow = console.width < NARROW
    table = Table(box=None, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0))
    table.add_column("who", overflow="fold")
    table.add_column("channel", no_wrap=True)
    interval, settled = ("90 %", ()) if narrow else ("90 % interval", ("settled",))
    for column in ("kept", interval, "kept", "broken", "lapsed", "open", *settled):
        table.add_column(column, justify="right", no_wrap=True)
    known = [r for r in rows if r.fulfilled + r.broken]
    for r in known:
        who = names.name(r.actor) + (f" to {names.name(r.other)}" if r.other else "")
        span = f"{100 * r.low:.0f}-{r.high:.0%}" if narrow else f"{r.low:.0%} to {r.high:.0%}"
        covered = () if narrow else (f"{r.coverage:.0%}",)
        table.add_row(who, r.channel, f"{r.share:.0%}", span, str(r.fulfilled), str(r.broken), str(r.lapsed),
                      str(r.open), *covered)  # fmt: skip
    if known:
        console.print(table)
    if len(known) < len(rows):
        more = len(rows) - len(known)
        console.print(f"Of {more} more no pledge was kept or broken by an event: nothing can be said.")
    console.print(Text(RATES, style="dim"), soft_wrap=True)
