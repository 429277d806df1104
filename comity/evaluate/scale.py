"""What reading a crawl costs: CPU of each stage measured here, core-hours and money per million pages.

    python -m comity.evaluate.scale [--measure] [--political 0.1] [--core-hour 0.04] [--cores 64] [--idle 0.15] [--json]

Without ``--measure`` the unit costs are those of ``docs/scale.md``.  All times are of CPU (`time.process_time`), so
that they hold roughly on a busy machine too.  ``--political`` is the share of pages that pass the first look
because they tell dealings between states; of the others the share that passes was measured on ``gold/web``.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from rich.console import Console
from rich.table import Table

from comity.evaluate.checkout import ROOT
from comity.evaluate.first_look import looker, web_texts
from comity.model import Document, Record
from comity.read import read_bytes
from comity.read.item import Item
from comity.reader import Reader
from comity.record.add import add
from comity.record.rows import identity, slim
from comity.record.store import open_record

T = TypeVar("T")
HOUR = 3_600


class Units(Record, frozen=True):
    """CPU milliseconds a page and stage; ``slip`` is the share of other pages that the first look lets through.

    ``read_other`` is the parsing of such a page; ``store`` is merging and writing.
    """

    open_html: float = 0.0
    open_text: float = 0.0
    look: float = 0.0
    read: float = 0.0
    read_other: float = 0.0
    store: float = 0.0
    store_other: float = 0.0
    slip: float = 0.0
    memory_mb: int = 0


class Cost(Record, frozen=True):
    """Of a million pages: CPU hours by stage and together, money, and hours on so many cores."""

    open: float
    look: float
    read: float
    store: float
    core_hours: float
    money: float
    hours: float


DOCUMENTED = Units(
    open_html=6.12,
    open_text=0.88,
    look=0.47,
    read=216.52,
    read_other=219.93,
    store=18.14,
    store_other=3.67,
    slip=0.078,
    memory_mb=474,
)
"""The unit costs of ``docs/scale.md``, measured there."""


def cost(units: Units, *, html: bool, political: float, core_hour: float, cores: int, idle: float) -> Cost:
    """The formula.  ``idle`` is the share of paid time in which a core waits (starting, ends of rounds)."""
    passed = political + (1 - political) * units.slip
    hours = {
        "open": units.open_html if html else units.open_text,
        "look": units.look,
        "read": political * units.read + (passed - political) * units.read_other,
        "store": political * units.store + (1 - political) * units.store_other,
    }
    scaled = {name: round(ms * 1e6 / 1000 / HOUR, 2) for name, ms in hours.items()}
    total = sum(scaled.values()) / (1 - idle)
    return Cost(**scaled, core_hours=round(total, 1), money=round(total * core_hour, 2), hours=round(total / cores, 2))


def measure() -> Units:
    """The unit costs on this machine; takes a minute or two."""
    pages = [p for p in sorted((ROOT / "gold" / "dev").glob("*")) if p.suffix in {".txt", ".html"}]
    data = {kind: [p.read_bytes() for p in pages if p.suffix == kind] for kind in (".html", ".txt")}
    others = web_texts()
    dev = [_document(d) for d in data[".txt"][::4]]
    web = [_document(t.encode()) for t in others]
    look, reader = looker(), Reader()
    passed = [d for d in web if look(d) is None]
    read = [(d, slim(reader(d))) for d in dev]
    return Units(
        open_html=spent(_document, data[".html"], warm=len(data[".html"])),
        open_text=spent(_document, data[".txt"], warm=len(data[".txt"])),
        look=spent(look, web, warm=len(web)),
        read=spent(reader, dev),
        read_other=spent(reader, passed[:12]),
        store=stored([found for _, found in read]),
        store_other=stored([msgspec.structs.replace(d, origin=()) for d in web]),
        slip=round(len(passed) / len(web), 3),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def _document(data: bytes) -> Document:
    document = read_bytes(data, any_language=True)
    return msgspec.structs.replace(document, id=identity(document))


def spent(work: Callable[[Any], Any], given: Sequence[Any], warm: int = 1) -> float:
    """Mean CPU milliseconds of one piece of work; the first ones are done once before, to have all tables loaded."""
    for one in given[:warm]:
        work(one)
    began = time.process_time()
    for one in given:
        work(one)
    return round((time.process_time() - began) / len(given) * 1000, 2)


class _Canned:
    """Readers that know their documents already."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.known = {d.text: d for d in documents}

    def __call__(self) -> Callable[[Document], Document]:
        def read(document: Document) -> Document:
            known = self.known[document.text]
            return msgspec.structs.replace(known, id=document.id, name=document.name)

        return read

    def versions(self) -> dict[str, str]:
        return {"model": "known", "knowledge": "known"}


def stored(documents: Sequence[Document]) -> float:
    """CPU milliseconds a document of merging and writing: of adding without its opening."""
    texts = [d.text.encode() for d in documents]
    opened = spent(_document, texts, warm=len(texts))
    items = [Item(f"made:{n}", f"{n}", lambda t=t: t) for n, t in enumerate(texts)]  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as folder, open_record(Path(folder) / "record") as store:
        began = time.process_time()
        add(store, iter(items), factory=_Canned(documents), any_language=True)
        whole = (time.process_time() - began) / len(documents) * 1000
    return round(max(0.0, whole - opened), 2)


def main() -> int:
    """Print unit costs and the cost of a million pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--measure", action="store_true", help="measure the unit costs here")
    parser.add_argument("--political", type=float, default=0.1, help="share of pages that are read to the end")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of an hour of one core")
    parser.add_argument("--cores", type=int, default=64)
    parser.add_argument("--idle", type=float, default=0.15, help="share of paid time that is not used")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    units = measure() if given.measure else DOCUMENTED
    found = {
        name: cost(
            units, html=html, political=given.political, core_hour=given.core_hour, cores=given.cores, idle=given.idle
        )
        for name, html in (("web pages", True), ("plain text", False))
    }
    if given.json:
        print(msgspec.json.encode({"units": units, "million": found}).decode())
        return 0
    console = Console(highlight=False)
    console.print(_units(units))
    console.print(_costs(found))
    return 0


def _units(units: Units) -> Table:
    table = Table("unit cost", "value", box=None, pad_edge=False)
    for name in units.__struct_fields__:
        unit = "" if name in {"slip", "memory_mb"} else " ms"
        table.add_row(name.replace("_", " "), f"{getattr(units, name)}{unit}")
    return table


def _costs(found: dict[str, Cost]) -> Table:
    table = Table("of a million", *Cost.__struct_fields__, box=None, pad_edge=False)
    for name, one in found.items():
        table.add_row(name, *(str(getattr(one, f)) for f in Cost.__struct_fields__))
    return table


if __name__ == "__main__":
    raise SystemExit(main())
