"""All surfaces of the tables as sequences of folded words, for one look-up a token."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from comity.knowledge import Knowledge, Name, Office, Plural, Role, dropped, fold, surnames
from comity.language.tokens import tokenize
from comity.model import Record

Words = tuple[str, ...]

# Which reading of a surface is taken first when it has several.
RANK = MappingProxyType(
    {
        "blocker": 0,
        "plural": 1,
        "person": 2,
        "name": 3,
        "organisation": 4,
        "group": 5,
        "seat": 6,
        "capital": 7,
        "adjective": 8,
        "demonym": 9,
        "territory": 10,
        "epithet": 11,
        "office": 12,
        "role": 13,
        "foreign": 14,
        "city": 15,
        "surname": 16,
        "damaged": 17,
    }
)
KINDS = MappingProxyType(
    {
        "name": "name",
        "official": "name",
        "acronym": "name",
        "government": "seat",
        "seat": "seat",
        "capital": "capital",
        "adjective": "adjective",
        "demonym": "demonym",
        "demonym_plural": "demonym",
        "foreign": "foreign",
        "foreign_capital": "foreign",
        "epithet": "epithet",
        "territory": "territory",
        "region": "territory",
    }
)
MIN_DAMAGED = 4
MIN_BEHEADED = 6
"""Letters of a name that lost its first one: "Land" is no "Åland"."""
MAX_ACRONYM = 6
"""Letters from which on a name of capitals can be told in any letters."""
LOSING = frozenset({"name", "foreign", "capital", "foreign_capital"})
MIN_LOST = 6
"""Letters that a name needs to be known again with a vowel lost."""
LOSABLE = frozenset("aeiou")
BIG_CITY = 150_000


class Entry(Record, frozen=True):
    """One reading of a surface.  ``code`` is an actor code or, for people, a person id."""

    kind: str
    code: str
    surface: str
    exact: bool = False
    ambiguous: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    office: Office | None = None
    role: Role | None = None
    plural: Plural | None = None
    many: bool = False


class Match(Record, frozen=True):
    """A surface found at tokens ``first..last`` (inclusive) with its readings, likeliest first."""

    first: int
    last: int
    entries: tuple[Entry, ...]


def is_acronym(surface: str) -> bool:
    """Whether a surface is a short name made of initials, which counts only as it is written.

    All capitals ("NATO"), or one word with capitals after its first letter that
    are no fewer than its small letters ("LeT", "JeM"): in other letters it is
    a common word ("Let us go").
    """
    if surface.isupper():
        return len(surface) < MAX_ACRONYM
    capitals = sum(c.isupper() for c in surface)
    small = sum(c.islower() for c in surface)
    return len(surface) < MAX_ACRONYM and surface.isalpha() and capitals >= 2 and capitals >= small


def words(surface: str) -> Words:
    """The folded words of a surface, cut like the text itself."""
    return tuple(fold(surface[a:b]) for a, b in tokenize(surface))


class Gazetteer:
    """Every known surface; built once, read only."""

    def __init__(self, knowledge: Knowledge) -> None:
        table: dict[Words, list[Entry]] = defaultdict(list)
        for surface, entry in _surfaces(knowledge):
            key = words(surface)
            if key and all(e.code != entry.code or e.kind != entry.kind for e in table[key]):
                table[key].append(entry)
        _add_damaged(knowledge, table)
        self._table: Mapping[Words, tuple[Entry, ...]] = {
            key: tuple(sorted(found, key=lambda e: RANK[e.kind])) for key, found in table.items()
        }
        lengths: dict[str, set[int]] = defaultdict(set)
        for key in self._table:
            lengths[key[0]].add(len(key))
        self._lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}

    def __len__(self) -> int:
        return len(self._table)

    def at(self, folded: Sequence[str], i: int) -> Match | None:
        """The longest surface that begins at token ``i``."""
        for size in self._lengths.get(folded[i], ()):
            if i + size > len(folded):
                continue
            entries = self._table.get(tuple(folded[i : i + size]))
            if entries:
                return Match(first=i, last=i + size - 1, entries=entries)
        return None

    def surfaces(self) -> Iterable[tuple[Words, tuple[Entry, ...]]]:
        """Every surface as folded words, with its readings."""
        return self._table.items()

    def lookup(self, surface: str) -> tuple[Entry, ...]:
        """The readings of a surface given as text."""
        return self._table.get(words(surface), ())


def _surfaces(knowledge: Knowledge) -> Iterator[tuple[str, Entry]]:
    for name in knowledge.names:
        state = knowledge.states.get(name.actor)
        # the capital of a state that is no more is a city like others: Aden
        until = name.until or (state.until if state is not None and name.kind == "capital" else None)
        yield (
            name.surface,
            Entry(
                kind=KINDS.get(name.kind, "name"),
                code=name.actor,
                surface=name.surface,
                exact=name.case == "exact",
                ambiguous=name.ambiguous,
                since=name.since,
                until=until,
            ),
        )
    for organisation in knowledge.organisations.values():
        for surface in organisation.surfaces:
            yield (
                surface,
                Entry(
                    kind="organisation",
                    code=organisation.code,
                    surface=surface,
                    exact=is_acronym(surface),
                    ambiguous=organisation.ambiguous,
                ),
            )
    for group in knowledge.groups.values():
        for surface in group.surfaces:
            yield (
                surface,
                Entry(
                    kind="group",
                    code=group.code,
                    surface=surface,
                    exact=is_acronym(surface),
                    ambiguous=group.ambiguous,
                ),
            )
    yield from _people(knowledge)
    yield from _words(knowledge)
    for city in knowledge.cities:
        if city.population >= BIG_CITY or city.capital or city.population == 0:
            yield city.name, Entry(kind="city", code=city.country, surface=city.name, exact=True)
            if city.ascii != city.name:
                yield city.ascii, Entry(kind="city", code=city.country, surface=city.name, exact=True)


def _people(knowledge: Knowledge) -> Iterator[tuple[str, Entry]]:
    for term in knowledge.leaders:
        for name in (term.name, *term.aliases):
            kind = "person" if " " in name else "surname"
            yield name, Entry(kind=kind, code=term.person, surface=name, exact=True)
        for short in surnames(term.name, term.state):
            yield short, Entry(kind="surname", code=term.person, surface=short, exact=True)


def _words(knowledge: Knowledge) -> Iterator[tuple[str, Entry]]:
    for office in knowledge.offices:
        yield office.surface, Entry(kind="office", code=office.role, surface=office.surface, office=office)
        if office.plural:
            yield (
                office.plural,
                Entry(kind="office", code=office.role, surface=office.surface, office=office, many=True),
            )
    for role in knowledge.roles:
        yield role.surface, Entry(kind="role", code=role.sector, surface=role.surface, role=role)
    for plural in knowledge.plurals:
        yield plural.surface, Entry(kind="plural", code=plural.kind, surface=plural.surface, plural=plural)
    for blocker in knowledge.blockers:
        yield blocker.surface, Entry(kind="blocker", code="", surface=blocker.surface, exact=True)


def _add_damaged(knowledge: Knowledge, table: dict[Words, list[Entry]]) -> None:
    """Names whose accented letters were dropped by the text's way to us ("Pequín" -> "Pequn")."""
    for name in knowledge.names:
        if name.actor:
            _damage(table, name.surface, Entry(kind="damaged", code=name.actor, surface=name.surface))
    for surface, entry in _people(knowledge):
        _damage(table, surface, entry)
    for name in knowledge.names:
        if name.actor in knowledge.states and name.kind in LOSING and len(name.surface) >= MIN_LOST:
            _lose_vowels(table, name)


def _lose_vowels(table: dict[Words, list[Entry]], name: Name) -> None:
    """Names that other languages accent and English does not ("Bolívia" -> "Bolvia")."""
    if " " in name.surface:
        return
    key = fold(name.surface)
    for i in range(1, len(key) - 1):
        broken = (key[:i] + key[i + 1 :],)
        if key[i] in LOSABLE and broken not in table:
            table[broken].append(Entry(kind="damaged", code=name.actor, surface=name.surface, exact=True))


def _damage(table: dict[Words, list[Entry]], surface: str, entry: Entry) -> None:
    if surface.isascii():
        return
    broken = dropped(surface).strip()
    key = words(broken)
    least = MIN_DAMAGED if surface[0].isascii() else MIN_BEHEADED
    if len(broken) >= least and key and key not in table:
        table[key].append(entry)
