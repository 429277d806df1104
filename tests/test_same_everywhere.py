"""The same articles give the same in every time zone, locale, order, seed of hashing and number of processes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from random import Random

from comity.record.store import open_record

DEV = Path(__file__).parents[1] / "gold" / "dev"
ARTICLES = ("andes-2008.txt", "skripal-2018.html", "doha-2020.txt", "qatar-2017.txt", "senkaku-2012.txt")
SCRIPT = """
import sys
from pathlib import Path
import msgspec
from comity.contract import document_object
from comity.read import read_bytes
from comity.reader import Reader

reader = Reader()
found = {}
for name in sys.argv[1:]:
    path = Path(name)
    found[path.name] = document_object(reader(read_bytes(path.read_bytes(), name=path.name)), passed=True)
sys.stdout.buffer.write(msgspec.json.encode([found[name] for name in sorted(found)]))
"""
SETTINGS = (
    {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
)


def read_with(environment: dict[str, str], names: list[str]) -> subprocess.Popen[bytes]:
    """A process of its own that reads the articles in this order."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    paths = [str(DEV / name) for name in names]
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *paths], env={**kept, **environment}, stdout=subprocess.PIPE)


def test_time_zone_locale_order_and_hashing_change_nothing() -> None:
    first, second = (
        read_with(setting, names)
        for setting, names in zip(SETTINGS, (list(ARTICLES), list(reversed(ARTICLES))), strict=True)
    )
    one, other = first.communicate()[0], second.communicate()[0]
    assert first.returncode == second.returncode == 0
    assert one.count(b'"type":"') > 40
    assert one == other


STORIES = sorted((Path(__file__).parents[1] / "examples" / "stories").glob("india-pakistan-[ilst]*.txt"))
TELLING = {
    "reports": "id, document, type, mode, status, sources, targets, date_start, date_end, evidence, confidence, why",
    "events": "id, type, mode, status, sources, targets, date_start, date_end, confidence, reports, outlets, founder",
    "report_events": "report, event, score",
    "quotations": "id, document, start, text, speaker_name",
    "stories": "document, story",
}


def recorded(folder: Path, paths: list[Path], jobs: int) -> dict[str, list[str]]:
    """The rows of a new record of these articles, as text, without what tells of the run."""
    with open_record(folder) as record:
        record.add([str(path) for path in paths], jobs=jobs)
        return {
            name: sorted(str(row) for row in record.query(f"select {columns} from {name}").to_pylist())
            for name, columns in TELLING.items()
        }


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    one, two, three = (recorded(tmp_path / str(jobs), STORIES, jobs) for jobs in (1, 2, 3))
    assert len(STORIES) >= 5 and len(one["events"]) > 10
    assert one == two == three


def test_the_order_of_articles_changes_nothing_but_who_came_first(tmp_path: Path) -> None:
    """Which report founds an event, and so its id, hangs on the order; which reports are one event does not."""

    def groups(rows: list[str]) -> set[frozenset[str]]:
        found: dict[str, set[str]] = {}
        for row in map(ast.literal_eval, rows):
            found.setdefault(row["event"], set()).add(row["report"])
        return {frozenset(reports) for reports in found.values()}

    shuffled = list(STORIES)
    Random(8).shuffle(shuffled)
    one, other = recorded(tmp_path / "one", STORIES, 1), recorded(tmp_path / "other", shuffled, 1)
    assert shuffled != STORIES
    assert one["reports"] == other["reports"] and one["quotations"] == other["quotations"]
    assert groups(one["report_events"]) == groups(other["report_events"])
