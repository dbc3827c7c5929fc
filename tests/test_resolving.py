"""Who is who in an archive: `reftel.pipeline.resolving`, step by step and all at once, on invented cables."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_archives import Made, add, archive_of, entities
from reftel.archive.store import transaction
from reftel.pipeline import resolving
from reftel.pipeline.resolving import find_entities, resolve

if TYPE_CHECKING:
    import sqlite3
    from random import Random

PEOPLE = (
    "Foreign Minister [PER Karim Danesh]", "[PER Danesh]", "[PER Kareem Danesh]", "FM [PER Danesh]",
    "[PER Petra Quill]", "[PER Quill]", "General [PER Mohammed Khan]", "[PER Khan]", "[PER Imran Khan]",
    "President [PER Luzio da Mirandel]", "[PER Mirandel]", "[ORG NATO]", "[ORG Supreme Court]",
    "[ORG Northern Herders League] ([ORG NHL])", "[ORG NHL]", "[LOC Iraq]", "[LOC Santa Vela]",
)  # fmt: skip
POSTS = ("Embassy Oslo", "Embassy Paris", "Embassy Islamabad")


def partition(connection: sqlite3.Connection) -> set[frozenset[tuple[str, str]]]:
    """Which entities of cables are one, each told by its cable's number and label."""
    found: dict[int, set[tuple[str, str]]] = {}
    query = (
        "SELECT ce.entity_id, c.mrn, ce.label FROM cable_entities ce JOIN cables c ON c.id = ce.cable_id"
        " WHERE ce.entity_id IS NOT NULL"
    )
    for entity, mrn, label in connection.execute(query):
        found.setdefault(entity, set()).add((mrn, label))
    return {frozenset(members) for members in found.values()}


def rows_of(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """What the archive says of its entities, whatever their ids and keys."""
    columns = "type, name, role, country, cables, mentions, first_sent, last_sent"
    query = f"SELECT {columns} FROM entities ORDER BY {columns}"
    return [tuple(row) for row in connection.execute(query)]


@st.composite
def collections(draw: st.DrawFn) -> list[Made]:
    made = []
    for number in range(draw(st.integers(2, 9))):
        names = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4))
        text = f"{' and '.join(names)} met there, cable {number}."
        made.append(Made(f"08X{number}", text, sent=draw(st.sampled_from(("2008-05-01", "2009-05-01", "1976-01-01"))),
                         post=draw(st.sampled_from(POSTS)),
                         signature=draw(st.sampled_from((None, "HALVERS", "QUILL")))))  # fmt: skip
    return made


@given(collections(), st.data())
@settings(max_examples=40, deadline=None)
def test_cables_that_come_in_steps_give_what_all_at_once_give(cables: list[Made], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(cables)), max_size=3)))
    stepwise, at = archive_of([]), 0
    for cut in (*cuts, len(cables)):
        add(stepwise, cables[at:cut])
        resolve(stepwise)
        at = cut
    at_once = archive_of(cables)
    resolve(at_once)
    assert partition(stepwise) == partition(at_once)
    assert rows_of(stepwise) == rows_of(at_once)
    before = partition(at_once), [tuple(row) for row in at_once.execute("SELECT * FROM entities ORDER BY id")]
    resolve(at_once, everything=True)
    assert (partition(at_once), [tuple(row) for row in at_once.execute("SELECT * FROM entities ORDER BY id")]) == before


@given(collections(), st.data())
@settings(max_examples=20, deadline=None)
def test_clusters_held_for_many_cables_are_those_held_for_few(cables: list[Made], data: st.DataObject) -> None:
    few, many = archive_of([]), archive_of([])
    cut = data.draw(st.integers(0, len(cables)))
    for part in (cables[:cut], cables[cut:]):
        for archive, most in ((few, 100), (many, 0)):
            add(archive, part)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(resolving, "_MANY", most)
                resolve(archive)
    assert partition(few) == partition(many)
    assert rows_of(few) == rows_of(many)


@given(collections(), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_cables_does_not_change_who_is_who(cables: list[Made], shuffled: Random) -> None:
    one, other = archive_of(cables), archive_of(shuffled.sample(cables, len(cables)))
    resolve(one)
    resolve(other)
    assert partition(one) == partition(other)


def some_cables(n: int = 12) -> list[Made]:
    chosen = random.Random(5)
    return [
        Made(f"08OSLO{k}", " and ".join(chosen.sample(PEOPLE, 3)) + ".", post=chosen.choice(POSTS)) for k in range(n)
    ]


def test_keys_stay_when_cables_are_added() -> None:
    cables = some_cables(16)
    connection = archive_of(cables[:6])
    resolve(connection)
    before = {tuple(row) for row in connection.execute("SELECT key, id FROM entities")}
    add(connection, cables[6:])
    resolve(connection)
    after = {tuple(row) for row in connection.execute("SELECT key, id FROM entities")}
    former = {key for (key,) in connection.execute("SELECT key FROM former_keys")}
    assert {key for key, _ in before} <= {key for key, _ in after} | former
    assert all(pair in after or pair[0] in former for pair in before)


def test_the_key_of_an_entity_that_became_part_of_another_leads_to_it() -> None:
    connection = archive_of(
        [Made("08OSLO1", "FM [PER Danesh] spoke."), Made("08OSLO2", "[PER Karim Danesh] and [PER Petra Quill] met.")]
    )
    resolve(connection)
    keys = {each.key for each in find_entities(connection, "Danesh")}
    add(connection, [Made(f"08OSLO{k}", "FM [PER Karim Danesh] met. [PER Danesh] left.") for k in range(3, 7)])
    resolve(connection)
    assert {found.key for key in keys for found in find_entities(connection, key)} == {"karim-danesh"}


def test_nothing_to_do_changes_nothing() -> None:
    connection = archive_of(some_cables())
    resolve(connection)
    assert resolve(connection) == (0, 0)


def test_a_cable_that_goes_takes_its_counts_with_it() -> None:
    connection = archive_of(
        [Made("08OSLO1", "[PER Karim Danesh] met [PER Petra Quill]."), Made("08OSLO2", "[PER Karim Danesh] left.")]
    )
    resolve(connection)
    with transaction(connection):
        connection.execute("DELETE FROM cables WHERE mrn = '08OSLO1'")
    resolve(connection)
    assert entities(connection) == {"karim-danesh": {"08OSLO2"}}
    assert connection.execute("SELECT cables, mentions FROM entities").fetchone()[:] == (1, 1)


def test_an_archive_of_no_cables_resolves() -> None:
    assert resolve(archive_of([]), everything=True) == (0, 0)


def test_a_failure_leaves_the_archive_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = archive_of(some_cables())
    monkeypatch.setattr("reftel.archive.describing.describe", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        resolve(connection)
    assert connection.execute("SELECT count(*) FROM entities").fetchone()[0] == 0
    assert not connection.in_transaction


def test_another_spelling_finds_the_entity() -> None:
    connection = archive_of([Made("08OSLO1", "[PER Qassem Zulemani] met [PER Petra Quill].")])
    resolve(connection)
    assert [each.key for each in find_entities(connection, "Kasim Zuleymani")] == ["qassem-zulemani"]
    assert find_entities(connection, "Kasim Zuleymani", spellings=False) == []
