"""Quotations and reported speech: what was said, by whom, to whom, with which cue."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.knowledge.frames import Lexicon
from comity.model import Document, Mention, Quote, Record, Span, Speaker
from comity.understand.arguments import Arguments, Hit
from comity.understand.quotemarks import find_quotes
from comity.understand.tree import Tree, base

MIN_WORDS = 3
SHORT = 8
CUT_OFF = 4
FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN"})
VERBAL = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
NEAR = 14


class Cue(Record, frozen=True):
    """The word that reports speech, who speaks and to whom."""

    sentence: int
    token: int
    speaker: Hit | None
    addressee: Hit | None
    why: str


class QuoteFinder:
    """Finds direct quotations and reported speech in a parsed document with mentions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, document: Document) -> Document:
        """The document with its quotations."""
        view = View(document, self.lexicon)
        direct = join(view.direct(), document.text)
        indirect = view.indirect(direct)
        quotes = sorted([*direct, *indirect], key=lambda q: q.start)
        return msgspec.structs.replace(document, quotes=tuple(quotes))


class View:
    """One document, ready for looking up cues."""

    def __init__(self, document: Document, lexicon: Lexicon) -> None:
        self.document = document
        self.lexicon = lexicon
        self.trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
        by_sentence: list[list[Mention]] = [[] for _ in self.trees]
        for mention in document.mentions:
            by_sentence[mention.sentence].append(mention)
        self.mentions = by_sentence
        self.arguments = [Arguments(t, by_sentence[n], lexicon.act_nouns) for n, t in enumerate(self.trees)]
        self.spans = find_quotes(document.text)

    # -- direct ------------------------------------------------------------------------------------------

    def direct(self) -> list[Quote]:
        """Marked quotations with a speaker; a marked word without one is no quotation."""
        quotes: list[Quote] = []
        for span in self.spans:
            cue = self._cue(span)
            words = len(self.document.text[span.start : span.end].split())
            if cue is None:
                cue = self._continued(span, quotes, words)
            if cue is None or cue.speaker is None:
                continue
            quotes.append(self._quote(span, cue, "direct"))
        return quotes

    def _quote(self, span: Span, cue: Cue, kind: str) -> Quote:
        token = self.trees[cue.sentence].tokens[cue.token] if cue.token >= 0 else None
        return Quote(
            start=span.start,
            end=span.end,
            text=self.document.text[span.start : span.end],
            kind="direct" if kind == "direct" else "indirect",
            speaker=as_speaker(cue.speaker),
            addressee=as_speaker(cue.addressee),
            cue=token.text if token else "",
            cue_start=token.start if token else None,
            why=cue.why,
            confidence=0.95 if token else 0.7,
        )

    def _cue(self, span: Span) -> Cue | None:
        """The best cue around a quotation: above it in the tree, right after it, right before it."""
        numbers = [n for n, t in enumerate(self.trees) if t.sentence.start < span.end and span.start < t.sentence.end]
        if not numbers:
            return None
        ranked: list[tuple[float, Cue]] = []
        for number in {*numbers, *self._neighbours(span, numbers)}:
            tree = self.trees[number]
            for i in range(len(tree)):
                if self._inside(tree.tokens[i].start, span) or self._quoted(tree.tokens[i].start):
                    continue
                cost = self._cost(tree, i, span, number in numbers)
                if cost is None:
                    continue
                cue = self._make_cue(number, i)
                if cue.speaker is not None:
                    # people speak; a state or a house that "says" something is the second choice
                    ranked.append((cost if cue.speaker.actor.kind == "person" else cost + 1.5, cue))
        according = self._according(span, numbers)
        if according is not None:
            ranked.append((4.5, according))
        return min(ranked, key=lambda r: r[0])[1] if ranked else None

    def _neighbours(self, span: Span, numbers: Sequence[int]) -> list[int]:
        """The next sentence, when it is only a cue cut off from its quotation ("asked a farmer.")."""
        following = numbers[-1] + 1
        if following >= len(self.trees) or not len(self.trees[following]):
            return []
        tree = self.trees[following]
        same = tree.sentence.paragraph == self.trees[numbers[-1]].sentence.paragraph
        cut = tree.tokens[0].text[:1].islower() and tree.sentence.start - span.end <= CUT_OFF
        return [following] if same and (cut or len(tree) <= SHORT) else []

    def _inside(self, position: int, span: Span) -> bool:
        return span.start <= position < span.end

    def _quoted(self, position: int) -> bool:
        return any(s.start <= position < s.end for s in self.spans)

    def _cost(self, tree: Tree, i: int, span: Span, same: bool) -> float | None:
        """How far a word that may report the quotation stands from it; None if it cannot."""
        token = tree.tokens[i]
        gap = sum(1 for t in tree.tokens if (span.end <= t.start < token.start) or (token.end <= t.start < span.start))
        if self._speaks(tree, i):
            doubt = 0.0
        elif self._speech_act(tree, i) and same:
            doubt = 3.0
        elif self._stands_for_speech(tree, i, span, gap):
            doubt = 2.0 if token.start >= span.end else 3.0
        else:
            return None
        governs = any(i in list(tree.ancestors(k)) for k, t in enumerate(tree.tokens) if self._inside(t.start, span))
        low, high = (token.end, span.start) if token.end < span.start else (span.end, token.start)
        cost = doubt + (0.3 * gap if governs else gap + 4.0) + (0.0 if same else 6.0)
        cost += 6.0 * self._stops(self.document.text[low:high])
        if token.start > span.end and gap <= 6:
            cost -= 1.5
        return cost if cost <= NEAR + 8 else None

    def _speech_act(self, tree: Tree, i: int) -> bool:
        """Verbs of verbal acts may carry quoted words: "praised the gesture as 'brave'"."""
        frames = self.lexicon.frames.get(("v", tree.lemma(i)), ())
        return tree.tokens[i].upos == "VERB" and any(f.type in VERBAL for f in frames)

    def _stands_for_speech(self, tree: Tree, i: int, span: Span, gap: int) -> bool:
        """Any finite verb does as a cue right behind a whole quotation, or before one after a colon."""
        token, text = tree.tokens[i], self.document.text
        if token.upos != "VERB" or token.xpos not in FINITE or not text[span.start].isupper():
            return False
        if len(text[span.start : span.end].split()) < MIN_WORDS:
            return False
        if token.start >= span.end:
            return gap <= 4 and not any(c in text[span.end + 1 : token.start] for c in ".!?;:")
        before = [k for k in (tree.root, *tree.conjuncts(tree.root)) if tree.tokens[k].start < span.start]
        return i == max(before, default=-1) and text[token.end : span.start].rstrip(" “\"«„‘'").endswith(":")

    def _stops(self, text: str) -> int:
        """Sentence ends or other quotations between cue and quotation."""
        text = text.rstrip(" “\"«„‘'`")  # the mark that opens the quotation itself
        return sum(text.count(c) for c in ".!?") - text.count("...") * 3 + (1 if "“" in text else 0)

    def _speaks(self, tree: Tree, i: int) -> bool:
        token = tree.tokens[i]
        if token.upos not in {"VERB", "AUX", "NOUN"}:
            return False
        pos = "n" if token.upos == "NOUN" else "v"
        return any(
            e.who == "subj"
            and {"quote", "that", "bare", "any"} & set(e.complement)
            and e.effect in {"same", "possible", "negated", "occurred", "announced"}
            for e in self.lexicon.embedders.get((pos, tree.lemma(i)), ())
        ) and (pos == "v")

    def _make_cue(self, number: int, i: int) -> Cue:
        tree, arguments = self.trees[number], self.arguments[number]
        hits = [h for h in arguments.subject(i) if not self._quoted(h.mention.start)]
        speaker = hits[0] if hits else self._inverted(number, i)
        addressee = [
            h
            for h in [*arguments.prepositional(i, frozenset({"to"})), *self._told(number, i)]
            if speaker is None or h.actor.id != speaker.actor.id
        ]
        return Cue(
            sentence=number,
            token=i,
            speaker=speaker,
            addressee=addressee[0] if addressee else None,
            why=f"cue '{tree.tokens[i].text}'",
        )

    def _told(self, number: int, i: int) -> list[Hit]:
        tree, arguments = self.trees[number], self.arguments[number]
        found = []
        for kid in tree.kids(i, "iobj", "obj"):
            if not self._quoted(tree.tokens[kid].start):
                found.extend(arguments.phrase(kid, 0))
        return found

    def _inverted(self, number: int, i: int) -> Hit | None:
        """ "said Putin": the parse may miss an inverted subject; then a name right beside the verb is it."""
        tree, arguments = self.trees[number], self.arguments[number]
        for k in (i + 1, i - 1, i + 2, i - 2):
            if not 0 <= k < len(tree) or self._quoted(tree.tokens[k].start):
                continue
            mention = arguments.mention(k)
            if mention is not None and (
                tree.tokens[k].upos in {"PROPN", "PRON"} or mention.how in {"office", "person"}
            ):
                return Hit(actor=mention.actors[0], mention=mention, depth=0)
        return None

    def _according(self, span: Span, numbers: Sequence[int]) -> Cue | None:
        for number in numbers:
            tree, arguments = self.trees[number], self.arguments[number]
            for i in range(len(tree)):
                if (
                    base(tree.rel(i)) == "obl"
                    and tree.case(i) in {"according to", "in the words of"}
                    and not (self._inside(tree.tokens[i].start, span))
                ):
                    hits = arguments.phrase(i)
                    if hits:
                        return Cue(sentence=number, token=i, speaker=hits[0], addressee=None, why="according to")
        return None

    def _continued(self, span: Span, quotes: Sequence[Quote], words: int) -> Cue | None:
        """A quotation that stands alone goes on with the last speaker, or belongs to the last person named."""
        if words < MIN_WORDS or not self._stands_alone(span):
            return None
        text = self.document.text
        for quote in reversed(quotes):
            between = text[quote.end : span.start]
            if between.count("\n") <= 2 and len(between) < 200 and quote.speaker is not None:
                person = next(
                    (m for m in reversed(self.document.mentions) if m.actors[0].name == quote.speaker.name),
                    None,
                )
                if person is not None:
                    return self._loose(person, "the quotation goes on")
            break
        before = [
            m
            for m in self.document.mentions
            if m.end <= span.start and m.actors[0].kind == "person" and not self._quoted(m.start)
        ]
        if before and span.start - before[-1].end < 300:
            subjects = [m for m in before if m.sentence == before[-1].sentence]
            return self._loose(subjects[0], "the last person named")
        return None

    def _loose(self, mention: Mention, why: str) -> Cue:
        return Cue(
            sentence=mention.sentence,
            token=-1,
            speaker=Hit(actor=mention.actors[0], mention=mention, depth=0),
            addressee=None,
            why=why,
        )

    def _stands_alone(self, span: Span) -> bool:
        """Whether the sentences around the quotation have hardly a word outside it."""
        outside = 0
        for tree in self.trees:
            if tree.sentence.start < span.end and span.start < tree.sentence.end:
                outside += sum(1 for t in tree.tokens if not self._quoted(t.start) and t.upos not in {"PUNCT", "X"})
        return outside <= 2

    # -- reported ------------------------------------------------------------------------------------------

    def indirect(self, direct: Sequence[Quote]) -> list[Quote]:
        """Reported speech: the clause under a verb of saying."""
        found: list[Quote] = []
        for number, tree in enumerate(self.trees):
            for i in range(len(tree)):
                if not self._speaks(tree, i) or self._quoted(tree.tokens[i].start):
                    continue
                clause = next(
                    (
                        k
                        for k in tree.kids(i, "ccomp", "parataxis")
                        if k != i and not self._quoted(tree.tokens[k].start) and tree.is_verbal(k)
                    ),
                    None,
                )
                if clause is None:
                    continue
                cue = self._make_cue(number, i)
                if cue.speaker is None:
                    continue
                start, end = tree.span(clause)
                if any(q.start < end and start < q.end and q.end - q.start > 0.7 * (end - start) for q in direct):
                    continue
                found.append(self._quote(Span(start=start, end=end), cue, "indirect"))
        return found


def as_speaker(hit: Hit | None) -> Speaker | None:
    """The actor of a hit as a speaker."""
    if hit is None:
        return None
    return Speaker(name=hit.actor.name, state=hit.actor.state, office=hit.actor.office)


def join(quotes: Sequence[Quote], text: str) -> list[Quote]:
    """Quotations interrupted by their cue ("...," he said, "...") become one record with parts."""
    joined: list[Quote] = []
    for quote in quotes:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.cue_start is not None
            and last.cue_start == quote.cue_start
            and last.end < last.cue_start < quote.start
        ):
            parts = (
                *(last.parts or (Span(start=last.start, end=last.end),)),
                Span(start=quote.start, end=quote.end),
            )
            joined[-1] = msgspec.structs.replace(
                last, end=quote.end, parts=parts, text=" ".join(text[p.start : p.end] for p in parts)
            )
        else:
            joined.append(quote)
    return joined
