"""Full-text search: sentences of events, quotations, titles."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import Field

from comity.record.query import terms
from comity.record.store import Store
from comity.web.asked import EventFilter, EventList, Offsets, Paged, Text
from comity.web.cards import cards_of, naming, quotation
from comity.web.cursors import offset, packed
from comity.web.events import conditions, feed
from comity.web.offsets import Units
from comity.web.render import Answer

COLUMNS = (
    "event", "report", "document", "title", "source", "published", "status", "date_start", "date_end", "sources",
    "targets", "type", "confidence", "evidence", "score",
)  # fmt: skip


class SearchAsked(EventFilter, Paged):
    """What is searched for, and where."""

    q: Annotated[Text, Field(description='Words that all stand in one sentence; "a phrase", begin*.')] = ""
    within: Annotated[Literal["events", "quotations"], Field(alias="in")] = "events"
    offsets: Offsets = "characters"


def search(store: Store, asked: SearchAsked, most: int) -> Answer:
    """Sentences that have all the words, the densest first."""
    if asked.format == "atom":
        said = asked.model_dump(include=set(EventFilter.model_fields) - {"format"}, exclude_unset=True)
        return feed(store, EventList(**said))
    if asked.within == "quotations":
        return in_quotations(store, asked, most)
    wanted = terms(asked.q)
    where, values = conditions(store, asked.model_copy(update={"q": None}))
    has = " and ".join("contains(r.words, ?)" for _ in wanted) or "false"
    hits = " + ".join("(length(r.words) - length(replace(r.words, ?, ''))) / length(?)" for _ in wanted) or "0"
    at, limit = offset(asked.cursor), limit_of(asked, most)
    sql = (
        "select l.event, r.id as report, r.document, r.type, r.status, r.sources, r.targets, r.date_start, r.date_end, "
        f"r.confidence, r.evidence, ({hits}) / length(r.words) as score, coalesce(d.title, d.name) as title, d.source, "
        "d.published from reports r join report_events l on l.report = r.id left join documents d on d.id = r.document "
        f"where {has} and l.event in (select id from events where {where}) "
        f"order by score desc, r.date_start desc nulls last, r.id limit {limit + 1} offset {at}"
    )
    rows = store.query(sql, [v for t in wanted for v in (t, t)] + wanted + values).to_pylist()
    following = packed(at + limit) if len(rows) > limit else None
    rows = rows[:limit]
    if asked.format in ("csv", "parquet"):
        return Answer(rows=rows, columns=COLUMNS, more=following)
    items = hits_of(store, rows, asked)
    body = {"items": items, "next": following, "total": None, "names": naming(store.names, items)}
    if not items:
        body["words"] = [{"word": w, "hits": number(store, w)} for w in dict.fromkeys(asked.q.split()[:20])]
    return Answer(body=body, rows=rows, columns=COLUMNS)


def limit_of(asked: Paged, most: int) -> int:
    """Rows of a page or of a table."""
    json = asked.format not in ("csv", "parquet")
    return min(asked.limit or (50 if json else most), 500 if json else most)


def hits_of(store: Store, rows: list[dict[str, Any]], asked: SearchAsked) -> list[dict[str, Any]]:
    """Hits with their events."""
    ids = list(dict.fromkeys(r["event"] for r in rows))
    cards = cards_of(store, ids)
    kept = ("report", "document", "evidence", "score", "title", "source", "published")
    return [
        {f: r[f] for f in kept}
        | {"event": cards.get(r["event"]), "marks": found_in(r["evidence"] or "", asked.q, asked.offsets)}
        for r in rows
    ]


def number(store: Store, word: str) -> int:
    """Sentences that have a word."""
    wanted = terms(word)
    has = " and ".join("contains(words, ?)" for _ in wanted) or "false"
    return int(store.query(f"select count(*) from reports where {has}", wanted).column(0)[0].as_py())


def found_in(text: str, query: str, unit: str) -> list[dict[str, Any]]:
    """Where the words of a search stand in a text."""
    units, plain = Units(text, unit), [folded(c) for c in text]
    line, at = "".join(plain), [n for n, c in enumerate(plain) for _ in c]
    found = []
    for term in terms(query):
        words = [re.escape(w) for w in term.split()]
        if not words:
            continue
        close = "" if not term.endswith(" ") else r"(?!\w)"
        for match in re.finditer(r"(?<!\w)" + r"[\W_]+".join(words) + close, line):
            found.append(units.span(at[match.start()], at[match.end() - 1] + 1))
    return sorted(found, key=lambda m: (m["start"], m["end"]))


def folded(character: str) -> str:
    """A character in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", character.lower()) if not unicodedata.combining(c))


def in_quotations(store: Store, asked: SearchAsked, most: int) -> Answer:
    """Quotations that have all the words."""
    wanted = terms(asked.q)
    has = " and ".join("contains(q.words, ?)" for _ in wanted) or "false"
    at, limit = offset(asked.cursor), limit_of(asked, most)
    sql = (
        "select q.* exclude (words), coalesce(d.title, d.name) as title, d.source, d.published from quotations q "
        f"left join documents d on d.id = q.document where {has} order by d.published desc nulls last, q.id "
        f"limit {limit + 1} offset {at}"
    )
    rows = store.query(sql, wanted).to_pylist()
    following = packed(at + limit) if len(rows) > limit else None
    items = [
        {"quotation": quotation(r), "marks": found_in(r["text"] or "", asked.q, asked.offsets)} for r in rows[:limit]
    ]
    body = {"items": items, "next": following, "total": None, "names": naming(store.names, items)}
    columns = ("id", "text", "kind", "speaker_name", "speaker_state", "document", "title", "source", "published")
    return Answer(body=body, rows=rows[:limit], columns=columns, more=following)
