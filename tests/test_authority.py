"""reftel.parse.authority: executive order, declassification, classifier, reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Officer
from reftel.parse.authority import Authority, parse_authority


def of_order(eo: str) -> Authority:
    return parse_authority(eo, None, None, None)


def officer(classified_by: str) -> Officer | None:
    return parse_authority(None, None, classified_by, None).classified_by


def reasons(text: str) -> tuple[str, ...]:
    return parse_authority(None, None, f"DCM Jane Q. Doe for reasons {text}", None).reasons


@pytest.mark.parametrize(
    ("eo", "day"),
    [
        ("E.O. 12958: DECL: 01/25/2019", "2019-01-25"),
        ("EO 12958 DECL: 05/05/2018", "2018-05-05"),
        ("12958: DECL:  9/ 5/2018", "2018-09-05"),
        ("E.O. 12958: DECL: 2020/02/18", "2020-02-18"),
        ("E.O. 12958: DECL: 2020-02-18", "2020-02-18"),
        ("E.O. 12958: DECL: 11/29/10", "2010-11-29"),
        ("E.O. 12958: DECL: 011/2/2019", "2019-11-02"),
        ("E.O. 12958: DECL: 25/01/2019", "2019-01-25"),
        ("E.O. 12958: DECL: 11 JAN 2018", "2018-01-11"),
        ("E.O. 12958: DECL: 20180111", "2018-01-11"),
        ("E.O. 12958: 05/31/2019", "2019-05-31"),
        ("E.O. 12958: DEC: 12/12/2018", "2018-12-12"),
        ("E.O. 11652: GDS, DECLASSIFY DEC 31, 1981", "1981-12-31"),
        ("E.O. 12958: Declassify on 8/31/2034", "2034-08-31"),
        ("E.O. 12958: DNG: CO 10/18/2029", "2029-10-18"),
        ("E.O. 12958: DECL: 12/31/2020 TAGS: PREL", "2020-12-31"),
        ("E.O. 12065: GDS 8/12/85 (DOE, JANE Q.) OR-P", "1985-08-12"),
        ("E.O. 12958: decl: after korean unification", "after korean unification"),
        ("E.O. 12958: DECL: TEN YEARS  AFTER KOREAN\nUNIFICATION", "TEN YEARS AFTER KOREAN UNIFICATION"),
        ("E.O. 12958: DECL: X1, X5", "X1, X5"),
        ("E.O. 12356: DECL: OADR", "OADR"),
        ("E.O.12356: DECL:OADR", "OADR"),
        ("E.O. 12958: DECL: 02/30/2018", "02/30/2018"),
        ("E.O. 12958: N/A", None),
        ("E.O. 11652: GDS", "GDS"),
        ("E.O. 11652: XGDS-3", "XGDS-3"),
        ("E.O. 11652: XGDS - 2", "XGDS-2"),
        ("E.O. 11652: XGDS(1)", "XGDS-1"),
        ("E.O. 12958: DECL: XXXXXXXXXXXX", None),
        ("E.O. 12958: DECL:", None),
    ],
)
def test_declassification_is_a_day_or_the_events_words(eo: str, day: str | None) -> None:
    assert of_order(eo).declassify_on == day


def test_a_separate_line_on_declassification_counts_where_the_order_has_none() -> None:
    both = parse_authority("E.O. 12958: N/A", "Source marked 25X1-human, Date of source: June 18, 2009", None, None)
    assert both.declassify_on == "Source marked 25X1-human, Date of source: June 18, 2009"


@pytest.mark.parametrize(
    ("eo", "order"),
    [
        ("E.O. 12958: N/A", "12958"),
        ("EO12958: N/A", "12958"),
        ("E.0. 12958L DECL: 12/12/2018", "12958"),
        ("EO 13526 DECL: 01/25/2019", "13526"),
        ("12065: GDS", "12065"),
        ("E.O. 1295: DECL:", "12958"),
        ("E.O. 12598: DECL: 01/25/2019", "12958"),
        (": DECL: 12/31/2020", None),
        ("", None),
    ],
)
def test_a_damaged_order_is_mended_where_one_order_is_near(eo: str, order: str | None) -> None:
    assert of_order(eo).executive_order == order


def test_a_mended_order_is_recorded() -> None:
    assert [(repair.before, repair.after) for repair in of_order("E.O. 1295: N/A").repairs] == [("1295", "12958")]
    assert of_order("E.O. 12958: N/A").repairs == ()


def test_other_brackets_in_the_order_line_name_nobody() -> None:
    assert of_order("E.O. 12958 (AS AMENDED): DECL: 12/12/2018").classified_by is None


def test_the_officer_in_the_order_line_of_1979_is_the_classifier() -> None:
    assert of_order("E.O. 12065: GDS 8/12/85 (DOE, JANE Q.) OR-P").classified_by == Officer("Jane Q. Doe", None)


@pytest.mark.parametrize(
    ("written", "name", "title"),
    [
        ("DCM Jane Doe for reasons 1.4 (b) and (d).", "Jane Doe", "DCM"),
        ("Ambassador Jane Q. Doe. Reasons 1.4 (b) and (d).", "Jane Q. Doe", "Ambassador"),
        ("Political Officer Jane Doe: 1.4 (d).", "Jane Doe", "Political Officer"),
        ("Pol/Econ Counselor Jane Doe, Reason 1.4 (d)", "Jane Doe", "Pol/Econ Counselor"),
        ("POL/C Jane Doe", "Jane Doe", "POL/C"),
        ("A/S Jane Doe", "Jane Doe", "A/S"),
        ("EUR A/S Jane Q. Doe", "Jane Q. Doe", "EUR A/S"),
        ("SCA Jane Q. Doe, Reasons: 1.4 B", "Jane Q. Doe", "SCA"),
        ("S/CT DAS, Jane Q. Doe, Reason: 1/4 (B)", "Jane Q. Doe", "S/CT DAS"),
        ("USEU Political M-C Jane Doe for reasons 1.4 (b)", "Jane Doe", "USEU Political M-C"),
        ("EconMinCouns Jane Doe, reasons 1.4 (b)", "Jane Doe", "EconMinCouns"),
        (
            "Minister-Counselor for Economic Affairs Jane Doe, 1.4 (b)",
            "Jane Doe",
            "Minister-Counselor for Economic Affairs",
        ),
        ("Deputy Assistant Secretary for Iraq Jane Q. Doe", "Jane Q. Doe", "Deputy Assistant Secretary for Iraq"),
        ("Consul General Istanbul Jane Doe for reasons 1.4 (b)", "Jane Doe", "Consul General Istanbul"),
        ("PRT Salah Ad Din Leader Jane Doe", "Jane Doe", "PRT Salah Ad Din Leader"),
        ("PAS Couselor Jane Doe for reasons 1.4 b,d", "Jane Doe", "PAS Couselor"),
        ("Charge d'Affaires, a.i. Jane Doe. Reasons 1.4 (b)", "Jane Doe", "Charge d'Affaires, a.i."),
        ("Charge d,Affaires Jane Doe", "Jane Doe", "Charge d'Affaires"),
        ("CHARGE D' AFFAIRES JANE DOE", "Jane Doe", "CHARGE D'AFFAIRES"),
        ("Jane Q. Doe, Chargé d'Affaires, a.i.", "Jane Q. Doe", "Chargé d'Affaires, a.i."),
        (
            "Jane Doe, Director, Iran Regional Presence Office, DOS. REASON: 1.4 (b)",
            "Jane Doe",
            "Director, Iran Regional Presence Office, DOS",
        ),
        (
            "Jane Q. Doe, Ambassador, U.S. Embassy Tripoli. REASON: 1.4 (b)",
            "Jane Q. Doe",
            "Ambassador, U.S. Embassy Tripoli",
        ),
        ("Doe Jane, Ambassador", "Doe Jane", "Ambassador"),
        ("Doe, Jane, Ambassador, DOS; REASON: 1.4(B)", "Jane Doe", "Ambassador, DOS"),
        ("DOE, AMBASSADOR, DOS; REASON: 1.4(B)", "Doe", "AMBASSADOR, DOS"),
        ("Consul Jane Post, reason 1.4 (d)", "Jane Post", "Consul"),
        ("Ambassador Doe for reasons 1.4 (b)", "Doe", "Ambassador"),
        ("Ambassador John Doe, Jr. Reasons 1.4 (b)", "John Doe, Jr.", "Ambassador"),
        ("John Doe III, DCM", "John Doe III", "DCM"),
        ("Amb. Jane de la Cruz", "Jane de la Cruz", "Amb."),
        ("AMBASSADOR JANE MCDOE VAN DER MEER", "Jane McDoe van der Meer", "AMBASSADOR"),
        ("DCM Jane Q, Doe, Reason 1.4 (b)", "Jane Q. Doe", "DCM"),
        ("JANE 0. DOE, DIRECTOR", "Jane O. Doe", "DIRECTOR"),
        ("Charge Jane C.Doe, Reasons 1.4(b+d)", "Jane C. Doe", "Charge"),
        ("CLASSIFIED BY ISN ACTING DAS JANE DOE FOR REASONS 1.4 (B)", "Jane Doe", "ISN ACTING DAS"),
        ("(U) Classified by EAP DAS Jane Doe, Reason: 1.4 (c)", "Jane Doe", "EAP DAS"),
        ("by CDA Jane Doe for reaons 1.4 (b)", "Jane Doe", "CDA"),
        ("U/S Jane Doe (G). Reason: 1.4 (b)", "Jane Doe", "U/S"),
        ("Jane Doe (DCM) for reasons 1.4 b and d", "Jane Doe", "DCM"),
        ("Under Secretary Jane Doe for reasons 1.4 (b)", "Jane Doe", "Under Secretary"),
        ("Charge D'Affaires a. i. Jane Doe, reasons 1.4 (b)", "Jane Doe", "Charge D'Affaires a.i."),
        ("Ambassador Jane Doe pursuant to 1.4 (b)", "Jane Doe", "Ambassador"),
        ("Ambassador, reason 1.4 (b,d)", None, "Ambassador"),
        ("XXXXXXXXXXXX, DCM", None, "DCM"),
        ("Jane Doe", "Jane Doe", None),
    ],
)
def test_name_and_title_are_told_apart(written: str, name: str | None, title: str | None) -> None:
    assert officer(written) == Officer(name, title)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Minister-Counselor for Political-Military Affairs Jan \ne Doe for reasons 1.4 (b-d).", "Jane Doe"),
        ("Deputy Coordinator John D \noe for reasons 1.4 (b)", "John Doe"),
        ("Deputy Coordinator Carol Sel \nle for reasons 1.4 (b)", "Carol Selle"),
        ("POLITICAL MINISTER COUNSELOR JANE DOE, FOR REAS \nONS 1.4 B/D", "Jane Doe"),
        ("MINISTER-COUNSELOR FOR POLITICAL AFFAIRS JANE DOE FO \nR REASONS 1.4 (B)", "Jane Doe"),
        ("Acting Political Minister-Counselor Jane Doe for rea sons 1.4. (b), (d).", "Jane Doe"),
        ("Minister-Counselor for Economic Affai\nrs Jane Doe, reasons 1.4 (b)", "Jane Doe"),
        ("DCM Jane Doe \nfor reasons 1.4 (b)", "Jane Doe"),
    ],
)
def test_a_word_broken_by_the_wrap_is_put_together(written: str, name: str) -> None:
    found = officer(written)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "written",
    ["SECTION 1.5 (B)", "Derived from Multiple Sources", "for reasons 1.4 (b)", "xxxxxx for Reasons 1.4 (b)", "..."],
)
def test_a_line_without_an_officer_names_none(written: str) -> None:
    assert officer(written) is None


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("1.4 (b) and (d).", "bd"),
        ("1.4(b/d)", "bd"),
        ("1.4 (b)(d)", "bd"),
        ("1.4(b+d)", "bd"),
        ("1.4 (b-d)", "bcd"),
        ("1.4 (b) - (d)", "bcd"),
        ("1.4 (a-c, e)", "abce"),
        ("1.4. (b), (d)", "bd"),
        ("1.4 b and d", "bd"),
        ("1.4b,d", "bd"),
        ("1.4 (b. and d.)", "bd"),
        ("1.4, b and d.", "bd"),
        ("1/4 (B), (D), (E), and (G)", "bdeg"),
        ("1:4 b,d", "bd"),
        ("1 .4 (b/d)", "bd"),
        ("1.\n4 (B) and (D)", "bd"),
        ("14 (b) and (d)", "bd"),
        ("1.4 (b) an \nd (d)", "bd"),
        ("1.4 (B) A ND (D)", "bd"),
        ("1.4 (b,\nc, & d)", "bcd"),
        ("b, d.", "bd"),
        ("E.O. 12958 1.4 (b,d)", "bd"),
        ("1.4 (b), (d) 1. (C/NF) Summary: All is well.", "bd"),
        ("1.4(B), (D)\n(C) SUMMARY: All is well.", "bd"),
        ("1.4 (b) and (d)\nREF: ROME 42", "bd"),
    ],
)
def test_reasons_are_written_one_way(text: str, letters: str) -> None:
    assert reasons(text) == tuple(f"1.4({letter})" for letter in letters)


def test_the_section_of_1995_is_kept() -> None:
    assert reasons("1.5 (A/C).") == ("1.5(a)", "1.5(c)")


def test_a_section_without_a_letter_stands_alone() -> None:
    assert reasons("1.4 ...") == ("1.4",)


def test_a_reason_line_of_its_own_counts() -> None:
    authority = parse_authority(None, None, "Jane Doe, DCM, Embassy Rome,\nDepartment of State.", "1.4(B), \n(C), (D)")
    assert authority.reasons == ("1.4(b)", "1.4(c)", "1.4(d)")
    assert authority.classified_by == Officer("Jane Doe", "DCM, Embassy Rome, Department of State")


def test_nothing_given_is_nothing_found() -> None:
    assert parse_authority(None, None, None, None) == Authority()


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_nothing_raises(eo: str, declassify: str, by: str, reason: str) -> None:
    parse_authority(eo, declassify, by, reason)
    parse_authority(
        "E.O. 12958: DECL: " + eo, declassify, "Ambassador " + by + " for reasons 1.4 " + reason, "1.4 " + reason
    )
