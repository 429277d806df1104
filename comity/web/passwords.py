"""Which passwords are taken: long ones that nobody guesses first.

The rules are those of OWASP ASVS 5.0, 6.2: a least length, any composition, no common password.  The list is of our
own making: words and patterns that lists of stolen passwords are known to be full of.  A password is refused when it
is one of them, also with other capitals, figures for letters, and figures or signs before and after; when it is a run
of the alphabet or of the keyboard, or a short piece again and again; and when little but the name of the user is left.
"""

from __future__ import annotations

import re
import secrets
from functools import cache
from pathlib import Path

from comity.errors import BadUser

LEAST = 12
"""Characters of a password at least."""
MOST = 1000
COMMON = Path(__file__).with_name("common_passwords.csv")
SHORT = 7
"""Other characters that must be left beside what everybody guesses."""
_LETTERS = str.maketrans("013457@$!|", "oieastasii")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "!@#$%^&*()", "йцукенгшщзхъфывапролджэячсмитьбю",
)  # fmt: skip


def checked(password: str, user: str = "") -> str:
    """A password that may be used.  Raises `BadUser` with what is wrong."""
    if len(password) < LEAST:
        raise BadUser("the password is too short", fix=f"use {LEAST} characters or more: a few words that mean nothing")
    if len(password) > MOST:
        raise BadUser("the password is too long", fix=f"use {MOST:,} characters at most")
    if weak(password, user):
        raise BadUser(
            "this password is among the first that somebody would try",
            fix="use a few words that do not belong together",
        )
    return password


def weak(password: str, user: str = "") -> bool:
    """Whether a password is common, a run, a repetition, or little more than what is known of the user."""
    plain = password.casefold()
    if repeated(plain) or run(plain):
        return True
    known = {*common(), "comity", *(w for w in re.split(r"\W+", user.casefold()) if len(w) > 2)}
    return any(left(form, known) < SHORT for form in (plain, plain.translate(_LETTERS)))


def left(text: str, known: set[str]) -> int:
    """Characters that remain of a text without known words, runs, repetitions, and figures and signs about them."""
    rest = text
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, " ")
    if rest == text:
        return len(text)
    pieces = [re.sub(r"^[\d\W_]+|[\d\W_]+$", "", p) for p in rest.split()]
    return sum(len(p) for p in pieces if not run(p) and len(set(p)) > 2)


def repeated(text: str) -> bool:
    """Whether a text is a piece of up to six characters again and again."""
    return any(text == (text[:n] * (len(text) // n + 1))[: len(text)] for n in range(1, min(7, len(text) // 2 + 1)))


def run(text: str) -> bool:
    """Whether a text follows the alphabet, the figures or the keys, forwards or backwards, from one run to another."""
    at = 0
    while at < len(text):
        longest = max(_follows(text, at, line) for line in _lines())
        if longest < 3:
            return False
        at += longest
    return bool(text)


def _follows(text: str, at: int, line: str) -> int:
    """How many characters from a place on stand so in a line."""
    best = 0
    for start in (n for n, c in enumerate(line) if c == text[at]):
        n = 0
        while at + n < len(text) and start + n < len(line) and text[at + n] == line[start + n]:
            n += 1
        best = max(best, n)
    return best


@cache
def _lines() -> tuple[str, ...]:
    return tuple(one for line in _RUNS for one in (line, line[::-1]))


@cache
def common() -> frozenset[str]:
    """Words that passwords are made of, in small letters."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(w for line in lines[1:] for w in line.split("|") if len(w) > 3)


def first() -> str:
    """A password for the first login: 96 random bits in groups that can be typed."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
