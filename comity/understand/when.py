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
from comity.understand.dates import signal_before
from comity.understand.tree import Tree, base

NEWS_DAYS = 8
# Days before publication from which a dated sentence sets the time of those after it.
LONG_AGO = 270
SPEECH_EDGES = frozenset({"ccomp", "parataxis"})
DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$")


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
        self.news = self._news_day()
        self.context = self._contexts()

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
        low = self.published - timedelta(days=NEWS_DAYS)
        body = [n for n, s in enumerate(self.sentences) if s.kind == "body"][:4]
        for number in body:
            for timex, _ in self.by_sentence[number]:
                if timex.low and timex.precision == "day" and low <= timex.low <= self.published:
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
                current = None
        return contexts

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

    def _recent(self, timex: Timex) -> bool:
        return (
            self.published is not None
            and timex.low is not None
            and timex.high is not None
            and (timex.high >= self.published - timedelta(days=30))
        )

    # -- dating ----------------------------------------------------------------------------------------

    def date_of(self, number: int, predicate: int, carrier: int, status: Status, quoted: bool) -> Dated:
        """The date of the event named by token ``predicate`` of sentence ``number``."""
        anchored = self._relative_to_event(number, predicate, carrier)
        if anchored is not None:
            return anchored
        timex = self._own(number, predicate, carrier)
        if timex is not None:
            return self._from_timex(timex, status)
        return self._default(number, predicate, status, quoted)

    def _own(self, number: int, predicate: int, carrier: int) -> Timex | None:
        """The closest time expression that may date the predicate."""
        best: tuple[int, int, Timex] | None = None
        for timex, head in self.by_sentence[number]:
            cost = self._cost(self.trees[number], head, predicate, carrier, timex)
            if timex.low is not None and self._leads_in(self.trees[number], head, predicate):
                cost = min(1, cost) if cost is not None else 1
            if cost is None:
                continue
            key = (cost, abs(head - predicate))
            if best is None or key < best[:2]:
                best = (*key, timex)
        return best[2] if best else None

    def _leads_in(self, tree: Tree, head: int, predicate: int) -> bool:
        """ "..., and on Monday he signed": an opening time phrase with no other verb before the predicate."""
        if not head < predicate or tree.tokens[predicate].upos != "VERB":
            return False
        between = range(head + 1, predicate)
        if any(tree.tokens[k].upos == "VERB" or tree.tokens[k].text in {",", ";"} for k in between):
            return False
        before = [tree.low(k) for k in range(max(0, head - 3), head)]
        return not before or bool({",", "and", "but", ";", "then", ":"} & set(before))

    def _cost(self, tree: Tree, head: int, predicate: int, carrier: int, timex: Timex) -> int | None:
        """How far a time expression stands from the predicate; None if it dates something else."""
        if timex.low is None and timex.high is None:
            return None
        above = [head, *tree.ancestors(head)]
        if predicate in above:
            return self._clauses_between(tree, above, predicate, 0)
        if carrier in above:
            return self._clauses_between(tree, above, carrier, 1)
        clause = tree.clause(head)
        node, cost = predicate, 2
        while node >= 0:
            if node == clause:
                return cost
            relation = base(tree.rel(node))
            if relation in SPEECH_EDGES or tree.rel(node) == "acl:relcl":
                return None
            if relation == "acl" or (relation == "advcl" and tree.marks(node) and timex.precision == "day"):
                return None
            if relation in {"nmod", "obl"} and tree.case(node) not in {
                "for",
                "of",
                "at",
                "in",
                "during",
                "with",
            }:
                return None
            cost += 1
            node = tree.head(node)
        return None

    def _clauses_between(self, tree: Tree, above: Sequence[int], target: int, start: int) -> int | None:
        """Cost of the way up from the time expression; clauses on the way own it instead."""
        cost = start
        for node in above[1:] if above[0] != target else ():
            if node == target:
                break
            verbal = tree.is_verbal(node) and tree.tokens[node].upos in {"VERB", "AUX"} and tree.rel(node) != "xcomp"
            if verbal and not self._aside(tree, node, above[0]):
                return None
            cost += 1
        return cost

    def _aside(self, tree: Tree, clause: int, time: int) -> bool:
        """ "raided the ship, which carried aid, on 31 May": a relative clause that closed before the time."""
        if tree.rel(clause) != "acl:relcl":
            return False
        first = min(tree.subtree(time))
        return clause < first and "," in {tree.tokens[first - 1].text, tree.tokens[first].text}

    def _from_timex(self, timex: Timex, status: Status) -> Dated:
        signal = signal_before(self.text, timex.start)
        start, end, precision = timex.low, timex.high, timex.precision
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

    def _relative_to_event(self, number: int, predicate: int, carrier: int) -> Dated | None:
        """ "a week after the video call": the call lies a week before the time of the sentence."""
        tree = self.trees[number]
        for node in dict.fromkeys((predicate, carrier)):
            cases = {tree.low(k): k for k in tree.kids(node, "case", "mark") if tree.low(k) in {"after", "before"}}
            for word, token in cases.items():
                before = [
                    t
                    for t, _ in self.by_sentence[number]
                    if 0 <= tree.tokens[token].start - t.end <= 2 and t.value.startswith("P")
                ]
                anchor = self._anchor_of(number)
                if not before or anchor is None:
                    continue
                days = days_of(before[-1].value)
                if days is None:
                    continue
                shift = timedelta(days=-days if word == "after" else days)
                slack = timedelta(days=days // 7 if days >= 7 else 0)
                return Dated(
                    date=EventDate(
                        start=anchor + shift - slack,
                        end=anchor + shift + slack,
                        precision="week" if days >= 7 else "day",
                    ),
                    why=f"'{before[-1].text} {word}'",
                    explicit=True,
                )
        return None

    def _anchor_of(self, number: int) -> date | None:
        context = self.context[number]
        if context is not None:
            return context.low
        return self.news.start

    def _default(self, number: int, predicate: int, status: Status, quoted: bool) -> Dated:
        if self.published is None:
            return Dated(date=EventDate(), why="no date told", explicit=False)
        context = self.context[number]
        if context is not None and status in {"occurred", "negated"} and self._past_tense(number, predicate):
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
        earlier = self._earlier_clause(number, predicate) if self._past_tense(number, predicate) else None
        if earlier is not None:
            return Dated(
                date=EventDate(start=earlier.low, end=earlier.high, precision=earlier.precision),
                why=f"the sentence goes on from '{earlier.text}'",
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
        if clause not in mains or self.published is None:
            return None
        told = [
            timex
            for timex, head in self.by_sentence[number]
            if timex.low and timex.high and timex.high <= self.published and timex.kind != "DURATION"
            if head < predicate and tree.clause(head) in mains - {clause}
            if signal_before(self.text, timex.start) not in {"since", "from", "until", "till", "by"}
        ]
        return told[-1] if told else None

    def _past_tense(self, number: int, predicate: int) -> bool:
        tree = self.trees[number]
        clause = tree.clause(predicate)
        if any(tree.low(k) in {"is", "are", "has", "have", "will"} for k in [clause, *tree.kids(clause, "aux", "cop")]):
            return False
        return tree.tokens[clause].xpos not in {"VBZ", "VBP"}


def days_of(value: str) -> int | None:
    """Days of a TIMEX3 duration (``P1W`` -> 7), None when it is no whole number of days."""
    match = DURATION.match(value)
    if match is None:
        return None
    years, months, weeks, days = (int(g or 0) for g in match.groups())
    total = years * 365 + months * 30 + weeks * 7 + days
    return total or None
