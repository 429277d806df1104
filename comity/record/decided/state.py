"""Decisions carried out on events: a pure function of what was merged and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from comity.record.decided.nearest import as_report, nearer
from comity.record.decided.records import Anchor, Decision, Subject, undone
from comity.record.decided.sides import anchored
from comity.record.merge.fields import event_id, merged

Row = dict[str, Any]
_COUNTED = ("reports", "outlets", "stories", "documents", "first_seen")
_FILLED = ("date_start", "date_end", "precision", "place_name", "place_country", "place_lat", "place_lon", "count")

_KEPT = frozenset({"id", "founder", "pledge", "disputes", "why", "imported_from", "run"})


class Event:
    """An event under way: its row as merged, its reports, and what was decided of it."""

    def __init__(self, name: str, row: Row, reports: set[str]) -> None:
        self.name = name
        self.row = row
        self.reports = reports
        self.set: dict[str, Any] = {}
        self.notes: list[str] = []
        self.rejected = False
        self.touched = False


class State:
    """Events, their reports, and what decisions made of them.

    ``events`` are rows of the merged events by id, ``reports`` rows of their reports (columns of
    `reports` with ``event``, ``outlet``, ``published`` and ``story``), ``found`` maps the reports that anchors name
    to those of today, ``added`` are rows of the reports that somebody added.
    After `run`: ``renamed`` maps events that are no more to what holds their reports,
    ``about`` each decision to the events that it is about, ``orphaned`` are those without.
    """

    def __init__(
        self, events: Mapping[str, Row], reports: Iterable[Row], found: Mapping[str, str],
        added: Mapping[str, Row] | None = None,
    ) -> None:  # fmt: skip
        self.found = found
        self.added: Mapping[str, Row] = added or {}
        self.reports: dict[str, Row] = {r["id"]: r for r in reports}
        members: dict[str, set[str]] = {}
        for row in self.reports.values():
            members.setdefault(row["event"], set()).add(row["id"])
        self.events = {name: Event(name, dict(row), members.get(name, set())) for name, row in events.items()}
        self.owner: dict[str, str] = {r: e.name for e in self.events.values() for r in e.reports}
        self.renamed: dict[str, str] = {}
        self.about: dict[str, list[str]] = {}
        self.orphaned: set[str] = set()

    def run(self, decisions: Sequence[Decision]) -> None:
        """Carry out decisions, which are in order; undone ones are passed over."""
        gone = undone(decisions)
        for one in decisions:
            if one.kind == "undo" or one.id in gone:
                continue
            targets = self._added(one) if one.kind == "add" else self._targets(one)
            self.about[one.id] = [t.name for t in targets]
            if not targets or (one.kind == "merge" and len(one.change.subjects) > 1 and self._half(one)):
                self.orphaned.add(one.id)
                continue
            for target in targets:
                target.touched = True
            self._carry_out(one, targets)
        for decision, names in self.about.items():
            self.about[decision] = list(dict.fromkeys(self.current(n) for n in names))

    def current(self, name: str) -> str:
        """The event that now holds what this one held."""
        while name in self.renamed:
            name = self.renamed[name]
        return name

    def _targets(self, decision: Decision) -> list[Event]:
        subjects = decision.change.subjects
        if decision.kind == "split":  # the event that holds the reports to be taken out
            taken = Subject(event=decision.event, anchors=decision.change.reports)
            subjects = (taken,) if self._target(taken) else subjects
        events = [e for s in subjects if (e := self._target(s)) is not None]
        if decision.kind == "merge":  # later documents may have drawn the reports of one event into several
            held = {self.owner[r] for s in subjects for r in self._today(s.anchors) if r in self.owner}
            events += [self.events[name] for name in sorted(held)]
        return list({e.name: e for e in events}.values())

    def _added(self, decision: Decision) -> list[Event]:
        """The event that a decision adds: a new one, or the one by which a reader has found it since."""
        added = decision.change.added
        name = self.found.get(added.anchor.report) if added else None
        if added is None or name is None:
            return []
        if name in self.owner:
            return [self.events[self.owner[name]]]
        self.reports[name] = dict(self.added[name])
        row = self._merged(name, {name})
        fields = {k: added.fields[k] for k in ("cameo", "symmetric") if k in added.fields}
        event = Event(str(row["id"]), row | fields | {"confidence": 1.0}, {name})
        self.events[event.name] = event
        self.owner[name] = event.name
        return [event]

    def _target(self, subject: Subject) -> Event | None:
        """The event that holds most of the anchors; of equal ones that of the first anchor."""
        held = [self.owner[r] for r in self._today(subject.anchors) if r in self.owner]
        return self.events[Counter(held).most_common(1)[0][0]] if held else None

    def _today(self, anchors: Iterable[Anchor]) -> list[str]:
        return list(dict.fromkeys(self.found[a.report] for a in anchors if a.report in self.found))

    def _half(self, decision: Decision) -> bool:
        """Whether fewer than two of the events of a merge are there."""
        return sum(self._target(s) is not None for s in decision.change.subjects) < 2

    def _carry_out(self, decision: Decision, targets: Sequence[Event]) -> None:
        first = targets[0]
        if decision.kind == "reject":
            first.rejected = True
        elif decision.kind in ("correct", "confirm"):
            first.rejected = False
            first.set |= decision.change.set
        elif decision.kind == "add" and decision.change.added and not first.reports & self.added.keys():
            first.set |= decision.change.added.fields
        elif decision.kind == "merge":
            for other in targets[1:]:
                self._merge(first, other)
        elif decision.kind == "split":
            self._split(decision, first)
        first.notes.append(note(decision))

    def _merge(self, first: Event, second: Event) -> None:
        """All reports of the second go to the first, which keeps what it says and fills what it does not."""
        first.reports |= second.reports
        first.notes += second.notes
        self.owner |= dict.fromkeys(second.reports, first.name)
        self.renamed[second.name] = first.name
        self.events.pop(second.name)
        fresh = self._merged(first.row["founder"], first.reports)
        told = (first.row["date_start"], first.row["date_end"]) != (None, None)
        for field in _FILLED:
            dated = field in ("date_start", "date_end", "precision")
            if first.row[field] is None or (dated and not told):
                first.row[field] = fresh[field]
        self._recount(first, fresh)

    def _split(self, decision: Decision, whole: Event) -> None:
        """Take reports out of an event; the part with the report that it is named after keeps its id.

        A report that came later goes to the part that it is more like.  Where merging already keeps
        the parts asunder there is nothing to do.
        """
        chosen = self._today(decision.change.reports)
        left = set(self._today(decision.anchors)) - set(chosen)
        out, stay = set(chosen) & whole.reports, left & whole.reports
        if left and not stay:
            self._note_other(decision, left)
            return
        new_one, old_one = min(out, default=None), min(stay, default=None)
        for name in sorted(whole.reports - out - stay):
            if stay and self._later(name, decision) and self._nearer(name, out, stay):
                out = out | {name}
        rest = whole.reports - out
        if not out or not rest:
            return
        founder = new_one or min(out)
        if whole.row["founder"] in out:
            out, rest = rest, out
            founder = old_one or min(out)
        row = self._merged(founder, out)
        name = str(row["id"])
        while name in self.events:
            name = event_id(name)
        self.renamed.pop(name, None)
        self.events[name] = Event(name, row | {"id": name}, out)
        self.events[name].touched = True
        self.events[name].notes.append(note(decision))
        self.owner.update(dict.fromkeys(out, name))
        self.about[decision.id].append(name)
        whole.reports = rest
        founder = whole.row["founder"] if whole.row["founder"] in rest else min(rest)
        fresh = self._merged(founder, rest)
        whole.row = whole.row | {k: v for k, v in fresh.items() if k not in _KEPT}

    def _note_other(self, decision: Decision, left: set[str]) -> None:
        """Tell of a split at the other part, which is an event of its own already."""
        names = [self.owner[r] for r in sorted(left) if r in self.owner]
        if not names:
            return
        other = self.events[Counter(names).most_common(1)[0][0]]
        other.touched = True
        other.notes.append(note(decision))
        self.about[decision.id].append(other.name)

    def _later(self, report: str, decision: Decision) -> bool:
        """Whether a report came into the record after a decision."""
        added = self.reports[report].get("added")
        return added is not None and added > decision.time

    def _nearer(self, report: str, out: Iterable[str], stay: Iterable[str]) -> bool:
        rows = self.reports
        return nearer(rows[report], [rows[r] for r in out], [rows[r] for r in stay])

    def _recount(self, event: Event, fresh: Row) -> None:
        event.row = event.row | {field: fresh[field] for field in (*_COUNTED, "confidence")}

    def _merged(self, founder: str | None, reports: Iterable[str]) -> Row:
        """A row of `events` from reports, as merging makes it."""
        rows = [self.reports[r] for r in sorted(reports)]
        listed = [as_report(r) for r in rows]
        stories: dict[str, str] = {r["document"]: r["story"] for r in rows if r["document"] and r["story"]}
        found = merged(founder or rows[0]["id"], listed, stories, ())
        row = {f: getattr(found, f) for f in found.__struct_fields__}
        best = max(rows, key=lambda r: (r["type"] == found.type, r["confidence"] or 0.0, r["id"]))
        documents = {r["document"] for r in rows if r["document"]}
        return row | {
            "sources": list(found.sources),
            "targets": list(found.targets),
            "disputes": [],
            "why": [],
            "cameo": best["cameo"],
            "confidence": max((r["confidence"] or 0.0 for r in rows), default=0.0),
            "documents": len(documents),
            "stories": len({stories.get(d, d) for d in documents}),
            "imported_from": next((r["imported_from"] for r in rows if r["imported_from"]), None),
            "run": best["run"],
        }


def corrected(row: Row, fields: Mapping[str, Any]) -> Row:
    """A row with corrected fields; those that it does not have are left out."""
    said = dict(fields)
    if said.get("participants") is not None:
        said["participants"] = anchored(said["participants"], row)
    return row | {k: value(k, v) for k, v in said.items() if k in row}


def value(field: str, given: Any) -> Any:
    """A corrected value as the tables hold it: days are dates."""
    return date.fromisoformat(given) if field in ("date_start", "date_end") and isinstance(given, str) else given


def note(decision: Decision) -> str:
    """A decision in a few words."""
    words = {"correct": "corrected", "reject": "rejected", "confirm": "confirmed", "merge": "merged", "split": "split",
             "add": "added"}  # fmt: skip
    changes = ", ".join(f"{k} {shown(v)}" for k, v in decision.change.set.items())
    told = f" to {changes}" if changes and decision.kind == "correct" else ""
    return f"{words[decision.kind]}{told} by {decision.author} on {decision.time:%Y-%m-%d}: {decision.reason}"


def shown(given: Any) -> str:
    """A value for people."""
    if isinstance(given, list | tuple):
        return "+".join(str(v["name"]) if isinstance(v, Mapping) else str(v) for v in given) or "none"
    return "none" if given is None else str(given)
