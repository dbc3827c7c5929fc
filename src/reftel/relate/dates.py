"""Dates of the text, resolved against the day the cable was sent."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from reftel import tables

_LATEST_AFTER = 3  # days that a thing told as past may lie after the cable's date: posts east of Washington
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """A day or a range of days that stands at half-open offsets of a text; `until` is the last day of a range."""

    start: int
    end: int
    first: date
    until: date | None = None


def days_in(text: str, sent: date | None, *, past: bool = True) -> list[Day]:
    """The dates in a text, in order; `past` says that a date without a year is the last one, else the nearest.

    Dates without a year, and weekdays, are left out where `sent` is None.
    """
    found = [_read(match, sent, past=past) for match in _pattern().finditer(text)]
    return [each for each in found if each]


@cache
def _words(kind: str) -> dict[str, int]:
    return {row["word"]: int(row["value"]) for row in tables.rows("date_words.csv") if row["kind"] == kind}


@cache
def _pattern() -> re.Pattern[str]:
    months, weekdays, parts = (_choice(kind) for kind in ("month", "weekday", "part"))
    relative = "|".join(_choice(kind) for kind in ("day", "week", "months"))
    day = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d:%])"
    span = rf"(?:\s?(?:-|–|to|through)\s?(?:(?P<month2>{months})\s)?(?P<last>{day}))?"
    year = r"(?:,?\s(?P<year>(?:19|20)\d\d)(?!\d))?"
    return re.compile(
        rf"""\b(?:
        (?P<week_of>(?:the\s)?week\sof\s)?(?P<month>{months})\s(?P<day>{day}){span}{year}
      | (?P<day_first>{day})(?:\s?-\s?(?P<last_first>{day}))?\s(?P<month_after>{months})\b
        (?:,?\s(?P<year_after>(?:19|20)\d\d))?
      | (?:(?P<part>{parts})[\s-]|(?:in|last|since)\s)(?P<whole>{months})\b(?!\s\d\d?\b)
        (?:,?\s(?P<year_whole>(?:19|20)\d\d))?
      | (?P<relative>{relative})
      | (?P<weekday>{weekdays})(?!,?\s(?:{months})\b)
        )(?![\w])""",
        re.VERBOSE | re.IGNORECASE,
    )


def _choice(kind: str) -> str:
    return "|".join(sorted((re.escape(word).replace("\\ ", r"\s") for word in _words(kind)), key=len, reverse=True))


def _read(match: re.Match[str], sent: date | None, *, past: bool) -> Day | None:
    try:
        span = _span(match, sent, past=past)
    except (ValueError, OverflowError):  # 30 February, or a day before the year 1
        return None
    if not span:
        return None
    first, until = span
    return Day(match.start(), match.end(), first, until if until and until > first else None)


def _span(match: re.Match[str], sent: date | None, *, past: bool) -> tuple[date, date | None] | None:
    if match["month"]:
        return _of_month(match, sent, past=past)
    if match["month_after"]:
        month, year = _month(match["month_after"]), match["year_after"]
        first = _dated(_number(match["day_first"]), month, year, sent, past=past)
        last = match["last_first"]
        return (first, first.replace(day=_number(last)) if last else None) if first else None
    if match["whole"]:
        return _whole_month(match, sent, past=past)
    if sent is None:
        return None
    return _weekday(match["weekday"], sent, past=past) if match["weekday"] else _relative(match["relative"], sent)


def _of_month(match: re.Match[str], sent: date | None, *, past: bool) -> tuple[date, date | None] | None:
    first = _dated(_number(match["day"]), _month(match["month"]), match["year"], sent, past=past)
    if not first:
        return None
    if match["week_of"]:
        return first, first + timedelta(days=_WEEK - 1)
    if not match["last"]:
        return first, None
    month = _month(match["month2"]) if match["month2"] else first.month
    return first, date(first.year + (month < first.month), month, _number(match["last"]))


def _dated(day: int, month: int, year: str | None, sent: date | None, *, past: bool) -> date | None:
    """The day of that month in the year given, else in the year that fits the cable's date."""
    if year:
        return date(int(year), month, day)
    if sent is None:
        return None
    years = [each for each in (sent.year - 1, sent.year, sent.year + 1) if day <= monthrange(each, month)[1]]
    days = [date(each, month, day) for each in years]
    if past:
        days = [each for each in days if each <= sent + timedelta(days=_LATEST_AFTER)]
    return min(days, key=lambda each: abs(each - sent), default=None)


def _whole_month(match: re.Match[str], sent: date | None, *, past: bool) -> tuple[date, date | None] | None:
    first = _dated(1, _month(match["whole"]), match["year_whole"], sent, past=past)
    if not first:
        return None
    last = monthrange(first.year, first.month)[1]
    begin, end = {1: (1, 10), 2: (11, 20), 3: (21, last)}.get(
        _words("part").get((match["part"] or "").lower(), 0), (1, last)
    )
    return first.replace(day=begin), first.replace(day=end)


def _weekday(word: str, sent: date, *, past: bool) -> tuple[date, None]:
    """The last such weekday up to the cable's date, or, for what is to come, the next one."""
    ahead = (_words("weekday")[word.lower()] - sent.weekday()) % _WEEK
    return sent + timedelta(days=ahead - (_WEEK if past and ahead else 0)), None


def _relative(written: str, sent: date) -> tuple[date, date | None]:
    word = " ".join(written.lower().split())
    if word in _words("day"):
        return sent + timedelta(days=_words("day")[word]), None
    if word in _words("week"):
        monday = sent - timedelta(days=sent.weekday()) + timedelta(days=_WEEK * _words("week")[word])
        return monday, monday + timedelta(days=_WEEK - 1)
    months = sent.year * 12 + sent.month - 1 + _words("months")[word]
    first = date(months // 12, months % 12 + 1, 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _month(word: str) -> int:
    return _words("month")[word.lower()]


def _number(written: str) -> int:
    return int("".join(sign for sign in written if sign.isdigit()))
