"""When it happened: the date of each event, from syntax, from the story, from the article.

A time expression dates the predicate that it hangs on.  What is dated nowhere in
its sentence takes the time that the paragraph is about, and what the article
reports as news takes the day the news is about.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from comity.model import EventDate, Precision, Record, Sentence, Status, Timex
from comity.understand.dates import ranges, signal_before
from comity.understand.passages import OPEN, Passages, main_clauses, told_clauses
from comity.understand.shifts import dated_by, lasting
from comity.understand.tense import FUTURE_AUX
from comity.understand.timing import dated_noun, is_pluperfect, joined_after, own, sets_time, told_on
from comity.understand.tree import Tree, base

NEWS_DAYS = 8
PRESENT = frozenset({"is", "are", "has", "have", "will", "do", "does"})
PROMISING = frozenset("agree promise pledge plan vow intend offer decide propose undertake hope want".split())
FORETELLING = PROMISING | {"threaten", "warn"}
"""Verbs that speak today of what is still to come."""
ACCUSING = frozenset("accuse charge suspect blame reproach denounce".split())
"""Verbs whose object is said to have done already what hangs on them: "accused it of arming the rebels"."""
OPEN_AUX = FUTURE_AUX | {"would", "could", "may", "might", "can", "should"}
BARE = frozenset({"VB", "VBN", "VBG"})
PERFECT = frozenset({"have", "has", "had", "having"})
CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d\b")
AGAIN = re.compile(r",? and (?:then )?(?:once )?again (?:in |on )?(?:the )?")
LIVE = 3
"""Entries that begin with a time of day in a report written while things happen."""


class Dated(Record, frozen=True):
    """The date of an event and the words that gave it."""

    date: EventDate
    why: str
    explicit: bool
    again: tuple[Timex, ...] = ()
    """Further times at which it happened: "in March 1978, and again in June 1982"."""


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
        self._bounds = frozenset(id(t) for pair in self.spans for t in pair)
        self.news = self._news_day()
        self.passages = Passages(text, published, sentences, trees, self.by_sentence)

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

    def _head(self, number: int, timex: Timex) -> int:
        """The token that heads a time expression of a sentence."""
        return next(head for other, head in self.by_sentence[number] if other is timex)

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

    # -- dating ----------------------------------------------------------------------------------------

    def date_of(self, number: int, predicate: int, carrier: int, status: Status, quoted: bool) -> Dated:
        """The date of the event named by token ``predicate`` of sentence ``number``."""
        predicate, carrier = self.trees[number].content(predicate), self.trees[number].content(carrier)
        if status == "possible" and is_alleged(self.trees[number], predicate):
            status = "occurred"
        context = self.passages.context[number]
        told = context if context is not None else self.passages.mentioned(number) or self.news.start
        moved = dated_by(self.trees[number], self.by_sentence[number], predicate, carrier, told)
        if moved is not None:
            return Dated(date=moved[0], why=moved[1], explicit=True)
        timex = own(self.trees[number], self.by_sentence[number], predicate, carrier)
        if timex is not None and not self._of_other(number, predicate, timex, status) and not self._but_now(
            number, predicate, timex
        ):
            return self._from_timex(number, predicate, timex, status)
        if self.published is not None and status == "occurred":
            span = lasting(self.trees[number], self.by_sentence[number], predicate, self.published)
            if span is not None:
                return Dated(date=span, why="it has lasted until publication", explicit=True)
        return self._default(number, predicate, status, quoted)

    def _of_other(self, number: int, predicate: int, timex: Timex, status: Status) -> bool:
        """Whether a time near an act belongs to what is promised in it, or to the promise around it."""
        tree = self.trees[number]
        if timex.high is None or self.published is None:
            return False
        head = self._head(number, timex)
        if timex.high > self.published:
            if status == "occurred" and timex.low and timex.low > self.published and tree.case(head) == "for":
                return True  # "invited both to Libreville for Thursday"
            # "agrees to leave within 60 days": what is agreed on is still to come, the agreement is not
            below = [n for n in (head, *tree.ancestors(head)) if tree.head(n) == predicate]
            to_come = any(base(tree.rel(n)) in {"xcomp", "ccomp"} for n in below)
            return status == "occurred" and to_come and tree.lemma(predicate) in FORETELLING
        if signal_before(self.text, timex.start) == "since" and FUTURE_AUX & {
            tree.low(k) for k in tree.kids(tree.clause(predicate), "aux")
        }:
            return True  # "will oppose the bid ..., in place since last year"
        promised = base(tree.rel(predicate)) in {"xcomp", "ccomp"} and tree.lemma(tree.head(predicate)) in PROMISING
        own_time = predicate in {head, *tree.ancestors(head)}
        apart = not self.passages.recent(timex) or self._still_to_come(number, predicate, timex)
        return status in {"announced", "possible"} and not own_time and (promised or apart)

    def _still_to_come(self, number: int, predicate: int, timex: Timex) -> bool:
        """ "Twenty crossed on Monday, and fifty are to follow": of a clause of its own behind a day that is over."""
        tree = self.trees[number]
        clause, dated = tree.clause(predicate), tree.clause(self._head(number, timex))
        joined = base(tree.rel(clause)) in {"conj", "xcomp", "parataxis"} and clause != dated
        return joined and timex.high is not None and self.published is not None and timex.high < self.published

    def _but_now(self, number: int, predicate: int, timex: Timex) -> bool:
        """Whether the act is set against that of the time: "whom they had caught in November and now set free"."""
        tree = self.trees[number]
        head = self._head(number, timex)
        now = any(tree.low(k) == "now" and k < predicate for k in tree.kids(predicate, "advmod"))
        return now and predicate not in {head, *tree.ancestors(head)}

    def _tells_when(self, number: int, predicate: int, timex: Timex) -> bool:
        """Whether the predicate's clause says what happened at the time: "since October, when A recalled B"."""
        tree = self.trees[number]
        nodes = [k for n in (predicate, *tree.ancestors(predicate)) for k in tree.kids(n, "advmod", "mark")]
        return any(tree.low(k) == "when" and 0 <= tree.tokens[k].start - timex.end <= 2 for k in nodes)

    def _coming(self, number: int, predicate: int, timex: Timex, status: Status) -> EventDate | None:
        """ "The visit in October is on": told as news of what is to come, a month without a year is the next one."""
        over = timex.high is not None and self.published is not None and timex.high < self.published
        bare = timex.precision == "month" and re.fullmatch(r"[A-Za-z]+", timex.text) is not None
        if status != "announced" or not over or not bare or timex.low is None or timex.high is None:
            return None
        context = self.passages.context[number]
        others = [t for t, _ in self.by_sentence[number] if t is not timex and not self.passages.recent(t)]
        if any(self._past(t) for t in others) or (context is not None and not self.passages.recent(context)):
            return None  # "In March he promised to come in May": told long ago
        low = timex.low.replace(year=timex.low.year + 1)
        return EventDate(start=low, end=low.replace(day=monthrange(low.year, low.month)[1]), precision="month")

    def _from_timex(self, number: int, predicate: int, timex: Timex, status: Status) -> Dated:
        coming = self._coming(number, predicate, timex, status)
        if coming is not None:
            return Dated(date=coming, why=f"the coming '{timex.text}'", explicit=True)
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
            if signal != "since" or self._has_lasted(number, predicate):
                end = max(filter(None, (end, self.published)), default=end)
                precision = "unknown" if precision == "day" else precision
        elif signal in {"until", "till", "by"} and status in {"announced", "possible"} and self.published:
            start = min(filter(None, (start, self.published)), default=start)
        elif status == "announced" and self.published and start and end and start < self.published <= end:
            start = self.published  # "is to tour the capitals this month": of what is left of it
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
            again=self._again(number, timex) if status == "occurred" and signal not in OPEN else (),
        )

    def _again(self, number: int, timex: Timex) -> tuple[Timex, ...]:
        """Times over and of like precision that are joined to one by "and", or told right behind it with "again"."""
        tree, times = self.trees[number], self.by_sentence[number]
        head = self._head(number, timex)
        found = []
        for other, at in times:
            like = other.precision == timex.precision and self._past(other) and other.low != timex.low
            if other.start < timex.end or not like or {id(other), id(timex)} & self._bounds:
                continue
            joined = base(tree.rel(at)) == "conj" and tree.head(at) == head
            if joined or AGAIN.fullmatch(self.text, timex.end, other.start):
                found.append(other)
        return tuple(found)

    def _has_lasted(self, number: int, predicate: int) -> bool:
        """Whether what began then goes on; "gave weapons since 1954", "had lived there since 1980" do not say so."""
        tree = self.trees[number]
        clause = tree.clause(predicate)
        return tree.tokens[clause].xpos != "VBD" and not is_pluperfect(tree, clause)

    def _default(self, number: int, predicate: int, status: Status, quoted: bool) -> Dated:
        """The date of an event that no time of its own and no distance tells."""
        if self.published is None:
            return Dated(date=EventDate(), why="no date told", explicit=False)
        if status in {"occurred", "negated"}:
            told = self._from_story(number, predicate, quoted)
            if told is not None:
                timex, why = told
                return Dated(
                    date=EventDate(start=timex.low, end=timex.high, precision=timex.precision),
                    why=f"{why} '{timex.text}'",
                    explicit=False,
                )
        if status in {"announced", "possible"}:
            since = self._long_told(number, predicate)
            return Dated(
                date=EventDate(start=since.low if since else self.published, end=None, precision="unknown"),
                why=f"not before it was told, '{since.text}'" if since else "not before publication",
                explicit=False,
            )
        precision: Precision = self.news.precision
        return Dated(
            date=EventDate(start=self.news.start, end=self.news.end, precision=precision),
            why="the day the article reports" if precision == "day" else "not told: the day of publication",
            explicit=False,
        )

    def _from_story(self, number: int, predicate: int, quoted: bool) -> tuple[Timex, str] | None:
        """The time that the entry, the rest of the sentence or the passage gives to an act, and how."""
        entry = self.passages.entries[number]
        if entry is not None:
            return entry, "the entry is of"
        tree = self.trees[number]
        if not self._past_tense(number, predicate):
            return self._brought_about(number, predicate)
        with_next = joined_after(tree, self.by_sentence[number], predicate)
        if with_next is not None and self._past(with_next):
            return with_next, "joined to what is dated by"
        earlier = self._earlier_clause(number, predicate)
        if earlier is not None:
            return earlier, "the sentence goes on from"
        told = told_on(tree, self.by_sentence[number], predicate)
        if told is not None and self._past(told) and signal_before(self.text, told.start) not in OPEN:
            return told, "told of on"
        only = self._only_time(number, predicate)
        if only is not None:
            return only, "the sentence is about"
        context = self.passages.context[number]
        if context is not None and not self.passages.recent(context):
            return self.passages.setting(number, tree.tokens[predicate].start) or context, "the passage is about"
        if context is not None and not quoted and self._goes_on(number, predicate):
            return context, "the passage is about"
        return None

    def _brought_about(self, number: int, predicate: int) -> tuple[Timex, str] | None:
        """The time at which an act in the present tense was told: "said on Friday that the raid is a crime"."""
        tree = self.trees[number]
        clause = tree.clause(predicate)
        teller = tree.clause(tree.head(clause)) if base(tree.rel(clause)) == "ccomp" else -1
        if teller < 0 or tree.tokens[teller].xpos != "VBD":
            return None
        told = told_on(tree, self.by_sentence[number], predicate)
        return (told, "told of on") if told is not None and self._past(told) else None

    def _only_time(self, number: int, predicate: int) -> Timex | None:
        """The one time that a sentence tells, if it lies before the news.

        What is told aside ("the port that it took in 1990", "after riots broke out on Friday") is no time of the main
        clause unless that goes back, too ("had praised it for keeping still in June"), nor is that of a thing ("the
        raid of May 3") one of the sentence.
        """
        told = [(t, head) for t, head in self.by_sentence[number] if t.low and t.high and t.kind != "DURATION"]
        news = self.news.start or self.published
        if len(told) != 1 or news is None or (told[0][0].high or news) >= news:
            return None
        timex, head = told[0]
        tree = self.trees[number]
        if signal_before(self.text, timex.start) in OPEN or dated_noun(tree, head, timex) >= 0:
            return None
        clause, away = tree.clause(predicate), tree.clause(head)
        mains = main_clauses(tree)
        if away in mains or (base(tree.rel(away)) == "advcl" and is_pluperfect(tree, clause)):
            return timex
        apart = any(tree.tokens[k].text == ";" for k in range(away, clause))
        of_subject = away < clause and not apart and clause in told_clauses(tree)
        return None if clause in mains or of_subject else timex

    def _long_told(self, number: int, predicate: int) -> Timex | None:
        """When what was promised or feared long before publication was told of ("In May he had promised to go")."""
        tree = self.trees[number]
        teller = tree.head(tree.clause(predicate))
        if teller < 0 or not self._past_tense(number, teller):
            return None
        told = told_on(tree, self.by_sentence[number], predicate) or self.passages.context[number]
        return told if told is not None and self._past(told) and not self.passages.recent(told) else None

    def _past(self, timex: Timex) -> bool:
        """Whether a time is over."""
        over = timex.low and timex.high and self.published and timex.high <= self.published
        return bool(over) and timex.kind != "DURATION"

    def _earlier_clause(self, number: int, predicate: int) -> Timex | None:
        """The past time of a main clause before the predicate's own ("In December A did; in return B did")."""
        tree = self.trees[number]
        mains = told_clauses(tree)
        clause = tree.clause(predicate)
        while clause not in mains and base(tree.rel(clause)) in {"advcl", "xcomp"}:
            clause = tree.clause(tree.head(clause))
        if clause not in mains:
            return None
        for main in sorted((m for m in mains if m < clause), reverse=True):
            timex = own(tree, self.by_sentence[number], main, main)
            if timex is None:
                continue
            before = timex.start < tree.tokens[predicate].start
            return timex if self._past(timex) and before and signal_before(self.text, timex.start) not in OPEN else None
        return None

    def _goes_on(self, number: int, predicate: int) -> bool:
        """Whether a clause goes on telling what happened."""
        tree = self.trees[number]
        clause = tree.clause(predicate)
        return tree.tokens[clause].xpos in {"VBD", "VBN"}

    def _past_tense(self, number: int, predicate: int) -> bool:
        """Whether an act is told in the past; a participle or infinitive has the tense of what governs it, where that
        is the present ("Serbia, backed by Russia, has refused to recognise it")."""
        tree = self.trees[number]
        clause = tree.clause(predicate)
        if self._is_present(tree, clause) or tree.tokens[clause].xpos == "VBP":
            return False
        while tree.head(clause) >= 0 and self._borrows(tree, clause):
            clause = tree.clause(tree.head(clause))
        return not self._is_present(tree, clause)

    @staticmethod
    def _borrows(tree: Tree, clause: int) -> bool:
        """Whether a clause has no tense of its own."""
        bare = not tree.kids(clause, "aux", "aux:pass", "cop")
        return bare and tree.rel(clause) in {"acl", "xcomp"} and tree.tokens[clause].xpos in BARE

    @staticmethod
    def _is_present(tree: Tree, clause: int) -> bool:
        present = any(tree.low(k) in PRESENT for k in [clause, *tree.kids(clause, "aux", "cop")])
        return present or tree.tokens[clause].xpos == "VBZ"


def is_alleged(tree: Tree, predicate: int) -> bool:
    """Whether an act that nobody vouches for is said to have been done already: "accused it of arming the rebels"."""
    clause = tree.clause(predicate)
    if tree.lemma(clause) in ACCUSING and clause != predicate:
        return True  # "accused it of aggression"
    if tree.tokens[predicate].upos not in {"VERB", "AUX"} or "if" in tree.marks(clause):
        return False
    helpers = {tree.low(k) for k in tree.kids(clause, "aux")}
    above = tree.head(clause)
    charged = above >= 0 and tree.lemma(above) in ACCUSING and not helpers & OPEN_AUX
    told = tree.tokens[clause].xpos == "VBD" or (tree.tokens[clause].xpos == "VBN" and bool(helpers & PERFECT))
    return charged or (told and not helpers & OPEN_AUX)
