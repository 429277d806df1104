"""Lists of quotations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from comity.record.query import period, terms
from comity.record.store import Store
from comity.relations.told import documents as telling
from comity.web.asked import Paged, Text
from comity.web.cards import naming, quotation
from comity.web.cursors import offset, packed
from comity.web.render import Answer

COLUMNS = (
    "id", "text", "kind", "speaker_name", "speaker_state", "addressee_name", "addressee_state", "cue", "document",
    "title", "source", "published", "start", "end",
)  # fmt: skip
QUOTED = (
    "select q.* exclude (words), coalesce(d.title, d.name) as title, d.source, d.published from quotations q "
    "left join documents d on d.id = q.document"
)


class QuotationList(Paged):
    """Which quotations."""

    pair: Annotated[Text | None, Field(description="Said by one of two actors in documents that tell of both.")] = None
    actor: Annotated[Text | None, Field(description="Said for this actor.")] = None
    speaker: Annotated[Text | None, Field(description="The name of the speaker.")] = None
    q: Annotated[Text | None, Field(description='Words; "a phrase", begin*.')] = None
    kind: Literal["direct", "indirect"] | None = None
    since: Annotated[Text | None, Field(description="First day of publication.")] = None
    until: Annotated[Text | None, Field(description="Last day of publication.")] = None


def quotations(store: Store, asked: QuotationList, most: int) -> Answer:
    """A page of quotations, newest first."""
    where, values = conditions(store, asked)
    at = offset(asked.cursor)
    json = asked.format == "json"
    limit = min(asked.limit or (50 if json else most), 500 if json else most)
    sql = f"{QUOTED} where {where} order by d.published desc nulls last, q.id limit {limit + 1} offset {at}"
    rows = store.query(sql, values).to_pylist()
    following = packed(at + limit) if len(rows) > limit else None
    items = [quotation(r) for r in rows[:limit]]
    total = None
    if asked.cursor is None:
        counted = f"select count(*) from quotations q left join documents d on d.id = q.document where {where}"
        total = store.query(counted, values).column(0)[0].as_py()
    body = {"items": items, "next": following, "total": total, "names": naming(store.names, items)}
    return Answer(body=body, rows=rows[:limit], columns=COLUMNS, more=following)


def conditions(store: Store, asked: QuotationList) -> tuple[str, list[Any]]:
    """The condition and its values.  Raises `UnknownName`, `BadUsage`."""
    since, until = period(asked.since, asked.until)
    parts: list[str] = ["true"]
    values: list[Any] = []
    if asked.pair is not None:
        a, b = store.names.pair(asked.pair)
        parts.append(f"q.speaker_state in (?, ?) and q.document in ({telling(store)})")
        values += [a, b, *sorted((a, b))]
    if asked.actor is not None:
        parts.append("q.speaker_state = ?")
        values.append(store.names.actor(asked.actor))
    for condition, value in (
        ("q.speaker_name = ?", asked.speaker),
        ("q.kind = ?", asked.kind),
        ("d.published >= ?", since),
        ("d.published <= ?", until),
    ):
        if value is not None:
            parts.append(condition)
            values.append(value)
    if asked.q is not None:
        wanted = terms(asked.q)
        parts.append(" and ".join("contains(q.words, ?)" for _ in wanted) or "false")
        values += wanted
    return " and ".join(parts), values


def said(store: Store, a: str, b: str, limit: int) -> list[dict[str, Any]]:
    """What each of two actors said in documents that tell of both: to the other first, direct first, newest first."""
    sql = (
        f"{QUOTED} where q.speaker_state in (?, ?) and q.document in ({telling(store)}) "
        "order by coalesce(q.addressee_state in (?, ?), false) desc, q.kind = 'direct' desc, "
        f"d.published desc nulls last, q.id limit {limit}"
    )
    return [quotation(r) for r in store.rows(sql, [a, b, *sorted((a, b)), a, b])]


def said_by(store: Store, column: str, value: str, limit: int) -> list[dict[str, Any]]:
    """What somebody said, newest first; ``column`` is ``speaker_state`` or ``speaker_name``."""
    order = "q.kind = 'direct' desc, d.published desc nulls last, q.id"
    sql = f"{QUOTED} where q.{column} = ? order by {order} limit {limit}"
    return [quotation(r) for r in store.rows(sql, [value])]
