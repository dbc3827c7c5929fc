"""The cable's number: mended where one reading is left, checked against header and first line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reftel.parse.identity import Number, identify

SENT_2008 = datetime(2008, 5, 1, tzinfo=UTC)
NOWHERE = Number()


def kinds(identity: object) -> set[str]:
    return {doubt.kind for doubt in identity.doubts}  # type: ignore[attr-defined]


def test_a_sound_id_stands() -> None:
    found = Number(9, "BAGHDAD", 197)
    assert identify("09BAGHDAD197", found, found).mrn == "09BAGHDAD197"
    assert identify("09BAGHDAD197", found, found).doubts == ()


def test_without_a_claim_header_and_first_line_give_the_number() -> None:
    assert identify(None, Number(None, "TUNIS", 812), Number(None, "TUNIS", 812), SENT_2008).mrn == "08TUNIS812"


@pytest.mark.parametrize(
    ("damaged", "post", "number", "meant"),
    [
        ("08SCTION02OF02SAOPAULO335", "SAOPAULO", 335, "08SAOPAULO335"),
        ("08ECTION01OF02MANAMA492", "MANAMA", 492, "08MANAMA492"),
        ("092OF5", "STATE", 126780, "09STATE126780"),
        ("07SOIA828", "SOFIA", 828, "07SOFIA828"),
        ("10AQNA272", "ASTANA", 272, "10ASTANA272"),
        ("08IHARTOUM1126", None, None, "08KHARTOUM1126"),
        ("09EFTORIYADH1110", None, None, "09RIYADH1110"),
        ("85NOFORNMOGADISHU1643", None, None, "85MOGADISHU1643"),
        ("09AMEMBASSYHANOI1284", None, None, "09HANOI1284"),
        ("90STATE255577TOSEC140323", None, None, "90STATE255577"),
        ("06MADRID002583ZFR2585", None, None, "06MADRID2583"),
        ("07OSLO000160ZDK164", None, None, "07OSLO160"),
        ("08ACCRA001382SUSPECTEDDUPLICATE1392", None, None, "08ACCRA1382"),
        ("7575LIBREVILLE1895", None, None, "75LIBREVILLE1895"),
        ("06ASTANA", None, 204, "06ASTANA204"),
        ("1979STATE274491", None, None, "79STATE274491"),
        ("90CAPET97", None, None, "90CAPETOWN97"),
    ],
)
def test_a_damaged_id_is_mended(damaged: str, post: str | None, number: int | None, meant: str) -> None:
    found = Number(None, post, number)
    identity = identify(damaged, found, found)
    assert identity.mrn == meant
    assert [(r.before, r.after) for r in identity.repairs] == [(damaged, meant)]


def test_a_body_of_another_cable_is_reported_and_not_followed() -> None:
    identity = identify("07PARIS2725", Number(7, "PARIS", 2725), Number(None, "MOSCOW", 5154))
    assert identity.mrn == "07PARIS2725"
    assert kinds(identity) == {"body"}


def test_a_header_of_another_post_is_reported() -> None:
    assert kinds(identify("09HAVANA132", Number(9, "MOSCOW", 512), NOWHERE)) == {"header"}


def test_a_year_that_the_date_contradicts_is_reported() -> None:
    assert kinds(identify("09TUNIS812", NOWHERE, NOWHERE, SENT_2008)) == {"year"}


def test_no_number_anywhere_is_null() -> None:
    assert identify(None, NOWHERE, NOWHERE).mrn is None
