"""Direct quotations: marked words with a speaker, over paragraphs, interrupted, broken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from comity.model import Quote, Span
from comity.understand.quotemarks import Marked
from comity.understand.quotes.alone import Alone
from comity.understand.quotes.view import Cue, View
from comity.understand.quotes.words import LABELS, PLAIN_WORDS, THOUGHT, TITLED
from comity.understand.tree import Tree

MIN_WORDS = 3
SHORT = 8
CUT_OFF = 4
NEAR = 14
FARTHEST = NEAR + 8
# Marked words without any speaker are a quotation from this length on, when they end like a sentence.
ALONE = 5
FINITE = frozenset({"VBD", "VBZ", "VBP", "VBN"})
BEGINNING = frozenset({"begin", "start", "smile", "sing", "grin", "chime", "chip"})
VERBAL = frozenset({"AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"})
OPENING = " “\"«„‘'`"
# People speak; a state or a house that "says" something is the second choice.
SECOND = {"person": 0.0, "other": 0.4, "body": 1.5}


class DirectFinder:
    """Finds the marked quotations of a document, in order."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.document.text
        self.quotes: list[Quote] = []
        self.alone = Alone(view, self.quotes)

    def find(self) -> list[Quote]:
        """Marked quotations with a speaker; a marked word or two without one is no quotation."""
        for group in groups(self.view.marked, self.text):
            quote = self._one(group)
            if quote is not None:
                self.quotes.append(quote)
        return join(self.quotes, self.text)

    def _one(self, group: Sequence[Marked]) -> Quote | None:
        spans = [m.span for m in group]
        if len(group) == 1 and not group[0].closed:
            spans = [self._cut(spans[0])]
        words = sum(len(self.text[s.start : s.end].split()) for s in spans)
        if self._titled(spans[0], words):
            return None
        cue = self.alone.by_quoting(spans[0]) or self.alone.by_version(spans[0])
        cue = cue or self.alone.goes_on(spans[0], words) or self.alone.before_colon(spans[0])
        cue = cue or self.alone.by_answer(spans[0]) or self.alone.by_words(spans[0])
        cue = cue or self.alone.in_brackets(spans[-1])
        cue = cue or self._cue(spans[0]) or (self._cue(spans[-1]) if len(spans) > 1 else None)
        cue = cue or self.alone.by_writing(spans[0]) or self.alone.after_colon(spans[0], words)
        cue = cue or self.alone.last_person(spans[0], words)
        if cue is None or cue.voice is None:
            return self._nobody(spans, words)
        self.view.voices.heard.add(cue.voice)
        return self.view.quote(spans, cue, "direct")

    def _nobody(self, spans: list[Span], words: int) -> Quote | None:
        """A whole sentence between marks is a quotation even if nobody is named."""
        last = spans[-1]
        if words < ALONE or self.text[last.end - 1] not in ".!?,…":
            return None
        cue = Cue(sentence=0, voice=None, why="no speaker is told")
        return self.view.quote(spans, cue, "direct")

    def _titled(self, span: Span, words: int) -> bool:
        """Names and words talked about: 'the book "The Guns of August"'."""
        before = self.text[max(span.start - 40, 0) : span.start].rstrip(OPENING).split()[-2:]
        named = {w.strip(".,;:").lower() for w in before[-1:]} & TITLED
        if named and named <= PLAIN_WORDS and (before[-1].endswith(":") or self.alone.by_words(span) is not None):
            named = set()  # "answered with one word: 'Never'"
        inside = self.text[span.start : span.end].split()
        # "the 'Santa Rita'": an article of the writer's own before nothing but capitals
        called = before[-1:] == ["the"] and 1 < words <= MIN_WORDS and all(w[:1].isupper() for w in inside)
        return words <= SHORT and (bool(named) or called) and self.text[span.end - 1] not in ",!?"

    # -- marks that are broken ---------------------------------------------------------------------------------

    def _cut(self, span: Span) -> Span:
        """A quotation that nobody closed ends before the words that say whose it is."""
        for tree in map(self.view.trees.__getitem__, self.view.overlapping(span)):
            for i, token in enumerate(tree.tokens):
                if not self._inside(token.start, span) or not self.view.says(tree, i):
                    continue
                at = self._where_cue_starts(tree, i)
                if at is None or tree.tokens[at].start <= span.start:
                    continue
                first = tree.sentence.start > span.start
                end = tree.sentence.start if first else tree.tokens[at].start
                end = span.start + len(self.text[span.start : end].rstrip())
                if end > span.start:
                    return self.view.shorten(span, end)
        return span

    def _where_cue_starts(self, tree: Tree, i: int) -> int | None:
        """The first word of "he said" or "said the mayor" behind a stop or comma; None for another verb."""
        subjects = tree.kids(i, "nsubj")
        if not subjects or (any(k > i for k in tree.kids(i, "ccomp", "obj")) and i < subjects[0]):
            return None
        first = min(i, *tree.subtree(subjects[0]))
        last = max(i, subjects[0])
        if last - first > SHORT or not first:
            return None
        return first if tree.tokens[first - 1].text in {",", ".", "!", "?", "”", '"'} else None

    # -- the cue -----------------------------------------------------------------------------------------------------

    def _cue(self, span: Span) -> Cue | None:
        """The best cue around a quotation: above it in the tree, right after it, right before it."""
        view = self.view
        numbers = view.overlapping(span)
        if not numbers:
            return None
        ranked: list[tuple[float, Cue]] = []
        for number in {*numbers, *self._neighbours(span, numbers)}:
            tree = view.trees[number]
            above = {a for k, t in enumerate(tree.tokens) if self._inside(t.start, span) for a in tree.ancestors(k)}
            for i in range(len(tree)):
                if self._inside(tree.tokens[i].start, span) or view.quoted(tree.tokens[i].start):
                    continue
                cost = self._cost(tree, i, span, number in numbers, i in above)
                if cost is None or self._of_subject(tree, i, span):
                    continue
                cue = view.cue(number, i)
                if self._named_inside(cue, span):
                    other = view.voices.person_before(span.start, other_than=cue.voice)
                    cue = msgspec.structs.replace(cue, voice=other or cue.voice)
                if cue.voice is None and self._unsaid(number, i, span):
                    cue = msgspec.structs.replace(cue, voice=view.voices.person_before(span.start))
                elif cue.voice is None and self._by_pronoun(number, i):
                    cue = msgspec.structs.replace(cue, voice=view.voices.heard.last)
                if cue.voice is not None:
                    ranked.append((cost + SECOND[cue.voice.kind], cue))
        according = self._according(span, numbers)
        if according is not None:
            ranked.append((1.5 if self._next_to(span, according) else 4.5, according))
        return min(ranked, key=lambda r: r[0])[1] if ranked else None

    def _named_inside(self, cue: Cue, span: Span) -> bool:
        """ "'Mr Helms has isolated himself,' he declared": he is somebody else."""
        tree = self.view.trees[cue.sentence]
        pronoun = any(tree.low(k) in {"he", "she"} for k in tree.kids(cue.token, "nsubj"))
        return pronoun and cue.voice is not None and any(
            m.actors[0].id == cue.voice.actor and m.how not in {"pronoun", "role"}
            for m in self.view.voices.between(span.start, span.end)
        )  # fmt: skip

    def _unsaid(self, number: int, i: int, span: Span) -> bool:
        """ "'...', promised there": right behind a quotation, without a word on who."""
        tree, at = self.view.trees[number], self.view.trees[number].tokens[i].start
        behind = at >= span.end and not any(c.isalnum() for c in self.text[span.end : at])
        return behind and self.view.says(tree, i) and not tree.kids(i, "nsubj", "nsubj:pass", "aux:pass")

    def _by_pronoun(self, number: int, i: int) -> bool:
        """ "she added": the last speaker, when nothing tells more."""
        tree = self.view.trees[number]
        return self.view.says(tree, i) and any(tree.low(k) in {"he", "she", "they"} for k in tree.kids(i, "nsubj"))

    def _next_to(self, span: Span, cue: Cue) -> bool:
        """Whether only marks and commas stand between a quotation and the cue."""
        start, end = cue.start or 0, cue.voice.span.end if cue.voice and cue.voice.span else cue.end or 0
        between = self.text[span.end : start] if start >= span.end else self.text[end : span.start]
        return not any(c.isalnum() for c in between)

    def _neighbours(self, span: Span, numbers: Sequence[int]) -> list[int]:
        """The next sentence, when it is only a cue cut off from its quotation ("asked a farmer.")."""
        following = numbers[-1] + 1
        trees = self.view.trees
        if following >= len(trees) or not len(trees[following]):
            return []
        tree = trees[following]
        same = tree.sentence.paragraph == trees[numbers[-1]].sentence.paragraph
        cut = tree.tokens[0].text[:1].islower() and tree.sentence.start - span.end <= CUT_OFF
        ends = not any(c.isalnum() for c in self.text[span.end : trees[numbers[-1]].sentence.end])
        short = ends and len(tree) <= SHORT and any(self.view.says(tree, i) for i in range(len(tree)))
        return [following] if same and (cut or short) else []

    def _inside(self, position: int, span: Span) -> bool:
        return span.start <= position < span.end

    def _cost(self, tree: Tree, i: int, span: Span, same: bool, governs: bool) -> float | None:
        """How far a word that may report the quotation stands from it; None if it cannot."""
        token = tree.tokens[i]
        gap = sum(1 for t in tree.tokens if (span.end <= t.start < token.start) or (token.end <= t.start < span.start))
        if "as" in tree.marks(i) and tree.kids(i, "obj") and not self.view.phrasal(tree, i):
            return None  # 'The "operation", as Moscow calls its war'
        if self.view.speaks(tree, i) and not self._does(tree, i, span):
            doubt = 0.0 if tree.lemma(i) not in THOUGHT else 1.0
        elif same and self._labels(tree, i, governs):
            doubt = -2.0 if self._names(tree, i, span) else 2.0
        elif same and self._speech_act(tree, i) and not self._another_between(tree, i, span):
            if self._thing(tree, i):
                return None
            doubt = 3.0
        elif self._stands_for_speech(tree, i, span, gap):
            doubt = 2.0 if token.start >= span.end else 3.0
        else:
            return None
        low, high = (token.end, span.start) if token.end < span.start else (span.end, token.start)
        beside = doubt == 0.0 and not any(c.isalnum() for c in self.text[low:high])
        beside = beside or (doubt == 2.0 and token.start >= span.end and gap <= MIN_WORDS)
        cost = doubt + (0.3 * gap if governs or beside else gap + 4.0) + (0.0 if same else 6.0)
        cost += 6.0 * self._stops(self.text[low:high])
        if token.start > span.end and gap <= 6:
            cost -= 1.5
        return cost if cost <= FARTHEST else None

    def _does(self, tree: Tree, i: int, span: Span) -> bool:
        """ "would not start a war but 'would not sleep'": a verb that tells speech only by itself, with an object."""
        objects = [k for k in tree.kids(i, "obj", "xcomp") if not self._inside(tree.tokens[k].start, span)]
        return tree.lemma(i) in BEGINNING and any(k > i for k in objects)

    def _of_subject(self, tree: Tree, i: int, span: Span) -> bool:
        """Whether the marked words are part of who does it: 'The "special operation" entered ...'."""
        if self.text[span.end - 1] in ",.!?" or self.text[span.end : span.end + 4].lstrip(" ”\"'»“")[:1] == ",":
            return False
        return any(
            self._inside(tree.tokens[k].start, span)
            for kid in tree.kids(i, "nsubj", "nsubj:pass") for k in tree.subtree(kid)
        )  # fmt: skip

    def _labels(self, tree: Tree, i: int, governs: bool) -> bool:
        """ "called the plan 'a farce'": verbs that say what somebody thinks of a thing."""
        verb = tree.tokens[i].upos == "VERB" or tree.tokens[i].xpos in FINITE
        return governs and verb and tree.lemma(i) in LABELS and "as" not in tree.marks(i)

    def _speech_act(self, tree: Tree, i: int) -> bool:
        """Verbs of verbal acts may carry quoted words: "praised the gesture as 'brave'"."""
        frames = self.view.lexicon.frames.get(("v", tree.lemma(i)), ())
        light = self.view.lexicon.light(tree.lemma(i), frozenset()) is not None
        return tree.tokens[i].upos == "VERB" and not light and any(f.type in VERBAL for f in frames)

    def _names(self, tree: Tree, i: int, span: Span) -> bool:
        """ "called its leaders 'insects'": the words between the marks are what the verb calls somebody."""
        whole = self.text[span.end - 1] in ",.!?"
        return not whole and any(self._inside(tree.tokens[k].start, span) for k in tree.kids(i, "xcomp"))

    def _thing(self, tree: Tree, i: int) -> bool:
        """ "rejected the map: it fulfils 'not even our minimum'": what is talked about does not speak."""
        subjects = [k for k in tree.kids(i, "nsubj") if tree.low(k) == "it"]
        return bool(subjects) and subjects[0] > 0 and tree.tokens[subjects[0] - 1].text == ":"

    def _another_between(self, tree: Tree, i: int, span: Span) -> bool:
        """Whether the marked words belong to another clause below: "blocks it if Ankara makes 'a gesture'"."""
        at = tree.tokens[i].start
        for k, token in enumerate(tree.tokens):
            if token.text == ";" and min(span.start, at) < token.start < max(span.start, at):
                return True
            if not self._inside(token.start, span) or self._inside(tree.tokens[token.head].start, span):
                continue
            for node in tree.ancestors(k):
                if node == i:
                    break
                if tree.tokens[node].upos == "VERB" and tree.kids(node, "nsubj"):
                    return True
        return False

    def _stands_for_speech(self, tree: Tree, i: int, span: Span, gap: int) -> bool:
        """Any finite verb does as a cue right behind a whole quotation, or before one after a colon."""
        token, text = tree.tokens[i], self.text
        stated = token.upos in {"ADJ", "NOUN"} and bool(tree.kids(i, "cop"))  # "was brief: '...'"
        if not stated and (token.upos != "VERB" or token.xpos not in FINITE):
            return False
        if any(self.view.says(tree, k) for k in tree.kids(i, "xcomp")):
            return False  # "likes to say": the verb below is the cue
        if not text[span.start].isupper() or (stated and token.start >= span.end):
            return False
        if len(text[span.start : span.end].split()) < MIN_WORDS:
            return False
        if token.start >= span.end:
            return gap <= 4 and not any(c in text[span.end + 1 : token.start] for c in ".!?;:")
        before = [k for k in (tree.root, *tree.conjuncts(tree.root)) if tree.tokens[k].start < span.start]
        return i == max(before, default=-1) and text[token.end : span.start].rstrip(OPENING).endswith(":")

    def _stops(self, text: str) -> int:
        """Sentence ends or other quotations between cue and quotation."""
        text = text.rstrip(OPENING)  # the mark that opens the quotation itself
        return sum(text.count(c) for c in ".!?") - text.count("...") * 3 + (1 if "“" in text else 0)

    def _according(self, span: Span, numbers: Sequence[int]) -> Cue | None:
        """ "according to X", the nearest: "for Moscow it is 'an exercise'; for Vilnius, it is 'a rehearsal'"."""
        found = list(self._sources(numbers, span))
        return min(found, key=lambda c: self._gap(c, span)) if found else None

    def _gap(self, cue: Cue, span: Span) -> tuple[bool, int]:
        """Whether a semicolon stands between a cue and the marked words, and how far they are apart."""
        start, end = cue.start or 0, cue.end or 0
        low, high = (end, span.start) if end <= span.start else (span.end, start)
        return ";" in self.text[low:high], high - low

    def _sources(self, numbers: Sequence[int], span: Span) -> Iterator[Cue]:
        view = self.view
        for number in numbers:
            tree = view.trees[number]
            for i, token in enumerate(tree.tokens):
                if token.upos in {"NOUN", "PROPN", "PRON"} and not self._inside(token.start, span):
                    cue = view.source_phrase(number, i)
                    if cue is not None and cue.voice is not None:
                        yield cue


def groups(marked: Sequence[Marked], text: str) -> list[list[Marked]]:
    """Marked stretches, with those together that go on over paragraphs: each opened again, only the last closed."""
    found: list[list[Marked]] = []
    for one in marked:
        last = found[-1][-1] if found else None
        if last is not None and not last.closed and one.opens:
            between = text[last.span.end : one.span.start]
            if between.count("\n") in {1, 2} and not any(c.isalnum() for c in between):
                found[-1].append(one)
                continue
        found.append([one])
    return found


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
            and not (text[last.start].islower() and text[quote.start].isupper())  # a few words, then a whole sentence
        ):
            parts = (
                *(last.parts or (Span(start=last.start, end=last.end),)),
                *(quote.parts or (Span(start=quote.start, end=quote.end),)),
            )
            joined[-1] = msgspec.structs.replace(
                last, end=quote.end, parts=parts, text=" ".join(text[p.start : p.end] for p in parts)
            )
        else:
            joined.append(quote)
    return joined
