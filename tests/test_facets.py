"""Facets: the hits divided by post, year, classification, TAGS and entity."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from reftel.archive import Clearance, open_archive
from reftel.archive.search import Filters, search, years_around
from reftel.archive.word_counts import count_words
from reftel.model import Cable, RawCable, Tag, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive import Archive
    from reftel.archive.facets import Facets, Share

PREL, PGOV = Tag("PREL", "subject"), Tag("PGOV", "subject")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    cables = (
        ("Embassy Lusaka", 2009, "SECRET", (PREL, PGOV), "tea"),
        ("Embassy Lusaka", 2009, "CONFIDENTIAL", (PREL,), "tea and coffee"),
        ("Consulate Jeddah", 2010, "CONFIDENTIAL", (PREL, PREL), "coffee"),
        (None, None, None, (), "tea"),
    )
    with open_archive(tmp_path / "a.db", create=True) as opened, opened.transaction():
        for number, (post, year, classification, tags, text) in enumerate(cables):
            cable = Cable(
                post=post, sent=datetime(year, 3, 1, tzinfo=UTC) if year else None, tags=tags,
                classification=classification,  # type: ignore[arg-type]  # one of them
                units=(Unit("body", text),), raw=RawCable("a", "text", str(number)),
            )  # fmt: skip
            opened.add(cable, parsed_by="p")
        opened.connection.execute("COMMIT")
        yield opened
        opened.connection.execute("BEGIN")


def facets(archive: Archive, query: str, filters: Filters | None = None) -> Facets:
    found = search(archive.connection, query, filters=filters, with_facets=True).facets
    assert found is not None
    return found


def values(shares: tuple[Share, ...]) -> dict[str, int]:
    return {share.value: share.cables for share in shares}


def test_every_facet_counts_the_cables_that_match(archive: Archive) -> None:
    for _ in range(2):
        found = facets(archive, "")
        assert values(found.posts) == {"LUSAKA": 2, "JEDDAH": 1, "none": 1}
        assert values(found.years) == {"none": 1, "2009": 2, "2010": 1}
        assert values(found.classifications) == {"CONFIDENTIAL": 2, "SECRET": 1, "none": 1}
        assert values(found.tags) == {"PREL": 3, "PGOV": 1}
        count_words(archive.connection)


def test_a_facet_is_of_the_hits_alone(archive: Archive) -> None:
    assert values(facets(archive, "tea").posts) == {"LUSAKA": 2, "none": 1}
    assert values(facets(archive, "coffee", Filters(tag=("PREL",))).years) == {"2009": 1, "2010": 1}
    assert values(facets(archive, "cocoa").tags) == {}


def test_the_years_around_are_those_that_match_without_the_dates(archive: Archive) -> None:
    asked = Filters(since="2010", until="2010", tag=("PREL",))
    assert values(years_around(archive.connection, "coffee", filters=asked)) == {"2009": 1, "2010": 1}
    assert values(years_around(archive.connection, "cocoa", filters=asked)) == {}


def test_the_years_around_are_of_cables_that_the_reader_may_see(archive: Archive) -> None:
    asked = Filters(since="1900", until="1900")
    assert values(years_around(archive.connection, "tea", filters=asked))["2009"] == 2
    low = Clearance("CONFIDENTIAL", frozenset())
    assert values(years_around(archive.connection, "tea", filters=asked, clearance=low))["2009"] == 1


def test_the_most_frequent_value_comes_first_and_years_come_in_order(archive: Archive) -> None:
    found = facets(archive, "")
    assert [share.value for share in found.posts] == ["LUSAKA", "none", "JEDDAH"]
    assert [share.value for share in found.years] == ["none", "2009", "2010"]


def test_a_value_has_the_name_that_is_shown_and_the_value_that_a_filter_takes(archive: Archive) -> None:
    found = facets(archive, "")
    assert found.posts[0].name == "Embassy Lusaka"
    assert found.tags[0].name == "PREL (External Political Relations)"
    taken = [
        *((share, Filters(post=(share.value,))) for share in found.posts),
        *((share, Filters(tag=(share.value,))) for share in found.tags),
        *((share, Filters(classification=(share.value,))) for share in found.classifications),
    ]
    for share, filters in taken:
        assert search(archive.connection, "", filters=filters).total == share.cables
    for share in found.years[1:]:
        assert search(archive.connection, f"from:{share.value} to:{share.value}").total == share.cables


def test_entities_are_those_of_the_best_hits_and_it_is_said_of_how_many(archive: Archive) -> None:
    sql = archive.connection.execute
    sql(
        "INSERT INTO entities (id, key, type, name, cables, mentions) VALUES (1, 'place:lusaka', 'LOC', 'Lusaka', 2, 2)"
    )
    for cable, label in ((1, "e1"), (1, "e2"), (2, "e1")):
        sql(
            "INSERT INTO cable_entities (cable_id, label, type, name, aliases, entity_id)"
            " VALUES (?, ?, 'LOC', 'Lusaka', '[]', 1)",
            (cable, label),
        )
    found = facets(archive, "tea")
    assert [(share.value, share.name, share.cables) for share in found.entities] == [("place:lusaka", "Lusaka", 2)]
    assert found.entities_of == 3
