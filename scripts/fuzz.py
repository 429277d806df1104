"""Broken input for all that takes bytes from outside: only errors of our own may leave, soon, in little memory.

    python scripts/fuzz.py [--seconds 60] [--inputs N] [--target NAME ...] [--seed 1] [--jobs 1]
                           [--engine plain|atheris]
    python scripts/fuzz.py --seeds          write the seeds of the corpus anew

What is fed stands in ``fuzz_targets.py``.  For each target first the kept corpus is replayed
(``fuzz/corpus/TARGET``), then inputs of it are broken: bits flipped, stretches cut, doubled, exchanged between files,
and telling pieces put in; tables are also made whole (``fuzz_tables.py``).  An input fails when anything but a
`ComityError` comes out, when it takes more than five seconds of processor time or a gigabyte of memory, or when what
was promised does not hold (words are verbatim, the text leads back to its bytes, rows become events).  It is written
to ``fuzz/found``; once mended it moves to the corpus.  With ``--jobs`` targets run in so many processes at a time,
each in one of its own.  With ``--engine atheris`` inputs are guided by coverage (``pip install atheris``).  Exit status
1 when an input failed.
"""

# ruff: noqa: E501 - the table of telling pieces
from __future__ import annotations

import argparse
import hashlib
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

if "--guided" in sys.argv:  # what is imported from here on tells atheris which way it went
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

    atheris.instrument_imports(include=["comity"]).__enter__()

from fuzz_targets import Target, targets

from comity.errors import ComityError

ROOT = Path(__file__).parents[1]
CORPUS, FOUND = ROOT / "fuzz" / "corpus", ROOT / "fuzz" / "found"
SECONDS, MEMORY = 5.0, 1_000_000_000
"""Most that one input may take: processor time, and memory of the process."""
LONGEST = 20_000
TELLING = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\x03\x04", b"PAR1", b"WARC/1.0\r\n", b"<!--", b"]]>", b"&#x110000;",
    b"<p>", b"</div>", b'"', b"'", "“".encode(), "”".encode(), b"\r\n\r\n", b"\t", b"-1", b"99999999999999999999", b"{", b"[[", b"\\u0000",
    b"Content-Length: 0", b"2016-02-30", b"two weeks ago", b"31 April", b"\xe2\x80\xae", "ß".encode(), "İ".encode(), b"$(x)", b"%s", b"\\",
)  # fmt: skip


class SlowError(BaseException):
    """An input took too long; no `except Exception` may swallow it."""


def corpus(name: str) -> list[bytes]:
    """The kept inputs of a target, in a fixed order."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]


def write_seeds() -> int:
    """Write the sound inputs of all targets into the corpus."""
    for name, target in targets().items():
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(target.seeds()):
            (folder / f"seed-{number}").write_bytes(data)
    return 0


def broken(rng: Random, kept: list[bytes]) -> bytes:
    """An input with a few things changed."""
    data = (
        bytearray(rng.choice(kept)) if kept and rng.random() < 0.97 else bytearray(rng.randbytes(rng.randint(0, 400)))
    )
    for _ in range(1 + int(rng.expovariate(0.5))):
        at = rng.randint(0, len(data))
        length = min(int(rng.expovariate(0.1)), len(data) - at)
        way = rng.randrange(7)
        if way == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            del data[at : at + length]
        elif way == 2:
            data[at:at] = rng.choice(TELLING) * rng.choice((1, 1, 1, 50))
        elif way == 3:
            data[at:at] = data[at : at + length] * rng.choice((1, 2, 20))
        elif way == 4 and kept:
            other = rng.choice(kept)
            start = rng.randint(0, len(other))
            data[at : at + length] = other[start : start + rng.randint(0, 60)]
        elif way == 5:
            data[at : at + length] = rng.randbytes(length)
        else:
            del data[at:]
    return bytes(data[:LONGEST])


class Tally:
    """What became of the inputs of one target."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.inputs = 0
        self.codes: Counter[str] = Counter()
        self.failed: list[str] = []
        self.slowest = 0.0

    def __str__(self) -> str:
        refused = sum(self.codes.values())
        often = " ".join(f"{code} {count}" for code, count in self.codes.most_common(5))
        return f"{self.name:16} {self.inputs:8} inputs  {refused:8} refused ({often})  slowest {self.slowest:.2f} s  failed {len(self.failed)}"


def feed(target: Target, tally: Tally, data: bytes) -> None:
    """One input; a failure is kept and noted."""
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    tally.inputs += 1
    wrong = ""
    try:
        target.run(data)
    except ComityError as error:
        tally.codes[error.code] += 1
        if error.code == "C111":
            wrong = str(error)
    except SlowError:
        wrong = f"slower than {SECONDS} s"
    except Exception:
        wrong = traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    tally.slowest = max(tally.slowest, time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if not wrong and memory > MEMORY:
        wrong = f"{memory:,} bytes of memory"
    if wrong:
        path = FOUND / tally.name / hashlib.sha256(data).hexdigest()[:16]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        tally.failed.append(f"{path.relative_to(ROOT)}: {wrong}")


def _too_slow(number: int, frame: object) -> None:
    raise SlowError


def inputs(name: str, target: Target, seed: int) -> Iterator[bytes]:
    """The corpus, then broken ones without end."""
    kept = corpus(name) or target.seeds()
    yield from kept
    rng = Random(f"{name} {seed}")
    while True:
        if target.made is None or rng.random() < 0.3:
            yield broken(rng, kept)
        else:
            made = target.made(rng)
            yield broken(rng, [made]) if rng.random() < 0.3 else made[: 20 * LONGEST]


def run(name: str, target: Target, *, seconds: float, most: int | None, seed: int) -> Tally:
    """Feed one target until time or number is spent."""
    signal.signal(signal.SIGPROF, _too_slow)
    tally = Tally(name)
    sound = len(corpus(name) or target.seeds())
    end = time.monotonic() + seconds
    for number, data in enumerate(inputs(name, target, seed)):
        if number == sound:  # what is loaded with the first input does not count
            end = time.monotonic() + seconds
        over = number >= sound and time.monotonic() > end
        if over or (most is not None and number >= most) or len(tally.failed) >= 20:
            break
        feed(target, tally, data)
    return tally


def guided(name: str, target: Target, seconds: float) -> None:
    """Feed one target under atheris, which ends this process."""
    for data in target.seeds():  # what is imported with the first input is no news
        with suppress(ComityError):
            target.run(data)
    new = ROOT / "fuzz" / "work" / name
    new.mkdir(parents=True, exist_ok=True)
    tally = Tally(name)
    signal.signal(signal.SIGPROF, _too_slow)

    def one(data: bytes) -> None:
        feed(target, tally, data)
        if tally.failed:
            raise AssertionError(tally.failed[-1])

    options = [
        f"-max_total_time={int(seconds)}",
        f"-max_len={LONGEST}",
        "-rss_limit_mb=1500",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(new), str(CORPUS / name)], one)
    atheris.Fuzz()


def main() -> int:
    """Feed all targets; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60, help="of each target")
    parser.add_argument("--inputs", type=int, help="of each target, at most")
    parser.add_argument("--target", action="append", help="one target; may be repeated")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("plain", "atheris"), default="plain")
    parser.add_argument("--seeds", action="store_true", help="write the seeds of the corpus")
    parser.add_argument("--guided", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.seeds:
        return write_seeds()
    known = targets()
    if given.guided:
        guided(given.guided, known[given.guided], given.seconds)
        return 0
    unknown = set(given.target or ()) - set(known)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    names = given.target or list(known)
    if given.engine == "atheris" or given.jobs > 1:
        return apart(names, given)
    bad = total = 0
    for name in names:
        tally = run(name, known[name], seconds=given.seconds, most=given.inputs, seed=given.seed)
        print(tally, flush=True)
        for line in tally.failed:
            print("  " + line.replace("\n", "\n    "))
        bad += len(tally.failed)
        total += tally.inputs
    print(f"{total:,} inputs, {bad} failed")
    return int(bad > 0)


def apart(names: list[str], given: argparse.Namespace) -> int:
    """Feed each target in a process of its own, so many at a time; the exit status."""
    total, failed = 0, []

    def one(name: str) -> subprocess.CompletedProcess[str]:
        chosen = ["--guided", name] if given.engine == "atheris" else ["--target", name, "--seed", str(given.seed)]
        most = ["--inputs", str(given.inputs)] if given.inputs else []
        command = [sys.executable, __file__, *chosen, "--seconds", str(given.seconds), *most]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    with ThreadPoolExecutor(given.jobs) as pool:
        for name, done in zip(names, pool.map(one, names), strict=True):
            *told, last = done.stdout.rstrip().split("\n")
            print("\n".join(told), flush=True)
            if (summed := re.match(r"([\d,]+) inputs,", last)) is not None:
                total += int(summed[1].replace(",", ""))
            if done.returncode:
                failed.append(name)
                print(done.stderr[-4000:])
    print(f"{total:,} inputs, {len(failed)} targets failed {' '.join(failed)}".rstrip())
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
