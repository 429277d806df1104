"""Reported speech: clauses under verbs, nouns and adjectives of saying, and those with a source beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comity.model import Quote, Span
from comity.understand.quotes.clauses import Clauses
from comity.understand.quotes.heard import Voice
from comity.understand.quotes.view import Cue, View, cue_at
from comity.understand.quotes.words import (
    ADJECTIVES,
    CARRIERS,
    MARKED_ONLY,
    NOUNS,
    PLAIN,
    STORIES,
    TENSED,
    WHERE_SAID,
    WITH_GERUND,
)
from comity.understand.tree import Tree, base

# A reported clause has at least two words.
FEWEST = 2
# Characters between a name and the cue right behind it.
BESIDE = 2
# How far a subject stands from its verb of saying, in words.
NEAR = 8
# A clause that is between marks to this share is a direct quotation.
MOSTLY = 0.7
HALF = 0.5
LETTING = frozenset({"let", "make"})
# Parts of speech that say nothing by themselves.
EMPTY = frozenset({"PRON", "AUX", "PUNCT", "CCONJ", "SCONJ", "PART"})
FINITE = TENSED | {"MD"}


class ReportedFinder:
    """Finds reported speech, sentence by sentence."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.clauses = Clauses(view)

    def find(self, direct: Sequence[Quote]) -> list[Quote]:
        """Every clause reported as somebody's; one that is quoted word by word is left to ``direct``."""
        found: list[Quote] = []
        by_sentence: dict[int, list[Quote]] = {}
        for quote in direct:
            for number in self.view.overlapping(Span(start=quote.start, end=quote.end)):
                by_sentence.setdefault(number, []).append(quote)
        for number, tree in enumerate(self.view.trees):
            if tree.sentence.kind in {"boilerplate", "dateline"}:
                continue
            for i, token in enumerate(tree.tokens):
                if self.view.quoted(token.start):
                    continue
                for cue, whole in self._at(number, i):
                    parts = self._meaning(tree, self._without_speaker(tree, cue, whole))
                    if cue.voice is None or not self._enough(tree, parts):
                        continue
                    local = by_sentence.get(number, [])
                    if mostly_direct(parts, local) or framed(cue, parts, local):
                        continue
                    self.view.voices.heard.add(cue.voice)
                    found.append(self.view.quote(parts, cue, "indirect"))
        return found

    def _at(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        tree = self.view.trees[number]
        upos = tree.tokens[i].upos
        if upos in {"VERB", "AUX"} and self.view.speaks(tree, i):
            yield from self._verb(number, i)
        elif upos == "NOUN" and tree.lemma(i) in NOUNS | STORIES:
            yield from self._noun(number, i)
        elif upos == "ADJ" and tree.lemma(i) in ADJECTIVES | PLAIN:
            yield from self._adjective(number, i)
        if upos in {"VERB", "ADJ"} and tree.low(i) in ADJECTIVES and tree.kids(i, "aux:pass"):
            yield from self._convinced(number, i)
        if upos == "VERB" and tree.low(i) == "known" and tree.lemma(tree.head(i)) in LETTING:
            yield from self._let_known(number, i)
        if upos in {"NOUN", "PROPN", "PRON", "NUM"}:
            cue = self.view.source_phrase(number, i)
            if cue is not None and cue.why not in {"'for'", "'to'"}:
                top = tree.clause(tree.head(i))
                parts = self.clauses.spans(tree, top, set(tree.subtree(i)))
                yield cue, self._before(tree, i, top, parts)

    def _without_speaker(self, tree: Tree, cue: Cue, parts: list[Span]) -> list[Span]:
        """The stretches without the words that name the speaker, which a parse may have mixed in."""
        name = cue.voice.span if cue.voice else None
        if name is None or cue.start is None or all(p.end <= name.start or name.end <= p.start for p in parts):
            return parts
        around = parts[0].start <= cue.start <= parts[-1].end
        before_cue = name.end == parts[-1].end and 0 <= cue.start - name.end <= BESIDE
        if not around and not before_cue:
            return parts
        kept = []
        for part in parts:
            nodes = [k for k, t in enumerate(tree.tokens) if part.start <= t.start < part.end]
            before = self._without_title(tree, [k for k in nodes if tree.tokens[k].end <= name.start])
            after = [k for k in nodes if tree.tokens[k].start >= name.end]
            kept += [s for run in (before, after) if run and (s := self.clauses.trimmed(tree, run)) is not None]
        return kept

    def _without_title(self, tree: Tree, before: list[int]) -> list[int]:
        """The words before a name without those that belong to it: ", the British" Shops Council; ", its head," Li."""
        commas = [n for n, k in enumerate(before) if tree.tokens[k].text == ","]
        if commas and commas[-1] == len(before) - 1:
            commas.pop()
        if not commas:
            return before
        words = [k for k in before[commas[-1] + 1 :] if tree.tokens[k].upos != "PUNCT"]
        article = bool(words) and (tree.tokens[words[0]].upos == "DET" or tree.rel(words[0]) == "nmod:poss")
        verbal = any(tree.tokens[k].upos in {"VERB", "AUX"} for k in words)
        return before[: commas[-1]] if article and not verbal else before

    def _meaning(self, tree: Tree, parts: list[Span]) -> list[Span]:
        """The stretches without those that say nothing by themselves: "It was", "There is"."""
        return [
            p for p in parts
            if any(p.start <= t.start < p.end and t.upos not in EMPTY for t in tree.tokens)
        ]  # fmt: skip

    def _enough(self, tree: Tree, parts: Sequence[Span]) -> bool:
        words = sum(
            1 for t in tree.tokens if t.upos != "PUNCT" and any(p.start <= t.start < p.end for p in parts)
        )
        return words >= FEWEST

    # -- verbs -----------------------------------------------------------------------------------------------------

    def _verb(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        tree = self.view.trees[number]
        clause = self._clause(tree, i)
        agent = self._said_by(tree, i)
        if agent is not None:
            cue = msgspec.structs.replace(self.view.cue(number, i), voice=self.view.voices.of(number, agent[0]))
            yield cue, self.clauses.spans(tree, agent[1], set())
        elif clause is not None:
            own = set(tree.subtree(i)) - set(tree.subtree(clause)) | self._next_act(tree, i, clause)
            parts = self.clauses.spans(tree, clause, own, self._astray(tree, i, clause))
            cue = self.view.cue(number, i)
            if tree.rel(i) == "acl:relcl" and clause > i:
                cue = self._other_than_subject(number, i, tree.head(i), cue)
            yield cue, self._before(tree, i, clause, parts) if clause < i else parts
        elif self.view.is_aside(tree, i) or self._as_said(tree, i):
            yield self._aside(number, i)
        elif self._closes(tree, i):
            parts = self._before_cue(tree, i)
            if parts:
                yield self.view.cue(number, i), parts

    def _said_by(self, tree: Tree, i: int) -> tuple[int, int] | None:
        """ "is said by diplomats to have bought drones": who says it, and the clause."""
        agents = [k for k in tree.kids(i, "obl") if tree.case(k) == "by"]
        told = [k for k in tree.kids(i, "xcomp") if "to" in tree.marks(k)]
        said = bool(tree.kids(i, "aux:pass")) and self.view.says(tree, i)
        return (agents[0], told[0]) if agents and told and said else None

    def _closes(self, tree: Tree, i: int) -> bool:
        """ "It would be back by Friday, it warned.": a cue at the end that the parse took for something else."""
        subjects = [k for k in tree.kids(i, "nsubj") if k == i - 1 or (tree.head(k) == i and abs(k - i) <= NEAR)]
        only_marked = tree.lemma(i) in MARKED_ONLY
        if not subjects or not self.view.says(tree, i) or only_marked or tree.kids(i, "ccomp", "obj", "xcomp"):
            return False
        first = min(i, *tree.subtree(subjects[-1]))
        rest = [t for t in tree.tokens[max(i, max(tree.subtree(subjects[-1]))) + 1 :] if t.upos != "PUNCT"]
        return not rest and first > 1 and tree.tokens[first - 1].text == ","

    def _before_cue(self, tree: Tree, i: int) -> list[Span]:
        """What stands before "..., it warned", if it is a sentence and not all between marks."""
        subject = tree.kids(i, "nsubj")[-1]
        last = min(i, *tree.subtree(subject)) - 1
        run = [k for k in range(last) if not self.view.quoted(tree.tokens[k].start)]
        # in the order of "Because they can, says Ann" the clause is an answer
        own = [k for k in tree.kids(i, "advcl") if subject < i and _subordinate(tree, k)]
        aside = {k for kid in own for k in tree.subtree(kid)}
        finite = any(tree.tokens[k].xpos in FINITE and k not in aside for k in run)
        span = self.clauses.trimmed(tree, range(last)) if finite else None
        return [span] if span is not None else []

    def _clause(self, tree: Tree, i: int) -> int | None:
        """The clause that a verb of saying governs."""
        if tree.lemma(i) in MARKED_ONLY or self._untold(tree, i):
            return None
        if self.view.phrasal(tree, i):  # "let slip that": the parse gives the clause to either word
            below = (k for n in (i, i + 1) for k in tree.kids(n, "ccomp", "xcomp", "advcl") if k > n)
            told = next((k for k in below if "that" in tree.marks(k)), None)
            if told is not None:
                return told
        shortened = self.view.voices.shortened(tree, i)
        for kid in self.view.clauses_of(tree, i, "ccomp"):
            if (tree.is_verbal(kid) or tree.kids(kid, "mark")) and not (shortened and kid == shortened[1]):
                return kid
        for noun in tree.kids(i, "obl"):  # "disclosed in a filing that ..."
            for kid in tree.kids(noun, "acl"):
                if noun > i and "that" in tree.marks(kid) and tree.lemma(noun) in WHERE_SAID:
                    return kid
        for kid in tree.kids(i, "parataxis"):
            between = [tree.tokens[k].text for k in range(i, kid)]
            if kid > i and ":" in between and tree.is_verbal(kid) and not self._own_cue(tree, kid):
                return kid
        if tree.lemma(i) in WITH_GERUND:
            for kid in tree.kids(i, "xcomp", "advcl"):
                if kid > i and tree.tokens[kid].xpos == "VBG" and not tree.marks(kid):
                    return kid
        return None

    def _untold(self, tree: Tree, i: int) -> bool:
        """ "did not say what had caused it": nothing is reported."""
        refused = any(tree.low(k) in {"not", "n't", "never"} for k in tree.kids(i, "advmod"))
        asked = any(
            tree.tokens[k].xpos in {"WP", "WRB"} or tree.low(k) in {"whether", "if"}
            for c in tree.kids(i, "ccomp") for k in list(tree.subtree(c))[:1] + tree.kids(c, "mark", "advmod", "nsubj")
        )  # fmt: skip
        return refused and asked and self.view.says(tree, i)

    def _own_cue(self, tree: Tree, kid: int) -> bool:
        """Whether a clause has a cue of its own inside: "it admits no guilt: the products, it stresses, were legal"."""
        return any(k > kid - NEAR and self.view.is_aside(tree, k) for k in tree.subtree(kid))

    def _next_act(self, tree: Tree, i: int, clause: int) -> set[int]:
        """ "said it would hold exercises and warned ships to keep away": what the speaker does next.

        The parse joins it to what is said; it has the speaker's tense, while what is said has an auxiliary.
        """
        tense = tree.tokens[i].xpos
        if tense not in TENSED or not tree.kids(clause, "aux", "cop") or tree.tokens[clause].xpos == tense:
            return set()
        return {
            k
            for kid in tree.kids(clause, "conj")
            if tree.tokens[kid].xpos == tense and tree.kids(kid, "cc")
            and not tree.kids(kid, "nsubj", "nsubj:pass", "aux", "cop", "mark")
            for k in tree.subtree(kid)
        }  # fmt: skip

    def _astray(self, tree: Tree, i: int, clause: int) -> frozenset[int]:
        """What the parse gave to the verb of saying: the subject of a clause said first, and words before a cue
        between commas ("In return, they said, the banks will ...")."""
        subjects = tree.kids(i, "nsubj")
        if clause > i:
            return self._leading(tree, i, clause)
        if len(subjects) < 2 or tree.kids(clause, "nsubj", "nsubj:pass"):
            return frozenset()
        return frozenset(k for s in subjects if s < clause for k in tree.subtree(s))

    def _leading(self, tree: Tree, i: int, clause: int) -> frozenset[int]:
        subjects = [k for s in tree.kids(i, "nsubj") for k in tree.subtree(s)]
        first = min([i, *subjects])
        said = min(k for k in tree.subtree(clause) if tree.tokens[k].upos != "PUNCT")
        parenthesis = first > 1 and tree.tokens[first - 1].text == "," == tree.tokens[said - 1].text
        if not parenthesis or "that" in tree.marks(clause):
            return frozenset()
        before = {k for kid in tree.kids(i, "obl", "advmod", "advcl") if kid < first for k in tree.subtree(kid)}
        return frozenset(before)

    def _as_said(self, tree: Tree, i: int) -> bool:
        """ "as Putin said, ...": a clause with "as" and nothing said in it."""
        return (
            base(tree.rel(i)) == "advcl" and "as" in tree.marks(i) and self.view.says(tree, i)
            and not tree.kids(i, "ccomp", "xcomp", "obj", "obl") and bool(tree.kids(i, "nsubj"))
            and not any(tree.marks(k) for k in tree.kids(i, "advcl"))  # "as it charged the army with ..."
        )  # fmt: skip

    def _aside(self, number: int, i: int) -> tuple[Cue, list[Span]]:
        """The sentence around a parenthesis, what follows it in the same breath included."""
        tree = self.view.trees[number]
        own = set(tree.subtree(i))
        for kid in tree.kids(i, "conj", "xcomp"):
            if kid > i and not self.view.clause_cue(tree, kid):
                own -= set(tree.subtree(kid))
        top = tree.clause(tree.head(i))
        if base(tree.rel(top)) in {"acl", "conj"} and tree.rel(top) != "acl:relcl":
            top = tree.clause(tree.head(top))
        cue = self.view.cue(number, i)
        parts = self.clauses.spans(tree, top, own)
        return self._other_than_subject(number, i, top, cue), self._before(tree, i, top, parts)

    def _before(self, tree: Tree, i: int, top: int, parts: list[Span]) -> list[Span]:
        """What follows without a comma belongs to the words of saying ("..., he said after the meeting")."""
        if not any(p.start < tree.tokens[i].start for p in parts):
            return parts
        if not self._meaning(tree, [p for p in parts if p.start < tree.tokens[i].start]):
            return parts  # "There was, he said, no majority left"
        return [p for p in parts if p.start < tree.tokens[i].start or self._breath(tree, top, p)]

    def _breath(self, tree: Tree, top: int, part: Span) -> bool:
        """Whether a stretch follows a comma and tells something of its own."""
        k = next(n for n, t in enumerate(tree.tokens) if t.start >= part.start)
        before = {tree.tokens[n].text for n in range(max(k - 2, 0), k)}
        inside = [n for n, t in enumerate(tree.tokens) if part.start <= t.start < part.end]
        finite = top in inside or any(tree.tokens[n].xpos in FINITE or tree.tokens[n].upos == "AUX" for n in inside)
        return bool(before & {",", ";", ":", "—", "–"}) and (finite or tree.low(k) == "to")

    def _other_than_subject(self, number: int, i: int, top: int, cue: Cue) -> Cue:
        """ "The Yemenis, they said, wanted more": the pronoun is not the subject of what is said."""
        tree = self.view.trees[number]
        node = self.view.voices.subject(number, i)
        if node < 0 or tree.tokens[node].upos != "PRON" or cue.voice is None:
            return cue
        arguments = self.view.arguments[number]
        noun = tree.tokens[top].upos in {"NOUN", "PROPN"} and not tree.kids(top, "cop")
        hits = arguments.phrase(top, 0) if noun else arguments.subject(top)
        heads = [top] if noun else tree.kids(top, "nsubj", "nsubj:pass")
        span = cue.voice.span
        itself = span is not None and any(span.start <= tree.tokens[k].start < span.end for k in heads)
        if not itself and cue.voice.actor not in {h.actor.id for h in hits}:
            return cue
        position = tree.tokens[node].start
        voices, sentence = self.view.voices, tree.sentence.start
        latest = voices.heard.near(position, {"person", "other"}, tree.low(node))
        if latest is None or (latest.span is not None and latest.span.start >= sentence):
            latest = voices.person_before(sentence)
        return msgspec.structs.replace(cue, voice=latest) if latest is not None else cue

    # -- nouns, adjectives, sources ------------------------------------------------------------------------------

    def _noun(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        tree = self.view.trees[number]
        clause = next((k for k in tree.kids(i, "acl", "ccomp") if "that" in tree.marks(k)), None)
        without: set[int] = set()
        head = tree.head(i)
        first = next((k for k in tree.kids(head, "mark") if tree.low(k) == "that"), -1) if head >= 0 else -1
        if clause is None and base(tree.rel(i)) == "nsubj" and first > i:
            clause = head  # "Minsk's story is that ..."
            without = {k for k in tree.subtree(clause) if k < first}
        holder = None
        if clause is None and head >= 0 and base(tree.rel(i)) == "nsubj" and tree.lemma(i) not in STORIES:
            # "Fears are growing in Vilnius that ..."
            clause = next((k for k in tree.kids(head, "ccomp") if "that" in tree.marks(k) and k > head), None)
            among = [k for k in tree.kids(head, "obl") if tree.case(k) in {"in", "among"} and k < (clause or 0)]
            holder = self.view.voices.of(number, among[0]) if among else None
        if clause is None or (tree.lemma(i) in STORIES and not without):
            return
        voice = self._owner(number, i) or holder
        yield cue_at(tree, i, voice, f"cue '{tree.tokens[i].text}'"), self.clauses.spans(tree, clause, without)

    def _owner(self, number: int, i: int) -> Voice | None:
        """Whose claim a noun names: its owner, whoever it is by, or who voices it."""
        tree, voices = self.view.trees[number], self.view.voices
        for kid in tree.kids(i, "nmod:poss"):
            return voices.of(number, kid)
        for kid in tree.kids(i, "nmod", "obl"):
            if tree.case(kid) in {"by", "from", "of", "in", "among"}:
                return voices.of(number, kid)
        for kid in tree.kids(i, "amod", "compound"):
            mention = self.view.arguments[number].mention(kid)
            if mention is not None:
                return voices.of(number, mention.head)
        head = tree.head(i)
        if head >= 0 and base(tree.rel(i)) in {"obj", "obl"} and tree.lemma(head) in CARRIERS:
            return self.view.voice_of(number, head)
        return None

    def _adjective(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        """ "was sure that", "made it clear that"."""
        tree = self.view.trees[number]
        head = tree.head(i)
        made = head >= 0 and tree.lemma(head) == "make" and base(tree.rel(i)) in {"xcomp", "obj", "advmod"}
        holders = [i, head] if made else [i]
        below = [k for h in holders for k in tree.kids(h, "ccomp", "csubj", "advcl")]
        clause = next((k for k in below if self._told(tree, k)), None)
        if clause is None or (tree.lemma(i) in PLAIN and not made):
            return
        if not made and (not tree.kids(i, "cop") or tree.kids(i, "expl")):
            return
        at = head if made else i
        cue = self.view.cue(number, at)
        yield cue, self.clauses.spans(tree, clause, set())

    def _convinced(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        """ "are convinced that": a participle that the parse takes for a passive."""
        tree = self.view.trees[number]
        holders = tree.kids(i, "nsubj:pass", "nsubj")
        clauses = [k for k in tree.kids(i, "ccomp") if self._told(tree, k)]
        if holders and clauses:
            cue = self.view.cue(number, i)
            voice = self.view.voices.of(number, holders[0])
            yield msgspec.structs.replace(cue, voice=voice), self.clauses.spans(tree, clauses[0], set())

    def _let_known(self, number: int, i: int) -> Iterator[tuple[Cue, list[Span]]]:
        """ "let it be known that", "made it known that"."""
        tree = self.view.trees[number]
        clauses = [k for n in (i, tree.head(i)) for k in tree.kids(n, "ccomp", "advcl") if "that" in tree.marks(k)]
        if clauses:
            yield self.view.cue(number, tree.head(i)), self.clauses.spans(tree, clauses[0], set())

    def _told(self, tree: Tree, k: int) -> bool:
        marks = tree.marks(k)
        return "that" in marks or (base(tree.rel(k)) == "ccomp" and not marks and tree.is_verbal(k))


def _subordinate(tree: Tree, clause: int) -> bool:
    """ "When crowds burned its flag, Berlin complained": a clause that says when, why or on what condition."""
    asked = any(tree.tokens[k].xpos == "WRB" for k in tree.kids(clause, "advmod", "mark"))
    return asked or any(tree.tokens[k].upos == "SCONJ" for k in tree.kids(clause, "mark"))


def framed(cue: Cue, parts: Sequence[Span], direct: Sequence[Quote]) -> bool:
    """Whether a cue only frames a direct quotation: its own, a whole one at the beginning, or a "in his words"."""
    for quote in direct:
        own = quote.cue_start is not None and quote.cue_start == cue.start
        whole = quote.text[-1:] in ",.!?" and (quote.text[:1].isupper() or shared(parts, [quote]) > HALF)
        opens = quote.text[:1].isupper() and parts[0].start <= quote.start <= parts[0].start + 1
        if (own and (whole or cue.why.startswith("'in"))) or (whole and opens):
            return True
    return False


def shared(parts: Sequence[Span], direct: Sequence[Quote]) -> float:
    """The share of a reported clause that stands between marks, from 0 to 1."""
    spoken = [s for q in direct for s in (q.parts or (Span(start=q.start, end=q.end),))]
    total = sum(p.end - p.start for p in parts)
    both = sum(max(0, min(p.end, s.end) - max(p.start, s.start)) for p in parts for s in spoken)
    return both / total if total else 1.0


def mostly_direct(parts: Sequence[Span], direct: Sequence[Quote]) -> bool:
    """Whether a reported clause is but the frame of a direct quotation."""
    return shared(parts, direct) > MOSTLY
