"""Who is meant by "the president", "his Russian counterpart", "the two countries"."""

from __future__ import annotations

from comity.knowledge import fold
from comity.model import Actor, Mention
from comity.understand.actors.holders import Holders, person_of
from comity.understand.actors.memory import Memory, Seen
from comity.understand.actors.names import Named, Names
from comity.understand.actors.phrases import Open, Phrases, make_mention
from comity.understand.tree import Tree

SIZES = {"pair": 2, "three": 3, "four": 4, "five": 5}
"""How many states "the two countries", "the three neighbours" are."""
SIZES_IN_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
NOUNS = frozenset({"NOUN", "PROPN"})


class Descriptions:
    """Resolves descriptions by what the document has mentioned before."""

    def __init__(self, names: Names, memory: Memory) -> None:
        self.names = names
        self.knowledge = names.knowledge
        self.memory = memory

    def refer(
        self, tree: Tree, span: tuple[int, int], actors: tuple[Actor, ...], how: str, confidence: float,
        to: Mention | None,
    ) -> Mention:  # fmt: skip
        """A mention of the tokens ``span``, as sure as the mention it refers ``to``."""
        first, last = span
        why = f"'{' '.join(t.text for t in tree.tokens[first : last + 1])}' is {', '.join(a.name for a in actors)}"
        if to is not None:
            why += f", named at {to.start}"
            confidence *= 0.5 + 0.5 * to.confidence
        return make_mention(tree.sentence, tree.number, first, last, actors, how, confidence, why)

    # -- offices and roles ------------------------------------------------------------------------------

    def open(self, tree: Tree, word: Open, phrases: Phrases) -> Mention | None:
        """ "the president", "the army", "police": whoever fits best among the states in view."""
        named, entry = word.named, word.named.entry
        if entry is None or tree.tokens[named.last].upos not in {*NOUNS, "ADJ"}:
            return None
        span = named.first, named.last
        if entry.office is not None and not entry.many and word.definite:
            role = entry.office.role
            known = self.memory.recent(tree.number, lambda s: self._bears(s, role, entry.surface))
            if known:
                return self.refer(tree, span, known[0].mention.actors, "office", 0.8, known[0].mention)
        if entry.office is None and not word.definite and entry.role is not None and entry.role.kind == "person":
            return None
        owners, sure = self._owners(tree, span, phrases, word.backer)
        actors = tuple(a for a in (phrases.hold(named, owner) for owner in owners) if a is not None)
        if not actors:
            return None
        confidence = 0.8 if sure else 0.6 if word.definite else 0.5
        why = f"'{entry.surface}' of {', '.join(o.name for o in owners)}" + ("" if sure else ", the state in view")
        return make_mention(tree.sentence, tree.number, *span, actors, "role", confidence, why)

    def _bears(self, seen: Seen, role: str, surface: str) -> bool:
        """Whether a mention is of a person who bears the office."""
        actor = seen.only
        if actor is None or actor.kind != "person" or not actor.office:
            return False
        office = actor.office.lower()
        terms = self.knowledge.terms_of(actor.id.partition(":")[2])
        held = any(t.role == role and t.title == actor.office for t in terms)
        return surface in office or office in surface or held

    def _owners(
        self, tree: Tree, span: tuple[int, int], phrases: Phrases, backer: str | None
    ) -> tuple[tuple[Actor, ...], bool]:
        """Whose army, envoys, leaders: by a possessive or "of the two countries", else the state in view.

        The flag says whether the words themselves tell.
        """
        first, last = span
        head = next((k for k in range(first, last + 1) if not first <= tree.head(k) <= last), last)
        for kid in tree.kids(head, "nmod:poss"):
            told = self.memory.at(tree.number, kid)
            if told is not None:
                return tuple(self.memory.state(a.state) for a in told.actors if a.state), True
        after = next((n for n in phrases.named if n.kind == "plural" and last < n.first <= last + 3), None)
        if after is not None and tree.low(last + 1) in {"of", "from"}:
            plural = self.plural(tree, after)
            if plural is not None:
                return plural.actors, True
        owner = self._state_in_view(tree.number, backer)
        return ((owner,), False) if owner is not None else ((), False)

    def _state_in_view(self, number: int, but: str | None) -> Actor | None:
        """The nearest state named, else the text's main state, but not one."""
        near = self.memory.recent(number, lambda s: self._is_of_a_state(s, but))
        if near and near[0].mention.sentence >= number - 1 and near[0].only is not None:
            return self.memory.state(near[0].only.state or "")
        main = next((code for code, _ in self.names.states.most_common(2) if code != but), None)
        return self.memory.state(main) if main else None

    def _is_of_a_state(self, seen: Seen, but: str | None) -> bool:
        actor = seen.only
        return (
            actor is not None
            and actor.kind in {"state", "person", "sector"}
            and actor.state in self.knowledge.states
            and actor.state != but
            and seen.mention.how != "pronoun"
        )

    def body(self, tree: Tree, i: int) -> Mention | None:
        """ "the council", "the agency": the organisation whose name ended in that word before."""
        known = self.memory.bodies.get(tree.low(i))
        definite = {tree.low(k) for k in tree.kids(i, "det")} & {"the", "this", "that"}
        if known is None or not definite or tree.kids(i, "nmod", "amod", "compound", "nmod:poss", "flat"):
            return None
        return self.refer(tree, (i, i), known.actors, "organisation", 0.9, known)

    # -- counterparts and plurals -------------------------------------------------------------------------

    def counterpart(self, tree: Tree, i: int, phrases: Phrases) -> Mention | None:
        """ "his Russian counterpart Vladimir Putin": the same office on the other side."""
        bearer = phrases.bearer(i)
        first, states = phrases.left_states(i)
        last = i
        if not states:
            last, states = phrases.right_states(i)
        if bearer is not None and bearer.actor is not None:
            actor = bearer.actor
            if actor.state is None and states:
                actor = Actor(id=actor.id, name=actor.name, kind="person", state=states[0].state, office="counterpart")
            return self.refer(tree, (min(first, i), bearer.last), (actor,), "counterpart", 0.95, None)
        if not states:
            return self._other_side(tree, i)
        code = states[0].state
        others = self.memory.recent(
            tree.number, lambda s: s.only is not None and bool(s.only.office) and s.only.state != code
        )
        one = others[0].only if others else None
        made = tuple(self._opposite(one, state, phrases.holders) for state in states)
        return self.refer(tree, (min(first, i), max(last, i)), made, "counterpart", 0.9, None)

    def _opposite(self, one: Actor | None, state: Actor, holders: Holders) -> Actor:
        """Who holds the office of ``one`` in the other state; its leader where that is not known."""
        term = holders.same_office(one, state.state or "") if one is not None else None
        term = term or self.knowledge.leader(state.state or "", holders.on)
        return person_of(term, state.state or term.state) if term else state

    def _other_side(self, tree: Tree, i: int) -> Mention | None:
        """ "his counterpart" without a state: the other leader in view."""
        if tree.tokens[i].upos not in NOUNS:
            return None
        owner = next((s.mention for s in self.memory.here(tree.number) if s.mention.how == "pronoun"), None)
        own = owner.actors[0].state if owner else None
        if tree.tokens[i].xpos == "NNS":
            return self._other_sides(tree, i, own)
        others = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "person" and s.only.state not in {own, None}
        )
        if not others:
            return None
        return self.refer(tree, (i, i), others[0].mention.actors, "counterpart", 0.7, others[0].mention)

    def _other_sides(self, tree: Tree, i: int, own: str | None) -> Mention | None:
        """ "telephoned his two counterparts": the leaders of the two states most in view, his own left out."""
        number = next((SIZES_IN_WORDS[w] for k in tree.kids(i, "nummod") if (w := tree.low(k)) in SIZES_IN_WORDS), 2)
        subject = next((a.state for s in self.memory.here(tree.number) if s.subject for a in s.mention.actors), own)
        pair = [a for a in self.memory.most_in_view(tree.number, number + 1) if a.state != subject][:number]
        return self.refer(tree, (i, i), tuple(pair), "counterpart", 0.7, None) if len(pair) == number else None

    def plural(self, tree: Tree, named: Named) -> Mention | None:
        """ "the two countries", "both sides", "the West"."""
        plural = named.entry.plural if named.entry else None
        if plural is None:
            return None
        span = named.first, named.last
        if plural.members:
            return self.refer(tree, span, tuple(map(self.memory.state, plural.members)), "bloc", 0.7, None)
        size = SIZES.get(plural.kind, 0)
        people = bool(set(fold(plural.surface).split()) & self.knowledge.words_of("leaders"))
        actors = self.memory.most_in_view(tree.number, size, people=people) if size else ()
        return self.refer(tree, span, actors, "plural", 0.85, None) if actors else None
