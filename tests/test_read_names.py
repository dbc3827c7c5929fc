from __future__ import annotations

import pytest

from reftel.read.names import mrn_from_name, printable


@pytest.mark.parametrize(
    ("name", "mrn"),
    [
        ("09BAGHDAD197.html", "09BAGHDAD197"),
        ("1979STATE274491.txt", "79STATE274491"),
        ("some/folder/1975MATAMO00058.txt", "75MATAMO58"),
        ("cables.zip!inner/2004CARACA02200.txt", "04CARACA2200"),
        ("66BUENOSAIRES2481", "66BUENOSAIRES2481"),
        ("C:\\cables\\09PARIS12.txt", "09PARIS12"),
        ("09paris12.HTM", "09PARIS12"),
        ("09PARIS12.html.gz", "09PARIS12"),
    ],
)
def test_a_file_named_by_a_cables_number_claims_it(name: str, mrn: str) -> None:
    assert mrn_from_name(name) == mrn


@pytest.mark.parametrize(
    "name", ["cables.csv", "2010report3.txt", "standard input", "09.txt", "PARIS12", "09PARIS", "", "!"]
)
def test_any_other_name_claims_nothing(name: str) -> None:
    assert mrn_from_name(name) is None


def test_a_name_is_shown_on_one_line_that_any_terminal_can_print() -> None:
    assert printable("a\nb\x1b[31m\udcff\u2028.txt") == "a?b?[31m??.txt"
