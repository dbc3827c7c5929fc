"""The code tables: posts, TAGS and captions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel import tables
from reftel.model import TagKind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Sao Paulo", "SAOPAULO"),
        ("SAO PAULO", "SAOPAULO"),
        ("São Paulo", "SAOPAULO"),
        ("SAOPAULO", "SAOPAULO"),
        ("Port-au-Prince", "PORTAUPRINCE"),
        ("ST. PETERSBURG", "STPETERSBURG"),
        ("the hague", "THEHAGUE"),
    ],
)
def test_a_post_is_known_however_its_name_is_spaced(written: str, code: str) -> None:
    assert tables.post_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("AMEMBASSY BAGHDAD", "BAGHDAD"),
        ("AMEMBASSYHANOI", "HANOI"),
        ("FM AMCONSUL SAO PAULO", "SAOPAULO"),
        ("Embassy Vienna", "VIENNA"),
        ("American Embassy Paris", "PARIS"),
        ("USMISSION USUN NEW YORK", "USUNNEWYORK"),
        ("USMISSION UNVIE VIENNA", "UNVIEVIENNA"),
        ("USMISSION NATO BRUSSELS", "USNATO"),
        ("USINT HAVANA", "HAVANA"),
        ("USLO PEKING", "PEKING"),
        ("IRAN RPO DUBAI", "RPODUBAI"),
        ("AIT TAIPEI", "AITTAIPEI"),
        ("SECSTATE WASHDC", "STATE"),
    ],
)
def test_the_words_of_an_address_lead_to_the_post(written: str, code: str) -> None:
    assert tables.post_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("RIO", "RIODEJANEIRO"),
        ("RIO DE JAN", "RIODEJANEIRO"),
        ("HCMC", "HOCHIMINHCITY"),
        ("BKK", "BANGKOK"),
        ("PAP", "PORTAUPRINCE"),
        ("KL", "KUALALUMPUR"),
        ("TGG", "TEGUCIGALPA"),
        ("UNVIE", "UNVIEVIENNA"),
        ("PARIS FR", "UNESCOPARISFR"),
        ("SECSTATE", "STATE"),
    ],
)
def test_abbreviations_name_their_post(written: str, code: str) -> None:
    assert tables.post_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("CAPE T", "CAPETOWN"),
        ("CARACA", "CARACAS"),
        ("TEGUCI", "TEGUCIGALPA"),
        ("NEWDE", "NEWDELHI"),
        ("PHNOM", "PHNOMPENH"),
        ("USUNN", "USUNNEWYORK"),
        ("OECDP", "OECDPARIS"),
        ("PORTM", "PORTMORESBY"),
        ("PORTA", "PORTAUPRINCE"),
        ("KUALA", "KUALALUMPUR"),
        ("VATICA", "VATICAN"),
        ("MBFRV", "MBFRVIENNA"),
        ("BUENOS", "BUENOSAIRES"),
    ],
)
def test_names_cut_to_six_places_lead_to_the_post(written: str, code: str) -> None:
    assert tables.post_code(written) == code


@pytest.mark.parametrize(
    "written", ["PORTO", "SAN", "GUA", "SANTI AGO DE X", "", "   ", "AMEMBASSY", "xxxxxxxxxxxx", "A" * 10_000]
)
def test_a_beginning_that_two_posts_share_or_none_has_is_not_guessed_at(written: str) -> None:
    assert tables.post_code(written) is None


def test_a_given_name_in_mixed_case_is_no_cut_post() -> None:
    assert tables.post_code("GEORGE") == "GEORGETOWN"
    assert tables.post_code("George") is None


def test_the_mission_to_the_european_union_numbered_its_cables_as_brussels() -> None:
    assert tables.post_code("USEU BRUSSELS") == "BRUSSELS"
    assert tables.post_code("USEUBRUSSELS") == "USEUBRUSSELS"


def test_a_renamed_city_keeps_a_code_for_each_name() -> None:
    kiev, kyiv = tables.post("KIEV"), tables.post("KYIV")
    assert kiev is not None
    assert kyiv is not None
    assert (kiev.name, kiev.city) == (kyiv.name, kyiv.city) == ("Embassy Kyiv", "Kyiv")


@pytest.mark.parametrize(
    ("damaged", "code"),
    [
        ("SOIA", "SOFIA"),
        ("IHARTOUM", "KHARTOUM"),
        ("BUENOSQRES", "BUENOSAIRES"),
        ("NARIOBI", "NAIROBI"),
        ("KATHAMNDU", "KATHMANDU"),
        ("0TTAWA", "OTTAWA"),
    ],
)
def test_a_damaged_code_is_the_nearest_post(damaged: str, code: str) -> None:
    assert tables.nearest_post_code(damaged) == code


@pytest.mark.parametrize("damaged", ["AQNA", "XANAMA", "SECTION", "", "ZZ", "EFTO", "QWERTYUIOP"])
def test_a_code_too_far_from_any_or_as_near_to_two_is_left_alone(damaged: str) -> None:
    assert tables.nearest_post_code(damaged) is None


def test_post_names_have_the_form_of_the_published_origins() -> None:
    names = {
        code: tables.post(code)
        for code in ("BAGHDAD", "STATE", "USNATO", "UNVIEVIENNA", "HAVANA", "RPODUBAI", "RIODEJANEIRO")
    }
    assert [post.name for post in names.values() if post] == [
        "Embassy Baghdad",
        "Secretary of State",
        "Mission USNATO",
        "UNVIE",
        "US Interests Section Havana",
        "Iran RPO Dubai",
        "Consulate Rio De Janeiro",
    ]


def test_an_unknown_code_is_no_post_and_no_tag() -> None:
    assert tables.post("NOWHERE") is None
    assert tables.tag_entry("QQQQ") is None


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("PREL", "subject", "External Political Relations"),
        ("PTER", "subject", "Terrorists and Terrorism"),
        ("PFOR", "subject", "Foreign Policy and Relations"),
        ("KNNP", "program", "Nuclear Non-Proliferation"),
        ("IZ", "geography", "Iraq"),
        ("CH", "geography", "China"),
        ("RS", "geography", "Russia"),
        ("UR", "geography", "Soviet Union"),
        ("XF", "geography", "Middle East"),
        ("NATO", "organization", "North Atlantic Treaty Organization"),
    ],
)
def test_tags_have_the_kind_and_name_of_the_published_lists(code: str, kind: TagKind, name: str | None) -> None:
    assert tables.tag_entry(code) == tables.TagEntry(code, kind, name)


def test_every_tag_is_well_formed() -> None:
    entries = [tables.tag_entry(code) for code in sorted(tables.tag_codes())]
    assert len(entries) > 800
    for entry in entries:
        assert entry is not None
        assert entry.kind in get_args(TagKind)
        form = {"subject": r"[A-Z]{4}", "program": r"K[A-Z]{3}", "geography": r"[A-Z]{2}"}.get(
            entry.kind, r"[A-Z][A-Z/0-9-]+"
        )
        assert re.fullmatch(form, entry.code)
        assert entry.name is None or entry.name == entry.name.strip()


def test_other_letters_in_use_lead_to_the_code() -> None:
    assert tables.tag_code("RU") == "RS"
    assert tables.tag_code("EU") == "EUN"
    assert tables.tag_code("RS") == "RS"
    assert tables.tag_code("ru") is None


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("NOFORN", "NOFORN"),
        ("NF", "NOFORN"),
        ("n/f", "NOFORN"),
        ("Sipdis", "SIPDIS"),
        ("For Official Use Only", "FOUO"),
        ("ROGER CHANNEL", "ROGER CHANNEL"),
        ("REL TO USA, GBR", "REL TO USA, GBR"),
        ("Rel UK", "REL TO UK"),
        ("REL USA KWT", "REL TO USA, KWT"),
        ("REL NATO, ISAF", "REL TO NATO, ISAF"),
        ("RELEASABLE TO UNITED KINGDOM", "REL TO UNITED KINGDOM"),
        ("TOSEC 140323", "TOSEC 140323"),
        ("NOT FOR INTERNET  DISTRIBUTION", "NOT FOR INTERNET DISTRIBUTION"),
    ],
)
def test_a_caption_has_one_canonical_form(written: str, canonical: str) -> None:
    assert tables.caption(written) == canonical


@pytest.mark.parametrize(
    "written", ["SBU", "PRIORITY", "SECRET", "REL", "RELATIONS", "", "FOR THE AMBASSADOR", "REL " * 100]
)
def test_other_words_are_no_captions(written: str) -> None:
    assert tables.caption(written) is None


@given(st.text())
def test_no_text_makes_a_table_raise(text: str) -> None:
    tables.post_code(text)
    tables.nearest_post_code(text)
    tables.caption(text)
    tables.tag_code(text)


def test_every_published_cable_number_of_the_samples_has_a_known_post(shared: Path) -> None:
    stems = [p.stem for folder in ("gold", "samples/cfpf") for p in (shared / folder).rglob("*.txt")]
    posts = {match[1] for stem in stems if (match := re.match(r"(?:\d\d){1,2}([A-Z]+)\d", stem))}
    assert [post for post in sorted(posts) if tables.post_code(post) is None] == []


@pytest.mark.parametrize("name", ["Uzbekistan", "TASHKENT", "U.S.", "Ivory Coast", "Sao Paulo"])
def test_a_country_and_the_city_of_a_post_are_places(name: str) -> None:
    assert tables.is_place(name)
    assert not tables.is_people(name)


@pytest.mark.parametrize("name", ["Uzbek", "DANES", "Sri Lankans"])
def test_the_peoples_of_countries_are_known(name: str) -> None:
    assert tables.is_people(name)
    assert not tables.is_place(name)


def test_another_word_is_neither_place_nor_people() -> None:
    assert not tables.is_place("Harbor")
    assert not tables.is_people("Harbor")
