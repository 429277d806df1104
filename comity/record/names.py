"""Names as people write them to the codes that a record holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from comity.errors import BadUsage, UnknownName
from comity.knowledge import Knowledge, fold, load
from comity.model import Record
from comity.record import persons

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
_BETWEEN = re.compile(r"\s*(?:->|<->|[:,/>|]|\s-\s|\band\b|\s–\s)\s*|(?<=[A-Z]{3})[-–](?=[A-Z]{2})")


class Meant(Record, frozen=True):
    """Which actor a name stands for.  ``how`` says it where the name is not the actor's own."""

    code: str
    how: str = ""
    person: bool = False


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

    @cached_property
    def _by_alias(self) -> dict[str, tuple[str, ...]]:
        """Organisations and groups by their other names."""
        found: dict[str, tuple[str, ...]] = {}
        for table in (self.knowledge.organisations, self.knowledge.groups):
            for code, entry in table.items():
                for surface in entry.surfaces:
                    found[fold(surface)] = tuple(dict.fromkeys((*found.get(fold(surface), ()), code)))
        return found

    @cached_property
    def _offices(self) -> dict[str, tuple[str, ...]]:
        """The states of each title of somebody who acts for a state; none where it is a title anywhere."""
        return {o.key: o.states for o in self.knowledge.offices if o.acts_for_state}

    def code(self, text: str) -> str:
        """The code of an actor: a code in any case, or a name of it.  Raises `UnknownName` with suggestions."""
        own = self._own(text.strip())
        if len(own) == 1:
            return own[0]
        if own:
            listed = ", ".join(f"{c} ({self.name(c)})" for c in own)
            raise UnknownName(f"'{text}' may be {listed}", fix="give the code")
        meant = self._meant(text.strip())
        fix = f"give {meant.code}: {meant.how}" if meant else self._suggest(text.strip())
        raise UnknownName(f"no actor is called '{text}'", fix=fix)

    def actor(self, text: str) -> str:
        """The code of the actor that a question means: see `meant`."""
        return self.meant(text).code

    def meant(self, text: str) -> Meant:
        """The actor that a question means by a code, a name, a leader or an office.

        A leader or an office stands for the state (of the newest office, where there were several), an organ for its
        organisation, a name that a dissolved state had too for the state of today.  Raises `UnknownName`.
        """
        found = self._meant(text.strip())
        several = () if found else persons.weightiest(self.knowledge, persons.called(self.knowledge, text))
        if several and not self._own(text.strip()):
            listed = persons.listed(self.knowledge, several)
            raise UnknownName(f"'{text}' may be {listed}", fix="give the name in full, or a state")
        return found or Meant(code=self.code(text))

    def _meant(self, plain: str) -> Meant | None:
        own = self._own(plain)
        if own:
            return self._whole(plain, own)
        return self._person(plain) or self._office(plain)

    def _own(self, plain: str) -> tuple[str, ...]:
        """Those that are called so themselves: by code, by name, by any other name."""
        known = self.knowledge
        for code in (plain, plain.upper()):
            if known.is_actor(code):
                return (code,)
        if fold(plain) in self._by_name:
            return (self._by_name[fold(plain)],)
        named = tuple(dict.fromkeys(n.actor for n in known.named(plain) if n.actor))
        return named or self._by_alias.get(fold(plain), ())

    def _whole(self, plain: str, own: Sequence[str]) -> Meant | None:
        """The actor of today, and of an organ the organisation under which its acts are recorded."""
        lasting = [c for c in own if c not in self.knowledge.states or not self.knowledge.states[c].until]
        if not own or (len(own) > 1 and len(lasting) != 1):
            return None
        code = lasting[0] if len(own) > 1 else own[0]
        body = self.knowledge.organisations.get(code)
        if body is not None and body.part_of:
            return Meant(code=body.part_of, how=f"{self._told(body.part_of)}, whose organ it is")
        others = " or ".join(f"{c} ({self.name(c)})" for c in own if c != code)
        return Meant(code=code, how=f"{self._told(code)} of today; or give {others}" if others else "")

    def _person(self, plain: str) -> Meant | None:
        """The state of a leader; None where nobody is called so, or several of different states are."""
        known = self.knowledge
        found = persons.weightiest(known, persons.called(known, plain))
        newest = [known.terms_of(p)[0] for p in found]
        if len({t.state for t in newest}) != 1:
            return None
        term = newest[0]
        acts = "acts" if term.until is None else "acted"
        who = f"{term.name} {acts} ({persons.served(term)})"
        who = who if len(found) == 1 else f"{persons.listed(known, found)} acted"
        others = dict.fromkeys(t.state for p in found for t in known.terms_of(p) if t.state != term.state)
        more = f"; also {', '.join(map(self._told, others))}" if others else ""
        return Meant(code=term.state, how=f"{self._told(term.state)}, for which {who}{more}", person=True)

    def _office(self, plain: str) -> Meant | None:
        """The state of "the Russian president", "president of France", "taoiseach"."""
        key = fold(plain).removeprefix("the ")
        only = self._offices.get(key, ())
        if len(only) == 1:
            return Meant(code=only[0], how=self._told(only[0]))
        title, _, of = key.partition(" of ")
        splits = [(title, of.removeprefix("the "))]
        words = key.split()
        splits += [(" ".join(words[n:]), " ".join(words[:n])) for n in range(1, len(words))]
        for office, state in splits:
            own = self._whole(state, self._own(state)) if office in self._offices and state else None
            if own is not None:
                return Meant(code=own.code, how=self._told(own.code))
        return None

    def _told(self, code: str) -> str:
        return f"{self.name(code)} ({code})"

    def pair(self, given: str | Sequence[str]) -> tuple[str, str]:
        """The codes of two actors: ("Russia", "USA"), "RUS-USA", "Russia and China", "Putin Xi"."""
        parts = self.parts(given)
        if len(parts) != 2:
            raise BadUsage(f"'{given}' is no pair", fix='write two actors: RUS-USA or "Russia and China"')
        return self.actor(parts[0]), self.actor(parts[1])

    def parts(self, given: str | Sequence[str]) -> list[str]:
        """The names in a pair, one where there is no sign between two and no blank at which two names meet."""
        if not isinstance(given, str):
            return list(given)
        whole = given.strip()
        codes = [p for p in _BETWEEN.split(whole) if p]
        if len(codes) == 2 and all(self.knowledge.is_actor(c) for c in codes):
            return codes  # as programs ask, without a look at all the names
        if self.known(whole):
            return [whole]
        words = whole.split()
        at = [n for n in range(1, len(words)) if all(self.known(" ".join(p)) for p in (words[:n], words[n:]))]
        if at:
            return [" ".join(words[: at[0]]), " ".join(words[at[0] :])]
        return whole.split("-") if len(codes) == 1 and whole.count("-") == 1 else codes

    def known(self, plain: str) -> bool:
        """Whether it is a name of somebody, or of several."""
        return bool(self._own(plain) or persons.called(self.knowledge, plain) or self._office(plain))

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
