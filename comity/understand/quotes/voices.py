"""Who speaks: the words that name a speaker, known or not, and whom they mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from comity.model import Document, Mention, Span, Speaker
from comity.understand.arguments import Arguments, Hit
from comity.understand.quotes.heard import FAR, Heard, Voice
from comity.understand.quotes.words import (
    INDEFINITE,
    MEN,
    PEOPLE,
    RELATIVE,
    SPEAKING_THINGS,
    SPEECH,
    TENSED,
    THOUGHT,
    WOMEN,
    WRITINGS,
)
from comity.understand.tree import Tree, base

# They do what is said, and say nothing: "Anyone with a gun, he warned, faces jail".
ANYBODY = frozenset({"anyone", "anybody", "whoever"})
PERSONAL = frozenset({"he", "she", "they", "it", "him", "her", "them"})
# How far back a pronoun without a mention may look, in sentences.
REACH = 3
# How soon a name must follow a pronoun that nobody was named before.
SOON = 120
# "one of them, a farmer named Nasuh Mahruki": how many words on the name may stand.
ONE = 10
# A name of more words is cut after its head.
LONGEST = 10
OWNED = frozenset({"of", "for", "in", "from", "to", "at", "with", "on", "near"})
OF = frozenset({"of", "for", "from"})
FROM = frozenset({"from", "by", "of"})
HOPS = 6
OWNERS = {"his": "he", "her": "she", "him": "he", "their": "they", "them": "they", "its": "it"}
# "was quoted as saying": whoever is quoted speaks.
CITING = frozenset({"quote", "cite"})
# Nobody does it, or nobody is told: "asked whether ..., he replied".
BY_OFFICE = frozenset({"office", "role", "counterpart", "pronoun"})
NOBODY, UNSAID = -1, -2
SHORT = frozenset({"VBN", "VBD", "VBG", "JJ"})


class Voices:
    """Finds the speakers of cues in one document."""

    def __init__(
        self, document: Document, trees: Sequence[Tree], arguments: Sequence[Arguments], quoted: Callable[[int], bool]
    ) -> None:
        self.quoted = quoted
        self.document = document
        self.trees = trees
        self.arguments = arguments
        self.heard = Heard()
        self.mentions = sorted(document.mentions, key=lambda m: m.start)
        self._starts = [m.start for m in self.mentions]
        self._times = [t for t in document.timexes if t.kind != "DURATION"]
        self._described_as: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if trees[mention.sentence].tokens[mention.head].upos != "PRON":
                self._described_as.setdefault(mention.actors[0].id, []).append(mention)

    def between(self, low: int, high: int) -> list[Mention]:
        """The mentions that begin in a range of characters, in order."""
        return self.mentions[bisect_left(self._starts, low) : bisect_left(self._starts, high)]

    # -- the word that names the speaker -------------------------------------------------------------------

    def subject(self, number: int, i: int, hops: int = HOPS) -> int:
        """The token that names who does ``i``, negative if none: through control, coordination and relatives."""
        tree = self.trees[number]
        if hops <= 0 or i < 0:
            return NOBODY
        subjects = [k for k in tree.kids(i, "nsubj", "nsubj:outer") if tree.rel(k) != "nsubj:pass"]
        subjects = [k for k in subjects if tree.tokens[k].text != "”" and tree.case(k) != "by"]
        subjects = [k for k in subjects if tree.low(k) not in ANYBODY]
        if subjects:
            people = [k for k in subjects if tree.tokens[k].entity.endswith("PER")]
            said = [k for k in tree.kids(i, "ccomp") if k < i]
            if said and len(subjects) > 1:  # "Troops crossed the river, the army said": both given to the verb
                behind = [k for k in subjects if k > said[0]]
                people = behind or people
            return self._antecedent_of_relative(tree, (people or subjects)[0], i)
        behind_it = self._behind_it(tree, i)
        if behind_it >= 0:
            return behind_it
        passive = tree.kids(i, "nsubj:pass")
        if passive and tree.lemma(i) in CITING:
            return self._antecedent_of_relative(tree, passive[0], i)
        if tree.is_passive(i):
            by = [k for k in tree.kids(i, "obl") if tree.case(k) == "by"]
            unmarked = base(tree.rel(i)) in {"acl", "amod", "advcl"} and tree.tokens[i].xpos == "VBN"
            if by or passive or unmarked:
                return by[0] if by else UNSAID
        shortened = self.shortened(tree, i)
        return shortened[0] if shortened else self._inherited(number, i, hops)

    def _behind_it(self, tree: Tree, i: int) -> int:
        """ "'...', qualified it the spokeswoman": who speaks, behind the pronoun that stands for what is said."""
        if i + 2 >= len(tree) or tree.low(i + 1) != "it" or tree.head(i + 1) != i:
            return NOBODY
        nouns = (k for k in tree.kids(i, "obj", "iobj", "ccomp", "xcomp") if tree.tokens[k].upos in {"NOUN", "PROPN"})
        told = (k for k in nouns if not self.quoted(tree.tokens[k].start))  # "called it 'treason'"
        return next((k for k in told if min(tree.subtree(k)) == i + 2), NOBODY)

    def shortened(self, tree: Tree, i: int) -> tuple[int, int] | None:
        """ "people briefed on the talks said": the subject, and the participle to which the parse may have given it."""
        if tree.tokens[i].xpos not in TENSED or tree.kids(i, "aux"):
            return None
        own = [k for k in tree.kids(i, "nsubj") if k < i]
        for k in range(i - 1, max(i - LONGEST, -1), -1):
            short = tree.tokens[k].xpos in SHORT and not tree.kids(k, "aux", "cop", "mark")
            if short and max(tree.subtree(k)) == i - 1:
                subjects = own or [n for n in tree.kids(k, "nsubj", "nsubj:pass") if n < k]
                if subjects and subjects[-1] < k and all(tree.tokens[n].text != "," for n in range(subjects[-1], i)):
                    return subjects[-1], k
        return None

    def _antecedent_of_relative(self, tree: Tree, kid: int, verb: int) -> int:
        if tree.low(kid) in RELATIVE and tree.tokens[kid].upos in {"PRON", "DET", "SCONJ"}:
            clause = tree.first_conjunct(verb)
            if base(tree.rel(clause)) != "acl":
                return NOBODY
            # "Brazil and Hugo Chavez, who promised": the nearest one
            nearest = [k for k in tree.conjuncts(tree.head(clause)) if k < kid]
            return max(nearest, default=tree.head(clause))
        return kid

    def _inherited(self, number: int, i: int, hops: int) -> int:
        tree = self.trees[number]
        relation, head = base(tree.rel(i)), tree.head(i)
        if head < 0:
            return NOBODY
        if tree.lemma(head) in CITING and relation in {"advcl", "xcomp", "obl", "acl", "ccomp"}:
            patient = tree.kids(head, "nsubj:pass") or tree.kids(head, "obj")
            return patient[0] if patient else NOBODY
        told = tree.kids(head, "nsubj:pass") if relation == "xcomp" else []
        if told:
            return told[0]
        if relation == "conj":
            above = tree.head(head)
            if base(tree.rel(head)) == "ccomp" and above >= 0 and tree.lemma(i) in SPEECH - THOUGHT:
                # "claimed that Kyiv had massed troops and said ...": said by whoever claimed
                head = above if tree.lemma(head) not in SPEECH and tree.lemma(above) in SPEECH | THOUGHT else head
            return self.subject(number, head, hops - 1) if tree.is_verbal(head) else NOBODY
        if relation == "acl" and tree.tokens[head].upos in {"NOUN", "PROPN", "PRON"}:
            return head if tree.tokens[i].xpos == "VBG" else NOBODY
        if relation == "parataxis" and tree.tokens[i].xpos in TENSED:
            return self._named_since_colon(tree, i)
        gerund = tree.tokens[i].xpos == "VBG"
        if relation in {"xcomp", "advcl"} or (relation in {"ccomp", "parataxis"} and gerund):
            return self.subject(number, head, hops - 1)
        return NOBODY

    def _named_since_colon(self, tree: Tree, i: int) -> int:
        """ "...: Viktor Kaluzhny, the envoy, condemned": a name that the parse left to the clause before the colon."""
        for k in range(i - 1, -1, -1):
            if tree.tokens[k].text in {":", ";"}:
                first = k + 1
                named = tree.tokens[first].entity == "B-PER" and base(tree.rel(first)) in {"dep", "appos", "parataxis"}
                return first if named and tree.head(first) < k else NOBODY
            if tree.tokens[k].upos == "VERB":
                return NOBODY
        return NOBODY

    # -- whom it means -----------------------------------------------------------------------------------------

    def of(self, number: int, node: int) -> Voice | None:
        """The voice that a word names; a pronoun may mean a speaker heard before."""
        if node < 0:
            return None
        tree, token = self.trees[number], self.trees[number].tokens[node]
        low = token.text.lower()
        if low in INDEFINITE or self._is_time(token.start):
            return None
        if any(tree.low(k) in {"no", "neither"} for k in tree.kids(node, "det")):
            return None
        mention = self.arguments[number].mention(node)
        if self._epithet(tree, node, mention):
            person = self.person_before(token.start, mention.actors[0].state if mention else None)
            if person is not None:
                return person
        if token.upos == "PRON" and low in {"he", "she"}:
            closer = self._closer(number, node, low, mention)
            if closer is not None:
                return closer
        if mention is not None and mention.head == node and not self._guessed(mention) and not self._in_marks(mention):
            return self._mentioned(number, node, mention)
        if token.upos == "PRON":
            return self._pronoun(number, node, low)
        if token.upos not in {"NOUN", "PROPN", "ADJ", "NUM", "DET", "X"}:
            return None
        named = self._named_beside(number, node)
        return named or self._described(number, node)

    def _is_time(self, position: int) -> bool:
        """Whether a word belongs to a time: "the 22 of April" does not speak."""
        at = bisect_right(self._times, position, key=lambda t: t.start) - 1
        return at >= 0 and position < self._times[at].end

    def _closer(self, number: int, node: int, low: str, mention: Mention | None) -> Voice | None:
        """Whom "he" or "she" means, if somebody else has spoken since the one that actors were read for."""
        position = self.trees[number].tokens[node].start
        near = self.heard.near(position, {"person", "other"}, low)
        since = near.span.end if near is not None and near.span is not None else position - FAR
        for back in range(number, max(number - REACH, -1), -1):
            tree = self.trees[back]
            for k in range(len(tree) - 1, -1, -1):
                at = tree.tokens[k].start
                subject = since < at < position and base(tree.rel(k)) == "nsubj" and not self.quoted(at)
                if subject and (tree.lemma(k) in (WOMEN if low == "she" else MEN) or self._somebody(back, k, number)):
                    return self.of(back, k)
        if mention is None or near is None or near.span is None or near.actor == mention.actors[0].id:
            return None
        if mention.actors[0].kind not in {"person", "sector"}:
            return near  # "he" is no state
        named = [m for m in self._described_as.get(mention.actors[0].id, []) if m.start < position]
        if near.kind == "person" and self.by_office(near):
            return None  # "the new head of the ministry" may be whom the reader of actors took
        return near if not named or named[-1].end <= near.span.start else None

    def _somebody(self, back: int, k: int, number: int) -> bool:
        """Whether the sentence before is about one person: "The chairman, Sir Ronald Ashby, is unmoved. He says"."""
        tree = self.trees[back]
        if back != number - 1 or tree.head(k) != tree.root or self._several(back, k):
            return False
        named = [a for a in (k, *tree.kids(k, "appos", "flat")) if tree.tokens[a].entity.endswith("PER")]
        return bool(named) or tree.lemma(k) in PEOPLE

    def by_office(self, voice: Voice) -> bool:
        """Whether a text names somebody by his office only."""
        told = self._described_as.get(voice.actor or "", [])
        return bool(told) and all(m.how in BY_OFFICE for m in told)

    def _in_marks(self, mention: Mention) -> bool:
        """Whether "it" stands for something that was named between marks only: whoever speaks is named outside."""
        if mention.how != "pronoun" or mention.actors[0].kind == "person":
            return False
        before = [m for m in self._described_as.get(mention.actors[0].id, []) if m.start < mention.start]
        return bool(before) and all(self.quoted(m.start) for m in before)

    def _guessed(self, mention: Mention) -> bool:
        """Whether "the man" was taken for a leader whom the text does not name."""
        actor = mention.actors[0]
        if actor.kind != "person" or mention.how not in {"role", "pronoun"}:
            return False
        told = self._described_as.get(actor.id, [])
        return bool(told) and all(m.how == "role" for m in told)

    def _epithet(self, tree: Tree, node: int, mention: Mention | None) -> bool:
        """ "the Italian", "the 71-year-old", "the Californian": a person named before, by what he is."""
        if [tree.low(k) for k in tree.kids(node, "det")] != ["the"] or tree.kids(node, "compound", "nmod", "appos"):
            return False
        token = tree.tokens[node]
        if tree.low(node) == "old" and tree.low(node - 2) in {"year", "years"}:
            return True
        if mention is not None:
            alone = mention.first == mention.last and mention.actors[0].kind == "person" and token.text[:1].isupper()
            described = alone and token.text not in mention.actors[0].name.split()
            return (mention.how in {"adjective", "demonym"} or described) and not token.text.endswith("s")
        return token.text[:1].isdigit() or (token.text[:1].isupper() and token.text.endswith(("an", "ese", "er")))

    def person_before(
        self, position: int, state: str | None = None, other_than: Voice | None = None
    ) -> Voice | None:  # fmt: skip
        """The last person who was the subject of a clause before, else the last person named before.

        With a state, only persons of that state or of none; never ``other_than`` somebody.
        """
        before = [
            m for m in self.between(position - FAR, position)
            if m.end <= position and m.actors[0].kind == "person"
            and (other_than is None or m.actors[0].id != other_than.actor)
            and state in {None, m.actors[0].state} | ({state} if m.actors[0].state is None else set())
        ]  # fmt: skip
        subjects = [m for m in before if base(self.trees[m.sentence].rel(m.head)) == "nsubj"]
        chosen = (subjects or before)[-1:]
        return self._mentioned(chosen[0].sentence, chosen[0].head, chosen[0]) if chosen else None

    def _mentioned(self, number: int, node: int, mention: Mention) -> Voice | None:
        actor = mention.actors[0]
        if actor.kind == "sector" and self.trees[number].tokens[node].upos != "PRON":
            named = self._named_beside(number, node)
            if named is not None:
                return named
            start, end = self.name(number, node)
            name = self._text(start, end)
            return Voice(
                speaker=Speaker(name=name, state=actor.state, office=actor.office),
                span=Span(start=start, end=end), kind="other", actor=actor.id, plural=self._several(number, node),
            )  # fmt: skip
        if actor.kind == "sector":
            named = self._first_named(mention)
            if named is not None:
                return named
        kind = "person" if actor.kind in {"person", "sector"} else "body"
        return Voice(
            speaker=Speaker(name=actor.name, state=actor.state, office=actor.office),
            span=Span(start=mention.start, end=mention.end), kind=kind, actor=actor.id,
        )  # fmt: skip

    def _first_named(self, mention: Mention) -> Voice | None:
        """Whom a pronoun means, by the words that described him before."""
        known = self._described_as.get(mention.actors[0].id, [])
        before = bisect_left(known, mention.start, key=lambda m: m.start)
        other = known[before - 1] if before else None
        return self._mentioned(other.sentence, other.head, other) if other is not None else None

    def _named_beside(self, number: int, node: int) -> Voice | None:
        """ "its foreign minister, Sameh Shoukry": the name in apposition."""
        tree = self.trees[number]
        after = range(node + 1, min(node + ONE, len(tree))) if tree.low(node) == "one" else ()
        later = (k for k in after if tree.tokens[k].entity == "B-PER")
        for kid in [*tree.kids(node, "appos", "flat"), *self._named_below(tree, node), *later]:
            mention = self.arguments[number].mention(kid)
            if mention is not None and mention.actors[0].kind == "person":
                return self._mentioned(number, kid, mention)
            if tree.tokens[kid].entity.endswith("PER"):
                start, end = self.name(number, kid)
                return Voice(
                    speaker=Speaker(name=self._text(start, end), state=self._state(number, node)),
                    span=Span(start=start, end=end), kind="person",
                )  # fmt: skip
        return None

    def _named_below(self, tree: Tree, node: int) -> list[int]:
        """ "the owner of Kabul Express, Martin Holroyd": the parse may give the name to what he owns."""
        below = [k for k in tree.kids(node, "nmod") if k > node and not tree.tokens[k].entity.endswith("PER")]
        found = [a for k in below if tree.tokens[k].upos == "PROPN" for a in tree.kids(k, "appos")]
        return [a for a in found if tree.tokens[a].entity == "B-PER" and tree.tokens[a - 1].text == ","]

    def _described(self, number: int, node: int) -> Voice | None:
        start, end = self.name(number, node)
        name = self._text(start, end)
        if not name:
            return None
        person = self.trees[number].tokens[node].entity.endswith("PER")
        return Voice(
            speaker=Speaker(name=name, state=self._state(number, node)),
            span=Span(start=start, end=end),
            kind="person" if person else "other",
            plural=self._several(number, node),
        )

    def _several(self, number: int, node: int) -> bool:
        return self.trees[number].tokens[node].xpos in {"NNS", "NNPS"}

    def _state(self, number: int, node: int) -> str | None:
        """For whom somebody described speaks: the actor that owns or qualifies the word."""
        arguments = self.arguments[number]
        hits = arguments.modifiers(node) or arguments.prepositional(node, OF)
        if not hits and self.trees[number].lemma(node) in WRITINGS:
            return self._author(number, node)
        return hits[0].actor.state if hits else None

    def _author(self, number: int, node: int) -> str | None:
        """For whom a writing speaks: "Sudan sent a letter. The letter said", "In a note, NATO warned. The note ..."."""
        lemma = self.trees[number].lemma(node)
        for n in range(number, max(number - REACH, 0) - 1, -1):
            tree = self.trees[n]
            before = [k for k in range(len(tree)) if tree.lemma(k) == lemma and (n < number or k < node)]
            for k in reversed(before):
                if self.quoted(tree.tokens[k].start):
                    continue
                state = self._writer(n, k)
                if state is not None:
                    return state
        return None

    def _writer(self, number: int, node: int) -> str | None:
        """The state of whoever owns a writing, or sends it, or says something in it."""
        tree, arguments = self.trees[number], self.arguments[number]
        own = arguments.modifiers(node) or arguments.prepositional(node, FROM)
        if own:
            return own[0].actor.state
        held = tree.head(node) >= 0 and base(tree.rel(node)) in {"obj", "obl"}
        doer = self.subject(number, tree.head(node)) if held else NOBODY
        mention = arguments.mention(doer) if doer >= 0 else None
        return mention.actors[0].state if mention is not None else None

    def _pronoun(self, number: int, node: int, low: str) -> Voice | None:
        low = OWNERS.get(low, low)
        if low not in PERSONAL:
            return self._described(number, node) if low not in {"i", "we", "you", "there", "this", "that"} else None
        position = self.trees[number].tokens[node].start
        if low == "it":
            return self._subject_before(number, node, person=False)
        kinds = {"other"} if low in {"they", "them"} else {"person", "other"}
        near = self.heard.near(position, kinds, low)
        if near is not None:
            return near
        found = self._subject_before(number, node, person=True) or self._named_after(position, low)
        return found or self._nameless(number, node, low)

    def _nameless(self, number: int, node: int, low: str) -> Voice:
        """A pronoun that nothing before explains stays what it is."""
        token = self.trees[number].tokens[node]
        return Voice(speaker=Speaker(name=low), span=Span(start=token.start, end=token.end), kind="other")

    def _named_after(self, position: int, low: str) -> Voice | None:
        """ "'...', he said. Mr Zelensky had arrived": nobody was named before."""
        if low not in {"he", "she"}:
            return None
        for mention in self.between(position + 1, position + SOON):
            if mention.actors[0].kind == "person":
                return self._mentioned(mention.sentence, mention.head, mention)
        return None

    def _subject_before(self, number: int, node: int, person: bool) -> Voice | None:
        """The subject of a main clause before a pronoun, of a fitting kind."""
        here = self.trees[number]
        position, head = here.tokens[node].start, here.head(node)
        # "The money had been found, he said": he is not the money
        aside = head >= 0 and base(here.rel(head)) == "parataxis"
        for back in range(number - int(person and aside), max(number - REACH, -1), -1):
            tree = self.trees[back]
            if not len(tree):
                continue
            for subject in tree.kids(tree.root, "nsubj", "nsubj:pass"):
                token = tree.tokens[subject]
                if token.start >= position or token.upos not in {"NOUN", "PROPN"} or self.quoted(token.start):
                    continue
                body = tree.lemma(subject) in SPEAKING_THINGS or token.entity.endswith("ORG")
                if (person and not tree.case(subject)) or body:
                    return self.of(back, subject)
        return None

    # -- words ---------------------------------------------------------------------------------------------------

    def name(self, number: int, node: int) -> tuple[int, int]:
        """Character range of a speaker's name: its head with modifiers, without article and clauses."""
        tree = self.trees[number]
        first = last = node
        for kid in sorted(tree.kids(node, "amod", "compound", "nummod", "flat", "nmod", "det", "obl"), reverse=True):
            if kid < node and (tree.rel(kid) == "nmod:poss" or not tree.kids(kid, "case")):
                first = min(first, *tree.subtree(kid))
        for kid in sorted(tree.kids(node, "flat", "nmod", "compound", "obl", "nummod")):
            inside = list(tree.subtree(kid))
            clause = any(base(tree.rel(k)) in {"acl", "appos", "advcl", "parataxis"} for k in inside)
            follows = min(inside) == last + 1
            if kid > node and follows and not clause and (tree.case(kid) in OWNED or not tree.case(kid)):
                last = max(inside)
        for kid in tree.kids(node, "conj"):
            if kid == node + 2 and tree.low(node + 1) == "&":
                last = kid
        while first < node and tree.tokens[first].upos in {"DET", "PUNCT", "CCONJ"} and first < last:
            first += 1
        if tree.low(first) in {"its", "his", "her", "their", "our", "my"} and first < node:
            first += 1
        if last - first >= LONGEST:
            last = node
        return tree.tokens[first].start, tree.tokens[last].end

    def _text(self, start: int, end: int) -> str:
        return " ".join(self.document.text[start:end].split())


def as_speaker(hit: Hit | None) -> Speaker | None:
    """The actor of a hit as a speaker."""
    if hit is None:
        return None
    return Speaker(name=hit.actor.name, state=hit.actor.state, office=hit.actor.office)
