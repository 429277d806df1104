"""The strings under which reports are found: opaque to a store, equal where two may be one event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from comity.record.merge.akin import stands_for_others
from comity.record.merge.records import ReportRow

COMPATIBLE: dict[str, frozenset[str]] = {
    # Types that careful readers and the reader itself take for one another: measured, not exhaustive.
    "AGREE": frozenset({"AGREE", "SUPPORT", "COOPERATE", "CONCEDE", "CONSULT"}),
    "CONSULT": frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AGREE"}),
    "SUPPORT": frozenset({"SUPPORT", "AGREE", "COOPERATE", "CONSULT", "AID"}),
    "CONCEDE": frozenset({"CONCEDE", "RETREAT", "AGREE"}),
    "COOPERATE": frozenset({"COOPERATE", "AGREE", "SUPPORT", "AID", "CONSULT"}),
    "AID": frozenset({"AID", "COOPERATE", "SUPPORT"}),
    "RETREAT": frozenset({"RETREAT", "CONCEDE"}),
    "REQUEST": frozenset({"REQUEST", "ACCUSE", "THREATEN"}),
    "ACCUSE": frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN", "PROTEST"}),
    "REJECT": frozenset({"REJECT", "ACCUSE", "SANCTION"}),
    "THREATEN": frozenset({"THREATEN", "ACCUSE", "REQUEST", "MOBILIZE"}),
    "PROTEST": frozenset({"PROTEST", "ACCUSE"}),
    "SANCTION": frozenset({"SANCTION", "REJECT", "COERCE"}),
    "MOBILIZE": frozenset({"MOBILIZE", "COERCE", "ASSAULT", "THREATEN"}),
    "COERCE": frozenset({"COERCE", "SANCTION", "ASSAULT", "MOBILIZE"}),
    "ASSAULT": frozenset({"ASSAULT", "COERCE", "MOBILIZE"}),
}
DAY = timedelta(days=1)


def compatible(first: str, second: str) -> bool:
    """Whether two types may name one act."""
    return first == second or second in COMPATIBLE.get(first, frozenset())


def keys_of(report: ReportRow) -> tuple[str, ...]:
    """The keys to keep beside a report: its type with each pair of actors in either order, and,
    where the day is told, its type with each single actor on that day, marked where the report is `loose`."""
    found = {*_pairs(report, report.type), *_singles(report, report.type, 0)}
    if loose(report):
        found.update(_marked(_singles(report, report.type, 0)))
    return tuple(sorted(found))


def lookup_keys(report: ReportRow) -> tuple[str, ...]:
    """The keys under which reports that may be of the same event are kept.

    Of two reports of which each names two sides outright, both must name the same; so such a report looks for single
    actors among the loose ones alone.  All reports of a great power on one day are many in a large record.
    """
    found: set[str] = set()
    wide = loose(report)
    for kind in {report.type, *COMPATIBLE.get(report.type, ())}:
        found.update(_pairs(report, kind))
        singles = _singles(report, kind, 1)
        found.update(singles if wide else _marked(singles))
    return tuple(sorted(found))


def loose(report: ReportRow) -> bool:
    """Whether another report of the same event may name another side: only one actor is named here, or one is an
    alliance, a group or a state that is no more, or the act is told of a third country."""
    actors = {*report.sources, *report.targets}
    if len(actors) < 2 or any(map(stands_for_others, actors)):
        return True
    return report.place_country is not None and report.place_country not in actors


def _marked(keys: Iterable[str]) -> Iterator[str]:
    return (key + "~" for key in keys)


def _pairs(report: ReportRow, kind: str) -> Iterator[str]:
    sides = [(a, b) for a in report.sources or ("",) for b in report.targets or ("",)]
    for first, second in sides:
        low, high = sorted((first, second))
        yield f"{kind}:{low}|{high}"
    everybody = sorted({*report.sources, *report.targets})
    if report.symmetric and 2 < len(everybody) <= 12:
        for at, low in enumerate(everybody):
            for high in everybody[at + 1 :]:
                yield f"{kind}:{low}|{high}"


def _singles(report: ReportRow, kind: str, around: int) -> Iterator[str]:
    # a report without a date of its own carries that of its publication, with unknown precision
    if report.precision not in ("day", "unknown") or report.date_start is None:
        return
    for shift in range(-around, around + 1):
        day = _day(report.date_start, shift)
        for code in {*report.sources, *report.targets}:
            yield f"{kind}/{code}@{day.isoformat()}"


def _day(start: date, shift: int) -> date:
    try:
        return start + shift * DAY
    except OverflowError:
        return start
