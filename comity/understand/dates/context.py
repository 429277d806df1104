"""What an expression is resolved against: the publication date, the story so far, the tense."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, cached_property
from types import MappingProxyType
from typing import Final, Literal

from comity.model import Precision, Record
from comity.understand.dates.calendar import FIRST_YEAR, LAST_YEAR, interval
from comity.understand.dates.lexer import Pieces
from comity.understand.dates.tables import lexicon
from comity.understand.dates.tense import guess, intends

Kind = Literal["DATE", "TIME", "DURATION", "SET"]
SENTENCE_END: Final = re.compile(r"[.!?]['\"”’)\]]*\s+(?=['\"“‘(]?[A-Z])|\n\s*\n")
DAY_FIRST: Final = re.compile(
    r"\b\d\d? (?:of )?(?:(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)\b"
)
ENTRY: Final = re.compile(r"\s*(?::|[–—-]\s)")
"""What follows the date of an entry in a chronology: "March 26: Chan stands aside"."""
BULLETS: Final = " \t*•"
MONTHS: Final = frozenset({"Month", "MonthAbbr", "MonthAmb"})
"""Classes of the names of months."""
REACH: Final = 400
STORY_DAYS: Final = 60
PASSING_DAYS: Final = 75
RANK: Final = {"day": 0, "week": 1, "month": 2, "season": 3, "year": 4, "decade": 5, "century": 6, "unknown": 7}


class Meaning(Record, frozen=True):
    """What an expression means: the TIMEX3 kind and value and the days covered."""

    kind: Kind
    value: str
    low: date | None = None
    high: date | None = None
    precision: Precision = "unknown"
    why: str = ""


class Reference(Record, frozen=True):
    """The last time that the text spoke of."""

    low: date
    high: date
    precision: Precision
    piece: int
    explicit: bool
    end: int = -1
    night: bool = False


def dated(value: str, why: str, kind: Kind = "DATE") -> Meaning:
    """A meaning whose days follow from its value."""
    found = interval(value)
    if found is None:
        return Meaning(kind=kind, value=value, why=why)
    low, high, precision = found
    return Meaning(kind=kind, value=value, low=low, high=high, precision=precision, why=why)


class Hit:
    """A match of a rule: its parts by name."""

    __slots__ = ("end", "match", "pieces", "start")

    def __init__(self, pieces: Pieces, match: re.Match[str]) -> None:
        self.pieces = pieces
        self.match = match
        self.start, self.end = match.span()

    def has(self, group: str) -> bool:
        """Whether the part is there."""
        return group in self.match.re.groupindex and self.match.start(group) >= 0

    def value(self, group: str) -> str:
        """Table value of the first piece of the part, empty if it is not there."""
        return self.pieces.values[self.match.start(group)] if self.has(group) else ""

    def words(self, group: str) -> str:
        """The part as written, in small letters, one space between pieces."""
        if not self.has(group):
            return ""
        low, high = self.match.span(group)
        return " ".join(self.pieces.word(n).lower() for n in range(low, high))

    def kind(self, group: str) -> str:
        """Class name of the first piece of the part."""
        return name_of(self.pieces.of(self.match.start(group))) if self.has(group) else ""

    def before(self, back: int = 1) -> str:
        """Class name of the piece before the match."""
        return name_of(self.pieces.of(self.start - back))

    def after(self, ahead: int = 0) -> str:
        """Class name of the piece after the match."""
        return name_of(self.pieces.of(self.end + ahead))

    def word_before(self, back: int = 1) -> str:
        return self.pieces.word(self.start - back)

    def word_after(self, ahead: int = 0) -> str:
        return self.pieces.word(self.end + ahead)

    def offsets(self) -> tuple[int, int]:
        """Start and end in the text."""
        return self.pieces.starts[self.start], self.pieces.ends[self.end - 1]

    def closes(self) -> bool:
        """Whether no word follows at once (a full stop, a comma, a quotation mark, the end)."""
        return not self.word_after()[:1].isalnum()


def name_of(letter: str) -> str:
    """Class name of a letter, empty for pieces of no interest."""
    return _class_names().get(letter, "")


@cache
def _class_names() -> MappingProxyType[str, str]:
    return MappingProxyType({letter: name for name, letter in lexicon().classes.items()})


class Context:
    """State of the reading of one text."""

    def __init__(
        self,
        pieces: Pieces,
        published: date | None,
        sentences: Sequence[tuple[int, int]] | None,
        tense: Callable[[int], str] | None,
        *,
        history: bool = False,
    ) -> None:
        self.pieces = pieces
        self.published = None if history else published
        self.history = history
        """Whether the text tells of times long past from beginning to end: nothing counts from its publication."""
        self.reference: Reference | None = None
        self.last_day: Reference | None = None
        self.earlier: Reference | None = None
        """What was told before the reference."""
        self.before_christ: int | None = None
        """The year before our era that was told last, if no other was told since."""
        self.entry: date | None = None
        """The first day of the last entry, in a chronology."""
        self._tense = tense
        self._told_tense: tuple[tuple[int, int], str] = ((-1, -1), "")
        self._last_bounds = (0, 0)
        self._last_break = -1
        self._bounds = sentences
        self._starts = [low for low, _ in sentences] if sentences is not None else []

    def tense(self, hit: Hit) -> str:
        """past, future, present or empty, for the clause around a hit."""
        if self._told_tense[0] != (hit.start, hit.end):
            self._told_tense = (hit.start, hit.end), self._look_tense(hit)
        return self._told_tense[1]

    def _look_tense(self, hit: Hit) -> str:
        start, end = hit.offsets()
        before = hit.before()
        if before in {"Since", "From"} and hit.word_before().lower() == "since":
            return "past"
        if self._tense is not None:
            told = self._tense(start)
            if told:
                return told
        low, high = self.sentence(start)
        if self._deadline(hit):
            words = self.pieces.text[low:high].lower().split()
            if intends(words) and "had" not in words:
                return "future"
        found = guess(self.pieces.text, start, end, low, high)
        return "future" if before == "Until" and found in {"", "present"} else found

    def _deadline(self, hit: Hit) -> bool:
        """Whether "by" or "until" leads to the hit: "by the end of the summer"."""
        return any(hit.before(n) in {"By", "Until"} for n in range(1, 6))

    def sentence(self, offset: int) -> tuple[int, int]:
        """The sentence around an offset; guessed if the caller gave none."""
        if self._bounds:
            at = bisect_right(self._starts, offset) - 1
            if at >= 0 and self._bounds[at][1] > offset:
                return self._bounds[at]
        low, high = self._last_bounds
        if not low <= offset < high:
            low, high = self._last_bounds = self._look_bounds(offset)
        return low, high

    def _look_bounds(self, offset: int) -> tuple[int, int]:
        text = self.pieces.text
        low, high = max(0, offset - REACH), min(len(text), offset + REACH)
        for match in SENTENCE_END.finditer(text, low, offset):
            low = match.end()
        after = SENTENCE_END.search(text, offset, high)
        return low, after.start() + 1 if after else high

    def opens_sentence(self, hit: Hit) -> bool:
        """Whether at most one word (a preposition) stands before the hit in its sentence."""
        start, _ = hit.offsets()
        low, _ = self.sentence(start)
        return len(self.pieces.text[low:start].split()) <= 1

    def opens_entry(self, hit: Hit) -> bool:
        """Whether the hit is the date of an entry of a chronology: it opens a line and a colon or dash follows."""
        start, end = hit.offsets()
        text = self.pieces.text
        if ENTRY.match(text, end) is None:
            return False
        while start and text[start - 1] in BULLETS:
            start -= 1
        return not start or text[start - 1] == "\n"

    def chronicled(self, hit: Hit, month: int, day: int = 1) -> int | None:
        """The year of an entry that tells none: that of the entry before, or the next where the months begin anew.

        The first entry is of the last such day before publication.
        """
        if not self.opens_entry(hit):
            return None
        if self.entry is not None:
            return self.entry.year + ((month, day) < (self.entry.month, 1))
        if self.published is None or self.tense(hit) == "future":
            return None
        return self.published.year - ((month, day) > (self.published.month, self.published.day))

    def story(self, hit: Hit) -> Reference | None:
        """The past time the passage tells of, if it names one outright: "In 2014, ... In March ..."."""
        told = self.reference
        if told is None:
            return None
        if self.published is None:
            return told
        if not told.explicit or told.high >= self.published - timedelta(days=STORY_DAYS):
            return None
        start = hit.offsets()[0]
        if start - self.pieces.ends[told.piece] > REACH:
            return None
        if lexicon().classes["Break"] in self.pieces.classes[told.piece : hit.start]:
            return None
        return told if self.tense(hit) in {"past", ""} else None

    def onward_year(self, month: int, day: int) -> int | None:
        """In a history the year of a day told without one: that of what was told last, or the next.

        A story goes forward; a day that lies a little back is told in passing.
        """
        told = self.reference if self.history else None
        if told is None:
            return None
        back = (told.low.month - month) * 30 + told.low.day - day
        return told.low.year + (told.precision != "year" and back > PASSING_DAYS)

    def today(self, hit: Hit) -> date | None:
        """The day from which relative expressions count: the story's, else the publication's."""
        told = self.story(hit)
        if told is not None:
            return told.low
        return self.published

    @cached_property
    def day_first(self) -> bool:
        """Whether the text writes days before months."""
        return bool(DAY_FIRST.search(self.pieces.text))

    def day_near(self, hit: Hit, morning: bool = False) -> date | None:
        """The day told of in this sentence or the one before, else that of the publication.

        A ``morning`` told of after a night is that of the next day.
        """
        told = self.reference
        start = hit.offsets()[0]
        if told is not None and told.precision == "day":
            low = self.sentence(start)[0]
            near = self.sentence(max(0, low - 2))[0] if low else low
            if near <= self.pieces.starts[told.piece]:
                return told.low + timedelta(days=told.night and morning)
        return self.published

    def told_day(self, hit: Hit) -> Reference | None:
        """The last day told of in the paragraph, though a month or a year was told of after it."""
        told, day = self.told(), self.last_day
        if told is None or day is None or told.precision == "day":
            return told
        between = self.pieces.classes[day.piece : hit.start]
        return told if lexicon().classes["Break"] in between else day

    def told_month(self, hit: Hit) -> Reference | None:
        """What a day without a month belongs to.

        The day told last in the paragraph, where only a year or the month of a thing ("the vote of May") follows it.
        """
        told = self.told()
        if told is None or RANK[told.precision] < RANK["month"]:
            return told
        aside = told.precision == "month" and self.pieces.of(told.piece - 1) == lexicon().classes["Of"]
        return self.told_day(hit) if aside or told.precision != "month" else told

    def told(self) -> Reference | None:
        """What "later", "that year", "the next day" refer to."""
        if self.reference is not None:
            return self.reference
        if self.published is not None:
            return Reference(low=self.published, high=self.published, precision="day", piece=0, explicit=False)
        return None

    def speak_of(self, meaning: Meaning, start: int, end: int, explicit: bool) -> None:
        """Remember what was spoken of last, in the pieces from ``start`` to ``end``."""
        if meaning.low is None or meaning.high is None or meaning.kind not in {"DATE", "TIME"}:
            return
        if not FIRST_YEAR <= meaning.low.year <= meaning.high.year <= LAST_YEAR:
            return  # too near to the ends of the calendar to count from
        if RANK[meaning.precision] <= RANK["year"]:
            self.earlier = self.reference
            self.reference = Reference(low=meaning.low, high=meaning.high, precision=meaning.precision, piece=start,
                                       end=end, explicit=explicit, night=meaning.value.endswith("TNI"))  # fmt: skip
            if meaning.precision == "day":
                self.last_day = self.reference
