"""Kinds of references: what an entry without a cable's number is, and what in it could be taken for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.parse.reference_kinds import (
    BRACKET_FILL,
    is_plainly_no_cable,
    masked,
    reference_kind,
    without_brackets,
    year_of_date,
)

if TYPE_CHECKING:
    from reftel.model import ReferenceKind


def seen(text: str) -> str:
    """What is left of a text where the rest is blanked out."""
    return "".join(sign for sign in masked(text) if not "\ue000" <= sign <= "\ue002")


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("DOE-ROE EMAIL OF 5/12", "email"),
        ("LIMA-STATE SVTC MAY 9", "telephone"),
        ("LIMA A-123", "airgram"),
        ("IIR 6 902 9642 06", "report"),
        ("EMAIL REPORT", "email"),
        ("DIPLOMATIC NOTE 123/09", "letter"),
        ("7 FAM 180", "book"),
        ("SEPTEL", "cable"),
        ("Quito XXXXXXXXXXXX", "cable"),
        ("ROE 12/14/07", "other"),
        ("", "other"),
    ],
)
def test_the_first_kind_whose_words_an_entry_uses_is_its_kind(entry: str, kind: ReferenceKind) -> None:
    assert reference_kind(entry) == kind


def test_an_entry_stands_by_itself_where_it_has_kind_and_number() -> None:
    assert is_plainly_no_cable("ROE EMAIL OF 5/12")
    assert not is_plainly_no_cable("ROE EMAIL")
    assert not is_plainly_no_cable("QUITO 12")
    assert not is_plainly_no_cable("SECDEF MSG 12")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("QUITO 12 (BOGOTA 2004 SUMMIT)", "QUITO 12 "),
        ("QUITO 12 [A SUMMIT (A VISIT)]", "QUITO 12 "),
        ("QUITO 12 (08)", "QUITO 12 (08)"),
        ("(A) QUITO 12", "(A) QUITO 12"),
        ("(QUITO) 12", "(QUITO) 12"),
        ('QUITO 12 "SUMMIT OF 2004"', "QUITO 12 "),
        ("QUITO 12 5 MAY 2008", "QUITO 12 "),
        ("QUITO MAY 2008", "QUITO "),
        ("QUITO 12 DATED 5/12/06", "QUITO 12 DATED "),
        ("QUITO 12/13", "QUITO 12/13"),
        ("EMAIL OF 12/13", "EMAIL OF "),
        ("QUITO 12 TD-314/63777-05", "QUITO 12 "),
    ],
)
def test_brackets_dates_and_other_papers_numbers_are_blanked_out(text: str, left: str) -> None:
    assert seen(text) == left


@given(st.text(alphabet='QUITO 0128/-.,()[]"“”\nMAYé', max_size=80))
def test_blanking_out_keeps_every_offset(text: str) -> None:
    blanked = masked(text)
    assert len(blanked) == len(text)
    assert all(a == b or "\ue000" <= b <= "\ue002" for a, b in zip(text, blanked, strict=True))
    assert without_brackets(text).count(BRACKET_FILL) == blanked.count(BRACKET_FILL)


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("5/12/06", 6),
        ("051506Z DEC 08", 8),
        ("MAY 5, 2008", 8),
        ("05/DEC/2008", 8),
        ("FEB 1999", 99),
        ("2008-12-05", 8),
        ("MAY 5", None),
        ("QUITO 12", None),
    ],
)
def test_a_date_tells_its_year(date: str, year: int | None) -> None:
    assert year_of_date(date) == year
