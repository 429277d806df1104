"""Names as people write them to the codes that a record holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from comity.errors import BadUsage, UnknownName
from comity.knowledge import Knowledge, fold, load

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:->|<->|[:,/>|]|\s-\s|\band\b|\s–\s)\s*|(?<=[A-Z]{3})[-–](?=[A-Z]{2})")


class Names:
    """Looks up actors and types; loads the tables of names when first asked."""

    def __init__(self, knowledge: Knowledge | None = None) -> None:
        self._given = knowledge

    @cached_property
    def knowledge(self) -> Knowledge:
        """The tables of names."""
        return self._given or load()

    @cached_property
    def _by_name(self) -> dict[str, str]:
        known = self.knowledge
        found: dict[str, str] = {}
        for table in (known.states, known.organisations, known.groups):
            for code, entry in table.items():
                found.setdefault(fold(entry.name), code)
        return found

    def name(self, code: str) -> str:
        """The display name of a code."""
        return self.knowledge.actor_name(code)

    def code(self, text: str) -> str:
        """The code of an actor: a code in any case, or a name.  Raises `UnknownName` with suggestions."""
        plain = text.strip()
        known = self.knowledge
        for code in (plain, plain.upper()):
            if known.is_actor(code):
                return code
        if fold(plain) in self._by_name:
            return self._by_name[fold(plain)]
        named = [n.actor for n in known.named(plain) if n.actor]
        if named and len(set(named)) == 1:
            return named[0]
        if named:
            listed = ", ".join(f"{c} ({self.name(c)})" for c in dict.fromkeys(named))
            raise UnknownName(f"'{text}' may be {listed}", fix="give the code")
        raise UnknownName(f"no actor is called '{text}'", fix=self._suggest(plain))

    def pair(self, given: str | Sequence[str]) -> tuple[str, str]:
        """The codes of two actors: ("Russia", "USA"), "RUS-USA", "Russia and China"."""
        parts = self.parts(given)
        if len(parts) != 2:
            raise BadUsage(f"'{given}' is no pair", fix='write two actors: RUS-USA or "Russia and China"')
        return self.code(parts[0]), self.code(parts[1])

    def parts(self, given: str | Sequence[str]) -> list[str]:
        """The names in a pair, one where there is no sign between two."""
        if not isinstance(given, str):
            return list(given)
        whole = given.strip()
        if self.knowledge.is_actor(whole) or fold(whole) in self._by_name or self.knowledge.named(whole):
            return [whole]
        parts = [p for p in _BETWEEN.split(whole) if p]
        if len(parts) == 1 and whole.count("-") == 1:
            parts = whole.split("-")
        return parts

    def type(self, text: str) -> str:
        """A PLOVER type in any case.  Raises `BadUsage` with the nearest."""
        if text.upper() in TYPES:
            return text.upper()
        best = process.extractOne(text.upper(), TYPES, scorer=fuzz.ratio)
        near = f"did you mean {best[0]}? " if best and best[1] >= 60 else ""
        raise BadUsage(f"there is no type '{text}'", fix=f"{near}types are {', '.join(TYPES)}")

    def _suggest(self, text: str) -> str:
        names = dict(self._by_name)
        for row in self.knowledge.names:
            if row.actor:
                names.setdefault(row.key, row.actor)
        best = process.extract(fold(text), list(names), scorer=fuzz.ratio, limit=8, score_cutoff=62)
        codes = list(dict.fromkeys(names[found] for found, _, _ in best))[:4]
        if not codes:
            return "give a name or a code such as RUS, EU, HAMAS"
        return "did you mean " + ", ".join(f"{self.name(c)} ({c})" for c in codes) + "?"
