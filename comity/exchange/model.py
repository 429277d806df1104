"""The records of importing: how a set lies in its files, what was odd, and what became of it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from comity.exchange.codes import Coded, Codes
from comity.model import Record

EXAMPLES = 3
"""Lines that are shown of each kind of oddity."""

FIELDS = (
    "own", "day", "precision", "what",
    "source", "source_name", "source_sector", "target", "target_name", "target_sector",
    "lat", "lon", "place", "country", "evidence", "url", "mentions", "outlets", "articles",
)  # fmt: skip
"""What is taken from a row: own id, day, what happened, the two sides (``source`` is looked up), place, and counts."""


class Layout(Record, frozen=True):
    """How one release of a set lies in its files.

    ``fields`` gives each of `FIELDS` as SQL over ``columns``; one that is absent is null.  ``v(x)`` is the value of a
    column, null for the spellings of nothing.  ``extra`` are further columns that are kept as they are.
    """

    name: str
    columns: tuple[str, ...]
    fields: Mapping[str, str]
    delimiter: str = "\t"
    quoted: bool = False
    headed: bool = False
    extra: Mapping[str, str] = {}


class EventSet(Protocol):
    """An event set of others: recognises its files and knows what their codes mean."""

    name: str
    title: str

    def layout(self, first: Sequence[str], delimiter: str) -> Layout | None:
        """The layout of a file with this first line (or these columns), None where it is none of this set."""

    def act(self, codes: Codes, what: str) -> Coded | None:
        """What happened, from the field ``what``; None where it means nothing."""

    def actors(self, codes: Codes, key: str, on: date) -> tuple[str, ...]:
        """Who, from the field ``source`` or ``target``; parts of a key are separated by `PART`."""

    def country(self, codes: Codes, text: str) -> str | None:
        """Where, from the field ``country``."""


PART = "\x1f"


class Oddity(Record, frozen=True):
    """One kind of oddity: how often, whether such rows were left out, and the first lines."""

    kind: str
    count: int
    dropped: bool
    examples: tuple[str, ...]


class ImportSummary(Record, frozen=True):
    """What became of the files.  ``oddities`` are counted by kind, worst first; ``failed`` files could not be read."""

    set: str
    files: int
    rows: int
    added: int
    known: int
    untyped: int
    dropped: int
    seconds: float
    oddities: tuple[Oddity, ...]
    layouts: Mapping[str, str]
    failed: Mapping[str, str]
    actors_unknown: Mapping[str, int]
    types: Mapping[str, int]
    dry: bool = False


class Odd:
    """Counts oddities while reading."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, bool], int] = {}
        self._examples: dict[tuple[str, bool], list[str]] = {}

    def note(self, kind: str, count: int = 1, examples: Sequence[str] = (), *, dropped: bool = True) -> None:
        """Count an oddity; of the examples the first few stay."""
        key = (kind, dropped)
        self._counts[key] = self._counts.get(key, 0) + count
        kept = self._examples.setdefault(key, [])
        kept += list(examples)[: EXAMPLES - len(kept)]

    def wants(self, kind: str, *, dropped: bool = True) -> bool:
        """Whether examples of this kind are still of use."""
        return len(self._examples.get((kind, dropped), ())) < EXAMPLES

    @property
    def dropped(self) -> int:
        """Rows that were left out."""
        return sum(n for (_, dropped), n in self._counts.items() if dropped)

    def listed(self) -> tuple[Oddity, ...]:
        """All, rows left out first, then by number."""
        keys = sorted(self._counts, key=lambda k: (not k[1], -self._counts[k], k[0]))
        return tuple(
            Oddity(kind=k[0], count=self._counts[k], dropped=k[1], examples=tuple(self._examples[k])) for k in keys
        )


class Raw(Record, frozen=True):
    """A stretch of a file: an Arrow table of texts, and what to show of row ``n``."""

    table: Any
    layout: Layout
    shown: Any
    done: int
    total: int
