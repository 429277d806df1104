"""Bare names grow into noun phrases: "the Russian foreign minister, Sergei Lavrov", "troops from Chad"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from comity.knowledge import Knowledge, fold
from comity.model import Actor, Mention, Record, Sentence, Token
from comity.understand.actors.doubts import STATE_KINDS, entity_spans
from comity.understand.actors.holders import STATE_OFFICES, Holders, acts_for_state, person_of, sector_of
from comity.understand.actors.memory import state_actor
from comity.understand.actors.names import Named, Names, span_text, stranger

LEFT = frozenset({"ADJ", "NOUN", "PROPN", "NUM", "PART", "PUNCT", "ADV", "VERB"})
LINKS = frozenset({"of", "for", "in", "from", "to"})
MAX_LEFT = 7
STATES_LEAVE = frozenset({"country", "nation", "state", "government", "regime", "junta", "republic", "kingdom"})
LONG_ENOUGH = 7
"""Letters of a misspelt name that the model takes for nobody's."""
SHORTEST = 3
"""Letters that a surname needs to be known again without the model's word for it."""
POSSESSIVES = frozenset({"its", "his", "her", "their", "our", "my", "your"})
CHAINED = frozenset({"ADP", "DET", "ADJ", "NOUN", "PROPN", "PART"})
BODIES = frozenset({"group", "organisation"})
SERVES = frozenset({"adviser", "security_adviser"})
"""Offices that are named by whom they serve: "adviser to Moscow"."""


class Open(Record, frozen=True):
    """An office or a role word whose state the phrase does not tell: left to the discourse."""

    named: Named
    first: int
    last: int
    definite: bool
    backer: str | None = None
    """The state that backs them and is therefore not theirs ("US-backed rebels")."""


class Phrases:
    """Builds the mentions of one sentence from its bare names."""

    def __init__(self, names: Names, number: int) -> None:
        self.names = names
        self.number = number
        self.sentence: Sentence = names.sentences[number]
        self.tokens: tuple[Token, ...] = self.sentence.tokens
        self.knowledge: Knowledge = names.knowledge
        self.holders = Holders(names.knowledge, names.on[number])
        self.named = [n for n in (names.resolve(number, m) for m in names.matches[number]) if n is not None]
        self._by_token = {k: n for n in self.named for k in range(n.first, n.last + 1)}
        self.used: set[int] = set()
        self.mentions: list[Mention] = []
        self.open: list[Open] = []

    def build(self) -> None:
        """Fill ``mentions`` and ``open``."""
        for named in self.named:
            if named.kind in {"office", "role"} and named.first not in self.used and not self._from_aside(named):
                self._titled(named)
        for named in self.named:
            if named.first in self.used or named.actor is None:
                continue
            self._add(named.first, named.last, (named.actor,), named.kind, named.confidence, named.why)
        self._acronyms()
        self._strangers()
        self.mentions.sort(key=lambda m: m.first)

    # -- offices and roles ---------------------------------------------------------------------------

    def _titled(self, named: Named) -> None:
        """An office or role word with its state and, where given, its bearer's name."""
        assert named.entry is not None
        first, states = self.left_states(named.first)
        last = named.last
        if not states and not self._posted(named):
            right, states = self.right_states(last)
            if (
                self.tokens[last].text.lower() in STATES_LEAVE
                and self.tokens[last + 1 : last + 2]
                and (self.tokens[last + 1].text.lower() == "from")
            ):
                states = []  # "suspended the country from the Commonwealth"
            last = right if states else last
            states = states or self._served(named)
        bearer = self.bearer(named.last if not states or last == named.last else last)
        if bearer is None:
            end, owners = self._chain(named.last)
            bearer = self.bearer(end) if end > named.last else None
            if bearer is not None:
                states = states or owners
        if bearer is None:
            bearer = self.bearer_before(first)
        if bearer is not None:
            self._with_bearer(named, first, last, states, bearer)
            return
        if (
            named.entry.office is not None
            and named.entry.office.states
            and not states
            and len(named.entry.office.states) == 1
        ):
            states = [self._state_actor(named.entry.office.states[0])]
        if not states:
            definite = first > 0 and self.tokens[first - 1].text.lower() in self.knowledge.words_of("definite")
            backer = self._backer(named.first)
            self.open.append(Open(named=named, first=first, last=last, definite=definite, backer=backer))
            return
        actors = tuple(dict.fromkeys(a for s in states for a in [self.hold(named, s)] if a is not None))
        if actors:
            how = "office" if named.kind == "office" else "group" if self._is_group(states) else "role"
            self._add(first, last, actors, how, 0.93, f"{span_text(self.sentence, first, last)}")

    def _served(self, named: Named) -> list[Actor]:
        """ "A spokesman for President Laurent Kabila": the state of whoever he speaks for."""
        k = named.last + 1
        if k >= len(self.tokens) or self.tokens[k].text.lower() not in {"for", "of", "to"}:
            return []
        k += 1
        whole = self._of_a_body(k) if self.tokens[k - 1].text.lower() == "of" else None
        if whole is not None or named.kind != "office":
            return [whole] if whole is not None else []
        while (title := self._by_token.get(k)) is not None and title.kind == "office":
            k = title.last + 1
        person = self._by_token.get(k)
        known = person is not None and person.kind in {"person", "surname"} and person.first == k
        state = person.actor.state if known and person is not None and person.actor is not None else None
        return [self._state_actor(state)] if state and state in self.knowledge.states else []

    def _of_a_body(self, k: int) -> Actor | None:
        """ "Ships of the Turkish navy": the state of the body whose they are."""
        k += self.tokens[k].text.lower() in {"the", "its", "a", "an"} if k < len(self.tokens) else 0
        state = self._by_token.get(k)
        if state is None or state.kind != "adjective":
            return None
        body = self._by_token.get(state.last + 1)
        if body is None or body.kind not in {"office", "role"} or body.entry is None:
            return None
        return state.actor if acts_for_state(body.entry) else None

    def _from_aside(self, named: Named) -> bool:
        """Words for the other side ("his Russian counterpart", "the old rival") are left to the discourse."""
        words = self.knowledge.words_of
        last = self.tokens[named.last].text.lower()
        if last in words("counterpart"):
            return True
        if last not in words("opponents") | words("guest"):
            return False
        start, states = self.left_states(named.first)
        owned = any(t.text in {"'s", "’s", "'", "’"} for t in self.tokens[start : named.first])
        return not states or (owned and self.right_states(named.last)[0] == named.last)

    def _is_group(self, states: Sequence[Named | Actor]) -> bool:
        return any(getattr(s, "kind", "") == "group" for s in states)

    def _state_actor(self, code: str) -> Actor:
        return state_actor(self.knowledge, code)

    def left_states(self, i: int) -> tuple[int, list[Actor]]:
        """States in front of the word inside its noun phrase, and where the phrase begins."""
        states: list[Actor] = []
        k, start = i - 1, i
        while k >= 0 and i - k <= MAX_LEFT:
            token = self.tokens[k]
            named = self._by_token.get(k)
            if named is not None and named.actor is not None and named.kind in STATE_KINDS | {"organisation", "group"}:
                if self._backed(named.last):
                    break
                states.insert(0, named.actor)
                k = start = named.first
                k -= 1
                if (
                    k >= 1
                    and self.tokens[k].text.lower() in {"and", ",", "-", "–", "&"}
                    and self._by_token.get(k - 1) is not None
                    and self._by_token[k - 1].actor is not None
                    and not (self.tokens[k].text == "," and self._said_aside(i))
                ):
                    k -= 1
                    continue
                break
            if token.upos == "NUM" and k and (given := self._by_token.get(k - 1)) and given.kind in {"name", "capital"}:
                break  # "offered Macedonia two helicopters"
            if token.upos not in LEFT or token.text in {",", "(", ")", ";", ":", "“", "”", '"'}:
                break
            if token.upos == "VERB" and token.xpos not in {"VBN", "VBG"}:
                break
            if named is not None and named.kind == "person":
                break
            if token.upos == "PUNCT" and token.text not in {"-", "–"}:
                break
            k -= 1
        return (start, states) if states else (i, [])

    def _said_aside(self, i: int) -> bool:
        """ "Rwanda, UN experts write, has armed them": whether a word is followed by a verb and a comma."""
        after = self.tokens[i + 1 : i + 4]
        verb = next((k for k, t in enumerate(after) if t.upos in {"VERB", "AUX"}), len(after))
        return [t.text for t in after[verb + 1 : verb + 2]] == [","]

    def _posted(self, named: Named) -> bool:
        """ "its ambassador from Quito", "a delegation to Peru": what follows is where they serve."""
        owned = named.first > 0 and self.tokens[named.first - 1].text.lower() in POSSESSIVES
        following = self.tokens[named.last + 1].text.lower() if named.last + 1 < len(self.tokens) else ""
        serves = named.entry is not None and named.entry.office is not None and named.entry.office.role in SERVES
        return (owned and following != "of") or (following == "to" and not serves)

    def _backer(self, i: int) -> str | None:
        near = (n for n in self.named if n.last < i <= n.last + MAX_LEFT and n.actor is not None)
        return next((n.actor.state for n in near if n.actor is not None and self._backed(n.last)), None)

    def _backed(self, k: int) -> bool:
        """ "US-backed rebels" are not the rebels of the US."""
        following = [t.text.lower() for t in self.tokens[k + 1 : k + 3]]
        return any(w.split("-")[-1] in self.knowledge.words_of("participle") for w in following)

    def _adjective_behind(self, i: int) -> Named | None:
        """ "the president Ivorian", as machines translate: an adjective that stands before no other word."""
        named = self._by_token.get(i + 1)
        if named is None or named.kind != "adjective" or self.tokens[i].text[:1].isupper():
            return None
        after = self.tokens[named.last + 1 : named.last + 2]
        bound = any(t.upos in {"NOUN", "PROPN", "ADJ", "NUM"} or t.text in {"-", "–"} for t in after)
        return None if bound else named

    def right_states(self, i: int) -> tuple[int, list[Actor]]:
        """States after the word: "of Chad and Niger", "from the EU"; returns the last token used."""
        k = i + 1
        behind = self._adjective_behind(i)
        if behind is not None:
            return behind.last, [behind.actor] if behind.actor is not None else []
        if k >= len(self.tokens) or self.tokens[k].text.lower() not in LINKS:
            return i, []
        link = self.tokens[k].text.lower()
        k += 1
        states: list[Actor] = []
        last = i
        while k < len(self.tokens):
            token = self.tokens[k]
            named = self._by_token.get(k)
            if named is not None and named.actor is not None and named.kind in STATE_KINDS | {"organisation", "group"}:
                if link == "to" and named.kind in {"adjective", "demonym"}:
                    break
                if (
                    named.kind == "adjective"
                    and named.last + 1 < len(self.tokens)
                    and self.tokens[named.last + 1].upos in {"NOUN", "PROPN"}
                ):
                    break
                states.append(named.actor)
                last = named.last
                k = named.last + 1
                continue
            if named is not None and named.entry is not None and named.entry.plural and named.entry.plural.members:
                return named.last, [self._state_actor(code) for code in named.entry.plural.members]
            if token.text.lower() in {"the", "and", ",", "both"} and (
                not states or token.text.lower() != "the" or self.tokens[k - 1].text.lower() in {"and", ","}
            ):
                k += 1
                continue
            break
        return last, states

    def bearer(self, i: int) -> Named | None:
        """The person named right after an office: "President Putin", "the president, Vladimir Putin,"."""
        k = i + 1
        if k < len(self.tokens) and self.tokens[k].text == ",":
            k = self._past_titles(k + 1)
            person = self._person_at(k)
            after = person.last + 1 if person else 0
            closed = person is not None and (after >= len(self.tokens) or self.tokens[after].text in {",", ".", ")"})
            return person if closed and person is not None and person.last > person.first else None
        return self._person_at(self._past_titles(k))

    def _past_titles(self, k: int) -> int:
        while k < len(self.tokens) and self.tokens[k].text.lower() in self.knowledge.words_of("title"):
            k += 1
        return k

    def _chain(self, i: int) -> tuple[int, list[Actor]]:
        """ "the spokesman of the Indian foreign ministry, ...": where that ends, and its state."""
        k, states = i + 1, []
        if k >= len(self.tokens) or self.tokens[k].text.lower() not in {"of", "for", "at", "to", "in"}:
            return i, []
        while k < len(self.tokens) and k - i <= MAX_LEFT and self.tokens[k].text != ",":
            token, named = self.tokens[k], self._by_token.get(k)
            if token.upos not in CHAINED or token.entity.endswith("PER"):
                return i, []
            if named is not None and named.actor is not None and named.actor.state and named.first == k:
                states.append(named.actor)
            k += 1
        theirs = states[:1] if self.tokens[i + 1].text.lower() not in {"to", "in"} else []  # "envoy to Angola, ..."
        return (k - 1, theirs) if k < len(self.tokens) and self.tokens[k].text == "," else (i, [])

    def bearer_before(self, first: int) -> Named | None:
        """The person whom the office explains: "Sergei Lavrov, the Russian foreign minister, said"."""
        k = first - 1
        while k >= 0 and self.tokens[k].text.lower() in {"the", "a", "an", "then", "former", "long-time"}:
            k -= 1
        if k >= 1 and self.tokens[k].text == ",":
            person = self._person_ending(k - 1)
            if person is not None:
                return person
        return None

    def _person_at(self, k: int) -> Named | None:
        named = self._by_token.get(k)
        if named is not None and named.first == k and named.kind in {"person", "surname"}:
            return named
        for first, last in self._people():
            if first == k:
                return self._stranger(first, last)
        if k < len(self.tokens) and self.tokens[k].entity == "I-PER" and k > 0:
            end = k
            while end + 1 < len(self.tokens) and self.tokens[end + 1].entity == "I-PER":
                end += 1
            return self._stranger(k, end)
        return None

    def _person_ending(self, k: int) -> Named | None:
        named = self._by_token.get(k)
        if named is not None and named.last == k and named.kind in {"person", "surname"}:
            return named
        for first, last in self._people():
            if last == k and last > first:
                return self._stranger(first, last)
        return None

    def _people(self) -> Iterator[tuple[int, int]]:
        """Names that the tagger takes for people, without known groups ("Ansar Dine, the jihadist force that ...")."""
        for first, last in entity_spans(self.tokens, "PER"):
            named = self._by_token.get(last)
            if named is None or named.kind not in BODIES or named.first > first:
                yield first, last

    def _stranger(self, first: int, last: int) -> Named:
        name = span_text(self.sentence, first, last)
        word = fold(self.tokens[last].text)
        actor = (self.names.introduced.get(word) or self.names.parts.get(word)) if first == last else None
        titled = first == last and first > 0 and self._is_title(first - 1)
        actor = actor or self.names.recognised.get(fold(name)) or self._misspelt(name, titled) or stranger(name)
        return Named(first=first, last=last, actor=actor, kind="person", confidence=0.9, why=f"named '{name}'")

    def _is_title(self, k: int) -> bool:
        """Whether a token ends an office or a title."""
        named = self._by_token.get(k)
        office = named is not None and named.kind == "office"
        return office or self.tokens[k].text.lower() in self.knowledge.words_of("title")

    def _misspelt(self, name: str, titled: bool = False) -> Actor | None:
        term = self.names.misspelt(name, self.number, titled=titled)
        return person_of(term, term.state) if term is not None else None

    def _with_bearer(self, named: Named, first: int, last: int, states: Sequence[Actor], bearer: Named) -> None:
        """Office and name are one mention; an unknown bearer acts for the state of the office."""
        assert bearer.actor is not None and named.entry is not None
        actor = bearer.actor
        title = span_text(self.sentence, named.first, named.last)
        if actor.state is None or (
            states and states[0].state not in {actor.state, None} and not self._ever_of(actor, states[0].state)
        ):
            state = states[0].state if states else self._implied_state(named)
            state = state if acts_for_state(named.entry) else None
            sector = sector_of(named.entry)
            actor = Actor(id=actor.id, name=actor.name, kind="person", state=state, office=title, sector=sector)
        self.names.introduced[fold(self.tokens[bearer.last].text)] = actor
        self._add(
            min(first, bearer.first),
            max(last, bearer.last),
            (actor,),
            "person",
            min(bearer.confidence, 0.97),
            f"{actor.name}, {title}" + (f" of {actor.state}" if actor.state else ""),
        )

    def _implied_state(self, named: Named) -> str | None:
        office = named.entry.office if named.entry else None
        if office is not None and len(office.states) == 1:
            return office.states[0]
        # an officer or an official may be anybody's
        own = office is not None and office.role in STATE_OFFICES
        return self.names.states.most_common(1)[0][0] if self.names.states and own else None

    def _ever_of(self, actor: Actor, state: str | None) -> bool:
        person = actor.id.partition(":")[2]
        return any(t.state == state for t in self.knowledge.terms_of(person)) or (state in self.knowledge.organisations)

    def hold(self, named: Named, state: Actor) -> Actor | None:
        """Who is meant by an office or role word of a state at the day of the sentence."""
        assert named.entry is not None
        return self.holders.hold(named.entry, state, self.tokens[named.last])

    def _acronyms(self) -> None:
        """ "The Yugoslav Army (VJ)": from here on the letters mean whoever was named before them."""
        texts = [t.text for t in self.tokens]
        for mention in list(self.mentions):
            k = mention.last + 1
            if texts[k : k + 1] == ["("] and texts[k + 2 : k + 3] == [")"] and _is_acronym(texts[k + 1]):
                self.names.acronyms.setdefault(texts[k + 1], mention.actors)
        for i, text in enumerate(texts):
            known = self.names.acronyms.get(text)
            if known is not None and i not in self.used:
                self._add(i, i, known, "organisation", 0.9, f"'{text}' as introduced before")

    # -- the rest --------------------------------------------------------------------------------------

    def _strangers(self) -> None:
        """Persons whom no table knows are mentions too: they speak and are spoken to."""
        for first, last in entity_spans(self.tokens, "PER"):
            if any(k in self.used for k in range(first, last + 1)):
                continue
            if first == last and self.tokens[first].text.islower() and not self.names.lower:
                continue  # a common noun that was taken for a name
            known = self._known(first, last)
            named = self._stranger(first, last)
            actor = (
                known
                if known is not None and (first == last or known.name.endswith(self.tokens[last].text))
                else named.actor
            )
            if actor is not None:
                self._add(first, last, (actor,), "person", 0.85, f"named '{actor.name}'")
        self._surnames()

    def _known(self, first: int, last: int) -> Actor | None:
        """Who was introduced under the last word of a name, or, of one word, under an inner one."""
        word = fold(self.tokens[last].text)
        return self.names.introduced.get(word) or (self.names.parts.get(word) if first == last else None)

    def _surnames(self) -> None:
        """Surnames of people introduced before that the model took for something else."""
        for i, token in enumerate(self.tokens):
            if i in self.used or token.upos != "PROPN" or not token.text[:1].isupper() or len(token.text) < SHORTEST:
                continue
            beside = {self.tokens[k].upos for k in (i - 1, i + 1) if 0 <= k < len(self.tokens)}
            known = self.names.introduced.get(fold(token.text))
            if known is not None and "PROPN" not in beside:
                self._add(i, i, (known,), "surname", 0.8, f"{known.name}, named before")
            elif "PROPN" not in beside:
                self._misspelt_alone(i)

    def _misspelt_alone(self, i: int) -> None:
        """A leader or a state under a name that is a letter off, which the model takes for something else."""
        token = self.tokens[i]
        if self.knowledge.named(token.text):
            return  # a name that is right, of a place that is meant otherwise
        actor = self._misspelt(token.text) if len(token.text) >= LONG_ENOUGH else None
        if actor is None and not token.entity.endswith(("PER", "ORG")):
            code = self.knowledge.state_spelt_like(token.text)
            actor = self._state_actor(code) if code is not None else None
        if actor is not None:
            self._add(i, i, (actor,), "damaged", 0.6, f"'{token.text}' is {actor.name}, misspelt")

    def _add(self, first: int, last: int, actors: tuple[Actor, ...], how: str, confidence: float, why: str) -> None:
        self.used.update(range(first, last + 1))
        self.mentions.append(make_mention(self.sentence, self.number, first, last, actors, how, confidence, why))


def make_mention(
    sentence: Sentence,
    number: int,
    first: int,
    last: int,
    actors: tuple[Actor, ...],
    how: str,
    confidence: float,
    why: str,
) -> Mention:
    """A mention record; its head is the token of the span that is governed from outside."""
    tokens = sentence.tokens
    head = next((k for k in range(first, last + 1) if not first <= tokens[k].head <= last), last)
    return Mention(
        start=tokens[first].start,
        end=tokens[last].end,
        sentence=number,
        first=first,
        last=last,
        head=head,
        actors=actors,
        how=how,
        confidence=round(confidence, 3),
        why=why,
    )


def _is_acronym(text: str) -> bool:
    return text.isalpha() and sum(c.isupper() for c in text) > 1 and len(text) < 9
