"""Check the locks, and ask for known weaknesses of what they name.

    python scripts/audit.py [--lock-only]

The locks are checked without a network: every package is pinned and has hashes, no file names an address of an
index, and every dependency of pyproject.toml and requirements/*.in has a lower and an upper bound that its pin keeps.
Then pip-audit (beside this Python) is asked for published weaknesses, and npm for those of the front-end.  Where
their data cannot be had, that is said, and the locks alone have been checked.  Exit status 1 when the locks are
wrong or a weakness is known.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("run", "test", "build", "tools")
SECONDS = 300


class Pin(NamedTuple):
    """One entry of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> str:
        return next(iter(self.requirement.specifier)).version


def pins(text: str) -> list[Pin]:
    """The entries of a lock in the form of pip.  Raises ValueError where a line is nothing else."""
    found = []
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        head, *hashes = (part.strip() for part in entry.split(" --hash="))
        requirement = Requirement(head)
        if [s.operator for s in requirement.specifier] != ["=="]:
            raise ValueError(f"{head} is not pinned")
        found.append(Pin(requirement, tuple(hashes)))
    return found


def lock_faults(text: str) -> Iterator[str]:
    """What is wrong with a lock by itself."""
    if re.search(r"https?:|^-|@ ", text, re.MULTILINE):
        yield "names an address or an option of pip"
    try:
        found = pins(text)
    except ValueError as error:
        yield str(error)
        return
    for pin in found:
        if not pin.hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in pin.hashes):
            yield f"{pin.requirement.name} has no SHA-256 hashes"


def bound_faults(asked: Sequence[str]) -> Iterator[str]:
    """Dependencies without a lower or an upper bound."""
    for requirement in map(Requirement, asked):
        operators = {s.operator for s in requirement.specifier}
        if not operators & {"==", "~="} and not (operators & {">", ">="} and operators & {"<", "<="}):
            yield f"{requirement.name} has no lower and upper bound"


def cover_faults(asked: Sequence[str], locked: Sequence[Pin]) -> Iterator[str]:
    """Dependencies that the lock lacks, or pins out of their bounds."""
    for requirement in map(Requirement, asked):
        here = [p for p in locked if canonicalize_name(p.requirement.name) == canonicalize_name(requirement.name)]
        if not here:
            yield f"{requirement.name} is not in the lock: run `make lock`"
        for pin in here:
            if not requirement.specifier.contains(pin.version, prereleases=True):
                yield f"{requirement.name} is locked at {pin.version}, outside {requirement.specifier}: run `make lock`"


def page_faults(lock: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the lock of the front-end: a package without a hash, or with an address of its own."""
    for name, entry in lock["packages"].items():
        if name and not entry.get("link") and not str(entry.get("integrity", "")).startswith("sha512-"):
            yield f"{name} has no hash"
        if "resolved" in entry:
            yield f"{name} names an address"


def asked_by(name: str) -> list[str]:
    """The dependencies that a lock is made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if name in ("run", "test"):
        extra = project["project"]["optional-dependencies"]["test"] if name == "test" else []
        return [*project["project"]["dependencies"], *extra]
    lines = (ROOT / "requirements" / f"{name}.in").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def all_dependencies() -> list[str]:
    """Every dependency that the project names anywhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    named = [*project["build-system"]["requires"], *project["project"]["dependencies"], *extras]
    return [*named, *asked_by("build"), *asked_by("tools")]


def faults() -> Iterator[str]:
    """All that is wrong with the locks."""
    yield from bound_faults(all_dependencies())
    for name in LOCKS:
        text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
        found = list(lock_faults(text))
        yield from (f"requirements/{name}.txt: {fault}" for fault in found or cover_faults(asked_by(name), pins(text)))
    page = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))
    yield from (f"frontend/package-lock.json: {fault}" for fault in page_faults(page))


def known_weaknesses(name: str) -> tuple[int, list[str]]:
    """How many packages of a lock pip-audit could judge (it passes silently over those it has no data on), and what
    it knows of them."""
    program = Path(sys.executable).with_name("pip-audit")
    path = ROOT / "requirements" / f"{name}.txt"
    command = [str(program), "-r", str(path), "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        told = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return 0, []
    judged = [d for d in told if "vulns" in d and "skip_reason" not in d]
    weak = [f"{d['name']} {d['version']}: {v['id']} (mended in {', '.join(v['fix_versions']) or 'nothing yet'})"
            for d in judged for v in d["vulns"]]  # fmt: skip
    return len(judged), weak


def known_weaknesses_of_the_page() -> tuple[int, list[str]]:
    """The same for the front-end, by npm."""
    command = ["npm", "audit", "--json", "--package-lock-only"]
    try:
        done = subprocess.run(
            command, cwd=ROOT / "frontend", capture_output=True, text=True, check=False, timeout=SECONDS
        )
        told = json.loads(done.stdout)
        weak = [f"{name}: {entry['severity']}" for name, entry in told["vulnerabilities"].items()]
        return int(told["metadata"]["dependencies"]["total"]), weak
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return 0, []


def main() -> int:
    """Check all; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--lock-only", action="store_true", help="ask nobody for known weaknesses")
    given = parser.parse_args()
    wrong = list(faults())
    for fault in wrong:
        print(fault)
    counts = [len(pins((ROOT / "requirements" / f"{n}.txt").read_text("utf-8"))) for n in LOCKS] if not wrong else []
    print(f"locks: {len(wrong)} faults" + (f"; {sum(counts)} pins with hashes" if counts else ""))
    if given.lock_only:
        return int(bool(wrong))
    asked = {f"requirements/{n}.txt": known_weaknesses(n) for n in LOCKS}
    asked["frontend/package-lock.json"] = known_weaknesses_of_the_page()
    for name, (judged, weak) in asked.items():
        if judged:
            print(f"{name}: {judged} packages judged, {len(weak)} known weaknesses")
        else:
            print(f"{name}: no data on weaknesses could be had here; the lock alone was checked")
        for line in weak:
            print("  " + line)
    return int(bool(wrong) or any(weak for _, weak in asked.values()))


if __name__ == "__main__":
    raise SystemExit(main())
