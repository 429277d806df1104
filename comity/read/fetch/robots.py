"""robots.txt as RFC 9309 has it: the group of our name, the longest rule that fits, and the pause that is asked for."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

MOST_BYTES = 512_000
_MOST_RULES = 10_000


class Rule(NamedTuple):
    """One path pattern and whether it allows."""

    allows: bool
    pattern: str


class Robots(NamedTuple):
    """What a site asks of us.  ``delay`` is seconds."""

    rules: tuple[Rule, ...] = ()
    delay: float | None = None

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched: the longest pattern decides, and of two the one that allows."""
        parts = urlsplit(url)
        path = _plain(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path == "/robots.txt":
            return True
        fitting = [r for r in self.rules if fits(r.pattern, path)]
        return max(fitting, key=lambda r: (len(r.pattern), r.allows)).allows if fitting else True


NOTHING = Robots((Rule(False, "/"),))
"""A site whose robots.txt cannot be had for now: nothing is fetched."""


def parse_robots(data: bytes, agent: str) -> Robots:
    """The rules for an agent ("Comity"): those of its own groups, else those for all."""
    wanted = agent.split("/", 1)[0].lower()
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    found_own = False
    agents: list[str] = []
    in_rules = True
    for field, value in _lines(data[:MOST_BYTES]):
        if field == "user-agent":
            agents = [] if in_rules else agents
            in_rules = False
            agents.append(re.split(r"[/\s]", value.lower())[0])
            found_own = found_own or agents[-1] == wanted
            continue
        in_rules = True
        if field in ("allow", "disallow", "crawl-delay"):
            own += [(field, value)] if wanted in agents else []
            common += [(field, value)] if "*" in agents else []
    return _robots(own if found_own else common)


def _lines(data: bytes) -> list[tuple[str, str]]:
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = (line.split("#", 1)[0].partition(":") for line in text.splitlines())
    return [(field.strip().lower(), value.strip()) for field, colon, value in lines if colon]


def _robots(lines: list[tuple[str, str]]) -> Robots:
    rules = [Rule(field == "allow", _plain(value)) for field, value in lines if field != "crawl-delay" and value]
    delays = [float(v) for f, v in lines if f == "crawl-delay" and re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", v)]
    return Robots(tuple(rules[:_MOST_RULES]), delays[0] if delays else None)


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern with ``*`` and a final ``$`` fits the beginning of a path; in time linear in both."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if anchored and others:
        last = others.pop()
        end = len(path) - len(last)
        if not path.endswith(last):
            return False
    else:
        end = len(path)
        if anchored:
            return at == end
    for part in others:
        found = path.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end


def _plain(path: str) -> str:
    """A path with its escapes written one way."""
    return quote(unquote(path, errors="surrogateescape"), safe="/*$?&=:@!'(),;+~%", errors="surrogateescape")
