"""Quotation marks: which open, which close, and which is an apostrophe."""

from __future__ import annotations

import re

OPENING = "“„‘‚«‹「『‟‛"
CLOSING = "”’»›」』"
STRAIGHT = "\"'"
_PARTNER = {
    "“": "”“\"", "„": "“”\"", "‟": "”\"", "‘": "’‘'", "‚": "‘’", "‛": "’", "«": "»", "»": "«", "‹": "›",
    "›": "‹", "「": "」", "『": "』", "``": "''", '"': '"”', "'": "'’", "”": "”“",
}  # fmt: skip
_MARK = re.compile(r"``|''|[“”„‟‘’‚‛«»‹›「」『』\"']")

Pair = tuple[int, int]


def pairs(text: str, start: int, end: int) -> tuple[list[Pair], list[int]]:
    """Quotations of one paragraph (places of both marks), and the marks left over.

    A mark counts as opening or closing by its form and by what it touches; an
    apostrophe is no mark.  Quotations inside quotations come as pairs of their own.
    """
    found: list[Pair] = []
    stack: list[tuple[int, str]] = []
    loose: list[int] = []
    for match in _MARK.finditer(text, start, end):
        at, mark = match.start(), match.group()
        side = _side(text, at, match.end(), start, end, mark)
        if side == "apostrophe":
            continue
        depth = _partner(stack, mark) if side != "open" else None
        if depth is not None:
            loose += [place for place, _ in stack[depth + 1 :]]
            found.append((stack[depth][0], at))
            del stack[depth:]
        elif side == "close":
            if mark not in "'’":
                loose.append(at)
        else:
            stack.append((at, mark))
            if len(stack) > 8:
                loose.append(stack.pop(0)[0])
    loose += [place for place, _ in stack]
    return sorted(found), sorted(loose)


def _partner(stack: list[tuple[int, str]], mark: str) -> int | None:
    for depth in range(len(stack) - 1, -1, -1):
        if mark in _PARTNER.get(stack[depth][1], ""):
            return depth
    return None


def _side(text: str, at: int, stop: int, start: int, end: int, mark: str) -> str:
    """Whether the mark opens, closes, may do either, or is an apostrophe."""
    before = text[at - 1] if at > start else " "
    after = text[stop] if stop < end else " "
    if mark in "'’‘" and before.isalnum() and after.isalnum():
        return "apostrophe"
    if mark == "'" or (mark == "’" and before.isspace()):
        return _single(before, after)
    if mark in ("„", "‚", "‟", "‛", "「", "『", "``"):
        return "open"
    if mark in ("“", "‘", "«", "‹"):
        return "open" if after.isalnum() or before.isspace() or not after.isspace() else "either"
    if mark in ("”", "’", "»", "›", "」", "』", "''"):
        lost = mark == "”" and before.isspace() and after.isalnum()
        return "either" if lost or (mark in "»›" and before.isspace()) else "close"
    if (before.isspace() or before in "([—–-") and not after.isspace():
        return "open" if not before.isalnum() else "either"
    return "close" if not before.isspace() and not after.isalnum() else "either"


def _single(before: str, after: str) -> str:
    if (before.isspace() or before in '([—–"“') and after.isalpha():
        return "open"
    return "close" if not before.isspace() and not after.isalnum() else "apostrophe"
