"""Calendar arithmetic on TIMEX3 values: which days a value covers, and the value of a shifted day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from comity.model import Precision

Interval = tuple[date, date, Precision]

DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?$")
MONTH: Final = re.compile(r"(\d{4})-(\d\d)$")
WEEK: Final = re.compile(r"(\d{4})-W(\d\d)(-WE)?$")
PART: Final = re.compile(r"(\d{4})-(?:Q([1-4])|H([12])|(SP|SU|FA|WI))$")
YEARS: Final = re.compile(r"\d{2,4}$")
FIRST_YEAR, LAST_YEAR = 100, 9800  # room on both sides for counting on
SEASON_MONTHS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def interval(value: str) -> Interval | None:
    """First day, last day and precision of a TIMEX3 value; None if it names no days."""
    try:
        return _interval(value)
    except (ValueError, OverflowError):
        return None


def _interval(value: str) -> Interval | None:
    if match := DAY.match(value):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day, day, "day"
    if match := MONTH.match(value):
        return *months(int(match[1]), int(match[2]), 1), "month"
    if match := WEEK.match(value):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday + timedelta(days=5 if match[3] else 0), monday + timedelta(days=6), "week"
    if match := PART.match(value):
        year = int(match[1])
        if match[2]:
            return *months(year, int(match[2]) * 3 - 2, 3), "season"
        if match[3]:
            return *months(year, int(match[3]) * 6 - 5, 6), "season"
        return *months(year, SEASON_MONTHS[match[4]], 3), "season"
    if YEARS.match(value):
        return _years(value)
    return None


def _years(value: str) -> Interval:
    if len(value) == 4:
        return date(int(value), 1, 1), date(int(value), 12, 31), "year"
    if len(value) == 3:
        return date(int(value) * 10, 1, 1), date(int(value) * 10 + 9, 12, 31), "decade"
    first = int(value) * 100 + 1
    return date(first, 1, 1), date(first + 99, 12, 31), "century"


def months(year: int, month: int, count: int) -> tuple[date, date]:
    """First and last day of ``count`` months from the given one."""
    last = month + count - 2
    last_year, last_month = year + last // 12, last % 12 + 1
    return date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])


def day_value(day: date) -> str:
    """2021-12-15."""
    return day.isoformat()


def week_value(day: date) -> str:
    """2021-W50."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def month_value(day: date) -> str:
    """2021-12."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_value(day: date) -> str:
    """2021-Q4."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def unit_value(day: date, unit: str) -> str:
    """The value, as coarse as the unit, of the time in which a day lies."""
    if unit == "D":
        return day_value(day)
    if unit in {"W", "2W"}:
        return week_value(day)
    if unit == "WE":
        return week_value(day) + "-WE"
    if unit == "M":
        return month_value(day)
    if unit == "3M":
        return quarter_value(day)
    if unit == "6M":
        return f"{day.year:04d}-H{1 if day.month < 7 else 2}"
    if unit == "DE":
        return f"{day.year // 10:03d}"
    if unit == "CE":
        return f"{(day.year - 1) // 100:02d}"
    return f"{day.year:04d}"


def shift(day: date, unit: str, count: float) -> date | None:
    """The day ``count`` units later (earlier if negative); None outside the calendar."""
    try:
        if unit in {"D", "W", "2W", "WE"}:
            days = {"D": 1, "W": 7, "2W": 14, "WE": 7}[unit]
            return day + timedelta(days=round(days * count))
        if unit in {"TH", "TM", "TS"}:
            hours = {"TH": 1.0, "TM": 1 / 60, "TS": 1 / 3600}[unit] * count
            return day + timedelta(days=round(hours / 24))
        step = {"M": 1, "3M": 3, "6M": 6, "Y": 12, "DE": 120, "CE": 1200, "ML": 12000}[unit]
        total = day.year * 12 + day.month - 1 + round(step * count)
        year, month = divmod(total, 12)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError, KeyError):
        return None


def easter(year: int) -> date:
    """Western Easter Sunday (the anonymous Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holiday(rule: str, year: int) -> date | None:
    """The day of a holiday in a year, by a rule of the table; None if only the year is known."""
    word, *rest = rule.split()
    if word == "easter":
        return easter(year) + timedelta(days=int(rest[0]))
    if word in {"nth", "after"}:
        month, weekday = int(rest[0]), int(rest[1])
        nth, _, plus = rest[2].partition("+")
        found = nth_weekday(year, month, weekday, int(nth))
        extra = int(plus) if plus else 0
        return found + timedelta(days=extra + (1 if word == "after" else 0))
    if word == "year":
        return None
    month, day = (int(part) for part in word.split("-"))
    return date(year, month, day)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (1) ... Sunday (7) of a month; -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta(days=(last.isoweekday() - weekday) % 7)
