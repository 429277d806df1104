"""From surfaces to bare actors: which reading of each match holds in this document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from comity.knowledge import Knowledge, Term, fold
from comity.model import Actor, Record, Sentence, Token
from comity.understand.actors.gazetteer import RANK, Entry, Gazetteer, Match

STATE_KINDS = frozenset(
    {"name", "seat", "capital", "adjective", "demonym", "territory", "epithet", "foreign", "city", "damaged"}
)
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
ROLE_NAMES = {
    "head_of_state": "head of state",
    "head_of_government": "head of government",
    "foreign_minister": "foreign minister",
    "defence_minister": "defence minister",
}
SPORT = frozenset(
    [
        "match",
        "goal",
        "goals",
        "coach",
        "striker",
        "midfielder",
        "defender",
        "penalty",
        "league",
        "cup",
        "championship",
        "tournament",
        "quarterfinal",
        "semifinal",
        "semi-final",
        "final",
        "team",
        "squad",
        "referee",
        "stadium",
        "halftime",
        "scored",
        "qualifier",
        "medal",
        "race",
        "innings",
        "wicket",
        "batsman",
        "touchdown",
        "playoff",
    ]
)
YEARS_NEAR = 3


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
        self._introduce()
        self.sport = self._is_sport()
        self.states = Counter(
            e.code
            for ms in self.matches
            for m in ms
            for e in m.entries[:1]
            if e.kind in {"name", "adjective", "demonym", "capital"}
        )

    def _clear_codes(self) -> Counter[str]:
        """How often each actor is named by a surface that can mean no other."""
        counts: Counter[str] = Counter()
        for match in (m for ms in self.matches for m in ms):
            codes = {e.code for e in match.entries if e.kind in STATE_KINDS and e.kind != "city"}
            if len(codes) == 1:
                counts.update(codes)
        return counts

    def _scan(self, number: int) -> list[Match]:
        folded, tokens = self.folded[number], self.sentences[number].tokens
        found, i = [], 0
        while i < len(folded):
            match = self.gazetteer.at(folded, i)
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
        if entry.exact and entry.surface.isupper() and len(entry.surface) < 7:
            return text.replace(".", "") == entry.surface.replace(".", "").replace(" ", "")
        if text.isupper() and len(text) < 4 and not entry.surface.isupper():
            return False
        return any(c.isupper() for c in tokens[0].text[:2]) or any(t.text[:1].isupper() for t in tokens[:1])

    # -- people --------------------------------------------------------------------------------------

    def _introduce(self) -> None:
        """Everyone named in full, known or not, by the short name the rest of the text may use."""
        for number, matches in enumerate(self.matches):
            for match in matches:
                if match.entries[0].kind == "person":
                    term = self._term(match.entries[0].surface, number)
                    if term is not None:
                        actor = self.person(term)
                        tokens = self.folded[number][match.first : match.last + 1]
                        self.introduced.setdefault(tokens[-1], actor)
                        for short in self._short_forms(term):
                            self.introduced.setdefault(short, actor)
        for number, sentence in enumerate(self.sentences):
            for first, last in entity_spans(sentence.tokens, "PER"):
                self._introduce_stranger(number, first, last)

    def _short_forms(self, term: Term) -> Iterable[str]:
        return (
            (key for key, people in self.knowledge.short_names.items() if term.person in people)
            if False
            else (fold(e) for e in _shorts(self.knowledge, term))
        )

    def _introduce_stranger(self, number: int, first: int, last: int) -> None:
        """A full name that no table has: its last word stands for the person from here on."""
        sentence = self.sentences[number]
        if last == first or any(
            m.first <= last and first <= m.last and m.entries[0].kind == "person" for m in self.matches[number]
        ):
            return
        name = span_text(sentence, first, last)
        surname = self.folded[number][last]
        if surname not in self.introduced:
            self.introduced[surname] = Actor(id="person:" + fold(name).replace(" ", "-"), name=name, kind="person")

    def _term(self, surface: str, number: int) -> Term | None:
        found = self.knowledge.persons_on(surface, self.on[number])
        return found[0] if found else None

    def person(self, term: Term, on: date | None = None) -> Actor:
        """The actor of a person with the state and office of that day."""
        state = term.state
        return Actor(id="person:" + term.person, name=term.name, kind="person", state=state, office=term.title)

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
        if not entry.code:
            return None
        doubt = self._doubt(number, match, entry)
        if doubt <= 0.0:
            return None
        actor = self.actor(entry)
        confidence = CONFIDENCE.get(entry.kind, 0.8) * doubt * (0.4 if self.sport else 1.0)
        return Named(
            first=match.first,
            last=match.last,
            actor=actor,
            kind=entry.kind,
            confidence=confidence,
            why=f"'{entry.surface}' is {entry.kind} of {actor.name}",
            entry=entry,
        )

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
        return Actor(id=code, name=name, kind="state", state=code)

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
                actor=self.person(term),
                kind="person",
                confidence=1.0,
                why=f"{term.name}, {term.title} ({term.state})",
                entry=entry,
            )
        if not tokens[match.last].text[:1].isupper():
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
        if not all(t.upos == "PROPN" for t in tokens[-1:]):
            return None
        on = self.on[number]
        near = [
            t
            for t in self.knowledge.persons_on(entry.surface, on)
            if _years_away(t, on) <= YEARS_NEAR and t.role != "other"
        ]
        if not near:
            return None
        local = [t for t in near if self.states.get(t.state)] or near
        per = any(t.entity.endswith("PER") for t in tokens)
        top = [t for t in local if t.role in {"head_of_state", "head_of_government"} and t.covers(on)]
        if not per and not top:
            return None
        term = (top or local)[0]
        return Named(
            first=match.first,
            last=match.last,
            actor=self.person(term),
            kind="surname",
            confidence=0.85 if self.states.get(term.state) else 0.7,
            why=f"{term.name}, {term.title} ({term.state}) at the time",
            entry=entry,
        )

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

    # -- doubts about names of states -------------------------------------------------------------------

    def _doubt(self, number: int, match: Match, entry: Entry) -> float:
        """1 for a name that surely is the state here, 0 for one that is something else."""
        tokens = self.sentences[number].tokens
        span = tokens[match.first : match.last + 1]
        labels = {t.entity[2:] for t in span if t.entity != "O"}
        if (
            entry.kind in {"name", "capital", "city", "foreign", "damaged"}
            and "PER" in labels
            and not labels & {"LOC", "ORG"}
            and self._inside_person(number, match)
        ):
            return 0.0
        if (
            "ORG" in labels
            and entry.kind in {"name", "capital", "city", "adjective", "damaged"}
            and self._inside_company(number, match)
        ):
            return 0.25
        if entry.ambiguous:
            return self._ambiguous(number, match, entry)
        if entry.kind == "damaged" and span[0].upos not in {"PROPN", "X", "NOUN"}:
            return 0.0
        return 1.0

    def _inside_person(self, number: int, match: Match) -> bool:
        """Part of a longer person's name ("Michael Jordan", "Paris Hilton")."""
        tokens = self.sentences[number].tokens
        neighbours = [tokens[k] for k in (match.first - 1, match.last + 1) if 0 <= k < len(tokens)]
        return any(t.entity.endswith("PER") and t.text[:1].isupper() for t in neighbours)

    def _inside_company(self, number: int, match: Match) -> bool:
        """Part of the name of an organisation that is no organ of the state ("Bank of China", "Russia Today")."""
        tokens = self.sentences[number].tokens
        for first, last in entity_spans(tokens, "ORG"):
            if first <= match.first and match.last <= last and last > first:
                inside = [m for m in self.matches[number] if first <= m.first and m.last <= last]
                return not any(e.kind in {"office", "role"} for m in inside for e in m.entries)
        return False

    def _ambiguous(self, number: int, match: Match, entry: Entry) -> float:
        tokens = self.sentences[number].tokens
        token = tokens[match.first]
        if "common-word" in entry.ambiguous or "food" in entry.ambiguous:
            if not token.text[:1].isupper():
                return 0.0
            if match.first == 0 and token.upos not in {"PROPN", "ADJ"} and not self._elsewhere(number, entry):
                return 0.0
        if "person-name" in entry.ambiguous and token.entity.endswith("PER") and not self._elsewhere(number, entry):
            return 0.0
        if {"us-state", "other-place"} & set(entry.ambiguous):
            return self._which_place(entry)
        return 0.97

    def _elsewhere(self, number: int, entry: Entry) -> bool:
        """Whether the document names the same state by other words too."""
        return any(
            e.code == entry.code and e.kind != entry.kind
            for n, ms in enumerate(self.matches)
            for m in ms
            for e in m.entries
        )

    def _which_place(self, entry: Entry) -> float:
        """Georgia, the state of the USA or the country: the company it keeps decides."""
        state = self.knowledge.states.get(entry.code)
        if state is None:
            return 0.9
        near = {c for c, s in self.knowledge.states.items() if s.subregion == state.subregion and c != entry.code}
        others = {e.code for ms in self.matches for m in ms for e in m.entries if e.kind in STATE_KINDS}
        own = any(
            e.code == entry.code and e.surface != entry.surface for ms in self.matches for m in ms for e in m.entries
        )
        if own or others & near or others & {"RUS"}:
            return 0.97
        foreign = others - {entry.code, "USA"}
        if foreign:
            return 0.85
        return 0.0 if any(t.text in US_CUES for s in self.sentences for t in s.tokens) else 0.7

    def _is_sport(self) -> bool:
        hits = Counter(w for folded in self.folded for w in folded if w in SPORT)
        total = sum(len(f) for f in self.folded) or 1
        return len(hits) >= 3 and sum(hits.values()) / total > 0.015


US_CUES = frozenset(
    {
        "Atlanta",
        "Gov.",
        "Governor",
        "Sen.",
        "Senate",
        "Republican",
        "Democrat",
        "Republicans",
        "Democrats",
        "Florida",
        "Alabama",
        "Texas",
        "Tech",
        "Bulldogs",
        "county",
        "County",
        "Savannah",
    }
)


def _shorts(knowledge: Knowledge, term: Term) -> Iterable[str]:
    from comity.knowledge import surnames

    yield from surnames(term.name, term.state)
    yield from (a for a in term.aliases if " " not in a)


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


def entity_spans(tokens: Sequence[Token], label: str) -> list[tuple[int, int]]:
    """Entity spans of one class, as first and last token."""
    spans: list[tuple[int, int]] = []
    for i, token in enumerate(tokens):
        if token.entity == f"B-{label}":
            spans.append((i, i))
        elif token.entity == f"I-{label}" and spans and spans[-1][1] == i - 1:
            spans[-1] = (spans[-1][0], i)
    return spans


def span_text(sentence: Sentence, first: int, last: int) -> str:
    """The words from ``first`` to ``last`` joined by blanks, possessive marks glued."""
    text = " ".join(t.text for t in sentence.tokens[first : last + 1])
    return text.replace(" '", "'").replace(" ’", "’").replace(" - ", "-").replace(" .", ".")
