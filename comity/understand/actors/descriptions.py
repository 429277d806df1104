"""Who is meant by "the president", "his Russian counterpart", "the two countries"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.knowledge import Office, fold
from comity.model import Actor, Mention
from comity.understand.actors.classes import Classes
from comity.understand.actors.clauses import others, subjects_over, verb_over
from comity.understand.actors.epithets import Epithets
from comity.understand.actors.holders import BORN_RANKS, RANKS, is_titled, may_be_called, person_of, sector_of
from comity.understand.actors.memory import PLURAL_TAGS, Memory, Seen
from comity.understand.actors.names import Named, Names
from comity.understand.actors.phrases import Open, Phrases, make_mention
from comity.understand.tree import SUBJECTS, Tree

SIZES = {"pair": 2, "three": 3, "four": 4, "five": 5}
"""How many states "the two countries", "the three neighbours" are."""
SIZES_IN_WORDS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
                  "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
NOUNS = frozenset({"NOUN", "PROPN"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
PLACED = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "conj", "root"})
LOOSE_KINDS = frozenset({"republic", "federation", "state", "country", "nation"})
AUDIENCES = frozenset(
    {"television", "tv", "radio", "parliament", "nation", "lawmaker", "deputy", "cabinet", "congress", "senate",
     "assembly", "public", "legislature"}
)  # fmt: skip
"""Those to whom a leader speaks at home."""
CONTRAST = frozenset({"but", "while", "whereas", "though", "although"})
ASKED = frozenset({"on", "to", "with", "from", "against"})
OWN_SECTORS = frozenset({"MIL", "COP", "SPY"})
"""Bodies that a state sends and moves: its own where it is the subject."""


class Descriptions:
    """Resolves descriptions by what the document has mentioned before.

    ``harmful`` are verbs that nobody does to what is his own.
    """

    def __init__(self, names: Names, memory: Memory, trees: Sequence[Tree], harmful: frozenset[str]) -> None:
        self.names = names
        self.knowledge = names.knowledge
        self.words = names.knowledge.words_of
        self.memory = memory
        self.trees = trees
        self.harmful = harmful
        self.classes = Classes(names.knowledge)
        self.epithets = Epithets(
            names.knowledge,
            memory,
            lambda tree, i, persons: self.beside(tree, i, persons=persons),
            lambda number: names.on[number],
        )
        self.coming: Sequence[Mention] = ()
        """What the phrases of the sentence at hand name, before and after the word at hand."""
        self.loose_islands = False
        """Whether the text has spoken of islands that are no state."""

    def begin(self, phrases: Phrases) -> None:
        """Before the words of a sentence."""
        self.coming = phrases.mentions

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
        if self.several(tree, named.last):
            return self.number(tree, named.last)
        if tree.low(named.last) in self.words("neutral"):
            return None
        described = self.epithets.person(tree, named.last) if not word.backer else None
        if described is not None:
            return self.refer(tree, span, described.mention.actors, "person", 0.75, described.mention)
        definite = word.definite or self._definite(tree, named.last)
        word = msgspec.structs.replace(word, definite=definite)
        if definite:
            body = self._organisation(tree, named.last) or self._group(tree, named.last)
            if body is not None:
                return body
        if entry.office is not None and not entry.many and word.definite:
            role = entry.office.role
            own = self._possessor(tree, named.last)
            others_here = self.beside(tree, named.last, persons=True)
            known = self.memory.recent(
                tree.number,
                lambda s: (
                    self._bears(s, role, entry.surface)
                    and s.mention.actors[0].id not in others_here
                    and own in {None, s.mention.actors[0].state}
                ),
            )
            known = known or (self._titled(tree, named.last, entry.office) if own is None else [])
            if known:
                return self.refer(tree, span, known[0].mention.actors, "office", 0.8, known[0].mention)
        if entry.office is None and not word.definite and entry.role is not None and entry.role.kind == "person":
            return None
        owners, sure = self._owners(tree, word, phrases)
        actors = tuple(a for a in (phrases.hold(named, owner) for owner in owners) if a is not None)
        if not actors:
            return None
        confidence = 0.8 if sure else 0.6 if word.definite else 0.5
        why = f"'{entry.surface}' of {', '.join(o.name for o in owners)}" + ("" if sure else ", the state in view")
        return make_mention(tree.sentence, tree.number, *span, actors, "role", confidence, why)

    def _possessor(self, tree: Tree, i: int) -> str | None:
        """ "Only Iran stood by; its vice-president": whose he is, where a state's."""
        told = [m for k in tree.kids(i, "nmod:poss") if (m := self.memory.at(tree.number, k)) is not None]
        codes = {a.state for m in told for a in m.actors if a.kind == "state"}
        return codes.pop() if len(codes) == 1 else None

    def _people(self, tree: Tree, i: int) -> list[Seen]:
        """Persons of a state in view who are no other party of the same act ("the general", "the king")."""
        beside = self.beside(tree, i, persons=True)
        return self.memory.recent(
            tree.number,
            lambda s: (
                s.only is not None and s.only.kind == "person" and s.only.state is not None and s.only.id not in beside
            ),
        )

    def _titled(self, tree: Tree, i: int, office: Office) -> list[Seen]:
        """Persons in view who may be called by a title that the text has not given them."""
        known = self._people(tree, i) if office.role in RANKS else []
        fit = [s for s in known if s.only is not None and may_be_called(self.knowledge, s.only, office)]

        def civil(seen: Seen) -> bool:
            terms = self.knowledge.terms_of(seen.mention.actors[0].id.partition(":")[2])
            return bool(terms) and not any(t.role == "other" or is_titled(t, office) for t in terms)

        return sorted(fit, key=civil)

    def _bears(self, seen: Seen, role: str, surface: str) -> bool:
        """Whether a mention is of a person who bears the office."""
        actor = seen.only
        if actor is None or actor.kind != "person" or not actor.office:
            return False
        office = actor.office.lower()
        terms = self.knowledge.terms_of(actor.id.partition(":")[2])
        held = any(t.role == role and t.title == actor.office for t in terms)
        return surface in office or office in surface or held

    def _owners(self, tree: Tree, word: Open, phrases: Phrases) -> tuple[tuple[Actor, ...], bool]:
        """Whose army, envoys, leaders: by a possessive or "of the two countries", else the state in view.

        The flag says whether the words themselves tell.
        """
        first, last = word.named.first, word.named.last
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
        own = self._senders(tree, head, word.named) or self._speakers_own(tree, head)
        if own:
            return own, False
        owner = self._throne(tree, head, word, phrases) or self._state_in_view(tree, head, word.backer)
        return ((owner,), False) if owner is not None else ((), False)

    def _throne(self, tree: Tree, head: int, word: Open, phrases: Phrases) -> Actor | None:
        """ "The emperor", "the ayatollah": of the states in view one that has one."""
        office = word.named.entry.office if word.named.entry else None
        if office is None or office.role not in BORN_RANKS or not word.definite:
            return None
        beside = self.beside(tree, head)

        def has_one(code: str) -> bool:
            held = phrases.hold(word.named, self.memory.state(code))
            terms = self.knowledge.terms_of(held.id.partition(":")[2]) if held is not None else ()
            fits = code in office.states if office.states else any(is_titled(t, office) for t in terms)
            return code not in beside and fits

        return self.memory.in_view(tree.number, has_one)

    def _senders(self, tree: Tree, head: int, named: Named) -> tuple[Actor, ...]:
        """ "France and the United States sent marines", "Tbilisi pulled the army back": whoever moves them."""
        head = tree.first_conjunct(head)
        moved = tree.rel(head) == "obj" or (tree.rel(head) == "obl" and tree.case(head) == "with")
        if named.entry is None or sector_of(named.entry) not in OWN_SECTORS or not moved:
            return ()
        if tree.lemma(verb_over(tree, head)) in self.harmful:
            return ()
        for subject in subjects_over(tree, head):
            told = self.memory.at(tree.number, subject)
            if told is not None:
                actors = self.memory.together(tree, told.head) or told.actors
                return tuple(self.memory.state(a.state) for a in actors if a.state and a.state in self.knowledge.states)
        return ()

    def _speakers_own(self, tree: Tree, head: int) -> tuple[Actor, ...]:
        """ "told state television", "said before parliament": whoever speaks there speaks to his own."""
        described = tree.lemma(head) == "nation" and tree.kids(head, "amod", "compound")
        if tree.lemma(head) not in AUDIENCES or described or tree.kids(head, "nmod"):
            return ()
        for subject in subjects_over(tree, head):
            told = self.memory.at(tree.number, subject)
            if told is not None and len(told.actors) == 1 and told.actors[0].state in self.knowledge.states:
                return (self.memory.state(told.actors[0].state or ""),)
        return ()

    def _state_in_view(self, tree: Tree, i: int, but: str | None) -> Actor | None:
        """The state that the words most likely mean, but not one; no other party of the same act."""
        beside = self.beside(tree, i) | self._contrasted(tree, i)
        kinds = self.classes.states(tree, i)
        found = self.memory.in_view(
            tree.number,
            lambda c: c != but and c not in beside and (self._governs(c) if kinds is None else c in kinds),
            at_home=True,
        )
        if (
            found is None
            and kinds is not None
            and tree.lemma(i) in LOOSE_KINDS
            and not tree.kids(i, "amod", "compound")
        ):
            found = self.memory.in_view(tree.number, lambda c: c != but and c not in beside)
        if found is not None or kinds is not None:
            return found
        main = next((code for code, _ in self.names.states.most_common(3) if code != but and code not in beside), None)
        people = [a.state for m in self.coming for a in m.actors if a.kind == "person" and a.state not in beside]
        main = main or next((c for c in people if c in self.knowledge.states), None)
        return self.memory.state(main) if main else None

    def _governs(self, code: str) -> bool:
        """Whether a state has bodies of its own that a text calls by no name: no territory of another one."""
        state = self.knowledge.states.get(code)
        return state is not None and state.kind != "territory"

    def _contrasted(self, tree: Tree, i: int) -> set[str]:
        """ "Powell expressed regret, but the foreign ministry demanded": not of those whom "but" sets it against."""
        verb = tree.head(i)
        if tree.rel(i) not in SUBJECTS or verb < 0 or tree.rel(verb) not in {"conj", "advcl"}:
            return set()
        if not {tree.low(k) for k in tree.kids(verb, "cc", "mark")} & CONTRAST:
            return set()
        told = [m for k in tree.kids(tree.head(verb), *SUBJECTS) if (m := self.memory.at(tree.number, k)) is not None]
        return {a.state for m in told for a in m.actors if a.state}

    def beside(self, tree: Tree, i: int, *, persons: bool = False) -> set[str]:
        """The codes (for persons their ids) of the other arguments of the act that the word ``i`` takes part in."""
        heads = others(tree, i)
        named = [m for m in (*self.coming, *(s.mention for s in self.memory.here(tree.number))) if m.head in heads]
        if persons:
            return {a.id for m in named for a in m.actors}
        return {a.state for m in named for a in m.actors if a.state}

    def _definite(self, tree: Tree, i: int) -> bool:
        return bool({tree.low(k) for k in tree.kids(i, "det", "nmod:poss")} & self.words("definite"))

    def national(self, tree: Tree, mention: Mention) -> Mention:
        """ "The Chilean stayed for a night": the person of that state named last."""
        i = mention.last
        alone = (
            tree.rel(i) in PLACED and not tree.kids(i, "compound", "nummod") and tree.tokens[i].xpos not in PLURAL_TAGS
        )
        following = tree.tokens[i + 1].upos if i + 1 < len(tree) else ""
        if not alone or following in NOUNS or not {tree.low(k) for k in tree.kids(i, "det")} & {"the"}:
            return mention
        code = mention.actors[0].state
        known = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "person" and s.only.state == code
        )
        if known:
            return self.refer(tree, (mention.first, i), known[0].mention.actors, "person", 0.9, known[0].mention)
        stranger = self._stranger(tree, mention)
        if stranger is not None:
            return stranger
        leader = self.knowledge.leader(code or "", self.names.on[tree.number])
        if leader is None or tree.number == 0:
            return mention
        return self.refer(tree, (mention.first, i), (person_of(leader, leader.state),), "person", 0.8, None)

    def _stranger(self, tree: Tree, mention: Mention) -> Mention | None:
        """ "Andrea Pirlo left. The Italian wept": somebody whom no table knows, last named as the subject."""
        near = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "person" and s.mention.how == "person"
        )
        one = near[0].only if near and near[0].subject else None
        if one is None or one.state is not None or tree.number - near[0].mention.sentence > 1:
            return None
        actor = msgspec.structs.replace(one, state=mention.actors[0].state)
        return self.refer(tree, (mention.first, mention.last), (actor,), "person", 0.75, near[0].mention)

    def bearer(self, tree: Tree, mention: Mention) -> Mention | None:
        """ "The Likud leader", "the former Texas governor": who was named before, of a party or of a past office."""
        actor = mention.actors[0]
        leads = actor.state is None and tree.lemma(mention.last) in self.words("leader")
        former = self.epithets.former(tree, mention.last)
        if actor.kind == "person" or not (leads or former) or not self._definite(tree, mention.last):
            return None
        known = [s for s in self._people(tree, mention.last) if leads or s.only is None or s.only.state == actor.state]
        span = mention.first, mention.last
        return self.refer(tree, span, known[0].mention.actors, "person", 0.75, known[0].mention) if known else None

    def thing(self, tree: Tree, i: int, phrases: Phrases) -> Mention | None:
        """ "the island", "the bloc", "the council", "its neighbour": a noun that no table of roles has."""
        noun = tree.low(i)
        known = self.epithets.state(tree, i, self.coming)
        if known is not None:
            return self.refer(tree, (i, i), (known,), "role", 0.75, None)
        described = self.epithets.person(tree, i)
        if described is not None:
            span = self.epithets.first(tree, i), i
            return self.refer(tree, span, described.mention.actors, "person", 0.75, described.mention)
        if noun in {"island", "islands", "islets", "archipelago", "isles"} and self.loose_islands:
            return None
        if self._definite(tree, i) and not tree.kids(i, "nmod", "nmod:poss"):
            found = self.body(tree, i) or self._organisation(tree, i) or self._group(tree, i)
            kinds = self.classes.states(tree, i) if found is None else None
            if kinds is not None:
                beside = self.beside(tree, i)
                state = self.memory.in_view(tree.number, lambda c: c in kinds and c not in beside)
                only = self.classes.only(tree, i) if state is None else None
                state = self.memory.state(only) if only is not None else state
                if state is not None:
                    return self.refer(tree, (i, i), (state,), "role", 0.8, None)
            if found is not None:
                return found
        if noun.startswith(("island", "islet", "archipelago")):
            self.loose_islands = True
        return None

    def _organisation(self, tree: Tree, i: int) -> Mention | None:
        """ "the bloc", "the alliance", "the company": the organisation of that kind named last."""
        noun = tree.lemma(i)
        if tree.kids(i, "nmod", "amod", "compound", "nmod:poss", "flat"):
            return None
        beside = self.beside(tree, i)
        seen = self.memory.recent(
            tree.number,
            lambda s: s.only is not None and s.only.kind == "organisation" and s.only.state not in beside,
        )
        for by_name in (True, False):
            for one in seen:
                if self.classes.is_body(noun, one.mention.actors[0].id, by_name=by_name):
                    return self.refer(tree, (i, i), one.mention.actors, "organisation", 0.85, one.mention)
        return self._headed(tree, i, beside)

    def _headed(self, tree: Tree, i: int, beside: set[str]) -> Mention | None:
        """ "The alliance" of a text that names only its chief, before or after: "Stoltenberg called on"."""
        people = [*self.coming, *(s.mention for s in reversed(self.memory.seen))]
        for mention in (m for m in people if len(m.actors) == 1 and m.actors[0].kind == "person"):
            code = mention.actors[0].state or ""
            whole = self.knowledge.organisations.get(code)
            if whole is not None and code not in beside and self.classes.is_body(tree.lemma(i), code, by_name=False):
                actor = Actor(id=code, name=self.knowledge.actor_name(code), kind="organisation", state=code)
                return self.refer(tree, (i, i), (actor,), "organisation", 0.75, mention)
        return None

    def _group(self, tree: Tree, i: int) -> Mention | None:
        """ "the rebels", "the movement": the armed group named last."""
        if tree.lemma(i) not in self.words("group") or tree.kids(i, "nmod", "nmod:poss"):
            return None
        beside = self.beside(tree, i)
        known = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "group" and s.only.state not in beside
        )
        if known:
            return self.refer(tree, (i, i), known[0].mention.actors, "role", 0.85, known[0].mention)
        groups = {s.only.id: s for s in self.memory.seen if s.only is not None and s.only.kind == "group"}
        if len(groups) != 1 or tree.low(i) == tree.lemma(i):
            return None
        only = next(iter(groups.values())).mention  # "the rebels" of a story that knows one group of them
        return self.refer(tree, (i, i), only.actors, "role", 0.7, only) if only.actors[0].state not in beside else None

    def body(self, tree: Tree, i: int) -> Mention | None:
        """ "the council", "the agency": the organisation whose name ended in that word before."""
        known = self.memory.bodies.get(tree.low(i))
        definite = {tree.low(k) for k in tree.kids(i, "det")} & {"the", "this", "that"}
        if known is None or not definite or tree.kids(i, "nmod", "amod", "compound", "nmod:poss", "flat"):
            return None
        return self.refer(tree, (i, i), known.actors, "organisation", 0.9, known)

    # -- several ----------------------------------------------------------------------------------------

    def several(self, tree: Tree, i: int) -> int:
        """How many are meant by "the two guarantors", "both", "the three"; 0 for no such words."""
        token = tree.tokens[i]
        word = tree.low(i)
        if word in SIZES_IN_WORDS and tree.rel(i) in PLACED and not tree.kids(i, "nmod", "compound"):
            alone = word == "both" or bool(
                {tree.low(k) for k in tree.kids(i, "det", "det:predet")} & {*DEFINITE, "all"}
            )
            return SIZES_IN_WORDS[word] if alone and token.upos in {"NUM", "DET", "PRON"} else 0
        if token.xpos not in PLURAL_TAGS or word not in self.words("several"):
            return 0
        dets = {tree.low(k) for k in tree.kids(i, "det", "det:predet", "cc:preconj")}
        sizes = [SIZES_IN_WORDS[w] for k in tree.kids(i, "nummod") if (w := tree.low(k)) in SIZES_IN_WORDS]
        if sizes:
            return sizes[0] if dets & {*DEFINITE, "all"} else 0
        return 2 if "both" in dets or (word in self._opposed and dets & DEFINITE) else 0

    @property
    def _opposed(self) -> frozenset[str]:
        return frozenset({"neighbours", "neighbors", "rivals", "enemies", "foes", "adversaries", "belligerents"})

    def number(self, tree: Tree, i: int) -> Mention | None:
        """Who "the two guarantors" are: as many as were named together before."""
        if tree.kids(i, "nmod", "nmod:poss"):
            return None
        people = tree.low(i) in self.words("leaders")
        actors = self.memory.group(tree.number, self.several(tree, i), people=people, but=self._other_party(tree, i))
        if not actors:
            return None
        first = min([i, *tree.kids(i, "nummod", "det", "amod", "compound")])
        first = first if tree.low(first) not in {"the", "these", "those"} or first == i else first + 1
        return self.refer(tree, (first, i), actors, "plural", 0.8, None)

    def plural(self, tree: Tree, named: Named) -> Mention | None:
        """ "the two countries", "both sides", "the West"."""
        plural = named.entry.plural if named.entry else None
        if plural is None:
            return None
        span = named.first, named.last
        if plural.members:
            some = self._some_of(tree, named, plural.members)
            how = "plural" if some else "bloc"
            return self.refer(tree, span, tuple(map(self.memory.state, some or plural.members)), how, 0.7, None)
        told = tuple(a for m in self.coming if self._of_them(tree, named, m) for a in m.actors if a.state)
        if len(told) > 1:
            return self.refer(tree, span, tuple(self.memory.state(a.state or "") for a in told), "plural", 0.85, None)
        if fold(plural.surface) in {"each other", "one another"}:
            return self._one_another(tree, span)
        size = SIZES.get(plural.kind, 0)
        people = bool(set(fold(plural.surface).split()) & self.knowledge.words_of("leaders"))
        but = self._other_party(tree, named.last)
        actors = self.memory.group(tree.number, size, people=people, but=but) if size else ()
        return self.refer(tree, span, actors, "plural", 0.85, None) if actors else None

    def _other_party(self, tree: Tree, i: int) -> frozenset[str]:
        """ "Clinton met both ministers": who does it to several is none of them."""
        head = next((k for k in (i, tree.head(i)) if k >= 0 and tree.rel(k) in {"obj", "iobj", "obl"}), -1)
        if head < 0 or (tree.rel(head) == "obl" and tree.case(head) not in ASKED):
            return frozenset()
        told = [m for k in subjects_over(tree, head) if (m := self.memory.at(tree.number, k)) is not None]
        return frozenset(a.state for m in told if len(m.actors) == 1 for a in m.actors if a.state)

    @staticmethod
    def _of_them(tree: Tree, named: Named, mention: Mention) -> bool:
        """ "the two republics of Abkhazia and South Ossetia": one of those that "of" names."""
        if named.last + 1 >= len(tree) or tree.low(named.last + 1) != "of" or mention.first <= named.last:
            return False
        return tree.head(tree.first_conjunct(mention.head)) in range(named.first, named.last + 1)

    def _some_of(self, tree: Tree, named: Named, members: Sequence[str]) -> tuple[str, ...]:
        """ "The two Nordic countries, Finland and Sweden": as many of a bloc as are told of, none where nobody says."""
        size = SIZES_IN_WORDS.get(tree.low(named.first - 1), 0) if named.first else 0
        if not 1 < size < len(members):
            return ()
        ahead = [a.state for m in self.coming if m.first > named.last for a in m.actors if a.state in members]
        before = [a.state for s in reversed(self.memory.seen) for a in s.mention.actors if a.state in members]
        told = tuple(dict.fromkeys(c for c in (*ahead, *before) if c))[:size]
        return told if len(told) == size else ()

    def former(self, tree: Tree, i: int) -> Mention | None:
        """ "The former frees forty prisoners": the first or the last of those named together before."""
        if not self._definite(tree, i):
            return None
        for seen in reversed(self.memory.sets):
            if tree.number - seen.mention.sentence <= 1:
                actors = seen.mention.actors
                chosen = actors[0] if tree.low(i) == "former" else actors[-1]
                return self.refer(tree, (i, i), (chosen,), "role", 0.8, seen.mention)
        return None

    def _one_another(self, tree: Tree, span: tuple[int, int]) -> Mention | None:
        """ "They shot at each other": the subjects, all of them."""
        for subject in subjects_over(tree, span[0]):
            told = self.memory.at(tree.number, subject)
            if told is not None:
                actors = self.memory.together(tree, told.head)
                actors = actors if len(actors) > 1 else told.actors
                if len(actors) > 1:
                    return self.refer(tree, span, actors, "plural", 0.85, told)
        actors = self.memory.group(tree.number, 2)
        return self.refer(tree, span, actors, "plural", 0.7, None) if actors else None


def tells_number(named: Named) -> bool:
    """Whether words of the table say who or how many are meant ("the two sides", "the Baltic states")."""
    return named.entry is not None and named.entry.plural is not None and named.entry.plural.kind != "vague"
