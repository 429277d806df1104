"""The one loader of the tables: reads, checks and hands out `Knowledge`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from comity.errors import BadKnowledge
from comity.knowledge import builders
from comity.knowledge.book import Knowledge
from comity.knowledge.records import Group, Organisation, State
from comity.knowledge.tables import Fault, Row, RowFault, read_table

T = TypeVar("T")
Coded = TypeVar("Coded", State, Organisation, Group)

FOLDER: Final = Path(__file__).parent / "data"


def load(folder: Path | None = None) -> Knowledge:
    """All tables of the folder, checked.  The package's own are read once a process."""
    return _load_shipped() if folder is None else _load(folder)


@cache
def _load_shipped() -> Knowledge:
    return _load(FOLDER)


def _load(folder: Path) -> Knowledge:
    knowledge, faults = inspect(folder)
    if faults:
        first, more = faults[0], len(faults) - 1
        message = first.message + (f"; and {more} more, see `python -m comity.knowledge`" if more else "")
        raise BadKnowledge(message, about=f"{first.file}:{first.line}", fix=first.fix)
    return knowledge


def inspect(folder: Path) -> tuple[Knowledge, tuple[Fault, ...]]:
    """All rows that can be used, and what is wrong with the others."""
    faults: list[Fault] = []
    table = _Tables(folder, faults)
    states = table.coded("states.csv", builders.STATES, builders.state)
    organisations = table.coded("organisations.csv", builders.ORGANISATIONS, builders.organisation)
    groups = table.coded("groups.csv", builders.GROUPS, builders.group)
    every = {*states, *organisations, *groups}
    table.check("states.csv", builders.STATES, {"successors": states, "parent": states})
    table.check("organisations.csv", builders.ORGANISATIONS, {"members": states, "seat_state": states})
    table.check("groups.csv", builders.GROUPS, {"state": states})
    names = table.rows("names*.csv", builders.NAMES, builders.name, {"actor": every})
    leaders = table.rows("leaders_*.csv", builders.LEADERS, builders.term, {"state": every}, required=False)
    offices = table.rows("offices.csv", builders.OFFICES, builders.office, {"states": every})
    roles = table.rows("roles.csv", builders.ROLES, builders.role)
    plurals = table.rows("pairs.csv", builders.PAIRS, builders.plural, {"members": every})
    blockers = table.rows("blockers.csv", builders.BLOCKERS, builders.blocker)
    cities = table.rows("cities.csv", builders.CITIES, builders.city, {"country": states})
    words = table.rows("actor_words.csv", builders.WORDS, builders.word)
    lands = table.rows(
        "neighbours.csv",
        builders.LANDS,
        builders.land,
        dict.fromkeys(("state", "neighbours", "sea"), states),
        required=False,
    )
    classes = table.rows(
        "state_classes.csv", builders.CLASSES, builders.state_class, {"members": every}, required=False
    )
    past = table.rows(
        "past_acts.csv", builders.PAST_ACTS, builders.past_act, dict.fromkeys(("sources", "targets"), every),
        required=False,
    )  # fmt: skip
    knowledge = Knowledge(
        version=version(folder),
        states=states,
        organisations=organisations,
        groups=groups,
        names=names,
        leaders=leaders,
        offices=offices,
        roles=roles,
        plurals=plurals,
        blockers=blockers,
        cities=cities,
        words=words,
        lands=lands,
        classes=classes,
        past_acts=past,
    )
    return knowledge, tuple(faults)


def version(folder: Path) -> str:
    """A short hash of the tables: two runs with the same version knew the same."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


class _Tables:
    """Reads the tables of one folder and gathers the faults."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self.codes: dict[str, str] = {}

    def coded(self, file: str, columns: Sequence[str], build: Callable[[Row], Coded]) -> Mapping[str, Coded]:
        """A table whose rows have a code each; a code may occur once in all such tables."""
        found: dict[str, Coded] = {}

        def once(row: Row) -> Coded:
            record = build(row)
            if record.code in self.codes:
                raise RowFault(f"code {record.code} is also in {self.codes[record.code]}", "change one")
            self.codes[record.code] = file
            found[record.code] = record
            return record

        read_table(self.folder / file, columns, once, self.faults)
        return MappingProxyType(found)

    def check(self, file: str, columns: Sequence[str], codes: Mapping[str, Container[str]]) -> None:
        """Second look at a table, once all codes are known."""

        def look(row: Row) -> None:
            _check_codes(row, codes)

        read_table(self.folder / file, columns, look, self.faults)

    def rows(
        self,
        pattern: str,
        columns: Sequence[str],
        build: Callable[[Row], T],
        codes: Mapping[str, Container[str]] = MappingProxyType({}),
        *,
        required: bool = True,
    ) -> tuple[T, ...]:
        """The tables whose name fits the pattern, one after another; no row twice."""
        paths = sorted(self.folder.glob(pattern))
        if required and not paths:
            self.faults.append(Fault(file=pattern, line=0, message="is missing", fix="add the table"))
        seen: dict[T, str] = {}

        def once(row: Row) -> T:
            _check_codes(row, codes)
            record = build(row)
            if record in seen:
                raise RowFault(f"is the same as a row of {seen[record]}", "remove one")
            seen[record] = path.name
            return record

        out: list[T] = []
        for path in paths:
            out += read_table(path, columns, once, self.faults)
        return tuple(out)


def _check_codes(row: Row, codes: Mapping[str, Container[str]]) -> None:
    for column, known in codes.items():
        for code in row.many(column):
            if code not in known:
                raise RowFault(f"{column} {code!r} is no known code", "correct it or add its row")
