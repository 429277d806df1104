"""Which documents tell the same story: exact and near copies, excerpts, and the same told in other words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comity.record.merge.records import StoryRow
from comity.record.merge.signature import likeness
from comity.record.wording import many

NEAR = 0.5
"""Jaccard likeness from which two texts are versions of one."""
CONTAINED = 0.6
"""Share of the shorter text that must lie in the longer one, for excerpts and for updates that grow."""
LEAST_NEAR = 0.12
LEAST_SHINGLES = 20
DAYS = 45
SAME_DAYS = 3
"""Days between two tellings of one story in other words."""


def same_story(first: StoryRow, second: StoryRow) -> str | None:
    """Why two documents are of one story, in words, or None."""
    apart = _days(first, second)
    if first.content == second.content:
        return "same text"
    if apart is not None and apart > DAYS:
        return None
    jaccard, contained = likeness(first, second)
    if jaccard >= NEAR:
        return f"{jaccard:.0%} of the wording in common"
    if contained >= CONTAINED and jaccard >= LEAST_NEAR and min(first.shingles, second.shingles) >= LEAST_SHINGLES:
        return f"{contained:.0%} of the shorter text stands in the longer one"
    return _retold(first, second, apart)


def _retold(first: StoryRow, second: StoryRow, apart: int | None) -> str | None:
    """Weaker evidence: the same quotations, acts and names within a few days."""
    if apart is None or apart > SAME_DAYS:
        return None
    names = _share(first.entities, second.entities)
    quotations = len(set(first.quotations) & set(second.quotations))
    acts, told = _share(first.acts, second.acts), len(set(first.acts) & set(second.acts))
    if quotations >= 2 or (quotations == 1 and names >= 0.3):
        return f"{many(quotations, 'quotation')} and {names:.0%} of the names in common"
    if told >= 2 and acts >= 0.5 and names >= 0.4:
        return f"{told} acts and {names:.0%} of the names in common"
    return None


def _share(first: Sequence[int], second: Sequence[int]) -> float:
    """Overlap of two sets over the larger one."""
    a, b = set(first), set(second)
    return len(a & b) / max(len(a), len(b)) if a and b else 0.0


def _days(first: StoryRow, second: StoryRow) -> int | None:
    if first.published is None or second.published is None:
        return None
    return abs((first.published - second.published).days)


def united(names: Iterable[str], like: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each story is called once those that are like are one.

    A story is named after the smallest id of its documents, so that the order of adding does not matter: of several
    that become one the smallest name stays.
    """
    parent: dict[str, str] = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for a, b in like:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {name: root(name) for name in parent}
