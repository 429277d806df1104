"""Who is meant by "the president", "his Russian counterpart", "the two countries"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.knowledge import Office, Term
from comity.model import Actor, Mention
from comity.understand.actors.classes import Classes
from comity.understand.actors.clauses import others, subjects_over, verb_over
from comity.understand.actors.epithets import Epithets
from comity.understand.actors.holders import (
    BORN_RANKS,
    RANKS,
    RULERS,
    is_titled,
    may_be_called,
    person_of,
    sector_of,
)
from comity.understand.actors.memory import PEOPLE, PLURAL_TAGS, Memory, Seen, body_actor
from comity.understand.actors.names import Named, Names
from comity.understand.actors.phrases import Open, Phrases, make_mention
from comity.understand.actors.plurals import PLACED, Plurals
from comity.understand.tree import SUBJECTS, Tree

NOUNS = frozenset({"NOUN", "PROPN"})
LOOSE_KINDS = frozenset({"republic", "federation", "state", "country", "nation"})
AUDIENCES = frozenset(
    {"television", "tv", "radio", "parliament", "nation", "lawmaker", "deputy", "cabinet", "congress", "senate",
     "assembly", "public", "legislature"}
)  # fmt: skip
"""Those to whom a leader speaks at home."""
BESIDES = frozenset({"for", "about", "over", "to"})
"""Prepositions of what is asked of a body, not of what body it is ("asked the alliance for ships")."""
SAID = 0.85
"""Mentions surer than this tell themselves whose somebody is ("the Russian army")."""
HEADING = frozenset({*RULERS, "head", "party_head"})
"""Offices that clubs, firms and unions have, too."""
PRIVATE = frozenset({"BUS", "LAB", "CVL", "EDU", "MED", "AGR", "HLH", "NGO"})
STATE_BODIES = frozenset(
    {"country", "nation", "state", "republic", "government", "cabinet", "council", "parliament", "assembly", "senate",
     "house", "army", "navy", "staff", "junta", "land", "kingdom", "island", "commission", "delegation", "diplomacy",
     "executive", "mission", "administration", "regime", "people", "federation", "union", "territory", "region"}
)  # fmt: skip
RARE_TITLES = frozenset(
    {"supreme leader", "great leader", "dear leader", "general secretary", "first secretary", "paramount leader",
     "chancellor", "taoiseach", "caudillo", "shah", "generalissimo", "dalai lama"}
)  # fmt: skip
"""Titles that few states have: they tell the state themselves."""
CONTRAST = frozenset({"but", "while", "whereas", "though", "although"})
OWN_SECTORS = frozenset({"MIL", "COP", "SPY"})
"""Bodies that a state sends and moves: its own where it is the subject."""
TOLD = frozenset({"tell", "brief", "say", "speak", "talk", "inform", "address"})
"""Verbs of what is said to reporters, who are then of no state in particular."""


class Descriptions(Plurals):
    """Resolves descriptions by what the document has mentioned before.

    ``harmful`` are verbs that nobody does to what is his own.
    """

    def __init__(self, names: Names, memory: Memory, trees: Sequence[Tree], harmful: frozenset[str]) -> None:
        super().__init__(names, memory)
        self.trees = trees
        self.harmful = harmful
        self.classes = Classes(names.knowledge)
        self.epithets = Epithets(
            names.knowledge,
            memory,
            lambda tree, i, persons: self.beside(tree, i, persons=persons),
            lambda number: names.on[number],
        )
        self.loose_islands = False
        """Whether the text has spoken of islands that are no state."""

    # -- offices and roles ------------------------------------------------------------------------------

    def open(self, tree: Tree, word: Open, phrases: Phrases) -> Mention | None:
        """ "the president", "the army", "police": whoever fits best among the states in view."""
        named, entry = word.named, word.named.entry
        if entry is None or tree.tokens[named.last].upos not in {*NOUNS, "ADJ"}:
            return None
        span = named.first, named.last
        if self.several(tree, named.last):
            return self.number(tree, named.last)
        if tree.low(named.last) in self.words("neutral") or self._no_actor(tree, named.last):
            return None
        if entry.office is not None and self._of_something_else(tree, named.last, entry.office, phrases):
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

            having = entry.office.states

            def bears(seen: Seen) -> bool:
                fits = self._bears(seen, role, entry.surface) and own in {None, seen.mention.actors[0].state}
                fits = fits and (not having or seen.mention.actors[0].state in having)
                return fits and seen.mention.actors[0].id not in others_here

            known = self.memory.recent(tree.number, bears)
            known = known or (self._titled(tree, named.last, entry.office) if own is None else [])
            known = known or self._only(self.memory.ever(bears))
            if known:
                return self.refer(tree, span, known[0].mention.actors, "office", 0.8, known[0].mention)
        if word.definite and entry.surface.lower() in RARE_TITLES:
            holder = self._holder(tree, named.last, entry.surface.lower())
            if holder is not None:
                return self.refer(tree, span, (holder,), "office", 0.8, None)
        if entry.office is None and not word.definite and entry.role is not None and entry.role.kind == "person":
            return None
        owners, sure = self._owners(tree, word, phrases)
        actors = tuple(a for a in (phrases.hold(named, owner) for owner in owners) if a is not None)
        if not actors:
            return None
        confidence = 0.8 if sure else 0.6 if word.definite else 0.5
        why = f"'{entry.surface}' of {', '.join(o.name for o in owners)}" + ("" if sure else ", the state in view")
        return make_mention(tree.sentence, tree.number, *span, actors, "role", confidence, why)

    def _no_actor(self, tree: Tree, i: int) -> bool:
        """ "by helicopter", "firm opposition to", "a press service": a word that names nobody here."""
        word, bare = tree.low(i), not tree.kids(i, "det", "nmod:poss")
        if word in self.words("told-only") or (word in self.words("modifier") and tree.rel(i) in {"compound", "amod"}):
            return True  # "exchanged fire": whose it is has to be told
        if word in self.words("abstract"):
            owned = [k for k in tree.kids(i, "nmod:poss") if tree.tokens[k].upos == "PRON"]
            abstract = (bare or bool(owned)) and tree.rel(i) not in SUBJECTS and not tree.kids(i, "compound")
            return abstract or (i + 1 < len(tree) and tree.low(i + 1) == "to")
        if tree.tokens[i].upos == "ADJ" and tree.rel(i) == "amod":
            return True  # "a firm answer"
        return bare and tree.case(i) == "by" and tree.rel(i) == "obl" and tree.tokens[i].xpos == "NN"

    def _of_something_else(self, tree: Tree, i: int, office: Office, phrases: Phrases) -> bool:
        """ "The president of the club", "the chief executive of the airline": no office of a state."""
        if office.role not in HEADING:
            return False
        of = [k for k in tree.kids(i, "nmod") if tree.case(k) in {"of", "for", "at"} and tree.tokens[k].upos == "NOUN"]
        bodies = {
            k
            for n in phrases.named if n.actor is not None or (n.entry and sector_of(n.entry) not in PRIVATE)
            for k in range(n.first, n.last + 1)
        }  # fmt: skip
        return bool(of) and not any(k in bodies or tree.lemma(k) in STATE_BODIES for k in of)

    @staticmethod
    def _only(seen: Sequence[Seen]) -> list[Seen]:
        """Those seen, if they are all of one actor."""
        return list(seen) if len({s.mention.actors[0].id for s in seen}) == 1 else []

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
        roles = {role, *RULERS} if role == "head" else {role}
        held = any(t.role in roles and t.title == actor.office for t in terms)
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
        own = self._senders(tree, head, word.named) or self._speakers_own(tree, head) or self._risen(tree, head)
        if own:
            return own, False
        if self._told(tree, head, word.named):
            return (), False
        same = self._same_words(tree, head, word)
        if same is not None:
            return (same,), False
        entry = word.named.entry
        having = entry.office.states if entry is not None and entry.office is not None else ()
        if entry is not None and sector_of(entry) == "OPP":
            owner = self.memory.in_view(tree.number, lambda c: c != word.backer, at_home=True)
        else:
            owner = self._throne(tree, head, word, phrases) or self._state_in_view(tree, head, word.backer, having)
        return ((owner,), False) if owner is not None else ((), False)

    def _same_words(self, tree: Tree, head: int, word: Open) -> Actor | None:
        """ "American missiles struck. The missiles had crossed": whose they were when they were named in full."""
        beside = self.beside(tree, head)
        lemma = tree.lemma(word.named.last)

        def fits(seen: Seen) -> bool:
            mention = seen.mention
            told = mention.how in {"role", "office"} and mention.confidence > SAID and len(mention.actors) == 1
            code = mention.actors[0].state
            of_state = code in self.knowledge.states and code not in {*beside, word.backer}
            return told and of_state and self.trees[mention.sentence].lemma(mention.last) == lemma

        known = self.memory.ever(fits)
        return self.memory.state(known[0].mention.actors[0].state or "") if known else None

    def _holder(self, tree: Tree, i: int, title: str) -> Actor | None:
        """ "The supreme leader", "the general secretary": whoever bears that title in a state in view."""
        own, beside, on = self._possessor(tree, i), self.beside(tree, i), self.names.on[tree.number]

        def bearers(code: str) -> list[Term]:
            held = [t for role in (*RULERS, "igo_head", "other") for t in self.knowledge.holders(code, role, on)]
            return [t for t in held if title in {s.lower().removeprefix("the ") for s in (t.title, *t.aliases)}]

        state = self.memory.in_view(
            tree.number, lambda c: c not in beside and own in {None, c} and bool(bearers(c)), at_home=True
        )
        if state is None or not state.state:
            return None
        term = bearers(state.state)[0]
        return person_of(term, term.state)

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

    def _risen(self, tree: Tree, head: int) -> tuple[Actor, ...]:
        """ "The soldiers who overthrew Niger's president": whoever topples a ruler is of his state."""
        for clause in tree.kids(head, "acl", "acl:relcl"):
            verb = next((k for k in (clause, *tree.kids(clause, "conj")) if tree.lemma(k) in self.words("topple")), -1)
            for toppled in tree.kids(verb, "obj", "nsubj:pass") if verb >= 0 else ():
                codes = {a.state for m in self.coming if m.first <= toppled <= m.last for a in m.actors}
                if len(codes) == 1 and codes <= self.knowledge.states.keys():
                    return (self.memory.state(codes.pop() or ""),)
        return ()

    @staticmethod
    def _told(tree: Tree, head: int, named: Named) -> bool:
        """ "She told reporters": no party of an act, and of no state in particular."""
        told = tree.head(head) >= 0 and tree.lemma(tree.head(head)) in TOLD
        return told and named.entry is not None and sector_of(named.entry) == "MED"

    def _speakers_own(self, tree: Tree, head: int) -> tuple[Actor, ...]:
        """ "told state television", "said before parliament": whoever speaks there speaks to his own."""
        described = tree.lemma(head) == "nation" and tree.kids(head, "amod", "compound")
        of = [k for k in tree.kids(head, "nmod") if tree.case(k) == "of"]
        if tree.lemma(head) not in AUDIENCES or described or of:
            return ()
        for subject in subjects_over(tree, head):
            told = self.memory.at(tree.number, subject)
            if told is not None and len(told.actors) == 1 and told.actors[0].state in self.knowledge.states:
                return (self.memory.state(told.actors[0].state or ""),)
        return ()

    def _state_in_view(
        self, tree: Tree, i: int, but: str | None, having: Sequence[str] = ()
    ) -> Actor | None:  # fmt: skip
        """The state that the words most likely mean, but not one; no other party of the same act.

        ``having`` are the states that have the office ("the chancellor"), none where any may; written as a name
        ("the Foreign Office") it is that of the first where none of them is in view.
        """
        if having:
            named = [a.state for m in self.coming for a in m.actors if a.state in having]
            seen = self.memory.in_view(tree.number, lambda c: c != but and c in having)
            if seen is not None or named:
                return seen or self.memory.state(named[0] or "")
            if i > 0 and tree.tokens[i].text[:1].isupper():
                return self.memory.state(having[0])
        beside = self.beside(tree, i) | self._contrasted(tree, i) | self._not_other(tree, i)
        kinds = self.classes.states(tree, i)
        found = self.memory.owner(
            tree, i, lambda c: c != but and c not in beside and (self._governs(c) if kinds is None else c in kinds)
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
        near = (m for m in self.coming if m.how in {"city", "territory", "role"} and m.head != i)
        there = next((a.state for m in near for a in m.actors if a.state not in {*beside, but, None}), None)
        if there is not None and there in self.knowledge.states:
            return self.memory.state(there)  # "Police fired on miners in Zhanaozen"
        main = next((code for code, _ in self.names.states.most_common(3) if code != but and code not in beside), None)
        people = [a.state for m in self.coming for a in m.actors if a.kind == "person" and a.state not in beside]
        main = main or next((c for c in people if c in self.knowledge.states), None)
        return self.memory.state(main) if main else None

    def _governs(self, code: str) -> bool:
        """Whether a state has bodies of its own that a text calls by no name: no territory of another one."""
        state = self.knowledge.states.get(code)
        return state is not None and state.kind != "territory"

    def _not_other(self, tree: Tree, i: int) -> set[str]:
        """ "The other side": not that of the subject, nor of whoever was the subject last."""
        if not any(tree.low(k) == "other" for k in tree.kids(i, "amod")):
            return set()
        last = self.memory.recent(tree.number, lambda s: s.subject and s.only is not None and bool(s.only.state))
        return {a.state for s in last[:1] for a in s.mention.actors if a.state}

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
            several = {a.state for m in named if len(m.actors) > 1 for a in m.actors if a.state}
            return {a.id for m in named for a in m.actors} | self._people_of(tree, several)
        return {a.state for m in named for a in m.actors if a.state}

    def _people_of(self, tree: Tree, codes: set[str]) -> set[str]:
        """The ids of those in view who act for one of these states: "both" are states, and their people too."""
        known = self.memory.recent(tree.number, lambda s: s.only is not None and s.only.state in codes) if codes else []
        return {s.mention.actors[0].id for s in known if s.mention.actors[0].kind == "person"}

    def national(self, tree: Tree, mention: Mention) -> Mention:
        """ "The Chilean stayed for a night": the person of that state named last."""
        i = mention.last
        joined = [k for k in tree.kids(i, "compound", "nummod") if k < mention.first]  # no part of "South African"
        alone = tree.rel(i) in PLACED and not joined and tree.tokens[i].xpos not in PLURAL_TAGS
        following = tree.tokens[i + 1].upos if i + 1 < len(tree) else ""
        if not alone or following in NOUNS or not {tree.low(k) for k in tree.kids(i, "det")} & {"the"}:
            return mention
        code = mention.actors[0].state
        known = self.memory.recent(
            tree.number, lambda s: s.only is not None and s.only.kind == "person" and self._is_of(s.only, code)
        )
        if known:
            return self.refer(tree, (mention.first, i), known[0].mention.actors, "person", 0.9, known[0].mention)
        stranger = self._stranger(tree, mention) or self._abroad(tree, mention)
        if stranger is not None:
            return stranger
        leader = self.knowledge.leader(code or "", self.names.on[tree.number])
        if leader is None or tree.number == 0:
            return mention
        return self.refer(tree, (mention.first, i), (person_of(leader, leader.state),), "person", 0.8, None)

    def _is_of(self, actor: Actor, code: str | None) -> bool:
        """Whether a person acts for a state, or did before he served an organisation ("the South Korean" of the UN)."""
        if actor.state == code:
            return True
        terms = self.knowledge.terms_of(actor.id.partition(":")[2])
        return actor.state in self.knowledge.organisations and any(t.state == code for t in terms)

    def _abroad(self, tree: Tree, mention: Mention) -> Mention | None:
        """ "They let Blix in. The Swede thanked them": who serves no state, where nothing else tells of his country."""
        code = mention.actors[0].state
        words = " ".join(t.text for t in tree.tokens[mention.first : mention.last + 1])
        # no mere adjective ("Polish")
        one_of_them = any(name.kind == "demonym" for name in self.knowledge.named(words))
        if not one_of_them or self.names.states[code or ""] + self.names.towns[code or ""] > 1:
            return None
        near = self.memory.recent(
            tree.number,
            lambda s: (
                s.only is not None
                and s.only.kind == "person"
                and s.mention.how in PEOPLE
                and s.only.state is not None
                and s.only.state not in self.knowledge.states
            ),
        )
        if not near or tree.number - near[0].mention.sentence > 1:
            return None
        return self.refer(tree, (mention.first, mention.last), near[0].mention.actors, "person", 0.75, near[0].mention)

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
        told = [k for k in tree.kids(i, "nmod") if tree.case(k) not in BESIDES]
        if self._definite(tree, i) and not told and not tree.kids(i, "nmod:poss"):
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
        told = [k for k in tree.kids(i, "nmod") if tree.case(k) not in BESIDES]
        if told or tree.kids(i, "amod", "compound", "nmod:poss", "flat"):
            return None
        beside = self.beside(tree, i)

        def fits(seen: Seen) -> bool:
            return seen.only is not None and seen.only.kind == "organisation" and seen.only.state not in beside

        seen = [*self.memory.recent(tree.number, fits), *self.memory.ever(fits)]
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
                actor = body_actor(self.knowledge, code)
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
