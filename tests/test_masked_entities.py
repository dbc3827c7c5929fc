"""An entity that one cable protects and others name: who may not see protected names is told of it from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guarded_archives import put, settle
from reftel.archive import Clearance, open_archive
from reftel.archive.search import Filters, search
from reftel.archive.sight import sight_of
from reftel.archive.told import called, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.archive import Archive
    from reftel.archive.told import Told

HEAD = (
    "R 201430Z {} 09\nFM AMEMBASSY LIMA\nTO SECSTATE WASHDC\n\nUNCLAS LIMA 0000{}\n\nTAGS: PREL, PE\nSUBJECT: PERCH\n\n"
)
PROTECTING = (
    "1. (U) Fisherman [PER Anselm Brook] (strictly protect) said the perch are gone.\n\n2. (U) [PER Brook] rowed.\nHALE"
)
OPEN = "1. (U) [PER Anselm Brook] met poloff.\n\n2. (U) [PER Anselm Brook] said that the lake is calm.\nHALE"


@pytest.fixture
def archive(tmp_path: object) -> Iterator[Archive]:
    """Three cables of January, March and May; the first and the last protect what the second names."""
    with open_archive(f"{tmp_path}/a.db", create=True) as opened:
        for number, (month, text) in enumerate((("JAN", PROTECTING), ("MAR", OPEN), ("MAY", PROTECTING))):
            put(opened, f"09LIMA{number + 41}", HEAD.format(month, number + 41) + text)
        settle(opened)
        yield opened


def brook(archive: Archive, clearance: Clearance) -> Told | None:
    sight = sight_of(archive.connection, clearance)
    (found,) = called(archive.connection, sight, "Anselm Brook")
    return told(archive.connection, sight, found.id)


def test_counts_names_and_days_are_those_of_the_cables_that_do_not_protect_it(archive: Archive) -> None:
    seen = brook(archive, Clearance())
    assert seen is not None
    assert (seen.cables, seen.mentions, seen.names) == (1, 2, (("Anselm Brook", 2),))
    assert [str(day)[:7] for day in (seen.first_sent, seen.last_sent)] == ["2009-03", "2009-03"]


def test_who_has_the_right_is_told_of_all(archive: Archive) -> None:
    seen = brook(archive, Clearance(protected=True))
    assert seen is not None
    assert (seen.cables, seen.mentions) == (3, 6)
    assert [str(day)[:7] for day in (seen.first_sent, seen.last_sent)] == ["2009-01", "2009-05"]


def test_a_search_for_it_finds_the_cables_that_do_not_protect_it(archive: Archive) -> None:
    filters = Filters(entity=("anselm-brook",))
    found = [
        {hit.mrn for hit in search(archive.connection, filters=filters, clearance=clearance).hits}
        for clearance in (Clearance(), Clearance(protected=True))
    ]
    assert found == [{"09LIMA42"}, {"09LIMA41", "09LIMA42", "09LIMA43"}]
