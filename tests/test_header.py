"""reftel.parse.header: where a routing header stands, and what it says."""

from __future__ import annotations

import html
import re
import tarfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Addressee
from reftel.parse.header import Header, find_header, parse_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODERN = """VZCZCXRO0001
PP RUEHBC RUEHDE
RUEHXX
DE RUEHGB #0042/01 0351200
ZNY SSSSS ZZH
P 041200Z FEB 09
FM AMEMBASSY BAGHDAD
TO RUEHC/SECSTATE WASHDC PRIORITY 0007
INFO RUCNRAQ/IRAQ COLLECTIVE PRIORITY
RHEHNSC/NSC WASHDC
RHMCSUU/JOINT STAFF WASHINGTON DC//J5/J3// PRIORITY"""

FULL_1976 = """CONFIDENTIAL

PAGE 01 BONN 00042 01 OF 02 031420Z
43
ACTION EUR-12

INFO OCT-01 ISO-00 SS-15 NSC-05 CIAE-00
     PM-03 H-02 INR-07 /045 W
DRAFTED BY EUR/CE:JQDOE:AB
APPROVED BY EUR:RROE
EUR/SOV:PPOE
--------------------- 012345
P R 031400Z FEB 76 ZFF4
FM AMEMBASSY BONN
TO SECSTATE WASHDC PRIORITY 42
INFO AMEMBASSY PARIS UNN
AMEMBASSY DAR ES SALAAM BY POUCH
USMISSION USUN NEW YORK NIACT IMMEDIATE 33
CTF 150"""


def read(text: str) -> Header:
    return parse_header(text, 0, len(text))


def found(text: str) -> str | None:
    span = find_header(text, 0, len(text))
    return text[span.start : span.end] if span else None


def one_address(line: str) -> Addressee:
    (address,) = read(f"P 041200Z FEB 09\nFM AMEMBASSY ROME\nTO {line}").action
    return address


def test_a_modern_header_gives_every_field() -> None:
    header = read(MODERN)
    assert (header.transmission, header.route, header.serial, header.security) == (
        "VZCZCXRO0001",
        "RUEHGB",
        "0042",
        "S",
    )
    assert (header.dtg, header.sent) == ("041200Z FEB 09", datetime(2009, 2, 4, 12, 0, tzinfo=UTC))
    assert (header.precedence, header.sender) == ("PRIORITY", "AMEMBASSY BAGHDAD")
    assert header.action == (Addressee("SECSTATE WASHDC", "RUEHC", "PRIORITY", "0007"),)
    assert header.info == (
        Addressee("IRAQ COLLECTIVE", "RUCNRAQ", "PRIORITY"),
        Addressee("NSC WASHDC", "RHEHNSC"),
        Addressee("JOINT STAFF WASHINGTON DC", "RHMCSUU", "PRIORITY", None, ("J5/J3",)),
    )
    assert header.doubts == ()
    assert header.repairs == ()


def test_a_full_telegram_of_1976_keeps_offices_apart_from_addressees() -> None:
    header = read(FULL_1976)
    assert header.distribution == (
        "EUR-12",
        "OCT-01",
        "ISO-00",
        "SS-15",
        "NSC-05",
        "CIAE-00",
        "PM-03",
        "H-02",
        "INR-07",
    )
    assert [to.name for to in header.action] == ["SECSTATE WASHDC"]
    assert [to.name for to in header.info][:2] == ["AMEMBASSY PARIS", "AMEMBASSY DAR ES SALAAM"]
    assert (header.precedence, header.info_precedence, header.service) == ("PRIORITY", "ROUTINE", ("ZFF4",))
    assert (header.drafted_by, header.approved_by, header.cleared_by) == ("EUR/CE:JQDOE:AB", "EUR:RROE", "EUR/SOV:PPOE")
    assert header.repairs == ()


def test_niact_immediate_is_one_precedence_and_a_task_force_keeps_its_number() -> None:
    assert read(FULL_1976).info[2:] == (
        Addressee("USMISSION USUN NEW YORK", None, "NIACT IMMEDIATE", "33"),
        Addressee("CTF 150"),
    )


def test_a_header_without_routing_is_read() -> None:
    header = read("R 130458Z AUG 79\nFM AMEMBASSY TEHRAN\nTO SECSTATE WASHDC 42")
    assert header.sent == datetime(1979, 8, 13, 4, 58, tzinfo=UTC)
    assert header.action == (Addressee("SECSTATE WASHDC", mcn="42"),)


@pytest.mark.parametrize(("year", "full"), [("66", 1966), ("99", 1999), ("00", 2000), ("10", 2010), ("1973", 1973)])
def test_two_digit_years_from_66_are_of_the_last_century(year: str, full: int) -> None:
    sent = read(f"R 011200Z JAN {year}\nFM AMEMBASSY ROME").sent
    assert sent is not None
    assert sent.year == full


def test_an_impossible_date_is_a_doubt_and_no_date() -> None:
    header = read("R 310258Z FEB 79\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC")
    assert (header.sent, header.dtg) == (None, "310258Z FEB 79")
    assert [doubt.kind for doubt in header.doubts] == ["dtg"]


def test_a_filing_day_far_from_the_date_time_group_is_a_doubt() -> None:
    assert [doubt.kind for doubt in read(MODERN.replace("0351200", "0991200")).doubts] == ["dtg"]


def test_a_retransmission_may_be_filed_late() -> None:
    late = MODERN.replace("0351200", "0991200").replace("FEB 09", "FEB 09 ZDK")
    assert read(late).doubts == ()
    assert read(late).service == ("ZDK",)


def test_a_message_filed_after_new_year_is_no_doubt() -> None:
    text = "VZCZCXYZ0001\nDE RUEHGB #0042 0010100\nP 312300Z DEC 08\nFM AMEMBASSY BAGHDAD\nTO SECSTATE WASHDC"
    assert read(text).doubts == ()


def test_the_second_letter_is_the_precedence_of_the_info_list() -> None:
    header = read("O R 191538Z FEB 10\nFM AMEMBASSY ROME")
    assert (header.precedence, header.info_precedence) == ("IMMEDIATE", "ROUTINE")


@pytest.mark.parametrize(
    ("written", "meant"), [("PIORITY", "PRIORITY"), ("IMMEDAITE", "IMMEDIATE"), ("ROUTNE", "ROUTINE")]
)
def test_a_misspelt_precedence_is_mended_and_recorded(written: str, meant: str) -> None:
    header = read(f"P 041200Z FEB 09\nFM AMEMBASSY ROME\nTO AMEMBASSY NEW DELHI {written}")
    assert header.action == (Addressee("AMEMBASSY NEW DELHI", precedence=meant),)  # type: ignore[arg-type]
    assert [(repair.kind, repair.before, repair.after) for repair in header.repairs] == [("label", written, meant)]


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("SECSTATE WASHDC", Addressee("SECSTATE WASHDC")),
        ("AMCONSUL ISTANBUL PRIORITY 012", Addressee("AMCONSUL ISTANBUL", None, "PRIORITY", "012")),
        (
            "RUEHC/SECSTATE WASHDC NIACT IMMEDIATE 0001",
            Addressee("SECSTATE WASHDC", "RUEHC", "NIACT IMMEDIATE", "0001"),
        ),
        ("ZEN/AMEMBASSY RIGA IMMEDIATE 0612-0615", Addressee("AMEMBASSY RIGA", "ZEN", "IMMEDIATE", "0612-0615")),
        ("CIA WASHINGTON DC//NHTC// 0000", Addressee("CIA WASHINGTON DC", None, None, "0000", ("NHTC",))),
        ("DIA WASHINGTON DC//DHI/CLM//DP//", Addressee("DIA WASHINGTON DC", offices=("DHI/CLM", "DP"))),
        ("RUEAIIA/CIA WASHINGTON DC// PRIORITY", Addressee("CIA WASHINGTON DC", "RUEAIIA", "PRIORITY")),
        ("COMUSKOREA J5 SEOUL KOR", Addressee("COMUSKOREA J5 SEOUL KOR")),
        ("RUEUITH/DET 1 39LG ANKARA TU", Addressee("DET 1 39LG ANKARA TU", "RUEUITH")),
        ("AMEMBASSY LOME (BY POUCH)", Addressee("AMEMBASSY LOME")),
    ],
)
def test_an_address_line_gives_name_route_precedence_number_and_offices(line: str, address: Addressee) -> None:
    assert one_address(line) == address


def test_a_page_line_between_to_and_the_address_is_dropped_and_recorded() -> None:
    header = read(
        "O P 131528Z MAY 08\nFM SECSTATE WASHDC\nTO AMEMBASSY ROME\n"
        "INFO PAGE 02   STATE   000042  131535Z\nAMEMBASSY PARIS"
    )
    assert [to.name for to in header.info] == ["AMEMBASSY PARIS"]
    assert [(repair.kind, repair.before) for repair in header.repairs] == [
        ("page-line", "PAGE 02   STATE   000042  131535Z")
    ]


def test_exempted_posts_are_listed_apart_up_to_a_blank_line() -> None:
    header = read(
        "R 130458Z AUG 79\nFM SECSTATE WASHDC\nTO ALL POSTS\nXMT AMCONSUL DURBAN, AMEMBASSY ROME\n\nINFO AMEMBASSY BONN"
    )
    assert [to.name for to in header.exempt] == ["AMCONSUL DURBAN", "AMEMBASSY ROME"]
    assert [to.name for to in header.info] == ["AMEMBASSY BONN"]


def test_a_name_wrapped_onto_the_next_line_is_one_addressee() -> None:
    header = read(
        "R 130458Z AUG 79\nFM AMEMBASSY BONN\nTO RUEHXX/ORGANIZATION FOR SECURITY AND\nCOOPERATION COLLECTIVE\nPRIORITY"
    )
    assert header.action == (Addressee("ORGANIZATION FOR SECURITY AND COOPERATION COLLECTIVE", "RUEHXX", "PRIORITY"),)


def test_info_at_the_end_of_a_line_begins_the_info_list() -> None:
    header = read("R 130458Z AUG 79\nFM AMEMBASSY BONN\nTO SECSTATE WASHDC 42\nUSMISSION GENEVA INFO\nAMEMBASSY ROME")
    assert [to.name for to in header.action] == ["SECSTATE WASHDC", "USMISSION GENEVA"]
    assert [to.name for to in header.info] == ["AMEMBASSY ROME"]


def test_a_header_on_one_line_is_read() -> None:
    header = read("P 041200Z FEB 09 FM AMEMBASSY ROME TO RUEHC/SECSTATE WASHDC 0042 INFO RUEHXX/IRAQ COLLECTIVE")
    assert (header.sender, len(header.action), len(header.info)) == ("AMEMBASSY ROME", 1, 1)


def test_words_behind_the_date_time_group_are_no_list() -> None:
    header = read("P 041200Z FEB 09 ZDK TO ALL CITE NUMEROUS REQUESTS\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC")
    assert [to.name for to in header.action] == ["SECSTATE WASHDC"]
    assert header.service == ("ZDK TO ALL CITE NUMEROUS REQUESTS",)


def test_a_cut_routing_line_is_left_out_with_a_doubt() -> None:
    header = read(
        "P 041200Z FEB 09\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC\nINFO RUEHXX/AMEMBASSY PARIS\nRUEHXX/AMEMB..."
    )
    assert [to.name for to in header.info] == ["AMEMBASSY PARIS"]
    assert [doubt.kind for doubt in header.doubts] == ["header"]


def test_a_partial_record_says_so_and_may_keep_its_date_time_group() -> None:
    header = read(
        "This record is a partial extract of the original cable. The rest is not available.\n\n201247Z Jan 04"
    )
    assert (header.partial, header.dtg) == (True, "201247Z JAN 04")
    assert header.sent == datetime(2004, 1, 20, 12, 47, tzinfo=UTC)


def test_a_printed_view_above_the_header_names_the_drafter_and_no_addressee() -> None:
    header = read(
        f"To:       No Action Addressee\nAPPROVED: AMB:RROE\nDRAFTED: POL:JQDOE -- 06/19/2009  555-0100\n\n{MODERN}"
    )
    assert (header.drafted_by, header.approved_by) == ("POL:JQDOE", "AMB:RROE")
    assert [to.name for to in header.action] == ["SECSTATE WASHDC"]


def test_no_to_line_leaves_the_action_list_empty() -> None:
    header = read("R 130458Z AUG 79\nFM AMCONSUL TIJUANA\nINFO AMEMBASSY MEXICO")
    assert (header.action, [to.name for to in header.info]) == ((), ["AMEMBASSY MEXICO"])


def test_a_redacted_sender_is_none() -> None:
    assert read("R 130458Z AUG 79\nFM XXXXXXXXXXXX\nTO SECSTATE WASHDC").sender is None


@pytest.mark.parametrize(
    "body",
    [
        "S E C R E T SECTION 01 OF 02 BAGHDAD 000042\n\nSIPDIS\n\nE.O. 12958: N/A\n\n1. Text",
        "UNCLAS BAGHDAD 000042\n\nTO THE SECRETARY FROM THE AMBASSADOR\n\n1. Text",
        "SIPDIS\n\nE.O. 12958: N/A",
        "\nTO THE SECRETARY FROM THE AMBASSADOR\n\n1. Text",
        "\nThe minister told us that all was well, and that it would remain so.",
        "\n1. TEXT",
        "",
    ],
)
@pytest.mark.parametrize("header", [MODERN, FULL_1976])
def test_a_header_ends_before_the_body(header: str, body: str) -> None:
    assert found(f"{header}\n{body}") == header


def test_a_header_may_stand_below_a_few_lines_of_a_publisher() -> None:
    assert found(f"Copy from an archive\n\n\n{MODERN}\nUNCLAS BAGHDAD 000042") == MODERN


def test_a_header_ends_with_its_break_sign() -> None:
    assert found(f"{MODERN}\nBT\nUNCLAS BAGHDAD 000042") == f"{MODERN}\nBT"


def test_a_partial_records_sentence_is_its_header() -> None:
    sentence = "This record is a partial extract of the original cable. The full text is not available."
    assert found(f"{sentence}\n\nTuesday, 13 January 2004, 10:41\nS E C R E T RANGOON 000042") == sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1. WE AGREE.\nFM AMEMBASSY BONN\nTO SECSTATE WASHDC",
        "TO THE SECRETARY FROM THE AMBASSADOR\n\nSUMMARY: ALL IS WELL.",
        "S E C R E T ROME 000042\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL\n\n1. A.\n\nFM AMEMBASSY ROME\nTO SECSTATE",
        "A" * 10_000,
    ],
)
def test_a_body_without_a_header_has_none(text: str) -> None:
    assert find_header(text, 0, len(text)) is None


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*MODERN.split("\n"), *FULL_1976.split("\n"), "", "TO", "//", "INFO ...", "\x00", "¶1. x"])
    )
)
def test_no_order_of_lines_raises(lines: list[str]) -> None:
    text = "\n".join(lines)
    span = find_header(text, 0, len(text))
    assert span is None or 0 <= span.start <= span.end <= len(text)
    read(text)


def pages(shared: Path) -> Iterator[tuple[str, str, str]]:
    with tarfile.open(shared / "cables" / "cablegate-pages.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".html") else None
            blocks = re.findall(r"<code><pre>(.*?)</pre></code>", file.read().decode() if file else "", re.DOTALL)
            if len(blocks) == 2:
                header, body = (html.unescape(re.sub(r"<[^>]+>", "", block)) for block in blocks)
                yield member.name, header, body


def test_every_real_page_with_a_header_has_date_sender_and_addressee(shared: Path) -> None:
    lacking = [
        name
        for name, text, _ in pages(shared)
        if "\nFM " in text and not ((header := read(text)).sent and header.sender and header.action)
    ]
    assert lacking == []


def test_on_every_real_page_the_header_is_found_where_its_block_ends(shared: Path) -> None:
    wrong = [
        name
        for name, head, body in pages(shared)
        if not (found(f"{head}\n\n{body}") or "").endswith(head.strip()[-40:])
    ]
    assert wrong == []
