"""From the bytes of the input to the stored text, with a map back.

`decode` finds the encoding; `clean` mends what web text suffers from (mojibake,
soft hyphens, words cut at line ends, invisible and direction marks, entities,
odd spaces and line ends, letters taken apart) and keeps quotation marks as they are.  Each change
is an edit of a short range, so that every range of the stored text leads back
to bytes of the input.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from comity.language.charset import Decoded, decode
from comity.language.hyphens import cuts
from comity.model import Record, Run

__all__ = ["Cleaned", "Decoded", "clean", "decode", "to_bytes"]

_LINE = re.compile(r"[^\r\n\u2028\u2029\x85]+")
_ODD = re.compile(
    r"\r\n?|[\u2028\u2029\x0b\x0c]"
    r"|\u00ad(?:\r?\n)?|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u180e\ufff9-\ufffb]"
    r"|[\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
    r"|[\u00a0\u2000-\u200a\u202f\u205f\u2800\u3000]"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x9f]|[\ud800-\udfff]"
    r"|&(?:[a-zA-Z]{2,8}|\#\d{2,6}|\#[xX][0-9a-fA-F]{2,5});"
)
_TRAIL = r"[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(rf"[\u00c2-\u00f4]{_TRAIL}|[\u00c2\u00c3] |â€|‚Ä|√[©°±†®∂º]|Ã|Â|ï¿½")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WIDTHS_UTF8 = re.compile(
    r"(?P<one>[\x00-\x7f]+|[\udc80-\udcff]+)|(?P<two>[\x80-\u07ff]+)"
    r"|(?P<three>[\u0800-\ud7ff\ue000-\uffff]+)|(?P<four>[\U00010000-\U0010ffff]+)"
)
_WIDTH = {"one": 1, "two": 2, "three": 3, "four": 4}
_LONGEST_ALIGNED = 4_000


class Cleaned(Record, frozen=True):
    """The stored text, and where each part of it came from."""

    text: str
    runs: tuple[Run, ...]


class _Edit(NamedTuple):
    """``raw[start:end]`` becomes ``text``."""

    start: int
    end: int
    text: str


def clean(raw: str, *, encoding: str = "utf-8", offset: int = 0, entities: bool = True) -> Cleaned:
    """Mend decoded text.  ``encoding`` and ``offset`` (the length of a byte order mark) make the map.

    ``entities`` resolves ``&amp;`` and its like: wanted in text, not in the source of a page.
    """
    builder = _Builder(raw, encoding, offset)
    at = 0
    for edit in _with_cuts(raw, _edits(raw)) if entities else _edits(raw):
        if not entities and raw[edit.start] == "&":
            continue
        builder.keep(at, edit.start)
        builder.change(edit)
        at = edit.end
    builder.keep(at, len(raw))
    return Cleaned(text="".join(builder.parts), runs=tuple(builder.runs))


def to_bytes(runs: Sequence[Run], start: int, end: int) -> tuple[int, int]:
    """Bytes of the input that ``text[start:end]`` came from: the smallest range that covers them.

    Characters without a source (best-effort maps of HTML) lend from their
    neighbours inside the range; where there are none the range is empty.
    """
    if not runs:
        return 0, 0
    low = max(0, bisect_right(runs, start, key=lambda run: run.at) - 1)
    if runs[low].at + runs[low].length <= start and low + 1 < len(runs):
        low += 1
    first = runs[low]
    if start >= first.at + first.length:
        return first.raw_end, first.raw_end
    if end <= start or end <= first.at:
        place = _place(first, max(start, first.at), last=False)
        return place, place
    high = bisect_right(runs, end - 1, key=lambda run: run.at) - 1
    final = runs[max(low, high)]
    begin = _place(first, max(start, first.at), last=False)
    return begin, max(begin, _place(final, min(end, final.at + final.length), last=True))


def _place(run: Run, at: int, *, last: bool) -> int:
    """Byte at which character ``at`` of the text begins; of the whole run where it cannot be told."""
    width = run.raw_end - run.raw
    if width % run.length:
        return run.raw_end if last else run.raw
    return run.raw + (at - run.at) * (width // run.length)


class _Builder:
    """Collects the pieces of the text and the runs, one after the other."""

    def __init__(self, raw: str, encoding: str, offset: int) -> None:
        self.raw = raw
        self.encoding = codecs.lookup(encoding).name
        self.parts: list[str] = []
        self.runs: list[Run] = []
        self.at = 0
        self.byte = offset
        self.width = 0

    def keep(self, start: int, end: int) -> None:
        """Take over ``raw[start:end]`` unchanged."""
        if start >= end:
            return
        self.parts.append(self.raw[start:end])
        for length, width in _widths(self.raw, start, end, self.encoding):
            self._run(length, length * width, width)

    def change(self, edit: _Edit) -> None:
        """Each character of the replacement comes from the whole of what it replaces."""
        size = sum(n * width for n, width in _widths(self.raw, edit.start, edit.end, self.encoding))
        if edit.text:
            self.parts.append(edit.text)
        for _ in edit.text:
            self.runs.append(Run(at=self.at, length=1, raw=self.byte, raw_end=self.byte + size))
            self.at += 1
        self.width = 0
        self.byte += size

    def _run(self, length: int, size: int, width: int) -> None:
        last = self.runs[-1] if self.runs else None
        if last is not None and width == self.width and last.raw_end == self.byte:
            self.runs[-1] = Run(
                at=last.at, length=last.length + length, raw=last.raw, raw_end=self.byte + size
            )
        else:
            self.runs.append(Run(at=self.at, length=length, raw=self.byte, raw_end=self.byte + size))
        self.width = width
        self.at += length
        self.byte += size


def _widths(raw: str, start: int, end: int, encoding: str) -> Iterator[tuple[int, int]]:
    """Stretches of ``raw[start:end]`` as (characters, bytes of each)."""
    if encoding in ("utf-8", "utf-8-sig"):
        for match in _WIDTHS_UTF8.finditer(raw, start, end):
            yield match.end() - match.start(), _WIDTH[match.lastgroup or "one"]
    elif encoding.startswith("utf-32"):
        yield end - start, 4
    elif encoding.startswith("utf-16"):
        for char in raw[start:end]:
            yield 1, 4 if ord(char) > 0xFFFF else 2
    elif _is_single_byte(encoding):
        yield end - start, 1
    else:
        for char in raw[start:end]:
            yield 1, len(char.encode(encoding, "replace"))


@cache
def _is_single_byte(encoding: str) -> bool:
    try:
        return len(bytes(range(0xA1, 0x100)).decode(encoding, "replace")) == 0x100 - 0xA1
    except (LookupError, UnicodeError):
        return False


def _edits(raw: str) -> Iterator[_Edit]:
    """All changes in order: lines that are broken as a whole, single characters in the others."""
    at = 0
    if not raw.isascii():
        for start, end in _broken_lines(raw):
            yield from _character_edits(raw, at, start)
            yield from _line_edits(raw, start, end)
            at = end
    yield from _character_edits(raw, at, len(raw))


def _with_cuts(raw: str, edits: Iterator[_Edit]) -> Iterator[_Edit]:
    """The edits and those that put together what a line end cut; the line ends after the word instead."""
    mended: list[_Edit] = []
    for cut in cuts(raw):
        mended.append(_Edit(cut.start, cut.end, cut.text))
        if cut.after is not None:
            mended.append(_Edit(cut.after, cut.after + 1, "\n"))
    if not mended:
        yield from edits
        return
    end = 0
    for edit in sorted([*edits, *mended], key=lambda e: (e.start, -e.end)):
        if edit.start >= end:  # a line end of two characters lies within that of a cut word
            yield edit
            end = edit.end


def _broken_lines(raw: str) -> Iterator[tuple[int, int]]:
    normal = unicodedata.is_normalized("NFC", raw)
    if normal and not _MOJIBAKE.search(raw):
        return
    for match in _LINE.finditer(raw):
        line = match.group()
        if not line.isascii() and (_MOJIBAKE.search(line) or not unicodedata.is_normalized("NFC", line)):
            yield match.span()


def _character_edits(raw: str, start: int, end: int) -> Iterator[_Edit]:
    for match in _ODD.finditer(raw, start, end):
        replacement = _mended(match.group())
        if replacement != match.group():
            yield _Edit(match.start(), match.end(), replacement)


def _mended(odd: str) -> str:
    """What stands for an odd character: nothing, a space, a line end, the letter meant."""
    code = ord(odd[0])
    if odd[0] in "\r\u2028\u2029\x0b\x0c":
        return "\n"
    if odd[0] == "&":
        known = html.unescape(odd)
        return " " if known == "\u00a0" else known if not _ODD.match(known) else ""
    if odd[0] in "\u00a0\u2800\u3000" or 0x2000 <= code <= 0x200A or code in (0x202F, 0x205F):
        return " "
    if 0x80 <= code <= 0x9F or 0xDC80 <= code <= 0xDCFF:
        byte = code & 0xFF
        if byte == 0x85 and code == 0x85:
            return "\n"
        meant = bytes([byte]).decode("cp1252", "ignore")
        return " " if meant == "\u00a0" else meant.replace("\u00ad", "")
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else ""


def _line_edits(raw: str, start: int, end: int) -> Iterator[_Edit]:
    """Mojibake and letters taken apart: mend the line, then find what changed in it."""
    line = raw[start:end]
    fixed = unicodedata.normalize("NFC", _demojibake(line) if _MOJIBAKE.search(line) else line)
    if fixed == line:
        yield from _character_edits(raw, start, end)
        return
    at = 0
    for low, high, text in _changes(line, fixed):
        yield from _character_edits(raw, start + at, start + low)
        yield _Edit(start + low, start + high, _ODD.sub(lambda match: _mended(match.group()), text))
        at = high
    yield from _character_edits(raw, start + at, end)


@cache
def _ftfy() -> tuple[object, object]:
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return ftfy.fix_text_segment, config


def _demojibake(line: str) -> str:
    fix, config = _ftfy()
    fixed = fix(line, config)  # type: ignore[operator]
    return str(fixed)


def _changes(old: str, new: str) -> list[_Edit]:
    """Ranges of ``old`` that became something else in ``new``, as small as can be told."""
    between_old, between_new = _NOT_ASCII.split(old), _NOT_ASCII.split(new)
    if between_old == between_new:
        found = zip(_NOT_ASCII.finditer(old), _NOT_ASCII.findall(new), strict=True)
        return [_Edit(*match.span(), text) for match, text in found if match.group() != text]
    low = 0
    while low < min(len(old), len(new)) and old[low] == new[low]:
        low += 1
    high = 0
    while high < min(len(old), len(new)) - low and old[-1 - high] == new[-1 - high]:
        high += 1
    middle_old, middle_new = old[low : len(old) - high], new[low : len(new) - high]
    if max(len(middle_old), len(middle_new)) > _LONGEST_ALIGNED:
        return [_Edit(low, len(old) - high, middle_new)]
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
    return [
        _Edit(low + a, low + b, middle_new[c:d])
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
