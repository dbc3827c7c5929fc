"""Dates as a reader writes them: a year, a month or a day."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WRITTEN = re.compile(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*", re.ASCII)


def day_range(written: str) -> tuple[date, date] | None:
    """The first day and the day after the last ("2009-02" is 1 February to 1 March), None where it is no date."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
        if day is not None:
            return first, first + timedelta(days=1)
        return first, date(first.year, first.month + 1, 1) if month and month < 12 else date(first.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
