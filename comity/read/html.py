"""A web page to a document: main text, title, day, site; with a best-effort map to the bytes.

The main text is what trafilatura takes out of the page, one paragraph a line.
For the map each line is looked up in the text between the tags, in order, and
in ever smaller pieces where it is not found whole; what is not found has no
run.  Nothing is fetched: no address in the page is followed.
"""

from __future__ import annotations

import html
import re
from array import array
from collections.abc import Iterator
from datetime import date
from typing import Any

from comity.errors import NestedTooDeep, NoText
from comity.language.clean import Cleaned, clean, decode, to_bytes
from comity.model import Document, Run
from comity.read.limits import Limits
from comity.read.outlet import find_outlet, part_site
from comity.read.published import find_published
from comity.read.text import document_id

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]{0,40})([^<>]{0,8}|[^<>]*)>")
_CLOSED_BY_ITSELF = re.compile(
    r"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|option|dt|dd|thead"
    r"|tbody|tfoot|colgroup|rp|rt"
)
_SKIPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|svg)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ATOM = re.compile(r"&(?:[a-zA-Z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});|\s+|[^\s&]+|&")
_HIDDEN = " or ".join(
    f"contains(translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz'), '{sign}')"
    for sign in ("display:none", "visibility:hidden", "font-size:0;", "left:-9999", "height:0;", "height:0px;o")
)
_UNSEEN = f"//body//*[not(self::article or self::main) and (@hidden or {_HIDDEN})]"
"""What a browser does not show; scripts may show it later, so that a page with nothing else is read with it."""
_SMALLEST = 12
_MOST_LOOKUPS = 20_000


def read_html(
    data: bytes, *, name: str = "", published: date | None = None, limits: Limits | None = None
) -> Document:
    """An article on a web page.  ``published`` overrules what the page says."""
    decoded = decode(data, about=name)
    page = clean(decoded.text, encoding=decoded.encoding, offset=decoded.offset, entities=False)
    _check_depth(page.text, (limits or Limits()).max_depth, name)
    found = _extract(page.text, name)
    text = _stored_text(found)
    if not any(char.isalpha() for char in text):
        raise _no_text(name)
    title, site = part_site(found.title) if found.title else (None, None)
    return Document(
        id=document_id(text),
        text=text,
        name=name,
        title=title,
        published=published or _as_day(found.date) or find_published(text),
        source=found.sitename or site or find_outlet(text) or found.hostname,
        url=found.url,
        origin=_origin(text, page),
    )


def _no_text(name: str) -> NoText:
    return NoText(
        "no article was found on this page",
        about=name,
        fix="save the article itself, or give its text as .txt",
    )


def _check_depth(page: str, most: int, name: str) -> None:
    """Refuse elements nested without end before a parser sees them."""
    depth = deepest = 0
    for match in _TAG.finditer(page):
        tag = match.group(2).lower()
        if _CLOSED_BY_ITSELF.fullmatch(tag) or match.group(3).endswith("/"):
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    if deepest > most:
        raise NestedTooDeep(
            f"elements lie {deepest} deep in one another, {most} are allowed",
            about=name,
            fix="save the page's text, or repair tags that are never closed",
        )


def _extract(page: str, name: str) -> Any:
    """What trafilatura finds, without what is hidden unless there is nothing else; its failures become ours."""
    found = _taken(page, name, _UNSEEN)
    if found is None or not (found.text or "").strip():
        found = _taken(page, name, None)
    if found is None or not (found.text or "").strip():
        raise _no_text(name)
    return found


def _taken(page: str, name: str, unseen: str | None) -> Any:
    from trafilatura import bare_extraction

    try:
        found: Any = bare_extraction(
            page,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
            prune_xpath=unseen,
        )
    except RecursionError:
        raise NestedTooDeep("the page is nested too deeply", about=name, fix="save the page's text") from None
    except (ValueError, TypeError, AssertionError, AttributeError) as error:
        raise NoText(f"the page cannot be parsed: {error}", about=name, fix="save the page's text") from error
    return found


def _stored_text(found: Any) -> str:
    """Title and paragraphs, a blank line between; mended like plain text."""
    lines = [" ".join(line.split()) for line in clean(found.text).text.split("\n")]
    lines = [line for line in lines if line]
    title = " ".join(clean(found.title or "", entities=False).text.split())
    title, _ = part_site(title) if title else ("", None)
    if title and not any(line.lstrip("# ").startswith(title) for line in lines[:3]):
        lines.insert(0, title)
    return "\n\n".join(lines) + "\n"


def _as_day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


class _Flat:
    """The text between the tags with single spaces, and where in the page each character stands."""

    def __init__(self, page: str) -> None:
        self.text = ""
        self.places = array("I")
        self.ends = array("I")
        parts: list[str] = []
        for start, end in _text_nodes(page):
            for match in _ATOM.finditer(page, start, end):
                self._add(match, parts)
        self.text = "".join(parts)

    def _add(self, match: re.Match[str], parts: list[str]) -> None:
        atom = match.group()
        if atom[0].isspace():
            if parts and parts[-1] != " ":
                parts.append(" ")
                self._at(match.start(), match.end())
            return
        if atom[0] == "&" and len(atom) > 1:
            for char in html.unescape(atom).replace("\u00a0", " "):
                parts.append(char)
                self._at(match.start(), match.end())
            return
        parts.append(atom)
        self.places.extend(range(match.start(), match.end()))
        self.ends.extend(range(match.start() + 1, match.end() + 1))

    def _at(self, start: int, end: int) -> None:
        self.places.append(start)
        self.ends.append(end)


def _text_nodes(page: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _SKIPPED.finditer(page):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    if at < len(page):
        yield at, len(page)


def _origin(text: str, page: Cleaned) -> tuple[Run, ...]:
    """Runs for the stretches of the text that are found in the page."""
    flat = _Flat(page.text)
    matches: list[tuple[int, int, int]] = []
    cursor = 0
    budget = _MOST_LOOKUPS
    for line in re.finditer(r"[^\n]+", text):
        pending = [line.span()]
        while pending and budget:
            budget -= 1
            start, end = pending.pop()
            at = flat.text.find(text[start:end], cursor)
            if at < 0 and end - start >= 40:
                at = flat.text.find(text[start:end])
            if at >= 0:
                matches.append((start, end, at))
                cursor = at + end - start
            elif end - start >= 2 * _SMALLEST:
                middle = text.rfind(" ", start + 1, (start + end) // 2 + 1)
                if middle > start:
                    pending += [(middle + 1, end), (start, middle)]
    return tuple(run for start, end, at in matches for run in _runs(flat, page, start, end, at))


def _runs(flat: _Flat, page: Cleaned, start: int, end: int, at: int) -> Iterator[Run]:
    """Runs of one match: a new one where the page leaves the straight line (a tag, an entity)."""
    low = start
    first = last = -1
    width = 0
    for place in range(start, end):
        index = at + place - start
        begin, stop = to_bytes(page.runs, flat.places[index], flat.ends[index])
        if place > low and begin == last and stop - begin == width < 5:
            last = stop
            continue
        if place > low:
            yield Run(at=low, length=place - low, raw=first, raw_end=last)
        low, first, last, width = place, begin, stop, stop - begin
    if end > low:
        yield Run(at=low, length=end - low, raw=first, raw_end=last)
