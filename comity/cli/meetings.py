"""``comity meetings``: every meeting of persons or states, beside what texts claim in total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, RecordOption, SinceOption, UntilOption
from comity.cli.output import write_csv, write_json
from comity.cli.show import note, opened
from comity.model import EventDate
from comity.record.wording import many, when

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.relations.meetings import Claim, Meeting, Meetings

TITLE = {"visit": "visit", "third-party": "through a third", "multilateral": "among many", "in person": "in person",
         "video": "video", "phone": "phone", "unknown": "form not told"}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="meetings")(meetings)


def meetings(
    who: Annotated[
        list[str], typer.Argument(help='Two or more: persons (XI-JINPING, "Xi Jinping", Putin) or states (RUS).')
    ],
    since: SinceOption = None,
    until: UntilOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """Every meeting of these by date, place and form, and what texts claim of their number."""
    from comity.relations.meetings import meetings as ask
    from comity.relations.meetings.model import COLUMNS

    with opened(record) as store:
        found = ask(store, *who, since=since, until=until)
        if json_out:
            write_json(found.as_dict())
        elif csv_out:
            write_csv([m.row() for m in found], COLUMNS)
        elif found.items or found.claims:
            show(found, store.names)
        else:
            nothing(found, store.count("events"))


def nothing(found: Meetings, events: int) -> None:
    """No meeting: say what there is instead."""
    named = " and ".join(p.name for p in found.parties)
    if not events:
        note("The record has no events yet: add some with `comity add SOURCE...`.")
        return
    note(f"The record holds no meeting of {named}.")
    if found.unnamed:
        codes = " ".join(dict.fromkeys(c for p in found.parties for c in p.codes[:1]))
        note(f"It holds {many(found.unnamed, 'talk')} of their states without their names: `comity meetings {codes}`.")


def show(found: Meetings, names: Names) -> None:
    """Meetings for people."""
    console = Console(highlight=False)
    console.print(Text(" and ".join(p.name for p in found.parties), style="bold"))
    for one in found:
        line(console, one, names)
    total = f"\n{many(len(found), 'meeting')}"
    forms = ", ".join(f"{TITLE[f]} {n}" for f, n in found.forms.items())
    years = ", ".join(f"{y} {n}" for y, n in found.years.items())
    console.print(Text(total, style="bold").append(f"; by form: {forms}; by year: {years}" if len(found) else ""),
                  soft_wrap=True)  # fmt: skip
    if found.unnamed and any(p.kind == "person" for p in found.parties):
        apart = f"Not counted: {many(found.unnamed, 'talk')} of their states without their names."
        console.print(Text(apart, style="dim"))
    if found.claims:
        console.print(Text("\nWhat texts claim", style="bold"))
    for one_claim in found.claims:
        claimed(console, one_claim)


def line(console: Console, one: Meeting, names: Names) -> None:
    """One meeting: days, form, place, how often told, its sentence."""
    dated = when(EventDate(start=one.start, end=one.end, precision=one.precision), "occurred")  # type: ignore[arg-type]
    head = Text(f"\n{dated:<16}  {TITLE[one.form]:<15}  ")
    head.append(one.place or "place not told", style="" if one.place else "dim")
    people = ", ".join(f"{n} ({s})" if s else n for n, s in one.people)
    sides = ", ".join(names.name(c) for c in dict.fromkeys((*one.sources, *one.targets)))
    head.append(f"  {people or sides}", style="cyan")
    told = many(one.reports, "report")
    told += f", {one.outlets} outlets" if one.outlets > 1 else ""
    told += f", from {one.imported_from}" if one.imported_from else ""
    console.print(head.append(f"  {told}  {' '.join(one.events)}", style="dim"), soft_wrap=True)
    if one.evidence:
        console.print(Text(f"  “{' '.join(one.evidence.split())}”", style="italic"), soft_wrap=True)


def claimed(console: Console, one: Claim) -> None:
    """One claim beside what the record holds."""
    who = f"{one.speaker}: " if one.speaker else ""
    console.print(Text(f"  {who}{one.difference}").append(f"  {one.event}", style="dim"), soft_wrap=True)
    for told in one.told[:1]:
        if told.evidence:
            console.print(Text(f"    “{' '.join(told.evidence.split())}”", style="italic"), soft_wrap=True)
