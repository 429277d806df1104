"""How time, memory, disk and the quality of merging grow with the size of a record, with fitted exponents.

    python -m comity.evaluate.growth [--documents 1000,10000] [--events 1e5,1e6] [--plot docs/growth.svg] [--json]

Documents come from `comity.evaluate.synthetic` and are read by a stub, so that all but the encoder is measured; each
size is reached by adding to the record of the size before, in a process of its own, and costs are summed up to it.
Events are imported ones (`comity.evaluate.bench_relations`), a record of its own a size.  Times are those of the
processor, so that a busy machine changes them little.  The exponent is the slope of a line through the logarithms of
cost and size: 1 is linear, n log n is about 1.1 over these sizes, quadratic is 2.  Results are kept in a file
(``--results``) as they come, and a size that stands there is not measured again.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from comity.evaluate.apart import apart
from comity.evaluate.growth_work import document_leg, event_run

Row = dict[str, float]
STAGES: Mapping[str, str] = {
    # what is measured: how it should grow
    "text_s": "n: each document is cut and read once",
    "near_s": "n log n: runs sorted by hash, looked up by halving",
    "merge_s": "n times the reports that may be the same event, at most a fixed number",
    "rows_s": "n: rows are made once",
    "commit_s": "n log n: segments are united in levels",
    "open_s": "n: the ledger of known documents is loaded once a run",
    "index_s": "n log n: made anew by sorting, or the late rows laid into a copy",
    "cube_s": "n log n: facts in order of pair and day",
    "write_s": "n: rows to Parquet",
    "first_answer_s": "at most n: the index is attached, the cube looked at",
    "pair_s": "at most n: the columns of all events are looked through, row groups that cannot match left out",
    "disk_mb": "n",
    "peak_memory_mb": "documents: two numbers a document and what a run remembers; events: what sorting needs",
}


def exponent(rows: Sequence[Row], name: str) -> float | None:
    """The slope of a least-squares line through log cost over log size; None with fewer than two costs above 0."""
    points = [(math.log(r["size"]), math.log(r[name])) for r in rows if r.get(name, 0) > 0]
    if len(points) < 2:
        return None
    x = sum(p[0] for p in points) / len(points)
    y = sum(p[1] for p in points) / len(points)
    spread = sum((p[0] - x) ** 2 for p in points)
    return sum((p[0] - x) * (p[1] - y) for p in points) / spread if spread else None


def last_exponent(rows: Sequence[Row], name: str) -> float | None:
    """The slope between the two largest sizes, where what is fixed weighs least."""
    return exponent(rows[-2:], name)


def grow_documents(sizes: Sequence[int], done: Sequence[Row], note: Callable[[Row], None]) -> None:
    """Measure these sizes one on top of the other; ``done`` are not told again but their record is made."""
    known = {int(r["size"]) for r in done}
    if set(sizes) <= known:
        return
    summed: Row = {}
    with tempfile.TemporaryDirectory() as folder:
        before = 0
        for size in sorted(sizes):
            leg = apart(document_leg, folder, before, size)
            adds = {k: summed.get(k, 0.0) + v for k, v in leg["sums"].items()}
            summed, before = adds, size
            row = {"size": size, **{k: round(v, 3) for k, v in adds.items()}, **leg["state"]}
            if size not in known:
                note(row)


def grow_events(sizes: Sequence[int], done: Sequence[Row], shared: str, note: Callable[[Row], None]) -> None:
    """Measure records of so many imported events."""
    for size in sorted(set(sizes) - {int(r["size"]) for r in done}):
        with tempfile.TemporaryDirectory() as folder:
            note({"size": size, **event_run(folder, size, shared)})


def table(rows: Sequence[Row]) -> list[str]:
    """The rows as lines of a Markdown table: a cost a line, a size a column, exponents at the end."""
    names = [n for n in rows[-1] if n != "size"] if rows else []
    sizes = " | ".join(f"{int(r['size']):,}" for r in rows)
    lines = [f"| | {sizes} | exponent | last step |", "|---" * (len(rows) + 3) + "|"]
    for name in names:
        values = " | ".join(_number(r[name]) if name in r else "" for r in rows)
        fitted = [exponent(rows, name), last_exponent(rows, name)] if name.endswith(("_s", "_mb")) else [None, None]
        slopes = " | ".join("" if f is None else f"{f:.2f}" for f in fitted)
        lines.append(f"| {name.removesuffix('_s').replace('_', ' ')} | {values} | {slopes} |")
    return lines


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", default="1000,3000", help="sizes, with commas between; empty for none")
    parser.add_argument("--events", default="100000,1000000", help="sizes, with commas between; empty for none")
    parser.add_argument("--shared", default="../shared", help="folder with data/relations, for events as they are")
    parser.add_argument("--results", type=Path, help="a file that keeps results; sizes in it are not measured again")
    parser.add_argument("--plot", type=Path, help="write an SVG plot here")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    found: dict[str, list[Row]] = {"documents": [], "events": []}
    if given.results and given.results.exists():
        found |= msgspec.json.decode(given.results.read_bytes(), type=dict[str, list[Row]])

    def note(kind: str) -> Callable[[Row], None]:
        def keep(row: Row) -> None:
            found[kind] = sorted([*found[kind], row], key=lambda r: r["size"])
            if given.results:
                given.results.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")

        return keep

    grow_documents(_sizes(given.documents), found["documents"], note("documents"))
    grow_events(_sizes(given.events), found["events"], given.shared, note("events"))
    _show(found, given.plot, given.json)
    return 0


def _sizes(text: str) -> list[int]:
    return [int(float(part)) for part in text.split(",") if part]


def _show(found: Mapping[str, list[Row]], plot: Path | None, json_out: bool) -> None:
    if plot:
        from comity.evaluate.growth_plot import drawn

        plot.write_text(drawn(found), encoding="utf-8")
    if json_out:
        fitted: dict[str, Any] = {
            kind: {n: exponent(rows, n) for n in rows[-1] if n in STAGES} for kind, rows in found.items() if rows
        }
        print(msgspec.json.encode({**found, "exponents": fitted}).decode())
        return
    for kind, rows in found.items():
        if rows:
            print(f"{kind}\n\n" + "\n".join(table(rows)) + "\n")
            print("\n".join(f"- {n.removesuffix('_s')}: {why}" for n, why in STAGES.items() if n in rows[-1]) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
