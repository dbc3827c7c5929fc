"""Dates of the text, resolved against the day the cable was sent."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.relate.dates import days_in

SENT = date(2009, 1, 26)  # a Monday


def days(text: str, *, past: bool = True) -> list[tuple[str, str | None]]:
    found = days_in(text, SENT, past=past)
    return [(day.first.isoformat(), day.until.isoformat() if day.until else None) for day in found]


@pytest.mark.parametrize(
    ("text", "first", "until"),
    [
        ("on January 22", "2009-01-22", None),
        ("JANUARY 22", "2009-01-22", None),
        ("on 22 January 2008", "2008-01-22", None),
        ("January 19-22", "2009-01-19", "2009-01-22"),
        ("December 28 to January 3", "2008-12-28", "2009-01-03"),
        ("Dec. 28", "2008-12-28", None),
        ("May 5, 2007", "2007-05-05", None),
        ("the week of January 12", "2009-01-12", "2009-01-18"),
        ("yesterday", "2009-01-25", None),
        ("tonight", "2009-01-26", None),
        ("last week", "2009-01-19", "2009-01-25"),
        ("last month", "2008-12-01", "2008-12-31"),
        ("on Friday", "2009-01-23", None),
        ("in November", "2008-11-01", "2008-11-30"),
        ("late November", "2008-11-21", "2008-11-30"),
    ],
)
def test_a_date_is_the_last_one_before_the_cable(text: str, first: str, until: str | None) -> None:
    assert days(text) == [(first, until)]


def test_what_is_to_come_is_the_nearest_date() -> None:
    assert days("on March 5", past=False) == [("2009-03-05", None)]
    assert days("on Friday", past=False) == [("2009-01-30", None)]


@pytest.mark.parametrize("text", ["February 30", "may be", "March on", "January 221", "in 2008", "the 5th Fleet"])
def test_what_is_no_date_gives_none(text: str) -> None:
    assert days(text) == []


def test_without_the_cable_s_date_only_full_dates_are_known() -> None:
    assert [day.first for day in days_in("on May 5, 2007, on May 6 and yesterday", None)] == [date(2007, 5, 5)]


@given(st.text(alphabet="January February 29 30 31 2008 week of-to, mid may", max_size=80), st.dates())
def test_no_text_raises_and_ranges_run_forward(text: str, sent: date) -> None:
    for day in days_in(text, sent):
        assert 0 <= day.start < day.end <= len(text)
        assert day.until is None or day.first < day.until
