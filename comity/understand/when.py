"""When it happened: the date of each event, from syntax, from the story, from the article.

A time expression dates the predicate that it hangs on.  What is dated nowhere in
its sentence takes the time that the paragraph is about, and what the article
reports as news takes the day the news is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from comity.model import EventDate, Precision, Record, Sentence, Status, Timex
from comity.understand.dates import ranges, signal_before
from comity.understand.shifts import dated_by
from comity.understand.timing import dated_noun, own, sets_time
from comity.understand.tree import Tree, base

NEWS_DAYS = 8
# Days before publication from which a dated sentence sets the time of those after it.
LONG_AGO = 60
PROMISING = frozenset("agree promise pledge plan vow intend offer decide propose undertake hope want".split())
ENTRY = re.compile(r"\s*(?::|[–—-]\s)")
CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d\b")
LIVE = 3
"""Entries that begin with a time of day in a report written while things happen."""


class Dated(Record, frozen=True):
    """The date of an event and the words that gave it."""

    date: EventDate
    why: str
    explicit: bool


class Clock:
    """Dates the predicates of one document."""

    def __init__(
        self,
        text: str,
        published: date | None,
        sentences: Sequence[Sentence],
        trees: Sequence[Tree],
        timexes: Sequence[Timex],
    ) -> None:
        self.text = text
        self.published = published
        self.sentences = sentences
        self.trees = trees
        self.by_sentence: list[list[tuple[Timex, int]]] = [self._anchored(n, timexes) for n in range(len(trees))]
        self.spans = ranges(text, timexes)
        self.news = self._news_day()
        self.context = self._contexts()
        self.entries = self._entries()

    # -- preparation -----------------------------------------------------------------------------

    def _anchored(self, number: int, timexes: Sequence[Timex]) -> list[tuple[Timex, int]]:
        """The sentence's time expressions with the token that heads each."""
        tree = self.trees[number]
        found = []
        for timex in timexes:
            inside = [i for i, t in enumerate(tree.tokens) if t.start < timex.end and timex.start < t.end]
            if inside:
                members = set(inside)
                head = next((i for i in inside if tree.head(i) not in members), inside[-1])
                found.append((timex, head))
        return found

    def _news_day(self) -> EventDate:
        """The day that the lead reports: its first day within a week before publication."""
        if self.published is None:
            return EventDate()
        if sum(1 for s in self.sentences if CLOCK.match(self.text, s.start)) >= LIVE:
            return EventDate(start=self.published, end=self.published, precision="day")
        low = self.published - timedelta(days=NEWS_DAYS)
        body = [n for n, s in enumerate(self.sentences) if s.kind == "body"][:4]
        for number in body:
            tree = self.trees[number]
            for timex, head in self.by_sentence[number]:
                fits = timex.low and timex.precision == "day" and low <= timex.low <= self.published
                if fits and sets_time(tree, head, timex):
                    return EventDate(start=timex.low, end=timex.low, precision="day")
        return EventDate(start=self.published, end=self.published, precision="unknown")

    def _contexts(self) -> list[Timex | None]:
        """For each sentence the past time its paragraph is about, where an earlier sentence set one."""
        contexts: list[Timex | None] = []
        current: Timex | None = None
        paragraph = -1
        from_heading = False
        for number, sentence in enumerate(self.sentences):
            if sentence.paragraph != paragraph and not from_heading:
                current = None
            if (
                sentence.paragraph != paragraph
                and from_heading
                and contexts
                and self.sentences[number - 1].kind == "body"
            ):
                current, from_heading = None, False
            paragraph = sentence.paragraph
            contexts.append(current)
            past = self._past_setting(number)
            if past is not None:
                current = past
                from_heading = sentence.kind == "headline" and number > 0
            elif any(t.low and self._recent(t) for t, _ in self.by_sentence[number]):
                current = self._recent_setting(number) or (None if self._dates_main(number) else current)
        return contexts

    def _entries(self) -> list[Timex | None]:
        """For each sentence the date of the entry of a chronology that it stands in ("1962: Washington blockades")."""
        found: list[Timex | None] = []
        for number, sentence in enumerate(self.sentences):
            first = next((t for t, _ in self.by_sentence[number] if t.start - sentence.start <= 2), None)
            opens = first is not None and ENTRY.match(self.text, first.end) is not None and sentence.kind == "body"
            if first is not None and opens and first.high and self.published and first.high <= self.published:
                found.append(first)
            elif found and self.sentences[number - 1].paragraph == sentence.paragraph:
                found.append(found[-1])
            else:
                found.append(None)
        return found

    def _past_setting(self, number: int) -> Timex | None:
        """A dated main clause clearly before the news ("Because the names changed in 2014")."""
        if self.published is None:
            return None
        tree = self.trees[number]
        for timex, head in self.by_sentence[number]:
            if timex.low is None or timex.high is None or self._recent(timex) or timex.kind == "DURATION":
                continue
            if signal_before(self.text, timex.start) in {"since", "from"}:
                continue
            if timex.high < self.published - timedelta(days=LONG_AGO) and tree.clause(head) in {
                tree.root,
                *tree.conjuncts(tree.root),
            }:
                return timex
        return None

    def _recent_setting(self, number: int) -> Timex | None:
        """A dated main clause of the days before the news, from which its passage goes on."""
        tree = self.trees[number]
        if self.published is None or tree.tokens[tree.root].xpos not in {"VBD", "VBN"}:
            return None
        mains = {tree.root, *tree.conjuncts(tree.root)}
        found = [
            timex
            for timex, head in self.by_sentence[number]
            if timex.low and timex.high and timex.high <= self.published and timex.kind != "DURATION"
            if timex.precision in {"day", "week", "month"} and tree.clause(head) in mains
            if signal_before(self.text, timex.start) not in {"since", "from", "until", "till", "by"}
            if dated_noun(tree, head, timex) < 0
        ]
        return found[-1] if found else None

    def _dates_main(self, number: int) -> bool:
        """Whether a main clause of the sentence has a date of its own."""
        tree = self.trees[number]
        mains = {tree.root, *tree.conjuncts(tree.root)}
        return any(timex.low and tree.clause(head) in mains for timex, head in self.by_sentence[number])

    def _recent(self, timex: Timex) -> bool:
        return (
            self.published is not None
            and timex.low is not None
            and timex.high is not None
            and (timex.high >= self.published - timedelta(days=LONG_AGO))
        )

    # -- dating ----------------------------------------------------------------------------------------

    def date_of(self, number: int, predicate: int, carrier: int, status: Status, quoted: bool) -> Dated:
        """The date of the event named by token ``predicate`` of sentence ``number``."""
        context = self.context[number]
        told = context if context is not None else self.news.start
        moved = dated_by(self.trees[number], self.by_sentence[number], predicate, carrier, told)
        if moved is not None:
            return Dated(date=moved[0], why=moved[1], explicit=True)
        timex = own(self.trees[number], self.by_sentence[number], predicate, carrier)
        if timex is not None and not (
            status in {"announced", "possible"} and self._of_promise(number, predicate, timex)
        ):
            return self._from_timex(number, predicate, timex, status)
        return self._default(number, predicate, status, quoted)

    def _of_promise(self, number: int, predicate: int, timex: Timex) -> bool:
        """Whether a past time is that of the promise and not of the promised: "agreed on Wednesday to meet"."""
        tree = self.trees[number]
        if timex.high is None or self.published is None or timex.high > self.published:
            return False
        head = next(h for t, h in self.by_sentence[number] if t is timex)
        promised = base(tree.rel(predicate)) in {"xcomp", "ccomp"} and tree.lemma(tree.head(predicate)) in PROMISING
        return promised and predicate not in {head, *tree.ancestors(head)}

    def _tells_when(self, number: int, predicate: int, timex: Timex) -> bool:
        """Whether the predicate's clause says what happened at the time: "since October, when A recalled B"."""
        tree = self.trees[number]
        nodes = [k for n in (predicate, *tree.ancestors(predicate)) for k in tree.kids(n, "advmod", "mark")]
        return any(tree.low(k) == "when" and 0 <= tree.tokens[k].start - timex.end <= 2 for k in nodes)

    def _from_timex(self, number: int, predicate: int, timex: Timex, status: Status) -> Dated:
        signal = "" if self._tells_when(number, predicate, timex) else signal_before(self.text, timex.start)
        start, end, precision = timex.low, timex.high, timex.precision
        last = next((b for a, b in self.spans if a is timex), None)
        if last is not None and last.high is not None and status != "announced":
            return Dated(
                date=EventDate(start=start, end=last.high, precision=last.precision),
                why=f"dated by '{timex.text}' to '{last.text}'",
                explicit=True,
            )
        if signal == "since" or (
            signal == "from" and status == "occurred" and end and self.published and end < self.published
        ):
            end = max(filter(None, (end, self.published)), default=end)
            precision = "unknown" if precision == "day" else precision
        elif signal in {"until", "till", "by"} and status in {"announced", "possible"} and self.published:
            start = min(filter(None, (start, self.published)), default=start)
        if (
            status == "occurred"
            and self.published
            and end
            and start
            and start <= self.published < end
            and (timex.precision in {"month", "year", "season", "week"})
        ):
            end = self.published
        return Dated(
            date=EventDate(start=start, end=end, precision=precision),
            why=f"dated by '{timex.text}'" + (f" after '{signal}'" if signal else ""),
            explicit=True,
        )

    def _default(self, number: int, predicate: int, status: Status, quoted: bool) -> Dated:
        if self.published is None:
            return Dated(date=EventDate(), why="no date told", explicit=False)
        entry = self.entries[number]
        if entry is not None and status in {"occurred", "negated"}:
            return Dated(
                date=EventDate(start=entry.low, end=entry.high, precision=entry.precision),
                why=f"the entry is of '{entry.text}'",
                explicit=False,
            )
        earlier = self._earlier_clause(number, predicate) if self._past_tense(number, predicate) else None
        if earlier is not None and status in {"occurred", "negated"}:
            return Dated(
                date=EventDate(start=earlier.low, end=earlier.high, precision=earlier.precision),
                why=f"the sentence goes on from '{earlier.text}'",
                explicit=False,
            )
        context = self.context[number]
        if (
            context is not None
            and status in {"occurred", "negated"}
            and self._past_tense(number, predicate)
            and (not self._recent(context) or (not quoted and self._goes_on(number, predicate)))
        ):
            return Dated(
                date=EventDate(start=context.low, end=context.high, precision=context.precision),
                why=f"the passage is about '{context.text}'",
                explicit=False,
            )
        if status in {"announced", "possible"}:
            return Dated(
                date=EventDate(start=self.published, end=None, precision="unknown"),
                why="not before publication",
                explicit=False,
            )
        precision: Precision = self.news.precision
        return Dated(
            date=EventDate(start=self.news.start, end=self.news.end, precision=precision),
            why="the day the article reports" if precision == "day" else "not told: the day of publication",
            explicit=False,
        )

    def _earlier_clause(self, number: int, predicate: int) -> Timex | None:
        """The past time of a main clause before the predicate's own ("In December A did; in return B did")."""
        tree = self.trees[number]
        mains = {tree.root, *tree.conjuncts(tree.root), *tree.kids(tree.root, "parataxis")}
        clause = tree.clause(predicate)
        while clause not in mains and base(tree.rel(clause)) in {"advcl", "xcomp"}:
            clause = tree.clause(tree.head(clause))
        if clause not in mains or self.published is None:
            return None
        for main in sorted((m for m in mains if m < clause), reverse=True):
            timex = own(tree, self.by_sentence[number], main, main)
            if timex is None:
                continue
            past = timex.low and timex.high and timex.high <= self.published and timex.kind != "DURATION"
            before = timex.start < tree.tokens[predicate].start
            led = signal_before(self.text, timex.start)
            return timex if past and before and led not in {"since", "from", "until", "till", "by"} else None
        return None

    def _goes_on(self, number: int, predicate: int) -> bool:
        """Whether a clause goes on telling what happened."""
        tree = self.trees[number]
        clause = tree.clause(predicate)
        return tree.tokens[clause].xpos in {"VBD", "VBN"}

    def _past_tense(self, number: int, predicate: int) -> bool:
        tree = self.trees[number]
        clause = tree.clause(predicate)
        if any(tree.low(k) in {"is", "are", "has", "have", "will"} for k in [clause, *tree.kids(clause, "aux", "cop")]):
            return False
        return tree.tokens[clause].xpos not in {"VBZ", "VBP"}
