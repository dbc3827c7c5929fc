"""Cable numbers: a text's cables come out with year, post and number, and with the place where they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.parse.cable_numbers import (
    CableNumber,
    OwnCable,
    find_cable_numbers,
    mrn_of,
    names_a_cable,
    own_cable,
)

LIMA = OwnCable(2009, "LIMA", 500)


def mrns(text: str, own: OwnCable = LIMA, post: str | None = None) -> list[str | None]:
    return [mrn_of(cable, own) for cable in find_cable_numbers(text, own, post=post)]


def written(text: str) -> list[str]:
    return [text[cable.start : cable.end] for cable in find_cable_numbers(text, LIMA)]


def test_a_cable_has_place_post_number_and_the_year_that_is_written() -> None:
    assert find_cable_numbers("Both 08 QUITO 00841 and Bogota 12 say so", LIMA) == (
        CableNumber(5, 19, "QUITO", 841, 8),
        CableNumber(24, 33, "BOGOTA", 12),
    )


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("as in Quito 841, the talks of May 5, 2008 failed", ["Quito 841"]),
        ("'08 QUITO 841 (NOTAL)", ["'08 QUITO 841"]),
        ("QUITO 08-841", ["QUITO 08-841"]),
        ("QUITO 841 (08)", ["QUITO 841"]),
        ("QUITO 2799 AND 2764", ["QUITO 2799", "2764"]),
        ("377 QUITO", ["377 QUITO"]),
        ("RIO \nDE JANEIRO 1291", ["RIO \nDE JANEIRO 1291"]),
    ],
)
def test_the_place_runs_from_year_or_post_to_the_end_of_the_number(text: str, stretches: list[str]) -> None:
    assert written(text) == stretches


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("PARIS 9 08 ROME 5", ["09PARIS9", "08ROME5"]),
        ("PARIS 9 08\nROME 5", ["08PARIS9", "09ROME5"]),
        ("PARIS 9 08 ROME 5 07", ["08PARIS9", "07ROME5"]),
        ("PARIS 9\n08 ROME 5 07", ["09PARIS9", "08ROME5"]),
    ],
)
def test_a_year_between_two_cables_is_given_to_the_right_one(text: str, meant: list[str]) -> None:
    assert mrns(text) == meant


def test_a_number_after_the_cables_own_year_is_no_year() -> None:
    assert mrns("QUITO 841-08") == ["08QUITO841"]
    assert mrns("QUITO 841-11") == ["09QUITO841"]
    assert mrns("QUITO 841-11", OwnCable(2012)) == ["11QUITO841"]


def test_a_number_alone_is_a_cables_only_where_a_post_is_given() -> None:
    assert mrns("462") == []
    assert mrns("462", post="LIMA") == ["09LIMA462"]
    assert mrns("08 462", post="LIMA") == ["08LIMA462"]


def test_a_post_that_the_tables_do_not_know_counts_in_capitals_between_separators() -> None:
    assert mrns("NEW SPRINGFIELD 12, QUITO 3") == ["09NEWSPRINGFIELD12", "09QUITO3"]
    assert mrns("New Springfield 12") == []
    assert mrns("SEE THE REPORT 12") == []


@pytest.mark.parametrize("text", ["", "IIR 6 902 9642 06", "TD-314/63777-05", "MAY 5, 2008", "(QUITO 12)", "12 MEN"])
def test_brackets_dates_and_other_numbers_are_no_cables(text: str) -> None:
    assert mrns(f"x {text}") == []


def test_the_own_cable_is_told_by_its_number_or_else_its_date() -> None:
    assert own_cable("09LIMA500", None) == LIMA
    assert own_cable("1975BONN00621", None) == OwnCable(1975, "BONN", 621)
    assert own_cable("no number", datetime(2007, 5, 1, tzinfo=UTC)) == OwnCable(2007)
    assert own_cable(None, None) == OwnCable()


def test_an_mrn_needs_a_year_written_or_known() -> None:
    assert mrns("QUITO 841", OwnCable()) == [None]
    assert mrns("08 QUITO 841", OwnCable()) == ["08QUITO841"]


def test_a_number_that_the_own_post_had_not_reached_is_of_the_year_before() -> None:
    assert mrns("LIMA 551; LIMA 550; QUITO 551; 09 LIMA 551") == ["08LIMA551", "09LIMA550", "09QUITO551", "09LIMA551"]
    assert mrns("LIMA 551", OwnCable(2000, "LIMA", 500)) == ["99LIMA551"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("QUITO 12", True),
        ("08 QUITO 12", True),
        ("SAID IN QUITO 12", True),
        ("SPRINGFIELD 12", False),
        ("QUITO", False),
        ("12", False),
    ],
)
def test_post_and_number_ahead_are_told(text: str, is_one: bool) -> None:
    assert names_a_cable(f"A. {text}", 2) is is_one


_WORDS = "08 2008 '08 O8 208 12345 00639 QUITO BOGOTA RIO DE JANEIRO AND TOSEC NO. / - ( ) , ; # \" MAY ٣ ſ"
_PIECES = st.sampled_from([*_WORDS.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map(" ".join), st.lists(_PIECES).map("".join)))
def test_any_text_is_read_and_its_cables_stand_in_order(text: str) -> None:
    end = 0
    for cable in find_cable_numbers(text, LIMA, post="LIMA"):
        assert end <= cable.start < cable.end <= len(text)
        assert cable.post
        assert 0 < cable.number < 1_000_000
        assert cable.year is None or 0 <= cable.year < 100
        end = cable.end


@pytest.mark.parametrize("piece", ["QUITO 1 ", "QUITO ", "1 ", "1", "O", "NO. ", "'", "(08) ", "x-", "X 1 AND "])
def test_a_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    assert isinstance(find_cable_numbers(piece * (60_000 // len(piece)), LIMA, post="LIMA"), tuple)
