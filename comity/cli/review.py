"""``comity review``: the most doubtful events, one after the other, each judged with a key."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from comity.cli.brief import STATUS
from comity.cli.options import JsonOption, RecordOption
from comity.cli.output import write_json
from comity.cli.show import dated, note, opened, what
from comity.errors import ComityError

if TYPE_CHECKING:
    from comity.record.store import Store

KEYS = "y it is right, n no such event, c correct it, s skip it, q quit; then Enter"


def review(
    limit: Annotated[int, typer.Option(min=1, help="At most so many events.")] = 20,
    author: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    record: RecordOption = None,
    json_out: JsonOption = False,
) -> None:
    """Walk through the most doubtful events; each answer is saved at once."""
    from comity.record.decisions import doubtful

    with opened(record) as store:
        rows = doubtful(store, limit)
        if json_out:
            write_json(rows)
            return
        if not rows:
            note("There is no event left to review.")
            return
        done = walk(store, rows, author)
        note(f"{done} of {len(rows)} judged; `comity decisions` lists them.")


def walk(store: Store, rows: Sequence[dict[str, Any]], author: str | None) -> int:
    """Show each event and take the answer; how many were judged."""
    console = Console(highlight=False)
    done = 0
    for number, row in enumerate(rows, 1):
        show(console, store, row, f"{number} of {len(rows)}")
        while True:
            key = answer(f"[{KEYS}] ")
            if key is None or key == "q":
                return done
            if key == "s":
                break
            try:
                if judged(store, row, key, author):
                    done += 1
                    break
            except ComityError as error:
                note(str(error))
    return done


def show(console: Console, store: Store, row: dict[str, Any], place: str) -> None:
    """One event: what was read, the sentence, and why."""
    label, colour = STATUS.get(row["status"], (row["status"], ""))
    console.print()
    line = Text(f"{place}  ", style="dim").append(f"{label}  ", style=colour).append(f"{dated(row)}  ")
    console.print(
        line.append(what(row, store.names)).append(f"  {row['confidence'] or 0:.2f}  {row['id']}", style="dim")
    )
    for told in row["told"]:
        console.print(Text("  " + " ".join((told["evidence"] or "").split()), style="italic"))
        for reason in told["why"] or ():
            console.print(Text(f"    - {reason}", style="dim"))


def why(what: str, usual: str) -> str:
    """The reason of a decision, in the user's words or the usual ones."""
    return answer(f'In a few words, why {what} (Enter for "{usual}"): ') or usual


def judged(store: Store, row: Mapping[str, Any], key: str, author: str | None) -> bool:
    """Carry out one answer; False where it is none."""
    event = row["id"]
    if key == "y":
        store.confirm(event, author=author)
    elif key == "n":
        store.reject(event, reason=why("it is no such event", "no such event"), author=author)
    elif key == "c":
        kind = answer(f"Its right type (Enter keeps {row['type']}): ")
        status = answer(f"Its right status (Enter keeps {row['status']}): ")
        if not kind and not status:
            note("Nothing is changed: press y where it is right, s to skip it.")
            return False
        reason = why("it was read wrongly", "read wrongly")
        store.correct(event, reason=reason, author=author, type=kind or None, status=status or None)
    else:
        note(f"'{key}' is no answer: {KEYS}")
        return False
    return True


def answer(question: str) -> str | None:
    """A line from the terminal or a pipe, None at its end."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None
