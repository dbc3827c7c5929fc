"""The head of a body: which lines are labelled fields, and where prose begins."""

from __future__ import annotations

import pytest

from reftel.parse.labels import field_text, find_head
from reftel.parse.noise import find_noise

HEAD = """C O N F I D E N T I A L SECTION 01 OF 02 TUNIS 000812

SIPDIS

DEPARTMENT FOR NEA/MAG

E.O. 12958: DECL: 03/04/2019
TAGS: PREL PGOV TS
SUBJECT: A PORT REOPENS AND
A MINISTER SMILES

REF: A. TUNIS 801
     ¶B. 08 RABAT 77

Classified By: DCM Ada Quill for reasons 1.4 (b) and (d).

¶1. (C) Summary: The port reopened.
"""


def values(text: str) -> dict[str, str]:
    noise = find_noise(text, 0, len(text))
    head = find_head(text, 0, len(text), noise)
    return {field.label: " ".join(field_text(text, field, noise).split()) for field in head.fields}


def prose(text: str) -> str:
    return text[find_head(text, 0, len(text), find_noise(text, 0, len(text))).prose :].strip()


def test_each_label_has_its_value() -> None:
    assert values(HEAD) == {
        "eo": "12958: DECL: 03/04/2019",
        "tags": "PREL PGOV TS",
        "subject": "A PORT REOPENS AND A MINISTER SMILES",
        "references": "A. TUNIS 801 B. 08 RABAT 77",
        "classified_by": "DCM Ada Quill for reasons 1.4 (b) and (d).",
    }


def test_prose_begins_after_the_last_field() -> None:
    assert prose(HEAD).startswith("¶1. (C) Summary")


def test_the_lines_above_the_first_label_are_the_opening() -> None:
    head = find_head(HEAD, 0, len(HEAD))
    assert [line.rest.strip() for line in head.opening][-1] == "DEPARTMENT FOR NEA/MAG"


def test_a_page_line_does_not_end_a_subject() -> None:
    text = HEAD.replace("AND\nA MINISTER", "AND \n\nTUNIS 00000812  001.2 OF 002 \n\nA MINISTER")
    assert values(text)["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


@pytest.mark.parametrize("label", ["SUBJ:", "UBJECT:", "Subject:", "SUBJECT: SUBJECT:", "SUBJECT"])
def test_a_subject_is_found_under_its_other_labels(label: str) -> None:
    assert values(HEAD.replace("SUBJECT:", label))["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


@pytest.mark.parametrize("label", ["TAG", "TAGS", "TAS:", "TABS:", "TGS:", "TAGES:", "AGS:", "TAGS,"])
def test_tags_are_found_under_their_other_labels(label: str) -> None:
    assert values(HEAD.replace("TAGS:", label))["tags"] == "PREL PGOV TS"


@pytest.mark.parametrize(
    "label", ["REFS:", "REFTEL:", "REF(S):", "REFTELS:", "Ref:", "REF.", "PROGRAM REF:", "REF: REF:"]
)
def test_references_are_found_under_their_other_labels(label: str) -> None:
    assert values(HEAD.replace("REF:", label))["references"].startswith("A. TUNIS 801")


def test_labels_on_one_line_are_told_apart() -> None:
    text = "E.O. 12958: N/A TAGS: PGOV BR SUBJECT: RAIN\n\n¶1. (U) It rained.\n"
    assert values(text) == {"eo": "12958: N/A", "tags": "PGOV BR", "subject": "RAIN"}


def test_a_label_glued_to_the_subject_ends_it() -> None:
    text = HEAD.replace("SMILES\n\nREF: A", "SMILESREF: A")
    assert values(text)["subject"] == "A PORT REOPENS AND A MINISTER SMILES"
    assert values(text)["references"].startswith("A. TUNIS 801")


def test_an_empty_line_before_the_subject_does_not_lose_it() -> None:
    assert values(HEAD.replace("SUBJECT: ", "SUBJECT:\n\n"))["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


def test_references_with_letters_that_look_like_portion_marks_go_on() -> None:
    text = HEAD.replace("A. TUNIS 801\n     ¶B. 08 RABAT 77", "\n(A) TUNIS 801\n(B) RABAT 77\n(C) CAIRO 12")
    assert values(text)["references"] == "(A) TUNIS 801 (B) RABAT 77 (C) CAIRO 12"


def test_a_label_word_in_the_prose_is_no_label() -> None:
    text = HEAD + "REF A said otherwise.\nTAGS were missing.\n"
    assert values(text)["references"].startswith("A. TUNIS")
    assert "REF A said otherwise." in prose(text)


def test_a_heading_without_a_number_ends_the_head() -> None:
    text = HEAD.replace("¶1. (C) Summary: The port", "SUMMARY\n-------\nThe port")
    assert prose(text).startswith("SUMMARY")


def test_a_text_without_labels_has_no_fields() -> None:
    head = find_head("THE MINISTER CALLED. HE SAID NO.\n", 0, 33)
    assert head.fields == ()
    assert head.prose == 0


def test_a_fragment_of_one_line_is_a_field() -> None:
    assert values("REF: BAGHDAD 91") == {"references": "BAGHDAD 91"}


def test_a_reason_cut_at_its_full_stop_goes_on() -> None:
    text = HEAD.replace("reasons 1.4 (b) and (d).", "reasons 1.\n4 (b/d).")
    assert values(text)["classified_by"] == "DCM Ada Quill for reasons 1. 4 (b/d)."


def test_a_sentence_below_a_subject_in_capitals_is_not_of_it() -> None:
    text = HEAD.replace("SMILES\n\nREF", "SMILES\nThis message is sensitive but unclassified.\n\nREF")
    assert values(text)["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


def test_a_reason_below_an_empty_line_belongs_to_the_classifier() -> None:
    text = HEAD.replace("for reasons 1.4 (b) and (d).", "for reason\n\n1.4 (b).")
    assert values(text)["classified_by"] == "DCM Ada Quill for reason 1.4 (b)."


def test_a_first_paragraph_that_runs_on_behind_the_reason_ends_the_head() -> None:
    text = HEAD.replace("1.4 (b) and (d).\n\n¶1. (C) Summary", "1.4 (b), (d) 1. (C/NF) Summary")
    assert values(text)["classified_by"] == "DCM Ada Quill for reasons 1.4 (b), (d)"
    assert prose(text).startswith("1. (C/NF) Summary")


def test_the_end_of_a_subject_below_an_empty_line_is_found_before_the_next_label() -> None:
    text = HEAD.replace("REOPENS AND\nA MINISTER SMILES", "REOPENS AND A MINISTER\n\nSMILES")
    assert values(text)["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


def test_a_passing_instruction_below_a_subject_is_not_of_it() -> None:
    text = HEAD.replace("SMILES\n\nREF", "SMILES\n\nPARIS FOR TSOU\n\nREF")
    assert values(text)["subject"] == "A PORT REOPENS AND A MINISTER SMILES"


def test_declassified_by_names_no_classifier() -> None:
    assert "classified_by" not in values("E.O. 12958: DECL: DECLASSIFIED BY NARA 09/02/2009\nTAGS: PREL\n")


def test_a_paragraph_that_names_the_classifier_is_a_paragraph() -> None:
    text = HEAD.replace("Classified By: DCM Ada Quill for reasons 1.4 (b) and (d).\n\n", "").replace(
        "¶1. (C) Summary", "¶1. (U) Classified by DCM Ada Quill.\n\n¶2. (C) Summary"
    )
    assert prose(text).startswith("¶1. (U) Classified by")


def test_prose_right_below_a_whole_reference_is_prose() -> None:
    text = "SUBJ: A VISIT\nREF: BONN 1234\nEMBASSY BELIEVES THAT THE VISIT WILL BE USEFUL TO ALL CONCERNED.\n"
    assert values(text)["references"] == "BONN 1234"
    assert prose(text).startswith("EMBASSY BELIEVES")
