"""Write a small record and what it answers, as the version of Comity that runs this does it.

    git worktree add /tmp/old COMMIT
    PYTHONPATH=/tmp/old python tests/data/make_record.py tests/data/record-NAME
    git worktree remove /tmp/old

The folder gets ``record`` (without its index, which is made again) and ``answers.json``.  `tests/test_upgrade.py` opens
each of them with the newest version and asks the same.  It uses only what the first record could do; decisions are made
where the version knows them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from comity.record.store import open_record
from comity.version import VERSION

STORIES = (
    ("turkey.txt", "Turkey shoots down a Russian plane", "Ankara, 24 November 2015 — Turkey shot down a Russian warplane on Tuesday near the border with Syria. Russia condemned Turkey for the attack. “This is a stab in the back,” said Vladimir Putin."),
    ("turkey-wire.txt", "Russian plane shot down by Turkey", "Moscow, 25 November 2015 — Turkey shot down a Russian warplane on Tuesday. Russia will impose sanctions on Turkey, Dmitry Medvedev said."),
    ("peru.txt", "Peru recalls its ambassador", "Lima, 5 March 2014 — Peru recalled its ambassador from Chile on Tuesday. Chile did not apologise to Peru, and the two presidents may meet in Lima next week."),
)  # fmt: skip
EVENT = ("id", "type", "mode", "status", "sources", "targets", "date_start", "date_end", "precision", "reports",
         "documents", "symmetric", "count")  # fmt: skip
QUOTATION = ("text", "speaker_name", "speaker_state", "kind")
REPORT = ("id", "event", "document", "type", "status", "evidence", "anchor")


def chosen(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """These columns of a table as plain values, in an order that does not hang on the version."""
    plain = [{name: row[name] for name in columns} for row in rows.to_pylist()]
    return sorted(json.loads(json.dumps(plain, default=str)), key=lambda row: json.dumps(row, sort_keys=True))


def answers(record: Any) -> dict[str, Any]:
    """What a record answers to a few questions."""
    events = record.events()
    documents = sorted(record.documents().column("id").to_pylist())
    found = {
        "counts": {name: record.count(name) for name in ("documents", "reports", "events", "quotations")},
        "events": chosen(events, EVENT),
        "pair": chosen(record.events(pair="RUS-TUR", since="2015-11"), ("id",)),
        "reports": chosen(record.reports(), REPORT),
        "quotations": chosen(record.quotations(), QUOTATION),
        "search": chosen(record.search("warplane"), ("report", "event")),
        "texts": {name: record.text(name) for name in documents},
        "told": {i: [t.evidence for t in record.explain(i).told] for i in sorted(events.column("id").to_pylist())},
    }
    if hasattr(record, "decisions"):
        kept = ("id", "event", "kind", "author", "reason", "state")
        found["decisions"] = [{name: str(row[name]) for name in kept} for row in record.decisions()]
    return found


def decide(record: Any) -> None:
    """One decision of each kind that stays, and one that is undone."""
    own = {"author": "A. Maintainer", "reason": "for the fixture"}
    rows = sorted(record.events().to_pylist(), key=lambda row: (str(row["date_start"]), row["type"], row["id"]))
    negated = [row["id"] for row in rows if row["status"] != "occurred"]
    occurred = [row["id"] for row in rows if row["status"] == "occurred"]
    record.reject(negated[0], **own)
    record.correct(occurred[0], date="2014-03-03", **own)
    record.confirm(occurred[1], **own)
    record.undo(record.reject(occurred[-1], **own).id, **own)


def main(folder: Path) -> None:
    """Write the record and its answers."""
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for name, title, body in STORIES:
        (texts / name).write_text(f"{title}\n\n{body}\n", "utf-8")
    os.chdir(folder)  # names of documents hold no path of this machine
    record = open_record("record")
    record.add(["texts"])
    if hasattr(record, "decisions"):
        decide(record)
    Path("answers.json").write_text(
        json.dumps({"program": VERSION, **answers(record)}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    record.close()
    for path in [
        *texts.iterdir(),
        *Path("record").glob("index*"),
        *Path("record").glob("*lock*"),
        *Path("record").glob(".*"),
    ]:
        if path.is_file():
            path.unlink()
    texts.rmdir()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
