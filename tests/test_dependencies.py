"""The locks: pinned, hashed, without addresses, within bounds; and what the installer does when one does not fit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loading import script

ROOT = Path(__file__).parents[1]


audit = script("scripts/audit.py")
HASH = "sha256:" + "0" * 64


def test_the_locks_are_sound_and_fit_what_is_asked_for() -> None:
    assert list(audit.faults()) == []
    assert len(audit.pins((ROOT / "requirements" / "run.txt").read_text())) > 60


def test_what_runs_is_locked_at_the_same_versions_as_what_is_tested() -> None:
    run, tested = (
        {(p.requirement.name, str(p.requirement.marker)): p.version for p in audit.pins(text)}
        for text in ((ROOT / "requirements" / f"{name}.txt").read_text() for name in ("run", "test"))
    )
    apart = {name for name, version in run.items() if tested.get(name, version) != version}
    assert apart == set()
    assert len(run.keys() & tested.keys()) > 50


@pytest.mark.parametrize(
    ("lock", "fault"),
    [
        (f"--index-url http://a.example\na==1 --hash={HASH}\n", "address or an option"),
        (f"a @ http://a.example/a.whl --hash={HASH}\n", "address or an option"),
        (f"a>=1 --hash={HASH}\n", "not pinned"),
        ("a==1\n", "no SHA-256"),
        ("a==1 --hash=md5:00\n", "no SHA-256"),
    ],
)
def test_a_faulty_lock_is_found(lock: str, fault: str) -> None:
    assert any(fault in found for found in audit.lock_faults(lock))


def test_bounds_that_are_missing_or_broken_are_found() -> None:
    assert [f.split()[0] for f in audit.bound_faults(["a>=1,<2", "b>=1", "c<3", "d", "e==1.0"])] == ["b", "c", "d"]
    locked = audit.pins(f"a==3 --hash={HASH}\n")
    assert ["outside" in f for f in audit.cover_faults(["A>=1,<2"], locked)] == [True]
    assert ["not in the lock" in f for f in audit.cover_faults(["z>=1,<2"], locked)] == [True]


def test_a_page_lock_with_an_address_or_without_a_hash_is_found() -> None:
    lock = {
        "packages": {"": {}, "a": {"integrity": "sha512-x"}, "b": {}, "c": {"integrity": "sha512-x", "resolved": "x"}}
    }
    assert list(audit.page_faults(lock)) == ["b has no hash", "c names an address"]


def installed(folder: Path, pip: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the installer with a pip of our own."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "pip").write_text(f'#!/bin/sh\necho "$@" >> {folder}/calls\n{pip}\n')
    (folder / "bin" / "pip").chmod(0o755)
    command = ["sh", str(ROOT / "scripts" / "environment.sh"), str(folder), "test", "editable"]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)


def test_the_lock_is_used_with_hashes(tmp_path: Path) -> None:
    done = installed(tmp_path / "env", "exit 0")
    calls = (tmp_path / "env" / "calls").read_text()
    assert done.returncode == 0
    assert "--require-hashes --no-build-isolation -r requirements/test.txt" in calls and ".[test]" not in calls


def test_what_is_not_locked_is_said(tmp_path: Path) -> None:
    refuses = 'case "$*" in *require-hashes*) echo "No matching distribution found for x" >&2; exit 1;; esac'
    done = installed(tmp_path / "env", refuses)
    assert done.returncode == 0 and "without hashes" in done.stderr
    assert "-e .[test]" in (tmp_path / "env" / "calls").read_text()
    strict = installed(tmp_path / "strict", refuses, COMITY_LOCKED="1")
    assert strict.returncode == 1 and ".[test]" not in (tmp_path / "strict" / "calls").read_text()


def test_a_package_that_differs_from_the_locked_one_stops_all(tmp_path: Path) -> None:
    differs = 'case "$*" in *require-hashes*) echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1;; esac'
    done = installed(tmp_path / "env", differs)
    assert done.returncode == 1 and ".[test]" not in (tmp_path / "env" / "calls").read_text()


def test_an_interpreter_that_is_named_is_taken_or_missed(tmp_path: Path) -> None:
    fine = installed(tmp_path / "env", "exit 0", COMITY_PYTHON=sys.executable)
    assert fine.returncode == 0
    missed = installed(tmp_path / "other", "exit 0", COMITY_PYTHON="python-of-nobody")
    assert missed.returncode == 1 and "python-of-nobody was not found" in missed.stderr


def test_a_python_that_is_missing_fails_only_where_it_was_named(tmp_path: Path) -> None:
    def everywhere(*words: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / "scripts" / "everywhere.sh"), *words]
        paths = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return subprocess.run(command, env=os.environ | paths, capture_output=True, text=True, check=False)

    for version in ("3.12", "3.13", "3.14", "3.15"):  # they are on the path, and do not run
        (tmp_path / f"python{version}").write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / f"python{version}").chmod(0o755)
    found = everywhere("pythons")
    assert found.returncode == 0 and "there is no python3.14 here" in found.stderr
    named = everywhere("pythons", "python3.14")
    assert named.returncode == 1 and "failed: [python3.14: not installed]" in named.stderr
    assert everywhere("nowhere").returncode == 2
