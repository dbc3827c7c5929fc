from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read import read as read_source
from reftel.read.text import read_texts

if TYPE_CHECKING:
    from pathlib import Path

MODERN = """\
VZCZCXRO5259
PP RUEHBC RUEHDE
DE RUEHLI #{number}/01 0261657
ZNY CCCCC ZZH
P 26{hour}57Z JAN 09
FM AMEMBASSY LISBON
TO RUEHC/SECSTATE WASHDC PRIORITY 1402
INFO RUEHMD/AMEMBASSY MADRID
C O N F I D E N T I A L SECTION 01 OF 02 LISBON 00{number}

SUBJECT: TALKS

1. (C) Minister Duarte agreed.
DALY
"""
SEVENTIES = """\
CONFIDENTIAL

PAGE 01        ACCRA  0{number}  01 OF 02  121530Z
42
ACTION AF-10

INFO  OCT-01   ISO-00   /037 W
                    ------------------352654  200910Z /23
R 12{hour}30Z MAR 76
FM AMEMBASSY ACCRA
TO SECSTATE WASHDC 5365
C O N F I D E N T I A L SECTION 1 OF 2 ACCRA {number}

1. MINISTER AGREED.
CONFIDENTIAL

CONFIDENTIAL

PAGE 02        ACCRA  0{number}  01 OF 02  121530Z

2. HE THEN LEFT.
OWUSU


CONFIDENTIAL


NNN
"""
SHORT = """\
R 13{hour}58Z AUG 79
FM AMEMBASSY TUNIS
TO SECSTATE WASHDC 3182

SUBJECT: TALKS

1. MINISTER AGREED.
BEN ALI
"""
ARCHIVES = """\
Message Text

UNCLASSIFIED

PAGE 01  OSLO  0{number}  121530Z

R 121530Z MAR 76
FM AMEMBASSY OSLO
TO SECSTATE WASHDC

1. MINISTER AGREED.
LIND

Message Attributes

Automatic Decaptioning: X
Document Number: 1976OSLO0{number}
Draft Date: 12 MAR 1976
From: OSLO
Handling Restrictions: n/a
Original Classification: LIMITED OFFICIAL USE
Markings: Declassified/Released US Department of State EO Systematic Review 04 MAY 2006
"""


def read(text: str, name: str = "cables.txt") -> list[RawCable]:
    found = list(read_texts(text.splitlines(keepends=True), name))
    assert all(isinstance(item, RawCable) for item in found)
    return [item for item in found if isinstance(item, RawCable)]


@pytest.mark.parametrize("form", [MODERN, SEVENTIES, SHORT, ARCHIVES])
def test_a_text_with_one_header_is_one_cable(form: str) -> None:
    (cable,) = read(form.format(number=1970, hour=14))
    assert cable.reader == "text"
    assert cable.source == "cables.txt"
    assert cable.body_start is None


@pytest.mark.parametrize("form", [MODERN, SEVENTIES, SHORT, ARCHIVES])
@pytest.mark.parametrize("between", ["", "\n\n\n", "--------\n"])
def test_each_header_in_a_text_that_begins_with_one_begins_a_cable(form: str, between: str) -> None:
    cables = read(between.join(form.format(number=1970 + k, hour=10 + k) for k in range(5)))
    assert len(cables) == 5
    assert cables[0].source == "cables.txt line 1"
    assert len({cable.source for cable in cables}) == 5


def test_headers_of_different_times_can_be_mixed() -> None:
    forms = [MODERN, SHORT, SEVENTIES, ARCHIVES, SHORT, MODERN]
    cables = read("\n".join(form.format(number=1970 + k, hour=10 + k) for k, form in enumerate(forms)))
    assert len(cables) == 6
    assert cables[2].text.startswith("CONFIDENTIAL\n\nPAGE 01")
    assert cables[1].text.startswith("R 131158Z AUG 79")
    assert cables[4].text.rstrip().endswith("BEN ALI")


def test_nothing_of_the_text_is_lost_or_changed_where_it_is_divided() -> None:
    text = "\n".join(form.format(number=1970, hour=10 + k) for k, form in enumerate([MODERN, SHORT, SEVENTIES]))
    assert "".join(cable.text for cable in read(text)) == text


def test_the_header_of_the_next_section_begins_no_cable() -> None:
    second = MODERN.format(number=1970, hour=16).replace("#1970/01", "#1970/02").replace("SECTION 01", "SECTION 02")
    assert len(read(MODERN.format(number=1970, hour=16) + second)) == 1
    other = second.replace("1970", "1971")
    assert len(read(MODERN.format(number=1970, hour=16) + other)) == 2


def test_the_pages_of_the_next_section_begin_no_cable() -> None:
    second = SEVENTIES.format(number=1970, hour=14).replace("01 OF 02", "02 OF 02").replace("SECTION 1", "SECTION 2")
    assert len(read(SEVENTIES.format(number=1970, hour=14) + second)) == 1


def test_a_header_sent_twice_begins_no_cable() -> None:
    text = MODERN.format(number=1970, hour=16)
    header = text[: text.index("C O N F")]
    assert len(read(header + "\n7/29/2009 14:42\n" + text)) == 1


@pytest.mark.parametrize(
    "before", ["FOLLOWING RECEIVED FROM TUNIS IS REPEATED: QUOTE", "Begin text of the cable:", "QTE"]
)
def test_the_header_of_a_quoted_cable_begins_no_cable(before: str) -> None:
    text = SEVENTIES.format(number=1970, hour=14).replace(
        "2. HE THEN LEFT.", f"2. {before}\n{SHORT.format(hour=11)}\nUNQUOTE"
    )
    assert len(read(text)) == 1


def test_a_text_that_begins_without_a_header_is_one_cable_whatever_follows() -> None:
    middle = "------------------127952 192040Z /63\n" + SHORT.format(hour=11)
    (cable,) = read("1. MINISTER AGREED TO THE TALKS.\n2. HE LEFT.\n3. HE CAME BACK.\n4. HE AGREED.\n\n" + middle)
    assert cable.text.endswith("BEN ALI\n")


def test_partial_records_among_others_are_cables_of_their_own() -> None:
    partial = (
        "This record is a partial extract of the original cable. The full text is not available.\n\n1. (C) He left.\n"
    )
    assert len(read(partial + partial + SHORT.format(hour=11) + partial)) == 4


def test_a_body_alone_claims_the_number_that_its_file_is_named_by() -> None:
    (cable,) = read("POST HAS NO FACILITIES.\n\nSMITH\n", "some/1975MATAMO00058.txt")
    assert cable.claimed_mrn == "75MATAMO58"
    (cable,) = read("POST HAS NO FACILITIES.\n\nSMITH\n", "notes.txt")
    assert cable.claimed_mrn is None


def test_cables_that_share_a_file_do_not_take_its_name() -> None:
    assert {cable.claimed_mrn for cable in read(SHORT.format(hour=10) + SHORT.format(hour=11), "79TUNIS1.txt")} == {
        None
    }


def test_the_archives_attributes_are_claims_and_no_text() -> None:
    (cable,) = read(ARCHIVES.format(number=1234), "x.txt")
    assert cable.text.startswith("UNCLASSIFIED\n\nPAGE 01")
    assert cable.text.endswith("LIND\n")
    assert cable.claimed_mrn == "76OSLO1234"
    assert cable.claimed_post == "OSLO"
    assert cable.claimed_classification == "LIMITED OFFICIAL USE"
    assert cable.claimed_sent is None


def test_a_record_of_the_archives_without_text_is_an_error_and_the_others_are_read() -> None:
    empty = "Message Text\n\n\nMessage Attributes\n\nDocument Number: 1976OSLO00009\nFrom: OSLO\n"
    found = list(read_texts((empty + ARCHIVES.format(number=1234)).splitlines(keepends=True), "x.txt"))
    assert isinstance(found[0], InputError)
    assert found[0].where == "x.txt line 1"
    assert isinstance(found[1], RawCable)


def test_the_note_of_where_a_sample_came_from_is_no_part_of_the_cable() -> None:
    text = "1. MINISTER AGREED.\n# source: said the minister\nLIND\n"
    (cable,) = read(text + "# source: https://example.org/1\n\n# source: https://example.org/2\n")
    assert cable.text == text


def test_a_text_without_prose_is_an_error() -> None:
    (error,) = read_texts(["1 2 3\n", "4 5 6\n"], "x.txt")
    assert isinstance(error, InputError)


def test_every_sample_of_the_1970s_is_one_cable_that_claims_its_number(shared: Path) -> None:
    cables = list(read_source(shared / "samples" / "cfpf"))
    assert len(cables) == 20
    assert all(cable.claimed_mrn for cable in cables)
    assert not any("# source:" in cable.text for cable in cables)


def test_real_headers_and_bodies_put_end_to_end_come_apart_where_they_were_joined(shared: Path) -> None:
    cables = list(read_source(shared / "cables" / "cablegate-pages.tar.xz"))
    texts = [cable.text.rstrip("\n") + "\n\n" for cable in cables]
    begins, at = {0}, 0
    for text in texts:
        at += len(text)
        begins.add(at)
    found, at = set(), 0
    for cable in read("".join(texts)):
        found.add(at)
        at += len(cable.text)
    assert len(found - begins) <= 5
    assert len(begins - found) <= 6
