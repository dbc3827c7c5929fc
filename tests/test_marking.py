"""reftel.parse.marking: portion marks, classification lines, caption lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Marking
from reftel.parse.marking import (
    ClassificationLine,
    caption_line,
    corrected_copy,
    leading_captions,
    parse_classification_line,
    parse_marking,
)


@pytest.mark.parametrize(
    ("written", "classification", "captions"),
    [
        ("(S)", "SECRET", ()),
        ("(C)", "CONFIDENTIAL", ()),
        ("(U)", "UNCLASSIFIED", ()),
        ("(TS)", "TOP SECRET", ()),
        ("(SBU)", "UNCLASSIFIED", ("SBU",)),
        ("(LOU)", "LIMITED OFFICIAL USE", ()),
        ("(c)", "CONFIDENTIAL", ()),
        ("( C )", "CONFIDENTIAL", ()),
        ("[C]", "CONFIDENTIAL", ()),
        ("C)", "CONFIDENTIAL", ()),
        ("(S/NF)", "SECRET", ("NOFORN",)),
        ("(s/nf)", "SECRET", ("NOFORN",)),
        ("(S//NF)", "SECRET", ("NOFORN",)),
        ("(S-NF)", "SECRET", ("NOFORN",)),
        ("(C NF)", "CONFIDENTIAL", ("NOFORN",)),
        ("(SNF)", "SECRET", ("NOFORN",)),
        ("(N/SF)", "SECRET", ("NOFORN",)),
        ("(C/NOFORN)", "CONFIDENTIAL", ("NOFORN",)),
        ("(S//FGI//NF)", "SECRET", ("FGI", "NOFORN")),
        ("(U//FOUO)", "UNCLASSIFIED", ("FOUO",)),
        ("(SBU/NF)", "UNCLASSIFIED", ("SBU", "NOFORN")),
        ("SBU/N)", "UNCLASSIFIED", ("SBU", "NOFORN")),
        ("(C/NF/ORCON)", "CONFIDENTIAL", ("NOFORN", "ORCON")),
        ("(C/REL NATO)", "CONFIDENTIAL", ("REL TO NATO",)),
        ("(S//Rel NATO, ISAF)", "SECRET", ("REL TO NATO, ISAF",)),
        ("(S//REL TO USA, FVEY)", "SECRET", ("REL TO USA, FVEY",)),
        ("(S//REL TO USA, GBR//MR)", "SECRET", ("REL TO USA, GBR", "MR")),
        ("(SECRET/REL FRANCE)", "SECRET", ("REL TO FRANCE",)),
        ("(secret//rel germany)", "SECRET", ("REL TO GERMANY",)),
        ("(C - ENTIRE TEXT)", "CONFIDENTIAL", ()),
        ("CONFIDENTIAL - ENTIRE TEXT", "CONFIDENTIAL", ()),
        ("(LIMITED OFFICIAL USE - ENTIRE TEXT)", "LIMITED OFFICIAL USE", ()),
    ],
)
def test_a_portion_mark_has_a_classification_and_canonical_captions(
    written: str, classification: str, captions: tuple[str, ...]
) -> None:
    assert parse_marking(written) == Marking(classification, captions)  # type: ignore[arg-type]


def test_a_mark_that_lost_its_level_keeps_its_captions() -> None:
    assert parse_marking("(/Rel UK)") == Marking(None, ("REL TO UK",))


@pytest.mark.parametrize(
    "written",
    [
        "(a)",
        "(b)",
        "(i)",
        "(Note)",
        "(UN)",
        "(S/SRAP)",
        "(C-130)",
        "(CPVPV)",
        "(U.S.)",
        "(U/S)",
        "(S/N)",
        "(NF)",
        "()",
        "",
        "(U) (C)",
    ],
)
def test_other_brackets_are_no_marks(written: str) -> None:
    assert parse_marking(written) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("S E C R E T SECTION 01 OF 02 BAGHDAD 000042", ClassificationLine("SECRET", (), 1, 2, "BAGHDAD", 42)),
        ("C O N F I D E N T I A L STATE 050042", ClassificationLine("CONFIDENTIAL", post="STATE", number=50042)),
        ("UNCLAS SECTION 01 OF 04 DUSHANBE 000042", ClassificationLine("UNCLASSIFIED", (), 1, 4, "DUSHANBE", 42)),
        ("CO N F I D E N T I A L LA PAZ 003400", ClassificationLine("CONFIDENTIAL", post="LA PAZ", number=3400)),
        ("SE C R E T TUNIS 000042", ClassificationLine("SECRET", post="TUNIS", number=42)),
        ("CSE C R E T SHENYANG 000042", ClassificationLine("SECRET", post="SHENYANG", number=42)),
        ("SS E C R E T PARIS 000042", ClassificationLine("SECRET", post="PARIS", number=42)),
        ("E C R E T SANAA 000042", ClassificationLine("SECRET", post="SANAA", number=42)),
        ("O N F I D E N T I A L BAGHDAD 000042", ClassificationLine("CONFIDENTIAL", post="BAGHDAD", number=42)),
        ("C O N F I E N T I A L ROME 000042", ClassificationLine("CONFIDENTIAL", post="ROME", number=42)),
        ("UUNCLAS MANAGUA 000042", ClassificationLine("UNCLASSIFIED", post="MANAGUA", number=42)),
        ("S e c r e t section 01 of 02 state 015220", ClassificationLine("SECRET", (), 1, 2, "state", 15220)),
        ("LIMITED OFFICIAL USE BONN 12345", ClassificationLine("LIMITED OFFICIAL USE", post="BONN", number=12345)),
        ("T O P S E C R E T STATE 000042", ClassificationLine("TOP SECRET", post="STATE", number=42)),
        ("C O N F I D E N T I A L CAPE T 00097", ClassificationLine("CONFIDENTIAL", post="CAPE T", number=97)),
        ("UNCLAS USUN NEW YORK\n 04958", ClassificationLine("UNCLASSIFIED", post="USUN NEW YORK", number=4958)),
        ("UNCLAS STATE 123456 TOSEC 140323", ClassificationLine("UNCLASSIFIED", post="STATE", number=123456)),
        ("UNCLAS E F T O ROME 000042", ClassificationLine("UNCLASSIFIED", post="ROME", number=42)),
        ("SE C R E T XXXXXXXXXXXX 000004", ClassificationLine("SECRET", number=4)),
        (
            "S E C R E T BOGOTA 000042 SIPDIS NOFORN",
            ClassificationLine("SECRET", ("SIPDIS", "NOFORN"), post="BOGOTA", number=42),
        ),
        (
            "S E C R E T NOFORN STATE 000042 EXDIS",
            ClassificationLine("SECRET", ("NOFORN", "EXDIS"), post="STATE", number=42),
        ),
        ("SECRET//FGI//NOFORN//MR", ClassificationLine("SECRET", ("FGI", "NOFORN", "MR"))),
        ("CLASSIFICATION: SECRET//NOFORN", ClassificationLine("SECRET", ("NOFORN",))),
        ("SENSITIVE BUT UNCLASSIFIED", ClassificationLine("UNCLASSIFIED", ("SENSITIVE",))),
        ("UNCLASSIFIED", ClassificationLine("UNCLASSIFIED")),
        ("CONFIDENTIAL\nSIPDIS\nE.O. 12958: N/A", ClassificationLine("CONFIDENTIAL", ("SIPDIS",))),
        ("CONFIDENTIAL     PTQ1859", ClassificationLine("CONFIDENTIAL")),
        ("S E C R E T ROME 000042 WHATEVER FOLLOWS", ClassificationLine("SECRET", post="ROME", number=42)),
    ],
)
def test_a_classification_line_gives_level_captions_section_post_and_number(
    text: str, line: ClassificationLine
) -> None:
    assert parse_classification_line(text) == line


def test_a_correction_note_and_captions_on_further_lines_belong_to_it() -> None:
    line = parse_classification_line(
        "S E C R E T ROME 000042\nC O R R E C T E D COPY (TEXT)\nNOFORN\nSIPDIS\n\nDEPT FOR EUR"
    )
    assert line == ClassificationLine("SECRET", ("NOFORN", "SIPDIS"), None, None, "ROME", 42, "CORRECTED COPY (TEXT)")


@pytest.mark.parametrize(
    "text", ["", "SECRETARY OF STATE", "SECRET SERVICE", "Secret talks were held in Rome", "SENSITIVE", "SIPDIS"]
)
def test_other_lines_are_no_classification_line(text: str) -> None:
    assert parse_classification_line(text) == ClassificationLine()


@pytest.mark.parametrize(
    ("line", "captions"),
    [
        ("NOFORN", ("NOFORN",)),
        ("sipdis", ("SIPDIS",)),
        ("SIPDIS SIPDIS", ("SIPDIS",)),
        ("NOFORN, NOT FOR INTERNET DISTRIBUTION", ("NOFORN", "NOT FOR INTERNET DISTRIBUTION")),
        ("SECRET//FGI//NOFORN//MR", ("FGI", "NOFORN", "MR")),
        ("SENSITIVE", ("SENSITIVE",)),
        ("SENSITIVE BUT UNCLASSIFIED", ("SENSITIVE",)),
        ("REL TO USA, GBR", ("REL TO USA, GBR",)),
        ("SECRET", None),
        ("DEPT FOR EUR", None),
        ("SIPDIS, DEPT FOR EUR", None),
        ("", None),
    ],
)
def test_a_caption_line_holds_captions_only(line: str, captions: tuple[str, ...] | None) -> None:
    assert caption_line(line) == captions


def test_captions_before_other_words_are_told_with_their_end() -> None:
    assert leading_captions("SIPDIS, DEPT FOR EUR") == (("SIPDIS",), 8)
    assert leading_captions("DEPT FOR EUR") == ((), 0)


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("C O R R E C T E D C O P Y (ADDED TAGS) ", "CORRECTED COPY (ADDED TAGS)"),
        ("C O R R E C T E D C O PY (TEXT)", "CORRECTED COPY (TEXT)"),
        ("CORRECTED COPY -TEXT", "CORRECTED COPY -TEXT"),
        ("C O R R E C T E D COPY//SUBJECT LINE//////////", "CORRECTED COPY//SUBJECT LINE"),
        ("C O R R E C T COPY - ADDRESSEES ADDED", "CORRECTED COPY - ADDRESSEES ADDED"),
        ("(CORRECTED COPY OF STATE 42)", "CORRECTED COPY OF STATE 42"),
        ("CORRECTED COPY", "CORRECTED COPY"),
        ("We corrected a copy.", None),
        ("DEPT FOR COPYRIGHT OFFICE", None),
    ],
)
def test_a_corrected_copys_note_has_its_letters_together(line: str, note: str | None) -> None:
    assert corrected_copy(line) == note


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    parse_marking(text)
    parse_classification_line(text)
    parse_classification_line("S E C R E T " + text)
    caption_line(text)
    leading_captions(text)
    corrected_copy(text)


def test_a_release_without_countries_is_a_mark() -> None:
    assert parse_marking("(S//REL)") == Marking("SECRET", ("REL",))


def test_a_long_list_of_countries_is_a_mark() -> None:
    countries = "CHILE, CYPRUS, DENMARK, ESTONIA, FINLAND, GREECE, ICELAND, IRELAND, LATVIA, NORWAY, SPAIN"
    assert parse_marking(f"(S//REL TO {countries})") == Marking("SECRET", (f"REL TO {countries}",))
