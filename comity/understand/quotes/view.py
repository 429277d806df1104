"""One document, ready for finding out who says what: trees, marks, speakers and the words that report."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from comity.knowledge.frames import Lexicon
from comity.model import Document, Mention, Quote, Record, Span, Speaker
from comity.understand.arguments import Arguments
from comity.understand.quotemarks import find_marked
from comity.understand.quotes.heard import Voice
from comity.understand.quotes.voices import UNSAID, Voices, as_speaker
from comity.understand.quotes.words import (
    ACCORDING,
    LABELS,
    NO_SPEECH,
    PHRASAL,
    SETTLING,
    SHOWING,
    SPEECH,
    STUDIES,
    TENSED,
    THOUGHT,
    WITH_THAT,
    WORDED,
)
from comity.understand.tree import Tree, base

SPEAKING = frozenset({"same", "possible", "negated", "occurred", "announced"})
REPORTED = frozenset({"quote", "that", "bare", "any"})
# How far behind its verb an inverted subject may stand.
REACH = 9
# Their object is whom it is said to.
TO_SOMEBODY = frozenset({"tell", "inform", "remind", "assure", "warn", "advise"})
SEEN_BY = frozenset({"for", "to"})
CLOSING = frozenset({"”", '"', "»", "’", "'", "''", "“"})
SURE, LOOSE = 0.95, 0.7


class Cue(Record, frozen=True):
    """The words that report speech, who speaks and to whom; ``token`` is -1 where no word does."""

    sentence: int
    voice: Voice | None
    why: str
    token: int = -1
    start: int | None = None
    end: int | None = None
    addressee: Speaker | None = None


def cue_at(tree: Tree, i: int, voice: Voice | None, why: str) -> Cue:
    """The cue that one word is."""
    token = tree.tokens[i]
    return Cue(sentence=tree.number, voice=voice, why=why, token=i, start=token.start, end=token.end)


class View:
    """One document with everything that speakers and cues are looked up in."""

    def __init__(self, document: Document, lexicon: Lexicon) -> None:
        self.document = document
        self.lexicon = lexicon
        self.trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
        by_sentence: list[list[Mention]] = [[] for _ in self.trees]
        for mention in document.mentions:
            by_sentence[mention.sentence].append(mention)
        self.arguments = [Arguments(t, by_sentence[n], lexicon.act_nouns) for n, t in enumerate(self.trees)]
        self.marked = find_marked(document.text)
        self.spans = [m.span for m in self.marked]
        self._inside = bytearray(len(document.text) + 1)
        for span in self.spans:
            self._inside[span.start : span.end] = b"\1" * (span.end - span.start)
        self.voices = Voices(document, self.trees, self.arguments, self.quoted)
        self._starts = [t.sentence.start for t in self.trees]
        self._note_speakers()

    def _note_speakers(self) -> None:
        """Whoever is named as the subject of a word of saying is known before any pronoun is looked up."""
        for number, tree in enumerate(self.trees):
            for i, token in enumerate(tree.tokens):
                if self.quoted(token.start) or not self.speaks(tree, i):
                    continue
                if tree.kids(i, "obj") and not tree.kids(i, "ccomp") and tree.lemma(i) not in TO_SOMEBODY:
                    continue  # "declared war"
                for k in tree.kids(i, "nsubj"):
                    named = tree.tokens[k].upos in {"NOUN", "PROPN"} and not self.quoted(tree.tokens[k].start)
                    voice = self.voices.of(number, k) if named else None
                    if voice is not None and not (voice.kind == "person" and self.voices.by_office(voice)):
                        self.voices.heard.note(voice)

    def shorten(self, span: Span, end: int) -> Span:
        """Let a marked stretch end earlier."""
        new = Span(start=span.start, end=end)
        self.spans[self.spans.index(span)] = new
        self._inside[end : span.end] = bytes(span.end - end)
        return new

    def overlapping(self, span: Span) -> list[int]:
        """The numbers of the sentences that a stretch touches."""
        low, high = bisect_right(self._starts, span.start) - 1, bisect_left(self._starts, span.end)
        return [n for n in range(max(low, 0), high) if span.start < self.trees[n].sentence.end]

    def quoted(self, position: int) -> bool:
        """Whether a character lies between quotation marks."""
        return bool(self._inside[position])

    def speaks(self, tree: Tree, i: int) -> bool:
        """Whether a word is a verb of saying or thinking."""
        token = tree.tokens[i]
        if token.upos not in {"VERB", "AUX"}:
            return self._misread(tree, i)
        lemma = tree.lemma(i)
        if self.phrasal(tree, i):
            return True
        if lemma in SPEECH or (lemma in SETTLING and self._said_before(tree, i)):
            return True
        if lemma in SHOWING and any(tree.lemma(k) in STUDIES for k in tree.kids(i, "nsubj")):
            return True
        if lemma in WITH_THAT:
            return any("that" in tree.marks(k) for k in tree.kids(i, "ccomp"))
        return lemma not in NO_SPEECH and any(
            e.who == "subj" and REPORTED & set(e.complement) and e.effect in SPEAKING
            for e in self.lexicon.embedders.get(("v", lemma), ())
        )

    def _said_before(self, tree: Tree, i: int) -> bool:
        """Whether the clause that a verb governs, or to whose end it stands, ends with a comma before it."""
        if base(tree.rel(i)) == "parataxis" and tree.head(i) < i:
            return all(t.upos == "PUNCT" for t in tree.tokens[i + 1 :])
        return any(k < i and "," in {tree.tokens[n].text for n in range(k, i)} for k in tree.kids(i, "ccomp"))

    def clauses_of(self, tree: Tree, i: int, *relations: str) -> list[int]:
        """The clauses that a verb governs, without those that a stop parts from it.

        Parsers give it what only follows: "..., they say; in practice, nobody has", "..., he claims, to look at it".
        """

        def parted(kid: int) -> bool:
            first = min(k for k in tree.subtree(kid) if tree.tokens[k].upos != "PUNCT" or k == kid)
            between = {tree.tokens[n].text for n in range(i, first)}
            return ";" in between or (base(tree.rel(kid)) == "xcomp" and tree.tokens[first - 1].text == ",")

        return [k for k in tree.kids(i, *relations) if k < i or not parted(k)]

    def phrasal(self, tree: Tree, i: int) -> bool:
        """ "he put it bluntly", "she went on"."""
        return (tree.lemma(i), tree.low(i + 1) if i + 1 < len(tree) else "") in PHRASAL

    def _misread(self, tree: Tree, i: int) -> bool:
        """ "'...,' scoffs Heidi Brunner": right behind a closing mark and before a name, tagged as anything."""
        word = tree.tokens[i].text
        if not 0 < i < len(tree) - 1 or not word.islower() or tree.tokens[i].upos not in {"NOUN", "PROPN", "ADJ", "X"}:
            return False
        told = {word, word.removesuffix("s"), word.removesuffix("ed"), word.removesuffix("d")} & SPEECH
        return bool(told) and tree.tokens[i - 1].text in CLOSING and tree.tokens[i + 1].text[:1].isupper()

    def says(self, tree: Tree, i: int) -> bool:
        """Whether a word is a verb of saying, one of thinking alone left out."""
        return self.speaks(tree, i) and tree.lemma(i) not in THOUGHT

    # -- cues ----------------------------------------------------------------------------------------------------

    def voice_of(self, number: int, i: int) -> Voice | None:
        """Who does the saying at token ``i``."""
        tree = self.trees[number]
        node = next(iter(self._turned(tree, i)), self.voices.subject(number, i))
        if tree.lemma(i) in TO_SOMEBODY and not 0 <= node < i:  # "an official, speaking in private, told Reuters"
            late = self._given_to_clause(number, i)
            if late is not None:
                return late
        if tree.lemma(i) == "ask" and base(tree.rel(i)) == "advcl" and not tree.kids(i, "nsubj"):
            return None  # "asked whether ..., he replied": somebody else asked
        if node > i and tree.low(node) == "it":  # "'...', qualified it the spokeswoman", as machines translate
            return self._inverted(number, i) or self.voices.of(number, node)
        if node >= 0 and not self.quoted(tree.tokens[node].start):
            return self.voices.of(number, node)
        return None if node == UNSAID else self._beside(number, i)

    def _beside(self, number: int, i: int) -> Voice | None:
        """ "said Putin": the parse may miss an inverted subject; then a name right beside the verb is it."""
        tree, arguments = self.trees[number], self.arguments[number]
        found = self._inverted(number, i) or self._given_to_clause(number, i) or self._given_to_quotation(number, i)
        if found is not None:
            return found
        for k in (i + 1, i - 1, i + 2, i - 2):
            if not 0 <= k < len(tree) or self.quoted(tree.tokens[k].start) or tree.case(k):
                continue
            mention, another = arguments.mention(k), base(tree.rel(k)) == "nsubj" and tree.head(k) != i
            if mention is not None and not another and (
                tree.tokens[k].upos in {"PROPN", "PRON"} or mention.how in {"office", "person"}
            ):
                return self.voices.of(number, mention.head)
        return None

    def _given_to_clause(self, number: int, i: int) -> Voice | None:
        """ "Two missiles flew over Japan, the joint chiefs of staff said": the parse may give the chiefs to "flew"."""
        tree = self.trees[number]
        for clause in tree.kids(i, "ccomp"):
            late = [k for k in tree.kids(clause, "nsubj") if clause < k < i]
            if late and any(tree.tokens[k].text == "," for k in range(clause, late[-1])):
                return self.voices.of(number, late[-1])
        return None

    def _given_to_quotation(self, number: int, i: int) -> Voice | None:
        """ "'...,' its minister, Sameh Shoukry, said": the parse may give the subject to the quotation."""
        tree = self.trees[number]
        for k in range(i - 1, -1, -1):
            if self.quoted(tree.tokens[k].start) or tree.tokens[k].upos == "VERB":
                return None
            if base(tree.rel(k)) == "nsubj" and self.quoted(tree.tokens[tree.head(k)].start):
                return self.voices.of(number, k)
        return None

    def _inverted(self, number: int, i: int) -> Voice | None:
        """ "It was, said the chancellor, '...'", and a subject taken for an object ("asked a farmer")."""
        tree = self.trees[number]
        first = i
        while first and tree.tokens[first - 1].upos == "AUX":
            first -= 1
        before = tree.tokens[first - 1].text if first else ""
        closed = before in CLOSING or (before == "," and first > 1 and tree.tokens[first - 2].text in CLOSING)
        behind = closed or (before == "," and i > 1)
        for k in range(i + 1, min(i + 1 + REACH, len(tree))):
            if self.quoted(tree.tokens[k].start) or tree.tokens[k].upos == "PUNCT":
                return None
            given = {"nsubj", "obj"} if behind and self.says(tree, i) else {"nsubj"}
            astray = base(tree.rel(k)) in given and not tree.case(k) and self.quoted(tree.tokens[tree.head(k)].start)
            if tree.low(k) == "old" and tree.low(k - 2) in {"year", "years"}:
                return self.voices.person_before(tree.tokens[i].start)
            below = tree.head(k) in {i, *tree.kids(i, "xcomp")}
            as_object = {"obj", "iobj"} if tree.lemma(i) == "ask" else {"obj"}
            taken = below and base(tree.rel(k)) in {"nsubj", *as_object} and not tree.case(k)
            mention = self.arguments[number].mention(k)
            person = mention is not None and mention.head == k and mention.actors[0].kind == "person"
            told = self.says(tree, i) or tree.lemma(i) in LABELS
            if behind and person and told and not tree.kids(k, "case"):
                return self.voices.of(number, k)
            if astray or (taken and behind and (self.says(tree, i) or closed)):
                return self.voices.of(number, k)
        return None

    def cue(self, number: int, i: int) -> Cue:
        """The cue at a verb, with its speaker and whom it is said to."""
        tree, arguments = self.trees[number], self.arguments[number]
        voice = self.voice_of(number, i)
        told = list(arguments.prepositional(i, frozenset({"to"})))
        for kid in tree.kids(i, "iobj", "obj"):
            if not self.quoted(tree.tokens[kid].start):
                told.extend(arguments.phrase(kid, 0))
        others = [h for h in told if voice is None or h.actor.id != voice.actor]
        return Cue(
            sentence=number,
            token=i,
            start=tree.tokens[i].start,
            end=tree.tokens[i].end,
            voice=voice,
            addressee=as_speaker(others[0]) if others else None,
            why=f"cue '{tree.tokens[i].text}'",
        )

    def quote(self, parts: list[Span], cue: Cue, kind: str) -> Quote:
        """The record of one quotation; its parts in order."""
        text = self.document.text
        known = cue.voice is not None
        return Quote(
            start=parts[0].start,
            end=parts[-1].end,
            text=" ".join(text[p.start : p.end] for p in parts),
            kind="direct" if kind == "direct" else "indirect",
            speaker=cue.voice.speaker if cue.voice else None,
            addressee=cue.addressee,
            cue=text[cue.start : cue.end] if cue.start is not None and cue.end is not None else "",
            cue_start=cue.start,
            speaker_span=cue.voice.span if cue.voice else None,
            parts=tuple(parts) if len(parts) > 1 else (),
            why=cue.why,
            confidence=(SURE if cue.token >= 0 else LOOSE) if known else 0.5,
        )

    def source_phrase(self, number: int, i: int) -> Cue | None:
        """ "according to X", "in the words of X", "in X's view": the cue at the noun ``i``, None for others."""
        tree = self.trees[number]
        case, cases = tree.case(i), tree.kids(i, "case")
        if not cases or tree.head(i) < 0 or base(tree.rel(i)) not in {"obl", "nmod", "parataxis", "advmod"}:
            return None
        if base(tree.rel(i)) == "nmod" and tree.tokens[tree.head(i)].upos == "PRON":
            return None  # "nothing in the words of the ministers supports this"
        node, last = i, tree.tokens[cases[0]].start + len(case)
        if case == "in" and tree.lemma(i) in WORDED:
            owners = [*tree.kids(i, "nmod:poss"), *(k for k in tree.kids(i, "nmod") if tree.case(k) == "of")]
            plain = "nmod:poss" not in map(tree.rel, owners) and not tree.kids(i, "det")
            worded = tree.lemma(i) == "word" and bool(owners) and tree.tokens[owners[0]].entity.endswith("PER")
            if not owners or (plain and not worded):
                return None  # "in plain view of", "in words of one syllable"
            node, of = owners[0], tree.kids(owners[0], "case")
            last = tree.tokens[of[0] if of and owners[0] > i else i].end
        elif case not in ACCORDING and not (case in SEEN_BY and self._for_somebody(number, i)):
            return None
        voice = self.voices.of(number, node)
        return Cue(
            sentence=number, token=i, start=tree.tokens[cases[0]].start, end=last, voice=voice, addressee=None,
            why=f"'{case}'",
        )  # fmt: skip

    def _for_somebody(self, number: int, i: int) -> bool:
        """ "For Benaissa, that was 'a declaration of war'", "To Chirac it was 'a folly'": a person opens it."""
        tree, mention = self.trees[number], self.arguments[number].mention(i)
        inside = [k for k in tree.subtree(i) if tree.tokens[k].upos != "PUNCT"]
        after = tree.tokens[max(inside) + 1].text if max(inside) + 1 < len(tree) else ""
        named = mention is not None and mention.actors[0].kind != "sector"
        judged = tree.case(i) == "to" and bool(tree.kids(tree.head(i), "cop"))
        return named and min(inside) == 0 and (judged or (tree.case(i) == "for" and after == ","))

    def clause_cue(self, tree: Tree, i: int) -> bool:
        """Whether a verb of saying has a clause of its own that it reports."""
        return self.speaks(tree, i) and any(tree.is_verbal(k) for k in tree.kids(i, "ccomp"))

    def is_aside(self, tree: Tree, i: int) -> bool:
        """Whether a verb of saying stands in a parenthesis: "Cyprus, he stressed, would accept nothing"."""
        if not self.says(tree, i) and tree.lemma(i) not in THOUGHT:
            return False
        relation = base(tree.rel(i))
        if relation not in {"parataxis", "acl", "appos", "advcl", "dep", "ccomp", "conj"} or tree.marks(i):
            return False
        said = ("ccomp", "csubj") if tree.lemma(i) in TO_SOMEBODY else ("ccomp", "csubj", "xcomp", "obj")
        shortened = self.voices.shortened(tree, i)
        subject = shortened[0] if shortened else self._aside_subject(tree, i)
        if set(self.clauses_of(tree, i, *said)) - {subject, *(shortened or ())} or subject < 0:
            return False
        if tree.low(subject) in {"who", "which", "that"}:
            return False
        inside = sorted(set(tree.subtree(i)) - {k for c in tree.kids(i, "conj") for k in tree.subtree(c)})
        words = [k for k in inside if tree.tokens[k].upos != "PUNCT"]
        first, last = min(words[0], i, subject), max(i, self._end_of_name(tree, subject))
        before = tree.tokens[first - 1].text if first else ""
        after = tree.tokens[last + 1].text if last + 1 < len(tree) else "."
        return before in {",", "—", "–", "-", "”", '"', "?"} and (after in {",", "—", "–", "-", ".", ";", ":"} or
            relation in {"parataxis", "acl"})  # fmt: skip

    def _aside_subject(self, tree: Tree, i: int) -> int:
        """Who speaks in a parenthesis; an inverted subject may be taken for an object ("argued the spokesman")."""
        spoken = tree.head(i) >= 0 and self.quoted(tree.tokens[tree.head(i)].start)
        joined = base(tree.rel(i)) == "conj" and not tree.kids(i, "cc")  # "called it a farce and vowed revenge" is none
        inverted = tree.kids(i, "obj") if joined and self.says(tree, i) and not spoken else self._turned(tree, i)
        return next(iter([*tree.kids(i, "nsubj"), *(k for k in inverted if k > i)]), -1)

    def _turned(self, tree: Tree, i: int) -> list[int]:
        """ "The islands, reports the Herald, have agreed": who speaks, taken for the object of a clause."""
        clause = base(tree.rel(i)) in {"acl", "advcl"} and tree.tokens[i].xpos in TENSED and not tree.marks(i)
        told = clause and tree.tokens[i - 1].text == "," and not tree.kids(i, "nsubj", "aux")
        return tree.kids(i, "obj") if told and self.says(tree, i) and not self.quoted(tree.tokens[i].start) else []

    def _end_of_name(self, tree: Tree, subject: int) -> int:
        """The last word of a name or description."""
        _, end = self.voices.name(tree.number, subject)
        return max(k for k in range(subject, len(tree)) if k == subject or tree.tokens[k].start < end)
