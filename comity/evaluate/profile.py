"""Where reading spends its time, sampled from outside: by stage, and by function of ours.

    python -m comity.evaluate.profile [--repeat 3] [--fast] [--keep FILE]

Needs py-spy (``pip install 'comity[bench]'``), which on some systems must be allowed to look into other processes.
The file that ``--keep`` names holds the samples as they are, for any viewer of flame graphs.  Samples are of time on
the processor alone.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from comity.errors import StopRun

FRAME = re.compile(r"^(?P<function>.+) \((?P<file>.+?)(?::\d+)?\)$")
BENCH, WHERE = "bench", "evaluate/bench.py"
SHOWN = 25
STAGES = {
    "read_bytes": "bytes to text", "_split": "sentences", "_parse": "encoder", "_dates": "dates",
    "speakers": "speakers",
}  # fmt: skip
FILES = {"quotes": "quotes", "actors": "actors", "events": "events"}


def stage_of(frames: Sequence[tuple[str, str]]) -> str:
    """The stage of one stack, outermost frame first: what the benchmark called, or starting."""
    at = next((n for n, (function, file) in enumerate(frames) if function == BENCH and file.endswith(WHERE)), None)
    if at is None or at + 1 >= len(frames):
        return "starting"
    function, file = frames[at + 1]
    function = function.rpartition(".")[2]
    if function in STAGES:
        return STAGES[function]
    return next((stage for part, stage in FILES.items() if part in file), "starting")


def counted(lines: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Samples by stage and by the innermost function of ours, from stacks as py-spy writes them raw."""
    stages: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for line in lines:
        stack, _, number = line.rpartition(" ")
        if not number.strip().isdigit():
            continue
        frames = [(m["function"], m["file"]) for f in stack.split(";") if (m := FRAME.match(f))]
        stages[stage_of(frames)] += int(number)
        ours = next((f"{file.rpartition('comity/')[2]} {f}" for f, file in reversed(frames) if "comity/" in file), "")
        functions[ours or "others"] += int(number)
    return stages, functions


def sampled(command: Sequence[str], keep: Path) -> None:
    """Run a command under py-spy.  Raises `StopRun` where that cannot be."""
    beside = Path(sys.executable).parent / "py-spy"
    spy = str(beside) if beside.exists() else shutil.which("py-spy")
    if not spy:
        raise StopRun("py-spy is not installed", fix="pip install 'comity[bench]'")
    done = subprocess.run(
        [spy, "record", "--rate", "200", "--format", "raw", "--output", str(keep), "--", *command],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode or not keep.exists():
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise StopRun(f"py-spy failed: {told[-1] if told else ''}", fix="allow it to trace processes (ptrace)")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--fast", action="store_true", help="frames alone")
    parser.add_argument("--keep", type=Path, help="keep the samples here")
    given = parser.parse_args(arguments)
    command = [sys.executable, "-m", "comity", "bench", "--repeat", str(given.repeat)] + ["--fast"] * given.fast
    with tempfile.TemporaryDirectory() as folder:
        keep = given.keep or Path(folder) / "samples.txt"
        sampled(command, keep)
        stages, functions = counted(keep.read_text("utf-8").splitlines())
    for name, found in (("stage", stages), ("function", functions)):
        total = sum(found.values()) or 1
        print(f"share of samples by {name}")
        for key, number in found.most_common(SHOWN):
            print(f"  {number / total:6.1%}  {key}")
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except StopRun as error:
        print(f"{error.message}.  {error.fix}", file=sys.stderr)
        status = 2
    raise SystemExit(status)
