"""Who stands where around a predicate: the actors in its subject, object and obliques."""

from __future__ import annotations

from collections.abc import Container, Iterable

from comity.model import Actor, Mention, Record
from comity.understand.tree import SUBJECTS, Tree, base

# Verbs whose infinitive belongs to their object ("urged Iran to stop"); all others
# lend their subject ("Iran agreed to stop").
OBJECT_CONTROL = frozenset(
    [
        "nudge",
        "badger",
        "coax",
        "cajole",
        "beseech",
        "pester",
        "urge",
        "ask",
        "tell",
        "order",
        "force",
        "compel",
        "persuade",
        "convince",
        "encourage",
        "press",
        "push",
        "pressure",
        "advise",
        "allow",
        "permit",
        "enable",
        "help",
        "warn",
        "invite",
        "request",
        "require",
        "instruct",
        "direct",
        "command",
        "beg",
        "implore",
        "entreat",
        "call",
        "want",
        "expect",
        "authorise",
        "authorize",
        "oblige",
        "lead",
        "cause",
        "make",
        "let",
        "get",
        "have",
        "see",
        "watch",
        "hear",
        "invite",
        "challenge",
        "forbid",
        "prompt",
    ]
)
# Verbs that ask somebody to do something, and where they name him ("called on Rwanda to", "appealed to").
ASKING = frozenset({"call", "appeal", "urge", "ask", "tell", "order", "press", "invite", "beg", "plead"})
# Verbs whose gerund tells what their object has done.
BLAMING = frozenset(
    {"accuse", "suspect", "blame", "condemn", "criticise", "criticize", "denounce", "fault", "reproach", "thank",
     "praise", "punish", "rebuke", "berate"}
)  # fmt: skip
GROUNDS = frozenset({"of", "for"})
CALLED_ON = frozenset({"on", "upon", "to", "with"})
# "is arrived", as translations have it, is no passive.
NEVER_PASSIVE = frozenset({"arrive", "go", "come", "land", "depart", "die", "fall", "return", "travel"})
BY = frozenset({"by"})
DESCENT = ("nmod:poss", "amod", "compound", "nmod", "det:predet", "appos", "flat", "acl")


class Hit(Record, frozen=True):
    """An actor found in a phrase.  ``depth`` counts the steps down from its head."""

    actor: Actor
    mention: Mention
    depth: int


class Arguments:
    """Looks up the actors around the predicates of one sentence."""

    def __init__(self, tree: Tree, mentions: Iterable[Mention], act_nouns: Container[str] = ()) -> None:
        self.tree = tree
        self._act_nouns = act_nouns
        self._at: dict[int, Mention] = {}
        # Larger mentions first, so that a nested one keeps only the tokens that are its own head.
        for mention in sorted(mentions, key=lambda m: m.first - m.last):
            for token in range(mention.first, mention.last + 1):
                self._at.setdefault(token, mention)
            self._at[mention.head] = mention

    def mention(self, i: int) -> Mention | None:
        """The mention whose head or inside is token ``i``."""
        return self._at.get(i)

    def phrase(self, i: int, limit: int = 3) -> list[Hit]:
        """Actors of the noun phrase headed by ``i``: its own, its conjuncts', else its modifiers'."""
        if i < 0:
            return []
        found: list[Hit] = []
        for node in [i, *self.tree.conjuncts(i)]:
            if self.tree.is_verbal(node) and self.tree.tokens[node].upos == "VERB":
                continue
            found.extend(self._node(node, limit, 0))
        return distinct(found)

    def _node(self, i: int, limit: int, depth: int) -> list[Hit]:
        mention = self._at.get(i)
        if mention is not None and mention.head == i:
            return [Hit(actor=a, mention=mention, depth=depth) for a in mention.actors]
        if limit <= 0:
            return []
        found: list[Hit] = []
        for kid in self.tree.kids(i, "nmod:poss", "amod", "compound", "nmod", "appos", "flat"):
            if (
                base(self.tree.rel(kid)) == "nmod"
                and self.tree.rel(kid) != "nmod:poss"
                and self.tree.case(kid) not in DOWN_PREPOSITIONS
            ):
                continue
            for node in [kid, *self.tree.conjuncts(kid)]:
                found.extend(self._node(node, limit - 1, depth + 1))
        if not found and mention is not None:
            return [Hit(actor=a, mention=mention, depth=depth) for a in mention.actors]
        return found

    def modifiers(self, i: int) -> list[Hit]:
        """Actors in front of a noun: possessor, adjective, compound."""
        found: list[Hit] = []
        for kid in self.tree.kids(i, "nmod:poss", "amod", "compound"):
            found.extend(self.phrase(kid, 1))
            # "US-led invasion", "Russian-backed rebels": the first half carries the actor.
            for inner in self.tree.kids(kid, "compound", "obl", "nsubj", "obl:npmod", "npadvmod", "obl:unmarked"):
                if inner < kid:
                    found.extend(self.phrase(inner, 1))
        return distinct(found)

    def prepositional(self, i: int, prepositions: frozenset[str]) -> list[Hit]:
        """Actors of the obliques or nominal modifiers of ``i`` with one of these prepositions."""
        found: list[Hit] = []
        for kid in self.tree.kids(i, "obl", "nmod"):
            if self.tree.rel(kid) == "nmod:poss":
                continue
            if self.tree.case(kid) in prepositions:
                found.extend(self.phrase(kid))
        return distinct(found)

    def subject(self, i: int, hops: int = 6) -> list[Hit]:
        """Who does it: the logical subject of a verb, followed through control and coordination."""
        if hops <= 0 or i < 0:
            return []
        tree = self.tree
        if tree.lemma(i) in NEVER_PASSIVE:
            moved = tree.kids(i, *SUBJECTS)
            return distinct([hit for kid in moved for hit in self.filler(kid, i)]) or self._inherited(i, hops)
        if tree.is_passive(i):
            agent = [h for k in tree.kids(i, "obl") if tree.case(k) == "by" for h in self._doers(k)]
            if agent or tree.kids(i, "nsubj:pass") or base(tree.rel(i)) in {"acl", "amod"}:
                return distinct(agent)
        subjects = [kid for kid in tree.kids(i, *SUBJECTS) if tree.rel(kid) != "nsubj:pass"]
        subjects = [kid for kid in subjects if kid < i] or subjects
        if subjects:
            # a parser may take the members of a long list for several subjects
            return distinct([hit for kid in subjects for hit in self.filler(kid, i)])
        return self._inherited(i, hops)

    def filler(self, kid: int, verb: int) -> list[Hit]:
        """The phrase at ``kid``, or the antecedent if it is a relative pronoun."""
        tree = self.tree
        if tree.low(kid) in {"who", "which", "that", "whom"} and tree.tokens[kid].upos in {
            "PRON",
            "DET",
            "SCONJ",
        }:
            clause = tree.first_conjunct(verb)
            if base(tree.rel(clause)) == "acl":
                return self._doers(tree.head(clause))
            return []
        return self._doers(kid)

    def _doers(self, i: int) -> list[Hit]:
        """Actors of a subject phrase; of an act's noun only its doers ("the annexation of Crimea" is not Crimea)."""
        mention = self._at.get(i)
        if self.tree.lemma(i) in self._act_nouns and not (mention is not None and mention.head == i):
            return self.modifiers(i) or self.prepositional(i, BY)
        return [h for h in self.phrase(i) if not self._describes(h)]

    def _describes(self, hit: Hit) -> bool:
        """Whether an actor only says what kind of thing does it: "a Cuban crocodile", "Laotian electricity".

        People and bodies that act for a state are mentions of their own ("Kenyan marines").
        """
        head = hit.mention.head
        if hit.depth == 0 or self.tree.rel(head) not in {"amod", "compound"}:
            return False
        return self.tree.tokens[self.tree.head(head)].upos == "NOUN"

    def _inherited(self, i: int, hops: int) -> list[Hit]:
        tree = self.tree
        relation, head = base(tree.rel(i)), tree.head(i)
        if head < 0:
            return []
        if relation == "conj":
            return self.subject(head, hops - 1) if tree.is_verbal(head) else []
        if relation == "xcomp":
            if tree.lemma(head) in OBJECT_CONTROL:
                controlled = self.patient(head, hops - 1) or self.prepositional(head, CALLED_ON)
                if controlled:
                    return controlled
            return self.subject(head, hops - 1)
        if relation == "acl":
            if tree.tokens[head].upos in {"NOUN", "PROPN", "PRON"} and "to" not in tree.marks(i):
                return self.phrase(head) if tree.tokens[i].xpos == "VBG" else []
            # "its plan to invade": whoever owns the plan; "the decision to leave" under a verb: its subject
            owner = self.modifiers(head)
            if owner or base(tree.rel(head)) not in {"obj", "nsubj"}:
                return owner
            return self.subject(tree.head(head), hops - 1)
        if relation == "advcl" and tree.lemma(head) in BLAMING and GROUNDS & set(tree.marks(i)):
            return self.patient(head, hops - 1)  # "accused France of supplying arms"
        if relation == "advcl" and "to" in tree.marks(i) and tree.lemma(head) in ASKING:
            return self.patient(head, hops - 1) or self.prepositional(head, CALLED_ON)
        if relation in {"advcl", "ccomp", "parataxis"} and not tree.kids(i, *SUBJECTS):
            return self.subject(head, hops - 1)
        return []

    def patient(self, i: int, hops: int = 6) -> list[Hit]:
        """What is acted upon: the object, or the subject of a passive."""
        node = self.patient_node(i)
        if node < 0:
            return []
        if self.tree.rel(node) == "nsubj:pass":
            return self.filler(node, i)
        return self.phrase(node)

    def patient_node(self, i: int) -> int:
        """The token of the logical object of a verb, -1 without one."""
        tree = self.tree
        objects = tree.kids(i, "obj") or tree.kids(i, "iobj")
        if not objects and tree.lemma(i) in NEVER_PASSIVE:
            return -1
        if objects:
            if tree.low(objects[0]) in {"which", "that", "whom"} and base(tree.rel(i)) == "acl":
                return tree.head(i)
            return objects[0]
        if tree.is_passive(i):
            subjects = tree.kids(i, "nsubj:pass")
            if subjects:
                if (
                    tree.low(subjects[0]) in {"which", "that", "who"}
                    and base(tree.rel(tree.first_conjunct(i))) == "acl"
                ):
                    return tree.head(tree.first_conjunct(i))
                return subjects[0]
            if base(tree.rel(i)) in {"acl", "amod"}:
                return tree.head(i)
            if tree.rel(i) == "conj":
                return self.patient_node(tree.head(i))
            if base(tree.rel(i)) == "advcl" and tree.head(i) >= 0:
                subjects = tree.kids(tree.head(i), *SUBJECTS)
                return subjects[0] if subjects else -1
            return -1
        if tree.rel(i) == "acl:relcl" and tree.kids(i, "nsubj") and not tree.kids(i, "ccomp", "xcomp"):
            # "the sanctions (that) Washington imposed": the relativised object, if not the subject itself
            subject = tree.kids(i, "nsubj")[0]
            if tree.low(subject) not in {"who", "which", "that"}:
                return tree.head(i)
        if tree.rel(i) == "conj" and tree.tokens[i].upos == "VERB" and not tree.kids(i, *SUBJECTS, "ccomp", "xcomp"):
            # "condemned and rejected the plan": the object may hang on the last or the first verb
            head = tree.first_conjunct(i)
            after = [o for o in tree.kids(head, "obj") if o > i]
            if after:
                return after[0]
        shared = [
            o
            for c in tree.conjuncts(i)
            if tree.tokens[c].upos == "VERB" and not tree.kids(c, *SUBJECTS)
            for o in tree.kids(c, "obj")
        ]
        if shared and not tree.kids(i, "obl", "ccomp", "xcomp", "advmod"):
            return shared[-1]
        return -1


DOWN_PREPOSITIONS = frozenset(
    {
        "of",
        "in",
        "from",
        "against",
        "on",
        "with",
        "at",
        "for",
        "to",
        "by",
        "between",
        "inside",
        "near",
        "into",
    }
)


def distinct(hits: Iterable[Hit]) -> list[Hit]:
    """The hits without repeated actors, in order."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for hit in hits:
        key = (hit.actor.id, hit.mention.start)
        if key not in seen:
            seen.add(key)
            kept.append(hit)
    return kept
