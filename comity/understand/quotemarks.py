"""Where quotations begin and end: every style of marks, nested, unbalanced, over paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from comity.model import Record, Span

PAIRS = {"“": "”", "«": "»", "„": "“”", "‹": "›", "「": "」", "‟": "”", "〝": "〞", "＂": "＂"}
CLOSERS = frozenset("”»›」〞")
STRAIGHT = '"'
# Marks that may stand between blanks on both sides.
ADRIFT = frozenset("”“\"")
SINGLE_OPEN = frozenset("‘'‚‛`")
SINGLE_CLOSE = frozenset("’'")
OPENERS = frozenset(PAIRS) | {STRAIGHT}
MAX_LENGTH = 4000


STRAY: Final = re.compile(r"(?:that|which|who|whom|whose|where|and|but)\b")
"""Behind a mark that nobody closed they go on with the writer's own sentence: "feared revenges, ”that never came"."""


class Marked(Record, frozen=True):
    """The inside of a quotation; ``closed`` when its closing mark was found, ``opens`` at the paragraph's start."""

    span: Span
    closed: bool
    opens: bool


def find_quotes(text: str) -> list[Span]:
    """The insides of all outermost quotations, in order."""
    return [marked.span for marked in find_marked(text)]


def find_marked(text: str) -> list[Marked]:
    """The insides of all outermost quotations, in order.

    A quotation that is not closed ends with its paragraph; when the next
    paragraph opens with a mark again, it is the same quotation going on.
    """
    found: list[Marked] = []
    start = 0
    for paragraph in text.split("\n"):
        found.extend(_paragraph(text, start, start + len(paragraph)))
        start += len(paragraph) + 1
    return [m for m in found if text[m.span.start : m.span.end].strip()]


def _paragraph(text: str, low: int, high: int) -> Iterator[Marked]:
    i = low
    while i < high:
        char = text[i]
        close = _closing(text, i, low, high)
        if close is None or (close < 0 and STRAY.match(text, i + 1)):
            i += 1
            continue
        end = close if close >= 0 else _broken_off(text, i, high)
        if end > i + 1 and end - i <= MAX_LENGTH:
            span = _trimmed(text, i + _width(text, i, char), end)
            yield Marked(span=span, closed=close >= 0, opens=not text[low:i].strip())
        i = end + 1 if close >= 0 else end


def _broken_off(text: str, i: int, high: int) -> int:
    """Where a quotation without a closing mark stops: before the next opening mark, else with its paragraph."""
    for k in range(i + 2, high):
        if text[k] in OPENERS and _opens(text, k, i, high) and text[k + 1 : k + 2].isupper():
            return k
    return high


def _width(text: str, i: int, char: str) -> int:
    """Two for the typewriter marks `` and '', else one."""
    return 2 if char in "`'" and text[i : i + 2] in {"``", "''"} else 1


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def _closing(text: str, i: int, low: int, high: int) -> int | None:
    """Where the quotation that opens at ``i`` closes; -1 if it does not, None if none opens here."""
    char = text[i]
    if char in ADRIFT and _drifts(text, i, low, high):
        return next((k for k in range(i + 2, high) if text[k] in ADRIFT and _drifts(text, k, low, high)), None)
    if char in PAIRS:
        return _paired(text, i, high, PAIRS[char])
    if char == "”" and _opens(text, i, low, high):
        return _turned(text, i, low, high)
    if char == STRAIGHT and (_opens(text, i, low, high) or _odd_opening(text, i, low, high)):
        return _straight(text, i, high)
    if char == "`" and text[i : i + 2] == "``":
        found = text.find("''", i + 2, high)
        return found if found >= 0 else -1
    if char in SINGLE_OPEN and _opens(text, i, low, high):
        return _single(text, i, high)
    return None


def _opens(text: str, i: int, low: int, high: int) -> bool:
    before = text[i - 1] if i > low else " "
    after = text[i + 1] if i + 1 < high else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-:,.…/>¿¡")


def _drifts(text: str, i: int, low: int, high: int) -> bool:
    """A mark between blanks, as machines that translate leave it (`” The land is ours ”, he shouted`)."""
    before = text[i - 1] if i > low else " "
    after = text[i + 1] if i + 1 < high else " "
    return before.isspace() and (after.isspace() or after in ",.;:!?)")


def _odd_opening(text: str, i: int, low: int, high: int) -> bool:
    """A straight mark glued to a word on its left ('Barcelona"Old friend"') at the start of a paragraph."""
    after = text[i + 1] if i + 1 < high else " "
    return i > low and text[i - 1].isalpha() and after.isupper() and '"' not in text[low:i] and i - low < 40


def _paired(text: str, i: int, high: int, closers: str) -> int:
    depth = 0
    for k in range(i + 1, high):
        char = text[k]
        if (char in closers and char != text[i]) or (char == "“" == text[i] and _closes(text, k, high)):
            if depth == 0:
                return k
            depth -= 1
        elif char == text[i] and char not in closers:
            depth += 1
        elif char == STRAIGHT and text[i] == "“" and depth == 0 and (k + 1 >= high or text[k + 1] in " ,.;:!?)"):
            return k
    return _recover(text, i, high, closers)


def _closes(text: str, k: int, high: int) -> bool:
    """Whether an opening mark stands where only a closing one can: behind a word, before a blank or a stop."""
    return not text[k - 1].isspace() and (k + 1 >= high or text[k + 1] in " ,.;:!?)")


def _turned(text: str, i: int, low: int, high: int) -> int:
    """The end of a quotation that a closing mark opens (”so” or ”so“): the next mark that does not open another."""
    for k in range(i + 2, high):
        if text[k] == "”" or (text[k] == "“" and _closes(text, k, high)):
            return k
        if text[k] == "“" and _opens(text, k, low, high):
            return -1
    return -1


def _recover(text: str, i: int, high: int, closers: str) -> int:
    """Second try when nested opening marks swallowed the end: the first closing mark counts."""
    found = [k for k in range(i + 1, high) if text[k] in closers and text[k] != text[i]]
    return found[0] if found else -1


def _straight(text: str, i: int, high: int) -> int:
    for k in range(i + 1, high):
        if text[k] == STRAIGHT or text[k] == "”":
            opens = text[k - 1].isspace() and text[k + 1 : k + 2].isupper() and k > i + 2
            return -1 if opens and text[k] == STRAIGHT else k
    return -1


def _single(text: str, i: int, high: int) -> int | None:
    """A single-marked quotation needs its closing mark: before a blank or a stop, not inside a word."""
    for k in range(i + 2, min(high, i + 600)):
        if text[k] in SINGLE_CLOSE:
            after = text[k + 1] if k + 1 < high else " "
            if not after.isalnum() and not (text[k - 1] in "sS" and after.isspace() and _closes_later(text, k, high)):
                return k
        elif text[k] in '“”"':
            return None
    return None


def _closes_later(text: str, k: int, high: int) -> bool:
    """After a plural's apostrophe the real closing mark may still come within the sentence."""
    for j in range(k + 1, min(high, k + 200)):
        if text[j] in SINGLE_CLOSE and (j + 1 >= high or not text[j + 1].isalnum()) and text[j - 1] in ",.!?":
            return True
        if text[j] in ".!?‘":
            return False
    return False
