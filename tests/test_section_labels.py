"""Section labels: what opens and closes a summary, comment, note or quotation."""

from __future__ import annotations

import pytest

from reftel.parse.section_labels import END, QUOTE_BEGINS, QUOTE_ENDS, heading_kind, label_at


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Summary:", "summary"),
        ("BEGIN SUMMARY.", "summary"),
        ("Summary and Comment:", "summary"),
        ("Embassy comment:", "comment"),
        ("COMMENT (CONT'D):", "comment"),
        ("NOTE:", "note"),
        ("BEGIN TEXT:", "quotation"),
    ],
)
def test_a_label_gives_the_kind_of_its_paragraph(label: str, kind: str) -> None:
    text = f"{label} They met."
    assert label_at(text, 0, len(text)) == (kind, len(label) + 1)


@pytest.mark.parametrize("text", ["Summary judgement was given.", "Comments were many.", "They met.", ""])
def test_words_of_the_sentence_are_no_label(text: str) -> None:
    assert label_at(text, 0, len(text)) is None


def test_a_heading_may_be_the_label() -> None:
    headings = ["SUMMARY", "Comment and Action Request", "NOTE", "Next Steps"]
    assert [heading_kind(heading) for heading in headings] == ["summary", "comment", "note", None]


@pytest.mark.parametrize("mark", ["End summary.", "(END COMMENT.)", "End of note.", "END EMBASSY COMMENT"])
def test_an_end_mark_is_known_with_its_brackets_and_stop(mark: str) -> None:
    assert END.fullmatch(mark)


def test_a_quotation_begins_and_ends_with_marks_of_its_own() -> None:
    assert QUOTE_BEGINS.match("BEGIN TALKING POINTS:")
    assert QUOTE_ENDS.match("END TALKING POINTS.")
    assert not QUOTE_BEGINS.match("BEGIN SUMMARY:")
