"""Whether a name of a state is that state here: Jordan the player, turkey the dish, Georgia of Atlanta."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from comity.knowledge import Knowledge
from comity.model import Sentence, Token
from comity.understand.actors.gazetteer import Entry, Match

STATE_KINDS = frozenset(
    {"name", "seat", "capital", "adjective", "demonym", "territory", "epithet", "foreign", "city", "damaged"}
)
PLACE_KINDS = frozenset({"name", "capital", "city", "foreign", "damaged"})
COMPANY_KINDS = frozenset({"name", "capital", "city", "adjective", "damaged"})
HALVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"PRK": ("KOR",), "KOR": ("PRK",), "CHN": ("TWN", "HKG"), "YMD": ("YEM",), "XSV": ("VNM",), "DDR": ("DEU",)}
)
"""States of one divided country: where one is named, "the North" may be the other."""
SPORT_WORDS, SPORT_SHARE = 3, 0.015
"""From how many words of sport, and which share of all words, a text is about sport."""


class Doubts:
    """Weighs the matches of one document."""

    def __init__(
        self, knowledge: Knowledge, sentences: Sequence[Sentence], matches: Sequence[Sequence[Match]]
    ) -> None:  # fmt: skip
        self.knowledge = knowledge
        self.sentences = sentences
        self.matches = matches
        self.sport = self._is_sport()

    def weight(self, number: int, match: Match, entry: Entry) -> float:
        """1 for a name that surely is the state here, 0 for one that is something else."""
        span = self.sentences[number].tokens[match.first : match.last + 1]
        if entry.kind in {"adjective", "demonym"} and self._people(number, match):
            return 0.0
        labels = {t.entity[2:] for t in span if t.entity != "O"}
        person = "PER" in labels and not labels & {"LOC", "ORG"}
        if entry.kind in PLACE_KINDS and person and self._inside_person(number, match):
            return 0.0
        if entry.kind == "city" and person and match.first == match.last:
            return 0.0  # "Jackson refused"
        if entry.kind in PLACE_KINDS | {"territory"} and self._given_name(number, match):
            return 0.0
        if entry.kind in COMPANY_KINDS and "ORG" in labels and self._inside_company(number, match):
            return 0.25
        if entry.ambiguous:
            return self._ambiguous(number, match, entry)
        if entry.kind == "damaged" and span[0].upos not in {"PROPN", "X", "NOUN"}:
            return 0.0
        return 1.0

    def _people(self, number: int, match: Match) -> bool:
        """ "Ethnic Albanian gunmen" of Macedonia: a people, not its state."""
        return match.first > 0 and self.sentences[number].tokens[match.first - 1].text.lower() == "ethnic"

    def _inside_person(self, number: int, match: Match) -> bool:
        """Part of a longer person's name ("Michael Jordan", "Paris Hilton")."""
        tokens = self.sentences[number].tokens
        neighbours = [tokens[k] for k in (match.first - 1, match.last + 1) if 0 <= k < len(tokens)]
        return any(t.entity.endswith("PER") and t.text[:1].isupper() for t in neighbours)

    def _given_name(self, number: int, match: Match) -> bool:
        """The first half of a name that no table knows ("Georgia O'Keeffe", "London Breed")."""
        tokens = self.sentences[number].tokens
        last, after = match.last, match.last + 1
        if match.first != last or after >= len(tokens) or any(m.first == after for m in self.matches[number]):
            return False
        name, following = tokens[last], tokens[after]
        joined = following.deprel == "flat" and following.head == last
        joined = joined or (name.deprel == "compound" and name.head == after and following.upos == "PROPN")
        one = following.entity.startswith("I-") and (
            after + 1 == len(tokens) or not tokens[after + 1].entity.startswith("I-")
        )
        word = following.text
        if not (joined and one and word[:1].isupper() and not word.isupper()):
            return False
        return word.lower() not in self.knowledge.words_of("placename") and self._alone(match)

    def _alone(self, match: Match) -> bool:
        """Whether no other words of the document name the same state."""
        codes = {e.code for e in match.entries}
        others = (m for ms in self.matches for m in ms if m is not match)
        return not any(e.code in codes and e.kind in STATE_KINDS for m in others for e in m.entries[:1])

    def _inside_company(self, number: int, match: Match) -> bool:
        """Part of the name of an organisation that is no organ of the state ("Bank of China", "Russia Today")."""
        for first, last in entity_spans(self.sentences[number].tokens, "ORG"):
            if first <= match.first and match.last <= last and last > first:
                inside = [m for m in self.matches[number] if first <= m.first and m.last <= last]
                return not any(e.kind in {"office", "role"} for m in inside for e in m.entries)
        return False

    def _ambiguous(self, number: int, match: Match, entry: Entry) -> float:
        led = match.last > match.first and entry.surface.startswith("the ") and entry.surface[4].isupper()
        token = self.sentences[number].tokens[match.first + led]
        if "context" in entry.ambiguous and not self._named_otherwise(entry):
            return 0.0
        if "common-word" in entry.ambiguous or "food" in entry.ambiguous:
            if not token.text[:1].isupper():
                return 0.0
            if match.first == 0 and token.upos not in {"PROPN", "ADJ"} and not self._named_otherwise(entry):
                return 0.0
        if "person-name" in entry.ambiguous and token.entity.endswith("PER") and not self._named_otherwise(entry):
            return 0.0
        if {"us-state", "other-place"} & set(entry.ambiguous):
            return self._which_place(entry)
        return 0.9 if "context" in entry.ambiguous else 0.97

    def _entries(self) -> Iterator[Entry]:
        return (e for ms in self.matches for m in ms for e in m.entries)

    def _named_otherwise(self, entry: Entry) -> bool:
        """Whether the document names the same state by other words too."""
        codes = {entry.code, *HALVES.get(entry.code, ())}
        others = (e for e in self._entries() if e.code in codes and e.surface != entry.surface)
        return any("context" not in e.ambiguous for e in others)

    def _which_place(self, entry: Entry) -> float:
        """Georgia, the state of the USA or the country: the company it keeps decides."""
        state = self.knowledge.states.get(entry.code)
        if state is None:
            return 0.9
        near = {c for c, s in self.knowledge.states.items() if s.subregion == state.subregion and c != entry.code}
        others = {e.code for e in self._entries() if e.kind in STATE_KINDS}
        own = any(e.code == entry.code and e.surface != entry.surface for e in self._entries())
        if own or others & near:
            return 0.97
        if others - {entry.code, "USA"}:
            return 0.85
        american = self.knowledge.words_of("american")
        return 0.0 if any(t.text in american for s in self.sentences for t in s.tokens) else 0.7

    def _is_sport(self) -> bool:
        words = [t.text.lower() for s in self.sentences for t in s.tokens]
        games = self.knowledge.words_of("game")
        hits = Counter(w for w in words if w in games)
        return len(hits) >= SPORT_WORDS and hits.total() / (len(words) or 1) > SPORT_SHARE


def entity_spans(tokens: Sequence[Token], label: str) -> list[tuple[int, int]]:
    """Entity spans of one class, as first and last token."""
    spans: list[tuple[int, int]] = []
    for i, token in enumerate(tokens):
        if token.entity == f"B-{label}":
            spans.append((i, i))
        elif token.entity == f"I-{label}" and spans and spans[-1][1] == i - 1:
            spans[-1] = (spans[-1][0], i)
    return spans
