"""Scores of whole articles against gold records, as dyads.

A gold event with sources {A, B} and target {C} is the two dyads A->C and B->C.
It is found when a prediction has the same actors (either order where the gold
says ``symmetric``) and one of its types; status, date, speaker and count are
judged on found dyads, and ``strict`` asks for all of them.  Precision is over
predicted dyads of two different actors.  ``docs/gold.md`` has the format.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from comity.model import Record

Pair = tuple[str | None, str | None]
Row = Mapping[str, Any]
ASPECTS = ("status", "date", "speaker", "count")


class ArticleScore(Record, frozen=True):
    """Counts of one or several articles; add them with `total`."""

    counts: Mapping[str, int]
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    violated: tuple[str, ...] = ()
    confusion: Mapping[str, int] = {}


def score_article(gold: Row, predicted: Row) -> ArticleScore:
    """Compare one gold record with one document object (see `comity.contract`)."""
    counts: Counter[str] = Counter()
    confusion: Counter[str] = Counter()
    flat = [(e, p) for e in predicted.get("events", ()) for p in dyads(e)]
    missed = _recall(gold, flat, counts, confusion)
    wrong = _precision(gold, flat, counts)
    violated = _violations(gold, flat, counts)
    missed += _quotes(gold, predicted, counts)
    return ArticleScore(
        counts=dict(counts),
        missed=tuple(missed),
        wrong=tuple(wrong),
        violated=tuple(violated),
        confusion=dict(confusion),
    )


def total(scores: Sequence[ArticleScore]) -> dict[str, float]:
    """The summary figures over several articles."""
    counts: Counter[str] = Counter()
    for score in scores:
        counts.update(score.counts)

    def ratio(a: str, b: str) -> float:
        return round(counts[a] / counts[b], 3) if counts[b] else 0.0

    precision, recall = ratio("right", "predicted"), ratio("found", "must")
    found = {f"{a}_accuracy": ratio(f"{a}_right", f"{a}_judged") for a in ASPECTS}
    return {
        "articles": len(scores),
        "recall": recall,
        "strict_recall": ratio("strict", "must"),
        "precision": precision,
        "f1": round(2 * precision * recall / (precision + recall), 3) if precision + recall else 0.0,
        **found,
        "never_violations": counts["never"],
        "quote_recall": ratio("quotes_found", "quotes"),
        "quote_precision": ratio("quotes_right", "quotes_predicted"),
    }


def interval(scores: Sequence[ArticleScore], name: str, draws: int = 1000) -> tuple[float, float]:
    """The 95 % interval of one figure by the bootstrap over articles (percentiles of ``draws`` resamples, seeded)."""
    rng = random.Random(len(scores))
    found = sorted(total(rng.choices(scores, k=len(scores)))[name] for _ in range(draws))
    return found[int(draws * 0.025)], found[int(draws * 0.975) - 1]


def dyads(event: Row) -> Iterator[Pair]:
    """Ordered pairs of an event's sources and targets, without an actor against itself."""
    for source in event.get("sources") or [None]:
        for target in event.get("targets") or [None]:
            if source is None or source != target:
                yield source, target


def gold_pairs(row: Row) -> list[Pair]:
    """The dyads a gold row asks for; a symmetric row lists each unordered pair once."""
    if not row.get("symmetric"):
        return list(dyads(row))
    if row.get("bipartite"):
        found = [tuple(sorted((s, t))) for s in row["sources"] for t in row["targets"] if s != t]
        return [(a, b) for a, b in found]
    members = sorted({*row["sources"], *row["targets"]})
    return [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]


def same_actors(row: Row, wanted: Pair, pair: Pair) -> bool:
    """Whether a predicted dyad has the actors of a gold one."""
    if row.get("any_source"):
        return pair[1] == wanted[1]
    if row.get("any_target"):
        return pair[0] == wanted[0]
    if row.get("symmetric"):
        return None not in pair and tuple(sorted(str(p) for p in pair)) == wanted
    return pair == wanted


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def date_fits(row: Row, event: Row) -> bool:
    """Whether the event's days lie inside the gold interval."""
    low, high = (_day(v) for v in row["date"])
    when = event.get("date") or {}
    start, end = _day(when.get("start")), _day(when.get("end"))
    start, end = start or end, end or start
    if start is None or end is None or low is None or high is None:
        return False
    return low <= start and end <= high


def name_fits(wanted: Sequence[str], speaker: Row | None) -> bool:
    """Whether a speaker has one of the accepted names or codes."""
    if not speaker:
        return False
    said = {str(speaker.get("name") or "").lower(), str(speaker.get("state") or "").lower()}
    return any(w.lower() in said or any(w.lower() in s for s in said if len(s) > 3) for w in wanted)


def _judge(row: Row, event: Row) -> dict[str, bool]:
    verdict = {}
    if "status" in row:
        verdict["status"] = event.get("status") in row["status"]
    if "date" in row:
        verdict["date"] = date_fits(row, event)
    if "speaker" in row:
        verdict["speaker"] = name_fits(row["speaker"], event.get("speaker"))
    if "count" in row:
        verdict["count"] = event.get("count") == row["count"]
    return verdict


Flat = Sequence[tuple[Row, Pair]]


def _recall(gold: Row, flat: Flat, counts: Counter[str], confusion: Counter[str]) -> list[str]:
    missed = []
    for row in gold["events"]:
        if row["need"] != "must":
            continue
        for wanted in gold_pairs(row):
            counts["must"] += 1
            label = f"{row['id']} {'/'.join(row['types'])} {wanted}"
            matches = [
                (_judge(row, e), e) for e, p in flat if e.get("type") in row["types"] and same_actors(row, wanted, p)
            ]
            if not matches:
                others = sorted({str(e.get("type")) for e, p in flat if same_actors(row, wanted, p)})
                missed.append(label + (f" (pair found as {', '.join(others)})" if others else ""))
                continue
            counts["found"] += 1
            best, event = max(matches, key=lambda m: sum(m[0].values()))
            for aspect, right in best.items():
                counts[f"{aspect}_judged"] += 1
                counts[f"{aspect}_right"] += right
            if "status" in row:
                confusion[f"{row['status'][0]} > {event.get('status')}"] += 1
            if all(best.values()):
                counts["strict"] += 1
            else:
                bad = [a for a, right in best.items() if not right]
                shown = {a: event.get(a) for a in bad}
                missed.append(f"{label} found, but wrong: {shown}")
    return missed


def _precision(gold: Row, flat: Flat, counts: Counter[str]) -> list[str]:
    wrong = []
    for event, pair in flat:
        if None in pair:
            continue
        counts["predicted"] += 1
        if any(agrees(row, event, pair) for row in gold["events"]):
            counts["right"] += 1
        else:
            text = " ".join(((event.get("evidence") or {}).get("text") or "").split())
            word = (event.get("anchor") or {}).get("text", "")
            wrong.append(f"{event.get('type')} {pair} {event.get('status')} at '{word}': {text[:140]}")
    return wrong


def agrees(row: Row, event: Row, pair: Pair) -> bool:
    """Whether a gold row has this dyad of an event, with its type and a status that it allows."""
    return (
        event.get("type") in row["types"]
        and event.get("status") in row.get("status", [event.get("status")])
        and any(same_actors(row, wanted, pair) for wanted in gold_pairs(row))
    )


def _violations(gold: Row, flat: Flat, counts: Counter[str]) -> list[str]:
    violated = []
    for row in gold.get("never", ()):
        for event, pair in flat:
            if agrees(row, event, pair) and ("date" not in row or date_fits(row, event)):
                counts["never"] += 1
                violated.append(f"{row['why']}: {event.get('type')} {pair} {event.get('status')}")
                break
    return violated


def _squeeze(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _quotes(gold: Row, predicted: Row, counts: Counter[str]) -> list[str]:
    missed = []
    quotes = [q for q in predicted.get("quotes", ()) if q.get("kind", "direct") == "direct"]
    counts["quotes_predicted"] += len(quotes)
    right: set[int] = set()
    for row in gold.get("quotes", ()):
        need = row.get("need", "must") == "must"
        wanted = _squeeze(row["text"])
        hits = [
            i
            for i, q in enumerate(quotes)
            if _squeeze(q["text"]) and (_squeeze(q["text"]) in wanted or wanted in _squeeze(q["text"]))
        ]
        good = {i for i in hits if name_fits(row["speaker"], quotes[i].get("speaker"))}
        right |= good
        counts["quotes"] += need
        counts["quotes_found"] += need and bool(good)
        if need and not good:
            got = [(quotes[i].get("speaker") or {}).get("name") for i in hits]
            missed.append(f"quote of {row['speaker'][0]}: {row['text'][:60]}" + (f" (given to {got})" if got else ""))
    counts["quotes_right"] += len(right)
    return missed
