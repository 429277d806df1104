"""Persons as people write them: by id, by full name, by surname, with or without a title."""

from __future__ import annotations

from collections.abc import Iterable

from comity.knowledge import Knowledge, Term, fold

LISTED = 6
LED = ("head_of_state", "head_of_government", "igo_head")


def called(known: Knowledge, text: str) -> tuple[str, ...]:
    """The ids of those who go by a name: XI-JINPING, "Xi Jinping", "Xi", "President Xi"."""
    plain = text.strip()
    if plain.lower() in known.people:
        return (plain.lower(),)
    for key in dict.fromkeys((fold(plain), fold(plain.replace("-", " ")))):
        found = known.full_names.get(key) or known.short_names.get(key, ())
        if found:
            return tuple(dict.fromkeys(found))
    title, _, rest = plain.partition(" ")
    titles = known.words_of("title") | {o.key for o in known.offices}
    return called(known, rest) if rest and fold(title) in titles else ()


def weightiest(known: Knowledge, found: Iterable[str]) -> tuple[str, ...]:
    """Of several persons of one name those who led a state or an organisation, where there are some."""
    every = tuple(found)
    leaders = tuple(p for p in every if any(t.role in LED for t in known.terms_of(p)))
    return leaders or every


def listed(known: Knowledge, found: Iterable[str]) -> str:
    """Some persons with their ids: who leads now before who led, both before ministers, the last in office first."""
    terms = sorted((known.terms_of(p)[0] for p in found), key=lambda t: str(t.since or ""), reverse=True)
    terms.sort(key=lambda t: (t.role not in LED, t.until is not None))
    named = [f"{t.name} ({t.person.upper()})" for t in terms[:LISTED]]
    return ", ".join(named) + (f" or {len(terms) - LISTED} others" if len(terms) > LISTED else "")


def served(term: Term) -> str:
    """An office with its years: "President since 2014", "Chancellor from 2005 to 2021"."""
    first, last = (d.year if d else None for d in (term.since, term.until))
    if first and last:
        return f"{term.title} from {first} to {last}"
    return term.title + (f" since {first}" if first else f" to {last}" if last else "")
