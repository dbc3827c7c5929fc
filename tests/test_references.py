"""References: every way of writing a cable's number comes out as its MRN, and nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Reference
from reftel.parse.references import parse_references


def mrns(value: str, mrn: str | None = "09LIMA500") -> list[str | None]:
    return [reference.mrn for reference in parse_references(value, mrn=mrn)]


def labels(value: str) -> list[tuple[str | None, str | None]]:
    return [(reference.label, reference.mrn) for reference in parse_references(value, mrn="09LIMA500")]


def kinds(value: str) -> list[str]:
    return [reference.kind for reference in parse_references(value, mrn="09LIMA500")]


def texts(value: str) -> list[str]:
    return [reference.text for reference in parse_references(value, mrn="09LIMA500")]


def test_a_plain_reference_is_of_the_cables_own_year() -> None:
    assert parse_references("QUITO 091 ", mrn="09LIMA500") == (Reference(None, "cable", "09QUITO91", "QUITO 091"),)


def test_the_date_of_sending_gives_the_year_where_the_number_is_not_known() -> None:
    (reference,) = parse_references("QUITO 91", sent=datetime(2007, 5, 1, tzinfo=UTC))
    assert reference.mrn == "07QUITO91"


def test_without_any_year_the_mrn_stays_null() -> None:
    (reference,) = parse_references("QUITO 91")
    assert (reference.kind, reference.mrn) == ("cable", None)
    assert parse_references("08 QUITO 91")[0].mrn == "08QUITO91"


@pytest.mark.parametrize(
    "written",
    [
        "08 QUITO 841",
        "08QUITO0841",
        "08-QUITO-841",
        "2008 QUITO 841",
        "'08 QUITO 841",
        "(08) QUITO 841",
        "[08] QUITO 841",
        "08/QUITO 841",
        "O8 QUITO 841",
        "2OO8 QUITO 841",
        "084 QUITO 841",
        "008 QUITO 841",
        "208 QUITO 841",
        "8 QUITO 841",
        "QUITO 841 (08)",
        "QUITO 841 ('08)",
        "QUITO 841-08",
        "QUITO 00841/08",
        "QUITO 841 08",
        "QUITO 841 2008",
        "QUITO (08) 841",
        "QUITO 08-841",
        "QUITO '08 0841",
        "QUITO 841 (DEC 2008)",
        "QUITO 841 DATED 12/05/08",
        "QUITO 841 DTG 051506Z DEC 08",
        "08 QUITO 00841--05/DEC/2008",
    ],
)
def test_a_year_written_in_any_way_is_the_references_own(written: str) -> None:
    assert mrns(written) == ["08QUITO841"]


def test_an_old_cable_names_years_of_its_own_century() -> None:
    assert mrns("A. 99 QUITO 12 \nB. QUITO 5 99", mrn="02LIMA5") == ["99QUITO12", "99QUITO5"]
    assert mrns("REFS: (A) STATE 12345; (B) BONN 618 (NOTAL)", mrn="1975BONN00621") == ["75STATE12345", "75BONN618"]


@pytest.mark.parametrize(
    ("written", "mrn"),
    [
        ("QUITO #3565", "09QUITO3565"),
        ("QUITO NO. 3565", "09QUITO3565"),
        ("377 QUITO", "09QUITO377"),
        ("QUITO O377", "09QUITO377"),
        ("QUITO377", "09QUITO377"),
        ("SECSTATE WASHDC 12345", "09STATE12345"),
        ("AMEMBASSY SAN SALVADOR 12", "09SANSALVADOR12"),
        ("PORT-AU-PRINCE 12", "09PORTAUPRINCE12"),
        ("RIO \nDE JANEIRO 1291", "09RIODEJANEIRO1291"),
        ("TEGUCI 12", "09TEGUCIGALPA12"),
        ("quito 841", "09QUITO841"),
        ("MEXICO DF 12", "09MEXICO12"),
        ("QUITO'S 841", "09QUITO841"),
        ("TALLIN 309", "09TALLINN309"),
        ("NEW SPRINGFIELD 12", "09NEWSPRINGFIELD12"),
        ("STATE 255577 TOSEC 140323", "09STATE255577"),
    ],
)
def test_posts_and_numbers_are_read_however_they_are_written(written: str, mrn: str) -> None:
    assert mrns(written) == [mrn]


def test_a_post_left_out_is_the_one_before() -> None:
    assert mrns("QUITO 2799 AND 2764") == ["09QUITO2799", "09QUITO2764"]
    assert mrns("Quito 692/317/274/162") == ["09QUITO692", "09QUITO317", "09QUITO274", "09QUITO162"]
    assert labels("[A] State 188314, 259032\n[B] 841") == [
        ("A", "09STATE188314"),
        ("A", "09STATE259032"),
        ("B", "09STATE841"),
    ]
    assert mrns("08 QUITO 2799 AND 2764") == ["08QUITO2799", "08QUITO2764"]


def test_a_number_alone_is_of_the_cables_own_post() -> None:
    assert mrns("462") == ["09LIMA462"]
    assert mrns("2962", mrn=None) == [None]


def test_references_without_labels_are_told_apart() -> None:
    assert mrns("QUITO 433 QUITO 421 BOGOTA 709 2008 QUITO 542") == [
        "09QUITO433",
        "09QUITO421",
        "09BOGOTA709",
        "08QUITO542",
    ]
    assert mrns("BOGOTA 709 (08) QUITO 542") == ["09BOGOTA709", "08QUITO542"]
    assert mrns("BOGOTA 709 08 QUITO 542 07") == ["08BOGOTA709", "07QUITO542"]
    assert mrns("BOGOTA 709 08\nQUITO 542") == ["08BOGOTA709", "09QUITO542"]
    assert mrns("STATE 1: BOGOTA 2; QUITO 3, 08 QUITO 4\nQUITO 5") == [
        "09STATE1",
        "09BOGOTA2",
        "09QUITO3",
        "08QUITO4",
        "09QUITO5",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "REF: A. QUITO 1\n¶B. 08 BOGOTA 2",
        "REF:  A. QUITO 1  B. 08 BOGOTA 2",
        "REFS: (A) QUITO 1; (B) 08 BOGOTA 2 (NOTAL)",
        "REFS: (A)QUITO 1, (B)08BOGOTA 2",
        "Ref(s): a) quito 1 b) 08 bogota 2",
        "REFTELS: [A] QUITO 1 [B] 08 BOGOTA 2",
        "REF: A: QUITO 1 B: 08 BOGOTA 2",
        "REF: A - QUITO 1 B - 08 BOGOTA 2",
        "REF: A. (A) QUITO 1 \n¶B. (B) 08 BOGOTA 2",
        "REF: A. A: QUITO 1 \nB. B: 08 BOGOTA 2",
        "REF: A. A. QUITO 1  B. B. 08 BOGOTA 2",
        "REF: A. REF A QUITO 1 \n¶B. REF B 08 BOGOTA 2",
        "REF A: QUITO 1, REF B: 08 BOGOTA 2",
        "REF A QUITO 1 \nREF B 08 BOGOTA 2",
        "REF: A QUITO 1\nB 08 BOGOTA 2",
        "REF: REF: (A) QUITO 1 (B) 08 BOGOTA 2",
        "PROGRAM REF: A. QUITO 1 AND B. 08 BOGOTA 2",
        "(REF: A. QUITO 1 B. 08 BOGOTA 2)",
        "REF: A. QUITO 1 \n\nSAN SALVADOR 00000500  001.2 OF 003 \n\n¶B. 08 BOGOTA 2",
        "REF: A. QUITO 1 LIMA 00000500 \n001.2 OF 003 B. 08 BOGOTA 2",
        "REF: A. QUITO 1\nCONFIDENTIAL\nPAGE 02        LIMA  00500  01 OF 03  291401Z\nB. 08 BOGOTA 2",
        "REF: A. QUITO 1\nSIPDIS\nB. 08 BOGOTA 2",
        "REF: A. QUITO 1 B. 08 BOGOTA 2\nClassified By: the Charge for reasons 1.4 (b)",
        "REF: A. QUITO 1 B. 08 BOGOTA 2 (U) THIS CABLE IS SENSITIVE BUT UNCLASSIFIED.",
        "REF: A. QUITO 1 B. 08 BOGOTA 2\n(SBU) Poloff delivered the demarche and QUITO 3.",
    ],
)
def test_labels_and_what_stands_around_them_come_off(written: str) -> None:
    assert labels(written) == [("A", "09QUITO1"), ("B", "08BOGOTA2")]


def test_numbers_can_be_labels() -> None:
    assert labels("1) QUITO 12 2) BOGOTA 33") == [("1", "09QUITO12"), ("2", "09BOGOTA33")]


def test_a_missing_or_repeated_label_is_kept_as_it_is() -> None:
    assert labels("A. QUITO 5266 QUITO 4817  B. QUITO 4369") == [
        ("A", "09QUITO5266"),
        ("A", "09QUITO4817"),
        ("B", "09QUITO4369"),
    ]
    assert labels("A) QUITO 366 B) DOE-ROE EMAIL 05/11/07 \nB) QUITO 347") == [
        ("A", "09QUITO366"),
        ("B", None),
        ("B", "09QUITO347"),
    ]


def test_the_inner_of_two_labels_counts_because_the_author_wrote_it() -> None:
    assert labels("A. A. QUITO 1 B. QUITO 2\n¶B. C. QUITO 3 D. QUITO 4") == [
        ("A", "09QUITO1"),
        ("B", "09QUITO2"),
        ("C", "09QUITO3"),
        ("D", "09QUITO4"),
    ]


def test_a_labelled_second_line_is_put_to_its_entry() -> None:
    value = "REF: A. (A) EMBASSY LIMA DAILY REPORT FOR MAY 4 \n¶B. 2008 AND PREVIOUS \n¶C. (B) QUITO 3"
    assert texts(value) == ["EMBASSY LIMA DAILY REPORT FOR MAY 4 2008 AND PREVIOUS", "QUITO 3"]
    assert labels(value) == [("A", None), ("B", "09QUITO3")]


def test_an_initial_is_no_label() -> None:
    assert labels("A. JOHN B. ROE EMAIL OF 5/12  B. QUITO 12") == [("A", None), ("B", "09QUITO12")]
    assert labels("J. ROE EMAIL") == [(None, None)]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("DOE-ROE EMAIL OF 5/12", "email"),
        ("ROE/DOE E-MAILS", "email"),
        ("HAMILTON 5/12 EMAIL", "email"),
        ("LIMA-STATE SVTC MAY 9", "telephone"),
        ("FEB 24 DOE-ROE TELCON", "telephone"),
        ("ROE PHONE CALL OF MAY 3", "telephone"),
        ("MAY 1 DOE-ROE LETTER", "letter"),
        ("DIPLOMATIC NOTE 123/09", "letter"),
        ("IIR 6 902 9642 06", "report"),
        ("USDAO LIMA IIR 6 854 0108 08 291553Z JAN 08", "report"),
        ("TD-314/63777-05", "report"),
        ("OSC CPP20071019968173", "report"),
        ("EMBASSY LIMA SIPRNET DAILY REPORT", "report"),
        ("STATE CA-3400 NOV 2, 1966", "airgram"),
        ("LIMA A-123", "airgram"),
        ("9 FAM Appendix K", "book"),
        ("7 FAM 180", "book"),
        ("SECDEF MSG DTG 301601Z SEP 08", "cable"),
        ("SECDEF DTG301601ZSEP08", "cable"),
        ("09 XXXXXXXXXXXX 167", "cable"),
        ("Quito XXXXXXXXXXXX", "cable"),
        ("QUITO", "cable"),
        ("SEPTEL", "cable"),
        ("XXXXXXXXXXXX", "other"),
        ("10 AUGUST 2008 U.S. NON PAPER ON SHIPPING", "other"),
        ("UNSCR 1803", "other"),
        ("ROE 12/14/07", "other"),
        ("ABCDE-0028-2010", "other"),
        ("OFFICIAL BIOS ON FILE", "other"),
    ],
)
def test_what_is_no_numbered_cable_has_its_kind_and_no_mrn(written: str, kind: str) -> None:
    assert [(r.kind, r.mrn) for r in parse_references(written, mrn="09LIMA500")] == [(kind, None)]


def test_a_cable_and_an_email_on_one_label_are_two_references() -> None:
    assert kinds("A. QUITO 12 AND ROE EMAIL OF 5/12") == ["cable", "email"]
    assert kinds("ROE EMAIL OF 5/12, QUITO 12") == ["email", "cable"]
    assert kinds("QUITO 12; IIR 6 809 0156 10") == ["cable", "report"]


@pytest.mark.parametrize(
    "written",
    [
        'QUITO 639 ("A SPLENDID LITTLE VISIT IN BOGOTA 2004")',
        "QUITO 639 (BOGOTA 2004 SUMMIT)",
        "QUITO 639 -- BOGOTA 2004 SUMMIT",
        "QUITO 639: SUMMIT OF 2004",
        "QUITO 639 AND PREVIOUS",
        "QUITO 639 AND 2 OTHERS",
        "QUITO 639 (NOTAL)",
        "QUITO 639, PARAS 4-6",
    ],
)
def test_titles_and_notes_stay_in_the_text_and_out_of_the_number(written: str) -> None:
    assert [(r.mrn, r.text) for r in parse_references(written, mrn="09LIMA500")] == [("09QUITO639", written)]


def test_an_instruction_is_not_part_of_the_reference() -> None:
    assert texts("STATE 6461  PLEASE PASS TO RSO, POLOFF, ECON") == ["STATE 6461"]


def test_the_text_is_as_written_with_wraps_joined() -> None:
    assert texts("A. QUITO 12: REPORT OF U.S.-\nPERU MEETING;\n¶B.  BOGOTA\n  13 , ") == [
        "QUITO 12: REPORT OF U.S.-PERU MEETING",
        "BOGOTA 13",
    ]


@pytest.mark.parametrize("written", ["", " \n", "NONE", "REF: N/A", "REF: none.", "REFTEL:", "-"])
def test_nothing_is_no_reference(written: str) -> None:
    assert parse_references(written) == ()


_WORDS = (
    "REF : A. B) (C) ¶D. [E] F - QUITO BOGOTA RIO DE JANEIRO STATE XXXXXXXXXXXX 08 2008 '08 O8 12345 00639 / - ( ) , ;"
    " AND & # 001.2 OF 00000402 PAGE EMAIL TELCON IIR 6 902 TD-314/63777-05 5/12 MAY DTG NOTAL FAM K ſ ٣ é 1) 2)"
)
_PIECES = st.sampled_from([*_WORDS.split(), "\n", '"', "\x00", "\ue000", "\ue001"])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map(" ".join), st.lists(_PIECES).map("".join)))
def test_any_text_is_read_without_an_exception_and_mrns_are_well_formed(value: str) -> None:
    for mrn in (None, "09LIMA500", value):
        for reference in parse_references(value, mrn=mrn):
            assert reference.text.strip() == reference.text != ""
            assert reference.mrn is None or (reference.kind == "cable" and reference.mrn[:2].isdigit())
            assert reference.label is None or (reference.label.isascii() and reference.label.isalnum())


@pytest.mark.parametrize(
    "piece", ["STATE 1 ", "x A. ", "(", "A. AND PREVIOUS ", ", 1", "-", "O", "EMAIL 1 AND ", "\n¶B. 2006"]
)
def test_a_long_hostile_value_is_read_to_its_end(piece: str) -> None:
    assert isinstance(parse_references(piece * (60_000 // len(piece)), mrn="09LIMA500"), tuple)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TUNIS 1830", "08TUNIS1830"),
        ("TUNIS 30", "09TUNIS30"),
        ("TUNIS 60", "09TUNIS60"),
        ("RABAT 1830", "09RABAT1830"),
    ],
)
def test_a_number_that_the_post_had_not_reached_yet_is_of_the_year_before(written: str, meant: str) -> None:
    assert [r.mrn for r in parse_references(written, mrn="09TUNIS41")] == [meant]


def test_a_year_that_is_written_stands_whatever_the_number() -> None:
    assert [r.mrn for r in parse_references("09 TUNIS 1830", mrn="09TUNIS41")] == ["09TUNIS1830"]
