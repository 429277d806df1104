"""A cheap guess at the tense of the clause around a place, from the words near it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import Final, Literal

from comity.understand.dates.tables import lexicon

Tense = Literal["past", "future", "present", "planned", ""]

WORD: Final = re.compile(r"[^\W\d_]+(?:['’]t)?|['’](?:ll|s)\b|[,;:\"“”]")
MONTHS: Final = frozenset({"May", "March"})
HAVING: Final = frozenset({"has", "have", "going", "about", "set", "may", "called", "asked", "urged", "ordered"})
BE: Final = frozenset({"is", "are", "was", "were"})
DUE: Final = frozenset({"due", "scheduled", "slated", "expected", "planned"})
BEHIND: Final = frozenset({"after", "following", "since"})
NEAR: Final = 6
REACH: Final = 160
AFTER_WORDS: Final = 10
NOT_PAST: Final = frozenset({"need", "indeed", "speed", "united", "hundred", "sacred", "embed", "exceed", "proceed",
                             "feed", "seed", "deed", "greed", "breed", "shed", "bed", "red", "naked"})  # fmt: skip


def guess(text: str, start: int, end: int, low: int = 0, high: int | None = None) -> Tense:
    """Tense of the clause around text[start:end], looked for within text[low:high]."""
    low = max(low, start - REACH)
    stop = min(len(text) if high is None else high, end + REACH)
    before = WORD.findall(text, low, start)
    after = WORD.findall(text, end, stop)[:AFTER_WORDS]
    found, gap, word = _backwards(before)
    if found and word in _reporting() and gap > 2:
        ahead = _forwards(after)
        return ahead or found
    if found:
        return found
    return _forwards(after) or _infinitive(before)


@cache
def _reporting() -> frozenset[str]:
    return frozenset(w for w, kinds in lexicon().tense.items() if "report" in kinds)


def _backwards(words: list[str]) -> tuple[Tense, int, str]:
    """Nearest cue to the left, how many words away it is, and the cue."""
    following = ""
    behind = False
    turned = [w.lower().replace("’", "'") for w in reversed(words)]
    for gap, word in enumerate(turned):
        tense = _cue(word, following, words[-1 - gap])
        if word == ";":
            return ("past" if behind else ""), 0, ""
        if tense == "past" and _governed(turned[gap + 1 : gap + 3]):
            return "future", gap, word  # to be held, will stay closed, will shut
        if tense in {"present", "past"} and word in BE and following == "to":
            return ("future" if tense == "present" else "planned"), gap, word  # is to meet, were to meet
        if word in DUE and (gap == 0 or following in {"on", "in", "by", "at"}):
            return "future", gap, word
        if tense == "present" and gap > NEAR:
            return "", 0, ""
        if tense:
            return ("past" if behind and tense == "present" else tense), gap, word
        behind = behind or word in BEHIND
        following = word
    return ("past" if behind else ""), 0, ""


def _governed(words: list[str]) -> bool:
    """Whether the words before a past form, nearest first, put it into the future."""
    if "be" in words:
        return True
    return any(lexicon().tense.get(w, frozenset()) & {"future"} and w != "would" for w in words)


def _forwards(words: list[str]) -> Tense:
    """First cue to the right."""
    for n, written in enumerate(words):
        if written in {";", ":"}:
            break
        word = written.lower().replace("’", "'")
        following = words[n + 1].lower() if n + 1 < len(words) else ""
        tense = _cue(word, following, written)
        if tense in {"present", "past"} and word in BE and following == "to":
            return "future" if tense == "present" else "planned"  # are to elect, were to elect
        if tense:
            return tense
    return ""


def _cue(word: str, following: str, written: str) -> Tense:
    kinds = lexicon().tense.get(word) if written not in MONTHS else None
    if kinds is None:
        past = word.endswith("ed") and len(word) > 3 and word not in NOT_PAST and not written[0].isupper()
        return "past" if past else ""
    if "plan" in kinds and following in {"to", "for"}:
        return "future"
    if "future" in kinds:
        return "future"
    if "modal" in kinds:
        return "past" if following == "have" else "future"
    if "past" in kinds or "report" in kinds:
        return "past"
    if "present" in kinds and word != "'s":
        return "present"
    return "past" if word.endswith("ed") else ""


def intends(words: list[str]) -> bool:
    """Whether a sentence, in small letters, speaks of plans or of the future."""
    tense = lexicon().tense
    return any(tense.get(word, frozenset()) & {"plan", "future", "modal"} for word in words if word not in HAVING)


def _infinitive(words: list[str]) -> Tense:
    """A headline's "Putin to visit China": future if nothing else tells."""
    for first, second in pairwise(words):
        if first == "to" and second[:1].islower() and second not in {"the", "a", "an", "its", "his", "their"}:
            return "future"
    return ""
