"""What lies in a record near to new documents: read from the index in bulk, then kept up to date in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from comity.record.index import Database
from comity.record.merge import (
    KnownEvent,
    Lookup,
    MemoryNeighbourhood,
    MergeChanges,
    MergedEvent,
    NewDocument,
    ReportRow,
    StoryRow,
    window_of,
)
from comity.record.merge.keys import lookup_keys
from comity.record.merge.signature import hash64, story_row
from comity.record.nearby import Nearby, looked_under
from comity.record.rows import REPORT_FIELDS

_EVENT_FIELDS = MergedEvent.__struct_fields__
_STORY_FIELDS = StoryRow.__struct_fields__


class StoredNeighbourhood(MemoryNeighbourhood):
    """A `Neighbourhood` over the index of a record as it was when a run began.

    What is asked for is loaded from there once; changes of the run are applied to
    what was loaded, so that a question never has to look at the segments written
    meanwhile.  `cameo` and `confidence` complete the rows of events.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self.cameo: dict[str, str | None] = {}
        self.has_reports = bool(database.rows("select 1 from report_keys limit 1"))
        self.has_stories = bool(database.rows("select 1 from story_marks limit 1"))
        self._asked: set[Lookup] = set()
        self._marks: set[str] = set()
        self._stories: set[str] = set()
        self._documents: set[str] = set()
        self._named: set[str] = set()
        self._events: set[str] = set()
        self._rows: set[str] = set()

    def prefetch(self, documents: Sequence[NewDocument]) -> None:
        """Load all that merging these documents may ask for, with a few questions in place of many."""
        if self.has_stories:
            self._load_marks([m for d in documents for m in story_row(d).marks])
            self._load_stories({row.story for row in self.rows.values()})
        if self.has_reports:
            lookups = []
            for report in (r for d in documents for r in d.reports):
                low, high = window_of(report)
                lookups.append(Lookup(keys=lookup_keys(report), low=low, high=high))
            self._load_lookups(lookups)
            self._load_documents([d.id for d in documents] + list(self.rows))

    def candidates(self, lookups: Sequence[Lookup]) -> list[KnownEvent]:
        """See `Neighbourhood.candidates`."""
        if self.has_reports:
            self._load_lookups(lookups)
        return super().candidates(lookups)

    def near(self, marks: Sequence[str]) -> list[StoryRow]:
        """See `Neighbourhood.near`."""
        if self.has_stories:
            self._load_marks(marks)
        return super().near(marks)

    def stories(self, stories: Sequence[str]) -> list[StoryRow]:
        """See `Neighbourhood.stories`."""
        if self.has_stories:
            self._load_stories(stories)
        return super().stories(stories)

    def of_documents(self, documents: Sequence[str]) -> list[KnownEvent]:
        """See `Neighbourhood.of_documents`."""
        if self.has_reports:
            self._load_documents(documents)
        return super().of_documents(documents)

    def of_reports(self, reports: Sequence[str]) -> list[KnownEvent]:
        """See `Neighbourhood.of_reports`."""
        new = [r for r in dict.fromkeys(reports) if r not in self._named and r not in self.event_of]
        if self.has_reports and new:
            self._named.update(new)
            self._load_events(
                _columns([(r,) for r in new], ("report", pa.string())),
                "select distinct l.event from raw_report_events l semi join asked a on l.report = a.report",
            )
        return super().of_reports(reports)

    def confidence(self, event: str) -> float:
        """That of the surest report."""
        return max((self.reports[r].confidence for r in self.members.get(event, ())), default=0.0)

    def changed(self, changes: MergeChanges) -> set[str]:
        """Events that these changes touch, those that are gone included."""
        return {e.id for e in changes.events} | set(changes.deleted)

    # -- loading

    def _load_lookups(self, lookups: Iterable[Lookup]) -> None:
        new = [one for one in dict.fromkeys(lookups) if one not in self._asked]
        if not new:
            return
        self._asked.update(new)
        listed = [(k, one.low, one.high) for one in new for k in one.keys]
        asked = _columns(listed, ("key", pa.string()), ("low", pa.date32()), ("high", pa.date32()))
        self._load_events(
            asked,
            "select distinct l.event from asked a join report_keys k on k.key = a.key and k.low <= a.high "
            "and k.high >= a.low join raw_report_events l on l.report = k.report",
        )

    def _load_documents(self, documents: Iterable[str]) -> None:
        new = [d for d in dict.fromkeys(documents) if d not in self._documents]
        if not new:
            return
        self._documents.update(new)
        self._load_events(
            _columns([(d,) for d in new], ("document", pa.string())),
            "select distinct l.event from asked a join raw_reports r on r.document = a.document "
            "join raw_report_events l on l.report = r.id",
        )

    def _load_events(self, asked: pa.Table, sql: str) -> None:
        found = [e for e in self.database.joined(asked, sql).column(0).to_pylist() if e not in self._events]
        if not found:
            return
        self._events.update(found)
        asked = _columns([(e,) for e in found], ("event", pa.string()))
        sql = "select e.* from raw_events e semi join asked a on e.id = a.event"
        for row in self.database.joined(asked, sql).to_pylist():
            event = MergedEvent(**_known(row, _EVENT_FIELDS))
            self.events[event.id] = event
            self.cameo[event.founder] = row["cameo"]
        columns = ", ".join(f'r."{f}"' for f in REPORT_FIELDS)
        reports = self.database.joined(
            asked,
            f"select l.event, {columns}, r.cameo, d.source as outlet, d.published from raw_report_events l "
            "semi join asked a on l.event = a.event join raw_reports r on r.id = l.report "
            "left join documents d on d.id = r.document",
        )
        for row in reports.to_pylist():
            if row["event"] not in self.events or row["id"] in self.reports:
                continue
            report = ReportRow(**_known(row, ReportRow.__struct_fields__))
            self._remember(report)
            self.cameo[report.id] = row["cameo"]
            self.event_of[report.id] = row["event"]
            self.members.setdefault(row["event"], set()).add(report.id)

    def _load_marks(self, marks: Iterable[str]) -> None:
        new = [m for m in dict.fromkeys(marks) if m not in self._marks]
        if not new:
            return
        self._marks.update(new)
        self._load_rows(
            _columns([(m,) for m in new], ("mark", pa.string())),
            "select distinct m.document from asked a join story_marks m on m.mark = a.mark",
        )

    def _load_stories(self, stories: Iterable[str]) -> None:
        new = [s for s in dict.fromkeys(stories) if s not in self._stories]
        if not new:
            return
        self._stories.update(new)
        self._load_rows(
            _columns([(s,) for s in new], ("story", pa.string())),
            "select s.document from stories s semi join asked a on s.story = a.story",
        )

    def _load_rows(self, asked: pa.Table, sql: str) -> None:
        new = [d for d in self.database.joined(asked, sql).column(0).to_pylist() if d not in self._rows]
        if not new:
            return
        self._rows.update(new)
        rows = self.database.joined(
            _columns([(d,) for d in new], ("document", pa.string())),
            "select s.*, m.marks from stories s join (select m.document, list(m.mark) as marks from story_marks m "
            "semi join asked a on m.document = a.document group by m.document) m on m.document = s.document",
        )
        for row in rows.to_pylist():
            story = StoryRow(**_known(row, _STORY_FIELDS))
            if story.document in self.rows:
                continue
            self.rows[story.document] = story
            self.by_story.setdefault(story.story, set()).add(story.document)
            for mark in story.marks:
                self.by_mark.setdefault(mark, {})[story.document] = None


class KeptNeighbourhood(StoredNeighbourhood):
    """The same over the runs beside a record (`Nearby`), for whoever adds documents: no question looks through a table.

    What changed is kept in memory until `keep` writes it to the runs.  Reports that a ruling names and that lie
    nowhere near are asked of the index, as imported ones stand there alone.
    """

    def __init__(self, nearby: Nearby, database: Database) -> None:
        MemoryNeighbourhood.__init__(self)
        self.nearby = nearby
        self.database = database
        self.cameo = {}
        self.has_reports = self.has_stories = True
        self._asked, self._marks, self._stories = set(), set(), set()
        self._documents, self._named, self._events, self._rows = set(), set(), set(), set()
        self._read: set[int] = set()
        self._by_hash: dict[int, str] = {}
        self._changed: dict[str, set[str]] = {"d": set(), "r": set(), "e": set()}
        self._gone: dict[tuple[str, str], None] = {}

    def apply(self, documents: Sequence[NewDocument], changes: MergeChanges) -> None:
        """See `MemoryNeighbourhood.apply`; what changed is noted."""
        super().apply(documents, changes)
        self._changed["d"].update(s.document for s in changes.signatures)
        self._changed["d"].update(changes.stories)
        self._changed["r"].update(link.report for link in changes.links)
        self._changed["e"].update(e.id for e in changes.events)
        self._gone.update(dict.fromkeys([*(("r", n) for n in changes.removed), *(("e", n) for n in changes.deleted)]))

    def keep(self, generation: int) -> None:
        """Write what changed, all of it committed by this generation."""
        changed = {kind: sorted(names) for kind, names in self._changed.items()}
        held = {"d": set(self.rows), "r": set(self.reports), "e": set(self.events)}
        self.nearby.keep(
            [self.rows[d] for d in changed["d"]],
            [(self.reports[r], self.cameo.get(r), self.event_of[r]) for r in changed["r"] if r in self.reports],
            [(e, self.cameo.get(e.founder)) for n in changed["e"] if (e := self.events.get(n)) is not None],
            [(kind, name) for kind, name in self._gone if name not in held[kind]],
            generation,
        )
        for names in self._changed.values():
            names.clear()
        self._gone.clear()

    def of_reports(self, reports: Sequence[str]) -> list[KnownEvent]:
        """See `Neighbourhood.of_reports`."""
        self._load_of([hash64(r) for r in dict.fromkeys(reports) if r not in self.event_of])
        return super().of_reports(reports)

    def _load_lookups(self, lookups: Iterable[Lookup]) -> None:
        new = [one for one in dict.fromkeys(lookups) if one not in self._asked]
        self._asked.update(new)
        asked = [key for one in new for key in looked_under(one.keys, one.low, one.high)]
        if asked:
            self._load_of(self.nearby.linked(asked).tolist())

    def _load_documents(self, documents: Iterable[str]) -> None:
        new = [d for d in dict.fromkeys(documents) if d not in self._documents]
        self._documents.update(new)
        if new:
            self._load_of(self.nearby.linked([hash64("d:" + d) for d in new]).tolist())

    def _load_of(self, reports: Sequence[int]) -> None:
        """Load the events of these reports (hashes of ids)."""
        events = {known.event for known in self.nearby.rows("r", reports)} - {""}
        new = sorted(e for e in events if e not in self._events)
        self._events.update(new)
        wanted = {e for e in new if e not in self.events}
        for known in self.nearby.rows("e", [hash64(e) for e in sorted(wanted)]):
            self.events[known.row.id] = known.row
            self.cameo[known.row.founder] = known.cameo
        members = self.nearby.linked([hash64("e:" + e) for e in new]).tolist() if new else []
        for known in self.nearby.rows("r", members):
            if known.event not in self.events or known.event not in wanted or known.row.id in self.reports:
                continue
            self._remember(known.row)
            self.cameo[known.row.id] = known.cameo
            self.event_of[known.row.id] = known.event
            self.members.setdefault(known.event, set()).add(known.row.id)

    def _load_marks(self, marks: Iterable[str]) -> None:
        new = [m for m in dict.fromkeys(marks) if m not in self._marks]
        if not new:
            return
        self._marks.update(new)
        found = self.nearby.marked(new)
        self._load_rows_of({d for one in found for d in one})
        for mark, documents in zip(new, found, strict=True):
            before = dict.fromkeys(self._by_hash[d] for d in documents if d in self._by_hash)
            if before:  # those of the record come first, whatever this run has added meanwhile
                self.by_mark[mark] = before | self.by_mark.get(mark, {})

    def _load_stories(self, stories: Iterable[str]) -> None:
        new = [s for s in dict.fromkeys(stories) if s not in self._stories]
        self._stories.update(new)
        if new:
            self._load_rows_of(set(self.nearby.linked([hash64("s:" + s) for s in new]).tolist()))

    def _load_rows_of(self, documents: set[int]) -> None:
        for known in self.nearby.rows("d", documents - self._read):
            story: StoryRow = known.row
            self._by_hash[hash64(story.document)] = story.document
            if story.document not in self.rows:
                self.rows[story.document] = story
                self.by_story.setdefault(story.story, set()).add(story.document)
        self._read |= documents


def _columns(rows: Sequence[tuple[Any, ...]], *columns: tuple[str, pa.DataType]) -> pa.Table:
    arrays = [pa.array([row[n] for row in rows], kind) for n, (_, kind) in enumerate(columns)]
    return pa.table(arrays, names=[name for name, _ in columns])


def _known(row: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """The fields of a record that are told; lists become tuples, nulls are left to the default."""
    told = ((f, row.get(f)) for f in fields)
    return {f: tuple(v) if isinstance(v, list) else v for f, v in told if v is not None}
