"""Matching of reports: who is near, which clusters come of it, and what that changes in the events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from comity.model import Record
from comity.record.merge.clustering import Pair, cluster, components, mean_score, pair, pairs_of
from comity.record.merge.compare import Side, may_match
from comity.record.merge.fields import event_id, merged
from comity.record.merge.follow import Followed, follow
from comity.record.merge.records import KnownEvent, Link, MergedEvent, ReportRow, Ruling
from comity.record.merge.score import Scorer

SAMPLE: Final = 16
"""Reports of a large event that stand for all of it; such an event is not taken apart again."""
MOST_ACTIVE: Final = 400
"""Reports around the new ones that are clustered anew at once; beyond, events stay as they are."""

FIRST = "the first report of it"
"""Why the report is of an event that founded it."""


class Changed(Record, frozen=True):
    """What matching changed in the events."""

    new: tuple[MergedEvent, ...]
    updated: tuple[MergedEvent, ...]
    deleted: tuple[str, ...]
    links: tuple[Link, ...]


class Matcher:
    """One matching: the known events near some new reports, and the new reports.

    ``story_of`` gives the story of each of the documents asked for.
    """

    def __init__(
        self,
        scorer: Scorer,
        known: Mapping[str, KnownEvent],
        story_of: Callable[[Iterable[str]], Mapping[str, str]],
        rulings: Callable[[Sequence[str]], Iterable[Ruling]] | None,
    ) -> None:
        self.scorer = scorer
        self.known = known
        self.story_of = story_of
        self.rulings = rulings
        self.reports: dict[str, ReportRow] = {r.id: r for k in known.values() for r in k.reports}
        self.owner = {r.id: k.event.id for k in known.values() for r in k.reports}
        self.scores: dict[Pair, float] = {}
        self.by_key: dict[str, list[str]] = {}
        self.sides: dict[str, Side] = {}
        self.near: dict[str, list[str]] = {}
        self.ruled: set[str] = set()
        self.parted: set[str] = set()
        self.kept: frozenset[str] = frozenset()

    def match(
        self,
        new: Mapping[str, ReportRow],
        removed: Iterable[str],
        moved: Sequence[str],
        *,
        anew: Iterable[str] = (),
        keep: Iterable[str] = (),
    ) -> Changed:
        """Cluster the new reports with what is near; ``moved`` are documents whose story changed.

        ``anew`` are events to be clustered again though nothing new is about them; of events that
        become one, that of ``keep`` lends its id.
        """
        gone = set(removed)
        hurt = {self.owner[r] for r in gone if r in self.owner} | {e for e in anew if e in self.known}
        self.kept = frozenset(keep)
        self.reports = {name: r for name, r in (self.reports | dict(new)).items() if name not in gone}
        members = self._members(gone)
        ruled = list(self.rulings(sorted(self.reports))) if self.rulings else []
        self._bind(ruled, members)
        for name in self._standing(members, new):
            self._index(name)
        active = self._active(new, hurt, members, ruled)
        groups = self._clusters(active, members, ruled)
        final, deleted = self._named(groups, active, members)
        recount = set(moved)
        for event, names in members.items():
            if event not in active and any(self.reports[n].document in recount for n in names):
                final[event] = sorted(names)
        return self._changed(final, deleted, members, set(active))

    def _members(self, gone: set[str]) -> dict[str, set[str]]:
        members: dict[str, set[str]] = {event: set() for event in self.known}
        for name, event in self.owner.items():
            if name not in gone:
                members[event].add(name)
        return members

    def _bind(self, ruled: Sequence[Ruling], members: Mapping[str, set[str]]) -> None:
        """Note which reports are ruled apart, and which events hold two such and must be taken apart."""
        for ruling in ruled:
            if ruling.same:
                continue
            self.ruled |= {ruling.first, ruling.second}
            event = self.owner.get(ruling.first)
            within = members[event] if event is not None else set()
            if event is not None and {ruling.first, ruling.second} <= within and len(within) <= MOST_ACTIVE:
                self.parted.add(event)

    def _large(self, event: str, members: Mapping[str, set[str]]) -> bool:
        """Whether an event is represented by a sample of its reports and kept whole."""
        return len(members[event]) > SAMPLE and event not in self.parted

    def _standing(self, members: Mapping[str, set[str]], new: Mapping[str, ReportRow]) -> list[str]:
        """The reports that are compared: all new ones, and a sample of each large event."""
        found = list(new)
        for event, names in members.items():
            found += self._sample(event, names)
        return found

    def _sample(self, event: str, names: Iterable[str]) -> list[str]:
        """All reports of a small event; of a large one its founder, ruled ones and those with the smallest ids."""
        ordered = sorted(names)
        if len(ordered) <= SAMPLE or event in self.parted:
            return ordered
        founder = self.known[event].event.founder
        return sorted(ordered, key=lambda n: (n != founder, n not in self.ruled, n))[:SAMPLE]

    def _index(self, name: str) -> None:
        self.sides[name] = self.scorer.side(self.reports[name])
        for key in self.sides[name].keys:
            self.by_key.setdefault(key, []).append(name)

    def _score_near(self, name: str) -> list[str]:
        """Score one report with all that may match it; those at or above the threshold.  All have been indexed."""
        if name in self.near:
            return self.near[name]
        side, near = self.sides[name], []
        for other in sorted({n for key in side.lookup for n in self.by_key.get(key, ())}):
            if other == name:
                continue
            key = pair(name, other)
            if key not in self.scores:
                if not may_match(side, self.sides[other]):
                    continue
                self.scores[key] = self.scorer.kept_score(side, self.sides[other])
            if self.scores[key] >= self.scorer.model.threshold:
                near.append(other)
        self.near[name] = near
        return near

    def _active(
        self,
        new: Mapping[str, ReportRow],
        hurt: set[str],
        members: Mapping[str, set[str]],
        ruled: Sequence[Ruling],
    ) -> dict[str, str | None]:
        """Events (and new reports) to cluster anew: all that hang together with what is new.

        Keys are event ids and, for new reports, their own ids.
        """
        active: dict[str, str | None] = dict.fromkeys(sorted(new))
        beside: dict[str, set[str]] = {}
        for ruling in ruled:
            beside.setdefault(ruling.first, set()).add(ruling.second)
            beside.setdefault(ruling.second, set()).add(ruling.first)
        for event in sorted(hurt):
            active[event] = event
        wave = [*sorted(new), *(n for e in sorted(hurt) for n in self._sample(e, members[e]))]
        count = 0
        while wave:
            name = wave.pop()
            for other in (*self._score_near(name), *sorted(beside.get(name, ()))):
                found = self.owner.get(other)
                if found is None or found in active or (count > MOST_ACTIVE and name not in new):
                    continue
                active[found] = found
                standing = self._sample(found, members[found])
                count += len(standing)
                wave.extend(standing)
        return active

    def _clusters(
        self, active: Mapping[str, str | None], members: Mapping[str, set[str]], ruled: Sequence[Ruling]
    ) -> list[list[str]]:
        """The clusters of the active reports (large events by their samples, kept whole)."""
        names: list[str] = []
        whole: list[list[str]] = []
        for key, event in active.items():
            standing = [key] if event is None else self._sample(event, members[event])
            names += standing
            if event is not None and self._large(event, members):
                whole.append(standing)
        for name in names:
            self._score_near(name)
        unbroken = pairs_of(whole)
        apart = {pair(r.first, r.second) for r in ruled if not r.same} | self._told_apart(names)
        apart -= unbroken
        together = (unbroken | {pair(r.first, r.second) for r in ruled if r.same}) - apart
        inside = set(names)
        edges = [p for p, s in self.scores.items() if s >= self.scorer.model.threshold and inside.issuperset(p)]
        edges += [p for p in together if inside.issuperset(p)]
        found = []
        for group in components(names, edges):
            within = set(group)
            found += cluster(
                group,
                dict(self._pairs_in(within)),
                self.scorer.model.threshold,
                together=[p for p in together if within.issuperset(p)],
                apart=[p for p in apart if within.issuperset(p)],
            )
        return found

    def _pairs_in(self, names: set[str]) -> Iterable[tuple[Pair, float]]:
        """The scored pairs among these names."""
        if len(names) ** 2 > len(self.scores):
            return [(p, s) for p, s in self.scores.items() if names.issuperset(p)]
        ordered = sorted(names)
        pairs = ((a, b) for at, a in enumerate(ordered) for b in ordered[at + 1 :])
        return [(p, self.scores[p]) for p in pairs if p in self.scores]

    def _told_apart(self, names: Iterable[str]) -> set[Pair]:
        """Pairs with two different days told exactly in one document, or with another status."""
        documents: dict[str, list[str]] = {}
        for name in names:
            documents.setdefault(self.reports[name].document, []).append(name)
        found = set()
        for within in documents.values():
            for at, a in enumerate(within):
                for b in within[at + 1 :]:
                    left, right = self.sides[a].day, self.sides[b].day
                    if left is not None and right is not None and left != right:
                        found.add(pair(a, b))
        return found

    def _named(
        self, groups: Sequence[Sequence[str]], active: Mapping[str, str | None], members: Mapping[str, set[str]]
    ) -> tuple[dict[str, list[str]], list[str]]:
        """Clusters by event id: that of the oldest event whose founder is in it, else a new one."""
        final: dict[str, list[str]] = {}
        kept: set[str] = set()
        for group in groups:
            names = set(group)
            for event in {e for e in (self.owner.get(n) for n in group) if e is not None}:
                if self._large(event, members):
                    names |= members[event]
            founded = [
                self.known[e].event
                for e in {self.owner[n] for n in names if n in self.owner}
                if self.known[e].event.founder in names
            ]
            chosen = min(founded, key=self._seniority).id if founded else event_id(self._founder(names))
            kept.add(chosen)
            final[chosen] = sorted(names)
        return final, sorted(e for e in active.values() if e is not None and e not in kept)

    def _seniority(self, event: MergedEvent) -> tuple[bool, bool, date | None, str]:
        return event.id not in self.kept, event.first_seen is None, event.first_seen, event.id

    def _founder(self, names: Iterable[str]) -> str:
        """The report after which a new event is named: of a part that was split off one that was split off."""
        listed = set(names)
        return min(listed & self.ruled & self.owner.keys() or listed)

    def _changed(
        self,
        final: Mapping[str, list[str]],
        deleted: Sequence[str],
        members: Mapping[str, set[str]],
        active: set[str],
    ) -> Changed:
        """Rows and links that differ from what was known."""
        stories = self.story_of({self.reports[n].document for names in final.values() for n in names})
        rows: dict[str, MergedEvent] = {}
        for event, names in final.items():
            reports = [self.reports[n] for n in names]
            known = self.known.get(event)
            founder = known.event.founder if known else self._founder(names)
            row = merged(founder, reports, stories, self._summary(reports))
            if known:
                row = msgspec.structs.replace(row, pledge=known.event.pledge, disputes=known.event.disputes)
            rows[event] = row
        view = {e: [self.reports[n] for n in names] for e, names in final.items()}
        rows = follow(self.scorer, Followed(rows=rows, members=view), self.known, set(deleted))
        links = [
            self._link(name, event, names)
            for event, names in final.items()
            for name in names
            if self.owner.get(name) != event
        ]
        return Changed(
            new=tuple(rows[e] for e in sorted(rows) if e not in self.known),
            updated=tuple(rows[e] for e in sorted(rows) if e in self.known and rows[e] != self.known[e].event),
            deleted=tuple(deleted),
            links=tuple(sorted(links, key=lambda link: link.report)),
        )

    def _link(self, name: str, event: str, names: Sequence[str]) -> Link:
        """Why a report is of its event: its mean score with the others and the reasons of the best match."""
        others = [n for n in names if n != name and n in self.sides]
        if not others or name not in self.sides:
            return Link(report=name, event=event, score=1.0, why=(FIRST,))
        score = mean_score(name, others, self.scores)
        best = max(others, key=lambda n: (self.scores.get(pair(name, n), 0.0), n))
        reasons = self.scorer.why(self.sides[name], self.sides[best])
        return Link(report=name, event=event, score=round(score, 3), why=(f"most like {best}", *reasons))

    def _summary(self, reports: Sequence[ReportRow]) -> tuple[str, ...]:
        kinds = sorted({r.type for r in reports})
        days = sorted({str(r.date_start) for r in reports if r.date_start})
        said = []
        if len(kinds) > 1:
            said.append(f"coded as {', '.join(kinds)}")
        if len(days) > 1:
            said.append(f"dated {', '.join(days[:5])}" + (" ..." if len(days) > 5 else ""))
        return tuple(said)
