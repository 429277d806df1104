"""Run the commands of the README, the tutorial and the how-to pages in a temporary folder with a small record.

    python scripts/run_docs.py [PAGE ...] [--keep]

EVENT, OTHER, REPORT and DECISION stand for ids of the record as it is then; of the README, which lists commands with
what they take, one way of each is run, and its lines of Python.  Commands that would stay (serve, watch, mcp), ask a
network, need files that only the reader has, or run elsewhere (evaluate, bench) are passed over, and counted.
Exit status 1 when a command fails or writes an error.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = (README, ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md")))
STORIES = ("turkey-russia", "russia-china", "saudi-iran", "us-iran-accord", "russia-ukraine-kharkiv")
PASSED = (
    "comity serve",
    "comity watch",
    "comity mcp",
    "comity import",
    "crawl.warc.gz",
    "comity evaluate",
    "comity bench",
    "comity add s3:",
)
STANDS = (
    ("FILE... FOLDER... 'news/*.html' -", "corpus 'examples/*.txt'"), ("SOURCE...", "corpus"), ("DIR", "demo"),
    ("PATH", "out"), ("diff 1 2", "diff 1 1"), ("add news/", "add corpus"),
)  # fmt: skip
"""What the README's words for what a command takes stand for."""
BARE = ("correct", "reject", "merge", "split", "undo", "insert")
"""Named in the README without what they take, which the how-to pages show."""
INPUTS = {
    "pairs.jsonl": '{"text": "Peru recalled its ambassador from Chile.", "source": "Peru", "target": "Chile"}\n',
    "mentions.jsonl": '{"doc": "a", "text": "Peru recalled its ambassador.", "start": 5, "end": 13}\n',
    "texts.jsonl": '{"text": "Peru met Chile two weeks ago.", "published": "2014-03-05"}\n',
}
RECORDS = ("demo", "paper", "desk", "case")
SECONDS = 900


def commands(page: Path) -> Iterator[str]:
    """The indented commands of a page, in order."""
    for line in page.read_text("utf-8").splitlines():
        if re.match(r"    (?:comity|export) \S", line):
            yield from listed(line) if page.resolve() == README else [line.strip()]


def listed(line: str) -> Iterator[str]:
    """The commands of a line of the README: without what is said beside it, one for each of several names."""
    plain = re.split(r"\s{2,}", line.strip())[0]
    for words, stand in STANDS:
        plain = plain.replace(words, stand)
    plain = re.sub(r" \[[^\]]*\]", "", plain)
    for one in re.split(r" \| ", plain.removeprefix("comity ")):
        name, _, rest = one.partition(" ")
        rest = re.sub(r"(\w)(?:\|\w+)+", r"\1", rest)  # one of several words
        yield from (f"comity {n} {rest}".strip() for n in name.split("|") if n not in BARE and not n.startswith("--"))


def python_blocks(page: Path) -> Iterator[str]:
    """The indented lines of Python of a page, as one program each."""
    for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", page.read_text("utf-8"), re.MULTILINE):
        program = "".join(line[4:] if line.strip() else line for line in block.splitlines(keepends=True)).strip() + "\n"
        if program.startswith("from comity import"):
            yield program


class Place:
    """A temporary folder with everything that the pages name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, dict[str, str]] = {}
        self.environment = {**os.environ, "COMITY_AUTHOR": "Reader", "COLUMNS": "100", "NO_COLOR": "1"}
        self.environment.pop("COMITY_RECORD", None)
        self._examples()
        self.comity("add examples --record demo -q")
        for name in RECORDS[1:]:
            shutil.copytree(folder / "demo", folder / name)
        shutil.copytree(folder / "demo", folder / "record")

    def _examples(self) -> None:
        stories = self.folder / "examples" / "stories"
        stories.mkdir(parents=True)
        for path in sorted((ROOT / "examples" / "stories").glob("*.txt")):
            if path.name.startswith(STORIES):
                shutil.copy(path, stories)
        shutil.copy(ROOT / "examples" / "saudi-iran-2023.txt", stories.parent)
        for name in ("corpus", "case-files"):
            (self.folder / name).mkdir()
            shutil.copy(ROOT / "examples" / "saudi-iran-2023.txt", self.folder / name)
        shutil.copy(ROOT / "examples" / "korea-2018.html", self.folder / "article.html")
        shutil.copytree(self.folder / "corpus", self.folder / "articles")
        (self.folder / "feed.xml").write_text("<rss version='2.0'><channel><title>A</title></channel></rss>")
        for name, text in INPUTS.items():
            (self.folder / name).write_text(text)
        shutil.make_archive(str(self.folder / "archive"), "zip", self.folder / "corpus")
        table = "date,body,paper\n2021-03-04,The president of Peru met the envoy of Chile in Lima.,AFP\n"
        (self.folder / "corpus.csv").write_text(table)
        actors = "code,name,kind,aliases,adjectives,capital,leaders\nBLUEFLEET,Blue Fleet,group,the Fleet,,,\n"
        (self.folder / "mine.csv").write_text(actors)

    def comity(self, words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run one command."""
        return subprocess.run(
            [sys.executable, "-m", "comity", *shlex.split(words)],
            cwd=self.folder, env=self.environment, input=typed, capture_output=True, text=True, timeout=SECONDS,
            check=False,
        )  # fmt: skip

    def _ids(self, record: str) -> dict[str, str]:
        """Ids of an event with several reports, of one of these, and of another event."""
        shown = json.loads(self.comity(f"show Turkey Russia --json --record {record}").stdout)
        rows = sorted(shown, key=lambda e: -e["reports"])
        told = json.loads(self.comity(f"explain {rows[0]['id']} --json --no-model --record {record}").stdout)["told"]
        return {"EVENT": rows[0]["id"], "OTHER": rows[1]["id"], "REPORT": told[0]["report"]["id"]}

    def filled(self, line: str) -> str:
        """A command with ids in place of the words that stand for them."""
        if not re.search(r"\b(EVENT|OTHER|REPORT|DECISION|FILE)\b", line):
            return line
        record = next((r for r in RECORDS if f"--record {r}" in line), "demo")
        stand = {"FILE": "decisions.jsonl"}
        if "DECISION" in line:
            made = json.loads(self.comity(f"decisions --json --record {record}").stdout)
            stands = [d["id"] for d in made if d["state"] == "in force" and d["kind"] != "undo"]
            stand["DECISION"] = stands[-1]
        if re.search(r"\b(EVENT|OTHER|REPORT)\b", line):
            if record not in self.known:
                self.known[record] = self._ids(record)
            stand |= self.known[record]
        return re.sub(r"\b(EVENT|OTHER|REPORT|DECISION|FILE)\b", lambda m: stand[m[1]], line)


def run(place: Place, line: str) -> str:
    """Run one line of a page; what went wrong, or nothing."""
    if line.startswith("export "):
        name, _, value = line.removeprefix("export ").partition("=")
        place.environment[name] = value
        return ""
    words, _, given = place.filled(line).removeprefix("comity ").partition(" < ")
    return judged(place.comity(words, typed=INPUTS.get(given, "y\nq\n")))


def run_python(place: Place, program: str) -> str:
    """Run lines of Python of a page; what went wrong, or nothing."""
    return judged(
        subprocess.run(
            [sys.executable, "-c", program], cwd=place.folder, env=place.environment, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )
    )  # fmt: skip


def judged(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong, or nothing."""
    if done.returncode != 0 or "Traceback" in done.stderr:
        return f"status {done.returncode}: {(done.stderr or done.stdout).strip()[-400:]}"
    return ""


def main() -> int:
    """Run the pages; 1 when something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--keep", action="store_true", help="Leave the folder there.")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="comity-docs-"))
    failed = ran = passed = 0
    began = time.monotonic()
    try:
        place = Place(folder)
        for page in options.pages or PAGES:
            tried = [(line, run) for line in commands(page)] + [(text, run_python) for text in python_blocks(page)]
            for line, how in tried:
                if any(word in line for word in PASSED):
                    passed += 1
                    continue
                wrong = how(place, line)
                ran += 1
                failed += bool(wrong)
                if wrong:
                    print(f"{page.name}: {line}\n  {wrong}", flush=True)
            place.environment.pop("COMITY_RECORD", None)
    finally:
        if options.keep:
            print(folder)
        else:
            shutil.rmtree(folder)
    seconds = time.monotonic() - began
    print(f"{ran} commands run, {failed} failed, {passed} passed over (they stay, or need a network); {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
