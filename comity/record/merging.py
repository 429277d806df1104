"""Merging of documents, or of decided events, into rows of the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from comity.model import Document
from comity.record.merge import Link, MergeChanges, Merger, new_document
from comity.record.merge.score import Scorer
from comity.record.rows import event_row, story_columns

if TYPE_CHECKING:
    from comity.record.merge.merger import Rulings
    from comity.record.neighbours import StoredNeighbourhood
    from comity.record.store import Batch


class Merging:
    """Documents of one batch into stories and events, one after the other; ``made`` counts new events.

    One at a time, so that the result does not hang on where a batch ends: a run
    that was cut short and goes on gives the same events as one that was not.  A ``scorer`` that
    is kept from batch to batch need not work out again what it knows.
    """

    def __init__(
        self, neighbourhood: StoredNeighbourhood, rulings: Rulings | None = None, scorer: Scorer | None = None
    ) -> None:
        self.neighbourhood = neighbourhood
        self.merger = Merger(neighbourhood, rulings=rulings, scorer=scorer)
        self.made = 0
        self.events: dict[str, None] = {}
        self.links: dict[str, Link] = {}
        self.stories: dict[str, None] = {}
        self.removed: dict[str, None] = {}

    def add(self, documents: Sequence[Document]) -> None:
        """Merge these documents in their order."""
        given = [new_document(d) for d in documents]
        self.neighbourhood.prefetch(given)
        for document, one in zip(documents, given, strict=True):
            self.neighbourhood.cameo.update({e.id: e.cameo for e in document.events})
            changes = self.merger.add([one])
            self.neighbourhood.apply([one], changes)
            self._note(changes)

    def again(self, reports: Sequence[str], keep: Sequence[str]) -> None:
        """Cluster the events of these reports again; one of ``keep`` lends its id."""
        changes = self.merger.again(reports, keep)
        self.neighbourhood.apply([], changes)
        self._note(changes)

    def _note(self, changes: MergeChanges) -> None:
        self.events.update(dict.fromkeys(sorted(self.neighbourhood.changed(changes))))
        self.links.update({link.report: link for link in changes.links})
        self.stories.update(dict.fromkeys([*changes.stories, *(s.document for s in changes.signatures)]))
        self.removed.update(dict.fromkeys(changes.removed))
        self.made += len(changes.new)

    def write(self, batch: Batch, run: str | None) -> None:
        """The rows of all that changed, each once, as made by a run."""
        known = self.neighbourhood
        batch.append("stories", [story_columns(known.rows[d]) for d in self.stories])
        batch.append(
            "events",
            [
                event_row(
                    event,
                    {
                        "run": run,
                        "cameo": known.cameo.get(event.founder),
                        "confidence": known.confidence(event.id),
                    },
                )
                for name in self.events
                if (event := known.events.get(name)) is not None
            ],
        )
        batch.remove("events", [name for name in self.events if name not in known.events])
        batch.append(
            "report_events",
            [
                {"report": k.report, "event": k.event, "score": k.score, "why": list(k.why)}
                for k in self.links.values()
                if k.report not in self.removed
            ],
        )
        for name in ("reports", "report_events"):
            batch.remove(name, list(self.removed))
