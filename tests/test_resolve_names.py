"""Names of persons: their parts, and whether two can be one person's. The persons are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.resolve.names import compatible, fits_surname, parse_name, similarity


def test_a_name_has_a_given_name_particles_and_a_surname() -> None:
    name = parse_name("Hamid bin Jasim Al Thaqafi")
    assert (name.given, name.middle, name.particles, name.surname) == ("Hamid", ("Jasim",), ("bin", "Al"), "Thaqafi")
    assert name.keys == ("hamid", "jasim", "thaqafi")


def test_a_suffix_and_a_possessive_are_no_parts() -> None:
    assert parse_name("Robert Ostrov, Jr.").suffix == "Jr"
    assert parse_name("Ostrov's").keys == ("ostrov",)


def test_a_surname_before_a_comma_is_turned_round() -> None:
    assert parse_name("OSTROV, ROBERT").keys == ("robert", "ostrov")


@pytest.mark.parametrize("written", ["Abd al-Rahman Karimi", "Abdul Rahman Karimi", "Abdurrahman Karimi"])
def test_servant_of_names_are_one_part_in_one_spelling(written: str) -> None:
    assert parse_name(written).keys == ("abdulrahman", "karimi")


def test_a_royal_title_in_front_is_no_part_but_a_given_name_is() -> None:
    assert parse_name("Sultan Jamshid").keys == ("jamshid",)
    assert parse_name("Sultan bin Jamshid").keys == ("sultan", "jamshid")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Karimi", "Rustam al-Karimi"),
        ("R. Karimi", "Rustam Karimi"),
        ("Rustam Karimi", "Rustam Anvar Karimi"),
        ("Karlo Vargas", "Karlo Vargas Mendoza"),
        ("Vargas", "Karlo Vargas Mendoza"),
        ("Vargas Mendoza", "Karlo Luis Vargas Mendoza"),
        ("Qasem Suleimani", "Qassim Soleymani"),
        ("Sher Muhammed Akhunzada", "Sher Mohammid Akunzda"),
        ("Ahmadi Nezhad", "Rustam Ahmadinezhad"),
        ("Greg Ostrov", "Gregory Ostrov"),
        ("RUSTAM KARIMI", "Rustam Karimi"),
    ],
)
def test_names_that_one_person_can_have(one: str, other: str) -> None:
    assert compatible(parse_name(one), parse_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali Karimi", "Rustam Karimi"),
        ("Petrov", "Petrova"),
        ("Maria Ostrov", "Mario Ostrov"),
        ("Anna W. Ostrov", "Anna H. W. Ostrov"),
        ("Kim Jong-il", "Kim Jong-nam"),
        ("Hassan Karimi", "Hussein Karimi"),
        ("Junin 10", "Junin 11"),
        ("Willem H. Ostrov", "Willem Haynes"),
        ("Anna Ostrov II", "Anna Ostrov III"),
    ],
)
def test_names_of_two_persons(one: str, other: str) -> None:
    assert not compatible(parse_name(one), parse_name(other))


def test_a_surname_agrees_more_than_a_given_name() -> None:
    full = parse_name("Rustam Anvar Karimi")
    weights = [similarity(parse_name(part), full) for part in ("Karimi", "Anvar", "Rustam")]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_a_surname_that_stands_first_agrees_like_a_surname() -> None:
    assert parse_name("Hu Liangmin").is_family_first
    assert similarity(parse_name("Hu"), parse_name("Hu Liangmin")) > 0.9


def test_a_part_fits_a_surname_in_any_spelling() -> None:
    assert fits_surname("soleimani", parse_name("Qasem Suleimani"))
    assert not fits_surname("qasem", parse_name("Qasem Suleimani"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_is_symmetric_and_between_nothing_and_one(one: str, other: str) -> None:
    a, b = parse_name(one), parse_name(other)
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1


@given(st.text(max_size=60))
def test_a_name_agrees_with_itself(written: str) -> None:
    name = parse_name(written)
    assert similarity(name, name) == (1 if name.keys and (name.is_full or len(name.keys[0]) > 0) else 0)
