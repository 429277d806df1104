"""Who is meant from the other side: "his Russian counterpart", "its northern neighbour", "his host"."""

from __future__ import annotations

from comity.model import Actor, Mention
from comity.understand.actors.clauses import subjects_over
from comity.understand.actors.descriptions import NOUNS, Descriptions
from comity.understand.actors.holders import Holders, nameless, person_of
from comity.understand.actors.memory import PLURAL_TAGS, Memory, Seen
from comity.understand.actors.names import Named
from comity.understand.actors.phrases import Phrases
from comity.understand.actors.plurals import SIZES_IN_WORDS
from comity.understand.tree import SUBJECTS, Tree

RECEIVING = frozenset({"receive", "host", "welcome", "greet", "invite", "entertain"})
FRIENDS = frozenset({"ally", "patron", "backer", "sponsor", "protector", "protégé", "protege", "benefactor", "partner"})
PATRONS = frozenset({"patron", "backer", "sponsor", "protector", "benefactor"})
"""Words for another side that are one only where it is told whose."""
HOSTS = frozenset({"host", "hosts", "hostess"})


class Counterparts:
    """Resolves words for the other side by the side that is told."""

    def __init__(self, described: Descriptions) -> None:
        self.described = described
        self.names = described.names
        self.knowledge = described.knowledge
        self.memory: Memory = described.memory
        self.refer = described.refer
        self.classes = described.classes

    def counterpart(self, tree: Tree, i: int, phrases: Phrases) -> Mention | None:
        """ "his Russian counterpart Vladimir Putin": the same office on the other side."""
        first, states = phrases.left_states(i)
        bearer = phrases.bearer(i) or self._named_before(tree, min(first, i), i, phrases)
        last = i
        if not states:
            last, states = phrases.right_states(i)
        if bearer is not None and bearer.actor is not None:
            actor = bearer.actor
            if actor.state is None and states:
                actor = Actor(id=actor.id, name=actor.name, kind="person", state=states[0].state, office="counterpart")
            span = min(first, i, bearer.first), max(i, bearer.last)
            return self.refer(tree, span, (actor,), "counterpart", 0.95, None)
        if not states:
            return self._other_side(tree, i)
        code = states[0].state
        others = self.memory.recent(
            tree.number, lambda s: s.only is not None and bool(s.only.office) and s.only.state != code
        )
        one = others[0].only if others else None
        made = tuple(self._opposite(one, state, phrases.holders) for state in states)
        return self.refer(tree, (min(first, i), max(last, i)), made, "counterpart", 0.9, None)

    @staticmethod
    def _named_before(tree: Tree, first: int, i: int, phrases: Phrases) -> Named | None:
        """ "Vasily Nebenzya, his Russian colleague, called on": the name that the words explain."""
        start = min([first, *tree.kids(i, "nmod:poss")])
        apart = tree.rel(i) == "appos" and tree.head(i) < start and tree.low(start - 1) == ","
        return phrases.bearer_before(start) if apart else None

    def _opposite(self, one: Actor | None, state: Actor, holders: Holders) -> Actor:
        """Who holds the office of ``one`` in the other state; its leader where that is not known."""
        term = holders.same_office(one, state.state or "") if one is not None else None
        if term is None and one is not None and one.kind == "sector" and one.office:
            return nameless(state, one.office, one.sector, office=True)  # of one whom no table knows, another one
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

    # -- neighbours, rivals, hosts ---------------------------------------------------------------------

    def opposed(self, tree: Tree, i: int) -> Mention | None:
        """ "its northern neighbour", "Iran's old rival": another state, seen from the one that is told."""
        owner = self._owner(tree, i)
        if owner is None:
            return None
        words = [tree.low(k) for k in range(max(0, i - 4), i)]
        possessors = tree.kids(i, "nmod:poss")
        if tree.lemma(i) in FRIENDS and not any(self.memory.at(tree.number, k) for k in possessors):
            return None  # of somebody who is not told
        if tree.lemma(i) in FRIENDS and tree.tokens[i].xpos not in PLURAL_TAGS:
            friend = self._friend(tree, i, owner)
            if friend is not None:
                return self.refer(tree, (i, i), (friend,), "counterpart", 0.75, None)
        bordering = self.classes.neighbours(owner, words) if tree.lemma(i) in {"neighbour", "neighbor"} else None
        told = bordering is not None and any(bordering.values())
        seen = self.memory.in_view(tree.number, lambda c: c != owner and (bordering is None or c in bordering))
        if tree.tokens[i].xpos in PLURAL_TAGS:
            return None
        if told and bordering:
            fits = {c: fit + (1.0 if self._told(c) else 0.0) for c, fit in bordering.items() if self._stands(c, owner)}
            best = max(fits, key=lambda c: fits[c], default=None)
            seen = self.memory.state(best) if best else None
        if seen is None and bordering and tree.lemma(i) not in FRIENDS:
            land = [n for n in self.knowledge.land_of[owner].neighbours if self._stands(n, owner)]
            seen = self.memory.state(land[0]) if len(land) == 1 else None  # only one other borders it
        if seen is None:
            return None
        first = min([i, *tree.kids(i, "nmod:poss", "amod")])
        return self.refer(tree, (first, i), (seen,), "counterpart", 0.8 if told else 0.7, None)

    def _friend(self, tree: Tree, i: int, owner: str) -> Actor | None:
        """Whose client a state or a group is known to be: "calm their ally", "Hezbollah and its patron"."""
        sides = self.knowledge.state_classes
        patrons = sides.get(f"patron of {owner.lower()}", frozenset())
        clients = {c for c in self._in_story() if owner in sides.get(f"patron of {c.lower()}", frozenset())}
        known = patrons if tree.lemma(i) in PATRONS else patrons | clients
        beside = self.described.beside(tree, i)
        seen = self.memory.in_view(tree.number, lambda c: c in known and c not in beside)
        if seen is None and len(patrons) == 1 and tree.lemma(i) in PATRONS:
            seen = self.memory.state(next(iter(patrons)))
        return seen

    def _in_story(self) -> set[str]:
        return {a.state for s in self.memory.seen for a in s.mention.actors if a.state}

    def _told(self, code: str) -> bool:
        """Whether the text names the state, under any name."""
        return bool(self.names.states.get(code)) or any(
            code == a.state for s in self.memory.seen for a in s.mention.actors
        )

    def _stands(self, code: str, beside: str) -> bool:
        """Whether a state exists on the day of the text and is no mere territory, unless the text names it."""
        state = self.knowledge.states.get(code)
        if state is None or state.parent == beside:
            return False
        on = self.names.on[-1]
        living = (state.since is None or state.since <= on) and (state.until is None or on <= state.until)
        return living and (state.kind in {"un_member", "dissolved"} or self._told(code))

    def _owner(self, tree: Tree, i: int) -> str | None:
        """Whose neighbour or rival: the possessor's, else the subject's."""
        for kid in tree.kids(i, "nmod:poss"):
            told = self.memory.at(tree.number, kid)
            if told is not None:
                return told.actors[0].state
        clause = tree.head(i) if tree.rel(i) in SUBJECTS else -1
        reported = clause >= 0 and tree.rel(clause) == "ccomp"  # "Kabul warned that the neighbour was arming"
        for subject in subjects_over(tree, clause if reported else i):
            told = self.memory.at(tree.number, subject)
            if told is not None:
                return told.actors[0].state
        state = self.memory.in_view(tree.number, lambda c: True)
        return state.state if state is not None else None

    def guest(self, tree: Tree, i: int, phrases: Phrases) -> Mention | None:
        """ "his host", "the visitor": of two who meet, the one who receives or the one who comes."""
        bearer = phrases.bearer(i)
        if bearer is not None and bearer.actor is not None:
            return self.refer(tree, (i, bearer.last), (bearer.actor,), "counterpart", 0.9, None)
        owners = [tree.low(k) for k in tree.kids(i, "nmod:poss", "det")]
        if not owners or tree.tokens[i].xpos in PLURAL_TAGS:
            return None
        own = next((m.actors[0].id for k in tree.kids(i, "nmod:poss") if (m := self.memory.at(tree.number, k))), None)
        beside = self.described.beside(tree, i, persons=True)
        people = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "person" and s.only.id not in beside
        )
        if own is None and people:
            own = self._other_role(tree, i, people)
        rest = [s for s in people if s.mention.actors[0].id != own]
        if not rest:
            return None
        return self.refer(tree, (i, i), rest[0].mention.actors, "counterpart", 0.8, rest[0].mention)

    def _other_role(self, tree: Tree, i: int, people: list[Seen]) -> str | None:
        """The one of the last two persons whom the word does not mean."""
        asks_host = tree.low(i) in HOSTS
        for seen in people:
            mention = seen.mention
            before = self.described.trees[mention.sentence]
            verb = before.head(mention.head)
            receives = verb >= 0 and before.lemma(verb) in RECEIVING
            subject = before.rel(before.first_conjunct(mention.head)) in SUBJECTS
            is_host = subject if receives else not subject
            if is_host != asks_host:
                return mention.actors[0].id
        return None
