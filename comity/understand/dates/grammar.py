"""The grammar: which sequences of classes are time expressions.

A rule is a regular expression over class letters, written with class names:
``{q Qty} {u AnyUnit} Ago`` is the pattern for "two weeks ago", where ``q`` and
``u`` name the parts that the resolver of the same rule reads.  The texts are
matched piece by piece, so no rule ever sees characters, and all repetitions
are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from comity.model import Record
from comity.understand.dates.tables import lexicon

MACROS: Final = {
    "Ord": "OrdWord|OrdNum|Second",
    "Day": "DayNum|OrdNum",
    "AnyMonth": "Month|MonthAmb|MonthAbbr Stop?",
    "Wd": "Weekday|WeekdayAbbr Stop?",
    "Num": "NumWord Hy NumWord|NumWord|(?:DayNum Hy?)? Fraction|DayNum|Count|Year|Decimal",
    "Qty": "(?:An|Num)? Mult|Num Hy? (?:To|Or|Hy|Dash) Hy? Num|Num Hy? And Hy? An Hy? Half|Num|An? Few|An? Couple Of?"
    "|Some|An Number Of|MultPl Of|An",
    "AnyUnit": "Unit|Units|Quarter|Weekend",
    "Rel": "This (?:Past|Coming)|The? (?:Last|Next|Prev|Foll|Coming|Past)|This|That Same?|The Very? Same"
    "|The? Current|The Latest",
    "Told": "This|Last|Next|That Same?|The Same|The (?:Foll|Prev|Next)",
    "Range": "Hy|Dash|And|To|Or|Until|Through|By",
    "OfYear": "Of? Fiscal? {y Year}|Of? {k This|Last|Next|The|That|The Prev|The Foll|The Same} {v Unit}",
}  # fmt: skip

# name of the resolver, pattern; of several that match at one place the longest wins, then the first.
RULES: Final = (
    ("iso", "{d Iso}"),
    ("iso_month", "{d IsoMonth}"),
    ("slashed", "(?:Wd Comma?)? {d Slashed}"),
    ("month_day", "{m AnyMonth} {d Day} (?=Range {o AnyMonth}? Day Comma? {y Year})"),
    ("month_day", "{d Day} Of? {m AnyMonth} (?=Range Day Of? {o AnyMonth} Comma? {y Year})"),
    ("month_day", "(?:{w Wd} Comma? The?)? {m AnyMonth} The? {d Day} (?:Comma? {y Year})?"),
    ("month_day", "(?:The? {w Wd} Comma? The?|The)? {d Day} Of? {m AnyMonth} (?:(?:Comma|Of)? {y Year})?"),
    ("month_day", "{d Day} Hy {m AnyMonth} Hy {y Year}"),
    ("month_day", "The {d OrdWord|Second} Of {m AnyMonth} (?:(?:Comma|Of)? {y Year})?"),
    ("month_day", "{d DayNum} (?=(?:Range|Comma) Day Of? {m AnyMonth} (?:Comma? {y Year})?)"),
    ("day_of_month", "The {d OrdNum}"),
    ("month_day", "{m AnyMonth} The {d OrdWord|Second} (?:Comma? {y Year})?"),
    ("bare_day", "The {d DayNum}"),
    ("bare_day", "The {u Unit} {d DayNum}"),
    ("day_of_told", "The {d Day} Of {r Told} {u Unit}"),
    ("month_of", "{m AnyMonth} {d Day}? Comma? Of? {r Told} {u Unit}"),
    ("month_year", "{m AnyMonth} (?:Comma|Of|Hy|Of The)? {y Year}"),
    ("month_year", "{m AnyMonth} (?=Range AnyMonth Day? (?:Comma|Of)? {y Year})"),
    ("month", "{r Rel}? {m AnyMonth}"),
    ("season_year", "The? {s Season} Of? {y Year} (?:(?:Hy|Dash) (?:Count|DayNum))?"),
    ("season", "{r Rel} {s Season}"),
    ("season", "The? {s Season}"),
    ("era", "(?:{d DayNum}? {m AnyMonth}|The? {s Season} Of?)? {n Year|Count|DayNum} {e Era}"),
    ("era", "{e Era} {n Year|Count|DayNum}"),
    ("era", "The? {n Ord} {u Unit} {e Era}"),
    ("early_year", "(?:{m AnyMonth}|The? {s Season} Of)? {y Count}"),
    ("year", "(?:The {v Unit}|This|Fiscal Unit?)? {y Year}"),
    ("year", "The {y Year} Fiscal Unit"),
    ("short_year", "Fiscal? {y ShortYear}"),
    ("year_pair", "{y YearPair}"),
    ("decade", "The? {d Decade}"),
    ("decade", "The? {d ShortDecade|DecadeWord}"),
    ("century", "(?:The|This)? {t NumWord} Hy {o OrdWord} Hy? {u Unit}"),
    ("century", "(?:The|This)? {o Ord} Hy? {u Unit}"),
    ("quarter", "The? Fiscal? {o Ord} Fiscal? {q Quarter} (?:OfYear)?"),
    ("quarter", "The? {o Ord} {q Half} (?:OfYear)?"),
    ("quarter", "Fiscal? {o Ord} Hy {q Quarter|Half} (?:OfYear)?"),
    ("quarter", "{k This|Last|Next} {v Unit} Poss Fiscal? {o Ord} Hy? {q Quarter|Half}"),
    ("quarter", "The? Fiscal? {y Year} Poss? Fiscal? {o Ord} Hy? {q Quarter|Half}"),
    ("same_quarter", "The {y Year} {q Quarter}"),
    ("named_quarter", "The? (?:AnyMonth Hy)? {m AnyMonth} {q Quarter} (?:Of? {y Year})?"),
    ("same_quarter", "{r This|That|The? Same} {q Quarter} (?:Of|In)? {y Year}"),
    ("year_ago_quarter", "The? {u Unit} Hy (?:Ago|Earlier) {q Quarter|Span}"),
    ("quarter", "{o Quarterly|Halfly} (?:OfYear)?"),
    ("day_word", "{d DayWord} {p Part}?"),
    ("day_word", "The {u Unit} {a Before|After} {d DayWord}"),
    ("tonight", "{p Tonight|Overnight}"),
    ("part", "{r Last|This|That|The Same|The (?:Prev|Foll|Next)} {p Part}"),
    ("part", "The Early? {p Part}"),
    ("part", "The {p Part} {a Before}"),
    ("night", "The {p Part}"),
    ("night_to", "The {p Part} (?:From {f Wd})? To {w Wd}"),
    ("dawn", "{d Dawn} (?:On? {w Wd})?"),
    ("part", "The Early {h Units} (?!Of)"),
    ("weekday_day", "The? {w Wd} The? {d DayNum|OrdNum}"),
    ("weekday", "{r Rel}? {w Wd} {p Part}?"),
    ("weekday_of", "{w Wd} {p Part}? Of? {r Last|Next|This|The Foll|The Prev|The Next} {u Unit}"),
    ("weekend", "{r Rel|The}? {u Weekend}"),
    ("rel_unit", "{r Rel} Fiscal? {u Unit|Quarter}"),
    ("rel_unit", "The {u Unit} {r Foll}"),
    ("unit_end", "(?:{r This|Last|Next|The})? {u Unit|Quarter} (?:Hy|Poss) {e End}"),
    ("unit_end", "{e Mid} Hy? {u Unit}"),
    ("unit_end", "{u MidWord}"),
    ("in_month", "The? {o Ord|Last} {u Unit|Weekend} (?:Of|In) {m AnyMonth} (?:Comma? {y Year})?"),
    ("in_month", "The? {o Ord|Last} {w Wd} (?:Of|In) {m AnyMonth} (?:Comma? {y Year})?"),
    ("the_unit", "The {u Unit|Quarter}"),
    ("rel_units", "(?:The|These)? {r Last|Past|Next|Coming|Foll|Prev|Recent|Latest} {q Qty} {u AnyUnit}"),
    ("rel_units", "(?:The|These)? {r Last|Past|Next|Coming|Foll|Prev|Recent} {u Units}"),
    ("the_units", "The {u Units}"),
    ("first_units", "The? {r OrdWord|Last} {q Num} {u Units} (?:OfYear)?"),
    ("ago", "{q Qty} {u AnyUnit} {a Ago|Earlier|Later|Before|After|Hence|Back|From Ref}"),
    ("ago", "{q Qty} {u AnyUnit} And An {h Half} {a Ago|Earlier|Later}"),
    ("ago_day", "{q Qty} {u AnyUnit} Ago {d DayWord}"),
    ("from_day", "{q Qty} {u AnyUnit} From {d DayWord}"),
    ("ago", "{s Half} An {h Unit} {a Ago|Earlier|Later}"),
    ("ago", "An? {s Quarter|Half} Hy {h Unit} {a Ago|Earlier|Later}"),
    ("ago", "An? {s Quarter} Of An {h Unit} {a Ago|Earlier|Later}"),
    ("ago", "The {u Unit} {a Before|After|Earlier}"),
    ("ago", "The? {u Unit} Hy {a Ago|Earlier}"),
    ("vague_ago", "(?:Some Time|An Long Time|An While) {a Ago}"),
    ("vague_ago", "The {u Units} {a Ahead}"),
    ("vague_ago", "(?:{u Units}|Long) {a Ago|Earlier|Later|Hence}"),
    ("duration", "{q Qty} (?:Hy|Full|Straight|More|Other)? {u AnyUnit} (?:Hy? Old|Hy Long)?"),
    ("duration", "The {q Num} (?:Full|Straight)? {u Units} (?!Hy)"),
    ("duration", "{q Qty} {u AnyUnit} And An {h Half}"),
    ("duration", "{q Qty} And An {h Half} {u AnyUnit}"),
    ("duration", "An? {h Half} (?:An|Hy)? {u Unit}"),
    ("duration", "An? {h Quarter} (?:Hy|Of An)? {u Unit}"),
    ("duration", "Another {q Num}? {u AnyUnit}"),
    ("duration", "All {u Unit}"),
    ("duration", "(?:An|The) Full {u Unit}"),
    ("duration", "{u Unit|Units} Hy (?:Old|Long)"),
    ("duration", "{l LongWord}"),
    ("units", "{u Units}"),
    ("every", "Every {o Other|Ord}? {u Unit|Quarter|Weekend|Season|Part|AnyMonth}"),
    ("every", "Every {q Num|Few} {u Units}"),
    ("every", "(?:Once|Num Times|Few Times) (?:An|Per|Every|In An) {u Unit}"),
    ("every", "(?:Once|Num Times) Every {q Num} {u Units}"),
    ("every", "Per {u Unit}"),
    ("weekdays", "Every (?:Other|Ord)? {w Wd} {p Part}?"),
    ("weekdays", "{w WeekdayPl}"),
    ("weekdays", "{w Wd} {p PartPl}"),
    ("frequency", "{f Freq}"),
    ("reference", "{f Ref}"),
    ("reference", "(?:The (?:Very|Not So)? Near?) {f Future}"),
    ("reference", "The {f Past}"),
    ("reference", "The {f Recent} Past"),
    ("present", "{p These} Units"),
    ("present", "{p The} Moment"),
    ("present", "{p Current}"),
    ("for_now", "The (?:Current|Time Being)"),
    ("clock", "{c Clock} {x AmPm}? {z Tz|Local Time}?"),
    ("clock", "{c DayNum|Decimal|NumWord} {x AmPm} {z Tz|Local Time}?"),
    ("clock", "{c DayNum|NumWord} {o OClock} (?:In The {p Part})?"),
    ("clock", "{c DayNum|Clock} In The {p Part}"),
    ("clock", "{c Year|Count} {z Tz}"),
    ("noon", "{c Noon} {z Tz|Local Time}?"),
    ("holiday", "{r Rel}? {h Holiday} (?:Comma? Of? {y Year})?"),
    ("named", "{n Named}"),
    ("period", "The? {n Period}"),
)  # fmt: skip

# What may stand before an expression and belongs to it, and what it does to the days meant.
PREFIXES: Final = (
    ("part_of", "The? {e Early|Late}? {p Part} Of The?"),
    ("part_of", "The? {e Early} {p Units} (?:Of|On)"),
    ("edge", "The? Very? {e Begin|End|Middle|Rest} Of The?"),
    ("edge", "The? {e Early|Late|Mid} (?:Hy? To Hy? Late|Hy|In The|In|On The|On|Of The|Of)?"),
    ("edge", "{e End} Hy"),
    ("edge", "The? {e OrdWord|Last|Early|End} Units Of The?"),
    ("edge", "{e Earlier|Later} (?:In The|In|On The|On)?"),
    ("share", "The? {o Ord} {h Half|Quarter} Of The?"),
    ("share", "The? Last {h Quarter|Half} Of The?"),
    ("turn", "The Turn Of The?"),
    ("of_unit", "The {u Unit|Weekend} Of"),
    ("eve", "The Eve Of"),
    ("approx", "(?:More Than|At Least|Up To|As Much As|An Much More Than|{a Approx}|Approx Over|Over|Some)"),
)

NAME: Final = re.compile(r"[A-Z][A-Za-z]+")
GROUP: Final = re.compile(r"\{(\w) ")
OPENING: Final = re.compile(r"\((?:\?P<\w>|\?[:=!])")
UNNAMED: Final = re.compile(r"\(\?P<\w>")


class Rule(Record, frozen=True):
    """A compiled rule."""

    name: str
    pattern: re.Pattern[str]


class Grammar(Record, frozen=True):
    """Rules by the class letter of their first piece; prefixes; where rules can start."""

    rules: Mapping[str, tuple[Rule, ...]]
    quick: Mapping[str, re.Pattern[str]]
    prefixes: tuple[Rule, ...]
    starts: re.Pattern[str]


def expand(pattern: str) -> str:
    """A rule as written, as a regular expression over class letters."""
    classes = lexicon().classes

    def name(match: re.Match[str]) -> str:
        word = match[0]
        return f"(?:{NAME.sub(name, MACROS[word])})" if word in MACROS else classes[word]

    return GROUP.sub(r"(?P<\1>", NAME.sub(name, pattern)).replace("}", ")").replace(" ", "")


@cache
def grammar() -> Grammar:
    """The compiled grammar."""
    written = [(name, expand(text)) for name, text in RULES]
    compiled = [(Rule(name=name, pattern=re.compile(text)), text, first_letters(text)) for name, text in written]
    table: dict[str, tuple[Rule, ...]] = {}
    quick: dict[str, re.Pattern[str]] = {}
    for letter in lexicon().classes.values():
        fitting = [(rule, text) for rule, text, first in compiled if letter in first]
        if fitting:
            table[letter] = tuple(rule for rule, _ in fitting)
            quick[letter] = re.compile("|".join(UNNAMED.sub("(?:", text) for _, text in fitting))
    starters = "".join(re.escape(letter) for letter in table)
    return Grammar(
        rules=MappingProxyType(table),
        quick=MappingProxyType(quick),
        prefixes=tuple(Rule(name=n, pattern=re.compile(f"(?:{expand(p)})\\Z")) for n, p in PREFIXES),
        starts=re.compile(f"[{starters}]"),
    )


def first_letters(pattern: str) -> frozenset[str]:
    """The letters with which a match of an expanded pattern can begin."""
    first, _, _ = _alternatives(pattern, 0)
    return frozenset(first)


def _alternatives(pattern: str, at: int) -> tuple[set[str], bool, int]:
    """First letters, whether it may be empty, and where the alternatives that begin at ``at`` end."""
    first: set[str] = set()
    empty = False
    while True:
        found, nullable, at = _sequence(pattern, at)
        first |= found
        empty = empty or nullable
        if at >= len(pattern) or pattern[at] == ")":
            return first, empty, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[set[str], bool, int]:
    first: set[str] = set()
    empty = True
    while at < len(pattern) and pattern[at] not in "|)":
        if pattern[at] == "(":
            opening = OPENING.match(pattern, at)
            assert opening is not None
            found, nullable, at = _alternatives(pattern, opening.end())
            if opening[0] in {"(?=", "(?!"}:
                found, nullable = set(), True
        else:
            found, nullable = {pattern[at]}, False
        at += 1
        if pattern[at : at + 1] == "?":
            nullable, at = True, at + 1
        if empty:
            first |= found
        empty = empty and nullable
    return first, empty, at
