"""Whether the program does more work than it did: counts of fixed work against those that are committed.

    python -m comity.evaluate.regression [--check] [--write] [--no-instructions] [--only WORK] [--json]

Counts (`comity.evaluate.work`) are the same on a busy machine as on a quiet one, so that they can be compared where
times cannot.  Where valgrind is installed the instructions of merging and of splitting texts are counted as well.
``--check`` ends with status 1 when a figure is more than `ALLOWED` above ``bench_baseline.json``; ``--write`` makes
that file anew, which is to be done, and committed with a reason, when more work is meant.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from comity.errors import StopRun
from comity.evaluate.work import WORK, counted
from comity.model import Record

BASELINE = Path(__file__).parent / "bench_baseline.json"
ALLOWED = 0.15
"""Share by which a figure may rise above its baseline."""
INSTRUCTIONS = "instructions: merge 100 reports, split the examples (million)"


class Baseline(Record, frozen=True):
    """Committed figures; those of Python's calls and of instructions hold for one version of Python and processor."""

    python: str
    machine: str
    figures: Mapping[str, float]


class Finding(Record, frozen=True):
    """One figure beside its baseline; ``change`` is the share by which it rose, None where it cannot be compared."""

    name: str
    value: float | None
    before: float | None
    change: float | None
    why: str = ""

    @property
    def worse(self) -> bool:
        """Whether it rose by more than is allowed."""
        return self.change is not None and self.change > ALLOWED


def here() -> tuple[str, str]:
    """The version of Python (major and minor) and the kind of processor."""
    return f"{sys.version_info.major}.{sys.version_info.minor}", platform.machine()


def measure(names: Sequence[str], *, instructions: bool) -> Baseline:
    """All figures of these pieces of work, now.  Raises `StopRun` when one fails."""
    figures = {k: v for name in names for k, v in counted(name).items()}
    number = counted_instructions() if instructions else None
    if number is not None:
        figures[INSTRUCTIONS] = round(number / 1e6, 1)
    python, machine = here()
    return Baseline(python=python, machine=machine, figures=figures)


def counted_instructions() -> int | None:
    """Instructions of merging and splitting under callgrind, switched on when modules are loaded; None without it.

    Raises `StopRun` where it is there and fails: that must not pass for work that is not measured.
    """
    if not shutil.which("valgrind") or not shutil.which("vgdb"):
        return None
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null"]
    command += [sys.executable, "-m", "comity.evaluate.work_instructions"]
    done = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "0"}, check=False)
    found = re.search(rb"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode or not found or not int(found[1]):
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise StopRun(
            f"instructions could not be counted: {told[-1] if told else 'valgrind said nothing'}",
            fix="leave them out with --no-instructions",
        )
    return int(found[1])


def compare(before: Baseline, now: Baseline, names: Sequence[str]) -> list[Finding]:
    """Every figure of either side; ``names`` are the pieces of work that were done."""
    found = []
    for name in sorted(before.figures.keys() | now.figures.keys()):
        old, new = before.figures.get(name), now.figures.get(name)
        why = ""
        if new is None and name.split(":")[0] not in (*names, "instructions"):
            continue
        if new is None:
            why = "not measured here" if name == INSTRUCTIONS else "is no longer measured"
        elif old is None:
            why = "has no baseline yet"
        elif _bound(name) and (before.python, before.machine) != (now.python, now.machine):
            why = f"the baseline is of Python {before.python} on {before.machine}"
        change = None if why or old is None or new is None else (new - old) / old if old else float(new > 0)
        found.append(Finding(name=name, value=new, before=old, change=change, why=why))
    return found


def _bound(name: str) -> bool:
    """Whether a figure hangs on the version of Python and the kind of processor."""
    return name.startswith("instructions") or ": calls " in name


def read_baseline(path: Path = BASELINE) -> Baseline:
    """The committed figures.  Raises `StopRun` where there are none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Baseline)
    except (OSError, msgspec.DecodeError) as error:
        raise StopRun(
            f"the committed figures cannot be read: {error}", about=str(path),
            fix="make them anew with python -m comity.evaluate.regression --write",
        ) from None  # fmt: skip


def lines(findings: Sequence[Finding]) -> list[str]:
    """The findings as lines of text, the worst last."""
    told = []
    for one in sorted(findings, key=lambda f: (f.worse, f.name)):
        value = "-" if one.value is None else f"{one.value:,.4g}"
        before = "-" if one.before is None else f"{one.before:,.4g}"
        change = one.why if one.change is None else f"{one.change:+.1%}"
        mark = "  MORE WORK" if one.worse else ""
        told.append(f"{one.name:64} {value:>10} {before:>10}  {change}{mark}")
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Print figures beside the baseline; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="status 1 when a figure rose by more than 15 %%")
    parser.add_argument("--write", action="store_true", help="make the committed figures anew")
    parser.add_argument("--no-instructions", action="store_true", help="leave valgrind out")
    parser.add_argument("--only", action="append", choices=[*WORK], help="one piece of work; may be repeated")
    parser.add_argument("--baseline", type=Path, default=BASELINE, help="the file of committed figures")
    parser.add_argument("--json", action="store_true", help="print the figures of now as one JSON object")
    given = parser.parse_args(arguments)
    names = given.only or list(WORK)
    now = measure(names, instructions=not given.no_instructions)
    if given.write:
        _write(given.baseline, now, names)
    if given.json:
        print(msgspec.json.encode(now).decode())
        return 0
    findings = compare(read_baseline(given.baseline), now, names)
    print("\n".join(lines(findings)))
    worse = [f for f in findings if f.worse]
    gone = [f for f in findings if f.why == "is no longer measured"]
    if worse or gone:
        print(
            f"{len(worse)} figures rose by more than {ALLOWED:.0%}, {len(gone)} are gone.  Take the extra work out; "
            "where it is meant, run python -m comity.evaluate.regression --write and commit the file with the reason."
        )
    return int(given.check and bool(worse or gone))


def _write(path: Path, now: Baseline, names: Sequence[str]) -> None:
    """The figures of now, with those of work that was not done taken from before."""
    kept: dict[str, float] = {}
    if path.exists():
        before = read_baseline(path)
        kept = {k: v for k, v in before.figures.items() if k.split(":")[0] not in names and k not in now.figures}
    figures = dict(sorted((kept | dict(now.figures)).items()))
    data = msgspec.json.encode(msgspec.structs.replace(now, figures=figures))
    path.write_bytes(msgspec.json.format(data, indent=1) + b"\n")


if __name__ == "__main__":
    raise SystemExit(main())
