"""Who is meant by "he", "it" and "they", and in which order a document's words are resolved.

The document is walked once, in order: what comes later may refer to what came before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from comity.model import Actor, Mention
from comity.understand.actors.clauses import subjects_over
from comity.understand.actors.counterparts import Counterparts
from comity.understand.actors.descriptions import Descriptions
from comity.understand.actors.memory import Memory, Seen
from comity.understand.actors.names import Names
from comity.understand.actors.phrases import Phrases
from comity.understand.actors.plurals import tells_number
from comity.understand.tree import SUBJECTS, Tree

Maker = Callable[[], Mention | None]
HIDDEN = frozenset({"adjective", "surname", "person"})
"""What a counterpart's phrase ("his Russian counterpart Putin") takes up."""
ARGUMENTS = frozenset({"nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "nmod", "nmod:poss", "conj"})
THEY_ROLES = frozenset({"demonym", "role", "group"})
FORMER = frozenset({"former", "latter"})
NO_BODIES = frozenset({"adjective", "city"})
ANSWERING = frozenset(
    {"deny", "refuse", "reject", "answer", "reply", "decline", "agree", "admit", "accept", "comply", "respond",
     "retort", "apologise", "apologize", "promise", "insist"}
)  # fmt: skip
DEMANDING = frozenset(
    {"ask", "accuse", "urge", "press", "invite", "beg", "implore", "question", "order", "blame", "suspect", "offer"}
)
CALLING = frozenset({"call", "consider", "deem", "label", "name", "term"})
WEATHER = frozenset({"rain", "snow", "hail", "cold", "hot", "dark", "warm", "foggy", "windy", "late", "early"})
SEEMING = frozenset({"seem", "appear", "turn", "emerge", "happen", "follow", "transpire", "remain", "become"})
TELLING = frozenset(
    {"say", "fear", "believe", "report", "think", "expect", "understand", "hope", "agree", "announce", "decide",
     "rumour", "allege", "claim", "assume", "note", "know", "reveal", "disclose", "confirm", "learn"}
)  # fmt: skip
TIMES = frozenset({"time", "day", "week", "month", "year", "hour", "spring", "summer", "autumn", "winter", "night"})


class Discourse:
    """Resolves what refers back, sentence by sentence."""

    def __init__(
        self, names: Names, trees: Sequence[Tree], harmful: frozenset[str], weights: Mapping[str, float]
    ) -> None:  # fmt: skip
        self.trees = trees
        self.harmful = harmful
        self.words = names.knowledge.words_of
        titled = bool(trees) and trees[0].sentence.kind == "headline"
        self.memory = Memory(names.knowledge, names.states, names.towns, weights, titled)
        self.described = Descriptions(names, self.memory, trees, harmful)
        self.opposite = Counterparts(self.described)

    def walk(self, number: int, phrases: Phrases) -> list[Mention]:
        """All mentions of one sentence, those that refer back included."""
        tree = self.trees[number]
        found: list[Mention] = []
        for _, make in sorted(self._pending(tree, phrases), key=lambda p: p[0]):
            made = make()
            if made is None:
                continue
            if made.how == "counterpart":
                found = [m for m in found if m.how not in HIDDEN or not made.first <= m.first <= m.last <= made.last]
            found.append(made)
            self.memory.add(tree, made)
        self.memory.close(tree)
        return sorted(found, key=lambda m: (m.first, m.last))

    def _pending(self, tree: Tree, phrases: Phrases) -> list[tuple[int, Maker]]:
        """Every place of the sentence that may hold a mention, with what resolves it."""
        pending: list[tuple[int, Maker]] = [(m.first, partial(self._given, tree, m)) for m in phrases.mentions]
        self.described.begin(phrases)
        pending += [(w.first, partial(self.described.open, tree, w, phrases)) for w in phrases.open]
        opened = {k for w in phrases.open for k in range(w.named.first, w.named.last + 1)}
        for named in phrases.named:
            if named.kind == "plural" and named.first not in phrases.used:
                pending.append((named.first, partial(self.described.plural, tree, named)))
        counterparts = self.words("counterpart")
        plurals = {k for n in phrases.named if tells_number(n) for k in range(n.first, n.last + 1)}
        for i in (k for k in range(len(tree)) if k not in phrases.used):
            if self.described.several(tree, i) and i not in plurals and i not in opened:
                pending.append((i, partial(self.described.number, tree, i)))
            elif tree.tokens[i].upos in {"PRON", "DET"}:
                pending.append((i, partial(self._pronoun, tree, i)))
            elif tree.low(i) in FORMER and tree.rel(i) in ARGUMENTS:
                pending.append((i, partial(self.described.former, tree, i)))
            elif tree.low(i) in counterparts:
                pending.append((i, partial(self.opposite.counterpart, tree, i, phrases)))
            elif tree.lemma(i) in self.words("opponents"):
                pending.append((i, partial(self.opposite.opposed, tree, i)))
            elif tree.low(i) in self.words("guest"):
                pending.append((i, partial(self.opposite.guest, tree, i, phrases)))
            elif _nominal(tree, i) and tree.rel(i) in ARGUMENTS and i not in opened:
                pending.append((i, partial(self.described.thing, tree, i, phrases)))
        return pending

    def _given(self, tree: Tree, mention: Mention) -> Mention:
        """The mention as the phrase has it; "the Palestinian group" is a group of that state named before."""
        if mention.how in {"adjective", "demonym"} or (mention.how == "name" and _as_adjective(tree, mention)):
            return self.described.national(tree, mention)
        if mention.how in {"office", "role"} and len(mention.actors) == 1:
            known = self.described.bearer(tree, mention)
            if known is not None:
                return known
        if mention.how != "role" or tree.lemma(mention.head) not in self.words("group"):
            return mention
        codes = {a.state for a in mention.actors}
        groups = self.memory.knowledge.groups

        def of_that_state(seen: Seen) -> bool:
            group = groups.get(seen.only.state or "") if seen.only is not None else None
            return group is not None and group.state in codes

        groups_before = self.memory.recent(tree.number, of_that_state)
        if not groups_before:
            return mention
        span = mention.first, mention.last
        first = groups_before[0].mention
        return self.described.refer(tree, span, first.actors, "role", 0.85, first)

    # -- pronouns ---------------------------------------------------------------------------------------

    def _pronoun(self, tree: Tree, i: int) -> Mention | None:
        word = tree.low(i)
        owner = self._subject_itself(tree, i) if word.endswith(("self", "selves")) else self._own_subject(tree, i)
        for kind, gender in (("he", "m"), ("she", "f")):
            if word in self.words(kind):
                fits = partial(_may_be_person, gender, self._beside(tree, i, persons=True))
                if owner is not None and owner.only is not None and fits(owner):
                    return self._refer(tree, i, owner.mention.actors, 0.9, owner.mention)
                asked = self._answering(tree, i, fits)
                if asked is not None:
                    return self._refer(tree, i, asked.mention.actors, 0.75, asked.mention)
                return self._pick(tree, i, fits, 0.85)
        if word in self.words("it"):
            if owner is not None and all(a.kind != "person" for a in owner.mention.actors):
                return self._refer(tree, i, owner.mention.actors, 0.85, owner.mention)
            if is_expletive(tree, i):
                return None
            fits = partial(_may_be_body, self._beside(tree, i))
            asked = self._asked(tree, i, fits) or self._answering(tree, i, fits)
            if asked is not None:
                return self._refer(tree, i, asked.mention.actors, 0.75, asked.mention)
            return self._pick(tree, i, fits, 0.7)
        return self._they(tree, i, owner) if word in self.words("they") else None

    def _own_subject(self, tree: Tree, i: int) -> Seen | None:
        """Whose "its" is by the clause: its subject's ("reopened its embassy"), unless that would harm itself."""
        if tree.rel(i) != "nmod:poss":
            return None
        verb = next((k for k in tree.ancestors(i) if tree.tokens[k].upos == "VERB"), -1)
        if verb < 0 or tree.lemma(verb) in self.harmful:
            return None
        for subject in tree.kids(verb, *SUBJECTS):
            seen = next((s for s in self.memory.here(tree.number) if s.mention.head == subject), None)
            if seen is not None and seen.mention.last < i:
                return seen
        return None

    def _subject_itself(self, tree: Tree, i: int) -> Seen | None:
        """Who "itself" is: the subject of its verb."""
        here = {s.mention.head: s for s in self.memory.here(tree.number)}
        return next((here[k] for k in subjects_over(tree, i) if k in here), None)

    def _they(self, tree: Tree, i: int, owner: Seen | None) -> Mention | None:
        if owner is not None:
            all_of_them = self.memory.together(tree, owner.mention.head)
            return self._refer(tree, i, all_of_them or owner.mention.actors, 0.85, owner.mention)
        plural = self.memory.recent(tree.number, partial(_may_be_many, self._beside(tree, i)))
        if plural:
            return self._refer(tree, i, plural[0].mention.actors, 0.7, plural[0].mention)
        pair = self.memory.most_in_view(tree.number, 2)
        return self._refer(tree, i, pair, 0.5, None) if pair else None

    def _beside(self, tree: Tree, i: int, *, persons: bool = False) -> set[str]:
        """Codes (for persons their ids) of the other parties of the same act: "Xi told him", "Athens offered it"."""
        if tree.rel(i) == "nmod:poss":
            return set()
        return self.described.beside(tree, i, persons=persons)

    def _asked(self, tree: Tree, i: int, fits: Callable[[Seen], bool]) -> Seen | None:
        """ "Tokyo said that it would", "Washington asked the colony why it had": whoever says so, or is asked."""
        clause = tree.head(i)
        if tree.rel(i) not in SUBJECTS or clause < 0 or tree.rel(clause) not in {"ccomp", "xcomp"}:
            return None
        verb = tree.head(clause)
        if verb < 0:
            return None
        places = ("obj", "iobj") if tree.lemma(verb) in DEMANDING else SUBJECTS
        heads = tree.kids(verb, *places)
        return next((s for s in self.memory.here(tree.number) if s.mention.head in heads and fits(s)), None)

    def _answering(self, tree: Tree, i: int, fits: Callable[[Seen], bool]) -> Seen | None:
        """ "Trump asked Putin about it. He denied": whoever was asked or accused answers."""
        if tree.rel(i) not in SUBJECTS or tree.lemma(tree.head(i)) not in ANSWERING or not tree.number:
            return None
        before = self.trees[tree.number - 1]
        for seen in self.memory.recent(tree.number, fits):
            mention = seen.mention
            verb = before.head(mention.head) if mention.sentence == tree.number - 1 else -1
            if verb >= 0 and before.lemma(verb) in DEMANDING and before.rel(mention.head) in {"obj", "iobj", "obl"}:
                return seen
        return None

    def _pick(self, tree: Tree, i: int, fits: Callable[[Seen], bool], confidence: float) -> Mention | None:
        found = self.memory.recent(tree.number, fits)
        if not found:
            return None
        rivals = {s.mention.actors[0].id for s in found[:3]}
        sure = confidence if len(rivals) == 1 else confidence - 0.1
        return self._refer(tree, i, found[0].mention.actors, sure, found[0].mention)

    def _refer(
        self, tree: Tree, i: int, actors: tuple[Actor, ...], confidence: float, to: Mention | None
    ) -> Mention:  # fmt: skip
        return self.described.refer(tree, (i, i), actors, "pronoun", confidence, to)


def _as_adjective(tree: Tree, mention: Mention) -> bool:
    """ "The Saudi": a short name of a state that is also its adjective."""
    return tree.tokens[mention.last].xpos == "JJ"


def _nominal(tree: Tree, i: int) -> bool:
    """A noun, or the "old" of "the 39-year-old"."""
    token = tree.tokens[i]
    return token.upos in {"NOUN", "PROPN"} or (token.upos == "ADJ" and tree.low(i) in {"old", "year-old"})


def _may_be_person(gender: str, beside: set[str], seen: Seen) -> bool:
    """Whether a pronoun may be that mention: one person, of that gender or of unknown gender, no other party."""
    one = seen.only
    if one is None or one.id in beside or seen.gender not in {"", gender}:
        return False
    # "the Ecuadorean minister came. He said"
    return one.kind == "person" or (one.kind == "sector" and seen.mention.how == "office" and not seen.plural)


def _may_be_body(beside: set[str], seen: Seen) -> bool:
    """Whether "it" may be that mention: one body, not the other side of the same act."""
    return _is_body(seen) and all(a.state not in beside for a in seen.mention.actors)


def _may_be_many(beside: set[str], seen: Seen) -> bool:
    """Whether "they" may be that mention: several, or the many of one, not the other side of the same act."""
    return _is_many(seen) and any(a.state not in beside for a in seen.mention.actors)


def is_expletive(tree: Tree, i: int) -> bool:
    """ "It rains", "it is clear that", "it took the army two days to": a word that stands for nobody."""
    head = tree.head(i)
    if tree.rel(i) == "expl" and not _acts(tree, head):
        return True
    if tree.rel(i) == "obj" and tree.lemma(head) in CALLING:
        return True  # "nobody called it a coup": what happened
    if head < 0 or tree.rel(i) not in {*SUBJECTS, "expl"}:
        return False
    lemma, clauses = tree.lemma(head), tree.kids(head, "csubj", "ccomp", "xcomp", "acl", "advcl")
    if lemma in WEATHER or (lemma in SEEMING and clauses):
        return True
    if tree.tokens[head].upos == "VERB":
        told = tree.is_passive(head) and lemma in TELLING and bool(tree.kids(head, "ccomp", "csubj"))
        return told or (lemma in {"take", "cost"} and any("to" in tree.marks(c) for c in clauses))
    # "it was the first time that", "it is for Kyiv to decide", "it is Turkey that must"
    return bool(tree.kids(head, "cop")) and (bool(clauses) or lemma in TIMES)


def _acts(tree: Tree, verb: int) -> bool:
    """Whether the verb is an act towards somebody ("it asked the militias to"), whatever the parse says of "it"."""
    if verb < 0 or tree.tokens[verb].upos != "VERB" or tree.is_passive(verb):
        return False
    return bool(tree.kids(verb, "obj", "iobj")) and tree.lemma(verb) not in SEEMING | WEATHER | {"take", "cost"}


def _is_body(seen: Seen) -> bool:
    """A state, an organisation, a group."""
    actors = seen.mention.actors
    if seen.place or len({a.state for a in actors}) != 1:
        return False
    return actors[0].kind != "person" and seen.mention.how not in NO_BODIES


def _is_many(seen: Seen) -> bool:
    """Several states, or the many people of one ("the Russians", "the ministers", "the rebels")."""
    actors, how = seen.mention.actors, seen.mention.how
    return (
        len({a.state for a in actors}) > 1
        or how in THEY_ROLES
        or (how == "office" and seen.plural)
        or all(a.kind == "group" for a in actors)
    )
