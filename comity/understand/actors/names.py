"""From surfaces to bare actors: which reading of each match holds in this document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from comity.knowledge import Knowledge, Term, fold, surnames
from comity.model import Actor, Record, Sentence, Token
from comity.understand.actors.doubts import STATE_KINDS, Doubts, entity_spans
from comity.understand.actors.gazetteer import RANK, Entry, Gazetteer, Match, is_acronym
from comity.understand.actors.holders import person_of
from comity.understand.actors.memory import state_actor

ACTING = frozenset({"igo", "court", "alliance", "bank"})
WORD_KINDS = frozenset({"office", "role", "plural"})
CONFIDENCE = {
    "name": 1.0,
    "seat": 0.9,
    "capital": 0.85,
    "adjective": 0.95,
    "demonym": 0.95,
    "territory": 0.75,
    "epithet": 0.8,
    "foreign": 0.7,
    "city": 0.6,
    "damaged": 0.6,
    "organisation": 0.95,
    "group": 0.95,
}
MONTHS = frozenset({"march", "april", "may", "june", "august"})
"""Months that people are called after."""
YEARS_NEAR = 3
YEARS_REMEMBERED = 12
RULING = frozenset({"head_of_state", "head_of_government"})
LONG_PART = 4
"""Letters that the inner word of a full name needs to stand for it."""
CITY_TAGGED = 0.75
"""Trust in the name of a city that the model takes for a place too."""
SPORT_TRUST = 0.4
"""Trust in the names of states where teams go by them."""


class Named(Record, frozen=True):
    """A bare actor at tokens ``first..last`` of one sentence."""

    first: int
    last: int
    actor: Actor | None
    kind: str
    confidence: float
    why: str = ""
    entry: Entry | None = None


class Names:
    """Resolves the matches of one document.

    A short name counts once the document has given the full one, or when its
    bearer holds a high office around the day of the text.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        gazetteer: Gazetteer,
        sentences: Sequence[Sentence],
        on: Sequence[date],
        published: date | None,
    ) -> None:
        self.knowledge = knowledge
        self.gazetteer = gazetteer
        self.sentences = sentences
        self.on = on
        self.published = published
        self.folded = [[fold(t.text) for t in s.tokens] for s in sentences]
        self.lower = _mostly_lower(sentences)
        self.matches = [self._scan(n) for n in range(len(sentences))]
        self.clear = self._clear_codes()
        self.introduced: dict[str, Actor] = {}
        self.acronyms: dict[str, tuple[Actor, ...]] = {}
        self.parts: dict[str, Actor] = {}
        """People by the other words of their full names ("Bihi" of Muse Bihi Abdi)."""
        self.recognised: dict[str, Actor] = {}
        """Leaders under full names that no table has in this spelling."""
        self.doubts = Doubts(knowledge, sentences, self.matches)
        self.states = Counter(
            e.code
            for ms in self.matches
            for m in ms
            for e in m.entries[:1]
            if e.kind in {"name", "adjective", "demonym", "capital"}
        )
        self.towns = Counter(
            e.code for ms in self.matches for m in ms for e in m.entries[:1] if e.kind in {"city", "territory"}
        )
        """How often the text names a town or a region of each state."""
        self._introduce()

    def _clear_codes(self) -> Counter[str]:
        """How often each actor is named by a surface that can mean no other, or by one who leads it."""
        counts: Counter[str] = Counter()
        for number, matches in enumerate(self.matches):
            for match in matches:
                codes = {e.code for e in match.entries if e.kind in STATE_KINDS and e.kind != "city"}
                if match.entries[0].kind == "person":
                    term = self._term(match.entries[0].surface, number)
                    codes = {term.state} if term is not None else set()
                if len(codes) == 1:
                    counts.update(codes)
        return counts

    def _scan(self, number: int) -> list[Match]:
        folded, tokens = self.folded[number], self.sentences[number].tokens
        found, i = [], 0
        while i < len(folded):
            match = self.gazetteer.at(folded, i)
            if match is not None and folded[i] == "the" and match.last > i:
                longer = self.gazetteer.at(folded, i + 1)
                match = longer if longer is not None and longer.last > match.last else match  # "the South China Sea"
            if match is not None:
                kept = tuple(e for e in match.entries if self._case_fits(e, tokens[match.first : match.last + 1]))
                if kept:
                    found.append(Match(first=match.first, last=match.last, entries=kept))
                    i = match.last + 1
                    continue
                shorter = self._shorter(folded, tokens, match)
                if shorter is not None:
                    found.append(shorter)
                    i = shorter.last + 1
                    continue
            i += 1
        return found

    def _shorter(self, folded: Sequence[str], tokens: Sequence[Token], match: Match) -> Match | None:
        for last in range(match.last - 1, match.first - 1, -1):
            part = self.gazetteer.at(folded[: last + 1], match.first)
            if part is not None:
                kept = tuple(e for e in part.entries if self._case_fits(e, tokens[part.first : part.last + 1]))
                if kept:
                    return Match(first=part.first, last=part.last, entries=kept)
        return None

    def _case_fits(self, entry: Entry, tokens: Sequence[Token]) -> bool:
        if entry.kind in WORD_KINDS:
            return True
        text = "".join(t.text for t in tokens)
        if self.lower and not entry.exact:
            return True
        if entry.kind == "epithet" and entry.surface.removeprefix("the ")[:1].islower():
            return True  # "the world's largest democracy" has no capitals
        if len(tokens) > 1 and tokens[0].text == "the":
            tokens = tokens[1:]  # the article of "the North" is small
        if entry.exact and (is_acronym(entry.surface) or (entry.surface.isupper() and len(entry.surface) < 7)):
            return text.replace(".", "") == entry.surface.replace(".", "").replace(" ", "")
        if text.isupper() and len(text) < 4 and not entry.surface.isupper():
            return False
        if entry.kind == "organisation" and len(tokens) > 1 and entry.surface.islower():
            return True  # "the world body"
        if entry.surface[:1].islower():
            return any(c.isupper() for t in tokens for c in t.text)  # "anti-Balaka", "pro-Russian rebels"
        return any(c.isupper() for c in tokens[0].text[:2]) or any(t.text[:1].isupper() for t in tokens[:1])

    # -- people --------------------------------------------------------------------------------------

    def _introduce(self) -> None:
        """Everyone named in full, known or not, by the short name the rest of the text may use."""
        for number, matches in enumerate(self.matches):
            for match in matches:
                if match.entries[0].kind == "person":
                    term = self._term(match.entries[0].surface, number)
                    if term is not None:
                        actor = person_of(term, term.state)
                        tokens = self.folded[number][match.first : match.last + 1]
                        self.introduced.setdefault(tokens[-1], actor)
                        for short in short_forms(term):
                            self.introduced.setdefault(short, actor)
                        self._part(tokens[1:-1], actor)
        for number, sentence in enumerate(self.sentences):
            for first, last in entity_spans(sentence.tokens, "PER"):
                self._introduce_stranger(number, first, last)

    def _introduce_stranger(self, number: int, first: int, last: int) -> None:
        """A full name that no table has: its last word stands for the person from here on."""
        sentence = self.sentences[number]
        if last == first or any(
            m.first <= last and first <= m.last and m.entries[0].kind == "person" for m in self.matches[number]
        ):
            return
        name = span_text(sentence, first, last)
        if fold(name) in self.knowledge.short_names:
            return  # "De Villepin" is a surname, and no stranger's
        surname = self.folded[number][last]
        term = self.knowledge.sounding_like(name, self.states, self.on[number])
        term = term or self.misspelt(name, number)
        actor = person_of(term, term.state) if term else stranger(name)
        if term is not None:
            self.recognised[fold(name)] = actor
        self.introduced.setdefault(surname, actor)
        self._part(self.folded[number][first + 1 : last], actor)

    def _part(self, words: Sequence[str], actor: Actor) -> None:
        """The words inside a full name mean its bearer where they mean nobody else."""
        for word in words:
            if len(word) >= LONG_PART and word.isalpha():
                self.parts.setdefault(word, actor)

    def misspelt(self, name: str, number: int, *, titled: bool = False) -> Term | None:
        """A ruler or foreign minister of that day whose name differs by a letter or two ("Sarkosy", "Evo Moraless").

        Behind a title a short name may too ("the president Buch").
        """
        words = [w for w in name.split() if w[:1].isupper()]
        return self.knowledge.spelt_like(" ".join(words), self.on[number], titled=titled) if words else None

    def _term(self, surface: str, number: int) -> Term | None:
        found = self.knowledge.persons_on(surface, self.on[number])
        return found[0] if found else None

    # -- one match --------------------------------------------------------------------------------------

    def resolve(self, number: int, match: Match) -> Named | None:
        """The reading of a match that holds here; words for offices and roles come back unresolved."""
        for entry in self._ranked(number, match.entries):
            named = self._reading(number, match, entry)
            if named is not None:
                return named
        return None

    def _ranked(self, number: int, entries: Sequence[Entry]) -> list[Entry]:
        """Readings in their order, those of the wrong time last, and of two states the one the text is about.

        A capital of another time ("Salisbury") is no capital any more.
        """
        kept = [e for e in entries if e.kind != "capital" or self._of_its_time(e, self.on[number])]

        def rank(entry: Entry) -> tuple[int, bool, int]:
            kind = RANK[entry.kind] if entry.kind not in {"name", "adjective", "demonym", "capital"} else RANK["name"]
            if entry.kind == "capital" and "organisation-seat" in entry.ambiguous and not self.clear.get(entry.code):
                kind = RANK["capital"]  # Brussels is the Union's, unless the text is about Belgium
            return kind, not self._of_its_time(entry, self.on[number]), -self.clear.get(entry.code, 0)

        return sorted(kept, key=rank)

    @staticmethod
    def _of_its_time(entry: Entry, on: date) -> bool:
        since, until = entry.since or date.min, entry.until or date.max
        return since <= on <= until

    def _reading(self, number: int, match: Match, entry: Entry) -> Named | None:
        if entry.kind == "blocker":
            return Named(first=match.first, last=match.last, actor=None, kind="blocker", confidence=0.0, entry=entry)
        if entry.kind in WORD_KINDS:
            return Named(first=match.first, last=match.last, actor=None, kind=entry.kind, confidence=1.0, entry=entry)
        if entry.kind in {"person", "surname"}:
            return self._person_reading(number, match, entry)
        if not entry.code or (entry.kind == "epithet" and not self._of_its_time(entry, self.on[number])):
            return None
        doubt = 0.0 if self._of_another(number, match, entry) else self.doubts.weight(number, match, entry)
        if doubt <= 0.0:
            return None
        actor = self.actor(entry)
        trust = CONFIDENCE.get(entry.kind, 0.8)
        if entry.kind == "city" and self.sentences[number].tokens[match.first].entity.endswith("LOC"):
            trust = CITY_TAGGED
        confidence = trust * doubt * (SPORT_TRUST if self.doubts.sport else 1.0)
        return Named(
            first=match.first,
            last=match.last,
            actor=actor,
            kind=entry.kind,
            confidence=confidence,
            why=f"'{entry.surface}' is {entry.kind} of {actor.name}",
            entry=entry,
        )

    def _of_another(self, number: int, match: Match, entry: Entry) -> bool:
        """ "the National Security Council of Iran", "the Turkish Treasury": a body that other states have too."""
        if entry.kind != "seat" or "other-place" not in entry.ambiguous:
            return False
        beside = (m for m in self.matches[number] if m.last == match.first - 1 or 0 < m.first - match.last <= 3)
        following = self.folded[number][match.last + 1 : match.last + 2] == ["of"]
        for near in beside:
            codes = {e.code for e in near.entries if e.kind in STATE_KINDS}
            if codes and entry.code not in codes and (near.last < match.first or following):
                return True
        return False

    def actor(self, entry: Entry) -> Actor:
        """The actor that an entry's code stands for.

        Parties, media and companies speak, but are no actors between states: they carry no code.
        """
        code = entry.code
        name = self.knowledge.actor_name(code)
        organisation = self.knowledge.organisations.get(code)
        if organisation is not None:
            acts = organisation.kind in ACTING
            whole = organisation.part_of or code
            return Actor(id=code, name=name, kind="organisation", state=whole if acts else None)
        if code in self.knowledge.groups:
            return Actor(id=code, name=name, kind="group", state=code)
        return state_actor(self.knowledge, code)

    def _person_reading(self, number: int, match: Match, entry: Entry) -> Named | None:
        tokens = self.sentences[number].tokens
        folded = self.folded[number]
        if entry.kind == "person":
            term = self._term(entry.surface, number)
            if term is None:
                return None
            return Named(
                first=match.first,
                last=match.last,
                actor=person_of(term, term.state, self.on[number]),
                kind="person",
                confidence=1.0,
                why=f"{term.name}, {term.title} ({term.state})",
                entry=entry,
            )
        if not tokens[match.last].text[:1].isupper() or self._in_a_date(tokens, match):
            return None
        if self._part_of_other_name(number, match):
            return None
        known = self.introduced.get(" ".join(folded[match.first : match.last + 1])) or self.introduced.get(
            folded[match.last]
        )
        if known is not None:
            return Named(
                first=match.first,
                last=match.last,
                actor=known,
                kind="surname",
                confidence=0.97,
                why=f"{known.name}, named earlier",
                entry=entry,
            )
        return self._unintroduced(number, match, entry)

    def _unintroduced(self, number: int, match: Match, entry: Entry) -> Named | None:
        """A surname alone: only somebody in a high office near the day of the text, and only a proper noun."""
        tokens = self.sentences[number].tokens[match.first : match.last + 1]
        if not all(t.upos == "PROPN" for t in tokens[-1:]) or self._of_a_trade(number, match.first):
            return None
        on = self.on[number]
        bearers = self.knowledge.persons_on(entry.surface, on)
        per = any(t.entity.endswith("PER") for t in tokens)
        near = [t for t in bearers if self._in_office_near(t, on)] or (self._remembered(bearers, on) if per else [])
        if not near:
            return None
        local = [t for t in near if self.states.get(t.state)] or near
        top = [t for t in local if t.role in RULING and t.covers(on)]
        if not per and not top:
            return None
        term = (top or local)[0]
        only = len({t.person for t in near}) == 1
        return Named(
            first=match.first,
            last=match.last,
            actor=person_of(term, term.state),
            kind="surname",
            confidence=0.85 if self.states.get(term.state) or (per and only) else 0.7,
            why=f"{term.name}, {term.title} ({term.state}) at the time",
            entry=entry,
        )

    def _in_office_near(self, term: Term, on: date) -> bool:
        """Whether somebody holds or held a high office around that day; another one counts where its state is told."""
        if term.role == "other" and not (self.states.get(term.state) and term.covers(on)):
            terms = self.knowledge.terms_of(term.person)
            return any(t.role in RULING and _years_away(t, on) <= YEARS_NEAR for t in terms)
        return _years_away(term, on) <= YEARS_NEAR

    def _remembered(self, bearers: Sequence[Term], on: date) -> list[Term]:
        """Who alone has a name and ruled longer ago, in a text that tells of his state."""
        only = len({t.person for t in bearers}) == 1
        told = (t for t in bearers if self.states.get(t.state) and t.role in RULING)
        return [t for t in told if only and t.since and t.since < on and _years_away(t, on) <= YEARS_REMEMBERED]

    @staticmethod
    def _in_a_date(tokens: Sequence[Token], match: Match) -> bool:
        """ "14 May 2018": a month, whoever is called so."""
        word = tokens[match.last].text.lower()
        beside = [tokens[k].text for k in (match.first - 1, match.last + 1) if 0 <= k < len(tokens)]
        return word in MONTHS and any(text.rstrip(".,")[:4].isdigit() for text in beside)

    def _of_a_trade(self, number: int, first: int) -> bool:
        """ "Reporter Li", "farmer Wang": whoever is introduced by his trade is no ruler."""
        before = self.folded[number][first - 1] if first else ""
        titles = self.gazetteer.lookup(before) if before else ()
        return bool(titles) and all(e.role is not None and not e.role.acts_for_state for e in titles)

    def _part_of_other_name(self, number: int, match: Match) -> bool:
        """Whether a surname is part of a longer name of somebody or something else ("Bush Theatre")."""
        tokens = self.sentences[number].tokens
        before = tokens[match.first - 1] if match.first else None
        after = tokens[match.last + 1] if match.last + 1 < len(tokens) else None
        if after is not None and after.entity in {"I-PER", "I-LOC", "I-ORG"}:
            return True
        if before is not None and tokens[match.first].entity == "I-PER" and before.entity.endswith("PER"):
            full = fold(span_text(self.sentences[number], match.first - 1, match.last))
            titles = self.gazetteer.lookup(before.text)
            if any(e.kind in {"office", "role"} for e in titles):
                return False
            return full not in self.knowledge.full_names
        return False


def stranger(name: str) -> Actor:
    """A person whom no table knows."""
    return Actor(id="person:" + fold(name).replace(" ", "-"), name=name, kind="person")


def short_forms(term: Term) -> Iterable[str]:
    """The folded short names of a term's bearer."""
    yield from map(fold, surnames(term.name, term.state))
    yield from (fold(a) for a in term.aliases if " " not in a)


def _years_away(term: Term, on: date) -> float:
    if term.covers(on):
        return 0.0
    if term.since and on < term.since:
        return (term.since - on).days / 365
    return (on - (term.until or on)).days / 365


def _mostly_lower(sentences: Sequence[Sentence]) -> bool:
    """Whether the text has lost its capitals."""
    letters = [t.text[0] for s in sentences for t in s.tokens if t.text[:1].isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) / len(letters) < 0.01


def span_text(sentence: Sentence, first: int, last: int) -> str:
    """The words from ``first`` to ``last`` joined by blanks, possessive marks glued."""
    text = " ".join(t.text for t in sentence.tokens[first : last + 1])
    return text.replace(" '", "'").replace(" ’", "’").replace(" - ", "-").replace(" .", ".")
