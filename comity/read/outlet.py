"""The outlet or agency that an article names as its own."""

from __future__ import annotations

import re

from comity.language.lines import dateline, paragraphs
from comity.language.tables import rows

_PAREN = re.compile(r"\(([^()]{2,40})\)|/([A-Z][\w-]{1,20})/")
_COPYRIGHT = re.compile(
    r"(?i:©|\(c\)|copyright)\s*(?:©|\([cC]\))?\s*(?:(?:19|20)\d\d)?(?:\s*[-–]\s*\d{4})?,?\s*(?:by\s+)?"
    r"((?:The\s+)?[A-Z](?:[\w&'’-]|\.(?=\w))*(?:\s+(?:[A-Z](?:[\w&'’-]|\.(?=\w))*|of|and)){0,4})"
)
_SOURCE = re.compile(
    r"(?:source|via)\s*[:：]\s*([A-Z][\w&.'’/-]*(?:\s+[A-Z][\w&.'’-]*){0,3})\s*\Z", re.IGNORECASE
)
# What stands behind the sign of copyright where no owner is named.
_RESERVED = ("all rights", "reproduction", "any reproduction")
_SITE = re.compile(r"\s+[|–—-]\s+((?:The )?[A-Z][\w&.'’ -]{1,30})\Z")


_MEDIUM = (
    "Agency|Bulletin|Chronicle|Courier|Daily|Dispatch|Examiner|Gazette|Guardian|Herald|Independent|Journal|Mail|Mercury|"
    "Mirror|Monitor|News|Observer|Post|Press|Record|Register|Review|Standard|Star|Sun|Telegraph|Times|Today|Tribune|Voice|Wire"
)
_NAMES = rf"(?:The )?(?:[A-Z][\w'’-]+ ){{1,4}}(?:{_MEDIUM})|The (?:[A-Z][\w'’-]+ ?){{1,3}}"
_MASTHEAD = re.compile(rf"({_NAMES}) [·|•] .*\b(?:19|20)\d\d\b.{{0,12}}$")
_WIRE = re.compile(rf"\(((?:[A-Z][\w'’-]+ ){{1,3}}(?:{_MEDIUM}))\)")


def find_outlet(text: str) -> str | None:
    """The agency of the dateline, a masthead, a line "Source: ...", or whose copyright the page bears."""
    names = {row["form"]: row["name"] for row in rows("agencies.csv")}
    ranges = paragraphs(text[:6_000])
    for start, end in ranges[:14]:
        head = dateline(text, start, end)
        for match in _PAREN.finditer(text, start, head):
            form = match.group(1) or match.group(2)
            if form in names:
                return names[form]
        if wire := _WIRE.search(text, start, head):
            return wire.group(1)
    lines = [text[start:end] for start, end in ranges[:10] if end - start < 200]
    tail = text[-2_000:]
    lines += [tail[start:end] for start, end in paragraphs(tail)[-8:] if end - start < 300]
    for line in lines[:4]:
        if found := _MASTHEAD.match(line):
            return found.group(1).strip()
    for line in lines:
        if found := _SOURCE.match(line):
            return names.get(found.group(1), found.group(1))
    for line in lines:
        if found := _COPYRIGHT.search(line):
            name = found.group(1).strip(" .")
            return None if name.lower().startswith(_RESERVED) else names.get(name, name)
    return None


def part_site(title: str) -> tuple[str, str | None]:
    """A title without the name of the site behind it, and that name: "Talks fail | Reuters"."""
    match = _SITE.search(title)
    if match is None or len(title[: match.start()].split()) < 3:
        return title, None
    known = {row["form"] for row in rows("agencies.csv")}
    name = match.group(1)
    if "|" in match.group() or name in known or name.endswith((".com", " News", " Times", " Post")):
        return title[: match.start()].rstrip(), name
    return title, None
