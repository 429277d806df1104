"""Whose a quotation is that stands alone, without a word of saying."""

from __future__ import annotations

import re
from collections.abc import Sequence

from comity.model import Mention, Quote, Span, Speaker
from comity.understand.quotes.heard import FAR, Voice
from comity.understand.quotes.view import Cue, View, cue_at
from comity.understand.quotes.words import (
    ANSWERS,
    BEARING,
    LINKING,
    MEN,
    PEOPLE,
    PLAIN_WORDS,
    SPEAKING_THINGS,
    WOMEN,
    WRITINGS,
)
from comity.understand.tree import Tree, base

MIN_WORDS = 3
# So many words may stand beside a quotation that stands alone.
FEW = 2
# A heading with a name and a colon before a quotation has at most so many words.
LONG = 14
# How far back the last person named may stand, in characters.
BACK = 300
OWNED = frozenset({"of", "from", "by"})
OPENING = " “\"«„‘'`"
CLOSERS = " ”\"'»\n"
BRACKETS = re.compile(r"[ ”\"'»’.,]{0,4}\(([^()\n]+)\)")
# "Then, after a pause: '...'": words that begin what is no sentence, between two quotations of one speaker.
GOING_ON = frozenset({"then", "later", "again", "finally", "next", "after", "afterwards"})
CITING = frozenset({"quote", "cite", "paraphrase", "echo"})
VERSIONS = frozenset({"version", "account", "view", "opinion", "position", "take", "story", "line"})
ASKING = frozenset({"ask", "interview", "question", "speak", "talk", "meet"})


class Alone:
    """Finds the speakers of quotations without a cue; ``quotes`` are those found before, growing."""

    def __init__(self, view: View, quotes: Sequence[Quote]) -> None:
        self.view = view
        self.text = view.document.text
        self.quotes = quotes

    def before_colon(self, span: Span) -> Cue | None:
        """ "Orban: '...'": the name that opens the paragraph."""
        numbers = self.view.overlapping(span)
        tree = self.view.trees[numbers[0]] if numbers else None
        low = max(self.text.rfind("\n", 0, span.start) + 1, tree.sentence.start if tree else 0)
        before = self.text[low : span.start].rstrip(OPENING)
        if not before.endswith(":") or len(before.split()) > LONG:
            return None
        if any(t.upos == "VERB" and low <= t.start < span.start for t in (tree.tokens if tree else ())):
            return None
        named = [m for m in self.view.voices.between(low, span.start) if m.end <= span.start]
        people = [m for m in named if m.actors[0].kind in {"person", "sector"}]
        if not people and not named and tree is not None:
            return self._after_a_pause(tree, span)
        return self._loose(people[0], "the name before the colon") if people else None

    def _after_a_pause(self, tree: Tree, span: Span) -> Cue | None:
        """ "'Not yet,' said Barak. Then, after a pause: '...'": the last speaker, after what is no sentence."""
        last = self.quotes[-1] if self.quotes else None
        opens = next((t.text.lower() for t in tree.tokens if t.upos != "PUNCT"), "")
        if last is None or last.speaker is None or opens not in GOING_ON or tree.tokens[0].start >= span.start:
            return None
        between = self.text[last.end : span.start]
        near = "\n" not in between and len(between) < BACK
        return self._again(last.speaker, "the quotation goes on") if near else None

    def by_version(self, span: Span) -> Cue | None:
        """ "Kerry's version is different. '...'": whose version, answer or view the sentence before speaks of."""
        numbers = self.view.overlapping(span)
        number = numbers[0] - 1 if numbers else -1
        if number < 0 or not len(self.view.trees[number]) or not self._stands_alone(span):
            return None
        tree, here = self.view.trees[number], self.view.trees[number + 1].sentence.paragraph
        marked = any(self.view.quoted(t.start) for t in tree.tokens)
        for i in tree.kids(tree.root, "nsubj") if tree.sentence.paragraph == here and not marked else ():
            for owner in tree.kids(i, "nmod:poss") if tree.lemma(i) in ANSWERS | VERSIONS else ():
                voice = self.view.voices.of(number, owner)
                if voice is not None:
                    return cue_at(tree, i, voice, f"'{tree.tokens[i].text}'")
        return None

    def by_quoting(self, span: Span) -> Cue | None:
        """ "Quoting Mandela, '...', he urged": whoever is quoted right before the marks."""
        for number in self.view.overlapping(span):
            tree = self.view.trees[number]
            for i, token in enumerate(tree.tokens):
                if token.end > span.start or tree.lemma(i) not in CITING or token.xpos != "VBG":
                    continue
                for k in tree.kids(i, "obj"):
                    between = self.text[tree.tokens[max(tree.subtree(k))].end : span.start]
                    mention = self.view.arguments[number].mention(k)
                    if mention is not None and not any(c.isalnum() for c in between):
                        return cue_at(tree, i, self.view.voices.of(number, mention.head), f"'{token.text}'")
        return None

    def after_colon(self, span: Span, words: int) -> Cue | None:
        """ "a sentence that General Kayani made his men learn: '...'": the last person who does something before."""
        numbers = self.view.overlapping(span)
        tree = self.view.trees[numbers[0]] if numbers else None
        if tree is None or words < MIN_WORDS or not self._colon(tree, span):
            return None
        doers = [
            m for m in self.view.voices.between(tree.sentence.start, span.start)
            if m.actors[0].kind == "person" and base(tree.rel(m.head)) == "nsubj" and m.sentence == tree.number
        ]  # fmt: skip
        return self._loose(doers[-1], "who acts before the colon") if doers else None

    def by_answer(self, span: Span) -> Cue | None:
        """ "'...,' was her answer", "her answer was '...'", "answered with one word: '...'": a noun that names it."""
        for number in self.view.overlapping(span):
            tree = self.view.trees[number]
            for i, token in enumerate(tree.tokens):
                if self.view.quoted(token.start) or tree.lemma(i) not in ANSWERS or token.upos != "NOUN":
                    continue
                owner = self._owner_of_answer(tree, i, span)
                voice = self.view.voices.of(number, owner) if owner >= 0 else None
                if voice is not None and self._speaks(tree, owner, voice):
                    return cue_at(tree, i, voice, f"'{token.text}'")
        return None

    def _speaks(self, tree: Tree, owner: int, voice: Voice) -> bool:
        """Whether an owner is somebody: "the word of the year" is nobody's."""
        own = tree.rel(owner) == "nmod:poss" or base(tree.rel(owner)) in {"nsubj", "conj"}
        return own or voice.kind != "other" or tree.lemma(owner) in PEOPLE | SPEAKING_THINGS | MEN | WOMEN

    def _owner_of_answer(self, tree: Tree, i: int, span: Span) -> int:
        """The word for whose answer a noun names, if it names what stands between the marks; negative else."""
        owners = [*tree.kids(i, "nmod:poss"), *(k for k in tree.kids(i, "nmod") if tree.case(k) in OWNED)]
        token = tree.tokens[i]
        after = token.start >= span.end
        linked = after and (bool(tree.kids(i, "cop")) or self._links(tree, i, span))
        linked = linked or (base(tree.rel(i)) == "nsubj" and self._is(tree, i, span))
        colon = token.end <= span.start and self._colon(tree, span)
        if owners and (linked or colon):
            return owners[0]
        held = colon and base(tree.rel(i)) in {"obj", "obl"} and tree.tokens[tree.head(i)].end <= span.start
        if held and tree.low(i) in PLAIN_WORDS and not self.view.says(tree, tree.head(i)):
            return -1  # "Diplomats have a word for it: '...'"
        return self.view.voices.subject(tree.number, tree.head(i)) if held else -1

    def _is(self, tree: Tree, i: int, span: Span) -> bool:
        """Whether a noun "is" what stands between the marks."""
        head = tree.head(i)
        cops = tree.kids(head, "cop")
        between = self.text[tree.tokens[cops[0]].end : span.start] if cops else "."
        return not any(c.isalnum() for c in between) and tree.tokens[i].end <= span.start

    def _links(self, tree: Tree, i: int, span: Span) -> bool:
        """ "'...' remains the message of": a verb of being, and nothing but an article, from the marks to the noun."""
        between = [k for k in range(i) if tree.tokens[k].start >= span.end and tree.tokens[k].upos != "PUNCT"]
        verbs = [k for k in between if tree.tokens[k].upos in {"VERB", "AUX"}]
        plain = all(tree.tokens[k].upos in {"DET", "ADJ", "PRON", "NUM"} for k in between if k not in verbs)
        return bool(verbs) and verbs[0] == between[0] and plain and all(tree.lemma(k) in LINKING for k in verbs)

    def _colon(self, tree: Tree, span: Span) -> bool:
        """Whether a colon leads to the marked words."""
        return self.text[tree.sentence.start : span.start].rstrip(OPENING).endswith(":")

    def by_words(self, span: Span) -> Cue | None:
        """ "With the words '...' she opened the session", "'...': with these words he left"."""
        numbers = self.view.overlapping(span)
        tree = self.view.trees[numbers[0]] if numbers else None
        if tree is None:
            return None
        for i, token in enumerate(tree.tokens):
            if tree.low(i) != "words" or tree.case(i) != "with" or self._written(tree, i):
                continue
            low, high = (token.end, span.start) if token.end <= span.start else (span.end, token.start)
            between = sum(any(c.isalnum() for c in word) for word in self.text[low:high].split())
            near = between <= (0 if low == token.end else FEW)  # behind the marks "with" and "these" lie between
            node = self.view.voices.subject(tree.number, tree.head(i)) if near and tree.head(i) >= 0 else -1
            voice = self.view.voices.of(tree.number, node) if node >= 0 else None
            if voice is not None:
                return cue_at(tree, i, voice, "'with the words'")
        return None

    def _written(self, tree: Tree, i: int) -> bool:
        """ "carried a banner with the words '...'": words that stand on something."""
        head = tree.head(i)
        things = [head, *tree.kids(head, "obj", "obl", "nsubj")] if head >= 0 else []
        return any(tree.lemma(k) in BEARING or (tree.tokens[k].upos == "NOUN" and k == head) for k in things)

    def in_brackets(self, span: Span) -> Cue | None:
        """ "'...' (Finance Minister Luis Campos)": a person in brackets right behind."""
        found = BRACKETS.match(self.text, span.end)
        if found is None or len(found[1].split()) > LONG:
            return None
        named = self.view.voices.between(*found.span(1))
        people = [m for m in named if m.actors[0].kind in {"person", "sector"}]
        return self._loose(people[-1], "the name in brackets") if people else None

    def by_writing(self, span: Span) -> Cue | None:
        """ "The statement 'strongly condemns' the coup": the verb itself stands between the marks."""
        for number in self.view.overlapping(span):
            tree = self.view.trees[number]
            for subject in tree.kids(tree.root, "nsubj") if len(tree) else ():
                verb, noun = tree.tokens[tree.root], tree.tokens[subject]
                inside = span.start <= verb.start < span.end and verb.upos == "VERB" and not tree.is_passive(tree.root)
                before = noun.end <= span.start and not self.view.quoted(noun.start)
                if inside and before and tree.lemma(subject) in WRITINGS:
                    voice = self.view.voices.of(number, subject)
                    return Cue(sentence=number, voice=voice, why="the subject of the words between the marks")
        return None

    def goes_on(self, span: Span, words: int) -> Cue | None:
        """A quotation that stands alone right behind another one goes on with its speaker."""
        last = self.quotes[-1] if self.quotes else None
        if last is None or last.speaker is None or not self._stands_alone(span):
            return None
        between = self.text[last.end : span.start]
        after_cue = last.cue_start is not None and last.end <= last.cue_start < span.start
        close = len(between) < 200 and between.count("\n") <= 1 + after_cue
        sentences = sum(between.count(c) for c in ".!?")
        if not close or sentences > 1 + (between.strip(" ”\"'»,.\n") == "") or (words < MIN_WORDS and "\n" in between):
            return None
        if self._new_person(last, span, between):
            return None
        return self._again(last.speaker, "the quotation goes on")

    def _new_person(self, last: Quote, span: Span, between: str) -> bool:
        """Whether somebody else who could speak is the subject between two quotations, in a paragraph of his own."""
        if "\n" not in between:
            return False
        line = self.text.rfind("\n", 0, span.start) + 1
        return any(
            m.actors[0].kind == "person" and (last.speaker is None or m.actors[0].name != last.speaker.name)
            for m in self.view.voices.between(line, span.start)
        )  # fmt: skip

    def _again(self, speaker: Speaker, why: str) -> Cue:
        voice = self.view.voices.heard.voice(speaker)
        return Cue(sentence=0, voice=voice or Voice(speaker=speaker, span=None, kind="person"), why=why)

    def last_person(self, span: Span, words: int) -> Cue | None:
        """A quotation that stands alone belongs to the last speaker, or to the last person named."""
        if not self._stands_alone(span):
            return None
        so = self._so(span) if words >= MIN_WORDS or self.text[span.end - 1] in ".!?" else None
        if so is not None or words < MIN_WORDS:
            return so
        text = self.text
        last = self.quotes[-1] if self.quotes else None
        if last is not None and last.speaker is not None:
            between = text[last.end : span.start]
            lines = [line for line in between.strip(CLOSERS).split("\n") if line.strip()]
            if (between.count("\n") <= 2 and len(between) < 200) or (self._whole(last) and len(lines) == 1):
                return self._again(last.speaker, "the quotation goes on")
        asked = self._asked(span)
        if asked is not None:
            return self._loose(asked, "the person asked")
        before = [
            m for m in self.view.voices.between(span.start - BACK, span.start)
            if m.end <= span.start and m.actors[0].kind == "person" and not self.view.quoted(m.start)
        ]  # fmt: skip
        if before:
            subjects = [m for m in before if m.sentence == before[-1].sentence]
            return self._loose(subjects[0], "the last person named")
        return self._said_before(span)

    def _said_before(self, span: Span) -> Cue | None:
        """ "The minister conceded mistakes. 'Some were mine.'": who says something in the sentence before."""
        numbers = self.view.overlapping(span)
        number = numbers[0] - 1 if numbers else -1
        if number < 0 or not len(self.view.trees[number]):
            return None
        tree, here = self.view.trees[number], self.view.trees[number + 1].sentence.paragraph
        if tree.sentence.paragraph != here or not self.view.says(tree, tree.root):
            return None
        return Cue(sentence=number, voice=self.view.voice_of(number, tree.root), why="the sentence before")

    def _whole(self, quote: Quote) -> bool:
        """Whether a quotation is a paragraph of its own, as answers in an interview are."""
        low, high = self.text.rfind("\n", 0, quote.start) + 1, self.text.find("\n", quote.end)
        outside = self.text[low : quote.start] + self.text[quote.end : high if high >= 0 else len(self.text)]
        return not any(c.isalnum() for c in outside)

    def _so(self, span: Span) -> Cue | None:
        """ "'...'. So the vice-president closed the door", "With that, he left", "That was all he would say": the next
        sentence says who."""
        numbers = self.view.overlapping(span)
        number = numbers[-1] + 1 if numbers else 0
        if number >= len(self.view.trees) or not self.view.trees[number].tokens:
            return None
        tree = self.view.trees[number]
        parting = len(tree) > 2 and tree.low(0) == "with" and tree.low(1) in {"that", "this"} and tree.low(2) == ","
        subjects = tree.kids(tree.root, "nsubj") if parting or tree.low(0) in {"so", "thus"} else []
        if len(tree) > 1 and tree.low(0) in {"that", "this"} and tree.low(1) in {"was", "is"}:
            said = (self.view.voices.subject(number, i) for i in range(2, len(tree)) if self.view.says(tree, i))
            subjects = [k for k in said if k > 1]
        voice = self.view.voices.of(number, subjects[0]) if subjects else None
        return Cue(sentence=number, voice=voice, why="the next sentence") if voice is not None else None

    def _asked(self, span: Span) -> Mention | None:
        """Who was asked in the paragraphs before an answer: "Eleni Vasiliou asked the mayor, Christos Tsamis"."""
        for mention in reversed(self.view.voices.between(span.start - FAR, span.start)):
            tree = self.view.trees[mention.sentence]
            head = tree.head(mention.head)
            asked = head >= 0 and tree.lemma(head) in ASKING and base(tree.rel(mention.head)) in {"obj", "iobj", "obl"}
            if asked and mention.actors[0].kind in {"person", "sector"}:
                return mention
        return None

    def _loose(self, mention: Mention, why: str) -> Cue:
        voice = self.view.voices.of(mention.sentence, mention.head)
        return Cue(sentence=mention.sentence, voice=voice, why=why)

    def _stands_alone(self, span: Span) -> bool:
        """Whether the sentences around the quotation have hardly a word outside it."""
        outside = 0
        for tree in map(self.view.trees.__getitem__, self.view.overlapping(span)):
            for i, token in enumerate(tree.tokens):
                if not self.view.quoted(token.start) and token.upos not in {"PUNCT", "X"}:
                    outside += 1 + FEW * self.view.says(tree, i)
        return outside <= FEW
