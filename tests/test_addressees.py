"""Addressees: the entries of TO, INFO and XMT lists, taken apart as drafters and message software wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Addressee, Precedence, Repair
from reftel.parse.addressees import (
    can_be_addressee,
    has_route,
    is_cut,
    looks_like_addressee,
    parse_addressees,
)


def one(*lines: str) -> Addressee:
    (addressee,) = parse_addressees(lines).addressees
    return addressee


def names(*lines: str) -> list[str]:
    return [addressee.name for addressee in parse_addressees(lines).addressees]


@pytest.mark.parametrize(
    ("line", "addressee"),
    [
        ("SECSTATE WASHDC", Addressee("SECSTATE WASHDC")),
        ("RUEHC/SECSTATE WASHDC PRIORITY 1402", Addressee("SECSTATE WASHDC", "RUEHC", "PRIORITY", "1402")),
        ("RUEHC / RUEHXX/SECSTATE WASHDC", Addressee("SECSTATE WASHDC", "RUEHC RUEHXX")),
        ("ZEN/AMEMBASSY RIGA #0612-0615", Addressee("AMEMBASSY RIGA", "ZEN", None, "0612-0615")),
        ("PRIORITY USMISSION GENEVA 12", Addressee("USMISSION GENEVA", None, "PRIORITY", "12")),
        ("CIA WASHINGTON DC 0001//NHTC// 0002", Addressee("CIA WASHINGTON DC", None, None, "0002", ("NHTC",))),
        ("DIA WASHINGTON DC//DHI/CLM//DP//", Addressee("DIA WASHINGTON DC", offices=("DHI/CLM", "DP"))),
        ("AMEMBASSY DAR ES SALAAM UNN", Addressee("AMEMBASSY DAR ES SALAAM")),
        ("AMEMBASSY LOME (BY POUCH)", Addressee("AMEMBASSY LOME")),
        ("CTF 150", Addressee("CTF 150")),
        ("CTF 150 0042", Addressee("CTF 150", mcn="0042")),
    ],
)
def test_an_entry_gives_route_name_precedence_number_and_offices(line: str, addressee: Addressee) -> None:
    assert one(line) == addressee


@pytest.mark.parametrize(
    ("words", "precedence"),
    [
        ("FLASH", "FLASH"),
        ("IMMED", "IMMEDIATE"),
        ("NIACT IMMEDIATE", "NIACT IMMEDIATE"),
        ("IMMEDIATE NIACT", "NIACT IMMEDIATE"),
        ("PRIORITY ROUTINE", "ROUTINE"),
    ],
)
def test_niact_wins_and_else_the_last_word_is_the_precedence(words: str, precedence: Precedence) -> None:
    assert one(f"AMEMBASSY ROME {words}").precedence == precedence


def test_a_precedence_behind_the_offices_counts_before_one_in_front() -> None:
    assert one("JOINT STAFF WASHINGTON DC ROUTINE//J5/J3// PRIORITY").precedence == "PRIORITY"


def test_a_misspelt_precedence_is_mended_and_recorded() -> None:
    found = parse_addressees(["AMEMBASSY NEW DELHI PIORITY", "AMEMBASSY ROME IMMEDAITE"])
    assert [addressee.precedence for addressee in found.addressees] == ["PRIORITY", "IMMEDIATE"]
    assert found.repairs == (
        Repair("label", None, None, "PIORITY", "PRIORITY"),
        Repair("label", None, None, "IMMEDAITE", "IMMEDIATE"),
    )


def test_several_addressees_on_a_line_are_told_apart() -> None:
    assert names("AMCONSUL DURBAN, AMEMBASSY ROME; USMISSION GENEVA AMEMBASSY BONN") == [
        "AMCONSUL DURBAN",
        "AMEMBASSY ROME",
        "USMISSION GENEVA",
        "AMEMBASSY BONN",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("RUEHXX/ORGANIZATION FOR SECURITY AND", "COOPERATION COLLECTIVE", "PRIORITY 0042"),
        ("RUEHXX/ORGANIZATION FOR SECURITY AND COOPERATION", "COLLECTIVE PRIORITY", "0042"),
    ],
)
def test_a_wrapped_entry_is_put_together(lines: tuple[str, ...]) -> None:
    assert one(*lines) == Addressee(
        "ORGANIZATION FOR SECURITY AND COOPERATION COLLECTIVE", "RUEHXX", "PRIORITY", "0042"
    )


def test_an_entry_with_a_routing_indicator_is_never_a_wrap() -> None:
    assert names("RUEHXX/COMMANDER OF THE", "RUEHC/SECSTATE WASHDC") == ["COMMANDER OF THE", "SECSTATE WASHDC"]


def test_an_entry_without_a_name_is_left_out() -> None:
    assert names("", "0042", "PRIORITY", "//", "AMEMBASSY ROME") == ["AMEMBASSY ROME"]
    assert names() == []


@pytest.mark.parametrize(
    ("line", "in_list", "below_a_gap"),
    [
        ("RUEHC/SECSTATE WASHDC", True, True),
        ("AMEMBASSY ROME", True, True),
        ("IRAQ COLLECTIVE", True, True),
        ("SOME COMMAND", True, False),
        ("RUEHXX/AMEMB...", True, True),
        ("xx...", True, False),
        ("The minister told us so", False, False),
        ("ROME PLEASE PASS TO MILAN", False, False),
        ("ORGANIZATION FOR SECURITY", True, False),
        ("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN", False, False),
    ],
)
def test_a_line_of_a_list_can_be_an_addressee(line: str, in_list: bool, below_a_gap: bool) -> None:
    assert can_be_addressee(line, after_gap=False) is in_list
    assert can_be_addressee(line, after_gap=True) is below_a_gap


def test_the_look_of_a_line_is_told() -> None:
    assert looks_like_addressee("USMISSION GENEVA")
    assert not looks_like_addressee("THE SECRETARY FROM THE AMBASSADOR")
    assert has_route(" RUEHC/SECSTATE WASHDC")
    assert not has_route("RUEHC/")
    assert is_cut("RUEHXX/AMEMB...")
    assert not is_cut("RUEHXX/AMEMBASSY ROME")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(["RUEHC/", "//", "PRIORITY", "AMEMBASSY ROME", "0042", ",", "J5/J3// ", "NIACT", "OF"]),
        )
    )
)
def test_no_lines_raise_and_every_addressee_has_a_name(lines: list[str]) -> None:
    for addressee in parse_addressees(lines).addressees:
        assert any(sign.isalpha() for sign in addressee.name)
