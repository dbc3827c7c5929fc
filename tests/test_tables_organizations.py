"""Organizations and posts as text names them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel import tables


def _key(written: str, country: str | None = None) -> str | None:
    found = tables.organization(written, country=country)
    return found.key if found else None


@pytest.mark.parametrize("code", ["IZ", "IN", "ID", "IS", "IT", "IR", "EI"])
def test_an_acronym_of_governments_is_that_of_the_country_given(code: str) -> None:
    assert _key("GOI", code) == _key("GoI", code) == f"government:{code}"


def test_an_acronym_that_several_governments_use_is_none_without_a_country() -> None:
    assert _key("GOI") is None
    assert _key("GOC", "RS") is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("USG", "US"),
        ("HMG", "UK"),
        ("ROYG", "YM"),
        ("SARG", "SY"),
        ("GIRoA", "AF"),
        ("RTG", "TH"),
        ("GBRV", "VE"),
        ("ROKG", "KS"),
    ],
)
def test_an_acronym_of_one_government_needs_no_country(written: str, code: str) -> None:
    assert _key(written) == _key(written, "FR") == f"government:{code}"


@pytest.mark.parametrize(
    "written",
    [
        "Government of Iraq",
        "Iraqi Government",
        "IRAQI GOVERNMENT",
        "the Iraqi government",
        "government of Iraq",
        "Iraq's Government",
    ],
)
def test_a_government_written_out_is_known_everywhere(written: str) -> None:
    found = tables.organization(written, country="FR")
    assert found is not None
    assert (found.key, found.name, found.kind, found.country) == (
        "government:IZ",
        "Government of Iraq",
        "government",
        "IZ",
    )


def test_governments_of_countries_with_longer_names_are_known() -> None:
    assert _key("South African Government", "US") == "government:SF"
    assert _key("Government of the Republic of Korea") == "government:KS"
    assert _key("U.S. Government", "IZ") == "government:US"
    found = tables.organization("Dutch Government")
    assert found is not None
    assert found.name == "Government of the Netherlands"


@pytest.mark.parametrize(
    "written", ["MFA", "MOFA", "Ministry of Foreign Affairs", "Foreign Ministry", "the Foreign Ministry"]
)
def test_a_foreign_ministry_is_that_of_the_country_given(written: str) -> None:
    assert _key(written, "TI") == "ministry:foreign:TI"
    assert _key(written) is None


@pytest.mark.parametrize(
    ("written", "country", "key"),
    [
        ("MOD", "TU", "ministry:defense:TU"),
        ("Ministry of National Defense", "PL", "ministry:defense:PL"),
        ("Interior Ministry", "SA", "ministry:interior:SA"),
        ("Ministry of Finance", "EG", "ministry:finance:EG"),
        ("Iraqi Ministry of Oil", "US", "ministry:oil:IZ"),
        ("Iraq's Ministry of Oil", None, "ministry:oil:IZ"),
        ("Ministry of Trade of Kazakhstan", None, "ministry:trade:KZ"),
        ("FCO", "FR", "ministry:foreign:UK"),
        ("Foreign Office", "UK", "ministry:foreign:UK"),
        ("Quai d'Orsay", "UK", "ministry:foreign:FR"),
        ("Itamaraty", None, "ministry:foreign:BR"),
        ("Ministry of Hats and Ribbons", "UP", "ministry:hats-and-ribbons:UP"),
        ("PMO", "IZ", "prime-ministry:IZ"),
        ("Parliament", "TU", "parliament:TU"),
        ("Turkish Grand National Assembly", None, "parliament:TU"),
        ("Majlis", "IR", "parliament:IR"),
        ("Central Bank of Kenya", "UG", "central-bank:KE"),
    ],
)
def test_ministries_and_national_bodies_have_a_key_by_country(written: str, country: str | None, key: str) -> None:
    assert _key(written, country) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("NEA/I", "us:NEA/I"),
        ("EUR/RPM", "us:EUR/RPM"),
        ("PM/WRA", "us:PM/WRA"),
        ("L/LEI", "us:L/LEI"),
        ("S/CT", "us:S/CT"),
        ("INL", "us:INL"),
        ("DRL", "us:DRL"),
        ("USAID", "us:USAID"),
        ("Department of Defense", "us:DOD"),
        ("the State Department", "us:STATE"),
        ("USCENTCOM", "us:CENTCOM"),
        ("U.S. Army", "us:USA"),
        ("U.S. Congress", "us:CONGRESS"),
    ],
)
def test_offices_of_the_united_states_are_known_in_every_country(written: str, key: str) -> None:
    assert _key(written, "IZ") == _key(written) == key


def test_letters_with_a_slash_are_no_office_without_a_bureau() -> None:
    assert _key("AC/DC") == "us:AC/DC"
    assert _key("ZZ/TOP") is None
    assert _key("and/or") is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("NATO", "org:NATO"),
        ("North Atlantic Treaty Organization", "org:NATO"),
        ("UN", "org:UN"),
        ("U.N.", "org:UN"),
        ("UNSC", "org:UNSC"),
        ("EU", "org:EU"),
        ("Hizbullah", "org:HIZBALLAH"),
        ("HEZBOLLAH", "org:HIZBALLAH"),
        ("al-Qa’ida", "org:AQ"),
        ("FARC", "org:FARC"),
        ("LTTE", "org:LTTE"),
        ("PLO", "org:PLO"),
        ("KRG", "org:KRG"),
    ],
)
def test_organizations_known_worldwide_have_one_key_in_each_spelling(written: str, key: str) -> None:
    assert _key(written) == _key(written, "FR") == key


def test_a_party_is_read_at_home_where_others_abroad_are_called_so() -> None:
    assert _key("PS", "PO") != _key("PS", "FR")
    assert _key("PS", "UK") is None
    assert _key("PSOE", "FR") == _key("PSOE")


def test_congress_is_the_country_s_own_where_it_has_one() -> None:
    assert _key("Congress", "BR") == "congress:BR"
    assert _key("Congress", "UK") == "us:CONGRESS"


def test_an_embassy_of_another_country_is_that_in_the_country_given() -> None:
    assert _key("Iranian Embassy", "IZ") == _key("Embassy of Iran", "IZ") == "embassy:IR/IZ"
    assert _key("Iranian Embassy") is None
    assert _key("U.S. Embassy", "FR") == "post:PARIS"


def test_organizations_have_one_row_a_key_and_every_country_is_known() -> None:
    keys = [row["key"] for row in tables.rows("organizations.csv")]
    assert len(keys) == len(set(keys)) > 1500
    for row in tables.rows("organizations.csv"):
        assert re.fullmatch(r"(us|org|government|[a-z-]+(:[a-z-]+)?):\S.*", row["key"])
        assert not row["country"] or tables.country_of_code(row["country"]) is not None, row
    for row in tables.rows("governments.csv"):
        assert tables.country_of_code(row["country"]) is not None, row


def test_no_alias_leads_to_two_organizations_of_a_country_or_of_the_world() -> None:
    everywhere: dict[str, str] = {}
    at_home: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in tables.rows("organizations.csv"):
        for name in {tables.folded(n) for n in (row["name"], *tables.cells(row["aliases"]))}:
            assert everywhere.setdefault(name, row["key"]) == row["key"], name
        for name in {tables.folded(n) for n in (row["name"], *tables.cells(row["aliases"] + ";" + row["at_home"]))}:
            at_home[row["country"], name].add(row["key"])
    assert {key: found for key, found in at_home.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("table", "columns"),
    [("ministries.csv", ("subjects",)), ("ministries.csv", ("acronyms",)), ("bodies.csv", ("name", "aliases"))],
)
def test_no_word_leads_to_two_ministries_or_bodies(table: str, columns: tuple[str, ...]) -> None:
    seen: dict[str, str] = {}
    for row in tables.rows(table):
        for word in {tables.folded(w) for column in columns for w in tables.cells(row[column])}:
            assert seen.setdefault(word, row["key"]) == row["key"], word


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Embassy Baghdad", "BAGHDAD"),
        ("U.S. Embassy Paris", "PARIS"),
        ("American Embassy in Kabul", "KABUL"),
        ("AmEmbassy Rome", "ROME"),
        ("ConGen Jeddah", "JEDDAH"),
        ("Consulate General Istanbul", "ISTANBUL"),
        ("U.S. Consulate in Peshawar", "PESHAWAR"),
        ("US Mission Geneva", "GENEVA"),
        ("USUN", "USUNNEWYORK"),
        ("USNATO", "USNATO"),
        ("REO Basrah", "BASRAH"),
        ("AIT", "AITTAIPEI"),
        ("EMBASSY TOKYO", "TOKYO"),
    ],
)
def test_a_post_is_known_as_text_names_it(written: str, code: str) -> None:
    found = tables.post_named(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "written", ["Iranian Embassy", "Embassy Row", "NATO", "Embassy officials", "Embassy", "Post", "", "x" * 500]
)
def test_other_words_name_no_post(written: str) -> None:
    assert tables.post_named(written) is None


def test_the_embassy_of_a_consulate_s_cable_is_that_in_the_capital() -> None:
    found = [
        tables.post_named(w, post="LAHORE") for w in ("the Embassy", "the Consulate", "U.S. Consulate General", "Post")
    ]
    assert [p.code for p in found if p] == ["ISLAMABAD", "LAHORE", "LAHORE", "LAHORE"]
    assert tables.post_named("Embassy", country="IN") == tables.post("NEWDELHI")
    assert tables.post_named("U.S. Embassy", post="BONN") == tables.post("BONN")


def test_a_city_leads_to_its_post() -> None:
    assert tables.post_of("Baghdad") == tables.post("BAGHDAD")
    assert tables.post_of("HCMC") == tables.post("HOCHIMINHCITY")
    assert tables.post_of("Springfield") is None


@given(st.text())
def test_no_text_makes_an_organization_raise(text: str) -> None:
    tables.organization(text, country="IZ")
    tables.post_named(text, country="IZ", post="BAGHDAD")


def test_nothing_is_read_before_it_is_asked_for() -> None:
    code = "import reftel.tables.reading as r; r.rows = None; import reftel.tables"
    subprocess.run([sys.executable, "-c", code], check=True)
