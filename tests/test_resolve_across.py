"""Who is who over all cables: `reftel.resolve.across`, on invented persons and things."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.resolve.across import resolve_across
from reftel.resolve.constraints import Constraints
from reftel.resolve.records import Record, blocks

if TYPE_CHECKING:
    from random import Random

NAMES = (
    "Karim Danesh", "Danesh", "Kareem Danesh", "Karim Daneshi", "Petra Quill", "Quill", "P. Quill",
    "Mohammed Khan", "Khan", "Imran Khan", "General Khan", "Luzio da Mirandel", "Luzio Mirandel",
    "Mirandel", "Anwar Zuhairi", "Anouar Zouhairi",
)  # fmt: skip
ROLES = (None, "Foreign Minister", "FM", "President", "journalist")


def person(id_: int, name: str, **known: Any) -> Record:
    return Record(**{"id": id_, "cable": id_, "type": "PER", "name": name, "year": 2008, **known})


def together(records: list[Record], constraints: Constraints | None = None) -> list[set[int]]:
    return [set(cluster) for cluster in resolve_across(records, constraints)[0]]


def test_a_rare_full_name_is_one_person_in_every_cable() -> None:
    assert together([person(1, "Karim Danesh", home="NO"), person(2, "Karim Danesh", home="FR")]) == [{1, 2}]


def test_romanisations_of_one_name_are_one_person() -> None:
    records = [
        person(1, "Qassem Zulemani"),
        person(2, "Qasem Suleimani"),
        person(3, "Kasim Soleimani"),
        person(4, "Qassem Soleimani"),
    ]
    assert {2, 3, 4} in together(records)


def test_a_bare_common_surname_alone_merges_nothing() -> None:
    assert together([person(1, "Khan"), person(2, "Imran Khan"), person(3, "Khan")]) == [{1}, {2}, {3}]


def test_a_bare_common_surname_goes_to_who_has_its_role_and_country() -> None:
    records = [
        person(1, "Imran Khan", role="Foreign Minister", country="PK"),
        person(2, "Yusuf Khan", role="journalist", country="IN"),
        person(3, "Khan", role="Foreign Minister", country="PK"),
    ]
    assert {1, 3} in together(records)


def test_a_bare_name_without_a_role_means_whom_the_cables_know_well() -> None:
    known = [person(n, "Karim Danesh", role="President", home="NO") for n in range(1, 41)]
    kin = [person(n, "Petra Danesh" if n % 2 else "Luzio Danesh", home="NO") for n in range(51, 57)]
    (found,) = [each for each in together([*known, *kin, person(60, "Danesh", home="NO")]) if 60 in each]
    assert 1 in found


def test_a_short_form_of_a_given_name_is_the_same_person() -> None:
    records = [
        person(1, "Bob Hallvers", role="DCM", home="NO"),
        person(2, "Robert K. Hallvers", role="Deputy Chief of Mission", home="NO"),
        person(3, "Rupert Hallvers", home="NO"),
    ]
    assert together(records) == [{1, 2}, {3}]


def test_two_full_names_with_other_given_names_are_two_persons() -> None:
    assert together([person(1, "Karim Danesh", home="NO"), person(2, "Petra Danesh", home="NO")]) == [{1}, {2}]


def test_a_common_full_name_of_two_countries_is_two_persons() -> None:
    records = [
        person(1, "Mohammed Khan", country="PK", role="General"),
        person(2, "Mohammed Khan", country="IN", role="student"),
    ]
    assert together(records) == [{1}, {2}]


def test_what_one_part_a_cable_calls_someone_by_leads_to_the_full_name() -> None:
    records = [person(n, "Luzio Inacio da Mirandel", aliases=("Luzio",), home="BR") for n in (1, 2, 3)]
    assert together([*records, person(4, "Luzio", role="President", home="BR")]) == [{1, 2, 3, 4}]


def test_a_hyphened_pair_of_surnames_is_no_bridge_between_two_persons() -> None:
    records = [
        person(1, "Karim Danesh"),
        person(2, "Danesh-Quill", aliases=("Danesh", "Quill")),
        person(3, "Petra Quill"),
    ]
    assert together(records) == [{1}, {2}, {3}]


def test_a_redaction_is_in_no_entity() -> None:
    records = [person(1, "XXXXXXXXXXXX"), person(2, "XXXXXXXXXXXX"), person(3, "Karim XXXXXXXXXXXX")]
    assert resolve_across(records)[0] == []
    assert all(blocks(record) == () for record in records)


def test_the_same_key_of_the_tables_is_one_thing_under_any_name() -> None:
    records = [
        Record(1, 1, "ORG", "GOI", country="IZ", key="government:IZ"),
        Record(2, 2, "ORG", "Government of Iraq", country="IZ", key="government:IZ"),
        Record(3, 3, "ORG", "GOI", country="IN", key="government:IN"),
    ]
    assert together(records) == [{1, 2}, {3}]


def test_an_institution_that_any_country_has_is_told_apart_by_the_post() -> None:
    records = [Record(n, n, "ORG", "Supreme Council", home=home) for n, home in ((1, "NO"), (2, "FR"), (3, "NO"))]
    assert together(records) == [{1, 3}, {2}]


def test_an_organisation_with_a_name_of_its_own_is_one_at_all_posts() -> None:
    records = [Record(1, 1, "ORG", "Zuhair Brigades", home="NO"), Record(2, 2, "ORG", "Zouhair Brigades", home="FR")]
    assert together(records) == [{1, 2}]


def test_an_acronym_goes_to_what_is_written_out_in_its_country() -> None:
    records = [
        Record(1, 1, "ORG", "Northern Herders League", ("NHL",), home="NO", country="NO"),
        Record(2, 2, "ORG", "NHL", home="NO"),
        Record(3, 3, "ORG", "NHL", home="CA"),
    ]
    assert together(records) == [{1, 2}, {3}]


def test_places_of_one_name_in_two_countries_are_two() -> None:
    records = [Record(1, 1, "LOC", "Santa Vela", country="CS"), Record(2, 2, "LOC", "Santa Vela", country="BR")]
    assert together(records) == [{1}, {2}]


def test_a_link_tells_how_likely_it_is_and_why() -> None:
    records = [person(1, "Karim Danesh", role="FM", home="NO"), person(2, "Danesh", role="Foreign Minister", home="NO")]
    (link,) = resolve_across(records)[1]
    assert {link.one, link.other} == {1, 2}
    assert 0.88 < link.score <= 1
    assert "“Danesh” for “Karim Danesh”" in link.reason
    assert "in cables from Norway" in link.reason


def test_a_human_no_keeps_apart_what_is_alike() -> None:
    records = [person(n, "Karim Danesh", role="FM", home="NO") for n in (1, 2, 3)]
    assert sorted(map(sorted, together(records, Constraints(apart=((2, 1),))))) == [[1, 3], [2]]


def test_a_human_no_holds_for_what_the_tables_know_too() -> None:
    records = [Record(n, n, "LOC", "Georgia", key="country:GG") for n in (1, 2, 3, 4)]
    assert together(records, Constraints(apart=((1, 2),))) == [{1}, {2, 3, 4}]


def test_a_human_yes_puts_together_what_has_nothing_in_common() -> None:
    records = [person(1, "Karim Danesh"), person(2, "Petra Quill"), person(3, "Petra Quill")]
    assert together(records, Constraints(same=((1, 2),))) == [{1, 2, 3}]


persons = st.builds(
    person,
    st.just(0),
    st.sampled_from(NAMES),
    role=st.sampled_from(ROLES),
    country=st.sampled_from((None, "NO", "FR")),
    home=st.sampled_from((None, "NO", "FR")),
    year=st.sampled_from((1975, 2005, 2008)),
    company=st.frozensets(st.sampled_from(("olsen", "berger", "quist")), max_size=3),
)
many = st.lists(persons, min_size=1, max_size=14).map(
    lambda found: [replace(each, id=n, cable=1 + n // 2) for n, each in enumerate(found, 1)]
)


@given(many, st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_records_makes_no_difference(records: list[Record], random: Random) -> None:
    mixed = random.sample(records, len(records))
    assert together(mixed) == together(records)


@given(many, st.permutations(range(1, 15)))
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_cables_came_makes_no_difference(records: list[Record], numbers: list[int]) -> None:
    renumbered = [replace(each, id=numbers[each.id - 1], cable=100 - each.cable) for each in records]
    back = {new: old for old, new in enumerate(numbers, 1)}
    found = {frozenset(back[id_] for id_ in cluster) for cluster in together(renumbered)}
    assert found == set(map(frozenset, together(records)))


@given(many, st.data())
@settings(max_examples=150, deadline=None)
def test_decisions_always_hold(records: list[Record], data: st.DataObject) -> None:
    ids = [record.id for record in records]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda pair: pair[0] != pair[1])
    apart = data.draw(st.lists(pairs, max_size=4)) if len(ids) > 1 else []
    clusters = together(records, Constraints(apart=tuple(apart)))
    assert all(not {one, other} <= cluster for cluster in clusters for one, other in apart)
    same = data.draw(st.lists(pairs, max_size=4)) if len(ids) > 1 else []
    clusters = together(records, Constraints(same=tuple(same)))
    assert all(any({one, other} <= cluster for cluster in clusters) for one, other in same)


@given(many)
@settings(max_examples=100, deadline=None)
def test_every_record_with_a_name_is_in_just_one_entity(records: list[Record]) -> None:
    ids = [id_ for cluster in together(records) for id_ in cluster]
    assert sorted(ids) == [record.id for record in records]
