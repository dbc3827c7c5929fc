"""The signature and the tail. The names are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.parse.noise import find_noise
from reftel.parse.signature import Signature, find_signature

BODY = "¶1. (C) The Minister said that talks would resume in the spring of next year, and left.\n"
SITE = "Please visit Embassy Oslo's Classified Website at:\nhttp://www.state.sgov.gov/p/eur/oslo\n"


def found(text: str) -> Signature:
    signature = find_signature(text, 0, len(text), find_noise(text, 0, len(text)))
    if signature.written is not None and "\n" not in text[signature.start : signature.end]:
        assert signature.written in text[signature.start : signature.end]
    return signature


def written(end: str) -> str | None:
    return found(BODY + end).written


@pytest.mark.parametrize(
    "name",
    ["HOLT", "Holt", "O'HARA", "O’Hara", "HOLT-VALE", "McHolt", "McHOLT", "HOLT JR", "VAN HOLT", "DeHolt", "DeHOLT"],
)
@pytest.mark.parametrize(
    "end", ["{}", "{}\n", "\n{}\n\n", " {} \n \n", "{}\n\nNNNN\n", "{}##\n", "{} GP-3\n", "{}\nBT\n"]
)
def test_a_surname_alone_on_the_last_line(name: str, end: str) -> None:
    assert written(end.format(name)) == name


@pytest.mark.parametrize("end", ["holt\n", "\nholt\n\nNNNN\n"])
def test_a_surname_in_small_letters_after_the_end_of_a_sentence(end: str) -> None:
    assert written(end) == "holt"


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("The police left.", " HOLT"),
        ('They called it "over."', " HOLT\n"),
        ("He left (in May).", " HOLT##\n"),
        ("END COMMENT", " HOLT\n"),
        ("End text.", " HOLT\n"),
        ("He left.", "  .HOLT\n"),
        ("He left.", " GP-3 HOLT\n"),
        ("What comes next?", " HOLT\n"),
        ("The police left.", " HOLT \n \n------\n"),
    ],
)
def test_a_surname_at_the_end_of_the_last_text_line(last: str, end: str) -> None:
    text = BODY + last + end
    signature = found(text)
    assert (signature.written, text[: signature.tail_start]) == ("HOLT", BODY + last)


@pytest.mark.parametrize(
    ("end", "signature"),
    [
        ("HOLT\nVALE\n", "HOLT\nVALE"),
        ("HOLT VALE\n", "HOLT VALE"),
        ("He left. HOLT VALE\n", "HOLT VALE"),
    ],
)
def test_two_officers_are_one_signature(end: str, signature: str) -> None:
    text = BODY + end
    place = found(text)
    assert place.written is not None
    assert text[place.start : place.end] == signature


@pytest.mark.parametrize("end", ["HOLT\nHOLT\n", "HOLT HOLT\n", "He left. HOLT HOLT\n", "Holt\nHOLT\n"])
def test_a_name_written_twice_is_one(end: str) -> None:
    assert (written(end) or "").upper() == "HOLT"


@pytest.mark.parametrize(
    "tail",
    [
        SITE,
        "CONFIDENTIAL\n",
        "CONFIDENTIAL\n\nNNNN\n",
        "End Cable Text\n",
        "2009-01-25\n",
        "//END//\n",
        "NOTE BY OC/T: (#) TEXT AS RECEIVED.\n",
        "T ONE ORDERED RELEASED ON...\n",
        "=======================CABLE ENDS============================\n",
        "Declassified/Released US Department of State EO Systematic Review 20 MAR 2014\n",
    ],
)
def test_what_follows_the_signature_is_tail(tail: str) -> None:
    text = f"{BODY}\nHOLT\n\n{tail}"
    signature = found(text)
    assert signature.written == "HOLT"
    assert text[: signature.tail_start].strip() == BODY.strip()


def test_an_address_between_text_and_name_is_tail() -> None:
    text = f"{BODY}\n{SITE}\nHOLT\n"
    signature = found(text)
    assert (signature.written, text[: signature.tail_start].strip()) == ("HOLT", BODY.strip())


@pytest.mark.parametrize("gap", ["", "\n", " \n \n"])
def test_a_redacted_signature_is_none_and_no_text(gap: str) -> None:
    text = f"{BODY}{gap}XXXXXXXXXXXX\n"
    signature = found(text)
    assert (signature.written, text[: signature.tail_start].strip()) == (None, BODY.strip())
    assert text[signature.start : signature.end] == "XXXXXXXXXXXX"


@pytest.mark.parametrize(
    "end",
    [
        "This cable was cleared by Embassy Oslo.\n",
        "The guests were:\n\n-- Ada Vale\n-- Max Rowan\n-- David J. Holt\n",
        "The guest was David J. Holt",
        "The guest was Mr. Holt\n",
        "Countries:\nNorway\nSweden\nDenmark\n",
        "END TEXT\n",
        "END COMMENT.\n",
        "COMMENT\n",
        "CONFIDENTIAL\n",
        "NNNN\n",
        "(b) Holt\n",
        "- HOLT\n",
        "The name of the ship that left the harbor on Monday in spite of the storm was\nHolt\n",
    ],
)
def test_headings_items_and_ends_of_sentences_are_no_signature(end: str) -> None:
    assert written(end) is None


def test_a_cable_that_is_only_a_name_is_not_signed() -> None:
    assert found("HOLT").written is None


def test_an_unsigned_cable_ends_with_its_text() -> None:
    assert found(BODY) == Signature(None, len(BODY), len(BODY), len(BODY))
    assert found("") == Signature(None, 0, 0, 0)


def test_a_page_line_between_text_and_name_is_passed_over() -> None:
    assert written("\n\nOSLO 00000012  002 OF 002\n\n\nHOLT\n") == "HOLT"


NAMES = ("HOLT", "Holt", "holt", "xxxxxxxxxxxx", "The end of it.", "Visit Oslo's web site:\n", "https://a.sgov.gov/")
AROUND = ("\n", "\n\n", ". ", " ", "##", "NNNN\n", "END TEXT", "- ", "¶", "...", "CONFIDENTIAL\n")
PIECES = st.sampled_from([*NAMES, *AROUND, "OSLO 00000012  002 OF 002\n"])


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(0, 9), st.integers(0, 9))
def test_any_text_gives_places_within_it(text: str, low: int, high: int) -> None:
    start = min(low, len(text))
    end = max(start, len(text) - high)
    signature = find_signature(text, start, end, find_noise(text, start, end))
    assert start <= signature.tail_start <= end
    assert signature.start <= signature.end <= end
    if signature.written is not None:
        assert start <= signature.tail_start <= signature.start


@pytest.mark.parametrize(
    "part", ["A", "HOLT\n", "HOLT ", "x", "\n", "http://a.gov ", "a. HOLT\n", ".", "Visit ", "END TEXT "]
)
def test_a_megabyte_of_one_thing_takes_a_moment(part: str) -> None:
    text = part * (1_000_000 // len(part))
    began = time.process_time()
    find_signature(text, 0, len(text))
    assert time.process_time() - began < 0.5
