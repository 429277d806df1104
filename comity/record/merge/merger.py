"""The merger: new documents in, changes of stories and of merged events out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from comity.record.merge.keys import lookup_keys
from comity.record.merge.matching import Matcher
from comity.record.merge.neighbourhood import Neighbourhood
from comity.record.merge.records import (
    KnownEvent,
    Lookup,
    MergeChanges,
    NewDocument,
    ReportRow,
    Ruling,
    StoryRow,
    window_of,
)  # fmt: skip
from comity.record.merge.score import Scorer
from comity.record.merge.signature import story_row
from comity.record.merge.stories import same_story, united

Rulings = Callable[[Sequence[str]], Iterable[Ruling]]


class Merger:
    """Puts new documents into their stories and their reports into events.

    ``neighbourhood`` finds what is already known near them; ``rulings`` gives the decisions of
    persons about any of the given reports.  The merger keeps nothing but what its ``scorer`` has
    worked out: whoever calls `add` writes the changes before the next call.
    """

    def __init__(
        self,
        neighbourhood: Neighbourhood,
        *,
        rulings: Rulings | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        self.neighbourhood = neighbourhood
        self.rulings = rulings
        self.scorer = scorer or Scorer()

    def add(self, documents: Sequence[NewDocument]) -> MergeChanges:
        """What adding these documents changes.

        A document that is known with the same reports changes nothing; one that is known with
        other reports (it was read again) loses its earlier ones.
        """
        fresh = {d.id: d for d in documents}
        before = _by_document(self.neighbourhood.of_documents(sorted(fresh)))
        stories, signatures, earlier_stories = self._stories([fresh[name] for name in sorted(fresh)])
        new_reports: dict[str, ReportRow] = {}
        removed: set[str] = set()
        for name, document in sorted(fresh.items()):
            earlier, given = before.get(name, {}), {r.id: r for r in document.reports}
            if earlier.keys() == given.keys():
                continue
            removed |= earlier.keys() - given.keys()
            new_reports |= {k: r for k, r in given.items() if k not in earlier}
        known = self._known(new_reports.values(), sorted(fresh), stories)
        known |= self._ruled({*new_reports, *(r.id for k in known.values() for r in k.reports)})

        def story_of(documents: Iterable[str]) -> Mapping[str, str]:
            told = earlier_stories | stories
            unknown = sorted(set(documents) - told.keys())
            return self._story_of(unknown) | told if unknown else told

        matcher = Matcher(self.scorer, known, story_of, self.rulings)
        changed = matcher.match(new_reports, removed, sorted(stories))
        return MergeChanges(
            stories=stories,
            signatures=tuple(signatures),
            new=changed.new,
            updated=changed.updated,
            deleted=changed.deleted,
            links=changed.links,
            removed=tuple(sorted(removed)),
        )

    def remove(self, documents: Sequence[str]) -> MergeChanges:
        """What taking documents away changes in the events; their rows and signatures are the caller's."""
        known = {k.event.id: k for k in self.neighbourhood.of_documents(sorted(set(documents)))}
        gone = {r.id for k in known.values() for r in k.reports if r.document in set(documents)}
        changed = Matcher(self.scorer, known, self._story_of, self.rulings).match({}, gone, [])
        return MergeChanges(
            new=changed.new, updated=changed.updated, deleted=changed.deleted, links=changed.links,
            removed=tuple(sorted(gone)),
        )  # fmt: skip

    def again(self, reports: Sequence[str], keep: Sequence[str] = ()) -> MergeChanges:
        """What clustering the events of these reports again changes, as after a ruling was taken back.

        Of events that become one, that of ``keep`` lends its id.
        """
        begun = {k.event.id: k for k in self.neighbourhood.of_reports(sorted(set(reports)))}
        told = {r.id: r for k in begun.values() for r in k.reports}
        known = self._known(told.values(), [], {}) | begun
        known |= self._ruled({r.id for k in known.values() for r in k.reports})
        matcher = Matcher(self.scorer, known, self._story_of, self.rulings)
        changed = matcher.match({}, (), [], anew=begun, keep=keep)
        return MergeChanges(new=changed.new, updated=changed.updated, deleted=changed.deleted, links=changed.links)

    def _stories(self, documents: Sequence[NewDocument]) -> tuple[dict[str, str], list[StoryRow], dict[str, str]]:
        """Stories that are new or changed, rows of the new documents, and stories of the old ones met."""
        made = [story_row(d) for d in documents]
        marks = sorted({m for row in made for m in row.marks})
        old = {row.document: row for row in self.neighbourhood.near(marks)} if marks else {}
        signatures = [row for row in made if row.document not in old]
        like = [
            (row.document, other.document)
            for row, beside in _marked_alike(signatures, old.values())
            for other in beside
            if same_story(row, other)
        ]
        told = {row.document: row.story for row in (*old.values(), *signatures)}
        met = [(told[a], told[b]) for a, b in like]
        names = united([*(row.story for row in signatures), *(b for _, b in met)], met)
        # a story keeps its name as long as no smaller id comes to it: only of those that lose it all documents move
        renamed = sorted(name for name, new in names.items() if name != new)
        whole = {row.document: row for row in self.neighbourhood.stories(renamed)} if renamed else {}
        stories = {row.document: names[row.story] for row in (*whole.values(), *signatures)}
        earlier = {name: row.story for name, row in (old | whole).items()}
        return {d: s for d, s in stories.items() if earlier.get(d) != s}, signatures, earlier

    def _known(
        self, reports: Iterable[ReportRow], fresh: Sequence[str], stories: dict[str, str]
    ) -> dict[str, KnownEvent]:
        """Events near the new reports, of documents read again, and of documents whose story changed."""
        lookups = []
        for report in reports:
            low, high = window_of(report)
            lookups.append(Lookup(keys=lookup_keys(report), low=low, high=high))
        found = {k.event.id: k for k in self.neighbourhood.candidates(lookups)} if lookups else {}
        documents = sorted({*fresh, *stories})
        return found | {k.event.id: k for k in self.neighbourhood.of_documents(documents)}

    def _ruled(self, reports: set[str]) -> dict[str, KnownEvent]:
        """Events of reports that a ruling ties to these and that lie nowhere near."""
        if not self.rulings:
            return {}
        named = {name for r in self.rulings(sorted(reports)) for name in (r.first, r.second)} - reports
        return {k.event.id: k for k in self.neighbourhood.of_reports(sorted(named))} if named else {}

    def _story_of(self, documents: Iterable[str]) -> dict[str, str]:
        return {row.document: row.story for row in self.neighbourhood.near([f"d:{d}" for d in documents])}


def _marked_alike(
    new: Sequence[StoryRow], old: Collection[StoryRow]
) -> Iterator[tuple[StoryRow, Collection[StoryRow]]]:
    """Each new document with all others that have a mark of it; ``old`` are those that have a mark of any new one."""
    if len(new) == 1:
        yield new[0], old
        return
    by_mark: dict[str, list[StoryRow]] = {}
    for row in (*old, *new):
        for mark in row.marks:
            by_mark.setdefault(mark, []).append(row)
    for row in new:
        beside = {o.document: o for m in row.marks for o in by_mark[m] if o.document != row.document}
        yield row, beside.values()


def _by_document(known: Iterable[KnownEvent]) -> dict[str, dict[str, ReportRow]]:
    found: dict[str, dict[str, ReportRow]] = {}
    for event in known:
        for report in event.reports:
            found.setdefault(report.document, {})[report.id] = report
    return found
