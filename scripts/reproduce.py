"""Build twice, compare; install what was built without a network, and read with it.

    python scripts/reproduce.py [--only wheel,page,install] [--keep]

``wheel``    builds the wheel of the newest commit from two clones, with different folders, umasks, time zones,
             locales and seeds of hashing; the bytes must be the same.
``page``     builds the front-end of the newest commit twice from its lock (needs Node and the registry of npm);
             both must be the files in ``comity/web/static``.
``install``  fills a folder with wheels by ``requirements/run.txt``, then, without a network, installs the built
             wheel into an empty environment and reads an article.

Run by ``make reproduce``, with the Python of the tools, which has ``build`` and the locked setuptools.  Exit status 1
when something differs or fails.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATIC = Path("comity") / "web" / "static"
PLACES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "UMASK": "022"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "C.utf8", "PYTHONHASHSEED": "99", "UMASK": "077"},
)
"""How the two who build differ."""


def run(command: Sequence[str], folder: Path, place: Mapping[str, str] | None = None) -> str:
    """The output of a command; RuntimeError where it fails."""
    settings = dict(place or {})
    umask = int(settings.pop("UMASK", "022"), 8)
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, check=False, umask=umask
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def clone(source: Path, folder: Path, place: Mapping[str, str]) -> Path:
    """A clone of the newest commit, with the umask of the place."""
    run(["git", "clone", "--quiet", "--no-hardlinks", "--depth", "1", source.as_uri(), str(folder)], ROOT, place)
    return folder


def hashes(folder: Path) -> dict[str, str]:
    """The hash of each file under a folder."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Names of files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def wheels(clones: Sequence[Path], work: Path) -> str:
    """Build a wheel in each clone; what is wrong, or nothing."""
    found = []
    for number, (checkout, place) in enumerate(zip(clones, PLACES, strict=True)):
        into = work / f"wheel-{number}"
        run(["sh", "scripts/wheel.sh", sys.executable, str(into)], checkout, place)
        found.append(next(into.glob("*.whl")))
    one, other = (hashlib.sha256(p.read_bytes()).hexdigest() for p in found)
    print(f"wheel: {found[0].name}, {found[0].stat().st_size:,} bytes, {one}", flush=True)
    return "" if one == other else f"the wheels differ: {one} and {other}"


def pages(clones: Sequence[Path]) -> str:
    """Build the front-end in each clone; what is wrong, or nothing."""
    if shutil.which("npm") is None:
        print("page: not built, as there is no npm here")
        return ""
    wrong = []
    kept = hashes(clones[0] / STATIC)
    for checkout, place in zip(clones, PLACES, strict=True):
        shutil.rmtree(checkout / STATIC)
        frontend = checkout / "frontend"
        run(["npm", "ci", "--no-audit", "--no-fund"], frontend, place)
        run(["npm", "run", "build"], frontend, place)
        wrong += [f"{name} ({place['TZ']})" for name in differing(hashes(checkout / STATIC), kept)]
    print(f"page: {len(kept)} files built twice", flush=True)
    return "" if not wrong else f"built files that are not those of comity/web/static: {', '.join(wrong)}"


def alone() -> list[str]:
    """What runs a command without a network, or nothing where the system does not let us."""
    command = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") and subprocess.run([*command, "true"], check=False, capture_output=True).returncode == 0:
        return command
    return []


def install(work: Path) -> str:
    """Install the wheel into an empty environment and read with it, without a network; what is wrong, or nothing."""
    house, folder, place = work / "wheels", work / "empty", PLACES[1]
    lock = str(ROOT / "requirements" / "run.txt")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "wheel", "--quiet", "--require-hashes", "--no-build-isolation", "-r", lock, "-w", str(house)], work)
    shutil.copy(next((work / "wheel-0").glob("*.whl")), house)
    venv.create(folder, with_pip=True)
    shielded = alone()
    if not shielded:
        print("install: no network namespace can be made here; the index is switched off, the network is not")
    python = str(folder / "bin" / "python")
    offline = [*shielded, python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    bare = {"PIP_CONFIG_FILE": os.devnull, "HOME": str(work), "PYTHONPATH": ""}
    run([*offline, "--find-links", str(house), "comity"], work, {**place, **bare})
    article = ROOT / "examples" / "saudi-iran-2023.txt"
    shutil.copy(article, work)
    told = run([*shielded, str(folder / "bin" / "comity"), "read", article.name], work, {**place, **bare})
    print(f"install: from {len(list(house.iterdir()))} wheels, {len(told.splitlines())} lines read", flush=True)
    return "" if "Iran" in told else f"comity read told nothing: {told[:200]}"


def main() -> int:
    """Do all; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", default="wheel,page,install")
    parser.add_argument("--keep", action="store_true", help="leave the folder there")
    given = parser.parse_args()
    parts = given.only.split(",")
    work = Path(tempfile.mkdtemp(prefix="comity-build-"))
    wrong: list[str] = []
    try:
        first = clone(ROOT, work / "a", PLACES[0])
        clones = [first, clone(first, work / "another-folder", PLACES[1])]  # of one commit, whatever is added meanwhile
        if "wheel" in parts or "install" in parts:
            wrong.append(wheels(clones, work))
        if "page" in parts:
            wrong.append(pages(clones))
        if "install" in parts:
            wrong.append(install(work))
    except RuntimeError as error:
        wrong.append(str(error))
    finally:
        if given.keep:
            print(work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    failures = [w for w in wrong if w]
    for failure in failures:
        print(failure)
    print("the same bytes twice" if not failures else f"{len(failures)} failed")
    return int(bool(failures))


if __name__ == "__main__":
    raise SystemExit(main())
