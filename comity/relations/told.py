"""Which documents tell of which pairs: how many reports of each two actors a document has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.record.decided.sums import parted

if TYPE_CHECKING:
    from comity.record.store import Store

_TOLD = """
    select document, least(s, t) as low, greatest(s, t) as high, count(*) as number from (
        select id, document, unnest(sources) as s, targets from {rows} where document is not null),
        unnest(targets) as u(t) where s <> t group by all
"""


def told(store: Store) -> str:
    """A table in SQL of document, low and high (codes, low < high) and number.

    There may be several rows of one document and pair, whose numbers belong together (their sum can be 0).
    """
    return parted(store, _TOLD, "document, low, high", ("number",), of="reports")


def documents(store: Store) -> str:
    """A query of the documents that tell of a pair; its two values are low and high."""
    return f"select document from {told(store)} where low = ? and high = ? group by document having sum(number) > 0"
