"""Tables by hash on disk that grow without being rewritten each time: sorted runs, united in levels.

A *run* is a file of hashes in order with a value each.  New entries make a new run; when `FAN` runs of one level are
there they are united into one of the next level, so that n entries are written n log n times in all and a question
looks into a number of runs that grows as log n (O'Neil et al. 1996, The log-structured merge-tree).  Hashes are spread
evenly, so that runs are united in slices of the hash range, with a fixed amount of memory.  What is said twice stands
once in the united run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from comity.model import Record

ROWS: Final = "rows"
"""The kind of table that holds rows; of others several values may stand under one hash."""
FAN: Final = 4
SLICE: Final = 2_000_000
"""Entries that are united at once ..."""
SLICE_BYTES: Final = 64_000_000
"""... and bytes of their rows."""
LEVEL: Final = 20_000
"""Entries of the lowest level."""
Hashes = NDArray[np.uint64]
_TOP: Final = 1 << 63
"""Hashes have 63 bits (`comity.record.merge.signature.hash64`)."""


class Run(Record, frozen=True):
    """One run: its file name without ending, its entries, and the bytes of its rows (0 for links)."""

    name: str
    entries: int
    bytes: int = 0

    @property
    def level(self) -> int:
        """0 for the smallest."""
        level, most = 0, LEVEL
        while self.entries > most:
            level, most = level + 1, most * FAN
        return level


class Files:
    """The runs of one table in a folder; ``listed`` is kept by whoever commits them."""

    def __init__(self, folder: Path, kind: str, listed: Sequence[Run], most: int | None = None) -> None:
        self.folder = folder
        self.kind = kind
        self.listed = list(listed)
        self.most = most
        self._open: dict[str, tuple[Any, Any, Any]] = {}

    def sound(self) -> bool:
        """Whether every file has the size it was written with."""
        for run in self.listed:
            sizes = {"keys": 8 * run.entries, "values": 8 * run.entries}
            if self.kind == ROWS:
                sizes["rows"] = run.bytes
            for ending, size in sizes.items():
                path = self._path(run.name, ending)
                if not path.exists() or path.stat().st_size != size:
                    return False
        return True

    def ranges(self, asked: Hashes) -> Iterator[tuple[Any, Any, NDArray[np.int64], NDArray[np.int64]]]:
        """Values, rows and for each asked hash the range of its entries, a run at a time, the oldest first."""
        for run in self.listed:
            keys, values, rows = self._files(run)
            yield values, rows, np.searchsorted(keys, asked, "left"), np.searchsorted(keys, asked, "right")

    def write(self, serial: int, keys: Hashes, values: Hashes, rows: bytes = b"") -> None:
        """Add a run; ``keys`` are in order, and where there are rows ``values`` are where each of them ends."""
        if not len(keys):
            return
        name = f"{self.kind}-{serial:06d}"
        sink = _Sink(self._stem(name), self.kind == ROWS)
        sink.put(keys, values, rows)
        self.listed.append(sink.end(name))

    def unite(self, serial: int) -> list[str]:
        """Unite runs of like size while there are enough of them; the files that are no longer needed."""
        gone: list[str] = []
        while (first := self._group()) is not None:
            made = self._united(f"{self.kind}-{serial:06d}-{len(gone)}", self.listed[first:], oldest=first == 0)
            for run in self.listed[first:]:
                self._open.pop(run.name, None)
                gone.append(run.name)
            self.listed[first:] = [made] if made.entries else []
        return gone

    def close(self) -> None:
        """Let go of all files."""
        self._open.clear()

    def _group(self) -> int | None:
        """The first of the last runs that are to be united: `FAN` of one level, and the smaller ones behind them."""
        for level in sorted({run.level for run in self.listed}):
            first = len(self.listed)
            while first and self.listed[first - 1].level <= level:
                first -= 1
            if sum(run.level == level for run in self.listed[first:]) >= FAN:
                return first
        return None

    def _united(self, name: str, runs: Sequence[Run], *, oldest: bool) -> Run:
        files = [self._files(run) for run in runs]
        sink = _Sink(self._stem(name), self.kind == ROWS)
        parts = 1 + max(sum(run.entries for run in runs) // SLICE, sum(run.bytes for run in runs) // SLICE_BYTES)
        bounds = [_TOP // parts * n for n in range(parts)] + [_TOP]
        unite = _newest if self.kind == ROWS else _all_of(self.most)
        for low, high in pairwise(bounds):
            cuts = [np.searchsorted(k, np.array([low, high], np.uint64)).tolist() for k, _, _ in files]
            sink.put(*unite([(*file, *cut) for file, cut in zip(files, cuts, strict=True)], oldest))
        return sink.end(name)

    def _files(self, run: Run) -> tuple[Any, Any, Any]:
        if run.name not in self._open:
            keys = np.memmap(self._path(run.name, "keys"), np.uint64, "r")
            values = np.memmap(self._path(run.name, "values"), np.uint64, "r")
            rows = np.memmap(self._path(run.name, "rows"), np.uint8, "r") if run.bytes else None
            self._open[run.name] = keys, values, rows
        return self._open[run.name]

    def _stem(self, name: str) -> Path:
        return self.folder / name

    def _path(self, name: str, ending: str) -> Path:
        return self.folder / f"{name}.{ending}"


Part = tuple[Any, Any, Any, int, int]
"""Keys, values and rows of a run, and the range of its entries that is meant."""
Joined = tuple[Hashes, Hashes, bytes]


def _all_of(most: int | None) -> Callable[[Sequence[Part], bool], Joined]:
    """All entries in order of key and age, each once; of one key at most so many, the oldest."""

    def joined(parts: Sequence[Part], _oldest: bool) -> Joined:
        keys = np.concatenate([k[low:high] for k, _, _, low, high in parts])
        values = np.concatenate([v[low:high] for _, v, _, low, high in parts])
        order = np.argsort(keys, kind="stable")
        keys, values = _once(keys[order], values[order])
        if most is not None and len(keys):
            kept = np.arange(len(keys)) - np.searchsorted(keys, keys, "left") < most
            keys, values = keys[kept], values[kept]
        return keys, values, b""

    return joined


def _once(keys: Hashes, values: Hashes) -> tuple[Hashes, Hashes]:
    """Entries in order of key without those that stand before with the same value."""
    order = np.lexsort((values, keys))
    again = (keys[order][1:] == keys[order][:-1]) & (values[order][1:] == values[order][:-1])
    kept = np.ones(len(keys), bool)
    kept[order[1:][again]] = False
    return keys[kept], values[kept]


def _newest(parts: Sequence[Part], oldest: bool) -> Joined:
    """The newest row of each key; rows that were removed are left out where no older run can hold them."""
    keys = np.concatenate([k[low:high] for k, _, _, low, high in parts])
    if not len(keys):
        return keys, keys, b""
    owner = np.repeat(np.arange(len(parts)), [high - low for *_, low, high in parts])
    place = np.concatenate([np.arange(low, high) for *_, low, high in parts])
    order = np.argsort(keys, kind="stable")
    last = np.append(keys[order][1:] != keys[order][:-1], True)
    chosen = order[last]
    found, ends, at, kept = [], [], 0, []
    for n in chosen.tolist():
        _, values, rows, _, _ = parts[owner[n]]
        row = row_of(values, rows, int(place[n]))
        if not row and oldest:
            continue
        at += len(row)
        found.append(row)
        ends.append(at)
        kept.append(n)
    return keys[kept], np.array(ends, np.uint64), b"".join(found)


def row_of(values: Any, rows: Any, at: int) -> bytes:
    """One row of a run; empty where it was removed."""
    start = int(values[at - 1]) if at else 0
    return bytes(rows[start : int(values[at])]) if rows is not None else b""


class _Sink:
    """A run that is being written; it is on the disk when `end` returns."""

    def __init__(self, stem: Path, with_rows: bool) -> None:
        endings = ("keys", "values", "rows") if with_rows else ("keys", "values")
        self.files = {e: Path(f"{stem}.{e}").open("wb") for e in endings}  # noqa: SIM115
        self.entries = 0
        self.bytes = 0

    def put(self, keys: Hashes, values: Hashes, rows: bytes) -> None:
        """More entries, with hashes above those before."""
        if "rows" in self.files:
            values = values + np.uint64(self.bytes)
            self.files["rows"].write(rows)
            self.bytes += len(rows)
        self.files["keys"].write(keys.astype(np.uint64).tobytes())
        self.files["values"].write(values.astype(np.uint64).tobytes())
        self.entries += len(keys)

    def end(self, name: str) -> Run:
        """Have it on the disk."""
        for file in self.files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        return Run(name=name, entries=self.entries, bytes=self.bytes)


def sorted_links(links: Sequence[tuple[int, int]]) -> tuple[Hashes, Hashes]:
    """Pairs of hash and value as two arrays in order of hash, older ones first."""
    keys = np.array([k for k, _ in links], np.uint64)
    values = np.array([v for _, v in links], np.uint64)
    order = np.argsort(keys, kind="stable")
    return keys[order], values[order]


def sorted_rows(rows: Mapping[int, bytes]) -> tuple[Hashes, Hashes, bytes]:
    """Rows by hash as two arrays in order of hash and all their bytes."""
    keys = sorted(rows)
    ends = np.cumsum([len(rows[k]) for k in keys]) if keys else np.zeros(0)
    return np.array(keys, np.uint64), ends.astype(np.uint64), b"".join(rows[k] for k in keys)
