"""Spellings of one word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.distance import distance
from reftel.resolve.spelling import folded, is_loose_slip, is_slip, sound


def test_a_folded_word_has_no_accents_signs_and_capitals() -> None:
    assert folded("Al-Qa’ida São") == "alqaidasao"


def test_romanisations_sound_alike() -> None:
    assert sound("qassem") == sound("kasim")


@pytest.mark.parametrize(
    ("one", "other"),
    [("suleimani", "soleymani"), ("karimov", "karimow"), ("akhunzada", "akhundzada"), ("erbil", "irbil")],
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert is_slip(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("petrov", "petrova"),
        ("mario", "maria"),
        ("khan", "khans"),
        ("ali", "aly"),
        ("hassan", "hussein"),
        ("su27", "su24"),
    ],
)
def test_two_words(one: str, other: str) -> None:
    assert not is_slip(one, other)


def test_a_loose_slip_is_one_sound_apart() -> None:
    assert is_loose_slip("akhunzada", "akunzda")
    assert not is_loose_slip("", "akunzda")


def test_neighbours_swapped_are_one_slip() -> None:
    assert distance("siniora", "sinoira", 2) == 1


def test_a_distance_past_the_limit_is_larger_than_it() -> None:
    assert distance("abcdef", "uvwxyz", 2) > 2


_WORDS = st.text("abdeghikmnoqrsuvyz", max_size=12)


@given(_WORDS, _WORDS)
def test_spellings_are_symmetric(one: str, other: str) -> None:
    assert is_slip(one, other) == is_slip(other, one)
