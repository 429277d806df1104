"""Who is meant by "he", "the president", "his counterpart", "the two countries".

The document is walked in order.  Candidates are what was mentioned before; the
nearest that agrees in number, gender and kind wins, subjects before others, as
in the salience lists of Lappin and Leass (1994).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from comity.knowledge import Knowledge
from comity.model import Actor, Mention, Quote, Record, Sentence, Span
from comity.understand.actors.names import STATE_KINDS, Names
from comity.understand.actors.phrases import Open, Phrases, make_mention
from comity.understand.tree import SUBJECTS, Tree

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
FIRST = frozenset({"i", "me", "my", "we", "us", "our", "ours", "mine"})
SECOND = frozenset({"you", "your", "yours"})
COUNTERPARTS = frozenset({"counterpart", "counterparts", "opposite", "homologue", "colleague", "homologous"})
WINDOW = 3
SECTOR_HEADS = frozenset({"sector", "role", "office"})


class Seen(Record, frozen=True):
    """A mention that later words may refer to."""

    mention: Mention
    subject: bool
    gender: str


class Discourse:
    """Resolves what refers back, sentence by sentence."""

    def __init__(self, names: Names, trees: Sequence[Tree]) -> None:
        self.names = names
        self.knowledge: Knowledge = names.knowledge
        self.trees = trees
        self.seen: list[Seen] = []

    def walk(self, number: int, phrases: Phrases) -> list[Mention]:
        """All mentions of one sentence, those that refer back included."""
        tree = self.trees[number]
        pending: list[tuple[int, Callable[[], Mention | None]]] = []
        for mention in phrases.mentions:
            pending.append((mention.first, lambda m=mention: m))  # type: ignore[misc]
        for word in phrases.open:
            pending.append((word.first, lambda w=word: self._open(number, w, phrases)))  # type: ignore[misc]
        for named in phrases.named:
            if named.kind == "plural" and named.first not in phrases.used:
                pending.append((named.first, lambda n=named: self._plural(number, n.first, n.last, n)))  # type: ignore[misc]
        for i in range(len(tree)):
            if i not in phrases.used and tree.tokens[i].upos in {"PRON", "DET"}:
                pending.append((i, lambda k=i: self._pronoun(number, k)))  # type: ignore[misc]
            elif i not in phrases.used and tree.low(i) in COUNTERPARTS:
                pending.append((i, lambda k=i: self._counterpart(number, k, phrases)))  # type: ignore[misc]
        found: list[Mention] = []
        for _, make in sorted(pending, key=lambda p: p[0]):
            made = make()
            if made is None:
                continue
            found = [
                m
                for m in found
                if not (
                    made.first <= m.first
                    and m.last <= made.last
                    and m.how in {"adjective", "surname", "person"}
                    and made.how == "counterpart"
                )
            ]
            found.append(made)
            self._remember(tree, made)
        return sorted(found, key=lambda m: (m.first, m.last))

    def _remember(self, tree: Tree, mention: Mention) -> None:
        head = mention.head
        relation = tree.rel(head)
        self.seen.append(
            Seen(
                mention=mention,
                subject=relation in SUBJECTS or relation == "root",
                gender=self._gender(mention.actors),
            )
        )
        del self.seen[:-60]

    def _gender(self, actors: Iterable[Actor]) -> str:
        for actor in actors:
            if actor.kind == "person":
                terms = self.knowledge.terms_of(actor.id.partition(":")[2])
                return terms[0].gender if terms else ""
        return ""

    # -- candidates -------------------------------------------------------------------------------------

    def _recent(self, number: int, fits: Callable[[Seen], bool]) -> list[Seen]:
        """Fitting candidates, best first: nearer sentences, subjects, then recency inside the sentence."""
        ranked = []
        for age, seen in enumerate(reversed(self.seen)):
            gap = number - seen.mention.sentence
            if gap > WINDOW:
                break
            if fits(seen):
                bonus = 1.2 if seen.subject else 0.0
                bonus += 0.3 if seen.mention.how in {"person", "surname"} else 0.0
                ranked.append((gap - bonus + 0.03 * age, age, seen))
        ranked.sort(key=lambda r: r[:2])
        return [r[2] for r in ranked]

    # -- pronouns ---------------------------------------------------------------------------------------

    def _pronoun(self, number: int, i: int) -> Mention | None:
        word = self.trees[number].low(i)
        if word in MASCULINE or word in FEMININE:
            gender = "m" if word in MASCULINE else "f"
            return self._pick(number, i, lambda s: self._singular_person(s, gender, number, i), 0.85)
        if word in NEUTER:
            if self._expletive(number, i):
                return None
            return self._pick(number, i, self._body, 0.7)
        if word in PLURAL:
            return self._they(number, i)
        return None

    def _singular_person(self, seen: Seen, gender: str, number: int, i: int) -> bool:
        if len(seen.mention.actors) != 1 or seen.mention.actors[0].kind != "person":
            return False
        if seen.gender and seen.gender != gender:
            return False
        return not self._coargument(number, i, seen.mention)

    def _coargument(self, number: int, i: int, mention: Mention) -> bool:
        """A pronoun cannot be the other argument of its own verb ("Xi told him")."""
        tree = self.trees[number]
        if mention.sentence != number or tree.rel(i) == "nmod:poss":
            return False
        return tree.head(mention.head) == tree.head(i) and tree.head(i) >= 0

    def _expletive(self, number: int, i: int) -> bool:
        tree = self.trees[number]
        return tree.rel(i) == "expl" or (
            tree.head(i) >= 0
            and bool(tree.kids(tree.head(i), "csubj", "ccomp"))
            and tree.rel(i) in SUBJECTS
            and tree.tokens[tree.head(i)].upos == "ADJ"
        )

    def _body(self, seen: Seen) -> bool:
        actors = seen.mention.actors
        return (
            len({a.state for a in actors}) == 1
            and actors[0].kind != "person"
            and seen.mention.how not in {"adjective", "city", "pronoun-they"}
        )

    def _they(self, number: int, i: int) -> Mention | None:
        plural = self._recent(number, lambda s: len({a.state for a in s.mention.actors}) > 1 or self._many(s))
        if plural:
            return self._make(number, i, i, plural[0].mention.actors, "pronoun", 0.7, plural[0].mention)
        pair = self._pair(number, 2)
        if pair and self.trees[number].low(i) in PLURAL:
            return self._make(number, i, i, pair, "pronoun", 0.5, None)
        return None

    def _many(self, seen: Seen) -> bool:
        mention = seen.mention
        token = self.trees[mention.sentence].tokens[mention.head]
        return (
            mention.how in {"demonym", "role", "group"}
            or (mention.how == "office" and token.xpos in {"NNS", "NNPS"})
            or all(a.kind == "group" for a in mention.actors)
        )

    def _pick(self, number: int, i: int, fits: Callable[[Seen], bool], confidence: float) -> Mention | None:
        found = self._recent(number, fits)
        if not found:
            return None
        rivals = {s.mention.actors[0].id for s in found[:3]}
        return self._make(
            number,
            i,
            i,
            found[0].mention.actors,
            "pronoun",
            confidence if len(rivals) == 1 else confidence - 0.1,
            found[0].mention,
        )

    def _make(
        self,
        number: int,
        first: int,
        last: int,
        actors: tuple[Actor, ...],
        how: str,
        confidence: float,
        antecedent: Mention | None,
    ) -> Mention:
        tree = self.trees[number]
        why = f"'{' '.join(t.text for t in tree.tokens[first : last + 1])}' is {', '.join(a.name for a in actors)}"
        if antecedent is not None:
            why += f", named at {antecedent.start}"
            confidence *= 0.5 + 0.5 * antecedent.confidence
        return make_mention(tree.sentence, number, first, last, actors, how, confidence, why)

    # -- definite descriptions ----------------------------------------------------------------------------

    def _open(self, number: int, word: Open, phrases: Phrases) -> Mention | None:
        """ "the president", "the army", "police": whoever fits best among the states in view."""
        named = word.named
        entry = named.entry
        assert entry is not None
        tree = self.trees[number]
        if tree.tokens[named.last].upos not in {"NOUN", "PROPN", "ADJ"}:
            return None
        if entry.office is not None and not entry.many:
            known = self._recent(
                number, lambda s: self._bears(s, entry.office.role if entry.office else "", entry.surface)
            )
            if known and word.definite:
                return self._make(
                    number, named.first, named.last, known[0].mention.actors, "office", 0.8, known[0].mention
                )
        if entry.office is None and not word.definite and entry.role is not None and entry.role.kind == "person":
            return None
        owners, sure = self._owners(number, named.first, named.last, phrases)
        actors = tuple(a for a in (phrases.hold(named, owner) for owner in owners) if a is not None)
        if not actors:
            return None
        confidence = 0.8 if sure else 0.6 if word.definite else 0.5
        names = ", ".join(owner.name for owner in owners)
        why = f"'{entry.surface}' of {names}" + ("" if sure else ", the state in view")
        return make_mention(tree.sentence, number, named.first, named.last, actors, "role", confidence, why)

    def _bears(self, seen: Seen, role: str, surface: str) -> bool:
        actors = seen.mention.actors
        if len(actors) != 1 or actors[0].kind != "person" or not actors[0].office:
            return False
        office = actors[0].office.lower()
        return (
            surface in office
            or office in surface
            or any(
                t.role == role and t.title == actors[0].office
                for t in self.knowledge.terms_of(actors[0].id.partition(":")[2])
            )
        )

    def _owners(self, number: int, first: int, last: int, phrases: Phrases) -> tuple[tuple[Actor, ...], bool]:
        """Whose army, envoys, leaders: by a possessive or "of the two countries", else the state in view.

        The flag says whether the words themselves tell.
        """
        tree = self.trees[number]
        head = next((k for k in range(first, last + 1) if not first <= tree.head(k) <= last), last)
        for kid in tree.kids(head, "nmod:poss"):
            told = next(
                (
                    s.mention
                    for s in reversed(self.seen)
                    if s.mention.sentence == number and s.mention.first <= kid <= s.mention.last
                ),
                None,
            )
            if told is not None:
                return tuple(self._state(a) for a in told.actors if a.state), True
        after = next((n for n in phrases.named if n.kind == "plural" and last < n.first <= last + 3), None)
        if after is not None and last + 1 < len(tree) and tree.low(last + 1) in {"of", "from"}:
            plural = self._plural(number, after.first, after.last, after)
            if plural is not None:
                return plural.actors, True
        owner = self._owner(number)
        return ((owner,), False) if owner is not None else ((), False)

    def _owner(self, number: int) -> Actor | None:
        """The nearest state named, else the text's main state."""
        near = self._recent(
            number,
            lambda s: (
                len(s.mention.actors) == 1
                and s.mention.actors[0].kind in {"state", "person", "sector"}
                and s.mention.actors[0].state in self.knowledge.states
                and s.mention.how != "pronoun"
            ),
        )
        if near and near[0].mention.sentence >= number - 1:
            return self._state(near[0].mention.actors[0])
        if self.names.states:
            code = self.names.states.most_common(1)[0][0]
            return Actor(id=code, name=self.knowledge.actor_name(code), kind="state", state=code)
        return None

    def _state(self, actor: Actor) -> Actor:
        code = actor.state or ""
        return Actor(id=code, name=self.knowledge.actor_name(code), kind="state", state=code)

    # -- counterparts and plurals ----------------------------------------------------------------------------

    def _counterpart(self, number: int, i: int, phrases: Phrases) -> Mention | None:
        """ "his Russian counterpart Vladimir Putin": the same office on the other side."""
        bearer = phrases._bearer(i)
        first, states = phrases._left_states(i)
        last = i
        if not states:
            last, states = phrases._right_states(i)
        if bearer is not None and bearer.actor is not None:
            actor = bearer.actor
            if actor.state is None and states:
                actor = Actor(id=actor.id, name=actor.name, kind="person", state=states[0].state, office="counterpart")
            return self._make(number, min(first, i), bearer.last, (actor,), "counterpart", 0.95, None)
        if not states:
            return self._other_side(number, i)
        antecedent = self._recent(
            number,
            lambda s: (
                len(s.mention.actors) == 1
                and bool(s.mention.actors[0].office)
                and s.mention.actors[0].state != states[0].state
            ),
        )
        made = []
        for state in states:
            term = None
            if antecedent:
                term = self._same_office(antecedent[0].mention.actors[0], state)
            term = term or self.knowledge.leader(state.state or "", self.names.on[number])
            made.append(
                Actor(
                    id="person:" + term.person,
                    name=term.name,
                    kind="person",
                    state=state.state,
                    office=term.title,
                )
                if term
                else state
            )
        return self._make(number, min(first, i), max(last, i), tuple(made), "counterpart", 0.9, None)

    def _same_office(self, actor: Actor, state: Actor):  # type: ignore[no-untyped-def]
        on = self.names.on[number_of(self)]
        for term in self.knowledge.terms_of(actor.id.partition(":")[2]):
            if term.title == actor.office:
                role = term.role
                if role in {"head_of_state", "head_of_government"}:
                    return self.knowledge.leader(state.state or "", on)
                held = self.knowledge.holders(state.state or "", role, on)
                return held[0] if held else None
        return None

    def _other_side(self, number: int, i: int) -> Mention | None:
        """ "his counterpart" without a state: the other leader in view."""
        tree = self.trees[number]
        owner = next(
            (s for s in reversed(self.seen) if s.mention.sentence == number and s.mention.how == "pronoun"),
            None,
        )
        own = owner.mention.actors[0].state if owner else None
        others = self._recent(
            number,
            lambda s: (
                len(s.mention.actors) == 1
                and s.mention.actors[0].kind == "person"
                and s.mention.actors[0].state not in {own, None}
            ),
        )
        if not others:
            return None
        return (
            self._make(number, i, i, others[0].mention.actors, "counterpart", 0.7, others[0].mention)
            if (tree.tokens[i].upos in {"NOUN", "PROPN"})
            else None
        )

    def _plural(self, number: int, first: int, last: int, named) -> Mention | None:  # type: ignore[no-untyped-def]
        """ "the two countries", "both sides", "the West"."""
        plural = named.entry.plural
        if plural.members:
            actors: tuple[Actor, ...] = tuple(
                Actor(id=c, name=self.knowledge.actor_name(c), kind="state", state=c) for c in plural.members
            )
        elif plural.kind in SIZES:
            actors = self._pair(number, SIZES[plural.kind])
        else:
            return None
        if not actors:
            return None
        how = "plural" if not plural.members else "bloc"
        return self._make(number, first, last, actors, how, 0.85 if not plural.members else 0.7, None)

    def _pair(self, number: int, size: int) -> tuple[Actor, ...]:
        """The states most in view: weighed by how lately and how prominently they were named."""
        weights: dict[str, float] = {}
        actors: dict[str, Actor] = {}
        for seen in self.seen:
            gap = number - seen.mention.sentence
            for actor in seen.mention.actors:
                if not actor.state or seen.mention.how in {"city", "territory", "bloc"} or gap > 12:
                    continue
                weights[actor.state] = weights.get(actor.state, 0.0) + (1.5 if seen.subject else 1.0) * 0.75**gap
                actors.setdefault(actor.state, self._state(actor))
        best = sorted(weights, key=lambda c: -weights[c])[:size]
        order = [s.mention.actors[0].state for s in self.seen if s.mention.actors]
        return (
            tuple(actors[c] for c in sorted(best, key=lambda c: order.index(c) if c in order else 99))
            if len(best) == size
            else ()
        )


SIZES = {"pair": 2, "three": 3, "four": 4, "five": 5}


def number_of(discourse: Discourse) -> int:
    """The sentence that the discourse has reached."""
    return discourse.seen[-1].mention.sentence if discourse.seen else 0


def first_person(sentences: Sequence[Sentence], quotes: Sequence[Quote], knowledge: Knowledge) -> list[Mention]:
    """ "we", "our" and "you" inside direct quotations: the speaker's side and the side spoken to."""
    found: list[Mention] = []
    for quote in quotes:
        if quote.kind != "direct" or quote.speaker is None:
            continue
        spans = quote.parts or (Span(start=quote.start, end=quote.end),)
        for number, sentence in enumerate(sentences):
            for i, token in enumerate(sentence.tokens):
                if not any(s.start <= token.start < s.end for s in spans):
                    continue
                word = token.text.lower()
                side = quote.speaker if word in FIRST else quote.addressee if word in SECOND else None
                if side is None or side.state is None:
                    continue
                actor = Actor(id=side.state, name=side.name, kind="person", state=side.state, office=side.office)
                found.append(
                    make_mention(
                        sentence,
                        number,
                        i,
                        i,
                        (actor,),
                        "pronoun",
                        0.8,
                        f"'{word}' is said by or to {side.name}",
                    )
                )
    return found


__all__ = ["STATE_KINDS", "Discourse", "first_person"]
