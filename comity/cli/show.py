"""``comity show``, ``search`` and ``explain``: questions to a record."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.cli.brief import STATUS
from comity.cli.options import (
    ConfidenceOption,
    CsvOption,
    DirectedOption,
    JsonOption,
    LimitOption,
    RecordOption,
    SinceOption,
    StatusOption,
    TypeOption,
    UntilOption,
    WhoArgument,
)
from comity.cli.output import write_csv, write_json
from comity.cli.weighed import print_weighed
from comity.errors import BadUsage
from comity.model import EventDate
from comity.record.wording import many, when

if TYPE_CHECKING:
    from comity.record.explain import Explanation, Told
    from comity.record.names import Names
    from comity.record.store import Store
    from comity.record.weighed import Weighed

SHOWN = 40
NARROW = 110  # columns below which a table leaves out what `explain` shows
PIPED = 10_000
EVENT_COLUMNS = (
    "id", "status", "date_start", "date_end", "precision", "sources", "targets", "type", "mode", "cameo", "count",
    "place_name", "place_country", "confidence", "reports", "outlets", "stories", "documents", "first_seen", "pledge",
    "imported_from", "speaker_name", "speaker_state",
)  # fmt: skip
HIT_COLUMNS = (
    "event", "report", "document", "status", "date_start", "date_end", "sources", "targets", "type", "confidence",
    "evidence",
)  # fmt: skip
Row = Mapping[str, Any]


def register(app: typer.Typer) -> None:
    """Give the commands to an application."""
    app.command(name="show")(show)
    app.command(name="search")(search)
    app.command(name="explain")(explain)


def show(
    who: WhoArgument = None,
    type: TypeOption = None,
    status: StatusOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_confidence: ConfidenceOption = None,
    directed: DirectedOption = False,
    limit: LimitOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """Events of a pair, an actor, a type, a status, a period."""
    from comity.record.speakers import with_speakers

    with opened(record) as store:
        pair, actor = asked(store.names, who or [])
        most = limit if limit is not None else None if json_out or csv_out else SHOWN
        found = store.events(
            pair=pair, actor=actor, type=type, status=status, since=since, until=until,
            min_confidence=min_confidence, directed=directed, limit=most or None,
        ).to_pylist()  # fmt: skip
        found = with_speakers(store, found)
        if json_out:
            write_json(found)
        elif csv_out:
            write_csv(found, EVENT_COLUMNS)
        elif not found:
            nothing(store, pair, actor)
        else:
            print_events(found, store)
            if most and len(found) == most:
                note(f"The newest {most}; --limit 0 shows all, --since and --until a period.")


def search(
    words: Annotated[list[str], typer.Argument(help='Words that all stand in one sentence; "a phrase", begin*.')],
    limit: LimitOption = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
    csv_out: CsvOption = False,
) -> None:
    """Full-text search over the evidence."""
    with opened(record) as store:
        text = words[0] if len(words) == 1 else " ".join(f'"{w}"' if " " in w else w for w in words)
        most = limit if limit is not None else None if json_out or csv_out else SHOWN
        found = store.search(text, limit=most or None).to_pylist()
        if json_out:
            write_json(found)
        elif csv_out:
            write_csv(found, HIT_COLUMNS)
        elif not found:
            no_hit(store, text)
        else:
            print_hits(found, store.names)


def explain(
    event: Annotated[str, typer.Argument(help="Id of an event or of a report, or the beginning of one.")],
    parse: Annotated[
        bool, typer.Option("--parse", help="Show the parse of each sentence (loads the model).")
    ] = False,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Do not read the sentences again to show what else they may tell.")
    ] = False,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """One event: all its reports, their sentences in context, the rules, what was kept apart and what not taken."""
    from comity.record.weighed import as_dict, weigh

    with opened(record) as store:
        found = store.explain(event)
        parses = parsed(found) if parse else {}
        weighed = () if no_model else weigh(store, found)
        if json_out:
            more = ({"parses": parses} if parse else {}) | ({} if no_model else {"weighed": as_dict(weighed)})
            write_json(found.as_dict() | more)
        else:
            print_explanation(found, store.names, parses, weighed)


def opened(record: Path | None) -> Store:
    """The record to ask; it is not made when absent."""
    from comity.record.store import open_record

    return open_record(record, create=False)


def asked(names: Names, who: Sequence[str]) -> tuple[tuple[str, str] | None, str | None]:
    """A pair or an actor from the words of a command line; what is not an actor's own name is said to be understood."""
    if not who:
        return None, None
    parts = list(who)
    if len(parts) != 2 or names.known(" ".join(parts)):
        parts = names.parts(" ".join(parts))
    if len(parts) == 1 and len(who) > 2 and all(map(names.known, who)):
        parts = list(who)
    if len(parts) > 2:
        raise BadUsage(f"'{' '.join(who)}' is more than a pair", fix="give one actor or two")
    codes = [understood(names, p) for p in parts]
    return ((codes[0], codes[1]), None) if len(codes) == 2 else (None, codes[0])


def understood(names: Names, text: str) -> str:
    """The code of the actor that is meant, with a note where that is more than a look at its names."""
    found = names.meant(text)
    if found.how:
        own = f" Sentences that name the person: comity search {shlex.quote(text)}" if found.person else ""
        note(f"{text} is taken for {found.how}.{own}")
    return found.code


def nothing(store: Store, pair: tuple[str, str] | None, actor: str | None) -> None:
    """No event: say what there is instead."""
    total = store.count("events")
    if not total:
        note(f"The record {store.path} has no events yet: add some with `comity add SOURCE...`.")
        return
    note("The only event is not so." if total == 1 else f"None of the {total:,} events is like that.")
    for code in dict.fromkeys(pair or ((actor,) if actor else ())):
        number = store.events(actor=code).num_rows
        note(
            f"  {store.names.name(code)} ({code}): {many(number, 'event')}"
            + (f", see `comity show {code}`" if number else "")
        )
    if not pair and not actor:
        note("Leave out some of the conditions.")


def no_hit(store: Store, text: str) -> None:
    """No sentence has all the words: say which words there are."""
    note("No sentence that tells an event has all of these words.")
    for word in dict.fromkeys(text.replace('"', " ").split()):
        note(f"  {word}: {store.search(word, limit=None).num_rows:,}")


def print_events(rows: Sequence[Row], store: Store) -> None:
    """Events as lines for people: on a narrow terminal without a column of reports and with short ids."""
    console = screen()
    narrow = console.width < NARROW
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=console.is_terminal)
    for column in ("status", "when", "what", *(() if narrow else ("reports",)), "id"):
        table.add_column(column, no_wrap=column != "what", ratio=1 if column == "what" else None, overflow="fold")
    length = beginning(store, [r["id"] for r in rows]) if narrow else None
    for row in rows:
        label, colour = STATUS.get(row["status"], (row["status"], ""))
        told, number = what(row, store.names), row["reports"] or 1
        counted = many(number, "report")
        if (row["outlets"] or 0) > 1:
            counted += f", {many(row['outlets'], 'outlet')}"
        if narrow and number > 1:
            told.append(f" ({counted})", style="not bold dim")
        reports = () if narrow else (Text(counted, style="dim"),)
        table.add_row(Text(label, style=colour), dated(row), told, *reports, row["id"][:length])
    console.print(table)


def screen() -> Console:
    """Where tables go: as wide as the terminal, and as wide as they need be where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPED)


def beginning(store: Store, ids: Sequence[str]) -> int | None:
    """How many letters, eight at least, tell each of these events from all others of the record; None is all."""
    for length in (8, 10, 12):
        sql = "select count(*) as n from events where left(id, ?) in (select left(unnest(?), ?))"
        if store.query(sql, [length, list(ids), length]).to_pylist()[0]["n"] == len(ids):
            return length
    return None


def print_hits(rows: Sequence[Row], names: Names) -> None:
    """Hits of a search: the event, then the sentence."""
    console = Console(highlight=False)
    for row in rows:
        line = (
            Text(f"{dated(row)}  ").append(what(row, names)).append(f"  {row['event'] or row['report']}", style="dim")
        )
        console.print(line)
        console.print(Text("  " + " ".join((row["evidence"] or "").split()), style="italic"))


def print_explanation(
    found: Explanation, names: Names, parses: Mapping[str, str], weighed: Sequence[Weighed] = ()
) -> None:
    """An event for people."""
    others = {w.report: w for w in weighed}
    console = Console(highlight=False)
    event = found.event
    label, colour = STATUS.get(event["status"], (event["status"], ""))
    console.print(Text(f"{label}  ", style=colour).append(f"{dated(event)}  ").append(what(event, names)))
    console.print(Text(f"{event['id']} · confidence {event['confidence'] or 0:.2f}", style="dim"))
    for reason in event["why"] or ():
        console.print(Text(f"- {reason}", style="dim"))
    for told in found.told:
        print_told(console, told, parses.get(told.report["id"]))
        if told.report["id"] in others:
            print_weighed(console, others[told.report["id"]], told.report, names)
    for title, rows in (
        ("Fulfils", (found.pledge,) if found.pledge else ()),
        ("Fulfilled by", found.fulfilled_by),
        ("Told otherwise", found.disputes),
        ("Kept apart", found.alternatives),
    ):
        for row in rows:
            console.print(
                Text(f"{title}: {row['status']} {dated(row)}  ").append(what(row, names)).append(f"  {row['id']}")
            )
    for row in found.decisions:
        console.print(
            f"Decided: {row['kind']} by {row['author']} on {row['time']}: {row['reason'] or ''}", markup=False
        )


def print_told(console: Console, told: Told, parse: str | None) -> None:
    """One report with its sentence in context."""
    document, report = told.document, told.report
    console.print()
    if document:
        facts = [document.get("title") or document.get("name"), document.get("source"), document.get("published")]
        console.print(Text(" · ".join(str(f) for f in facts if f), style="bold"))
        console.print(
            Text(f"{document.get('url') or document.get('key') or ''} · report {report['id']}", style="dim"),
            soft_wrap=True,
        )
        console.print(Text(f"document {report['document']}", style="dim"), soft_wrap=True)
    text = Text("… " + " ".join(told.before.split()) + " ", style="dim")
    text.append(" ".join(told.evidence.split()), style="bold").append(" " + " ".join(told.after.split()) + " …")
    console.print(text)
    for reason in (*(report["why"] or ()), *(f"belongs here: {w}" for w in told.link_why)):
        console.print(Text(f"  - {reason}", style="dim"))
    if parse:
        console.print(parse, markup=False)


def parsed(found: Explanation) -> dict[str, str]:
    """CoNLL-U of the sentence of each report."""
    from comity.cli.conllu import conllu
    from comity.language.encoder import Encoder

    encoder = Encoder.load()
    return {t.report["id"]: "\n".join(conllu(encoder, t.evidence, False)) for t in found.told if t.evidence}


def what(row: Row, names: Names) -> Text:
    """Who does what to whom."""
    arrow = " <-> " if row.get("symmetric") else " -> "
    sides = [", ".join(names.name(c) for c in row[side] or ()) or "?" for side in ("sources", "targets")]
    told = (row["type"] or "").lower() + (f", {row['mode']}" if row.get("mode") else "")
    count = f" x{row['count']}" if row.get("count") else ""
    speaker = row.get("speaker_name") or (names.name(row["speaker_state"]) if row.get("speaker_state") else "")
    word = f", told by {speaker}" if speaker else ""
    return Text(arrow.join(sides), style="bold").append(f"  {told}{count}{word}", style="not bold")


def dated(row: Row) -> str:
    """The days in few words."""
    return when(
        EventDate(start=row["date_start"], end=row["date_end"], precision=row["precision"] or "unknown"),
        row["status"],
    )


def note(text: str) -> None:
    """A line for people, not for pipes."""
    Console(stderr=True, highlight=False).print(text, markup=False, soft_wrap=True)
