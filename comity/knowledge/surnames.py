"""Which parts of a person's name may stand for the whole."""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FAMILY_FIRST: Final = frozenset({"CHN", "TWN", "HKG", "MAC", "KOR", "PRK", "KHM"})
_BOTH: Final = frozenset({"VNM", "SGP", "MYS"})
_GIVEN: Final = frozenset({"VNM", "ETH", "ERI", "MMR", "LAO"})
"""States whose people are called by the given name ("Abiy", "Phuc")."""

_WESTERN: Final = frozenset({"TWN", "HKG", "MAC", "KHM"})
"""States where a name of two words has the family last ("Joseph Wu") or the given name in use ("Hun Manet")."""
_SHORTEST: Final = 4
"""Letters below which a given name alone is too like an English word ("Win", "To", "Than")."""

_PARTICLES: Final = _words(
    "al ad as ash an at az el ben bin ibn abu da das de del della den der di do dos du la le lo los "
    "mac san st ter ten van von und y zu ould"
)
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "v", "vi"})
_ROMAN: Final = re.compile(r"[IVX]+")
"""Monarchs and popes have no surname: "John Paul II"."""
_ARTICLES: Final = ("al-", "el-", "as-", "ad-", "ash-", "an-", "at-", "az-")
_SPANISH: Final = _words(
    "ARG BOL CHL COL CRI CUB DOM ECU ESP GTM HND MEX NIC PAN PER PRY SLV URY VEN PRT BRA AGO MOZ"
)


def surnames(name: str, state: str) -> tuple[str, ...]:
    """The short forms under which a person of that state goes, likeliest first.

    ``Ursula von der Leyen`` -> ``von der Leyen``, ``Leyen``; ``Xi Jinping`` -> ``Xi``;
    ``Bashar al-Assad`` -> ``al-Assad``, ``Assad``;
    ``Enrique Peña Nieto`` -> ``Nieto``, ``Peña Nieto``, ``Peña``.
    """
    words = [w for w in name.split() if w.lower() not in _SUFFIXES]
    if len(words) < 2 or _ROMAN.fullmatch(name.split()[-1]):
        return ()
    out: list[str] = []
    if state in _FAMILY_FIRST and not (state in _WESTERN and len(words) == 2 and "-" not in name):
        out.append(words[0])
    else:
        out += _last(words)
        if state in _SPANISH and len(words) >= 3 and words[-2].lower() not in _PARTICLES:
            out += [" ".join(words[-2:]), *([words[-2]] if len(words) == 3 else [])]
        if (state in _GIVEN or state in _BOTH) and len(words[0]) >= _SHORTEST:
            out.append(words[0])
    return tuple(dict.fromkeys(w for w in out if len(w) > 1))


def _last(words: list[str]) -> list[str]:
    """The last word, with the particles before it and without its article."""
    at = len(words) - 1
    while at > 1 and words[at - 1].lower().strip("'") in _PARTICLES:
        at -= 1
    last = words[-1]
    out = [" ".join(words[at:])]
    if last != out[0]:
        out.append(last)
    for article in _ARTICLES:
        if last.lower().startswith(article) and len(last) > len(article):
            out.append(last[len(article) :])
    return out
