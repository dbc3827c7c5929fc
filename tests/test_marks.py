"""Redactions and names to be protected."""

from __future__ import annotations

from reftel.model import Mention, Unit
from reftel.parse.marks import find_protected, find_redactions


def found(text: str) -> list[str]:
    return [text[s.start : s.end] for s in find_protected([Unit("body", text)])]


def redacted(text: str) -> list[str]:
    return [text[s.start : s.end] for s in find_redactions([Unit("body", text)])]


def test_twelve_x_are_a_redaction_also_glued_to_a_word() -> None:
    assert redacted("the businessmanXXXXXXXXXXXX met xxxxxxxxxxxx.") == ["XXXXXXXXXXXX", "xxxxxxxxxxxx"]


def test_a_note_in_square_brackets_is_a_redaction() -> None:
    assert redacted("[Source removed] outlined [DETAILS REMOVED] it.") == ["[Source removed]", "[DETAILS REMOVED]"]


def test_a_bracket_of_the_author_is_no_redaction() -> None:
    assert redacted("He [the source] said [sic] so.") == []


def test_a_name_before_the_mark_is_protected() -> None:
    assert found("Country Manager Omar Quill (strictly protect) called.") == ["Country Manager Omar Quill"]


def test_a_protected_name_is_protected_wherever_its_surname_stands() -> None:
    text = "Shell adviser, Ann Pickering (please protect throughout), called. Pickering said no."
    assert found(text) == ["Ann Pickering", "Pickering"]


def test_a_particle_belongs_to_the_protected_name() -> None:
    assert found("he met Yusuf al-Harbi (protect) there") == ["Yusuf al-Harbi"]


def test_a_mark_across_units_is_found_in_each() -> None:
    units = [Unit("body", "Ann Pickering (strictly protect) called."), Unit("body", "Later Pickering left.")]
    assert [s.unit for s in find_protected(units)] == [0, 1]


def test_text_without_marks_has_none() -> None:
    assert found("We must protect the Embassy (and its staff).") == []


def test_the_person_named_last_before_the_mark_is_protected() -> None:
    text = "In Baku Gary Lemden, Corporate Head, Europe, Citigroup (please protect) called."
    person, place = Mention(0, 8, 19, "PER", "Gary Lemden"), Mention(0, 3, 7, "LOC", "Baku")
    spans = find_protected([Unit("body", text)], [place, person])
    assert [text[s.start : s.end] for s in spans] == ["Gary Lemden"]


def test_a_place_before_the_mark_is_not_protected() -> None:
    text = "An analyst in Baku (protect) called from Baku."
    assert find_protected([Unit("body", text)], [Mention(0, 14, 18, "LOC", "Baku")]) == ()


def test_a_name_in_the_sentence_before_is_not_protected() -> None:
    assert found("She met Hugo Chaves. A source (protect) called.") == []


def test_a_short_name_is_protected_too() -> None:
    assert found("He met Jo (strictly protect) in town.") == ["Jo"]
