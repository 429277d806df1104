"""``comity correct``, ``reject``, ``merge``, ``split``, ``insert``, ``undo``, ``decisions``: judgements on events."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from comity.cli.options import CsvOption, JsonOption, RecordOption
from comity.cli.output import write_csv, write_json
from comity.cli.review import review
from comity.cli.show import note, opened
from comity.errors import BadDecision, BadUsage
from comity.record.wording import many

if TYPE_CHECKING:
    from comity.record.decided.records import Decision
    from comity.record.store import Store

EventArgument = Annotated[str, typer.Argument(help="Id of an event or of a report, or the beginning of one.")]
ReasonOption = Annotated[str | None, typer.Option(help="Why; asked for at a terminal where it is not given.")]
AuthorOption = Annotated[
    str | None, typer.Option(help="Who decides (default: COMITY_AUTHOR, else the name that git or the system knows).")
]
PlaceOption = Annotated[str | None, typer.Option(help='"Tripoli, Lebanon", a state, "NAME, UKR, 47.5, 34.6", or none.')]
CountOption = Annotated[str | None, typer.Option(help="How often it happened, or none.")]
SpeakerOption = Annotated[str | None, typer.Option(help="Who says it: a name, a code, or none.")]
ParticipantOption = Annotated[
    list[str] | None,
    typer.Option("--participant", help='"source: Wang Yi, foreign minister, CHN"; again for each; or none.'),
]
SideOption = Annotated[list[str] | None, typer.Option(help="Codes or names, several with commas; none for nobody.")]
COLUMNS = ("id", "time", "author", "kind", "state", "event", "events", "change", "reason", "undone_by")


def register(app: typer.Typer) -> None:
    """Give the commands to an application."""
    for name, command in (
        ("correct", correct), ("reject", reject), ("merge", merge), ("split", split), ("insert", insert),
        ("undo", undo), ("decisions", decisions), ("review", review),
    ):  # fmt: skip
        app.command(name=name)(command)


def correct(
    event: EventArgument,
    type: Annotated[str | None, typer.Option(help="PLOVER type.")] = None,
    mode: Annotated[str | None, typer.Option(help="Mode of the type, or none.")] = None,
    source: SideOption = None,
    target: SideOption = None,
    status: Annotated[str | None, typer.Option(help="occurred, announced, possible or negated.")] = None,
    date: Annotated[str | None, typer.Option(help="2021-12-15, 2021-12, 2021, or none.")] = None,
    date_end: Annotated[str | None, typer.Option(help="Last day, or none.")] = None,
    speaker: SpeakerOption = None,
    place: PlaceOption = None,
    count: CountOption = None,
    participant: ParticipantOption = None,
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Correct an event; what was read is kept beside it."""
    from comity.record.decisions import find

    with opened(record) as store:
        find(store, event)
        one = store.correct(
            event, reason=asked_reason(reason), author=author, type=type, mode=mode, source=source, target=target,
            status=status, date=date, date_end=date_end, speaker=speaker, place=place, count=count,
            participants=participant or None,
        )  # fmt: skip
        tell(store, one, json_out)


def reject(
    event: EventArgument,
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Say that an event is none: it is no longer shown, counted or exported."""
    from comity.record.decisions import find

    with opened(record) as store:
        find(store, event)
        tell(store, store.reject(event, reason=asked_reason(reason), author=author), json_out)


def merge(
    events: Annotated[list[str], typer.Argument(help="Events that are one; the first keeps its id.")],
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Say that several events are one."""
    from comity.record.decisions import find

    with opened(record) as store:
        for event in events:
            find(store, event)
        tell(store, store.merge(*events, reason=asked_reason(reason), author=author), json_out)


def split(
    event: EventArgument,
    more: Annotated[list[str] | None, typer.Argument(help="More reports.", show_default=False)] = None,
    reports: Annotated[list[str] | None, typer.Option(help="Reports to take out: --reports R1 R2 or R1,R2.")] = None,
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Make an event of its own of some reports of an event."""
    from comity.record.decisions import find
    from comity.record.query import listing

    taken = listing([*(reports or ()), *(more or ())])
    if not taken:
        raise BadUsage(
            "which reports are to be taken out?", fix="name them: --reports R1 R2; `comity explain` lists them"
        )
    with opened(record) as store:
        find(store, event)
        tell(store, store.split(event, taken, reason=asked_reason(reason), author=author), json_out)


def insert(
    document: Annotated[str, typer.Argument(help="Id of the document that tells it, or the beginning.")],
    words: Annotated[str, typer.Option(help="The words that tell it, exactly as in the document.")],
    type: Annotated[str, typer.Option(help="PLOVER type.")],
    mode: Annotated[str | None, typer.Option(help="Mode of the type.")] = None,
    source: SideOption = None,
    target: SideOption = None,
    symmetric: Annotated[bool, typer.Option("--symmetric", help="Both sides act.")] = False,
    status: Annotated[str, typer.Option(help="occurred, announced, possible or negated.")] = "occurred",
    date: Annotated[str | None, typer.Option(help="2021-12-15, 2021-12 or 2021.")] = None,
    date_end: Annotated[str | None, typer.Option(help="Last day.")] = None,
    speaker: SpeakerOption = None,
    place: PlaceOption = None,
    count: CountOption = None,
    participant: ParticipantOption = None,
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Add an event that the reader missed: what some words of a document tell."""
    from comity.record.decisions import find_document

    with opened(record) as store:
        document = find_document(store, document)["id"]
        at = (store.text(document) or "").find(words)
        if at < 0 or not words.strip():
            raise BadDecision(
                "the document does not have these words", about=document, fix="copy them from the document"
            )
        one = store.add_event(
            document, at, at + len(words), reason=asked_reason(reason), author=author, type=type, mode=mode,
            source=source, target=target, symmetric=symmetric, status=status, date=date, date_end=date_end,
            speaker=speaker, place=place, count=count, participants=participant or None,
        )  # fmt: skip
        tell(store, one, json_out)


def undo(
    decision: Annotated[str, typer.Argument(help="Id of a decision, or the beginning of one.")],
    reason: ReasonOption = None,
    author: AuthorOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Take a decision back; an undoing can be undone too."""
    from comity.record.decisions import undoable

    with opened(record) as store:
        undoable(store, decision)  # before a reason is asked for
        tell(store, store.undo(decision, reason=asked_reason(reason), author=author), json_out)


def decisions(
    event: Annotated[str | None, typer.Argument(help="Only those on this event.")] = None,
    orphaned: Annotated[bool, typer.Option("--orphaned", help="Only those whose event is no longer read.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write all decisions to a file of JSON lines.")] = None,
    import_: Annotated[Path | None, typer.Option("--import", help="Take decisions from such a file.")] = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """List the decisions and what became of them; export and import them."""
    from comity.record import decisions as made

    with opened(record) as store:
        if import_ is not None:
            new, there = made.import_(store, import_)
            lost = len({d["id"] for d in store.decisions(orphaned=True)})
            note(f"{many(new, 'decision')} taken in, {there} there before; orphaned in the record: {lost}.")
        if export is not None:
            note(f"{many(made.export(store, export), 'decision')} written to {export}.")
        if import_ is not None or export is not None:
            return
        rows = [listed(r) for r in store.decisions(event, orphaned=orphaned)]
        if json_out:
            write_json(rows)
        elif csv_out:
            write_csv(({**r, "change": changes(r)} for r in rows), COLUMNS)
        elif not rows:
            note("No decision is orphaned." if orphaned else "Nothing has been decided.")
        else:
            print_decisions(rows)


def asked_reason(given: str | None) -> str:
    """The reason as given, else as typed at the terminal.  Raises `BadDecision` where there is neither."""
    if given is not None and given.strip():
        return given
    if given is None and sys.stdin.isatty():
        return str(typer.prompt("The reason for this decision, in a few words", err=True))
    raise BadDecision("a decision needs a reason", fix='give it with --reason "..."')


def tell(store: Store, one: Decision, json_out: bool) -> None:
    """What was decided, and how to take it back."""
    rows = [r for r in store.decisions() if r["id"] == one.id]
    if json_out:
        write_json(listed(rows[0]))
        return
    print_decisions([listed(r) for r in rows])
    note(f"To take it back: comity undo {one.id}")


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A decision with its change as an object."""
    return {**row, "change": msgspec.json.decode(row["change"] or "{}")}


def changes(row: Mapping[str, Any]) -> str:
    """What a decision changes, in few words."""
    from comity.record.decided.state import shown

    change = row["change"]
    if row["kind"] == "correct":
        read = change.get("read") or {}
        return ", ".join(
            (f"{k} {shown(read[k])} to {shown(v)}" if k in read else f"{k} {shown(v)}")
            for k, v in (change.get("set") or {}).items()
        )
    if row["kind"] == "add":
        fields = (change.get("added") or {}).get("fields") or {}
        return ", ".join(f"{k} {shown(v)}" for k, v in fields.items())
    if row["kind"] == "merge":
        return " ".join(s["event"] for s in change.get("subjects", ()))
    if row["kind"] == "split":
        return " ".join(a["report"] for a in change.get("reports", ()))
    return str(change.get("undoes") or "")


def print_decisions(rows: Sequence[Mapping[str, Any]]) -> None:
    """Decisions for people: one line each, the reason under it."""
    console = Console(highlight=False)
    for row in rows:
        line = Text(f"{row['time']:%Y-%m-%d %H:%M}  ").append(row["kind"], style="bold")
        line.append(f"  {', '.join(row['events']) or row['event']}  {changes(row)}".rstrip())
        line.append(f"  {row['id']}", style="dim")
        if row["state"] != "in force":
            line.append(f"  {row['state']}" + (f" by {row['undone_by']}" if row["undone_by"] else ""), style="yellow")
        console.print(line, soft_wrap=True)
        console.print(Text(f"  {row['author']}: {row['reason']}", style="dim"), soft_wrap=True)
