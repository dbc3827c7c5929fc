"""What is written over and beside a paragraph."""

from __future__ import annotations

from collections import Counter

import pytest

from reftel.model import Marking, Unit, UnitKind
from reftel.write.paragraphs import paragraph_id, portion_mark, titled


def titles(*units: Unit) -> list[str]:
    return [title for _, _, title in titled(units)]


@pytest.mark.parametrize("kind", ["summary", "comment", "note"])
def test_the_first_of_a_run_of_one_kind_has_its_kind_as_title(kind: UnitKind) -> None:
    assert titles(Unit("body", "One."), Unit(kind, "Two."), Unit(kind, "Three.")) == ["", kind.capitalize(), ""]


def test_a_heading_is_a_title_once() -> None:
    assert titles(Unit("heading", "Talks"), Unit("body", "One.", heading="Talks")) == ["Talks", ""]
    assert titles(Unit("body", "One.", heading="Talks"), Unit("body", "Two.", heading="Talks")) == ["Talks", ""]


@pytest.mark.parametrize("heading", [None, "SUMMARY AND COMMENT"])
def test_a_heading_that_says_what_follows_is_its_only_title(heading: str | None) -> None:
    units = Unit("heading", "SUMMARY AND COMMENT"), Unit("summary", "One.", heading=heading)
    assert titles(*units) == ["SUMMARY AND COMMENT", ""]


def test_units_of_the_card_are_left_out_and_the_others_keep_their_index() -> None:
    units = Unit("subject", "TALKS"), Unit("summary", "One."), Unit("classified_by", "Oda"), Unit("summary", "Two.")
    assert list(titled(units)) == [(1, units[1], "Summary"), (3, units[3], "")]


@pytest.mark.parametrize(
    ("marking", "short", "full"),
    [
        (None, "", ""),
        (Marking("SECRET"), "(S)", "(S)"),
        (Marking("SECRET", ("NOFORN",)), "(S/NF)", "(S/NOFORN)"),
        (Marking("LIMITED OFFICIAL USE"), "(LOU)", "(LOU)"),
        (Marking("UNCLASSIFIED", ("SBU", "NOFORN")), "(SBU/NF)", "(SBU/NOFORN)"),
    ],
)
def test_a_portion_mark_is_short_or_has_its_captions_in_full(marking: Marking | None, short: str, full: str) -> None:
    assert (portion_mark(marking), portion_mark(marking, in_full=True)) == (short, full)


def test_paragraphs_with_one_number_have_different_ids() -> None:
    used: Counter[str] = Counter()
    assert [paragraph_id(number, used) for number in (3, 4, 3)] == ["par3", "par4", "par3-2"]
