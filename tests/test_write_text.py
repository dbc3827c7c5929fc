"""Plain text for a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Addressee, Cable, Doubt, Marking, Officer, Reference, Span, Tag, Unit, UnitKind
from reftel.write import to_text

SECRET = Marking("SECRET")
CABLE = Cable(
    mrn="09LILONGWE12",
    sent=datetime(2009, 2, 3, 16, 57, tzinfo=UTC),
    post="Embassy Lilongwe",
    classification="SECRET",
    captions=("NOFORN", "SIPDIS"),
    precedence="PRIORITY",
    action=(Addressee("SECSTATE WASHDC"),),
    info=tuple(
        Addressee(f"AMEMBASSY {name}") for name in ("ACCRA", "BONN", "CAIRO", "DAKAR", "LIMA", "OSLO", "PARIS", "ROME")
    ),
    tags=(Tag("PREL", "subject", "External Political Relations"), Tag("XQZZ", "unknown")),
    subject="VISIT TO LODGE TWELVE",
    references=(Reference("A", "cable", "09LILONGWE9", "LILONGWE 9"), Reference("B", "email", None, "BERG-ODA E-MAIL")),
    classified_by=Officer("Tina Berg", "Pol-Mil Counselor"),
    reasons=("1.4(b)", "1.4(d)"),
    declassify_on="2019-02-03",
    sections=2,
    units=(
        Unit("subject", "VISIT TO LODGE TWELVE"),
        Unit("summary", "Kenji Oda left for the talks about the lake. " * 3, 1, SECRET),
        Unit("body", "He came back.", 2, Marking("SECRET", ("NOFORN",)), "The talks"),
        Unit("body", "Points:\n- one\n- two", 3, Marking("UNCLASSIFIED"), "The talks"),
        Unit("signature", "LIND"),
    ),
    doubts=(Doubt("number", "The header says 13."),),
)


def body(*units: Unit, protected: tuple[Span, ...] = ()) -> str:
    """What is written under the card."""
    return to_text(Cable(units=units, protected=protected)).split("─" * 80 + "\n")[1]


def test_the_card_and_the_paragraphs_are_laid_out_in_eighty_columns() -> None:
    assert (
        to_text(CABLE)
        == f"""\
09LILONGWE12                             Embassy Lilongwe · 2009-02-03 16:57 UTC
{"━" * 80}
SECRET · NOFORN · SIPDIS                                   PRIORITY · 2 sections

  VISIT TO LODGE TWELVE

  to             SECSTATE WASHDC
  info           AMEMBASSY ACCRA, AMEMBASSY BONN, AMEMBASSY CAIRO,
                 AMEMBASSY DAKAR, AMEMBASSY LIMA, AMEMBASSY OSLO and 2 more
  tags           PREL (External Political Relations), XQZZ
  references     A. LILONGWE 9 [09LILONGWE9]; B. BERG-ODA E-MAIL
  classified by  Tina Berg, Pol-Mil Counselor
  reasons        1.4(b), 1.4(d)
  declassify on  2019-02-03
{"─" * 80}

    Summary
 1. (S)     Kenji Oda left for the talks about the lake. Kenji Oda left for the
            talks about the lake. Kenji Oda left for the talks about the lake.

    The talks
 2. (S/NF)  He came back.

 3. (U)     Points:
            - one
            - two

                                                    LIND
{"─" * 80}
  in doubt       The header says 13.
"""
    )


def test_a_cable_of_which_nothing_is_known_has_a_card_all_the_same() -> None:
    assert to_text(Cable()).startswith("(no number)\n━")


def test_titles_that_do_not_fit_side_by_side_stand_under_each_other() -> None:
    post = "Permanent Mission to the Organization of the Islands, Lakes and Rivers"
    assert to_text(Cable(mrn="09LILONGWE12", post=post)).startswith(f"09LILONGWE12\n{post}\n━")


def test_a_number_and_mark_too_long_for_the_margin_stand_over_their_paragraph() -> None:
    unit = Unit("body", "He left.", 12, Marking("SECRET", ("NOFORN", "REL TO USA")))
    assert body(unit) == "\n12. (S/NF/REL TO USA)\n            He left.\n"


@pytest.mark.parametrize("kind", ["summary", "comment", "note"])
def test_what_a_paragraph_is_stands_over_it_where_no_heading_says_it(kind: UnitKind) -> None:
    written = body(Unit(kind, "One.", 1), Unit(kind, "Two.", 2))
    assert written == f"\n    {kind.capitalize()}\n 1.         One.\n\n 2.         Two.\n"
    assert body(Unit(kind, "One.", heading="In short")) == "\n    In short\n            One.\n"


def test_a_heading_stands_once_and_right_over_its_paragraphs() -> None:
    units = (Unit("body", "One."), Unit("heading", "The lake"), Unit("body", "Two.", 2, None, "The lake"))
    assert body(*units) == "\n            One.\n\n    The lake\n 2.         Two.\n"
    headings = (Unit("heading", "Talks"), Unit("heading", "The lake"), Unit("body", "Two.", heading="The lake"))
    assert body(*headings) == "\n    Talks\n\n    The lake\n            Two.\n"


def test_a_heading_that_says_summary_is_not_said_again() -> None:
    units = (Unit("heading", "Summary"), Unit("summary", "One.", 1, None, "Summary"))
    assert body(*units) == "\n    Summary\n 1.         One.\n"


def test_a_quoted_document_has_a_bar_in_the_margin() -> None:
    assert body(Unit("quotation", "One.\nTwo.", 3)) == "\n 3.       │ One.\n          │ Two.\n"


def test_a_word_longer_than_a_line_is_not_broken() -> None:
    assert body(Unit("body", f"see {'x' * 90} there")).split() == ["see", "x" * 90, "there"]


def test_protected_names_read_protected_unless_told_otherwise() -> None:
    unit, protected = Unit("body", "Kenji Oda (protect) left."), (Span(0, 0, 9),)
    assert body(unit, protected=protected).strip() == "[protected] (protect) left."
    assert "Kenji Oda" in to_text(Cable(units=(unit,), protected=protected), masked=False)


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert body(Unit("body", "a\x1b[2Jb\x07 \ud83d")).strip() == "a\ufffd[2Jb\ufffd \ufffd"


def test_the_mark_of_sensitive_but_unclassified_text_is_its_own() -> None:
    assert body(Unit("body", "He left.", 1, Marking("UNCLASSIFIED", ("SBU", "NOFORN")))).startswith("\n 1. (SBU/NF)")


def test_a_list_in_the_card_is_broken_between_its_items() -> None:
    references = tuple(Reference(label, "cable", None, f"LILONGWE 00000{label}") for label in "ABCDEFGH")
    rows = [row for row in to_text(Cable(references=references)).split("\n") if "LILONGWE" in row]
    assert [row[17:].split("; ")[0][0] for row in rows] == ["A", "D", "G"]


def test_a_partial_record_says_so() -> None:
    assert "partial extract" in to_text(replace(CABLE, partial=True))


@given(st.text("aé B.\n\t", max_size=400))
def test_no_word_is_lost_and_no_line_is_longer_than_it_must_be(text: str) -> None:
    written = body(Unit("body", text))
    assert written.split() == text.split()
    assert all(len(line) <= 80 or len(line.split()) == 1 for line in written.split("\n"))
