"""How many times something happened, where the text says so: "met 37 times", "nine rounds of talks"."""

from __future__ import annotations

import re

from comity.understand.acts import Act
from comity.understand.tree import Tree, base

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
NUMBERS = {
    **{word: n for n, word in enumerate(UNITS.split())},
    **{word: 10 * n for n, word in enumerate(TENS.split(), start=2)},
    "dozen": 12,
}
NTH = {word: n for n, word in enumerate(ORDINALS.split())}
ADVERBS = {"twice": 2, "thrice": 3}
TIMES = frozenset({"time", "occasion"})
# Nouns that count what they govern: "nine rounds of talks".
COUNTERS = frozenset(
    "round series wave session set string batch package tranche cycle salvo volley phase flurry".split()
)
# What is fought, held or made as a whole.
BOUTS = frozenset(
    "war battle summit meeting visit attack raid strike call trip truce agreement accord treaty conversation".split()
)
# What is fired or brought down, and what is signed, is counted piece by piece: "fired three missiles".
FIRING = frozenset("fire launch lob hurl throw shoot down drop loose".split())
ARMS = frozenset(
    "missile rocket shell drone torpedo bomb aircraft airplane aeroplane plane jet fighter bomber helicopter".split()
)
SIGNING = frozenset("sign initial conclude ratify seal".split())
PAPERS = frozenset(
    "agreement document accord treaty memorandum contract deal protocol pact convention declaration".split()
)
# "for the seventh night in a row", "the third straight day".
SPANS = frozenset({"night", "day", "week", "month", "year", "weekend"})
RUNNING = frozenset({"row", "running", "consecutive", "straight", "succession"})
# "the 40th", "the 3rd".
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th)")
# Numbers of more digits are no number of times.
MOST_DIGITS = 6
YEARS = range(1800, 2101)
# "twice a year", "three times larger": how often or how much more, not how many times.
RATES = frozenset({"a", "an", "per", "every", "each"})
MORE = frozenset({"more", "less", "larger", "bigger", "higher", "as", "greater", "smaller", "the"})


def count_of(tree: Tree, act: Act) -> int | None:
    """The number of times that an act is said to have been done; None where none or an unclear one is told."""
    nodes = list(dict.fromkeys((act.predicate, act.carrier)))
    for node in nodes:
        count = _times(tree, node)
        if count is not None:
            return count
    count = _numbered(tree, act.predicate)
    if count is None and tree.tokens[act.predicate].upos == "VERB":
        found = (n for k in tree.kids(act.predicate, "obj") if (n := _rounds(tree, k)) is not None)
        count = next(found, None)
        return _pieces(tree, act.predicate) if count is None else count
    return count


def _pieces(tree: Tree, node: int) -> int | None:
    """ "fired three missiles", "27 documents were signed", "had 23 missiles fired": as many as there are pieces."""
    lemma = tree.lemma(node)
    things = (ARMS if lemma in FIRING else frozenset()) | (PAPERS if lemma in SIGNING else frozenset())
    nouns = [*tree.kids(node, "obj", "nsubj:pass")]
    if tree.rel(node) == "acl" and tree.tokens[node].xpos == "VBN":
        nouns.append(tree.head(node))
    for noun in nouns:
        if tree.lemma(noun) in things:
            return next((_value(tree, k) for k in tree.kids(noun, "nummod")), None)
    return None


def _times(tree: Tree, node: int) -> int | None:
    """ "37 times", "twice", "on three occasions", "for the third time" beside a verb."""
    near = tree.kids(node, "obl", "advmod", "obj", "nmod", "nummod", "dep")
    below = [k for n in tree.kids(node, "obj", "obl") for k in tree.kids(n, "nmod") if tree.lemma(k) in TIMES]
    for kid in [*near, *below]:
        after = tree.low(kid + 1) if kid + 1 < len(tree) else ""
        if tree.low(kid) in ADVERBS and after not in RATES | MORE:
            return ADVERBS[tree.low(kid)]
        if tree.lemma(kid) in SPANS and any(tree.low(k) in RUNNING for k in range(kid - 1, min(kid + 4, len(tree)))):
            return _nth(tree, kid)
        if tree.lemma(kid) not in TIMES or after in RATES | MORE:
            continue
        for number in [] if tree.case(kid).startswith("for") else tree.kids(kid, "nummod"):
            return _value(tree, number)
        return _nth(tree, kid)
    return None


def _numbered(tree: Tree, node: int) -> int | None:
    """ "three previous truces", "nine rounds of talks", "their fourth meeting": the noun of the act is counted."""
    if tree.tokens[node].upos != "NOUN":
        return None
    head = tree.head(node)
    counted = [node]
    if head >= 0 and base(tree.rel(node)) == "nmod" and tree.lemma(head) in COUNTERS and tree.case(node) == "of":
        counted.append(head)
    for noun in counted:
        if tree.tokens[noun].xpos == "NNS":
            for number in tree.kids(noun, "nummod"):
                value = _value(tree, number)
                return None if value in YEARS and tree.low(number).isdigit() else value
        if tree.lemma(noun) in COUNTERS and (nth := _nth(tree, noun)) is not None:
            return nth
    owned = any(tree.tokens[k].upos == "PRON" for k in tree.kids(node, "nmod:poss"))
    owned = owned or any(tree.case(k) == "between" for k in tree.kids(node, "nmod"))
    return _nth(tree, node) if owned else None


def _nth(tree: Tree, noun: int) -> int | None:
    """ "the third round": the last of as many."""
    nth = max((ordinal(tree.low(k)) for k in tree.kids(noun, "amod", "nummod")), default=0)
    return nth if nth > 1 else None


def ordinal(word: str) -> int:
    """The value of "third" or "40th", 0 for other words."""
    digits = _ORDINAL.fullmatch(word)
    return int(digits[1]) if digits else NTH.get(word, 0)


def _rounds(tree: Tree, noun: int) -> int | None:
    """ "imposed three rounds of sanctions", "fought three wars", "held their second summit": the object counts."""
    if tree.lemma(noun) not in COUNTERS | BOUTS:
        return None
    if tree.tokens[noun].xpos == "NNS":
        return next((_value(tree, k) for k in tree.kids(noun, "nummod")), None)
    owned = tree.lemma(noun) in COUNTERS or tree.kids(noun, "nmod:poss")
    return _nth(tree, noun) if owned else None


def _value(tree: Tree, i: int) -> int | None:
    """The value of a number with the words that belong to it ("two dozen", "half a dozen")."""
    value = number_of(tree.low(i))
    if value is None:
        return None
    if tree.low(i) == "dozen" and "half" in [tree.low(k) for k in range(max(0, i - 2), i)]:
        return value // 2
    for kid in tree.kids(i, "nummod", "compound"):
        factor = number_of(tree.low(kid))
        if factor is not None and tree.low(kid) in TENS.split() and 0 < value < 10:
            return factor + value  # "twenty-seven" in three tokens
        if factor is not None and tree.low(i) == "dozen":
            return value * factor
    return value


def number_of(word: str) -> int | None:
    """The value of a small number in words or figures, None for others."""
    digits = re.sub(r"[.,](?=\d{3}\b)", "", word)
    if digits.isdigit() and len(digits) <= MOST_DIGITS:
        return int(digits)
    if word in NUMBERS:
        return NUMBERS[word]
    ten, _, unit = word.partition("-")
    if ten in TENS.split() and 0 < NUMBERS.get(unit, 0) < 10:
        return NUMBERS[ten] + NUMBERS[unit]
    return None
