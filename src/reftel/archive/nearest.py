"""Which cables of an archive a number that is in none of them may mean."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_WRITTEN = re.compile(r"(?:19|20)?(\d{2})\s*([A-Z][A-Z ]*?)\s*0*(\d{1,7})")
_LONGEST = 60  # characters; what is longer is no number
_OF_POST = 3  # numbers of the same year and post
_ALIKE = 0.6  # of their posts' letters


def normal_mrn(written: str) -> str:
    """A message reference number however it is typed ("2009 Baghdad 0197", "09-baghdad-197") as archives have it."""
    text = re.sub(r"[\s_-]+", " ", written[:_LONGEST].strip().upper())
    match = _WRITTEN.fullmatch(text)
    return f"{match[1]}{match[2].replace(' ', '')}{match[3]}" if match else text.replace(" ", "")


def nearest_mrns(connection: sqlite3.Connection, mrn: str, seen: str = "1") -> list[str]:
    """Up to five numbers of cables that are near to a number: of the same post, or of a post spelled like it.

    `seen` is a condition on `cables`.
    """
    match = _WRITTEN.fullmatch(normal_mrn(mrn))
    if not match:
        return []
    year, post, number = match.groups()
    same_post = connection.execute(
        f"SELECT DISTINCT mrn FROM cables WHERE mrn GLOB ? AND {seen}"  # noqa: S608  # our own condition
        " ORDER BY abs(CAST(substr(mrn, ?) AS INTEGER) - ?), mrn LIMIT ?",
        (f"{year}{post}[0-9]*", len(year + post) + 1, int(number), _OF_POST),
    )
    same_number = connection.execute(
        f"SELECT DISTINCT mrn FROM cables WHERE (mrn GLOB ? OR mrn GLOB ?) AND {seen} ORDER BY mrn LIMIT 1000",  # noqa: S608  # same
        (f"{year}[A-Z]*[A-Z]{number}", f"[0-9][0-9]{post}{number}"),
    )
    alike = [(SequenceMatcher(None, post, re.sub(r"\d", "", found)).ratio(), found) for (found,) in same_number]
    near = [found for likeness, found in sorted(alike, key=lambda each: (-each[0], each[1])) if likeness >= _ALIKE]
    return list(dict.fromkeys([*near[:2], *(found for (found,) in same_post), *near]))[:5]
